//! What the wizard knows: VMs, nodes, storages, and what the server said.

use super::drives::{Drive, DriveKind};
use crate::domain::ids::VmId;
use crate::domain::status::{GuestKind, Lock, VmStatus};
use crate::domain::units::Bytes;
use crate::domain::vm_can::VmFacts;
use std::collections::BTreeMap;

/// A VM that is to move.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Guest {
    /// Number.
    pub id: VmId,
    /// Name.
    pub name: String,
    /// Node that it is on.
    pub node: String,
    /// State.
    pub status: VmStatus,
    /// VM or container.
    pub kind: GuestKind,
    /// Whether it is a template.
    pub template: bool,
    /// Why it is locked.
    pub lock: Option<Lock>,
    /// HA state; `None`: not managed.
    pub ha: Option<String>,
    /// Memory that it may take.
    pub memory: Option<Bytes>,
    /// Cores that it keeps busy now; `None`: not known.
    pub busy: Option<f64>,
    /// Its drives and devices; `None`: not read yet.
    pub hardware: Option<Hardware>,
    /// They could not be read.
    pub unread: bool,
}

/// What of a VM's configuration matters to a move.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Hardware {
    /// Disks and media.
    pub drives: Vec<Drive>,
    /// Keys of devices of the node.
    pub devices: Vec<String>,
    /// Keys of network devices, each with its bridge.
    pub nics: Vec<(String, String)>,
    /// How media and devices stand in the configuration, so that taking one off can be taken back.
    pub texts: BTreeMap<String, String>,
}

/// A node.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Place {
    /// Name.
    pub name: String,
    /// Whether it answers.
    pub online: bool,
    /// Memory.
    pub memory: Option<Bytes>,
    /// Of it in use.
    pub used: Option<Bytes>,
    /// Cores.
    pub cores: Option<u32>,
    /// Cores that are busy.
    pub busy: Option<f64>,
}

/// A storage.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Pool {
    /// Name.
    pub name: String,
    /// `zfspool` …
    pub kind: String,
    /// Whether all its nodes see the same.
    pub shared: bool,
    /// Whether it takes disks of VMs; `true` where the server does not say.
    pub images: bool,
    /// Why it can't be used.
    pub unusable: Option<String>,
    /// Size.
    pub total: Option<Bytes>,
    /// Free.
    pub free: Option<Bytes>,
    /// Nodes that reach it; empty: not known, then all.
    pub nodes: Vec<String>,
}

/// A volume that has to be copied, as the server names it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LocalVolume {
    /// Volume ID.
    pub volid: String,
    /// Size, where it says.
    pub size: Option<Bytes>,
    /// Storages that can take it; empty: it does not say.
    pub storages: Vec<String>,
}

/// Which lists have come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Loaded {
    /// VMs.
    pub vms: bool,
    /// Nodes.
    pub nodes: bool,
    /// Storages.
    pub pools: bool,
}

/// What the server said to a VM and a node.
#[derive(Debug, Clone, PartialEq)]
pub enum Told {
    /// It is being asked.
    Asked,
    /// It answered and said nothing (divergence 46), or it could not be asked: why, where known.
    Nothing(Option<String>),
    /// It checked.
    Said {
        /// Whether it can move.
        allowed: bool,
        /// Why not.
        errors: Vec<String>,
        /// What there is to know.
        warnings: Vec<String>,
        /// Volumes that have to be copied.
        local: Vec<LocalVolume>,
        /// Storages there with what is free.
        storages: Vec<(String, Option<Bytes>)>,
    },
}

/// All of it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Known {
    /// The chosen VMs, in their order.
    pub guests: Vec<Guest>,
    /// All nodes.
    pub places: Vec<Place>,
    /// All storages.
    pub pools: Vec<Pool>,
    /// What was asked, by VM and node.
    pub told: BTreeMap<(VmId, String), Told>,
    /// Bridges of the nodes whose interfaces are known.
    pub bridges: BTreeMap<String, Vec<String>>,
    /// Which of the lists have come.
    pub loaded: Loaded,
    /// Each disk may go to a storage of its own; else all go to one (divergence 32).
    pub per_disk: bool,
}

