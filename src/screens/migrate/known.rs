//! What is known of the chosen VMs, the nodes and the storages; and what the server is asked about
//! them: the configuration of each VM once, the check for each node once, and again when the VM
//! has changed.

use crate::api::migrate::{self, Check};
use crate::api::vms::{self, Vm};
use crate::api::{ApiError, Contract};
use crate::domain::config::{self, ConfigMap};
use crate::domain::ids::VmId;
use crate::domain::migrate::{
    DriveKind, Guest, Hardware, Known, Place, Pool, Told, devices, drives,
};
use crate::domain::status::NodeStatus;
use crate::screens::common::facts::is_on;
use crate::stores::{Live, spawn};
use futures_util::future::join_all;
use leptos::prelude::*;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

/// Checks that are asked at once.
const AT_ONCE: usize = 4;
/// More pairs than this are checked for the chosen node alone.
const MOST_PAIRS: usize = 120;

type Hardwares = BTreeMap<VmId, Hardware>;
type Answers = BTreeMap<(VmId, String), Told>;

/// What the server is asked, and what it said.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    hardware: RwSignal<Hardwares>,
    told: RwSignal<Answers>,
    /// Goes up when a VM was changed here, so that it is asked about again.
    changed: RwSignal<BTreeMap<VmId, u32>>,
}

impl Asked {
    /// A VM was changed: what was said of it is old.
    pub fn again(self, vm: VmId) {
        self.changed
            .update(|changed| *changed.entry(vm).or_default() += 1);
    }
}

fn guest(vm: &Vm, hardware: &Hardwares) -> Guest {
    let busy = vm.cpu.filter(|_| is_on(vm)).zip(vm.cpus);
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
        hardware: hardware.get(&vm.vmid).cloned(),
    }
}

fn places(live: &Live) -> Memo<Vec<Place>> {
    let (nodes, usage) = (live.nodes.watch(), live.node_usage.watch());
    Memo::new(move |_| {
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
    })
}

