//! What may be done to a VM in its state: decided here once, for buttons, menus, bulk bars and
//! the simulator. The rules are Proxmox's.

use super::status::{GuestKind, Lock, VmStatus};

/// What a power control does (guide: VM Detail, "Power controls").
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PowerAction {
    /// Power on.
    Start,
    /// Ask the guest to shut down.
    Shutdown,
    /// Ask the guest to restart.
    Reboot,
    /// Freeze, memory kept.
    Suspend,
    /// Go on after a pause.
    Resume,
    /// Hard reset, as by its button.
    Reset,
    /// Cut the power.
    Stop,
}

impl PowerAction {
    /// All of them, frequent first, harsh last.
    pub const ALL: [Self; 7] = [
        Self::Start,
        Self::Shutdown,
        Self::Reboot,
        Self::Suspend,
        Self::Resume,
        Self::Reset,
        Self::Stop,
    ];

    /// The last part of the call's path: `/vms/{vmId}/start`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Shutdown => "shutdown",
            Self::Reboot => "reboot",
            Self::Suspend => "suspend",
            Self::Resume => "resume",
            Self::Reset => "reset",
            Self::Stop => "stop",
        }
    }

    /// From the path's word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.as_str() == word)
    }

    /// The type of the task that it starts, e.g. `qmstart`.
    #[must_use]
    pub const fn task_type(self) -> &'static str {
        match self {
            Self::Start => "qmstart",
            Self::Shutdown => "qmshutdown",
            Self::Reboot => "qmreboot",
            Self::Suspend => "qmsuspend",
            Self::Resume => "qmresume",
            Self::Reset => "qmreset",
            Self::Stop => "qmstop",
        }
    }

    /// The verb on its button.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Start => "Start",
            Self::Shutdown => "Shut down",
            Self::Reboot => "Reboot",
            Self::Suspend => "Pause",
            Self::Resume => "Resume",
            Self::Reset => "Reset",
            Self::Stop => "Stop",
        }
    }

    /// What happens, as a sentence for menus.
    #[must_use]
    pub const fn explanation(self) -> &'static str {
        match self {
            Self::Start => "Powers the VM on",
            Self::Shutdown => "Asks the guest to shut down",
            Self::Reboot => "Asks the guest to restart",
            Self::Suspend => "Freezes the VM; its memory is kept",
            Self::Resume => "Goes on where the VM was paused",
            Self::Reset => "Restarts at once without asking the guest",
            Self::Stop => "Cuts the power without asking the guest",
        }
    }

    /// Whether unsaved work in the guest is lost.
    #[must_use]
    pub const fn is_harsh(self) -> bool {
        matches!(self, Self::Stop | Self::Reset)
    }

    /// Whether a person is asked first: everything that interrupts what the guest does.
    #[must_use]
    pub const fn is_confirmed(self) -> bool {
        !matches!(self, Self::Start | Self::Resume)
    }
}

/// What the rules look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VmFacts<'a> {
    /// State of the VM.
    pub status: &'a VmStatus,
    /// VM or container.
    pub kind: &'a GuestKind,
    /// Whether it is a template.
    pub template: bool,
    /// Why it is locked, if it is.
    pub lock: Option<&'a Lock>,
    /// Whether its protection flag is set; false where unknown (the list does not say).
    pub protection: bool,
    /// Whether a task that shuts it down is running; `stop` may overrule that one.
    pub shutting_down: bool,
}

/// Why something may not be done now, in words for a tooltip.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reason(pub String);

