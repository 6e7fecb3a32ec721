//! What a retention policy, or a cleanup of the server, would remove of all backups: reckoned group
//! by group, with the reason why each other one stays, and compared with what the server says.

#[cfg(test)]
mod tests;

use super::ids::VmId;
use super::retention::{Dated, Fate, Policy, Rule, fates, reason};
use super::ticks::Offset;
use super::units::{Bytes, Instant};
use chrono::DateTime;
use std::collections::{BTreeMap, HashSet};

/// A backup, as far as pruning goes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Item<'a> {
    /// Volume ID.
    pub volid: &'a str,
    /// VM that it is of.
    pub vm: Option<VmId>,
    /// Storage that it lies on.
    pub storage: &'a str,
    /// When it was made.
    pub at: Option<Instant>,
    /// How large it is.
    pub size: Option<Bytes>,
    /// Kept from removal.
    pub protected: bool,
}

/// What decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// A policy, as Proxmox prunes: each VM on each storage apart.
    Policy(Policy),
    /// Those of the last so many days stay.
    Days(u32),
    /// The newest so many of each VM stay, wherever they lie.
    Newest(u32),
    /// The newest of each of the last so many months stay, VM by VM.
    Months(u32),
}

impl By {
    /// The policy that comes to the same; `None` of an age.
    const fn policy(self) -> Option<Policy> {
        match self {
            Self::Policy(policy) => Some(policy),
            Self::Days(_) => None,
            Self::Newest(count) => Some(NOTHING.with(Rule::Last, count)),
            Self::Months(count) => Some(NOTHING.with(Rule::Monthly, count)),
        }
    }

    /// Whether nothing that is not protected would stay: never sent.
    #[must_use]
    pub const fn empties(self) -> bool {
        matches!(self, Self::Days(0) | Self::Newest(0) | Self::Months(0))
    }
}

const NOTHING: Policy = Policy::none();

/// What becomes of one backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Place of it in what was given.
    pub place: usize,
    /// It goes.
    pub goes: bool,
    /// Why it stays or goes: "daily 3 of 7".
    pub why: String,
}

/// Backups that are judged together, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// Their VM.
    pub vm: VmId,
    /// Their storage; `None` where a VM's are judged together wherever they lie.
    pub storage: Option<String>,
    /// One by one.
    pub verdicts: Vec<Verdict>,
}

impl Judged {
    /// How many go.
    #[must_use]
    pub fn going(&self) -> usize {
        self.verdicts.iter().filter(|verdict| verdict.goes).count()
    }
}

/// What would become of all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// By VM, then storage.
    pub groups: Vec<Judged>,
    /// How many there are.
    pub total: usize,
    /// How many go.
    pub goes: usize,
    /// Bytes that become free, as far as sizes are known.
    pub frees: u64,
    /// Those that go and whose size is not known.
    pub without_size: usize,
    /// Those that are protected: they stay, and take no place of others.
    pub protected: usize,
    /// Places of those that cannot be judged, since their VM or their time is not known. They stay.
    pub unjudged: Vec<usize>,
}

impl Plan {
    /// How many stay.
    #[must_use]
    pub const fn stays(&self) -> usize {
        self.total - self.goes
    }

    /// Places of those that go.
    pub fn going(&self) -> impl Iterator<Item = usize> + '_ {
        let verdicts = self.groups.iter().flat_map(|group| &group.verdicts);
        verdicts
            .filter(|verdict| verdict.goes)
            .map(|verdict| verdict.place)
    }
}

/// A time on a clock that is so many seconds ahead of UTC then.
fn local(at: Instant, offset: Offset<'_>) -> chrono::NaiveDateTime {
    let secs = at.secs().saturating_add(offset(at));
    DateTime::from_timestamp(secs, 0)
        .unwrap_or_default()
        .naive_utc()
}

fn by_age(item: &Item<'_>, at: Instant, days: u32, now: Instant) -> (bool, String) {
    let old = now.secs().saturating_sub(at.secs()) >= i64::from(days) * 86_400;
    let day = if days == 1 { "day" } else { "days" };
    match (item.protected, old) {
        (true, _) => (false, "protected".to_owned()),
        (_, true) => (true, format!("older than {days} {day}")),
        (_, false) => (false, format!("of the last {days} {day}")),
    }
}

