//! What lies on a storage: disks, images, backups, and whose they are.

use crate::api::storage::Content;
use crate::components::table::{Align, Column, Width};
use crate::components::{
    AmountText, Card, EmptyState, IconName, MenuItem, Pill, TimeStyle, TimeText, Tone, dom,
};
use crate::domain::ids::VmId;
use crate::domain::storage::content_words;
use crate::domain::units::{Bytes, Instant, NONE, count};
use crate::paths;
use crate::screens::common::short_table::{Short, ShortTable, short_table};
use crate::screens::page::Link;
use crate::stores::{spawn, use_live};
use leptos::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

const FAILED: &str = "What lies on this storage could not be loaded";

type Row = Signal<Arc<Content>>;

/// The table, and how much of what there is.
#[component]
pub fn Contents(name: String) -> impl IntoView {
    let live = use_live();
    let now = live.clock.watch();
    // Whose a disk is: the rows are read from the store, the watch keeps them coming.
    let _ = live.vms.watch();
    let watch = live.storage_content(name.clone()).watch();
    let at = name.clone();
    let what = Short {
        layout: "storage-content".to_owned(),
        address: Arc::new(move |sort| paths::storage_where(&at, &[("sort", sort)])),
        label: format!("Content of {name}"),
        noun: ("volume", "volumes"),
        columns: columns(now),
        key: |volume: &Content| volume.volid.clone(),
        name: |volume: &Content| volume.name().to_owned(),
        keep: |_| true,
        sort: ("size", true),
        failed: FAILED,
    };
    let (table, state) = short_table(what, watch);
    let table = table
        .menu(|_, volume: &Content| menu(volume))
        .card(move |row| card(row, now));
    let sums = Memo::new(move |_| watch.value.with(|all| sums(all.as_deref()?.as_slice())));
    view! {
        <Card title="Content" aside=move || view! {
            <span data-tip="Disks count with their full size; thin ones take less room">
                {move || sums.get()}
            </span>
        }>
            <ShortTable
                table=table
                state=state
                watch=watch
                failed=FAILED
                empty=|| view! {
                    <EmptyState
                        title="Nothing lies here"
                        words="Disks of VMs, images and backups on this storage are listed here."
                        icon=IconName::Database
                    />
                }
            />
        </Card>
    }
}

/// `3 VM disks, 120 GiB · 2 backups, 4.1 GiB`.
fn sums(all: &[Content]) -> Option<String> {
    let mut kinds = BTreeMap::<&str, (usize, u64)>::new();
    for volume in all {
        let kind = kinds.entry(&volume.kind).or_default();
        kind.0 += 1;
        kind.1 = kind.1.saturating_add(volume.size.unwrap_or_default().0);
    }
    let parts = kinds.into_iter().map(|(kind, (number, size))| {
        let (one, many) = content_words(kind);
        format!("{}, {}", count(number, one, many), Bytes(size))
    });
    let words = parts.collect::<Vec<_>>().join(" · ");
    (!words.is_empty()).then_some(words)
}

fn menu(volume: &Content) -> Vec<MenuItem> {
    let copied = volume.volid.clone();
    let copy = MenuItem::new("copy", "Copy volume ID", move || {
        let copying = dom::copy_text(&copied);
        spawn::action(async move {
            // The browser says by itself where it refuses.
            let _ = copying.await;
        });
    })
    .icon(IconName::Copy);
    let open = volume.vmid.map(|vm| {
        MenuItem::link("open", "Open VM", paths::href(&paths::vm(VmId(vm)))).icon(IconName::Monitor)
    });
    open.into_iter().chain([copy]).collect()
}

