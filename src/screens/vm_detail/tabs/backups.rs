use crate::api::backups::{Backup, VerifyState};
use crate::components::table::{Align, Column, Width};
use crate::components::{
    AmountText, EmptyState, IconName, MenuItem, Pill, TimeStyle, TimeText, Tone,
};
use crate::domain::units::{Bytes, Instant};
use crate::paths::VmTab;
use crate::screens::common::short_table::{Short, ShortTable, short_table};
use crate::screens::common::vm_menu::LATER;
use crate::screens::vm_detail::model::{tab_place, use_vm};
use leptos::prelude::*;
use std::sync::Arc;

const FAILED: &str = "The backups could not be loaded";

/// Backups of the VM, newest first.
#[component]
pub fn Backups() -> impl IntoView {
    let vm = use_vm();
    let watch = vm.store().backups.watch();
    // The tab bar stands above this panel and outlives it.
    Effect::new(move || {
        if let Some(list) = watch.value.get() {
            vm.counts.update(|counts| counts.1 = Some(list.len()));
        }
    });
    let (layout, address) = tab_place(vm.id, VmTab::Backups);
    let what = Short {
        layout,
        address,
        label: format!("Backups of {}", vm.name.get_untracked()),
        noun: ("backup", "backups"),
        columns: columns(vm.now),
        key: |backup: &Backup| backup.volid.clone(),
        name: |backup: &Backup| backup.file_name().to_owned(),
        keep: |_| true,
        sort: ("taken", true),
        failed: FAILED,
    };
    let (table, state) = short_table(what, watch);
    let table = table
        .menu(|_, _: &Backup| {
            let later = |id, label: &str, icon| {
                MenuItem::new(id, label, || {})
                    .icon(icon)
                    .disabled(Some(LATER.to_owned()))
            };
            vec![
                later("restore", "Restore", IconName::History),
                later("delete", "Delete", IconName::Trash).danger(),
            ]
        })
        .card(move |row| card(row, vm.now));
    let empty = || {
        view! {
            <EmptyState
                title="No backups"
                words="Nothing brings this VM back if its disks are lost. Backups are made in Proxmox VE or by a job."
                icon=IconName::Backup
            />
        }
    };
    view! {
        <ShortTable table=table state=state watch=watch failed=FAILED empty=empty/>
    }
}

fn taken(row: Signal<Arc<Backup>>, now: Signal<Instant>) -> AnyView {
    let at = Memo::new(move |_| row.with(|backup| backup.ctime));
    view! { <TimeText at=at now=now style=TimeStyle::Clock none="Time not known"/> }.into_any()
}

/// Tone, picture and word of a verification.
fn verified(state: &VerifyState) -> (Tone, IconName, String) {
    match state {
        VerifyState::Ok => (Tone::Ok, IconName::CircleCheck, "Verified".into()),
        VerifyState::Failed => (Tone::Bad, IconName::CircleX, "Damaged".into()),
        VerifyState::None => (Tone::Idle, IconName::Minus, "Not verified".into()),
        VerifyState::Unknown(word) => (Tone::Idle, IconName::Help, word.clone()),
    }
}

fn verification(row: Signal<Arc<Backup>>, now: Signal<Instant>) -> AnyView {
    let look = Memo::new(move |_| row.with(|backup| verified(&backup.verified())));
    let when = Memo::new(move |_| {
        row.with(|backup| {
            backup
                .verification
                .as_ref()
                .and_then(|verification| verification.last_verified)
        })
    });
    let tip = Signal::derive(move || {
        when.get().map(|at| {
            format!(
                "Verified {}",
                crate::components::time::format_near(at, now.get_untracked())
            )
        })
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

fn columns(now: Signal<Instant>) -> Vec<Column<Backup>> {
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
            move |row| verification(row, now),
            |backup: &Backup| backup.verified().as_str().to_owned(),
        )
        .width(Width::Px(140))
        .sorted(|a, b| a.verified().as_str().cmp(b.verified().as_str())),
        Column::cell("protected", "Protected", protected, |backup: &Backup| {
            if backup.protected { "yes" } else { "no" }.to_owned()
        })
        .width(Width::Px(110))
        .sorted(|a, b| a.protected.cmp(&b.protected)),
        Column::text("storage", "Storage", |backup: &Backup| {
            backup.storage_name().unwrap_or_default().to_owned()
        })
        .width(Width::Grow(120))
        .sorted(|a, b| a.storage_name().cmp(&b.storage_name())),
        Column::cell("notes", "Notes", notes, |backup: &Backup| {
            backup.notes.clone().unwrap_or_default()
        })
        .width(Width::Grow(220)),
    ]
}

fn protected(row: Signal<Arc<Backup>>) -> AnyView {
    let on = Memo::new(move |_| row.with(|backup| backup.protected));
    view! {
        {move || if on.get() {
            view! { <Pill label="Protected" icon=IconName::Lock tip=Some("Kept from removal".to_owned())/> }.into_any()
        } else {
            view! { <span class="aside">"No"</span> }.into_any()
        }}
    }
    .into_any()
}

/// The first line; all of them in the tooltip.
fn notes(row: Signal<Arc<Backup>>) -> AnyView {
    let notes = Memo::new(move |_| row.with(|backup| backup.notes.clone().unwrap_or_default()));
    let first = move || notes.with(|notes| notes.lines().next().unwrap_or_default().to_owned());
    let more = move || {
        notes
            .with(|notes| notes.lines().count() > 1)
            .then(|| notes.get())
    };
    view! { <span class="clip" data-tip=more>{first}</span> }.into_any()
}

fn card(row: Signal<Arc<Backup>>, now: Signal<Instant>) -> AnyView {
    let size = Memo::new(move |_| row.with(|backup| backup.size.map(|size| size.to_string())));
    let place =
        Memo::new(move |_| row.with(|backup| backup.storage_name().unwrap_or_default().to_owned()));
    let kept = Memo::new(move |_| row.with(|backup| backup.protected));
    view! {
        <div class="vm-row-card">
            <b>{taken(row, now)}</b>
            <span>{verification(row, now)} {move || kept.get().then(|| protected(row))}</span>
            <span class="quiet">{move || size.get()} " on " {move || place.get()}</span>
            {notes(row)}
        </div>
    }
    .into_any()
}
