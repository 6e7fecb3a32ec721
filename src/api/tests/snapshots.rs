//! Snapshots: what is sent in each contract, and what is read of odd rows.

use super::fake::{Fake, answer};
use crate::api::bulk::{self, BulkSnapshotRequest};
use crate::api::snapshots::{self, NewSnapshot};
use crate::api::{Contract, ErrorKind};
use crate::domain::ids::VmId;
use crate::domain::snapshot::{Life, Ttl};
use crate::domain::units::{Instant, Seconds};

const VM: VmId = VmId(101);
const STARTED: &str = r#"{"task":"UPID:n:1:2:3:qmsnapshot:101:root@pam:","message":"started"}"#;

#[test]
fn each_contract_gets_its_own_words() {
    let new = NewSnapshot {
        name: "before-upgrade-20240621".into(),
        description: "Snapshot before application upgrade".into(),
        memory: false,
        ttl: Some(Ttl(168)),
    };
    let fake = Fake::new([answer(200, STARTED), answer(202, r#"{"taskId":"UPID:x"}"#)]);
    let client = fake.client();
    let started = fake.run(snapshots::create(&client, VM, &new)).unwrap();
    assert!(started.task.unwrap().0.contains("qmsnapshot"));
    client.set_contract(Contract::Server);
    fake.run(snapshots::create(&client, VM, &new)).unwrap();
    let guide = snapshots::create_shown(&fake.client(), VM, &new)
        .body
        .unwrap();
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&guide).unwrap(),
        serde_json::json!({
            "name": "before-upgrade-20240621",
            "description": "Snapshot before application upgrade",
            "includeVMState": false,
            "ttlHours": 168
        })
    );
    let shipped = snapshots::create_shown(&client, VM, &NewSnapshot::default());
    assert_eq!(shipped.path, "/vms/101/snapshots");
    assert!(shipped.body.unwrap().contains("includeVmState"));
}

#[test]
fn names_are_encoded_and_none_leads_elsewhere() {
    let fake = Fake::new([answer(202, STARTED), answer(202, STARTED)]);
    let client = fake.client();
    fake.run(snapshots::delete(&client, VM, "a/b c")).unwrap();
    fake.run(snapshots::roll_back(&client, VM, "x")).unwrap();
    assert_eq!(
        fake.calls(),
        [
            "DELETE /api/v1/vms/101/snapshots/a%2Fb%20c",
            "POST /api/v1/vms/101/snapshots/x/rollback"
        ]
    );
    for name in ["", ".", ".."] {
        assert!(fake.run(snapshots::delete(&client, VM, name)).is_err());
    }
}

#[test]
fn the_lifetime_is_read_wherever_it_stands() {
    let body = r#"[{"name":"current","description":"You are here"},
        {"name":"a","snaptime":1000,"description":"x (TTL: 2h)"},
        {"name":"b","snaptime":"1000","description":"x (TTL: 2h)","ttlHours":"5"},
        {"name":"c","description":"(TTL: 2h)"}, {"name":"d"}, {"nothing":1}]"#;
    let fake = Fake::new([answer(200, body)]);
    let client = fake.client();
    let rows = fake.run(snapshots::list(&client, VM)).unwrap();
    assert_eq!((rows.good.len(), rows.bad), (5, 1));
    let ttl: Vec<_> = rows
        .good
        .iter()
        .map(|row| row.ttl().map(|ttl| ttl.0))
        .collect();
    assert_eq!(ttl, [None, Some(2), Some(5), Some(2), None]);
    let now = Instant::from_secs(1000 + 3 * 3600);
    assert_eq!(rows.good[1].life(now), Some(Life::Over(Seconds(3600))));
    // Without an age nothing counts down.
    assert_eq!(rows.good[3].life(now), None);
}

#[test]
fn many_at_once_in_both_contracts() {
    let dry = r#"{"dryRun":true,"affectedVMs":[
        {"vmId":101,"vmName":"web","currentSnapshots":2,"proposedName":"p-20240621","wouldSucceed":true},
        {"vmId":"102","wouldSucceed":false,"reason":"VM is locked (backup)"}],"estimatedDuration":45,"warnings":[]}"#;
    let shipped = r#"{"results":{"101":{"status":"success","taskId":"UPID:a","snapshotName":"p-1","vmName":"web"},
        "102":{"status":"error","error":"VM is locked"}},"totalVMs":2,"dryRun":true}"#;
    let fake = Fake::new([answer(200, dry), answer(200, shipped), answer(500, "{}")]);
    let client = fake.client();
    let request = BulkSnapshotRequest {
        vm_ids: vec![VM, VmId(102)],
        pattern: "p-{date}".into(),
        ..BulkSnapshotRequest::default()
    };
    let found = fake
        .run(bulk::forecast_snapshots(&client, &request))
        .unwrap();
    assert_eq!(
        found.affected[0].proposed_name.as_deref(),
        Some("p-20240621")
    );
    assert_eq!(found.affected[0].current_snapshots, Some(2));
    assert!(!found.affected[1].would_succeed);
    client.set_contract(Contract::Server);
    let found = fake
        .run(bulk::forecast_snapshots(&client, &request))
        .unwrap();
    assert_eq!(found.affected[0].proposed_name.as_deref(), Some("p-1"));
    assert_eq!(found.affected[1].reason.as_deref(), Some("VM is locked"));
    assert_eq!(
        fake.calls(),
        ["POST /api/v1/bulk/snapshots", "POST /api/v1/snapshots/bulk"]
    );
    let body = bulk::snapshots_shown(&client, &request).body.unwrap();
    assert!(body.contains(r#""value":"101,102""#), "{body}");
    let error = fake.run(bulk::snapshots(&client, &request)).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Server);
}
