use super::Part;
use super::demo::{Demo, Store};
use crate::components::table::{
    Align, Column, ColumnsButton, DataTable, ExportButton, FilterBar, FilterChip, LoadState,
    RowSignal, Table, TableRows, Width,
};
use crate::components::{
    AmountText, Button, ButtonLook, ControlSize, EmptyState, ErrorView, IconName, MenuItem, TagRow,
    Usage, UsageBar, drawn,
};
use crate::domain::table::{PageSize, Selection, Sort, TableLayout};
use crate::domain::units::{Bytes, Fraction};
use leptos::prelude::*;
use std::sync::Arc;
use std::time::Duration;

fn columns(filter: Callback<String>) -> Vec<Column<Demo>> {
    vec![
        Column::cell(
            "status",
            "Status",
            |row: RowSignal<Demo>| (move || row.with(|row| drawn::vm_state(&row.status, false, false))).into_any(),
            |row: &Demo| row.status.to_string(),
        )
        .width(Width::Px(104))
        .tinted(|row| row.status.to_string())
        .sorted(|a, b| a.status.cmp(&b.status)),
        Column::text("id", "ID", |row: &Demo| row.id.to_string())
            .mono()
            .width(Width::Px(64))
            .value(|row| row.id.into())
            .sorted(|a, b| a.id.cmp(&b.id)),
        Column::cell(
            "name",
            "Name",
            |row: RowSignal<Demo>| view! { <a class="clip" href="#tables">{move || row.with(|row| row.name.clone())}</a> }.into_any(),
            |row: &Demo| row.name.clone(),
        )
        .width(Width::Grow(150))
        .sorted(|a, b| a.name.cmp(&b.name))
        .name(),
        Column::text("node", "Node", |row: &Demo| row.node.clone())
            .quiet()
            .width(Width::Px(110))
            .sorted(|a, b| a.node.cmp(&b.node)),
        Column::cell(
            "cpu",
            "CPU",
            |row: RowSignal<Demo>| view! { <AmountText amount=Signal::derive(move || row.with(|row| Some(Fraction(row.cpu).amount())))/> }.into_any(),
            |row: &Demo| Fraction(row.cpu).to_string(),
        )
        .width(Width::Px(84))
        .align(Align::End)
        .sorted(|a, b| a.cpu.total_cmp(&b.cpu)),
        Column::cell(
            "memory",
            "Memory",
            |row: RowSignal<Demo>| {
                let usage = Signal::derive(move || row.with(|row| Usage::bytes(Some(Bytes(row.memory)), Some(Bytes(4 << 30)))));
                view! { <UsageBar label="Memory" usage=usage fixed=true/> }.into_any()
            },
            |row: &Demo| Bytes(row.memory).exact(),
        )
        .width(Width::Px(196)),
        Column::cell(
            "tags",
            "Tags",
            move |row: RowSignal<Demo>| view! { <TagRow tags=Signal::derive(move || row.with(|row| row.tags.clone())) on_press=filter/> }.into_any(),
            |row: &Demo| row.tags.iter().map(|tag| tag.name.as_str()).collect::<Vec<_>>().join(", "),
        )
        .width(Width::Grow(170)),
    ]
}

fn menu(row: &Demo, done: RwSignal<String>) -> Vec<MenuItem> {
    let name = row.name.clone();
    let stop =
        (row.status.as_str() != "running").then(|| format!("{} is {}", row.name, row.status));
    vec![
        MenuItem::new("open", "Open", || ()).icon(IconName::ArrowRight),
        MenuItem::new("shutdown", "Shut down", move || {
            done.set(format!("shut down {name}"));
        })
        .icon(IconName::Power)
        .disabled(stop),
        MenuItem::new("delete", "Delete VM", || ())
            .icon(IconName::Trash)
            .danger(),
    ]
}

