//! Deleting a VM: what goes with it, what stays, and its name typed.

use super::call::curl_of;
use super::facts::vm_facts;
use super::force::{Force, ForceChoice};
use super::power::{VmAsk, remarks};
use crate::api::backups::Backup;
use crate::api::snapshots::Snapshot;
use crate::api::vms::{self, Vm, VmDetail};
use crate::components::time::format_near;
use crate::components::{Loss, Note, Tone, TypedConfirm};
use crate::domain::config::disks;
use crate::domain::ids::VmId;
use crate::domain::units::{Bytes, Instant, NONE, count};
use crate::domain::vm_can;
use crate::stores::actions::Failures;
use crate::stores::{Live, Status, Watch, use_live};
use leptos::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What the deletion takes along, read while the question stands.
#[component]
pub(super) fn DeleteDialog(vm: VmId, ask: VmAsk, on_close: Callback<()>) -> impl IntoView {
    let live = use_live();
    let name = live.vm_name(vm);
    let store = live.vm(vm);
    let (detail, snapshots, backups) = (
        store.detail.watch(),
        store.snapshots.watch(),
        store.backups.watch(),
    );
    let row: Signal<Option<Arc<Vm>>> = live.vms.rows().row(&vm).into();
    let known = row.get_untracked().or_else(|| live.known_vm(vm));
    let now = live.clock.now();
    let losses = Memo::new(move |_| {
        let mut lines = match known_or(detail, "What its disks hold") {
            Ok(detail) => disk_lines(&detail),
            Err(line) => vec![line],
        };
        lines.push(match known_or(snapshots, "Its snapshots") {
            Ok(snapshots) => snapshot_line(&snapshots, now),
            Err(line) => line,
        });
        lines.push(match known_or(backups, "Its backups") {
            Ok(backups) => backup_line(&backups),
            Err(line) => line,
        });
        lines
    });
    let refused = Signal::derive(move || {
        let protection = detail
            .value
            .with(|detail| detail.as_ref().and_then(|d| d.config.flag("protection")))
            .unwrap_or(false);
        let listed = row.get();
        let row = listed.or_else(|| detail.get().map(|detail| Arc::new(detail.vm.clone())))?;
        vm_can::delete(&vm_facts(&row, protection, false))
            .err()
            .map(|reason| reason.0)
    });
    let remarks = known.as_deref().map(remarks).unwrap_or_default();
    let choice = Force::new(false);
    let client = live.client.clone();
    let call = Signal::derive(move || curl_of(&client, &vms::delete_shown(vm, choice.is_on())));
    let on_confirm = choice.call_in_time(&live, format!("Delete {name}"), move |_, force| {
        move |live: &Live| {
            let deleting = live.actions.delete(vm, force, Failures::Caller);
            async move {
                let answer = deleting.await;
                if matches!(answer, Some(Ok(_))) {
                    ask.tell_deleted(vm);
                }
                answer
            }
        }
    });
    // A VM without a name is called by its number.
    let typed = known
        .map(|row| row.name.clone())
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| vm.to_string());
    view! {
        <TypedConfirm
            open=Signal::stored(true)
            on_close=on_close
            title=format!("Delete {name}?")
            name=typed
            lead="The VM and what only it holds are lost and can't be brought back:"
            losses=losses
            verb="Delete VM"
            keep=Signal::stored("Keep VM".to_owned())
            refused=refused
            on_confirm=on_confirm
            call=call
        >
            {remarks
                .iter()
                .cloned()
                .map(|remark| view! { <Note tone=Tone::Warn>{remark}</Note> })
                .collect_view()}
            {move || refused.get().map(|why| view! { <Note tone=Tone::Warn>{why}</Note> })}
            <ForceChoice choice=choice/>
        </TypedConfirm>
    }
}

/// The value, or a line that says why there is none.
fn known_or<T: PartialEq + Send + Sync + 'static>(
    watch: Watch<T>,
    what: &str,
) -> Result<Arc<T>, Loss> {
    let failed = watch
        .status
        .with(|status: &Status| status.error.as_ref().map(|error| error.message.clone()));
    watch.get().ok_or_else(|| match failed {
        Some(message) => Loss::new(format!("{what}: not known"), message),
        None => Loss::new(format!("{what} …"), ""),
    })
}

/// Disks by storage.
fn disk_lines(detail: &VmDetail) -> Vec<Loss> {
    let mut by_storage: BTreeMap<String, (usize, Option<u64>)> = BTreeMap::new();
    for disk in disks(&detail.config.0)
        .iter()
        .filter(|disk| disk.is_owned())
    {
        let storage = disk.storage().unwrap_or(NONE).to_owned();
        let (number, bytes) = by_storage.entry(storage).or_insert((0, Some(0)));
        *number += 1;
        *bytes = bytes
            .zip(disk.size())
            .map(|(sum, size)| sum.saturating_add(size.0));
    }
    if by_storage.is_empty() {
        return vec![Loss::new("No disks of its own", "")];
    }
    by_storage
        .into_iter()
        .map(|(storage, (number, bytes))| {
            let size = bytes.filter(|bytes| *bytes > 0).map(Bytes);
            Loss::new(
                format!("{} on {storage}", count(number, "disk", "disks")),
                size.map_or_else(String::new, |size| size.capacity().to_string()),
            )
        })
        .collect()
}

fn snapshot_line(snapshots: &[Snapshot], now: Instant) -> Loss {
    let own = || snapshots.iter().filter(|snapshot| !snapshot.is_current());
    let newest = own()
        .filter_map(|snapshot| snapshot.snaptime)
        .max_by_key(|at| at.millis);
    match own().count() {
        0 => Loss::new("No snapshots", ""),
        number => Loss::new(
            count(number, "snapshot", "snapshots"),
            newest.map_or_else(String::new, |at| format!("newest {}", format_near(at, now))),
        ),
    }
}

fn backup_line(backups: &[Backup]) -> Loss {
    let mut storages: Vec<&str> = backups.iter().filter_map(Backup::storage_name).collect();
    storages.sort_unstable();
    storages.dedup();
    match backups.len() {
        0 => Loss::new("No backups to restore it from", ""),
        1 => Loss::new("1 backup stays", storages.join(", ")),
        number => Loss::new(format!("{number} backups stay"), storages.join(", ")),
    }
}
