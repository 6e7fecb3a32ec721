//! What can be done to the selected VMs at once (guide: "Bulk Actions Bar").

use super::bulk_ask::Bulk;
use super::copy::CopyMenu;
use super::edit::{EditButton, MassEdit};
use crate::api::vms::Vm;
use crate::components::lazy::{Load, area_part};
use crate::components::{Button, ControlSize};
use crate::domain::ids::VmId;
use crate::domain::table::Selection;
use crate::domain::text::natural;
use crate::domain::vm_can::{self, PowerAction};
use crate::lazy_view;
use crate::paths;
use crate::screens::common::facts::vm_facts;
use crate::screens::common::power::shutting_down;
use crate::screens::common::vm_menu::migrate_refused;
use crate::screens::snapshots::{ManySnapshots, may};
use crate::stores::Live;
use leptos::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The actions that are offered for many, frequent first.
pub(super) const ACTIONS: [PowerAction; 4] = [
    PowerAction::Start,
    PowerAction::Shutdown,
    PowerAction::Reboot,
    PowerAction::Stop,
];

/// A VM that is left out, and why.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct LeftOut {
    /// Its name.
    pub name: String,
    /// Why.
    pub reason: String,
}

/// What an action on the selected VMs comes to.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Plan {
    /// What is done.
    pub action: PowerAction,
    /// To which.
    pub allowed: Vec<Arc<Vm>>,
    /// Which it can't be done to.
    pub left_out: Vec<LeftOut>,
}

impl Plan {
    /// For the VMs as they are now; tracked.
    pub fn new(live: &Live, vms: &[Arc<Vm>], action: PowerAction) -> Self {
        let shutting = shutting_down(live);
        let mut plan = Self {
            action,
            allowed: Vec::new(),
            left_out: Vec::new(),
        };
        for vm in vms {
            let facts = vm_facts(vm, false, shutting.contains(&vm.vmid));
            match vm_can::power(&facts, action) {
                Ok(()) => plan.allowed.push(Arc::clone(vm)),
                Err(reason) => plan.left_out.push(LeftOut {
                    name: live.vms.name(vm.vmid),
                    reason: reason.0,
                }),
            }
        }
        plan
    }

    /// "Start", "Start (2 of 3)".
    fn label(&self) -> String {
        let word = self.action.label();
        match (self.allowed.len(), self.left_out.len()) {
            (0, _) | (_, 0) => word.to_owned(),
            (allowed, left) => format!("{word} ({allowed} of {})", allowed + left),
        }
    }

    /// Why it can't be done to any of them.
    fn refused(&self) -> Option<String> {
        if !self.allowed.is_empty() {
            return None;
        }
        let first = self.left_out.first()?;
        Some(
            if self.left_out.iter().all(|vm| vm.reason == first.reason) {
                first.reason.clone()
            } else {
                let verb = self.action.label().to_lowercase();
                format!(
                    "None of them can be done: {verb}. {}: {}",
                    first.name, first.reason
                )
            },
        )
    }
}

/// Code of what is done with many: wanted once one is selected.
pub(super) const MANY: Load = || Box::pin(preload_bar());

/// The buttons of the bar.
#[component]
pub(super) fn BulkBar(bulk: Bulk, edit: MassEdit, shots: ManySnapshots) -> impl IntoView {
    area_part(
        MANY,
        move || Box::pin(bulk_bar(bulk, edit, shots)),
        Callback::new(|()| ()),
    )
}

lazy_view! {
    many, preload_bar,
    fn bulk_bar(bulk: Bulk, edit: MassEdit, shots: ManySnapshots) -> AnyView {
        view! { <Bar bulk=bulk edit=edit shots=shots/> }.into_any()
    }
}

#[component]
fn Bar(bulk: Bulk, edit: MassEdit, shots: ManySnapshots) -> impl IntoView {
    let power = ACTIONS
        .into_iter()
        .map(|action| view! { <BulkButton bulk=bulk action=action/> })
        .collect_view();
    view! {
        {power}
        <EditButton edit=edit/>
        <SnapshotButton bulk=bulk shots=shots/>
        <MigrateButton bulk=bulk/>
        <CopyMenu bulk=bulk/>
    }
}

