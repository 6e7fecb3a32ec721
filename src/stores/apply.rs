//! Events of the socket, applied to rows in the order in which they came.

use super::context::Context;
use super::feed::{Feed, RowFeed};
use super::follow::Follow;
use super::slice::Slicer;
use super::socket::Apply;
use super::tray::Tray;
use super::vm::Details;
use super::vms::Vms;
use super::{lock, spawn};
use crate::api::cluster::{ClusterMember, ClusterStatus};
use crate::api::events::{Event, EventData, EventKind, Topic, UsageRow};
use crate::api::tasks::Task;
use crate::domain::ids::{Upid, VmId};
use crate::domain::units::Instant;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

/// Live figures of so long are written together.
const TOGETHER_MILLIS: f64 = 2000.0;
/// Tasks that events add are kept up to this many; polls bring the newest 50.
const TASKS: usize = 200;

#[derive(Default)]
struct Queue {
    events: VecDeque<Event>,
    draining: bool,
}

pub(super) struct Targets {
    pub context: Context,
    pub vms: Vms,
    pub tasks: RowFeed<Upid, Task>,
    pub cluster: Feed<ClusterStatus>,
    pub tray: Tray,
    pub follow: Follow,
    pub details: Details,
    /// Name of the next flush of figures.
    pub flush: u64,
}

#[derive(Clone)]
pub(super) struct Applier {
    targets: Arc<Targets>,
    queue: Arc<Mutex<Queue>>,
}

impl Applier {
    pub fn new(targets: Targets) -> Self {
        Self {
            targets: Arc::new(targets),
            queue: Arc::default(),
        }
    }

    async fn drain(self) {
        let mut slicer = Slicer::begin();
        loop {
            let event = {
                let mut queue = lock(&self.queue);
                let event = queue.events.pop_front();
                queue.draining = event.is_some();
                event
            };
            let Some(event) = event else { return };
            self.targets.apply(event);
            slicer.breathe().await;
        }
    }
}

impl Apply for Applier {
    fn event(&self, event: Event) {
        // Nobody sees figures on a hidden page; being seen again loads everything anew.
        if self.targets.context.is_hidden() && matches!(event.data, EventData::Usage(_)) {
            return;
        }
        let idle = {
            let mut queue = lock(&self.queue);
            queue.events.push_back(event);
            !std::mem::replace(&mut queue.draining, true)
        };
        if idle {
            spawn::action(self.clone().drain());
        }
    }

    fn reload(&self) {
        self.targets.context.reload_covered();
    }
}

impl Targets {
    fn apply(&self, event: Event) {
        let at = self.context.sample_time();
        match (event.topic, event.kind, event.data) {
            (_, _, EventData::Usage(figures)) => self.usage(figures, at),
            (_, EventKind::Created | EventKind::Updated, EventData::Vm(vm)) => {
                self.details.vm_updated(&vm);
                self.vms.put(*vm, at);
            }
            (Some(Topic::Vm), EventKind::Deleted, _) => {
                if let Some(vm) = event.id.and_then(|id| id.parse::<VmId>().ok()) {
                    self.vms.rows().remove(&vm);
                }
            }
            (_, EventKind::Created | EventKind::Updated, EventData::Task(task)) => self.task(*task),
            (_, _, EventData::Progress { fraction, message }) => {
                if let Some(id) = event.id {
                    self.progress(&Upid(id), fraction, message.as_deref());
                }
            }
            (_, _, EventData::Log { .. }) => {
                if let Some(id) = event.id {
                    self.details.task_updated(&Upid(id));
                }
            }
            (_, _, EventData::Node(member)) => self.node(&member),
            (Some(Topic::Vm), ..) => self.vms.feed().poller().ask_again(),
            (Some(Topic::Task), ..) => self.tasks.poller().ask_again(),
            (Some(Topic::Node), ..) => self.cluster.poller().ask_again(),
            _ => {}
        }
    }

    /// Charts of the VM that somebody looks at move at once; the rows of all together, seldom:
    /// each time whoever sorts by a figure sorts 10,000 rows anew.
    fn usage(&self, figures: Vec<UsageRow>, at: Instant) {
        self.details.figures(&figures, at);
        if !self.vms.take_figures(figures, at) {
            return;
        }
        let vms = self.vms.clone();
        let run = move || {
            let vms = vms.clone();
            spawn::action(async move { vms.flush().await });
        };
        self.context.pulse.set(
            self.flush,
            self.context.now() + TOGETHER_MILLIS,
            Arc::new(run),
        );
    }

    fn task(&self, task: Task) {
        let upid = task.upid.clone();
        let rows = &self.tasks.rows;
        rows.put(upid.clone(), task, true);
        let all = rows.peek_all();
        if all.len() > TASKS
            && let Some(oldest) = all.iter().rev().find(|task| !task.state().is_running())
        {
            rows.remove(&oldest.upid);
        }
        self.details.task_updated(&upid);
        self.follow.look();
    }

    fn progress(&self, upid: &Upid, fraction: Option<f64>, message: Option<&str>) {
        if let Some(task) = self.tasks.rows.peek(upid)
            && fraction.is_some()
        {
            let task = Task {
                progress: fraction,
                ..Task::clone(&task)
            };
            self.tasks.rows.put(upid.clone(), task, true);
        }
        self.tray.progress(upid, fraction, message);
        self.details.task_updated(upid);
    }

    fn node(&self, member: &ClusterMember) {
        self.cluster.patch(|status| {
            let mut status = status.clone();
            let known = status
                .nodes
                .iter_mut()
                .find(|node| node.name == member.name)?;
            known.clone_from(member);
            Some(status)
        });
        // Quorum may hang on it.
        self.cluster.poller().ask_again();
    }
}