fn columns(now: Signal<Instant>) -> Vec<Column<Content>> {
    vec![
        Column::text("name", "Name", |volume: &Content| volume.name().to_owned())
            .name()
            .width(Width::Grow(260))
            .sorted(|a, b| a.name().cmp(b.name())),
        Column::text("kind", "Type", |volume: &Content| {
            content_words(&volume.kind).0.to_owned()
        })
        .width(Width::Px(150))
        .sorted(|a, b| a.kind.cmp(&b.kind)),
        Column::cell("vm", "VM", vm, |volume: &Content| {
            volume.vmid.map(|vm| vm.to_string()).unwrap_or_default()
        })
        .width(Width::Grow(160))
        .sorted(|a, b| a.vmid.cmp(&b.vmid)),
        Column::cell("size", "Size", size, |volume: &Content| {
            volume
                .size
                .map(|size| size.0.to_string())
                .unwrap_or_default()
        })
        .align(Align::End)
        .width(Width::Px(110))
        .sorted(|a, b| a.size.map(|s| s.0).cmp(&b.size.map(|s| s.0))),
        Column::cell(
            "created",
            "Created",
            move |row| created(row, now),
            |volume: &Content| volume.created_at.map(Instant::to_iso).unwrap_or_default(),
        )
        .width(Width::Px(150))
        .sorted(|a, b| a.created_at.cmp(&b.created_at)),
        Column::text("format", "Format", |volume: &Content| volume.format.clone())
            .width(Width::Px(100))
            .sorted(|a, b| a.format.cmp(&b.format))
            .hidden(),
    ]
}

/// Whose it is. A number that no VM has is said: what lies there may be left over.
fn vm(row: Row) -> AnyView {
    let live = use_live();
    let id = Memo::new(move |_| row.with(|volume| volume.vmid.map(VmId)));
    let backup = Memo::new(move |_| row.with(|volume| volume.kind == "backup"));
    (move || {
        let Some(id) = id.get() else {
            return NONE.into_any();
        };
        let rows = live.vms.rows();
        if rows.is_loaded() && rows.row(&id).with(Option::is_none) {
            let tip = if backup.get() {
                "The VM was deleted; its backup is still here"
            } else {
                "No VM has this number: what lies here may be left over"
            };
            return view! {
                <Pill
                    label=format!("VM {id} is gone")
                    tone=if backup.get() { Tone::Idle } else { Tone::Warn }
                    tip=Some(tip.to_owned())
                />
            }
            .into_any();
        }
        let name = live.vms.name(id);
        view! {
            <span class="snap-cell">
                <span class="clip"><Link class="link" to=paths::vm(id)>{name}</Link></span>
                <span class="mono quiet">{id.to_string()}</span>
            </span>
        }
        .into_any()
    })
    .into_any()
}

fn size(row: Row) -> AnyView {
    let amount = Signal::derive(move || row.with(|volume| volume.size.map(Bytes::amount)));
    let exact = Signal::derive(move || row.with(|volume| volume.size.map(Bytes::exact)));
    view! { <AmountText amount=amount exact=exact/> }.into_any()
}

fn created(row: Row, now: Signal<Instant>) -> AnyView {
    let at = Memo::new(move |_| row.with(|volume| volume.created_at));
    view! { <TimeText at=at now=now style=TimeStyle::Clock/> }.into_any()
}

/// On phones.
fn card(row: Row, now: Signal<Instant>) -> AnyView {
    let name = Memo::new(move |_| row.with(|volume| volume.name().to_owned()));
    let kind = Memo::new(move |_| row.with(|volume| content_words(&volume.kind).0.to_owned()));
    let at = Memo::new(move |_| row.with(|volume| volume.created_at));
    let of = Memo::new(move |_| row.with(|volume| volume.vmid.is_some()));
    view! {
        <div class="vm-row-card">
            <b class="mono">{move || name.get()}</b>
            <span class="quiet">
                {move || kind.get()} " · " {size(row)}
                {move || at.get().map(|_| view! { " · " {created(row, now)} })}
            </span>
            {move || of.get().then(|| vm(row))}
        </div>
    }
    .into_any()
}
