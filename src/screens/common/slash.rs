//! One key for every search.

use crate::components::dialog::modal_open;
use crate::components::dom;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// `/` goes to the page's search, from anywhere but a field and a dialog; until the caller's owner
/// goes.
pub fn search_on_slash() {
    let press = |event: KeyboardEvent| {
        let modified = event.ctrl_key() || event.meta_key() || event.alt_key();
        if event.key() != "/" || modified || event.default_prevented() || modal_open() {
            return;
        }
        let typing = dom::focused().is_some_and(|element| {
            let field = "input:not([type=checkbox]), textarea, select, [contenteditable]";
            element.matches(field).unwrap_or_default()
        });
        let search = document().query_selector(".main [data-search]");
        if let (false, Ok(Some(search))) = (typing, search)
            && let Ok(search) = search.dyn_into::<HtmlElement>()
        {
            event.prevent_default();
            let _ = search.focus();
        }
    };
    dom::listen(document().as_ref(), "keydown", false, press);
}