fn pools(live: &Live) -> Memo<Vec<Pool>> {
    let storages = live.storages.watch();
    Memo::new(move |_| {
        let storages = storages.get().unwrap_or_default();
        let pool = |own: &crate::api::storage::Storage| Pool {
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
    })
}

/// All of it, kept up to date while the page lives.
pub fn known(
    live: &Live,
    chosen: Memo<Vec<VmId>>,
    target: Memo<Option<String>>,
) -> (Memo<Known>, Asked) {
    let asked = Asked {
        hardware: RwSignal::new(BTreeMap::new()),
        told: RwSignal::new(BTreeMap::new()),
        changed: RwSignal::new(BTreeMap::new()),
    };
    let (places, pools) = (places(live), pools(live));
    // The rows are read from the store: the watch keeps them coming.
    let _ = live.vms.watch();
    let rows = live.vms.rows().clone();
    let listed: Memo<Vec<Arc<Vm>>> = Memo::new(move |_| {
        let roster = rows.roster();
        let find = |id: &VmId| roster.iter().find(|vm| vm.vmid == *id).cloned();
        chosen.with(|chosen| chosen.iter().filter_map(find).collect())
    });
    ask_hardware(live, listed, asked);
    ask_checks(live, listed, places, target, asked);
    let (client, capabilities) = (live.client.clone(), live.capabilities());
    // Which contract it is, is known once the server was asked what it offers.
    let per_disk = Memo::new(move |_| {
        capabilities.track();
        client.contract() == Contract::Guide
    });
    let known = Memo::new(move |_| Known {
        guests: asked
            .hardware
            .with(|own| listed.with(|all| all.iter().map(|vm| guest(vm, own)).collect())),
        places: places.get(),
        pools: pools.get(),
        told: asked.told.get(),
        per_disk: per_disk.get(),
    });
    (known, asked)
}

fn ask_hardware(live: &Live, listed: Memo<Vec<Arc<Vm>>>, asked: Asked) {
    let wanted = Memo::new(move |_| {
        let changed = asked.changed.get();
        listed.with(|all| {
            all.iter()
                .map(|vm| (vm.vmid, changed.get(&vm.vmid).copied().unwrap_or(0)))
                .collect::<BTreeSet<_>>()
        })
    });
    let seen: StoredValue<HashSet<(VmId, u32)>> = StoredValue::new(HashSet::new());
    let live = live.clone();
    // Asking is an effect; what comes back is nobody else's to derive.
    Effect::new(move || {
        let new: Vec<(VmId, u32)> = wanted.with(|wanted| {
            wanted
                .iter()
                .filter(|own| !seen.with_value(|seen| seen.contains(own)))
                .copied()
                .collect()
        });
        if new.is_empty() {
            return;
        }
        seen.update_value(|seen| seen.extend(new.iter().copied()));
        let live = live.clone();
        spawn::page(async move {
            for part in new.chunks(AT_ONCE) {
                let calls = part.iter().map(|(vm, _)| vms::config(&live.client, *vm));
                let told = join_all(calls).await;
                asked.hardware.update(|all| {
                    for ((vm, _), config) in part.iter().zip(told) {
                        // Without it the server's own check still says what matters.
                        if let Ok(config) = config {
                            all.insert(*vm, hardware_of(&config.0));
                        }
                    }
                });
            }
        });
    });
}

fn hardware_of(config: &ConfigMap) -> Hardware {
    let (drives, devices) = (drives(config), devices(config));
    let media = drives.iter().filter(|own| own.kind == DriveKind::Cd);
    let texts = media
        .map(|own| &own.key)
        .chain(&devices)
        .filter_map(|key| Some((key.clone(), config::text(config, key)?)))
        .collect();
    Hardware {
        drives,
        devices,
        texts,
    }
}

/// What is asked: a VM, a node, and what it was asked for.
type Question = (VmId, String, String);

fn ask_checks(
    live: &Live,
    listed: Memo<Vec<Arc<Vm>>>,
    places: Memo<Vec<Place>>,
    target: Memo<Option<String>>,
    asked: Asked,
) {
    let wanted: Memo<Vec<Question>> = Memo::new(move |_| {
        let (changed, target) = (asked.changed.get(), target.get());
        let places = places.get();
        listed.with(|all| {
            let many = all.len() * places.len() > MOST_PAIRS;
            let mut wanted = Vec::new();
            for vm in all {
                let changed = changed.get(&vm.vmid).copied().unwrap_or(0);
                let state = format!("{} {} {:?} {changed}", vm.node, vm.status, vm.lock);
                for place in &places {
                    let chosen = target.as_deref() == Some(place.name.as_str());
                    if place.name != vm.node && (chosen || !many) {
                        let state = format!("{state} {}", place.online);
                        wanted.push((vm.vmid, place.name.clone(), state));
                    }
                }
            }
            wanted
        })
    });
    let seen: StoredValue<HashSet<Question>> = StoredValue::new(HashSet::new());
    let live = live.clone();
    Effect::new(move || {
        let mut new: Vec<Question> = wanted.get();
        new.retain(|own| !seen.with_value(|seen| seen.contains(own)));
        if new.is_empty() {
            return;
        }
        // The node that is chosen comes first.
        let first = target.get_untracked();
        new.sort_by_key(|(_, node, _)| Some(node) != first.as_ref());
        seen.update_value(|seen| seen.extend(new.iter().cloned()));
        asked.told.update(|told| {
            for (vm, node, _) in &new {
                // What was said stands until the new answer comes.
                told.entry((*vm, node.clone())).or_insert(Told::Asked);
            }
        });
        let live = live.clone();
        spawn::page(async move {
            for part in new.chunks(AT_ONCE) {
                let calls = part
                    .iter()
                    .map(|(vm, node, _)| migrate::check(&live.client, *vm, node));
                let answers = join_all(calls).await;
                asked.told.update(|told| {
                    for ((vm, node, _), answer) in part.iter().zip(answers) {
                        told.insert((*vm, node.clone()), told_of(answer));
                    }
                });
            }
        });
    });
}

fn told_of(answer: Result<Check, ApiError>) -> Told {
    match answer {
        Err(error) => Told::Nothing(Some(error.message.clone())),
        Ok(check) if check.is_silent() => Told::Nothing(None),
        Ok(check) => Told::Said {
            allowed: check.allowed.unwrap_or(check.errors.is_empty()),
            errors: check.errors,
            warnings: check.warnings,
            local: check
                .local_disks
                .into_iter()
                .map(|disk| (disk.volid, disk.size))
                .collect(),
            storages: check
                .target_storages
                .into_iter()
                .map(|own| (own.storage, own.available))
                .collect(),
        },
    }
}
