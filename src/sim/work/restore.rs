//! Restoring backups, as new VMs and over those that are there.

use super::backups::{in_use, offline};
use super::make::{copying, mac, moved, put_in, room};
use super::plans::{Plan, busy_reason, end, line};
use super::{run, snapshots};
use crate::domain::config::{self, ConfigMap};
use crate::domain::provision::Restore;
use crate::domain::status::{GuestKind, Lock, VmStatus};
use crate::domain::vm_can;
use crate::sim::model::{Restored, Vm, VmChange, Work, World};
use crate::sim::refusal::Refusal;
use std::collections::BTreeMap;

/// What stands in the way of replacing a VM.
fn may_replace(world: &World, vm: &Vm, back: &Restore) -> Result<(), Refusal> {
    let id = vm.id;
    if !back.overwrite {
        return Err(Refusal::conflict(
            "VM_EXISTS",
            format!("unable to restore VM {id} - VM already exists"),
        )
        .detail("vmId", format!("{id} is taken by {}", vm.name)));
    }
    if *vm.node != *back.node {
        return Err(Refusal::conflict(
            "VM_EXISTS",
            format!(
                "unable to restore VM {id} - VM already exists on node '{}'",
                vm.node
            ),
        )
        .detail("targetNode", format!("VM {id} is on {}", vm.node)));
    }
    let facts = vm.facts(false);
    vm_can::restore_over(&facts).map_err(|reason| {
        let (code, why) = match &vm.lock {
            _ if vm.template => ("VM_TEMPLATE", "vm is a template"),
            _ if facts.protection => ("VM_PROTECTED", "protection mode enabled"),
            _ if vm.status != VmStatus::Stopped => ("VM_STATE", "vm is running"),
            _ => ("VM_LOCKED", "vm is locked"),
        };
        Refusal::conflict(code, format!("unable to restore VM {id} - {why}"))
            .detail("suggestion", reason.0)
    })?;
    match world.running_task(id) {
        Some(index) => Err(busy_reason(world, vm, index)),
        None => Ok(()),
    }
}

/// The configuration that comes of it, the bytes asked of each storage, and disk by disk what is
/// written where.
struct Laid {
    config: ConfigMap,
    asked: BTreeMap<String, u64>,
    disks: Vec<(String, String, u64)>,
}

fn lay_out(kept: &ConfigMap, back: &Restore, seed: u64) -> Laid {
    let mut laid = Laid {
        config: kept.clone(),
        asked: BTreeMap::new(),
        disks: Vec::new(),
    };
    laid.config.remove("template");
    // They stand beside the configuration here.
    laid.config.remove("tags");
    let id = back.vm.0;
    let disks = config::disks(kept);
    for (number, disk) in disks.iter().filter(|disk| disk.is_owned()).enumerate() {
        let (Some(own), Some(volume)) = (disk.storage(), disk.volume()) else {
            continue;
        };
        if disk.print().split(',').any(|part| part == "backup=0") {
            // It is in no archive.
            laid.config.remove(&disk.key);
            continue;
        }
        let mapped = back.storages.get(&disk.key).or(back.storage.as_ref());
        let target = mapped.map_or(own, String::as_str);
        let (_, text) = moved(disk, volume, target, id, number);
        laid.config.insert(disk.key.clone(), text.into());
        if let Some(size) = disk.size().filter(|_| !disk.is_cloud_init()) {
            *laid.asked.entry(target.to_owned()).or_default() += size.0;
            laid.disks
                .push((disk.key.clone(), target.to_owned(), size.0));
        }
    }
    for (at, nic) in config::nics(kept).into_iter().enumerate() {
        let mut text = nic.print();
        if let (true, Some(old)) = (back.unique, nic.mac()) {
            text = text.replacen(old, &mac(seed, id, at), 1);
        }
        if let Some(bridge) = back.bridges.get(&nic.key) {
            let parts: Vec<String> = text
                .split(',')
                .map(|part| match part.strip_prefix("bridge=") {
                    Some(_) => format!("bridge={bridge}"),
                    None => part.to_owned(),
                })
                .collect();
            text = parts.join(",");
        }
        laid.config.insert(nic.key, text.into());
    }
    for (key, value) in [("name", &back.name), ("description", &back.description)] {
        if let Some(value) = value {
            laid.config.insert(key.into(), value.as_str().into());
        }
    }
    laid
}

/// Bytes that the disks of a VM take, and the storage that they are counted on.
fn holds(vm: &Vm) -> Option<(String, u64)> {
    let disks = config::disks(&vm.config);
    let storage = disks.iter().find_map(config::Disk::storage)?;
    Some((storage.to_owned(), vm.usage.disk))
}

