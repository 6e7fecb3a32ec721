//! `POST /vms/{vmId}/clone`.

use super::make::{answer, own_tags, taken};
use super::make_check::Checked;
use super::{Answer, Call, object, vm};
use crate::domain::config;
use crate::domain::ids::VmId;
use crate::domain::vm_can;
use crate::sim::model::{Vm, World};
use crate::sim::refusal::Refusal;
use crate::sim::work::{self, Copied};
use serde_json::json;

const CLONE: [&str; 13] = [
    "templateId",
    "newVmId",
    "name",
    "targetNode",
    "description",
    "fullClone",
    "targetStorage",
    "snapshot",
    "cloudInit",
    "diskResize",
    "start",
    "tags",
    "pool",
];

/// The rules of copying, which are Proxmox's.
fn copy_rules(world: &World, source: &Vm, checked: &mut Checked<'_>, node: &str, full: bool) {
    let disks = config::disks(&source.config);
    let owned = || disks.iter().filter(|disk| disk.is_owned());
    let storages = owned().filter_map(|disk| {
        let name = disk.storage()?;
        world.storages.iter().find(|own| own.storage == name)
    });
    let storages: Vec<_> = storages.collect();
    let snapshot = checked.text("snapshot");
    if !snapshot.is_empty() && !source.snapshots.iter().any(|own| own.name == snapshot) {
        checked.say("snapshot", &format!("snapshot '{snapshot}' does not exist"));
    }
    if *node != *source.node && storages.iter().any(|own| !own.shared) {
        let why = format!("Can't clone VM to node '{node}' (VM uses local storage)");
        checked.say("targetNode", &why);
    }
    let target = checked.text("targetStorage");
    if !target.is_empty() {
        if full {
            checked.storage("targetStorage", &target, node, world);
        } else {
            checked.say(
                "targetStorage",
                "parameter 'storage' not allowed for linked clones",
            );
        }
    }
    let links = |own: &&crate::sim::model::Storage| {
        source.template || (!snapshot.is_empty() && matches!(own.kind, "rbd" | "lvmthin"))
    };
    if !full && !storages.iter().all(links) {
        checked.say(
            "fullClone",
            "Linked clone feature is not available for this VM",
        );
    }
}

/// `diskResize`: a disk of the copy is larger, `50G` in all or `+20G` more.
fn resize(checked: &mut Checked<'_>, vm: &mut Vm) {
    let Some(asked) = checked.body.get("diskResize").filter(|own| !own.is_null()) else {
        return;
    };
    let key = asked["disk"].as_str().unwrap_or_default();
    let size = asked["size"].as_str().unwrap_or_default();
    let disks = config::disks(&vm.config);
    let Some(disk) = disks.iter().find(|disk| disk.key == key && disk.is_owned()) else {
        checked.say("diskResize", &format!("disk '{key}' does not exist"));
        return;
    };
    let before = disk.size().unwrap_or_default().0 >> 30;
    let number = size
        .trim_start_matches('+')
        .trim_end_matches('G')
        .parse::<u64>();
    let after = match number {
        Ok(more) if size.starts_with('+') => before + more,
        Ok(all) => all,
        Err(_) => 0,
    };
    if after < before {
        checked.say("diskResize", "shrinking disks is not supported");
        return;
    }
    let parts = disk.print();
    let kept = parts.split(',').filter(|part| !part.starts_with("size="));
    let mut text = kept.collect::<Vec<_>>().join(",");
    text.push_str(&format!(",size={after}G"));
    vm.config.insert(key.to_owned(), text.into());
}

pub fn clone(call: &mut Call<'_>, id: &str) -> Answer {
    let body = object(call.body)?;
    let world = &mut *call.world;
    let source = vm(world, id)?.clone();
    let mut checked = Checked::new(&body, &CLONE);
    let new = u32::try_from(checked.needed("newVmId", 100, 999_999_999)).unwrap_or(100);
    let name = checked.name("name");
    let node = checked.node("targetNode", world);
    let full = checked
        .body
        .get("fullClone")
        .map_or(!source.template, |full| *full == true);
    copy_rules(world, &source, &mut checked, &node, full);
    let storage = Some(checked.text("targetStorage")).filter(|name| !name.is_empty());
    let tags = checked.tags("tags");
    let start = checked.flag("start");
    let mut vm = work::fresh(&source, VmId(new), world.seed);
    vm.name.clone_from(&name);
    vm.node = node.as_str().into();
    vm.status = crate::domain::status::VmStatus::Stopped;
    vm.tags = own_tags(world, tags);
    vm.pool = Some(checked.text("pool")).filter(|pool| !pool.is_empty());
    vm.config.insert("name".into(), name.clone().into());
    let notes = checked.text("description");
    if !notes.is_empty() {
        vm.config.insert("description".into(), notes.into());
    }
    let cloud = body.get("cloudInit").cloned().unwrap_or_default();
    for (key, field) in [
        ("ciuser", "user"),
        ("cipassword", "password"),
        ("sshkeys", "sshKeys"),
        ("ipconfig0", "ipConfig"),
        ("searchdomain", "searchDomain"),
        ("nameserver", "nameservers"),
    ] {
        if let Some(text) = cloud[field].as_str().filter(|text| !text.is_empty()) {
            vm.config.insert(key.into(), json!(text));
        }
    }
    resize(&mut checked, &mut vm);
    checked.done("Invalid clone request")?;
    let copied = Copied {
        vm,
        of: source.id,
        full,
        storage,
        start,
    };
    let result = vm_can::copy(&source.facts(false))
        .map_err(|reason| Refusal::conflict("VM_LOCKED", reason.0))
        .and_then(|()| taken(world, new, "newVmId"))
        .and_then(|()| match world.running_task(source.id) {
            // Several copies of a template may be made at once.
            Some(_) if !source.template => Err(Refusal::conflict(
                "TASK_RUNNING",
                format!(
                    "can't lock file '/var/lock/qemu-server/lock-{}.conf' - got timeout",
                    source.id
                ),
            )),
            _ => Ok(()),
        })
        .and_then(|()| work::clone(world, copied));
    answer(world, new, &name, &node, "VM_CLONE", result)
}
