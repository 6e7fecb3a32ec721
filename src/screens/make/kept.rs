//! What is kept of a wizard while its page is elsewhere: what was typed, and how far it has come.

use crate::domain::provision::Run;
use crate::domain::units::Instant;
use crate::stores::Live;
use crate::stores::notices::{Notice, Tone};
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

/// What another tab of this browser did to the place while something is typed here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clash {
    /// It keeps another draft there.
    Draft,
    /// It sends one.
    Run,
}

/// The place of one wizard among the drafts, and what a form of this tab typed there.
#[derive(Clone, Copy)]
pub struct Slot {
    name: StoredValue<String>,
    live: StoredValue<Live>,
    /// The draft that the form here began with or kept last.
    base: StoredValue<Option<Value>>,
    /// What is typed here, kept or not.
    own: StoredValue<Option<Kept>>,
    typed: RwSignal<bool>,
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
            base: StoredValue::new(None),
            own: StoredValue::new(None),
            typed: RwSignal::new(false),
        }
    }

    /// A form begins here, over a draft or empty.
    pub fn begin(self, kept: Option<&Kept>) {
        self.base.set_value(kept.map(|kept| kept.draft.clone()));
        self.own.set_value(None);
        self.typed.set(false);
    }

    /// Whether the form here holds what nobody proposed; tracked.
    pub fn is_typed(self) -> bool {
        self.typed.get()
    }

    fn clash_of(self, kept: Option<&Kept>) -> Option<Clash> {
        let kept = kept?;
        match &kept.run {
            Some(run) if run.at().is_some() => Some(Clash::Run),
            Some(_) => None,
            None => self
                .base
                .with_value(|base| base.as_ref() != Some(&kept.draft))
                .then_some(Clash::Draft),
        }
    }

    /// Whether another tab has put something else there than the form here began with; tracked.
    pub fn clash(self) -> Memo<Option<Clash>> {
        let (live, name) = (self.live.get_value(), self.name());
        Memo::new(move |_| {
            let kept = live.drafts.get(&name).and_then(|text| read(&text));
            let typed = self.typed.get();
            self.clash_of(kept.as_ref()).filter(|_| typed)
        })
    }

    /// The person wants what is typed here, not what another tab has put there.
    pub fn claim(self) {
        let kept = self.peek();
        self.base.set_value(kept.map(|kept| kept.draft));
        if let Some(own) = self.own.get_value() {
            self.write(&own);
        }
    }

    fn write(self, kept: &Kept) {
        self.base.set_value(Some(kept.draft.clone()));
        self.live
            .with_value(|live| put(live, &self.name(), Some(kept)));
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

    /// Keeps what is typed; with a run to be carried out. Not where another tab has put something
    /// else there: the person is asked, then.
    pub fn keep<D: Serialize>(self, draft: &D, step: &str, run: Option<Run>) {
        self.live.with_value(|live| live.drafts.reread());
        let own = Kept {
            draft: serde_json::to_value(draft).unwrap_or_default(),
            step: step.to_owned(),
            at: self.live.with_value(|live| live.client.server_now().millis),
            run,
        };
        let kept = self.peek();
        let clash = self.clash_of(kept.as_ref());
        match (&own.run, clash) {
            (Some(_), Some(_)) => self.live.with_value(|live| {
                let text = "Another tab of this browser has changed this form: see above it.";
                live.notices
                    .push(Notice::new(Tone::Warn, "Nothing was sent").text(text));
            }),
            (Some(_), None) => {
                self.write(&own);
                self.typed.set(false);
            }
            (None, clash) => {
                self.own.set_value(Some(own.clone()));
                let same = |kept: &Kept| {
                    kept.run.is_none() && kept.draft == own.draft && kept.step == own.step
                };
                // Written anew it would be news to other tabs.
                if clash.is_none() && !kept.as_ref().is_some_and(same) {
                    self.write(&own);
                }
                self.typed.set(true);
            }
        }
    }

    /// What is typed is what was proposed: nothing is worth keeping.
    pub fn clear(self) {
        if self.typed.get_untracked() && self.clash_of(self.peek().as_ref()).is_none() {
            self.forget();
        }
    }

    /// Changes the run, as it stands now in whatever tab.
    pub fn change(self, change: impl FnOnce(&mut Run)) {
        self.live.with_value(|live| {
            live.drafts.reread();
            change_run(live, &self.name(), change);
        });
    }

    /// Goes back to the form: the draft stays.
    pub fn back(self) {
        if let Some(mut kept) = self.peek() {
            kept.run = None;
            self.live
                .with_value(|live| put(live, &self.name(), Some(&kept)));
        }
    }

    /// Forgets all of it; but what another tab sends or has typed is that one's.
    pub fn forget(self) {
        let kept = self.peek();
        let sends = kept.as_ref().and_then(|kept| kept.run.as_ref());
        let sends = sends.is_some_and(|run| run.at().is_some());
        let theirs = self.typed.get_untracked() && self.clash_of(kept.as_ref()).is_some();
        self.begin(None);
        if !sends && !theirs {
            self.live.with_value(|live| put(live, &self.name(), None));
        }
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
