//! Whether the server can be reached at all.

use super::context::Shared;
use super::lock;
use crate::api::{ApiError, CallOutcome, ErrorKind};
use crate::domain::units::Instant;
use leptos::prelude::*;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

/// How the connection stands.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Link {
    /// Calls are answered, or none was made yet.
    #[default]
    Up,
    /// Calls get no answer.
    Lost {
        /// Since when, by the server's clock.
        since: Instant,
        /// The newest failure.
        error: Box<ApiError>,
    },
    /// The browser says that there is no network.
    Offline {
        /// Since when, by the server's clock.
        since: Instant,
    },
}

impl Link {
    /// Whether calls are answered.
    #[must_use]
    pub fn is_up(&self) -> bool {
        *self == Self::Up
    }
}

#[derive(Default)]
struct State {
    /// Paths that failed since the last success.
    failing: BTreeSet<String>,
}

/// Watches all calls. Recovers alone: the first call that is answered has all others repeated.
#[derive(Clone, Default)]
pub struct Connection {
    link: ArcRwSignal<Link>,
    next_try: ArcRwSignal<Option<Instant>>,
    state: Arc<Mutex<State>>,
}

impl std::fmt::Debug for Connection {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Connection").finish_non_exhaustive()
    }
}

/// What a call told of the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Heard {
    /// Nothing new.
    Same,
    /// One resource got no answer: ask for another, to tell whether it is that one alone.
    Suspect,
    /// The connection is back.
    Back,
}

/// One resource may fail alone; when two do with no success between, all is lost.
const LOST_AFTER: usize = 2;

impl Connection {
    /// How it stands.
    #[must_use]
    pub fn link(&self) -> Signal<Link> {
        self.link.clone().into()
    }

    /// Whether calls are answered, just now.
    #[must_use]
    pub fn is_up(&self) -> bool {
        self.link.with_untracked(Link::is_up)
    }

    /// While it is lost: when the next try comes, by the server's clock.
    #[must_use]
    pub fn next_try(&self) -> Signal<Option<Instant>> {
        self.next_try.clone().into()
    }

    /// Takes note of a call.
    pub(super) fn heard(&self, outcome: &CallOutcome, now: Instant) -> Heard {
        let unreachable = outcome.error.as_ref().filter(|error| {
            matches!(error.kind, ErrorKind::Network | ErrorKind::Timeout)
                || matches!(error.status, Some(502..=504))
        });
        let Some(error) = unreachable else {
            return self.answered();
        };
        let failing = {
            let mut state = lock(&self.state);
            let path = outcome.path.split('?').next().unwrap_or_default();
            if state.failing.len() < LOST_AFTER {
                state.failing.insert(path.to_owned());
            }
            state.failing.len()
        };
        let lost = |since| Link::Lost {
            since,
            error: Box::new(error.clone()),
        };
        match self.link.get_untracked() {
            Link::Up if failing < LOST_AFTER => return Heard::Suspect,
            Link::Up => self.link.set(lost(now)),
            Link::Lost { since, .. } => self.link.set(lost(since)),
            Link::Offline { .. } => {}
        }
        Heard::Same
    }

    fn answered(&self) -> Heard {
        lock(&self.state).failing.clear();
        if self.link.with_untracked(Link::is_up) {
            return Heard::Same;
        }
        self.link.set(Link::Up);
        self.next_try.set(None);
        Heard::Back
    }

    /// The browser's own word on the network.
    pub(super) fn set_offline(&self, offline: bool, now: Instant) {
        if offline {
            self.link.set(Link::Offline { since: now });
            self.next_try.set(None);
        } else if self
            .link
            .with_untracked(|link| matches!(link, Link::Offline { .. }))
        {
            // Not known to be lost; the calls that follow will tell.
            self.link.set(Link::Up);
        }
    }

    /// Tells when the next try comes.
    pub(super) fn tell_next_try(&self, context: &Shared) {
        let next_try = match self.link.with_untracked(Link::is_up) {
            true => None,
            false => context.next_retry().map(|at| {
                #[expect(clippy::cast_possible_truncation, reason = "minutes")]
                let wait = (at - context.now()) as i64;
                Instant::from_millis(context.client.server_now().millis + wait)
            }),
        };
        if self.next_try.get_untracked() != next_try {
            self.next_try.set(next_try);
        }
    }
}
