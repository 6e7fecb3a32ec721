//! Backup by backup: what goes, and why each other one stays.

use super::super::fleet::Fleet;
use super::super::parts;
use super::form::Form;
use super::reckon::{
    Reckoned, SORTS, Told, by_made, by_outcome, by_size, fits, groups, sort, told,
};
use super::server::Server;
use crate::components::table::{
    Align, Column, DataTable, ExportButton, LoadState, Table, TableRows, Width,
};
use crate::components::{
    AmountText, EmptyState, IconName, Pill, Segments, TimeStyle, TimeText, Tone,
};
use crate::domain::units::{Bytes, Instant};
use crate::screens::common::address::{order_word, shown_order};
use crate::screens::common::layout::remembered;
use crate::stores::use_live;
use leptos::prelude::*;
use std::collections::HashSet;
use std::sync::Arc;

const SHOW: [(&str, &str); 4] = [
    ("all", "All"),
    ("goes", "Go"),
    ("stays", "Stay"),
    ("differs", "Differ"),
];

type Row = Signal<Arc<Told>>;

/// The table, and which of it is shown.
#[component]
pub fn Preview(
    fleet: Fleet,
    form: Form,
    reckoned: Memo<Option<Arc<Reckoned>>>,
    server: Server,
) -> impl IntoView {
    let live = use_live();
    let now = live.clock.watch();
    let show = form.address.word("show");
    let (address, order) = (form.address, form.address.order(&SORTS));
    let all = Memo::new(move |_| {
        let reckoned = reckoned.get();
        Arc::new(reckoned.map_or_else(Vec::new, |all| told(&all, server)))
    });
    let shown = Memo::new(move |_| {
        let show = show.get();
        all.with(|all| {
            let list = all.iter().filter(|told| fits(&show, told)).cloned();
            let mut list: Vec<Arc<Told>> = list.collect();
            sort(&mut list, order.get());
            Arc::new(list)
        })
    });
    let folded = RwSignal::new(HashSet::<String>::new());
    let groups = Memo::new(move |_| {
        Arc::new(folded.with(|folded| shown.with(|shown| groups(shown, folded))))
    });
    let rows = TableRows::of_list(shown, |told| told.row.key.clone());
    let every = Memo::new(move |_| {
        all.with(|all| {
            Arc::new(
                all.iter()
                    .map(|told| told.row.key.clone())
                    .collect::<Vec<_>>(),
            )
        })
    });
    let rows = TableRows {
        all: every.into(),
        ..rows
    };
    let table = Table::new(
        "Preview",
        ("backup", "backups"),
        columns(now, server),
        rows,
        remembered(&live.prefs, "table.retention".to_owned()),
        |told: &Told| format!("{} of {}", told.row.file(), told.row.vm_name),
    )
    .sorted(shown_order(order), move |sort| {
        address.set(&[("sort", &order_word(&sort))]);
    })
    .grouped(groups, move |id| {
        folded.update(|folded| {
            if !folded.remove(&id) {
                folded.insert(id);
            }
        });
    })
    .card(move |row| card(row, now));
    let export = table.clone();
    let load = parts::load_state(&live, fleet);
    let state = Memo::new(move |_| match load.get() {
        LoadState::Ready if reckoned.with(Option::is_none) => LoadState::Ready,
        other => other,
    });
    let current = Signal::derive(move || {
        let word = show.get();
        SHOW.iter()
            .find(|(id, _)| *id == word)
            .map_or("all", |(id, _)| id)
    });
    let choose = Callback::new(move |id: &'static str| form.address.set(&[("show", id)]));
    view! {
        <div class="ret-bar">
            <Segments label="Show" items=SHOW.to_vec() current=current on_choose=choose/>
            <ExportButton table=export/>
        </div>
        <DataTable
            table=table
            state=state
            on_retry=move |()| drop(fleet.watch.refresh())
            empty=|| view! {
                <EmptyState
                    title="Nothing to judge"
                    words="There is no backup of these VMs, or what is typed can't be taken."
                    icon=IconName::Backup
                />
            }
            on_clear_filters=Callback::new(move |()| form.clear())
        />
    }
}

fn columns(now: Signal<Instant>, server: Server) -> Vec<Column<Told>> {
    vec![
        Column::cell(
            "made",
            "Made",
            move |row| made(row, now),
            |told: &Told| told.row.made.map(Instant::to_iso).unwrap_or_default(),
        )
        .name()
        .width(Width::Px(160))
        .sorted(by_made),
        Column::cell("outcome", "Outcome", outcome, |told: &Told| {
            let word = if told.goes { "goes" } else { "stays" };
            format!("{word}: {}", told.why)
        })
        .width(Width::Grow(210))
        .sorted(by_outcome),
        Column::cell(
            "server",
            "The server says",
            move |row| says(row, server),
            |told: &Told| match &told.server {
                Some((true, _)) => "goes".to_owned(),
                Some((false, _)) => "stays".to_owned(),
                None => String::new(),
            },
        )
        .width(Width::Px(150)),
        Column::cell("size", "Size", size, |told: &Told| {
            told.row
                .size
                .map(|size| size.0.to_string())
                .unwrap_or_default()
        })
        .align(Align::End)
        .width(Width::Px(96))
        .sorted(by_size),
        Column::text("storage", "Storage", |told: &Told| told.row.storage.clone())
            .quiet()
            .width(Width::Px(120)),
        Column::text("vm", "VM", |told: &Told| told.row.vm_name.clone())
            .width(Width::Px(160))
            .hidden(),
        Column::text("file", "File", |told: &Told| told.row.volid.clone())
            .mono()
            .width(Width::Grow(260))
            .hidden(),
    ]
}

fn made(row: Row, now: Signal<Instant>) -> AnyView {
    let at = Memo::new(move |_| row.with(|told| told.row.made));
    view! { <TimeText at=at now=now style=TimeStyle::Clock none="Not known"/> }.into_any()
}

fn size(row: Row) -> AnyView {
    let amount = Signal::derive(move || row.with(|told| told.row.size.map(Bytes::amount)));
    view! { <AmountText amount=amount/> }.into_any()
}

fn outcome(row: Row) -> AnyView {
    let look = Memo::new(move |_| row.with(|told| (told.goes, told.why.clone())));
    (move || match look.get() {
        (true, why) => view! {
            <span class="fb-cell">
                <Pill label="Goes" tone=Tone::Bad icon=IconName::Trash/>
                <span class="clip quiet">{why}</span>
            </span>
        }
        .into_any(),
        (false, why) => view! {
            <span class="fb-cell">
                <span>"Stays"</span>
                <span class="clip quiet">{why}</span>
            </span>
        }
        .into_any(),
    })
    .into_any()
}

fn says(row: Row, server: Server) -> AnyView {
    let look = Memo::new(move |_| row.with(|told| (told.server.clone(), told.differs())));
    let asked = Memo::new(move |_| server.known().is_some());
    (move || match look.get() {
        _ if !asked.get() => view! { <span class="aside">"–"</span> }.into_any(),
        (Some((goes, why)), true) => {
            let word = if goes { "Goes" } else { "Stays" };
            let tip = (!why.is_empty()).then_some(why);
            view! { <Pill label=word tone=Tone::Warn icon=IconName::Triangle tip=tip/> }.into_any()
        }
        (Some((true, why)), _) => {
            view! { <span data-tip=(!why.is_empty()).then_some(why)>"Goes"</span> }.into_any()
        }
        (Some((false, _)), _) => view! { <span class="quiet">"Stays"</span> }.into_any(),
        (None, _) => ().into_any(),
    })
    .into_any()
}

/// On phones.
fn card(row: Row, now: Signal<Instant>) -> AnyView {
    let facts = Memo::new(move |_| {
        row.with(|told| {
            let size = told.row.size.map(|size| size.to_string());
            let place = &told.row.storage;
            let differs = match &told.server {
                Some((true, _)) if told.differs() => " · the server removes it",
                Some((false, _)) if told.differs() => " · the server keeps it",
                _ => "",
            };
            format!("{} on {place}{differs}", size.unwrap_or_default())
        })
    });
    view! {
        <div class="vm-row-card">
            <b>{made(row, now)}</b>
            {outcome(row)}
            <span class="quiet">{move || facts.get()}</span>
        </div>
    }
    .into_any()
}
