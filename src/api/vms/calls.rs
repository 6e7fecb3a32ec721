//! The calls on VMs.

use super::super::client::{Call, Client, Contract};
use super::super::error::{ApiError, ErrorKind};
use super::super::metrics::{Metrics, Timeframe};
use super::super::rows::RawRows;
use super::super::shown::ShownRequest;
use super::super::started::Started;
use super::super::tasks;
use super::super::url::{Query, path};
use super::{AgentInterface, ConfigPatch, PendingChange, Vm, VmConfig, VmDetail, VmLive};
use crate::domain::ids::VmId;
use crate::domain::lenient::Rows;
use crate::domain::status::VmStatus;
use crate::domain::units::Instant;
use crate::domain::vm_can::PowerAction;
use serde_json::json;
use std::time::Duration;

/// Which VMs; all empty: every one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VmQuery {
    /// Carrying all of these tags.
    pub tags: Vec<String>,
    /// In this state.
    pub status: Option<VmStatus>,
    /// On this node.
    pub node: Option<String>,
    /// Whose name matches, with `*` for anything.
    pub name: Option<String>,
    /// With these numbers.
    pub ids: Vec<VmId>,
    /// At most so many; all without it, also from servers that page.
    pub limit: Option<u32>,
    /// Skip so many.
    pub offset: Option<u32>,
}

impl VmQuery {
    fn to_query(&self, limit: Option<u32>, offset: Option<u32>) -> Query {
        Query::default()
            .list("tags", &self.tags)
            .add("status", self.status.as_ref())
            .add("node", self.node.as_deref())
            .add("namePattern", self.name.as_deref())
            .list("vmIds", &self.ids)
            .add("limit", limit)
            .add("offset", offset.filter(|offset| *offset > 0))
    }
}

/// Rows per page where a server sends 100 unless asked for more.
const PAGE: u32 = 1000;
/// Most pages followed, in case a server ignores the offset.
const PAGES: u32 = 50;

/// VMs, decoded by and by: for stores, which take long lists in slices.
///
/// From the shipped server the rows come without live figures, lock and HA state, and `template`
/// is 0 or 1 (divergence 13); it sends pages, which are all fetched.
///
/// # Errors
/// As every call.
pub async fn list_raw(client: &Client, query: &VmQuery) -> Result<RawRows<Vm>, ApiError> {
    let page = |limit, offset| {
        let call = Call::get(path(&[&"vms"])).query(query.to_query(limit, offset));
        async move { client.send(call).await?.raw_rows::<Vm>("vms") }
    };
    if client.contract() == Contract::Guide || query.limit.is_some() {
        return page(query.limit, query.offset).await;
    }
    let mut offset = query.offset.unwrap_or(0);
    let mut rows = page(Some(PAGE), Some(offset)).await?;
    let mut last = rows.count()?;
    for _ in 1..PAGES {
        if last < PAGE as usize {
            break;
        }
        offset += PAGE;
        let more = page(Some(PAGE), Some(offset)).await?;
        last = more.count()?;
        rows.append(more);
    }
    Ok(rows)
}

/// VMs, decoded at once.
///
/// # Errors
/// As every call.
pub async fn list(client: &Client, query: &VmQuery) -> Result<Rows<Vm>, ApiError> {
    list_raw(client, query).await?.collect_all()
}

/// One VM as in the list.
///
/// # Errors
/// As every call; [`ErrorKind::NotFound`] for an unknown VM. So do all calls below.
pub async fn get(client: &Client, vm: VmId) -> Result<Vm, ApiError> {
    client.send(Call::get(path(&[&"vms", &vm]))).await?.object()
}

/// A VM with its configuration, snapshots and backups.
///
/// # Errors
/// As [`get`].
pub async fn detail(client: &Client, vm: VmId) -> Result<VmDetail, ApiError> {
    client
        .send(Call::get(path(&[&"vms", &vm, &"detail"])))
        .await?
        .object()
}

/// The configuration alone.
///
/// # Errors
/// As [`get`].
pub async fn config(client: &Client, vm: VmId) -> Result<VmConfig, ApiError> {
    client
        .send(Call::get(path(&[&"vms", &vm, &"config"])))
        .await?
        .object()
}

/// Live counters.
///
/// # Errors
/// As [`get`].
pub async fn status(client: &Client, vm: VmId) -> Result<VmLive, ApiError> {
    client
        .send(Call::get(path(&[&"vms", &vm, &"status"])))
        .await?
        .object()
}

/// History for charts, where [`crate::api::capabilities::Feature::Metrics`] is offered.
///
/// # Errors
/// As [`get`].
pub async fn metrics(client: &Client, vm: VmId, frame: Timeframe) -> Result<Metrics, ApiError> {
    let query = Query::default().add("timeframe", Some(frame.as_str()));
    client
        .send(Call::get(path(&[&"vms", &vm, &"metrics"])).query(query))
        .await?
        .object()
}