impl Reason {
    fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl std::fmt::Display for Reason {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Whether a snapshot may be taken.
///
/// # Errors
/// Why it may not.
pub fn snapshot(vm: &VmFacts<'_>) -> Result<(), Reason> {
    if vm.template {
        return Err(Reason::new("A template takes no snapshots"));
    }
    unlocked(vm)
}

/// Whether a snapshot can hold the memory of the guest, too.
///
/// # Errors
/// Why it cannot.
pub fn snapshot_memory(vm: &VmFacts<'_>) -> Result<(), Reason> {
    match (vm.kind, vm.status) {
        (GuestKind::Lxc, _) => Err(Reason::new("The memory of a container can't be kept")),
        (_, VmStatus::Running | VmStatus::Paused) => Ok(()),
        _ => Err(Reason::new(
            "The VM is not running: it has no memory to keep",
        )),
    }
}

/// Whether it may be rolled back to one of its snapshots.
///
/// # Errors
/// Why it may not.
pub fn roll_back(vm: &VmFacts<'_>) -> Result<(), Reason> {
    if vm.template {
        return Err(Reason::new("A template can't be rolled back"));
    }
    unlocked(vm)
}

/// Whether one of its snapshots may be deleted.
///
/// # Errors
/// Why it may not.
pub fn delete_snapshot(vm: &VmFacts<'_>) -> Result<(), Reason> {
    unlocked(vm)
}

/// Whether it may be backed up: running or not, as a template or a VM.
///
/// # Errors
/// Why it may not.
pub fn back_up(vm: &VmFacts<'_>) -> Result<(), Reason> {
    unlocked(vm)
}

/// Whether a backup may be restored over it.
///
/// # Errors
/// Why it may not.
pub fn restore_over(vm: &VmFacts<'_>) -> Result<(), Reason> {
    if vm.template {
        return Err(Reason::new("A template can't be restored over"));
    }
    delete(vm)
}

fn unlocked(vm: &VmFacts<'_>) -> Result<(), Reason> {
    match vm.lock {
        Some(lock) => Err(Reason::new(format!("VM is locked ({lock})"))),
        None => Ok(()),
    }
}

/// Whether it may be copied: running or not, as a template or a VM.
///
/// # Errors
/// Why it may not.
pub fn copy(vm: &VmFacts<'_>) -> Result<(), Reason> {
    if *vm.kind == GuestKind::Lxc {
        return Err(Reason::new(
            "This server copies virtual machines, not containers",
        ));
    }
    unlocked(vm)
}

/// Whether it may be moved to another node; what its hardware says to that is
/// [`crate::domain::migrate`]'s.
///
/// # Errors
/// Why it may not.
pub fn migrate(vm: &VmFacts<'_>) -> Result<(), Reason> {
    if *vm.kind == GuestKind::Lxc {
        return Err(Reason::new(
            "This server moves virtual machines, not containers",
        ));
    }
    unlocked(vm)
}

/// Whether a power action is allowed.
///
/// # Errors
/// Why it is not.
pub fn power(vm: &VmFacts<'_>, action: PowerAction) -> Result<(), Reason> {
    if vm.template {
        return Err(Reason::new("A template cannot run"));
    }
    match (action, vm.status) {
        (PowerAction::Start, VmStatus::Running) => {
            return Err(Reason::new("VM is already running"));
        }
        (PowerAction::Start, VmStatus::Paused) => {
            return Err(Reason::new("VM is paused: resume it instead"));
        }
        (PowerAction::Resume, VmStatus::Paused | VmStatus::Suspended) => {}
        (PowerAction::Resume, _) => return Err(Reason::new("VM is not paused")),
        (
            PowerAction::Stop
            | PowerAction::Shutdown
            | PowerAction::Reboot
            | PowerAction::Reset
            | PowerAction::Suspend,
            VmStatus::Stopped | VmStatus::Suspended,
        ) => return Err(Reason::new("VM is not running")),
        (PowerAction::Suspend, VmStatus::Paused) => {
            return Err(Reason::new("VM is already paused"));
        }
        (PowerAction::Shutdown | PowerAction::Reboot, VmStatus::Paused) => {
            return Err(Reason::new(
                "VM is paused: its guest cannot answer; resume it first",
            ));
        }
        _ => {}
    }
    // A VM suspended to disk carries its lock until it is resumed.
    if matches!(action, PowerAction::Start | PowerAction::Resume)
        && vm.lock == Some(&Lock::Suspended)
    {
        return Ok(());
    }
    if *vm.kind == GuestKind::Lxc && action == PowerAction::Reset {
        return Err(Reason::new(
            "A container cannot be reset: reboot it instead",
        ));
    }
    if vm.shutting_down && matches!(action, PowerAction::Shutdown | PowerAction::Reboot) {
        return Err(Reason::new("VM is already shutting down"));
    }
    unlocked(vm)
}

/// Whether the VM may be deleted.
///
/// # Errors
/// Why it may not.
pub fn delete(vm: &VmFacts<'_>) -> Result<(), Reason> {
    if vm.protection {
        return Err(Reason::new(
            "Protection is on: turn it off under Options first",
        ));
    }
    match vm.status {
        VmStatus::Stopped => unlocked(vm),
        VmStatus::Suspended => Err(Reason::new("VM is suspended to disk: stop it first")),
        _ => Err(Reason::new("VM is running: stop it first")),
    }
}

/// Whether the configuration may be changed.
///
/// # Errors
/// Why it may not.
pub fn configure(vm: &VmFacts<'_>) -> Result<(), Reason> {
    unlocked(vm)
}

/// The one action shown as a button: what is most likely wanted in this state.
#[must_use]
pub fn primary(status: &VmStatus) -> PowerAction {
    match status {
        VmStatus::Running | VmStatus::Error => PowerAction::Shutdown,
        VmStatus::Paused => PowerAction::Resume,
        VmStatus::Stopped | VmStatus::Suspended | VmStatus::Unknown(_) => PowerAction::Start,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(status: &VmStatus) -> VmFacts<'_> {
        VmFacts {
            status,
            kind: &GuestKind::Qemu,
            template: false,
            lock: None,
            protection: false,
            shutting_down: false,
        }
    }

    fn allowed(vm: &VmFacts<'_>) -> Vec<&'static str> {
        PowerAction::ALL
            .into_iter()
            .filter(|action| power(vm, *action).is_ok())
            .map(PowerAction::as_str)
            .collect()
    }

    #[test]
    fn by_state() {
        assert_eq!(allowed(&facts(&VmStatus::Stopped)), ["start"]);
        assert_eq!(
            allowed(&facts(&VmStatus::Running)),
            ["shutdown", "reboot", "suspend", "reset", "stop"]
        );
        assert_eq!(
            allowed(&facts(&VmStatus::Paused)),
            ["resume", "reset", "stop"]
        );
        assert_eq!(allowed(&facts(&VmStatus::Suspended)), ["start", "resume"]);
    }

    #[test]
    fn backing_up_and_restoring_over() {
        for status in [VmStatus::Running, VmStatus::Stopped] {
            assert!(back_up(&facts(&status)).is_ok(), "{status}");
        }
        let why = |vm: &VmFacts<'_>| restore_over(vm).unwrap_err().0;
        assert!(why(&facts(&VmStatus::Running)).contains("stop it first"));
        assert!(why(&facts(&VmStatus::Paused)).contains("stop it first"));
        let mut vm = facts(&VmStatus::Stopped);
        assert!(restore_over(&vm).is_ok());
        vm.protection = true;
        assert!(why(&vm).contains("Protection"));
        vm.protection = false;
        vm.template = true;
        assert!(why(&vm).contains("template"));
        assert!(back_up(&vm).is_ok());
        let lock = Lock::Backup;
        vm.template = false;
        vm.lock = Some(&lock);
        assert!(why(&vm).contains("locked (backup)"));
        assert!(back_up(&vm).is_err());
    }

    #[test]
    fn locks_templates_and_protection() {
        let lock = Lock::Backup;
        let mut vm = facts(&VmStatus::Stopped);
        vm.lock = Some(&lock);
        assert_eq!(
            power(&vm, PowerAction::Start),
            Err(Reason::new("VM is locked (backup)"))
        );
        assert!(delete(&vm).is_err());
        assert!(configure(&vm).is_err());
        vm.lock = None;
        vm.protection = true;
        assert!(power(&vm, PowerAction::Start).is_ok());
        assert!(delete(&vm).is_err());
        vm.template = true;
        assert_eq!(allowed(&vm), Vec::<&str>::new());
    }

    #[test]
    fn stop_overrules_a_shutdown() {
        let mut vm = facts(&VmStatus::Running);
        vm.shutting_down = true;
        assert!(power(&vm, PowerAction::Shutdown).is_err());
        assert!(power(&vm, PowerAction::Stop).is_ok());
    }

    #[test]
    fn words_read_back() {
        for action in PowerAction::ALL {
            assert_eq!(PowerAction::parse(action.as_str()), Some(action));
        }
        assert_eq!(PowerAction::parse("explode"), None);
    }
}