/// Snapshots of those that can have one.
#[component]
fn SnapshotButton(bulk: Bulk, shots: ManySnapshots) -> impl IntoView {
    let able = Memo::new(move |_| {
        let chosen = bulk.chosen.get();
        let able = chosen.iter().filter(|vm| !vm.template);
        able.map(|vm| vm.vmid).collect::<BTreeSet<VmId>>()
    });
    let refused = Signal::derive(move || {
        may::create_many(&bulk.live()).or_else(|| {
            able.with(BTreeSet::is_empty)
                .then(|| "Templates do not change: they need no snapshots".to_owned())
        })
    });
    view! {
        <Button
            label="Snapshot"
            size=ControlSize::Small
            disabled=refused
            on_press=Callback::new(move |()| shots.open_with(able.get_untracked()))
        />
    }
}

/// The way to the wizard with those that can move.
#[component]
fn MigrateButton(bulk: Bulk) -> impl IntoView {
    let navigate = leptos_router::hooks::use_navigate();
    let movable = Memo::new(move |_| {
        let live = bulk.live();
        let vms = bulk.chosen.get();
        let (mut movable, mut first) = (Vec::new(), None);
        for vm in &vms {
            match migrate_refused(&live, vm) {
                None => movable.push(vm.vmid),
                Some(why) => drop(first.get_or_insert(why)),
            }
        }
        (movable, vms.len(), first)
    });
    let label = Signal::derive(move || {
        movable.with(|(movable, all, _)| match movable.len() {
            0 => "Migrate".to_owned(),
            own if own == *all => "Migrate".to_owned(),
            own => format!("Migrate ({own} of {all})"),
        })
    });
    let refused = Signal::derive(move || {
        movable.with(|(movable, _, why)| why.clone().filter(|_| movable.is_empty()))
    });
    let press = move |()| {
        let path = movable.with_untracked(|(vms, ..)| paths::migrate_where(vms, "", ""));
        navigate(&path, leptos_router::NavigateOptions::default());
    };
    view! { <Button label=label size=ControlSize::Small disabled=refused on_press=press/> }
}

#[component]
fn BulkButton(bulk: Bulk, action: PowerAction) -> impl IntoView {
    let plan = Memo::new(move |_| {
        let plan = Plan::new(&bulk.live(), &bulk.chosen.get(), action);
        (plan.label(), plan.refused())
    });
    let label = Signal::derive(move || plan.with(|(label, _)| label.clone()));
    let refused = Signal::derive(move || plan.with(|(_, refused)| refused.clone()));
    let look = if action.is_harsh() {
        crate::components::ButtonLook::DangerQuiet
    } else {
        crate::components::ButtonLook::Secondary
    };
    view! {
        <Button
            label=label
            look=look
            size=ControlSize::Small
            disabled=refused
            on_press=Callback::new(move |()| bulk.ask(action))
        />
    }
}

/// The rows that are selected, in the list's order; gone ones left out. Tracked.
pub(super) fn chosen(live: &Live, selection: &Selection<VmId>) -> Vec<Arc<Vm>> {
    if selection.is_empty() {
        return Vec::new();
    }
    live.vms
        .rows()
        .snapshot()
        .iter()
        .filter(|vm| selection.has(&vm.vmid))
        .cloned()
        .collect()
}

/// "3 running, 1 stopped · proxmox-01, proxmox-02".
pub(super) fn summary(live: &Live, selection: RwSignal<Selection<VmId>>) -> Signal<String> {
    let live = live.clone();
    Memo::new(move |_| {
        let vms = selection.with(|selection| chosen(&live, selection));
        let mut states: Vec<(String, usize)> = Vec::new();
        let mut nodes: Vec<&str> = Vec::new();
        for vm in &vms {
            let word = if vm.template {
                "template".to_owned()
            } else {
                crate::components::vm_look(&vm.status).2.to_lowercase()
            };
            match states.iter_mut().find(|(state, _)| *state == word) {
                Some((_, count)) => *count += 1,
                None => states.push((word, 1)),
            }
            if !vm.node.is_empty() && !nodes.contains(&vm.node.as_str()) {
                nodes.push(&vm.node);
            }
        }
        states.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        nodes.sort_by(|a, b| natural(a, b));
        let states: Vec<String> = states
            .iter()
            .map(|(state, count)| format!("{count} {state}"))
            .collect();
        let nodes = match nodes.len() {
            0..=3 => nodes.join(", "),
            many => format!("{many} nodes"),
        };
        format!("{} · {nodes}", states.join(", "))
    })
    .into()
}
