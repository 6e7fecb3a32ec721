//! What may be done with the snapshots of a VM: as the server offers it, and as the VM stands.

use crate::api::capabilities::Feature;
use crate::api::vms::Vm;
use crate::domain::vm_can::{self, Reason};
use crate::screens::common::facts::vm_facts;
use crate::stores::Live;
use leptos::prelude::*;

fn refused(live: &Live, feature: Feature, allowed: Result<(), Reason>) -> Option<String> {
    live.denies(feature)
        .or_else(|| allowed.err().map(|reason| reason.0))
}

/// Why no snapshot can be taken now; tracked.
#[must_use]
pub fn create(live: &Live, vm: &Vm) -> Option<String> {
    let allowed = vm_can::snapshot(&vm_facts(vm, false, false));
    refused(live, Feature::Snapshot, allowed)
}

/// Why the memory can't be kept with it.
#[must_use]
pub fn keep_memory(vm: &Vm) -> Option<String> {
    let allowed = vm_can::snapshot_memory(&vm_facts(vm, false, false));
    allowed.err().map(|reason| reason.0)
}

/// Why none can be deleted now; tracked.
#[must_use]
pub fn delete(live: &Live, vm: &Vm) -> Option<String> {
    let allowed = vm_can::delete_snapshot(&vm_facts(vm, false, false));
    refused(live, Feature::DeleteSnapshot, allowed)
}

/// Why several can't be deleted now, whatever their VMs; tracked.
#[must_use]
pub fn sweep(live: &Live) -> Option<String> {
    refused(live, Feature::DeleteSnapshot, Ok(())).or_else(|| busy(live))
}

/// Why several VMs can't be rolled back now, whatever their states; tracked.
#[must_use]
pub fn roll_back_many(live: &Live) -> Option<String> {
    refused(live, Feature::RollBack, Ok(())).or_else(|| busy(live))
}

fn busy(live: &Live) -> Option<String> {
    let sweep = live.sweeps.sweep();
    live.sweeps.is_running().then(|| {
        let what = sweep.with(|sweep| sweep.as_ref().map(|sweep| sweep.title()));
        let what = what.unwrap_or_else(|| "Other snapshots".to_owned());
        format!("{what}: under way, wait until that has ended")
    })
}

/// Why the VM can't be rolled back now; tracked.
#[must_use]
pub fn roll_back(live: &Live, vm: &Vm) -> Option<String> {
    let allowed = vm_can::roll_back(&vm_facts(vm, false, false));
    refused(live, Feature::RollBack, allowed)
}

/// Why no snapshots of many VMs can be taken at once; tracked.
#[must_use]
pub fn create_many(live: &Live) -> Option<String> {
    refused(live, Feature::BulkSnapshot, Ok(()))
}
