//! What the person chose, and what is wrong with it.

use super::feasible::{Level, verdict};
use super::known::{Guest, Known};
use super::order::Order;
use super::run::{Move, Run};
use super::space::disk_plans;
use crate::domain::ids::VmId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The steps (guide: Migration Wizard, "Migration Wizard Steps").
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// Which VMs.
    Vms,
    /// Where to.
    Target,
    /// Storage of each disk.
    Storage,
    /// Live or not, network, bandwidth.
    Options,
    /// All of it.
    Review,
    /// Begin, and how it goes.
    Execute,
}

impl Step {
    /// All of them, in their order.
    pub const ALL: [Self; 6] = [
        Self::Vms,
        Self::Target,
        Self::Storage,
        Self::Options,
        Self::Review,
        Self::Execute,
    ];

    /// In the address: `step=target`.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Vms => "vms",
            Self::Target => "target",
            Self::Storage => "storage",
            Self::Options => "options",
            Self::Review => "review",
            Self::Execute => "execute",
        }
    }

    /// Its heading.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Vms => "VMs",
            Self::Target => "Target",
            Self::Storage => "Storage",
            Self::Options => "Options",
            Self::Review => "Review",
            Self::Execute => "Execute",
        }
    }

    /// From the address.
    #[must_use]
    pub fn parse(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.slug() == slug)
    }
}

/// Most migrations at once.
pub const MOST_AT_ONCE: u32 = 4;

/// What was chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a field of the form")]
pub struct Draft {
    /// VMs, in the order in which they move.
    pub vms: Vec<VmId>,
    /// Node.
    pub target: Option<String>,
    /// Storages that were chosen, by volume ID.
    pub map: BTreeMap<String, String>,
    /// The storage of all disks, where the server takes one alone.
    pub one_storage: Option<String>,
    /// Running VMs are not moved live.
    pub offline: bool,
    /// Copy local disks.
    pub local_disks: bool,
    /// Also with devices of the node.
    pub force: bool,
    /// The person goes on although the server could not check.
    pub unchecked: bool,
    /// Network, as typed.
    pub network: String,
    /// `secure`, `insecure` or empty.
    pub kind: String,
    /// MiB a second, as typed.
    pub bandwidth: String,
    /// How many at once; 0: what was typed is no number.
    pub at_once: u32,
}

impl Default for Draft {
    fn default() -> Self {
        Self {
            vms: Vec::new(),
            target: None,
            map: BTreeMap::new(),
            one_storage: None,
            offline: false,
            local_disks: true,
            force: false,
            unchecked: false,
            network: String::new(),
            kind: String::new(),
            bandwidth: String::new(),
            at_once: 1,
        }
    }
}

/// Something that keeps it from being sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// Where it is put right.
    pub step: Step,
    /// Field.
    pub field: &'static str,
    /// What is wrong.
    pub message: String,
    /// It only is not there yet: not worth a red word before the step is left.
    pub missing: bool,
}

fn wrong(step: Step, field: &'static str, message: impl Into<String>, missing: bool) -> Wrong {
    Wrong {
        step,
        field,
        message: message.into(),
        missing,
    }
}

fn is_cidr(text: &str) -> bool {
    let Some((address, prefix)) = text.split_once('/') else {
        return false;
    };
    let Ok(prefix) = prefix.parse::<u8>() else {
        return false;
    };
    match address.parse::<std::net::IpAddr>() {
        Ok(std::net::IpAddr::V4(_)) => prefix <= 32,
        Ok(std::net::IpAddr::V6(_)) => prefix <= 128,
        Err(_) => false,
    }
}

impl Draft {
    /// KiB a second, where a limit is typed; `Err` for what is none.
    ///
    /// # Errors
    /// Why it cannot be read.
    pub fn limit(&self) -> Result<Option<u64>, String> {
        let text = self.bandwidth.trim();
        if text.is_empty() {
            return Ok(None);
        }
        match text.parse::<u64>() {
            Ok(0) | Err(_) => Err("A whole number of MiB/s, or nothing for no limit".to_owned()),
            // The shipped server takes 32 bits of KiB.
            Ok(number) if number > 2_000_000 => Err("At most 2,000,000 MiB/s".to_owned()),
            Ok(number) => Ok(Some(number * 1024)),
        }
    }

    /// Whether more was chosen than one VM: better not thrown away unasked.
    #[must_use]
    pub fn is_worth(&self) -> bool {
        let bare = Self {
            vms: self.vms.clone(),
            ..Self::default()
        };
        self.vms.len() > 1 || *self != bare
    }

