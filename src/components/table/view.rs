use super::model::{LoadState, RowData, RowKey, Table};
use leptos::prelude::*;

/// Draws a [`Table`]: sticky heads, the rows in sight, the selection bar, the pager; cards under
/// 640 px.
#[component]
pub fn DataTable<K: RowKey, R: RowData>(
    /// What there is.
    table: Table<K, R>,
    /// How the load stands.
    #[prop(into)]
    state: Signal<LoadState>,
    /// Tries a failed load again.
    #[prop(into)]
    on_retry: Callback<()>,
    /// Stands where there are no rows at all.
    #[prop(into)]
    empty: ViewFn,
    /// Takes all filters off; offered where nothing matches.
    #[prop(optional, into)]
    on_clear_filters: Option<Callback<()>>,
    /// Said in the selection bar after the count: "3 running · proxmox-01".
    #[prop(optional, into)]
    summary: Signal<String>,
    /// Buttons of the selection bar.
    #[prop(optional, into)]
    bulk: ViewFn,
    /// Takes the height that the page leaves, and scrolls inside.
    #[prop(optional)]
    fill: bool,
) -> impl IntoView {
    let _ = (
        table,
        state,
        on_retry,
        empty,
        on_clear_filters,
        summary,
        bulk,
        fill,
    );
}
