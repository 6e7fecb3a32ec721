//! The UI guide's own examples (`tests/fixtures/api/guide.json`, taken from its JSON blocks):
//! read, written, and still the same.

use super::fake::{Fake, answer, once};
use crate::api::audit::{self, AuditEntry, AuditQuery};
use crate::api::bulk::{BulkDryRun, BulkPowerRequest, BulkResult};
use crate::api::cluster::{ClusterResource, ClusterStatus};
use crate::api::migrate::{Check, MigrationStatus};
use crate::api::nodes::Node;
use crate::api::tasks::{Task, TaskState};
use crate::api::vms::{Vm, VmDetail, VmQuery};
use crate::api::{
    ErrorKind, Started, backups::Backup, snapshots::Snapshot, storage::Storage, tags::Tag, vms,
};
use crate::domain::ids::VmId;
use crate::domain::status::VmStatus;
use crate::domain::units::{Fraction, Seconds};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

#[derive(serde::Deserialize)]
struct Example {
    call: String,
    request: Value,
    answer: Value,
}

fn examples() -> Vec<Example> {
    serde_json::from_str(include_str!("../../../tests/fixtures/api/guide.json")).unwrap()
}

fn example(call: &str) -> Example {
    let found = examples().into_iter().find(|example| example.call == call);
    found.unwrap_or_else(|| panic!("no example of {call}"))
}

/// What a type writes where the guide shows nothing.
fn is_default(value: &Value) -> bool {
    match value {
        Value::Bool(flag) => !flag,
        Value::String(text) => text.is_empty() || text == "qemu",
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        _ => false,
    }
}

/// Equal, but for nulls, defaults, and 0 beside 0.0.
fn same(written: &Value, shown: &Value, at: &str) {
    match (written, shown) {
        (Value::Object(written), Value::Object(shown)) => {
            for (key, value) in shown.iter().filter(|(_, value)| !value.is_null()) {
                let own = written
                    .get(key)
                    .unwrap_or_else(|| panic!("{at}.{key} is lost"));
                same(own, value, &format!("{at}.{key}"));
            }
            for (key, value) in written {
                assert!(
                    shown.contains_key(key) || is_default(value),
                    "{at}.{key} is made up: {value}"
                );
            }
        }
        (Value::Array(written), Value::Array(shown)) => {
            assert_eq!(written.len(), shown.len(), "{at}");
            for (index, (written, shown)) in written.iter().zip(shown).enumerate() {
                same(written, shown, &format!("{at}[{index}]"));
            }
        }
        (Value::Number(written), Value::Number(shown)) => {
            assert_eq!(written.as_f64(), shown.as_f64(), "{at}");
        }
        _ if at.ends_with("Time") || at.ends_with(".timestamp") => {
            // 15.7Z and 15.700Z are one instant.
            let read = |value: &Value| {
                crate::domain::units::Instant::parse_iso(value.as_str().unwrap()).unwrap()
            };
            assert_eq!(read(written), read(shown), "{at}");
        }
        _ => assert_eq!(written, shown, "{at}"),
    }
}

fn round<T: DeserializeOwned + Serialize>(shown: &Value, at: &str) -> T {
    let read: T =
        serde_json::from_str(&shown.to_string()).unwrap_or_else(|error| panic!("{at}: {error}"));
    same(&serde_json::to_value(&read).unwrap(), shown, at);
    read
}

fn rounds<T: DeserializeOwned + Serialize>(shown: &Value, at: &str) -> Vec<T> {
    shown
        .as_array()
        .unwrap()
        .iter()
        .map(|row| round(row, at))
        .collect()
}

#[test]
fn every_example_survives() {
    let mut seen = 0;
    for Example {
        call,
        request,
        answer,
    } in examples()
    {
        let (path, at) = (
            call.split(['?', ' ']).nth(1).unwrap_or_default(),
            call.as_str(),
        );
        match path {
            "/cluster/status" => drop(round::<ClusterStatus>(&answer, at)),
            "/cluster/resources" => drop(rounds::<ClusterResource>(&answer, at)),
            "/tasks" => drop(rounds::<Task>(&answer, at)),
            "/vms" => drop(rounds::<Vm>(&answer, at)),
            "/vms/101/detail" => drop(round::<VmDetail>(&answer, at)),
            "/tags" => drop(rounds::<Tag>(&answer, at)),
            "/vms/101/snapshots" if call.starts_with("GET") => {
                drop(rounds::<Snapshot>(&answer, at));
            }
            "/backups" => drop(rounds::<Backup>(&answer, at)),
            "/admin/audit" => drop(rounds::<AuditEntry>(&answer, at)),
            "/storage" => drop(rounds::<Storage>(&answer, at)),
            "/nodes/proxmox-01" => drop(round::<Node>(&answer, at)),
            "/bulk/power/stop" => {
                round::<BulkPowerRequest>(&request, at);
                round::<BulkResult>(&answer, at);
            }
            "/vms/101/migrate/check" => drop(round::<Check>(&answer, at)),
            "/vms/101/migrate/status" => drop(round::<MigrationStatus>(&answer, at)),
            "/bulk/snapshots" => {
                let plan: BulkDryRun = serde_json::from_value(answer).unwrap();
                assert_eq!((plan.affected.len(), plan.estimated), (3, Some(45.0)));
                assert!(plan.affected[0].would_succeed);
            }
            _ => continue,
        }
        seen += 1;
    }
    assert!(seen >= 17, "{seen}");
}

