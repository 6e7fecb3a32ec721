//! Where disks go, and what is free there then.

use super::draft::Draft;
use super::drives::Drive;
use super::known::{Guest, Known, Told};
use crate::domain::ids::VmId;
use crate::domain::units::Bytes;

/// A storage that a disk may go to.
#[derive(Debug, Clone, PartialEq)]
pub struct Wanted {
    /// Name.
    pub name: String,
    /// Free there now.
    pub free: Option<Bytes>,
    /// Why not.
    pub refused: Option<String>,
}

/// Where one disk goes.
#[derive(Debug, Clone, PartialEq)]
pub struct DiskPlan {
    /// The VM.
    pub vm: VmId,
    /// Its name.
    pub name: String,
    /// The disk.
    pub drive: Drive,
    /// Storage that is chosen or proposed; `None`: none can take it.
    pub to: Option<String>,
    /// Storages of the target.
    pub choices: Vec<Wanted>,
}

/// How full a storage of the target is then.
#[derive(Debug, Clone, PartialEq)]
pub struct Room {
    /// Name.
    pub name: String,
    /// Size, where known.
    pub total: Option<Bytes>,
    /// Free now, where known.
    pub free: Option<Bytes>,
    /// What comes.
    pub comes: Bytes,
}

impl Room {
    /// Free then; `None`: not known.
    #[must_use]
    pub fn after(&self) -> Option<Bytes> {
        self.free
            .map(|free| Bytes(free.0.saturating_sub(self.comes.0)))
    }

    /// How much is missing, if it does not fit.
    #[must_use]
    pub fn missing(&self) -> Option<Bytes> {
        let free = self.free?;
        (self.comes.0 > free.0).then(|| Bytes(self.comes.0 - free.0))
    }
}

fn choices(guest: &Guest, target: &str, known: &Known) -> Vec<Wanted> {
    let said: &[(String, Option<Bytes>)] = match known.told(guest.id, target) {
        Some(Told::Said { storages, .. }) => storages,
        _ => &[],
    };
    let mut all: Vec<Wanted> = Vec::new();
    for pool in known
        .pools
        .iter()
        .filter(|pool| pool.images && pool.is_on(target))
    {
        let told = said.iter().find(|(name, _)| *name == pool.name);
        all.push(Wanted {
            name: pool.name.clone(),
            free: told.and_then(|(_, free)| *free).or(pool.free),
            refused: pool.unusable.clone(),
        });
    }
    for (name, free) in said {
        if !all.iter().any(|own| own.name == *name) {
            let unusable = known.pool(name).and_then(|pool| pool.unusable.clone());
            all.push(Wanted {
                name: name.clone(),
                free: *free,
                refused: unusable,
            });
        }
    }
    all
}

/// The same storage if the target has it, else the one with the most room.
fn propose(drive: &Drive, choices: &[Wanted]) -> Option<String> {
    let usable = || choices.iter().filter(|own| own.refused.is_none());
    usable()
        .find(|own| own.name == drive.storage())
        .or_else(|| usable().max_by_key(|own| own.free.map(|free| free.0)))
        .map(|own| own.name.clone())
}

/// Where each disk that has to be copied goes.
#[must_use]
pub fn disk_plans(draft: &Draft, known: &Known) -> Vec<DiskPlan> {
    let mut plans = Vec::new();
    let Some(target) = &draft.target else {
        return plans;
    };
    for guest in known.guests.iter().filter(|guest| guest.node != *target) {
        let choices = choices(guest, target, known);
        for drive in known.local(guest, target) {
            let chosen = if known.per_disk {
                draft.map.get(&drive.volid)
            } else {
                draft.one_storage.as_ref()
            };
            let there = |name: &&String| {
                choices
                    .iter()
                    .any(|own| own.name == **name && own.refused.is_none())
            };
            plans.push(DiskPlan {
                vm: guest.id,
                name: guest.name.clone(),
                to: chosen
                    .filter(there)
                    .cloned()
                    .or_else(|| propose(&drive, &choices)),
                drive,
                choices: choices.clone(),
            });
        }
    }
    plans
}

/// The storages of the target that disks go to, with what is free then.
#[must_use]
pub fn rooms(plans: &[DiskPlan], known: &Known) -> Vec<Room> {
    let mut rooms: Vec<Room> = Vec::new();
    for plan in plans {
        let Some(to) = &plan.to else { continue };
        let comes = plan.drive.size.unwrap_or_default();
        if let Some(room) = rooms.iter_mut().find(|room| room.name == *to) {
            room.comes = Bytes(room.comes.0.saturating_add(comes.0));
            continue;
        }
        let pool = known.pool(to);
        rooms.push(Room {
            name: to.clone(),
            total: pool.and_then(|pool| pool.total),
            free: plan
                .choices
                .iter()
                .find(|own| own.name == *to)
                .and_then(|own| own.free),
            comes,
        });
    }
    rooms
}
