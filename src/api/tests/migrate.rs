//! Migrations: what is sent in each contract, and what is read of either's answers.

use super::fake::{Fake, answer};
use crate::api::Contract;
use crate::api::migrate::{self, Check};
use crate::domain::ids::VmId;
use crate::domain::migrate::Order;
use crate::domain::task::TaskState;
use crate::domain::units::{Fraction, Instant, Seconds};
use serde_json::{Value, json};

const VM: VmId = VmId(101);

fn order() -> Order {
    Order {
        target: "proxmox-02".into(),
        online: true,
        with_local_disks: true,
        storage: [("local-zfs:vm-101-disk-0".to_owned(), "local-zfs".to_owned())].into(),
        ..Order::default()
    }
}

fn body(client: &crate::api::Client, order: &Order) -> Value {
    let shown = migrate::start_shown(client, VM, order);
    assert_eq!(
        (shown.method, shown.path.as_str()),
        ("POST", "/vms/101/migrate")
    );
    serde_json::from_str(&shown.body.unwrap()).unwrap()
}

#[test]
fn each_contract_gets_its_own_words() {
    let guide = include_str!("../../../tests/fixtures/guide/migrate-101.json");
    let shipped =
        r#"{"migrationId":7,"taskUpid":"UPID:x","message":"on its way","statusUrl":"/x"}"#;
    let fake = Fake::new([answer(200, guide), answer(202, shipped)]);
    let client = fake.client();
    let wanted: Value = serde_json::from_str(include_str!(
        "../../../tests/fixtures/guide/migrate-101.request.json"
    ))
    .unwrap();
    assert_eq!(body(&client, &order()), wanted);
    let begun = fake.run(migrate::start(&client, VM, &order())).unwrap();
    assert_eq!(begun.started.task.unwrap().kind(), Some("qmigrate"));
    client.set_contract(Contract::Server);
    let full = Order {
        network: Some("10.0.0.0/24".into()),
        kind: Some("insecure".into()),
        bwlimit: Some(1024),
        force: true,
        ..order()
    };
    assert_eq!(
        body(&client, &full),
        json!({"targetNode": "proxmox-02", "allowOfflineMigration": false, "withLocalDisks": true,
            "targetStorage": "local-zfs", "force": true, "migrationNetwork": "10.0.0.0/24",
            "migrationType": "insecure", "bwlimit": 1024})
    );
    let begun = fake.run(migrate::start(&client, VM, &full)).unwrap();
    assert_eq!(
        (begun.started.task.unwrap().0.as_str(), begun.number),
        ("UPID:x", Some(7))
    );
    // Two storages can't be said in its words.
    let mut two = order();
    two.storage.insert("b".into(), "nas".into());
    assert!(body(&client, &two).get("targetStorage").is_none());
}

#[test]
fn proxmox_own_check_becomes_the_guides() {
    let answer = json!({"running": true, "not_allowed_nodes": {"c": {"unavailable_storages": ["nas"]}},
        "local_disks": [{"volid": "z:vm-1-disk-0", "size": "1024"}, {"volid": "local:iso/a.iso", "cdrom": 1}],
        "local_resources": ["hostpci0"]});
    let check = Check::read(answer.clone(), "b");
    assert_eq!(check.allowed, Some(false));
    assert_eq!(check.local_disks[0].size.map(|size| size.0), Some(1024));
    assert_eq!(check.errors.len(), 2);
    assert!(check.errors[0].contains("cdrom") && check.errors[1].contains("hostpci0"));
    let there = Check::read(answer, "c");
    assert!(there.errors[2].contains("'nas' is not available on node 'c'"));
    // Of a VM that is off it names the nodes; of one that runs it does not.
    let off = json!({"running": false, "allowed_nodes": ["b"], "local_disks": []});
    assert_eq!(Check::read(off.clone(), "b").allowed, Some(true));
    assert_eq!(Check::read(off, "d").allowed, Some(false));
    let on = json!({"running": true, "local_disks": [], "local_resources": []});
    assert_eq!(Check::read(on, "b").allowed, Some(true));
}

