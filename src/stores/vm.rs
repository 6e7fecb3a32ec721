//! Everything about one VM while somebody looks, and who looks at which VM and task.

use super::context::Context;
use super::feed::Feed;
use super::lock;
use super::poller::Plan;
use super::task::TaskStore;
use crate::api::backups::{self, Backup};
use crate::api::events::UsageRow;
use crate::api::snapshots::{self, Snapshot};
use crate::api::tasks::{self, Task, TaskQuery};
use crate::api::vms::{
    self, AgentInterface, Metrics, PendingChange, Timeframe, Vm, VmDetail, VmLive,
};
use crate::domain::ids::{Upid, VmId};
use crate::domain::live::{Cadence, Counter, Restart, Ring};
use crate::domain::status::VmStatus;
use crate::domain::units::{Bytes, Fraction, Instant};
use futures_util::FutureExt;
use leptos::prelude::*;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

/// Live charts reach back half an hour.
const SPAN_MILLIS: i64 = 1_800_000;
const SAMPLES: usize = 900;

/// What a VM did since the page was opened on it; gaps are gaps.
#[derive(Debug, Clone, PartialEq)]
pub struct Charts {
    /// Share of its CPUs, 0 to 1.
    pub cpu: Ring,
    /// Memory in use, in bytes.
    pub mem: Ring,
    /// Received, bytes per second.
    pub net_in: Ring,
    /// Sent, bytes per second.
    pub net_out: Ring,
    /// Read from disks, bytes per second.
    pub disk_read: Ring,
    /// Written to disks, bytes per second.
    pub disk_write: Ring,
    counters: [Counter; 4],
    uptime: Option<u64>,
}

impl Default for Charts {
    fn default() -> Self {
        let ring = || Ring::new(SAMPLES, SPAN_MILLIS);
        Self {
            cpu: ring(),
            mem: ring(),
            net_in: ring(),
            net_out: ring(),
            disk_read: ring(),
            disk_write: ring(),
            counters: [Counter::default(); 4],
            uptime: None,
        }
    }
}

impl Charts {
    fn sample(
        &mut self,
        at: Instant,
        cpu: Option<f64>,
        mem: Option<u64>,
        bytes: [Option<u64>; 4],
        uptime: Option<u64>,
    ) {
        #[expect(clippy::cast_precision_loss, reason = "drawn")]
        let mem = mem.map(|bytes| bytes as f64);
        self.cpu.push(at, cpu);
        self.mem.push(at, mem);
        let restart = Restart::by_uptime(self.uptime, uptime);
        self.uptime = uptime.or(self.uptime);
        let [net_in, net_out, disk_read, disk_write] = &mut self.counters;
        let rings = [
            (net_in, &mut self.net_in),
            (net_out, &mut self.net_out),
            (disk_read, &mut self.disk_read),
            (disk_write, &mut self.disk_write),
        ];
        for ((counter, ring), value) in rings.into_iter().zip(bytes) {
            let rate = counter.sample(at, value, restart);
            ring.push(at, rate.map(|rate| rate.0));
        }
    }
}

/// One VM. Feeds are polled only while read, so a tab pays for what it shows.
#[derive(Debug)]
pub struct VmStore {
    /// Which VM.
    pub id: VmId,
    /// The VM, its configuration, and what else the server sends along.
    pub detail: Feed<VmDetail>,
    /// Live figures, every 2–3 s.
    pub status: Feed<VmLive>,
    /// Its snapshots.
    pub snapshots: Feed<Vec<Snapshot>>,
    /// Its backups.
    pub backups: Feed<Vec<Backup>>,
    /// Rows of the last list of its backups that could not be understood.
    pub backups_bad: ArcRwSignal<usize>,
    /// Its newest 50 tasks, newest first.
    pub tasks: Feed<Vec<Task>>,
    /// Interfaces and addresses from the guest agent.
    pub interfaces: Feed<Vec<AgentInterface>>,
    /// Changes that wait for a restart.
    pub pending: Feed<Vec<PendingChange>>,
    /// Samples of [`VmStore::status`] since the page was opened.
    pub charts: ArcRwSignal<Charts>,
    metrics: Mutex<HashMap<&'static str, Feed<Metrics>>>,
    context: Context,
}

