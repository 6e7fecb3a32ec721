//! Where disks go, and what is free there then.

use super::draft::Draft;
use super::drives::Drive;
use super::known::{Guest, Known, LocalVolume, Told};
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

/// The choices of one disk: where the server names storages for it, all others are refused.
fn choices_of(drive: &Drive, all: &[Wanted], named: &[LocalVolume]) -> Vec<Wanted> {
    let mut own = all.to_vec();
    let said = named.iter().find(|said| said.volid == drive.volid);
    if let Some(said) = said.filter(|said| !said.storages.is_empty()) {
        for choice in &mut own {
            if choice.refused.is_none() && !said.storages.contains(&choice.name) {
                choice.refused = Some("the server does not name it for this disk".to_owned());
            }
        }
    }
    own
}

fn takes(choices: &[Wanted], name: &str) -> bool {
    choices
        .iter()
        .any(|own| own.name == name && own.refused.is_none())
}

/// The same storage if the target has it, else the one with the most room.
fn propose(drive: &Drive, choices: &[Wanted]) -> Option<String> {
    if takes(choices, drive.storage()) {
        return Some(drive.storage().to_owned());
    }
    roomiest(choices, |_| true)
}

fn roomiest(choices: &[Wanted], can: impl Fn(&str) -> bool) -> Option<String> {
    choices
        .iter()
        .filter(|own| own.refused.is_none() && can(&own.name))
        .max_by_key(|own| own.free.map(|free| free.0))
        .map(|own| own.name.clone())
}

/// Where all disks of a VM go, where the server takes one storage for them: as chosen, if each of
/// them can go there; else all stay where they are, if each can; else one that takes them all.
fn together(plans: &mut [DiskPlan], chosen: Option<&str>) {
    let all = |name: &str| plans.iter().all(|plan| takes(&plan.choices, name));
    let chosen = chosen.filter(|name| all(name)).map(ToOwned::to_owned);
    let stays = |plan: &DiskPlan| takes(&plan.choices, plan.drive.storage());
    if chosen.is_none() && plans.iter().all(stays) {
        for plan in plans {
            plan.to = Some(plan.drive.storage().to_owned());
        }
        return;
    }
    let first = plans.first().map(|plan| plan.choices.as_slice());
    let one = chosen.or_else(|| roomiest(first.unwrap_or_default(), all));
    for plan in plans {
        plan.to.clone_from(&one);
    }
}

/// Where each disk that has to be copied goes.
#[must_use]
pub fn disk_plans(draft: &Draft, known: &Known) -> Vec<DiskPlan> {
    let mut plans = Vec::new();
    let Some(target) = &draft.target else {
        return plans;
    };
    for guest in known.guests.iter().filter(|guest| guest.node != *target) {
        let all = choices(guest, target, known);
        let named = known.named(guest.id, target);
        let plan = |drive: Drive| {
            let choices = choices_of(&drive, &all, named);
            let chosen = draft.map.get(&drive.volid);
            DiskPlan {
                vm: guest.id,
                name: guest.name.clone(),
                to: chosen
                    .filter(|name| takes(&choices, name))
                    .cloned()
                    .or_else(|| propose(&drive, &choices)),
                drive,
                choices,
            }
        };
        let local = known.local(guest, target).into_iter();
        let mut own: Vec<DiskPlan> = local.map(plan).collect();
        if !known.per_disk {
            together(&mut own, draft.one_storage.as_deref());
        }
        plans.append(&mut own);
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
