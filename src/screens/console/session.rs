//! One console that is looked at: asks for a ticket, opens the line, and opens it again when it
//! breaks. A ticket lives as long as the line takes to open, and is kept nowhere.

use super::line::{Guest, Help, Line, Past, Problem, Viewer, broke};
use super::offers::reach;
use crate::api::console::{self, ConsoleAccess, ConsoleOf};
use crate::api::{ApiError, ErrorKind};
use crate::components::console::{
    Hear, Heard, Part, Place, Screen, ScreenLine, Terminal, TerminalLine, load,
};
use crate::domain::console::address::proxmox_page;
use crate::domain::console::{ConsoleKind, Facts, Secret, serial};
use crate::domain::live::Backoff;
use crate::domain::units::Instant;
use crate::stores::{Live, spawn, use_live};
use leptos::html;
use leptos::prelude::*;
use std::rc::Rc;
use std::time::Duration;

/// A line that lasted this long was good: the waits begin anew.
const GOOD_MILLIS: i64 = 10_000;
/// Wrong passwords in a row after which it is not tried by itself any more.
const REFUSALS: u32 = 3;
/// Failures in a row after which the hypervisor's page is offered, where the line never stood.
const BLIND: u32 = 3;
/// Tries after which a trouble of the server is not taken for a passing one any more.
const PATIENCE: u32 = 8;
/// As long as a viewer may take to show the guest.
const ANSWERS_WITHIN: Duration = Duration::from_secs(25);

/// A console; copies are the same one.
#[derive(Clone, Copy)]
pub struct Session {
    /// Screen, terminal or SPICE.
    pub kind: ConsoleKind,
    /// How the line stands.
    pub line: RwSignal<Line>,
    /// What the guest put on its clipboard last.
    pub copied: RwSignal<String>,
    /// The console's page at the hypervisor, once it is known.
    pub page: RwSignal<Option<String>>,
    /// Where the viewer is drawn.
    pub host: NodeRef<html::Div>,
    /// What the viewer is called: "web-server-01".
    pub name: Signal<String>,
    /// What shows the guest, while the line is open or opening.
    pub viewer: StoredValue<Option<Viewer>, LocalStorage>,
    of: StoredValue<ConsoleOf>,
    /// Whether the guest runs, where that is known.
    on: Signal<Option<bool>>,
    node: Signal<String>,
    facts: Signal<Facts>,
    spoken: Signal<bool>,
    live: StoredValue<Live>,
    owner: StoredValue<Owner>,
    turn: StoredValue<u64>,
    failures: StoredValue<u32>,
    refusals: StoredValue<u32>,
    past: StoredValue<Past>,
}

impl Session {
    /// A session of the component that is being built; it ends with it.
    #[must_use]
    pub fn new(
        guest: &Guest,
        kind: ConsoleKind,
        facts: Signal<Facts>,
        spoken: Signal<bool>,
    ) -> Self {
        let live = use_live();
        let session = Self {
            kind,
            line: RwSignal::new(Line::Opening),
            copied: RwSignal::new(String::new()),
            page: RwSignal::new(None),
            host: NodeRef::new(),
            name: guest.name,
            viewer: StoredValue::new_local(None),
            of: StoredValue::new(guest.of.clone()),
            on: guest.on,
            node: guest.node,
            facts,
            spoken,
            live: StoredValue::new(live.clone()),
            owner: StoredValue::new(Owner::current().unwrap_or_default()),
            turn: StoredValue::new(0),
            failures: StoredValue::new(0),
            refusals: StoredValue::new(0),
            past: StoredValue::new(Past::default()),
        };
        session.follow(&live);
        on_cleanup(move || session.hang_up());
        session
    }

    /// Opens when its place stands, when the guest is on again, and when a wait is over.
    fn follow(self, live: &Live) {
        let now = live.clock.watch();
        let (line, on, host) = (self.line, self.on, self.host);
        // These write out of effects: time passing and a guest starting are what they wait for.
        Effect::new(move || {
            if host.get().is_some() {
                self.open();
            }
        });
        let due = Memo::new(move |_| {
            line.with(|line| matches!(line, Line::Lost { next_try, .. } if *next_try <= now.get()))
        });
        Effect::new(move || {
            if due.get() {
                self.open();
            }
        });
        let awake = Memo::new(move |_| {
            on.get() == Some(true) && line.with(|line| matches!(line, Line::Off))
        });
        Effect::new(move || {
            if awake.get() {
                self.failures.set_value(0);
                self.open();
            }
        });
        let asleep = Memo::new(move |_| {
            on.get() == Some(false) && line.with(|line| matches!(line, Line::Lost { .. }))
        });
        Effect::new(move || {
            if asleep.get() {
                line.set(Line::Off);
            }
        });
        // Its page is on the node that it is on now.
        Effect::new(move || {
            self.node.track();
            self.remember_page(None);
        });
    }

