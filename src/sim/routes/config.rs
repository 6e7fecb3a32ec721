//! `/vms/{vmId}/config`, `/vms/{vmId}/pending`.

use super::config_check::check;
use super::vm_detail::shown_config;
use super::{Answer, Call, Started, guard, object, vm, vm_mut};
use crate::domain::config::{ConfigMap, is_disk_key, takes_restart};
use crate::domain::vm_can;
use crate::sim::http::Response;
use crate::sim::model::{Outcome, Vm};
use crate::sim::refusal::Refusal;
use crate::sim::work;
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

pub fn get(call: &Call<'_>, id: &str) -> Answer {
    Ok(Response::ok(&shown_config(vm(call.world, id)?)))
}

#[derive(Serialize)]
struct Pending<'a> {
    key: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pending: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    delete: Option<bool>,
}

/// Only the keys that wait for a start.
pub fn pending(call: &Call<'_>, id: &str) -> Answer {
    let vm = vm(call.world, id)?;
    let rows: Vec<Pending<'_>> = vm
        .pending
        .iter()
        .map(|(key, value)| Pending {
            key,
            value: vm.config.get(key),
            pending: value.as_ref(),
            delete: value.is_none().then_some(true),
        })
        .collect();
    Ok(Response::ok(&rows))
}

/// Keys to change: a value to set, or `None` to remove.
fn wanted(mut fields: Map<String, Value>) -> BTreeMap<String, Option<Value>> {
    let mut changes = BTreeMap::new();
    if let Some(gone) = fields.remove("delete") {
        let names: Vec<String> = match gone {
            Value::String(names) => names
                .split(',')
                .map(|name| name.trim().to_owned())
                .collect(),
            Value::Array(names) => names
                .iter()
                .filter_map(|name| name.as_str().map(ToOwned::to_owned))
                .collect(),
            _ => Vec::new(),
        };
        changes.extend(
            names
                .into_iter()
                .filter(|name| !name.is_empty())
                .map(|name| (name, None)),
        );
    }
    for (key, value) in fields {
        // Flags are 0 or 1 here; a client may well send booleans.
        let value = match value {
            Value::Null => None,
            Value::Bool(flag) => Some(Value::from(u8::from(flag))),
            other => Some(other),
        };
        changes.insert(key, value);
    }
    changes
}

/// Takes changes into a VM: at once, or at its next start where it runs and the key asks for it.
fn apply(vm: &mut Vm, changes: &BTreeMap<String, Option<Value>>) -> bool {
    let mut waits = false;
    for (key, value) in changes {
        if vm.is_on() && takes_restart(key) {
            if vm.config.get(key) == value.as_ref() {
                vm.pending.remove(key);
            } else {
                vm.pending.insert(key.clone(), value.clone());
                waits = true;
            }
            continue;
        }
        vm.pending.remove(key);
        match value {
            Some(value) => vm.config.insert(key.clone(), value.clone()),
            None => vm.config.remove(key),
        };
    }
    if changes.contains_key("tags") {
        let joined = changes
            .get("tags")
            .and_then(Option::as_ref)
            .and_then(Value::as_str);
        vm.tags = joined
            .unwrap_or_default()
            .split([';', ',', ' '])
            .filter(|tag| !tag.is_empty())
            .map(ToOwned::to_owned)
            .collect();
        vm.config.remove("tags");
    }
    vm.shown.digest = None;
    if vm.is_on() {
        // Cores and memory of the running machine stay; only the name is read again.
        if let Some(name) = crate::domain::config::text(&vm.config, "name") {
            vm.name = name;
        }
    } else {
        vm.read_config();
    }
    waits
}

/// New volumes where a change asks for one: `scsi1: local-zfs:32`.
fn with_volumes(
    vm: &Vm,
    changes: BTreeMap<String, Option<Value>>,
) -> BTreeMap<String, Option<Value>> {
    let mut number = vm.config.keys().filter(|key| is_disk_key(key)).count();
    let mut made = |key: &str, value: Option<Value>| {
        let text = value.as_ref().and_then(Value::as_str);
        let new = text.filter(|_| is_disk_key(key));
        match new.and_then(|text| work::allocated(vm.id, number, text)) {
            Some((text, _, _)) => {
                number += 1;
                Some(Value::from(text))
            }
            None => value,
        }
    };
    changes
        .into_iter()
        .map(|(key, value)| {
            let value = made(&key, value);
            (key, value)
        })
        .collect()
}

fn values(config: &ConfigMap, keys: &BTreeMap<String, Option<Value>>) -> Value {
    keys.keys()
        .map(|key| (key.clone(), config.get(key).cloned().unwrap_or_default()))
        .collect::<Map<_, _>>()
        .into()
}

pub fn put(call: &mut Call<'_>, id: &str) -> Answer {
    let force = call.query.flag("force").unwrap_or_default();
    let world = &mut *call.world;
    let found = vm(world, id)?;
    let (vm_id, node, digest) = (found.id, found.node.clone(), found.digest());
    let mut fields = object(call.body)?;
    let sent_digest = fields.remove("digest");
    let result = guard(world, vm_id, "update", false, force).and_then(|()| {
        let vm = vm(world, id)?;
        vm_can::configure(&vm.facts(false))
            .map_err(|reason| Refusal::conflict("VM_LOCKED", reason.0))?;
        if sent_digest.is_some_and(|sent| sent != digest.as_str()) {
            return Err(Refusal::conflict(
                "CONFIG_CHANGED",
                "detected modified configuration - file changed by other user? Try again.",
            )
            .detail("digest", digest));
        }
        let changes = wanted(fields);
        let cores = world.node(&vm.node).map_or(u32::MAX, |node| node.maxcpu);
        check(vm, cores, &changes)?;
        Ok(changes)
    });
    let changes = match result {
        Ok(changes) => changes,
        Err(refusal) => {
            let outcome = Outcome::Failed(refusal.message.clone());
            world.note(
                "VM_UPDATE",
                ("VM", vm_id.to_string()),
                Some(&node),
                Map::new(),
                outcome,
            );
            return Err(refusal);
        }
    };
    let changes = with_volumes(vm(world, id)?, changes);
    let before = values(&vm_mut(world, id)?.config, &changes);
    let waits = world
        .change_vm(vm_id, |vm| apply(vm, &changes))
        .unwrap_or_default();
    let after: Map<String, Value> = changes
        .into_iter()
        .map(|(key, value)| (key, value.unwrap_or_default()))
        .collect();
    let entry = world.note(
        "VM_UPDATE",
        ("VM", vm_id.to_string()),
        Some(&node),
        after.clone(),
        Outcome::Done,
    );
    if let Some(entry) = world.audit.get_mut(entry) {
        entry.before = Some(before);
        entry.after = Some(after.into());
    }
    Ok(Response::ok(&Started {
        task: None,
        message: if waits {
            "Configuration updated; some changes take effect at the next start"
        } else {
            "Configuration updated"
        },
        estimated_duration: None,
    }))
}
