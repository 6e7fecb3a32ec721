//! `/backups`: the backups of all VMs.

mod bulk;
mod cells;
mod filters;
mod shown;

use super::ask::{BackupAsk, BackupDialogs};
use super::coverage::goals;
use super::fleet::Fleet;
use super::menu::backup_menu;
use super::parts::{self, Age, Lacks, offered};
use crate::components::table::{ColumnsButton, DataTable, ExportButton, Table, TableRows};
use crate::components::{EmptyState, IconName, MenuItem, Note, Tone};
use crate::domain::backup_list::{BackupRow, sum};
use crate::domain::coverage::{Goals, counts, freshness, in_doubt};
use crate::domain::table::Selection;
use crate::domain::units::{Instant, count};
use crate::paths::{self, VmTab};
use crate::screens::common::address::shown_order;
use crate::screens::common::layout::remembered;
use crate::screens::page::{Link, Page, Total};
use crate::stores::{Live, use_live};
use bulk::{Bulk, Many, Told};
use filters::Filters;
use leptos::prelude::*;
use shown::{Shown, query};
use std::sync::Arc;

/// Name of the remembered layout.
const LAYOUT: &str = "table.backups";

/// `/backups`
#[component]
pub fn BackupsPage() -> impl IntoView {
    offered(|| view! { <Backups/> }.into_any())
}

#[component]
fn Backups() -> impl IntoView {
    let live = use_live();
    let fleet = Fleet::new(&live);
    let shown = Shown::new(fleet, query());
    let selection = RwSignal::new(Selection::<String>::default());
    let clear = Callback::new(move |()| selection.update(Selection::clear));
    let ask = BackupAsk::new(fleet.known()).when_deleted(clear);
    let many = Many::new(selection);
    let missing = follow_address(&live, shown, ask);
    let table = table(&live, shown, selection, ask);
    let (columns_of, export_of) = (table.clone(), table.clone());
    let total = Memo::new(move |_| fleet.all.with(|all| all.len()));
    let state = parts::load_state(&live, fleet);
    view! {
        <Page
            title="Backups"
            badges=move || view! { <Total total=total/> }
            facts=move || view! { <Sums fleet=fleet/> <Age fleet=fleet/> }
            actions=move || view! {
                <ExportButton table=export_of.clone()/>
                <ColumnsButton table=columns_of.clone()/>
            }
        >
            {parts::ways("list")}
            <Filters shown=shown/>
            <Lacks fleet=fleet/>
            {move || missing.get().then(|| view! {
                <div role="status">
                    <Note tone=Tone::Warn>"The backup that the address names is not there any more."</Note>
                </div>
            })}
            <Told many=many/>
            <DataTable
                table=table
                state=state
                on_retry=move |()| drop(fleet.watch.refresh())
                empty=move || view! { <NoBackups/> }
                on_clear_filters=Callback::new(move |()| shown.clear())
                summary=summary(fleet, selection)
                bulk=move || view! { <Bulk fleet=fleet selection=selection ask=ask many=many/> }
            />
            <BackupDialogs ask=ask/>
        </Page>
    }
}

/// What is open stands in the address; an address that names a backup opens it. Answers whether it
/// names one that is not there.
fn follow_address(live: &Live, shown: Shown, ask: BackupAsk) -> RwSignal<bool> {
    let (fleet, address) = (shown.fleet, shown.address);
    let at = address.word("at");
    let loaded = Memo::new(move |_| fleet.is_loaded());
    let missing = RwSignal::new(false);
    let live = live.clone();
    // Write out of effects: the address is outside of this view, and so are the dialogs.
    Effect::new(move || {
        // A list that comes later may have it.
        fleet.watch.value.track();
        let at = at.get();
        let open = untrack(|| ask.shown());
        if at.is_empty() || !loaded.get() || open.as_ref() == Some(&at) {
            missing.set(false);
            return;
        }
        let found = fleet.target(&live, &at);
        missing.set(found.is_none());
        if let Some(target) = found {
            ask.details(target);
        }
    });
    let open = Memo::new(move |_| ask.shown());
    Effect::new(move |before: Option<Option<String>>| {
        let now = open.get();
        if before.is_some_and(|before| before != now) {
            address.set(&[("at", now.as_deref().unwrap_or_default())]);
        }
        now
    });
    missing
}

