//! Operations on many VMs (guide: Bulk Operations).

mod snapshots;

pub use snapshots::{BulkSnapshotRequest, forecast_snapshots, snapshots, snapshots_shown};

use super::client::{Call, Client, Contract};
use super::decode;
use super::error::ApiError;
use super::shown::ShownRequest;
use super::url::path;
use crate::domain::ids::{Upid, VmId};
use crate::domain::lenient;
use crate::domain::units::{Instant, Seconds};
use crate::domain::vm_can::PowerAction;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::time::Duration;

/// What to do to many VMs (guide: Bulk Operations).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct BulkPowerRequest {
    /// The VMs.
    #[serde(default, rename = "vmIds")]
    pub vm_ids: Vec<VmId>,
    /// Go on although a safety rule objects; cut the power where a shutdown does not end.
    #[serde(default, deserialize_with = "lenient::flag_or_false")]
    pub force: bool,
    /// Seconds to wait for each.
    #[serde(
        default,
        deserialize_with = "decode::seconds",
        skip_serializing_if = "Option::is_none"
    )]
    pub timeout: Option<Seconds>,
    /// At once, or one after the other.
    #[serde(
        default,
        deserialize_with = "lenient::flag",
        skip_serializing_if = "Option::is_none"
    )]
    pub parallel: Option<bool>,
    /// Only say what would happen.
    #[serde(
        default,
        deserialize_with = "lenient::flag_or_false",
        rename = "dryRun"
    )]
    pub dry_run: bool,
}

/// How a bulk operation stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct BulkResult {
    /// Its ID.
    #[serde(
        default,
        deserialize_with = "lenient::text_or_empty",
        rename = "operationId"
    )]
    pub operation_id: String,
    /// `IN_PROGRESS`, `COMPLETED` …; absent in the guide's example.
    #[serde(
        default,
        deserialize_with = "decode::word",
        skip_serializing_if = "Option::is_none"
    )]
    pub status: Option<String>,
    /// How many VMs.
    #[serde(
        default,
        deserialize_with = "decode::small",
        skip_serializing_if = "Option::is_none",
        rename = "totalTargets"
    )]
    pub total: Option<u32>,
    /// How many succeeded.
    #[serde(
        default,
        deserialize_with = "decode::small",
        skip_serializing_if = "Option::is_none"
    )]
    pub successful: Option<u32>,
    /// How many failed.
    #[serde(
        default,
        deserialize_with = "decode::small",
        skip_serializing_if = "Option::is_none"
    )]
    pub failed: Option<u32>,
    /// How many are under way.
    #[serde(
        default,
        deserialize_with = "decode::small",
        skip_serializing_if = "Option::is_none",
        rename = "inProgress"
    )]
    pub in_progress: Option<u32>,
    /// VM by VM.
    #[serde(default, deserialize_with = "lenient::rows")]
    pub results: Vec<BulkVmResult>,
    /// Times.
    #[serde(
        default,
        deserialize_with = "lenient::optional",
        skip_serializing_if = "Option::is_none"
    )]
    pub summary: Option<BulkSummary>,
    /// Log lines.
    #[serde(default, deserialize_with = "decode::words")]
    pub log: Vec<String>,
}

/// What became of one VM.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BulkVmResult {
    /// The VM.
    #[serde(rename = "vmId", alias = "vmid")]
    pub vmid: VmId,
    /// Its name.
    #[serde(
        default,
        deserialize_with = "decode::word",
        skip_serializing_if = "Option::is_none",
        rename = "vmName"
    )]
    pub name: Option<String>,
    /// Whether it succeeded.
    #[serde(default, deserialize_with = "lenient::flag_or_false")]
    pub success: bool,
    /// The server's words.
    #[serde(
        default,
        deserialize_with = "decode::word",
        skip_serializing_if = "Option::is_none"
    )]
    pub message: Option<String>,
    /// What went wrong.
    #[serde(
        default,
        deserialize_with = "decode::word",
        skip_serializing_if = "Option::is_none"
    )]
    pub error: Option<String>,
    /// Task that was started.
    #[serde(
        default,
        deserialize_with = "decode::upid",
        skip_serializing_if = "Option::is_none"
    )]
    pub task: Option<Upid>,
}

