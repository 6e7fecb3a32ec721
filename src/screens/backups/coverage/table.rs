//! The VMs in a table, worst first.

use super::super::ask::BackupAsk;
use super::super::fleet::Fleet;
use super::super::may;
use super::super::parts::FAILED;
use super::guests::{Guest, Guests};
use super::several::{Several, SeveralDialog};
use crate::components::table::{
    Align, Column, ColumnsButton, DataTable, ExportButton, LoadState, Table, TableRows, Width,
};
use crate::components::{
    EmptyState, IconName, MenuItem, Pill, SearchField, Segments, TimeStyle, TimeText, Tone,
};
use crate::domain::ago::exact_duration;
use crate::domain::coverage::Fresh;
use crate::domain::ids::VmId;
use crate::domain::table::Selection;
use crate::domain::text::{contains, natural};
use crate::domain::units::{Instant, Seconds};
use crate::paths::{self, VmTab};
use crate::screens::common::address::{Address, shown_order};
use crate::screens::common::faces::error_view;
use crate::screens::common::layout::remembered;
use crate::screens::page::Link;
use crate::stores::{Face, Live, use_live};
use leptos::prelude::*;
use std::cmp::Ordering;
use std::sync::Arc;

const ONLY: [(&str, &str); 5] = [
    ("all", "All"),
    ("bad", "Need a backup"),
    ("missing", "Without any"),
    ("late", "Late"),
    ("failed", "Failed last"),
];

type Row = Signal<Arc<Guest>>;
type Compare = fn(&Guest, &Guest) -> Ordering;

/// What can be sorted by.
const SORTS: [(&str, Compare); 6] = [
    ("state", by_state),
    ("vm", by_name),
    ("last", by_last),
    ("goal", by_goal),
    ("backups", by_backups),
    ("node", by_node),
];

/// What is worst first.
fn by_state(a: &Guest, b: &Guest) -> Ordering {
    let order = a.fresh.fresh.order(b.fresh.fresh);
    order.then_with(|| a.vm.cmp(&b.vm))
}

fn by_name(a: &Guest, b: &Guest) -> Ordering {
    natural(&a.name, &b.name).then_with(|| a.vm.cmp(&b.vm))
}

/// None is as old as can be.
fn by_last(a: &Guest, b: &Guest) -> Ordering {
    let order = a.fresh.last.cmp(&b.fresh.last);
    order.then_with(|| by_name(a, b))
}

/// The strictest first, those of which nothing is asked last.
fn by_goal(a: &Guest, b: &Guest) -> Ordering {
    let hours = |guest: &Guest| {
        guest
            .fresh
            .goal
            .as_ref()
            .map_or(u32::MAX, |goal| goal.hours)
    };
    hours(a).cmp(&hours(b)).then_with(|| by_name(a, b))
}

fn by_backups(a: &Guest, b: &Guest) -> Ordering {
    a.backups.cmp(&b.backups).then_with(|| by_name(a, b))
}

fn by_node(a: &Guest, b: &Guest) -> Ordering {
    natural(&a.node, &b.node).then_with(|| by_name(a, b))
}

fn fits(only: &str, guest: &Guest) -> bool {
    match only {
        "bad" => guest.fresh.fresh.is_bad(),
        "missing" => guest.fresh.fresh == Fresh::Missing,
        "late" => matches!(guest.fresh.fresh, Fresh::Late(_)),
        "failed" => guest.failed,
        _ => true,
    }
}

