//! How fresh the newest backup of each VM is against what is asked of it.

use super::Made;
use crate::domain::ids::VmId;
use crate::domain::units::{Instant, Seconds};
use serde::{Deserialize, Serialize};
use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, HashMap};

/// How old the newest backup may be, in hours.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Goals {
    /// Of VMs that no tag asks more or less of; `None`: nothing is asked of them.
    pub usual: Option<u32>,
    /// Of VMs that have a tag.
    pub by_tag: BTreeMap<String, u32>,
}

/// What is asked of a VM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Goal {
    /// Hours that its newest backup may be old.
    pub hours: u32,
    /// The tag that asks; `None`: it is asked of all.
    pub tag: Option<String>,
}

impl Goals {
    /// What holds until a person says otherwise: two days, so that a night that is missed shows and
    /// one that took long does not.
    #[must_use]
    pub fn standard() -> Self {
        Self {
            usual: Some(48),
            by_tag: BTreeMap::new(),
        }
    }

    /// What is asked of a VM with these tags: the strictest of its tags wins, the first by name
    /// where several ask the same. A tag wins over what is asked of all, be it stricter or not.
    #[must_use]
    pub fn of(&self, tags: &[String]) -> Option<Goal> {
        let asked = tags
            .iter()
            .filter_map(|tag| Some((*self.by_tag.get(tag)?, tag)));
        match asked.min() {
            Some((hours, tag)) => Some(Goal {
                hours,
                tag: Some(tag.clone()),
            }),
            None => self.usual.map(|hours| Goal { hours, tag: None }),
        }
    }
}

/// How a VM stands to its goal. In this order, what is worst comes first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Fresh {
    /// It has no backup that can be restored.
    Missing,
    /// None is known of, and not all backups could be read.
    Unknown,
    /// Its newest is too old, by so much.
    Late(Seconds),
    /// All is well.
    Within,
    /// Nothing is asked.
    Unasked,
}

impl Fresh {
    /// Whether somebody should see to it.
    #[must_use]
    pub const fn is_bad(self) -> bool {
        matches!(self, Self::Missing | Self::Late(_))
    }

    /// What is worst first.
    #[must_use]
    pub fn order(self, other: Self) -> Ordering {
        self.rank().cmp(&other.rank())
    }

    const fn rank(self) -> (u8, Reverse<u64>) {
        match self {
            Self::Missing => (0, Reverse(0)),
            Self::Unknown => (1, Reverse(0)),
            Self::Late(by) => (2, Reverse(by.0)),
            Self::Within => (3, Reverse(0)),
            Self::Unasked => (4, Reverse(0)),
        }
    }
}

/// A VM and its newest backup.
#[derive(Debug, Clone, PartialEq)]
pub struct Freshness {
    /// The VM.
    pub vm: VmId,
    /// When its newest backup that is not damaged was made.
    pub last: Option<Instant>,
    /// A newer one is damaged.
    pub newer_is_damaged: bool,
    /// What is asked.
    pub goal: Option<Goal>,
    /// How it stands to that.
    pub fresh: Fresh,
}

fn judged(last: Option<Instant>, goal: Option<&Goal>, now: Instant) -> Fresh {
    let Some(goal) = goal else {
        return Fresh::Unasked;
    };
    let Some(last) = last else {
        return Fresh::Missing;
    };
    let allowed = i64::from(goal.hours) * 3_600;
    let age = now.secs().saturating_sub(last.secs());
    match u64::try_from(age.saturating_sub(allowed)) {
        Ok(by) if by > 0 => Fresh::Late(Seconds(by)),
        _ => Fresh::Within,
    }
}

/// How each VM stands, worst first, then by number. Backups of other VMs count for nothing, nor do
/// damaged ones; one from the future, by a clock that runs ahead, is fresh.
#[must_use]
pub fn freshness<'a>(
    guests: impl IntoIterator<Item = (VmId, &'a [String])>,
    made: &[Made<'_>],
    goals: &Goals,
    now: Instant,
) -> Vec<Freshness> {
    // The newest whole one, and the newest damaged one.
    let mut newest: HashMap<VmId, [Option<Instant>; 2]> = HashMap::new();
    for one in made {
        let [whole, damaged] = newest.entry(one.vm).or_default();
        let place = if one.damaged { damaged } else { whole };
        *place = (*place).max(Some(one.at));
    }
    let mut rows: Vec<Freshness> = guests
        .into_iter()
        .map(|(vm, tags)| {
            let [last, damaged] = newest.get(&vm).copied().unwrap_or_default();
            let goal = goals.of(tags);
            Freshness {
                vm,
                last,
                newer_is_damaged: damaged > last,
                fresh: judged(last, goal.as_ref(), now),
                goal,
            }
        })
        .collect();
    rows.sort_by_key(|row| (row.fresh.rank(), row.vm));
    rows
}

/// Where not all backups could be read, nobody can say that a VM has none: that is not known then.
pub fn in_doubt(rows: &mut [Freshness]) {
    for row in rows.iter_mut().filter(|row| row.fresh == Fresh::Missing) {
        row.fresh = Fresh::Unknown;
    }
}

/// Whether the last try failed, as far as is known: a summary that does not know of the newest
/// backup yet was made before that, and its failure is history. `newest` is the newest backup
/// there is, `told` the newest that the summary knows.
#[must_use]
pub fn failed_since(failed: bool, newest: Option<Instant>, told: Option<Instant>) -> bool {
    failed && newest <= told
}

/// How many VMs stand how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Without a backup that can be restored.
    pub missing: usize,
    /// With none that is known of, where not all could be read.
    pub unknown: usize,
    /// With one that is too old.
    pub late: usize,
    /// With one that is fresh enough.
    pub within: usize,
    /// Of which nothing is asked.
    pub unasked: usize,
}

/// How many VMs stand how.
#[must_use]
pub fn counts(rows: &[Freshness]) -> Counts {
    let mut counts = Counts::default();
    for row in rows {
        *match row.fresh {
            Fresh::Missing => &mut counts.missing,
            Fresh::Unknown => &mut counts.unknown,
            Fresh::Late(_) => &mut counts.late,
            Fresh::Within => &mut counts.within,
            Fresh::Unasked => &mut counts.unasked,
        } += 1;
    }
    counts
}
