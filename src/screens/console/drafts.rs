//! What was written for the guest and is not there yet: it outlives the panels and the kinds of
//! console, and is asked about before it is lost.

use crate::screens::unsaved::guard;
use leptos::prelude::*;

/// A text, and what of it went to the guest.
#[derive(Clone, Copy)]
pub struct Draft {
    /// What stands in the field.
    pub text: RwSignal<String>,
    /// What the guest was given last.
    pub sent: RwSignal<String>,
}

impl Draft {
    fn new() -> Self {
        Self {
            text: RwSignal::new(String::new()),
            sent: RwSignal::new(String::new()),
        }
    }

    fn is_unsent(self) -> bool {
        self.text
            .with(|text| !text.trim().is_empty() && self.sent.with(|sent| text != sent))
    }
}

/// The texts of one console.
#[derive(Clone, Copy)]
pub struct Drafts {
    /// For its clipboard.
    pub given: Draft,
    /// To be typed.
    pub typed: Draft,
}

impl Drafts {
    /// Of the component that is being built; `path` is the console's address.
    #[must_use]
    pub fn new(path: String) -> Self {
        let drafts = Self {
            given: Draft::new(),
            typed: Draft::new(),
        };
        let what = move || {
            let words = "the text for the guest";
            (drafts.given.is_unsent() || drafts.typed.is_unsent()).then(|| words.to_owned())
        };
        guard(Signal::derive(what), Some(path));
        drafts
    }
}
