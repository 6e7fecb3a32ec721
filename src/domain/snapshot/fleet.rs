//! The snapshots of all VMs in one list: which are stale, how they are sorted and found.

use super::life::{Life, Ttl};
use crate::domain::ids::VmId;
use crate::domain::text::{holds, known_first, natural};
use crate::domain::units::{Bytes, Instant};
use std::cmp::Ordering;

/// A snapshot that nobody gave a lifetime is old after so many days.
pub const OLD_DAYS: i64 = 30;
/// A chain of so many makes disks slow and deletions long.
pub const LONG_CHAIN: usize = 10;

/// A snapshot of some VM.
#[derive(Debug, Clone, PartialEq)]
pub struct FleetRow {
    /// Its VM.
    pub vm: VmId,
    /// What that is called.
    pub vm_name: String,
    /// Where that is.
    pub node: String,
    /// The snapshot's name.
    pub name: String,
    /// Which of those of its VM that are called so.
    pub nth: usize,
    /// Its description, without the mark of its lifetime.
    pub description: String,
    /// When it was taken.
    pub taken: Option<Instant>,
    /// How long it may live.
    pub ttl: Option<Ttl>,
    /// The memory is included.
    pub memory: Option<bool>,
    /// Bytes on disk.
    pub size: Option<Bytes>,
    /// How many stand in its chain, down to itself.
    pub depth: usize,
    /// The VM stands on it.
    pub here: bool,
    /// How stale it is.
    pub stale: Stale,
}

/// Whether somebody should look at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stale {
    /// Its lifetime has ended.
    Expired,
    /// It has no lifetime and has grown old.
    Old,
    /// Neither.
    Fresh,
}

/// How stale a snapshot is.
#[must_use]
pub fn stale(taken: Option<Instant>, ttl: Option<Ttl>, now: Instant) -> Stale {
    let Some(taken) = taken else {
        return Stale::Fresh;
    };
    match ttl.map(|ttl| ttl.life(taken, now)) {
        Some(Life::Over(_)) => Stale::Expired,
        Some(Life::Left(_)) => Stale::Fresh,
        None if now.secs().saturating_sub(taken.secs()) >= OLD_DAYS * 86_400 => Stale::Old,
        None => Stale::Fresh,
    }
}

impl FleetRow {
    /// When its life ends.
    #[must_use]
    pub fn ends(&self) -> Option<Instant> {
        Some(self.ttl?.ends(self.taken?))
    }

    /// Whether each of the words occurs in one of its names or its description.
    #[must_use]
    pub fn holds(&self, words: &[String]) -> bool {
        holds(
            words,
            &[&self.name, &self.vm_name, &self.node, &self.description],
            Some(self.vm),
        )
    }
}

fn names(a: &FleetRow, b: &FleetRow) -> Ordering {
    natural(&a.vm_name, &b.vm_name)
        .then_with(|| a.vm.cmp(&b.vm))
        .then_with(|| natural(&a.name, &b.name))
        .then_with(|| a.nth.cmp(&b.nth))
}

/// Expired ones first, the longest expired before others; then the old, the oldest before others;
/// then the rest by age.
#[must_use]
pub fn by_staleness(a: &FleetRow, b: &FleetRow) -> Ordering {
    a.stale
        .cmp(&b.stale)
        .then_with(|| match a.stale {
            Stale::Expired => known_first(a.ends(), b.ends()),
            Stale::Old | Stale::Fresh => known_first(a.taken, b.taken),
        })
        .then_with(|| names(a, b))
}

/// By the name of the VM, then of the snapshot.
#[must_use]
pub fn by_vm(a: &FleetRow, b: &FleetRow) -> Ordering {
    names(a, b)
}

/// By the name of the snapshot.
#[must_use]
pub fn by_name(a: &FleetRow, b: &FleetRow) -> Ordering {
    natural(&a.name, &b.name).then_with(|| names(a, b))
}

/// The oldest first.
#[must_use]
pub fn by_age(a: &FleetRow, b: &FleetRow) -> Ordering {
    known_first(a.taken, b.taken).then_with(|| names(a, b))
}

/// What ends soonest first.
#[must_use]
pub fn by_end(a: &FleetRow, b: &FleetRow) -> Ordering {
    known_first(a.ends(), b.ends()).then_with(|| names(a, b))
}

