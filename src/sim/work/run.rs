//! The clockwork: steps of tasks, and what they change.

use super::{backups, migrate, restore, snapshots};
use crate::domain::status::VmStatus;
use crate::domain::vm_can::PowerAction;
use crate::sim::events::Topic;
use crate::sim::model::{LogLine, Outcome, Step, Task, Usage, Vm, VmChange, Work, World};
use crate::sim::{bulk, usage};
use serde_json::json;

/// A task about to start.
#[derive(Debug, Clone)]
pub struct Launch<'a> {
    /// `qmstart` …
    pub kind: &'a str,
    /// Object worked on.
    pub id: String,
    /// VM worked on.
    pub vm: Option<u32>,
    /// Node that runs it.
    pub node: &'a str,
    /// `name@realm`.
    pub user: &'a str,
    /// Milliseconds after the start, and what happens then.
    pub steps: Vec<(i64, Work)>,
}

/// Starts a task now and says where it stands in `tasks`.
pub fn launch(world: &mut World, launch: Launch<'_>) -> usize {
    let pid = world.rng.u32(2_000..4_000_000);
    let booted = world
        .node(launch.node)
        .map_or(world.now, |node| node.booted);
    let pstart = u64::try_from((world.now - booted) / 10).unwrap_or_default() & 0xffff_ffff;
    let starttime = world.now.div_euclid(1000);
    let (node, kind, id, user) = (launch.node, launch.kind, &launch.id, launch.user);
    let upid = format!("UPID:{node}:{pid:08X}:{pstart:08X}:{starttime:08X}:{kind}:{id}:{user}:");
    let now = world.now;
    let task = Task {
        upid,
        node: node.to_owned(),
        pid,
        pstart,
        started: now,
        kind: kind.to_owned(),
        id: launch.id.clone(),
        user: user.to_owned(),
        vm: launch.vm,
        steps: launch
            .steps
            .into_iter()
            .map(|(after, work)| Step {
                at: now + after,
                work,
            })
            .collect(),
        ..Task::default()
    };
    let index = settle(world, task);
    world.tell_task(index, "created");
    index
}

/// Takes a task in as it is, and does what is due of it.
pub fn settle(world: &mut World, task: Task) -> usize {
    let index = world.tasks.len();
    world.task_index.insert(task.upid.clone(), index);
    if let Some(step) = task.steps.front() {
        world.due.insert((step.at, index));
    }
    world.tasks.push(task);
    index
}

/// Does all steps that are due by now.
pub fn advance(world: &mut World) {
    while let Some(&(at, index)) = world.due.first() {
        if at > world.now {
            break;
        }
        world.due.pop_first();
        let Some(step) = world
            .tasks
            .get_mut(index)
            .and_then(|task| task.steps.pop_front())
        else {
            continue;
        };
        perform(world, index, step);
        if let Some(next) = world.tasks.get(index).and_then(|task| task.steps.front()) {
            world.due.insert((next.at, index));
        }
    }
}

fn perform(world: &mut World, index: usize, step: Step) {
    let Some(task) = world.tasks.get_mut(index) else {
        return;
    };
    let vm = task.makes.or(task.vm);
    match step.work {
        Work::Fill(storage, bytes) => {
            if let Some(why) = super::make::fill(world, vm, &storage, bytes) {
                fail(world, index, step.at, why);
            }
        }
        Work::Log(text) => log(world, index, step.at, text),
        Work::Progress(share, says) => {
            task.progress = Some(share);
            task.says = Some(says.clone());
            let data = json!({"fraction": share, "message": says}).to_string();
            let upid = task.upid.clone();
            world
                .events
                .push(step.at, Topic::Task, "progress", &upid, Some(&data));
        }
        Work::Vm(change) => {
            if let Some(vm) = vm {
                change_vm(world, vm, change);
            }
        }
        Work::Backup(archive) => {
            if let Some(why) = vm.and_then(|vm| backups::keep(world, vm, archive, step.at)) {
                fail(world, index, step.at, why);
            }
        }
        Work::DropBackup(volid) => {
            if let Some(why) = backups::drop_one(world, &volid) {
                fail(world, index, step.at, why);
            }
        }
        Work::Verified(volid) => {
            if let Some(why) = backups::verified(world, index, &volid, step.at) {
                fail(world, index, step.at, why);
            }
        }
        Work::Wipe => {
            if let Some(vm) = vm {
                restore::wipe(world, vm);
            }
        }
        Work::Restored(restored) => {
            if let Some(vm) = vm {
                restore::become_it(world, vm, *restored);
            }
        }
        Work::Fail(why) => fail(world, index, step.at, why),
        Work::Snapshot(new) => {
            if let Some(vm) = vm {
                snapshots::keep(world, vm, new, step.at);
            }
        }
        Work::DropSnapshot(name) => {
            if let Some(vm) = vm {
                snapshots::drop_one(world, vm, &name);
            }
        }
        Work::RollBack(name) => {
            if let Some(vm) = vm {
                snapshots::roll_back_to(world, vm, &name);
            }
        }
        Work::Move(part) => {
            if let Some(why) = vm.and_then(|vm| migrate::step(world, vm, part, step.at)) {
                let started = world.tasks.get(index).map_or(step.at, |task| task.started);
                log(
                    world,
                    index,
                    step.at,
                    migrate::aborted(started, step.at, &why),
                );
                fail(world, index, step.at, migrate::ABORTED.to_owned());
            }
        }
        Work::Follow(action) => {
            if let (Some(vm), Some(action)) = (vm, PowerAction::parse(action)) {
                super::power_as(world, vm, action, "root@pam");
            }
        }
        Work::End(exit) => end(world, index, step.at, exit),
    }
}

