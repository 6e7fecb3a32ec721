//! What needs a person (guide: Dashboard, "Alerts Panel"). No call of the contract sends alerts;
//! they are derived from what the console already has.

use super::ids::{Upid, VmId};
use super::units::{Bytes, Fraction, Instant, count};

/// How bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
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

/// A node, as far as alerts care.
#[derive(Debug, Clone, PartialEq)]
pub struct NodeFacts<'a> {
    /// Name.
    pub name: &'a str,
    /// Whether it answers.
    pub online: bool,
    /// Share of its memory in use.
    pub memory: Option<Fraction>,
}

/// A storage, as far as alerts care.
#[derive(Debug, Clone, PartialEq)]
pub struct StorageFacts<'a> {
    /// Name.
    pub name: &'a str,
    /// Whether it is enabled.
    pub enabled: bool,
    /// Whether it can be reached; `None`: not said.
    pub active: Option<bool>,
    /// Share in use.
    pub used: Option<Fraction>,
    /// Bytes left.
    pub left: Option<Bytes>,
}

/// A task that failed.
#[derive(Debug, Clone, PartialEq)]
pub struct FailedTask<'a> {
    /// Its ID.
    pub upid: &'a Upid,
    /// What it did, to what: `Back up VM database-01`.
    pub title: String,
    /// The server's words.
    pub why: &'a str,
    /// When it ended.
    pub at: Option<Instant>,
}

/// A VM without a recent backup.
#[derive(Debug, Clone, PartialEq)]
pub struct Overdue<'a> {
    /// Its ID.
    pub vmid: VmId,
    /// Its name.
    pub name: &'a str,
}

/// All that alerts are derived from. What is not known yet is left empty.
#[derive(Debug, Clone, Default)]
pub struct Facts<'a> {
    /// Whether the cluster has quorum; `None`: not known.
    pub quorate: Option<bool>,
    /// Nodes.
    pub nodes: Vec<NodeFacts<'a>>,
    /// Storages.
    pub storages: Vec<StorageFacts<'a>>,
    /// Failed tasks, newest first.
    pub failed: Vec<FailedTask<'a>>,
    /// VMs without a recent backup.
    pub overdue: Vec<Overdue<'a>>,
    /// VMs in the state "error".
    pub broken: Vec<(VmId, &'a str)>,
}

/// The alerts, worst first, then by kind; stable for the same facts.
#[must_use]
pub fn derive(facts: &Facts<'_>) -> Vec<Alert> {
    let mut alerts = Vec::new();
    if facts.quorate == Some(false) {
        alerts.push(Alert {
            key: "quorum".to_owned(),
            severity: Severity::Bad,
            title: "Quorum lost".to_owned(),
            detail: "Nothing can be started or changed until more nodes are back".to_owned(),
            at: None,
            target: Target::Cluster,
        });
    }
    alerts.extend(facts.nodes.iter().filter_map(node));
    alerts.extend(facts.broken.iter().map(|(vmid, name)| Alert {
        key: format!("vm-error:{vmid}"),
        severity: Severity::Bad,
        title: format!("{name} is in error"),
        detail: format!("VM {vmid} reports a fault"),
        at: None,
        target: Target::Vm(*vmid),
    }));
    alerts.extend(facts.failed.iter().map(|task| Alert {
        key: format!("task:{}", task.upid),
        severity: Severity::Bad,
        title: format!("{} failed", task.title),
        detail: task.why.to_owned(),
        at: task.at,
        target: Target::Task(task.upid.clone()),
    }));
    alerts.extend(facts.storages.iter().filter_map(storage));
    if let [first, rest @ ..] = facts.overdue.as_slice() {
        let total = facts.overdue.len();
        let mut names = vec![first.name];
        names.extend(rest.iter().take(2).map(|vm| vm.name));
        let more = if total > 3 {
            format!(" and {} more", total - 3)
        } else {
            String::new()
        };
        alerts.push(Alert {
            key: "backup-overdue".to_owned(),
            severity: Severity::Warn,
            title: format!("{} without a recent backup", count(total, "VM", "VMs")),
            detail: format!("{}{more}", names.join(", ")),
            at: None,
            target: match rest {
                [] => Target::Vm(first.vmid),
                _ => Target::Vms(facts.overdue.iter().map(|vm| vm.vmid).collect()),
            },
        });
    }
    alerts.sort_by_key(|alert| alert.severity);
    alerts
}

