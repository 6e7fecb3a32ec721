//! Whether a VM can move to a node, and what a request for it may ask.

use super::plans::busy_reason;
use crate::domain::migrate::{self as rules, DriveKind};
use crate::domain::vm_can;
use crate::sim::model::{AskedMove, Node, Storage, Vm, World};
use crate::sim::refusal::Refusal;

const GIB: u64 = 1 << 30;

/// A disk that only the VM's node can read.
#[derive(Debug, Clone, PartialEq)]
pub struct Local {
    /// `scsi0`.
    pub key: String,
    /// Volume.
    pub volid: String,
    /// Bytes.
    pub size: u64,
}

/// What stands in the way, and what there is to know.
#[derive(Debug, Clone, Default)]
pub struct Outlook {
    /// Why it can't.
    pub errors: Vec<String>,
    /// What there is to know.
    pub warnings: Vec<String>,
    /// Disks to be copied.
    pub local: Vec<Local>,
    /// Media that only its node can read.
    pub media: Vec<String>,
    /// Drives with its cloud-init configuration, which are made anew.
    pub cloud_init: Vec<String>,
    /// Devices of its node.
    pub devices: Vec<String>,
    /// Devices that the whole cluster knows: a VM that is off takes them along.
    pub mapped: Vec<String>,
}

fn drives(vm: &Vm) -> Vec<rules::Drive> {
    rules::drives(&vm.config)
}

fn is_shared(world: &World, storage: &str) -> bool {
    world.storage(storage).is_some_and(|own| own.shared)
}

/// Storages of a node that take disks. One that is switched off is among them, as in the guide's
/// example.
pub fn storages<'a>(world: &'a World, node: &'a str) -> impl Iterator<Item = &'a Storage> {
    world.storages.iter().filter(move |storage| {
        storage.content.contains(&"images") && storage.nodes.iter().any(|own| &**own == node)
    })
}

/// Looks at a VM and a node.
///
/// # Errors
/// Where there is no such node.
pub fn outlook(world: &World, vm: &Vm, target: &str) -> Result<Outlook, Refusal> {
    let node = world
        .node(target)
        .ok_or_else(|| Refusal::missing(&format!("Node '{target}'")))?;
    let mut found = Outlook::default();
    for drive in drives(vm) {
        let storage = drive.storage();
        if is_shared(world, storage) {
            if !world
                .storage(storage)
                .is_some_and(|own| own.nodes.iter().any(|own| &**own == target))
            {
                let why = format!("storage '{storage}' is not available on node '{target}'");
                found.errors.push(why);
            }
            continue;
        }
        match drive.kind {
            DriveKind::Cd => found.media.push(drive.volid),
            DriveKind::CloudInit => found.cloud_init.push(drive.volid),
            DriveKind::Disk | DriveKind::Unused => found.local.push(Local {
                key: drive.key,
                size: drive.size.map_or(GIB, |size| size.0),
                volid: drive.volid,
            }),
        }
    }
    found.devices = rules::devices(&vm.config);
    let mapped = |key: &&String| {
        let text = crate::domain::config::text(&vm.config, key).unwrap_or_default();
        (key.starts_with("hostpci") || key.starts_with("usb")) && text.contains("mapping=")
    };
    found.mapped = vm.config.keys().filter(mapped).cloned().collect();
    if target == &*vm.node {
        found.errors.push("target is local node.".to_owned());
    }
    if !node.online() {
        found
            .errors
            .push(format!("target node '{target}' is not online"));
    }
    if let Err(reason) = vm_can::migrate(&vm.facts(false)) {
        found.errors.push(reason.0);
    }
    for medium in &found.media {
        found
            .errors
            .push(format!("can't migrate local cdrom '{medium}'"));
    }
    if !found.devices.is_empty() {
        let all = found.devices.join(", ");
        found
            .errors
            .push(format!("can't migrate VM which uses local devices: {all}"));
    }
    if vm.is_on() && !found.mapped.is_empty() {
        let all = found.mapped.join(", ");
        found.errors.push(format!(
            "can't migrate running VM which uses mapped devices: {all}"
        ));
    }
    // Of snapshots that were there from the start nobody knows which disks they hold.
    let holds = vm.snapshots.iter().any(|own| own.config.is_some());
    if vm.is_on() && !found.local.is_empty() && holds {
        let why = "online storage migration not possible if snapshot exists";
        found.errors.push(why.to_owned());
    }
    if !found.local.is_empty() {
        let what = "VM has local disks that will need to be migrated";
        found.warnings.push(what.to_owned());
    }
    if vm.is_on() {
        let what = "Online migration will cause brief network interruption";
        found.warnings.push(what.to_owned());
    }
    Ok(found)
}

fn blocked(why: &str) -> Refusal {
    Refusal::conflict("MIGRATION_BLOCKED", why)
}

/// What a request may do.
///
/// # Errors
/// Why it is refused.
pub(super) fn allowed(world: &World, vm: &Vm, asked: &AskedMove) -> Result<Outlook, Refusal> {
    let invalid =
        |field: &str, why: String| Refusal::invalid("Invalid migration request", field, &why);
    let target = asked.target.as_str();
    let found = outlook(world, vm, target)?;
    if target == &*vm.node {
        return Err(invalid("targetNode", "target is local node.".to_owned()));
    }
    vm_can::migrate(&vm.facts(false)).map_err(|reason| {
        let code = if vm.lock.is_some() {
            "VM_LOCKED"
        } else {
            "VM_STATE"
        };
        Refusal::conflict(code, reason.0)
    })?;
    for name in [target, &*vm.node] {
        if !world.node(name).is_some_and(Node::online) {
            let why = format!("No route to node '{name}'");
            return Err(Refusal::new(503, "NODE_OFFLINE", why));
        }
    }
    if let Some(index) = world.running_task(vm.id) {
        return Err(busy_reason(world, vm, index));
    }
    if vm.is_on() && !asked.online {
        let why = "can't migrate running VM without --online";
        return Err(Refusal::conflict("VM_STATE", why));
    }
    if !found.local.is_empty() && !asked.with_local_disks {
        return Err(blocked(
            "can't migrate VM with local disks unless asked to copy them",
        ));
    }
    let device = |why: &&String| asked.force && why.contains("local devices");
    if let Some(why) = found.errors.iter().find(|why| !device(why)) {
        return Err(blocked(why));
    }
    for local in &found.local {
        let to = asked.storage_of(&local.volid);
        match world.storage(to) {
            None => {
                return Err(invalid(
                    "targetStorage",
                    format!("storage '{to}' does not exist"),
                ));
            }
            Some(own) if !own.enabled => {
                return Err(invalid(
                    "targetStorage",
                    format!("storage '{to}' is disabled"),
                ));
            }
            Some(own) if !own.content.contains(&"images") => {
                let why = format!("storage '{to}' does not take disk images");
                return Err(invalid("targetStorage", why));
            }
            Some(own) if !own.nodes.iter().any(|own| &**own == target) => {
                let why = format!("storage '{to}' is not available on node '{target}'");
                return Err(invalid("targetStorage", why));
            }
            Some(_) => {}
        }
    }
    Ok(found)
}
