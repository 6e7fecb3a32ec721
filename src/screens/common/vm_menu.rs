//! The actions on a VM as a menu: the same in the list, on its page and wherever it is named.

use super::facts::vm_facts;
use super::power::{VmAsk, is_shutting_down};
use crate::api::capabilities::Feature;
use crate::api::vms::Vm;
use crate::components::{IconName, MenuItem};
use crate::domain::vm_can::{self, PowerAction};
use crate::paths;
use crate::screens::backups::may;
use crate::stores::Live;

const fn icon(action: PowerAction) -> IconName {
    match action {
        PowerAction::Start | PowerAction::Resume => IconName::Play,
        PowerAction::Shutdown => IconName::Power,
        PowerAction::Reboot => IconName::Refresh,
        PowerAction::Suspend => IconName::Pause,
        PowerAction::Reset => IconName::Reset,
        PowerAction::Stop => IconName::Square,
    }
}

/// One power action on a VM, disabled with the reason where its state does not allow it. Tracks
/// the running tasks: a shutdown under way changes what may be done.
#[must_use]
pub fn power_item(live: &Live, vm: &Vm, action: PowerAction, ask: VmAsk) -> MenuItem {
    let (id, facts) = (
        vm.vmid,
        vm_facts(vm, false, is_shutting_down(live, vm.vmid)),
    );
    let reason = vm_can::power(&facts, action).err().map(|reason| reason.0);
    MenuItem::new(action.as_str(), action.label(), move || {
        ask.power(id, action);
    })
    .icon(icon(action))
    .disabled(reason)
}

/// What is most likely wanted in the VM's state: for a button of its own.
#[must_use]
pub fn primary_item(live: &Live, vm: &Vm, ask: VmAsk) -> MenuItem {
    power_item(live, vm, vm_can::primary(&vm.status), ask)
}

/// The way to its console, disabled with the reason.
#[must_use]
pub fn console_item(live: &Live, vm: &Vm) -> MenuItem {
    MenuItem::link(
        "console",
        "Console",
        paths::href(&paths::vm_console(vm.vmid, None, false)),
    )
    .icon(IconName::Console)
    .disabled(console_refused(live, vm))
}

/// Why it has no console; tracked. One that is off has: its page waits for it.
#[must_use]
pub fn console_refused(live: &Live, vm: &Vm) -> Option<String> {
    if vm.template {
        return Some("A template does not run".to_owned());
    }
    live.denies(Feature::Console)
}

/// The way to the form that copies it, disabled with the reason.
#[must_use]
pub fn clone_item(live: &Live, vm: &Vm) -> MenuItem {
    MenuItem::link("clone", "Clone", paths::href(&paths::clone_vm(vm.vmid, "")))
        .icon(IconName::Copy)
        .disabled(clone_refused(live, vm))
}

/// The way to the form that takes a snapshot of it, disabled with the reason.
#[must_use]
pub fn snapshot_item(live: &Live, vm: &Vm) -> MenuItem {
    let href = paths::href(&paths::take_snapshot(vm.vmid));
    let reason = live.denies(Feature::Snapshot).or_else(|| {
        let allowed = vm_can::snapshot(&vm_facts(vm, false, false));
        allowed.err().map(|reason| reason.0)
    });
    MenuItem::link("snapshot", "Take snapshot", href)
        .icon(IconName::Camera)
        .disabled(reason)
}

/// The way to the form that backs it up, disabled with the reason.
#[must_use]
pub fn backup_item(live: &Live, vm: &Vm) -> MenuItem {
    MenuItem::link("backup", "Back up", paths::href(&paths::back_up(vm.vmid)))
        .icon(IconName::Backup)
        .disabled(may::back_up(live, vm))
}

/// Why it can't be copied now; tracked.
#[must_use]
pub fn clone_refused(live: &Live, vm: &Vm) -> Option<String> {
    live.denies(Feature::Clone).or_else(|| {
        let facts = vm_facts(vm, false, false);
        vm_can::copy(&facts).err().map(|reason| reason.0)
    })
}

/// The way to the wizard that moves it, disabled with the reason.
#[must_use]
pub fn migrate_item(live: &Live, vm: &Vm) -> MenuItem {
    let href = paths::href(&paths::migrate_where(&[vm.vmid], "", ""));
    MenuItem::link("migrate", "Migrate", href)
        .icon(IconName::ArrowRight)
        .disabled(migrate_refused(live, vm))
}

/// Why it can't be moved now; tracked.
#[must_use]
pub fn migrate_refused(live: &Live, vm: &Vm) -> Option<String> {
    live.denies(Feature::Migrate).or_else(|| {
        let facts = vm_facts(vm, false, false);
        vm_can::migrate(&facts).err().map(|reason| reason.0)
    })
}

/// All actions on a VM: frequent first, destructive last. Call it where its signals are tracked,
/// so that an open menu keeps up with the VM.
#[must_use]
pub fn vm_menu_items(live: &Live, vm: &Vm, ask: VmAsk) -> Vec<MenuItem> {
    let id = vm.vmid;
    let mut items: Vec<MenuItem> = PowerAction::ALL
        .into_iter()
        .map(|action| power_item(live, vm, action, ask))
        .collect();
    // Cutting the power destroys; so it stands with deletion, away from Shut down.
    let harsh = items.pop();
    items.push(console_item(live, vm));
    items.push(migrate_item(live, vm));
    items.push(clone_item(live, vm));
    items.push(snapshot_item(live, vm));
    items.push(backup_item(live, vm));
    items.extend(harsh.map(MenuItem::danger));
    let reason = vm_can::delete(&vm_facts(vm, false, false)).err();
    items.push(
        MenuItem::new("delete", "Delete", move || ask.delete(id))
            .icon(IconName::Trash)
            .disabled(reason.map(|reason| reason.0))
            .danger(),
    );
    items
}

/// The same for a row of a list: opening the VM's page comes first.
#[must_use]
pub fn vm_row_menu(live: &Live, vm: &Vm, ask: VmAsk) -> Vec<MenuItem> {
    let open = MenuItem::link("open", "Open", paths::href(&paths::vm(vm.vmid)));
    let mut items = vec![open.icon(IconName::Monitor)];
    items.extend(vm_menu_items(live, vm, ask));
    items
}