/// What the page around a table would hold.
#[derive(Clone, Copy)]
struct State {
    sort: RwSignal<Option<Sort>>,
    page: RwSignal<usize>,
    size: RwSignal<PageSize>,
    search: RwSignal<String>,
    selection: RwSignal<Selection<u32>>,
    layout: RwSignal<TableLayout>,
    done: RwSignal<String>,
}

impl State {
    fn new() -> Self {
        Self {
            sort: RwSignal::new(Some(Sort {
                column: "id".into(),
                descending: false,
            })),
            page: RwSignal::new(0),
            size: RwSignal::new(PageSize::Rows(25)),
            search: RwSignal::new(String::new()),
            selection: RwSignal::new(Selection::default()),
            layout: RwSignal::new(TableLayout::default()),
            done: RwSignal::new(String::new()),
        }
    }

    /// Filtered and sorted, with the ID as tie-break.
    fn order(self, store: &Store, columns: &[Column<Demo>]) -> Arc<Vec<u32>> {
        store.turn.track();
        let (search, sort) = (self.search.get(), self.sort.get());
        let mut rows: Vec<Arc<Demo>> = store
            .all
            .get()
            .iter()
            .filter_map(|id| store.get(*id))
            .map(|row| row.get_untracked())
            .filter(|row| {
                search.is_empty()
                    || row.name.contains(&search)
                    || row.tags.iter().any(|tag| tag.name == search)
            })
            .collect();
        let compare = sort.as_ref().and_then(|sort| {
            columns
                .iter()
                .find(|column| column.id == sort.column)?
                .compare
        });
        if let (Some(compare), Some(sort)) = (compare, sort) {
            rows.sort_by(|a, b| {
                let by = compare(a, b);
                (if sort.descending { by.reverse() } else { by }).then(a.id.cmp(&b.id))
            });
        }
        Arc::new(rows.iter().map(|row| row.id).collect())
    }

    fn table(self, store: &Store) -> Table<u32, Demo> {
        let filter = Callback::new(move |tag: String| self.search.set(tag));
        let columns = columns(filter);
        let order = {
            let (store, columns) = (store.clone(), columns.clone());
            Memo::new(move |_| self.order(&store, &columns))
        };
        let lookup = store.clone();
        let rows = TableRows::new(order, store.all, move |id| lookup.get(*id));
        Table::new(
            "Virtual machines",
            ("VM", "VMs"),
            columns,
            rows,
            self.layout,
            |row| row.name.clone(),
        )
        .sorted(self.sort, move |sort| self.sort.set(Some(sort)))
        .paged(
            self.page,
            move |page| self.page.set(page),
            self.size,
            move |size| self.size.set(size),
        )
        .selectable(self.selection)
        .menu(move |_, row| menu(row, self.done))
        .opens(move |id| self.done.set(format!("opened {id}")))
        .card(|row| view! { <DemoCard row=row/> }.into_any())
    }
}

/// The live table, and the faces of one.
#[component]
pub(super) fn Tables() -> impl IntoView {
    view! {
        <LiveTable/>
        <Part id="table-faces" title="Faces of a table">
            <Faced state=LoadState::Loading/>
            <Faced state=LoadState::Ready/>
            <Faced state=LoadState::Failed(ErrorView {
                title: "The VM list could not be loaded".into(),
                message: "no answer from the server in 30 s".into(),
                hint: Some("Check the connection, then try again.".into()),
                report: None,
            })/>
        </Part>
    }
}

