//! Rows by key, of which only those that changed notify.

use crate::domain::live::{Delta, Merge, Table};
use leptos::prelude::*;
use std::collections::HashMap;
use std::fmt;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// What keys and rows must be.
pub trait Key: Eq + Hash + Clone + Send + Sync + 'static {}
impl<K: Eq + Hash + Clone + Send + Sync + 'static> Key for K {}
/// A row that can be told apart from another.
pub trait Row: PartialEq + Send + Sync + 'static {}
impl<V: PartialEq + Send + Sync + 'static> Row for V {}

type Cell<V> = ArcRwSignal<Option<Arc<V>>>;
type Snapshot<V> = Arc<Vec<Arc<V>>>;

struct Inner<K, V> {
    table: RwLock<Table<K, V>>,
    /// Signals of the rows that were ever read one by one; the 10,000 others need none.
    cells: Mutex<HashMap<K, Cell<V>>>,
    order: ArcRwSignal<Arc<Vec<K>>>,
    version: ArcRwSignal<u64>,
    /// Grows when membership, order or a row's lasting facts change.
    roster: ArcRwSignal<u64>,
    same_facts: fn(&V, &V) -> bool,
    snapshot: Mutex<Option<(u64, Snapshot<V>)>>,
    loaded: ArcRwSignal<bool>,
}

/// Rows by key. Clones share everything; signals live as long as any clone.
pub struct Rows<K, V>(Arc<Inner<K, V>>);

impl<K, V> Clone for Rows<K, V> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<K, V> fmt::Debug for Rows<K, V> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Rows").finish_non_exhaustive()
    }
}

impl<K: Key, V: Row> Default for Rows<K, V> {
    fn default() -> Self {
        Self::new(|_, _| false)
    }
}

impl<K: Key, V: Row> Rows<K, V> {
    /// `same_facts` tells whether two states of a row differ in fleeting figures only; see
    /// [`Rows::roster`].
    #[must_use]
    pub fn new(same_facts: fn(&V, &V) -> bool) -> Self {
        Self(Arc::new(Inner {
            roster: ArcRwSignal::default(),
            same_facts,
            table: RwLock::default(),
            cells: Mutex::default(),
            order: ArcRwSignal::default(),
            version: ArcRwSignal::default(),
            snapshot: Mutex::default(),
            loaded: ArcRwSignal::default(),
        }))
    }

    fn read(&self) -> RwLockReadGuard<'_, Table<K, V>> {
        self.0.table.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Table<K, V>> {
        self.0.table.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// One row, for as long as its reader lives: notifies when this row changes and at no other
    /// time. None while there is no such row.
    #[must_use]
    pub fn row(&self, key: &K) -> ArcReadSignal<Option<Arc<V>>> {
        let mut cells = super::lock(&self.0.cells);
        cells
            .entry(key.clone())
            .or_insert_with(|| ArcRwSignal::new(self.read().get(key).cloned()))
            .read_only()
    }

    /// One row as it is now, without being told of changes.
    #[must_use]
    pub fn peek(&self, key: &K) -> Option<Arc<V>> {
        self.read().get(key).cloned()
    }

    /// Keys in the server's order; notifies when membership or order changes.
    #[must_use]
    pub fn keys(&self) -> ArcReadSignal<Arc<Vec<K>>> {
        self.0.order.read_only()
    }

    /// All rows in the server's order, as they are now. Tracked: whoever calls it is notified of
    /// any change, once per merge. Cheap: the same list is handed out until something changes.
    #[must_use]
    pub fn snapshot(&self) -> Arc<Vec<Arc<V>>> {
        let version = self.0.version.get();
        self.snapshot_of(version)
    }

    /// As [`Rows::snapshot`], but notifies only when membership, order or lasting facts change,
    /// not with every new figure: for what filters and sorts 10,000 rows by name or state, and
    /// shows figures through [`Rows::row`].
    #[must_use]
    pub fn roster(&self) -> Arc<Vec<Arc<V>>> {
        self.0.roster.track();
        self.peek_all()
    }

    /// As [`Rows::snapshot`], without being told of changes.
    #[must_use]
    pub fn peek_all(&self) -> Arc<Vec<Arc<V>>> {
        self.snapshot_of(self.0.version.get_untracked())
    }

    fn snapshot_of(&self, version: u64) -> Snapshot<V> {
        let mut cache = super::lock(&self.0.snapshot);
        match &*cache {
            Some((known, rows)) if *known == version => Arc::clone(rows),
            _ => {
                let rows: Snapshot<V> =
                    Arc::new(self.read().iter().map(|(_, row)| Arc::clone(row)).collect());
                *cache = Some((version, Arc::clone(&rows)));
                rows
            }
        }
    }

    /// Grows with every change of any row; tracked.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.0.version.get()
    }

