//! From facts to alerts.

use super::{Alert, Facts, LockedVm, NodeFacts, Severity, StorageFacts, Target};
use crate::domain::locks::TOO_LONG_MILLIS;
use crate::domain::units::{Instant, Seconds, count};

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
