//! VMs with their newest backup against what is asked of each.

use super::super::fleet::Fleet;
use crate::api::backups::{BackupHealth, Coverage};
use crate::api::capabilities::Feature;
use crate::domain::coverage::{
    Counts, Freshness, Goals, Made, counts, failed_since, freshness, in_doubt,
};
use crate::domain::ids::VmId;
use crate::domain::units::Instant;
use crate::stores::{Face, Live, Watch};
use leptos::prelude::*;
use std::collections::HashMap;
use std::sync::Arc;

/// A VM.
#[derive(Debug, Clone, PartialEq)]
pub struct Guest {
    /// The VM.
    pub vm: VmId,
    /// What it is called.
    pub name: String,
    /// Where it is.
    pub node: String,
    /// Its tags.
    pub tags: Vec<String>,
    /// How it stands.
    pub fresh: Freshness,
    /// How many backups it has; `None` where the list is not known.
    pub backups: Option<usize>,
    /// The last try to back it up ended badly.
    pub failed: bool,
}

/// All VMs but templates. `Copy`; lives as long as the page.
#[derive(Debug, Clone, Copy)]
pub struct Guests {
    /// Worst first; `None` while neither list nor summary is there.
    pub all: Memo<Option<Arc<Vec<Arc<Guest>>>>>,
    /// How many stand how.
    pub counts: Memo<Option<Counts>>,
    /// There is no list, but the server's summary of it.
    pub from_summary: Memo<bool>,
}

/// Whether the last try to back the VM up ended badly; the server's words differ.
fn has_failed(vm: &Coverage) -> bool {
    vm.last_status.as_deref().is_some_and(|word| {
        let word = word.to_ascii_lowercase();
        word.contains("fail") || word.contains("error")
    })
}

/// A [`Watch`] can't be compared; one is made at most.
#[derive(Clone, Copy)]
struct Health(Watch<BackupHealth>);

impl PartialEq for Health {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Guests {
    /// For the page that is being built.
    pub fn new(live: &Live, fleet: Fleet, goals: Memo<Goals>) -> Self {
        let now = live.clock.watch();
        let minute = Memo::new(move |_| Instant::from_secs(now.get().secs().div_euclid(60) * 60));
        let no_health = live.denied(Feature::BackupHealth);
        let feed = live.backup_health.clone();
        let offered = Memo::new(move |_| no_health.with(Option::is_none));
        let health = Memo::new(move |_| offered.get().then(|| Health(feed.watch())));
        let summary = move || health.get().and_then(|Health(watch)| watch.get());
        let face = fleet.watch.face();
        let from_summary =
            Memo::new(move |_| matches!(face.get(), Face::Failed(_)) && summary().is_some());
        // A VM without a backup may have one where nobody could look.
        let partial = Memo::new(move |_| fleet.is_partial());
        let all = Memo::new(move |_| {
            let summary = summary();
            let tries = summary.as_deref().map(tries).unwrap_or_default();
            if !fleet.knows_vms.get() {
                return None;
            }
            if from_summary.get() {
                let made: Vec<Made<'_>> = summary.as_deref().map_or_else(Vec::new, of_summary);
                return Some(of(
                    fleet,
                    &made,
                    &goals.get(),
                    minute.get(),
                    &tries,
                    Some(false),
                ));
            }
            let list = fleet.watch.value.get()?;
            let made: Vec<Made<'_>> = list.list.iter().filter_map(|own| own.made()).collect();
            let counted = (!partial.get()).then_some(true);
            Some(of(
                fleet,
                &made,
                &goals.get(),
                minute.get(),
                &tries,
                counted,
            ))
        });
        let counts = Memo::new(move |_| {
            all.with(|all| {
                let rows: Vec<Freshness> = all
                    .as_ref()?
                    .iter()
                    .map(|guest| guest.fresh.clone())
                    .collect();
                Some(counts(&rows))
            })
        });
        Self {
            all,
            counts,
            from_summary,
        }
    }
}

/// VMs whose last try ended badly, each with its newest backup at that time.
type Tries = HashMap<VmId, Option<Instant>>;

fn tries(health: &BackupHealth) -> Tries {
    let rows = health.coverage.iter().filter(|row| has_failed(row));
    rows.map(|row| (row.vmid, row.last)).collect()
}

fn of_summary(health: &BackupHealth) -> Vec<Made<'_>> {
    let made = health.coverage.iter().filter_map(|row| {
        Some(Made {
            vm: row.vmid,
            storage: "",
            at: row.last?,
            size: None,
            damaged: false,
        })
    });
    made.collect()
}

fn of(
    fleet: Fleet,
    made: &[Made<'_>],
    goals: &Goals,
    now: Instant,
    tries: &Tries,
    // Whether `made` are all that each VM has; `None`: all that could be read.
    counted: Option<bool>,
) -> Arc<Vec<Arc<Guest>>> {
    let mut numbers: HashMap<VmId, usize> = HashMap::new();
    let mut newest: HashMap<VmId, Instant> = HashMap::new();
    for one in made {
        *numbers.entry(one.vm).or_default() += 1;
        let at = newest.entry(one.vm).or_insert(one.at);
        *at = one.at.max(*at);
    }
    fleet.roster.with(|roster| {
        let known: HashMap<VmId, _> = roster.iter().map(|vm| (vm.vmid, vm)).collect();
        let guests = roster
            .iter()
            .filter(|vm| !vm.template)
            .map(|vm| (vm.vmid, vm.tags.as_slice()));
        let mut rows = freshness(guests, made, goals, now);
        if counted.is_none() {
            in_doubt(&mut rows);
        }
        let rows = rows.into_iter().filter_map(|fresh| {
            let vm = known.get(&fresh.vm)?;
            Some(Arc::new(Guest {
                vm: vm.vmid,
                name: match vm.name.as_str() {
                    "" => format!("VM {}", vm.vmid),
                    name => name.to_owned(),
                },
                node: vm.node.clone(),
                tags: vm.tags.clone(),
                backups: match (counted, numbers.get(&vm.vmid)) {
                    (Some(false), _) | (None, None) => None,
                    (_, number) => Some(number.copied().unwrap_or(0)),
                },
                failed: tries
                    .get(&vm.vmid)
                    .is_some_and(|told| failed_since(true, newest.get(&vm.vmid).copied(), *told)),
                fresh,
            }))
        });
        Arc::new(rows.collect())
    })
}
