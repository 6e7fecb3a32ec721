//! `/snapshots`: the snapshots of all VMs, stale ones first.

mod cells;
mod data;
mod filters;
pub(super) mod many;

use super::ask::{SnapshotAsk, SnapshotDialogs};
use super::may;
use crate::components::table::{
    ColumnsButton, DataTable, ExportButton, LoadState, Table, TableRows,
};
use crate::components::{
    Button, ButtonLook, ControlSize, EmptyState, IconName, MenuItem, Note, Progress, Tone,
};
use crate::domain::ids::VmId;
use crate::domain::snapshot::fleet::{FleetRow, Stale};
use crate::domain::snapshot::sweep::Target;
use crate::domain::table::Selection;
use crate::domain::units::{Bytes, Fraction, count, grouped};
use crate::paths::{self, VmTab};
use crate::screens::common::address::shown_order;
use crate::screens::common::faces::error_view;
use crate::screens::common::layout::remembered;
use crate::screens::common::read_anew::ReadAnew;
use crate::screens::common::vm_menu::clone_refused;
use crate::screens::page::{Page, Total};
use crate::stores::{Face, Live, use_live};
use data::{Fleet, Key};
use filters::{Filters, Query};
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use many::{ManyDialogs, ManySnapshots};
use std::collections::HashSet;
use std::sync::Arc;

/// Name of the remembered layout.
const LAYOUT: &str = "table.snapshots";

/// `/snapshots`
#[component]
pub fn SnapshotsPage() -> impl IntoView {
    let live = use_live();
    let watch = live.vms.watch();
    let query = Query::new();
    let fleet = Fleet::new(&live, query);
    let selection = RwSignal::new(Selection::<Key>::default());
    let clear = Callback::new(move |()| selection.update(Selection::clear));
    let ask = SnapshotAsk::new().when_swept(clear);
    let many = ManySnapshots::new(&live);
    let (face, clock) = (watch.face(), live.clock.clone());
    let read = live.fleet_snapshots.read();
    // Rows are shown as they come; nothing is said to be missing before all were asked.
    let state = Memo::new(move |_| match face.get() {
        Face::Failed(error) => LoadState::Failed(error_view(
            "The list of VMs could not be loaded",
            &error,
            clock.now(),
        )),
        Face::Loading => LoadState::Loading,
        // Nobody is asked where no VM may have any.
        Face::Loaded { .. } if fleet.vm_count.get() == 0 => LoadState::Ready,
        Face::Loaded { .. } if read.with(|read| read.open > 0 || read.at.is_none()) => {
            LoadState::Loading
        }
        Face::Loaded { .. } => LoadState::Ready,
    });
    let table = table(&live, fleet, selection, ask);
    let (columns_of, export_of) = (table.clone(), table.clone());
    let total = Memo::new(move |_| fleet.all.with(|all| all.len()));
    let retry = {
        let live = live.clone();
        Callback::new(move |()| {
            drop(watch.refresh());
            fleet.read_all(&live);
        })
    };
    let no_many = {
        let live = live.clone();
        Signal::derive(move || may::create_many(&live))
    };
    view! {
        <Page
            title="Snapshots"
            badges=move || view! { <Total total=total/> }
            facts=move || view! { <Sums fleet=fleet/> <Age fleet=fleet/> }
            actions=move || view! {
                <ExportButton table=export_of.clone()/>
                <ColumnsButton table=columns_of.clone()/>
                <Button
                    label="Create snapshots"
                    look=ButtonLook::Primary
                    icon=Signal::stored(IconName::Plus)
                    disabled=no_many
                    on_press=move |()| many.open()
                />
            }
        >
            <Filters query=query fleet=fleet/>
            <Reading fleet=fleet/>
            {super::sweep_line(ask)}
            <DataTable
                table=table
                state=state
                on_retry=retry
                empty=move || view! { <NoSnapshots many=many no_many=no_many/> }
                on_clear_filters=Callback::new(move |()| query.clear())
                summary=summary(fleet, selection)
                bulk=move || view! { <Bulk fleet=fleet selection=selection ask=ask/> }
            />
            <SnapshotDialogs ask=ask/>
            <ManyDialogs many=many/>
        </Page>
    }
}

