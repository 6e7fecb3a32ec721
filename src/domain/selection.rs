//! Which rows of a table are selected.

use std::collections::HashSet;
use std::hash::Hash;
use std::sync::Arc;

/// How the selection came about. A selection can't lie: each scope is named to the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scope {
    /// By hand.
    #[default]
    Picked,
    /// All rows of a page.
    Page,
    /// All rows that match the filter.
    All,
}

/// Selected rows, by key, apart from the rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selection<K: Eq + Hash> {
    /// The keys.
    pub keys: Arc<HashSet<K>>,
    /// How they came together.
    pub scope: Scope,
    /// Where a range starts: the row that was last selected by itself.
    pub anchor: Option<K>,
    /// Hidden rows that the person has said are meant, too.
    agreed: Arc<HashSet<K>>,
}

impl<K: Eq + Hash> Default for Selection<K> {
    fn default() -> Self {
        Self {
            keys: Arc::default(),
            scope: Scope::Picked,
            anchor: None,
            agreed: Arc::default(),
        }
    }
}

impl<K: Clone + Eq + Hash> Selection<K> {
    /// Whether a row is selected.
    #[must_use]
    pub fn has(&self, key: &K) -> bool {
        self.keys.contains(key)
    }

    /// How many.
    #[must_use]
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether nothing is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Selects nothing.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// One row in or out (checkbox, Space, Ctrl-click).
    pub fn toggle(&mut self, key: &K) {
        let keys = Arc::make_mut(&mut self.keys);
        if !keys.remove(key) {
            keys.insert(key.clone());
        }
        self.scope = Scope::Picked;
        self.anchor = Some(key.clone());
        self.forget_gone();
    }

    /// A row that left the selection has to be agreed on anew.
    fn forget_gone(&mut self) {
        if self.agreed.iter().any(|key| !self.keys.contains(key)) {
            let kept = self.agreed.intersection(&self.keys);
            self.agreed = Arc::new(kept.cloned().collect());
        }
    }

    /// All rows from the anchor to `key`, both included, take the anchor's state (Shift-click).
    /// Without an anchor in `order` it is a toggle.
    pub fn range(&mut self, key: &K, order: &[K]) {
        let at = |key: &K| order.iter().position(|other| other == key);
        let ends = self.anchor.as_ref().and_then(at).zip(at(key));
        let Some((from, to)) = ends else {
            return self.toggle(key);
        };
        let on = self
            .anchor
            .as_ref()
            .is_none_or(|anchor| self.keys.contains(anchor));
        let keys = Arc::make_mut(&mut self.keys);
        for key in order.iter().take(from.max(to) + 1).skip(from.min(to)) {
            if on {
                keys.insert(key.clone());
            } else {
                keys.remove(key);
            }
        }
        self.scope = Scope::Picked;
        self.forget_gone();
    }

    /// Adds all rows of a page, or takes them out where all were in.
    pub fn toggle_page(&mut self, page: &[K]) {
        let all = !page.is_empty() && page.iter().all(|key| self.has(key));
        let keys = Arc::make_mut(&mut self.keys);
        for key in page {
            if all {
                keys.remove(key);
            } else {
                keys.insert(key.clone());
            }
        }
        let exact = keys.len() == page.len();
        self.scope = if !all && exact {
            Scope::Page
        } else {
            Scope::Picked
        };
        self.anchor = None;
        self.forget_gone();
    }

    /// Adds all rows of a group, or takes them out where all were in.
    pub fn toggle_group(&mut self, group: &[K]) {
        self.toggle_page(group);
        self.scope = Scope::Picked;
    }

    /// Exactly the rows that match.
    pub fn set_all(&mut self, order: &[K]) {
        self.keys = Arc::new(order.iter().cloned().collect());
        self.scope = Scope::All;
        self.anchor = None;
        self.agreed = Arc::default();
    }

    /// What is left when only `exists` rows are; `None` where nothing changes.
    #[must_use]
    pub fn pruned(&self, exists: impl Fn(&K) -> bool) -> Option<Self> {
        if self.keys.iter().all(&exists) {
            return None;
        }
        let keys = self
            .keys
            .iter()
            .filter(|key| exists(key))
            .cloned()
            .collect();
        let anchor = self.anchor.clone().filter(|key| exists(key));
        let mut left = Self {
            keys: Arc::new(keys),
            scope: self.scope,
            anchor,
            agreed: Arc::clone(&self.agreed),
        };
        left.forget_gone();
        Some(left)
    }

    /// The scope as it may be named now, with these rows shown and these of them on the page: what
    /// was all that match is so no longer once the filter or the rows have changed.
    #[must_use]
    pub fn scope_now(&self, order: &[K], page: &[K]) -> Scope {
        let exactly = |rows: &[K]| rows.len() == self.len() && rows.iter().all(|row| self.has(row));
        match self.scope {
            Scope::All if exactly(order) => Scope::All,
            Scope::Page if exactly(page) => Scope::Page,
            _ => Scope::Picked,
        }
    }

