//! Search, what alone is shown, and the order: all of it in the address.

use super::data::Fleet;
use crate::components::{SearchField, Segments};
use crate::domain::snapshot::fleet::{
    FleetRow, by_age, by_depth, by_end, by_memory, by_name, by_size, by_staleness, by_vm,
};
use crate::domain::units::grouped;
use crate::paths;
use crate::screens::common::address::{Address, Word};
use leptos::prelude::*;
use std::cmp::Ordering;

type Compare = fn(&FleetRow, &FleetRow) -> Ordering;

/// What can be sorted by; the first is what holds until somebody sorts.
pub const SORTS: [(&str, Compare); 8] = [
    ("stale", by_staleness),
    ("vm", by_vm),
    ("name", by_name),
    ("age", by_age),
    ("expires", by_end),
    ("size", by_size),
    ("depth", by_depth),
    ("memory", by_memory),
];

/// What alone is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Only {
    Expired,
    Old,
    Deep,
    Memory,
}

const ONLY: [(&str, &str, Option<Only>); 5] = [
    ("all", "All", None),
    ("expired", "Expired", Some(Only::Expired)),
    ("old", "Over 30 days", Some(Only::Old)),
    ("deep", "Long chains", Some(Only::Deep)),
    ("ram", "With RAM", Some(Only::Memory)),
];

const WORDS: [Word; 5] = [
    ("q", ""),
    ("only", "all"),
    ("sort", "stale"),
    ("page", "1"),
    ("rows", "50"),
];

/// What is shown, all of it in the address. `Copy`; lives as long as the page.
#[derive(Debug, Clone, Copy)]
pub struct Query {
    pub address: Address,
    /// What they are sorted by, and whether that is turned round.
    pub order: Memo<(&'static str, bool)>,
}

impl Query {
    /// For the page that is being built.
    pub fn new() -> Self {
        let address = Address::new(&WORDS, paths::snapshots_where);
        Self {
            address,
            order: address.order(&SORTS),
        }
    }

    /// Takes all filters off.
    pub fn clear(self) {
        self.address
            .set(&[("q", ""), ("only", "all"), ("page", "1")]);
    }

    /// What is searched for.
    pub fn words(self) -> Memo<String> {
        self.address.word("q")
    }

    fn only_row(self) -> (&'static str, Option<Only>) {
        let word = self.address.get("only");
        let found = ONLY.iter().find(|(own, ..)| *own == word);
        let (id, _, only) = found.unwrap_or(&ONLY[0]);
        (id, *only)
    }

    /// What alone is shown; tracked.
    pub fn only(self) -> Option<Only> {
        self.only_row().1
    }

    /// The order of two rows, and whether it is turned; tracked.
    pub fn compare(self) -> (Compare, bool) {
        let (id, descending) = self.order.get();
        let compare = SORTS.iter().find(|(own, _)| *own == id);
        (
            compare.map_or(by_staleness as Compare, |(_, by)| *by),
            descending,
        )
    }
}

/// The bar above the table.
#[component]
pub fn Filters(query: Query, fleet: Fleet) -> impl IntoView {
    let words = query.words();
    let current = Signal::derive(move || query.only_row().0);
    let found = move || {
        let filtered = words.with(|words| !words.trim().is_empty());
        filtered.then(|| {
            let (shown, all) = (
                fleet.shown.with(|rows| rows.len()),
                fleet.all.with(|rows| rows.len()),
            );
            format!("{} of {}", grouped(shown as u64), grouped(all as u64))
        })
    };
    let items = ONLY.iter().map(|(id, word, _)| (*id, *word)).collect();
    let choose = Callback::new(move |id: &'static str| query.address.filter("only", id));
    view! {
        <div class="snap-filters" role="search" aria-label="Filter snapshots">
            <SearchField
                label="Search snapshots"
                placeholder="Name, VM, words, tag:… node:…"
                value=words
                on_input=move |words: String| query.address.filter_typed("q", &words)
                on_leave=move |()| query.address.flush()
                found=Signal::derive(found)
                of_page=true
            />
            <Segments label="Show" items=items current=current on_choose=choose/>
        </div>
    }
}
