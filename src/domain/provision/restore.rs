//! A backup that becomes a VM: a new one, or the one that was backed up (guide: Backup Management,
//! "Restore Wizard").

use super::capacity::{Demand, Outlook, look};
use super::check::{Found, Step, Wrong};
use super::known::Known;
use super::request::{Request, Requests};
use crate::domain::config::{self, ConfigMap};
use crate::domain::ids::VmId;
use crate::domain::names::host_name;
use crate::domain::units::Bytes;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A backup to be restored (contract: `RestoreRequest`).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Restore {
    /// Volume ID of the backup.
    pub backup: String,
    /// VM that it becomes: the one that was backed up, or a new one.
    pub vm: VmId,
    /// Node that it goes to.
    pub node: String,
    /// One storage for all disks; `None`: where each was.
    pub storage: Option<String>,
    /// Storage by disk (`scsi0`); wins over `storage`. Only where the server offers a mapping.
    pub storages: BTreeMap<String, String>,
    /// Bridge by interface (`net0`); as `storages`.
    pub bridges: BTreeMap<String, String>,
    /// Start it when it is there.
    pub start: bool,
    /// Give its interfaces new hardware addresses.
    pub unique: bool,
    /// Replace the VM that has this number.
    pub overwrite: bool,
    /// At most so many MB a second.
    pub bandwidth: Option<u32>,
    /// Another name than it had.
    pub name: Option<String>,
    /// Other notes than it had.
    pub description: Option<String>,
}

impl Restore {
    /// Type of its task: that of a container where the file or its group is called one's.
    #[must_use]
    pub fn task_type(&self) -> &'static str {
        match self.backup.contains("vzdump-lxc-") || self.backup.contains("backup/ct/") {
            true => "vzrestore",
            false => "qmrestore",
        }
    }
}

/// A disk in the backup.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct KeptDisk {
    /// `scsi0`
    pub key: String,
    /// Where it was.
    pub storage: String,
    /// Size, where the configuration says it.
    pub size: Option<Bytes>,
}

/// An interface in the backup.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KeptNic {
    /// `net0`
    pub key: String,
    /// Bridge that it was on.
    pub bridge: String,
    /// In words.
    pub words: String,
}

/// What is restored.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RestoreSource {
    /// Volume ID.
    pub volid: String,
    /// Storage that it lies on.
    pub storage: String,
    /// VM that it is of.
    pub vm: VmId,
    /// Its name, then or now; empty where neither is known.
    pub name: String,
    /// Found damaged.
    pub damaged: bool,
    /// Disks that are in it.
    pub disks: Vec<KeptDisk>,
    /// Interfaces.
    pub nics: Vec<KeptNic>,
    /// Cores in all.
    pub cores: u64,
    /// Memory.
    pub memory: Bytes,
    /// Whether its configuration could be read: disks and interfaces are known then.
    pub read: bool,
    /// Whether the server takes a storage for each disk and a bridge for each interface.
    pub maps: bool,
}

impl RestoreSource {
    /// Reads name, disks, interfaces and size out of its configuration. Disks that were left out of
    /// the backup are not in it.
    pub fn read(&mut self, config: &ConfigMap) {
        let left_out = |disk: &config::Disk| disk.print().split(',').any(|part| part == "backup=0");
        self.disks = config::disks(config)
            .iter()
            .filter(|disk| disk.is_owned() && !left_out(disk))
            .map(|disk| KeptDisk {
                key: disk.key.clone(),
                storage: disk.storage().unwrap_or_default().to_owned(),
                size: disk.size().filter(|_| !disk.is_cloud_init()),
            })
            .collect();
        self.nics = config::nics(config)
            .iter()
            .map(|nic| KeptNic {
                key: nic.key.clone(),
                bridge: nic.bridge().unwrap_or_default().to_owned(),
                words: nic.words(),
            })
            .collect();
        if let Some(name) = config::text(config, "name").filter(|name| !name.is_empty()) {
            self.name = name;
        }
        self.cores = config::cores(config).unwrap_or_default();
        self.memory = Bytes(config::number(config, "memory").unwrap_or_default() << 20);
        self.read = true;
    }
}

/// The VM that has the backed-up one's number now.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Standing {
    /// Its name.
    pub name: String,
    /// Node that it is on.
    pub node: String,
    /// Why it can't be replaced now.
    pub refused: Option<String>,
    /// Bytes that its disks hold, by storage: they go first.
    pub holds: BTreeMap<String, u64>,
}

/// As typed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RestoreDraft {
    /// Volume ID.
    pub backup: String,
    /// Over the VM that was backed up.
    pub over: bool,
    /// Number of the new VM.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Node.
    pub node: String,
    /// Storage of all disks; empty: where each was.
    pub storage: String,
    /// Storage by disk.
    pub storages: BTreeMap<String, String>,
    /// Bridge by interface.
    pub bridges: BTreeMap<String, String>,
    /// New hardware addresses.
    pub unique: bool,
    /// Start it when it is there.
    pub start: bool,
}

