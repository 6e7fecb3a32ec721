//! What power actions and deletions do, step by step, with the rules that refuse them.

use super::{Launch, launch, run};
use crate::domain::status::{Lock, VmStatus};
use crate::domain::vm_can::{self, PowerAction};
use crate::sim::model::{Vm, VmChange, Work, World};
use crate::sim::refusal::Refusal;

/// A started task.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Where it stands in `tasks`.
    pub task: usize,
    /// Seconds that it will take, as estimated.
    pub seconds: u32,
}

pub(super) fn end(after: i64) -> (i64, Work) {
    (after, Work::End("OK".to_owned()))
}

pub(super) fn line(after: i64, text: impl Into<String>) -> (i64, Work) {
    (after, Work::Log(text.into()))
}

/// Begins a task in the user's name, that takes as long as its steps do: on the object `of`, and on
/// the VM that waits for it.
pub(super) fn launched(
    world: &mut World,
    kind: &str,
    (id, vm): (String, Option<u32>),
    node: &str,
    steps: Vec<(i64, Work)>,
) -> Plan {
    let lasts = steps.last().map_or(0, |(after, _)| *after);
    let user = world.settings.user.clone();
    let task = launch(
        world,
        Launch {
            kind,
            id,
            vm,
            node,
            user: &user,
            steps,
        },
    );
    Plan {
        task,
        seconds: u32::try_from((lasts + 999) / 1000).unwrap_or(1),
    }
}

/// Seconds after which a guest that ignores a shutdown is given up.
const PATIENCE: i64 = 60_000;

fn steps(vm: &Vm, action: PowerAction, patience: i64) -> Vec<(i64, Work)> {
    // Guests differ in how fast they go down; the same one always takes the same time.
    let pace = 4_500 + i64::from(vm.id % 7) * 500;
    let gives_up = || {
        vec![(
            patience,
            Work::End("VM quit/powerdown failed - got timeout".to_owned()),
        )]
    };
    match action {
        PowerAction::Start => {
            let mut steps = Vec::new();
            if crate::domain::config::disks(&vm.config)
                .iter()
                .any(crate::domain::config::Disk::is_cloud_init)
            {
                steps.push(line(300, "generating cloud-init ISO"));
            }
            if let Some(why) = &vm.broken {
                steps.push((1_700, Work::End(why.clone())));
                return steps;
            }
            if vm.status == VmStatus::Suspended {
                steps.push(line(900, "Resuming suspended VM"));
                steps.push((1_500, Work::Vm(VmChange::Lock(None))));
            }
            steps.push((1_600, Work::Vm(VmChange::On)));
            steps.push(end(2_400));
            steps
        }
        PowerAction::Resume if vm.status == VmStatus::Suspended => vec![
            (1_000, Work::Vm(VmChange::Lock(None))),
            (1_600, Work::Vm(VmChange::On)),
            end(2_000),
        ],
        PowerAction::Resume => vec![
            (400, Work::Vm(VmChange::Status(VmStatus::Running))),
            end(700),
        ],
        PowerAction::Suspend => vec![
            (500, Work::Vm(VmChange::Status(VmStatus::Paused))),
            end(800),
        ],
        PowerAction::Reset => vec![(300, Work::Vm(VmChange::Reset)), end(600)],
        PowerAction::Stop => vec![(900, Work::Vm(VmChange::Off)), end(1_300)],
        PowerAction::Shutdown | PowerAction::Reboot if vm.hangs => gives_up(),
        PowerAction::Shutdown => vec![(pace, Work::Vm(VmChange::Off)), end(pace + 400)],
        PowerAction::Reboot => vec![(pace, Work::Vm(VmChange::Cycle)), end(pace + 1_200)],
    }
}

/// Why a VM's running task stands in the way of another, in Proxmox's words.
pub(super) fn busy_reason(world: &World, vm: &Vm, index: usize) -> Refusal {
    let task = world.tasks.get(index);
    let id = vm.id;
    Refusal::conflict(
        "TASK_RUNNING",
        format!("can't lock file '/var/lock/qemu-server/lock-{id}.conf' - got timeout"),
    )
    .detail(
        "reason",
        format!(
            "Another task of this VM is running ({})",
            task.map_or("?", |task| &task.kind)
        ),
    )
    .detail("task", task.map_or("", |task| &task.upid))
}

fn refused(vm: &Vm, action: PowerAction, reason: &vm_can::Reason) -> Refusal {
    let code = match &vm.lock {
        _ if vm.template => "VM_TEMPLATE",
        Some(_) if reason.0.starts_with("VM is locked") => "VM_LOCKED",
        _ => "VM_STATE",
    };
    let refusal = Refusal::conflict(code, reason.0.clone());
    match &vm.lock {
        Some(Lock::Backup) if code == "VM_LOCKED" => refusal.detail(
            "reason",
            format!("Cannot {} VM while backup is running", action.as_str()),
        ),
        _ => refusal,
    }
}

/// Starts a power action.
///
/// # Errors
/// Why it is refused: template, state, lock, another task, HA, node.
pub fn power(world: &mut World, id: u32, action: PowerAction) -> Result<Plan, Refusal> {
    power_within(world, id, action, None)
}

