//! What is typed: the policy, or a rule of the server's cleanup, and of which VMs.

use super::super::fleet::Fleet;
use crate::api::backups::{Cleanup, Prune};
use crate::domain::ids::VmId;
use crate::domain::prune::{By, read_count, read_rule};
use crate::domain::retention::{Policy, Rule};
use crate::paths;
use crate::screens::common::address::{Address, Word};
use leptos::prelude::*;
use std::collections::HashSet;
use std::sync::Arc;

/// What decides: its word in the address and on the page.
pub const BY: [(&str, &str); 4] = [
    ("policy", "Policy"),
    ("days", "By age"),
    ("count", "Newest of each VM"),
    ("monthly", "One a month"),
];

const WORDS: [Word; 6] = [
    ("by", "policy"),
    ("n", "30"),
    ("q", ""),
    ("storage", ""),
    ("show", "all"),
    ("sort", "-made"),
];

/// The form. `Copy`; lives as long as the page.
#[derive(Debug, Clone, Copy)]
pub struct Form {
    /// Where the choice, the rule's number and the filters stand.
    pub address: Address,
    /// The numbers of the policy, as typed, in the order of [`Rule::ALL`].
    pub counts: [RwSignal<String>; 6],
    /// The number of the rule, as typed.
    pub number: RwSignal<String>,
    /// The VMs that it is about; `None`: all.
    pub scope: Memo<Option<Arc<HashSet<VmId>>>>,
    by: Memo<&'static str>,
}

/// A field that is as the address says, also when that changes by another way than the field: a tab,
/// a step back, "Clear filters".
pub fn follows(word: Memo<String>) -> RwSignal<String> {
    let field = RwSignal::new(word.get_untracked());
    // Writes out of an effect: what is typed is ahead of the address.
    Effect::new(move || {
        let word = word.get();
        if field.with_untracked(|field| *field != word) {
            field.set(word);
        }
    });
    field
}

impl Form {
    /// For the page that is being built.
    pub fn new(fleet: Fleet) -> Self {
        let address = Address::new(&WORDS, paths::retention_where);
        let number = follows(address.word("n"));
        // Writes out of an effect: the address is outside of this view.
        Effect::new(move |known: Option<()>| {
            let typed = number.get();
            if known.is_some() {
                address.typed(&[("n", &typed)]);
            }
        });
        let by = address.word("by");
        let by = Memo::new(move |_| {
            let found = by.with(|word| BY.iter().find(|(id, _)| id == word));
            found.map_or("policy", |(id, _)| *id)
        });
        let query = address.word("q");
        let scope = Memo::new(move |_| fleet.matching(&query.get()).map(Arc::new));
        Self {
            address,
            counts: std::array::from_fn(|_| RwSignal::new(String::new())),
            number,
            scope,
            by,
        }
    }

    /// What decides.
    pub fn by_word(self) -> Signal<&'static str> {
        self.by.into()
    }

    /// Whether the policy decides; tracked.
    pub fn is_policy(self) -> bool {
        self.by.get() == "policy"
    }

    /// Fills a policy in.
    pub fn fill(self, policy: Policy) {
        for (rule, count) in Rule::ALL.into_iter().zip(self.counts) {
            let text = match policy.count(rule) {
                0 => String::new(),
                number => number.to_string(),
            };
            if count.with_untracked(|count| *count != text) {
                count.set(text);
            }
        }
    }

    /// The policy as typed; tracked.
    pub fn policy(self) -> Option<Policy> {
        let mut policy = Policy::none();
        for (rule, count) in Rule::ALL.into_iter().zip(self.counts) {
            policy = policy.with(rule, count.with(|text| read_count(text)).ok()?);
        }
        Some(policy)
    }

    /// What decides, where what is typed can be taken; tracked.
    pub fn by(self) -> Option<By> {
        let number = || self.number.with(|text| read_rule(text)).ok();
        match self.by.get() {
            "days" => number().map(By::Days),
            "count" => number().map(By::Newest),
            "monthly" => number().map(By::Months),
            _ => self.policy().map(By::Policy),
        }
    }

    /// The storage that alone is looked at; of a policy only. Tracked.
    pub fn storage(self) -> Option<String> {
        let storage = self.address.get("storage");
        (self.is_policy() && !storage.is_empty()).then_some(storage)
    }

    /// Takes the filters off.
    pub fn clear(self) {
        self.address
            .set(&[("q", ""), ("storage", ""), ("show", "all")]);
    }

    /// What the server can be asked about, or why it can't; tracked.
    pub fn wanted(self, fleet: Fleet) -> Result<Cleanup, Option<&'static str>> {
        let by = self.by().ok_or(None)?;
        if self.storage().is_some() {
            return Err(Some("the server's preview knows no storages"));
        }
        let prune = prune_of(by).ok_or(Some(
            "the server's preview knows one rule at a time: an age, the newest of each VM, or one a month",
        ))?;
        let vms = match self.scope.get() {
            None => Vec::new(),
            Some(scope) => {
                let mut vms: Vec<VmId> = fleet.all.with(|all| {
                    let own = all.iter().filter_map(|row| row.vm);
                    own.filter(|vm| scope.contains(vm)).collect()
                });
                vms.sort_unstable();
                vms.dedup();
                // Never sent: no VMs would mean all of them.
                if vms.is_empty() {
                    return Err(Some("no VM that matches has a backup"));
                }
                vms
            }
        };
        Ok(Cleanup {
            prune,
            tags: Vec::new(),
            vms,
        })
    }
}

/// The rule of the server's cleanup that comes closest; none of a policy of several rules.
fn prune_of(by: By) -> Option<Prune> {
    match by {
        By::Days(days) => Some(Prune::Days(days)),
        By::Newest(count) => Some(Prune::Count(count)),
        By::Months(months) => Some(Prune::Monthly(months)),
        By::Policy(policy) => {
            let mut set = Rule::ALL.into_iter().filter(|rule| policy.count(*rule) > 0);
            match (set.next(), set.next()) {
                (Some(Rule::Last), None) => Some(Prune::Count(policy.count(Rule::Last))),
                (Some(Rule::Monthly), None) => Some(Prune::Monthly(policy.count(Rule::Monthly))),
                _ => None,
            }
        }
    }
}
