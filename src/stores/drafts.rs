//! Half-filled wizards, kept on this device until they are sent or thrown away, and how far those
//! that were sent have come. What is kept is the wizard's own text; secrets have no place in it.

use super::lock;
use super::storage::{Keep, Store};
use leptos::prelude::*;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};

const PREFIX: &str = "draft.";

#[derive(Debug)]
struct Inner {
    store: Store,
    texts: Mutex<HashMap<String, ArcRwSignal<Option<Arc<str>>>>>,
    /// Those that somebody carries out.
    busy: Mutex<HashSet<String>>,
}

/// Drafts by name, such as `create`.
#[derive(Debug, Clone)]
pub struct Drafts(Arc<Inner>);

impl Drafts {
    pub(super) fn new() -> Self {
        Self(Arc::new(Inner {
            store: Store::new(Keep::Device),
            texts: Mutex::default(),
            busy: Mutex::default(),
        }))
    }

    fn signal(&self, name: &str) -> ArcRwSignal<Option<Arc<str>>> {
        lock(&self.0.texts)
            .entry(name.to_owned())
            .or_insert_with(|| {
                let kept = self.0.store.get(&format!("{PREFIX}{name}"));
                ArcRwSignal::new(kept.map(Arc::from))
            })
            .clone()
    }

    /// What is kept under a name; tracked.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Arc<str>> {
        self.signal(name).get()
    }

    /// As [`Drafts::get`], once.
    #[must_use]
    pub fn peek(&self, name: &str) -> Option<Arc<str>> {
        self.signal(name).get_untracked()
    }

    /// Keeps a text, or forgets the one that is kept.
    pub fn put(&self, name: &str, text: Option<&str>) {
        let signal = self.signal(name);
        if signal.with_untracked(|old| old.as_deref() == text) {
            return;
        }
        self.0.store.set(&format!("{PREFIX}{name}"), text);
        signal.set(text.map(Arc::from));
    }

    /// Takes the carrying out of a draft; `false` where somebody has it.
    #[must_use]
    pub fn begin(&self, name: &str) -> bool {
        lock(&self.0.busy).insert(name.to_owned())
    }

    /// Gives it back.
    pub fn end(&self, name: &str) {
        lock(&self.0.busy).remove(name);
    }

    pub(super) fn forget(&self) {
        let names: Vec<String> = self.0.store.keys(PREFIX);
        for name in names.iter().filter_map(|name| name.strip_prefix(PREFIX)) {
            self.put(name, None);
        }
    }
}