impl RestoreDraft {
    /// As it is proposed: under its own number where that is free, else beside the VM that is
    /// there, with other addresses, so that both can run.
    #[must_use]
    pub fn of(source: &RestoreSource, standing: Option<&Standing>, known: &Known) -> Self {
        let reach = |node: &&super::NodeFacts| {
            let own = known.storage(&source.storage);
            node.online && own.is_none_or(|own| own.reaches(&node.name))
        };
        let home = standing.map(|vm| vm.node.clone()).filter(|name| {
            let node = known.node(name);
            node.is_some_and(|node| reach(&node))
        });
        let other = || {
            let roomy = known.roomiest_node().filter(reach);
            let node = roomy.or_else(|| known.nodes.iter().find(reach));
            node.map(|node| node.name.clone())
        };
        let name = match standing {
            Some(_) if !source.name.is_empty() => format!("{}-restored", source.name),
            _ => source.name.clone(),
        };
        let taken = known.vms.contains_key(&source.vm.0);
        Self {
            backup: source.volid.clone(),
            id: if taken { known.next_id() } else { source.vm.0 }.to_string(),
            name,
            node: home.or_else(other).unwrap_or_default(),
            unique: standing.is_some(),
            ..Self::default()
        }
    }

    /// The proposal for another backup of the same VM, with what was typed since the one `before`:
    /// nothing that a person chose becomes something else by choosing an older backup.
    #[must_use]
    pub fn carried(&self, before: &Self, proposed: Self, source: &RestoreSource) -> Self {
        let text = |own: &String, was: &String, new: String| match own == was {
            true => new,
            false => own.clone(),
        };
        let flag = |own: bool, was: bool, new: bool| if own == was { new } else { own };
        let in_it = |map: &BTreeMap<String, String>, keys: &[&str]| {
            let own = map.iter().filter(|(key, _)| keys.contains(&key.as_str()));
            own.map(|(key, name)| (key.clone(), name.clone())).collect()
        };
        let disks: Vec<&str> = source.disks.iter().map(|disk| disk.key.as_str()).collect();
        let nics: Vec<&str> = source.nics.iter().map(|nic| nic.key.as_str()).collect();
        Self {
            backup: proposed.backup,
            over: flag(self.over, before.over, proposed.over),
            id: text(&self.id, &before.id, proposed.id),
            name: text(&self.name, &before.name, proposed.name),
            node: text(&self.node, &before.node, proposed.node),
            storage: text(&self.storage, &before.storage, proposed.storage),
            storages: in_it(&self.storages, &disks),
            bridges: in_it(&self.bridges, &nics),
            unique: flag(self.unique, before.unique, proposed.unique),
            start: flag(self.start, before.start, proposed.start),
        }
    }

    /// The number that it will have; 0 where that is none.
    #[must_use]
    pub fn vm(&self, source: &RestoreSource) -> VmId {
        match self.over {
            true => source.vm,
            false => VmId(self.id.trim().parse().unwrap_or_default()),
        }
    }

    /// The node that it goes to: over a VM, that of the VM.
    #[must_use]
    pub fn target<'a>(&'a self, standing: Option<&'a Standing>) -> &'a str {
        match standing.filter(|_| self.over) {
            Some(vm) => &vm.node,
            None => &self.node,
        }
    }

    /// The storage that a disk goes to.
    #[must_use]
    pub fn storage_of<'a>(&'a self, disk: &'a KeptDisk, source: &RestoreSource) -> &'a str {
        let own = self.storages.get(&disk.key).filter(|_| source.maps);
        match own.filter(|name| !name.is_empty()) {
            Some(name) => name,
            None if self.storage.is_empty() => &disk.storage,
            None => &self.storage,
        }
    }

    /// What it will be called.
    #[must_use]
    pub fn shown_name<'a>(&'a self, source: &'a RestoreSource) -> &'a str {
        match self.over {
            true => &source.name,
            false => self.name.trim(),
        }
    }

