//! What the wizard reads: the backups there are, what is in the chosen one, the VM that it is of.

use crate::api::backups::{self, Backup, BackupQuery};
use crate::api::capabilities::Feature;
use crate::api::snapshots::Snapshot;
use crate::api::vms::{Vm, VmDetail};
use crate::components::ErrorView;
use crate::domain::config::{self, ConfigMap};
use crate::domain::ids::VmId;
use crate::domain::provision::{RestoreSource, Standing};
use crate::domain::vm_can;
use crate::screens::backups::may;
use crate::screens::common::faces::error_view;
use crate::screens::common::facts::vm_facts;
use crate::stores::{Live, spawn, use_live};
use leptos::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// All backups, as they were when the wizard was opened.
#[derive(Debug, Clone, PartialEq)]
pub enum Listed {
    Asked,
    Failed(ErrorView),
    /// And how many rows of the list mean nothing.
    Known(Arc<Vec<Arc<Backup>>>, usize),
}

/// Reads them, and again when that failed and somebody presses.
pub fn list() -> (RwSignal<Listed>, Callback<()>) {
    let live = use_live();
    let state = RwSignal::new(Listed::Asked);
    let tries = RwSignal::new(0_u32);
    // Asking is an effect; what comes back is nobody else's to derive.
    Effect::new(move || {
        tries.track();
        let live = live.clone();
        state.set(Listed::Asked);
        spawn::page(async move {
            let answer = backups::list(&live.client, &BackupQuery::default()).await;
            let _ = state.try_set(match answer {
                Ok(rows) => {
                    let good = rows.good.into_iter().map(Arc::new);
                    Listed::Known(Arc::new(good.collect()), rows.bad)
                }
                Err(error) => {
                    let title = "The backups could not be loaded";
                    Listed::Failed(error_view(title, &error, live.clock.now()))
                }
            });
        });
    });
    (
        state,
        Callback::new(move |()| tries.update(|tries| *tries += 1)),
    )
}

/// What is in the chosen backup: its volume ID, and its configuration or why that can't be read.
type Inside = Option<(String, Result<Arc<ConfigMap>, String>)>;

/// Reads it whenever another is chosen.
fn inside(live: &Live, chosen: Memo<Option<Arc<Backup>>>) -> RwSignal<Inside> {
    let found = RwSignal::new(None);
    let live = live.clone();
    Effect::new(move || {
        let Some(backup) = chosen.get() else { return };
        if let Some(why) = may::read_config(&live) {
            found.set(Some((backup.volid.clone(), Err(why))));
            return;
        }
        let live = live.clone();
        spawn::page(async move {
            let answer = backups::config(&live.client, &backup).await;
            let told = answer.map(Arc::new).map_err(|error| error.message.clone());
            // Another may have been chosen meanwhile, and its answer be there.
            let wanted = chosen.try_with_untracked(|own| {
                own.as_ref().is_some_and(|own| own.volid == backup.volid)
            });
            if wanted == Some(true) {
                let _ = found.try_set(Some((backup.volid.clone(), told)));
            }
        });
    });
    found
}

/// Everything about the chosen backup and the VM that has its number.
#[derive(Clone, Copy)]
pub struct Facts {
    pub chosen: Memo<Option<Arc<Backup>>>,
    pub source: Memo<RestoreSource>,
    /// Why its configuration could not be read.
    pub unread: Memo<Option<String>>,
    /// Whether what is in it is known, or known not to be had.
    pub settled: Memo<bool>,
    /// The VM with its number, if there is one.
    pub vm: Memo<Option<Arc<Vm>>>,
    pub standing: Memo<Option<Standing>>,
    /// Its disks, as name and size.
    pub detail: Memo<Option<Arc<VmDetail>>>,
    pub snapshots: Memo<Option<Arc<Vec<Snapshot>>>>,
}

impl Facts {
    pub fn new(live: &Live, all: Arc<Vec<Arc<Backup>>>, volid: RwSignal<String>) -> Self {
        let chosen = Memo::new(move |_| {
            volid.with(|volid| all.iter().find(|own| own.volid == *volid).cloned())
        });
        let inside = inside(live, chosen);
        let rows = live.vms.rows().clone();
        let vm = Memo::new(move |_| {
            let id = chosen.with(|own| own.as_ref().and_then(|own| own.vmid))?;
            rows.roster().iter().find(|row| row.vmid == id).cloned()
        });
        let there = Memo::new(move |_| vm.with(|vm| vm.as_ref().map(|vm| vm.vmid)));
        let (detail, snapshots) = watched(live, there);
        let own = Memo::new(move |_| {
            let volid = volid.get();
            inside.with(|inside| inside.clone().filter(|(of, _)| *of == volid))
        });
        let source = {
            let live = live.clone();
            Memo::new(move |_| {
                let Some(backup) = chosen.get() else {
                    return RestoreSource::default();
                };
                let mut source = RestoreSource {
                    volid: backup.volid.clone(),
                    storage: backup.storage_name().unwrap_or_default().to_owned(),
                    vm: backup.vmid.unwrap_or_default(),
                    name: vm
                        .with(|vm| vm.as_ref().map(|vm| vm.name.clone()))
                        .unwrap_or_default(),
                    damaged: backup.is_damaged(),
                    maps: live.offers(Feature::RestoreMapping).is_yes(),
                    ..RestoreSource::default()
                };
                if let Some((_, Ok(config))) = own.get() {
                    source.read(&config);
                }
                source
            })
        };
        Self {
            chosen,
            source,
            unread: Memo::new(move |_| own.with(|own| own.as_ref()?.1.as_ref().err().cloned())),
            settled: Memo::new(move |_| own.with(Option::is_some)),
            vm,
            standing: Memo::new(move |_| {
                let row = vm.get()?;
                Some(detail.with(|detail| standing(&row, detail.as_deref())))
            }),
            detail,
            snapshots,
        }
    }
}

type Read<T> = Memo<Option<Arc<T>>>;

/// The detail and the snapshots of a VM while there is one.
fn watched(live: &Live, there: Memo<Option<VmId>>) -> (Read<VmDetail>, Read<Vec<Snapshot>>) {
    let live = live.clone();
    // The memo owns the reading: it ends when another VM is looked at.
    let watch = Memo::new_with_compare(
        move |_| {
            let store = live.vm(there.get()?);
            Some((store.detail.watch().value, store.snapshots.watch().value))
        },
        |_, _| true,
    );
    (
        Memo::new(move |_| watch.get().and_then(|(detail, _)| detail.get())),
        Memo::new(move |_| watch.get().and_then(|(_, snapshots)| snapshots.get())),
    )
}

fn standing(row: &Vm, detail: Option<&VmDetail>) -> Standing {
    let config = detail.map(|detail| &detail.config.0);
    let protected = config.is_some_and(|config| {
        let flag = config::text(config, "protection");
        flag.is_some_and(|flag| flag == "1")
    });
    let mut holds = BTreeMap::new();
    for disk in config.map(config::disks).unwrap_or_default() {
        if let (true, Some(storage), Some(size)) = (disk.is_owned(), disk.storage(), disk.size()) {
            *holds.entry(storage.to_owned()).or_default() += size.0;
        }
    }
    let allowed = vm_can::restore_over(&vm_facts(row, protected, false));
    Standing {
        name: row.name.clone(),
        node: row.node.clone(),
        refused: allowed.err().map(|reason| reason.0),
        holds,
    }
}
