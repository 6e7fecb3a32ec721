//! How many VMs there are of each kind, for the filters.

use crate::api::vms::Vm;
use crate::domain::status::VmStatus;
use crate::domain::text::natural;
use std::collections::HashMap;
use std::sync::Arc;

/// Numbers of VMs, whatever the filters say.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Counts {
    by_status: HashMap<String, usize>,
    /// By node, in natural order.
    pub nodes: Vec<(String, usize)>,
    /// By tag, most frequent first.
    pub tags: Vec<(String, usize)>,
}

const TEMPLATE: &str = "template";

/// A state's word in the list of filters.
pub(super) fn status_word(word: &str) -> String {
    if word == TEMPLATE {
        return "Templates".to_owned();
    }
    crate::components::vm_look(&VmStatus::from(word)).2
}

impl Counts {
    /// Counts in one pass.
    pub fn of(rows: &[Arc<Vm>]) -> Self {
        let mut by_status: HashMap<&str, usize> = HashMap::new();
        let mut nodes: HashMap<&str, usize> = HashMap::new();
        let mut tags: HashMap<&str, usize> = HashMap::new();
        for vm in rows {
            let status = if vm.template {
                TEMPLATE
            } else {
                vm.status.as_str()
            };
            *by_status.entry(status).or_default() += 1;
            if !vm.node.is_empty() {
                *nodes.entry(&vm.node).or_default() += 1;
            }
            for tag in &vm.tags {
                *tags.entry(tag).or_default() += 1;
            }
        }
        let owned = |counts: HashMap<&str, usize>| -> Vec<(String, usize)> {
            let pairs = counts.into_iter();
            pairs
                .map(|(name, count)| (name.to_owned(), count))
                .collect()
        };
        let (mut nodes, mut tags) = (owned(nodes), owned(tags));
        nodes.sort_by(|a, b| natural(&a.0, &b.0));
        tags.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| natural(&a.0, &b.0)));
        Self {
            by_status: owned(by_status).into_iter().collect(),
            nodes,
            tags,
        }
    }

    /// The guide's states, whether there are such VMs or not; then any others that there are;
    /// templates last.
    pub fn statuses(&self) -> Vec<(&str, usize)> {
        const ALWAYS: [&str; 4] = ["running", "stopped", "paused", "error"];
        let count = |word: &str| self.by_status.get(word).copied().unwrap_or(0);
        let mut others: Vec<&str> = self
            .by_status
            .keys()
            .map(String::as_str)
            .filter(|word| !ALWAYS.contains(word) && *word != TEMPLATE && !word.is_empty())
            .collect();
        others.sort_unstable();
        let words = ALWAYS.into_iter().chain(others).chain([TEMPLATE]);
        words.map(|word| (word, count(word))).collect()
    }
}
