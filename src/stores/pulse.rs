//! The one timer that all stores share: whatever is due next sets it.

use super::{lock, spawn};
use crate::api::transport::Transport;
use futures_util::future::{AbortHandle, abortable};
use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

type Run = Arc<dyn Fn() + Send + Sync>;

/// What is due this soon after the timer fires runs with it, so that a browser wakes up once.
const TOGETHER_MILLIS: f64 = 40.0;

struct Due {
    at: f64,
    run: Run,
}

struct Inner {
    transport: Arc<dyn Transport>,
    due: Mutex<HashMap<u64, Due>>,
    timer: Mutex<Option<AbortHandle>>,
    ids: AtomicU64,
}

/// Runs things when they are due, by the transport's monotonic clock.
#[derive(Clone)]
pub(super) struct Pulse(Arc<Inner>);

impl fmt::Debug for Pulse {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Pulse")
            .field("due", &lock(&self.0.due).len())
            .finish()
    }
}

impl Pulse {
    pub fn new(transport: Arc<dyn Transport>) -> Self {
        Self(Arc::new(Inner {
            transport,
            due: Mutex::default(),
            timer: Mutex::default(),
            ids: AtomicU64::new(0),
        }))
    }

    /// A name for something to be run.
    pub fn id(&self) -> u64 {
        self.0.ids.fetch_add(1, Ordering::Relaxed)
    }

    /// Has `run` called once at `at`, instead of when it was due before.
    pub fn set(&self, id: u64, at: f64, run: Run) {
        lock(&self.0.due).insert(id, Due { at, run });
        self.arm();
    }

    /// Has it not called.
    pub fn remove(&self, id: u64) {
        if lock(&self.0.due).remove(&id).is_some() {
            self.arm();
        }
    }

    /// Forgets everything.
    pub fn stop(&self) {
        lock(&self.0.due).clear();
        self.arm();
    }

    fn arm(&self) {
        let next = lock(&self.0.due)
            .values()
            .map(|due| due.at)
            .min_by(f64::total_cmp);
        let mut timer = lock(&self.0.timer);
        if let Some(old) = timer.take() {
            old.abort();
        }
        let Some(at) = next else { return };
        let wait = (at - self.0.transport.monotonic_millis()).clamp(0.0, 2e9);
        let sleep = self
            .0
            .transport
            .sleep(Duration::from_secs_f64(wait.ceil() / 1000.0));
        let (sleep, abort) = abortable(sleep);
        *timer = Some(abort);
        let weak = Arc::downgrade(&self.0);
        spawn::action(async move {
            if sleep.await.is_ok()
                && let Some(inner) = weak.upgrade()
            {
                Self(inner).fire();
            }
        });
    }

    fn fire(&self) {
        let until = self.0.transport.monotonic_millis() + TOGETHER_MILLIS;
        let ready: Vec<Run> = {
            let mut due = lock(&self.0.due);
            let ids: Vec<u64> = due
                .iter()
                .filter(|(_, due)| due.at <= until)
                .map(|(id, _)| *id)
                .collect();
            ids.iter()
                .filter_map(|id| due.remove(id))
                .map(|due| due.run)
                .collect()
        };
        for run in ready {
            run();
        }
        self.arm();
    }
}
