//! Half-filled wizards, kept on this device until they are sent or thrown away, and how far those
//! that were sent have come. What is kept is the wizard's own text; secrets have no place in it.
//!
//! They belong to one server: what was begun on one is never carried out on another. All tabs of
//! the browser share them: each follows what the others write, and one alone carries a run out.

use super::alone::{Held, Taken, take};
use super::lock;
use super::storage::{Keep, Store};
use leptos::prelude::*;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

const PREFIX: &str = "draft.";

#[derive(Debug)]
struct Inner {
    store: Store,
    /// Before the names of this server's.
    prefix: String,
    texts: Mutex<HashMap<String, ArcRwSignal<Option<Arc<str>>>>>,
    names: ArcRwSignal<Arc<Vec<String>>>,
    /// Those that this tab carries out or waits to, with the lock against others.
    busy: Mutex<HashMap<String, Option<Held>>>,
    /// Those that another tab carries out.
    elsewhere: ArcRwSignal<Vec<String>>,
    /// How many views show one.
    shown: Mutex<HashMap<String, usize>>,
}

/// Drafts by name, such as `create`.
#[derive(Debug, Clone)]
pub struct Drafts(Arc<Inner>);

impl Drafts {
    /// Those of a server, by what stands before its `/api/v1`.
    pub(super) fn new(server: &str) -> Self {
        let drafts = Self(Arc::new(Inner {
            store: Store::new(Keep::Device),
            prefix: format!("{PREFIX}{server}|"),
            texts: Mutex::default(),
            names: ArcRwSignal::default(),
            busy: Mutex::default(),
            elsewhere: ArcRwSignal::default(),
            shown: Mutex::default(),
        }));
        drafts.list();
        drafts
    }

    fn key(&self, name: &str) -> String {
        format!("{}{name}", self.0.prefix)
    }

    fn list(&self) {
        let keys = self.0.store.keys(&self.0.prefix);
        let names = keys
            .iter()
            .filter_map(|key| key.strip_prefix(&self.0.prefix));
        let names: Vec<String> = names.map(ToOwned::to_owned).collect();
        if self.0.names.with_untracked(|old| **old != names) {
            self.0.names.set(Arc::new(names));
        }
    }

    fn signal(&self, name: &str) -> ArcRwSignal<Option<Arc<str>>> {
        lock(&self.0.texts)
            .entry(name.to_owned())
            .or_insert_with(|| {
                let kept = self.0.store.get(&self.key(name));
                ArcRwSignal::new(kept.map(Arc::from))
            })
            .clone()
    }

    /// What is kept, by name; tracked.
    #[must_use]
    pub fn names(&self) -> Arc<Vec<String>> {
        self.0.names.get()
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
        self.0.store.set(&self.key(name), text);
        signal.set(text.map(Arc::from));
        self.list();
    }

    /// Another tab may have written: takes over what is kept now.
    pub fn reread(&self) {
        let known: Vec<_> = {
            let texts = lock(&self.0.texts);
            let all = texts.iter();
            all.map(|(name, signal)| (name.clone(), signal.clone()))
                .collect()
        };
        for (name, signal) in known {
            let kept = self.0.store.get(&self.key(&name));
            if signal.with_untracked(|old| old.as_deref() != kept.as_deref()) {
                signal.set(kept.map(Arc::from));
            }
        }
        self.list();
    }

    /// Takes the carrying out of a draft; `false` where this tab does it or waits to. Then comes
    /// [`Drafts::alone`].
    #[must_use]
    pub fn begin(&self, name: &str) -> bool {
        let mut busy = lock(&self.0.busy);
        let free = !busy.contains_key(name);
        if free {
            busy.insert(name.to_owned(), None);
        }
        free
    }

    /// Whether other tabs can be kept out. Where not, nothing is carried out but by the wizard itself.
    #[must_use]
    pub fn can_be_alone(&self) -> bool {
        super::alone::are_there()
    }

    /// Waits until no other tab carries it out. What is kept may be another afterwards.
    pub async fn alone(&self, name: &str) {
        let key = self.key(name);
        let mut taken = take(&key, false).await;
        if matches!(taken, Taken::Elsewhere) {
            let elsewhere = &self.0.elsewhere;
            elsewhere.update(|all| all.push(name.to_owned()));
            taken = take(&key, true).await;
            elsewhere.update(|all| all.retain(|other| other != name));
        }
        if let Taken::Held(held) = taken
            && let Some(place) = lock(&self.0.busy).get_mut(name)
        {
            *place = Some(held);
        }
        self.reread();
    }

    /// Gives it back.
    pub fn end(&self, name: &str) {
        lock(&self.0.busy).remove(name);
    }

    /// Whether another tab of this browser carries it out; tracked.
    #[must_use]
    pub fn is_elsewhere(&self, name: &str) -> bool {
        self.0
            .elsewhere
            .with(|all| all.iter().any(|other| other == name))
    }

    /// A view shows how it stands, until the view ends.
    pub fn show(&self, name: &str) {
        *lock(&self.0.shown).entry(name.to_owned()).or_default() += 1;
        let (me, name) = (self.clone(), name.to_owned());
        on_cleanup(move || {
            if let Some(count) = lock(&me.0.shown).get_mut(&name) {
                *count = count.saturating_sub(1);
            }
        });
    }

    /// Whether a view of this tab shows how it stands: what fails need not be told otherwise.
    #[must_use]
    pub fn is_shown(&self, name: &str) -> bool {
        lock(&self.0.shown)
            .get(name)
            .is_some_and(|count| *count > 0)
    }

    /// Forgets all, other servers' too: the person leaves the device.
    pub(super) fn forget(&self) {
        for key in self.0.store.keys(PREFIX) {
            self.0.store.set(&key, None);
        }
        self.reread();
    }
}
