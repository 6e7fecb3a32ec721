use super::*;
use crate::domain::units::{Bytes, Fraction};

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
