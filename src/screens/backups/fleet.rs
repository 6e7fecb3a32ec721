//! The backups of all VMs as rows, whatever page shows them.

use super::ask::Backups;
use super::target::Target;
use crate::api::backups::{Backup, VerifyState};
use crate::api::vms::Vm;
use crate::domain::backup_list::{BackupRow, Check};
use crate::domain::ids::VmId;
use crate::screens::common::facts::matching;
use crate::stores::fleet_backups::AllBackups;
use crate::stores::{Live, Watch};
use leptos::prelude::*;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

/// Rows, in an order.
pub type Rows = Arc<Vec<Arc<BackupRow>>>;
/// VMs, in the server's order.
pub type Roster = Arc<Vec<Arc<Vm>>>;

/// Tasks after which the list is another one.
const KINDS: [&str; 6] = [
    "vzdump",
    "qmbackup",
    "imgdel",
    "verifybackup",
    "verify",
    "prunebackups",
];
/// What they changed shows soon after.
const SETTLE: Duration = Duration::from_secs(10);

/// All backups and all VMs. `Copy`; lives as long as the page.
#[derive(Debug, Clone, Copy)]
pub struct Fleet {
    /// The load of the backups.
    pub watch: Watch<AllBackups>,
    /// Whatever the filters.
    pub all: Memo<Rows>,
    /// The VMs.
    pub roster: Memo<Roster>,
    /// Whether the VMs are known.
    pub knows_vms: Memo<bool>,
}

impl Fleet {
    /// Begins to read, and follows what changes.
    pub fn new(live: &Live) -> Self {
        let watch = live.fleet_backups.watch();
        let _vms = live.vms.watch();
        let vms = live.vms.rows().clone();
        let loaded = vms.clone();
        let roster = Memo::new(move |_| vms.roster());
        let knows_vms = Memo::new(move |_| loaded.is_loaded());
        let all = Memo::new(move |before: Option<&Rows>| {
            let made = watch.value.with(|all| {
                let list = all.as_deref().map_or(&[][..], |all| all.list.as_slice());
                roster.with(|roster| of_all(list, roster, knows_vms.get()))
            });
            keep(before, made)
        });
        follow_tasks(live);
        Self {
            watch,
            all,
            roster,
            knows_vms,
        }
    }

    /// All of them as the server told them, for what asks about them.
    pub fn known(self) -> Backups {
        let value = self.watch.value;
        Signal::derive(move || {
            value.with(|all| {
                let all = all.as_ref();
                all.map_or_else(Arc::default, |all| Arc::clone(&all.list))
            })
        })
    }

    /// A backup as the questions take it. Not tracked.
    pub fn target(self, live: &Live, volid: &str) -> Option<Target> {
        Some(Target::new(live, &self.backup(volid)?))
    }

    /// Whether a list has arrived; tracked.
    pub fn is_loaded(self) -> bool {
        self.watch.value.with(Option::is_some)
    }

    /// Whether there may be backups that the list lacks: a storage could not be read, or a row of it
    /// means nothing. Tracked.
    pub fn is_partial(self) -> bool {
        self.watch.value.with(|all| {
            let all = all.as_deref();
            all.is_some_and(|all| all.bad > 0 || !all.failed.is_empty())
        })
    }

    /// A backup as the server told it. Not tracked.
    fn backup(self, volid: &str) -> Option<Arc<Backup>> {
        self.watch.value.with_untracked(|all| {
            let list = &all.as_ref()?.list;
            list.iter().find(|backup| backup.volid == volid).cloned()
        })
    }

    /// The VMs that a query means; `None` where nothing is asked. Tracked.
    pub fn matching(self, query: &str) -> Option<HashSet<VmId>> {
        if query.trim().is_empty() {
            return None;
        }
        Some(self.roster.with(|roster| matching(roster, query)))
    }
}

/// The same list stays where nothing has changed.
fn keep(before: Option<&Rows>, now: Vec<BackupRow>) -> Rows {
    let old: HashMap<&str, &Arc<BackupRow>> = before
        .map(|rows| rows.iter().map(|row| (row.key.as_str(), row)).collect())
        .unwrap_or_default();
    let rows = now.into_iter().map(|row| match old.get(row.key.as_str()) {
        Some(same) if ***same == row => Arc::clone(same),
        _ => Arc::new(row),
    });
    Arc::new(rows.collect())
}

fn of_all(list: &[Arc<Backup>], roster: &[Arc<Vm>], knows_vms: bool) -> Vec<BackupRow> {
    let names: HashMap<VmId, &str> = roster
        .iter()
        .map(|vm| (vm.vmid, vm.name.as_str()))
        .collect();
    let mut seen: HashMap<&str, usize> = HashMap::new();
    let rows = list.iter().map(|backup| {
        let nth = seen.entry(backup.volid.as_str()).or_default();
        *nth += 1;
        row(backup, *nth, &names, knows_vms)
    });
    rows.collect()
}

fn row(backup: &Backup, nth: usize, names: &HashMap<VmId, &str>, knows_vms: bool) -> BackupRow {
    let name = backup.vmid.and_then(|vm| names.get(&vm).copied());
    let state = backup.verified();
    BackupRow {
        key: match nth {
            1 => backup.volid.clone(),
            nth => format!("{}#{nth}", backup.volid),
        },
        volid: backup.volid.clone(),
        vm: backup.vmid,
        vm_name: match (name, backup.vmid) {
            (Some(name), _) if !name.is_empty() => name.to_owned(),
            (_, Some(vm)) => format!("VM {vm}"),
            (_, None) => String::new(),
        },
        gone: knows_vms && name.is_none() && backup.vmid.is_some(),
        storage: backup.storage_name().unwrap_or_default().to_owned(),
        made: backup.ctime,
        size: backup.size,
        format: backup.format_name().unwrap_or_default().to_owned(),
        check: match state {
            VerifyState::Ok => Check::Whole,
            VerifyState::Failed => Check::Damaged,
            VerifyState::None => Check::Never,
            VerifyState::Unknown(_) => Check::Other,
        },
        check_word: state.as_str().to_owned(),
        checked: backup
            .verification
            .as_ref()
            .and_then(|verification| verification.last_verified),
        protected: backup.protected,
        encrypted: backup.encrypted,
        notes: backup.notes.clone().unwrap_or_default(),
    }
}

/// Reads the list anew when a task that changes backups has ended.
fn follow_tasks(live: &Live) {
    let tasks = live.tasks.rows.clone();
    let changed = live.actions.backups_changed();
    let live = live.clone();
    let (feed, health) = (live.fleet_backups.clone(), live.backup_health.clone());
    Effect::new(move |before: Option<u32>| {
        let now = changed.get();
        if before.is_some_and(|before| before != now) {
            feed.hurry(SETTLE);
            health.hurry(SETTLE);
        }
        now
    });
    Effect::new(move |before: Option<HashSet<String>>| {
        let rows = tasks.snapshot();
        let running: HashSet<String> = rows
            .iter()
            .filter(|task| task.state().is_running() && KINDS.contains(&task.kind.as_str()))
            .map(|task| task.upid.0.clone())
            .collect();
        let ended = before
            .unwrap_or_default()
            .iter()
            .any(|task| !running.contains(task));
        if ended {
            live.fleet_backups.hurry(SETTLE);
            // What the last try of a VM came to, and which failed, is another thing now.
            live.backup_health.hurry(SETTLE);
            live.failures.hurry(SETTLE);
        }
        running
    });
}