    /// How many rows there are; tracked by membership.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.order.with(|keys| keys.len())
    }

    /// How many rows there are now, without being told of changes.
    #[must_use]
    pub fn count(&self) -> usize {
        self.read().len()
    }

    /// Whether there are none; tracked by membership.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether a list was ever loaded; tracked.
    #[must_use]
    pub fn is_loaded(&self) -> bool {
        self.0.loaded.get()
    }

    /// Begins a merge; see [`Table::begin`].
    #[must_use]
    pub fn begin(&self) -> Merge<K, V> {
        self.read().begin()
    }

    /// The next row of a merge.
    pub fn merge_row(&self, merge: &mut Merge<K, V>, key: K, row: V) {
        merge.row(&self.read(), key, row);
    }

    /// Ends a merge; tells what it did.
    pub fn commit(&self, merge: Merge<K, V>) -> Delta<K> {
        let mut facts = false;
        let same = self.0.same_facts;
        let delta = self
            .write()
            .commit(merge, |old, new| facts |= !same(old, new));
        self.tell(&delta, facts);
        if !self.0.loaded.get_untracked() {
            self.0.loaded.set(true);
        }
        delta
    }

    /// Merges a whole list at once.
    pub fn replace(&self, rows: impl IntoIterator<Item = (K, V)>) -> Delta<K> {
        let mut merge = self.begin();
        for (key, row) in rows {
            self.merge_row(&mut merge, key, row);
        }
        self.commit(merge)
    }

    /// Writes one row, as an event does; a new one goes to the end, or to the front.
    pub fn put(&self, key: K, row: V, front: bool) -> Delta<K> {
        let mut facts = false;
        let same = self.0.same_facts;
        let delta = self
            .write()
            .put(key, row, front, |old, new| facts |= !same(old, new));
        self.tell(&delta, facts);
        delta
    }

    /// Writes several rows, as an event does, and notifies once. New ones go to the end.
    pub fn put_all(&self, rows: impl IntoIterator<Item = (K, V)>) -> Delta<K> {
        let mut all = Delta::default();
        let mut facts = false;
        let same = self.0.same_facts;
        {
            let mut table = self.write();
            for (key, row) in rows {
                let delta = table.put(key, row, false, |old, new| facts |= !same(old, new));
                all.changed.extend(delta.changed);
                all.added.extend(delta.added);
            }
        }
        self.tell(&all, facts);
        all
    }

    /// Removes one row, as an event does.
    pub fn remove(&self, key: &K) -> Delta<K> {
        let delta = self.write().remove(key);
        self.tell(&delta, false);
        delta
    }

    /// Forgets all rows, and that they were ever loaded.
    pub fn clear(&self) {
        let keys = self.read().order().to_vec();
        *self.write() = Table::default();
        self.tell(
            &Delta {
                removed: keys,
                ..Delta::default()
            },
            true,
        );
        self.0.loaded.set(false);
    }

    fn tell(&self, delta: &Delta<K>, facts: bool) {
        if delta.is_empty() {
            return;
        }
        let changed: Vec<(Cell<V>, Option<Arc<V>>)> = {
            let cells = super::lock(&self.0.cells);
            let table = self.read();
            let touched = delta
                .changed
                .iter()
                .chain(&delta.added)
                .chain(&delta.removed);
            touched
                .filter_map(|key| Some((cells.get(key)?.clone(), table.get(key).cloned())))
                .collect()
        };
        for (cell, row) in changed {
            cell.set(row);
        }
        if delta.reshaped() {
            let order = Arc::new(self.read().order().to_vec());
            self.0.order.set(order);
        }
        self.0.version.update(|version| *version += 1);
        if facts || delta.reshaped() {
            self.0.roster.update(|version| *version += 1);
        }
    }
}
