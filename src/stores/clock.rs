//! What time it is by the server's clock, ticking while somebody looks.

use super::context::Context;
use super::lock;
use crate::domain::units::Instant;
use leptos::prelude::*;
use std::sync::{Arc, Mutex};

/// One tick a second for the whole page, however many read it; none while the page is hidden.
#[derive(Clone)]
pub struct Clock(Arc<Inner>);

struct Inner {
    context: Context,
    id: u64,
    readers: Mutex<usize>,
    tick: ArcRwSignal<Instant>,
}

impl std::fmt::Debug for Clock {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Clock")
            .field("readers", &*lock(&self.0.readers))
            .finish()
    }
}

impl Clock {
    pub(super) fn new(context: &Context) -> Self {
        Self(Arc::new(Inner {
            context: context.clone(),
            id: context.pulse.id(),
            readers: Mutex::new(0),
            tick: ArcRwSignal::new(context.client.server_now()),
        }))
    }

    /// What time it is now, by the server's clock. Not tracked.
    #[must_use]
    pub fn now(&self) -> Instant {
        self.0.context.client.server_now()
    }

    /// What time it is, told anew every second until the current owner is cleaned up.
    #[must_use]
    pub fn watch(&self) -> Signal<Instant> {
        let first = {
            let mut readers = lock(&self.0.readers);
            *readers += 1;
            *readers == 1
        };
        if first {
            self.beat();
        }
        let clock = self.clone();
        on_cleanup(move || clock.release());
        self.0.tick.clone().into()
    }

    fn release(&self) {
        let left = {
            let mut readers = lock(&self.0.readers);
            *readers = readers.saturating_sub(1);
            *readers
        };
        if left == 0 {
            self.0.context.pulse.remove(self.0.id);
        }
    }

    /// Ticks now, and sets the next tick to the next whole second.
    pub(super) fn beat(&self) {
        if *lock(&self.0.readers) == 0 || self.0.context.is_hidden() {
            return;
        }
        let now = self.now();
        if self.0.tick.get_untracked() != now {
            self.0.tick.set(now);
        }
        #[expect(clippy::cast_precision_loss, reason = "below 1000")]
        let left = (1000 - now.millis.rem_euclid(1000)) as f64;
        let weak = Arc::downgrade(&self.0);
        let run = move || {
            if let Some(inner) = weak.upgrade() {
                Self(inner).beat();
            }
        };
        self.0
            .context
            .pulse
            .set(self.0.id, self.0.context.now() + left, Arc::new(run));
    }
}
