//! Columns and cards of the list.

use crate::api::backups::Backup;
use crate::components::table::{Align, Column, Width};
use crate::components::{AmountText, TimeStyle, TimeText};
use crate::domain::ago::ago;
use crate::domain::units::{Bytes, Instant, NONE};
use crate::screens::backups::looks::{first_note, protected_pill, verify_pill};
use leptos::prelude::*;
use std::sync::Arc;

fn taken(row: Signal<Arc<Backup>>, now: Signal<Instant>) -> AnyView {
    let at = Memo::new(move |_| row.with(|backup| backup.ctime));
    view! { <TimeText at=at now=now style=TimeStyle::Clock none="Time not known"/> }.into_any()
}

/// How long ago; beyond a month the date beside it says more.
fn age(row: Signal<Arc<Backup>>, now: Signal<Instant>) -> AnyView {
    let words = Memo::new(move |_| {
        let at = row.with(|backup| backup.ctime)?;
        ago(at, now.get())
    });
    view! { <span class="aside">{move || words.get().unwrap_or_else(|| NONE.to_owned())}</span> }
        .into_any()
}

/// Those of the guide, with age and notes.
pub fn columns(now: Signal<Instant>) -> Vec<Column<Backup>> {
    let size = |row: Signal<Arc<Backup>>| {
        let amount = Signal::derive(move || row.with(|backup| backup.size.map(Bytes::amount)));
        let exact = Signal::derive(move || row.with(|backup| backup.size.map(Bytes::exact)));
        view! { <AmountText amount=amount exact=exact/> }.into_any()
    };
    vec![
        Column::cell(
            "taken",
            "Taken",
            move |row| taken(row, now),
            |backup: &Backup| backup.ctime.map(Instant::to_iso).unwrap_or_default(),
        )
        .name()
        .width(Width::Px(150))
        .sorted(|a, b| a.ctime.cmp(&b.ctime)),
        Column::cell(
            "age",
            "Age",
            move |row| age(row, now),
            |backup: &Backup| backup.ctime.map(Instant::to_iso).unwrap_or_default(),
        )
        .width(Width::Px(90)),
        Column::cell("size", "Size", size, |backup: &Backup| {
            backup
                .size
                .map(|size| size.0.to_string())
                .unwrap_or_default()
        })
        .align(Align::End)
        .width(Width::Px(100))
        .sorted(|a, b| a.size.map(|s| s.0).cmp(&b.size.map(|s| s.0))),
        Column::text("format", "Format", |backup: &Backup| {
            backup.format_name().unwrap_or_default().to_owned()
        })
        .width(Width::Px(100))
        .sorted(|a, b| a.format_name().cmp(&b.format_name())),
        Column::cell(
            "verified",
            "Verification",
            move |row| verify_pill(row, now),
            |backup: &Backup| backup.verified().as_str().to_owned(),
        )
        .width(Width::Px(140))
        .sorted(|a, b| a.verified().as_str().cmp(b.verified().as_str())),
        Column::cell(
            "protected",
            "Protected",
            protected_pill,
            |backup: &Backup| if backup.protected { "yes" } else { "no" }.to_owned(),
        )
        .width(Width::Px(110))
        .sorted(|a, b| a.protected.cmp(&b.protected)),
        Column::text("storage", "Storage", |backup: &Backup| {
            backup.storage_name().unwrap_or_default().to_owned()
        })
        .width(Width::Grow(120))
        .sorted(|a, b| a.storage_name().cmp(&b.storage_name())),
        Column::cell("notes", "Notes", first_note, |backup: &Backup| {
            backup.notes.clone().unwrap_or_default()
        })
        .width(Width::Grow(220)),
    ]
}

/// A row on a phone.
pub fn card(row: Signal<Arc<Backup>>, now: Signal<Instant>) -> AnyView {
    let size = Memo::new(move |_| row.with(|backup| backup.size.map(|size| size.to_string())));
    let place =
        Memo::new(move |_| row.with(|backup| backup.storage_name().unwrap_or_default().to_owned()));
    let kept = Memo::new(move |_| row.with(|backup| backup.protected));
    view! {
        <div class="vm-row-card">
            <b>{taken(row, now)}</b>
            <span>{verify_pill(row, now)} {move || kept.get().then(|| protected_pill(row))}</span>
            <span class="quiet">{move || size.get()} " on " {move || place.get()}</span>
            {first_note(row)}
        </div>
    }
    .into_any()
}
