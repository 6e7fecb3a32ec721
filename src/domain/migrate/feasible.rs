//! Whether a VM can move to a node, why not, and what removes what stands in the way.

use super::draft::Draft;
use super::drives::DriveKind;
use super::known::{Guest, Known, Place, Told};
use crate::domain::vm_can;

/// How it stands, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// It is there already.
    Here,
    /// Nothing is in the way.
    Ready,
    /// It can, and there is something to know.
    Warned,
    /// The server is being asked.
    Asked,
    /// The server could not check.
    Unknown,
    /// It can't.
    Blocked,
}

/// What removes a reason.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Remedy {
    /// Take the medium out of that drive.
    Eject(String),
    /// Take that device, or that disk, off the VM.
    Detach(String),
    /// Look at its hardware: what is in use can't be taken off by a press.
    Hardware,
    /// Delete snapshots.
    Snapshots,
    /// Wait for its task, or see what holds the lock.
    Tasks,
    /// Copy local disks, too.
    LocalDisks,
    /// Move it live, or power it off first.
    Live,
    /// Choose another storage.
    Storage,
    /// Go on although nothing was checked.
    GoOn,
    /// Ask the server again.
    Again,
}

impl Remedy {
    /// What its button says.
    #[must_use]
    pub fn label(&self) -> String {
        match self {
            Self::Eject(key) => format!("Eject the medium of {key}"),
            Self::Detach(key) => format!("Detach {key}"),
            Self::Hardware => "Open its hardware".to_owned(),
            Self::Snapshots => "Open its snapshots".to_owned(),
            Self::Tasks => "Open its tasks".to_owned(),
            Self::LocalDisks => "Copy local disks, too".to_owned(),
            Self::Live => "Move running VMs live".to_owned(),
            Self::Storage => "Choose another storage".to_owned(),
            Self::GoOn => "Go on unchecked".to_owned(),
            Self::Again => "Check again".to_owned(),
        }
    }
}

/// Something to know, or something in the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// In words.
    pub words: String,
    /// Whether it is in the way.
    pub blocks: bool,
    /// What removes it.
    pub remedy: Option<Remedy>,
}

/// How a VM stands to a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// In a word.
    pub level: Level,
    /// Why, what blocks first.
    pub reasons: Vec<Reason>,
}

impl Verdict {
    /// Its reasons in one line; empty where there is none.
    #[must_use]
    pub fn words(&self) -> String {
        let all: Vec<&str> = self.reasons.iter().map(|own| own.words.as_str()).collect();
        all.join(". ")
    }
}

struct Reasons(Vec<Reason>);

impl Reasons {
    fn add(&mut self, words: impl Into<String>, blocks: bool, remedy: Option<Remedy>) {
        let words = words.into();
        // Own rules and the server's find the same things; one button is enough.
        let known = |own: &Reason| {
            own.words == words || (own.remedy.is_some() && own.remedy == remedy && own.blocks)
        };
        if !self.0.iter().any(known) {
            self.0.push(Reason {
                words,
                blocks,
                remedy,
            });
        }
    }
}

impl Reasons {
    /// Whether own rules have found the storage that the server names, and told which drive is on
    /// it: `storage 'nas' is not available on node 'b'`.
    fn has_unreached(&self, error: &str) -> bool {
        if !error.contains(NOT_THERE) {
            return false;
        }
        let mut names = error.split('\'').skip(1).step_by(2);
        let Some(first) = names.next() else {
            return false;
        };
        let found = format!(" is on {first}, which");
        self.0.iter().any(|own| own.words.contains(&found))
    }
}

/// Proxmox's words for a storage that the target lacks.
const NOT_THERE: &str = "not available on node";

/// How a VM stands to a node, with the options of the draft.
#[must_use]
pub fn verdict(guest: &Guest, place: &Place, known: &Known, draft: &Draft) -> Verdict {
    if guest.node == place.name {
        return Verdict {
            level: Level::Here,
            reasons: vec![Reason {
                words: format!("It is on {} already", place.name),
                blocks: false,
                remedy: None,
            }],
        };
    }
    let mut reasons = Reasons(Vec::new());
    of_state(guest, place, known, draft, &mut reasons);
    of_hardware(guest, place, known, draft, &mut reasons);
    let told = known.told(guest.id, &place.name);
    of_server(guest, told, draft, &mut reasons);
    of_memory(guest, place, &mut reasons);
    let mut reasons = reasons.0;
    reasons.sort_by_key(|reason| !reason.blocks);
    let blocked = reasons.iter().any(|reason| reason.blocks);
    let level = match told {
        _ if blocked => Level::Blocked,
        _ if guest.hardware.is_none() && !guest.unread => Level::Asked,
        Some(Told::Asked) | None => Level::Asked,
        Some(Told::Nothing(_)) => Level::Unknown,
        Some(Told::Said { .. }) if reasons.is_empty() => Level::Ready,
        Some(Told::Said { .. }) => Level::Warned,
    };
    Verdict { level, reasons }
}

fn of_state(guest: &Guest, place: &Place, known: &Known, draft: &Draft, reasons: &mut Reasons) {
    if !place.online {
        reasons.add(format!("{} does not answer", place.name), true, None);
    }
    if known.place(&guest.node).is_some_and(|own| !own.online) {
        reasons.add(
            format!("{}, where it is now, does not answer", guest.node),
            true,
            None,
        );
    }
    if let Err(reason) = vm_can::migrate(&guest.facts()) {
        let remedy = guest.lock.is_some().then_some(Remedy::Tasks);
        reasons.add(reason.0, true, remedy);
    }
    if guest.ha.as_deref() == Some("error") {
        reasons.add("Its high availability is in the state error", true, None);
    }
    if guest.is_on() && draft.offline {
        reasons.add(
            "It runs: powered off it can be moved offline, running only live",
            true,
            Some(Remedy::Live),
        );
    }
}

