//! A copy of a VM, a template or a snapshot.

use super::address::name_servers;
use super::check::{Found, Step, Wrong, check_addresses, check_search, check_user};
use super::draft::NicDraft;
use super::keys::public_keys;
use super::known::Known;
use super::request::{Request, Requests, put, whole};
use crate::domain::config::{self, ConfigMap};
use crate::domain::ids::VmId;
use crate::domain::names::host_name;
use crate::domain::units::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// What is copied.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CloneSource {
    /// Number.
    pub vm: VmId,
    /// Name.
    pub name: String,
    /// Node that it is on.
    pub node: String,
    /// Whether it is a template.
    pub template: bool,
    /// The snapshot that is copied instead of the present state; empty: none.
    pub snapshot: String,
    /// Disks that belong to it: storage and size.
    pub disks: Vec<(String, Bytes)>,
    /// Cores in all.
    pub cores: u64,
    /// Memory.
    pub memory: Bytes,
    /// Whether cloud-init sets it up.
    pub cloud_init: bool,
    /// Disks that can be made larger: key and size.
    pub growing: Vec<(String, Bytes)>,
    /// Its interfaces.
    pub nics: Vec<config::Nic>,
}

/// Whether a copy may share what does not change with its source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Linked {
    /// It may.
    Yes,
    /// It may not; why.
    No(String),
}

impl CloneSource {
    /// Reads disks, size and cloud-init out of a configuration.
    pub fn read(&mut self, config: &ConfigMap) {
        let owned = |disk: &config::Disk| disk.is_owned() && !disk.is_cloud_init();
        self.disks = config::disks(config)
            .iter()
            .filter(|disk| owned(disk))
            .filter_map(|disk| Some((disk.storage()?.to_owned(), disk.size().unwrap_or_default())))
            .collect();
        self.growing = config::disks(config)
            .iter()
            .filter(|disk| owned(disk))
            .filter_map(|disk| Some((disk.key.clone(), disk.size()?)))
            .collect();
        self.nics = config::nics(config);
        self.cores = config::cores(config).unwrap_or_default();
        self.memory = Bytes(config::number(config, "memory").unwrap_or_default() << 20);
        self.cloud_init = config::disks(config)
            .iter()
            .any(config::Disk::is_cloud_init);
    }

    /// Whether a linked copy is possible, by Proxmox's rules.
    #[must_use]
    pub fn linked(&self, known: &Known) -> Linked {
        let no = |why: String| Linked::No(why);
        let kinds = || {
            let storage = |name: &String| known.storage(name);
            self.disks.iter().filter_map(move |(name, _)| storage(name))
        };
        if self.template && self.snapshot.is_empty() {
            // Plain LVM and iSCSI have nothing to link to.
            return match kinds().find(|own| matches!(own.kind.as_str(), "lvm" | "iscsi")) {
                Some(own) => no(format!("{} ({}) can't link disks", own.name, own.kind)),
                None => Linked::Yes,
            };
        }
        if self.snapshot.is_empty() {
            return no(
                "Only templates and snapshots can be linked to: a VM goes on changing".into(),
            );
        }
        match kinds().find(|own| !matches!(own.kind.as_str(), "rbd" | "lvmthin")) {
            Some(own) => no(format!(
                "{} ({}) links to templates, not to snapshots",
                own.name, own.kind
            )),
            None => Linked::Yes,
        }
    }

    /// Why a copy can't be made on a node other than the source's.
    #[must_use]
    pub fn kept_from(&self, node: &str, known: &Known) -> Option<String> {
        if node == self.node {
            return None;
        }
        let stays = self.disks.iter().find_map(|(name, _)| {
            let own = known.storage(name)?;
            (!own.shared || !own.reaches(node)).then_some(name)
        });
        stays.map(|name| format!("its disks are on {name}, which {node} does not share"))
    }
}

/// Typed, and not what the source has.
fn changed(typed: &str, before: u64) -> bool {
    !typed.trim().is_empty() && typed.trim().parse() != Ok(before)
}

/// An interface of a copy.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct CopyNic {
    /// `net1`.
    pub key: String,
    /// Bridge, VLAN, and the address that cloud-init is told. That of `net0` has fields of its own.
    pub nic: NicDraft,
    /// Whether its address is set anew.
    pub readdress: bool,
}

