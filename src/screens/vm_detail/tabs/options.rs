use super::facts::ConfigFact;
use super::hardware::is_hardware;
use super::raw::WordsCard;
use crate::components::Facts;
use crate::domain::config;
use crate::paths::VmTab;
use crate::screens::vm_detail::model::use_vm;
use leptos::prelude::*;

/// Keys that this tab or the first one says in words.
const TOLD: [&str; 17] = [
    "name",
    "description",
    "ostype",
    "cores",
    "sockets",
    "cpu",
    "memory",
    "balloon",
    "boot",
    "bootdisk",
    "onboot",
    "startup",
    "agent",
    "protection",
    "hotplug",
    "tags",
    "digest",
];

/// How it starts and what it may do.
#[component]
pub fn Options() -> impl IntoView {
    view! {
        <div class="vm-options">
            <WordsCard title="Options" tab=VmTab::Options>
                <Facts>
                    <ConfigFact key="name" label="Name"/>
                    <ConfigFact key="onboot" label="Start at boot" unset="No"/>
                    <ConfigFact key="startup" label="Start order" unset="Any"/>
                    <ConfigFact key="boot" label="Boot order" unset="Default"/>
                    <ConfigFact key="agent" label="QEMU guest agent" unset="Off"/>
                    <ConfigFact key="balloon" label="Balloon device" unset="On, memory fixed"/>
                    <ConfigFact key="protection" label="Protection" unset="Off"/>
                    <ConfigFact key="hotplug" label="Hotplug" unset="Default: disk, network, usb"/>
                    <ConfigFact key="acpi" label="ACPI" unset="On"/>
                    <ConfigFact key="kvm" label="KVM" unset="On"/>
                    <ConfigFact key="tablet" label="USB tablet" unset="On"/>
                    <ConfigFact key="hookscript" label="Hook script" unset="None"/>
                    <Others/>
                </Facts>
            </WordsCard>
        </div>
    }
}

/// Whatever else is set and is neither hardware nor said above.
#[component]
fn Others() -> impl IntoView {
    let vm = use_vm();
    let rows = Memo::new(move |_| {
        vm.config.with(|config| {
            let Some(config) = config.as_deref() else {
                return Vec::new();
            };
            config
                .keys()
                .filter(|key| !TOLD.contains(&key.as_str()) && !is_hardware(key))
                .filter(|key| !matches!(key.as_str(), "acpi" | "kvm" | "hookscript"))
                .filter_map(|key| config::words(config, key))
                .collect::<Vec<_>>()
        })
    });
    move || {
        rows.get()
            .into_iter()
            .map(|(label, value)| view! { <dt>{label}</dt><dd>{value}</dd> })
            .collect_view()
    }
}
