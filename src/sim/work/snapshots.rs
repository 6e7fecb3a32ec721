//! Snapshots: taken, deleted, gone back to, with the rules that refuse it and what it changes.

use super::plans::{Plan, busy_reason, end, launched, line};
use super::run;
use crate::domain::config;
use crate::domain::snapshot::name;
use crate::domain::status::{GuestKind, Lock};
use crate::domain::vm_can::{self, Reason};
use crate::sim::model::{NewSnapshot, Node, Snapshot, Storage, Vm, VmChange, Work, World};
use crate::sim::refusal::Refusal;

/// A storage with less than this left has no room for anything.
const ROOM: u64 = 64 << 20;

fn find(world: &World, id: u32) -> Result<&Vm, Refusal> {
    world
        .vms
        .get(&id)
        .ok_or_else(|| Refusal::missing(&format!("VM {id}")))
}

/// What stands in the way of all three: template, lock, another task, node.
pub(super) fn ready(world: &World, vm: &Vm, allowed: Result<(), Reason>) -> Result<(), Refusal> {
    allowed.map_err(|reason| {
        let code = if vm.template && !reason.0.starts_with("VM is locked") {
            "VM_TEMPLATE"
        } else {
            "VM_LOCKED"
        };
        let refusal = Refusal::conflict(code, reason.0);
        match &vm.lock {
            Some(Lock::Backup) => refusal.detail("reason", "A backup of this VM is running"),
            _ => refusal,
        }
    })?;
    if !world.node(&vm.node).is_some_and(Node::online) {
        return Err(Refusal::new(
            503,
            "NODE_OFFLINE",
            format!("No route to node '{}'", vm.node),
        ));
    }
    match world.running_task(vm.id) {
        Some(index) => Err(busy_reason(world, vm, index)),
        None => Ok(()),
    }
}

fn has(vm: &Vm, name: &str) -> Result<(), Refusal> {
    if vm.snapshots.iter().any(|snapshot| snapshot.name == name) {
        Ok(())
    } else {
        Err(Refusal::missing(&format!("Snapshot '{name}'")))
    }
}

/// Volumes of its disks with the storage of each.
fn volumes(vm: &Vm) -> Vec<(String, String, String)> {
    config::disks(&vm.config)
        .iter()
        .filter(|disk| disk.is_owned() && !disk.is_cloud_init())
        .filter_map(|disk| {
            let volume = disk.volume()?.to_owned();
            Some((disk.key.clone(), volume, disk.storage()?.to_owned()))
        })
        .collect()
}

fn storage<'a>(world: &'a World, name: &str) -> Option<&'a Storage> {
    world
        .storages
        .iter()
        .find(|storage| storage.storage == name)
}

/// Why the storages refuse, in Proxmox's words. Only the running task finds that out.
fn trouble(world: &World, vm: &Vm, needs: Option<u64>, snapshot: &str) -> Option<String> {
    volumes(vm).into_iter().find_map(|(_, volume, name)| {
        let storage = storage(world, &name)?;
        if !storage.active || !storage.enabled {
            return Some(format!("storage '{name}' is not online"));
        }
        let full = needs.is_some_and(|needs| storage.available < needs.max(ROOM));
        full.then(|| {
            format!("cannot create snapshot '{snapshot}' of '{volume}': no space left on '{name}'")
        })
    })
}

pub(super) const fn kind(vm: &Vm, qemu: &'static str, lxc: &'static str) -> &'static str {
    match vm.kind {
        GuestKind::Lxc => lxc,
        _ => qemu,
    }
}

fn lock(after: i64, lock: Option<Lock>) -> (i64, Work) {
    (after, Work::Vm(VmChange::Lock(lock)))
}

/// Ends with an error, the lock taken off before.
fn failed(after: i64, why: String) -> [(i64, Work); 2] {
    [lock(after - 50, None), (after, Work::End(why))]
}