impl BulkVmResult {
    /// Whether the server's safety rules kept it out, so that `force` would help. Servers say so in
    /// words alone: "Operation 'stop' blocked by safe mode".
    #[must_use]
    pub fn is_safety_refusal(&self) -> bool {
        let says = |words: &Option<String>| {
            words.as_ref().is_some_and(|words| {
                let words = words.to_ascii_lowercase();
                [
                    "safe mode",
                    "safe_mode",
                    "safemode",
                    "moxxie-managed",
                    "force=true",
                ]
                .iter()
                .any(|sign| words.contains(sign))
            })
        };
        !self.success && (says(&self.error) || says(&self.message))
    }
}

/// When and how long.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct BulkSummary {
    /// Seconds.
    #[serde(
        default,
        deserialize_with = "lenient::float",
        skip_serializing_if = "Option::is_none"
    )]
    pub duration: Option<f64>,
    /// Start; ISO 8601 on the wire.
    #[serde(
        default,
        with = "decode::iso",
        skip_serializing_if = "Option::is_none",
        rename = "startTime"
    )]
    pub start: Option<Instant>,
    /// End; ISO 8601 on the wire.
    #[serde(
        default,
        with = "decode::iso",
        skip_serializing_if = "Option::is_none",
        rename = "endTime"
    )]
    pub end: Option<Instant>,
}

/// What a bulk operation would do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct BulkDryRun {
    /// Always true.
    #[serde(
        default,
        deserialize_with = "lenient::flag_or_false",
        rename = "dryRun"
    )]
    pub dry_run: bool,
    /// VM by VM.
    #[serde(default, deserialize_with = "lenient::rows", rename = "affectedVMs")]
    pub affected: Vec<BulkForecast>,
    /// Seconds it may take.
    #[serde(
        default,
        deserialize_with = "lenient::float",
        skip_serializing_if = "Option::is_none",
        rename = "estimatedDuration"
    )]
    pub estimated: Option<f64>,
    /// What to look out for.
    #[serde(default, deserialize_with = "decode::words")]
    pub warnings: Vec<String>,
}

/// What would become of one VM.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BulkForecast {
    /// The VM.
    #[serde(rename = "vmId", alias = "vmid")]
    pub vmid: VmId,
    /// Its name.
    #[serde(
        default,
        deserialize_with = "decode::word",
        skip_serializing_if = "Option::is_none",
        rename = "vmName"
    )]
    pub name: Option<String>,
    /// Whether it would succeed.
    #[serde(
        default,
        deserialize_with = "lenient::flag_or_false",
        rename = "wouldSucceed"
    )]
    pub would_succeed: bool,
    /// How many snapshots it has; of runs that take one.
    #[serde(
        default,
        deserialize_with = "decode::small",
        skip_serializing_if = "Option::is_none",
        rename = "currentSnapshots"
    )]
    pub current_snapshots: Option<u32>,
    /// What its snapshot would be called; of runs that take one.
    #[serde(
        default,
        deserialize_with = "decode::word",
        skip_serializing_if = "Option::is_none",
        rename = "proposedName"
    )]
    pub proposed_name: Option<String>,
    /// Why not.
    #[serde(
        default,
        deserialize_with = "decode::word",
        skip_serializing_if = "Option::is_none"
    )]
    pub reason: Option<String>,
}

/// Longest time given to a bulk call: servers may answer only when all is done.
const DEADLINE: Duration = Duration::from_mins(10);