fn of_hardware(guest: &Guest, place: &Place, known: &Known, draft: &Draft, reasons: &mut Reasons) {
    let Some(hardware) = &guest.hardware else {
        if guest.unread {
            let words = "Its configuration could not be read: what it holds is not known here";
            reasons.add(words, false, Some(Remedy::Again));
        }
        return;
    };
    for drive in &hardware.drives {
        let pool = known.pool(drive.storage());
        if drive.kind == DriveKind::Cd {
            // A drive of the node itself has no storage; of a storage that is not known nothing is
            // said.
            if drive.storage().is_empty() || pool.is_some_and(|pool| !pool.shared) {
                reasons.add(
                    format!(
                        "{} holds {}, which {} can't read",
                        drive.key, drive.volid, place.name
                    ),
                    true,
                    Some(Remedy::Eject(drive.key.clone())),
                );
            }
        } else if let Some(pool) = pool
            && pool.shared
            && !pool.is_on(&place.name)
        {
            reasons.add(
                format!(
                    "{} is on {}, which {} does not reach",
                    drive.key, pool.name, place.name
                ),
                true,
                (drive.kind == DriveKind::Unused).then_some(Remedy::Hardware),
            );
        }
    }
    for key in &hardware.devices {
        let remedy = if guest.is_on() {
            Remedy::Hardware
        } else {
            Remedy::Detach(key.clone())
        };
        let words = if draft.force {
            format!(
                "{key} is a device of {}: it will be missing there",
                guest.node
            )
        } else {
            format!("{key} is a device of {}", guest.node)
        };
        reasons.add(words, !draft.force, Some(remedy));
    }
    for (key, bridge) in known.lost_bridges(guest, &place.name) {
        let rest = if guest.is_on() {
            ""
        } else {
            ": it can't start there"
        };
        reasons.add(
            format!(
                "{key} is on {bridge}, which {} does not have{rest}",
                place.name
            ),
            guest.is_on(),
            Some(Remedy::Hardware),
        );
    }
    if !draft.local_disks && !known.local(guest, &place.name).is_empty() {
        reasons.add(
            format!("It has disks that only {} can read", guest.node),
            true,
            Some(Remedy::LocalDisks),
        );
    }
}

fn of_server(guest: &Guest, told: Option<&Told>, draft: &Draft, reasons: &mut Reasons) {
    match told {
        None | Some(Told::Asked) => {}
        Some(Told::Nothing(why)) => {
            let mut words = "The server could not check this".to_owned();
            if let Some(why) = why {
                words.push_str(": ");
                words.push_str(why);
            }
            let remedy = if draft.unchecked {
                Remedy::Again
            } else {
                Remedy::GoOn
            };
            reasons.add(words, false, Some(remedy));
        }
        Some(Told::Said {
            allowed,
            errors,
            warnings,
            ..
        }) => {
            for error in errors {
                if reasons.has_unreached(error) {
                    continue;
                }
                let remedy = remedy_of(error, guest);
                let forced = draft.force && error.contains("local devices");
                reasons.add(error.clone(), !forced, remedy);
            }
            if !allowed && errors.is_empty() {
                reasons.add("The server does not allow it and says no more", true, None);
            }
            for warning in warnings {
                reasons.add(warning.clone(), false, None);
            }
        }
    }
}

/// What removes what the server named, by Proxmox's words.
fn remedy_of(error: &str, guest: &Guest) -> Option<Remedy> {
    let low = error.to_lowercase();
    let hardware = guest.hardware.as_ref();
    if low.contains("cdrom") || low.contains("cd-rom") {
        let drives = hardware.into_iter().flat_map(|hardware| &hardware.drives);
        let mut media = drives.filter(|drive| drive.kind == DriveKind::Cd);
        let named = media.clone().find(|drive| error.contains(&drive.volid));
        return named
            .or_else(|| media.next())
            .map(|drive| Remedy::Eject(drive.key.clone()));
    }
    if low.contains("local device") || low.contains("local resource") {
        if guest.is_on() {
            return Some(Remedy::Hardware);
        }
        let mut devices = hardware.into_iter().flat_map(|hardware| &hardware.devices);
        return devices
            .find(|key| low.contains(key.as_str()))
            .map(|key| Remedy::Detach(key.clone()));
    }
    if low.contains("snapshot") {
        return Some(Remedy::Snapshots);
    }
    if low.contains("locked") || low.contains("lock file") {
        return Some(Remedy::Tasks);
    }
    // Disks on shared storage can't go elsewhere on the way.
    if low.contains(NOT_THERE) {
        return None;
    }
    if low.contains("storage") || low.contains("space") {
        return Some(Remedy::Storage);
    }
    None
}

fn of_memory(guest: &Guest, place: &Place, reasons: &mut Reasons) {
    let (Some(needs), Some(total), Some(used)) = (guest.memory, place.memory, place.used) else {
        return;
    };
    let free = total.0.saturating_sub(used.0);
    if guest.is_on() && needs.0 > free {
        reasons.add(
            format!(
                "It may take {} of memory, and {} has {} free",
                needs.capacity(),
                place.name,
                crate::domain::units::Bytes(free)
            ),
            false,
            None,
        );
    }
}
