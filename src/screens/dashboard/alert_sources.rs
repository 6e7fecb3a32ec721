//! Where alerts come from. Each kind of trouble has a source of its own; one that fails takes
//! nothing from the others.

use super::backups::{has_failed, name};
use super::parts::minute;
use crate::api::backups::BackupHealth;
use crate::api::capabilities::Feature;
use crate::api::cluster::{ClusterResource, ClusterStatus};
use crate::api::storage::Storage;
use crate::api::tasks::Task;
use crate::api::vms::Vm;
use crate::domain::alerts::{
    Alert, Facts, FailedTask, LockedVm, NodeFacts, Overdue, StorageFacts, derive,
};
use crate::domain::ids::{Upid, VmId};
use crate::domain::locks::{Work, stands_since, taken_by};
use crate::domain::status::VmStatus;
use crate::domain::task::{TaskState, title};
use crate::domain::units::{Bytes, Instant};
use crate::stores::vms::Vms;
use crate::stores::{Live, RowsWatch, Status, Watch};
use leptos::prelude::*;
use std::collections::HashSet;

const DAY: i64 = 86_400_000;

/// Where alerts come from.
#[derive(Clone, Copy)]
pub(super) struct Sources {
    cluster: Watch<ClusterStatus>,
    usage: Watch<Vec<ClusterResource>>,
    storages: Watch<Vec<Storage>>,
    tasks: RowsWatch<Upid, Task>,
    failures: Watch<Vec<Task>>,
    vms: RowsWatch<VmId, Vm>,
    /// None where the server does not offer it.
    backups: Memo<Option<Health>>,
    lock_seen: StoredValue<Vms>,
    pub minute: Memo<Instant>,
}

/// A watch, for a memo: told apart only by whether there is one.
#[derive(Clone, Copy)]
struct Health(Watch<BackupHealth>);

impl PartialEq for Health {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// How one source stands.
pub(super) struct Check {
    pub what: &'static str,
    pub known: bool,
    pub status: Signal<Status>,
    pub again: fn(Sources),
}

impl Sources {
    pub fn new(live: &Live) -> Self {
        let refused = live.denied(Feature::BackupHealth);
        let offered = Memo::new(move |_| refused.with(Option::is_none));
        let health = live.backup_health.clone();
        Self {
            cluster: live.cluster.watch(),
            usage: live.node_usage.watch(),
            storages: live.storages.watch(),
            tasks: live.tasks.watch(),
            failures: live.failures.watch(),
            vms: live.vms.watch(),
            backups: Memo::new(move |_| offered.get().then(|| Health(health.watch()))),
            lock_seen: StoredValue::new(live.vms.clone()),
            minute: minute(live.clock.watch()),
        }
    }

    /// All sources; tracks which are known.
    pub fn checks(self) -> Vec<Check> {
        let mut checks = vec![
            Check {
                what: "nodes and quorum",
                known: self.cluster.value.with(Option::is_some),
                status: self.cluster.status,
                again: |all| drop(all.cluster.refresh()),
            },
            Check {
                what: "memory of the nodes",
                known: self.usage.value.with(Option::is_some),
                status: self.usage.status,
                again: |all| drop(all.usage.refresh()),
            },
            Check {
                what: "storages",
                known: self.storages.value.with(Option::is_some),
                status: self.storages.status,
                again: |all| drop(all.storages.refresh()),
            },
            Check {
                what: "tasks",
                known: self.tasks.rows().is_loaded(),
                status: self.tasks.status,
                again: |all| drop(all.tasks.refresh()),
            },
            Check {
                what: "failed tasks",
                known: self.failures.value.with(Option::is_some),
                status: self.failures.status,
                again: |all| drop(all.failures.refresh()),
            },
            Check {
                what: "VMs",
                known: self.vms.rows().is_loaded(),
                status: self.vms.status,
                again: |all| drop(all.vms.refresh()),
            },
        ];
        if let Some(Health(watch)) = self.backups.get() {
            checks.push(Check {
                what: "backups",
                known: watch.value.with(Option::is_some),
                status: watch.status,
                again: |all| {
                    if let Some(Health(watch)) = all.backups.get_untracked() {
                        drop(watch.refresh());
                    }
                },
            });
        }
        checks
    }

