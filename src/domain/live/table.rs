//! Keyed rows, and how a new list becomes the rows without touching those that are the same.
//!
//! A merge may take several slices, and events may change rows meanwhile; what an event wrote
//! after the merge's request was sent is newer than the answer and stays.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::sync::Arc;

#[derive(Debug, Clone)]
struct Entry<V> {
    value: Arc<V>,
    /// Revision of the table when an event last wrote the row; 0 where none did.
    touched: u64,
}

/// Rows by key, in an order.
#[derive(Debug, Clone)]
pub struct Table<K, V> {
    rows: HashMap<K, Entry<V>>,
    order: Vec<K>,
    /// Rows that events removed, and when; so that an older answer does not bring them back.
    gone: HashMap<K, u64>,
    revision: u64,
}

/// What a merge did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delta<K> {
    /// Rows with another value than before.
    pub changed: Vec<K>,
    /// Rows that were not there before.
    pub added: Vec<K>,
    /// Rows that are no longer there.
    pub removed: Vec<K>,
    /// The rows that stayed stand in another order.
    pub moved: bool,
}

impl<K> Default for Delta<K> {
    fn default() -> Self {
        Self {
            changed: Vec::new(),
            added: Vec::new(),
            removed: Vec::new(),
            moved: false,
        }
    }
}

impl<K> Delta<K> {
    /// Whether nothing changed at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changed.is_empty() && !self.reshaped()
    }

    /// Whether membership or order changed.
    #[must_use]
    pub fn reshaped(&self) -> bool {
        self.moved || !self.added.is_empty() || !self.removed.is_empty()
    }
}

/// A list on its way into a table.
#[derive(Debug)]
pub struct Merge<K, V> {
    began: u64,
    order: Vec<K>,
    seen: HashSet<K>,
    /// Rows that are new or differ.
    fresh: HashMap<K, Arc<V>>,
}

impl<K, V> Default for Table<K, V> {
    fn default() -> Self {
        Self {
            rows: HashMap::new(),
            order: Vec::new(),
            gone: HashMap::new(),
            revision: 0,
        }
    }
}

impl<K: Eq + Hash + Clone, V: PartialEq> Table<K, V> {
    /// The row of a key.
    #[must_use]
    pub fn get(&self, key: &K) -> Option<&Arc<V>> {
        self.rows.get(key).map(|entry| &entry.value)
    }

    /// Keys in order.
    #[must_use]
    pub fn order(&self) -> &[K] {
        &self.order
    }

