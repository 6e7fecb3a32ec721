//! By what the VM list is cut into groups. Every VM stands in one group.

use super::group::Group;
use super::tags::TagCategory;
use super::text::natural;
use super::units::grouped;
use super::vm_list::RowFacts;
use std::cmp::Ordering;
use std::collections::HashMap;

/// What the VMs of a group have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GroupBy {
    /// The node.
    Node,
    /// The state; templates are a group of their own.
    Status,
    /// The pool.
    Pool,
    /// All tags.
    Tags,
    /// The tags of one category: `client-acme`; those who have two of them are together.
    Category(TagCategory),
}

impl GroupBy {
    /// All of them, in the order of the menu.
    pub const ALL: [Self; 9] = [
        Self::Node,
        Self::Status,
        Self::Pool,
        Self::Category(TagCategory::Environment),
        Self::Category(TagCategory::Client),
        Self::Category(TagCategory::Tier),
        Self::Category(TagCategory::Criticality),
        Self::Category(TagCategory::Kubernetes),
        Self::Tags,
    ];

    /// Its word in the address.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Node => "node",
            Self::Status => "status",
            Self::Pool => "pool",
            Self::Tags | Self::Category(TagCategory::Other) => "tags",
            Self::Category(TagCategory::Environment) => "environment",
            Self::Category(TagCategory::Client) => "client",
            Self::Category(TagCategory::Tier) => "tier",
            Self::Category(TagCategory::Criticality) => "criticality",
            Self::Category(TagCategory::Kubernetes) => "kubernetes",
        }
    }

    /// From its word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|by| by.as_str() == word)
    }

    /// Its name in the menu.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Node => "Node",
            Self::Status => "Status",
            Self::Pool => "Pool",
            Self::Tags | Self::Category(TagCategory::Other) => "All tags",
            Self::Category(TagCategory::Environment) => "Tag: environment",
            Self::Category(TagCategory::Client) => "Tag: client",
            Self::Category(TagCategory::Tier) => "Tag: tier",
            Self::Category(TagCategory::Criticality) => "Tag: criticality",
            Self::Category(TagCategory::Kubernetes) => "Tag: Kubernetes",
        }
    }

    /// What the group without it is called.
    const fn without(self) -> &'static str {
        match self {
            Self::Node => "No node",
            Self::Status => "State unknown",
            Self::Pool => "No pool",
            Self::Tags | Self::Category(TagCategory::Other) => "No tags",
            Self::Category(TagCategory::Environment) => "No environment tag",
            Self::Category(TagCategory::Client) => "No client tag",
            Self::Category(TagCategory::Tier) => "No tier tag",
            Self::Category(TagCategory::Criticality) => "No criticality tag",
            Self::Category(TagCategory::Kubernetes) => "No Kubernetes tag",
        }
    }

    /// What a VM has of it; empty where it has nothing.
    fn key(self, row: &RowFacts<'_>) -> String {
        let tags = |wanted: &dyn Fn(&str) -> bool| {
            let mut tags: Vec<&str> = row
                .tags
                .iter()
                .map(String::as_str)
                .filter(|tag| wanted(tag))
                .collect();
            tags.sort_by(|a, b| natural(a, b));
            tags.join(", ")
        };
        match self {
            Self::Node => row.node.to_owned(),
            Self::Status if row.template => TEMPLATE.to_owned(),
            Self::Status => row.status.as_str().to_owned(),
            Self::Pool => row.pool.unwrap_or_default().to_owned(),
            Self::Tags => tags(&|_| true),
            Self::Category(category) => tags(&|tag| TagCategory::of(tag) == category),
        }
    }

    fn compare(self, a: &str, b: &str) -> Ordering {
        let rank = |key: &str| match self {
            Self::Status => STATES
                .iter()
                .position(|state| *state == key)
                .unwrap_or(usize::from(key == TEMPLATE) + STATES.len()),
            _ => 0,
        };
        a.is_empty()
            .cmp(&b.is_empty())
            .then_with(|| rank(a).cmp(&rank(b)))
            .then_with(|| natural(a, b))
    }
}

const TEMPLATE: &str = "template";
/// Order of the states: what runs first.
const STATES: [&str; 4] = ["running", "paused", "error", "stopped"];

/// What one row says for its group.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Member<K> {
    /// The row.
    pub id: K,
    /// What it has in common with the others.
    key: String,
    running: bool,
}

impl<K> Member<K> {
    /// Of a row.
    #[must_use]
    pub fn new(id: K, row: &RowFacts<'_>, by: GroupBy) -> Self {
        Self {
            id,
            key: by.key(row),
            running: !row.template && row.status.as_str() == STATES[0],
        }
    }
}