    /// What follows from all that is known; tracked.
    pub fn alerts(self) -> Vec<Alert> {
        let cluster = self.cluster.get();
        let usage = self.usage.get();
        let storages = self.storages.get();
        let (newest, older) = (self.tasks.all(), self.failures.get());
        let older = older.as_deref().map_or(&[][..], Vec::as_slice);
        let tasks = once_each(newest.iter().map(|task| &**task).chain(older));
        let vms = self.vms.rows().roster();
        let health = self.backups.get().and_then(|Health(watch)| watch.get());
        let rows = usage.as_deref().map_or(&[][..], Vec::as_slice);
        let memory = |node: &str| {
            let row = rows.iter().find(|row| row.node.as_deref() == Some(node))?;
            row.mem?.of(row.maxmem?)
        };
        let since = self.minute.get().millis - DAY;
        let named = |vm: VmId| {
            let row = self.vms.rows().peek(&vm);
            row.map(|row| row.name.clone())
        };
        let coverage = health.as_deref().map_or(&[][..], |health| &health.coverage);
        let names: Vec<String> = coverage.iter().map(name).collect();
        let facts = Facts {
            quorate: cluster.as_deref().and_then(|status| status.cluster.quorate),
            nodes: cluster
                .iter()
                .flat_map(|status| &status.nodes)
                .map(|node| NodeFacts {
                    name: &node.name,
                    online: node.online,
                    memory: memory(&node.name),
                })
                .collect(),
            storages: storages
                .iter()
                .flat_map(|all| all.iter())
                .map(fill)
                .collect(),
            failed: failed(&tasks, since, named),
            overdue: coverage
                .iter()
                .zip(&names)
                .filter(|(vm, _)| vm.overdue || has_failed(vm))
                .map(|(vm, name)| Overdue {
                    vmid: vm.vmid,
                    name,
                })
                .collect(),
            broken: vms
                .iter()
                .filter(|vm| vm.status == VmStatus::Error && !vm.template)
                .map(|vm| (vm.vmid, vm.name.as_str()))
                .collect(),
            locked: vms
                .iter()
                .filter_map(|vm| locked(vm, &tasks, self.lock_seen))
                .collect(),
            now: self.minute.get(),
        };
        derive(&facts)
    }
}

fn fill(storage: &Storage) -> StorageFacts<'_> {
    let counted = storage.total.zip(storage.used);
    StorageFacts {
        name: &storage.storage,
        enabled: storage.enabled != Some(false),
        active: storage.active,
        used: storage.fill(),
        left: storage
            .available
            .or_else(|| counted.map(|(total, used)| Bytes(total.0.saturating_sub(used.0)))),
    }
}

/// Each task once, the first of those with its ID: newest first.
fn once_each<'a>(tasks: impl Iterator<Item = &'a Task>) -> Vec<(&'a Task, TaskState)> {
    let mut known = HashSet::new();
    let mut tasks: Vec<(&Task, TaskState)> = tasks
        .filter(|task| known.insert(&task.upid))
        .map(|task| (task, task.state()))
        .collect();
    tasks.sort_by_key(|(task, _)| std::cmp::Reverse(task.starttime));
    tasks
}

/// A VM with a lock that no running task explains, as far as is known.
fn locked<'a>(
    vm: &'a Vm,
    tasks: &[(&Task, TaskState)],
    seen: StoredValue<Vms>,
) -> Option<LockedVm<'a>> {
    let lock = vm.lock.as_ref()?;
    // A task that works on many VMs, such as a backup of all of a node, names none.
    let of_many = |task: &Task| {
        task.id.is_empty() && task.node == vm.node && taken_by(lock).contains(&&*task.kind)
    };
    let work = tasks
        .iter()
        .filter(|(task, _)| task.vm() == Some(vm.vmid) || of_many(task))
        .map(|(task, state)| Work {
            kind: &task.kind,
            running: state.is_running(),
            well: matches!(state, TaskState::Ok | TaskState::Warning(_)),
            began: task.starttime,
        });
    let seen = seen.try_with_value(|vms| vms.lock_seen(vm.vmid)).flatten();
    Some(LockedVm {
        vmid: vm.vmid,
        name: &vm.name,
        lock: lock.as_str(),
        since: stands_since(lock, work, seen)?,
    })
}

/// The tasks that failed since then, newest first, and were not made good by the same task on the
/// same object.
fn failed<'a>(
    tasks: &[(&'a Task, TaskState)],
    since: i64,
    named: impl Fn(VmId) -> Option<String>,
) -> Vec<FailedTask<'a>> {
    let mut done = HashSet::new();
    let mut failed = Vec::new();
    for (task, state) in tasks {
        let work = (task.kind.as_str(), task.id.as_str());
        let at = task.endtime.or(task.starttime);
        let fresh = at.is_none_or(|at| at.millis >= since);
        match state {
            TaskState::Ok | TaskState::Warning(_) => {
                done.insert(work);
            }
            TaskState::Failed(_) if fresh && !done.contains(&work) => {
                let name = task.vm().and_then(&named);
                let (verb, object) = title(&task.kind, &task.id, name.as_deref());
                failed.push(FailedTask {
                    upid: &task.upid,
                    title: format!("{verb} {object}").trim().to_owned(),
                    why: task.exitstatus.as_deref().unwrap_or(&task.status),
                    at,
                });
            }
            _ => {}
        }
    }
    failed
}
