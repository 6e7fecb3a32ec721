//! A snapshot of many VMs (guide: Bulk Operations, "Bulk Snapshot Creation").

use super::{BulkDryRun, BulkForecast, BulkResult, DEADLINE, from_server};
use crate::api::client::{Call, Client, Contract};
use crate::api::error::ApiError;
use crate::api::shown::ShownRequest;
use crate::api::url::path;
use crate::domain::ids::VmId;
use crate::domain::snapshot::Ttl;
use serde_json::{Value, json};

/// A snapshot of many VMs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BulkSnapshotRequest {
    /// The VMs.
    pub vm_ids: Vec<VmId>,
    /// Its name; may hold `{vm}`, `{date}`, `{time}`.
    pub pattern: String,
    /// At most 200 characters; may be empty.
    pub description: String,
    /// How long it may live.
    pub ttl: Option<Ttl>,
    /// Keep the memory of the guests that run, too.
    pub memory: bool,
}

fn call(client: &Client, request: &BulkSnapshotRequest, dry_run: bool) -> Call {
    let mut body = json!({ "snapshotName": request.pattern, "dryRun": dry_run });
    if !request.description.is_empty() {
        body["description"] = request.description.as_str().into();
    }
    if let Some(Ttl(hours)) = request.ttl {
        body["ttlHours"] = hours.into();
    }
    let target = match client.contract() {
        Contract::Guide => {
            let ids: Vec<u32> = request.vm_ids.iter().map(|id| id.0).collect();
            body["vmIds"] = ids.into();
            body["includeVMState"] = request.memory.into();
            path(&[&"bulk", &"snapshots"])
        }
        // Divergence 35.
        Contract::Server => {
            let ids: Vec<String> = request.vm_ids.iter().map(ToString::to_string).collect();
            body["vmSelectors"] = json!([{"type": "VM_IDS", "value": ids.join(",")}]);
            body["includeMemory"] = request.memory.into();
            body["maxParallel"] = 5.into();
            path(&[&"snapshots", &"bulk"])
        }
    };
    Call::post(target).json(&body).within(DEADLINE)
}

/// What [`snapshots`] sends.
#[must_use]
pub fn snapshots_shown(client: &Client, request: &BulkSnapshotRequest) -> ShownRequest {
    call(client, request, false).shown()
}

/// Takes a snapshot of each VM; the answer may come only when all is done (divergence 34).
///
/// # Errors
/// As every call. VMs that failed are in the result, not an error.
pub async fn snapshots(
    client: &Client,
    request: &BulkSnapshotRequest,
) -> Result<BulkResult, ApiError> {
    let answer = client.send(call(client, request, false)).await?;
    match client.contract() {
        Contract::Guide => answer.object(),
        Contract::Server => Ok(from_server(&answer.object()?)),
    }
}

/// What [`snapshots`] would do, without doing it, with the names that the server would give.
///
/// # Errors
/// As every call.
pub async fn forecast_snapshots(
    client: &Client,
    request: &BulkSnapshotRequest,
) -> Result<BulkDryRun, ApiError> {
    let answer = client.send(call(client, request, true)).await?;
    match client.contract() {
        Contract::Guide => answer.object(),
        Contract::Server => {
            let body: Value = answer.object()?;
            let name = |id: VmId| {
                let row = body.get("results")?.get(id.to_string())?;
                Some(row.get("snapshotName")?.as_str()?.to_owned())
            };
            let affected = from_server(&body).results.into_iter();
            let affected = affected.map(|row| BulkForecast {
                proposed_name: name(row.vmid),
                current_snapshots: None,
                vmid: row.vmid,
                name: row.name,
                would_succeed: row.success,
                reason: row.error.or(row.message),
            });
            Ok(BulkDryRun {
                dry_run: true,
                affected: affected.collect(),
                ..BulkDryRun::default()
            })
        }
    }
}
