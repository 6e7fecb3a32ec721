//! Changes from outside the contract, for tests.

use crate::domain::status::{GuestKind, Lock, NodeStatus, VmStatus};
use crate::sim::events::Topic;
use crate::sim::model::{Snapshot, Vm, World};
use crate::sim::usage;
use serde_json::Value;

fn text(value: &Value) -> Result<String, String> {
    value
        .as_str()
        .map(ToOwned::to_owned)
        .ok_or_else(|| format!("{value}: text expected"))
}

fn whole(value: &Value) -> Result<u64, String> {
    value
        .as_u64()
        .ok_or_else(|| format!("{value}: a whole number expected"))
}

fn share(value: &Value) -> Result<f64, String> {
    value
        .as_f64()
        .ok_or_else(|| format!("{value}: a number expected"))
}

fn flag(value: &Value) -> Result<bool, String> {
    value
        .as_bool()
        .ok_or_else(|| format!("{value}: true or false expected"))
}

fn optional(value: &Value) -> Result<Option<String>, String> {
    if value.is_null() {
        Ok(None)
    } else {
        text(value).map(Some)
    }
}

/// A snapshot as the list shows it, however odd.
fn snapshot(row: &Value) -> Result<Snapshot, String> {
    Ok(Snapshot {
        name: text(&row["name"])?,
        snaptime: row["snaptime"].as_i64().unwrap_or_default(),
        description: optional(&row["description"])?.unwrap_or_default(),
        parent: optional(&row["parent"])?,
        vmstate: row["vmstate"].as_bool().unwrap_or_default(),
        running: Some(false),
        size: row["size"].as_u64(),
        config: None,
    })
}

fn set_status(vm: &mut Vm, status: &str, now: i64) {
    vm.status = VmStatus::from(status);
    let on = matches!(
        vm.status,
        VmStatus::Running | VmStatus::Paused | VmStatus::Error
    );
    if on && vm.started.is_none() {
        vm.started = Some(now);
        vm.usage.at = now;
        usage::sample(vm, now);
    } else if !on {
        vm.started = None;
        vm.usage = crate::sim::model::Usage {
            disk: vm.usage.disk,
            at: now,
            ..crate::sim::model::Usage::default()
        };
    }
}

fn set_vm(vm: &mut Vm, field: &str, value: &Value, now: i64) -> Result<(), String> {
    match field {
        "status" => set_status(vm, &text(value)?, now),
        "name" => {
            vm.name = text(value)?;
            vm.config.insert("name".into(), value.clone());
            vm.shown.digest = None;
        }
        "node" => vm.node = text(value)?.into(),
        "lock" => vm.lock = optional(value)?.map(|lock| Lock::from(lock.as_str())),
        "hastate" => vm.ha = optional(value)?,
        "pool" => vm.pool = optional(value)?,
        "template" => vm.template = flag(value)?,
        "type" => vm.kind = GuestKind::from(text(value)?.as_str()),
        "tags" => {
            vm.tags = value
                .as_array()
                .ok_or_else(|| format!("{value}: a list expected"))?
                .iter()
                .map(text)
                .collect::<Result<_, _>>()?;
            vm.shown.digest = None;
        }
        "cpu" => {
            vm.usage.cpu = share(value)?;
            vm.load.cpu = vm.usage.cpu;
        }
        "mem" => vm.usage.mem = whole(value)?,
        "maxmem" => vm.maxmem = whole(value)?,
        "disk" => vm.usage.disk = whole(value)?,
        "maxdisk" => vm.maxdisk = whole(value)?,
        "uptime" => {
            let secs = i64::try_from(whole(value)?).unwrap_or_default();
            vm.started = Some(now - secs * 1000);
            vm.usage.uptime = whole(value)?;
        }
        "snapshots" => {
            vm.snapshots = value
                .as_array()
                .ok_or_else(|| format!("{value}: a list expected"))?
                .iter()
                .map(snapshot)
                .collect::<Result<_, _>>()?;
            vm.shown.snapshots = None;
        }
        "onSnapshot" => vm.on_snapshot = optional(value)?,
        "hangs" | "hangShutdown" => vm.hangs = flag(value)?,
        "broken" | "failStart" => vm.broken = optional(value)?,
        "config" => {
            let fields = value
                .as_object()
                .ok_or_else(|| format!("{value}: an object expected"))?;
            for (key, value) in fields {
                if value.is_null() {
                    vm.config.remove(key);
                } else {
                    vm.config.insert(key.clone(), value.clone());
                }
            }
            vm.shown.digest = None;
            vm.read_config();
        }
        other => return Err(format!("{other}: no such field of a VM")),
    }
    Ok(())
}