#[test]
fn a_check_that_says_nothing_is_silent() {
    for nothing in [
        json!({}),
        json!({"allowed": null}),
        json!({"allowed_nodes": null, "not_allowed_nodes": null, "local_disks": null, "local_resources": null, "running": null}),
        json!({"running": true}),
        json!({"allowed_nodes": 7, "local_disks": "x"}),
    ] {
        assert!(Check::read(nothing.clone(), "b").is_silent(), "{nothing}");
    }
    assert!(!Check::read(json!({"allowed": "1"}), "b").is_silent());
    assert!(!Check::read(json!({"errors": ["no"]}), "b").is_silent());
}

#[test]
fn status_and_history_are_asked_for_as_each_has_them() {
    let guide = include_str!("../../../tests/fixtures/guide/migrate-status-101.json");
    let past = r#"{"id":7,"sourceNode":"a","targetNode":"b","status":"IN_PROGRESS","startedAt":"2024-06-21T14:30:00Z"}"#;
    let history = r#"[{"id":6,"sourceNode":"b","targetNode":"a","status":"FAILED","errorMessage":"lost","startedAt":"2024-06-20T14:30:00Z"},
        {"id":7,"sourceNode":"a","targetNode":"b","migrationType":"online","status":"COMPLETED","startedAt":"2024-06-21T14:30:00Z","durationSeconds":"94","taskUpid":"UPID:x"}]"#;
    let tasks = r#"[{"upid":"UPID:a:1:2:3:qmigrate:101:root@pam:","node":"a","type":"qmigrate","id":"101","status":"stopped","exitstatus":"OK","starttime":10,"endtime":104},
        {"upid":"UPID:a:1:2:3:qmstart:101:root@pam:","node":"a","type":"qmstart","id":"101","status":"stopped","exitstatus":"OK"}]"#;
    let log = r#"{"lines":[{"n":1,"t":"2024-06-24 12:02:00 starting migration of VM 101 to node 'b' (1.2.3.4)"}]}"#;
    let fake = Fake::new([
        answer(200, guide),
        answer(200, tasks),
        answer(200, log),
        answer(200, past),
        answer(200, history),
    ]);
    let client = fake.client();
    let status = fake.run(migrate::status(&client, VM, None)).unwrap();
    assert_eq!(
        (status.progress, status.speed.as_deref()),
        (Some(Fraction(0.65)), Some("125 MiB/s"))
    );
    let rows = fake.run(migrate::history(&client, VM)).unwrap().good;
    assert_eq!(rows.len(), 1);
    assert_eq!(
        (rows[0].from.as_str(), rows[0].to.as_deref(), rows[0].lasted),
        ("a", Some("b"), Some(Seconds(94)))
    );
    client.set_contract(Contract::Server);
    let status = fake.run(migrate::status(&client, VM, Some(7))).unwrap();
    assert!(status.running && status.start_time == Instant::parse_iso("2024-06-21T14:30:00Z"));
    let rows = fake.run(migrate::history(&client, VM)).unwrap().good;
    assert_eq!(
        (rows[0].id, rows[0].state(), rows[0].lasted),
        (Some(7), TaskState::Ok, Some(Seconds(94)))
    );
    assert_eq!(rows[1].state(), TaskState::Failed("lost".into()));
    assert!(fake.run(migrate::status(&client, VM, None)).is_err());
    assert_eq!(
        fake.calls(),
        [
            "GET /api/v1/vms/101/migrate/status",
            "GET /api/v1/tasks?limit=10&type=qmigrate&vmid=101",
            "GET /api/v1/tasks/UPID%3Aa%3A1%3A2%3A3%3Aqmigrate%3A101%3Aroot%40pam%3A/log?start=0&limit=5",
            "GET /api/v1/vms/101/migrate/status/7",
            "GET /api/v1/vms/101/migrate/history"
        ]
    );
}
