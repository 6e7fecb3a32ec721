use super::core::{NARROWEST, Shared};
use super::model::{RowData, RowKey};
use crate::components::dom;
use crate::components::icon::{Icon, IconName, IconSize};
use crate::domain::table::Sort;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{HtmlElement, PointerEvent};

/// Pixels that an arrow key resizes by.
const STEP: f64 = 16.0;

/// The heads: sort by press, resize by drag or Shift and arrows.
#[component]
pub(super) fn Head<K: RowKey, R: RowData>(core: Shared<K, R>) -> impl IntoView {
    let (checks, dots) = (core.table.selection.is_some(), core.table.menu.is_some());
    let visible = core.visible;
    let cells = move || {
        visible
            .get()
            .into_iter()
            .enumerate()
            .map(|(place, at)| view! { <HeadCell core=core.clone() at=at first=place == 0/> })
            .collect_view()
    };
    view! {
        <thead role="rowgroup" class="dt-head">
            <tr role="row" class="dt-row" aria-rowindex="1">
                {checks.then(|| view! { <th role="columnheader" class="dt-cell dt-check"><span class="vh">"Selected"</span></th> })}
                {cells}
                {dots.then(|| view! { <th role="columnheader" class="dt-cell dt-dots"><span class="vh">"Actions"</span></th> })}
            </tr>
        </thead>
    }
}

#[component]
fn HeadCell<K: RowKey, R: RowData>(core: Shared<K, R>, at: usize, first: bool) -> impl IntoView {
    let Some(column) = core.column(at) else {
        return ().into_any();
    };
    let (id, title, align, name) = (column.id, column.title, column.align, column.name);
    let sortable = column.compare.is_some() && core.table.on_sort.is_some();
    let sort = core.table.sort;
    // Some(true): largest first.
    let sorted = Memo::new(move |_| {
        sort.with(|sort| {
            sort.as_ref()
                .filter(|sort| sort.column == id)
                .map(|sort| sort.descending)
        })
    });
    let on_sort = core.table.on_sort;
    let press = move |_| {
        if let Some(on_sort) = on_sort {
            on_sort.run(sort.with_untracked(|sort| Sort::pressed(sort.as_ref(), id)));
        }
    };
    let keys = {
        let core = core.clone();
        move |event: KeyboardEvent| head_key(&core, id, &event)
    };
    let icon = move || {
        sorted.get().map(|descending| {
            let name = if descending {
                IconName::ArrowDown
            } else {
                IconName::ArrowUp
            };
            view! { <Icon name=name size=IconSize::Small/> }
        })
    };
    let tab = if first { "0" } else { "-1" };
    let tip = if sortable {
        format!("Sort by {title}. Shift and ← or → change the width.")
    } else {
        String::new()
    };
    let inside = if sortable {
        view! {
            <button type="button" class="dt-sort" tabindex=tab data-head="" data-tip=tip on:click=press on:keydown=keys>
                <span class="clip">{title}</span>
                {icon}
            </button>
        }
        .into_any()
    } else {
        view! { <span class="clip dt-title" tabindex=tab data-head="" on:keydown=keys>{title}</span> }.into_any()
    };
    view! {
        <th
            role="columnheader"
            scope="col"
            class="dt-cell"
            class:end=align == super::Align::End
            class:dt-name=name
            aria-sort=move || sortable.then(|| match sorted.get() {
                None => "none",
                Some(false) => "ascending",
                Some(true) => "descending",
            })
        >
            {inside}
            <Resizer core=core id=id/>
        </th>
    }
    .into_any()
}

