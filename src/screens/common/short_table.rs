//! A table over a short list that comes whole: backups and tasks of a VM, what lies on a storage.
//! Its sort stands in the address, its layout is remembered.

use super::faces::error_view;
use super::layout::remembered;
use crate::components::table::{
    Column, ColumnsButton, DataTable, ExportButton, LoadState, RowData, RowKey, Table, TableRows,
};
use crate::components::{ControlSize, StaleNote};
use crate::domain::table::Sort;
use crate::stores::{Watch, use_live};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use std::sync::Arc;

/// An address, with what its query says of the sort.
pub type Address = Arc<dyn Fn(&str) -> String + Send + Sync>;

/// What one of them is made of.
pub struct Short<K: RowKey, R: RowData> {
    /// Name of the remembered layout, `table.` before it.
    pub layout: String,
    /// The address of its page, sorted by `-started`.
    pub address: Address,
    /// Its name: "Snapshots of web-server-01".
    pub label: String,
    /// What one and what many rows are called.
    pub noun: (&'static str, &'static str),
    /// The columns.
    pub columns: Vec<Column<R>>,
    /// What a row is known by.
    pub key: fn(&R) -> K,
    /// What a row is called.
    pub name: fn(&R) -> String,
    /// Which rows are shown.
    pub keep: fn(&R) -> bool,
    /// How it is sorted until somebody sorts it: column, descending.
    pub sort: (&'static str, bool),
    /// What failed: "The snapshots could not be loaded".
    pub failed: &'static str,
}

fn read(word: &str) -> Option<Sort> {
    let (column, descending) = match word.strip_prefix('-') {
        Some(column) => (column, true),
        None => (word, false),
    };
    (!column.is_empty()).then(|| Sort {
        column: column.to_owned(),
        descending,
    })
}

fn write(sort: &Sort) -> String {
    format!("{}{}", if sort.descending { "-" } else { "" }, sort.column)
}

/// The table, to be given menus and cards, and how its load stands.
pub fn short_table<K, R>(
    what: Short<K, R>,
    watch: Watch<Vec<R>>,
) -> (Table<K, R>, Signal<LoadState>)
where
    K: RowKey,
    R: RowData + Clone + PartialEq,
{
    let live = use_live();
    let Short {
        layout,
        address,
        label,
        noun,
        columns,
        key,
        name,
        keep,
        sort,
        failed,
    } = what;
    let query = use_query_map();
    let designed = Sort {
        column: sort.0.to_owned(),
        descending: sort.1,
    };
    type Compare<R> = fn(&R, &R) -> std::cmp::Ordering;
    let known: Vec<(&'static str, Compare<R>)> = columns
        .iter()
        .filter_map(|column| Some((column.id, column.compare?)))
        .collect();
    let ids: Vec<&'static str> = known.iter().map(|(id, _)| *id).collect();
    let sort = Memo::new(move |_| {
        let asked = query.with(|query| query.get("sort").and_then(|word| read(&word)));
        asked
            .filter(|sort| ids.contains(&sort.column.as_str()))
            .or_else(|| Some(designed.clone()))
    });
    let rows = Memo::new(move |_| {
        let mut rows: Vec<Arc<R>> = watch.value.with(|value| {
            value
                .as_deref()
                .map(|list| {
                    list.iter()
                        .filter(|row| keep(row))
                        .cloned()
                        .map(Arc::new)
                        .collect()
                })
                .unwrap_or_default()
        });
        sort.with(|sort| {
            let Some(sort) = sort else { return };
            if let Some((_, compare)) = known.iter().find(|(id, _)| *id == sort.column) {
                rows.sort_by(|a, b| {
                    let order = compare(a, b);
                    if sort.descending {
                        order.reverse()
                    } else {
                        order
                    }
                });
            }
        });
        Arc::new(rows)
    });
    let navigate = use_navigate();
    let on_sort = move |sort: Sort| {
        let path = address(&write(&sort));
        let options = NavigateOptions {
            replace: true,
            scroll: false,
            ..NavigateOptions::default()
        };
        navigate(&path, options);
    };
    let layout = remembered(&live.prefs, format!("table.{layout}"));
    let table = Table::new(
        label,
        noun,
        columns,
        TableRows::of_list(rows, key),
        layout,
        name,
    )
    .sorted(sort, on_sort);
    let state = Signal::derive(move || {
        if watch.value.with(Option::is_some) {
            return LoadState::Ready;
        }
        watch.status.with(|status| match &status.error {
            Some(error) => LoadState::Failed(error_view(failed, error, live.clock.now())),
            None => LoadState::Loading,
        })
    });
    (table, Memo::new(move |_| state.get()).into())
}

/// The table with its faces; a failure beside rows that are still known stands above them.
#[component]
pub fn ShortTable<K, R>(
    /// From [`short_table`].
    table: Table<K, R>,
    /// From [`short_table`], too.
    state: Signal<LoadState>,
    /// What is read.
    watch: Watch<Vec<R>>,
    /// What failed: "The snapshots could not be loaded".
    failed: &'static str,
    /// Stands where there are no rows.
    #[prop(into)]
    empty: ViewFn,
    /// Stands at the right above the rows.
    #[prop(optional, into)]
    strip: ViewFn,
    /// Stands there while rows are selected.
    #[prop(optional, into)]
    bulk: ViewFn,
) -> impl IntoView
where
    K: RowKey,
    R: RowData + Clone + PartialEq,
{
    let live = use_live();
    let stale = Memo::new(move |_| watch.status.with(crate::stores::Status::is_stale));
    let error = Signal::derive(move || {
        watch.status.with(|status| {
            status
                .error
                .as_ref()
                .map(|error| error_view(failed, error, live.clock.now()))
                .unwrap_or_default()
        })
    });
    let busy = Signal::derive(move || watch.status.with(|status| status.in_flight));
    let retry = Callback::new(move |()| drop(watch.refresh()));
    view! {
        <Show when=move || stale.get()>
            <StaleNote error=error busy=busy on_retry=retry/>
        </Show>
        <DataTable
            table=table.clone()
            state=state
            on_retry=retry
            empty=empty
            bulk=bulk
            strip=move || view! {
                <span class="vm-strip">
                    {strip.run()}
                    <ExportButton table=table.clone() size=ControlSize::Small/>
                    <ColumnsButton table=table.clone() size=ControlSize::Small/>
                </span>
            }
        />
    }
}
