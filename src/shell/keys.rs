//! The keys that work everywhere, and the button that opens the palette. The dialogs themselves
//! are fetched when the first of them is opened.

use super::commands::{Command, Desk, Sheet, key_words};
use super::palette::{preload_palette, sheets};
use crate::components::dialog::modal_open;
use crate::components::lazy::area_part;
use crate::components::{Icon, IconName, dom};
use crate::domain::shortcuts::{Keys, LEADER};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

/// Between `g` and the letter of a page, in milliseconds.
const PAUSE: f64 = 1500.0;

/// The way to the palette without a keyboard.
#[component]
pub fn PaletteButton() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let keys = Command::Palette
        .keys()
        .map(|keys| key_words(keys).join(" "))
        .unwrap_or_default();
    view! {
        <button
            type="button"
            class="btn palette-button"
            aria-haspopup="dialog"
            aria-keyshortcuts="Control+K Meta+K"
            on:click=move |_| desk.open(Sheet::Palette)
        >
            <Icon name=IconName::Search/>
            <span class="palette-words">"Search or jump to…"</span>
            <kbd aria-hidden="true">{keys}</kbd>
        </button>
    }
}

/// Listens for shortcuts, and holds the dialogs that they open.
#[component]
pub fn Commands(desk: Desk) -> impl IntoView {
    listen(desk);
    let wanted = desk.wanted();
    move || {
        wanted.get().then(|| {
            area_part(
                || Box::pin(preload_palette()),
                move || Box::pin(sheets(desk)),
                Callback::new(move |()| desk.give_up()),
            )
        })
    }
}

fn listen(desk: Desk) {
    // When `g` was pressed.
    let mut began = None::<f64>;
    let press = move |event: KeyboardEvent| {
        let leading = began
            .take()
            .is_some_and(|began| event.time_stamp() - began < PAUSE);
        if event.default_prevented() || event.is_composing() {
            return;
        }
        let command = if event.ctrl_key() || event.meta_key() || event.alt_key() {
            chord(&event)
        } else if dom::is_typing() || modal_open() {
            None
        } else if !leading && event.key() == LEADER {
            began = Some(event.time_stamp());
            return;
        } else {
            let key = event.key();
            called(|keys| match keys {
                Keys::Go(own) => leading && own == key,
                Keys::One(own) => !leading && own == key,
                Keys::Chord(_) => false,
            })
        };
        if let Some(command) = command.filter(|_| !event.repeat()) {
            event.prevent_default();
            command.run(desk);
        }
    };
    dom::listen(document().as_ref(), "keydown", false, press);
}

fn called(fits: impl Fn(Keys) -> bool) -> Option<Command> {
    Command::all().find(|command| command.keys().is_some_and(&fits))
}

/// Ctrl or ⌘ and a letter, alone.
fn chord(event: &KeyboardEvent) -> Option<Command> {
    if event.alt_key() || event.shift_key() || event.ctrl_key() == event.meta_key() {
        return None;
    }
    let key = event.key().to_lowercase();
    called(|keys| matches!(keys, Keys::Chord(own) if own == key))
}