/// Interfaces as the guest agent reports them, where
/// [`crate::api::capabilities::Feature::Agent`] is offered.
///
/// # Errors
/// As [`get`]; also where no agent runs in the guest.
pub async fn agent_interfaces(client: &Client, vm: VmId) -> Result<Rows<AgentInterface>, ApiError> {
    client
        .send(Call::get(path(&[&"vms", &vm, &"agent", &"interfaces"])))
        .await?
        .rows("interfaces")
}

/// Configuration that takes effect at the next start, where
/// [`crate::api::capabilities::Feature::Pending`] is offered.
///
/// # Errors
/// As [`get`].
pub async fn pending(client: &Client, vm: VmId) -> Result<Rows<PendingChange>, ApiError> {
    client
        .send(Call::get(path(&[&"vms", &vm, &"pending"])))
        .await?
        .rows("pending")
}

/// How often the task of a power action is looked for, and how long apart.
const LOOK_UPS: u32 = 3;
const LOOK_UP_PAUSE: Duration = Duration::from_millis(500);

fn power_call(vm: VmId, action: PowerAction, force: bool) -> Call {
    Call::post(path(&[&"vms", &vm, &action.as_str()])).query(Query::default().flag("force", force))
}

/// What [`power`] sends.
#[must_use]
pub fn power_shown(vm: VmId, action: PowerAction, force: bool) -> ShownRequest {
    power_call(vm, action, force).shown()
}

fn delete_call(vm: VmId, force: bool) -> Call {
    Call::delete(path(&[&"vms", &vm])).query(Query::default().flag("force", force))
}

/// What [`delete`] sends.
#[must_use]
pub fn delete_shown(vm: VmId, force: bool) -> ShownRequest {
    delete_call(vm, force).shown()
}

fn config_call(vm: VmId, patch: &ConfigPatch) -> Call {
    Call::put(path(&[&"vms", &vm, &"config"]))
        .query(Query::default().flag("force", patch.is_forced()))
        .json(&patch.body())
}

/// What [`update_config`] sends.
#[must_use]
pub fn config_shown(vm: VmId, patch: &ConfigPatch) -> ShownRequest {
    config_call(vm, patch).shown()
}

/// Starts, stops, shuts down … . `force` goes past a safety rule that objects.
///
/// The shipped server names no task (divergence 9): it is looked up then, and stays `None` where
/// it does not show within a second or two; the VM's own state tells the rest.
///
/// # Errors
/// As [`get`]; [`ErrorKind::Locked`], [`ErrorKind::SafeMode`], [`ErrorKind::Conflict`] as the
/// server refuses.
pub async fn power(
    client: &Client,
    vm: VmId,
    action: PowerAction,
    force: bool,
) -> Result<Started, ApiError> {
    // Servers count whole seconds.
    let since = Instant::from_secs(client.server_now().secs() - 1);
    let mut started = client
        .send(power_call(vm, action, force))
        .await?
        .started()?;
    if started.task.is_none() && client.contract() == Contract::Server {
        for turn in 0..LOOK_UPS {
            if turn > 0 {
                client.sleep(LOOK_UP_PAUSE).await;
            }
            // The action itself has succeeded: that its task cannot be found is no failure.
            if let Ok(Some(task)) = tasks::look_up(client, vm, action.task_type(), since).await {
                started.task = Some(task.upid);
                break;
            }
        }
    }
    Ok(started)
}

/// Removes a VM with its disks. `force` goes past a safety rule that objects.
///
/// # Errors
/// As [`power`].
pub async fn delete(client: &Client, vm: VmId, force: bool) -> Result<Started, ApiError> {
    client.send(delete_call(vm, force)).await?.started()
}

/// Changes configuration keys; only those of the patch are sent.
///
/// # Errors
/// As [`power`]; [`ErrorKind::Conflict`] where the digest does not fit any more,
/// [`ErrorKind::Validation`] with the fields at fault, also for a patch that changes nothing.
pub async fn update_config(
    client: &Client,
    vm: VmId,
    patch: &ConfigPatch,
) -> Result<Started, ApiError> {
    if patch.is_empty() {
        return Err(ApiError::local(
            ErrorKind::Validation,
            "There is nothing to change",
        ));
    }
    client.send(config_call(vm, patch)).await?.started()
}

/// Adds a tag.
///
/// # Errors
/// As [`power`].
pub async fn add_tag(client: &Client, vm: VmId, tag: &str, force: bool) -> Result<(), ApiError> {
    let call = Call::post(path(&[&"vms", &vm, &"tags"]))
        .query(Query::default().flag("force", force))
        .json(&json!({ "tag": tag }));
    client.send(call).await?.started().map(drop)
}

/// Takes a tag off.
///
/// # Errors
/// As [`power`].
pub async fn remove_tag(client: &Client, vm: VmId, tag: &str, force: bool) -> Result<(), ApiError> {
    let query = Query::default().flag("force", force);
    let call = Call::delete(path(&[&"vms", &vm, &"tags", &tag])).query(query);
    client.send(call).await?.started().map(drop)
}
