use super::column::Align;
use super::core::Shared;
use super::model::{RowData, RowKey};
use crate::components::icon::{Icon, IconName};
use crate::components::overlay::Anchor;
use crate::components::tab_stop::{LookedAt, TabStop};
use leptos::ev::MouseEvent;
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use std::sync::Arc;
use web_sys::{Element, HtmlElement, HtmlInputElement};

const CONTROLS: &str = "a, button, input, select, textarea, label";

/// One row. Built once; what changes is read through the row's signal, and which row it is, too:
/// see [`super::model::Table::reuses_rows`].
#[component]
pub(super) fn Row<K: RowKey, R: RowData>(
    core: Shared<K, R>,
    key: Signal<K>,
    at: Signal<usize>,
) -> impl IntoView {
    let Some(keyed) = core.row(key) else {
        return ().into_any();
    };
    let row = Signal::derive(move || keyed.with(|(_, row)| Arc::clone(row)));
    let first = core.start;
    let selected = {
        let selection = core.table.selection;
        Memo::new(move |_| {
            selection
                .map(|selection| selection.with(|selection| key.with(|key| selection.has(key))))
        })
    };
    let is_active = {
        let active = core.active;
        Memo::new(move |_| active.with(|active| key.with(|key| active.as_ref() == Some(key))))
    };
    let element = NodeRef::<html::Tr>::new();
    keep_tab_order(element, is_active, row, core.visible);
    let pointed = RwSignal::new(false);
    Effect::new(move |known: Option<()>| {
        key.track();
        // Writes out of an effect: another row stands here now, under the pointer or not.
        if known.is_some() && pointed.get_untracked() {
            let hovered = element
                .get_untracked()
                .is_some_and(|row| row.matches(":hover").unwrap_or_default());
            pointed.set(hovered);
        }
    });
    provide_context(TabStop(is_active));
    provide_context(LookedAt(Memo::new(move |_| {
        is_active.get() || pointed.get()
    })));
    let click = {
        let core = core.clone();
        move |event: MouseEvent| row_click(&core, &key.get_untracked(), at.get_untracked(), &event)
    };
    let context = {
        let core = core.clone();
        move |event: MouseEvent| {
            let key = key.get_untracked();
            // Over marked text the browser's own menu is wanted: it copies.
            let marked = window()
                .get_selection()
                .ok()
                .flatten()
                .is_some_and(|selection| !selection.is_collapsed());
            if core.table.menu.is_some() && !marked && !event.shift_key() {
                event.prevent_default();
                core.active.set(Some(key.clone()));
                let back = core.grid.get_untracked().map(Into::into);
                core.open_menu(
                    &key,
                    Anchor::Point(
                        f64::from(event.client_x()),
                        f64::from(event.client_y()),
                        back,
                    ),
                );
            }
        }
    };
    let id = {
        let core = core.clone();
        move || core.row_id(at.get())
    };
    let cells = {
        let core = core.clone();
        move || {
            core.visible
                .get()
                .into_iter()
                .map(|at| cell(&core, at, keyed, row))
                .collect_view()
        }
    };
    view! {
        <tr
            node_ref=element
            role="row"
            id=id
            class="dt-row"
            class:active=is_active
            aria-rowindex=move || (first.get() + at.get() + 2).to_string()
            aria-selected=move || selected.get().map(|on| if on { "true" } else { "false" })
            style:top=move || format!("calc(var(--row) * {})", at.get())
            on:pointerenter=move |_| pointed.set(true)
            on:click=click
            on:contextmenu=context
        >
            {selected.get_untracked().is_some().then(|| view! {
                <td role="gridcell" class="dt-cell dt-check"><Check core=core.clone() key=key row=row/></td>
            })}
            {cells}
            {core.table.menu.is_some().then(|| view! {
                <td role="gridcell" class="dt-cell dt-dots"><Dots core=core.clone() key=key row=row/></td>
            })}
        </tr>
    }
    .into_any()
}

/// Tab reaches the controls of the active row alone; a row's own data and other columns may draw
/// new ones. What a cell draws of other causes asks [`TabStop`] itself.
fn keep_tab_order<R: RowData>(
    element: NodeRef<html::Tr>,
    is_active: Memo<bool>,
    row: Signal<Arc<R>>,
    columns: Memo<Vec<usize>>,
) {
    Effect::new(move || {
        let Some(element) = element.get() else { return };
        let tab = if is_active.get() { "0" } else { "-1" };
        row.track();
        columns.track();
        let element = send_wrapper::SendWrapper::new(element);
        queue_microtask(move || {
            let Ok(found) = element.query_selector_all("a, button, input, select") else {
                return;
            };
            for control in
                (0..found.length()).filter_map(|index| found.get(index)?.dyn_into::<Element>().ok())
            {
                let _ = control.set_attribute("tabindex", tab);
            }
        });
    });
}

