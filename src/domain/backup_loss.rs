//! What is lost with backups that are deleted: VM by VM, what is left to go back to.

use super::ids::VmId;
use super::units::Instant;
use std::collections::{BTreeMap, BTreeSet};

/// A backup, as far as it matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Item<'a> {
    /// Volume ID.
    pub volid: &'a str,
    /// VM that it is of.
    pub vm: VmId,
    /// When it was made, where that is known.
    pub at: Option<Instant>,
    /// A verification found it damaged: nothing can be restored from it.
    pub damaged: bool,
}

/// Which of the backups of a VM go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goes {
    /// The newest one that was not found damaged.
    Newest,
    /// A damaged one that is newer than all that were not, and none of those that are as new as can
    /// be gone back to.
    Damaged,
    /// Older ones than the newest.
    Older,
}

impl Goes {
    /// "its newest goes".
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Newest => "its newest goes",
            Self::Damaged => "its newest goes, which is damaged",
            Self::Older => "older ones go",
        }
    }
}

/// What becomes of the backups of one VM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loss {
    /// The VM.
    pub vm: VmId,
    /// How many go.
    pub going: usize,
    /// How many stay, damaged ones included.
    pub left: usize,
    /// How many stay that were not found damaged.
    pub whole_left: usize,
    /// Which of them go.
    pub goes: Goes,
    /// The newest then, of those that were not found damaged.
    pub newest_left: Option<Instant>,
}

impl Loss {
    /// Whether something could be gone back to before, and nothing can afterwards.
    #[must_use]
    pub const fn is_last(&self) -> bool {
        matches!(self.goes, Goes::Newest) && self.whole_left == 0
    }
}

/// What is lost of each VM that loses something, by VM. `all` are all backups that are known,
/// `going` the volume IDs of those that go.
#[must_use]
pub fn losses(all: &[Item<'_>], going: &BTreeSet<&str>) -> Vec<Loss> {
    let mut by_vm: BTreeMap<VmId, Vec<&Item<'_>>> = BTreeMap::new();
    for item in all {
        by_vm.entry(item.vm).or_default().push(item);
    }
    let loss = |(vm, items): (VmId, Vec<&Item<'_>>)| {
        let goes = |item: &&&Item<'_>| going.contains(item.volid);
        let count = items.iter().filter(goes).count();
        if count == 0 {
            return None;
        }
        let whole: Vec<&Item<'_>> = items.iter().copied().filter(|one| !one.damaged).collect();
        // One whose time is not known is never taken for the newest while others are dated.
        let newest = whole.iter().map(|item| item.at).max();
        let stays = |item: &&&Item<'_>| !going.contains(item.volid);
        let left = whole.iter().filter(stays);
        let newest_left = left.clone().map(|item| item.at).max();
        // Gone with the newest of all is not gone with the newest that helps.
        let first = items.iter().map(|item| item.at).max();
        let damaged = items.iter().filter(goes).any(|item| Some(item.at) == first);
        Some(Loss {
            vm,
            going: count,
            left: items.len() - count,
            whole_left: left.count(),
            goes: match (newest.is_some() && newest_left != newest, damaged) {
                (true, _) => Goes::Newest,
                (false, true) if first > newest => Goes::Damaged,
                (false, _) => Goes::Older,
            },
            newest_left: newest_left.flatten(),
        })
    };
    by_vm.into_iter().filter_map(loss).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn item(volid: &str, vm: u32, at: i64, damaged: bool) -> Item<'_> {
        Item {
            volid,
            vm: VmId(vm),
            at: (at > 0).then(|| Instant::from_secs(at)),
            damaged,
        }
    }

    #[test]
    fn the_newest_and_the_last_are_told() {
        let all = [
            item("a1", 101, 10, false),
            item("a2", 101, 20, false),
            item("a3", 101, 30, true),
            item("b1", 102, 5, false),
            item("c1", 103, 7, true),
        ];
        let told = |going: &[&str]| losses(&all, &going.iter().copied().collect());
        assert_eq!(told(&[]), []);
        let one = &told(&["a1"])[0];
        assert!(one.goes == Goes::Older && !one.is_last());
        assert_eq!((one.left, one.whole_left), (2, 1));
        // The damaged one is newer, and nothing to go back to.
        let newest = &told(&["a2"])[0];
        assert!(newest.goes == Goes::Newest && !newest.is_last());
        assert_eq!(newest.newest_left, Some(Instant::from_secs(10)));
        let both = &told(&["a1", "a2"])[0];
        assert!(both.is_last());
        assert_eq!((both.left, both.whole_left), (1, 0));
        let damaged = &told(&["a3"])[0];
        assert_eq!(damaged.goes.words(), "its newest goes, which is damaged");
        assert_eq!(damaged.newest_left, Some(Instant::from_secs(20)));
        // Nothing could be gone back to before, either.
        assert!(!told(&["c1"])[0].is_last());
        let several = told(&["b1", "a3"]);
        assert_eq!(
            several.iter().map(|loss| loss.vm.0).collect::<Vec<_>>(),
            [101, 102]
        );
        assert!(several[0].goes == Goes::Damaged && several[1].is_last());
    }

    #[test]
    fn two_of_one_moment_are_two() {
        let all = [item("a", 1, 10, false), item("b", 1, 10, false)];
        let loss = &losses(&all, &BTreeSet::from(["a"]))[0];
        assert_eq!(loss.goes, Goes::Older);
        let undated = [item("a", 1, 0, false)];
        assert!(losses(&undated, &BTreeSet::from(["a"]))[0].is_last());
    }

    proptest! {
        #[test]
        fn nothing_is_counted_twice_or_forgotten(
            rows in prop::collection::vec((1_u32..4, 0_i64..5, any::<bool>(), any::<bool>()), 0..20)
        ) {
            let names: Vec<String> = (0..rows.len()).map(|at| at.to_string()).collect();
            let all: Vec<Item<'_>> = rows.iter().zip(&names)
                .map(|((vm, at, damaged, _), name)| item(name, *vm, *at, *damaged)).collect();
            let going: BTreeSet<&str> = rows.iter().zip(&names)
                .filter(|((.., goes), _)| *goes).map(|(_, name)| name.as_str()).collect();
            let told = losses(&all, &going);
            prop_assert_eq!(told.iter().map(|loss| loss.going).sum::<usize>(), going.len());
            for loss in &told {
                let own = all.iter().filter(|item| item.vm == loss.vm).count();
                prop_assert_eq!(loss.going + loss.left, own);
                prop_assert!(loss.whole_left <= loss.left);
            }
            let all_of_it: BTreeSet<&str> = names.iter().map(String::as_str).collect();
            for loss in losses(&all, &all_of_it) {
                let whole = all.iter().any(|item| item.vm == loss.vm && !item.damaged);
                prop_assert_eq!(loss.is_last(), whole);
            }
        }
    }
}
