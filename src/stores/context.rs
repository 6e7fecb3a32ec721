//! What every store shares: the client, the timer, and what decides the pace of polling.

use super::connection::Connection;
use super::lock;
use super::poller::Poller;
use super::pulse::Pulse;
use crate::api::Client;
use crate::api::transport::Transport;
use crate::domain::live::Steady;
use crate::domain::units::Instant;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

/// Least time between two notes that what events tell of is right.
const CONFIRM_MILLIS: f64 = 2000.0;

pub(super) struct Shared {
    pub client: Client,
    pub transport: Arc<dyn Transport>,
    pub pulse: Pulse,
    pub connection: Connection,
    steady: Mutex<Steady>,
    stopped: AtomicBool,
    hidden: AtomicBool,
    locked_out: AtomicBool,
    moving: AtomicBool,
    /// Since when events tell of changes, by [`Shared::now`].
    covered_since: Mutex<Option<f64>>,
    confirmed: Mutex<f64>,
    pollers: Mutex<Vec<super::poller::Weak>>,
}

/// Shared by everything in one [`super::Live`].
#[derive(Clone)]
pub(super) struct Context(Arc<Shared>);

impl fmt::Debug for Context {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Context")
            .field("client", &self.0.client)
            .finish_non_exhaustive()
    }
}

impl std::ops::Deref for Context {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl Context {
    pub fn new(client: Client, transport: Arc<dyn Transport>, hidden: bool) -> Self {
        Self(Arc::new(Shared {
            client,
            pulse: Pulse::new(Arc::clone(&transport)),
            transport,
            connection: Connection::default(),
            steady: Mutex::default(),
            stopped: AtomicBool::new(false),
            hidden: AtomicBool::new(hidden),
            locked_out: AtomicBool::new(false),
            moving: AtomicBool::new(false),
            covered_since: Mutex::default(),
            confirmed: Mutex::new(0.0),
            pollers: Mutex::default(),
        }))
    }
}

impl Shared {
    /// Milliseconds by a clock that is never set: for everything that is due.
    pub fn now(&self) -> f64 {
        self.transport.monotonic_millis()
    }

    /// What time it is by the server's clock, for samples: smooth.
    pub fn sample_time(&self) -> Instant {
        #[expect(clippy::cast_precision_loss, reason = "milliseconds of a real clock")]
        let server = self.client.server_now().millis as f64;
        lock(&self.steady).at(server, self.now())
    }

    /// Whether everything was ended.
    pub fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }

    /// Ends what is due.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
        self.pulse.stop();
    }

    pub fn register(&self, poller: &Poller) {
        let mut pollers = lock(&self.pollers);
        // Those of VMs that nobody looks at any more.
        pollers.retain(super::poller::Weak::is_alive);
        pollers.push(poller.weak());
    }

    /// All that live, whether read or not.
    pub fn pollers(&self) -> Vec<Poller> {
        lock(&self.pollers)
            .iter()
            .filter_map(super::poller::Weak::upgrade)
            .collect()
    }

    fn replan(&self) {
        for poller in self.pollers() {
            poller.plan();
        }
    }

    pub fn is_hidden(&self) -> bool {
        self.hidden.load(Ordering::Relaxed)
    }

    pub fn set_hidden(&self, hidden: bool) {
        if self.hidden.swap(hidden, Ordering::Relaxed) != hidden {
            if hidden {
                self.replan();
            } else {
                self.catch_up();
            }
        }
    }

    pub fn is_locked_out(&self) -> bool {
        self.locked_out.load(Ordering::Relaxed)
    }

    pub fn set_locked_out(&self, locked_out: bool) {
        if self.locked_out.swap(locked_out, Ordering::Relaxed) != locked_out {
            if locked_out {
                self.replan();
            } else {
                self.refresh_all();
            }
        }
    }

    pub fn is_moving(&self) -> bool {
        self.moving.load(Ordering::Relaxed)
    }

    pub fn set_moving(&self, moving: bool) {
        if self.moving.swap(moving, Ordering::Relaxed) != moving {
            self.replan();
        }
    }

    pub fn covered_since(&self) -> Option<f64> {
        *lock(&self.covered_since)
    }

    /// Events tell of changes from now on, or no longer.
    pub fn set_covered(&self, covered: bool) {
        let now = covered.then(|| self.now());
        *lock(&self.covered_since) = now;
        self.replan();
    }

    /// The server just spoke on the socket: what it tells of is right as of now. Told every two
    /// seconds at most.
    pub fn confirm_covered(&self) {
        let now = self.now();
        {
            let mut confirmed = lock(&self.confirmed);
            if now - *confirmed < CONFIRM_MILLIS {
                return;
            }
            *confirmed = now;
        }
        for poller in self.pollers() {
            poller.confirm();
        }
    }

    /// Asks at once for what is read and no longer fresh: the page is seen again.
    pub fn catch_up(&self) {
        for poller in self.pollers() {
            poller.catch_up();
        }
    }

    /// Asks at once for all that is read.
    pub fn refresh_all(&self) {
        for poller in self.pollers() {
            poller.ask_now();
        }
    }

    /// Asks at once for what is read and failed.
    pub fn retry_failed(&self) {
        for poller in self.pollers() {
            if poller.has_failed() {
                poller.ask_now();
            }
        }
    }

    /// Asks at once for what events should have told.
    pub fn reload_covered(&self) {
        for poller in self.pollers() {
            if poller.is_coverable() {
                poller.ask_again();
            }
        }
    }

    /// When the next failing poller tries again, by [`Shared::now`].
    pub fn next_retry(&self) -> Option<f64> {
        self.pollers()
            .iter()
            .filter_map(Poller::retry_at)
            .min_by(f64::total_cmp)
    }
}
