//! The snapshots of a VM as its server lists them, with the tree that they make.

use crate::api::snapshots::Snapshot;
use crate::components::time::format_near;
use crate::domain::snapshot::tree::{Item, Tree, newer_than, tree};
use crate::domain::units::Instant;
use std::sync::Arc;

/// A list and its tree.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Known {
    /// As it came.
    pub list: Arc<Vec<Snapshot>>,
    /// What it makes; places are places of the list.
    pub tree: Tree,
}

impl Known {
    /// Of a list.
    #[must_use]
    pub fn new(list: &Arc<Vec<Snapshot>>) -> Self {
        Self {
            list: Arc::clone(list),
            tree: tree(&items(list)),
        }
    }

    /// How many snapshots there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.list.iter().filter(|row| !row.is_current()).count()
    }

    /// Where a snapshot stands in the list.
    #[must_use]
    pub fn place(&self, name: &str) -> Option<usize> {
        self.list
            .iter()
            .position(|row| row.name == name && !row.is_current())
    }

    /// Whether a snapshot of the VM goes by that name.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.place(name).is_some()
    }

    /// The snapshots that are newer than one, newest first.
    #[must_use]
    pub fn newer(&self, place: usize) -> Vec<&Snapshot> {
        newer_than(&items(&self.list), place)
            .into_iter()
            .filter_map(|place| self.list.get(place))
            .collect()
    }

    /// The one that the VM stands on.
    #[must_use]
    pub fn standing(&self) -> Option<&Snapshot> {
        self.list.get(self.tree.here?.on?)
    }

    /// The one that a snapshot was taken on.
    #[must_use]
    pub fn parent(&self, place: usize) -> Option<&Snapshot> {
        self.list.get(self.tree.parents.get(place).copied()??)
    }
}

fn items(list: &[Snapshot]) -> Vec<Item<'_>> {
    list.iter().map(Snapshot::item).collect()
}

/// `before-upgrade of 24 Jun, 14:00`.
#[must_use]
pub fn with_time(snapshot: &Snapshot, now: Instant) -> String {
    match snapshot.snaptime {
        Some(at) => format!("{} of {}", snapshot.name, format_near(at, now)),
        None => snapshot.name.clone(),
    }
}
