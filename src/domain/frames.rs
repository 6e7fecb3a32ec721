//! Which element of a table shows which row: one that goes out of sight serves a row that comes
//! into it, since building a row costs many times what refilling it does.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

/// An element, by its number, what it shows, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame<K> {
    /// Names the element as long as it exists.
    pub id: u32,
    /// What it shows now.
    pub shows: K,
    /// Slot on the page, counted from 0.
    pub slot: usize,
}

/// Frames for what is to be shown, in that order. What was shown already keeps its frame; the rest
/// takes over those of `before` that are free and `may_serve` it, then new ones. No two share a
/// frame.
pub fn frames<K: Eq + Hash + Clone>(
    before: &[Frame<K>],
    now: impl IntoIterator<Item = (K, usize)>,
    may_serve: impl Fn(&Frame<K>, &K) -> bool,
) -> Vec<Frame<K>> {
    let now: Vec<(K, usize)> = now.into_iter().collect();
    let kept: HashMap<&K, u32> = before
        .iter()
        .map(|frame| (&frame.shows, frame.id))
        .collect();
    let wanted: HashSet<&K> = now.iter().map(|(key, _)| key).collect();
    let mut free: Vec<&Frame<K>> = before
        .iter()
        .filter(|frame| !wanted.contains(&frame.shows))
        .collect();
    // Numbers of those that go are not given again at once: they name other elements.
    let mut next = before.iter().map(|frame| frame.id + 1).max().unwrap_or(0);
    let mut frame_for = |key: &K| {
        if let Some(id) = kept.get(key) {
            return *id;
        }
        if let Some(at) = free.iter().position(|frame| may_serve(frame, key)) {
            return free.remove(at).id;
        }
        next += 1;
        next - 1
    };
    let ids: Vec<u32> = now.iter().map(|(key, _)| frame_for(key)).collect();
    now.into_iter()
        .zip(ids)
        .map(|((shows, slot), id)| Frame { id, shows, slot })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(keys: &[u32]) -> Vec<(u32, usize)> {
        keys.iter().copied().zip(0..).collect()
    }

    fn ids(frames: &[Frame<u32>]) -> Vec<u32> {
        frames.iter().map(|frame| frame.id).collect()
    }

    #[test]
    fn rows_that_stay_keep_their_frames_and_the_others_take_over() {
        let first = frames(&[], shown(&[1, 2, 3, 4]), |_, _| true);
        assert_eq!(ids(&first), [0, 1, 2, 3]);
        // One scrolls on by one row.
        assert_eq!(
            ids(&frames(&first, shown(&[2, 3, 4, 5]), |_, _| true)),
            [1, 2, 3, 0]
        );
        // One that may not serve is left, and its number is not given to another.
        let other = frames(&first, shown(&[5, 6, 2]), |frame, _| frame.id != 0);
        assert_eq!(ids(&other), [2, 3, 1]);
        assert_eq!(ids(&frames(&first, shown(&[5, 6]), |_, _| false)), [4, 5]);
    }

    proptest! {
        #[test]
        fn each_item_has_one_frame_of_its_own_whatever_was_before(
            steps in prop::collection::vec(prop::collection::hash_set(0_u32..40, 0..20), 1..12),
            stuck in prop::collection::hash_set(0_u32..40, 0..5),
        ) {
            let mut before: Vec<Frame<u32>> = Vec::new();
            for step in steps {
                let keys: Vec<u32> = step.into_iter().collect();
                let now = frames(&before, shown(&keys), |frame, _| !stuck.contains(&frame.shows));
                prop_assert_eq!(now.iter().map(|frame| frame.shows).collect::<Vec<_>>(), keys);
                let mut unique = ids(&now);
                unique.sort_unstable();
                unique.dedup();
                prop_assert_eq!(unique.len(), now.len());
                for frame in &now {
                    let was = before.iter().find(|old| old.id == frame.id);
                    let stayed = before.iter().find(|old| old.shows == frame.shows);
                    prop_assert!(stayed.is_none_or(|old| old.id == frame.id));
                    // One that may not serve shows what it showed, or is gone.
                    prop_assert!(was.is_none_or(|old| old.shows == frame.shows || !stuck.contains(&old.shows)));
                }
                before = now;
            }
        }
    }
}
