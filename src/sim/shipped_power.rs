//! Changes as the shipped server takes and answers them: `PUT /vms/{vmId}/config` with a task,
//! `POST /vms/power/bulk` with selectors and its result VM by VM.

use super::http::Response;
use super::model::{Outcome, Work};
use super::refusal::Refusal;
use super::routes::{self, Answer, Call};
use super::work::{self, Launch};
use crate::domain::status::VmStatus;
use crate::domain::vm_can::PowerAction;
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// Carries the change out as the guide's contract does, and names a task for it, which is over at
/// once.
pub fn put_config(call: &mut Call<'_>, id: &str) -> Answer {
    routes::dispatch(call, "PUT", &["vms", id, "config"])
        .unwrap_or_else(|| Err(Refusal::missing("Path")))?;
    let vm = routes::vm(call.world, id)?;
    let (vm, node) = (vm.id, vm.node.to_string());
    let task = work::launch(
        call.world,
        Launch {
            kind: "qmconfig",
            id: vm.to_string(),
            vm: Some(vm),
            node: &node,
            user: "moxxie@pve",
            steps: vec![(0, Work::End("OK".to_owned()))],
        },
    );
    work::advance(call.world);
    let upid = call.world.tasks.get(task).map(|task| task.upid.clone());
    Ok(Response::ok(&json!({
        "taskId": upid.unwrap_or_default(),
        "message": "VM configuration updated",
    })))
}

#[derive(Deserialize)]
struct Selector {
    #[serde(rename = "type")]
    kind: String,
    value: String,
}

fn parallel() -> u32 {
    5
}

fn patience() -> u32 {
    300
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Request {
    vm_selectors: Vec<Selector>,
    operation: String,
    #[serde(default)]
    force: bool,
    #[serde(default = "patience")]
    timeout_seconds: u32,
    #[serde(default = "parallel")]
    max_parallel: u32,
    #[serde(default = "yes")]
    skip_if_already_in_state: bool,
    #[serde(default)]
    dry_run: bool,
}

fn yes() -> bool {
    true
}

fn invalid(field: &str, why: &str) -> Refusal {
    Refusal::invalid("Invalid bulk power request", field, why)
}

fn read(call: &Call<'_>) -> Result<(Request, PowerAction), Refusal> {
    let fields = routes::object(call.body)?;
    let request: Request = serde_json::from_value(Value::Object(fields))
        .map_err(|error| invalid("request", &error.to_string()))?;
    if request.vm_selectors.is_empty() {
        return Err(invalid("vmSelectors", "must not be empty"));
    }
    if !(30..=3600).contains(&request.timeout_seconds) {
        return Err(invalid("timeoutSeconds", "must be between 30 and 3600"));
    }
    if !(1..=20).contains(&request.max_parallel) {
        return Err(invalid("maxParallel", "must be between 1 and 20"));
    }
    let action = PowerAction::parse(&request.operation.to_lowercase())
        .filter(|action| *action != PowerAction::Reset)
        .ok_or_else(|| invalid("operation", "is none of the power operations"))?;
    Ok((request, action))
}

/// The VMs that are meant, each once. Patterns and tag expressions are not simulated: the console
/// sends numbers.
fn chosen(call: &Call<'_>, selectors: &[Selector]) -> Result<Vec<u32>, Refusal> {
    let mut ids = Vec::new();
    for selector in selectors {
        match selector.kind.as_str() {
            "ALL" => ids.extend(call.world.vms.keys().copied()),
            "VM_IDS" => {
                for id in selector.value.split(',').map(str::trim) {
                    let number = id.parse().map_err(|_| {
                        invalid("vmSelectors[0].value", &format!("'{id}' is no VM ID"))
                    })?;
                    ids.push(number);
                }
            }
            other => {
                let why = format!("selectors of type {other} are not simulated");
                return Err(invalid("vmSelectors[0].type", &why));
            }
        }
    }
    let mut seen = std::collections::HashSet::new();
    ids.retain(|id| seen.insert(*id));
    Ok(ids)
}

/// Whether a VM already is as wanted.
const fn is_so(status: &VmStatus, action: PowerAction) -> bool {
    matches!(
        (action, status),
        (PowerAction::Start | PowerAction::Resume, VmStatus::Running)
            | (PowerAction::Stop | PowerAction::Shutdown, VmStatus::Stopped)
            | (PowerAction::Suspend, VmStatus::Paused)
    )
}

fn one(call: &mut Call<'_>, request: &Request, action: PowerAction, id: u32) -> Value {
    let world = &mut *call.world;
    let Some(vm) = world.vms.get(&id) else {
        return json!({"status": "error", "error": format!("VM not found with ID: {id}")});
    };
    let (name, before) = (vm.name.clone(), vm.status.clone());
    let so = is_so(&before, action);
    let mut row = json!({"vmName": name, "previousState": before.as_str()});
    if so && request.skip_if_already_in_state {
        row["status"] = "skipped".into();
        row["reason"] = format!("Already {}", before.as_str()).into();
        return row;
    }
    let allowed = routes::guard(world, id, action.as_str(), action.is_harsh(), request.force);
    if request.dry_run {
        match allowed {
            Ok(()) => row["status"] = "dry-run".into(),
            Err(refusal) => {
                row["status"] = "error".into();
                row["error"] = refusal.message.into();
            }
        }
        return row;
    }
    let patience = Some(request.timeout_seconds);
    match allowed.and_then(|()| work::power_within(world, id, action, patience)) {
        Ok(plan) => {
            row["status"] = "success".into();
            if let Some(task) = world.tasks.get(plan.task) {
                row["taskId"] = task.upid.clone().into();
            }
        }
        Err(refusal) => {
            row["status"] = "error".into();
            row["error"] = refusal.message.into();
        }
    }
    row
}

/// A power action on many VMs. The real server answers when all is done; here the answer comes when
/// all has begun.
pub fn bulk(call: &mut Call<'_>) -> Answer {
    let (request, action) = read(call)?;
    let ids = chosen(call, &request.vm_selectors)?;
    let mut results = Map::new();
    for id in &ids {
        let row = one(call, &request, action, *id);
        results.insert(id.to_string(), row);
    }
    let count = |status: &str| {
        results
            .values()
            .filter(|row| row["status"] == status)
            .count()
    };
    let (done, failed, skipped) = (count("success"), count("error"), count("skipped"));
    if !request.dry_run {
        let mut details = Map::new();
        details.insert("action".into(), action.as_str().into());
        details.insert("vmCount".into(), ids.len().into());
        let bulk = ("BULK", String::new());
        call.world
            .note("BULK_POWER", bulk, None, details, Outcome::Done);
    }
    let total = ids.len();
    let verb = action.as_str();
    Ok(Response::ok(&json!({
        "results": results,
        "summary": format!("{verb}: {done}/{total} VMs successfully ({skipped} skipped)"),
        "totalVMs": total,
        "successCount": done,
        "failureCount": failed,
        "skippedCount": skipped,
        "dryRun": request.dry_run,
    })))
}