    /// The person has said that the selected rows which `order` does not show are meant, too.
    pub fn agree(&mut self, order: &[K]) {
        let shown: HashSet<&K> = order.iter().collect();
        let hidden = self.keys.iter().filter(|key| !shown.contains(key));
        self.agreed = Arc::new(hidden.cloned().collect());
    }

    /// Keeps the selected rows of `order` alone.
    pub fn keep_shown(&mut self, order: &[K]) {
        let keys: HashSet<K> = self.in_order(order).into_iter().collect();
        *self = Self {
            anchor: self.anchor.take().filter(|anchor| keys.contains(anchor)),
            keys: Arc::new(keys),
            ..Self::default()
        };
    }

    /// Whether rows are selected that `order` does not show and that nobody said are meant:
    /// nothing may be done to the selection then.
    #[must_use]
    pub fn is_doubtful(&self, order: &[K]) -> bool {
        if self.hidden(order) == 0 {
            return false;
        }
        let shown: HashSet<&K> = order.iter().collect();
        self.keys
            .iter()
            .any(|key| !shown.contains(key) && !self.agreed.contains(key))
    }

    /// How many selected rows are not among `order`: hidden by a filter.
    #[must_use]
    pub fn hidden(&self, order: &[K]) -> usize {
        if self.keys.is_empty() {
            return 0;
        }
        self.keys.len() - order.iter().filter(|key| self.keys.contains(key)).count()
    }

    /// The selected rows in the order of the list; hidden ones left out.
    #[must_use]
    pub fn in_order(&self, order: &[K]) -> Vec<K> {
        order
            .iter()
            .filter(|key| self.keys.contains(key))
            .cloned()
            .collect()
    }
}

#[cfg(test)]
mod properties;

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn picked(keys: &[u32]) -> Selection<u32> {
        Selection {
            keys: Arc::new(keys.iter().copied().collect()),
            ..Selection::default()
        }
    }

    fn sorted(selection: &Selection<u32>) -> Vec<u32> {
        let mut keys: Vec<u32> = selection.keys.iter().copied().collect();
        keys.sort_unstable();
        keys
    }

    #[test]
    fn ranges_take_the_anchors_state() {
        let order: Vec<u32> = (1..=10).collect();
        let mut selection = Selection::default();
        selection.toggle(&3);
        selection.range(&6, &order);
        assert_eq!(sorted(&selection), [3, 4, 5, 6]);
        // The anchor stays, so another range starts there again.
        selection.range(&1, &order);
        assert_eq!(sorted(&selection), [1, 2, 3, 4, 5, 6]);
        selection.toggle(&5);
        selection.range(&3, &order);
        assert_eq!(sorted(&selection), [1, 2, 6]);
        // Without an anchor in the list it is a toggle.
        let mut other = picked(&[99]);
        other.anchor = Some(99);
        other.range(&2, &order);
        assert_eq!(sorted(&other), [2, 99]);
    }

    #[test]
    fn scopes_are_named() {
        let order: Vec<u32> = (1..=10).collect();
        let mut selection = Selection::default();
        selection.toggle_page(&order[..5]);
        assert_eq!((selection.len(), selection.scope), (5, Scope::Page));
        selection.toggle_page(&order[..5]);
        assert!(selection.is_empty());
        selection.toggle(&9);
        selection.toggle_page(&order[..5]);
        assert_eq!((selection.len(), selection.scope), (6, Scope::Picked));
        selection.set_all(&order);
        assert_eq!((selection.len(), selection.scope), (10, Scope::All));
        selection.toggle(&1);
        assert_eq!(selection.scope, Scope::Picked);
    }

    #[test]
    fn hidden_rows_are_agreed_on_one_by_one() {
        let mut selection = picked(&[1, 2, 3]);
        assert!(!selection.is_doubtful(&[1, 2, 3]));
        assert!(selection.is_doubtful(&[1, 2]));
        selection.agree(&[1, 2]);
        assert!(!selection.is_doubtful(&[1, 2]));
        // Another one hides: that was not agreed on.
        assert!(selection.is_doubtful(&[1]));
        selection.keep_shown(&[1, 5]);
        assert_eq!(sorted(&selection), [1]);
    }

    #[test]
    fn gone_rows_leave_hidden_rows_stay() {
        let mut selection = picked(&[1, 2, 3]);
        selection.anchor = Some(2);
        assert_eq!(selection.pruned(|_| true), None);
        let left = selection.pruned(|key| *key != 2).unwrap();
        assert_eq!(sorted(&left), [1, 3]);
        assert_eq!(left.anchor, None);
        assert_eq!(selection.hidden(&[1, 5]), 2);
        assert_eq!(selection.in_order(&[3, 5, 1]), [3, 1]);
    }
}
