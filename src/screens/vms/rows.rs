//! Which rows are shown, in which order: over plain snapshots, so that 10,000 rows cost no signals.

use super::counts::status_word;
use super::query::ListQuery;
use crate::api::vms::Vm;
use crate::components::table::TableRows;
use crate::domain::carry::carried;
use crate::domain::group::Group;
use crate::domain::ids::VmId;
use crate::domain::vm_group::{GroupBy, Member, cut};
use crate::domain::vm_list::{Matcher, Order, SortBy, compare};
use crate::screens::common::facts::row_facts;
use crate::stores::Live;
use leptos::prelude::*;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

type Snapshot = Arc<Vec<Arc<Vm>>>;

/// Filtered and sorted rows for the table. Sorting follows polls and the order; a key stroke in the
/// search only filters what is sorted already.
pub(super) fn table_rows(live: &Live, query: ListQuery) -> (TableRows<VmId, Vm>, Groups) {
    let vms = live.vms.clone();
    let order_by = Memo::new(move |_| query.with(|state| state.order));
    let filters = Memo::new(move |_| {
        let mut filters = query.with(Clone::clone);
        filters.order = Order::default();
        filters.group = None;
        filters.columns = None;
        filters.page = 1;
        filters
    });
    // Names, states and tags change seldom, figures with every poll: only who sorts or searches by
    // figures has to look at all rows again then.
    let by_figures =
        Memo::new(move |_| order_by.get().by.is_figure() || filters.with(Matcher::follows_figures));
    let sorted = Memo::new_with_compare(
        move |old: Option<&Snapshot>| {
            let order = order_by.get();
            let rows = if by_figures.get() {
                vms.rows().snapshot()
            } else {
                vms.rows().roster()
            };
            let rates = (order.by == SortBy::Network).then(|| {
                rows.iter()
                    .map(|vm| (vm.vmid, rate(&vms.peek_usage(vm.vmid))))
                    .collect::<HashMap<_, _>>()
            });
            sort(&rows, old, order, rates.as_ref())
        },
        // A new snapshot is a change; comparing 10,000 rows would cost more than it saves.
        |_, _| true,
    );
    let matcher = Memo::new_with_compare(
        move |before: Option<&Arc<Matcher>>| {
            filters.with(|filters| Arc::new(Matcher::new(filters, before.map(AsRef::as_ref))))
        },
        |_, _| true,
    );
    let group_by = Memo::new(move |_| query.with(|state| state.group));
    let cut = Memo::new(move |_| {
        let (matcher, by) = (matcher.get(), group_by.get());
        sorted.with(|rows| {
            let shown = rows.iter().filter_map(|vm| {
                let facts = row_facts(vm, None);
                matcher.matches(&facts).then_some(facts)
            });
            match by {
                None => (
                    Arc::new(shown.map(|facts| facts.vmid).collect()),
                    Arc::default(),
                ),
                Some(by) => {
                    let members = shown.map(|facts| Member::new(facts.vmid, &facts, by));
                    let (order, groups) = cut(members.collect(), by, status_word);
                    (Arc::new(order), Arc::new(groups))
                }
            }
        })
    });
    let order = Memo::new(move |_| cut.with(|(order, _)| Arc::clone(order)));
    let groups = Groups::new(
        group_by,
        Memo::new(move |_| cut.with(|(_, groups)| Arc::clone(groups))),
    );
    let (rows, peeked) = (live.vms.rows().clone(), live.vms.rows().clone());
    let rows = TableRows::of_store(
        order,
        rows.keys(),
        move |vmid| rows.row(vmid).into(),
        move |vmid| peeked.peek(vmid),
    );
    (rows, groups)
}

/// The groups, and which of them are folded.
#[derive(Clone, Copy)]
pub(super) struct Groups {
    /// As the table shows them.
    pub shown: Signal<Arc<Vec<Group>>>,
    folded: RwSignal<HashSet<String>>,
}

impl Groups {
    fn new(by: Memo<Option<GroupBy>>, groups: Memo<Arc<Vec<Group>>>) -> Self {
        let folded = RwSignal::new(HashSet::<String>::new());
        // Writes out of an effect: other groups begin unfolded.
        Effect::new(move |known: Option<()>| {
            by.track();
            if known.is_some() {
                folded.update(HashSet::clear);
            }
        });
        let shown = Memo::new(move |_| {
            folded.with(|folded| {
                if folded.is_empty() {
                    return groups.get();
                }
                let mut groups = Arc::unwrap_or_clone(groups.get());
                for group in &mut groups {
                    group.folded = folded.contains(&group.id);
                }
                Arc::new(groups)
            })
        });
        Self {
            shown: shown.into(),
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
}

/// Bytes per second in both directions together.
fn rate(usage: &crate::stores::vms::Usage) -> Option<f64> {
    match (usage.net_in, usage.net_out) {
        (None, None) => None,
        (received, sent) => Some(received.map_or(0.0, |r| r.0) + sent.map_or(0.0, |r| r.0)),
    }
}

/// Sorts, beginning with the order of the time before: what has hardly changed is sorted in one
/// pass.
fn sort(
    rows: &[Arc<Vm>],
    before: Option<&Snapshot>,
    order: Order,
    rates: Option<&HashMap<VmId, Option<f64>>>,
) -> Snapshot {
    let mut sorted = match before {
        Some(before) if order.by != SortBy::Id => carried(rows, before, |vm| vm.vmid),
        _ => rows.to_vec(),
    };
    let rate_of = |vm: &Vm| rates.and_then(|rates| rates.get(&vm.vmid).copied().flatten());
    sorted.sort_by(|a, b| compare(&row_facts(a, rate_of(a)), &row_facts(b, rate_of(b)), order));
    Arc::new(sorted)
}
