use super::column::Column;
use super::model::{RowData, RowKey, Table};
use crate::components::button::{Button, ButtonLook, ControlSize, IconButton};
use crate::components::dom;
use crate::components::icon::{Icon, IconName};
use crate::components::menu::{MenuButton, MenuItem};
use crate::components::overlay::{Anchor, Overlay, OverlaySurface};
use crate::domain::csv;
use crate::domain::place::Edge;
use crate::domain::table::TableLayout;
use crate::domain::units::count;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// Saves the rows that match, in the order and with the columns that are shown, as CSV or JSON.
#[component]
pub fn ExportButton<K: RowKey, R: RowData>(
    /// The table.
    table: Table<K, R>,
    /// Height.
    #[prop(optional)]
    size: ControlSize,
) -> impl IntoView {
    let (order, selection) = (table.rows.order, table.selection);
    let (one, many) = table.noun;
    let items = Signal::derive(move || {
        let all = order.with(|order| order.len());
        let picked = selection.map_or(0, |selection| {
            selection
                .with(|selection| order.with(|order| selection.len() - selection.hidden(order)))
        });
        let item = |id, words: &str, rows: usize, json: bool, only: bool| {
            let table = table.clone();
            MenuItem::new(
                id,
                format!("{words}, {}", count(rows, one, many)),
                move || export(&table, json, only),
            )
            .icon(IconName::Download)
            .disabled((rows == 0).then(|| "There are no rows to export".to_owned()))
        };
        let mut items = vec![
            item("csv", "CSV", all, false, false),
            item("json", "JSON", all, true, false),
        ];
        if picked > 0 {
            items.push(item(
                "csv-picked",
                "CSV of the selection",
                picked,
                false,
                true,
            ));
            items.push(item(
                "json-picked",
                "JSON of the selection",
                picked,
                true,
                true,
            ));
        }
        items
    });
    view! { <MenuButton label="Export" icon=IconName::Download items=items size=size edge=Edge::End/> }
}

/// Columns as they are shown, in order.
fn shown<K: RowKey, R: RowData>(table: &Table<K, R>) -> Vec<Column<R>> {
    let ids: Vec<&str> = table.columns.iter().map(|column| column.id).collect();
    table.layout.with_untracked(|layout| {
        let columns = layout
            .arrange(&ids)
            .into_iter()
            .filter_map(|at| table.columns.get(at));
        columns
            .filter(|column| is_shown(layout, column))
            .cloned()
            .collect()
    })
}

fn is_shown<R: RowData>(layout: &TableLayout, column: &Column<R>) -> bool {
    !column.hideable || layout.shown.get(column.id).copied().unwrap_or(column.shown)
}

/// The file: exactly what is filtered and shown.
fn export<K: RowKey, R: RowData>(table: &Table<K, R>, as_json: bool, only_selected: bool) {
    let columns = shown(table);
    let mut keys = table.rows.order.get_untracked().to_vec();
    if let (true, Some(selection)) = (only_selected, table.selection) {
        keys = selection.with_untracked(|selection| selection.in_order(&keys));
    }
    let rows = keys.iter().filter_map(|key| (table.rows.peek)(key));
    let (text, mime, ending) = if as_json {
        let ids: Vec<&str> = columns.iter().map(|column| column.id).collect();
        let value = |column: &Column<R>, row: &R| match &column.value {
            Some(value) => value(row),
            None => serde_json::Value::String((column.export)(row)),
        };
        let rows = rows.map(|row| columns.iter().map(|column| value(column, &row)).collect());
        (csv::json(&ids, rows), "application/json", "json")
    } else {
        let titles: Vec<&str> = columns.iter().map(|column| column.title).collect();
        let rows = rows.map(|row| columns.iter().map(|column| (column.export)(&row)).collect());
        (csv::csv(&titles, rows), "text/csv;charset=utf-8", "csv")
    };
    let day: String = String::from(js_sys::Date::new_0().to_iso_string())
        .chars()
        .take(10)
        .collect();
    let name = table
        .label
        .to_lowercase()
        .replace(|c: char| !c.is_ascii_alphanumeric(), "-");
    dom::save_file(&format!("{name}-{day}.{ending}"), mime, &text);
}

