//! The cells of the table, and a row as a card.

use crate::components::table::{Align, Column, Width};
use crate::components::time::exact;
use crate::components::{AmountText, IconName, Pill, TimeStyle, TimeText, Tone};
use crate::domain::snapshot::fleet::{
    FleetRow, LONG_CHAIN, OLD_DAYS, Stale, by_age, by_depth, by_end, by_memory, by_name, by_size,
    by_staleness, by_vm,
};
use crate::domain::units::{Bytes, Instant, NONE};
use crate::paths::{self, VmTab};
use crate::screens::page::Link;
use leptos::prelude::*;
use std::sync::Arc;

type Row = Signal<Arc<FleetRow>>;

/// The columns.
pub fn columns(now: Signal<Instant>) -> Vec<Column<FleetRow>> {
    let time = |at: Option<Instant>| at.map(Instant::to_iso).unwrap_or_default();
    vec![
        Column::cell("name", "Snapshot", name, |row: &FleetRow| row.name.clone())
            .name()
            .width(Width::Grow(220))
            .sorted(by_name),
        Column::cell("vm", "VM", vm, |row: &FleetRow| row.vm_name.clone())
            .width(Width::Grow(180))
            .sorted(by_vm),
        Column::cell(
            "stale",
            "State",
            move |row| state(row, now),
            |row: &FleetRow| word(row.stale).to_owned(),
        )
        .width(Width::Px(170))
        .sorted(by_staleness),
        Column::cell(
            "age",
            "Taken",
            move |row| taken(row, now),
            move |row: &FleetRow| time(row.taken),
        )
        .width(Width::Px(120))
        .sorted(by_age),
        Column::cell(
            "expires",
            "Expires",
            move |row| expires(row, now),
            move |row: &FleetRow| time(row.ends()),
        )
        .width(Width::Px(120))
        .sorted(by_end),
        Column::text("memory", "RAM", |row: &FleetRow| memory(row).to_owned())
            .width(Width::Px(80))
            .sorted(by_memory),
        Column::cell("size", "Size", size, |row: &FleetRow| {
            row.size.map(|size| size.0.to_string()).unwrap_or_default()
        })
        .align(Align::End)
        .width(Width::Px(96))
        .sorted(by_size),
        Column::cell("depth", "Chain", depth, |row: &FleetRow| {
            row.depth.to_string()
        })
        .align(Align::End)
        .width(Width::Px(90))
        .sorted(by_depth),
        Column::text("node", "Node", |row: &FleetRow| row.node.clone())
            .quiet()
            .width(Width::Px(120))
            .hidden(),
        Column::text("description", "Description", |row: &FleetRow| {
            row.description.clone()
        })
        .width(Width::Grow(200))
        .hidden(),
    ]
}

const fn word(stale: Stale) -> &'static str {
    match stale {
        Stale::Expired => "Expired",
        Stale::Old => "Old",
        Stale::Fresh => "",
    }
}

const fn memory(row: &FleetRow) -> &'static str {
    match row.memory {
        Some(true) => "Included",
        Some(false) => "No",
        None => "",
    }
}

fn name(row: Row) -> AnyView {
    let name = Memo::new(move |_| row.with(|row| row.name.clone()));
    let here = Memo::new(move |_| row.with(|row| row.here));
    let words = Memo::new(move |_| row.with(|row| row.description.clone()));
    let tip = move || {
        let (name, words) = (name.get(), words.get());
        if words.is_empty() {
            name
        } else {
            format!("{name}: {words}")
        }
    };
    view! {
        <span class="snap-cell">
            <span class="clip" data-tip=tip>{move || name.get()}</span>
            {move || here.get().then(|| view! {
                <Pill
                    label="You are here"
                    tone=Tone::Info
                    icon=IconName::Pin
                    tip=Some("The VM goes on from this snapshot".to_owned())
                />
            })}
        </span>
    }
    .into_any()
}