/// A copy, as typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CloneDraft {
    /// Host name.
    pub name: String,
    /// Number.
    pub id: String,
    /// Node.
    pub node: String,
    /// A whole copy, not one that shares with its source.
    pub full: bool,
    /// Storage of the copied disks; empty: where the source has them.
    pub storage: String,
    /// Pool; empty: none.
    pub pool: String,
    /// Tags.
    pub tags: Vec<String>,
    /// Notes.
    pub description: String,
    /// User that cloud-init makes.
    pub user: String,
    /// Public SSH keys, one a line.
    pub keys: String,
    /// Address of the first interface; untouched: as the source has it.
    pub nic: NicDraft,
    /// Whether the address is set anew.
    pub readdress: bool,
    /// Name servers.
    pub dns: String,
    /// Search domain.
    pub search: String,
    /// Start it when it is there.
    pub start: bool,
    /// Cores in all.
    pub cores: String,
    /// MiB.
    pub memory: String,
    /// The disk that is made larger; empty: none.
    pub grown: String,
    /// Its size then, GiB.
    pub size: String,
    /// Interfaces.
    pub nics: Vec<CopyNic>,
    /// Volume with user-data of one's own; empty: as the source has it.
    pub user_data: String,
}

impl Default for CloneDraft {
    fn default() -> Self {
        Self {
            name: String::new(),
            id: String::new(),
            node: String::new(),
            full: true,
            storage: String::new(),
            pool: String::new(),
            tags: Vec::new(),
            description: String::new(),
            user: String::new(),
            keys: String::new(),
            nic: NicDraft::default(),
            readdress: false,
            dns: String::new(),
            search: String::new(),
            start: false,
            cores: String::new(),
            memory: String::new(),
            grown: String::new(),
            size: String::new(),
            nics: Vec::new(),
            user_data: String::new(),
        }
    }
}

impl CopyNic {
    fn of(nic: &config::Nic) -> Self {
        Self {
            key: nic.key.clone(),
            nic: NicDraft {
                bridge: nic.bridge().unwrap_or_default().to_owned(),
                vlan: nic.vlan().unwrap_or_default().to_owned(),
                ..NicDraft::default()
            },
            readdress: false,
        }
    }

    /// Its number: 1 of `net1`.
    #[must_use]
    pub fn number(&self) -> usize {
        self.key.trim_start_matches("net").parse().unwrap_or(0)
    }

    /// Its option string, where it is plugged in elsewhere than in the source.
    fn replugged(&self, source: &CloneSource) -> Option<String> {
        let own = source.nics.iter().find(|nic| nic.key == self.key)?;
        let before = Self::of(own).nic;
        let (bridge, vlan) = (self.nic.bridge.trim(), self.nic.vlan.trim());
        (bridge != before.bridge || vlan != before.vlan).then(|| own.replugged(bridge, vlan))
    }

    /// In words, where something is changed.
    pub(super) fn words(&self, source: &CloneSource) -> Option<String> {
        self.replugged(source)
            .map(|text| config::Nic::parse(&self.key, &text).words())
    }
}

