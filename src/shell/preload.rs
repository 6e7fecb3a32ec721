//! Code that will be wanted soon is fetched before it is: that of a page when a link to it is
//! pointed at or focused, that of dialogs and notices once the first page stands.

use super::routes::preload_path;
use crate::components::lazy::preload;
use crate::paths;
use crate::screens::common::power::LATER;
use leptos::prelude::*;
use std::time::Duration;
use wasm_bindgen::JsCast;
use web_sys::{Element, EventTarget, HtmlAnchorElement};

/// When the first page has its numbers, also on a slow line.
const ONCE_IDLE: Duration = Duration::from_secs(2);

/// Follows what is pointed at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Preloader {
    last: StoredValue<String>,
    /// Dialogs and notices are on their way.
    later: StoredValue<bool>,
}

impl Preloader {
    /// Fetches dialogs and notices in a moment.
    pub fn new() -> Self {
        set_timeout(|| preload(LATER), ONCE_IDLE);
        Self {
            last: StoredValue::new(String::new()),
            later: StoredValue::new(false),
        }
    }

    /// Something is pointed at or has the focus: where it is a link into the console, the code of
    /// its page is fetched.
    pub fn reached(self, target: Option<EventTarget>) {
        // Somebody is here: the next press may open a menu.
        let asked = self
            .later
            .try_update_value(|on| std::mem::replace(on, true));
        if asked == Some(false) {
            preload(LATER);
        }
        let link = target
            .and_then(|target| target.dyn_into::<Element>().ok())
            .and_then(|element| element.closest("a[href]").ok().flatten())
            .and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok());
        let Some(link) = link else { return };
        let path = link.pathname();
        let base = paths::base();
        let Some(plain) = path.strip_prefix(base.as_str()) else {
            return;
        };
        if link.host() != window().location().host().unwrap_or_default()
            || self.last.try_with_value(|last| *last == path) != Some(false)
        {
            return;
        }
        preload_path(plain);
        self.last.set_value(path);
    }
}