fn log(world: &mut World, index: usize, at: i64, text: String) {
    let Some(task) = world.tasks.get_mut(index) else {
        return;
    };
    let data = json!({"n": task.log.len() + 1, "t": text}).to_string();
    task.log.push(LogLine { at, text });
    let upid = task.upid.clone();
    world
        .events
        .push(at, Topic::Task, "log", &upid, Some(&data));
}

/// Writes a line into a task's log now.
pub fn say(world: &mut World, index: usize, text: String) {
    let now = world.now;
    log(world, index, now, text);
}

/// Ends a running task now with that exit status.
pub fn stop(world: &mut World, index: usize, exit: String) {
    if world.tasks.get(index).is_some_and(Task::running) {
        let now = world.now;
        world.due.retain(|(_, other)| *other != index);
        end(world, index, now, exit);
    }
}

fn end(world: &mut World, index: usize, at: i64, exit: String) {
    let last = match exit.as_str() {
        "OK" => "TASK OK".to_owned(),
        warnings if warnings.starts_with("WARNINGS") => format!("TASK {warnings}"),
        error => format!("TASK ERROR: {error}"),
    };
    log(world, index, at, last);
    let Some(task) = world.tasks.get_mut(index) else {
        return;
    };
    task.ended = Some(at);
    task.exit = Some(exit);
    task.progress = None;
    task.steps.clear();
    let failed = task.failed().then(|| task.exit.clone()).flatten();
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of a task fit")]
    let seconds = (at - task.started) as f64 / 1000.0;
    if let Some(entry) = task.audit.and_then(|entry| world.audit.get_mut(entry)) {
        entry.duration = (seconds * 10.0).round() / 10.0;
        if let Some(why) = failed {
            entry.end(Outcome::Failed(why));
        }
    }
    world.tell_task(index, "updated");
    bulk::task_ended(world, index);
}

/// Ends a task before its steps are through; what it was making goes, and so does a lock that it
/// held.
fn fail(world: &mut World, index: usize, at: i64, why: String) {
    let Some(task) = world.tasks.get_mut(index) else {
        return;
    };
    task.steps.clear();
    let (made, vm) = (task.makes.take(), task.vm);
    world.due.retain(|(_, other)| *other != index);
    end(world, index, at, why);
    if let Some(made) = made {
        remove(world, made);
    } else if let Some(vm) = vm {
        change_vm(world, vm, VmChange::Lock(None));
    }
}

/// Ends a running task early; a lock that it held goes.
pub fn cancel(world: &mut World, index: usize) {
    let Some(task) = world.tasks.get_mut(index) else {
        return;
    };
    task.steps.clear();
    let (vm, kind, started) = (task.vm, task.kind.clone(), task.started);
    if task.makes.is_some() {
        let now = world.now;
        fail(world, index, now, "interrupted by signal".to_owned());
        return;
    }
    world.due.retain(|(_, other)| *other != index);
    let now = world.now;
    let signal = "interrupted by signal";
    if kind == "qmigrate" {
        log(world, index, now, migrate::aborted(started, now, signal));
        end(world, index, now, migrate::ABORTED.to_owned());
    } else {
        end(world, index, now, signal.to_owned());
    }
    let locks = matches!(
        kind.as_str(),
        "vzdump"
            | "qmigrate"
            | "qmbackup"
            | "qmcreate"
            | "qmrestore"
            | "vzrestore"
            | "qmsnapshot"
            | "vzsnapshot"
            | "qmdelsnapshot"
            | "vzdelsnapshot"
            | "qmrollback"
            | "vzrollback"
    );
    if let (Some(vm), true) = (vm, locks) {
        change_vm(world, vm, VmChange::Lock(None));
    }
}

fn change_vm(world: &mut World, id: u32, change: VmChange) {
    let now = world.now;
    if change == VmChange::Remove {
        remove(world, id);
        return;
    }
    world.change_vm(id, |vm| match change {
        VmChange::On => turn_on(vm, now),
        VmChange::Off => turn_off(vm, now),
        VmChange::Cycle => {
            turn_off(vm, now);
            turn_on(vm, now);
        }
        VmChange::Reset => usage::sample(vm, now),
        VmChange::Status(status) => {
            vm.status = status;
            usage::sample(vm, now);
        }
        VmChange::Lock(lock) => vm.lock = lock,
        VmChange::Ha(state) => {
            if vm.ha.is_some() {
                vm.ha = Some(state.to_owned());
            }
        }
        VmChange::Remove => {}
    });
}

pub(super) fn turn_on(vm: &mut Vm, now: i64) {
    vm.apply_pending();
    vm.status = VmStatus::Running;
    vm.started = Some(now);
    vm.usage = Usage {
        disk: vm.usage.disk,
        at: now,
        ..Usage::default()
    };
    usage::sample(vm, now);
    usage::watch(vm, now);
}

pub(super) fn turn_off(vm: &mut Vm, now: i64) {
    vm.apply_pending();
    vm.status = VmStatus::Stopped;
    vm.started = None;
    vm.usage = Usage {
        disk: vm.usage.disk,
        at: now,
        ..Usage::default()
    };
}

fn remove(world: &mut World, id: u32) {
    let Some(vm) = world.vms.remove(&id) else {
        return;
    };
    for disk in crate::domain::config::disks(&vm.config) {
        let storage = disk.storage().unwrap_or_default();
        if let Some(storage) = world
            .storages
            .iter_mut()
            .find(|other| other.storage == storage)
        {
            let used = storage.used.saturating_sub(vm.usage.disk);
            storage.set_used(used);
            break;
        }
    }
    world
        .events
        .push(world.now, Topic::Vm, "deleted", &id.to_string(), None);
}