/// The bar and the table.
#[component]
pub fn GuestTable(fleet: Fleet, address: Address, guests: Guests, ask: BackupAsk) -> impl IntoView {
    let live = use_live();
    let order = address.order(&SORTS);
    let (words, only) = (address.word("q"), address.word("only"));
    let vms = Memo::new(move |_| fleet.matching(&words.get()).map(Arc::new));
    let shown = Memo::new(move |_| {
        let (vms, only, words) = (vms.get(), only.get(), words.get());
        let found = |guest: &Guest| {
            vms.as_ref().is_none_or(|vms| vms.contains(&guest.vm)) || contains(&guest.name, &words)
        };
        guests.all.with(|all| {
            let all = all.as_deref().map_or(&[][..], Vec::as_slice);
            let rows = all.iter().filter(|own| fits(&only, own) && found(own));
            let mut rows: Vec<Arc<Guest>> = rows.cloned().collect();
            let (by, descending) = order.get();
            let compare = SORTS.iter().find(|(id, _)| *id == by);
            let compare = compare.map_or(by_state as Compare, |(_, compare)| *compare);
            rows.sort_by(|a, b| {
                let order = compare(a, b);
                if descending { order.reverse() } else { order }
            });
            Arc::new(rows)
        })
    });
    let selection = RwSignal::new(Selection::<VmId>::default());
    let open = RwSignal::new(false);
    let table = table(&live, address, guests, shown, selection, ask);
    let (columns_of, export_of) = (table.clone(), table.clone());
    let (face, clock) = (fleet.watch.face(), live.clock.clone());
    let state = Memo::new(move |_| match face.get() {
        _ if guests.all.with(Option::is_some) => LoadState::Ready,
        Face::Failed(error) => LoadState::Failed(error_view(FAILED, &error, clock.now())),
        Face::Loading | Face::Loaded { .. } => LoadState::Loading,
    });
    let current = Signal::derive(move || {
        let word = only.get();
        ONLY.iter()
            .find(|(id, _)| *id == word)
            .map_or("all", |(id, _)| id)
    });
    let choose = Callback::new(move |id: &'static str| address.filter("only", id));
    let off = move || address.set(&[("q", ""), ("only", "all"), ("page", "1")]);
    view! {
        <div class="fb-filters" role="search" aria-label="Filter VMs">
            <SearchField
                label="Search VMs"
                placeholder="Name, ID, tag:… node:…"
                value=words
                on_input=move |words: String| address.filter_typed("q", &words)
                on_leave=move |()| address.flush()
                of_page=true
            />
            <Segments label="Show" items=ONLY.to_vec() current=current on_choose=choose/>
        </div>
        <DataTable
            table=table
            state=state
            on_retry=move |()| drop(fleet.watch.refresh())
            empty=|| view! {
                <EmptyState title="No VMs" words="Each VM would be listed here with its newest backup." icon=IconName::Backup/>
            }
            on_clear_filters=Callback::new(move |()| off())
            strip=move || view! {
                <span class="cov-tools">
                    <ExportButton table=export_of.clone()/>
                    <ColumnsButton table=columns_of.clone()/>
                </span>
            }
            bulk=move || view! { <Several open=open/> }
        />
        <SeveralDialog guests=guests selection=selection open=open/>
    }
}

fn table(
    live: &Live,
    address: Address,
    guests: Guests,
    shown: Memo<Arc<Vec<Arc<Guest>>>>,
    selection: RwSignal<Selection<VmId>>,
    ask: BackupAsk,
) -> Table<VmId, Guest> {
    let now = live.clock.watch();
    let rows = TableRows::of_list(shown, |guest| guest.vm);
    let every = Memo::new(move |_| {
        guests.all.with(|all| {
            let all = all.as_deref().map_or(&[][..], Vec::as_slice);
            Arc::new(all.iter().map(|guest| guest.vm).collect::<Vec<_>>())
        })
    });
    let rows = TableRows {
        all: every.into(),
        ..rows
    };
    let acting = live.clone();
    Table::new(
        "Coverage",
        ("VM", "VMs"),
        columns(now),
        rows,
        remembered(&live.prefs, "table.coverage".to_owned()),
        |guest: &Guest| guest.name.clone(),
    )
    .sorted(shown_order(address.order(&SORTS)), move |sort| {
        address.set_order(&sort);
    })
    .paged(
        address.page(),
        move |page| address.turn_to(page),
        address.size(),
        move |size| address.set_size(size),
    )
    .selectable(selection)
    .menu(move |_, guest| menu(&acting, guest, ask))
    .card(move |row| card(row, now))
}

fn menu(live: &Live, guest: &Guest, ask: BackupAsk) -> Vec<MenuItem> {
    let vm = guest.vm;
    let known = live.vms.rows().peek(&vm);
    let refused = known.as_ref().and_then(|row| may::back_up(live, row));
    let to = paths::href(&paths::vm_tab(vm, VmTab::Backups));
    vec![
        MenuItem::new("back-up", "Back up now", move || ask.back_up(vm))
            .icon(IconName::Backup)
            .disabled(refused),
        MenuItem::link("backups", "Show its backups", to).icon(IconName::List),
    ]
}

fn columns(now: Signal<Instant>) -> Vec<Column<Guest>> {
    vec![
        Column::cell("vm", "VM", vm, |guest: &Guest| guest.name.clone())
            .name()
            .width(Width::Grow(160))
            .sorted(by_name),
        Column::cell("state", "State", state, |guest: &Guest| words(guest))
            .width(Width::Grow(200))
            .sorted(by_state),
        Column::cell(
            "last",
            "Newest backup",
            move |row| last(row, now),
            |guest: &Guest| guest.fresh.last.map(Instant::to_iso).unwrap_or_default(),
        )
        .width(Width::Px(176))
        .sorted(by_last),
        Column::text("goal", "Asked", goal)
            .width(Width::Grow(96))
            .sorted(by_goal),
        Column::text("backups", "Backups", |guest: &Guest| {
            guest
                .backups
                .map(|number| number.to_string())
                .unwrap_or_default()
        })
        .align(Align::End)
        .width(Width::Px(86))
        .sorted(by_backups),
        Column::text("node", "Node", |guest: &Guest| guest.node.clone())
            .quiet()
            .width(Width::Px(120))
            .sorted(by_node)
            .hidden(),
        Column::text("tags", "Tags", |guest: &Guest| guest.tags.join(", "))
            .quiet()
            .width(Width::Grow(180))
            .hidden(),
    ]
}

/// "within 24 h, by env-prod".
fn goal(guest: &Guest) -> String {
    match &guest.fresh.goal {
        None => "Nothing".to_owned(),
        Some(goal) => {
            let hours = exact_duration(Seconds(u64::from(goal.hours) * 3_600));
            match &goal.tag {
                Some(tag) => format!("{hours}, by {tag}"),
                None => hours,
            }
        }
    }
}

fn words(guest: &Guest) -> String {
    match guest.fresh.fresh {
        Fresh::Missing => "no backup".to_owned(),
        Fresh::Unknown => "not known".to_owned(),
        Fresh::Late(by) => format!("{} late", by.short()),
        Fresh::Within => "fresh".to_owned(),
        Fresh::Unasked => "nothing asked".to_owned(),
    }
}

fn vm(row: Row) -> AnyView {
    let name = Memo::new(move |_| row.with(|guest| guest.name.clone()));
    let id = Memo::new(move |_| row.with(|guest| guest.vm));
    let to = Signal::derive(move || paths::vm_tab(id.get(), VmTab::Backups));
    view! {
        <span class="fb-cell">
            <span class="clip"><Link to=to>{move || name.get()}</Link></span>
            <span class="mono quiet">{move || id.get().to_string()}</span>
        </span>
    }
    .into_any()
}

fn state(row: Row) -> AnyView {
    let look = Memo::new(move |_| {
        row.with(|guest| {
            let (tone, icon) = match guest.fresh.fresh {
                Fresh::Missing => (Tone::Bad, IconName::CircleX),
                Fresh::Unknown => (Tone::Idle, IconName::Help),
                Fresh::Late(_) => (Tone::Warn, IconName::Clock),
                Fresh::Within => (Tone::Ok, IconName::CircleCheck),
                Fresh::Unasked => (Tone::Idle, IconName::Minus),
            };
            (tone, icon, words(guest))
        })
    });
    let more = Memo::new(move |_| row.with(|guest| (guest.failed, guest.fresh.newer_is_damaged)));
    view! {
        <span class="fb-cell">
            <Pill
                tone=Signal::derive(move || look.with(|look| look.0))
                icon=Signal::derive(move || look.with(|look| look.1))
                label=Signal::derive(move || look.with(|look| look.2.clone()))
            />
            {move || more.get().0.then(|| view! {
                <Pill label="failed last" tone=Tone::Bad icon=IconName::CircleX tip=Some("The last try to back it up ended badly".to_owned())/>
            })}
            {move || more.get().1.then(|| view! {
                <Pill label="newest damaged" tone=Tone::Bad icon=IconName::Triangle tip=Some("A newer one was found damaged and counts for nothing".to_owned())/>
            })}
        </span>
    }
    .into_any()
}

fn last(row: Row, now: Signal<Instant>) -> AnyView {
    let at = Memo::new(move |_| row.with(|guest| guest.fresh.last));
    view! {
        <span class="fb-cell">
            <TimeText at=at now=now style=TimeStyle::Clock none="None known"/>
            {move || at.get().map(|_| view! {
                <span class="quiet clip"><TimeText at=at now=now style=TimeStyle::Relative/></span>
            })}
        </span>
    }
    .into_any()
}

/// On phones.
fn card(row: Row, now: Signal<Instant>) -> AnyView {
    let asked = Memo::new(move |_| row.with(goal_words));
    view! {
        <div class="vm-row-card">
            <b>{vm(row)}</b>
            {state(row)}
            <span class="quiet">{last(row, now)}</span>
            <span class="quiet">{move || asked.get()}</span>
        </div>
    }
    .into_any()
}

fn goal_words(guest: &Arc<Guest>) -> String {
    format!("Asked: {}", goal(guest))
}
