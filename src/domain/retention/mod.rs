//! Which backups a retention policy keeps, and by which rule, as Proxmox prunes (guide: Backup
//! Management, "Retention Policy Panel"; Proxmox VE: `vzdump`, `prune-backups`).

#[cfg(test)]
mod tests;

use chrono::{Datelike, NaiveDateTime, Timelike};
use std::collections::HashSet;
use std::fmt;

/// A rule of a policy, in the order in which rules are applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Rule {
    /// The newest ones, whenever they were made.
    Last,
    /// The newest of an hour.
    Hourly,
    /// The newest of a day.
    Daily,
    /// The newest of an ISO week.
    Weekly,
    /// The newest of a month.
    Monthly,
    /// The newest of a year.
    Yearly,
}

impl Rule {
    /// All of them, in their order.
    pub const ALL: [Self; 6] = [
        Self::Last,
        Self::Hourly,
        Self::Daily,
        Self::Weekly,
        Self::Monthly,
        Self::Yearly,
    ];

    /// As Proxmox writes it: `keep-daily`.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Last => "keep-last",
            Self::Hourly => "keep-hourly",
            Self::Daily => "keep-daily",
            Self::Weekly => "keep-weekly",
            Self::Monthly => "keep-monthly",
            Self::Yearly => "keep-yearly",
        }
    }

    /// In words: "daily".
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Last => "last",
            Self::Hourly => "hourly",
            Self::Daily => "daily",
            Self::Weekly => "weekly",
            Self::Monthly => "monthly",
            Self::Yearly => "yearly",
        }
    }

    /// The period that a local time falls into: two times with the same answer share one. `place`
    /// tells backups apart where each is a period of its own.
    fn period(self, local: NaiveDateTime, place: usize) -> Period {
        let (year, day) = (local.year(), local.ordinal0());
        match self {
            // Never the year of a backup, so that it meets no other.
            Self::Last => Period(i32::MIN, u32::try_from(place).unwrap_or(u32::MAX), 0),
            Self::Hourly => Period(year, day, local.hour()),
            Self::Daily => Period(year, day, 0),
            Self::Weekly => {
                let week = local.iso_week();
                Period(week.year(), week.week(), 0)
            }
            Self::Monthly => Period(year, local.month(), 0),
            Self::Yearly => Period(year, 0, 0),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Period(i32, u32, u32);

/// How many each rule keeps; 0 leaves the rule out. Without any rule everything is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Policy {
    counts: [u32; 6],
}

impl Policy {
    /// The one without rules.
    #[must_use]
    pub const fn none() -> Self {
        Self { counts: [0; 6] }
    }

    /// How many a rule keeps.
    #[must_use]
    pub const fn count(self, rule: Rule) -> u32 {
        self.counts[rule as usize]
    }

    /// The same with another number for one rule.
    #[must_use]
    pub const fn with(mut self, rule: Rule, count: u32) -> Self {
        self.counts[rule as usize] = count;
        self
    }

    /// Whether no rule is set: then all stay.
    #[must_use]
    pub fn keeps_all(self) -> bool {
        self.counts.iter().all(|count| *count == 0)
    }

    /// Reads Proxmox's own form: `keep-last=3,keep-daily=7`, or `keep-all=1`. An unknown rule, a
    /// rule said twice and what is no number are errors, in words.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut policy = Self::default();
        let (mut said, mut all) = (HashSet::new(), false);
        for part in text
            .split(',')
            .map(str::trim)
            .filter(|part| !part.is_empty())
        {
            let (key, value) = part
                .split_once('=')
                .ok_or_else(|| format!("“{part}” needs a number: {part}=3"))?;
            let (key, value) = (key.trim(), value.trim());
            let count: u32 = value
                .parse()
                .map_err(|_| format!("{key}: “{value}” is not a whole number"))?;
            if !said.insert(key.to_owned()) {
                return Err(format!("{key} is said twice"));
            }
            if key == "keep-all" {
                all = count > 0;
                continue;
            }
            let rule = Rule::ALL.into_iter().find(|rule| rule.key() == key);
            let rule = rule.ok_or_else(|| format!("{key} is no rule"))?;
            policy = policy.with(rule, count);
        }
        if all && !policy.keeps_all() {
            return Err("keep-all stands alone".to_owned());
        }
        Ok(policy)
    }
}

