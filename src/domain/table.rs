//! Arithmetic of tables: order, layout, selection, window. Nothing here draws.

use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::hash::Hash;
use std::ops::Range;
use std::sync::Arc;

/// By which column, which way.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Sort {
    /// The column's ID.
    pub column: String,
    /// Largest first.
    pub descending: bool,
}

impl Sort {
    /// What a press on a column's head makes of it: up, down, and up again. There is no third
    /// state "unsorted": rows always have an order.
    #[must_use]
    pub fn pressed(current: Option<&Self>, column: &str) -> Self {
        let descending = current.is_some_and(|sort| sort.column == column && !sort.descending);
        Self {
            column: column.to_owned(),
            descending,
        }
    }
}

/// Rows on a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum PageSize {
    /// So many.
    Rows(usize),
    /// All of them in one scroll.
    All,
}

impl PageSize {
    /// What the table offers.
    pub const CHOICES: [Self; 5] = [
        Self::Rows(25),
        Self::Rows(50),
        Self::Rows(100),
        Self::Rows(200),
        Self::All,
    ];

    /// As it stands in an address: `50`, `all`.
    #[must_use]
    pub fn word(self) -> String {
        match self {
            Self::Rows(rows) => rows.to_string(),
            Self::All => "all".to_owned(),
        }
    }

    /// From an address; numbers that are not offered are taken as they are, within 1 to 1000.
    #[must_use]
    pub fn read(word: &str) -> Option<Self> {
        match word {
            "all" => Some(Self::All),
            word => word
                .parse()
                .ok()
                .filter(|rows| (1..=1000).contains(rows))
                .map(Self::Rows),
        }
    }

    /// How many pages `count` rows take; one at least.
    #[must_use]
    pub const fn pages(self, count: usize) -> usize {
        match self {
            Self::Rows(rows) if rows > 0 && count > 0 => count.div_ceil(rows),
            _ => 1,
        }
    }

    /// Which rows stand on a page (counted from 0). A page past the end is the last one: rows may
    /// have gone since the address was made.
    #[must_use]
    pub fn range(self, page: usize, count: usize) -> Range<usize> {
        match self {
            Self::Rows(rows) => {
                let first = page.min(self.pages(count) - 1) * rows;
                first..(first + rows).min(count)
            }
            Self::All => 0..count,
        }
    }
}

/// How a person has arranged a table. What is not named is as the table was designed.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct TableLayout {
    /// Widths in pixels, of the columns that were resized.
    pub widths: BTreeMap<String, f64>,
    /// Columns that were shown or hidden by hand.
    pub shown: BTreeMap<String, bool>,
    /// Order of the columns, where it was changed.
    pub order: Vec<String>,
}

impl TableLayout {
    /// The columns in order: those named here first take the places that named columns have in
    /// the design, so that a column that a newer version adds stays beside its neighbours.
    #[must_use]
    pub fn arrange(&self, designed: &[&str]) -> Vec<usize> {
        let place = |id: &str| designed.iter().position(|other| *other == id);
        let mut named: Vec<usize> = Vec::new();
        for index in self.order.iter().filter_map(|id| place(id)) {
            if !named.contains(&index) {
                named.push(index);
            }
        }
        let in_order: HashSet<usize> = named.iter().copied().collect();
        let mut next = named.into_iter();
        (0..designed.len())
            .map(|index| {
                if in_order.contains(&index) {
                    next.next().unwrap_or(index)
                } else {
                    index
                }
            })
            .collect()
    }

    /// Moves a column by `by` places among `ids` (the columns as they stand), and keeps the order.
    pub fn shift(&mut self, ids: &[&str], id: &str, by: isize) {
        let Some(from) = ids.iter().position(|other| *other == id) else {
            return;
        };
        let to = from
            .saturating_add_signed(by)
            .min(ids.len().saturating_sub(1));
        let mut order: Vec<String> = ids.iter().map(|id| (*id).to_owned()).collect();
        let moved = order.remove(from);
        order.insert(to, moved);
        self.order = order;
    }
}

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
}

impl<K: Eq + Hash> Default for Selection<K> {
    fn default() -> Self {
        Self {
            keys: Arc::default(),
            scope: Scope::Picked,
            anchor: None,
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
    }

    /// Exactly the rows that match.
    pub fn set_all(&mut self, order: &[K]) {
        self.keys = Arc::new(order.iter().cloned().collect());
        self.scope = Scope::All;
        self.anchor = None;
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
        Some(Self {
            keys: Arc::new(keys),
            scope: self.scope,
            anchor,
        })
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

/// Which of `count` rows of `height` pixels are mounted, where the part from `top` on, `view`
/// pixels high, is seen: those in sight and `margin` rows before and behind.
#[must_use]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "row numbers are far below 2^52, and `as` saturates"
)]
pub fn window(count: usize, height: f64, top: f64, view: f64, margin: usize) -> Range<usize> {
    if !(height >= 1.0) || count == 0 {
        return 0..count.min(40);
    }
    let last = (count - 1) as f64;
    let first = (top / height).floor().clamp(0.0, last) as usize;
    let end = ((top + view.max(0.0)) / height)
        .ceil()
        .clamp(0.0, count as f64) as usize;
    // In steps of four, so that a slow scroll does not mount rows at each pixel.
    let start = first.saturating_sub(margin) / 4 * 4;
    let end = (end + margin).next_multiple_of(4).min(count);
    start..end.max(start)
}

/// The row that a key leads to, from row `at` of `count`.
#[must_use]
pub fn step(key: &str, at: Option<usize>, count: usize, rows_in_view: usize) -> Option<usize> {
    let last = count.checked_sub(1)?;
    let page = rows_in_view.max(2) - 1;
    match (key, at) {
        ("ArrowDown" | "ArrowUp" | "PageDown" | "PageUp" | "Home", None) => Some(0),
        ("ArrowDown", Some(at)) => Some((at + 1).min(last)),
        ("ArrowUp", Some(at)) => Some(at.min(last).saturating_sub(1)),
        ("PageDown", Some(at)) => Some((at + page).min(last)),
        ("PageUp", Some(at)) => Some(at.min(last).saturating_sub(page)),
        ("Home", _) => Some(0),
        ("End", _) => Some(last),
        _ => None,
    }
}

/// Hidden columns among `designed`: by hand, else by design.
#[must_use]
pub fn hidden_columns(layout: &TableLayout, designed: &[(&str, bool)]) -> BTreeSet<String> {
    designed
        .iter()
        .filter(|(id, shown)| !layout.shown.get(*id).copied().unwrap_or(*shown))
        .map(|(id, _)| (*id).to_owned())
        .collect()
}
