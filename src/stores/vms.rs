//! All VMs, and the short history of each.

use super::context::Context;
use super::feed::{Batch, Feed, Hooks, RowFeed, RowsWatch};
use super::in_sight::{InSight, Kept};
use super::lock;
use super::poller::Plan;
use super::rows::Rows;
use super::slice::{ROWS, Slicer};
use crate::api::events::UsageRow;
use crate::api::vms::{self, Vm, VmQuery};
use crate::domain::ids::VmId;
use crate::domain::live::{Cadence, Counter, Restart, Spark};
use crate::domain::locks::FirstSeen;
use crate::domain::status::VmStatus;
use crate::domain::units::{Bytes, Fraction, Instant, Rate};
use futures_util::FutureExt;
use leptos::prelude::*;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

/// What successive samples of a VM tell.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Usage {
    /// The last 30 samples of its CPU share.
    pub cpu: Spark,
    /// Received, from two samples.
    pub net_in: Option<Rate>,
    /// Sent, from two samples.
    pub net_out: Option<Rate>,
    /// Read from disks, from two samples.
    pub disk_read: Option<Rate>,
    /// Written to disks, from two samples.
    pub disk_write: Option<Rate>,
}

#[derive(Debug, Clone, Copy, Default)]
struct History {
    cpu: Spark,
    /// netin, netout, diskread, diskwrite.
    counters: [Counter; 4],
    last: Option<([Option<u64>; 4], Option<u64>)>,
}

impl History {
    fn sample(
        &mut self,
        at: Instant,
        cpu: Option<f64>,
        bytes: [Option<u64>; 4],
        uptime: Option<u64>,
    ) {
        // Servers gather figures every few seconds; asked in between they repeat themselves, and
        // two equal answers are one sample.
        let repeated = uptime.is_some() && self.last == Some((bytes, uptime));
        if repeated {
            return;
        }
        let before = self.last.and_then(|(_, uptime)| uptime);
        let restart = Restart::by_uptime(before, uptime);
        for (counter, value) in self.counters.iter_mut().zip(bytes) {
            counter.sample(at, value, restart);
        }
        self.cpu.push(cpu);
        self.last = Some((bytes, uptime.or(before)));
    }

    fn stopped(&mut self) {
        if self.last.take().is_some() {
            self.counters = [Counter::default(); 4];
        }
        if !self.cpu.is_blank() {
            self.cpu.push(None);
        }
    }
}

#[derive(Debug, Default)]
pub(super) struct Histories {
    /// Figures of VMs in sight, where the list has none.
    pub kept: Kept,
    of: Mutex<HashMap<VmId, History>>,
    locks: Mutex<FirstSeen>,
    at: Mutex<Instant>,
    /// Whether the row being read has figures of an earlier answer.
    old: Mutex<bool>,
    samples: ArcRwSignal<u64>,
}

struct Sampling {
    context: Context,
    rows: Rows<VmId, Vm>,
    histories: Arc<Histories>,
}

impl Hooks<Vm> for Sampling {
    fn begin(&self) {
        *lock(&self.histories.at) = self.context.sample_time();
    }

    fn complete(&self, vm: &mut Vm) {
        let at = *lock(&self.histories.at);
        *lock(&self.histories.old) = self.histories.kept.complete(vm, at);
    }

    fn seen(&self, vm: &Vm) {
        let at = *lock(&self.histories.at);
        if *lock(&self.histories.old) {
            // The figures are of an earlier answer; the lock was taken note of then.
            return;
        }
        self.histories.take(vm, at);
    }

    fn done(&self) {
        let gone = lock(&self.histories.of).len() > self.rows.count();
        if gone {
            lock(&self.histories.of).retain(|vm, _| self.rows.peek(vm).is_some());
        }
        self.histories.samples.update(|samples| *samples += 1);
    }
}

impl Histories {
    /// Takes an answer about one VM, and tells the readers.
    pub fn sample(&self, vm: &Vm, at: Instant) {
        self.take(vm, at);
        self.samples.update(|samples| *samples += 1);
    }

