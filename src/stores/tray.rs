//! The task tray: tasks started here, followed to their end across pages and reloads, and the
//! running tasks of the cluster.

use super::context::Context;
use super::lock;
use super::notices::{Notice, Notices, Tone};
use super::rows::Rows;
use super::storage::{Keep, Store};
use crate::api::tasks::{Task, TaskState};
use crate::domain::ids::{Upid, VmId};
use crate::domain::units::Instant;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use std::sync::{Arc, Mutex};

/// A task that was started here.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TrayTask {
    /// Names it within the tray; the UPID may come later.
    pub id: u64,
    /// What it does, and to what: `Start web-server-01`.
    pub title: String,
    /// The VM it is about.
    pub vm: Option<VmId>,
    /// The task; none while it is looked for (divergence 9).
    pub upid: Option<Upid>,
    /// Type of the task, e.g. `qmstart`; empty where it is not known.
    pub kind: String,
    /// When the change was sent, by the server's clock.
    pub began: Instant,
    /// When it was found to have ended.
    pub ended: Option<Instant>,
    /// 0 to 1, where the server says.
    pub progress: Option<f64>,
    /// The newest words on it.
    pub message: Option<String>,
    /// A good end of it is told together with others.
    #[serde(default)]
    quiet: bool,
    /// `status` and `exitstatus` as the server has them; see [`TrayTask::state`].
    status: String,
    exit: Option<String>,
}

impl TrayTask {
    /// How it stands.
    #[must_use]
    pub fn state(&self) -> TaskState {
        if self.ended.is_none() {
            return TaskState::Running;
        }
        TaskState::read(&self.status, self.exit.as_deref(), Some(true), true)
    }

    /// Whether it has not ended, as far as is known.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.ended.is_none()
    }

    /// Whether this could be its task, when its UPID is not known.
    fn fits(&self, task: &Task) -> bool {
        self.upid.is_none()
            && !self.kind.is_empty()
            && task.kind == self.kind
            && task.vm() == self.vm
            && task
                .starttime
                .is_some_and(|start| start.secs() + 1 >= self.began.secs())
    }
}

/// What is put into the tray.
#[derive(Debug, Clone, Default)]
pub(super) struct NewTask {
    /// A good end of it is told together with others.
    pub quiet: bool,
    pub title: String,
    pub vm: Option<VmId>,
    pub upid: Option<Upid>,
    pub kind: String,
    pub began: Instant,
    pub message: String,
}

/// Ended tasks are kept up to this many.
const KEEP: usize = 30;
/// A task without UPID that is not found for so long is let go.
const SEARCH_MILLIS: i64 = 60_000;
/// A task that its server has not mentioned for so long is let go.
const LOST_MILLIS: i64 = 24 * 3_600_000;
const SLOT: &str = "tray";

type Ended = Box<dyn Fn(&TrayTask) + Send + Sync>;

struct Inner {
    context: Context,
    store: Store,
    list: ArcRwSignal<Arc<Vec<TrayTask>>>,
    tasks: Rows<Upid, Task>,
    notices: Notices,
    on_end: Mutex<Option<Ended>>,
}

/// Tasks started here, newest first.
#[derive(Clone)]
pub struct Tray(Arc<Inner>);

impl std::fmt::Debug for Tray {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Tray").finish_non_exhaustive()
    }
}

impl Tray {
    /// With what the tab's storage kept of it.
    pub(super) fn new(context: &Context, tasks: &Rows<Upid, Task>, notices: &Notices) -> Self {
        let store = Store::new(Keep::Tab);
        let kept: Vec<TrayTask> = store
            .get(SLOT)
            .and_then(|text| serde_json::from_str(&text).ok())
            .unwrap_or_default();
        Self(Arc::new(Inner {
            context: context.clone(),
            store,
            list: ArcRwSignal::new(Arc::new(kept)),
            tasks: tasks.clone(),
            notices: notices.clone(),
            on_end: Mutex::default(),
        }))
    }

    pub(super) fn on_end(&self, run: impl Fn(&TrayTask) + Send + Sync + 'static) {
        *lock(&self.0.on_end) = Some(Box::new(run));
    }

    /// Tasks started here, newest first; ended ones stay until dismissed.
    #[must_use]
    pub fn mine(&self) -> Signal<Arc<Vec<TrayTask>>> {
        self.0.list.clone().into()
    }

    /// Running tasks of the cluster that were not started here, newest first. Needs somebody to
    /// read the tasks ([`super::Live::tasks`]).
    #[must_use]
    pub fn others(&self) -> Memo<Vec<Arc<Task>>> {
        let (list, tasks) = (self.0.list.clone(), self.0.tasks.clone());
        Memo::new(move |_| {
            let rows = tasks.snapshot();
            list.with(|mine| {
                rows.iter()
                    .filter(|task| task.state().is_running())
                    .filter(|task| !mine.iter().any(|own| own.upid.as_ref() == Some(&task.upid)))
                    .cloned()
                    .collect()
            })
        })
    }

    /// The open task that was started here on a VM: what it is busy with.
    #[must_use]
    pub fn of_vm(&self, vm: VmId) -> Memo<Option<TrayTask>> {
        let list = self.0.list.clone();
        Memo::new(move |_| {
            list.with(|mine| {
                mine.iter()
                    .find(|task| task.is_open() && task.vm == Some(vm))
                    .cloned()
            })
        })
    }