#[test]
fn what_the_examples_say() {
    let rows: Vec<Vm> = rounds(
        &example("GET /vms?tags=env-prod&status=running&limit=20").answer,
        "",
    );
    assert_eq!(
        (rows[0].vmid, &rows[0].status, rows[0].cpu),
        (VmId(101), &VmStatus::Running, Some(Fraction(0.15234)))
    );
    assert_eq!(
        (rows[0].uptime, rows[0].tags.len(), &rows[0].lock),
        (Some(Seconds(432_000)), 3, &None)
    );

    let tasks: Vec<Task> = rounds(
        &example("GET /tasks?limit=5&statusfilter=running,error").answer,
        "",
    );
    assert_eq!(
        (tasks[0].state(), tasks[0].vm()),
        (TaskState::Running, Some(VmId(103)))
    );

    let resources: Vec<ClusterResource> =
        rounds(&example("GET /cluster/resources?type=vm").answer, "");
    assert_eq!(resources[0].disk_used(), None, "0 means unknown there");

    let detail: VmDetail = round(&example("GET /vms/101/detail").answer, "");
    assert_eq!(detail.config.flag("agent"), Some(true));
    assert_eq!(detail.config.text("cpu").as_deref(), Some("x86-64-v2-AES"));
    assert_eq!(
        detail.snapshots.unwrap()[0].parent.as_deref(),
        Some("current")
    );
    let backup = &detail.backups.unwrap()[0];
    assert_eq!(
        (backup.storage_name(), backup.format_name()),
        (Some("backup-nas"), Some("vma.zst"))
    );
    assert_eq!(
        backup.file_name(),
        "vzdump-qemu-101-2024_06_21-02_00_00.vma.zst"
    );

    let storages: Vec<Storage> = rounds(&example("GET /storage?enabled=true").answer, "");
    assert_eq!(storages[0].fill(), Some(Fraction(0.6)));
    let snapshots: Vec<Snapshot> = rounds(&example("GET /vms/101/snapshots").answer, "");
    assert_eq!(
        snapshots
            .iter()
            .filter(|snapshot| snapshot.is_current())
            .count(),
        1
    );
}

#[test]
fn the_guides_patterns() {
    let shown = example("Async Operation Response").answer;
    let started = Started::read(&shown.to_string()).unwrap();
    assert_eq!(started.task.unwrap().kind(), Some("qmcreate"));
    assert_eq!(
        (started.message.as_str(), started.estimated),
        ("Operation started", Some(Seconds(30)))
    );

    let shown = example("Error Response").answer;
    let error = once(answer(400, &shown.to_string()), async |client| {
        vms::get(client, VmId(101)).await.unwrap_err()
    });
    assert_eq!(error.kind, ErrorKind::Validation);
    assert_eq!(error.field("memory"), Some("Must be multiple of 1024"));
}

/// The whole way: through the client, as the guide's `curl` line asks.
#[test]
fn the_vm_list_is_asked_for_as_the_guide_asks() {
    let shown = example("GET /vms?tags=env-prod&status=running&limit=20");
    let fake = Fake::new([answer(200, &shown.answer.to_string())]);
    let client = fake.client();
    let query = VmQuery {
        tags: vec!["env-prod".to_owned()],
        status: Some(VmStatus::Running),
        limit: Some(20),
        ..VmQuery::default()
    };
    let rows = fake.run(vms::list(&client, &query)).unwrap();
    assert_eq!(
        fake.calls(),
        ["GET /api/v1/vms?tags=env-prod&status=running&limit=20"]
    );
    same(
        &serde_json::to_value(&rows.good).unwrap(),
        &shown.answer,
        "vms",
    );
}

#[test]
fn the_audit_log_is_asked_for_as_the_guide_asks() {
    let call = "GET /admin/audit?start=2024-06-20T00:00:00Z&limit=10";
    let shown = example(call);
    let fake = Fake::new([answer(200, &shown.answer.to_string())]);
    let client = fake.client();
    let query = AuditQuery {
        start: crate::domain::units::Instant::parse_iso("2024-06-20T00:00:00Z"),
        limit: Some(10),
        ..AuditQuery::default()
    };
    let rows = fake.run(audit::list(&client, &query)).unwrap();
    assert_eq!(
        (rows.good.len(), rows.bad, rows.good[2].success),
        (3, 0, Some(false))
    );
    let sent = fake.calls()[0]
        .replace("%3A", ":")
        .replacen("/api/v1", "", 1);
    assert_eq!(sent, call);
}