fn table(
    live: &Live,
    fleet: Fleet,
    selection: RwSignal<Selection<Key>>,
    ask: SnapshotAsk,
) -> Table<Key, FleetRow> {
    let now = live.clock.watch();
    let query = fleet.query;
    let address = query.address;
    let navigate = use_navigate();
    let open = move |(vm, name, _): Key| navigate(&at(vm, &name), Default::default());
    let menu_live = live.clone();
    let peeked = fleet.all;
    let rows = TableRows::of_list(fleet.shown, data::key);
    // What leaves the selection is what is gone, not what a filter hides.
    let rows = TableRows {
        all: Memo::new(move |_| {
            peeked.with(|all| Arc::new(all.iter().map(|row| data::key(row)).collect::<Vec<_>>()))
        })
        .into(),
        peek: Arc::new(move |key: &Key| {
            peeked.with_untracked(|all| all.iter().find(|row| data::key(row) == *key).cloned())
        }),
        ..rows
    };
    Table::new(
        "Snapshots",
        ("snapshot", "snapshots"),
        cells::columns(now),
        rows,
        remembered(&live.prefs, LAYOUT.to_owned()),
        |row: &FleetRow| format!("{} of {}", row.name, row.vm_name),
    )
    .sorted(shown_order(query.order), move |sort| {
        address.set_order(&sort);
    })
    .paged(
        address.page(),
        move |page| address.turn_to(page),
        address.size(),
        move |size| address.set_size(size),
    )
    .selectable(selection)
    .menu(move |_, row| menu(&menu_live, row, ask))
    .opens(open)
    .card(move |row| cells::card(row, now))
}

/// The snapshot in the tree of its VM.
fn at(vm: VmId, name: &str) -> String {
    paths::vm_tab_where(vm, VmTab::Snapshots, &[("at", name)])
}

fn menu(live: &Live, row: &FleetRow, ask: SnapshotAsk) -> Vec<MenuItem> {
    let (vm, name) = (row.vm, row.name.clone());
    let known = live.vms.rows().peek(&vm);
    let may = |ask: fn(&Live, &crate::api::vms::Vm) -> Option<String>| {
        known.as_ref().and_then(|row| ask(live, row))
    };
    let (no_back, no_delete) = (may(may::roll_back), may(may::delete));
    let no_clone = known.as_ref().and_then(|row| clone_refused(live, row));
    let (back, copy) = (name.clone(), paths::href(&paths::clone_vm(vm, &name)));
    vec![
        MenuItem::link("open", "Show in its tree", paths::href(&at(vm, &name)))
            .icon(IconName::Snapshot),
        MenuItem::link("clone", "Clone", copy)
            .icon(IconName::Copy)
            .disabled(no_clone),
        MenuItem::new("rollback", "Roll back", move || {
            ask.roll_back(vm, back.clone());
        })
        .icon(IconName::Undo)
        .disabled(no_back)
        .danger(),
        MenuItem::new("delete", "Delete", move || ask.delete(vm, name.clone()))
            .icon(IconName::Trash)
            .disabled(no_delete)
            .danger(),
    ]
}

/// One line: how many are stale, how much room they take as far as is known.
#[component]
fn Sums(fleet: Fleet) -> impl IntoView {
    let words = move || {
        fleet.all.with(|all| {
            let of = |stale: Stale| all.iter().filter(|row| row.stale == stale).count();
            let (expired, old) = (of(Stale::Expired), of(Stale::Old));
            let sizes: Vec<u64> = all.iter().filter_map(|row| row.size.map(|s| s.0)).collect();
            let mut parts = Vec::new();
            if expired > 0 {
                parts.push(format!("{expired} expired"));
            }
            if old > 0 {
                parts.push(format!("{old} older than 30 days"));
            }
            if !sizes.is_empty() {
                let sum = sizes
                    .iter()
                    .fold(0_u64, |sum, size| sum.saturating_add(*size));
                let room = Bytes(sum).amount();
                parts.push(if sizes.len() == all.len() {
                    format!("{room} on disk")
                } else {
                    format!("{room} on disk, as far as the server says")
                });
            }
            parts.join(" · ")
        })
    };
    view! { <span>{words}</span> }
}

/// When it was read, and the way to read it anew: nothing tells of changes made elsewhere.
#[component]
fn Age(fleet: Fleet) -> impl IntoView {
    let live = use_live();
    let read = live.fleet_snapshots.read();
    let at = Memo::new(move |_| read.with(|read| read.at));
    let busy = Memo::new(move |_| read.with(|read| read.open > 0));
    let again = Callback::new(move |()| fleet.read_all(&live));
    view! { <ReadAnew at=at busy=busy on_press=again/> }
}

