//! Carrying an order over to newer rows, so that sorting them again is quick.

use std::collections::HashMap;
use std::hash::Hash;

/// `rows` in the order that `before` has them; new ones at the end. Sorting hardly changed rows
/// from there takes one pass.
pub fn carried<R: Clone, K: Eq + Hash>(rows: &[R], before: &[R], key: impl Fn(&R) -> K) -> Vec<R> {
    let mut left: HashMap<K, &R> = rows.iter().map(|row| (key(row), row)).collect();
    let mut out = Vec::with_capacity(rows.len());
    out.extend(
        before
            .iter()
            .filter_map(|row| left.remove(&key(row)).cloned()),
    );
    if !left.is_empty() {
        out.extend(
            rows.iter()
                .filter(|row| left.contains_key(&key(row)))
                .cloned(),
        );
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn newer_rows_in_the_old_order() {
        let before = [(3, "c"), (1, "a"), (9, "gone")];
        let rows = [(1, "A"), (2, "new"), (3, "C")];
        assert_eq!(
            carried(&rows, &before, |row| row.0),
            [(3, "C"), (1, "A"), (2, "new")]
        );
        assert_eq!(carried(&rows, &[], |row| row.0), rows);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_or_doubled(
            rows in prop::collection::hash_set(0_u32..60, 0..40),
            before in prop::collection::vec(0_u32..60, 0..40),
        ) {
            let rows: Vec<u32> = rows.into_iter().collect();
            let mut carried = carried(&rows, &before, |row| *row);
            carried.sort_unstable();
            let mut all = rows.clone();
            all.sort_unstable();
            prop_assert_eq!(carried, all);
        }
    }
}
