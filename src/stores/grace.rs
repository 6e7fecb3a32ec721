//! Changes that destroy, confirmed and not yet sent: each waits some seconds in which it can be
//! taken back, where the person wants that.

use super::context::Context;
use super::lock;
use super::prefs::{GRACE_SECONDS, Prefs};
use futures_util::future::{AbortHandle, abortable};
use leptos::prelude::*;
use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A change that waits.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// Names it.
    pub id: u64,
    /// What will be done: "Stop web-server-01".
    pub title: String,
    /// Seconds until it is sent.
    pub left: ArcRwSignal<u32>,
}

impl PartialEq for Waiting {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

/// What was decided before the time was over, and what wakes the one who waits.
#[derive(Default)]
struct Hold {
    decided: Option<bool>,
    wake: Option<AbortHandle>,
}

struct Inner {
    context: Context,
    prefs: Prefs,
    list: ArcRwSignal<Arc<Vec<Waiting>>>,
    holds: Mutex<(u64, HashMap<u64, Hold>)>,
}

/// All changes that wait. They live with the console, not with the page that they were begun on.
#[derive(Clone)]
pub struct Grace(Arc<Inner>);

impl std::fmt::Debug for Grace {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Grace").finish_non_exhaustive()
    }
}

impl Grace {
    pub(super) fn new(context: &Context, prefs: &Prefs) -> Self {
        Self(Arc::new(Inner {
            context: context.clone(),
            prefs: prefs.clone(),
            list: ArcRwSignal::default(),
            holds: Mutex::default(),
        }))
    }

    /// How long a change waits, in seconds; 0: it is sent at once.
    #[must_use]
    pub fn seconds(&self) -> u32 {
        self.0.prefs.peek(&GRACE_SECONDS).unwrap_or(0).min(60)
    }

    /// What waits, oldest first.
    #[must_use]
    pub fn list(&self) -> Signal<Arc<Vec<Waiting>>> {
        self.0.list.clone().into()
    }

    /// Sends one at once, or takes it back.
    pub fn decide(&self, id: u64, send: bool) {
        let mut holds = lock(&self.0.holds);
        if let Some(hold) = holds.1.get_mut(&id) {
            hold.decided = Some(send);
            if let Some(wake) = hold.wake.take() {
                wake.abort();
            }
        }
    }

    /// Waits for a change's moment; answers whether it is to be sent.
    pub fn hold(&self, title: String) -> impl Future<Output = bool> + use<> {
        let me = self.clone();
        let left = ArcRwSignal::new(self.seconds());
        let id = {
            let mut holds = lock(&self.0.holds);
            holds.0 += 1;
            let id = holds.0;
            holds.1.insert(id, Hold::default());
            id
        };
        let waiting = Waiting {
            id,
            title,
            left: left.clone(),
        };
        self.0.list.update(|list| Arc::make_mut(list).push(waiting));
        let transport = Arc::clone(&self.0.context.transport);
        let due = transport.monotonic_millis() + f64::from(self.seconds()) * 1000.0;
        async move {
            let send = loop {
                let wait = due - transport.monotonic_millis();
                if let Some(decided) = me.decided(id) {
                    break decided;
                }
                if wait <= 0.0 {
                    break true;
                }
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "at most a minute"
                )]
                left.set((wait / 1000.0).ceil() as u32);
                // To the next whole second, so that each is shown for as long.
                let step = (wait - 1.0).rem_euclid(1000.0) + 1.0;
                let sleep = transport.sleep(Duration::from_secs_f64(step / 1000.0));
                let (sleep, wake) = abortable(sleep);
                if let Some(hold) = lock(&me.0.holds).1.get_mut(&id) {
                    hold.wake = Some(wake);
                }
                let _ = sleep.await;
            };
            lock(&me.0.holds).1.remove(&id);
            me.0.list
                .update(|list| Arc::make_mut(list).retain(|waiting| waiting.id != id));
            send
        }
    }

    /// Takes all of them back.
    pub(super) fn forget(&self) {
        for waiting in self.0.list.get_untracked().iter() {
            self.decide(waiting.id, false);
        }
    }

    fn decided(&self, id: u64) -> Option<bool> {
        lock(&self.0.holds).1.get(&id)?.decided
    }
}