/// The same, with so many seconds for the guest to go down.
///
/// # Errors
/// As [`power`].
pub fn power_within(
    world: &mut World,
    id: u32,
    action: PowerAction,
    timeout: Option<u32>,
) -> Result<Plan, Refusal> {
    let vm = world
        .vms
        .get(&id)
        .ok_or_else(|| Refusal::missing(&format!("VM {id}")))?;
    let running = world.running_task(id);
    let shutdown = running.filter(|index| {
        world
            .tasks
            .get(*index)
            .is_some_and(|task| matches!(task.kind.as_str(), "qmshutdown" | "qmreboot"))
    });
    vm_can::power(&vm.facts(shutdown.is_some()), action)
        .map_err(|reason| refused(vm, action, &reason))?;
    if !world
        .node(&vm.node)
        .is_some_and(crate::sim::model::Node::online)
    {
        return Err(Refusal::new(
            503,
            "NODE_OFFLINE",
            format!("No route to node '{}'", vm.node),
        ));
    }
    if vm.ha.as_deref() == Some("error") {
        return Err(Refusal::conflict(
            "HA_ERROR",
            format!("service 'vm:{id}' in error state, must be disabled and fixed first"),
        ));
    }
    match (running, shutdown) {
        (Some(_), Some(shutdown)) if action == PowerAction::Stop => run::cancel(world, shutdown),
        (Some(index), _) => return Err(busy_reason(world, vm, index)),
        (None, _) => {}
    }
    let user = world.settings.user.clone();
    let managed = world.vms.get(&id).is_some_and(|vm| vm.ha.is_some());
    let through_ha = match action {
        PowerAction::Start => Some(("hastart", "start", "started")),
        PowerAction::Stop => Some(("hastop", "stop", "stopped")),
        PowerAction::Shutdown => Some(("hashutdown", "shutdown", "stopped")),
        _ => None,
    };
    if let (true, Some((kind, word, state))) = (managed, through_ha) {
        let node = node_of(world, id);
        let task = launch(
            world,
            Launch {
                kind,
                id: id.to_string(),
                vm: Some(id),
                node: &node,
                user: &user,
                steps: vec![
                    line(200, format!("Requesting HA {word} for VM {id}")),
                    (600, Work::Vm(VmChange::Ha(state))),
                    (700, Work::Follow(action.as_str())),
                    end(900),
                ],
            },
        );
        return Ok(Plan { task, seconds: 1 });
    }
    begin(world, id, action, &user, timeout).ok_or_else(|| Refusal::missing(&format!("VM {id}")))
}

fn node_of(world: &World, id: u32) -> String {
    world
        .vms
        .get(&id)
        .map(|vm| vm.node.to_string())
        .unwrap_or_default()
}

/// Starts a power action without asking any rule: HA and schedules do so.
pub fn power_as(world: &mut World, id: u32, action: PowerAction, user: &str) -> Option<Plan> {
    begin(world, id, action, user, None)
}

fn begin(
    world: &mut World,
    id: u32,
    action: PowerAction,
    user: &str,
    timeout: Option<u32>,
) -> Option<Plan> {
    let vm = world.vms.get(&id)?;
    let patience = timeout.map_or(PATIENCE, |secs| i64::from(secs) * 1000);
    let steps = steps(vm, action, patience);
    let last = steps.last().map_or(0, |(after, _)| *after);
    let node = vm.node.to_string();
    let task = launch(
        world,
        Launch {
            kind: action.task_type(),
            id: id.to_string(),
            vm: Some(id),
            node: &node,
            user,
            steps,
        },
    );
    let seconds = match action {
        PowerAction::Shutdown | PowerAction::Reboot => 10,
        _ => u32::try_from((last + 999) / 1000).unwrap_or(1),
    };
    Some(Plan { task, seconds })
}

/// Starts a deletion with all disks.
///
/// # Errors
/// Why it is refused: running, locked, protected, managed by HA, another task.
pub fn delete(world: &mut World, id: u32) -> Result<Plan, Refusal> {
    let vm = world
        .vms
        .get(&id)
        .ok_or_else(|| Refusal::missing(&format!("VM {id}")))?;
    let facts = vm.facts(false);
    vm_can::delete(&facts).map_err(|reason| {
        if facts.protection {
            Refusal::conflict(
                "VM_PROTECTED",
                format!("can't remove VM {id} - protection mode enabled"),
            )
            .detail("suggestion", reason.0)
        } else if vm.status == VmStatus::Stopped {
            Refusal::conflict("VM_LOCKED", reason.0)
        } else {
            Refusal::conflict("VM_STATE", format!("VM {id} is running - destroy failed"))
                .detail("suggestion", reason.0)
        }
    })?;
    if vm.ha.is_some() {
        return Err(Refusal::conflict(
            "HA_ERROR",
            format!("unable to remove VM {id} - used in HA resources"),
        ));
    }
    if let Some(index) = world.running_task(id) {
        return Err(busy_reason(world, vm, index));
    }
    let mut steps = Vec::new();
    let mut after = 300;
    for disk in crate::domain::config::disks(&vm.config) {
        if let (true, Some(volume)) = (disk.is_owned(), disk.volume()) {
            steps.push(line(after, format!("Removing image: {volume}... done.")));
            after += 400;
        }
    }
    steps.push(line(
        after,
        format!("purging VM {id} from related configurations.."),
    ));
    steps.push((after + 600, Work::Vm(VmChange::Remove)));
    steps.push(end(after + 900));
    let user = world.settings.user.clone();
    let node = vm.node.to_string();
    let task = launch(
        world,
        Launch {
            kind: "qmdestroy",
            id: id.to_string(),
            vm: Some(id),
            node: &node,
            user: &user,
            steps,
        },
    );
    Ok(Plan {
        task,
        seconds: u32::try_from((after + 1_899) / 1000).unwrap_or(3),
    })
}
