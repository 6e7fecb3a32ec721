//! How a console's line stands, and what a failure means for it.

use crate::api::console::{self, ConsoleOf};
use crate::api::{ApiError, ErrorKind};
use crate::components::console::{Missing, Screen, Terminal};
use crate::domain::units::Instant;
use leptos::prelude::*;
use std::time::Duration;

/// How the line stands.
#[derive(Debug, Clone, PartialEq)]
pub enum Line {
    /// A ticket is asked for, then the socket opened.
    Opening,
    /// The guest is shown.
    Open,
    /// It broke; the next try comes by itself.
    Lost {
        /// Why.
        why: String,
        /// When, by the server's clock.
        next_try: Instant,
        /// What else is offered.
        help: Help,
    },
    /// The guest is off: it is opened when that is over.
    Off,
    /// A person ended it.
    Closed,
    /// The shell behind it ended.
    Over,
    /// There is no line for it here, or none of this kind; why.
    Elsewhere(String),
    /// The server refuses, and would again.
    Refused(ApiError),
}

/// Whose console, and what is known of it.
#[derive(Debug, Clone)]
pub struct Guest {
    /// VM or node.
    pub of: ConsoleOf,
    /// Name.
    pub name: Signal<String>,
    /// Node that it is on.
    pub node: Signal<String>,
    /// Whether it runs; `None` where that is not known.
    pub on: Signal<Option<bool>>,
}

/// How the line fared before.
#[derive(Debug, Default)]
pub struct Past {
    /// Since when the line stands.
    pub opened: Option<Instant>,
    /// Failures in a row without a line that stood.
    pub blind: u32,
    /// It stood once since the page was opened.
    pub stood: bool,
    /// Where the guest was when the server named its page.
    pub page_node: String,
}

/// What is offered while it is tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Help {
    /// Nothing yet.
    None,
    /// The console's page at the hypervisor.
    Page,
    /// Loading this page anew.
    Reload,
}

/// What shows the guest.
#[derive(Debug)]
pub enum Viewer {
    /// Its screen.
    Screen(Screen),
    /// A terminal.
    Terminal(Terminal),
}

/// Why a line could not be opened.
#[derive(Debug)]
pub enum Problem {
    /// Perhaps another time.
    Lost {
        /// A sentence for people.
        why: String,
        /// Not before the server wants it (`Retry-After`).
        after: Option<Duration>,
        /// Loading this page anew may mend it.
        reload: bool,
    },
    /// The guest does not run.
    Off,
    /// No line here; why.
    Elsewhere(String),
    /// The server refuses.
    Refused(ApiError),
}

/// Failures of the viewer's code after which loading the page anew is offered.
const MISSING: u32 = 2;

impl Problem {
    /// Perhaps another time.
    pub fn lost(why: impl Into<String>) -> Self {
        Self::Lost {
            why: why.into(),
            after: None,
            reload: false,
        }
    }

    /// The viewer's code is missing.
    pub fn missing(missing: Missing) -> Self {
        Self::Lost {
            why:
                "The viewer's code did not arrive: the connection may be down, or this console was \
                  updated since it was opened"
                    .to_owned(),
            after: None,
            reload: missing.tries >= MISSING,
        }
    }

    /// What a refused call means: `on` where the guest is known to run, `patient` where the console
    /// was open before and passing troubles of the server are sat out.
    pub fn of(error: ApiError, on: bool, patient: bool) -> Self {
        let passes = match error.kind {
            // What the guest's state is here may be older than what the server knows.
            ErrorKind::Conflict if console::is_spent(&error) => true,
            ErrorKind::Conflict if is_off(&error) => {
                if !on {
                    return Self::Off;
                }
                true
            }
            ErrorKind::Network
            | ErrorKind::Timeout
            | ErrorKind::Unavailable
            | ErrorKind::RateLimited => true,
            ErrorKind::Server | ErrorKind::NotFound | ErrorKind::Locked | ErrorKind::Decode => {
                patient
            }
            _ => false,
        };
        if !passes {
            return Self::Refused(error);
        }
        Self::Lost {
            why: error.message.clone(),
            after: error.retry_after,
            reload: false,
        }
    }
}

fn is_off(error: &ApiError) -> bool {
    error.message.to_ascii_lowercase().contains("not running")
}

/// Why a line is not there any more, or never was.
pub const fn broke(was_open: bool, node: bool) -> &'static str {
    match (was_open, node) {
        (true, false) => "The line broke: the guest may be starting anew",
        (true, true) => "The line broke: the node may be out of reach",
        _ => "The line could not be opened",
    }
}
