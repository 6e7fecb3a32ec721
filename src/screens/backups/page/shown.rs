//! Which rows are shown, in which order: all of it in the address.

use super::super::fleet::{Fleet, Rows};
use crate::domain::backup_list::{
    BackupRow, Only, Together, by_age, by_check, by_format, by_protection, by_size, by_storage,
    by_vm, groups,
};
use crate::domain::group::Group;
use crate::domain::snapshot::fleet::search;
use crate::paths;
use crate::screens::common::address::{Address, Word};
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

const WORDS: [Word; 8] = [
    // The backup whose details are shown.
    ("at", ""),
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
    /// What they are sorted by, and whether that is turned round.
    pub order: Memo<(&'static str, bool)>,
    /// Filtered and sorted.
    pub rows: Memo<Rows>,
    /// Their groups, where they stand in some.
    pub groups: Memo<Arc<Vec<Group>>>,
    folded: RwSignal<HashSet<String>>,
}

impl Shown {
    /// For the page that is being built.
    pub fn new(fleet: Fleet, address: Address) -> Self {
        let (words, storage) = (address.word("q"), address.word("storage"));
        let (only, together) = (address.word("only"), address.word("group"));
        let order = address.order(&SORTS);
        let by = Memo::new(move |_| together.with(|word| find(word, &TOGETHER)));
        let vms = Memo::new(move |_| fleet.matching(&search(&words.get()).0).map(Arc::new));
        let rows = Memo::new(move |_| {
            let (_, words) = search(&words.get());
            let (only, by) = (find(&only.get(), &ONLY), by.get());
            let (by_what, descending) = order.get();
            let compare = compare(by_what);
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
            order,
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

    /// What alone is shown.
    pub fn only(self) -> Signal<&'static str> {
        Signal::derive(move || known(&self.address.get("only"), &ONLY))
    }

    /// What rows stand together by.
    pub fn together(self) -> Signal<&'static str> {
        Signal::derive(move || known(&self.address.get("group"), &TOGETHER))
    }
}

fn compare(id: &str) -> Compare {
    let found = SORTS.iter().find(|(own, _)| *own == id);
    found.map_or(by_age as Compare, |(_, compare)| *compare)
}

fn find<T: Copy>(word: &str, all: &[(&str, &str, Option<T>)]) -> Option<T> {
    all.iter().find(|(id, ..)| *id == word)?.2
}
