//! What was chosen, told before it is sent.

use super::check::Step;
use super::clone::{CloneDraft, CloneSource};
use super::draft::{DiskDraft, Draft, NicDraft, Source};
use super::keys::public_keys;
use super::request::whole;
use super::restore::{RestoreDraft, RestoreSource, Standing};
use crate::domain::config::os;
use crate::domain::units::{Bytes, count};

/// One line of the review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Where it is changed.
    pub step: Step,
    /// What it is.
    pub label: String,
    /// What was chosen.
    pub value: String,
}

#[derive(Default)]
struct Told(Vec<Choice>);

impl Told {
    fn add(&mut self, step: Step, label: &str, value: impl Into<String>) {
        self.0.push(Choice {
            step,
            label: label.to_owned(),
            value: value.into(),
        });
    }

    fn some(&mut self, step: Step, label: &str, value: &str) {
        if !value.trim().is_empty() {
            self.add(step, label, value.trim());
        }
    }
}

fn mib(text: &str) -> String {
    Bytes(whole(text).saturating_mul(1 << 20))
        .capacity()
        .to_string()
}

/// A volume without its storage and folder: `debian-12.iso`.
fn file(volume: &str) -> &str {
    volume.rsplit(['/', ':']).next().unwrap_or(volume)
}

impl DiskDraft {
    /// As they are sent: the virtio bus knows no SSD, a copied disk is in backups.
    fn words(&self, bus: &str, copied: bool) -> String {
        let size = Bytes(whole(&self.size).saturating_mul(1 << 30)).capacity();
        let mut words = format!("{size} on {}", self.storage);
        for (on, word) in [
            (self.ssd && bus != "virtio", ", SSD"),
            (self.discard, ", discard"),
            (!self.backup && !copied, ", not in backups"),
        ] {
            if on {
                words.push_str(word);
            }
        }
        if !self.cache.is_empty() {
            words.push_str(&format!(", cache {}", self.cache));
        }
        words
    }
}

impl NicDraft {
    fn words(&self) -> String {
        let mut words = format!("{} on {}", self.model, self.bridge);
        if !self.vlan.trim().is_empty() {
            words.push_str(&format!(", VLAN {}", self.vlan.trim()));
        }
        if !self.mac.trim().is_empty() {
            words.push_str(&format!(", {}", self.mac.trim()));
        }
        words
    }
}

/// The lines of a new VM, by step.
#[must_use]
pub fn choices(draft: &Draft) -> Vec<Choice> {
    let mut told = Told(Vec::new());
    told.add(Step::General, "Name", draft.name.trim());
    told.add(Step::General, "VM ID", draft.id.trim());
    told.add(Step::General, "Node", draft.node.as_str());
    told.some(Step::General, "Pool", &draft.pool);
    told.some(Step::General, "Tags", &draft.tags.join(", "));
    let source = match draft.source {
        Source::Iso => format!("ISO image {}", file(&draft.iso)),
        Source::Image => format!("Copy of {}, set up by cloud-init", file(&draft.image)),
        Source::Empty => "None".to_owned(),
    };
    told.add(Step::Source, "Source", source);
    told.add(Step::Source, "Guest", os(&draft.ostype));
    let cores = count(
        usize::try_from(whole(&draft.cores)).unwrap_or_default(),
        "core",
        "cores",
    );
    let cpu = if draft.cpu.is_empty() {
        cores
    } else {
        format!("{cores}, {}", draft.cpu)
    };
    told.add(Step::System, "CPU", cpu);
    told.add(Step::System, "Memory", mib(&draft.memory));
    let firmware = match (draft.uefi, draft.secure_boot) {
        (false, _) => "BIOS (SeaBIOS)".to_owned(),
        (true, secure) => {
            let keys = if secure { ", Secure Boot" } else { "" };
            format!("UEFI (OVMF), variables on {}{keys}", draft.efi_storage)
        }
    };
    told.add(Step::System, "Firmware", firmware);
    told.add(
        Step::System,
        "Machine",
        if draft.q35 { "q35" } else { "i440fx" },
    );
    told.add(
        Step::System,
        "Guest agent",
        if draft.agent { "On" } else { "Off" },
    );
    if draft.onboot {
        told.add(Step::System, "Starts with its node", "Yes");
    }
    for (at, disk) in draft.disks.iter().enumerate() {
        told.add(
            Step::Disks,
            &draft.key(at),
            disk.words(draft.bus(at), draft.is_copied(at)),
        );
    }
    for (at, nic) in draft.nics.iter().enumerate() {
        told.add(Step::Networks, &format!("net{at}"), nic.words());
    }
    if draft.source == Source::Image {
        let user = if draft.user.is_empty() {
            "As the image has it"
        } else {
            draft.user.trim()
        };
        told.add(Step::CloudInit, "User", user);
        let keys = public_keys(&draft.keys).map_or(0, |keys| keys.len());
        told.add(Step::CloudInit, "SSH keys", keys.to_string());
        for (at, nic) in draft.nics.iter().enumerate() {
            told.some(
                Step::CloudInit,
                &format!("Address of net{at}"),
                &nic.ip_config(),
            );
        }
        told.some(Step::CloudInit, "Name servers", &draft.dns);
        told.some(Step::CloudInit, "Search domain", &draft.search);
        told.some(Step::CloudInit, "User-data", file(&draft.user_data));
    }
    told.0
}