pub(super) fn begin(
    world: &mut World,
    id: u32,
    kind: &'static str,
    steps: Vec<(i64, Work)>,
) -> Plan {
    let node = world
        .vms
        .get(&id)
        .map(|vm| vm.node.to_string())
        .unwrap_or_default();
    launched(world, kind, (id.to_string(), Some(id)), &node, steps)
}

/// Whether a snapshot of that name may be taken now.
///
/// # Errors
/// Why not: state, lock, another task, node, name.
pub fn may_create(world: &World, id: u32, name: &str) -> Result<(), Refusal> {
    let vm = find(world, id)?;
    name::check(name, |_| false)
        .map_err(|why| Refusal::invalid("Invalid snapshot name", "name", &why))?;
    ready(world, vm, vm_can::snapshot(&vm.facts(false)))?;
    if has(vm, name).is_ok() {
        return Err(Refusal::conflict(
            "SNAPSHOT_EXISTS",
            format!("snapshot name '{name}' already used"),
        ));
    }
    Ok(())
}

/// Starts to take a snapshot. Memory is kept only of a machine that runs; Proxmox leaves it out of
/// another's without a word.
///
/// # Errors
/// As [`may_create`].
pub fn create(world: &mut World, id: u32, new: NewSnapshot) -> Result<Plan, Refusal> {
    may_create(world, id, &new.name)?;
    let vm = find(world, id)?;
    let vmstate = new.vmstate && vm_can::snapshot_memory(&vm.facts(false)).is_ok();
    let kind = kind(vm, "qmsnapshot", "vzsnapshot");
    let memory = vm.usage.mem;
    let mut steps = vec![lock(100, Some(Lock::Snapshot))];
    if let Some(why) = trouble(world, vm, Some(if vmstate { memory } else { 0 }), &new.name) {
        steps.extend(failed(900, why));
        return Ok(begin(world, id, kind, steps));
    }
    let mut after = 500;
    if vmstate {
        steps.push(line(
            after,
            "saving VM state and RAM using storage 'local-zfs'",
        ));
        for part in 1..=8_u32 {
            after += 600;
            let share = f64::from(part) / 8.0;
            let says = format!("{:.0}% of the memory saved", share * 100.0);
            steps.push(line(after, says.clone()));
            steps.push((after, Work::Progress(share, says)));
        }
        after += 300;
    }
    for (key, volume, _) in volumes(vm) {
        after += 400;
        steps.push(line(
            after,
            format!("snapshotting 'drive-{key}' ({volume})"),
        ));
    }
    steps.push((after + 300, Work::Snapshot(NewSnapshot { vmstate, ..new })));
    steps.push(lock(after + 400, None));
    steps.push(end(after + 600));
    Ok(begin(world, id, kind, steps))
}

/// Starts to delete a snapshot.
///
/// # Errors
/// Why not: unknown, lock, another task, node.
pub fn delete(world: &mut World, id: u32, name: &str) -> Result<Plan, Refusal> {
    let vm = find(world, id)?;
    has(vm, name)?;
    ready(world, vm, vm_can::delete_snapshot(&vm.facts(false)))?;
    let kind = kind(vm, "qmdelsnapshot", "vzdelsnapshot");
    let mut steps = vec![lock(100, Some(Lock::SnapshotDelete))];
    if let Some(why) = trouble(world, vm, None, name) {
        steps.extend(failed(700, why));
        return Ok(begin(world, id, kind, steps));
    }
    let mut after = 300;
    for (key, volume, _) in volumes(vm) {
        after += 400;
        let text = format!("removing snapshot '{name}' of 'drive-{key}' ({volume})");
        steps.push(line(after, text));
    }
    steps.push((after + 300, Work::DropSnapshot(name.to_owned())));
    steps.push(lock(after + 400, None));
    steps.push(end(after + 600));
    Ok(begin(world, id, kind, steps))
}

