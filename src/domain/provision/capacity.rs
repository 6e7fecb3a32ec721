//! What a plan does to its node and its storages: bars of what is full afterwards, and remarks.

use super::clone::{CloneDraft, CloneSource};
use super::draft::Draft;
use super::known::Known;
use super::request::whole;
use crate::domain::units::Bytes;
use std::collections::BTreeMap;

/// Virtual CPUs per CPU above which a node is said to be crowded.
const CROWDED: u64 = 4;
/// Share of a storage in use above which it is said to be nearly full.
const NEARLY_FULL: f64 = 0.9;

/// How full something is afterwards.
#[derive(Debug, Clone, PartialEq)]
pub struct Filled {
    /// `proxmox-02 memory`, `local-zfs`.
    pub name: String,
    /// In use, or promised, afterwards.
    pub after: Bytes,
    /// In all.
    pub total: Bytes,
}

/// Something to know before it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// It will most likely fail.
    pub bad: bool,
    /// In words.
    pub words: String,
}

/// All of it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Outlook {
    /// Bars, the node's first.
    pub fills: Vec<Filled>,
    /// Remarks, the worst first.
    pub remarks: Vec<Remark>,
}

impl Outlook {
    pub(super) fn remark(&mut self, bad: bool, words: String) {
        self.remarks.push(Remark { bad, words });
    }

    pub(super) fn worst_first(&mut self) {
        self.remarks.sort_by_key(|remark| !remark.bad);
    }
}

/// What a VM takes.
pub(super) struct Demand<'a> {
    pub name: &'a str,
    pub node: &'a str,
    pub cores: u64,
    pub memory: Bytes,
    /// Bytes by storage.
    pub disks: BTreeMap<&'a str, u64>,
}

/// What comes of a plan.
pub(super) fn look(demand: &Demand<'_>, known: &Known) -> Outlook {
    let mut outlook = Outlook::default();
    if let Some(node) = known.node(demand.node) {
        let name = &node.name;
        if let Some(total) = node.memory {
            let after = Bytes(node.promised.0.saturating_add(demand.memory.0));
            if demand.memory > total {
                let words = format!(
                    "{name} has {} of memory: the VM can't start there",
                    total.capacity()
                );
                outlook.remark(true, words);
            } else if after > total {
                outlook.remark(
                    false,
                    format!(
                        "{name} would promise {} of its {} of memory to VMs that run",
                        after.capacity(),
                        total.capacity(),
                    ),
                );
            }
            outlook.fills.push(Filled {
                name: format!("{name} memory"),
                after,
                total,
            });
        }
        if let Some(cores) = node.cores.map(u64::from) {
            let promised = node.promised_cores.saturating_add(demand.cores);
            if demand.cores > cores {
                let words = format!(
                    "{name} has {cores} CPUs: a VM with {} can't start there",
                    demand.cores
                );
                outlook.remark(true, words);
            } else if promised > cores.saturating_mul(CROWDED) {
                outlook.remark(
                    false,
                    format!("{name} would run {promised} virtual CPUs on its {cores}"),
                );
            }
        }
    }
    for (name, asked) in &demand.disks {
        let Some(storage) = known.storage(name) else {
            continue;
        };
        let (Some(total), Some(free)) = (storage.total, storage.free) else {
            continue;
        };
        let after = Bytes(total.0.saturating_sub(free.0).saturating_add(*asked));
        if *asked > free.0 {
            outlook.remark(
                true,
                format!(
                    "{name} has {} free, the disks want {}",
                    free.capacity(),
                    Bytes(*asked).capacity(),
                ),
            );
        } else if let Some(share) = after.of(total).filter(|share| share.0 > NEARLY_FULL) {
            outlook.remark(
                false,
                format!("{name} would be {:.0} % full", share.0 * 100.0),
            );
        }
        outlook.fills.push(Filled {
            name: (*name).to_owned(),
            after,
            total,
        });
    }
    if !demand.name.is_empty() && known.names().contains(demand.name) {
        outlook.remark(false, format!("Another VM is called {}, too", demand.name));
    }
    outlook.worst_first();
    outlook
}

fn gib(text: &str) -> u64 {
    whole(text).saturating_mul(1 << 30)
}

/// What comes of a new VM.
#[must_use]
pub fn outlook(draft: &Draft, known: &Known) -> Outlook {
    let mut disks = BTreeMap::new();
    for disk in draft.disks.iter().filter(|disk| !disk.storage.is_empty()) {
        *disks.entry(disk.storage.as_str()).or_default() += gib(&disk.size);
    }
    let demand = Demand {
        name: draft.name.trim(),
        node: &draft.node,
        cores: whole(&draft.cores),
        memory: Bytes(whole(&draft.memory).saturating_mul(1 << 20)),
        disks,
    };
    let mut outlook = look(&demand, known);
    for nic in draft.nics.iter().filter(|nic| !nic.vlan.trim().is_empty()) {
        let bridges = known.bridges.iter().flatten();
        let plain = bridges.filter(|own| own.name == nic.bridge && own.vlan_aware == Some(false));
        for bridge in plain {
            let words = format!("{} does not say that it takes VLAN tags", bridge.name);
            outlook.remark(false, words);
        }
    }
    if draft.nics.is_empty() {
        outlook.remark(false, "It has no network".to_owned());
    }
    outlook
}

impl CloneDraft {
    /// What comes of a copy.
    #[must_use]
    pub fn outlook(&self, source: &CloneSource, known: &Known) -> Outlook {
        let mut disks = BTreeMap::new();
        for (storage, size) in source.disks.iter().filter(|_| self.full) {
            let target = if self.storage.is_empty() {
                storage
            } else {
                &self.storage
            };
            *disks.entry(target.as_str()).or_default() += size.0;
        }
        if let Some((_, before, after)) = self.growth(source) {
            let place = source
                .growing
                .iter()
                .position(|(key, _)| *key == self.grown);
            let at = place.and_then(|place| source.disks.get(place));
            let at = at
                .filter(|_| self.storage.is_empty())
                .map(|(storage, _)| storage);
            let storage = at.unwrap_or(&self.storage);
            *disks.entry(storage.as_str()).or_default() +=
                after.saturating_mul(1 << 30).saturating_sub(before.0);
        }
        let or = |typed: &str, own: u64| typed.trim().parse().unwrap_or(own);
        let demand = Demand {
            name: self.name.trim(),
            node: &self.node,
            cores: or(&self.cores, source.cores),
            memory: Bytes(or(&self.memory, source.memory.0 >> 20).saturating_mul(1 << 20)),
            disks,
        };
        look(&demand, known)
    }
}
