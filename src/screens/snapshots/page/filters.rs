//! Search, what alone is shown, and the order: all of it in the address.

use super::data::Fleet;
use crate::components::{SearchField, Segments};
use crate::domain::snapshot::fleet::{
    FleetRow, by_age, by_depth, by_end, by_memory, by_name, by_size, by_staleness, by_vm,
};
use crate::domain::table::{PageSize, Sort};
use crate::domain::units::grouped;
use crate::paths;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use std::cmp::Ordering;
use std::sync::Arc;
use std::time::Duration;

/// Pause in typing after which the address follows.
const PAUSE: Duration = Duration::from_millis(300);

type Go = Arc<dyn Fn(&str) + Send + Sync>;
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

/// What is shown, as the address says it; the page is ahead of it while somebody types.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Asked {
    words: String,
    only: &'static str,
    sort: (&'static str, bool),
    /// Counted from 0.
    page: usize,
    size: PageSize,
}

impl Default for Asked {
    fn default() -> Self {
        Self {
            words: String::new(),
            only: ONLY[0].0,
            sort: (SORTS[0].0, false),
            page: 0,
            size: PageSize::Rows(50),
        }
    }
}

impl Asked {
    fn read(get: impl Fn(&str) -> Option<String>) -> Self {
        let or = Self::default();
        let only = get("only").unwrap_or_default();
        let sort = get("sort").unwrap_or_default();
        let (column, descending) = match sort.strip_prefix('-') {
            Some(column) => (column, true),
            None => (sort.as_str(), false),
        };
        let known = SORTS.iter().find(|(id, _)| *id == column);
        let page = get("page").and_then(|page| page.parse::<usize>().ok());
        Self {
            words: get("q").unwrap_or_default(),
            only: ONLY
                .iter()
                .find(|(id, ..)| *id == only)
                .map_or(or.only, |(id, ..)| id),
            sort: known.map_or(or.sort, |(id, _)| (*id, descending)),
            page: page.unwrap_or(1).saturating_sub(1),
            size: match get("rows").as_deref() {
                Some("all") => PageSize::All,
                Some(rows) => rows.parse().map_or(or.size, PageSize::Rows),
                None => or.size,
            },
        }
    }

    fn path(&self) -> String {
        let or = Self::default();
        let unless = |same: bool, word: String| if same { String::new() } else { word };
        let minus = if self.sort.1 { "-" } else { "" };
        let sort = unless(self.sort == or.sort, format!("{minus}{}", self.sort.0));
        let only = unless(self.only == or.only, self.only.to_owned());
        let page = unless(self.page == 0, (self.page + 1).to_string());
        let rows = unless(self.size == or.size, self.size.word());
        let pairs = [
            ("q", self.words.trim()),
            ("only", &only),
            ("sort", &sort),
            ("page", &page),
            ("rows", &rows),
        ];
        paths::snapshots_where(&pairs)
    }
}

/// The one way to change what is shown. `Copy`; lives as long as the page.
#[derive(Clone, Copy)]
pub struct Query {
    asked: RwSignal<Asked>,
    /// What was written into the address last.
    written: StoredValue<String>,
    timer: StoredValue<Option<TimeoutHandle>>,
    go: StoredValue<Go>,
}

impl std::fmt::Debug for Query {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Query").finish_non_exhaustive()
    }
}

impl Query {
    /// For the page that is being built.
    pub fn new() -> Self {
        let map = use_query_map();
        let address = Memo::new(move |_| map.with(|map| Asked::read(|name| map.get(name))));
        let navigate = use_navigate();
        let go: Go = Arc::new(move |path: &str| {
            let options = NavigateOptions {
                replace: true,
                scroll: false,
                ..NavigateOptions::default()
            };
            navigate(path, options);
        });
        let first = address.get_untracked();
        let query = Self {
            written: StoredValue::new(first.path()),
            asked: RwSignal::new(first),
            timer: StoredValue::new(None),
            go: StoredValue::new(go),
        };
        // Writes out of an effect: an address that comes from elsewhere takes over.
        Effect::new(move |known: Option<()>| {
            let address = address.get();
            let path = address.path();
            if known.is_some() && query.written.with_value(|written| *written != path) {
                query.written.set_value(path);
                query.asked.set(address);
            }
        });
        on_cleanup(move || query.stop());
        query
    }

