//! What the browser says of the page: seen or hidden, with or without a network.

use super::lock;
use send_wrapper::SendWrapper;
use std::sync::{Arc, Mutex};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

/// Listeners on the page, ended when dropped.
#[derive(Clone, Default)]
pub(super) struct Page(Arc<Mutex<Vec<SendWrapper<Listener>>>>);

struct Listener {
    target: web_sys::EventTarget,
    event: &'static str,
    closure: Closure<dyn Fn()>,
}

impl Drop for Listener {
    fn drop(&mut self) {
        let callback = self.closure.as_ref().unchecked_ref();
        let _ = self
            .target
            .remove_event_listener_with_callback(self.event, callback);
    }
}

impl Page {
    /// Calls `run` on each event of the document (`visibilitychange`) or the window (others).
    pub fn on(&self, event: &'static str, run: impl Fn() + 'static) {
        let Some(window) = web_sys::window() else {
            return;
        };
        let target: web_sys::EventTarget = match (event, window.document()) {
            ("visibilitychange", Some(document)) => document.into(),
            _ => window.into(),
        };
        let closure = Closure::<dyn Fn()>::new(run);
        let callback = closure.as_ref().unchecked_ref();
        if target
            .add_event_listener_with_callback(event, callback)
            .is_ok()
        {
            lock(&self.0).push(SendWrapper::new(Listener {
                target,
                event,
                closure,
            }));
        }
    }

    /// Ends all listeners.
    pub fn stop(&self) {
        lock(&self.0).clear();
    }

    /// Whether nobody can see the page.
    pub fn is_hidden() -> bool {
        web_sys::window()
            .and_then(|window| window.document())
            .is_some_and(|page| page.hidden())
    }

    /// Whether the browser says that there is no network.
    pub fn is_offline() -> bool {
        web_sys::window().is_some_and(|window| !window.navigator().on_line())
    }

    /// The page's own address.
    pub fn address() -> String {
        web_sys::window()
            .and_then(|window| window.location().href().ok())
            .unwrap_or_default()
    }
}
