//! Focus and scroll around modal dialogs.

use crate::components::dom::{after_render, focused};
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Document, HtmlDialogElement, HtmlElement};

fn page() -> Option<Document> {
    web_sys::window()?.document()
}

/// Whether a modal dialog stands above the page: shortcuts of the page keep still then.
#[must_use]
pub fn modal_open() -> bool {
    page().is_some_and(|document| {
        document
            .query_selector("dialog:modal")
            .ok()
            .flatten()
            .is_some()
    })
}

/// For what a dialog shows step by step: when the step changes, the button that led there is gone,
/// and the focus goes to the element that gets the answer, not nowhere.
#[must_use]
pub fn follow_steps(step: Signal<u8>) -> NodeRef<html::Div> {
    let place = NodeRef::<html::Div>::new();
    Effect::new(move |before: Option<u8>| {
        let step = step.get();
        if before.is_some_and(|before| before != step) {
            after_render(move || {
                if let Some(Some(place)) = place.try_get_untracked() {
                    let _ = place.focus();
                }
            });
        }
        step
    });
    place
}

/// Opens as a modal dialog and keeps the page behind it from scrolling. The browser gives the
/// focus to what has `autofocus`, else to the first control.
pub(super) fn open(dialog: &HtmlDialogElement) {
    if !dialog.open() && dialog.show_modal().is_err() {
        // Not in the document, or open as a popover; better shown plainly than not at all.
        dialog.show();
    }
    mark_root();
}

/// Closes, and gives the focus back: to the opener; else, where it has gone (a deleted row, a
/// closed menu), to what opened its menu; else to the page's heading.
pub(super) fn close(dialog: &HtmlDialogElement, opener: Option<&HtmlElement>) {
    if dialog.open() {
        dialog.close();
    }
    mark_root();
    let Some(document) = page() else { return };
    let takes = |element: &HtmlElement| {
        let _ = element.focus();
        document.active_element().as_ref() == Some(element.as_ref())
    };
    let _ = opener.is_some_and(takes)
        || opener
            .and_then(menu_button)
            .is_some_and(|button| takes(&button));
    // What was done may take the opener away in this very turn.
    after_render(focus_heading);
}

/// Where nothing has the focus, a keyboard starts at the page's heading.
fn focus_heading() {
    if focused().is_none()
        && let Some(document) = page()
        && let Ok(Some(heading)) = document.query_selector("main h1[tabindex], main[tabindex]")
        && let Ok(heading) = heading.dyn_into::<HtmlElement>()
    {
        let _ = heading.focus();
    }
}

/// The button of the menu or popover that an element stands in.
fn menu_button(inside: &HtmlElement) -> Option<HtmlElement> {
    let id = inside.closest("[popover], [role=menu]").ok()??.id();
    if id.is_empty() {
        return None;
    }
    let selector = format!("[aria-controls=\"{id}\"], [popovertarget=\"{id}\"]");
    page()?.query_selector(&selector).ok()??.dyn_into().ok()
}

/// The page behind a modal dialog does not scroll; the style sheet reads this mark.
fn mark_root() {
    if let Some(root) = page().and_then(|document| document.document_element()) {
        let _ = root.toggle_attribute_with_force("data-modal", modal_open());
    }
}

/// Whether a menu or list inside the dialog is open, which Escape closes first.
pub(super) fn popover_open(dialog: &HtmlDialogElement) -> bool {
    dialog
        .query_selector("[popover=auto]:popover-open, [popover='']:popover-open")
        .ok()
        .flatten()
        .is_some()
}

/// A body that scrolls and holds nothing that takes the focus must take it itself, or a keyboard
/// can't scroll it.
pub(super) fn let_scroll(body: &HtmlElement) {
    let holds = body
        .query_selector("a[href], button, input, select, textarea, summary, [tabindex]")
        .ok()
        .flatten()
        .is_some();
    if !holds && body.scroll_height() > body.client_height() {
        body.set_tab_index(0);
    } else {
        let _ = body.remove_attribute("tabindex");
    }
}
