//! Groups of a table's rows: a head above each, which folds the rows away.

use std::ops::Range;

/// Rows that stand together, one after the other in the table's order.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Group {
    /// Tells groups apart, also after a refresh.
    pub id: String,
    /// What they have in common: "proxmox-01".
    pub label: String,
    /// Said after it: "12 VMs, 9 running".
    pub note: String,
    /// Place of the first row in the order.
    pub at: usize,
    /// How many rows.
    pub count: usize,
    /// The head stands alone.
    pub folded: bool,
}

impl Group {
    /// Places of its rows in the order.
    #[must_use]
    pub const fn rows(&self) -> Range<usize> {
        self.at..self.at + self.count
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Stretch {
    /// First slot: of the head where there is one.
    slot: usize,
    head: bool,
    /// Rows that are shown, by their place in the order.
    rows: Range<usize>,
    /// The same with those that are folded away.
    all: Range<usize>,
}

impl Stretch {
    fn first_row(&self) -> usize {
        self.slot + usize::from(self.head)
    }

    fn end(&self) -> usize {
        self.first_row() + self.rows.len()
    }
}

/// Where rows and heads stand under each other: every row and every head takes one slot.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Slots {
    stretches: Vec<Stretch>,
}

impl Slots {
    /// Rows without groups: those of a page.
    #[must_use]
    pub fn plain(rows: Range<usize>) -> Self {
        Self {
            stretches: vec![Stretch {
                slot: 0,
                head: false,
                all: rows.clone(),
                rows,
            }],
        }
    }

    /// Rows in groups.
    #[must_use]
    pub fn grouped(groups: &[Group]) -> Self {
        let mut slot = 0;
        let stretches = groups
            .iter()
            .map(|group| {
                let all = group.rows();
                let rows = if group.folded {
                    all.start..all.start
                } else {
                    all.clone()
                };
                let stretch = Stretch {
                    slot,
                    head: true,
                    rows,
                    all,
                };
                slot = stretch.end();
                stretch
            })
            .collect();
        Self { stretches }
    }

    /// How many slots.
    #[must_use]
    pub fn len(&self) -> usize {
        self.stretches.last().map_or(0, Stretch::end)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The stretch that has the slot.
    fn of(&self, slot: usize) -> Option<&Stretch> {
        let at = self
            .stretches
            .partition_point(|stretch| stretch.slot <= slot);
        let stretch = self.stretches.get(at.checked_sub(1)?)?;
        (slot < stretch.end()).then_some(stretch)
    }

    /// Which row of the order stands in a slot; none where a head does.
    #[must_use]
    pub fn row(&self, slot: usize) -> Option<usize> {
        let stretch = self.of(slot)?;
        slot.checked_sub(stretch.first_row())
            .map(|at| stretch.rows.start + at)
    }

    /// The slot of a row of the order; none where it is folded away or on another page.
    #[must_use]
    pub fn slot(&self, row: usize) -> Option<usize> {
        let at = self
            .stretches
            .partition_point(|stretch| stretch.all.start <= row);
        let stretch = self.stretches.get(at.checked_sub(1)?)?;
        stretch
            .rows
            .contains(&row)
            .then(|| stretch.first_row() + row - stretch.rows.start)
    }

    /// Groups whose heads stand in these slots, and where.
    #[must_use]
    pub fn heads(&self, seen: Range<usize>) -> Vec<(usize, usize)> {
        self.stretches
            .iter()
            .enumerate()
            .filter(|(_, stretch)| stretch.head && seen.contains(&stretch.slot))
            .map(|(group, stretch)| (group, stretch.slot))
            .collect()
    }

    /// The slot itself where a row stands in it, else the next one with a row, first the way one
    /// came, then the other.
    #[must_use]
    pub fn with_row(&self, slot: usize, down: bool) -> Option<usize> {
        let below = || (slot..self.len()).find(|slot| self.row(*slot).is_some());
        let above = || {
            (0..=slot.min(self.len()))
                .rev()
                .find(|slot| self.row(*slot).is_some())
        };
        if down {
            below().or_else(above)
        } else {
            above().or_else(below)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn groups(parts: &[(usize, bool)]) -> Vec<Group> {
        let mut at = 0;
        parts
            .iter()
            .enumerate()
            .map(|(number, (count, folded))| {
                let group = Group {
                    id: number.to_string(),
                    at,
                    count: *count,
                    folded: *folded,
                    ..Group::default()
                };
                at += count;
                group
            })
            .collect()
    }

    #[test]
    fn heads_and_rows_under_each_other() {
        let slots = Slots::grouped(&groups(&[(2, false), (3, true), (1, false)]));
        assert_eq!(slots.len(), 6);
        let rows: Vec<_> = (0..7).map(|slot| slots.row(slot)).collect();
        assert_eq!(rows, [None, Some(0), Some(1), None, None, Some(5), None]);
        assert_eq!(slots.slot(3), None);
        assert_eq!(slots.heads(0..6), [(0, 0), (1, 3), (2, 4)]);
        // Arrows pass over the heads.
        assert_eq!(slots.with_row(3, true), Some(5));
        assert_eq!(slots.with_row(4, false), Some(2));
        assert_eq!(slots.with_row(0, false), Some(1));
        let folded = Slots::grouped(&groups(&[(2, true)]));
        assert_eq!(folded.with_row(0, true), None);
    }

    #[test]
    fn a_page_without_groups_has_no_heads() {
        let slots = Slots::plain(50..75);
        assert_eq!((slots.len(), slots.row(0)), (25, Some(50)));
        assert_eq!((slots.slot(74), slots.slot(75)), (Some(24), None));
        assert_eq!(slots.heads(0..25), []);
    }

    proptest! {
        #[test]
        fn each_row_that_is_not_folded_has_one_slot(
            parts in prop::collection::vec((0_usize..5, any::<bool>()), 0..6),
        ) {
            let groups = groups(&parts);
            let slots = Slots::grouped(&groups);
            let shown: Vec<usize> = groups.iter().filter(|group| !group.folded).flat_map(Group::rows).collect();
            prop_assert_eq!(slots.len(), shown.len() + groups.len());
            let rows: Vec<usize> = (0..slots.len()).filter_map(|slot| slots.row(slot)).collect();
            prop_assert_eq!(&rows, &shown);
            for row in shown {
                prop_assert_eq!(slots.slot(row).and_then(|slot| slots.row(slot)), Some(row));
            }
            prop_assert_eq!(slots.heads(0..slots.len()).len(), groups.len());
        }
    }
}
