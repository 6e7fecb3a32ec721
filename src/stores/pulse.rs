//! The one timer that all stores share: whatever is due next sets it.

use super::lock;
use gloo_timers::callback::Timeout;
use send_wrapper::SendWrapper;
use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

type Run = Arc<dyn Fn() + Send + Sync>;

/// What is due this soon after the timer fires runs with it, so that a browser wakes up once.
const TOGETHER_MILLIS: f64 = 40.0;

struct Due {
    at: f64,
    run: Run,
}

#[derive(Default)]
struct Inner {
    due: Mutex<HashMap<u64, Due>>,
    timer: Mutex<Option<SendWrapper<Timeout>>>,
    ids: AtomicU64,
}

/// Runs things when they are due, by `performance.now()`.
#[derive(Clone, Default)]
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
        // Dropping a timer ends it.
        *timer = next.map(|at| {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "cut to a range that browsers take"
            )]
            let wait = (at - super::slice::now()).ceil().clamp(0.0, 2e9) as u32;
            let pulse = self.clone();
            SendWrapper::new(Timeout::new(wait, move || pulse.fire()))
        });
    }

    fn fire(&self) {
        let until = super::slice::now() + TOGETHER_MILLIS;
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
