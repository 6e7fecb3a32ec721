//! What is kept of a wizard while its page is elsewhere: what was typed, and how far it has come.

use crate::domain::provision::Run;
use crate::domain::units::Instant;
use crate::stores::Live;
use leptos::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A draft, and its run once it was sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    /// As the wizard typed it.
    pub draft: Value,
    /// The step that it was left at.
    pub step: String,
    /// When it was kept, by the server's clock (milliseconds).
    pub at: i64,
    /// How far its requests have come.
    pub run: Option<Run>,
}

/// The place of one wizard among the drafts.
#[derive(Clone, Copy)]
pub struct Slot {
    name: StoredValue<String>,
    live: StoredValue<Live>,
}

impl std::fmt::Debug for Slot {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Slot").finish_non_exhaustive()
    }
}

fn read(text: &str) -> Option<Kept> {
    serde_json::from_str(text).ok()
}

/// What is kept under a name, once.
pub fn peek(live: &Live, name: &str) -> Option<Kept> {
    read(&live.drafts.peek(name)?)
}

/// Keeps it, or forgets it.
pub fn put(live: &Live, name: &str, kept: Option<&Kept>) {
    let text = kept.and_then(|kept| serde_json::to_string(kept).ok());
    live.drafts.put(name, text.as_deref());
}

impl Slot {
    /// One by its name.
    pub fn new(live: &Live, name: String) -> Self {
        Self {
            name: StoredValue::new(name),
            live: StoredValue::new(live.clone()),
        }
    }

    /// Its name.
    pub fn name(self) -> String {
        self.name.get_value()
    }

    /// What is kept, once.
    pub fn peek(self) -> Option<Kept> {
        self.live.with_value(|live| peek(live, &self.name()))
    }

    /// The run, while there is one; tracked.
    pub fn run(self) -> Memo<Option<Run>> {
        let (live, name) = (self.live.get_value(), self.name());
        Memo::new(move |_| read(&live.drafts.get(&name)?)?.run)
    }

    /// Keeps what is typed.
    pub fn keep<D: Serialize>(self, draft: &D, step: &str, run: Option<Run>) {
        self.live.with_value(|live| {
            let kept = Kept {
                draft: serde_json::to_value(draft).unwrap_or_default(),
                step: step.to_owned(),
                at: live.client.server_now().millis,
                run,
            };
            put(live, &self.name(), Some(&kept));
        });
    }

    /// Changes the run.
    pub fn change(self, change: impl FnOnce(&mut Run)) {
        self.live
            .with_value(|live| change_run(live, &self.name(), change));
    }

    /// Goes back to the form: the draft stays.
    pub fn back(self) {
        if let Some(mut kept) = self.peek() {
            kept.run = None;
            self.live
                .with_value(|live| put(live, &self.name(), Some(&kept)));
        }
    }

    /// Forgets all of it.
    pub fn forget(self) {
        self.live.with_value(|live| put(live, &self.name(), None));
    }
}

/// Changes the run that is kept under a name.
pub fn change_run(live: &Live, name: &str, change: impl FnOnce(&mut Run)) {
    if let Some(mut kept) = peek(live, name)
        && let Some(run) = &mut kept.run
    {
        change(run);
        put(live, name, Some(&kept));
    }
}

impl Kept {
    /// The draft, where it can still be read.
    pub fn draft<D: DeserializeOwned>(&self) -> Option<D> {
        serde_json::from_value(self.draft.clone()).ok()
    }

    /// When it was kept.
    pub const fn at(&self) -> Instant {
        Instant { millis: self.at }
    }
}