#[component]
fn LiveTable() -> impl IntoView {
    let (store, state) = (Store::new(2000), State::new());
    let table = state.table(&store);
    let live = RwSignal::new(false);
    let ticking = store.clone();
    let tick = move || {
        if live.try_get_untracked() == Some(true) {
            ticking.tick();
        }
    };
    if let Ok(timer) = set_interval_with_handle(tick, Duration::from_secs(1)) {
        on_cleanup(move || timer.clear());
    }
    let filters = Signal::derive(move || {
        let search = state.search.get();
        if search.is_empty() {
            Vec::new()
        } else {
            vec![FilterChip {
                field: "search".into(),
                value: search,
            }]
        }
    });
    let strip = move || view! { <FilterBar filters=filters on_remove=Callback::new(move |_| state.search.set(String::new()))/> };
    let clear = Callback::new(move |()| state.search.set(String::new()));
    let bulk = move || {
        view! {
            <Button label="Shut down" icon=Signal::stored(IconName::Power) size=ControlSize::Small on_press=Callback::new(move |()| state.done.set("bulk".into()))/>
            <Button label="Delete" look=ButtonLook::DangerQuiet size=ControlSize::Small on_press=Callback::new(|()| ())/>
        }
    };
    let summary = Signal::derive(move || {
        state.selection.with(|selection| {
            if selection.is_empty() {
                String::new()
            } else {
                "proxmox-01, proxmox-02".into()
            }
        })
    });
    view! {
        <Part id="tables" title="Data table">
            <div class="btn-row">
                <input class="gallery-input" type="search" aria-label="Search" placeholder="Search"
                    prop:value=move || state.search.get()
                    on:input=move |event| state.search.set(event_target_value(&event))/>
                <Controls store=store.clone() live=live/>
                <ExportButton table=table.clone()/>
                <ColumnsButton table=table.clone()/>
                <span class="quiet" role="status" id="table-done">{move || state.done.get()}</span>
            </div>
            <DataTable
                table=table
                state=Signal::stored(LoadState::Ready)
                on_retry=Callback::new(|()| ())
                empty=|| view! { <EmptyState title="No virtual machines" words="VMs of the cluster stand here." icon=IconName::Monitor/> }
                on_clear_filters=clear
                summary=summary
                bulk=bulk
                strip=strip
            />
        </Part>
    }
}

#[component]
fn Controls(store: Store, live: RwSignal<bool>) -> impl IntoView {
    let sizes = [0, 12, 2000, 10_000].map(|count| {
        let store = store.clone();
        view! { <Button label=format!("{count} rows") size=ControlSize::Small on_press=Callback::new(move |()| store.resize(count))/> }
    });
    let (adding, removing) = (store.clone(), store);
    view! {
        {sizes.into_iter().collect_view()}
        <Button label="Add first" size=ControlSize::Small on_press=Callback::new(move |()| adding.add_first())/>
        <Button label="Remove first" size=ControlSize::Small on_press=Callback::new(move |()| removing.remove_first())/>
        <Button label="Live" size=ControlSize::Small pressed=live on_press=Callback::new(move |()| live.update(|on| *on = !*on))/>
    }
}

#[component]
fn DemoCard(row: Signal<Arc<Demo>>) -> impl IntoView {
    let status = Signal::derive(move || row.with(|row| row.status.clone()));
    view! {
        <div class="card-name">
            {move || status.with(|status| drawn::vm_state(status, false, true))}
            <a class="clip" href="#tables">{move || row.with(|row| row.name.clone())}</a>
            <span class="mono">{move || row.with(|row| row.id)}</span>
        </div>
        <dl class="card-facts">
            <div><dt>"CPU"</dt><dd><AmountText amount=Signal::derive(move || row.with(|row| Some(Fraction(row.cpu).amount())))/></dd></div>
            <div><dt>"Memory"</dt><dd><AmountText amount=Signal::derive(move || row.with(|row| Some(Bytes(row.memory).amount())))/></dd></div>
            <div><dt>"Node"</dt><dd>{move || row.with(|row| row.node.clone())}</dd></div>
        </dl>
    }
}

#[component]
fn Faced(state: LoadState) -> impl IntoView {
    let table = State::new().table(&Store::new(0));
    view! {
        <DataTable
            table=table
            state=Signal::stored(state)
            on_retry=Callback::new(|()| ())
            empty=|| view! {
                <EmptyState
                    title="No virtual machines"
                    words="VMs of the cluster stand here."
                    icon=IconName::Monitor
                    action=|| view! { <Button label="Create VM" look=ButtonLook::Primary on_press=Callback::new(|()| ())/> }
                />
            }
        />
    }
}