    fn take(&self, vm: &Vm, at: Instant) {
        lock(&self.locks).note(vm.vmid, vm.lock.as_ref(), at);
        let mut of = lock(&self.of);
        let history = of.entry(vm.vmid).or_default();
        if vm.status == VmStatus::Running {
            let bytes = [vm.netin, vm.netout, vm.diskread, vm.diskwrite];
            let uptime = vm.uptime.map(|uptime| uptime.0);
            history.sample(at, vm.cpu.map(|cpu| cpu.0), bytes, uptime);
        } else {
            history.stopped();
        }
    }
}

/// Whether two states of a VM differ in its figures only.
fn same_facts(one: &Vm, other: &Vm) -> bool {
    one.name == other.name
        && one.status == other.status
        && one.node == other.node
        && one.tags == other.tags
        && one.lock == other.lock
        && one.template == other.template
        && (one.cpus, one.maxmem, one.maxdisk) == (other.cpus, other.maxmem, other.maxdisk)
        && (&one.kind, &one.hastate, &one.pool) == (&other.kind, &other.hastate, &other.pool)
}

/// All VMs.
#[derive(Debug, Clone)]
pub struct Vms {
    feed: RowFeed<VmId, Vm>,
    histories: Arc<Histories>,
    in_sight: InSight,
    /// Figures of events, newest of each VM, that are not in the rows yet.
    waiting: Arc<Mutex<HashMap<VmId, (UsageRow, Instant)>>>,
}

impl Vms {
    pub(super) fn new(context: &Context, cadence: Cadence) -> Self {
        let rows = Rows::new(same_facts);
        let histories = Arc::<Histories>::default();
        let hooks = Arc::new(Sampling {
            context: context.clone(),
            rows: rows.clone(),
            histories: Arc::clone(&histories),
        });
        let plan = Plan {
            cadence,
            coverable: true,
        };
        let feed = RowFeed::new(
            context,
            plan,
            &rows,
            |vm| vm.vmid,
            hooks,
            |client| {
                async move {
                    Ok(Batch::Raw(
                        vms::list_raw(&client, &VmQuery::default()).await?,
                    ))
                }
                .boxed_local()
            },
        );
        Self {
            in_sight: InSight::new(context, &rows, &histories),
            feed,
            histories,
            waiting: Arc::default(),
        }
    }

    /// The feed itself: rows, refresh.
    #[must_use]
    pub fn feed(&self) -> &RowFeed<VmId, Vm> {
        &self.feed
    }

    /// The rows.
    #[must_use]
    pub fn rows(&self) -> &Rows<VmId, Vm> {
        &self.feed.rows
    }

    /// Reads them until the current owner is cleaned up.
    #[must_use]
    pub fn watch(&self) -> RowsWatch<VmId, Vm> {
        self.feed.watch()
    }

    /// CPU history and rates of one VM; notifies after a poll only where they differ. For visible
    /// rows: each costs a little per poll.
    #[must_use]
    pub fn usage(&self, vm: impl Into<Signal<VmId>>) -> Memo<Usage> {
        let (histories, vm) = (Arc::clone(&self.histories), vm.into());
        Memo::new(move |_| {
            histories.samples.track();
            histories.peek(vm.get())
        })
    }

    /// As [`Vms::usage`], now and without being told of changes: for sorting all rows.
    #[must_use]
    pub fn peek_usage(&self, vm: VmId) -> Usage {
        self.histories.peek(vm)
    }

    /// Asks for the figures of the VMs in sight while it is watched; for servers whose list has none.
    #[must_use]
    pub fn figures_in_sight(&self) -> &Feed<()> {
        self.in_sight.feed()
    }

    /// A VM is in sight until the current owner is cleaned up.
    pub fn look_at(&self, vm: VmId) {
        self.in_sight.look(vm);
        let in_sight = self.in_sight.clone();
        on_cleanup(move || in_sight.leave(vm));
    }