impl CloneDraft {
    /// Size of the disk that is made larger, in GiB; none where none is.
    pub(super) fn growth<'a>(&self, source: &'a CloneSource) -> Option<(&'a str, Bytes, u64)> {
        let (key, size) = source.growing.iter().find(|(key, _)| *key == self.grown)?;
        Some((key, *size, whole(&self.size)))
    }

    /// What the call that copies has no field for.
    fn config(&self, source: &CloneSource) -> Map<String, Value> {
        let mut config = Map::new();
        if changed(&self.cores, source.cores) {
            config.insert("cores".into(), whole(&self.cores).into());
            config.insert("sockets".into(), 1.into());
        }
        if changed(&self.memory, source.memory.0 >> 20) {
            config.insert("memory".into(), whole(&self.memory).into());
        }
        for own in &self.nics {
            if let Some(text) = own.replugged(source) {
                config.insert(own.key.clone(), text.into());
            }
            if source.cloud_init && own.readdress && own.number() > 0 {
                let key = format!("ipconfig{}", own.number());
                put(&mut config, &key, &own.nic.ip_config());
            }
        }
        if source.cloud_init && !self.user_data.is_empty() {
            config.insert("cicustom".into(), format!("user={}", self.user_data).into());
        }
        config
    }

    fn check_hardware(&self, source: &CloneSource, known: &Known, found: &mut Found) {
        found.at(Step::System);
        if changed(&self.cores, source.cores) {
            found.range("cores", &self.cores, 1, 128, "");
        }
        if changed(&self.memory, source.memory.0 >> 20) {
            found.range("memory", &self.memory, 16, 4 << 20, "MiB");
        }
        found.at(Step::Disks);
        if let Some((_, before, after)) = self.growth(source) {
            found.range("size", &self.size, 1, 65_536, "GiB");
            if after > 0 && after.saturating_mul(1 << 30) <= before.0 {
                let why = format!("It has {}, and can only grow", before.capacity());
                found.add("size", &self.size, why);
            }
        }
        found.at(Step::Networks);
        for own in &self.nics {
            let field = |what: &str| format!("{}.{what}", own.key);
            if own.replugged(source).is_none() {
                continue;
            }
            let bridge = own.nic.bridge.trim();
            found.chosen(&field("bridge"), bridge, "a bridge");
            let here = |bridges: &Vec<super::Bridge>| bridges.iter().any(|own| own.name == bridge);
            if !bridge.is_empty() && known.bridges.as_ref().is_some_and(|all| !here(all)) {
                let why = format!("{} has no bridge {bridge}", self.node);
                found.add(&field("bridge"), bridge, why);
            }
            if !own.nic.vlan.trim().is_empty() {
                found.range(&field("vlan"), &own.nic.vlan, 1, 4094, "");
            }
        }
    }

    /// As it is proposed for a source.
    #[must_use]
    pub fn of(source: &CloneSource, tags: &[String], known: &Known) -> Self {
        let tags = tags.iter().filter(|tag| *tag != "template").cloned();
        Self {
            id: known.next_id().to_string(),
            node: source.node.clone(),
            full: source.linked(known) != Linked::Yes || !source.template,
            tags: tags.collect(),
            cores: source.cores.to_string(),
            memory: (source.memory.0 >> 20).to_string(),
            nics: source.nics.iter().map(CopyNic::of).collect(),
            ..Self::default()
        }
    }

    /// The number that is typed; 0 where it is none.
    #[must_use]
    pub fn vm(&self) -> VmId {
        VmId(self.id.trim().parse().unwrap_or_default())
    }

    /// Everything that is wrong, by the steps General, Disks and Cloud-init.
    #[must_use]
    pub fn check(&self, source: &CloneSource, known: &Known) -> Vec<Wrong> {
        let mut found = Found::new();
        found.take("name", &self.name, host_name(self.name.trim()));
        found.take("id", &self.id, known.check_id(&self.id));
        found.node(&self.node, known);
        if let Some(why) = source.kept_from(&self.node, known) {
            found.add("node", &self.node, format!("Not there: {why}"));
        }
        found.tags(&self.tags);
        found.at(Step::Disks);
        if self.full {
            if !self.storage.is_empty() {
                found.storage("storage", &self.storage, &self.node, known);
            }
        } else if let Linked::No(why) = source.linked(known) {
            found.add("full", "linked", why);
        }
        self.check_hardware(source, known, &mut found);
        if source.cloud_init {
            found.at(Step::CloudInit);
            check_user(&mut found, &self.user);
            found.take("keys", &self.keys, public_keys(&self.keys));
            if self.readdress {
                check_addresses(&mut found, 0, &self.nic);
            }
            for own in self
                .nics
                .iter()
                .filter(|own| own.readdress && own.number() > 0)
            {
                check_addresses(&mut found, own.number(), &own.nic);
            }
            found.take("dns", &self.dns, name_servers(&self.dns));
            check_search(&mut found, &self.search);
        }
        found.all
    }

    /// What is sent.
    #[must_use]
    pub fn requests(&self, source: &CloneSource) -> Requests {
        let mut body = Map::new();
        body.insert("newVmId".into(), self.vm().0.into());
        put(&mut body, "name", &self.name);
        put(&mut body, "targetNode", &self.node);
        body.insert("fullClone".into(), self.full.into());
        if self.full {
            put(&mut body, "targetStorage", &self.storage);
        }
        put(&mut body, "snapshot", &source.snapshot);
        put(&mut body, "description", &self.description);
        put(&mut body, "pool", &self.pool);
        if !self.tags.is_empty() {
            body.insert("tags".into(), self.tags.clone().into());
        }
        let cloud_init = self.cloud_init();
        if source.cloud_init && !cloud_init.is_empty() {
            body.insert("cloudInit".into(), Value::Object(cloud_init));
        }
        if let Some((key, _, size)) = self.growth(source) {
            let grown = json!({"disk": key, "size": format!("{size}G")});
            body.insert("diskResize".into(), grown);
        }
        let mut requests = vec![Request::Clone(source.vm, body.into())];
        let config = self.config(source);
        if !config.is_empty() {
            requests.push(Request::Configure(self.vm(), config.into()));
        }
        if self.start {
            requests.push(Request::Start(self.vm()));
        }
        requests
    }

    fn cloud_init(&self) -> Map<String, Value> {
        let mut told = Map::new();
        put(&mut told, "user", &self.user);
        let keys = public_keys(&self.keys).unwrap_or_default().join("\n");
        put(&mut told, "sshKeys", &keys);
        if self.readdress {
            put(&mut told, "ipConfig", &self.nic.ip_config());
        }
        put(&mut told, "searchDomain", &self.search);
        put(
            &mut told,
            "nameservers",
            &name_servers(&self.dns).unwrap_or_default(),
        );
        told
    }
}
