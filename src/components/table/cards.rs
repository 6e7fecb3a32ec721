//! Under 640 px each row is a card: name, state, three facts, and the menu.

use super::core::{Drawn, Shared};
use super::group::CardGroupHead;
use super::model::{RowData, RowKey};
use super::row::{Check, Dots};
use crate::components::button::{Button, ControlSize};
use crate::components::dom;
use crate::components::icon::IconName;
use crate::components::menu::{MenuButton, MenuItem};
use crate::domain::group::Slots;
use crate::domain::table::{Selection, Sort};
use leptos::html;
use leptos::prelude::*;
use std::sync::Arc;
use web_sys::Event;

/// The cards in sight, in the page's own scroll.
#[component]
pub(super) fn Cards<K: RowKey, R: RowData>(core: Shared<K, R>) -> impl IntoView {
    let list = NodeRef::<html::Ul>::new();
    let probe = NodeRef::<html::Span>::new();
    let sight = core.sight;
    let measure = dom::once_a_frame(move || {
        if let Some(list) = list.try_get_untracked().flatten() {
            let rect = list.get_bounding_client_rect();
            let (_, height) = dom::viewport();
            let _ = sight.top.try_set((-rect.top()).max(0.0));
            let _ = sight.height.try_set(height);
        }
    });
    let on_scroll = measure.clone();
    dom::listen(window().as_ref(), "scroll", true, move |_: Event| {
        on_scroll();
    });
    let on_resize = measure.clone();
    dom::listen(window().as_ref(), "resize", false, move |_: Event| {
        on_resize();
    });
    Effect::new(move || {
        let Some(probe) = probe.get() else { return };
        let measure = measure.clone();
        dom::watch_size(&probe, move |_, height| {
            if height > 1.0 {
                let _ = sight.row.try_set(height);
            }
            measure();
        });
    });
    let choosing = RwSignal::new(false);
    let (mounted, slots) = (core.mounted, core.slots);
    let card = {
        let core = core.clone();
        move |frame: u32| match core.drawn(frame) {
            None => ().into_any(),
            Some(Drawn::Row(key, at)) => {
                view! { <Card core=core.clone() key=key place=at choosing=choosing/> }.into_any()
            }
            Some(Drawn::Head(id, at)) => {
                view! { <CardGroupHead core=core.clone() id=id at=at/> }.into_any()
            }
        }
    };
    view! {
        <CardTools core=core.clone() choosing=choosing/>
        <ul
            node_ref=list
            class="dt-cards"
            class:choosing=choosing
            aria-label=core.table.label.clone()
            style:height=move || format!("calc(var(--card-row) * {})", slots.with(Slots::len))
        >
            <For each=move || mounted.get() key=|frame| *frame children=card/>
        </ul>
        <span node_ref=probe class="dt-probe card" aria-hidden="true"></span>
    }
}

#[component]
fn Card<K: RowKey, R: RowData>(
    core: Shared<K, R>,
    key: Signal<K>,
    place: Signal<usize>,
    choosing: RwSignal<bool>,
) -> impl IntoView {
    let (Some(keyed), Some(draw)) = (core.row(key), core.table.card.clone()) else {
        return ().into_any();
    };
    let row = Signal::derive(move || keyed.with(|(_, row)| Arc::clone(row)));
    let named = core.clone();
    let (start, all) = (core.start, core.rows_in_all);
    let check =
        {
            let core = core.clone();
            move || {
                choosing.get().then(|| view! {
                <span class="dt-card-check"><Check core=core.clone() key=key row=row/></span>
            })
            }
        };
    view! {
        <li
            id=move || named.row_id(place.get())
            class="dt-card"
            aria-setsize=move || (all.get().saturating_sub(1)).to_string()
            aria-posinset=move || (start.get() + place.get() + 1).to_string()
            style:top=move || format!("calc(var(--card-row) * {})", place.get())
        >
            {check}
            <div class="dt-card-body">{draw(row)}</div>
            {core.table.menu.is_some().then(|| view! {
                <span class="dt-card-dots"><Dots core=core.clone() key=key row=row/></span>
            })}
        </li>
    }
    .into_any()
}

/// What the heads do elsewhere: order, and selecting.
#[component]
fn CardTools<K: RowKey, R: RowData>(core: Shared<K, R>, choosing: RwSignal<bool>) -> impl IntoView {
    let (sort, on_sort, columns) = (
        core.table.sort,
        core.table.on_sort,
        core.table.columns.clone(),
    );
    let titled = columns.clone();
    let label = Signal::derive(move || {
        sort.with(|sort| {
            let title = sort
                .as_ref()
                .and_then(|sort| titled.iter().find(|column| column.id == sort.column));
            title.map_or_else(
                || "Sort".to_owned(),
                |column| format!("Sorted by {}", column.title),
            )
        })
    });
    let items = Signal::derive(move || {
        let Some(on_sort) = on_sort else {
            return Vec::new();
        };
        let now = sort.get();
        let sortable = columns.iter().filter(|column| column.compare.is_some());
        sortable
            .map(|column| {
                let id = column.id;
                let current = now.as_ref().filter(|sort| sort.column == id);
                let icon = current.map(|sort| {
                    if sort.descending {
                        IconName::ArrowDown
                    } else {
                        IconName::ArrowUp
                    }
                });
                let item = MenuItem::new(id, column.title, move || {
                    on_sort.run(sort.with_untracked(|sort| Sort::pressed(sort.as_ref(), id)));
                });
                match icon {
                    Some(icon) => item.icon(icon),
                    None => item,
                }
            })
            .collect()
    });
    let selection = core.table.selection;
    let toggle = move |()| {
        choosing.update(|on| *on = !*on);
        if let (false, Some(selection)) = (choosing.get_untracked(), selection) {
            selection.update(Selection::clear);
        }
    };
    view! {
        <div class="dt-card-tools">
            {on_sort.is_some().then(|| view! {
                <MenuButton label=label items=items icon=IconName::ArrowUpDown size=ControlSize::Small/>
            })}
            {selection.is_some().then(|| view! {
                <Button label="Select" icon=Signal::stored(IconName::ListChecks) size=ControlSize::Small pressed=choosing on_press=Callback::new(toggle)/>
            })}
        </div>
    }
}
