//! Which rows are shown, in which order: all of it in the address.

use super::super::address::{Address, Word};
use super::super::fleet::{Fleet, Rows};
use crate::domain::backup_list::{
    BackupRow, Only, Together, by_age, by_check, by_format, by_protection, by_size, by_storage,
    by_vm, groups,
};
use crate::domain::group::Group;
use crate::domain::snapshot::fleet::search;
use crate::domain::table::{PageSize, Sort};
use crate::paths;
use leptos::prelude::*;
use std::cmp::Ordering;
use std::collections::HashSet;
use std::sync::Arc;

type Compare = fn(&BackupRow, &BackupRow) -> Ordering;

/// What can be sorted by.
const SORTS: [(&str, Compare); 7] = [
    ("made", by_age),
    ("vm", by_vm),
    ("storage", by_storage),
    ("size", by_size),
    ("format", by_format),
    ("verified", by_check),
    ("protected", by_protection),
];

/// What alone is shown.
pub const ONLY: [(&str, &str, Option<Only>); 5] = [
    ("all", "All", None),
    ("damaged", "Damaged", Some(Only::Damaged)),
    ("unverified", "Not verified", Some(Only::Unverified)),
    ("protected", "Protected", Some(Only::Protected)),
    ("gone", "VM gone", Some(Only::Gone)),
];

/// What rows stand together by.
pub const TOGETHER: [(&str, &str, Option<Together>); 3] = [
    ("none", "None", None),
    ("vm", "VM", Some(Together::Vm)),
    ("storage", "Storage", Some(Together::Storage)),
];

const WORDS: [Word; 7] = [
    ("q", ""),
    ("storage", ""),
    ("only", "all"),
    ("group", "none"),
    ("sort", "-made"),
    ("page", "1"),
    ("rows", "50"),
];

/// The page's address.
pub fn query() -> Address {
    Address::new(&WORDS, paths::backups_where)
}

/// The known value of a word, the first where it is none.
fn known<T>(word: &str, all: &[(&'static str, &str, T)]) -> &'static str {
    let found = all.iter().find(|(id, ..)| *id == word).or(all.first());
    found.map_or("", |(id, ..)| id)
}

/// The rows of the page. `Copy`; lives as long as the page.
#[derive(Debug, Clone, Copy)]
pub struct Shown {
    /// Whatever the filters.
    pub fleet: Fleet,
    /// Where the filters stand.
    pub address: Address,
    /// Filtered and sorted.
    pub rows: Memo<Rows>,
    /// Their groups, where they stand in some.
    pub groups: Memo<Arc<Vec<Group>>>,
    folded: RwSignal<HashSet<String>>,
}

fn order(word: &str) -> (&'static str, Compare, bool) {
    let (id, descending) = match word.strip_prefix('-') {
        Some(id) => (id, true),
        None => (word, false),
    };
    match SORTS.iter().find(|(own, _)| *own == id) {
        Some((id, compare)) => (id, *compare, descending),
        None => ("made", by_age, true),
    }
}

impl Shown {
    /// For the page that is being built.
    pub fn new(fleet: Fleet, address: Address) -> Self {
        let (words, storage) = (address.word("q"), address.word("storage"));
        let (only, together) = (address.word("only"), address.word("group"));
        let sort = address.word("sort");
        let by = Memo::new(move |_| together.with(|word| find(word, &TOGETHER)));
        let vms = Memo::new(move |_| fleet.matching(&search(&words.get()).0).map(Arc::new));
        let rows = Memo::new(move |_| {
            let (_, words) = search(&words.get());
            let (only, by) = (find(&only.get(), &ONLY), by.get());
            let (_, compare, descending) = order(&sort.get());
            let (vms, storage) = (vms.get(), storage.get());
            let fits = |row: &&Arc<BackupRow>| {
                (storage.is_empty() || row.storage == storage)
                    && vms
                        .as_ref()
                        .is_none_or(|vms| row.vm.is_some_and(|vm| vms.contains(&vm)))
                    && row.holds(&words)
                    && only.is_none_or(|only| only.fits(row))
            };
            let mut rows: Vec<Arc<BackupRow>> = fleet
                .all
                .with(|all| all.iter().filter(fits).cloned().collect());
            rows.sort_by(|a, b| {
                let group = by.map_or(Ordering::Equal, |by| by.compare(a, b));
                let order = compare(a, b);
                group.then(if descending { order.reverse() } else { order })
            });
            Arc::new(rows)
        });
        let folded = RwSignal::new(HashSet::<String>::new());
        // Writes out of an effect: other groups begin unfolded.
        Effect::new(move |known: Option<()>| {
            by.track();
            if known.is_some() {
                folded.update(HashSet::clear);
            }
        });
        let groups = Memo::new(move |_| {
            let Some(by) = by.get() else {
                return Arc::default();
            };
            let mut groups = rows.with(|rows| groups(rows, by));
            folded.with(|folded| {
                for group in &mut groups {
                    group.folded = folded.contains(&group.id);
                }
            });
            Arc::new(groups)
        });
        Self {
            fleet,
            address,
            rows,
            groups,
            folded,
        }
    }

    /// Folds the rows of a group away, or shows them again.
    pub fn fold(self, id: &str) {
        self.folded.update(|folded| {
            if !folded.remove(id) {
                folded.insert(id.to_owned());
            }
        });
    }

    /// Takes all filters off.
    pub fn clear(self) {
        let off = [("q", ""), ("storage", ""), ("only", "all"), ("page", "1")];
        self.address.set(&off);
    }

    /// Changes a filter; the first page is shown.
    pub fn set(self, name: &str, value: &str) {
        self.address.set(&[(name, value), ("page", "1")]);
    }

    /// What alone is shown.
    pub fn only(self) -> Signal<&'static str> {
        Signal::derive(move || known(&self.address.get("only"), &ONLY))
    }

    /// What rows stand together by.
    pub fn together(self) -> Signal<&'static str> {
        Signal::derive(move || known(&self.address.get("group"), &TOGETHER))
    }

    /// Order, as the heads show it.
    pub fn sort(self) -> Signal<Option<Sort>> {
        let word = self.address.word("sort");
        Memo::new(move |_| {
            let (column, _, descending) = word.with(|word| order(word));
            Some(Sort {
                column: column.to_owned(),
                descending,
            })
        })
        .into()
    }

    /// A head was pressed.
    pub fn set_sort(self, sort: &Sort) {
        let minus = if sort.descending { "-" } else { "" };
        self.set("sort", &format!("{minus}{}", sort.column));
    }

    /// Page, counted from 0.
    pub fn page(self) -> Signal<usize> {
        let word = self.address.word("page");
        Memo::new(move |_| {
            let page = word.with(|word| word.parse::<usize>());
            page.unwrap_or(1).saturating_sub(1)
        })
        .into()
    }

    /// Shows another page.
    pub fn turn_to(self, page: usize) {
        self.address.set(&[("page", &(page + 1).to_string())]);
    }

    /// Rows on a page.
    pub fn size(self) -> Signal<PageSize> {
        let word = self.address.word("rows");
        Memo::new(move |_| {
            word.with(|word| PageSize::read(word))
                .unwrap_or(PageSize::Rows(50))
        })
        .into()
    }

    /// Another number of rows on a page was chosen.
    pub fn set_size(self, size: PageSize) {
        self.set("rows", &size.word());
    }
}

fn find<T: Copy>(word: &str, all: &[(&str, &str, Option<T>)]) -> Option<T> {
    all.iter().find(|(id, ..)| *id == word)?.2
}