/// How far reading has come, and what could not be read.
#[component]
fn Reading(fleet: Fleet) -> impl IntoView {
    let live = use_live();
    let read = live.fleet_snapshots.read();
    let open = Memo::new(move |_| read.with(|read| read.open));
    let all = fleet.vm_count;
    #[expect(clippy::cast_precision_loss, reason = "drawn")]
    let share = Signal::derive(move || {
        let all = all.get().max(open.get()).max(1);
        Some(Fraction((all - open.get()) as f64 / all as f64))
    });
    let far = move || {
        let all = all.get().max(open.get());
        format!(
            "Reading the snapshots of {}: {} read",
            count(all, "VM", "VMs"),
            grouped((all - open.get()) as u64)
        )
    };
    let failed = Memo::new(move |_| {
        read.with(|read| {
            let mut failed: Vec<(VmId, String)> = read
                .failed()
                .map(|(vm, why)| (vm, why.to_owned()))
                .collect();
            failed.sort_unstable();
            failed
        })
    });
    let busy = Memo::new(move |_| open.get() > 0);
    let (again, names) = (live.clone(), live.clone());
    let retry = Callback::new(move |()| {
        again.read_snapshots(failed.get_untracked().into_iter().map(|(vm, _)| vm));
    });
    let unread = move |failed: Vec<(VmId, String)>| {
        let words = format!(
            "The snapshots of {} could not be read",
            count(failed.len(), "VM", "VMs")
        );
        let lines = failed.into_iter().take(20).map(|(vm, why)| {
            view! { <li><b>{names.vm_name(vm)}</b>": " {why}</li> }
        });
        let lines = lines.collect_view();
        view! {
            <Note tone=Tone::Bad>
                <details class="snap-unread">
                    <summary>{words}</summary>
                    <ul>{lines}</ul>
                </details>
                <Button
                    label="Read them again"
                    icon=Signal::stored(IconName::Refresh)
                    size=ControlSize::Small
                    busy=busy
                    on_press=retry
                />
            </Note>
        }
    };
    view! {
        {move || busy.get().then(|| view! {
            <div class="snap-way" role="status">
                <span>{far}</span>
                <Progress label="Snapshots read" share=share bar_only=true/>
            </div>
        })}
        {move || {
            let failed = failed.get();
            (!failed.is_empty()).then(|| unread(failed))
        }}
    }
}

fn summary(fleet: Fleet, selection: RwSignal<Selection<Key>>) -> Signal<String> {
    Memo::new(move |_| {
        let chosen = fleet.chosen(selection);
        let mut vms: Vec<VmId> = chosen.iter().map(|row| row.vm).collect();
        vms.sort_unstable();
        vms.dedup();
        format!("of {}", count(vms.len(), "VM", "VMs"))
    })
    .into()
}

/// What can be done with the selected ones.
#[component]
fn Bulk(fleet: Fleet, selection: RwSignal<Selection<Key>>, ask: SnapshotAsk) -> impl IntoView {
    let live = use_live();
    let (deleting, going_back) = (live.clone(), live);
    let no_delete = Signal::derive(move || may::sweep(&deleting));
    let no_way_back = Signal::derive(move || {
        may::roll_back_many(&going_back).or_else(|| twice(&fleet.chosen(selection)))
    });
    let sweep = move |()| ask.sweep(untrack(|| targets(&fleet.chosen(selection))));
    let roll_back = move |()| ask.roll_back_many(untrack(|| targets(&fleet.chosen(selection))));
    view! {
        <Button
            label="Roll back"
            look=ButtonLook::DangerQuiet
            size=ControlSize::Small
            disabled=no_way_back
            on_press=roll_back
        />
        <Button
            label="Delete"
            look=ButtonLook::DangerQuiet
            size=ControlSize::Small
            disabled=no_delete
            on_press=sweep
        />
    }
}

fn targets(chosen: &[Arc<FleetRow>]) -> Vec<Target> {
    let target = |row: &Arc<FleetRow>| Target {
        vm: row.vm,
        vm_name: row.vm_name.clone(),
        name: row.name.clone(),
        taken: row.taken,
    };
    chosen.iter().map(target).collect()
}

/// A VM goes back to one snapshot: the first that has two of them chosen.
fn twice(chosen: &[Arc<FleetRow>]) -> Option<String> {
    let mut seen = HashSet::new();
    let double = chosen.iter().find(|row| !seen.insert(row.vm))?;
    Some(format!(
        "Choose one snapshot per VM: {} has several chosen",
        double.vm_name
    ))
}

/// There is not a single one.
#[component]
fn NoSnapshots(many: ManySnapshots, no_many: Signal<Option<String>>) -> impl IntoView {
    let read = use_live().fleet_snapshots.read();
    // Of VMs that could not be read nothing is known.
    let title = Signal::derive(move || {
        let all_read = read.with(|read| read.failed().next().is_none());
        let title = if all_read {
            "No snapshots"
        } else {
            "No snapshots in what could be read"
        };
        title.to_owned()
    });
    view! {
        <EmptyState
            title=title
            words="Snapshots of all VMs would be listed here, stale ones first."
            icon=IconName::Snapshot
            action=move || view! {
                <Button label="Create snapshots" disabled=no_many on_press=move |()| many.open()/>
            }
        />
    }
}