/// Proxmox's own form, rules in their order; `keep-all=1` where none is set.
impl fmt::Display for Policy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.keeps_all() {
            return formatter.write_str("keep-all=1");
        }
        let set = Rule::ALL.into_iter().filter(|rule| self.count(*rule) > 0);
        for (place, rule) in set.enumerate() {
            let comma = if place == 0 { "" } else { "," };
            write!(formatter, "{comma}{}={}", rule.key(), self.count(rule))?;
        }
        Ok(())
    }
}

/// What a policy needs to know of a backup. One group is one VM on one storage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dated {
    /// When it was made, in seconds since 1970: decides which is newer.
    pub at: i64,
    /// The same on the clock of the place it was made at: decides which day, week or month it is of.
    pub local: NaiveDateTime,
    /// Protected ones are never removed, and count for no rule.
    pub protected: bool,
}

/// What becomes of a backup, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fate {
    /// It is protected.
    Protected,
    /// No rule is set: all stay.
    KeptByNone,
    /// The rule keeps it, as the n-th of those it keeps (from 1, newest first).
    Kept(Rule, u32),
    /// Nothing keeps it.
    Removed,
}

impl Fate {
    /// Whether it goes.
    #[must_use]
    pub const fn goes(self) -> bool {
        matches!(self, Self::Removed)
    }
}

/// Why it stays, or that it goes: "daily 3 of 7", where 7 is what the policy keeps.
#[must_use]
pub fn reason(fate: Fate, policy: Policy) -> String {
    match fate {
        Fate::Protected => "protected".to_owned(),
        Fate::KeptByNone => "no rule is set".to_owned(),
        Fate::Kept(rule, place) => format!("{} {place} of {}", rule.word(), policy.count(rule)),
        Fate::Removed => "kept by no rule".to_owned(),
    }
}

/// What becomes of each backup of one group, in the order given.
#[must_use]
pub fn fates(group: &[Dated], policy: Policy) -> Vec<Fate> {
    if policy.keeps_all() {
        let fate = |dated: &Dated| {
            if dated.protected {
                Fate::Protected
            } else {
                Fate::KeptByNone
            }
        };
        return group.iter().map(fate).collect();
    }
    let mut fates: Vec<Option<Fate>> = group
        .iter()
        .map(|dated| dated.protected.then_some(Fate::Protected))
        .collect();
    let mut newest_first: Vec<usize> = (0..group.len()).collect();
    newest_first.sort_by_key(|place| std::cmp::Reverse(group[*place].at));
    for rule in Rule::ALL {
        mark(group, &newest_first, rule, policy.count(rule), &mut fates);
    }
    fates
        .into_iter()
        .map(|fate| fate.unwrap_or(Fate::Removed))
        .collect()
}

/// Applies one rule to what no earlier one has decided on.
fn mark(
    group: &[Dated],
    newest_first: &[usize],
    rule: Rule,
    count: u32,
    fates: &mut [Option<Fate>],
) {
    let period = |place: usize| rule.period(group[place].local, place);
    let covered: HashSet<Period> = newest_first
        .iter()
        .filter(|place| matches!(fates[**place], Some(Fate::Kept(..))))
        .map(|place| period(*place))
        .collect();
    let mut opened = HashSet::new();
    let mut kept = 0;
    for place in newest_first.iter().copied() {
        let of = period(place);
        if fates[place].is_some() || covered.contains(&of) {
            continue;
        }
        if opened.contains(&of) {
            fates[place] = Some(Fate::Removed);
        } else if kept == count {
            break;
        } else {
            opened.insert(of);
            kept += 1;
            fates[place] = Some(Fate::Kept(rule, kept));
        }
    }
}