fn vm(row: Row) -> AnyView {
    let name = Memo::new(move |_| row.with(|row| row.vm_name.clone()));
    let id = Memo::new(move |_| row.with(|row| row.vm));
    let to = Signal::derive(move || paths::vm_tab(id.get(), VmTab::Snapshots));
    view! {
        <span class="snap-cell">
            <span class="clip"><Link to=to>{move || name.get()}</Link></span>
            <span class="mono quiet">{move || id.get().to_string()}</span>
        </span>
    }
    .into_any()
}

/// Whether somebody should look at it, in words.
fn state(row: Row, now: Signal<Instant>) -> AnyView {
    let stale = Memo::new(move |_| row.with(|row| row.stale));
    let life =
        Memo::new(move |_| row.with(|row| Some(row.ttl?.life(row.taken?, now.get()).words())));
    let old = format!("over {OLD_DAYS} days old");
    move_pill(stale, life, old)
}

fn move_pill(stale: Memo<Stale>, life: Memo<Option<String>>, old: String) -> AnyView {
    (move || match (stale.get(), life.get()) {
        (Stale::Expired, words) => {
            let label = words.unwrap_or_else(|| "expired".to_owned());
            view! { <Pill label=label tone=Tone::Warn icon=IconName::Hourglass/> }.into_any()
        }
        (Stale::Old, _) => {
            let tip = "It has no lifetime; nobody may remember what it is for";
            view! { <Pill label=old.clone() tone=Tone::Warn icon=IconName::Clock tip=Some(tip.to_owned())/> }
                .into_any()
        }
        (Stale::Fresh, Some(words)) => words.into_any(),
        (Stale::Fresh, None) => NONE.into_any(),
    })
    .into_any()
}

fn taken(row: Row, now: Signal<Instant>) -> AnyView {
    let at = Memo::new(move |_| row.with(|row| row.taken));
    view! { <TimeText at=at now=now style=TimeStyle::Relative/> }.into_any()
}

fn expires(row: Row, now: Signal<Instant>) -> AnyView {
    let at = Memo::new(move |_| row.with(|row| row.ends()));
    view! { <TimeText at=at now=now style=TimeStyle::Clock none="Never"/> }.into_any()
}

fn size(row: Row) -> AnyView {
    let amount = Signal::derive(move || row.with(|row| row.size.map(Bytes::amount)));
    view! { <AmountText amount=amount/> }.into_any()
}

fn depth(row: Row) -> AnyView {
    let depth = Memo::new(move |_| row.with(|row| row.depth));
    (move || {
        let depth = depth.get();
        if depth >= LONG_CHAIN {
            let tip = "A long chain slows the disks, and deleting in it takes long";
            view! { <Pill label=depth.to_string() tone=Tone::Warn icon=IconName::Triangle tip=Some(tip.to_owned())/> }
                .into_any()
        } else {
            depth.to_string().into_any()
        }
    })
    .into_any()
}

/// On phones.
pub fn card(row: Row, now: Signal<Instant>) -> AnyView {
    let at = Memo::new(move |_| row.with(|row| row.taken));
    let of = Memo::new(move |_| row.with(|row| format!("{} {}", row.vm_name, row.vm)));
    let facts = Memo::new(move |_| {
        row.with(|row| {
            let mut facts = String::new();
            if row.memory == Some(true) {
                facts.push_str(" · RAM");
            }
            if let Some(size) = row.size {
                facts.push_str(&format!(" · {}", size.amount()));
            }
            if row.depth > 1 {
                facts.push_str(&format!(" · {} in its chain", row.depth));
            }
            facts
        })
    });
    let tip = move || at.get().map(exact);
    let is_stale =
        Memo::new(move |_| row.with(|row| row.stale != Stale::Fresh || row.ttl.is_some()));
    view! {
        <div class="vm-row-card">
            <b>{name(row)}</b>
            <span class="snap-cell">
                <span class="quiet clip">{move || of.get()}</span>
                {move || is_stale.get().then(|| state(row, now))}
            </span>
            <span class="quiet" data-tip=tip>
                <TimeText at=at now=now style=TimeStyle::Relative/>
                {move || facts.get()}
            </span>
        </div>
    }
    .into_any()
}
