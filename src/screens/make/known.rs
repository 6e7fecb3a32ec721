//! What is known of the cluster, read from the stores, and what is asked for per node.

use crate::api::{ApiError, networks, storage};
use crate::components::{Button, IconName, Note, Tone};
use crate::domain::provision::{Bridge, Known, NodeFacts, StorageFacts};
use crate::domain::status::{NodeStatus, VmStatus};
use crate::domain::units::Bytes;
use crate::stores::{Live, Status, spawn, use_live};
use futures_util::future::join_all;
use leptos::prelude::*;
use std::sync::Arc;

/// Nodes, storages and numbers in use, kept up to date while the page lives; bridges are those of
/// `node`, once they have come.
pub fn known(live: &Live, bridges: Signal<Option<Vec<Bridge>>>) -> Memo<Known> {
    let (vms, nodes, storages) = (live.vms.watch(), live.nodes.watch(), live.storages.watch());
    // The rows are read from the store: the watch keeps them coming.
    let _ = vms;
    let rows = live.vms.rows().clone();
    let parts = Memo::new(move |_| {
        let roster = rows.roster();
        let names = roster.iter().map(|vm| (vm.vmid.0, vm.name.clone()));
        let facts = |name: &str| {
            let running = roster
                .iter()
                .filter(|vm| vm.node == name && vm.status == VmStatus::Running);
            running.fold((0_u64, 0_u64), |(cores, memory), vm| {
                let own = vm.maxmem.map_or(0, |bytes| bytes.0);
                (
                    cores + u64::from(vm.cpus.unwrap_or(0)),
                    memory.saturating_add(own),
                )
            })
        };
        let nodes = nodes.get().unwrap_or_default();
        let nodes = nodes.iter().map(|node| {
            let (promised_cores, promised) = facts(&node.name);
            NodeFacts {
                name: node.name.clone(),
                online: node.status == NodeStatus::Online,
                cores: node.cores,
                memory: node.maxmem,
                used: None,
                promised_cores,
                promised: Bytes(promised),
            }
        });
        let storages = storages.get().unwrap_or_default();
        let storages = storages.iter().map(|own| StorageFacts {
            name: own.storage.clone(),
            kind: own.kind.clone(),
            content: own.content.clone(),
            nodes: own.nodes.clone(),
            shared: own.shared,
            usable: own.is_usable(),
            total: own.total,
            free: own.available,
        });
        Known {
            vms: Arc::new(names.collect()),
            nodes: nodes.collect(),
            storages: storages.collect(),
            bridges: None,
        }
    });
    Memo::new(move |_| Known {
        bridges: bridges.get(),
        ..parts.get()
    })
}

/// Bridges of a node, asked for whenever it changes; `None` until they have come, and where they
/// do not.
pub fn bridges(live: &Live, node: Signal<String>) -> RwSignal<Option<Vec<Bridge>>> {
    let found = RwSignal::new(None);
    let live = live.clone();
    let node = Memo::new(move |_| node.get());
    // Asking is an effect; what comes back is nobody else's to derive.
    Effect::new(move || {
        let (node, live) = (node.get(), live.clone());
        if node.is_empty() {
            return;
        }
        found.set(None);
        spawn::page(async move {
            let Ok(rows) = networks::list(&live.client, &node).await else {
                return;
            };
            let all = rows
                .good
                .into_iter()
                .filter(networks::NodeInterface::is_bridge);
            let all = all.map(|own| Bridge {
                vlan_aware: Some(own.bridge_vlan_aware == Some(true) || own.kind == "OVSBridge"),
                active: own.active,
                comment: own.comments.unwrap_or_default(),
                name: own.iface,
            });
            found.set(Some(all.collect()));
        });
    });
    found
}

