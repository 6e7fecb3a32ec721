//! Confirmed changes that wait some seconds before they are sent: each a toast that counts down.

use crate::components::Tone;
use crate::components::toast::{Toast, use_toasts};
use crate::domain::unsaved::listed;
use crate::screens::unsaved::guard;
use crate::stores::grace::Waiting;
use crate::stores::use_live;
use leptos::prelude::*;
use std::sync::Arc;

fn key(id: u64) -> String {
    format!("grace-{id}")
}

/// Draws nothing itself; hands what waits to the toasts. Closing the tab would lose it, so that
/// asks first.
#[component]
pub fn GraceToasts() -> impl IntoView {
    let live = use_live();
    let toasts = use_toasts();
    let list = live.grace.list();
    let what = move || {
        let titles: Vec<String> = list
            .get()
            .iter()
            .map(|waiting| waiting.title.clone())
            .collect();
        (!titles.is_empty()).then(|| listed(&titles))
    };
    guard(Signal::derive(what), None);
    // Toasts live on their own once shown: handing over is the effect's purpose.
    Effect::new(move |seen: Option<Arc<Vec<Waiting>>>| {
        let waits = list.get();
        let seen = seen.unwrap_or_default();
        for Waiting { id, title, left } in waits.iter().filter(|one| !seen.contains(one)).cloned() {
            let (cancel, send) = (live.grace.clone(), live.grace.clone());
            toasts.push(
                Toast::new(Tone::Warn, title)
                    .key(key(id))
                    .countdown(left)
                    .action("Cancel", move || cancel.decide(id, false))
                    .other("Do it now", move || send.decide(id, true)),
            );
        }
        for gone in seen.iter().filter(|one| !waits.contains(one)) {
            toasts.dismiss_key(&key(gone.id));
        }
        waits
    });
}
