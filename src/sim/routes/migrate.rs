//! `/vms/{vmId}/migrate`: the check, the start, how it stands, the abort.

use super::power::{answer, note};
use super::{Answer, Call, Started, guard, object, vm};
use crate::domain::units::Instant;
use crate::sim::http::Response;
use crate::sim::model::{AskedMove, Outcome, Task, Vm, World};
use crate::sim::refusal::Refusal;
use crate::sim::work::{self, Outlook, Plan};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

fn target<'a>(call: &'a Call<'_>) -> Result<&'a str, Refusal> {
    call.query
        .get("target")
        .filter(|target| !target.is_empty())
        .ok_or_else(|| Refusal::invalid("Invalid query parameter", "target", "A node is needed"))
}

/// What the rules say to the query's VM and node.
pub fn looked<'a>(call: &'a Call<'_>, id: &str) -> Result<(&'a Vm, Outlook, &'a str), Refusal> {
    let target = target(call)?;
    let vm = vm(call.world, id)?;
    Ok((vm, work::outlook(call.world, vm, target)?, target))
}

/// `GET /vms/{vmId}/migrate/check`.
pub fn check(call: &Call<'_>, id: &str) -> Answer {
    let (vm, found, target) = looked(call, id)?;
    let world = &*call.world;
    let names: Vec<&str> = work::storages_for_disks(world, target)
        .map(|own| own.storage.as_str())
        .collect();
    let disks: Vec<Value> = found
        .local
        .iter()
        .map(|disk| {
            json!({
                "volid": disk.volid,
                "size": disk.size,
                "replicatable": false,
                "targetStorage": names,
            })
        })
        .collect();
    let storages: Vec<Value> = work::storages_for_disks(world, target)
        .map(|own| json!({"storage": own.storage, "available": own.available, "type": own.kind}))
        .collect();
    let mut body = json!({
        "allowed": found.errors.is_empty(),
        "running": vm.is_on(),
        "localDisks": disks,
        "warnings": found.warnings,
        "targetStorages": storages,
    });
    if !found.errors.is_empty() {
        body["errors"] = found.errors.into();
    }
    Ok(Response::ok(&body))
}

fn invalid(field: &str, why: &str) -> Refusal {
    Refusal::invalid("Invalid migration request", field, why)
}

fn text(fields: &Map<String, Value>, name: &str) -> Result<Option<String>, Refusal> {
    match fields.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.is_empty() => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(invalid(name, "Must be text")),
    }
}

fn flag(fields: &Map<String, Value>, name: &str) -> Result<bool, Refusal> {
    match fields.get(name) {
        None | Some(Value::Null) => Ok(false),
        Some(Value::Bool(flag)) => Ok(*flag),
        Some(_) => Err(invalid(name, "Must be true or false")),
    }
}

/// What both contracts have alike.
pub fn read(fields: &Map<String, Value>) -> Result<AskedMove, Refusal> {
    let target = text(fields, "targetNode")?.ok_or_else(|| invalid("targetNode", "Is required"))?;
    let bwlimit = match fields.get("bwlimit") {
        None | Some(Value::Null) => None,
        Some(limit) => match limit.as_u64() {
            Some(limit) => Some(limit),
            None => {
                return Err(invalid(
                    "bwlimit",
                    "Must be a whole number of KiB per second",
                ));
            }
        },
    };
    if let Some(network) = text(fields, "migrationNetwork")?
        && !network.contains('/')
    {
        return Err(invalid("migrationNetwork", "Must be a CIDR"));
    }
    if let Some(kind) = text(fields, "migrationType")?
        && !["secure", "insecure"].contains(&kind.as_str())
    {
        return Err(invalid("migrationType", "Must be secure or insecure"));
    }
    Ok(AskedMove {
        target,
        with_local_disks: flag(fields, "withLocalDisks")?,
        force: flag(fields, "force")?,
        bwlimit,
        ..AskedMove::default()
    })
}

