//! What is known of the cluster while a VM is planned.

use crate::domain::units::Bytes;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A node, and what its VMs were promised.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct NodeFacts {
    /// Name.
    pub name: String,
    /// Whether it answers.
    pub online: bool,
    /// Logical CPUs.
    pub cores: Option<u32>,
    /// Memory in all.
    pub memory: Option<Bytes>,
    /// Memory in use now.
    pub used: Option<Bytes>,
    /// Virtual CPUs of its running VMs.
    pub promised_cores: u64,
    /// Memory of its running VMs.
    pub promised: Bytes,
}

/// A storage.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StorageFacts {
    /// Name.
    pub name: String,
    /// `zfspool`, `nfs` …
    pub kind: String,
    /// What it may hold: `images`, `iso` …
    pub content: Vec<String>,
    /// Nodes that reach it; empty: all.
    pub nodes: Vec<String>,
    /// Whether all its nodes see the same.
    pub shared: bool,
    /// Neither off nor silent.
    pub usable: bool,
    /// Size.
    pub total: Option<Bytes>,
    /// Free.
    pub free: Option<Bytes>,
}

impl StorageFacts {
    /// Whether a node reaches it.
    #[must_use]
    pub fn reaches(&self, node: &str) -> bool {
        self.nodes.is_empty() || self.nodes.iter().any(|own| own == node)
    }

    /// Whether it may hold something: `images`.
    #[must_use]
    pub fn holds(&self, content: &str) -> bool {
        self.content.iter().any(|own| own == content)
    }
}

/// A bridge of a node.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Bridge {
    /// Name.
    pub name: String,
    /// Whether it takes VLAN tags; `None` where the server does not say.
    pub vlan_aware: Option<bool>,
    /// Whether it is up; `None` where the server does not say.
    pub active: Option<bool>,
    /// What its operator wrote about it.
    pub comment: String,
}

/// All of it. What has not arrived is empty or `None`: then nothing is refused for its sake.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Known {
    /// Numbers in use, with the names.
    pub vms: Arc<BTreeMap<u32, String>>,
    /// Nodes in their order.
    pub nodes: Vec<NodeFacts>,
    /// Storages in their order.
    pub storages: Vec<StorageFacts>,
    /// Bridges of the chosen node.
    pub bridges: Option<Vec<Bridge>>,
}

/// The smallest number that a VM may have.
pub const LEAST_ID: u32 = 100;
/// The largest.
pub const MOST_ID: u32 = 999_999_999;

impl Known {
    /// The smallest free number.
    #[must_use]
    pub fn next_id(&self) -> u32 {
        let mut next = LEAST_ID;
        for id in self.vms.keys().filter(|id| **id >= LEAST_ID) {
            if *id != next {
                break;
            }
            next += 1;
        }
        next
    }

    /// Whether a number is in range and free.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn check_id(&self, text: &str) -> Result<u32, String> {
        let text = text.trim();
        let id = text
            .parse::<u32>()
            .ok()
            .filter(|id| (LEAST_ID..=MOST_ID).contains(id))
            .ok_or_else(|| format!("A whole number from {LEAST_ID} to {MOST_ID}"))?;
        match self.vms.get(&id) {
            Some(name) if name.is_empty() => Err(format!("{id} is taken")),
            Some(name) => Err(format!("{id} is taken by {name}")),
            None => Ok(id),
        }
    }

    /// A node by name.
    #[must_use]
    pub fn node(&self, name: &str) -> Option<&NodeFacts> {
        self.nodes.iter().find(|node| node.name == name)
    }

    /// A storage by name.
    #[must_use]
    pub fn storage(&self, name: &str) -> Option<&StorageFacts> {
        self.storages.iter().find(|storage| storage.name == name)
    }

    /// Storages of a node that may hold something, the one with most room first.
    #[must_use]
    pub fn storages_for(&self, node: &str, content: &str) -> Vec<&StorageFacts> {
        let mut fit: Vec<&StorageFacts> = self
            .storages
            .iter()
            .filter(|storage| storage.usable && storage.holds(content) && storage.reaches(node))
            .collect();
        fit.sort_by_key(|storage| std::cmp::Reverse(storage.free.map(|free| free.0)));
        fit
    }

    /// The node with most memory that nobody was promised.
    #[must_use]
    pub fn roomiest_node(&self) -> Option<&NodeFacts> {
        let room = |node: &NodeFacts| {
            let total = node.memory.map_or(0, |total| total.0);
            total.saturating_sub(node.promised.0)
        };
        // The first of equals: `max_by_key` would take the last.
        self.nodes
            .iter()
            .filter(|node| node.online)
            .rev()
            .max_by_key(|node| room(node))
    }

    /// The bridge that VMs are put on first: one that is up, and the first by name.
    #[must_use]
    pub fn usual_bridge(&self) -> Option<&Bridge> {
        let up = |bridge: &&Bridge| bridge.active != Some(false);
        self.bridges.as_ref()?.iter().find(up)
    }

    /// Names in use, for a remark.
    #[must_use]
    pub fn names(&self) -> BTreeSet<&str> {
        self.vms.values().map(String::as_str).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn with(ids: &[u32]) -> Known {
        Known {
            vms: Arc::new(ids.iter().map(|id| (*id, format!("vm-{id}"))).collect()),
            ..Known::default()
        }
    }

    #[test]
    fn numbers_are_free_and_in_range() {
        let known = with(&[1, 100, 101, 103]);
        assert_eq!(known.next_id(), 102);
        assert_eq!(known.check_id(" 102 "), Ok(102));
        assert_eq!(known.check_id("101"), Err("101 is taken by vm-101".into()));
        for bad in ["", "99", "1000000000", "12a", "-5", "1e3", "99999999999"] {
            assert!(
                known.check_id(bad).unwrap_err().contains("from 100"),
                "{bad}"
            );
        }
        assert_eq!(with(&[]).next_id(), 100);
    }

    #[test]
    fn storages_with_room_lead() {
        let storage = |name: &str, free, nodes: &[&str], content: &[&str], usable| StorageFacts {
            name: name.to_owned(),
            content: content.iter().map(|word| (*word).to_owned()).collect(),
            nodes: nodes.iter().map(|word| (*word).to_owned()).collect(),
            usable,
            free: Some(Bytes(free)),
            ..StorageFacts::default()
        };
        let known = Known {
            storages: vec![
                storage("small", 1, &["a"], &["images"], true),
                storage("isos", 9, &["a"], &["iso"], true),
                storage("large", 5, &[], &["images"], true),
                storage("off", 8, &["a"], &["images"], false),
                storage("other", 7, &["b"], &["images"], true),
            ],
            ..Known::default()
        };
        let names: Vec<&str> = known
            .storages_for("a", "images")
            .iter()
            .map(|s| s.name.as_str())
            .collect();
        assert_eq!(names, ["large", "small"]);
    }

    proptest! {
        #[test]
        fn the_suggested_number_is_free(ids in proptest::collection::btree_set(90_u32..130, 0..40)) {
            let known = with(&ids.into_iter().collect::<Vec<_>>());
            let next = known.next_id();
            prop_assert_eq!(known.check_id(&next.to_string()), Ok(next));
            prop_assert!((LEAST_ID..next).all(|id| known.vms.contains_key(&id)));
        }
    }
}
