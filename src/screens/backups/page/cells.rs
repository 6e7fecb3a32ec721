//! The cells of the table, and a row as a card.

use crate::components::table::{Align, Column, Width};
use crate::components::time::format_near;
use crate::components::{AmountText, IconName, Pill, TimeStyle, TimeText, Tone};
use crate::domain::backup_list::{
    BackupRow, Check, by_age, by_check, by_format, by_protection, by_size, by_storage, by_vm,
};
use crate::domain::units::{Bytes, Instant};
use crate::paths::{self, VmTab};
use crate::screens::page::Link;
use leptos::prelude::*;
use std::sync::Arc;

type Row = Signal<Arc<BackupRow>>;

/// The columns.
pub fn columns(now: Signal<Instant>) -> Vec<Column<BackupRow>> {
    vec![
        Column::cell("vm", "VM", vm, |row: &BackupRow| row.vm_name.clone())
            .name()
            .width(Width::Grow(190))
            .sorted(by_vm),
        Column::cell(
            "made",
            "Made",
            move |row| {
                let (clock, ago) = (TimeStyle::Clock, TimeStyle::Relative);
                view! {
                    <span class="fb-cell">
                        {time(row, now, clock)}
                        <span class="quiet clip">{time(row, now, ago)}</span>
                    </span>
                }
                .into_any()
            },
            |row: &BackupRow| row.made.map(Instant::to_iso).unwrap_or_default(),
        )
        .width(Width::Px(190))
        .sorted(by_age),
        Column::cell("size", "Size", size, |row: &BackupRow| {
            row.size.map(|size| size.0.to_string()).unwrap_or_default()
        })
        .align(Align::End)
        .width(Width::Px(84))
        .sorted(by_size),
        Column::text("storage", "Storage", |row: &BackupRow| row.storage.clone())
            .width(Width::Px(116))
            .sorted(by_storage),
        Column::text("format", "Format", |row: &BackupRow| row.format.clone())
            .quiet()
            .width(Width::Px(84))
            .sorted(by_format),
        Column::cell(
            "verified",
            "Verification",
            move |row| verification(row, now),
            |row: &BackupRow| row.check_word.clone(),
        )
        .width(Width::Px(128))
        .sorted(by_check),
        Column::cell("protected", "Protected", protected, |row: &BackupRow| {
            if row.protected { "yes" } else { "no" }.to_owned()
        })
        .width(Width::Px(106))
        .sorted(by_protection),
        Column::cell("notes", "Notes", notes, |row: &BackupRow| row.notes.clone())
            .width(Width::Grow(140)),
        Column::text("file", "File", |row: &BackupRow| row.volid.clone())
            .mono()
            .width(Width::Grow(280))
            .hidden(),
        Column::text("encrypted", "Encrypted", |row: &BackupRow| {
            match row.encrypted {
                Some(true) => "Yes",
                Some(false) => "No",
                None => "",
            }
            .to_owned()
        })
        .width(Width::Px(100))
        .hidden(),
    ]
}

fn vm(row: Row) -> AnyView {
    let name = Memo::new(move |_| row.with(|row| row.vm_name.clone()));
    let id = Memo::new(move |_| row.with(|row| row.vm));
    let gone = Memo::new(move |_| row.with(|row| row.gone));
    let linked = Memo::new(move |_| id.get().filter(|_| !gone.get()));
    let word = move || match (linked.get(), name.get()) {
        (Some(vm), name) => {
            let to = paths::vm_tab(vm, VmTab::Backups);
            view! { <Link to=to>{name}</Link> }.into_any()
        }
        (None, name) if name.is_empty() => "VM not known".into_any(),
        (None, name) => name.into_any(),
    };
    view! {
        <span class="fb-cell">
            <span class="clip">{word}</span>
            {move || linked.get().map(|id| view! { <span class="mono quiet">{id.to_string()}</span> })}
            {move || gone.get().then(|| view! {
                <Pill
                    label="gone"
                    icon=IconName::Unplug
                    tip=Some("There is no such VM any more; it can be restored from here".to_owned())
                />
            })}
        </span>
    }
    .into_any()
}

fn time(row: Row, now: Signal<Instant>, style: TimeStyle) -> AnyView {
    let at = Memo::new(move |_| row.with(|row| row.made));
    view! { <TimeText at=at now=now style=style none="Not known"/> }.into_any()
}

fn size(row: Row) -> AnyView {
    let amount = Signal::derive(move || row.with(|row| row.size.map(Bytes::amount)));
    let exact = Signal::derive(move || row.with(|row| row.size.map(Bytes::exact)));
    view! { <AmountText amount=amount exact=exact/> }.into_any()
}

/// Tone, picture and word of a verification.
fn look(row: &BackupRow) -> (Tone, IconName, String) {
    match row.check {
        Check::Whole => (Tone::Ok, IconName::CircleCheck, "Verified".into()),
        Check::Damaged => (Tone::Bad, IconName::CircleX, "Damaged".into()),
        Check::Never => (Tone::Idle, IconName::Minus, "Not verified".into()),
        Check::Other => (Tone::Idle, IconName::Help, row.check_word.clone()),
    }
}

fn verification(row: Row, now: Signal<Instant>) -> AnyView {
    let look = Memo::new(move |_| row.with(|row| look(row)));
    let when = Memo::new(move |_| row.with(|row| row.checked));
    let tip = Signal::derive(move || {
        when.get()
            .map(|at| format!("Verified {}", format_near(at, now.get_untracked())))
    });
    view! {
        <Pill
            tone=Signal::derive(move || look.with(|look| look.0))
            icon=Signal::derive(move || look.with(|look| look.1))
            label=Signal::derive(move || look.with(|look| look.2.clone()))
            tip=tip
        />
    }
    .into_any()
}

fn protected(row: Row) -> AnyView {
    let on = Memo::new(move |_| row.with(|row| row.protected));
    (move || {
        if on.get() {
            view! { <Pill label="Protected" icon=IconName::Lock tip=Some("Kept from removal".to_owned())/> }
                .into_any()
        } else {
            view! { <span class="aside">"No"</span> }.into_any()
        }
    })
    .into_any()
}

/// The first line; all of them in the tooltip.
fn notes(row: Row) -> AnyView {
    let notes = Memo::new(move |_| row.with(|row| row.notes.clone()));
    let first = move || notes.with(|notes| notes.lines().next().unwrap_or_default().to_owned());
    let more = move || {
        let several = notes.with(|notes| notes.lines().count() > 1);
        several.then(|| notes.get())
    };
    view! { <span class="clip" data-tip=more>{first}</span> }.into_any()
}

/// On phones.
pub fn card(row: Row, now: Signal<Instant>) -> AnyView {
    let kept = Memo::new(move |_| row.with(|row| row.protected));
    let facts = Memo::new(move |_| {
        row.with(|row| {
            let size = row.size.map(|size| format!(" · {}", size.amount()));
            format!("{} on {}", size.unwrap_or_default(), row.storage)
        })
    });
    view! {
        <div class="vm-row-card">
            <b>{vm(row)}</b>
            <span class="fb-cell">
                {verification(row, now)}
                {move || kept.get().then(|| protected(row))}
            </span>
            <span class="quiet">
                {time(row, now, TimeStyle::Clock)}
                {move || facts.get()}
            </span>
            <span class="quiet fb-card-notes">{notes(row)}</span>
        </div>
    }
    .into_any()
}