impl VmStore {
    fn new(context: &Context, id: VmId, slow: Duration) -> Self {
        let plan = |cadence| Plan {
            cadence,
            coverable: false,
        };
        let config = plan(Cadence::every(slow));
        let rare = plan(Cadence::every(slow * 3));
        let live = Plan {
            cadence: Cadence {
                quick: Duration::from_millis(2500),
                slow: Duration::from_secs(3),
                covered: Duration::from_secs(10),
            },
            coverable: true,
        };
        let charts = ArcRwSignal::new(Charts::default());
        let (target, clock) = (charts.clone(), context.clone());
        let backups_bad = ArcRwSignal::new(0_usize);
        let bad = backups_bad.clone();
        Self {
            id,
            detail: Feed::new(context, config, move |client| {
                async move { vms::detail(&client, id).await }.boxed_local()
            }),
            status: Feed::new(context, live, move |client| {
                let (target, clock) = (target.clone(), clock.clone());
                async move {
                    let live = vms::status(&client, id).await?;
                    // A VM that is off sends zeros, which measure nothing: a gap.
                    let on = !matches!(live.state(), VmStatus::Stopped | VmStatus::Suspended);
                    let bytes = [live.netin, live.netout, live.diskread, live.diskwrite]
                        .map(|counter| counter.filter(|_| on));
                    let cpu = live.cpu.filter(|_| on).map(|cpu| cpu.0);
                    let mem = live.mem.filter(|_| on).map(|mem| mem.0);
                    let uptime = live.uptime.map(|uptime| uptime.0);
                    let at = clock.sample_time();
                    target.update(|charts| charts.sample(at, cpu, mem, bytes, uptime));
                    Ok(live)
                }
                .boxed_local()
            }),
            snapshots: Feed::new(context, rare, move |client| {
                async move { Ok(snapshots::list(&client, id).await?.good) }.boxed_local()
            }),
            backups_bad: backups_bad.clone(),
            backups: Feed::new(context, rare, move |client| {
                let bad = bad.clone();
                async move {
                    let rows = backups::of_vm(&client, id).await?;
                    bad.set(rows.bad);
                    Ok(rows.good)
                }
                .boxed_local()
            }),
            tasks: Feed::new(context, config, move |client| {
                let query = TaskQuery {
                    vm: Some(id),
                    limit: Some(50),
                    ..TaskQuery::default()
                };
                async move { Ok(tasks::list(&client, &query).await?.good) }.boxed_local()
            }),
            interfaces: Feed::new(context, rare, move |client| {
                async move { Ok(vms::agent_interfaces(&client, id).await?.good) }.boxed_local()
            }),
            pending: Feed::new(context, config, move |client| {
                async move { Ok(vms::pending(&client, id).await?.good) }.boxed_local()
            }),
            charts,
            metrics: Mutex::default(),
            context: context.clone(),
        }
    }

    /// The server's own history of it.
    #[must_use]
    pub fn metrics(&self, frame: Timeframe) -> Feed<Metrics> {
        lock(&self.metrics)
            .entry(frame.as_str())
            .or_insert_with(|| {
                let pace = if frame == Timeframe::Hour { 60 } else { 300 };
                let cadence = Cadence::steady(Duration::from_secs(pace));
                let id = self.id;
                Feed::new(
                    &self.context,
                    Plan {
                        cadence,
                        coverable: false,
                    },
                    move |client| {
                        async move { vms::metrics(&client, id, frame).await }.boxed_local()
                    },
                )
            })
            .clone()
    }

    /// Something was changed about it: loads what is read, and quickly for a while.
    pub(super) fn hurry(&self, window: Duration) {
        self.detail.hurry(window);
        self.status.hurry(window);
        self.snapshots.poller().ask_again();
        self.backups.poller().ask_again();
        self.tasks.hurry(window);
        self.interfaces.poller().ask_again();
        self.pending.hurry(window);
    }

    /// An event brought the VM anew.
    fn updated(&self, vm: &Vm) {
        let mut deep = false;
        // Snapshots come and go under a lock.
        let mut relocked = false;
        self.detail.patch(|old| {
            let was = &old.vm;
            relocked = was.lock != vm.lock;
            deep = (&was.status, &was.name, &was.node, &was.tags, &was.lock)
                != (&vm.status, &vm.name, &vm.node, &vm.tags, &vm.lock);
            Some(VmDetail {
                vm: vm.clone(),
                ..old.clone()
            })
        });
        if relocked {
            self.snapshots.poller().ask_again();
        }
        if deep {
            self.detail.poller().ask_again();
            self.status.poller().ask_again();
        }
    }

