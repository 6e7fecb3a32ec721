//! One resource, asked for again and again while somebody reads it.

use super::context::Context;
use super::load::Status;
use super::{lock, spawn};
use crate::api::{ApiError, ErrorKind};
use crate::domain::live::{Cadence, Mood, Next};
use crate::domain::units::Instant;
use futures_util::future::{AbortHandle, LocalBoxFuture, abortable};
use leptos::prelude::*;
use send_wrapper::SendWrapper;
use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

pub(super) type Outcome = Result<(), ApiError>;
type Fetch = Box<dyn Fn() -> LocalBoxFuture<'static, Outcome> + Send + Sync>;
type Run = spawn::Pending<Outcome>;

/// How one resource is polled.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plan {
    pub cadence: Cadence,
    /// Events on the socket tell of its changes.
    pub coverable: bool,
}

struct State {
    cadence: Cadence,
    readers: usize,
    running: Option<(SendWrapper<Run>, AbortHandle)>,
    /// Something changed after the running request was sent: ask once more.
    again: bool,
    failures: u32,
    retry_after: Option<Duration>,
    /// A change was made here: quick until then.
    quick_until: f64,
    took: Duration,
    /// When the newest successful request was sent.
    asked: Option<f64>,
    /// When the newest request ended.
    ended: Option<f64>,
    /// Fixed per request, so that planning anew does not move the next one about.
    random: f64,
    due: Option<f64>,
}

struct Inner {
    id: u64,
    context: Context,
    coverable: bool,
    fetch: Fetch,
    state: Mutex<State>,
    status: ArcRwSignal<Status>,
}

/// Shared and counted: the first reader starts it, the last stops it.
#[derive(Clone)]
pub(super) struct Poller(Arc<Inner>);

/// A poller that may be gone.
pub(super) struct Weak(std::sync::Weak<Inner>);

impl Weak {
    pub fn upgrade(&self) -> Option<Poller> {
        self.0.upgrade().map(Poller)
    }

    pub fn is_alive(&self) -> bool {
        self.0.strong_count() > 0
    }
}

impl fmt::Debug for Poller {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = lock(&self.0.state);
        formatter
            .debug_struct("Poller")
            .field("readers", &state.readers)
            .field("failures", &state.failures)
            .finish_non_exhaustive()
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.context.pulse.remove(self.id);
        if let Some((_, abort)) = lock(&self.state).running.take() {
            abort.abort();
        }
    }
}

impl Poller {
    pub fn new(
        context: &Context,
        plan: Plan,
        fetch: impl Fn() -> LocalBoxFuture<'static, Outcome> + Send + Sync + 'static,
    ) -> Self {
        let poller = Self(Arc::new(Inner {
            id: context.pulse.id(),
            context: context.clone(),
            coverable: plan.coverable,
            fetch: Box::new(fetch),
            state: Mutex::new(State {
                cadence: plan.cadence,
                readers: 0,
                running: None,
                again: false,
                failures: 0,
                retry_after: None,
                quick_until: 0.0,
                took: Duration::ZERO,
                asked: None,
                ended: None,
                random: context.transport.random(),
                due: None,
            }),
            status: ArcRwSignal::default(),
        }));
        context.register(&poller);
        poller
    }

    pub fn weak(&self) -> Weak {
        Weak(Arc::downgrade(&self.0))
    }

    pub fn status(&self) -> &ArcRwSignal<Status> {
        &self.0.status
    }

    pub fn is_coverable(&self) -> bool {
        self.0.coverable
    }

    pub fn has_failed(&self) -> bool {
        lock(&self.0.state).failures > 0
    }

    pub fn is_read(&self) -> bool {
        lock(&self.0.state).readers > 0
    }

    /// Whether events tell of all changes since its newest answer.
    fn is_covered(&self, state: &State) -> bool {
        let since = self.0.context.covered_since();
        self.0.coverable
            && since.is_some_and(|since| state.asked.is_some_and(|asked| asked >= since))
    }

    /// The value is right as of now, if events tell of its changes.
    pub fn confirm(&self) {
        let covered = {
            let state = lock(&self.0.state);
            state.readers > 0 && state.failures == 0 && self.is_covered(&state)
        };
        if covered {
            let now = self.0.context.client.server_now();
            self.0.status.update(|status| status.updated = Some(now));
        }
    }

    pub fn retry_at(&self) -> Option<f64> {
        let state = lock(&self.0.state);
        state
            .due
            .filter(|_| state.failures > 0 && state.readers > 0)
    }

    pub fn set_cadence(&self, cadence: Cadence) {
        lock(&self.0.state).cadence = cadence;
        self.plan();
    }

    /// Counts the current owner as a reader until it is cleaned up.
    pub fn attach(&self) {
        lock(&self.0.state).readers += 1;
        self.plan();
        let poller = self.clone();
        on_cleanup(move || poller.detach());
    }

    fn detach(&self) {
        let abort = {
            let mut state = lock(&self.0.state);
            state.readers = state.readers.saturating_sub(1);
            if state.readers > 0 {
                return;
            }
            state.due = None;
            state.running.as_ref().map(|(_, abort)| abort.clone())
        };
        self.0.context.pulse.remove(self.0.id);
        // Nobody waits for it any more; whoever comes back asks anew.
        if let Some(abort) = abort {
            abort.abort();
        }
    }

    /// Asks now, or joins the request under way; answers how it went.
    pub fn refresh(&self) -> Run {
        self.run()
    }

    /// Asks now if anybody reads.
    pub fn ask_now(&self) {
        let context = &self.0.context;
        if self.is_read() && !context.is_hidden() && !context.is_locked_out() {
            self.run();
        } else {
            lock(&self.0.state).ended = None;
        }
    }