/// The rows group by group, in each as they came, and the groups. `word` says a state.
pub fn cut<K>(
    members: Vec<Member<K>>,
    by: GroupBy,
    word: impl Fn(&str) -> String,
) -> (Vec<K>, Vec<Group>) {
    let total = members.len();
    let mut parts: HashMap<String, (Vec<K>, usize)> = HashMap::new();
    for member in members {
        let part = parts.entry(member.key).or_default();
        part.0.push(member.id);
        part.1 += usize::from(member.running);
    }
    let mut parts: Vec<_> = parts.into_iter().collect();
    parts.sort_by(|(a, _), (b, _)| by.compare(a, b));
    let mut order = Vec::with_capacity(total);
    let groups = parts
        .into_iter()
        .map(|(key, (rows, running))| {
            let count = rows.len();
            let vms = match count {
                1 => "1 VM".to_owned(),
                many => format!("{} VMs", grouped(many as u64)),
            };
            let note = match by {
                GroupBy::Status => vms,
                _ => format!("{vms}, {} running", grouped(running as u64)),
            };
            let label = match by {
                _ if key.is_empty() => by.without().to_owned(),
                GroupBy::Status => word(&key),
                _ => key.clone(),
            };
            let group = Group {
                id: key,
                label,
                note,
                at: order.len(),
                count,
                folded: false,
            };
            order.extend(rows);
            group
        })
        .collect();
    (order, groups)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::status::VmStatus;
    use crate::domain::vm_list::testing::row;
    use proptest::prelude::*;

    struct Vm {
        node: String,
        tags: Vec<String>,
        status: VmStatus,
        template: bool,
    }

    fn member(id: u32, vm: &Vm, by: GroupBy) -> Member<u32> {
        let facts = RowFacts {
            node: &vm.node,
            status: &vm.status,
            template: vm.template,
            tags: &vm.tags,
            ..row(id, "", &VmStatus::Running)
        };
        Member::new(id, &facts, by)
    }

    fn vm(node: &str, tags: &[&str], status: VmStatus, template: bool) -> Vm {
        Vm {
            node: node.to_owned(),
            tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
            status,
            template,
        }
    }

    fn cut_all(vms: &[Vm], by: GroupBy) -> Vec<(String, String, Vec<u32>)> {
        let members = vms
            .iter()
            .enumerate()
            .map(|(at, vm)| member(u32::try_from(at).unwrap(), vm, by))
            .collect();
        let (order, groups) = cut(members, by, str::to_uppercase);
        groups
            .into_iter()
            .map(|group| {
                let rows = order[group.rows()].to_vec();
                (group.label, group.note, rows)
            })
            .collect()
    }

    #[test]
    fn every_kind_of_group() {
        let vms = [
            vm("n10", &["client-b", "env-prod"], VmStatus::Stopped, false),
            vm(
                "n2",
                &["env-dev", "client-a", "client-b"],
                VmStatus::Running,
                false,
            ),
            vm("", &["db-tier"], VmStatus::Running, false),
            vm("n2", &["env-prod", "client-b"], VmStatus::Stopped, true),
        ];
        let said = |by| {
            cut_all(&vms, by)
                .into_iter()
                .map(|(label, note, rows)| format!("{label}: {note} {rows:?}"))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            said(GroupBy::Node),
            [
                "n2: 2 VMs, 1 running [1, 3]",
                "n10: 1 VM, 0 running [0]",
                "No node: 1 VM, 1 running [2]"
            ]
        );
        assert_eq!(
            said(GroupBy::Status),
            [
                "RUNNING: 2 VMs [1, 2]",
                "STOPPED: 1 VM [0]",
                "TEMPLATE: 1 VM [3]"
            ]
        );
        assert_eq!(
            said(GroupBy::Category(TagCategory::Client)),
            [
                "client-a, client-b: 1 VM, 1 running [1]",
                "client-b: 2 VMs, 0 running [0, 3]",
                "No client tag: 1 VM, 1 running [2]"
            ]
        );
        // The order of a VM's tags makes no difference.
        assert_eq!(
            said(GroupBy::Tags)[0],
            "client-a, client-b, env-dev: 1 VM, 1 running [1]"
        );
        assert_eq!(
            said(GroupBy::Tags)[1],
            "client-b, env-prod: 2 VMs, 0 running [0, 3]"
        );
        assert_eq!(
            said(GroupBy::Pool),
            ["No pool: 4 VMs, 2 running [0, 1, 2, 3]"]
        );
    }

    #[test]
    fn words_in_the_address_read_back() {
        for by in GroupBy::ALL {
            assert_eq!(GroupBy::parse(by.as_str()), Some(by));
        }
        assert_eq!(GroupBy::parse("colour"), None);
    }

    proptest! {
        #[test]
        fn each_vm_is_in_one_group_and_groups_follow_each_other(
            vms in prop::collection::vec(("[ab]?", prop::collection::vec("(env|client)-[ab]", 0..3), any::<bool>()), 0..12),
            by in prop::sample::select(GroupBy::ALL.to_vec()),
        ) {
            let vms: Vec<Vm> = vms.into_iter().map(|(node, tags, template)| Vm { node, tags, status: VmStatus::Running, template }).collect();
            let members: Vec<_> = vms.iter().enumerate().map(|(at, vm)| member(u32::try_from(at).unwrap(), vm, by)).collect();
            let (order, groups) = cut(members, by, ToOwned::to_owned);
            let mut sorted = order.clone();
            sorted.sort_unstable();
            prop_assert_eq!(sorted, (0..u32::try_from(vms.len()).unwrap()).collect::<Vec<_>>());
            let mut at = 0;
            for group in &groups {
                prop_assert!(group.at == at && group.count > 0);
                at += group.count;
                // In each group the order before holds.
                prop_assert!(order[group.rows()].is_sorted());
            }
            prop_assert_eq!(at, vms.len());
        }
    }
}
