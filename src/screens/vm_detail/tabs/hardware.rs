//! Devices in words, with the raw value beside.

use super::facts::{ConfigCard, Waits, waiting};
use super::raw::{WordsCard, use_raw};
use crate::components::{CopyButton, EmptyState, IconName};
use crate::domain::config::{self, ConfigMap, Disk, Nic};
use crate::paths::VmTab;
use crate::screens::vm_detail::addresses::Source;
use crate::screens::vm_detail::model::use_vm;
use leptos::prelude::*;

/// A device as a row shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Device {
    /// Key, e.g. `scsi0`.
    key: String,
    /// What it is: "Disk".
    kind: String,
    /// The main fact: "50 GiB on local-zfs".
    words: String,
    /// More of it, e.g. the volume's name or the MAC address.
    detail: String,
    /// Whether the detail is an identifier.
    mono: bool,
    /// The raw value.
    raw: String,
}

/// Keys of hardware that are neither disks nor interfaces, with what they are called.
const OTHERS: [(&str, &str); 9] = [
    ("vga", "Display"),
    ("scsihw", "SCSI controller"),
    ("bios", "Firmware"),
    ("machine", "Machine"),
    ("audio0", "Audio device"),
    ("rng0", "Random numbers"),
    ("tablet", "Pointer"),
    ("numa", "NUMA"),
    ("watchdog", "Watchdog"),
];
/// The same for numbered keys.
const NUMBERED: [(&str, &str); 4] = [
    ("usb", "USB device"),
    ("hostpci", "PCI device"),
    ("serial", "Serial port"),
    ("parallel", "Parallel port"),
];

/// Whether a key is shown here, so that the other tabs need not.
#[must_use]
pub fn is_hardware(key: &str) -> bool {
    config::is_disk_key(key)
        || config::is_nic_key(key)
        || OTHERS.iter().any(|(own, _)| *own == key)
        || numbered(key).is_some()
}

fn numbered(key: &str) -> Option<&'static str> {
    NUMBERED.iter().find_map(|(prefix, label)| {
        let rest = key.strip_prefix(prefix)?;
        (!rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit())).then_some(*label)
    })
}

fn disk_row(disk: &Disk) -> Device {
    let kind = if disk.is_cloud_init() {
        "Cloud-init drive"
    } else if disk.is_cdrom() {
        "CD drive"
    } else if disk.key.starts_with("efidisk") {
        "EFI disk"
    } else if disk.key.starts_with("tpmstate") {
        "TPM state"
    } else {
        "Disk"
    };
    let place = disk
        .storage()
        .map(|storage| format!(" on {storage}"))
        .unwrap_or_default();
    let words = match (disk.volume(), disk.size()) {
        (None, _) => "Empty".to_owned(),
        (Some(_), Some(size)) => format!("{}{place}", size.capacity()),
        (Some(_), None) => format!("Size not available{place}"),
    };
    let mut detail = disk.name().unwrap_or_default().to_owned();
    let extras = disk.extras().join(", ");
    if !extras.is_empty() {
        if !detail.is_empty() {
            detail.push_str(" · ");
        }
        detail.push_str(&extras);
    }
    Device {
        key: disk.key.clone(),
        kind: kind.to_owned(),
        words,
        detail,
        mono: true,
        raw: disk.print(),
    }
}

fn nic_row(nic: &Nic) -> Device {
    let model = nic.model().unwrap_or("unknown model");
    Device {
        key: nic.key.clone(),
        kind: format!("Network interface, {model}"),
        words: nic.words(),
        detail: nic.mac().unwrap_or_default().to_owned(),
        mono: true,
        raw: nic.print(),
    }
}

fn other_rows(config: &ConfigMap) -> Vec<Device> {
    let row = |key: &str, kind: &str| {
        let raw = config::text(config, key)?;
        let words = config::words(config, key).map_or_else(|| raw.clone(), |(_, words)| words);
        let (kind, key) = (kind.to_owned(), key.to_owned());
        Some(Device {
            key,
            kind,
            words,
            detail: String::new(),
            mono: false,
            raw,
        })
    };
    let fixed = OTHERS.iter().filter_map(|(key, kind)| row(key, kind));
    let mut counted: Vec<&String> = config
        .keys()
        .filter(|key| numbered(key).is_some())
        .collect();
    counted.sort_by(|a, b| crate::domain::text::natural(a, b));
    fixed
        .chain(
            counted
                .into_iter()
                .filter_map(|key| row(key, numbered(key)?)),
        )
        .collect()
}