    /// Takes an ended task away.
    pub fn dismiss(&self, id: u64) {
        self.change(|list| list.retain(|task| task.id != id || task.is_open()));
    }

    /// Takes all ended tasks away.
    pub fn dismiss_ended(&self) {
        self.change(|list| list.retain(TrayTask::is_open));
    }

    pub(super) fn forget(&self) {
        self.change(Vec::clear);
    }

    /// Whether something is under way that was started here.
    pub(super) fn is_expecting(&self) -> bool {
        self.0
            .list
            .with_untracked(|list| list.iter().any(TrayTask::is_open))
    }

    fn change(&self, change: impl FnOnce(&mut Vec<TrayTask>)) {
        let mut list = self.0.list.get_untracked().as_ref().clone();
        change(&mut list);
        if *self.0.list.get_untracked() == list {
            return;
        }
        self.0
            .store
            .set(SLOT, serde_json::to_string(&list).ok().as_deref());
        self.0.list.set(Arc::new(list));
    }

    pub(super) fn add(&self, new: NewTask) {
        self.change(|list| {
            let id = list.iter().map(|task| task.id + 1).max().unwrap_or(0);
            let task = TrayTask {
                id,
                title: new.title,
                quiet: new.quiet,
                vm: new.vm,
                upid: new.upid,
                kind: new.kind,
                began: new.began,
                ended: None,
                progress: None,
                message: Some(new.message).filter(|message| !message.is_empty()),
                status: "running".to_owned(),
                exit: None,
            };
            list.insert(0, task);
            let mut ended = 0;
            list.retain(|task| {
                ended += usize::from(!task.is_open());
                task.is_open() || ended <= KEEP
            });
        });
        self.take_from_rows();
    }

    /// Open tasks that the rows say nothing of: they need a call of their own.
    pub(super) fn unseen(&self) -> Vec<TrayTask> {
        self.0.list.with_untracked(|list| {
            list.iter()
                .filter(|task| task.is_open())
                .filter(|task| match &task.upid {
                    Some(upid) => self.0.tasks.peek(upid).is_none(),
                    None => true,
                })
                .cloned()
                .collect()
        })
    }

    /// Takes note of the tasks that were just loaded, or told of.
    pub(super) fn take_from_rows(&self) {
        let open = self.0.list.get_untracked();
        for own in open.iter().filter(|task| task.is_open()) {
            let row = match &own.upid {
                Some(upid) => self.0.tasks.peek(upid),
                None => self
                    .0
                    .tasks
                    .peek_all()
                    .iter()
                    .find(|task| own.fits(task))
                    .cloned(),
            };
            if let Some(row) = row {
                self.take(own.id, &row);
            }
        }
    }

    /// Takes note of one task's state.
    pub(super) fn take(&self, id: u64, task: &Task) {
        let running = task.state().is_running();
        let now = self.0.context.client.server_now();
        let mut ended = None;
        self.change(|list| {
            let Some(own) = list.iter_mut().find(|own| own.id == id && own.is_open()) else {
                return;
            };
            own.upid = Some(task.upid.clone());
            own.progress = task.progress.or(own.progress);
            if !running {
                own.ended = Some(task.endtime.unwrap_or(now));
                own.status.clone_from(&task.status);
                own.exit.clone_from(&task.exitstatus);
                ended = Some(own.clone());
            }
        });
        if let Some(own) = ended {
            self.announce(&own);
        }
    }

    /// Takes note of progress, as an event tells it.
    pub(super) fn progress(&self, upid: &Upid, fraction: Option<f64>, message: Option<&str>) {
        self.change(|list| {
            if let Some(own) = list.iter_mut().find(|own| own.upid.as_ref() == Some(upid)) {
                own.progress = fraction.or(own.progress);
                if let Some(message) = message {
                    own.message = Some(message.to_owned());
                }
            }
        });
    }

    /// Lets go what the server will never say more about.
    pub(super) fn let_go(&self, id: u64, forgotten: bool) {
        let now = self.0.context.client.server_now();
        self.change(|list| {
            if let Some(own) = list.iter_mut().find(|own| own.id == id && own.is_open()) {
                let waited = now.millis.saturating_sub(own.began.millis);
                let limit = if own.upid.is_none() {
                    SEARCH_MILLIS
                } else {
                    LOST_MILLIS
                };
                if forgotten || waited > limit {
                    own.ended = Some(now);
                    own.status = "stopped".to_owned();
                    own.message = Some("The server does not say how it ended".to_owned());
                }
            }
        });
    }

    fn announce(&self, own: &TrayTask) {
        let (tone, words) = match own.state() {
            TaskState::Failed(words) => (Tone::Bad, words),
            TaskState::Warning(words) => (Tone::Warn, words),
            TaskState::Ok => (Tone::Good, String::new()),
            other => (Tone::Info, other.word().to_owned()),
        };
        let ending = match tone {
            Tone::Bad => "failed",
            Tone::Warn => "ended with warnings",
            _ => "done",
        };
        if !(own.quiet && tone == Tone::Good) {
            self.0.notices.push(
                Notice::new(tone, format!("{}: {ending}", own.title))
                    .text(words)
                    .task(own.upid.clone())
                    .vm(own.vm),
            );
        }
        if let Some(run) = &*lock(&self.0.on_end) {
            run(own);
        }
    }
}