/// Shows, hides and moves columns; gives the design back.
#[component]
pub fn ColumnsButton<K: RowKey, R: RowData>(
    /// The table.
    table: Table<K, R>,
    /// Height.
    #[prop(optional)]
    size: ControlSize,
) -> impl IntoView {
    let overlay = Overlay::new(Edge::End);
    let was_open = StoredValue::new(false);
    let click = move |event: web_sys::MouseEvent| {
        if was_open.get_value() {
            was_open.set_value(false);
            return overlay.close();
        }
        if let Some(button) = event
            .current_target()
            .and_then(|target| target.dyn_into::<HtmlElement>().ok())
        {
            overlay.show(Anchor::Element(button));
            dom::after_render(move || {
                let first = overlay
                    .element
                    .try_get_untracked()
                    .flatten()
                    .and_then(|element| element.query_selector("input").ok().flatten());
                if let Some(first) = first.and_then(|first| first.dyn_into::<HtmlElement>().ok()) {
                    let _ = first.focus();
                }
            });
        }
    };
    view! {
        <button
            type="button"
            class=format!("btn{}", size.class())
            aria-haspopup="dialog"
            aria-expanded=move || if overlay.is_open() { "true" } else { "false" }
            aria-controls=overlay.id()
            on:pointerdown=move |_| was_open.set_value(overlay.is_open_now())
            on:click=click
        >
            <Icon name=IconName::Columns/>
            "Columns"
        </button>
        <OverlaySurface overlay=overlay class="panel dt-columns" role="dialog" label="Columns">
            <ColumnList table=table.clone()/>
        </OverlaySurface>
    }
}

#[component]
fn ColumnList<K: RowKey, R: RowData>(table: Table<K, R>) -> impl IntoView {
    let (columns, layout) = (table.columns, table.layout);
    let ids: Vec<&'static str> = columns.iter().map(|column| column.id).collect();
    let arranged = {
        let ids = ids.clone();
        Memo::new(move |_| {
            let order = layout.with(|layout| layout.arrange(&ids));
            order
                .into_iter()
                .filter_map(|at| ids.get(at).copied())
                .collect::<Vec<_>>()
        })
    };
    let entry = move |id: &'static str| {
        let Some(column) = columns.iter().find(|column| column.id == id).cloned() else {
            return ().into_any();
        };
        let on = {
            let column = column.clone();
            Memo::new(move |_| layout.with(|layout| is_shown(layout, &column)))
        };
        let (title, by_design, fixed) = (column.title, column.shown, !column.hideable);
        let flip = move |_| {
            let now = !on.get_untracked();
            layout.update(|layout| {
                if now == by_design {
                    layout.shown.remove(id);
                } else {
                    layout.shown.insert(id.to_owned(), now);
                }
            });
        };
        let shift = move |by: isize| {
            layout.update(|layout| layout.shift(&arranged.get_untracked(), id, by));
        };
        let first = Signal::derive(move || {
            arranged
                .with(|ids| ids.first() == Some(&id))
                .then(|| "It is the first column".to_owned())
        });
        let last = Signal::derive(move || {
            arranged
                .with(|ids| ids.last() == Some(&id))
                .then(|| "It is the last column".to_owned())
        });
        view! {
            <li class="dt-column">
                <label class="check with-word">
                    <input type="checkbox" disabled=fixed prop:checked=move || on.get() on:change=flip/>
                    <span>{title}</span>
                </label>
                <IconButton label=format!("Move {title} up") icon=IconName::ChevronUp size=ControlSize::Small disabled=first on_press=Callback::new(move |()| shift(-1))/>
                <IconButton label=format!("Move {title} down") icon=IconName::ChevronDown size=ControlSize::Small disabled=last on_press=Callback::new(move |()| shift(1))/>
            </li>
        }
        .into_any()
    };
    let reset = Callback::new(move |()| layout.set(TableLayout::default()));
    view! {
        <ul>
            <For each=move || arranged.get() key=|id| *id children=entry/>
        </ul>
        <Button label="Reset layout" look=ButtonLook::Quiet size=ControlSize::Small wide=true on_press=reset/>
    }
}
