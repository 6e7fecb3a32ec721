//! The event socket: connects, resumes, notices silence, backs off, and leaves the field to
//! polling meanwhile.

use super::context::Context;
use super::lock;
use super::wire::{Frame, Held, Wire};
use crate::api::events::{self, Event, EventKind};
use crate::domain::live::{Backoff, Order, Resume, Verdict};
use crate::domain::units::Instant;
use leptos::prelude::*;
use send_wrapper::SendWrapper;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// How changes arrive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stream {
    /// Not yet known: the first line is being opened, or the server not yet asked.
    Connecting,
    /// Events tell of changes as they happen.
    Live,
    /// The line broke; polls fill in until it is back.
    Reconnecting {
        /// Why it broke.
        reason: String,
        /// When the next try comes, by the server's clock.
        next_try: Instant,
    },
    /// Polls only.
    Polling {
        /// Why there are no events.
        reason: String,
    },
}

/// The server pings every 15 s; two missed pings and 5 s more are silence.
const SILENCE_MILLIS: f64 = 35_000.0;
/// A line that lasted this long was good: back-off begins anew.
const GOOD_MILLIS: f64 = 10_000.0;

/// What is done with events.
pub(super) trait Apply: Send + Sync {
    /// The next event in order.
    fn event(&self, event: Event);
    /// Some are missing: load everything anew.
    fn reload(&self);
}

#[derive(Default)]
struct State {
    line: Option<Held>,
    /// Which line it is; what an older one says is not heard.
    turn: u64,
    resume: Resume,
    failures: u32,
    opened: Option<f64>,
    heard: f64,
    wanted: bool,
}

struct Inner {
    context: Context,
    wire: Arc<dyn Wire>,
    apply: Arc<dyn Apply>,
    page: String,
    state: Mutex<State>,
    stream: ArcRwSignal<Stream>,
    /// One for silence and for the next try: never both.
    alarm: u64,
}

/// The event socket; clones share it.
#[derive(Clone)]
pub(super) struct Socket(Arc<Inner>);

impl Socket {
    pub fn new(
        context: &Context,
        wire: Arc<dyn Wire>,
        page: String,
        apply: Arc<dyn Apply>,
    ) -> Self {
        Self(Arc::new(Inner {
            context: context.clone(),
            wire,
            apply,
            page,
            state: Mutex::default(),
            stream: ArcRwSignal::new(Stream::Connecting),
            alarm: context.pulse.id(),
        }))
    }

    pub fn stream(&self) -> &ArcRwSignal<Stream> {
        &self.0.stream
    }

    /// Connects, and stays connected as well as it can.
    pub fn start(&self) {
        let already = std::mem::replace(&mut lock(&self.0.state).wanted, true);
        if !already {
            self.connect();
        }
    }

    /// Ends the line; polls from now on.
    pub fn stop(&self, reason: &str) {
        lock(&self.0.state).wanted = false;
        self.drop_line();
        self.0.context.pulse.remove(self.0.alarm);
        self.0.context.set_covered(false);
        self.tell(Stream::Polling {
            reason: reason.to_owned(),
        });
    }

    /// Forgets where in the stream it was: what is shown is loaded anew anyhow.
    pub fn forget(&self) {
        lock(&self.0.state).resume = Resume::default();
    }

    /// Tries now instead of later: the network is back, or the page is seen again.
    pub fn nudge(&self) {
        let (wanted, connected, silent) = {
            let state = lock(&self.0.state);
            let silent = self.0.context.now() - state.heard > SILENCE_MILLIS;
            (state.wanted, state.line.is_some(), silent)
        };
        if wanted && (!connected || silent) {
            self.connect();
        }
    }

    fn tell(&self, stream: Stream) {
        if self.0.stream.with_untracked(|old| *old != stream) {
            self.0.stream.set(stream);
        }
    }

    fn drop_line(&self) {
        let line = {
            let mut state = lock(&self.0.state);
            state.turn += 1;
            state.line.take()
        };
        // Outside the lock: closing may call back.
        drop(line);
    }

