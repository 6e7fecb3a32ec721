//! Moving VMs to another node (guide: Migration Wizard). Both contracts are reconciled here:
//! divergence 31 (the check), 32 (the request), 33 (answer, status, history) and 46 (a check that
//! answers only nulls).

mod check;
mod look;
mod past;

pub use check::{Check, LocalDisk, TargetStorage};
pub use look::{Found, begun_since, cause, whereabouts};
pub use past::Past;

use super::client::{Call, Client, Contract};
use super::decode;
use super::error::ApiError;
use super::shown::ShownRequest;
use super::started::Started;
use super::tasks;
use super::url::{Query, path};
use crate::domain::ids::{Upid, VmId};
use crate::domain::lenient::{self, Rows};
use crate::domain::migrate::Order;
use crate::domain::units::{Fraction, Instant};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// How a migration stands (guide: Migration Wizard, "Monitor Migration Progress").
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
#[serde(rename_all = "camelCase")]
pub struct MigrationStatus {
    /// Whether it runs.
    #[serde(default, deserialize_with = "lenient::flag_or_false")]
    pub running: bool,
    /// Share that is done, 0 to 1.
    #[serde(
        default,
        deserialize_with = "decode::fraction",
        skip_serializing_if = "Option::is_none"
    )]
    pub progress: Option<Fraction>,
    /// The newest line of the hypervisor's log.
    #[serde(default, deserialize_with = "lenient::text_or_empty")]
    pub status: String,
    /// When it began; ISO 8601.
    #[serde(default, with = "decode::iso", skip_serializing_if = "Option::is_none")]
    pub start_time: Option<Instant>,
    /// When the server expects it to end; ISO 8601.
    #[serde(default, with = "decode::iso", skip_serializing_if = "Option::is_none")]
    pub estimated_completion: Option<Instant>,
    /// Text with its unit: `125 MiB/s`.
    #[serde(
        default,
        deserialize_with = "decode::word",
        skip_serializing_if = "Option::is_none"
    )]
    pub speed: Option<String>,
    /// How long the guest stood still, in milliseconds; 0 before that.
    #[serde(
        default,
        deserialize_with = "lenient::float",
        skip_serializing_if = "Option::is_none"
    )]
    pub downtime: Option<f64>,
}

/// A migration has begun.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Begun {
    /// Its task and the server's words.
    pub started: Started,
    /// The shipped server's number of it, which its status is asked by.
    pub number: Option<u64>,
}

/// Whether and how a VM can move to a node. The shipped server's shape becomes the guide's.
///
/// # Errors
/// As every call; [`super::ErrorKind::NotFound`] for an unknown VM or node.
pub async fn check(client: &Client, vm: VmId, target: &str) -> Result<Check, ApiError> {
    let call = Call::get(path(&[&"vms", &vm, &"migrate", &"check"]))
        .query(Query::default().add("target", Some(target)));
    let answer: Value = client.send(call).await?.object()?;
    Ok(Check::read(answer, target))
}

fn start_call(client: &Client, vm: VmId, order: &Order) -> Call {
    let mut body = json!({ "targetNode": order.target });
    match client.contract() {
        Contract::Guide => {
            body["online"] = order.online.into();
            body["targetStorage"] = json!(order.storage);
        }
        // Divergence 32: one storage for all, and the contrary of `online`.
        Contract::Server => {
            body["allowOfflineMigration"] = (!order.online).into();
            if let Some(storage) = order.one_storage() {
                body["targetStorage"] = storage.into();
            }
        }
    }
    body["withLocalDisks"] = order.with_local_disks.into();
    body["force"] = order.force.into();
    if let Some(network) = &order.network {
        body["migrationNetwork"] = network.as_str().into();
    }
    if let Some(kind) = &order.kind {
        body["migrationType"] = kind.as_str().into();
    }
    if let Some(limit) = order.bwlimit {
        body["bwlimit"] = limit.into();
    }
    Call::post(path(&[&"vms", &vm, &"migrate"])).json(&body)
}

/// What [`start`] sends.
#[must_use]
pub fn start_shown(client: &Client, vm: VmId, order: &Order) -> ShownRequest {
    start_call(client, vm, order).shown()
}

/// Starts a migration. Sent once: it is no call to be repeated on its own.
///
/// # Errors
/// As every call; [`super::ErrorKind::Locked`] and [`super::ErrorKind::Conflict`] as the server
/// refuses, [`super::ErrorKind::Validation`] with the fields at fault.
pub async fn start(client: &Client, vm: VmId, order: &Order) -> Result<Begun, ApiError> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Wire {
        #[serde(default, deserialize_with = "lenient::unsigned")]
        migration_id: Option<u64>,
    }
    let answer = client.send(start_call(client, vm, order)).await?;
    let number = answer.object::<Wire>().ok().and_then(|w| w.migration_id);
    Ok(Begun {
        started: answer.started()?,
        number,
    })
}

/// How the migration of a VM stands. The shipped server is asked by its number (divergence 33),
/// and tells neither progress nor speed: those are read from the task's log.
///
/// # Errors
/// As every call; the shipped server cannot be asked without a number.
pub async fn status(
    client: &Client,
    vm: VmId,
    number: Option<u64>,
) -> Result<MigrationStatus, ApiError> {
    match (client.contract(), number) {
        (Contract::Guide, _) => {
            let call = Call::get(path(&[&"vms", &vm, &"migrate", &"status"]));
            client.send(call).await?.object()
        }
        (Contract::Server, Some(number)) => {
            let call = Call::get(path(&[&"vms", &vm, &"migrate", &"status", &number]));
            let past: Past = client.send(call).await?.object()?;
            Ok(past.as_status())
        }
        (Contract::Server, None) => Err(Client::not_offered(
            "This server tells of a migration only by its number, which is not known",
        )),
    }
}

/// Aborts the migration whose task that is: both contracts cancel tasks.
///
/// # Errors
/// As every call.
pub async fn abort(client: &Client, task: &Upid) -> Result<(), ApiError> {
    tasks::cancel(client, task).await
}

/// The migrations of a VM, newest first: the shipped server's history, else the tasks.
///
/// # Errors
/// As every call.
pub async fn history(client: &Client, vm: VmId) -> Result<Rows<Past>, ApiError> {
    if client.contract() == Contract::Server {
        let call = Call::get(path(&[&"vms", &vm, &"migrate", &"history"]));
        let mut rows: Rows<Past> = client.send(call).await?.rows("history")?;
        rows.good.sort_by_key(|row| std::cmp::Reverse(row.started));
        return Ok(rows);
    }
    let query = tasks::TaskQuery {
        vm: Some(vm),
        kind: Some("qmigrate".to_owned()),
        limit: Some(PAST),
        ..tasks::TaskQuery::default()
    };
    let rows = tasks::list(client, &query).await?;
    let ours = |task: &tasks::Task| task.kind == "qmigrate" && task.vm() == Some(vm);
    let mut good: Vec<Past> = Vec::new();
    for task in rows.good.iter().filter(|task| ours(task)) {
        let mut past = Past::of_task(task);
        // The list does not name the target; the log does in its first lines. Without them the
        // row still tells the rest.
        if let Ok(log) = tasks::log(client, &task.upid, 0, FIRST_LINES).await {
            past.learn(log.lines.iter().map(|line| line.message.as_str()));
        }
        good.push(past);
    }
    Ok(Rows {
        good,
        bad: rows.bad,
    })
}

/// So many past migrations are asked for.
const PAST: u32 = 10;
/// The target is named within these.
const FIRST_LINES: u64 = 5;