    /// Ends the line and whatever was on its way.
    fn hang_up(self) {
        self.turn.try_update_value(|turn| *turn += 1);
        // Outside of the store: a viewer that goes may call back.
        let viewer = self.viewer.try_update_value(Option::take).flatten();
        drop(viewer);
    }

    /// A person wants no more of it.
    pub fn close(self) {
        self.hang_up();
        let _ = self.line.try_set(Line::Closed);
    }

    /// A person wants it now.
    pub fn again(self) {
        self.failures.set_value(0);
        self.refusals.set_value(0);
        self.open();
    }

    /// Whether the guest is shown.
    #[must_use]
    pub fn is_open(self) -> bool {
        self.line.with(|line| *line == Line::Open)
    }

    /// Gives the keyboard to the guest.
    pub fn focus(self) {
        self.viewer.try_with_value(|viewer| match viewer {
            Some(Viewer::Screen(screen)) => screen.focus(),
            Some(Viewer::Terminal(terminal)) => terminal.focus(),
            None => {}
        });
    }

    fn open(self) {
        self.hang_up();
        let Some(turn) = self.turn.try_get_value() else {
            return;
        };
        self.line.set(Line::Opening);
        let Some(owner) = self.owner.try_get_value() else {
            return;
        };
        owner.with(|| {
            spawn::page(async move {
                let made = self.line_up(turn).await;
                if self.turn.try_get_value() != Some(turn) {
                    return;
                }
                match made {
                    Ok(viewer) => {
                        self.viewer.try_set_value(Some(viewer));
                    }
                    Err(problem) => self.fail(problem),
                }
            });
        });
    }

    /// A server that takes the line and says nothing is given up, too.
    fn wait_for_answer(self, turn: u64) {
        let Some(owner) = self.owner.try_get_value() else {
            return;
        };
        owner.with(|| {
            spawn::page(async move {
                gloo_timers::future::sleep(ANSWERS_WITHIN).await;
                let waits = self
                    .line
                    .try_with_untracked(|line| *line == Line::Opening)
                    .unwrap_or_default();
                if waits && self.turn.try_get_value() == Some(turn) {
                    self.lost("No answer from the guest's server", None, false);
                }
            });
        });
    }

    fn fail(self, problem: Problem) {
        match problem {
            Problem::Lost { why, after, reload } => self.lost(&why, after, reload),
            Problem::Off => self.line.set(Line::Off),
            Problem::Elsewhere(why) => self.line.set(Line::Elsewhere(why)),
            Problem::Refused(error) => self.line.set(Line::Refused(error)),
        }
    }

    /// The line broke: again after a while, a longer one each time.
    fn lost(self, why: &str, after: Option<Duration>, reload: bool) {
        self.hang_up();
        if self.on.get_untracked() == Some(false) {
            self.line.set(Line::Off);
            return;
        }
        let now = self.live.with_value(|live| live.clock.now());
        let before = self.past.try_update_value(|past| {
            let good = past.opened.take();
            past.blind = if good.is_some() { 0 } else { past.blind + 1 };
            (good, past.blind)
        });
        let (good, blind) = before.unwrap_or_default();
        if good.is_some_and(|since| now.millis - since.millis > GOOD_MILLIS) {
            self.failures.set_value(0);
        }
        let failures = self
            .failures
            .try_update_value(|failures| {
                *failures += 1;
                *failures
            })
            .unwrap_or(1);
        let wait = Backoff::SOCKET.delay_after(failures, after, js_sys::Math::random());
        let wait = i64::try_from(wait.as_millis()).unwrap_or(1_000);
        self.line.set(Line::Lost {
            why: why.to_owned(),
            next_try: Instant::from_millis(now.millis + wait),
            help: match blind {
                _ if reload => Help::Reload,
                BLIND.. => Help::Page,
                _ => Help::None,
            },
        });
    }

    /// A ticket, the viewer's code, the socket.
    async fn line_up(self, turn: u64) -> Result<Viewer, Problem> {
        let live = self.live.get_value();
        let of = self.of.get_value();
        let part = match self.kind {
            ConsoleKind::Vnc => Part::Vnc,
            _ => Part::Terminal,
        };
        if self.on.get_untracked() == Some(false) {
            return Err(Problem::Off);
        }
        // The code first: a ticket does not last long.
        load(part).await.map_err(Problem::missing)?;
        self.wait_for_answer(turn);
        let access = console::open(&live.client, &of, self.kind)
            .await
            .map_err(|error| self.refused(error))?;
        self.remember_page(access.url.clone());
        let place = self.place(&live, &of, &access).await?;
        if self.turn.try_get_value() != Some(turn) {
            return Err(Problem::Off);
        }
        let host = self
            .host
            .try_get_untracked()
            .flatten()
            .ok_or_else(|| Problem::lost(""))?;
        let hear: Hear = Rc::new(move |heard| self.hear(turn, heard));
        if self.kind == ConsoleKind::Vnc {
            let line = ScreenLine {
                place,
                password: access.vnc_password().cloned(),
                label: format!("Screen of {}", self.name.get_untracked()),
            };
            let screen = Screen::open(&host, &line, &hear).map_err(Problem::lost)?;
            return Ok(Viewer::Screen(screen));
        }
        let ticket = access.ticket.as_ref().map_or("", Secret::expose);
        let line = TerminalLine {
            place,
            greeting: Secret::new(serial::greeting(access.user.as_deref(), ticket)),
            spoken: self.spoken.get_untracked(),
        };
        let terminal = Terminal::open(&host, &line, &hear).map_err(Problem::lost)?;
        Ok(Viewer::Terminal(terminal))
    }

