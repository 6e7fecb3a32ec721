//! The keyboard of the grid: arrows, Home, End, pages; Space selects, Enter opens, the menu key
//! opens the row's menu.

use super::core::Shared;
use super::model::{RowData, RowKey};
use crate::components::overlay::Anchor;
use crate::domain::group::Slots;
use crate::domain::table::step;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// Handles a key pressed in the rows or on the grid itself.
pub(super) fn grid_key<K: RowKey, R: RowData>(core: &Shared<K, R>, event: &KeyboardEvent) {
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    // A control inside a row keeps its own keys, but for those that move between rows.
    let control = target.as_ref().and_then(|target| {
        target
            .closest("a, button, input, select, textarea")
            .ok()
            .flatten()
    });
    let key = event.key();
    let plain = !event.ctrl_key() && !event.meta_key() && !event.alt_key();
    let place = core.active_place();
    match key.as_str() {
        "a" | "A"
            if (event.ctrl_key() || event.meta_key())
                && control.is_none()
                && core.table.selection.is_some() =>
        {
            event.prevent_default();
            core.select_all();
        }
        "Escape" => escape(core, event),
        "ContextMenu" => menu(core, event),
        "F10" if event.shift_key() => menu(core, event),
        " " if control.is_none() && plain => {
            event.prevent_default();
            if let Some(key) = place.and_then(|place| core.key_at(place)) {
                core.select(&key, event.shift_key());
            }
        }
        "Enter" if control.is_none() && plain => {
            if let (Some(open), Some(key)) =
                (core.table.open, place.and_then(|place| core.key_at(place)))
            {
                event.prevent_default();
                open.run(key);
            }
        }
        _ if plain => go(core, event, &key, place, control.is_some()),
        _ => {}
    }
}

fn go<K: RowKey, R: RowData>(
    core: &Shared<K, R>,
    event: &KeyboardEvent,
    key: &str,
    place: Option<usize>,
    from_control: bool,
) {
    let row = core.sight.row.get_untracked().max(1.0);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a few dozen"
    )]
    let in_view = (core.sight.height.get_untracked() / row) as usize;
    let count = core.slots.with_untracked(Slots::len);
    let shown = core.active.with_untracked(Option::is_some);
    let Some(to) = step(key, place.filter(|_| shown), count, in_view) else {
        return;
    };
    let down = place.is_none_or(|place| to >= place);
    let Some(to) = core.slots.with_untracked(|slots| slots.with_row(to, down)) else {
        return;
    };
    event.prevent_default();
    if from_control {
        core.focus();
    }
    let before = place.and_then(|place| core.key_at(place));
    core.activate(to);
    if let (true, Some(selection), Some(before), Some(here)) = (
        event.shift_key(),
        core.table.selection,
        before,
        core.key_at(to),
    ) {
        // Shift and arrows select from where they started.
        if selection.with_untracked(|selection| !selection.has(&before)) {
            core.select(&before, false);
        }
        core.select(&here, true);
    }
}

fn escape<K: RowKey, R: RowData>(core: &Shared<K, R>, event: &KeyboardEvent) {
    if let Some(selection) = core.table.selection
        && selection.with_untracked(|selection| !selection.is_empty())
    {
        event.prevent_default();
        event.stop_propagation();
        selection.update(crate::domain::table::Selection::clear);
    }
}

fn menu<K: RowKey, R: RowData>(core: &Shared<K, R>, event: &KeyboardEvent) {
    let Some(place) = core.active_place() else {
        return;
    };
    let Some(key) = core.key_at(place) else {
        return;
    };
    event.prevent_default();
    let anchor = document()
        .get_element_by_id(&core.row_id(place))
        .and_then(|row| row.query_selector(".dt-dots button").ok().flatten())
        .and_then(|button| button.dyn_into::<HtmlElement>().ok());
    let grid: Option<HtmlElement> = core.grid.get_untracked().map(Into::into);
    match anchor {
        Some(button) => {
            let rect = button.get_bounding_client_rect();
            // The focus goes back to the grid, where the key was pressed.
            core.open_menu(&key, Anchor::Point(rect.right(), rect.bottom(), grid));
        }
        None => core.open_menu(&key, Anchor::Point(80.0, 120.0, grid)),
    }
}
