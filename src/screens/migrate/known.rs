//! What is known of the chosen VMs, the nodes and the storages, as far as the lists have come; the
//! rest is asked for, see [`super::asked`].

use super::asked::{Asked, ask};
use crate::api::vms::Vm;
use crate::api::{Contract, storage};
use crate::domain::ids::VmId;
use crate::domain::migrate::{Guest, Known, Loaded, Place, Pool};
use crate::domain::status::NodeStatus;
use crate::screens::common::facts::is_on;
use crate::stores::{Live, Status, Watch};
use leptos::prelude::*;
use std::sync::Arc;

/// A list that the wizard needs: whether it has come, and if not, why.
#[derive(Debug, Clone, Copy)]
pub struct List {
    /// What failed, should it fail.
    pub title: &'static str,
    /// Whether it has come.
    pub loaded: Signal<bool>,
    /// How loading stands.
    pub status: Signal<Status>,
    /// Tries again.
    pub retry: Callback<()>,
}

/// VMs, nodes, storages.
pub type Lists = [List; 3];

fn guest(vm: &Vm, asked: Asked) -> Guest {
    let busy = vm.cpu.filter(|_| is_on(vm)).zip(vm.cpus);
    let hardware = asked.hardware.with(|all| all.get(&vm.vmid).cloned());
    Guest {
        id: vm.vmid,
        name: if vm.name.is_empty() {
            format!("VM {}", vm.vmid)
        } else {
            vm.name.clone()
        },
        node: vm.node.clone(),
        status: vm.status.clone(),
        kind: vm.kind.clone(),
        template: vm.template,
        lock: vm.lock.clone(),
        ha: vm.hastate.clone().filter(|state| !state.is_empty()),
        memory: vm.maxmem,
        busy: busy.map(|(share, cores)| share.0 * f64::from(cores)),
        unread: hardware == Some(None),
        hardware: hardware.flatten(),
    }
}

fn list<T: PartialEq + Send + Sync + 'static>(title: &'static str, watch: Watch<T>) -> List {
    List {
        title,
        loaded: Memo::new(move |_| watch.value.with(Option::is_some)).into(),
        status: watch.status,
        retry: Callback::new(move |()| drop(watch.refresh())),
    }
}

fn places(live: &Live) -> (Memo<Vec<Place>>, List) {
    let (nodes, usage) = (live.nodes.watch(), live.node_usage.watch());
    let list = list("The nodes could not be loaded", nodes);
    let places = Memo::new(move |_| {
        let nodes = nodes.get().unwrap_or_default();
        let usage = usage.get().unwrap_or_default();
        let place = |node: &crate::api::nodes::NodeSummary| {
            let row = usage
                .iter()
                .find(|row| row.node.as_deref() == Some(node.name.as_str()));
            let cores = row.and_then(|row| row.maxcpu).or(node.cores);
            Place {
                name: node.name.clone(),
                online: node.status == NodeStatus::Online,
                memory: row.and_then(|row| row.maxmem).or(node.maxmem),
                used: row.and_then(|row| row.mem),
                cores,
                busy: row
                    .and_then(|row| row.cpu)
                    .zip(cores)
                    .map(|(share, cores)| share.0 * f64::from(cores)),
            }
        };
        nodes.iter().map(place).collect()
    });
    (places, list)
}

fn pools(live: &Live) -> (Memo<Vec<Pool>>, List) {
    let storages = live.storages.watch();
    let list = list("The storages could not be loaded", storages);
    let pools = Memo::new(move |_| {
        let storages = storages.get().unwrap_or_default();
        let pool = |own: &storage::Storage| Pool {
            name: own.storage.clone(),
            kind: own.kind.clone(),
            shared: own.shared,
            images: own.content.is_empty() || own.content.iter().any(|kind| kind == "images"),
            unusable: match (own.enabled, own.active) {
                (Some(false), _) => Some("disabled".to_owned()),
                (_, Some(false)) => Some("not online".to_owned()),
                _ => None,
            },
            total: own.total,
            free: own.available,
            nodes: own.nodes.clone(),
        };
        storages.iter().map(pool).collect()
    });
    (pools, list)
}

/// All of it, kept up to date while the page lives.
pub fn known(
    live: &Live,
    chosen: Memo<Vec<VmId>>,
    target: Memo<Option<String>>,
) -> (Memo<Known>, Asked, Lists) {
    let ((places, nodes), (pools, storages)) = (places(live), pools(live));
    // The rows are read from the store: the watch keeps them coming.
    let watch = live.vms.watch();
    let rows = live.vms.rows().clone();
    let vms = List {
        title: "The VM list could not be loaded",
        loaded: {
            let rows = rows.clone();
            Memo::new(move |_| rows.is_loaded()).into()
        },
        status: watch.status,
        retry: Callback::new(move |()| drop(watch.refresh())),
    };
    let listed: Memo<Vec<Arc<Vm>>> = Memo::new(move |_| {
        let roster = rows.roster();
        let find = |id: &VmId| roster.iter().find(|vm| vm.vmid == *id).cloned();
        chosen.with(|chosen| chosen.iter().filter_map(find).collect())
    });
    let asked = ask(live, listed, places, target);
    let (client, capabilities) = (live.client.clone(), live.capabilities());
    // Which contract it is, is known once the server was asked what it offers.
    let per_disk = Memo::new(move |_| {
        capabilities.track();
        client.contract() == Contract::Guide
    });
    let known = Memo::new(move |_| Known {
        guests: listed.with(|all| all.iter().map(|vm| guest(vm, asked)).collect()),
        places: places.get(),
        pools: pools.get(),
        told: asked.told.get(),
        bridges: asked.bridges.get(),
        loaded: Loaded {
            vms: vms.loaded.get(),
            nodes: nodes.loaded.get(),
            pools: storages.loaded.get(),
        },
        per_disk: per_disk.get(),
    });
    (known, asked, [vms, nodes, storages])
}