/// Disks, interfaces, display, other devices.
#[component]
pub fn Hardware() -> impl IntoView {
    let raw = use_raw();
    view! {
        <div class="vm-hardware">
            <WordsCard title="Processors and memory" tab=VmTab::Hardware flush=true>
                <Devices pick=processor_rows none="Neither cores nor memory are set" icon=IconName::Cpu/>
            </WordsCard>
            <Show when=move || !raw.get()>
                <DeviceCards/>
            </Show>
        </div>
    }
}

/// What is plugged in, by kind.
#[component]
fn DeviceCards() -> impl IntoView {
    view! {
            <ConfigCard title="Disks and drives" flush=true>
                <Devices
                    pick=|config| config::disks(config).iter().map(disk_row).collect()
                    none="No disks and no drives"
                    icon=IconName::Disk
                />
            </ConfigCard>
            <ConfigCard title="Network interfaces" flush=true>
                <Devices
                    pick=|config| config::nics(config).iter().map(nic_row).collect()
                    none="No network interface"
                    icon=IconName::Network
                />
            </ConfigCard>
            <ConfigCard title="Display and other devices" flush=true>
                <Devices pick=other_rows none="Display and controllers are the hypervisor's default" icon=IconName::Monitor/>
            </ConfigCard>
    }
}

fn processor_rows(config: &ConfigMap) -> Vec<Device> {
    [
        ("sockets", "Sockets"),
        ("cores", "Cores"),
        ("cpu", "CPU type"),
        ("memory", "Memory"),
        ("balloon", "Balloon"),
    ]
    .into_iter()
    .filter_map(|(key, kind)| {
        let (_, words) = config::words(config, key)?;
        Some(Device {
            key: key.to_owned(),
            kind: kind.to_owned(),
            words,
            detail: String::new(),
            mono: false,
            raw: config::text(config, key)?,
        })
    })
    .collect()
}

#[component]
fn Devices(
    pick: fn(&ConfigMap) -> Vec<Device>,
    none: &'static str,
    icon: IconName,
) -> impl IntoView {
    let vm = use_vm();
    let rows = Memo::new(move |_| {
        vm.config
            .with(|config| config.as_deref().map(pick).unwrap_or_default())
    });
    let is_empty = Memo::new(move |_| rows.with(Vec::is_empty));
    view! {
        <Show when=move || is_empty.get()>
            <EmptyState title=none icon=icon small=true/>
        </Show>
        <ul class="vm-devices">
            <For each=move || rows.get() key=|row| (row.key.clone(), row.raw.clone()) let:row>
                <DeviceRow device=row/>
            </For>
        </ul>
    }
}

#[component]
fn DeviceRow(device: Device) -> impl IntoView {
    let vm = use_vm();
    let Device {
        key,
        kind,
        words,
        detail,
        mono,
        raw,
    } = device;
    let addresses = Memo::new({
        let key = key.clone();
        move |_| {
            vm.nics.with(|nics| {
                let nic = nics.iter().find(|nic| nic.nic.key == key)?;
                let list = nic.addresses.join(", ");
                (!list.is_empty()).then(|| match nic.source {
                    Source::Guest => list,
                    Source::Configured => format!("{list} (configured)"),
                })
            })
        }
    });
    let next = Memo::new({
        let key = key.clone();
        move |_| waiting(vm, &key)
    });
    let what = format!("raw value of {key}");
    view! {
        <li class="vm-device">
            <span class="vm-device-key mono">{key}</span>
            <span class="vm-device-words">
                <span class="vm-device-main">{words}" "<span class="aside">{kind}</span></span>
                {(!detail.is_empty()).then(|| view! { <span class="vm-device-detail" class:mono=mono>{detail.clone()}</span> })}
                {move || addresses.get().map(|list| view! { <span class="vm-device-detail mono">{list}</span> })}
                {move || next.get().map(|next| view! { <Waits next=next/> })}
            </span>
            <span class="vm-device-raw">
                <code>{raw.clone()}</code>
                <CopyButton text=raw what=what/>
            </span>
        </li>
    }
}
