//! Snapshots as the tree that their parents make, with the place where the VM stands. Whatever a
//! server sends, every snapshot stands in it exactly once: parents that are missing, several
//! roots, rings, the same name twice, parents the wrong way round as in the guide's VM detail.

mod draw;
mod resolve;
#[cfg(test)]
mod tests;

use super::name::CURRENT;
use crate::domain::units::Instant;

/// A row of the server's list, with what the tree is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Item<'a> {
    /// Its name; `current` is the running state.
    pub name: &'a str,
    /// The one it was taken on.
    pub parent: Option<&'a str>,
    /// When it was taken.
    pub taken: Option<Instant>,
}

impl Item<'_> {
    fn is_current(&self) -> bool {
        self.name == CURRENT
    }
}

/// What is odd about the parent that a server names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Odd {
    /// No snapshot goes by this name.
    Missing(String),
    /// It was taken on itself, by way of others or not.
    Ring,
}

impl Odd {
    /// As a sentence.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Missing(name) => {
                format!("The server says it was taken on {name}, which is not there")
            }
            Self::Ring => {
                "By what the server says it was taken on itself; so it stands at the root"
                    .to_owned()
            }
        }
    }
}

/// What stands in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum What {
    /// A snapshot, by its place in the server's list.
    Snapshot(usize),
    /// Where the VM stands.
    Here,
}

/// One column before a row's dot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rail {
    /// Nothing.
    None,
    /// A line that passes by.
    Line,
    /// A line that turns to the row, and goes on below it.
    Tee,
    /// A line that ends at the row.
    Elbow,
}

/// A row of the tree, as it is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// What stands in it.
    pub what: What,
    /// How deep it is, from 1 on; a snapshot's is the length of its chain.
    pub depth: usize,
    /// The columns before its dot.
    pub rails: Vec<Rail>,
    /// A line comes to its dot from the row above.
    pub above: bool,
    /// A line goes from its dot to the row below.
    pub below: bool,
    /// Its place among those with the same parent, from 1 on, and how many they are.
    pub place: (usize, usize),
}

/// Where the VM stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Here {
    /// On which snapshot, by its place in the list.
    pub on: Option<usize>,
    /// The server does not say: it is the newest that no other was taken on.
    pub inferred: bool,
}

/// The snapshots of a VM.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tree {
    /// Its rows, from the top.
    pub rows: Vec<Row>,
    /// Where the VM stands; `None` where there is nothing.
    pub here: Option<Here>,
    /// The parent of each item of the list, as it was understood.
    pub parents: Vec<Option<usize>>,
    /// What is odd, by item.
    pub odd: Vec<(usize, Odd)>,
    /// Parents were named the wrong way round, and were turned.
    pub turned: bool,
}

/// Makes the tree of a list.
#[must_use]
pub fn tree(items: &[Item<'_>]) -> Tree {
    let found = resolve::resolve(items);
    let mut tree = Tree {
        rows: Vec::new(),
        here: found.here,
        parents: found.parents,
        odd: found.odd,
        turned: found.turned,
    };
    tree.rows = draw::rows(items, &tree);
    tree
}

impl Tree {
    /// Whether there are snapshots at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !self
            .rows
            .iter()
            .any(|row| matches!(row.what, What::Snapshot(_)))
    }

    /// What is odd about an item.
    #[must_use]
    pub fn odd_of(&self, item: usize) -> Option<&Odd> {
        self.odd
            .iter()
            .find(|(odd, _)| *odd == item)
            .map(|(_, odd)| odd)
    }

    /// The length of the chain that ends in an item: 1 for a root.
    #[must_use]
    pub fn depth(&self, item: usize) -> usize {
        self.rows
            .iter()
            .find(|row| row.what == What::Snapshot(item))
            .map_or(0, |row| row.depth)
    }

    /// The snapshots that were taken on an item.
    pub fn children(&self, item: usize) -> impl Iterator<Item = usize> {
        self.parents
            .iter()
            .enumerate()
            .filter(move |(_, parent)| **parent == Some(item))
            .map(|(child, _)| child)
    }

    /// Whether the VM's present state came out of an item, by way of others or not.
    #[must_use]
    pub fn leads_here(&self, item: usize) -> bool {
        let mut at = self.here.and_then(|here| here.on);
        while let Some(on) = at {
            if on == item {
                return true;
            }
            at = self.parents.get(on).copied().flatten();
        }
        false
    }
}

/// Of a list, the snapshots that are newer than one of them: what a rollback to it goes behind.
#[must_use]
pub fn newer_than(items: &[Item<'_>], item: usize) -> Vec<usize> {
    let Some(taken) = items.get(item).and_then(|item| item.taken) else {
        return Vec::new();
    };
    let newer = |other: &&Item<'_>| {
        !other.is_current() && other.taken.is_some_and(|at| at.millis > taken.millis)
    };
    let mut found: Vec<usize> = items
        .iter()
        .enumerate()
        .filter(|(at, other)| *at != item && newer(other))
        .map(|(at, _)| at)
        .collect();
    newest_first(items, &mut found);
    found
}

/// Sorts places of a list so that the newest comes first; those without a time come last. Of the
/// same time, a later place is the newer.
pub fn newest_first(items: &[Item<'_>], places: &mut [usize]) {
    places.sort_by_key(|place| {
        let taken = items.get(*place).and_then(|item| item.taken);
        std::cmp::Reverse((taken.map(|at| at.millis), *place))
    });
}