fn node(node: &NodeFacts<'_>) -> Option<Alert> {
    let alert = |severity, what: &str, title: String, detail: String| Alert {
        key: format!("node-{what}:{}", node.name),
        severity,
        title,
        detail,
        at: None,
        target: Target::Node(node.name.to_owned()),
    };
    if !node.online {
        return Some(alert(
            Severity::Bad,
            "offline",
            format!("{} is offline", node.name),
            "Its VMs cannot be reached or managed".to_owned(),
        ));
    }
    let memory = node.memory.filter(|share| share.0 > 0.9)?;
    Some(alert(
        Severity::Warn,
        "memory",
        format!("Memory on {} at {}", node.name, memory.whole()),
        "Above 90\u{2009}%: new VMs may not start there".to_owned(),
    ))
}

fn storage(storage: &StorageFacts<'_>) -> Option<Alert> {
    if !storage.enabled {
        return None;
    }
    let alert = |severity, what: &str, title: String, detail: String| Alert {
        key: format!("storage-{what}:{}", storage.name),
        severity,
        title,
        detail,
        at: None,
        target: Target::Storage(storage.name.to_owned()),
    };
    if storage.active == Some(false) {
        return Some(alert(
            Severity::Bad,
            "inactive",
            format!("{} cannot be reached", storage.name),
            "The storage is enabled but not active".to_owned(),
        ));
    }
    let used = storage.used.filter(|share| share.0 >= 0.7)?;
    let left = storage.left.map_or_else(
        || "How much is left is not known".to_owned(),
        |left| format!("{} left", left.amount()),
    );
    let severity = if used.0 > 0.9 {
        Severity::Bad
    } else {
        Severity::Warn
    };
    Some(alert(
        severity,
        "full",
        format!("{} is {} full", storage.name, used.whole()),
        left,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_wrong() {
        let facts = Facts {
            quorate: Some(true),
            nodes: vec![NodeFacts {
                name: "a",
                online: true,
                memory: Some(Fraction(0.5)),
            }],
            ..Facts::default()
        };
        assert_eq!(derive(&facts), []);
    }

    #[test]
    fn worst_first_and_named() {
        let upid = Upid("UPID:x".into());
        let store = |name, used| StorageFacts {
            name,
            enabled: true,
            active: Some(true),
            used: Some(Fraction(used)),
            left: Some(Bytes(0)),
        };
        let facts = Facts {
            quorate: Some(false),
            nodes: vec![NodeFacts {
                name: "n1",
                online: false,
                memory: None,
            }],
            storages: vec![store("warm", 0.75), store("full", 0.95), store("cool", 0.2)],
            failed: vec![FailedTask {
                upid: &upid,
                title: "Back up VM database-01".into(),
                why: "no space",
                at: None,
            }],
            overdue: (0..5)
                .map(|n| Overdue {
                    vmid: VmId(n),
                    name: "vm",
                })
                .collect(),
            broken: vec![(VmId(311), "ci-runner-03")],
        };
        let titles: Vec<_> = derive(&facts)
            .into_iter()
            .map(|alert| alert.title)
            .collect();
        assert_eq!(
            titles,
            [
                "Quorum lost",
                "n1 is offline",
                "ci-runner-03 is in error",
                "Back up VM database-01 failed",
                "full is 95\u{2009}% full",
                "warm is 75\u{2009}% full",
                "5 VMs without a recent backup",
            ]
        );
    }

    #[test]
    fn disabled_storage_is_quiet() {
        let facts = Facts {
            storages: vec![StorageFacts {
                name: "off",
                enabled: false,
                active: Some(false),
                used: Some(Fraction(1.0)),
                left: None,
            }],
            ..Facts::default()
        };
        assert_eq!(derive(&facts), []);
    }
}
