use super::item::MenuItem;
use crate::components::dom::{self, uid};
use crate::components::icon::{Icon, IconName};
use crate::components::lazy::area_part;
use crate::components::overlay::{Anchor, Overlay, OverlaySurface};
use crate::lazy_view;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// Opens a menu at `anchor` with the focus on its first item, or its last.
pub fn open_menu(overlay: Overlay, anchor: Anchor, last: bool) {
    overlay.show(anchor);
    // The items are drawn by now or in the next frame.
    let aim = move || {
        let items = items_of(overlay);
        let item = if last { items.last() } else { items.first() };
        match item {
            Some(item) => drop(item.focus()),
            None => drop(
                overlay
                    .element
                    .try_get_untracked()
                    .flatten()
                    .map(|element| element.focus()),
            ),
        }
        overlay.place();
    };
    dom::after_render(move || {
        if overlay.is_open_now() {
            aim();
        }
    });
}

fn items_of(overlay: Overlay) -> Vec<HtmlElement> {
    let Some(element) = overlay.element.try_get_untracked().flatten() else {
        return Vec::new();
    };
    let Ok(found) = element.query_selector_all("[data-menu-item]") else {
        return Vec::new();
    };
    (0..found.length())
        .filter_map(|index| found.get(index)?.dyn_into().ok())
        .collect()
}

/// Milliseconds between letters of one word.
const WORD_PAUSE: f64 = 700.0;

/// Moves the focus: arrows around, Home, End, the first letters of a label.
fn move_focus(overlay: Overlay, event: &KeyboardEvent, typed: StoredValue<(String, f64)>) {
    let items = items_of(overlay);
    if items.is_empty() {
        return;
    }
    let here = dom::focused().and_then(|focused| {
        items
            .iter()
            .position(|item| item.is_same_node(Some(&focused)))
    });
    let count = items.len();
    let key = event.key();
    let to = match key.as_str() {
        "ArrowDown" => Some(here.map_or(0, |at| (at + 1) % count)),
        "ArrowUp" => Some(here.map_or(count - 1, |at| (at + count - 1) % count)),
        "Home" => Some(0),
        "End" => Some(count - 1),
        "Tab" => {
            // The focus goes on from what the menu stood at.
            overlay.hide();
            return;
        }
        letter
            if letter.chars().count() == 1
                && letter != " "
                && !event.ctrl_key()
                && !event.meta_key()
                && !event.alt_key() =>
        {
            let word = typed.try_update_value(|(word, at)| {
                if event.time_stamp() - *at > WORD_PAUSE {
                    word.clear();
                }
                *at = event.time_stamp();
                word.push_str(&letter.to_lowercase());
                word.clone()
            });
            let word = word.unwrap_or_default();
            // One letter goes on to the next match, a longer word may stay.
            let from = here.map_or(0, |at| at + usize::from(word.chars().count() == 1));
            (0..count).map(|step| (from + step) % count).find(|at| {
                let label = items
                    .get(*at)
                    .and_then(|item| item.get_attribute("data-label"));
                label.is_some_and(|label| label.to_lowercase().starts_with(&word))
            })
        }
        _ => return,
    };
    event.prevent_default();
    event.stop_propagation();
    if let Some(item) = to.and_then(|at| items.get(at)) {
        let _ = item.focus();
    }
}

/// The surface of a menu. `items` are read while it is open only, and again whenever they change:
/// labels and reasons change in place, focus stays.
#[component]
pub fn MenuSurface(
    /// Handle that opened it.
    overlay: Overlay,
    /// Name: "Actions of web-server-01".
    #[prop(into)]
    label: Signal<String>,
    /// The actions.
    #[prop(into)]
    items: Signal<Vec<MenuItem>>,
) -> impl IntoView {
    let typed = StoredValue::new((String::new(), 0.0));
    let key = Callback::new(move |event: KeyboardEvent| move_focus(overlay, &event, typed));
    view! {
        <OverlaySurface overlay=overlay class="menu" role="menu" label=label on_key=key>
            {area_part(
                || Box::pin(preload_menu()),
                move || Box::pin(menu_items(overlay, items)),
                Callback::new(move |()| overlay.hide()),
            )}
        </OverlaySurface>
    }
}

lazy_view! {
    later, preload_menu,
    fn menu_items(overlay: Overlay, items: Signal<Vec<MenuItem>>) -> AnyView {
        late_focus(overlay);
        view! { <MenuItems overlay=overlay items=items/> }.into_any()
    }
}

