use super::{UsageCard, figure, newest, off_words, samples, sum};
use crate::api::vms::VmLive;
use crate::components::ChartUnit;
use crate::components::{Usage, UsageBar};
use crate::domain::config::{self, Boot, ConfigMap, Disk};
use crate::domain::units::{Bytes, Rate};
use crate::screens::vm_detail::model::use_vm;
use leptos::prelude::*;

/// How fast the disks are read and written, and how full they are.
#[component]
pub fn DiskCard() -> impl IntoView {
    let vm = use_vm();
    let read = newest(vm, |charts| &charts.disk_read);
    let write = newest(vm, |charts| &charts.disk_write);
    let total = Memo::new(move |_| Some(read.get()? + write.get()?));
    let words = Signal::derive(move || match (read.get(), write.get()) {
        (Some(read), Some(write)) => format!("read {}, write {}", Rate(read), Rate(write)),
        _ if vm.on.get() => "Rates need two samples".to_owned(),
        _ => off_words(vm),
    });
    let used = figure(vm, |figures: &VmLive| {
        figures.disk.filter(|used| used.0 > 0)
    });
    let whole = Memo::new(move |_| vm.vm.with(|vm| vm.maxdisk));
    let rows = Memo::new(move |_| {
        vm.config.with(|config| {
            config
                .as_ref()
                .map(|config| rows(config, used.get(), whole.get()))
                .unwrap_or_default()
        })
    });
    let lines = move || {
        rows.get()
            .into_iter()
            .map(|row| {
                let usage = Usage::bytes(row.used, row.size);
                let label = format!("Disk {}", row.key);
                view! {
                    <div class="vm-card-row">
                        <span class="mono">{row.key}</span>
                        <UsageBar label=label usage=Signal::stored(usage) fixed=true/>
                    </div>
                }
            })
            .collect_view()
    };
    view! {
        <UsageCard
            title="Disk"
            amount=Signal::derive(move || total.get().map(|rate| Rate(rate).amount()))
            words=words
            line=samples(vm, |charts| sum(&charts.disk_read, &charts.disk_write))
            unit=ChartUnit::Rate
        >
            {lines}
        </UsageCard>
    }
}

/// A disk of the card.
#[derive(Debug, Clone, PartialEq)]
struct Row {
    key: String,
    used: Option<Bytes>,
    size: Option<Bytes>,
}

/// All disks that hold the VM's own data. The server tells the use of one disk alone, the one that
/// it boots from; it is the first of that size, in boot order. Of the others only the size is known.
fn rows(config: &ConfigMap, used: Option<Bytes>, whole: Option<Bytes>) -> Vec<Row> {
    let order = config::text(config, "boot")
        .map(|boot| Boot::parse(&boot).order)
        .unwrap_or_default();
    let mut disks: Vec<Disk> = config::disks(config)
        .into_iter()
        .filter(Disk::is_owned)
        .collect();
    let place = |key: &str| {
        order
            .iter()
            .position(|other| other == key)
            .unwrap_or(usize::MAX)
    };
    disks.sort_by_key(|disk| place(&disk.key));
    let told = disks
        .iter()
        .position(|disk| disk.size().is_some() && disk.size() == whole);
    let mut rows: Vec<Row> = disks
        .iter()
        .enumerate()
        .map(|(index, disk)| Row {
            key: disk.key.clone(),
            used: used.filter(|_| told == Some(index)),
            size: disk.size(),
        })
        .collect();
    if told.is_none() && whole.is_some_and(|whole| whole.0 > 0) {
        // It tells of something, but not of which.
        rows.insert(
            0,
            Row {
                key: "in all".to_owned(),
                used,
                size: whole,
            },
        );
    }
    rows
}