    fn connect(&self) {
        self.drop_line();
        if self.0.context.is_locked_out() {
            self.broke("the server wants a key");
            return;
        }
        let client = &self.0.context.client;
        let (turn, since) = {
            let state = lock(&self.0.state);
            (state.turn, state.resume.since())
        };
        let weak = Arc::downgrade(&self.0);
        let hear = move |frame| {
            if let Some(inner) = weak.upgrade() {
                Self(inner).hear(turn, frame);
            }
        };
        let url = events::url(client, &self.0.page, since, &[]);
        // A line that neither opens nor fails is silence, too.
        self.watch_silence();
        match self
            .0
            .wire
            .open(&url, &events::protocols(client), Box::new(hear))
        {
            Ok(line) => {
                let mut state = lock(&self.0.state);
                if state.turn == turn {
                    state.line = Some(SendWrapper::new(line));
                }
            }
            Err(reason) => self.broke(&reason),
        }
    }

    fn watch_silence(&self) {
        let weak = Arc::downgrade(&self.0);
        let run = move || {
            if let Some(inner) = weak.upgrade() {
                let socket = Self(inner);
                socket.drop_line();
                socket.broke("the server fell silent");
            }
        };
        self.0.context.pulse.set(
            self.0.alarm,
            self.0.context.now() + SILENCE_MILLIS,
            Arc::new(run),
        );
    }

    fn hear(&self, turn: u64, frame: Frame) {
        {
            let mut state = lock(&self.0.state);
            if state.turn != turn {
                return;
            }
            state.heard = self.0.context.now();
        }
        match frame {
            Frame::Open => {
                lock(&self.0.state).opened = Some(self.0.context.now());
                self.watch_silence();
            }
            Frame::Text(text) => {
                self.watch_silence();
                if let Some(event) = Event::parse(&text) {
                    self.take(event);
                }
            }
            Frame::Closed { code, reason } => {
                self.drop_line();
                let reason = match (reason.is_empty(), code) {
                    (false, _) => reason,
                    (true, 1006) => "the line broke".to_owned(),
                    (true, code) => format!("the server closed the line ({code})"),
                };
                self.broke(&reason);
            }
        }
    }

    fn take(&self, event: Event) {
        let order = match event.kind {
            EventKind::Hello => Order::Hello,
            EventKind::Ping => Order::Ping,
            EventKind::Gap => Order::Gap,
            _ => Order::Change,
        };
        let (first, verdict) = {
            let mut state = lock(&self.0.state);
            let first = state.resume.since().is_none();
            (first, state.resume.see(event.seq, order))
        };
        if self
            .0
            .stream
            .with_untracked(|stream| *stream != Stream::Live)
        {
            self.tell(Stream::Live);
            self.0.context.set_covered(true);
        }
        self.0.context.confirm_covered();
        match verdict {
            Verdict::Apply => self.0.apply.event(event),
            Verdict::Ignore => {}
            Verdict::ApplyAndReload => {
                self.0.apply.event(event);
                self.0.apply.reload();
            }
            // What was loaded before the first hello is asked for once more in its own time:
            // see `Poller::plan`.
            Verdict::Reload if first && order == Order::Hello => {}
            Verdict::Reload => self.0.apply.reload(),
        }
    }

    fn broke(&self, reason: &str) {
        let context = &self.0.context;
        let wait = {
            let mut state = lock(&self.0.state);
            if !state.wanted {
                return;
            }
            let lasted = state
                .opened
                .take()
                .is_some_and(|at| self.0.context.now() - at > GOOD_MILLIS);
            state.failures = if lasted {
                1
            } else {
                state.failures.saturating_add(1)
            };
            Backoff::SOCKET.delay(state.failures, context.transport.random())
        };
        let wait = wait.max(Duration::from_millis(200));
        context.set_covered(false);
        #[expect(clippy::cast_possible_truncation, reason = "half a minute")]
        let millis = wait.as_millis() as i64;
        self.tell(Stream::Reconnecting {
            reason: reason.to_owned(),
            next_try: Instant::from_millis(context.client.server_now().millis + millis),
        });
        let weak = Arc::downgrade(&self.0);
        let run = move || {
            if let Some(inner) = weak.upgrade() {
                Self(inner).connect();
            }
        };
        let at = self.0.context.now() + wait.as_secs_f64() * 1000.0;
        context.pulse.set(self.0.alarm, at, Arc::new(run));
    }
}
