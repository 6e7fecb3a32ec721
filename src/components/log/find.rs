use super::state::State;
use crate::components::button::{ControlSize, IconButton};
use crate::components::icon::{Icon, IconName};
use crate::domain::log;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

/// Search within the log: how many places, the one that is shown, the next and the one before.
#[component]
pub(super) fn Find(state: State) -> impl IntoView {
    let typed = move |event| {
        state.query.set(event_target_value(&event));
        let from = state.first_in_sight();
        let hit = state
            .hits
            .with_untracked(|hits| log::first_from(hits, from));
        state.show(hit);
    };
    let step = move |back: bool| {
        let from = state.hit.get_untracked();
        let next = state.hits.with_untracked(|hits| match from {
            Some(from) => log::step(hits, from, back),
            None => hits.first().copied(),
        });
        state.show(next);
    };
    let clear = move || {
        state.query.set(String::new());
        state.hit.set(None);
    };
    let key = move |event: KeyboardEvent| match event.key().as_str() {
        "Enter" => {
            event.prevent_default();
            step(event.shift_key());
        }
        "Escape" => {
            event.prevent_default();
            if state.query.with_untracked(String::is_empty) {
                if let Some(pane) = state.pane.get_untracked() {
                    let _ = pane.focus();
                }
            } else {
                clear();
            }
        }
        _ => {}
    };
    let empty = Memo::new(move |_| state.query.with(String::is_empty));
    let found = move || {
        if empty.get() {
            return String::new();
        }
        let hit = state.hit.get();
        state.hits.with(|hits| {
            let place = hit.and_then(|hit| hits.iter().position(|other| *other == hit));
            match (place, hits.len()) {
                (_, 0) => "No matches".to_owned(),
                (Some(place), all) => format!("{} of {all}", place + 1),
                (None, 1) => "1 match".to_owned(),
                (None, all) => format!("{all} matches"),
            }
        })
    };
    let none = Signal::derive(move || {
        state
            .hits
            .with(|hits| hits.is_empty())
            .then(|| "Nothing is found".to_owned())
    });
    view! {
        <div class="log-find" role="search">
            <span class="input search">
                <Icon name=IconName::Search/>
                <input
                    type="text"
                    inputmode="search"
                    aria-label="Search the log"
                    placeholder="Search the log"
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    data-search=""
                    prop:value=move || state.query.get()
                    on:input=typed
                    on:keydown=key
                />
                <span class="log-found" role="status">{found}</span>
                <kbd class="search-hint" aria-hidden="true" hidden=move || !empty.get()>"/"</kbd>
            </span>
            <IconButton
                label="Previous match"
                icon=IconName::ChevronUp
                size=ControlSize::Small
                disabled=none
                on_press=Callback::new(move |()| step(true))
            />
            <IconButton
                label="Next match"
                icon=IconName::ChevronDown
                size=ControlSize::Small
                disabled=none
                on_press=Callback::new(move |()| step(false))
            />
        </div>
    }
}
