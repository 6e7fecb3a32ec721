//! What a person prefers, kept on this device.

use super::lock;
use super::page::Page;
use super::storage::{Keep, Store};
use crate::domain::arrange::Arrangement;
use crate::domain::console::look::ConsoleLook;
use crate::domain::coverage::Goals;
use crate::domain::snooze::Snoozes;
use crate::domain::views::SavedView;
use leptos::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::marker::PhantomData;
use std::sync::{Arc, Mutex};

/// Light, dark, or as the system has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// As the system has it.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
    /// High contrast, light or dark as the system has it.
    Contrast,
}

/// How close things stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Density {
    /// Room to breathe.
    #[default]
    Comfortable,
    /// More rows on a page.
    Compact,
}

/// In which zone times are shown.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Zone {
    /// The browser's.
    #[default]
    Browser,
    /// UTC.
    Utc,
    /// By its IANA name, e.g. `Europe/Berlin`.
    Named(String),
}

/// The name of a preference and the type of its value.
pub struct Key<T> {
    name: &'static str,
    value: PhantomData<fn() -> T>,
}

impl<T> Key<T> {
    /// A preference stored under `name`.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self {
            name,
            value: PhantomData,
        }
    }
}

impl<T> std::fmt::Debug for Key<T> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.name)
    }
}

/// Light, dark or the system's.
pub const THEME: Key<Theme> = Key::new("theme");
/// Comfortable or compact.
pub const DENSITY: Key<Density> = Key::new("density");
/// Zone of shown times.
pub const ZONE: Key<Zone> = Key::new("zone");
/// Seconds between polls when nothing moves; none: as installed.
pub const POLL_SECONDS: Key<Option<u32>> = Key::new("poll");
/// Address of the server; none: as installed. Takes effect with the next page load.
pub const SERVER_URL: Key<Option<String>> = Key::new("server");
/// Alerts put aside for a while.
pub const SNOOZED: Key<Snoozes> = Key::new("snoozed");
/// Seconds that a confirmed change which destroys waits before it is sent; none: it is sent at once.
pub const GRACE_SECONDS: Key<Option<u32>> = Key::new("grace");
/// Order and choice of the dashboard's cards.
pub const DASHBOARD: Key<Arrangement> = Key::new("dashboard");
/// Saved views of the VM list.
pub const VIEWS: Key<Vec<SavedView>> = Key::new("views.vms");
/// Whether the VM list shows the VM under the arrow keys beside it.
pub const PREVIEW: Key<bool> = Key::new("preview.vms");
/// Whether long lines of logs are wrapped; none: they are.
pub const LOG_WRAP: Key<Option<bool>> = Key::new("log-wrap");
/// How consoles are shown.
pub const CONSOLE: Key<ConsoleLook> = Key::new("console");
/// How old the newest backup of a VM may be; none: as by design.
pub const BACKUP_GOALS: Key<Option<Goals>> = Key::new("backup-goals");
/// The retention policy that is looked at where the server keeps none, as Proxmox writes it.
pub const RETENTION: Key<Option<String>> = Key::new("retention");
/// Whether the navigation is folded.
pub const NAV_FOLDED: Key<bool> = Key::new("nav-folded");

/// Preferences by name. Each is a signal; another tab's change arrives too. Where the browser
/// blocks storage they last as long as the page.
#[derive(Clone)]
pub struct Prefs(Arc<Inner>);

struct Inner {
    store: Store,
    signals: Mutex<HashMap<String, ArcRwSignal<Option<String>>>>,
    page: Page,
}

impl std::fmt::Debug for Prefs {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Prefs").finish_non_exhaustive()
    }
}

/// Preferences are kept under this.
const PREFIX: &str = "pref.";

impl Default for Prefs {
    fn default() -> Self {
        Self::new()
    }
}

