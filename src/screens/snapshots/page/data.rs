//! Which rows there are, and which of them are shown.

use super::super::known::Known;
use super::filters::{Only, Query};
use crate::api::vms::Vm;
use crate::domain::ids::VmId;
use crate::domain::snapshot::fleet::{FleetRow, search, stale};
use crate::domain::snapshot::life::without_mark;
use crate::domain::table::Selection;
use crate::domain::units::Instant;
use crate::screens::common::facts::matching;
use crate::stores::Live;
use crate::stores::fleet_snapshots::Found;
use leptos::prelude::*;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// A snapshot: its VM, its name, and which of those that are called so.
pub type Key = (VmId, String, usize);
/// What was read so lately is not read again because the page is opened again.
const YOUNG_MILLIS: i64 = 60_000;
/// Rows, in an order.
pub type Rows = Arc<Vec<Arc<FleetRow>>>;

/// What a row is known by.
pub fn key(row: &FleetRow) -> Key {
    (row.vm, row.name.clone(), row.nth)
}

/// The rows of the page. `Copy`; lives as long as the page.
#[derive(Debug, Clone, Copy)]
pub struct Fleet {
    pub query: Query,
    /// Whatever the filters.
    pub all: Memo<Rows>,
    /// Filtered and sorted.
    pub shown: Memo<Rows>,
    /// How many VMs may have snapshots.
    pub vm_count: Memo<usize>,
}

impl Fleet {
    /// Begins to read what was not read yet, and follows what changes.
    pub fn new(live: &Live, query: Query) -> Self {
        let now = live.clock.watch();
        let minute = Memo::new(move |_| Instant::from_secs(now.get().secs().div_euclid(60) * 60));
        let (read, rows) = (live.fleet_snapshots.read(), live.vms.rows().clone());
        let roster = Memo::new(move |_| rows.roster());
        let by_vm = Memo::new_with_compare(
            move |_| read.with(|read| roster.with(|roster| of_all(roster, &read.of, minute.get()))),
            |_, _| true,
        );
        let all = Memo::new(move |before: Option<&Rows>| keep(before, by_vm.get()));
        let words = query.words();
        let vm_matches = Memo::new(move |_| {
            let (search, _) = search(&words.get());
            (!search.is_empty()).then(|| roster.with(|roster| Arc::new(matching(roster, &search))))
        });
        let shown = Memo::new(move |_| {
            let (_, words) = search(&words.get());
            let (only, sort) = (query.only(), query.compare());
            let vms = vm_matches.get();
            let mut rows: Vec<Arc<FleetRow>> = all.with(|all| {
                let fits = |row: &&Arc<FleetRow>| {
                    vms.as_ref().is_none_or(|vms| vms.contains(&row.vm))
                        && row.holds(&words)
                        && only.is_none_or(|only| only.fits(row))
                };
                all.iter().filter(fits).cloned().collect()
            });
            let (compare, descending) = sort;
            rows.sort_by(|a, b| {
                let order = compare(a, b);
                if descending { order.reverse() } else { order }
            });
            Arc::new(rows)
        });
        let vm_count = Memo::new(move |_| {
            roster.with(|roster| roster.iter().filter(|vm| may_have(vm)).count())
        });
        let fleet = Self {
            query,
            all,
            shown,
            vm_count,
        };
        Self::read_missing(live, roster);
        follow_tasks(live);
        let ending = live.fleet_snapshots.clone();
        on_cleanup(move || ending.stop());
        fleet
    }

    /// Reads what was not read yet, and at first what was read some time ago.
    fn read_missing(live: &Live, roster: Memo<Arc<Vec<Arc<Vm>>>>) {
        let live = live.clone();
        Effect::new(move |asked: Option<HashSet<VmId>>| {
            let now: HashSet<VmId> = roster.with(|roster| {
                let may_have = roster.iter().filter(|vm| may_have(vm));
                may_have.map(|vm| vm.vmid).collect()
            });
            if now.is_empty() {
                return now;
            }
            live.drop_snapshots_of(|vm| now.contains(&vm));
            let asked = asked.unwrap_or_default();
            let read = live.fleet_snapshots.read().get_untracked();
            let moment = live.clock.now().millis;
            let young = read
                .at
                .is_some_and(|at| moment.saturating_sub(at.millis) < YOUNG_MILLIS);
            let known = |vm: &VmId| {
                if asked.is_empty() {
                    young && read.of.contains_key(vm)
                } else {
                    asked.contains(vm)
                }
            };
            let mut missing: Vec<VmId> = now.iter().copied().filter(|vm| !known(vm)).collect();
            missing.sort_unstable();
            if !missing.is_empty() {
                live.read_snapshots(missing);
            }
            now
        });
    }

