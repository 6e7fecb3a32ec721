//! What is typed into the form for a new VM; nothing is converted before it is sent, so nothing
//! typed is lost to a failed conversion.

use super::known::Known;
use serde::{Deserialize, Serialize};

/// Where the VM's system comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// Installed from an ISO image.
    #[default]
    Iso,
    /// Copied from an image that cloud-init sets up.
    Image,
    /// Nothing: it boots from the network, or gets its system later.
    Empty,
}

/// A disk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DiskDraft {
    /// `scsi`, `virtio`, `sata`, `ide`.
    pub bus: String,
    /// Storage that holds it.
    pub storage: String,
    /// GiB.
    pub size: String,
    /// Empty: the hypervisor's default.
    pub cache: String,
    /// Told to the guest as an SSD.
    pub ssd: bool,
    /// Space that the guest frees is given back.
    pub discard: bool,
    /// In backups.
    pub backup: bool,
}

impl Default for DiskDraft {
    fn default() -> Self {
        Self {
            bus: "scsi".to_owned(),
            storage: String::new(),
            size: "32".to_owned(),
            cache: String::new(),
            ssd: false,
            discard: true,
            backup: true,
        }
    }
}

/// How an interface gets its address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Addressing {
    /// It gets none by cloud-init.
    #[default]
    None,
    /// From a DHCP server.
    Dhcp,
    /// From the router (IPv6).
    Auto,
    /// As typed.
    Static,
}

impl Addressing {
    /// As in a select.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Dhcp => "dhcp",
            Self::Auto => "auto",
            Self::Static => "static",
        }
    }

    /// From a select.
    #[must_use]
    pub fn parse(word: &str) -> Self {
        match word {
            "dhcp" => Self::Dhcp,
            "auto" => Self::Auto,
            "static" => Self::Static,
            _ => Self::None,
        }
    }
}

/// An interface, with the address that cloud-init gives it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NicDraft {
    /// `virtio`, `e1000` …
    pub model: String,
    /// Bridge that it is plugged into.
    pub bridge: String,
    /// VLAN tag; empty: none.
    pub vlan: String,
    /// MAC; empty: the hypervisor makes one.
    pub mac: String,
    /// IPv4.
    pub ip4: Addressing,
    /// With the length of the network.
    pub address4: String,
    /// Router.
    pub gateway4: String,
    /// IPv6.
    pub ip6: Addressing,
    /// With the length of the network.
    pub address6: String,
    /// Router.
    pub gateway6: String,
}

impl Default for NicDraft {
    fn default() -> Self {
        Self {
            model: "virtio".to_owned(),
            bridge: String::new(),
            vlan: String::new(),
            mac: String::new(),
            ip4: Addressing::Dhcp,
            address4: String::new(),
            gateway4: String::new(),
            ip6: Addressing::None,
            address6: String::new(),
            gateway6: String::new(),
        }
    }
}

/// The most interfaces that the server takes.
pub const MOST_NICS: usize = 8;
/// The most disks that one form holds; buses have their own limits.
pub const MOST_DISKS: usize = 14;

/// A new VM, as typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Draft {
    /// Host name.
    pub name: String,
    /// Number.
    pub id: String,
    /// Node.
    pub node: String,
    /// Pool; empty: none.
    pub pool: String,
    /// Tags.
    pub tags: Vec<String>,
    /// Where its system comes from.
    pub source: Source,
    /// Volume of the ISO image.
    pub iso: String,
    /// Volume that the first disk is copied from.
    pub image: String,
    /// Kind of guest, as Proxmox names it.
    pub ostype: String,
    /// Cores.
    pub cores: String,
    /// MiB.
    pub memory: String,
    /// CPU type; empty: the server's default.
    pub cpu: String,
    /// UEFI instead of BIOS.
    pub uefi: bool,
    /// Storage of the UEFI variables.
    pub efi_storage: String,
    /// With the keys that Secure Boot wants.
    pub secure_boot: bool,
    /// Machine type q35 instead of i440fx.
    pub q35: bool,
    /// Starts with its node.
    pub onboot: bool,
    /// Guest agent in use.
    pub agent: bool,
    /// Disks, the first booted from.
    pub disks: Vec<DiskDraft>,
    /// Interfaces.
    pub nics: Vec<NicDraft>,
    /// User that cloud-init makes.
    pub user: String,
    /// Public SSH keys, one a line.
    pub keys: String,
    /// Name servers.
    pub dns: String,
    /// Search domain.
    pub search: String,
    /// Volume with user-data of one's own.
    pub user_data: String,
    /// Start it when all is done.
    pub start: bool,
}

