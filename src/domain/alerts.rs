//! What needs a person (guide: Dashboard, "Alerts Panel"). No call of the contract sends alerts;
//! they are derived from what the console already has.

use super::ids::{Upid, VmId};
use super::locks::TOO_LONG_MILLIS;
use super::units::{Bytes, Fraction, Instant, Seconds, count};
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

/// A VM with a lock that no running task explains.
#[derive(Debug, Clone, PartialEq)]
pub struct LockedVm<'a> {
    /// Its ID.
    pub vmid: VmId,
    /// Its name.
    pub name: &'a str,
    /// The server's word for the lock.
    pub lock: &'a str,
    /// Since when, as far as is known; see [`super::locks`].
    pub since: Instant,
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
    /// VMs with a lock that no running task explains.
    pub locked: Vec<LockedVm<'a>>,
    /// What time it is.
    pub now: Instant,
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
    alerts.extend(facts.locked.iter().filter_map(|vm| locked(vm, facts.now)));
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

fn locked(vm: &LockedVm<'_>, now: Instant) -> Option<Alert> {
    let lasted = now.millis - vm.since.millis;
    if lasted <= TOO_LONG_MILLIS {
        return None;
    }
    let lasted = Seconds(u64::try_from(lasted / 1000).unwrap_or_default());
    Some(Alert {
        // Another lock is another cause.
        key: format!("vm-lock:{}:{}", vm.vmid, vm.lock),
        severity: Severity::Warn,
        title: format!("{} is locked ({})", vm.name, vm.lock),
        detail: format!(
            "For {} at least, and no task of it is running",
            lasted.short()
        ),
        at: Some(vm.since),
        target: Target::Vm(vm.vmid),
    })
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
            ..Facts::default()
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
    fn locks_that_last_too_long() {
        let vm = |vmid, since| LockedVm {
            vmid: VmId(vmid),
            name: "web",
            lock: "backup",
            since: Instant::from_secs(since),
        };
        let facts = Facts {
            locked: vec![vm(101, 0), vm(102, 5_000)],
            now: Instant::from_secs(7_300),
            ..Facts::default()
        };
        let alerts = derive(&facts);
        assert_eq!(alerts.len(), 1, "less than an hour is usual");
        let Alert {
            title,
            detail,
            target,
            severity,
            ..
        } = &alerts[0];
        assert_eq!(title, "web is locked (backup)");
        assert_eq!(
            detail,
            "For 2\u{2009}h at least, and no task of it is running"
        );
        assert_eq!(
            (target, *severity),
            (&Target::Vm(VmId(101)), Severity::Warn)
        );
    }

    #[test]
    fn few_tasks_are_named_and_the_others_counted() {
        let ids: Vec<Upid> = (0..4).map(|n| Upid(format!("UPID:{n}"))).collect();
        let failed = |upid| FailedTask {
            upid,
            title: format!("{upid}"),
            why: "",
            at: None,
        };
        let facts = Facts {
            quorate: Some(false),
            failed: ids.iter().map(failed).collect(),
            broken: vec![(VmId(1), "vm")],
            ..Facts::default()
        };
        let keys = |most| -> Vec<String> {
            let alerts = with_few_tasks(derive(&facts), most);
            alerts.into_iter().map(|alert| alert.title).collect()
        };
        assert_eq!(
            keys(2),
            [
                "Quorum lost",
                "vm is in error",
                "UPID:0 failed",
                "UPID:1 failed",
                "2 more tasks failed"
            ]
        );
        assert_eq!(keys(4).len(), 6, "nothing more to tell of");
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