/// The lines of a copy, by step.
#[must_use]
pub fn clone_choices(draft: &CloneDraft, source: &CloneSource) -> Vec<Choice> {
    let mut told = Told(Vec::new());
    let kind = if source.template { "template" } else { "VM" };
    let mut of = format!("{kind} {} {}", source.vm, source.name);
    if !source.snapshot.is_empty() {
        of = format!("snapshot {} of {of}", source.snapshot);
    }
    told.add(Step::General, "Copy of", of);
    told.add(Step::General, "Name", draft.name.trim());
    told.add(Step::General, "VM ID", draft.id.trim());
    told.add(Step::General, "Node", draft.node.as_str());
    told.some(Step::General, "Pool", &draft.pool);
    told.some(Step::General, "Tags", &draft.tags.join(", "));
    told.some(Step::General, "Notes", &draft.description);
    let mode = if draft.full {
        "Full copy"
    } else {
        "Linked to its source"
    };
    told.add(Step::Disks, "Disks", mode);
    if draft.full {
        let storage = if draft.storage.is_empty() {
            "As the source has them"
        } else {
            draft.storage.as_str()
        };
        told.add(Step::Disks, "Storage", storage);
    }
    if let Some((key, before, size)) = draft.growth(source) {
        let after = Bytes(size.saturating_mul(1 << 30)).capacity();
        let words = match size {
            0 => "Grows; its new size is missing".to_owned(),
            _ => format!("Grows from {} to {after}", before.capacity()),
        };
        told.add(Step::Disks, key, words);
    }
    let cores = count(
        usize::try_from(whole(&draft.cores)).unwrap_or_default(),
        "core",
        "cores",
    );
    told.add(Step::System, "CPU", cores);
    told.add(Step::System, "Memory", mib(&draft.memory));
    for own in &draft.nics {
        let words = own.words(source);
        told.add(
            Step::Networks,
            &own.key,
            words.unwrap_or_else(|| "As the source has it".to_owned()),
        );
    }
    if source.cloud_init {
        told.some(Step::CloudInit, "User", &draft.user);
        let keys = public_keys(&draft.keys).map_or(0, |keys| keys.len());
        if keys > 0 {
            told.add(Step::CloudInit, "SSH keys", keys.to_string());
        }
        if draft.readdress {
            told.some(Step::CloudInit, "Address of net0", &draft.nic.ip_config());
        }
        for own in draft
            .nics
            .iter()
            .filter(|own| own.readdress && own.number() > 0)
        {
            let label = format!("Address of {}", own.key);
            told.some(Step::CloudInit, &label, &own.nic.ip_config());
        }
        told.some(Step::CloudInit, "Name servers", &draft.dns);
        told.some(Step::CloudInit, "Search domain", &draft.search);
        told.some(Step::CloudInit, "User-data", file(&draft.user_data));
    }
    told.0
}

impl RestoreDraft {
    /// The lines of a restore, by step.
    #[must_use]
    pub fn choices(&self, source: &RestoreSource, standing: Option<&Standing>) -> Vec<Choice> {
        let mut told = Told::default();
        match standing.filter(|_| self.over) {
            Some(vm) => {
                let words = format!("Over {} ({})", vm.name, source.vm);
                told.add(Step::General, "Restored", words);
            }
            None => {
                told.add(Step::General, "Restored", "As a new VM");
                told.add(Step::General, "VM ID", self.id.trim());
                told.add(Step::General, "Name", self.name.trim());
            }
        }
        told.add(Step::General, "Node", self.target(standing));
        let storage = if self.storage.is_empty() {
            "Where each disk was"
        } else {
            &self.storage
        };
        told.add(Step::Disks, "Storage", storage);
        for disk in &source.disks {
            let size = disk
                .size
                .map_or_else(String::new, |size| format!("{} on ", size.capacity()));
            let words = format!("{size}{}", self.storage_of(disk, source));
            told.add(Step::Disks, &disk.key, words);
        }
        for nic in &source.nics {
            let chosen = self.bridges.get(&nic.key).filter(|_| source.maps);
            let words = match chosen.filter(|name| !name.is_empty() && **name != nic.bridge) {
                Some(name) => format!("{} instead of {}", name, nic.bridge),
                None => nic.words.clone(),
            };
            told.add(Step::Networks, &nic.key, words);
        }
        let addresses = if self.unique {
            "New ones"
        } else {
            "As they were"
        };
        told.add(Step::Networks, "Hardware addresses", addresses);
        told.0
    }
}