impl Default for Draft {
    fn default() -> Self {
        Self {
            name: String::new(),
            id: String::new(),
            node: String::new(),
            pool: String::new(),
            tags: Vec::new(),
            source: Source::Iso,
            iso: String::new(),
            image: String::new(),
            ostype: "l26".to_owned(),
            cores: "2".to_owned(),
            memory: "2048".to_owned(),
            cpu: "x86-64-v2-AES".to_owned(),
            uefi: false,
            efi_storage: String::new(),
            secure_boot: false,
            q35: true,
            onboot: false,
            agent: true,
            disks: vec![DiskDraft::default()],
            nics: vec![NicDraft::default()],
            user: String::new(),
            keys: String::new(),
            dns: String::new(),
            search: String::new(),
            user_data: String::new(),
            start: false,
        }
    }
}

/// What is typed stays.
fn set(field: &mut String, value: Option<&str>) {
    if let (true, Some(value)) = (field.is_empty(), value) {
        value.clone_into(field);
    }
}

impl Draft {
    /// Fills in what is empty from what is known: number, node, storages, bridges. What is typed
    /// stays. The VMs must be known by then, be there any or not.
    pub fn fill(&mut self, known: &Known) {
        self.fill_place(known);
        self.fill_storages(known);
        self.fill_bridges(known);
    }

    /// As [`Draft::fill`]: number and node alone.
    pub fn fill_place(&mut self, known: &Known) {
        if self.id.is_empty() {
            self.id = known.next_id().to_string();
        }
        let roomiest = known.roomiest_node();
        set(&mut self.node, roomiest.map(|node| node.name.as_str()));
    }

    /// As [`Draft::fill`]: storages alone.
    pub fn fill_storages(&mut self, known: &Known) {
        let fit = known.storages_for(&self.node, "images");
        let roomiest = fit.first().map(|storage| storage.name.as_str());
        set(&mut self.efi_storage, roomiest);
        for disk in &mut self.disks {
            set(&mut disk.storage, roomiest);
        }
    }

    /// As [`Draft::fill`]: bridges alone.
    pub fn fill_bridges(&mut self, known: &Known) {
        let bridge = known.usual_bridge().map(|bridge| bridge.name.as_str());
        for nic in &mut self.nics {
            set(&mut nic.bridge, bridge);
        }
    }

    /// Another node was chosen: storages and bridges that it lacks are chosen anew.
    pub fn move_to(&mut self, node: &str, known: &Known) {
        node.clone_into(&mut self.node);
        let fit = known.storages_for(node, "images");
        let keep = |storage: &mut String| {
            if !fit.iter().any(|own| own.name == *storage) {
                storage.clear();
            }
        };
        keep(&mut self.efi_storage);
        for disk in &mut self.disks {
            keep(&mut disk.storage);
        }
        let reached = |volume: &String| {
            let storage = volume.split(':').next().unwrap_or_default();
            known.storage(storage).is_none_or(|own| own.reaches(node))
        };
        for volume in [&mut self.iso, &mut self.image, &mut self.user_data] {
            if !reached(volume) {
                volume.clear();
            }
        }
        self.fill(known);
    }

    /// Slot of a disk on its bus, by the order of the disks: 1 of `scsi1`. `ide2` is left to the
    /// ISO image or to what cloud-init is told.
    #[must_use]
    pub fn slot(&self, at: usize) -> usize {
        let bus = self.bus(at);
        let slot = self.earlier(at);
        slot + usize::from(bus == "ide" && slot >= 2)
    }

    /// Disks before one on its bus.
    pub(super) fn earlier(&self, at: usize) -> usize {
        let bus = self.bus(at);
        let before = (0..at.min(self.disks.len())).filter(|other| self.bus(*other) == bus);
        before.count()
    }

    /// Whether a disk is the copy of an image. The server puts that on SCSI and into backups,
    /// whatever was chosen for another disk in its place.
    #[must_use]
    pub fn is_copied(&self, at: usize) -> bool {
        at == 0 && self.source == Source::Image
    }

    /// Bus of a disk.
    #[must_use]
    pub fn bus(&self, at: usize) -> &str {
        match self.disks.get(at) {
            Some(disk) if !self.is_copied(at) => &disk.bus,
            _ => "scsi",
        }
    }

    /// Key of a disk: `scsi0`.
    #[must_use]
    pub fn key(&self, at: usize) -> String {
        format!("{}{}", self.bus(at), self.slot(at))
    }

    /// What is booted from, first tried first. A disk without a system is passed over by the
    /// firmware, so the ISO image comes behind it and is not booted again once it is installed.
    #[must_use]
    pub fn boot(&self) -> String {
        let mut order = Vec::new();
        if !self.disks.is_empty() {
            order.push(self.key(0));
        }
        if self.source == Source::Iso && !self.iso.is_empty() {
            order.push("ide2".to_owned());
        }
        if !self.nics.is_empty() && self.source != Source::Image {
            order.push("net0".to_owned());
        }
        format!("order={}", order.join(";"))
    }
}