    /// Whether passing troubles of the server are sat out.
    fn is_patient(self) -> bool {
        self.past.with_value(|past| past.stood) && self.failures.get_value() < PATIENCE
    }

    fn refused(self, error: ApiError) -> Problem {
        Problem::of(
            error,
            self.on.get_untracked() == Some(true),
            self.is_patient(),
        )
    }

    /// Keeps the address of the hypervisor's own page: as the server says, else as Proxmox VE has
    /// it. What was said while the guest was on another node is over.
    fn remember_page(self, url: Option<String>) {
        let node = self.node.get_untracked();
        if url.is_some() {
            self.past
                .update_value(|past| past.page_node.clone_from(&node));
        }
        let known = self
            .page
            .get_untracked()
            .filter(|_| self.past.with_value(|past| past.page_node == node));
        let made = || {
            let guest = self.of.with_value(|of| match of {
                ConsoleOf::Vm(vm) => Some(vm.0),
                ConsoleOf::Node(_) => None,
            });
            let known = self.live.with_value(Live::capabilities).get_untracked()?;
            let endpoint = known.info.as_ref()?.cluster_endpoint.clone()?;
            self.facts
                .with_untracked(|facts| proxmox_page(&endpoint, &node, guest, facts, self.kind))
        };
        let page = url.or(known).or_else(made);
        if page != self.page.get_untracked() {
            self.page.set(page);
        }
    }

    /// Where the socket is: as the answer says, else as the server says when asked.
    async fn place(
        self,
        live: &Live,
        of: &ConsoleOf,
        access: &ConsoleAccess,
    ) -> Result<Place, Problem> {
        let reach = reach(live);
        if let Some(path) = &access.websocket_path {
            let url = reach.socket(path.expose()).map_err(Problem::Elsewhere)?;
            return Ok(Place {
                url,
                protocol: None,
            });
        }
        let none = || Problem::Elsewhere("The server offers no line to it".to_owned());
        let (ConsoleOf::Vm(vm), Some(ticket)) = (of, &access.ticket) else {
            return Err(none());
        };
        let told = console::socket(&live.client, *vm, ticket).await;
        let told = match told {
            Ok(told) => told,
            Err(error) if error.kind == ErrorKind::NotFound && !self.is_patient() => {
                return Err(none());
            }
            Err(error) => return Err(self.refused(error)),
        };
        let url = told.url.ok_or_else(none)?;
        Ok(Place {
            url: reach.socket(url.expose()).map_err(Problem::Elsewhere)?,
            protocol: told.protocol,
        })
    }

    /// What the viewer tells; of an older line nothing is heard.
    fn hear(self, turn: u64, heard: Heard) {
        if self.turn.try_get_value() != Some(turn) {
            return;
        }
        match heard {
            Heard::Open => {
                let now = self.live.with_value(|live| live.clock.now());
                self.past.update_value(|past| {
                    past.opened = Some(now);
                    past.stood = true;
                });
                self.refusals.set_value(0);
                self.line.set(Line::Open);
            }
            Heard::Ended { clean } => {
                let was_open = self.line.with_untracked(|line| *line == Line::Open);
                let node = self.of.with_value(|of| matches!(of, ConsoleOf::Node(_)));
                if node && was_open && clean {
                    // Another root shell is opened by nobody but a person.
                    self.hang_up();
                    self.line.set(Line::Over);
                    return;
                }
                self.lost(broke(was_open, node), None, false);
            }
            Heard::Copied(text) => self.copied.set(text),
            Heard::Refused(why) => {
                let refusals = self.refusals.try_update_value(|refusals| {
                    *refusals += 1;
                    *refusals
                });
                let why = if why.is_empty() {
                    "The guest's server did not accept the ticket".to_owned()
                } else {
                    format!("The guest's server did not let us in: {why}")
                };
                if refusals >= Some(REFUSALS) {
                    self.hang_up();
                    self.line.set(Line::Elsewhere(why));
                } else {
                    self.lost(&why, None, false);
                }
            }
            Heard::NoConsole(_) => {
                self.hang_up();
                self.line.set(Line::Elsewhere(
                    "What answers at the server's address for consoles is no console".to_owned(),
                ));
            }
        }
    }
}
