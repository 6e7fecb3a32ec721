//! Types survive whatever servers send.

use crate::api::audit::AuditEntry;
use crate::api::backups::{Backup, BackupHealth};
use crate::api::bulk::{BulkDryRun, BulkResult};
use crate::api::cluster::{ClusterResource, ClusterStatus};
use crate::api::events::{Event, UsageRow};
use crate::api::info::Info;
use crate::api::metrics::Metrics;
use crate::api::nodes::{Node, NodeLive, NodeSummary};
use crate::api::snapshots::Snapshot;
use crate::api::storage::Storage;
use crate::api::tags::Tag;
use crate::api::tasks::{Task, TaskLog};
use crate::api::vms::{AgentInterface, PendingChange, Vm, VmConfig, VmDetail, VmLive};
use crate::api::{Started, tasks};
use crate::domain::ids::VmId;
use crate::domain::status::{GuestKind, Lock, VmStatus};
use crate::domain::units::{Bytes, Fraction, Instant, Seconds};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Any JSON, with the fields' own names among the keys.
pub fn json() -> impl Strategy<Value = Value> {
    let key = prop_oneof![
        prop::sample::select(vec![
            "vmid",
            "name",
            "node",
            "status",
            "type",
            "cpu",
            "cpus",
            "mem",
            "maxmem",
            "tags",
            "lock",
            "template",
            "uptime",
            "upid",
            "starttime",
            "endtime",
            "progress",
            "exitstatus",
            "cluster",
            "nodes",
            "points",
            "time",
            "data",
            "seq",
            "topic",
            "id",
            "vm",
            "config",
            "snapshots",
            "backups",
            "storage",
            "content",
            "volid",
            "verification",
            "results",
            "vmId",
            "features",
            "lines",
            "loadavg",
            "cpuinfo",
            "snaptime",
            "parent",
        ])
        .prop_map(str::to_owned),
        any::<String>(),
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        Just(json!("101")),
        Just(json!("UPID:n:1:2:3:qmstart:101:root@pam:")),
    ];
    leaf.prop_recursive(4, 48, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
            prop::collection::vec((key.clone(), inner), 0..8)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

fn vm(value: Value) -> Vm {
    serde_json::from_str(&value.to_string()).unwrap()
}

#[test]
fn a_vm_in_strange_clothes() {
    let strange = vm(json!({
        "vmid": "101", "name": null, "node": 7, "type": "vmware", "status": "hibernating",
        "cpu": "0.5", "cpus": 0, "mem": "3758096384", "maxmem": 1.8e19, "disk": -1, "maxdisk": {},
        "netin": 12.7, "netout": [], "diskread": true, "uptime": "432000", "template": 1,
        "tags": "a;b,,c", "lock": "", "hastate": "", "pool": null, "surprise": {"x": [1]}
    }));
    assert_eq!(strange.vmid, VmId(101));
    assert_eq!((strange.name.as_str(), strange.node.as_str()), ("", "7"));
    assert_eq!(strange.kind, GuestKind::Unknown("vmware".into()));
    assert_eq!(strange.status, VmStatus::Unknown("hibernating".into()));
    assert_eq!((strange.cpu, strange.cpus), (Some(Fraction(0.5)), None));
    assert_eq!(
        (strange.mem, strange.maxmem),
        (
            Some(Bytes(3_758_096_384)),
            Some(Bytes(18_000_000_000_000_000_000))
        )
    );
    assert_eq!((strange.disk, strange.maxdisk), (None, None));
    assert_eq!(
        (strange.netin, strange.netout, strange.diskread),
        (Some(12), None, Some(1))
    );
    assert_eq!(strange.uptime, Some(Seconds(432_000)));
    assert!(strange.template);
    assert_eq!(strange.tags, ["a", "b", "c"]);
    assert_eq!((&strange.lock, &strange.hastate), (&None, &None));

    let bare = vm(json!({"vmid": 5}));
    assert_eq!(bare, Vm::new(VmId(5)));
    assert_eq!(vm(json!({"vmid": 5, "lock": "null"})).lock, None);
    assert_eq!(
        vm(json!({"vmid": 5, "lock": "snapshot-delete"})).lock,
        Some(Lock::SnapshotDelete)
    );
    assert_eq!(
        vm(json!({"vmid": 5, "lock": "defrag"})).lock,
        Some(Lock::Unknown("defrag".into()))
    );
    assert_eq!(
        vm(json!({"vmid": 5, "tags": ["a", 7, null, "", {"x": 1}]})).tags,
        ["a", "7"]
    );
    assert_eq!(
        vm(json!({"vmid": 5, "tags": null, "template": "0"})).tags,
        [""; 0]
    );
    assert_eq!(
        vm(json!({"vmid": 5, "mem": "1e40"})).mem,
        Some(Bytes(u64::MAX))
    );
}

#[test]
fn shares_and_unknowns() {
    let known = vm(json!({"vmid": 5, "mem": 50, "maxmem": 100, "disk": 0, "maxdisk": 10}));
    assert_eq!(
        (known.mem_share(), known.disk_share()),
        (Some(Fraction(0.5)), None)
    );
    assert_eq!(
        vm(json!({"vmid": 5, "mem": 50, "maxmem": 0})).mem_share(),
        None
    );
}

#[test]
fn tasks_end_in_either_field() {
    use tasks::TaskState as S;
    let state = |value: Value| {
        let mut whole = json!({"upid": "UPID:n:1:2:3:qmstart:101:root@pam:"});
        whole
            .as_object_mut()
            .unwrap()
            .extend(value.as_object().unwrap().clone());
        serde_json::from_value::<Task>(whole).unwrap().state()
    };
    assert_eq!(state(json!({"status": "running"})), S::Running);
    assert_eq!(
        state(json!({"status": "stopped", "exitstatus": "OK"})),
        S::Ok
    );
    assert_eq!(
        state(json!({"status": "OK", "exitstatus": "", "finished": false})),
        S::Ok
    );
    assert_eq!(
        state(json!({"status": "unable to find disk", "endtime": 1})),
        S::Failed("unable to find disk".into())
    );
    assert_eq!(
        state(json!({"status": "stopped", "exitstatus": "WARNINGS: 2"})),
        S::Warning("WARNINGS: 2".into())
    );
    assert_eq!(
        state(json!({"status": "stopped", "exitstatus": null})),
        S::Ended
    );
    assert_eq!(
        state(json!({"status": "stopped", "exitstatus": "interrupted by signal"})),
        S::Cancelled
    );
}

#[test]
fn times_of_both_kinds() {
    let read = |start: Value| {
        serde_json::from_value::<Task>(json!({"upid": "u", "starttime": start}))
            .unwrap()
            .starttime
    };
    let time = Some(Instant::from_secs(1_719_230_400));
    assert_eq!(read(json!(1_719_230_400)), time);
    assert_eq!(read(json!("1719230400")), time);
    assert_eq!(read(json!("2024-06-24T12:00:00Z")), time);
    assert_eq!(read(json!("2024-06-24T14:00:00+02:00")), time);
    assert_eq!(read(json!("2024-06-24T12:00:00")), time);
    for bad in [
        json!(null),
        json!(""),
        json!("soon"),
        json!([]),
        json!(1e300),
    ] {
        assert_eq!(read(bad), None);
    }
}

#[test]
fn live_figures() {
    let live: VmLive = serde_json::from_value(json!({
        "vmid": 100, "status": "running", "qmpStatus": "paused", "cpuUsage": 15.5, "memoryPercent": 50,
        "memoryUsage": 2_147_483_648_u64, "lock": "null", "pid": 12345, "running": "true"
    })).unwrap();
    assert_eq!(live.state(), VmStatus::Paused);
    assert_eq!(
        (live.cpu, live.mem_share),
        (Some(Fraction(0.155)), Some(Fraction(0.5)))
    );
    assert_eq!(
        (live.lock.as_ref(), live.pid.as_deref(), live.running),
        (None, Some("12345"), Some(true))
    );
    let mut row = vm(json!({"vmid": 100, "cpus": 4, "lock": "backup", "status": "running"}));
    live.fill(&mut row);
    assert_eq!(
        (row.cpus, row.cpu, row.lock, row.status),
        (Some(4), Some(Fraction(0.155)), None, VmStatus::Paused)
    );
}

#[test]
fn colours_end_up_in_styles_and_are_checked() {
    let color = |text: &str| {
        serde_json::from_value::<Tag>(json!({"name": "a", "color": text}))
            .unwrap()
            .color
    };
    assert_eq!(color("#d32f2f").as_deref(), Some("#d32f2f"));
    for bad in ["red", "#d32f2", "url(x)", "#fff;x:y", ""] {
        assert_eq!(color(bad), None);
    }
}

#[test]
fn lists_inside_objects_never_cost_the_object() {
    for odd in [json!(null), json!("none"), json!({}), json!(7)] {
        let log: TaskLog = serde_json::from_value(json!({"upid": "u", "lines": odd})).unwrap();
        assert!(log.lines.is_empty());
        let detail: VmDetail =
            serde_json::from_value(json!({"vm": {"vmid": 1}, "config": {}, "snapshots": odd}))
                .unwrap();
        assert!(detail.snapshots.unwrap_or_default().is_empty());
    }
    let detail: VmDetail = serde_json::from_value(json!({
        "vm": {"vmid": 1}, "config": {}, "backups": [{"volid": "a:b"}, {"x": 1}, 3], "snapshots": [{"name": "s"}, null]
    })).unwrap();
    assert_eq!(
        (
            detail.backups.unwrap().len(),
            detail.snapshots.unwrap().len()
        ),
        (1, 1)
    );
}

proptest! {
    /// No type panics on any JSON, and what is read can be written.
    #[test]
    fn any_json_decodes_or_is_refused(value in json()) {
        let text = value.to_string();
        macro_rules! read {
            ($($kind:ty),+ $(,)?) => {$(
                if let Ok(read) = serde_json::from_str::<$kind>(&text) {
                    prop_assert!(serde_json::to_string(&read).is_ok());
                }
            )+};
        }
        read!(
            Vm, VmDetail, VmConfig, VmLive, AgentInterface, PendingChange, Task, TaskLog, ClusterStatus,
            ClusterResource, NodeSummary, Node, NodeLive, Storage, Snapshot, Backup, BackupHealth, BulkResult,
            BulkDryRun, AuditEntry, Info, Metrics, Tag, UsageRow,
        );
        let _ = Started::read(&text);
        let _ = Event::parse(&text);
    }

    /// A VM with its number right is always read, whatever else is in it.
    #[test]
    fn one_bad_field_never_costs_the_row(
        fields in proptest::collection::vec((prop::sample::select(vec![
            "name", "node", "type", "status", "cpu", "cpus", "mem", "maxmem", "disk", "maxdisk", "netin", "netout",
            "diskread", "diskwrite", "uptime", "template", "tags", "lock", "hastate", "pool",
        ]), json()), 0..8)
    ) {
        let mut row: serde_json::Map<String, Value> =
            fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
        row.insert("vmid".to_owned(), json!(101));
        let vm = serde_json::from_str::<Vm>(&Value::Object(row).to_string());
        prop_assert_eq!(vm.map(|vm| vm.vmid).map_err(|error| error.to_string()), Ok(VmId(101)));
    }

    #[test]
    fn rows_survive_a_round_trip(
        vmid in 1..1_000_000_000_u32, name in any::<String>(), cpu in 0.0..64.0_f64, mem in any::<u64>(),
        template: bool, tags in proptest::collection::vec("[a-z0-9-]{1,12}", 0..5),
    ) {
        let mut row = Vm::new(VmId(vmid));
        row.name = name;
        row.cpu = Some(Fraction(cpu));
        row.mem = Some(Bytes(mem));
        row.template = template;
        row.tags = tags;
        let text = serde_json::to_string(&row).unwrap();
        prop_assert_eq!(serde_json::from_str::<Vm>(&text).unwrap(), row);
    }
}