/// Starts to restore a backup. That it is damaged, the task finds out.
///
/// # Errors
/// Why it is refused: unknown, being worked on, the number is taken, the VM to be replaced may not
/// be, a storage has no room.
pub fn restore(world: &mut World, back: &Restore) -> Result<Plan, Refusal> {
    let id = back.vm.0;
    let backup = world
        .backup(&back.backup)
        .ok_or_else(|| Refusal::missing(&format!("Backup '{}'", back.backup)))?;
    let old = world.vms.get(&id);
    if let Some(vm) = old {
        may_replace(world, vm, back)?;
    }
    in_use(world, &back.backup)?;
    let laid = lay_out(&backup.guest.config, back, world.seed);
    let mut asked = laid.asked.clone();
    // What is there goes first.
    if let Some((storage, bytes)) = old.and_then(holds)
        && let Some(wanted) = asked.get_mut(&storage)
    {
        *wanted = wanted.saturating_sub(bytes);
    }
    let field = if back.storages.is_empty() {
        "targetStorage"
    } else {
        "storageMapping"
    };
    room(world, &asked, field)?;
    let container = backup.volid.contains("vzdump-lxc-") || backup.format == "pbs-ct";
    let damaged = backup.damaged;
    let tags = backup.guest.tags.clone();
    let mut steps = vec![line(
        100,
        format!("restore vma archive: {} | vma extract -v -r", back.backup),
    )];
    let mut after = 400;
    if old.is_some() {
        steps.push(line(after, format!("removing the old disks of VM {id}")));
        steps.push((after + 200, Work::Wipe));
        after += 400;
    }
    if let Some(why) = offline(world, backup.storage()) {
        steps.push((300, Work::Fail(why)));
    }
    for (key, storage, bytes) in &laid.disks {
        after = copying(&mut steps, after, *bytes, key);
        steps.push((after, Work::Fill(storage.clone(), *bytes)));
        if damaged {
            let why = "vma extract failed: zstd: data corruption detected";
            steps.push((after, Work::Fail(why.to_owned())));
        }
    }
    let restored = Restored {
        backup: back.backup.clone(),
        config: laid.config.clone(),
        tags: tags.clone(),
    };
    steps.push((after + 200, Work::Restored(Box::new(restored))));
    steps.push((after + 300, Work::Vm(VmChange::Lock(None))));
    if back.start {
        steps.push((after + 400, Work::Follow("start")));
    }
    steps.push(end(after + 600));
    // Stable, so that what was said to happen at one moment happens in the order it was said.
    steps.sort_by_key(|(after, _)| *after);
    let new = old.is_none();
    if new {
        let vm = Vm {
            id,
            node: back.node.as_str().into(),
            status: VmStatus::Stopped,
            kind: if container {
                GuestKind::Lxc
            } else {
                GuestKind::Qemu
            },
            tags,
            config: laid.config,
            ..Vm::default()
        };
        put_in(world, vm, Lock::Create);
    } else {
        world.change_vm(id, |vm| vm.lock = Some(Lock::Create));
    }
    let kind = if container { "vzrestore" } else { "qmrestore" };
    let plan = snapshots::begin(world, id, kind, steps);
    if let Some(task) = world.tasks.get_mut(plan.task).filter(|_| new) {
        task.makes = Some(id);
    }
    Ok(plan)
}

/// Takes the disks and snapshots of a VM away.
pub(super) fn wipe(world: &mut World, id: u32) {
    let held = world.vms.get(&id).and_then(holds);
    if let Some((storage, bytes)) = held
        && let Some(storage) = world.storage_mut(&storage)
    {
        storage.set_used(storage.used.saturating_sub(bytes));
    }
    world.change_vm(id, |vm| {
        let disks = config::disks(&vm.config);
        for disk in disks.iter().filter(|disk| disk.is_owned()) {
            vm.config.remove(&disk.key);
        }
        vm.usage.disk = 0;
        vm.snapshots.clear();
        vm.on_snapshot = None;
        vm.shown.snapshots = None;
        vm.shown.digest = None;
    });
}

/// A VM is what the backup had.
pub(super) fn become_it(world: &mut World, id: u32, restored: Restored) {
    world.change_vm(id, |vm| {
        vm.config = restored.config;
        vm.tags = restored.tags;
        vm.pending.clear();
        vm.read_config();
        vm.shown.digest = None;
        if vm.is_on() {
            run::turn_off(vm, vm.usage.at);
        }
    });
}
