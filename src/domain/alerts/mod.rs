//! What needs a person (guide: Dashboard, "Alerts Panel"). No call of the contract sends alerts;
//! they are derived from what the console already has.

mod derive;
mod facts;
#[cfg(test)]
mod tests;

pub use derive::derive;
pub use facts::{Facts, FailedTask, LockedVm, NodeFacts, Overdue, StorageFacts};

use super::ids::{Upid, VmId};
use super::units::{Instant, count};
use serde::{Deserialize, Serialize};

/// How bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Something fails or is lost.
    Bad,
    /// Something will fail.
    Warn,
}

/// What an alert is about, so that it can link there.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Target {
    /// The whole cluster.
    Cluster,
    /// A node.
    Node(String),
    /// A storage.
    Storage(String),
    /// A VM.
    Vm(VmId),
    /// Several VMs.
    Vms(Vec<VmId>),
    /// A task.
    Task(Upid),
    /// All tasks.
    Tasks,
}

/// One alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// Stable over refreshes: one cause, one key.
    pub key: String,
    /// How bad.
    pub severity: Severity,
    /// What happened, in a few words.
    pub title: String,
    /// Why, or how much.
    pub detail: String,
    /// Since when, where known.
    pub at: Option<Instant>,
    /// What it is about.
    pub target: Target,
}

/// Names at most so many failed tasks, and says how many more there are. To be called with alerts
/// that are to be seen: what is put aside must not take the place of what is new.
#[must_use]
pub fn with_few_tasks(alerts: Vec<Alert>, most: usize) -> Vec<Alert> {
    let (mut named, mut more, mut last) = (0, 0, 0);
    let mut kept = Vec::with_capacity(alerts.len());
    for alert in alerts {
        if !matches!(alert.target, Target::Task(_)) {
            kept.push(alert);
        } else if named < most {
            named += 1;
            kept.push(alert);
            last = kept.len();
        } else {
            more += 1;
        }
    }
    if more > 0 {
        let words = count(more, "more task", "more tasks");
        kept.insert(
            last,
            Alert {
                key: "more-tasks".to_owned(),
                severity: Severity::Bad,
                title: format!("{words} failed"),
                detail: "Within the last day".to_owned(),
                at: None,
                target: Target::Tasks,
            },
        );
    }
    kept
}
