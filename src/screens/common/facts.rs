//! A VM of the API, as the rules of the domain look at it.

use crate::api::vms::Vm;
use crate::domain::ids::VmId;
use crate::domain::status::VmStatus;
use crate::domain::vm_can::VmFacts;
use crate::domain::vm_list::{ListState, Matcher, RowFacts};
use std::collections::HashSet;
use std::sync::Arc;

/// For [`crate::domain::vm_can`]. The list does not say whether protection is on; `protection` and
/// `shutting_down` come from elsewhere where they are known.
#[must_use]
pub fn vm_facts(vm: &Vm, protection: bool, shutting_down: bool) -> VmFacts<'_> {
    VmFacts {
        status: &vm.status,
        kind: &vm.kind,
        template: vm.template,
        lock: vm.lock.as_ref(),
        protection,
        shutting_down,
    }
}

/// Whether the VM holds memory and has figures: a VM that is off sends zeros, which measure nothing.
#[must_use]
pub fn is_on(vm: &Vm) -> bool {
    !matches!(vm.status, VmStatus::Stopped | VmStatus::Suspended)
}

/// For [`crate::domain::vm_list`]. `network` is bytes per second, in and out, where known.
#[must_use]
pub fn row_facts(vm: &Vm, network: Option<f64>) -> RowFacts<'_> {
    let running = is_on(vm);
    RowFacts {
        vmid: vm.vmid,
        name: &vm.name,
        node: &vm.node,
        status: &vm.status,
        template: vm.template,
        tags: &vm.tags,
        pool: vm.pool.as_deref(),
        kind: vm.kind.as_str(),
        ha: vm.hastate.as_deref().filter(|state| !state.is_empty()),
        lock: vm.lock.as_ref(),
        cpu: vm.cpu.filter(|_| running).map(|share| share.0),
        mem: vm.mem.filter(|_| running),
        maxmem: vm.maxmem,
        disk: vm.disk.filter(|used| used.0 > 0),
        maxdisk: vm.maxdisk,
        network: network.filter(|_| running),
        uptime: vm.uptime.filter(|_| running).map(|uptime| uptime.0),
    }
}

/// The VMs that a search means, as the box of the VM list takes it.
#[must_use]
pub fn matching(roster: &[Arc<Vm>], search: &str) -> HashSet<VmId> {
    let state = ListState {
        search: search.to_owned(),
        ..ListState::default()
    };
    let matcher = Matcher::new(&state, None);
    let fits = roster
        .iter()
        .filter(|vm| matcher.matches(&row_facts(vm, None)));
    fits.map(|vm| vm.vmid).collect()
}
