//! What a run over many VMs does to each of them.

use super::model::{NewSnapshot, World};
use super::refusal::Refusal;
use super::work::{self, Plan};
use crate::domain::snapshot::pattern;
use crate::domain::status::VmStatus;
use crate::domain::vm_can::PowerAction;

/// What is done to each VM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// A power action.
    Power(PowerAction),
    /// A snapshot, whose name is a pattern.
    Snapshot(NewSnapshot),
}

const fn past(action: PowerAction) -> &'static str {
    match action {
        PowerAction::Start => "started",
        PowerAction::Stop => "stopped",
        PowerAction::Shutdown => "shut down",
        PowerAction::Reboot => "rebooted",
        PowerAction::Reset => "reset",
        PowerAction::Suspend => "paused",
        PowerAction::Resume => "resumed",
    }
}

impl Deed {
    /// The name of a snapshot for one VM, its pattern filled in.
    ///
    /// # Errors
    /// What the pattern holds that nobody knows.
    pub fn name_for(world: &World, vm: u32, pattern: &str) -> Result<String, Refusal> {
        let name = world.vms.get(&vm).map_or("", |vm| vm.name.as_str());
        pattern::fill(pattern, name, world.instant())
            .map_err(|why| Refusal::invalid("Invalid snapshot name", "snapshotName", &why))
    }

    /// Does it to one VM, with so many seconds for a guest to go down.
    ///
    /// # Errors
    /// Why it is refused.
    pub fn begin(
        &self,
        world: &mut World,
        vm: u32,
        patience: Option<u32>,
    ) -> Result<Plan, Refusal> {
        match self {
            Self::Power(action) => work::power_within(world, vm, *action, patience),
            Self::Snapshot(new) => {
                let name = Self::name_for(world, vm, &new.name)?;
                work::create_snapshot(
                    world,
                    vm,
                    NewSnapshot {
                        name,
                        ..new.clone()
                    },
                )
            }
        }
    }

    /// Whether a VM already is what this makes it; such a VM counts as done.
    #[must_use]
    pub fn is_done(&self, status: &VmStatus) -> bool {
        matches!(
            (self, status),
            (Self::Power(PowerAction::Start), VmStatus::Running)
                | (
                    Self::Power(PowerAction::Stop | PowerAction::Shutdown),
                    VmStatus::Stopped
                )
                | (Self::Power(PowerAction::Suspend), VmStatus::Paused)
        )
    }

    /// Said of a VM on which it runs.
    #[must_use]
    pub fn running(&self) -> String {
        match self {
            Self::Power(action) => format!("VM is being {}", past(*action)),
            Self::Snapshot(_) => "Snapshot is being taken".to_owned(),
        }
    }

    /// Said of a VM on which it ended well.
    #[must_use]
    pub fn done(&self, world: &World, vm: u32) -> String {
        match self {
            Self::Power(action) => format!("VM {} successfully", past(*action)),
            Self::Snapshot(_) => {
                let name = world
                    .vms
                    .get(&vm)
                    .and_then(|vm| vm.on_snapshot.clone())
                    .unwrap_or_default();
                format!("Snapshot created: {name}")
            }
        }
    }

    /// Said of a VM on which it failed.
    #[must_use]
    pub fn failed(&self) -> String {
        match self {
            Self::Power(action) => format!("Cannot {} VM", action.as_str()),
            Self::Snapshot(_) => "Cannot take snapshot".to_owned(),
        }
    }
}