    /// Everything that is wrong, by the steps Source, General, Disks and Networks.
    #[must_use]
    pub fn check(
        &self,
        source: &RestoreSource,
        standing: Option<&Standing>,
        known: &Known,
    ) -> Vec<Wrong> {
        let mut found = Found::new();
        found.at(Step::Source);
        found.chosen("backup", &self.backup, "a backup");
        if self.backup.is_empty() {
            return found.all;
        }
        found.at(Step::General);
        let node = self.target(standing);
        if self.over {
            match standing {
                None => found.add(
                    "over",
                    "over",
                    "The VM is not there any more: restore it anew",
                ),
                Some(vm) => {
                    if let Some(why) = &vm.refused {
                        found.add("over", "over", why.clone());
                    }
                }
            }
        } else {
            found.take("id", &self.id, known.check_id(&self.id));
            found.take("name", &self.name, host_name(self.name.trim()));
            found.node(node, known);
        }
        let lies = known.storage(&source.storage);
        if !node.is_empty() && lies.is_some_and(|own| !own.reaches(node)) {
            let field = if self.over { "over" } else { "node" };
            let why = format!(
                "{node} does not reach {}, where the backup lies",
                source.storage
            );
            found.add(field, node, why);
        }
        found.at(Step::Disks);
        if !self.storage.is_empty() {
            found.storage("storage", &self.storage, node, known);
        }
        for disk in &source.disks {
            let target = self.storage_of(disk, source);
            let field = match self.storages.get(&disk.key) {
                Some(own) if source.maps && own == target => format!("disk.{}", disk.key),
                // One that was chosen for all is said once.
                _ if !self.storage.is_empty() => continue,
                _ if source.maps => format!("disk.{}", disk.key),
                _ => "storage".to_owned(),
            };
            found.storage(&field, target, node, known);
        }
        found.at(Step::Networks);
        if let Some(bridges) = known.bridges.as_ref().filter(|_| source.maps) {
            let chosen = self.bridges.iter().filter(|(_, name)| !name.is_empty());
            for (key, name) in chosen {
                if !bridges.iter().any(|own| own.name == *name) {
                    let why = format!("{node} has no bridge {name}");
                    found.add(&format!("nic.{key}"), name, why);
                }
            }
        }
        found.all
    }

    /// What comes of it.
    #[must_use]
    pub fn outlook(
        &self,
        source: &RestoreSource,
        standing: Option<&Standing>,
        known: &Known,
    ) -> Outlook {
        let mut disks: BTreeMap<&str, u64> = BTreeMap::new();
        for disk in &source.disks {
            let size = disk.size.map_or(0, |size| size.0);
            *disks.entry(self.storage_of(disk, source)).or_default() += size;
        }
        if let Some(vm) = standing.filter(|_| self.over) {
            // What is there goes first.
            for (storage, asked) in &mut disks {
                let held = vm.holds.get(*storage).copied().unwrap_or_default();
                *asked = asked.saturating_sub(held);
            }
        }
        let demand = Demand {
            name: if self.over { "" } else { self.name.trim() },
            node: self.target(standing),
            cores: source.cores,
            memory: source.memory,
            disks,
        };
        let mut outlook = look(&demand, known);
        let mut say = |bad: bool, words: String| outlook.remark(bad, words);
        if source.damaged {
            say(
                true,
                "The backup was found damaged: it will most likely fail".to_owned(),
            );
        }
        if known
            .storage(&source.storage)
            .is_some_and(|own| !own.usable)
        {
            let words = format!("{}, where the backup lies, does not answer", source.storage);
            say(true, words);
        }
        if !source.read && !source.volid.is_empty() {
            let words = "What is in the backup is not known: whether it fits can't be told";
            say(false, words.to_owned());
        }
        if let Some(vm) = standing.filter(|_| !self.over && !self.unique && !source.nics.is_empty())
        {
            let words = format!(
                "It would have the hardware addresses of {}: not both can run",
                vm.name
            );
            say(false, words);
        }
        if let Some(bridges) = &known.bridges {
            let node = self.target(standing);
            let kept = |nic: &&KeptNic| {
                let chosen = self.bridges.get(&nic.key).filter(|_| source.maps);
                chosen.is_none_or(String::is_empty)
            };
            for nic in source.nics.iter().filter(kept) {
                if !nic.bridge.is_empty() && !bridges.iter().any(|own| own.name == nic.bridge) {
                    let words = format!(
                        "{node} has no bridge {}: {} needs one to start",
                        nic.bridge, nic.key
                    );
                    say(false, words);
                }
            }
        }
        outlook.worst_first();
        outlook
    }

    /// What is sent.
    #[must_use]
    pub fn requests(&self, source: &RestoreSource, standing: Option<&Standing>) -> Requests {
        let some = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let chosen = |map: &BTreeMap<String, String>| {
            let pairs = map
                .iter()
                .filter(|(_, value)| source.maps && !value.is_empty());
            pairs
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect()
        };
        vec![Request::Restore(Box::new(Restore {
            backup: self.backup.clone(),
            vm: self.vm(source),
            node: self.target(standing).to_owned(),
            storage: some(&self.storage),
            storages: chosen(&self.storages),
            bridges: chosen(&self.bridges),
            start: self.start,
            unique: self.unique,
            overwrite: self.over,
            name: some(&self.name).filter(|_| !self.over),
            ..Restore::default()
        }))]
    }
}