fn patch_node(
    world: &mut World,
    name: &str,
    fields: &serde_json::Map<String, Value>,
) -> Result<(), String> {
    let now = world.now;
    let node = world
        .nodes
        .iter_mut()
        .find(|node| &*node.name == name)
        .ok_or_else(|| format!("Node {name} not found"))?;
    for (field, value) in fields {
        match field.as_str() {
            "status" => node.status = NodeStatus::from(text(value)?.as_str()),
            "cpu" => node.cpu = share(value)?,
            "mem" => node.mem = whole(value)?,
            "disk" => node.disk = whole(value)?,
            "lacks" => node.lacks = text(value)?,
            "services" => {
                let states = value
                    .as_object()
                    .ok_or_else(|| format!("{value}: an object expected"))?;
                for service in &mut node.services {
                    if let Some(state) = states.get(service.name) {
                        service.state = text(state)?;
                    }
                }
            }
            other => return Err(format!("{other}: no such field of a node")),
        }
    }
    let member = serde_json::to_string(&node.member()).unwrap_or_default();
    let online = node.online();
    world
        .events
        .push(now, Topic::Node, "updated", name, Some(&member));
    usage::fit_nodes(world);
    // Guests of a node that does not answer are of unknown state; they come back as they were.
    let guests: Vec<u32> = world
        .vms
        .values()
        .filter(|vm| &*vm.node == name)
        .map(|vm| vm.id)
        .collect();
    for id in guests {
        world.change_vm(id, |vm| match (online, vm.status.as_str()) {
            (false, _) => vm.status = VmStatus::Unknown("unknown".to_owned()),
            (true, "unknown") => {
                vm.status = if vm.started.is_some() {
                    VmStatus::Running
                } else {
                    VmStatus::Stopped
                };
            }
            _ => {}
        });
    }
    Ok(())
}

fn patch_storage(
    world: &mut World,
    name: &str,
    fields: &serde_json::Map<String, Value>,
) -> Result<(), String> {
    let storage = world
        .storages
        .iter_mut()
        .find(|storage| storage.storage == name)
        .ok_or_else(|| format!("Storage {name} not found"))?;
    for (field, value) in fields {
        match field.as_str() {
            "active" => storage.active = flag(value)?,
            "enabled" => storage.enabled = flag(value)?,
            "total" => storage.total = whole(value)?,
            "used" => storage.used = whole(value)?,
            other => return Err(format!("{other}: no such field of a storage")),
        }
    }
    let used = storage.used;
    storage.set_used(used);
    Ok(())
}

/// Changes fields of a VM, a node, a storage or a backup.
///
/// # Errors
/// What is not there, or cannot be read.
pub fn patch(world: &mut World, what: &str, name: &str, fields: &Value) -> Result<(), String> {
    let fields = fields.as_object().ok_or("a JSON object is expected")?;
    match what {
        "vm" => {
            let id = name.parse().map_err(|_| format!("{name}: no VM ID"))?;
            let now = world.now;
            world
                .change_vm(id, |vm| {
                    fields
                        .iter()
                        .try_for_each(|(field, value)| set_vm(vm, field, value, now))
                })
                .ok_or_else(|| format!("VM {id} not found"))?
        }
        "node" => patch_node(world, name, fields),
        "storage" => patch_storage(world, name, fields),
        "backup" => super::control_backup::patch(world, name, fields),
        other => Err(format!("{other}: vm, node, storage or backup expected")),
    }
}
