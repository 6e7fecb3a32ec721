//! The selection against a list of marked rows, under whatever a person and a server do to it.

use super::{Scope, Selection};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// What happens to a list.
#[derive(Debug, Clone)]
enum Step {
    /// A checkbox, by its place in what is shown.
    Toggle(usize),
    /// A checkbox with Shift.
    Range(usize),
    /// The checkbox of the page.
    Page(usize),
    /// "Select all that match".
    All,
    Clear,
    /// Only rows that leave this remainder are shown.
    Filter(u8),
    /// The other way round.
    Turn,
    /// A row vanishes at the server.
    Vanish(u8),
    /// A row appears, or comes back.
    Appear(u8),
    /// "Act on all".
    Agree,
    /// "Keep only those shown".
    Keep,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0_usize..12).prop_map(Step::Toggle),
        3 => (0_usize..12).prop_map(Step::Range),
        1 => (0_usize..4).prop_map(Step::Page),
        1 => Just(Step::All),
        1 => Just(Step::Clear),
        3 => (0_u8..4).prop_map(Step::Filter),
        1 => Just(Step::Turn),
        2 => (0_u8..12).prop_map(Step::Vanish),
        2 => (0_u8..12).prop_map(Step::Appear),
        2 => Just(Step::Agree),
        1 => Just(Step::Keep),
    ]
}

const PAGE: usize = 4;

/// The list as one would draw it on paper: which rows there are, which are marked, and of which
/// the person has said that they are meant although they can't be seen.
#[derive(Debug, Default)]
struct Paper {
    rows: BTreeMap<u8, (bool, bool)>,
    filter: u8,
    turned: bool,
    anchor: Option<u8>,
}

impl Paper {
    fn order(&self) -> Vec<u8> {
        let shown = |row: &&u8| self.filter == 0 || **row % 4 == self.filter;
        let mut order: Vec<u8> = self.rows.keys().filter(shown).copied().collect();
        if self.turned {
            order.reverse();
        }
        order
    }

    fn marked(&self) -> BTreeSet<u8> {
        let marked = self.rows.iter().filter(|(_, (marked, _))| *marked);
        marked.map(|(row, _)| *row).collect()
    }

    fn mark(&mut self, row: u8, on: bool) {
        if let Some(state) = self.rows.get_mut(&row) {
            *state = (on, on && state.1);
        }
    }

    fn toggle(&mut self, row: u8) {
        let on = self.marked().contains(&row);
        self.mark(row, !on);
        self.anchor = Some(row);
    }

    fn doubtful(&self) -> bool {
        let shown = self.order();
        let doubtful = |(row, (marked, meant)): (&u8, &(bool, bool))| {
            *marked && !meant && !shown.contains(row)
        };
        self.rows.iter().any(doubtful)
    }
}

/// Does it to both; answers the selection.
fn take(paper: &mut Paper, selection: &mut Selection<u8>, step: &Step) {
    let order = paper.order();
    match *step {
        Step::Toggle(at) => {
            if let Some(row) = order.get(at) {
                selection.toggle(row);
                paper.toggle(*row);
            }
        }
        Step::Range(at) => {
            let Some(row) = order.get(at) else { return };
            selection.range(row, &order);
            let from = paper
                .anchor
                .and_then(|anchor| order.iter().position(|other| *other == anchor));
            let Some(from) = from else {
                return paper.toggle(*row);
            };
            let on = paper.marked().contains(&order[from]);
            for row in &order[from.min(at)..=from.max(at)] {
                paper.mark(*row, on);
            }
        }
        Step::Page(at) => {
            let page: Vec<u8> = order.iter().skip(at * PAGE).take(PAGE).copied().collect();
            selection.toggle_page(&page);
            let marked = paper.marked();
            let on = page.is_empty() || !page.iter().all(|row| marked.contains(row));
            page.iter().for_each(|row| paper.mark(*row, on));
            paper.anchor = None;
        }
        Step::All => {
            selection.set_all(&order);
            for (row, state) in &mut paper.rows {
                *state = (order.contains(row), false);
            }
            paper.anchor = None;
        }
        Step::Clear => {
            selection.clear();
            paper
                .rows
                .values_mut()
                .for_each(|state| *state = (false, false));
            paper.anchor = None;
        }
        Step::Filter(filter) => paper.filter = filter,
        Step::Turn => paper.turned = !paper.turned,
        Step::Vanish(row) => {
            paper.rows.remove(&row);
            // The table takes gone rows out with each refresh.
            if let Some(left) = selection.pruned(|key| paper.rows.contains_key(key)) {
                *selection = left;
                paper.anchor = paper
                    .anchor
                    .filter(|anchor| paper.rows.contains_key(anchor));
            }
        }
        Step::Appear(row) => {
            paper.rows.entry(row).or_default();
        }
        Step::Agree => {
            selection.agree(&order);
            for (row, (marked, meant)) in &mut paper.rows {
                *meant = *marked && !order.contains(row);
            }
        }
        Step::Keep => {
            selection.keep_shown(&order);
            for (row, state) in &mut paper.rows {
                *state = (state.0 && order.contains(row), false);
            }
            let marked = paper.marked();
            paper.anchor = paper.anchor.filter(|anchor| marked.contains(anchor));
        }
    }
}

proptest! {
    #[test]
    fn is_what_one_would_draw(steps in prop::collection::vec(step(), 0..40)) {
        let mut paper = Paper::default();
        paper.rows.extend((0..8).map(|row| (row, (false, false))));
        let mut selection = Selection::default();
        for step in &steps {
            take(&mut paper, &mut selection, step);
            let order = paper.order();
            let keys: BTreeSet<u8> = selection.keys.iter().copied().collect();
            prop_assert_eq!(&keys, &paper.marked(), "after {:?}", step);
            prop_assert_eq!(selection.is_doubtful(&order), paper.doubtful(), "after {:?}", step);
            let hidden = keys.iter().filter(|row| !order.contains(row)).count();
            prop_assert_eq!(selection.hidden(&order), hidden);
            prop_assert_eq!(selection.in_order(&order).len(), keys.len() - hidden);
            if selection.scope_now(&order, &[]) == Scope::All {
                prop_assert!(keys == order.iter().copied().collect(), "after {:?}", step);
            }
        }
    }

    /// "All that match" and "all on this page" are said of nothing else at the moment they are set.
    #[test]
    fn scopes_say_what_they_name(
        before in prop::collection::hash_set(0_u8..12, 0..6),
        page in prop::collection::hash_set(0_u8..12, 1..5),
    ) {
        let mut selection = Selection::default();
        before.iter().for_each(|row| selection.toggle(row));
        let order: Vec<u8> = page.into_iter().collect();
        selection.toggle_page(&order);
        if selection.scope == Scope::Page {
            prop_assert_eq!(selection.len(), order.len());
            prop_assert!(order.iter().all(|row| selection.has(row)));
        }
        selection.set_all(&order);
        prop_assert_eq!(selection.scope, Scope::All);
        prop_assert!(!selection.is_doubtful(&order));
    }
}