    /// Reads all of it anew.
    pub fn read_all(self, live: &Live) {
        let vms = live.vms.rows().peek_all();
        let vms = vms.iter().filter(|vm| may_have(vm)).map(|vm| vm.vmid);
        live.read_snapshots(vms.collect::<Vec<_>>());
    }

    /// The selected rows; tracked.
    pub fn chosen(self, selection: RwSignal<Selection<Key>>) -> Vec<Arc<FleetRow>> {
        selection.with(|selection| {
            self.all.with(|all| {
                let chosen = all.iter().filter(|row| selection.has(&key(row)));
                chosen.cloned().collect()
            })
        })
    }
}

/// Templates take no snapshots.
fn may_have(vm: &Vm) -> bool {
    !vm.template
}

/// The same list stays where nothing has changed: a minute passes for most rows unnoticed.
fn keep(before: Option<&Rows>, now: Vec<FleetRow>) -> Rows {
    let old: HashMap<(VmId, &str, usize), &Arc<FleetRow>> = before
        .map(|rows| {
            let keyed = rows
                .iter()
                .map(|row| ((row.vm, row.name.as_str(), row.nth), row));
            keyed.collect()
        })
        .unwrap_or_default();
    let rows = now
        .into_iter()
        .map(|row| match old.get(&(row.vm, row.name.as_str(), row.nth)) {
            Some(same) if ***same == row => Arc::clone(same),
            _ => Arc::new(row),
        });
    Arc::new(rows.collect())
}

fn of_all(roster: &[Arc<Vm>], of: &HashMap<VmId, Found>, now: Instant) -> Vec<FleetRow> {
    let known = roster.iter().filter_map(|vm| match of.get(&vm.vmid)? {
        Found::Known(list) => Some(of_vm(vm, &Known::new(list), now)),
        Found::Failed(_) => None,
    });
    known.flatten().collect()
}

fn of_vm(vm: &Vm, known: &Known, now: Instant) -> Vec<FleetRow> {
    let mut seen: HashMap<&str, usize> = HashMap::new();
    let here = known.tree.here.and_then(|here| here.on);
    let depths: HashMap<usize, usize> = known
        .tree
        .rows
        .iter()
        .filter_map(|row| match row.what {
            crate::domain::snapshot::What::Snapshot(place) => Some((place, row.depth)),
            crate::domain::snapshot::What::Here => None,
        })
        .collect();
    let rows = known
        .list
        .iter()
        .enumerate()
        .filter_map(|(place, snapshot)| {
            if snapshot.is_current() {
                return None;
            }
            let nth = seen.entry(snapshot.name.as_str()).or_default();
            *nth += 1;
            let ttl = snapshot.ttl();
            Some(FleetRow {
                vm: vm.vmid,
                vm_name: if vm.name.is_empty() {
                    format!("VM {}", vm.vmid)
                } else {
                    vm.name.clone()
                },
                node: vm.node.clone(),
                name: snapshot.name.clone(),
                nth: *nth - 1,
                description: without_mark(&snapshot.description),
                taken: snapshot.snaptime,
                ttl,
                memory: snapshot.vmstate,
                size: snapshot.size,
                depth: depths.get(&place).copied().unwrap_or(1),
                here: here == Some(place),
                stale: stale(snapshot.snaptime, ttl, now),
            })
        });
    rows.collect()
}

/// Reads a VM anew when a task that changes its snapshots has ended.
fn follow_tasks(live: &Live) {
    let tasks = live.tasks.rows.clone();
    let live = live.clone();
    Effect::new(move |before: Option<HashSet<VmId>>| {
        let rows = tasks.snapshot();
        let fits = |kind: &str| kind.ends_with("snapshot") || kind.ends_with("rollback");
        let running: HashSet<VmId> = rows
            .iter()
            .filter(|task| task.state().is_running() && fits(&task.kind))
            .filter_map(|task| task.vm())
            .collect();
        let ended: Vec<VmId> = before
            .unwrap_or_default()
            .into_iter()
            .filter(|vm| !running.contains(vm))
            .collect();
        if !ended.is_empty() {
            live.read_snapshots(ended);
        }
        running
    });
}

impl Only {
    fn fits(self, row: &FleetRow) -> bool {
        use crate::domain::snapshot::fleet::{LONG_CHAIN, Stale};
        match self {
            Self::Expired => row.stale == Stale::Expired,
            Self::Old => row.stale == Stale::Old,
            Self::Deep => row.depth >= LONG_CHAIN,
            Self::Memory => row.memory == Some(true),
        }
    }
}