/// Carries a checked request out, and writes it down.
pub fn carry_out(call: &mut Call<'_>, id: &str, asked: AskedMove) -> Result<Plan, Refusal> {
    let force = call.query.flag("force").unwrap_or_default() || asked.force;
    let world = &mut *call.world;
    let found = vm(world, id)?;
    let (id, name, node) = (found.id, found.name.clone(), found.node.clone());
    let result = guard(world, id, "migrate", false, force)
        .and_then(|()| work::migrate(world, id, asked.clone()));
    note(world, id, "VM_MIGRATE", asked.force, &name, &node, &result);
    if let Some(entry) = world.audit.last_mut() {
        entry
            .details
            .insert("targetNode".into(), asked.target.into());
    }
    result
}

/// `POST /vms/{vmId}/migrate`.
pub fn start(call: &mut Call<'_>, id: &str) -> Answer {
    vm(call.world, id)?;
    let fields = object(call.body)?;
    let mut asked = read(&fields)?;
    asked.online = flag(&fields, "online")?;
    asked.storage = match fields.get("targetStorage") {
        None | Some(Value::Null) => BTreeMap::new(),
        Some(map) => serde_json::from_value(map.clone())
            .map_err(|_| invalid("targetStorage", "Must be storages by volume ID"))?,
    };
    let plan = carry_out(call, id, asked)?;
    // The guide answers this one with 200.
    Ok(Response::ok(&Started {
        task: call.world.tasks.get(plan.task).map(|task| &*task.upid),
        message: "Migration started",
        estimated_duration: Some(plan.seconds),
    }))
}

/// The newest migration of a VM.
fn newest(world: &World, vm: u32) -> Option<(usize, &Task)> {
    let ours = |(_, task): &(usize, &Task)| task.kind == "qmigrate" && task.vm == Some(vm);
    world.tasks.iter().enumerate().rev().find(ours)
}

#[expect(clippy::cast_precision_loss, reason = "three digits are shown")]
fn speed(bytes: u64) -> String {
    let mib = bytes as f64 / f64::from(1 << 20);
    if mib >= 1024.0 {
        format!("{:.1} GiB/s", mib / 1024.0)
    } else {
        format!("{mib:.0} MiB/s")
    }
}

/// `GET /vms/{vmId}/migrate/status`.
pub fn status(call: &Call<'_>, id: &str) -> Answer {
    let vm = vm(call.world, id)?;
    let Some((_, task)) = newest(call.world, vm.id) else {
        return Err(Refusal::missing(&format!("Migration of VM {}", vm.id)));
    };
    let last = || task.log.last().map_or("", |line| line.text.as_str());
    let mut body = json!({
        "running": task.running(),
        "status": task.says.as_deref().unwrap_or_else(last),
        "startTime": Instant::from_millis(task.started).to_iso(),
        "estimatedCompletion": null,
        "downtime": 0,
    });
    if task.running() {
        body["progress"] = task.progress.unwrap_or(0.0).into();
        let ends = task
            .steps
            .back()
            .map(|step| Instant::from_millis(step.at).to_iso());
        body["estimatedCompletion"] = ends.into();
        if let Some(moving) = &task.moving {
            body["speed"] = speed(moving.bytes_per_second).into();
        }
    } else {
        body["status"] = last().into();
        if !task.failed() {
            body["progress"] = 1.0.into();
            body["downtime"] = task.moving.as_ref().map_or(0, |own| own.downtime).into();
        }
    }
    Ok(Response::ok(&body))
}

/// `DELETE /vms/{vmId}/migrate`.
pub fn abort(call: &mut Call<'_>, id: &str) -> Answer {
    let vm = vm(call.world, id)?.id;
    let Some((index, task)) = newest(call.world, vm).filter(|(_, task)| task.running()) else {
        let why = format!("VM {vm} is not being migrated");
        return Err(Refusal::conflict("VM_STATE", why));
    };
    let (node, upid) = (task.node.clone(), task.upid.clone());
    work::cancel(call.world, index);
    let what = ("TASK", upid);
    call.world
        .note("TASK_STOP", what, Some(&node), Map::new(), Outcome::Done);
    let plan = Plan {
        task: index,
        seconds: 1,
    };
    Ok(answer(call.world, &plan, "Migration aborted"))
}
