//! `POST /backups/restore`.

use super::make_check::Checked;
use super::networks::BRIDGES;
use super::power::{answer, note};
use super::{Answer, Call, guard, object};
use crate::domain::config::{self, ConfigMap};
use crate::domain::ids::VmId;
use crate::domain::names::host_name;
use crate::domain::provision::Restore;
use crate::sim::model::World;
use crate::sim::refusal::Refusal;
use crate::sim::work;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

const RESTORE: [&str; 12] = [
    "backup",
    "vmId",
    "targetNode",
    "targetStorage",
    "startAfterRestore",
    "unique",
    "overwriteExisting",
    "bandwidth",
    "name",
    "description",
    "storageMapping",
    "networkMapping",
];

/// A mapping whose keys must be among those known.
fn mapping(
    checked: &mut Checked<'_>,
    field: &str,
    known: impl Fn(&str) -> bool,
) -> BTreeMap<String, String> {
    let fields = match checked.body.get(field) {
        None | Some(Value::Null) => return BTreeMap::new(),
        Some(Value::Object(fields)) => fields.clone(),
        Some(_) => {
            checked.say(field, "Must be an object");
            return BTreeMap::new();
        }
    };
    let mut map = BTreeMap::new();
    for (key, value) in fields {
        match value.as_str() {
            _ if !known(&key) => checked.say(field, &format!("The backup has no {key}")),
            Some(value) => {
                map.insert(key, value.to_owned());
            }
            None => checked.say(field, &format!("{key}: must be text")),
        }
    }
    map
}

/// Every storage that is written to must take disks and be reached by the node.
fn storages(checked: &mut Checked<'_>, back: &mut Restore, kept: &ConfigMap, world: &World) {
    let disks = config::disks(kept);
    let owned = |key: &str| disks.iter().any(|disk| disk.key == key && disk.is_owned());
    back.storages = mapping(checked, "storageMapping", owned);
    for name in back.storages.values() {
        checked.storage("storageMapping", name, &back.node, world);
    }
    if let Some(name) = &back.storage {
        checked.storage("targetStorage", name, &back.node, world);
        return;
    }
    let unmapped = disks
        .iter()
        .filter(|disk| disk.is_owned() && !back.storages.contains_key(&disk.key));
    for disk in unmapped {
        let own = disk.storage().unwrap_or_default();
        checked.storage("targetStorage", own, &back.node, world);
    }
}

fn read(world: &World, body: &Map<String, Value>) -> Result<Restore, Refusal> {
    // The shipped server knows no mapping.
    let known = if world.settings.shipped {
        &RESTORE[..10]
    } else {
        &RESTORE[..]
    };
    let mut checked = Checked::new(body, known);
    let id = u32::try_from(checked.needed("vmId", 100, 999_999_999)).unwrap_or(100);
    let some = |text: String| Some(text).filter(|text| !text.is_empty());
    // The shipped server makes new addresses unless told otherwise.
    let unique = if body.contains_key("unique") {
        checked.flag("unique")
    } else {
        world.settings.shipped
    };
    let mut back = Restore {
        backup: checked.text("backup"),
        vm: VmId(id),
        node: checked.node("targetNode", world),
        storage: some(checked.text("targetStorage")),
        start: checked.flag("startAfterRestore"),
        unique,
        overwrite: checked.flag("overwriteExisting"),
        name: some(checked.text("name")),
        description: some(checked.text("description")),
        ..Restore::default()
    };
    checked.whole("bandwidth", 0, 10_000);
    if let Some(Err(why)) = back.name.as_deref().map(host_name) {
        checked.say("name", &why);
    }
    match world.backup(&back.backup) {
        None => checked.say("backup", "No such backup"),
        Some(backup) => {
            let kept = &backup.guest.config;
            storages(&mut checked, &mut back, kept, world);
            back.bridges = mapping(&mut checked, "networkMapping", |key| {
                config::is_nic_key(key) && kept.contains_key(key)
            });
            for bridge in back.bridges.values() {
                if !BRIDGES.iter().any(|(name, _)| name == bridge) {
                    let why = format!("bridge '{bridge}' does not exist");
                    checked.say("networkMapping", &why);
                }
            }
            let reached = world
                .storage(backup.storage())
                .is_some_and(|own| own.nodes.iter().any(|name| **name == *back.node));
            if !reached {
                let why = format!("storage '{}' is not available there", backup.storage());
                checked.say("targetNode", &why);
            }
        }
    }
    checked.done("Invalid restore request")?;
    Ok(back)
}

pub fn restore(call: &mut Call<'_>) -> Answer {
    let body = object(call.body)?;
    let world = &mut *call.world;
    let back = read(world, &body)?;
    let kept = world
        .backup(&back.backup)
        .and_then(|backup| config::text(&backup.guest.config, "name"));
    let name = back.name.clone().or(kept).unwrap_or_default();
    let result = match world.vms.contains_key(&back.vm.0) {
        true => guard(world, back.vm.0, "restore", true, false),
        false => Ok(()),
    }
    .and_then(|()| work::restore(world, &back));
    note(
        world,
        back.vm.0,
        "BACKUP_RESTORE",
        false,
        &name,
        &back.node,
        &result,
    );
    Ok(answer(world, &result?, "Restore started"))
}