    /// An event brought live figures.
    fn figures(&self, row: &UsageRow, at: Instant) {
        let bytes = [row.netin, row.netout, row.diskread, row.diskwrite];
        self.charts
            .update(|charts| charts.sample(at, row.cpu, row.mem, bytes, None));
        self.status.patch(|live| {
            let mem = row.mem.map(Bytes).or(live.mem);
            Some(VmLive {
                cpu: row.cpu.map(Fraction).or(live.cpu),
                mem,
                mem_share: mem.zip(live.maxmem).and_then(|(mem, all)| mem.of(all)),
                netin: row.netin.or(live.netin),
                netout: row.netout.or(live.netout),
                diskread: row.diskread.or(live.diskread),
                diskwrite: row.diskwrite.or(live.diskwrite),
                ..live.clone()
            })
        });
    }
}

/// So many VMs are remembered after their page was left, so that coming back shows them at once.
const RECENT: usize = 8;

#[derive(Default)]
struct Known {
    vms: HashMap<VmId, Weak<VmStore>>,
    recent: VecDeque<Arc<VmStore>>,
    tasks: HashMap<Upid, Weak<TaskStore>>,
}

/// The VMs and tasks that somebody looks at.
#[derive(Clone)]
pub(super) struct Details {
    context: Context,
    slow: Arc<Mutex<Duration>>,
    known: Arc<Mutex<Known>>,
}

impl Details {
    pub fn new(context: &Context, slow: Duration) -> Self {
        Self {
            context: context.clone(),
            slow: Arc::new(Mutex::new(slow)),
            known: Arc::default(),
        }
    }

    pub fn set_slow(&self, slow: Duration) {
        *lock(&self.slow) = slow;
    }

    pub fn vm(&self, id: VmId) -> Arc<VmStore> {
        let slow = *lock(&self.slow);
        let mut known = lock(&self.known);
        let store = match known.vms.get(&id).and_then(Weak::upgrade) {
            Some(store) => store,
            None => {
                let store = Arc::new(VmStore::new(&self.context, id, slow));
                known.vms.retain(|_, store| store.strong_count() > 0);
                known.vms.insert(id, Arc::downgrade(&store));
                store
            }
        };
        known.recent.retain(|other| other.id != id);
        known.recent.push_back(Arc::clone(&store));
        let old = (known.recent.len() > RECENT).then(|| known.recent.pop_front());
        drop(known);
        drop(old);
        store
    }

    pub fn task(&self, upid: &Upid) -> Arc<TaskStore> {
        let mut known = lock(&self.known);
        if let Some(store) = known.tasks.get(upid).and_then(Weak::upgrade) {
            return store;
        }
        let store = Arc::new(TaskStore::new(&self.context, upid));
        known.tasks.retain(|_, store| store.strong_count() > 0);
        known.tasks.insert(upid.clone(), Arc::downgrade(&store));
        store
    }

    /// A VM as its page has it, where it is open or was lately.
    pub fn peek(&self, id: VmId) -> Option<Arc<Vm>> {
        let detail = self.peek_vm(id)?.detail.peek()?;
        Some(Arc::new(detail.vm.clone()))
    }

    fn peek_vm(&self, id: VmId) -> Option<Arc<VmStore>> {
        lock(&self.known).vms.get(&id).and_then(Weak::upgrade)
    }

    fn peek_task(&self, upid: &Upid) -> Option<Arc<TaskStore>> {
        lock(&self.known).tasks.get(upid).and_then(Weak::upgrade)
    }

    pub fn hurry(&self, id: VmId, window: Duration) {
        if let Some(store) = self.peek_vm(id) {
            store.hurry(window);
        }
    }

    pub fn vm_updated(&self, vm: &Vm) {
        if let Some(store) = self.peek_vm(vm.vmid) {
            store.updated(vm);
        }
    }

    /// An event brought live figures of many VMs.
    pub fn figures(&self, rows: &[UsageRow], at: Instant) {
        let open: Vec<Arc<VmStore>> = lock(&self.known)
            .vms
            .values()
            .filter_map(Weak::upgrade)
            .collect();
        for store in open {
            if let Some(row) = rows.iter().find(|row| row.vmid == store.id) {
                store.figures(row, at);
            }
        }
    }

    pub fn task_updated(&self, upid: &Upid) {
        if let Some(store) = self.peek_task(upid) {
            store.task.poller().ask_again();
            store.log.poller().ask_again();
        }
    }

    pub fn forget(&self) {
        *lock(&self.known) = Known::default();
    }
}