fn judge(
    items: &[Item<'_>],
    places: &[(usize, Instant)],
    by: By,
    offset: Offset<'_>,
    now: Instant,
) -> Vec<Verdict> {
    let dated: Vec<Dated> = places
        .iter()
        .map(|(place, at)| Dated {
            at: at.secs(),
            local: local(*at, offset),
            protected: items[*place].protected,
        })
        .collect();
    let told: Vec<(bool, String)> = match (by, by.policy()) {
        (By::Days(days), _) => places
            .iter()
            .map(|(place, at)| by_age(&items[*place], *at, days, now))
            .collect(),
        (_, Some(policy)) => {
            let mut fates = fates(&dated, policy);
            if by.empties() {
                for fate in fates.iter_mut().filter(|fate| **fate == Fate::KeptByNone) {
                    *fate = Fate::Removed;
                }
            }
            let told = |fate: Fate| (fate.goes(), reason(fate, policy));
            fates.into_iter().map(told).collect()
        }
        (_, None) => Vec::new(),
    };
    let verdict = |((place, _), (goes, why)): (&(usize, Instant), (bool, String))| Verdict {
        place: *place,
        goes,
        why,
    };
    places.iter().zip(told).map(verdict).collect()
}

/// A VM, and the storage where storages are judged apart.
type Group<'a> = (VmId, Option<&'a str>);
/// Places of what was given, with their times.
type Places = Vec<(usize, Instant)>;

/// What would become of all. `offset` is how many seconds the clock that days, weeks and months are
/// told by is ahead of UTC at a moment.
#[must_use]
pub fn plan(items: &[Item<'_>], by: By, offset: Offset<'_>, now: Instant) -> Plan {
    let apart = matches!(by, By::Policy(_));
    let mut groups: BTreeMap<Group<'_>, Places> = BTreeMap::new();
    let mut plan = Plan {
        total: items.len(),
        protected: items.iter().filter(|item| item.protected).count(),
        ..Plan::default()
    };
    for (place, item) in items.iter().enumerate() {
        match (item.vm, item.at) {
            (Some(vm), Some(at)) => groups
                .entry((vm, apart.then_some(item.storage)))
                .or_default()
                .push((place, at)),
            _ => plan.unjudged.push(place),
        }
    }
    for ((vm, storage), mut places) in groups {
        places.sort_by_key(|(_, at)| std::cmp::Reverse(*at));
        let verdicts = judge(items, &places, by, offset, now);
        plan.groups.push(Judged {
            vm,
            storage: storage.map(ToOwned::to_owned),
            verdicts,
        });
    }
    let going: Vec<usize> = plan.going().collect();
    plan.goes = going.len();
    for place in going {
        match items[place].size {
            Some(size) => plan.frees = plan.frees.saturating_add(size.0),
            None => plan.without_size += 1,
        }
    }
    plan
}

/// Where the server and the reckoning here differ.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Difference {
    /// Volumes that the server would remove and the reckoning keeps.
    pub server_alone: Vec<String>,
    /// Volumes that the reckoning removes and the server would keep.
    pub here_alone: Vec<String>,
}

impl Difference {
    /// Whether both say the same.
    #[must_use]
    pub const fn is_none(&self) -> bool {
        self.server_alone.is_empty() && self.here_alone.is_empty()
    }
}

/// Compares the volumes that go by the reckoning with those that the server names.
#[must_use]
pub fn difference<'a>(
    here: impl IntoIterator<Item = &'a str>,
    server: impl IntoIterator<Item = &'a str>,
) -> Difference {
    let here: HashSet<&str> = here.into_iter().collect();
    let server: HashSet<&str> = server.into_iter().collect();
    let alone = |these: &HashSet<&str>, those: &HashSet<&str>| {
        let mut alone: Vec<String> = these
            .difference(those)
            .map(|volid| (*volid).to_owned())
            .collect();
        alone.sort_unstable();
        alone
    };
    Difference {
        server_alone: alone(&server, &here),
        here_alone: alone(&here, &server),
    }
}

/// The most that a rule may keep.
pub const MOST: u32 = 9_999;

/// Reads a number of a policy: empty and 0 leave the rule out.
///
/// # Errors
/// Why it can't be taken.
pub fn read_count(text: &str) -> Result<u32, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(0);
    }
    match text.parse::<u32>() {
        Ok(count) if count <= MOST => Ok(count),
        _ => Err(format!("A whole number from 0 to {MOST}, or nothing")),
    }
}

/// Reads the number of a cleanup's rule, which is never 0: that would remove all.
///
/// # Errors
/// Why it can't be taken.
pub fn read_rule(text: &str) -> Result<u32, String> {
    match text.trim().parse::<u32>() {
        Ok(0) => Err("At least 1: 0 would remove every backup that is not protected".to_owned()),
        Ok(count) if count <= MOST => Ok(count),
        _ => Err(format!("A whole number from 1 to {MOST}")),
    }
}
