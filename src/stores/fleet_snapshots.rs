//! The snapshots of all VMs. No server has a call for them, so they are read VM by VM, a few at a
//! time, when somebody looks; what was read is kept for the next look.

use super::live::Live;
use super::{lock, spawn};
use crate::api::snapshots::{self, Snapshot};
use crate::domain::ids::VmId;
use crate::domain::units::Instant;
use futures_util::future::join_all;
use leptos::prelude::*;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};

/// So many VMs are asked about at once.
const AT_ONCE: usize = 5;
/// Answers of so long are shown together: each time the list is sorted anew.
const TOGETHER_MILLIS: i64 = 300;

/// What was read of one VM.
#[derive(Debug, Clone, PartialEq)]
pub enum Found {
    /// Its snapshots.
    Known(Arc<Vec<Snapshot>>),
    /// Why they could not be read.
    Failed(String),
}

/// How far reading has come.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Read {
    /// By VM.
    pub of: HashMap<VmId, Found>,
    /// Still to be asked about, or asked about now.
    pub open: usize,
    /// When the last of them answered.
    pub at: Option<Instant>,
}

impl Read {
    /// VMs that could not be read, with the reason.
    pub fn failed(&self) -> impl Iterator<Item = (VmId, &str)> {
        self.of.iter().filter_map(|(vm, found)| match found {
            Found::Failed(why) => Some((*vm, why.as_str())),
            Found::Known(_) => None,
        })
    }
}

#[derive(Debug, Default)]
struct Work {
    queue: VecDeque<VmId>,
    /// Asked about now.
    asked: usize,
    /// Answers that are not shown yet.
    fresh: Vec<(VmId, Option<Found>)>,
    shown: i64,
    workers: usize,
}

/// The snapshots of all VMs, as far as they were read.
#[derive(Debug, Clone, Default)]
pub struct FleetSnapshots {
    read: ArcRwSignal<Arc<Read>>,
    work: Arc<Mutex<Work>>,
}

impl FleetSnapshots {
    /// What was read, and how far reading has come.
    #[must_use]
    pub fn read(&self) -> Signal<Arc<Read>> {
        self.read.clone().into()
    }

    /// Begins nothing more; what is asked ends. What was not asked about is asked at the next look.
    pub fn stop(&self) {
        lock(&self.work).queue.clear();
        self.show();
    }

    pub(super) fn forget(&self) {
        *lock(&self.work) = Work::default();
        self.read.set(Arc::default());
    }

    fn take(&self) -> Option<VmId> {
        let mut work = lock(&self.work);
        let vm = work.queue.pop_front()?;
        work.asked += 1;
        Some(vm)
    }

    /// Takes an answer down; none where there is no such VM any more.
    fn note(&self, vm: VmId, found: Option<Found>, now: i64) {
        let due = {
            let mut work = lock(&self.work);
            work.asked = work.asked.saturating_sub(1);
            work.fresh.push((vm, found));
            let last = work.queue.is_empty() && work.asked == 0;
            last || now - work.shown >= TOGETHER_MILLIS
        };
        if due {
            lock(&self.work).shown = now;
            self.show();
            self.read.update(|read| {
                Arc::make_mut(read).at = Some(Instant::from_millis(now));
            });
        }
    }

    fn show(&self) {
        let (fresh, open) = {
            let mut work = lock(&self.work);
            let open = work.queue.len() + work.asked;
            (std::mem::take(&mut work.fresh), open)
        };
        self.read.update(|read| {
            let read = Arc::make_mut(read);
            read.open = open;
            for (vm, found) in fresh {
                match found {
                    Some(found) => drop(read.of.insert(vm, found)),
                    None => drop(read.of.remove(&vm)),
                }
            }
        });
    }
}

impl Live {
    /// Reads the snapshots of these VMs, after those that wait already.
    pub fn read_snapshots(&self, vms: impl IntoIterator<Item = VmId>) {
        let fleet = &self.fleet_snapshots;
        let begin = {
            let mut work = lock(&fleet.work);
            for vm in vms {
                if !work.queue.contains(&vm) {
                    work.queue.push_back(vm);
                }
            }
            let begin = AT_ONCE.saturating_sub(work.workers).min(work.queue.len());
            work.workers += begin;
            begin
        };
        fleet.show();
        if begin == 0 {
            return;
        }
        let live = self.clone();
        spawn::action(async move {
            join_all((0..begin).map(|_| worker(&live))).await;
        });
    }

    /// Forgets what was read of VMs that are gone.
    pub fn drop_snapshots_of(&self, is_there: impl Fn(VmId) -> bool) {
        let gone = self
            .fleet_snapshots
            .read
            .with_untracked(|read| read.of.keys().any(|vm| !is_there(*vm)));
        if gone {
            self.fleet_snapshots
                .read
                .update(|read| Arc::make_mut(read).of.retain(|vm, _| is_there(*vm)));
        }
    }
}

async fn worker(live: &Live) {
    let fleet = &live.fleet_snapshots;
    while let Some(vm) = fleet.take() {
        let found = match snapshots::list(&live.client, vm).await {
            Ok(rows) => Some(Found::Known(Arc::new(rows.good))),
            Err(error) if error.kind == crate::api::ErrorKind::NotFound => None,
            Err(error) => Some(Found::Failed(error.message.clone())),
        };
        fleet.note(vm, found, live.client.server_now().millis);
    }
    let mut work = lock(&fleet.work);
    work.workers = work.workers.saturating_sub(1);
}