impl Guest {
    /// What the rules of [`crate::domain::vm_can`] look at.
    #[must_use]
    pub const fn facts(&self) -> VmFacts<'_> {
        VmFacts {
            status: &self.status,
            kind: &self.kind,
            template: self.template,
            lock: self.lock.as_ref(),
            protection: false,
            shutting_down: false,
        }
    }

    /// Whether its machine exists in memory, so that it is moved live.
    #[must_use]
    pub const fn is_on(&self) -> bool {
        matches!(
            self.status,
            VmStatus::Running | VmStatus::Paused | VmStatus::Error
        )
    }
}

impl Pool {
    /// Whether a node reaches it.
    #[must_use]
    pub fn is_on(&self, node: &str) -> bool {
        self.nodes.is_empty() || self.nodes.iter().any(|own| own == node)
    }
}

impl Known {
    /// A storage by name.
    #[must_use]
    pub fn pool(&self, name: &str) -> Option<&Pool> {
        self.pools.iter().find(|pool| pool.name == name)
    }

    /// A node by name.
    #[must_use]
    pub fn place(&self, name: &str) -> Option<&Place> {
        self.places.iter().find(|place| place.name == name)
    }

    /// What the server said.
    #[must_use]
    pub fn told(&self, vm: VmId, node: &str) -> Option<&Told> {
        self.told.get(&(vm, node.to_owned()))
    }

    /// Whether a VM may have disks to be copied that nobody knows of.
    #[must_use]
    pub fn is_unsure(&self, guest: &Guest) -> bool {
        let Some(hardware) = &guest.hardware else {
            return true;
        };
        let mut disks = hardware.drives.iter();
        disks.any(|own| {
            matches!(own.kind, DriveKind::Disk | DriveKind::Unused)
                && self.pool(own.storage()).is_none()
        })
    }

    /// What the server named as local of a VM on its way to a node.
    #[must_use]
    pub fn named(&self, vm: VmId, node: &str) -> &[LocalVolume] {
        match self.told(vm, node) {
            Some(Told::Said { local, .. }) => local,
            _ => &[],
        }
    }

    /// The drives that have to be copied for a move to that node: those that the server names,
    /// and those that lie on a storage that is known not to be shared. A cloud-init drive is made
    /// anew.
    #[must_use]
    pub fn local(&self, guest: &Guest, node: &str) -> Vec<Drive> {
        let named = self.named(guest.id, node);
        let mut found: Vec<Drive> = Vec::new();
        for drive in guest.hardware.iter().flat_map(|hardware| &hardware.drives) {
            if !matches!(drive.kind, DriveKind::Disk | DriveKind::Unused) {
                continue;
            }
            let said = named.iter().find(|own| own.volid == drive.volid);
            let own = self.pool(drive.storage()).is_some_and(|pool| !pool.shared);
            if said.is_some() || own {
                let size = drive.size.or_else(|| said.and_then(|said| said.size));
                found.push(Drive {
                    size,
                    ..drive.clone()
                });
            }
        }
        for own in named {
            if guest.hardware.is_none() {
                found.push(Drive {
                    key: String::new(),
                    volid: own.volid.clone(),
                    kind: DriveKind::Disk,
                    size: own.size,
                });
            }
        }
        found
    }

    /// A bridge that a VM is plugged into where it is and that the other node does not have, with
    /// the device; nothing where a list is not known, or does not name such bridges at all.
    #[must_use]
    pub fn lost_bridges<'a>(&self, guest: &'a Guest, node: &str) -> Vec<(&'a str, &'a str)> {
        let (Some(here), Some(there)) = (self.bridges.get(&guest.node), self.bridges.get(node))
        else {
            return Vec::new();
        };
        let nics = guest.hardware.iter().flat_map(|hardware| &hardware.nics);
        nics.filter(|(_, bridge)| here.contains(bridge) && !there.contains(bridge))
            .map(|(key, bridge)| (key.as_str(), bridge.as_str()))
            .collect()
    }
}