fn row_click<K: RowKey, R: RowData>(core: &Shared<K, R>, key: &K, at: usize, event: &MouseEvent) {
    core.active_at.set_value(at);
    core.active.set(Some(key.clone()));
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    let on_control = target.is_some_and(|target| target.closest(CONTROLS).ok().flatten().is_some());
    if on_control || core.table.selection.is_none() {
        return;
    }
    if event.shift_key() {
        // The browser has marked the text between the two clicks.
        if let Ok(Some(selection)) = window().get_selection() {
            let _ = selection.remove_all_ranges();
        }
        core.select(key, true);
    } else if event.ctrl_key() || event.meta_key() {
        core.select(key, false);
    }
}

fn cell<K: RowKey, R: RowData>(
    core: &Shared<K, R>,
    at: usize,
    keyed: RwSignal<(K, Arc<R>)>,
    row: Signal<Arc<R>>,
) -> AnyView {
    let Some(column) = core.column(at) else {
        return ().into_any();
    };
    let inside = (column.cell)(row);
    let end = column.align == Align::End;
    let class = format!("dt-cell {}", column.look);
    if column.name {
        return view! { <th role="rowheader" scope="row" class="dt-cell dt-name" class:end=end>{inside}</th> }.into_any();
    }
    // Two names for one animation: the change from one to the other starts it anew. That another
    // row stands here is no change of a row.
    let tint = column.tint.clone().map(|tint| {
        let turn = Memo::new(move |old: Option<&(K, String, u8)>| {
            let (key, now) = keyed.with(|(key, row)| (key.clone(), tint(row)));
            let turn = match old {
                Some((same, before, turn)) if *same == key => match (*before == now, turn) {
                    (true, turn) => *turn,
                    (false, 1) => 2,
                    (false, _) => 1,
                },
                _ => 0,
            };
            (key, now, turn)
        });
        move || {
            turn.with(|(_, _, turn)| match turn {
                1 => Some("a"),
                2 => Some("b"),
                _ => None,
            })
        }
    });
    view! { <td role="gridcell" class=class class:end=end data-tint=tint>{inside}</td> }.into_any()
}

#[component]
pub(super) fn Check<K: RowKey, R: RowData>(
    core: Shared<K, R>,
    key: Signal<K>,
    row: Signal<Arc<R>>,
) -> impl IntoView {
    let Some(selection) = core.table.selection else {
        return ().into_any();
    };
    let name = core.table.row_name.clone();
    let label = Memo::new(move |_| row.with(|row| format!("Select {}", name(row))));
    let on = Memo::new(move |_| selection.with(|selection| key.with(|key| selection.has(key))));
    let click = move |event: MouseEvent| {
        let key = key.get_untracked();
        core.select(&key, event.shift_key());
        // A range may leave this row as it was, whatever the press did to the box.
        if let Some(input) = event
            .current_target()
            .and_then(|target| target.dyn_into::<HtmlInputElement>().ok())
        {
            input.set_checked(selection.with_untracked(|selection| selection.has(&key)));
        }
    };
    view! {
        <label class="check">
            <input type="checkbox" tabindex="-1" aria-label=label prop:checked=move || on.get() on:click=click/>
        </label>
    }
    .into_any()
}

#[component]
pub(super) fn Dots<K: RowKey, R: RowData>(
    core: Shared<K, R>,
    key: Signal<K>,
    row: Signal<Arc<R>>,
) -> impl IntoView {
    let name = core.table.row_name.clone();
    let label = Memo::new(move |_| row.with(|row| format!("Actions of {}", name(row))));
    let was_open = StoredValue::new(false);
    let (overlay, menu_of) = (core.overlay, core.menu_of);
    let is_mine = Memo::new(move |_| {
        overlay.is_open() && menu_of.with(|of| key.with(|key| of.as_ref() == Some(key)))
    });
    let click = move |event: MouseEvent| {
        // The press has closed it already, by light dismissal.
        if was_open.get_value() {
            return was_open.set_value(false);
        }
        if let Some(button) = event
            .current_target()
            .and_then(|target| target.dyn_into::<HtmlElement>().ok())
        {
            core.open_menu(&key.get_untracked(), Anchor::Element(button));
        }
    };
    view! {
        <button
            type="button"
            class="btn quiet small icon-only"
            tabindex="-1"
            aria-label=label
            aria-haspopup="menu"
            aria-expanded=move || if is_mine.get() { "true" } else { "false" }
            on:pointerdown=move |_| was_open.set_value(is_mine.get_untracked())
            on:click=click
        >
            <Icon name=IconName::Dots/>
        </button>
    }
}
