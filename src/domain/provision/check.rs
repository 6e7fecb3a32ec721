//! What is wrong with a draft, field by field.

use super::address::{check_gateway, check_static, mac, name_servers};
use super::draft::{Addressing, Draft, MOST_DISKS, MOST_NICS, NicDraft, Source};
use super::keys::public_keys;
use super::known::Known;
use crate::domain::names::host_name;
use crate::domain::tags;

/// A step of the form for a new VM.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// Name, number, node, pool, tags.
    General,
    /// ISO image, cloud image, none.
    Source,
    /// CPU, memory, firmware, machine.
    System,
    /// Disks.
    Disks,
    /// Interfaces.
    Networks,
    /// User, keys, addresses, DNS.
    CloudInit,
    /// All of it, and the requests.
    Review,
}

impl Step {
    /// All of them, in their order.
    pub const ALL: [Self; 7] = [
        Self::General,
        Self::Source,
        Self::System,
        Self::Disks,
        Self::Networks,
        Self::CloudInit,
        Self::Review,
    ];

    /// In the address: `step=disks`.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::General => "general",
            Self::Source => "source",
            Self::System => "system",
            Self::Disks => "disks",
            Self::Networks => "networks",
            Self::CloudInit => "cloud-init",
            Self::Review => "review",
        }
    }

    /// What it is called.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::General => "General",
            Self::Source => "Source",
            Self::System => "System",
            Self::Disks => "Disks",
            Self::Networks => "Networks",
            Self::CloudInit => "Cloud-init",
            Self::Review => "Review",
        }
    }

    /// The step at which a field is mended, by what the field is called in [`Wrong::field`]; the
    /// first for one that is not known.
    #[must_use]
    pub fn of_field(field: &str) -> Self {
        let stem = field.split('.').next().unwrap_or_default();
        match stem.trim_end_matches(|letter: char| letter.is_ascii_digit()) {
            "backup" | "iso" | "image" | "os" | "source" => Self::Source,
            "cores" | "sockets" | "cpu" | "memory" | "balloon" | "machine" | "bios" | "efi"
            | "tpm" | "agent" => Self::System,
            "disk" | "disks" | "storage" => Self::Disks,
            "net" | "nets" | "nic" | "nics" => Self::Networks,
            "user" | "keys" | "password" | "dns" | "search" | "ip" | "userData" => Self::CloudInit,
            _ => Self::General,
        }
    }

    /// The steps that a source asks for.
    #[must_use]
    pub fn of(source: Source) -> Vec<Self> {
        let wanted = |step: &Self| *step != Self::CloudInit || source == Source::Image;
        Self::ALL.into_iter().filter(wanted).collect()
    }
}

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// Where it is mended.
    pub step: Step,
    /// `name`, `disk0.size`, `net1.vlan` …
    pub field: String,
    /// In words.
    pub message: String,
    /// Nothing is typed yet: said when the step is left, not before.
    pub missing: bool,
}

/// Collects what is wrong.
pub(super) struct Found {
    pub all: Vec<Wrong>,
    step: Step,
}

impl Found {
    pub const fn new() -> Self {
        Self {
            all: Vec::new(),
            step: Step::General,
        }
    }

    pub const fn at(&mut self, step: Step) {
        self.step = step;
    }

    pub fn add(&mut self, field: &str, typed: &str, message: impl Into<String>) {
        self.all.push(Wrong {
            step: self.step,
            field: field.to_owned(),
            message: message.into(),
            missing: typed.trim().is_empty(),
        });
    }

    /// Takes in what a check says of a field.
    pub fn take<T>(&mut self, field: &str, typed: &str, said: Result<T, String>) {
        if let Err(message) = said {
            self.add(field, typed, message);
        }
    }

    pub fn range(&mut self, field: &str, typed: &str, least: u64, most: u64, unit: &str) {
        let fits = typed.trim().parse::<u64>().ok();
        if !fits.is_some_and(|number| (least..=most).contains(&number)) {
            let unit = if unit.is_empty() {
                String::new()
            } else {
                format!(" {unit}")
            };
            self.add(
                field,
                typed,
                format!("A whole number from {least} to {most}{unit}"),
            );
        }
    }

    pub fn chosen(&mut self, field: &str, value: &str, what: &str) {
        if value.is_empty() {
            self.add(field, value, format!("Choose {what}"));
        }
    }

    pub fn tags(&mut self, all: &[String]) {
        if let Some((tag, why)) = all
            .iter()
            .find_map(|tag| Some((tag, tags::check(tag).err()?)))
        {
            self.add("tags", tag, format!("{tag}: {why}"));
        }
    }

    pub fn node(&mut self, node: &str, known: &Known) {
        self.chosen("node", node, "a node");
        if known.node(node).is_some_and(|own| !own.online) {
            self.add("node", node, format!("{node} is offline"));
        }
    }

    /// The storage is there, holds disks, and the node reaches it.
    pub fn storage(&mut self, field: &str, name: &str, node: &str, known: &Known) {
        self.chosen(field, name, "a storage");
        let Some(own) = known.storage(name) else {
            return;
        };
        if !own.usable {
            self.add(field, name, format!("{name} is not available"));
        } else if !own.holds("images") {
            self.add(field, name, format!("{name} does not hold disks"));
        } else if !own.reaches(node) {
            self.add(field, name, format!("{node} does not reach {name}"));
        }
    }
}

/// The call that makes a VM from an image has no field for a pool.
const NO_POOL: &str =
    "The server puts no VM that it makes from an image into a pool: leave it empty";

