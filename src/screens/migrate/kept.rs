//! What is kept of the wizard while its page is elsewhere: what was chosen, and how far the run has
//! come.

use crate::domain::migrate::{Draft, Run};
use crate::stores::Live;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// Its place among the drafts.
pub const NAME: &str = "migrate";

/// A draft, and its run once it began.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    /// What was chosen.
    pub draft: Draft,
    /// The step that it was left at.
    pub step: String,
    /// How far it has come.
    pub run: Option<Run>,
}

fn read(text: &str) -> Option<Kept> {
    serde_json::from_str(text).ok()
}

/// What is kept, once.
pub fn peek(live: &Live) -> Option<Kept> {
    read(&live.drafts.peek(NAME)?)
}

/// Keeps it, or forgets it.
pub fn put(live: &Live, kept: Option<&Kept>) {
    let text = kept.and_then(|kept| serde_json::to_string(kept).ok());
    live.drafts.put(NAME, text.as_deref());
}

/// The run, while there is one; tracked.
pub fn run(live: &Live) -> Memo<Option<Run>> {
    let live = live.clone();
    Memo::new(move |_| read(&live.drafts.get(NAME)?)?.run)
}

/// Changes the run; `None` where there is none.
pub fn change_run<T>(live: &Live, change: impl FnOnce(&mut Run) -> T) -> Option<T> {
    let mut kept = peek(live)?;
    let result = change(kept.run.as_mut()?);
    put(live, Some(&kept));
    Some(result)
}
