//! The browser's storage, or memory where it is blocked or full.

use super::lock;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

/// How long what is stored stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keep {
    /// On this device: localStorage.
    Device,
    /// For this tab, reloads included: sessionStorage.
    Tab,
}

/// Every key begins with this: the origin may serve other pages too.
const PREFIX: &str = "moxxie.";

/// Text by key. What cannot be written is kept in memory, and what memory holds wins.
#[derive(Debug, Clone)]
pub(super) struct Store {
    keep: Keep,
    memory: Arc<Mutex<HashMap<String, Option<String>>>>,
}

impl Store {
    pub fn new(keep: Keep) -> Self {
        Self {
            keep,
            memory: Arc::default(),
        }
    }

    fn browser(&self) -> Option<web_sys::Storage> {
        let window = web_sys::window()?;
        match self.keep {
            Keep::Device => window.local_storage(),
            Keep::Tab => window.session_storage(),
        }
        .ok()?
    }

    pub fn get(&self, key: &str) -> Option<String> {
        if let Some(value) = lock(&self.memory).get(key) {
            return value.clone();
        }
        self.browser()?.get_item(&format!("{PREFIX}{key}")).ok()?
    }

    /// Writes or removes. Answers whether it will outlive the page.
    pub fn set(&self, key: &str, value: Option<&str>) -> bool {
        let name = format!("{PREFIX}{key}");
        let written = self.browser().is_some_and(|storage| match value {
            Some(value) => storage.set_item(&name, value).is_ok(),
            None => storage.remove_item(&name).is_ok(),
        });
        let mut memory = lock(&self.memory);
        if written {
            memory.remove(key);
        } else {
            memory.insert(key.to_owned(), value.map(ToOwned::to_owned));
        }
        written
    }

    /// All keys that begin with `prefix`.
    pub fn keys(&self, prefix: &str) -> Vec<String> {
        let full = format!("{PREFIX}{prefix}");
        let mut keys: Vec<String> = self.browser().map_or_else(Vec::new, |storage| {
            (0..storage.length().unwrap_or(0))
                .filter_map(|index| storage.key(index).ok()?)
                .filter(|key| key.starts_with(&full))
                .filter_map(|key| key.strip_prefix(PREFIX).map(ToOwned::to_owned))
                .collect()
        });
        for (key, value) in lock(&self.memory).iter() {
            keys.retain(|known| known != key);
            if key.starts_with(prefix) && value.is_some() {
                keys.push(key.clone());
            }
        }
        keys.sort();
        keys
    }
}