/// A menu whose code came after it was opened has the focus itself until its items are there.
fn late_focus(overlay: Overlay) {
    dom::after_render(move || {
        let on_item = dom::focused().is_some_and(|at| at.has_attribute("data-menu-item"));
        if overlay.is_open_now() && !on_item {
            if let Some(item) = items_of(overlay).first() {
                let _ = item.focus();
            }
            overlay.place();
        }
    });
}

#[component]
fn MenuItems(overlay: Overlay, items: Signal<Vec<MenuItem>>) -> impl IntoView {
    let items = Memo::new(move |_| {
        let mut items = items.get();
        // Stable: the caller's order holds within both halves.
        items.sort_by_key(|item| item.danger);
        items
    });
    let keys = Memo::new(move |_| {
        items.with(|items| {
            let split = items
                .iter()
                .position(|item| item.danger)
                .filter(|at| *at > 0);
            let line = |at: usize| (split == Some(at)).then_some(("divider", true));
            items
                .iter()
                .enumerate()
                .flat_map(|(at, item)| line(at).into_iter().chain([(item.id, false)]))
                .collect::<Vec<_>>()
        })
    });
    view! {
        <For each=move || keys.get() key=|key| *key let:key>
            {if key.1 {
                view! { <div class="menu-divider" role="separator"></div> }.into_any()
            } else {
                view! { <MenuEntry overlay=overlay items=items id=key.0/> }.into_any()
            }}
        </For>
    }
}

#[component]
fn MenuEntry(overlay: Overlay, items: Memo<Vec<MenuItem>>, id: &'static str) -> impl IntoView {
    let Some(first) =
        items.with_untracked(|items| items.iter().find(|item| item.id == id).cloned())
    else {
        return ().into_any();
    };
    let (href, download) = (first.href.clone(), first.download.then_some(""));
    let checkable = first.checked.is_some();
    // The last known one stands while the entry goes away.
    let item = Memo::new(move |old: Option<&MenuItem>| {
        items
            .with(|items| items.iter().find(|item| item.id == id).cloned())
            .or_else(|| old.cloned())
            .unwrap_or_else(|| first.clone())
    });
    let off = Memo::new(move |_| item.with(|item| item.disabled.clone()));
    let why = uid("why");
    let described = why.clone();
    let press = move |event: web_sys::MouseEvent| {
        let Some(item) = items
            .try_with_untracked(|items| items.iter().find(|item| item.id == id).cloned())
            .flatten()
        else {
            return;
        };
        if item.disabled.is_some() {
            event.prevent_default();
            return;
        }
        if item.checked.is_none() {
            overlay.hide();
        }
        if item.href.is_none() {
            item.run.run(());
        }
    };
    // The pointer takes the focus along, so that arrows go on from where it is.
    let hover = move |event: web_sys::PointerEvent| {
        if event.pointer_type() == "mouse"
            && let Some(element) = event
                .current_target()
                .and_then(|target| target.dyn_into::<HtmlElement>().ok())
        {
            let _ = element.focus();
        }
    };
    let inside = move || {
        view! {
            <span class="menu-icon">
                {move || item.with(|item| match item.checked {
                    Some(on) => on.then_some(IconName::Check),
                    None => item.icon,
                }).map(|name| view! { <Icon name=name/> })}
            </span>
            <span class="menu-label">{move || item.with(|item| item.label.clone())}</span>
            <span class="menu-hint">{move || item.with(|item| item.hint.clone())}</span>
            {move || off.get().map(|reason| view! { <span hidden id=why.clone()>{reason}</span> })}
        }
    };
    let class = move || {
        if item.with(|item| item.danger) {
            "menu-item danger"
        } else {
            "menu-item"
        }
    };
    let label = move || item.with(|item| item.label.clone());
    match href {
        Some(href) => view! {
            <a
                href=href download=download role="menuitem" tabindex="-1" data-menu-item="" data-label=label class=class
                aria-disabled=move || off.get().map(|_| "true")
                aria-describedby=move || off.get().map(|_| described.clone())
                data-tip=move || off.get()
                on:click=press on:pointerenter=hover
            >{inside()}</a>
        }
        .into_any(),
        None => view! {
            <button
                type="button" tabindex="-1" data-menu-item="" data-label=label class=class
                role=if checkable { "menuitemcheckbox" } else { "menuitem" }
                aria-checked=move || item.with(|item| item.checked.map(|on| if on { "true" } else { "false" }))
                aria-disabled=move || off.get().map(|_| "true")
                aria-describedby=move || off.get().map(|_| described.clone())
                data-tip=move || off.get()
                on:click=press on:pointerenter=hover
            >{inside()}</button>
        }
        .into_any(),
    }
}
