//! Backups: made, verified, deleted, with the rules that refuse it and what each changes.

use super::plans::{Plan, end, launched, line};
use super::snapshots;
use super::vzdump::{self, Dump, dump};
use crate::domain::vm_can;
use crate::sim::model::{Archive, Backup, Kept, Node, Storage, Verification, Work, World};
use crate::sim::refusal::Refusal;

const GIB: u64 = 1 << 30;

/// A backup that is asked for, checked.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Storage that it goes to.
    pub storage: String,
    /// `snapshot`, `suspend` or `stop`.
    pub mode: &'static str,
    /// `none`, `lzo`, `gzip` or `zstd`.
    pub compress: &'static str,
    /// Notes, filled in.
    pub notes: Option<String>,
    /// Protected from the first.
    pub protected: bool,
}

/// Why nothing can be done on a storage just now, as only a running task finds out.
pub(super) fn offline(world: &World, name: &str) -> Option<String> {
    let up = |own: &Storage| own.active && own.enabled;
    match world.storage(name) {
        None => Some(format!("storage '{name}' does not exist")),
        Some(own) if !up(own) => Some(format!("storage '{name}' is not online")),
        Some(_) => None,
    }
}

/// The milliseconds that so many bytes take.
fn pace(bytes: u64, per_gib: i64) -> i64 {
    i64::try_from(bytes / GIB)
        .unwrap_or(300)
        .clamp(5, 300)
        .saturating_mul(per_gib)
}

/// Starts a backup of a VM. That its storage has no room or does not answer, the task finds out.
///
/// # Errors
/// Why it is refused: unknown, locked, node, another task.
pub fn back_up(world: &mut World, id: u32, asked: Asked) -> Result<Plan, Refusal> {
    let vm = world
        .vms
        .get(&id)
        .ok_or_else(|| Refusal::missing(&format!("VM {id}")))?;
    snapshots::ready(world, vm, vm_can::back_up(&vm.facts(false)))?;
    let storage = world.storage(&asked.storage);
    let mut plan = Dump {
        at: world.now,
        lasts: pace(vzdump::whole(vm), 200),
        to_server: storage.is_some_and(|own| own.kind == "pbs"),
        storage: asked.storage,
        mode: asked.mode,
        compress: asked.compress,
        notes: asked.notes,
        protected: asked.protected,
        ..Dump::nightly()
    };
    let (free, size) = (storage.map_or(0, |own| own.available), plan.size(vm));
    if size > free {
        #[expect(clippy::cast_precision_loss, reason = "a share")]
        let share = free as f64 / size as f64;
        plan.fails_at = Some(share);
    }
    let steps = match offline(world, &plan.storage) {
        Some(why) => vec![
            line(300, format!("ERROR: Backup of VM {id} failed - {why}")),
            (500, Work::End(format!("could not activate storage: {why}"))),
        ],
        None => dump(vm, &plan),
    };
    Ok(snapshots::begin(world, id, "vzdump", steps))
}

/// The running task that deletes, verifies or reads a backup.
pub(super) fn in_use(world: &World, volid: &str) -> Result<(), Refusal> {
    let touches = |work: &Work| {
        matches!(work, Work::DropBackup(own) | Work::Verified(own) if own == volid)
            || matches!(work, Work::Restored(restored) if restored.backup == volid)
    };
    let task = world
        .due
        .iter()
        .filter_map(|(_, index)| world.tasks.get(*index))
        .find(|task| task.steps.iter().any(|step| touches(&step.work)));
    match task {
        None => Ok(()),
        Some(task) => Err(Refusal::conflict(
            "TASK_RUNNING",
            format!("Another task works on '{volid}' ({})", task.kind),
        )
        .detail("task", task.upid.as_str())),
    }
}

/// The backup, and the node that can work on it.
fn find<'a>(world: &'a World, volid: &str) -> Result<(&'a Backup, String), Refusal> {
    let backup = world
        .backup(volid)
        .ok_or_else(|| Refusal::missing(&format!("Backup '{volid}'")))?;
    in_use(world, volid)?;
    let nodes = world.storage(backup.storage()).map(|own| &own.nodes);
    let node = nodes
        .into_iter()
        .flatten()
        .find(|name| world.node(name).is_some_and(Node::online));
    match node {
        Some(node) => Ok((backup, node.to_string())),
        None => Err(Refusal::new(
            503,
            "NODE_OFFLINE",
            format!("No node reaches storage '{}'", backup.storage()),
        )),
    }
}

/// Starts a task on a backup. It keeps nothing else of the VM waiting.
fn begin(world: &mut World, kind: &str, id: String, node: &str, steps: Vec<(i64, Work)>) -> Plan {
    launched(world, kind, (id, None), node, steps)
}