/// Disks that a bus takes.
const fn most_of(bus: &str) -> usize {
    match bus.as_bytes() {
        b"virtio" => 16,
        b"sata" => 6,
        b"ide" => 3,
        _ => 31,
    }
}

impl Draft {
    /// Everything that is wrong, in the order of the steps; nothing may be sent then.
    #[must_use]
    pub fn check(&self, known: &Known) -> Vec<Wrong> {
        let mut found = Found::new();
        found.take("name", &self.name, host_name(self.name.trim()));
        found.take("id", &self.id, known.check_id(&self.id));
        found.node(&self.node, known);
        found.tags(&self.tags);
        if self.source == Source::Image && !self.pool.trim().is_empty() {
            found.add("pool", &self.pool, NO_POOL);
        }
        found.at(Step::Source);
        match self.source {
            Source::Iso => found.chosen("iso", &self.iso, "an ISO image"),
            Source::Image => found.chosen("image", &self.image, "an image"),
            Source::Empty => {}
        }
        found.at(Step::System);
        found.range("cores", &self.cores, 1, 128, "");
        found.range("memory", &self.memory, 512, 1 << 20, "MiB");
        if self.uefi {
            found.storage("efi", &self.efi_storage, &self.node, known);
        }
        if self.cpu.chars().any(char::is_whitespace) {
            found.add("cpu", &self.cpu, "A type such as host, without spaces");
        }
        self.check_disks(&mut found, known);
        self.check_nics(&mut found, known);
        if self.source == Source::Image {
            self.check_cloud_init(&mut found);
        }
        found.all
    }

    fn check_disks(&self, found: &mut Found, known: &Known) {
        found.at(Step::Disks);
        if self.disks.is_empty() && self.source != Source::Empty {
            found.add("disks", "", "The system needs a disk");
        }
        if self.disks.len() > MOST_DISKS {
            found.add("disks", "disks", format!("At most {MOST_DISKS} disks"));
        }
        for (at, disk) in self.disks.iter().enumerate() {
            let field = |name: &str| format!("disk{at}.{name}");
            found.range(&field("size"), &disk.size, 1, 65_536, "GiB");
            found.storage(&field("storage"), &disk.storage, &self.node, known);
            let most = most_of(self.bus(at));
            if self.earlier(at) >= most {
                let why = format!("This bus takes {most} disks");
                found.add(&field("bus"), &disk.bus, why);
            }
        }
    }

    fn check_nics(&self, found: &mut Found, known: &Known) {
        found.at(Step::Networks);
        if self.nics.len() > MOST_NICS {
            found.add("nets", "nets", format!("At most {MOST_NICS} networks"));
        }
        for (at, nic) in self.nics.iter().enumerate() {
            let field = |name: &str| format!("net{at}.{name}");
            found.chosen(&field("bridge"), &nic.bridge, "a bridge");
            let here =
                |bridges: &Vec<super::Bridge>| bridges.iter().any(|own| own.name == nic.bridge);
            if !nic.bridge.is_empty() && known.bridges.as_ref().is_some_and(|all| !here(all)) {
                let why = format!("{} has no bridge {}", self.node, nic.bridge);
                found.add(&field("bridge"), &nic.bridge, why);
            }
            if !nic.vlan.trim().is_empty() {
                found.range(&field("vlan"), &nic.vlan, 1, 4094, "");
            }
            let typed = nic.mac.trim();
            if !typed.is_empty() {
                found.take(&field("mac"), typed, mac(typed));
                let same = |own: &&NicDraft| own.mac.trim().eq_ignore_ascii_case(typed);
                if self.nics.iter().take(at).any(|own| same(&own)) {
                    found.add(&field("mac"), typed, "Another network of this VM has it");
                }
            }
        }
    }

    fn check_cloud_init(&self, found: &mut Found) {
        found.at(Step::CloudInit);
        check_user(found, &self.user);
        found.take("keys", &self.keys, public_keys(&self.keys));
        for (at, nic) in self.nics.iter().enumerate() {
            check_addresses(found, at, nic);
        }
        found.take("dns", &self.dns, name_servers(&self.dns));
        check_search(found, &self.search);
    }
}

pub(super) fn check_user(found: &mut Found, user: &str) {
    let user = user.trim();
    let first = user.starts_with(|c: char| c.is_ascii_lowercase() || c == '_');
    let rest = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(c);
    let fits = first && user.len() <= 32 && user.chars().all(rest);
    if !user.is_empty() && !fits {
        let why = "Small letters, digits, - and _, beginning with a letter, at most 32";
        found.add("user", user, why);
    }
}

pub(super) fn check_search(found: &mut Found, search: &str) {
    let search = search.trim();
    if !search.is_empty() {
        found.take("search", search, host_name(search));
    }
}

pub(super) fn check_addresses(found: &mut Found, at: usize, nic: &NicDraft) {
    let sides = [
        (nic.ip4, &nic.address4, &nic.gateway4, "4", false),
        (nic.ip6, &nic.address6, &nic.gateway6, "6", true),
    ];
    for (mode, address, gateway, kind, six) in sides {
        if mode != Addressing::Static {
            continue;
        }
        let field = format!("net{at}.address{kind}");
        if address.trim().is_empty() {
            found.add(&field, "", "An address with its length, e.g. 10.0.0.5/24");
        } else {
            found.take(&field, address, check_static(address, six));
        }
        if !gateway.trim().is_empty() {
            let said = check_gateway(gateway, address);
            found.take(&format!("net{at}.gateway{kind}"), gateway, said);
        }
    }
}