/// The smallest first.
#[must_use]
pub fn by_size(a: &FleetRow, b: &FleetRow) -> Ordering {
    known_first(a.size.map(|size| size.0), b.size.map(|size| size.0)).then_with(|| names(a, b))
}

/// The shortest chain first.
#[must_use]
pub fn by_depth(a: &FleetRow, b: &FleetRow) -> Ordering {
    a.depth.cmp(&b.depth).then_with(|| names(a, b))
}

/// By whether the memory is included.
#[must_use]
pub fn by_memory(a: &FleetRow, b: &FleetRow) -> Ordering {
    b.memory.cmp(&a.memory).then_with(|| names(a, b))
}

/// What a search comes to: a query about VMs, as the list of VMs takes it, and words that may
/// stand anywhere. Whoever writes operators or brackets means the query alone.
#[must_use]
pub fn search(text: &str) -> (String, Vec<String>) {
    let is_query = |word: &str| word.contains(':') || word.starts_with(['(', '"', '-', '!']);
    let operators = text
        .split_whitespace()
        .any(|word| matches!(word, "AND" | "OR" | "NOT") || word.contains(['(', ')', '"']));
    if operators {
        return (text.trim().to_owned(), Vec::new());
    }
    let (query, words): (Vec<&str>, Vec<&str>) =
        text.split_whitespace().partition(|word| is_query(word));
    let words = words.iter().map(|word| word.to_lowercase());
    (query.join(" "), words.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400;
    const NOW: Instant = Instant::from_secs(1_000 * DAY);

    fn row(name: &str, days: i64, ttl: Option<u32>) -> FleetRow {
        let taken = (days >= 0).then(|| Instant::from_secs((1_000 - days) * DAY));
        let ttl = ttl.map(Ttl);
        FleetRow {
            vm: VmId(101),
            vm_name: "web".to_owned(),
            node: "pve1".to_owned(),
            name: name.to_owned(),
            nth: 0,
            description: "Before the Kernel".to_owned(),
            taken,
            ttl,
            memory: None,
            size: None,
            depth: 1,
            here: false,
            stale: stale(taken, ttl, NOW),
        }
    }

    #[test]
    fn stale_ones_come_first() {
        let mut rows = [
            row("fresh", 1, None),
            row("undated", -1, Some(1)),
            row("old", 40, None),
            row("older", 400, None),
            row("kept", 400, Some(24 * 500)),
            row("over", 3, Some(24)),
            row("long-over", 9, Some(24)),
        ];
        rows.sort_by(by_staleness);
        let names: Vec<&str> = rows.iter().map(|row| row.name.as_str()).collect();
        assert_eq!(
            names,
            [
                "long-over",
                "over",
                "older",
                "old",
                "kept",
                "fresh",
                "undated"
            ]
        );
        assert_eq!(rows[0].stale, Stale::Expired);
        assert_eq!(rows[3].stale, Stale::Old);
    }

    #[test]
    fn what_is_not_known_comes_last() {
        let (a, b) = (row("a", 1, None), row("b", -1, None));
        assert_eq!(by_age(&a, &b), Ordering::Less);
        assert_eq!(by_end(&row("a", 1, Some(5)), &a), Ordering::Less);
        let sized = FleetRow {
            size: Some(Bytes(9)),
            ..row("z", 1, None)
        };
        assert_eq!(by_size(&sized, &a), Ordering::Less);
        // Ties are broken by name, so that the order is the same every time.
        assert_eq!(
            by_depth(&row("s-9", 1, None), &row("s-10", 1, None)),
            Ordering::Less
        );
    }

    #[test]
    fn searched_by_words_and_by_query() {
        let words = |text: &str| search(text);
        assert_eq!(
            words("Weekly tag:env-prod web"),
            ("tag:env-prod".into(), vec!["weekly".into(), "web".into()])
        );
        assert_eq!(
            words("name:a OR name:b"),
            ("name:a OR name:b".into(), vec![])
        );
        assert_eq!(words("  "), (String::new(), vec![]));
        let row = row("weekly-1", 1, None);
        let holds = |text: &str| row.holds(&search(text).1);
        assert!(holds("WEEK kernel pve1 101"));
        assert!(!holds("week nothing"));
        assert!(holds(""));
    }
}