fn protected(volid: &str) -> Refusal {
    Refusal::conflict(
        "BACKUP_PROTECTED",
        format!("cannot remove protected volume '{volid}'"),
    )
    .detail("suggestion", "Lift its protection first")
}

/// Starts to delete a backup.
///
/// # Errors
/// Why it is refused: unknown, protected, node, another task on it.
pub fn delete(world: &mut World, volid: &str) -> Result<Plan, Refusal> {
    let (backup, node) = find(world, volid)?;
    if backup.protected {
        return Err(protected(volid));
    }
    let id = match backup.vmid {
        Some(vm) => format!("{vm}@{}", backup.storage()),
        None => backup.storage().to_owned(),
    };
    let steps = vec![
        (600, Work::DropBackup(volid.to_owned())),
        line(700, format!("Removed volume '{volid}'")),
        end(900),
    ];
    Ok(begin(world, "imgdel", id, &node, steps))
}

/// Starts to verify a backup.
///
/// # Errors
/// Why it is refused: unknown, node, another task on it.
pub fn verify(world: &mut World, volid: &str) -> Result<Plan, Refusal> {
    let (backup, node) = find(world, volid)?;
    let id = backup.vmid.map(|vm| vm.to_string()).unwrap_or_default();
    let lasts = pace(backup.size, 400);
    let mut steps = vec![line(100, format!("verify {volid}"))];
    for quarter in 1..=4_i32 {
        let share = f64::from(quarter) / 4.0;
        let after = 200 + lasts * i64::from(quarter) / 4;
        let says = format!("percentage done: {:.2}%", share * 100.0);
        steps.push((after, Work::Progress(share, says.clone())));
        steps.push(line(after, says));
    }
    steps.extend([
        (lasts + 400, Work::Verified(volid.to_owned())),
        line(lasts + 500, format!("verified {volid}: no errors")),
        end(lasts + 600),
    ]);
    Ok(begin(world, "verifybackup", id, &node, steps))
}

/// A task has written a backup; why not, where it could not.
pub(super) fn keep(world: &mut World, vm: u32, archive: Archive, at: i64) -> Option<String> {
    if let Some(why) = offline(world, &archive.storage) {
        return Some(why);
    }
    let found = world.vms.get(&vm)?;
    let file = vzdump::file(found, at, archive.format);
    let backup = Backup {
        volid: format!("{}:backup/{file}", archive.storage),
        content: "backup",
        ctime: at.div_euclid(1000),
        format: archive.format,
        size: archive.size,
        vmid: Some(vm),
        notes: archive.notes.unwrap_or_else(|| found.name.clone()),
        protected: archive.protected,
        guest: Kept::of(found),
        ..Backup::default()
    };
    let storage = world.storage_mut(&archive.storage)?;
    if archive.size > storage.available {
        return Some(format!(
            "{} is full: write error - No space left on device",
            archive.storage
        ));
    }
    storage.set_used(storage.used + archive.size);
    world.backups.push(backup);
    world.backups_changed(Some(vm));
    None
}

/// A task has deleted a backup; why not, where it could not.
pub(super) fn drop_one(world: &mut World, volid: &str) -> Option<String> {
    let place = world.backups.iter().position(|own| own.volid == volid)?;
    let backup = world.backups.get(place)?;
    if let Some(why) = offline(world, backup.storage()) {
        return Some(why);
    }
    if backup.protected {
        return Some(format!("cannot remove protected volume '{volid}'"));
    }
    let gone = world.backups.remove(place);
    if let Some(storage) = world.storage_mut(gone.storage()) {
        storage.set_used(storage.used.saturating_sub(gone.size));
    }
    world.backups_changed(gone.vmid);
    None
}

/// A task has read a backup through; what is wrong with it, if anything is.
pub(super) fn verified(world: &mut World, index: usize, volid: &str, at: i64) -> Option<String> {
    let storage = volid.split(':').next().unwrap_or_default();
    if let Some(why) = offline(world, storage) {
        return Some(why);
    }
    let upid = world.tasks.get(index)?.upid.clone();
    let damaged = world.change_backup(volid, |backup| {
        backup.verification = Some(Verification {
            state: if backup.damaged { "failed" } else { "ok" },
            upid,
            last_verified: Some(at.div_euclid(1000)),
        });
        backup.damaged
    });
    match damaged {
        None => Some(format!("volume '{volid}' does not exist")),
        Some(true) => Some(format!(
            "verification of '{volid}' failed: zstd: data corruption detected"
        )),
        Some(false) => None,
    }
}
