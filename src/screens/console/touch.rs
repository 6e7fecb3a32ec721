//! The keyboard on the glass of a phone: a field out of sight takes its letters.

use super::desk::Tools;
use super::line::Viewer;
use crate::components::{Button, ControlSize, IconName};
use crate::domain::console::keys::difference;
use crate::domain::console::layout::{letters, strokes};
use crate::domain::console::look::ConsoleLook;
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;

/// What the field holds at least, so that a phone's keyboard has something to delete.
const FILLER: &str = "\u{200b}";

/// Takes back so many letters, then types a text.
fn pass_on(tools: Tools, back: usize, text: &str) {
    let keyboard = tools.look.with_untracked(ConsoleLook::keyboard);
    tools.session.viewer.with_value(|viewer| match viewer {
        Some(Viewer::Screen(screen)) => {
            for _ in 0..back {
                screen.strokes(&strokes(keyboard, '\u{8}'));
            }
            for letter in letters(text) {
                screen.strokes(&strokes(keyboard, letter));
            }
        }
        Some(Viewer::Terminal(terminal)) => {
            terminal.send(&("\u{7f}".repeat(back) + &text.replace('\n', "\r")));
        }
        None => {}
    });
}

/// The button that shows the keyboard, and the field.
#[component]
pub fn TouchKeys(tools: Tools) -> impl IntoView {
    let field = NodeRef::<html::Textarea>::new();
    // What the guest has of a word that the keyboard still works on.
    let shown = StoredValue::new(String::new());
    let off = Signal::derive(move || tools.keys_off());
    let empty = move || {
        shown.set_value(String::new());
        if let Some(field) = field.get_untracked() {
            field.set_value(FILLER);
        }
    };
    let show = Callback::new(move |()| {
        empty();
        if let Some(field) = field.get_untracked() {
            let _ = field.focus();
        }
    });
    let take = move || {
        let value = field.get_untracked().map(|field| field.value());
        let value = value.unwrap_or_default();
        let text = value.replace(FILLER, "");
        let (back, rest) = shown.with_value(|shown| difference(shown, &text));
        // The filler is gone: what stood before it in the guest is meant.
        pass_on(tools, back + usize::from(value.is_empty()), &rest);
        shown.set_value(text);
        value.is_empty()
    };
    let typed = move |event: web_sys::InputEvent| {
        // A field that is changed while a word is made would end the word, or say it twice.
        if take() || !event.is_composing() {
            empty();
        }
    };
    let made = move |_| {
        take();
        empty();
    };
    move || {
        tools.coarse.get().then(|| view! {
            <Button label="Keyboard" icon=IconName::Keyboard size=ControlSize::Small disabled=off on_press=show/>
            <textarea
                class="console-touch" aria-label="Letters for the guest" node_ref=field
                autocomplete="off" autocapitalize="off" spellcheck="false"
                on:input=move |event| typed(event.unchecked_into())
                on:compositionend=made
            ></textarea>
        })
    }
}