    /// Asks now if anybody reads, and once more if a request is under way: its answer may be
    /// older than what made us ask.
    pub fn ask_again(&self) {
        {
            let mut state = lock(&self.0.state);
            state.again = state.running.is_some();
        }
        self.ask_now();
    }

    /// A change was made: asks now, and quickly for a while.
    pub fn hurry(&self, window: Duration) {
        let until = self.0.context.now() + window.as_secs_f64() * 1000.0;
        {
            let mut state = lock(&self.0.state);
            state.quick_until = state.quick_until.max(until);
        }
        self.ask_again();
    }

    /// The page is seen again: asks now if the value is no longer fresh.
    pub fn catch_up(&self) {
        let fresh = {
            let state = lock(&self.0.state);
            let quick = state.cadence.quick.as_secs_f64() * 1000.0;
            state
                .ended
                .is_some_and(|ended| self.0.context.now() - ended < quick)
        };
        if fresh { self.plan() } else { self.ask_now() }
    }

    /// Sets when to ask next, by what is known now.
    pub fn plan(&self) {
        let context = &self.0.context;
        let now = self.0.context.now();
        let due = {
            let mut state = lock(&self.0.state);
            if state.readers == 0 || state.running.is_some() {
                return;
            }
            let mood = Mood {
                moving: context.is_moving() || now < state.quick_until,
                covered: self.is_covered(&state),
                hidden: context.is_hidden(),
                locked_out: context.is_locked_out(),
                failures: state.failures,
                retry_after: state.retry_after,
                took: state.took,
            };
            state.due = match (state.cadence.next(&mood, state.random), state.ended) {
                (Next::Paused, _) => None,
                (Next::After(_), None) => Some(now),
                (Next::After(wait), Some(ended)) => {
                    Some((ended + wait.as_secs_f64() * 1000.0).max(now))
                }
            };
            state.due
        };
        self.tell_next_try(due, now);
        match due {
            None => context.pulse.remove(self.0.id),
            Some(at) if at <= now => {
                self.run();
            }
            Some(at) => {
                let weak = Arc::downgrade(&self.0);
                let run = move || {
                    if let Some(inner) = weak.upgrade() {
                        Self(inner).run();
                    }
                };
                context.pulse.set(self.0.id, at, Arc::new(run));
            }
        }
    }

    fn tell_next_try(&self, due: Option<f64>, now: f64) {
        let next_try = due.filter(|_| self.has_failed()).map(|at| {
            #[expect(clippy::cast_possible_truncation, reason = "minutes")]
            let wait = (at - now) as i64;
            Instant::from_millis(self.0.context.client.server_now().millis + wait)
        });
        if self
            .0
            .status
            .with_untracked(|status| status.next_try != next_try)
        {
            self.0.status.update(|status| status.next_try = next_try);
        }
    }

    fn run(&self) -> Run {
        if let Some((run, _)) = &lock(&self.0.state).running {
            return (**run).clone();
        }
        self.0.context.pulse.remove(self.0.id);
        let began = self.0.context.now();
        let (fetch, abort) = abortable((self.0.fetch)());
        let weak = Arc::downgrade(&self.0);
        let work = async move {
            let outcome = fetch.await.unwrap_or_else(|_| Err(aborted()));
            if let Some(inner) = weak.upgrade() {
                Self(inner).ended(began, &outcome);
            }
            outcome
        };
        let run = spawn::Pending::lazy(work);
        {
            let mut state = lock(&self.0.state);
            state.running = Some((SendWrapper::new(run.clone()), abort));
            state.due = None;
        }
        self.0.status.update(|status| {
            status.in_flight = true;
            status.next_try = None;
        });
        run.begin();
        run
    }

    fn ended(&self, began: f64, outcome: &Outcome) {
        let ended = self.0.context.now();
        let context = &self.0.context;
        let again = {
            let mut state = lock(&self.0.state);
            state.running = None;
            state.random = context.transport.random();
            let cut_off = matches!(outcome, Err(error) if error.kind == ErrorKind::Aborted);
            if !cut_off {
                state.ended = Some(ended);
                state.took = Duration::from_secs_f64((ended - began).max(0.0) / 1000.0);
            }
            match outcome {
                Ok(()) => {
                    state.asked = Some(began);
                    state.failures = 0;
                    state.retry_after = None;
                }
                Err(_) if cut_off => {}
                Err(error) => {
                    state.failures = state.failures.saturating_add(1);
                    state.retry_after = error.retry_after;
                }
            }
            std::mem::take(&mut state.again) && outcome.is_ok()
        };
        let failures = lock(&self.0.state).failures;
        self.0.status.update(|status| {
            status.in_flight = false;
            status.failures = failures;
            match outcome {
                Ok(()) => {
                    status.updated = Some(context.client.server_now());
                    status.error = None;
                }
                Err(error) if error.kind == ErrorKind::Aborted => {}
                Err(error) => status.error = Some(error.clone()),
            }
        });
        if again {
            self.ask_now();
        } else {
            self.plan();
        }
        if outcome.is_err() {
            context.connection.tell_next_try(context);
        }
    }

    /// Forgets how it went, and that it ever asked: the value it fed is gone.
    pub fn forget(&self) {
        {
            let mut state = lock(&self.0.state);
            state.failures = 0;
            state.asked = None;
            state.ended = None;
            if let Some((_, abort)) = &state.running {
                abort.abort();
            }
        }
        self.0.status.set(Status::default());
    }
}

fn aborted() -> ApiError {
    ApiError::local(ErrorKind::Aborted, "Nobody waits for it any more")
}