    /// The VMs that would move: those that are there, and not on the target yet.
    #[must_use]
    pub fn movers<'a>(&self, known: &'a Known) -> Vec<&'a Guest> {
        let here = |guest: &&Guest| self.target.as_deref() != Some(guest.node.as_str());
        known.guests.iter().filter(here).collect()
    }

    fn check_target(&self, known: &Known, found: &mut Vec<Wrong>) {
        let Some(target) = &self.target else {
            found.push(wrong(Step::Target, "target", "Choose a node", true));
            return;
        };
        let Some(place) = known.place(target) else {
            let why = format!("There is no node {target}");
            let loaded = known.loaded.nodes;
            let why = if loaded {
                why
            } else {
                "The nodes have not come yet".to_owned()
            };
            found.push(wrong(Step::Target, "target", why, !loaded));
            return;
        };
        let movers = self.movers(known);
        if movers.is_empty() && !known.guests.is_empty() {
            let why = format!("All chosen VMs are on {target} already");
            found.push(wrong(Step::Target, "target", why, false));
        }
        for guest in movers {
            let verdict = verdict(guest, place, known, self);
            let name = &guest.name;
            match verdict.level {
                Level::Blocked => {
                    let why = verdict.reasons.first().map_or("", |own| own.words.as_str());
                    let why = format!("{name} can't move to {target}: {why}");
                    found.push(wrong(Step::Target, "target", why, false));
                }
                Level::Asked => {
                    let why = format!("The server is still being asked about {name}");
                    found.push(wrong(Step::Target, "target", why, true));
                }
                Level::Unknown if !self.unchecked => {
                    let why = format!("The server could not check {name}: go on unchecked, or not");
                    found.push(wrong(Step::Target, "target", why, false));
                }
                _ => {}
            }
        }
    }

    /// What is wrong, step by step.
    #[must_use]
    pub fn check(&self, known: &Known) -> Vec<Wrong> {
        let mut found = Vec::new();
        if self.vms.is_empty() {
            found.push(wrong(Step::Vms, "vms", "Choose at least one VM", true));
        }
        for vm in &self.vms {
            if !known.guests.iter().any(|own| own.id == *vm) {
                let loaded = known.loaded.vms;
                let why = if loaded {
                    format!("There is no VM {vm}")
                } else {
                    "The list of VMs has not come yet".to_owned()
                };
                found.push(wrong(Step::Vms, "vms", why, !loaded));
            }
        }
        self.check_target(known, &mut found);
        if self.target.is_some() && !known.loaded.pools {
            let why = "The storages have not come yet";
            found.push(wrong(Step::Storage, "storage", why, true));
        }
        for plan in disk_plans(self, known) {
            if plan.to.is_none() && self.local_disks {
                let target = self.target.as_deref().unwrap_or_default();
                let why = format!(
                    "No storage of {target} can take {} of {}",
                    plan.drive.key, plan.name
                );
                found.push(wrong(Step::Storage, "storage", why, false));
            }
        }
        let network = self.network.trim();
        if !network.is_empty() && !is_cidr(network) {
            let why = "A network such as 10.10.0.0/24";
            found.push(wrong(Step::Options, "network", why, false));
        }
        if !(1..=MOST_AT_ONCE).contains(&self.at_once) {
            let why = format!("A whole number from 1 to {MOST_AT_ONCE}");
            found.push(wrong(Step::Options, "at_once", why, false));
        }
        if let Err(why) = self.limit() {
            found.push(wrong(Step::Options, "bandwidth", why, false));
        }
        found
    }

    /// What is asked of the server for one VM.
    #[must_use]
    pub fn order(&self, guest: &Guest, known: &Known) -> Order {
        let plans = disk_plans(self, known);
        let own = plans.iter().filter(|plan| plan.vm == guest.id);
        let storage: BTreeMap<String, String> = own
            .filter_map(|plan| Some((plan.drive.volid.clone(), plan.to.clone()?)))
            .collect();
        let network = self.network.trim();
        Order {
            target: self.target.clone().unwrap_or_default(),
            online: guest.is_on() && !self.offline,
            // Of a storage that is not known the server tells what lies on it.
            with_local_disks: self.local_disks && (!storage.is_empty() || known.is_unsure(guest)),
            storage,
            force: self.force,
            network: (!network.is_empty()).then(|| network.to_owned()),
            kind: (!self.kind.is_empty()).then(|| self.kind.clone()),
            bwlimit: self.limit().unwrap_or_default(),
        }
    }

    /// The run that carries it out.
    #[must_use]
    pub fn run(&self, known: &Known) -> Run {
        let moves = self.movers(known).into_iter().map(|guest| {
            let drives = guest.hardware.as_ref().map(|own| own.drives.clone());
            Move::new(guest, self.order(guest, known), drives)
        });
        Run::new(
            self.target.clone().unwrap_or_default(),
            self.at_once,
            moves.collect(),
        )
    }
}