/// Starts to go back to a snapshot. ZFS goes back to the newest alone, as only the task finds.
///
/// # Errors
/// Why not: unknown, template, lock, another task, node.
pub fn roll_back(world: &mut World, id: u32, name: &str) -> Result<Plan, Refusal> {
    let vm = find(world, id)?;
    has(vm, name)?;
    ready(world, vm, vm_can::roll_back(&vm.facts(false)))?;
    let kind = kind(vm, "qmrollback", "vzrollback");
    let mut steps = vec![lock(100, Some(Lock::Rollback))];
    let newest = vm.snapshots.last().is_some_and(|last| last.name == name);
    let on_zfs = volumes(vm)
        .into_iter()
        .find(|(_, _, at)| storage(world, at).is_some_and(|storage| storage.kind == "zfspool"));
    let refused = trouble(world, vm, None, name).or_else(|| {
        let (_, volume, _) = on_zfs.filter(|_| !newest)?;
        Some(format!(
            "can't rollback, '{name}' is not most recent snapshot on '{volume}'"
        ))
    });
    if let Some(why) = refused {
        steps.extend(failed(800, why));
        return Ok(begin(world, id, kind, steps));
    }
    let memory = vm
        .snapshots
        .iter()
        .any(|snapshot| snapshot.name == name && snapshot.vmstate);
    let mut after = 400;
    if vm.is_on() {
        steps.push((after, Work::Vm(VmChange::Off)));
        after += 600;
    }
    for (key, volume, _) in volumes(vm) {
        after += 400;
        let text = format!("rolling back 'drive-{key}' ({volume}) to '{name}'");
        steps.push(line(after, text));
    }
    steps.push((after + 300, Work::RollBack(name.to_owned())));
    steps.push(lock(after + 400, None));
    if memory {
        steps.push(line(
            after + 600,
            format!("Resuming VM with the memory of '{name}'"),
        ));
        after += 1_500;
        steps.push((after, Work::Vm(VmChange::On)));
    }
    steps.push(end(after + 700));
    Ok(begin(world, id, kind, steps))
}

/// The snapshot that a VM's present state came out of.
fn standing(vm: &Vm) -> Option<String> {
    vm.on_snapshot
        .clone()
        .or_else(|| vm.snapshots.last().map(|last| last.name.clone()))
}

pub(super) fn keep(world: &mut World, id: u32, new: NewSnapshot, at: i64) {
    world.change_vm(id, |vm| {
        let parent = standing(vm);
        vm.on_snapshot = Some(new.name.clone());
        vm.snapshots.push(Snapshot {
            name: new.name,
            snaptime: at.div_euclid(1000),
            description: new.description,
            parent,
            vmstate: new.vmstate,
            running: Some(false),
            size: new.vmstate.then_some(vm.usage.mem),
            config: Some(vm.config.clone()),
        });
        vm.shown.snapshots = None;
    });
}

pub(super) fn drop_one(world: &mut World, id: u32, name: &str) {
    world.change_vm(id, |vm| {
        let here = standing(vm);
        let Some(place) = vm.snapshots.iter().position(|other| other.name == name) else {
            return;
        };
        let gone = vm.snapshots.remove(place);
        for other in &mut vm.snapshots {
            if other.parent.as_deref() == Some(name) {
                other.parent.clone_from(&gone.parent);
            }
        }
        vm.on_snapshot = if here.as_deref() == Some(name) {
            gone.parent
        } else {
            here
        };
        vm.shown.snapshots = None;
    });
}

pub(super) fn roll_back_to(world: &mut World, id: u32, name: &str) {
    world.change_vm(id, |vm| {
        let Some(found) = vm.snapshots.iter().find(|other| other.name == name) else {
            return;
        };
        if let Some(config) = found.config.clone() {
            vm.config = config;
            vm.pending.clear();
            vm.read_config();
            vm.shown.digest = None;
        }
        vm.on_snapshot = Some(name.to_owned());
        vm.shown.snapshots = None;
        if vm.is_on() {
            run::turn_off(vm, vm.usage.at);
        }
    });
}
