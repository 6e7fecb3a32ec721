//! What the server has of consoles, and where they may be reached.

use crate::api::capabilities::Feature;
use crate::api::console::ConsoleOf;
use crate::domain::console::ConsoleKind;
use crate::domain::console::address::Reach;
use crate::stores::Live;
use leptos::prelude::*;

/// Where consoles may be reached from here.
#[must_use]
pub fn reach(live: &Live) -> Reach {
    let page = window().location().origin().unwrap_or_default();
    let base = live.client.base();
    let server = if base.contains("://") {
        base.to_owned()
    } else {
        format!("{page}{base}")
    };
    Reach {
        server,
        page,
        hosts: live.config.console_hosts.clone(),
    }
}

/// Why the server has no such console at all; `None` where it has, or where that is not known yet.
#[must_use]
pub fn lacks(live: &Live, of: &ConsoleOf, kind: ConsoleKind) -> Option<String> {
    let feature = match (of, kind) {
        (ConsoleOf::Node(_), _) => Feature::NodeConsole,
        (_, ConsoleKind::Spice) => Feature::ConsoleSpice,
        _ => Feature::Console,
    };
    live.denies(feature)
}