    fn stop(self) {
        if let Some(handle) = self.timer.try_update_value(Option::take).flatten() {
            handle.clear();
        }
    }

    /// Brings the address up to date.
    fn flush(self) {
        self.stop();
        let Some(path) = self.asked.try_with_untracked(Asked::path) else {
            return;
        };
        if self.written.with_value(|written| *written != path) {
            self.written.set_value(path.clone());
            let go = self.go.get_value();
            go(&path);
        }
    }

    fn change(self, change: impl FnOnce(&mut Asked)) {
        self.asked.update(|asked| {
            change(asked);
            asked.page = 0;
        });
        self.flush();
    }

    fn typed(self, words: String) {
        self.stop();
        self.asked.update(|asked| {
            asked.words = words;
            asked.page = 0;
        });
        let later = set_timeout_with_handle(move || self.flush(), PAUSE);
        self.timer.set_value(later.ok());
    }

    /// Takes all filters off.
    pub fn clear(self) {
        self.change(|asked| {
            asked.words = String::new();
            asked.only = ONLY[0].0;
        });
    }

    /// What is searched for.
    pub fn words(self) -> Memo<String> {
        Memo::new(move |_| self.asked.with(|asked| asked.words.clone()))
    }

    /// What alone is shown; tracked.
    pub fn only(self) -> Option<Only> {
        let id = self.asked.with(|asked| asked.only);
        ONLY.iter().find(|(own, ..)| *own == id)?.2
    }

    /// The order of two rows, and whether it is turned; tracked.
    pub fn compare(self) -> (Compare, bool) {
        let (id, descending) = self.asked.with(|asked| asked.sort);
        let compare = SORTS.iter().find(|(own, _)| *own == id);
        (
            compare.map_or(by_staleness as Compare, |(_, by)| *by),
            descending,
        )
    }

    /// Order, as the heads show it.
    pub fn sort(self) -> Signal<Option<Sort>> {
        Memo::new(move |_| {
            let (column, descending) = self.asked.with(|asked| asked.sort);
            Some(Sort {
                column: column.to_owned(),
                descending,
            })
        })
        .into()
    }

    /// A head was pressed.
    pub fn set_sort(self, sort: &Sort) {
        if let Some((id, _)) = SORTS.iter().find(|(id, _)| *id == sort.column) {
            self.change(|asked| asked.sort = (id, sort.descending));
        }
    }

    /// Page, counted from 0.
    pub fn page(self) -> Signal<usize> {
        Memo::new(move |_| self.asked.with(|asked| asked.page)).into()
    }

    /// Shows another page.
    pub fn turn_to(self, page: usize) {
        self.asked.update(|asked| asked.page = page);
        self.flush();
    }

    /// Rows on a page.
    pub fn size(self) -> Signal<PageSize> {
        Memo::new(move |_| self.asked.with(|asked| asked.size)).into()
    }

    /// Another number of rows on a page was chosen.
    pub fn set_size(self, size: PageSize) {
        self.change(|asked| asked.size = size);
    }
}

/// The bar above the table.
#[component]
pub fn Filters(query: Query, fleet: Fleet) -> impl IntoView {
    let words = query.words();
    let current = Signal::derive(move || query.asked.with(|asked| asked.only));
    let found = move || {
        let filtered = query.asked.with(|asked| !asked.words.trim().is_empty());
        filtered.then(|| {
            let (shown, all) = (
                fleet.shown.with(|rows| rows.len()),
                fleet.all.with(|rows| rows.len()),
            );
            format!("{} of {}", grouped(shown as u64), grouped(all as u64))
        })
    };
    let items = ONLY.iter().map(|(id, word, _)| (*id, *word)).collect();
    let choose = Callback::new(move |id: &'static str| query.change(|asked| asked.only = id));
    view! {
        <div class="snap-filters" role="search" aria-label="Filter snapshots">
            <SearchField
                label="Search snapshots"
                placeholder="Name, VM, words, tag:… node:…"
                value=words
                on_input=move |words| query.typed(words)
                on_leave=move |()| query.flush()
                found=Signal::derive(found)
                of_page=true
            />
            <Segments label="Show" items=items current=current on_choose=choose/>
        </div>
    }
}
