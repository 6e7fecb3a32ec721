//! Arithmetic of tables: order, pages, layout, window. Nothing here draws.

use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

pub use super::selection::{Scope, Selection};

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

    /// The columns that are shown, in order; `designed` says of each whether it is by design.
    #[must_use]
    pub fn columns(&self, designed: &[(&str, bool)]) -> Vec<String> {
        let ids: Vec<&str> = designed.iter().map(|(id, _)| *id).collect();
        self.arrange(&ids)
            .into_iter()
            .filter_map(|at| designed.get(at))
            .filter(|(id, shown)| self.shown.get(*id).copied().unwrap_or(*shown))
            .map(|(id, _)| (*id).to_owned())
            .collect()
    }

    /// The same widths with these columns alone, in this order; unknown ones are passed over.
    #[must_use]
    pub fn with_columns(&self, designed: &[(&str, bool)], ids: &[String]) -> Self {
        let hidden = designed
            .iter()
            .map(|(id, _)| *id)
            .filter(|id| !ids.iter().any(|shown| shown == id));
        let known = ids
            .iter()
            .map(String::as_str)
            .filter(|id| designed.iter().any(|(other, _)| other == id));
        Self {
            widths: self.widths.clone(),
            shown: designed
                .iter()
                .map(|(id, _)| ((*id).to_owned(), ids.iter().any(|shown| shown == id)))
                .collect(),
            order: known.chain(hidden).map(ToOwned::to_owned).collect(),
        }
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
    if height.is_nan() || height < 1.0 || count == 0 {
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_press_on_a_head_turns_the_order() {
        let first = Sort::pressed(None, "cpu");
        assert!(!first.descending);
        let second = Sort::pressed(Some(&first), "cpu");
        assert!(second.descending);
        assert!(!Sort::pressed(Some(&second), "cpu").descending);
        assert_eq!(Sort::pressed(Some(&second), "name").column, "name");
    }

    #[test]
    fn pages_hold_when_rows_go() {
        let size = PageSize::Rows(25);
        assert_eq!(size.pages(0), 1);
        assert_eq!(size.pages(25), 1);
        assert_eq!(size.pages(26), 2);
        assert_eq!(size.range(0, 0), 0..0);
        assert_eq!(size.range(1, 26), 25..26);
        // The address said page 9, but there are only two left.
        assert_eq!(size.range(8, 26), 25..26);
        assert_eq!(PageSize::All.range(3, 26), 0..26);
        assert_eq!(PageSize::read("all"), Some(PageSize::All));
        assert_eq!(PageSize::read("50"), Some(PageSize::Rows(50)));
        assert_eq!(PageSize::read("0"), None);
        assert_eq!(PageSize::read("99999"), None);
    }

    #[test]
    fn a_layout_survives_new_and_gone_columns() {
        let mut layout = TableLayout::default();
        let ids = ["status", "id", "name", "cpu"];
        layout.shift(&ids, "cpu", -2);
        assert_eq!(layout.order, ["status", "cpu", "id", "name"]);
        assert_eq!(layout.arrange(&ids), [0, 3, 1, 2]);
        // A newer version adds "node" after the name, and has no status.
        let newer = ["id", "name", "node", "cpu"];
        let arranged: Vec<&str> = layout
            .arrange(&newer)
            .into_iter()
            .map(|at| newer[at])
            .collect();
        assert_eq!(arranged, ["cpu", "id", "node", "name"]);
        layout.shift(&ids, "nothing", 1);
        layout.shift(&["a"], "a", -5);
        assert_eq!(layout.order, ["a"]);
    }

    #[test]
    fn keys_lead_to_rows() {
        assert_eq!(step("ArrowDown", None, 0, 10), None);
        assert_eq!(step("ArrowDown", None, 5, 10), Some(0));
        assert_eq!(step("ArrowDown", Some(4), 5, 10), Some(4));
        assert_eq!(step("ArrowUp", Some(0), 5, 10), Some(0));
        assert_eq!(step("PageDown", Some(0), 100, 10), Some(9));
        assert_eq!(step("PageUp", Some(50), 20, 10), Some(10));
        assert_eq!(step("End", Some(0), 100, 10), Some(99));
        assert_eq!(step("x", Some(0), 100, 10), None);
    }

    proptest! {
        #[test]
        fn what_is_seen_is_mounted(count in 1_usize..20_000, top in 0.0..900_000.0, view in 0.0..3000.0) {
            let range = window(count, 40.0, top, view, 8);
            prop_assert!(range.end <= count && range.start < range.end);
            prop_assert!(range.len() < 110);
            for seen in [top, top + view / 2.0, (top + view - 1.0).max(top)] {
                let row = ((seen / 40.0) as usize).min(count - 1);
                prop_assert!(range.contains(&row), "{row} of {range:?}");
            }
        }

        #[test]
        fn any_height_any_scroll(count in 0_usize..300, height in -10.0..100.0, top in -1e9..1e9, view in -10.0..1e6) {
            let range = window(count, height, top, view, 8);
            prop_assert!(range.start <= range.end && range.end <= count);
        }

        #[test]
        fn arranging_loses_no_column(order in prop::collection::vec("[a-f]", 0..8)) {
            let designed = ["a", "b", "c", "d", "e"];
            let layout = TableLayout { order, ..TableLayout::default() };
            let mut arranged = layout.arrange(&designed);
            arranged.sort_unstable();
            prop_assert_eq!(arranged, [0, 1, 2, 3, 4]);
        }

        #[test]
        fn columns_that_are_asked_for_are_those_that_are_shown(
            ids in Just(vec!["a", "b", "c", "d"]).prop_shuffle(),
            count in 0_usize..5,
            widths in prop::collection::btree_map("[a-d]", 50.0..200.0, 0..3),
        ) {
            let designed = [("a", true), ("b", true), ("c", false), ("d", true)];
            let mut asked: Vec<String> = ids.iter().take(count).map(|id| (*id).to_owned()).collect();
            let before = TableLayout { widths, ..TableLayout::default() };
            let expected = asked.clone();
            asked.push("gone".to_owned());
            let layout = before.with_columns(&designed, &asked);
            prop_assert_eq!(layout.columns(&designed), expected);
            prop_assert_eq!(layout.widths, before.widths);
            prop_assert_eq!(TableLayout::default().columns(&designed), ["a", "b", "d"]);
        }
    }
}