impl Prefs {
    /// Those of this device.
    #[must_use]
    pub fn new() -> Self {
        let prefs = Self(Arc::new(Inner {
            store: Store::new(Keep::Device),
            signals: Mutex::default(),
            page: Page::default(),
        }));
        let weak = Arc::downgrade(&prefs.0);
        prefs.0.page.on("storage", move || {
            if let Some(inner) = weak.upgrade() {
                Self(inner).read_again();
            }
        });
        prefs
    }

    fn raw(&self, name: &str) -> ArcRwSignal<Option<String>> {
        lock(&self.0.signals)
            .entry(name.to_owned())
            .or_insert_with(|| ArcRwSignal::new(self.0.store.get(&format!("{PREFIX}{name}"))))
            .clone()
    }

    fn read_again(&self) {
        let signals: Vec<_> = lock(&self.0.signals)
            .iter()
            .map(|(name, raw)| (name.clone(), raw.clone()))
            .collect();
        for (name, raw) in signals {
            let stored = self.0.store.get(&format!("{PREFIX}{name}"));
            if raw.get_untracked() != stored {
                raw.set(stored);
            }
        }
    }

    /// A preference as it stands; its type's default where it was never set, or cannot be read.
    /// Tracked.
    #[must_use]
    pub fn get<T: DeserializeOwned + Default>(&self, key: &Key<T>) -> T {
        self.named(key.name)
    }

    /// As [`Prefs::get`], without being told of changes.
    #[must_use]
    pub fn peek<T: DeserializeOwned + Default>(&self, key: &Key<T>) -> T {
        self.raw(key.name)
            .with_untracked(|raw| read(raw.as_deref()))
    }

    /// A preference as a signal.
    #[must_use]
    pub fn signal<T>(&self, key: &'static Key<T>) -> Signal<T>
    where
        T: DeserializeOwned + Default + PartialEq + Send + Sync + 'static,
    {
        let raw = self.raw(key.name);
        Memo::new(move |_| raw.with(|raw| read(raw.as_deref()))).into()
    }

    /// Sets a preference.
    pub fn set<T: Serialize>(&self, key: &Key<T>, value: &T) {
        self.set_named(key.name, value);
    }

    /// A preference whose name is made up at run time, such as `table.vms`. Tracked.
    #[must_use]
    pub fn named<T: DeserializeOwned + Default>(&self, name: &str) -> T {
        self.raw(name).with(|raw| read(raw.as_deref()))
    }

    /// Sets a preference whose name is made up at run time.
    pub fn set_named<T: Serialize>(&self, name: &str, value: &T) {
        if let Ok(text) = serde_json::to_string(value) {
            self.write(name, Some(text));
        }
    }

    /// Forgets a preference.
    pub fn reset(&self, name: &str) {
        self.write(name, None);
    }

    /// Forgets all preferences that begin with `prefix`, such as `table.`.
    pub fn reset_all(&self, prefix: &str) {
        for key in self.0.store.keys(&format!("{PREFIX}{prefix}")) {
            if let Some(name) = key.strip_prefix(PREFIX) {
                self.reset(name);
            }
        }
    }

    fn write(&self, name: &str, value: Option<String>) {
        self.0
            .store
            .set(&format!("{PREFIX}{name}"), value.as_deref());
        let raw = self.raw(name);
        if raw.get_untracked() != value {
            raw.set(value);
        }
    }

    /// All preferences, for taking them to another device. The API key is none.
    #[must_use]
    pub fn export(&self) -> Value {
        let entries = self.0.store.keys(PREFIX).into_iter().filter_map(|key| {
            let value = serde_json::from_str(&self.0.store.get(&key)?).ok()?;
            Some((key.strip_prefix(PREFIX)?.to_owned(), value))
        });
        Value::Object(entries.collect::<Map<_, _>>())
    }

    /// Takes preferences from [`Prefs::export`]; answers how many. Others stay.
    pub fn import(&self, values: &Map<String, Value>) -> usize {
        for (name, value) in values {
            self.set_named(name, value);
        }
        values.len()
    }
}

fn read<T: DeserializeOwned + Default>(raw: Option<&str>) -> T {
    raw.and_then(|raw| serde_json::from_str(raw).ok())
        .unwrap_or_default()
}