/// What of the cluster could not be read and is not known from before: each with its reason, all
/// with a way to try again.
#[component]
pub fn Unread() -> impl IntoView {
    let live = use_live();
    let (vms, nodes, storages) = (live.vms.watch(), live.nodes.watch(), live.storages.watch());
    let rows = live.vms.rows().clone();
    let all = Memo::new(move |_| {
        let no_vms = !rows.is_loaded();
        let no_nodes = nodes.value.with(Option::is_none);
        let no_storages = storages.value.with(Option::is_none);
        let states = [
            ("VMs, and so the free IDs", no_vms, vms.status),
            ("Nodes", no_nodes, nodes.status),
            ("Storages", no_storages, storages.status),
        ];
        let of = |(what, missing, status): (&str, bool, Signal<Status>)| {
            let why =
                status.with(|status| status.error.as_ref().map(|error| error.message.clone()));
            why.filter(|_| missing).map(|why| format!("{what}: {why}"))
        };
        states.into_iter().filter_map(of).collect::<Vec<_>>()
    });
    let busy = Signal::derive(move || {
        [vms.status, nodes.status, storages.status]
            .iter()
            .any(|status| status.with(|status| status.in_flight))
    });
    let retry = move |()| {
        drop(vms.refresh());
        drop(nodes.refresh());
        drop(storages.refresh());
    };
    move || {
        let all = all.get();
        (!all.is_empty()).then(|| {
            view! {
                <div role="alert">
                    <Note tone=Tone::Bad>
                        <p>"Some of what this form chooses from could not be read:"</p>
                        {all.into_iter().map(|why| view! { <p class="quiet">{why}</p> }).collect_view()}
                        <div class="btn-row make-parked">
                            <Button label="Read again" icon=Signal::stored(IconName::Refresh) busy=busy on_press=retry/>
                        </div>
                    </Note>
                </div>
            }
        })
    }
}

/// A volume that a VM can be made from.
#[derive(Debug, Clone, PartialEq)]
pub struct Volume {
    pub volid: String,
    pub size: Option<Bytes>,
    /// `iso`, `image`, `snippets`.
    pub kind: &'static str,
    /// Behind its name: where it lies, or whose disk it is.
    pub about: String,
}

/// Volumes that a node reaches.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Volumes {
    pub all: Vec<Volume>,
    pub loading: bool,
    /// Storages that did not answer, and why.
    pub failed: Vec<String>,
}

/// Kinds of content that are looked through.
const KINDS: [&str; 4] = ["iso", "import", "images", "snippets"];

/// ISO images, images to copy and snippets that a node reaches, asked for whenever that changes.
pub fn volumes(live: &Live, node: Signal<String>, known: Memo<Known>) -> RwSignal<Volumes> {
    let found = RwSignal::new(Volumes {
        loading: true,
        ..Volumes::default()
    });
    let wanted = Memo::new(move |_| {
        let node = node.get();
        known.with(|known| {
            let mut wanted = Vec::new();
            for own in known
                .storages
                .iter()
                .filter(|own| own.usable && own.reaches(&node))
            {
                let kinds = KINDS.into_iter().filter(|kind| own.holds(kind));
                wanted.extend(kinds.map(|kind| (own.name.clone(), kind)));
            }
            wanted
        })
    });
    let live = live.clone();
    let storages = live.storages.watch();
    let unread = Memo::new(move |_| storages.status.with(|status| status.error.is_some()));
    Effect::new(move || {
        let (wanted, live) = (wanted.get(), live.clone());
        if wanted.is_empty() {
            // Nothing is on its way where there is nothing to look through.
            let loading = known.with(|known| known.storages.is_empty()) && !unread.get();
            found.set(Volumes {
                loading,
                ..Volumes::default()
            });
            return;
        }
        found.update(|found| found.loading = true);
        spawn::page(async move {
            let asked = wanted
                .iter()
                .map(|(name, kind)| storage::content(&live.client, name, kind));
            let told = join_all(asked).await;
            let mut volumes = Volumes::default();
            for ((name, kind), rows) in wanted.iter().zip(told) {
                match rows {
                    Ok(rows) => {
                        let read = |row| volume(&live, name, kind, row);
                        volumes.all.extend(rows.good.into_iter().filter_map(read));
                    }
                    Err(error) => volumes.failed.push(failed(name, &error)),
                }
            }
            found.set(volumes);
        });
    });
    found
}

fn failed(storage: &str, error: &ApiError) -> String {
    format!("{storage}: {}", error.message)
}

/// Disks of templates can be copied, those of other VMs change under one's hands.
fn volume(live: &Live, name: &str, kind: &str, row: storage::Content) -> Option<Volume> {
    let raw = |end: &str| row.volid.ends_with(end);
    let (kind, about) = match kind {
        "iso" if raw(".img") || raw(".qcow2") => ("image", name.to_owned()),
        "iso" => ("iso", name.to_owned()),
        "import" => ("image", name.to_owned()),
        "snippets" => ("snippets", name.to_owned()),
        _ => {
            let id = crate::domain::ids::VmId(row.vmid?);
            let vm = live.vms.rows().peek(&id).filter(|vm| vm.template)?;
            if row.volid.contains("cloudinit") {
                return None;
            }
            ("image", format!("disk of {}", vm.name))
        }
    };
    Some(Volume {
        volid: row.volid,
        size: row.size,
        kind,
        about,
    })
}