    /// When the lock that a VM has now was first seen here. Not tracked: it changes with the row.
    #[must_use]
    pub fn lock_seen(&self, vm: VmId) -> Option<Instant> {
        lock(&self.histories.locks).of(vm)
    }

    /// Name of a VM, or `VM 101` where it is not known.
    #[must_use]
    pub fn name(&self, vm: VmId) -> String {
        self.rows()
            .peek(&vm)
            .map(|row| row.name.clone())
            .filter(|name| !name.is_empty())
            .unwrap_or_else(|| format!("VM {vm}"))
    }

    /// Writes one VM, as an event does.
    pub(super) fn put(&self, vm: Vm, at: Instant) {
        // Figures that wait are older.
        lock(&self.waiting).remove(&vm.vmid);
        self.histories.take(&vm, at);
        self.rows().put(vm.vmid, vm, false);
        self.histories.samples.update(|samples| *samples += 1);
    }

    /// Takes live figures, as an event brings them, for the next [`Vms::flush`]. Answers whether
    /// they are the first that wait for it.
    pub(super) fn take_figures(&self, figures: Vec<UsageRow>, at: Instant) -> bool {
        let mut waiting = lock(&self.waiting);
        let first = waiting.is_empty();
        waiting.extend(figures.into_iter().map(|row| (row.vmid, (row, at))));
        first && !waiting.is_empty()
    }

    /// Writes the figures that wait, and tells all readers once.
    pub(super) async fn flush(&self) {
        let figures = std::mem::take(&mut *lock(&self.waiting));
        let mut slicer = Slicer::begin();
        let mut fresh = Vec::with_capacity(figures.len());
        for (index, (row, at)) in figures.into_values().enumerate() {
            if let Some(old) = self.rows().peek(&row.vmid) {
                let vm = self.with_figures(&old, &row, at);
                fresh.push((old, vm));
            }
            if index % ROWS == 0 {
                slicer.breathe().await;
            }
        }
        // What an event wrote between two slices is newer.
        fresh.retain(|(old, vm)| {
            self.rows()
                .peek(&vm.vmid)
                .is_some_and(|now| Arc::ptr_eq(&now, old))
        });
        self.rows()
            .put_all(fresh.into_iter().map(|(_, vm)| (vm.vmid, vm)));
        self.histories.samples.update(|samples| *samples += 1);
    }

    fn with_figures(&self, old: &Vm, row: &UsageRow, at: Instant) -> Vm {
        let mut vm = Vm::clone(old);
        vm.cpu = row.cpu.map(Fraction).or(vm.cpu);
        vm.mem = row.mem.map(Bytes).or(vm.mem);
        vm.netin = row.netin.or(vm.netin);
        vm.netout = row.netout.or(vm.netout);
        vm.diskread = row.diskread.or(vm.diskread);
        vm.diskwrite = row.diskwrite.or(vm.diskwrite);
        if vm.status == VmStatus::Running {
            let bytes = [vm.netin, vm.netout, vm.diskread, vm.diskwrite];
            let cpu = vm.cpu.map(|cpu| cpu.0);
            lock(&self.histories.of)
                .entry(vm.vmid)
                .or_default()
                .sample(at, cpu, bytes, None);
        }
        vm
    }

    pub(super) fn forget(&self) {
        self.feed.forget();
        self.in_sight.forget();
        self.histories.kept.clear();
        lock(&self.waiting).clear();
        lock(&self.histories.of).clear();
        lock(&self.histories.locks).clear();
    }
}

impl Histories {
    fn peek(&self, vm: VmId) -> Usage {
        let Some(history) = lock(&self.of).get(&vm).copied() else {
            return Usage::default();
        };
        let [net_in, net_out, disk_read, disk_write] =
            history.counters.map(|counter| counter.rate());
        Usage {
            cpu: history.cpu,
            net_in,
            net_out,
            disk_read,
            disk_write,
        }
    }
}
