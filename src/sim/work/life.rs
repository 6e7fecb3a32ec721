//! What happens without anybody asking, so that a page left open shows life.

use super::{Dump, Launch, dump, launch};
use crate::domain::status::VmStatus;
use crate::sim::model::{NewSnapshot, VmChange, Work, World};

/// What happens by itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Life {
    /// Nothing.
    #[default]
    Quiet,
    /// A backup of this VM fails once for want of space.
    FailingBackup(u32),
    /// A backup or a snapshot every minute or so.
    Busy,
}

/// Does what is due, and says when to look again.
pub fn live(world: &mut World) -> i64 {
    match world.life {
        Life::Quiet => i64::MAX,
        Life::FailingBackup(id) => {
            back_up(world, id, Some(0.3), 12_000);
            i64::MAX
        }
        Life::Busy => {
            let candidates: Vec<u32> = world
                .vms
                .values()
                .filter(|vm| vm.status == VmStatus::Running && vm.lock.is_none())
                .map(|vm| vm.id)
                .collect();
            if !candidates.is_empty() {
                let id = candidates[world.rng.usize(..candidates.len())];
                if world.running_task(id).is_none() {
                    if world.rng.u8(..3) == 0 {
                        snapshot(world, id);
                    } else {
                        let lasts = world.rng.i64(20_000..240_000);
                        let fails = (world.rng.u8(..20) == 0).then_some(0.6);
                        back_up(world, id, fails, lasts);
                    }
                }
            }
            world.now + world.rng.i64(30_000..90_000)
        }
    }
}

fn back_up(world: &mut World, id: u32, fails_at: Option<f64>, lasts: i64) {
    let Some(vm) = world.vms.get(&id) else { return };
    if vm.lock.is_some() || world.running_task(id).is_some() {
        return;
    }
    let steps = dump(
        vm,
        &Dump {
            at: world.now,
            lasts,
            fails_at,
            reports: 20,
            ..Dump::nightly()
        },
    );
    let node = vm.node.to_string();
    launch(
        world,
        Launch {
            kind: "vzdump",
            id: id.to_string(),
            vm: Some(id),
            node: &node,
            user: "backup@pve",
            steps,
        },
    );
}

fn snapshot(world: &mut World, id: u32) {
    let Some(vm) = world.vms.get(&id) else { return };
    let node = vm.node.to_string();
    let name = format!("auto-{}", world.instant().secs());
    let lock = |lock| Work::Vm(VmChange::Lock(lock));
    let steps = vec![
        (100, lock(Some(crate::domain::status::Lock::Snapshot))),
        (
            800,
            Work::Log(format!(
                "snapshotting 'drive-scsi0' (local-zfs:vm-{id}-disk-0)"
            )),
        ),
        (
            1_900,
            Work::Snapshot(NewSnapshot {
                name,
                description: "Automated snapshot".to_owned(),
                vmstate: false,
            }),
        ),
        (2_000, lock(None)),
        (2_200, Work::End("OK".to_owned())),
    ];
    launch(
        world,
        Launch {
            kind: "qmsnapshot",
            id: id.to_string(),
            vm: Some(id),
            node: &node,
            user: "scheduler@pve",
            steps,
        },
    );
}