fn call(client: &Client, action: PowerAction, request: &BulkPowerRequest) -> Call {
    match client.contract() {
        Contract::Guide => Call::post(path(&[&"bulk", &"power", &action.as_str()])).json(request),
        Contract::Server => {
            let ids = request
                .vm_ids
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(",");
            // The shipped server takes 30 to 3,600 seconds.
            let timeout = request
                .timeout
                .map_or(300, |timeout| timeout.0.clamp(30, 3600));
            Call::post(path(&[&"vms", &"power", &"bulk"])).json(&json!({
                "vmSelectors": [{"type": "VM_IDS", "value": ids}],
                "operation": action.as_str().to_uppercase(),
                "force": request.force,
                "timeoutSeconds": timeout,
                "maxParallel": if request.parallel == Some(false) { 1 } else { 5 },
                "dryRun": request.dry_run,
            }))
        }
    }
    .within(DEADLINE)
}

/// What [`power`] sends; each call of them, where the shipped server gets several.
#[must_use]
pub fn power_shown(
    client: &Client,
    action: PowerAction,
    request: &BulkPowerRequest,
) -> ShownRequest {
    call(client, action, request).shown()
}

/// A power action on many VMs; the answer may come only when all is done (divergence 34).
///
/// # Errors
/// As every call. VMs that failed are in the result, not an error.
pub async fn power(
    client: &Client,
    action: PowerAction,
    request: &BulkPowerRequest,
) -> Result<BulkResult, ApiError> {
    let request = BulkPowerRequest {
        dry_run: false,
        ..request.clone()
    };
    let answer = client.send(call(client, action, &request)).await?;
    match client.contract() {
        Contract::Guide => answer.object(),
        Contract::Server => Ok(from_server(&answer.object()?)),
    }
}

/// What [`power`] would do, without doing it.
///
/// # Errors
/// As every call.
pub async fn forecast(
    client: &Client,
    action: PowerAction,
    request: &BulkPowerRequest,
) -> Result<BulkDryRun, ApiError> {
    let request = BulkPowerRequest {
        dry_run: true,
        ..request.clone()
    };
    let answer = client.send(call(client, action, &request)).await?;
    match client.contract() {
        Contract::Guide => answer.object(),
        Contract::Server => {
            let result = from_server(&answer.object()?);
            let affected = result.results.into_iter().map(|row| BulkForecast {
                vmid: row.vmid,
                name: row.name,
                would_succeed: row.success,
                reason: row.error.or(row.message),
                current_snapshots: None,
                proposed_name: None,
            });
            Ok(BulkDryRun {
                dry_run: true,
                affected: affected.collect(),
                ..BulkDryRun::default()
            })
        }
    }
}

/// The shipped server's `{results: {"101": {status, taskId, error, reason, vmName}}, …}`.
fn from_server(answer: &Value) -> BulkResult {
    let mut result = BulkResult::default();
    let text = |row: &Value, name: &str| row.get(name).and_then(Value::as_str).map(str::to_owned);
    let rows = answer
        .get("results")
        .and_then(Value::as_object)
        .into_iter()
        .flatten();
    for (id, row) in rows {
        let Ok(vmid) = id.parse() else { continue };
        let status = row
            .get("status")
            .and_then(Value::as_str)
            .unwrap_or_default();
        // What already is as wanted counts as done, and says so.
        let success = matches!(status, "success" | "skipped" | "dry-run");
        result.results.push(BulkVmResult {
            vmid,
            name: text(row, "vmName"),
            success,
            message: text(row, "reason"),
            error: text(row, "error"),
            task: text(row, "taskId")
                .filter(|task| !task.is_empty())
                .map(Upid),
        });
    }
    result.results.sort_by_key(|row| row.vmid);
    let count = |number: usize| u32::try_from(number).ok();
    let failed = result.results.iter().filter(|row| !row.success).count();
    result.total = count(result.results.len());
    result.failed = count(failed);
    result.successful = count(result.results.len() - failed);
    result.in_progress = Some(0);
    result
}
