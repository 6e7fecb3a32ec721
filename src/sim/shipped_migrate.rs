//! Migrations as the shipped server has them (divergence 31 to 33).

use super::http::Response;
use super::model::{Task, World};
use super::refusal::Refusal;
use super::routes::{self, Answer, Call, migrate};
use crate::domain::units::Instant;
use serde_json::{Map, Value, json};

/// `GET /vms/{vmId}/migrate/check`: Proxmox's own answer.
pub fn check(call: &Call<'_>, id: &str) -> Answer {
    let (vm, found, _) = migrate::looked(call, id)?;
    let mut disks: Vec<Value> = found
        .local
        .iter()
        .map(|disk| json!({"volid": disk.volid, "size": disk.size, "drivename": disk.key}))
        .collect();
    disks.extend(
        found
            .media
            .iter()
            .chain(&found.cloud_init)
            .map(|medium| json!({"volid": medium, "cdrom": 1})),
    );
    let (mut allowed, mut refused) = (Vec::new(), Map::new());
    for node in call.world.nodes.iter().filter(|node| node.name != vm.node) {
        if node.online() {
            allowed.push(node.name.to_string());
        } else {
            refused.insert(node.name.to_string(), json!({}));
        }
    }
    let mut body = json!({
        "not_allowed_nodes": refused,
        "local_disks": disks,
        "local_resources": found.devices.iter().chain(&found.mapped).collect::<Vec<_>>(),
        "mapped-resources": found.mapped,
        "running": vm.is_on(),
    });
    // Proxmox names them only for a VM that is off.
    if !vm.is_on() {
        body["allowed_nodes"] = allowed.into();
    }
    Ok(Response::ok(&body))
}

/// `POST /vms/{vmId}/migrate`.
pub fn start(call: &mut Call<'_>, id: &str) -> Answer {
    let vm = routes::vm(call.world, id)?;
    let (vm, on, from) = (vm.id, vm.is_on(), vm.node.to_string());
    let fields = routes::object(call.body)?;
    let mut asked = migrate::read(&fields)?;
    let offline = fields.get("allowOfflineMigration").and_then(Value::as_bool);
    asked.online = on && offline != Some(true);
    asked.one_storage = match fields.get("targetStorage") {
        None | Some(Value::Null) => None,
        Some(Value::String(storage)) => Some(storage.clone()),
        Some(_) => {
            return Err(Refusal::invalid(
                "Invalid migration request",
                "targetStorage",
                "Must be the name of a storage",
            ));
        }
    };
    let target = asked.target.clone();
    let plan = migrate::carry_out(call, id, asked)?;
    let upid = call
        .world
        .tasks
        .get(plan.task)
        .map(|task| task.upid.clone());
    Ok(Response::with(
        202,
        &json!({
            "migrationId": plan.task,
            "taskUpid": upid.unwrap_or_default(),
            "message": "Migration started",
            "vmId": vm,
            "sourceNode": from,
            "targetNode": target,
            "statusUrl": format!("/api/v1/vms/{vm}/migrate/status/{}", plan.task),
        }),
    ))
}

fn row(world: &World, number: usize, task: &Task) -> Option<Value> {
    let moving = task.moving.as_ref()?;
    let vm = world.vms.get(&task.vm?)?;
    let kind = if moving.online { "online" } else { "offline" };
    let mut row = json!({
        "id": number,
        "vmId": vm.id,
        "vmName": vm.name,
        "sourceNode": moving.from,
        "targetNode": moving.to,
        "migrationType": kind,
        "preMigrationState": moving.was.as_str(),
        "startedAt": Instant::from_millis(task.started).to_iso(),
        "status": if task.running() { "IN_PROGRESS" } else if task.failed() { "FAILED" } else { "COMPLETED" },
        "taskUpid": task.upid,
        "initiatedBy": task.user,
    });
    if let Some(ended) = task.ended {
        row["completedAt"] = Instant::from_millis(ended).to_iso().into();
        row["durationSeconds"] = ((ended - task.started) / 1000).into();
        if task.failed() {
            row["errorMessage"] = task.exit.clone().into();
        } else {
            row["postMigrationState"] = vm.status.as_str().into();
        }
    }
    Some(row)
}

/// `GET /vms/{vmId}/migrate/history`.
pub fn history(call: &Call<'_>, id: &str) -> Answer {
    let vm = routes::vm(call.world, id)?.id;
    let all = call.world.tasks.iter().enumerate().rev();
    let rows: Vec<Value> = all
        .filter(|(_, task)| task.vm == Some(vm))
        .filter_map(|(number, task)| row(call.world, number, task))
        .collect();
    Ok(Response::ok(&rows))
}

/// `GET /vms/{vmId}/migrate/status/{migrationId}`.
pub fn status(call: &Call<'_>, id: &str, number: &str) -> Answer {
    let vm = routes::vm(call.world, id)?.id;
    let missing = || Refusal::missing(&format!("Migration {number}"));
    let number: usize = number.parse().map_err(|_| missing())?;
    let task = call
        .world
        .tasks
        .get(number)
        .filter(|task| task.vm == Some(vm));
    let row = task.and_then(|task| row(call.world, number, task));
    row.map(|row| Response::ok(&row)).ok_or_else(missing)
}
