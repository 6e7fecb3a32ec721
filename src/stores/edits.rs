//! The edit of many VMs that is under way: one at a time, kept for the tab, so that a reload costs
//! nothing that was done or typed.

use super::lock;
use super::pace::Pace;
use super::storage::{Keep, Store};
use crate::domain::ids::VmId;
use crate::domain::mass_edit::{Job, Row, State};
use leptos::prelude::*;
use std::sync::{Arc, Mutex};

const SLOT: &str = "edit";

#[derive(Debug)]
struct Inner {
    store: Store,
    job: ArcRwSignal<Option<Arc<Job>>>,
    pace: ArcRwSignal<Pace>,
    /// What an earlier page of this tab left was read.
    read: Mutex<bool>,
}

/// The edit of many VMs, and how far it has come.
#[derive(Debug, Clone)]
pub struct Edits(Arc<Inner>);

impl Edits {
    pub(super) fn new() -> Self {
        Self(Arc::new(Inner {
            store: Store::new(Keep::Tab),
            job: ArcRwSignal::new(None),
            pace: ArcRwSignal::new(Pace::Rests),
            read: Mutex::new(false),
        }))
    }

    /// What is under way, stopped, or ended and not yet put away.
    #[must_use]
    pub fn job(&self) -> Signal<Option<Arc<Job>>> {
        self.read();
        self.0.job.clone().into()
    }

    /// As [`Edits::job`], once.
    #[must_use]
    pub fn peek(&self) -> Option<Arc<Job>> {
        self.read();
        self.0.job.get_untracked()
    }

    fn read(&self) {
        if std::mem::replace(&mut *lock(&self.0.read), true) {
            return;
        }
        let kept = self.0.store.get(SLOT);
        if let Some(mut job) = kept.and_then(|text| serde_json::from_str::<Job>(&text).ok()) {
            job.resume();
            self.0.job.set(Some(Arc::new(job)));
        }
    }

    /// Puts another in its place, or none; nothing happens while one runs.
    pub fn put(&self, job: Option<Job>) {
        if self.0.pace.get_untracked() == Pace::Rests {
            self.read();
            self.write(job);
        }
    }

    fn write(&self, job: Option<Job>) {
        let text = job.as_ref().and_then(|job| serde_json::to_string(job).ok());
        self.0.store.set(SLOT, text.as_deref());
        self.0.job.set(job.map(Arc::new));
    }

    /// Changes it.
    pub fn change(&self, change: impl FnOnce(&mut Job)) {
        if let Some(job) = self.peek() {
            let mut job = Job::clone(&job);
            change(&mut job);
            self.write(Some(job));
        }
    }

    /// Takes the next VM whose turn has come, as it stood before; `None` where none has, or after
    /// [`Edits::stop`].
    #[must_use]
    pub fn begin_next(&self) -> Option<Row> {
        if self.0.pace.get_untracked() != Pace::Runs {
            return None;
        }
        let mut taken = None;
        self.change(|job| taken = job.begin_next());
        taken
    }

    /// Takes down what came of one VM.
    pub fn note(&self, vm: VmId, state: State) {
        self.change(|job| job.note(vm, state));
    }

    /// Begins to run; `false` where it runs already.
    #[must_use]
    pub fn start(&self) -> bool {
        let rests = self.0.pace.get_untracked() == Pace::Rests;
        if rests {
            self.0.pace.set(Pace::Runs);
        }
        rests
    }

    /// Lets what is on its way end, and begins nothing more.
    pub fn stop(&self) {
        if self.0.pace.get_untracked() == Pace::Runs {
            self.0.pace.set(Pace::Stops);
        }
    }

    /// It has ended, or stopped.
    pub fn rest(&self) {
        self.0.pace.set(Pace::Rests);
    }

    /// Whether something is sent; tracked.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.0.pace.get() != Pace::Rests
    }

    /// Whether it was told to stop and has not yet; tracked.
    #[must_use]
    pub fn is_stopping(&self) -> bool {
        self.0.pace.get() == Pace::Stops
    }

    pub(super) fn forget(&self) {
        self.stop();
        *lock(&self.0.read) = true;
        self.write(None);
    }
}