    /// Rows in order.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &Arc<V>)> {
        self.order
            .iter()
            .filter_map(|key| self.rows.get_key_value(key))
            .map(|(key, entry)| (key, &entry.value))
    }

    /// How many rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// Begins a merge. Call it when the request is sent: rows that events write from now on are
    /// newer than its answer.
    #[must_use]
    pub fn begin(&self) -> Merge<K, V> {
        Merge {
            began: self.revision,
            order: Vec::with_capacity(self.order.len()),
            seen: HashSet::with_capacity(self.order.len()),
            fresh: HashMap::new(),
        }
    }

    /// Ends a merge: the rows are those of the list, in its order. `replaced` sees each changed
    /// row as it was and as it is.
    pub fn commit(&mut self, merge: Merge<K, V>, mut replaced: impl FnMut(&V, &V)) -> Delta<K> {
        let Merge {
            began,
            order,
            seen,
            fresh,
        } = merge;
        let mut delta = Delta::default();
        let newer = |touched: u64| touched > began;
        let new_order = if self.revision == began {
            order
        } else {
            self.order_with_events(order, &seen, began)
        };
        for (key, value) in fresh {
            match self.rows.get_mut(&key) {
                Some(entry) if newer(entry.touched) => {}
                Some(entry) => {
                    replaced(&entry.value, &value);
                    entry.value = value;
                    delta.changed.push(key);
                }
                None if self.gone.get(&key).copied().is_some_and(newer) => {}
                None => {
                    self.rows.insert(key, Entry { value, touched: 0 });
                }
            }
        }
        self.reorder(new_order, &mut delta);
        // Merges run one at a time, so no later one began before this.
        self.gone.retain(|_, at| *at > began);
        delta
    }

    /// What events added since the merge began stays, at the end where it stood; what they removed
    /// stays away.
    fn order_with_events(&self, order: Vec<K>, seen: &HashSet<K>, began: u64) -> Vec<K> {
        let newer = |touched: u64| touched > began;
        let unseen = |key: &&K| {
            !seen.contains(*key)
                && self
                    .rows
                    .get(*key)
                    .is_some_and(|entry| newer(entry.touched))
        };
        let head = self
            .order
            .iter()
            .take_while(|key| !seen.contains(*key))
            .count();
        let mut all: Vec<K> = self.order[..head].iter().filter(unseen).cloned().collect();
        all.extend(
            order
                .into_iter()
                .filter(|key| !self.gone.get(key).copied().is_some_and(newer)),
        );
        all.extend(self.order[head..].iter().filter(unseen).cloned());
        all
    }

    fn reorder(&mut self, new_order: Vec<K>, delta: &mut Delta<K>) {
        if new_order == self.order {
            return;
        }
        let before: HashSet<&K> = self.order.iter().collect();
        let after: HashSet<&K> = new_order.iter().collect();
        delta.added = new_order
            .iter()
            .filter(|key| !before.contains(key))
            .cloned()
            .collect();
        delta.removed = self
            .order
            .iter()
            .filter(|key| !after.contains(key))
            .cloned()
            .collect();
        delta.moved = !self
            .order
            .iter()
            .filter(|key| after.contains(key))
            .eq(new_order.iter().filter(|key| before.contains(key)));
        for key in &delta.removed {
            self.rows.remove(key);
        }
        self.order = new_order;
    }

    /// Writes one row, as an event does; a new one goes to the end, or to the front. `replaced` as
    /// with [`Table::commit`].
    pub fn put(
        &mut self,
        key: K,
        value: V,
        front: bool,
        mut replaced: impl FnMut(&V, &V),
    ) -> Delta<K> {
        self.revision += 1;
        let mut delta = Delta::default();
        self.gone.remove(&key);
        if let Some(entry) = self.rows.get_mut(&key) {
            entry.touched = self.revision;
            if *entry.value != value {
                replaced(&entry.value, &value);
                entry.value = Arc::new(value);
                delta.changed.push(key);
            }
        } else {
            let entry = Entry {
                value: Arc::new(value),
                touched: self.revision,
            };
            self.rows.insert(key.clone(), entry);
            self.order
                .insert(if front { 0 } else { self.order.len() }, key.clone());
            delta.added.push(key);
        }
        delta
    }

    /// Removes one row, as an event does.
    pub fn remove(&mut self, key: &K) -> Delta<K> {
        self.revision += 1;
        let mut delta = Delta::default();
        if self.rows.remove(key).is_some() {
            self.order.retain(|other| other != key);
            delta.removed.push(key.clone());
        }
        self.gone.insert(key.clone(), self.revision);
        delta
    }
}

impl<K: Eq + Hash + Clone, V: PartialEq> Merge<K, V> {
    /// The next row of the list for `table`. Of two rows with one key the later wins, in the
    /// earlier's place. A row that is what it was is dropped here and now, so that ending the
    /// merge costs what changed and not what there is.
    pub fn row(&mut self, table: &Table<K, V>, key: K, value: V) {
        if self.seen.insert(key.clone()) {
            self.order.push(key.clone());
        } else {
            self.fresh.remove(&key);
        }
        if table.get(&key).is_none_or(|row| **row != value) {
            self.fresh.insert(key, Arc::new(value));
        }
    }

    /// How many rows so far.
    #[must_use]
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether none yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    type Rows = Table<u32, String>;

    fn merge(table: &mut Rows, list: &[(u32, &str)]) -> Delta<u32> {
        let mut merge = table.begin();
        for (key, value) in list {
            merge.row(table, *key, (*value).to_owned());
        }
        table.commit(merge, |_, _| {})
    }

    fn dump(table: &Rows) -> Vec<(u32, String)> {
        table
            .iter()
            .map(|(key, value)| (*key, value.as_ref().clone()))
            .collect()
    }

    #[test]
    fn tells_what_changed() {
        let mut table = Rows::default();
        let delta = merge(&mut table, &[(1, "a"), (2, "b"), (3, "c")]);
        assert_eq!(delta.added, [1, 2, 3]);
        let kept = Arc::clone(table.get(&1).unwrap());
        let delta = merge(&mut table, &[(1, "a"), (3, "C"), (4, "d")]);
        assert_eq!(
            (delta.changed, delta.added, delta.removed, delta.moved),
            (vec![3], vec![4], vec![2], false)
        );
        assert!(
            Arc::ptr_eq(&kept, table.get(&1).unwrap()),
            "the same row is not replaced"
        );
        assert!(merge(&mut table, &[(1, "a"), (3, "C"), (4, "d")]).is_empty());
        let delta = merge(&mut table, &[(4, "d"), (1, "a"), (3, "C")]);
        assert!(delta.moved && delta.reshaped() && delta.added.is_empty());
    }