/// Arrows go along the heads; with Shift they resize.
fn head_key<K: RowKey, R: RowData>(core: &Shared<K, R>, id: &'static str, event: &KeyboardEvent) {
    let by = match event.key().as_str() {
        "ArrowRight" => 1.0,
        "ArrowLeft" => -1.0,
        "ArrowDown" => {
            event.prevent_default();
            event.stop_propagation();
            core.focus();
            core.activate(core.active_place().unwrap_or(0));
            return;
        }
        // Enter and Space are the button's own.
        _ => return event.stop_propagation(),
    };
    event.stop_propagation();
    if event.ctrl_key() || event.alt_key() || event.meta_key() {
        return;
    }
    event.prevent_default();
    let Some(target) = event
        .current_target()
        .and_then(|target| target.dyn_into::<HtmlElement>().ok())
    else {
        return;
    };
    if event.shift_key() {
        if let Ok(Some(cell)) = target.closest("th") {
            set_width(
                core,
                id,
                cell.get_bounding_client_rect().width() + by * STEP,
            );
        }
        return;
    }
    let Some(grid) = core.grid.get_untracked() else {
        return;
    };
    let Ok(heads) = grid.query_selector_all("[data-head]") else {
        return;
    };
    let heads: Vec<HtmlElement> = (0..heads.length())
        .filter_map(|index| heads.get(index)?.dyn_into().ok())
        .collect();
    let here = heads
        .iter()
        .position(|head| head.is_same_node(Some(&target)));
    let next = here.and_then(|here| here.checked_add_signed(if by > 0.0 { 1 } else { -1 }));
    if let Some(next) = next.and_then(|next| heads.get(next)) {
        let _ = target.set_attribute("tabindex", "-1");
        let _ = next.set_attribute("tabindex", "0");
        let _ = next.focus();
    }
}

fn set_width<K: RowKey, R: RowData>(core: &Shared<K, R>, id: &str, width: f64) {
    let width = width.clamp(NARROWEST, 1200.0).round();
    core.table.layout.update(|layout| {
        layout.widths.insert(id.to_owned(), width);
    });
}

/// The edge that is dragged; a double click gives the column its own width back.
#[component]
fn Resizer<K: RowKey, R: RowData>(core: Shared<K, R>, id: &'static str) -> impl IntoView {
    let start = StoredValue::new(None::<(f64, f64)>);
    let resizing = core.resizing;
    let layout = core.table.layout;
    let down = move |event: PointerEvent| {
        let Some(edge) = event
            .current_target()
            .and_then(|target| target.dyn_into::<HtmlElement>().ok())
        else {
            return;
        };
        let Some(cell) = edge.parent_element() else {
            return;
        };
        event.prevent_default();
        let _ = edge.set_pointer_capture(event.pointer_id());
        start.set_value(Some((
            f64::from(event.client_x()),
            cell.get_bounding_client_rect().width(),
        )));
    };
    let drag = move |event: PointerEvent| {
        if let Some((from, width)) = start.get_value() {
            let width = (width + f64::from(event.client_x()) - from).clamp(NARROWEST, 1200.0);
            resizing.set(Some((id, width)));
        }
    };
    let up = move |_: PointerEvent| {
        start.set_value(None);
        // Written once, at the end: the caller keeps the layout somewhere.
        if let Some((_, width)) = resizing.get_untracked() {
            set_width(&core, id, width);
            resizing.set(None);
        }
    };
    let reset = move |_| {
        layout.update(|layout| {
            layout.widths.remove(id);
        });
    };
    view! {
        <span
            class="dt-resize"
            aria-hidden="true"
            on:pointerdown=down
            on:pointermove=drag
            on:pointerup=up.clone()
            on:pointercancel=up
            on:dblclick=reset
        ></span>
    }
}

/// Keeps the measured height of a row and of the part in sight.
#[component]
pub(super) fn Measure<K: RowKey, R: RowData>(core: Shared<K, R>) -> impl IntoView {
    let probe = NodeRef::<leptos::html::Span>::new();
    let sight = core.sight;
    let scroller = core.scroller;
    // Set up once, when both are in the document.
    Effect::new(move || {
        let (Some(probe), Some(scroller)) = (probe.get(), scroller.get()) else {
            return;
        };
        dom::watch_size(&probe, move |_, height| {
            if height > 1.0 {
                let _ = sight.row.try_set(height);
            }
        });
        let head = scroller.query_selector("thead").ok().flatten();
        dom::watch_size(&scroller, move |_, height| {
            let head = head
                .as_ref()
                .map_or(0.0, |head| head.get_bounding_client_rect().height());
            let _ = sight.height.try_set((height - head).max(0.0));
        });
    });
    view! { <span node_ref=probe class="dt-probe" aria-hidden="true"></span> }
}
