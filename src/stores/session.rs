//! The API key: kept for the tab, or on this device where the person ticks so; never in a URL,
//! never among the preferences.

use super::context::Context;
use super::storage::{Keep, Store};
use crate::api::ApiError;
use leptos::prelude::*;

/// Name under which the key is kept. The server's address is part of it, so that a key never goes
/// to another server than it was entered for.
fn slot(base: &str) -> String {
    format!("key@{base}")
}

/// Whether the server wants a key, and has one.
#[derive(Debug, Clone)]
pub struct Session {
    context: Context,
    tab: Store,
    device: Store,
    wanted: ArcRwSignal<Option<ApiError>>,
    signed_in: ArcRwSignal<bool>,
}

impl Session {
    /// With the key that was kept, if any.
    pub(super) fn new(context: &Context) -> Self {
        let (tab, device) = (Store::new(Keep::Tab), Store::new(Keep::Device));
        let slot = slot(context.client.base());
        let key = tab.get(&slot).or_else(|| device.get(&slot));
        let signed_in = ArcRwSignal::new(key.is_some());
        context.client.set_key(key);
        Self {
            context: context.clone(),
            tab,
            device,
            wanted: ArcRwSignal::default(),
            signed_in,
        }
    }

    /// Why the server wants a key (401); none while it does not. Polls pause meanwhile.
    #[must_use]
    pub fn wanted(&self) -> Signal<Option<ApiError>> {
        self.wanted.clone().into()
    }

    /// Whether calls carry a key.
    #[must_use]
    pub fn is_signed_in(&self) -> Signal<bool> {
        self.signed_in.clone().into()
    }

    /// Whether the key is kept on this device.
    #[must_use]
    pub fn is_remembered(&self) -> bool {
        self.device.get(&slot(self.context.client.base())).is_some()
    }

    pub(super) fn refused(&self, error: &ApiError) {
        if self.wanted.with_untracked(Option::is_none) {
            self.wanted.set(Some(error.clone()));
        }
        self.context.set_locked_out(true);
    }

    pub(super) fn keep(&self, key: &str, remember: bool) {
        let key = key.trim();
        let slot = slot(self.context.client.base());
        self.tab.set(&slot, Some(key));
        self.device.set(&slot, remember.then_some(key));
        self.context.client.set_key(Some(key.to_owned()));
        self.signed_in.set(true);
    }

    pub(super) fn admitted(&self) {
        self.wanted.set(None);
        self.context.set_locked_out(false);
    }

    pub(super) fn drop_key(&self) {
        let slot = slot(self.context.client.base());
        self.tab.set(&slot, None);
        self.device.set(&slot, None);
        self.context.client.set_key(None);
        self.signed_in.set(false);
    }
}