    #[test]
    fn events_newer_than_the_request_stay() {
        let mut table = Rows::default();
        merge(&mut table, &[(1, "a"), (2, "b"), (3, "c")]);
        let mut late = table.begin();
        assert_eq!(table.put(1, "event".into(), false, |_, _| {}).changed, [1]);
        assert_eq!(table.remove(&2).removed, [2]);
        assert_eq!(table.put(9, "new".into(), false, |_, _| {}).added, [9]);
        for (key, value) in [(1, "old"), (2, "old"), (3, "new")] {
            late.row(&table, key, value.to_owned());
        }
        let delta = table.commit(late, |_, _| {});
        assert_eq!((&delta.changed, delta.reshaped()), (&vec![3], false));
        assert_eq!(
            dump(&table),
            [(1, "event".into()), (3, "new".into()), (9, "new".into())]
        );
        // The next answer is newer than the events.
        merge(&mut table, &[(1, "poll"), (2, "back")]);
        assert_eq!(dump(&table), [(1, "poll".into()), (2, "back".into())]);
    }

    #[test]
    fn put_at_the_front() {
        let mut table = Rows::default();
        table.put(1, "a".into(), true, |_, _| {});
        table.put(2, "b".into(), true, |_, _| {});
        assert_eq!(table.order(), [2, 1]);
        assert!(table.put(2, "b".into(), true, |_, _| {}).is_empty());
        let mut late = table.begin();
        table.put(3, "c".into(), true, |_, _| {});
        late.row(&table, 2, "b".into());
        assert!(table.commit(late, |_, _| {}).removed == [1]);
        assert_eq!(
            table.order(),
            [3, 2],
            "newer than the answer, and still in front"
        );
    }

    fn list() -> impl Strategy<Value = Vec<(u32, String)>> {
        proptest::collection::vec((0_u32..24, "[a-c]"), 0..30)
    }

    proptest! {
        #[test]
        fn merge_equals_replace(lists in proptest::collection::vec(list(), 1..6)) {
            let mut table = Rows::default();
            for list in lists {
                let before: HashMap<u32, String> = dump(&table).into_iter().collect();
                let order_before = table.order().to_vec();
                // What replacing would give: later values, first places.
                let mut expected: Vec<(u32, String)> = Vec::new();
                for (key, value) in &list {
                    match expected.iter_mut().find(|(other, _)| other == key) {
                        Some(row) => row.1.clone_from(value),
                        None => expected.push((*key, value.clone())),
                    }
                }
                let mut merge = table.begin();
                let mut replaced = 0;
                for (key, value) in list {
                    merge.row(&table, key, value);
                }
                let mut delta = table.commit(merge, |old, new| {
                    assert_ne!(old, new);
                    replaced += 1;
                });
                prop_assert_eq!(replaced, delta.changed.len());
                prop_assert_eq!(dump(&table), expected.clone());
                // And the delta says exactly what differs.
                let after: HashMap<u32, String> = expected.iter().cloned().collect();
                let mut changed: Vec<u32> = after.iter().filter(|(key, value)| before.get(key).is_some_and(|old| old != *value)).map(|(key, _)| *key).collect();
                changed.sort_unstable();
                delta.changed.sort_unstable();
                prop_assert_eq!(&delta.changed, &changed);
                let added: Vec<u32> = expected.iter().map(|(key, _)| *key).filter(|key| !before.contains_key(key)).collect();
                prop_assert_eq!(&delta.added, &added);
                let removed: Vec<u32> = order_before.iter().copied().filter(|key| !after.contains_key(key)).collect();
                prop_assert_eq!(&delta.removed, &removed);
                let stayed: Vec<u32> = order_before.into_iter().filter(|key| after.contains_key(key)).collect();
                let stand: Vec<u32> = expected.iter().map(|(key, _)| *key).filter(|key| before.contains_key(key)).collect();
                prop_assert_eq!(delta.moved, stayed != stand);
            }
        }

        #[test]
        fn events_equal_the_list_they_describe(events in proptest::collection::vec((0_u32..12, proptest::option::of("[a-c]")), 0..40)) {
            let mut table = Rows::default();
            let mut plain: Vec<(u32, String)> = Vec::new();
            for (key, value) in events {
                match value {
                    Some(value) => {
                        match plain.iter_mut().find(|row| row.0 == key) {
                            Some(row) => row.1.clone_from(&value),
                            None => plain.push((key, value.clone())),
                        }
                        table.put(key, value, false, |_, _| {});
                    }
                    None => {
                        plain.retain(|row| row.0 != key);
                        table.remove(&key);
                    }
                }
                prop_assert_eq!(dump(&table), plain.clone());
            }
        }
    }
}