fn table(
    live: &Live,
    shown: Shown,
    selection: RwSignal<Selection<String>>,
    ask: BackupAsk,
) -> Table<String, BackupRow> {
    let now = live.clock.watch();
    let peeked = shown.fleet.all;
    let rows = TableRows::of_list(shown.rows, |row| row.key.clone());
    // What leaves the selection is what is gone, not what a filter hides.
    let rows = TableRows {
        all: Memo::new(move |_| {
            peeked.with(|all| Arc::new(all.iter().map(|row| row.key.clone()).collect::<Vec<_>>()))
        })
        .into(),
        peek: Arc::new(move |key: &String| {
            peeked.with_untracked(|all| all.iter().find(|row| row.key == *key).cloned())
        }),
        ..rows
    };
    let fleet = shown.fleet;
    let volid = move |key: &str| {
        peeked.with_untracked(|all| Some(all.iter().find(|row| row.key == key)?.volid.clone()))
    };
    let opening = live.clone();
    let open = move |key: String| {
        if let Some(target) = volid(&key).and_then(|volid| fleet.target(&opening, &volid)) {
            ask.details(target);
        }
    };
    let acting = live.clone();
    let menu = move |_: &String, row: &BackupRow| menu(&acting, fleet, ask, row);
    let address = shown.address;
    Table::new(
        "Backups",
        ("backup", "backups"),
        cells::columns(now),
        rows,
        remembered(&live.prefs, LAYOUT.to_owned()),
        |row: &BackupRow| format!("{} of {}", row.file(), row.vm_name),
    )
    .sorted(shown_order(shown.order), move |sort| {
        address.set_order(&sort);
    })
    .paged(
        address.page(),
        move |page| address.turn_to(page),
        address.size(),
        move |size| address.set_size(size),
    )
    .grouped(shown.groups, move |id| shown.fold(&id))
    .selectable(selection)
    .menu(menu)
    .opens(open)
    .card(move |row| cells::card(row, now))
}

fn menu(live: &Live, fleet: Fleet, ask: BackupAsk, row: &BackupRow) -> Vec<MenuItem> {
    let Some(target) = fleet.target(live, &row.volid) else {
        return Vec::new();
    };
    let mut items = backup_menu(live, &target, ask);
    if let Some(vm) = row.vm.filter(|_| !row.gone) {
        let to = paths::href(&paths::vm_tab(vm, VmTab::Backups));
        let own = MenuItem::link("vm", "Show those of its VM", to).icon(IconName::Backup);
        items.insert(1, own);
    }
    items
}

/// One line: how large they are, and what needs somebody.
#[component]
fn Sums(fleet: Fleet) -> impl IntoView {
    let live = use_live();
    let now = live.clock.watch();
    let minute = Memo::new(move |_| Instant::from_secs(now.get().secs().div_euclid(60) * 60));
    let all = Memo::new(move |_| fleet.all.with(|all| sum(all.iter().map(AsRef::as_ref))));
    let goals = goals(&live);
    let late = Memo::new(move |_| {
        if !fleet.knows_vms.get() || !fleet.is_loaded() {
            return None;
        }
        let counts = bad_vms(fleet, &goals.get(), minute.get());
        Some(counts)
    });
    let size = move || all.get().size_words();
    let late_words = move || {
        let (late, unknown) = late.get()?;
        let late = (late > 0).then(|| {
            let words = format!("{} without a recent backup", count(late, "VM", "VMs"));
            view! { " · " <Link class="link" to=paths::coverage_where(&[("only", "bad")])>{words}</Link> }
        });
        let unknown =
            (unknown > 0).then(|| format!(" · of {} it is not known", count(unknown, "VM", "VMs")));
        Some((late, unknown))
    };
    let damaged = move || {
        let damaged = all.get().damaged;
        (damaged > 0).then(|| {
            let words = format!("{damaged} found damaged");
            view! { " · " <Link class="link fb-bad" to=paths::backups_where(&[("only", "damaged")])>{words}</Link> }
        })
    };
    view! { <span>{size}{late_words}{damaged}</span> }
}

/// How many VMs have no backup that is fresh enough, and of how many that is not known; tracked.
fn bad_vms(fleet: Fleet, goals: &Goals, now: Instant) -> (usize, usize) {
    let rows = fleet.watch.value.get();
    let list = rows.as_deref().map_or(&[][..], |all| all.list.as_slice());
    let made: Vec<_> = list.iter().filter_map(|backup| backup.made()).collect();
    fleet.roster.with(|roster| {
        let guests = roster
            .iter()
            .filter(|vm| !vm.template)
            .map(|vm| (vm.vmid, vm.tags.as_slice()));
        let mut rows = freshness(guests, &made, goals, now);
        if fleet.is_partial() {
            in_doubt(&mut rows);
        }
        let told = counts(&rows);
        (told.missing + told.late, told.unknown)
    })
}

fn summary(fleet: Fleet, selection: RwSignal<Selection<String>>) -> Signal<String> {
    Memo::new(move |_| {
        selection.with(|selection| {
            fleet.all.with(|all| {
                let chosen = all.iter().filter(|row| selection.has(&row.key));
                let sum = sum(chosen.map(AsRef::as_ref));
                let mut parts: Vec<String> = sum.size_words().into_iter().collect();
                if sum.protected > 0 {
                    parts.push(format!("{} protected", sum.protected));
                }
                parts.join(" · ")
            })
        })
    })
    .into()
}

/// There is not a single one.
#[component]
fn NoBackups() -> impl IntoView {
    view! {
        <EmptyState
            title="No backups"
            words="Nothing brings a VM back if its disks are lost. Backups of all VMs would be listed here."
            icon=IconName::Backup
        />
    }
}
