//! Migrations: what is sent in each contract, and what is read of either's answers.

use super::fake::{Fake, answer};
use crate::api::Contract;
use crate::api::migrate::{self, Check};
use crate::domain::ids::VmId;
use crate::domain::migrate::{Order, Seen};
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
    // The cloud-init drive is made anew; a VM that is off takes mapped devices along.
    let mut known = json!({"running": false, "allowed_nodes": ["b"], "local_resources": ["hostpci0"],
        "local_disks": [{"volid": "z:vm-1-cloudinit", "cdrom": 1}], "mapped-resources": ["hostpci0"]});
    assert_eq!(Check::read(known.clone(), "b").errors, Vec::<String>::new());
    known["running"] = true.into();
    assert_eq!(Check::read(known, "b").errors.len(), 1);
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
    // "IN_PROGRESS" is no operation.
    assert!(status.running && status.status.is_empty());
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

#[test]
fn one_without_an_answer_is_looked_for_where_the_server_tells_of_it() {
    let none = r#"{"tasks":[],"total":0,"filtered":0}"#;
    let history = r#"[{"id":6,"status":"COMPLETED","startedAt":"2024-06-21T14:29:00Z","taskUpid":"UPID:old"},
        {"id":7,"status":"IN_PROGRESS","startedAt":"2024-06-21T14:30:00Z","taskUpid":"UPID:x"}]"#;
    let vm = r#"{"vmid":101,"name":"web","node":"a","status":"running"}"#;
    let locked = r#"{"vmid":101,"status":"running","lock":"migrate"}"#;
    let free = r#"{"vmid":101,"status":"running","lock":"null"}"#;
    let failed = r#"{"error":"x","message":"x","status":403}"#;
    let missing = r#"{"error":"x","message":"x","status":404}"#;
    let fake = Fake::new([
        answer(200, history),
        answer(200, "[]"),
        answer(200, none),
        answer(200, none),
        answer(403, failed),
        answer(200, vm),
        answer(200, locked),
        answer(200, vm),
        answer(200, free),
        answer(404, missing),
    ]);
    let client = fake.client();
    client.set_contract(Contract::Server);
    let since = Instant::parse_iso("2024-06-21T14:30:00Z").unwrap();
    let found = fake.run(migrate::begun_since(&client, VM, since)).unwrap();
    let found = found.unwrap();
    assert_eq!(
        (found.number, found.task.unwrap().0.as_str()),
        (Some(7), "UPID:x")
    );
    assert_eq!(
        fake.run(migrate::begun_since(&client, VM, since)).unwrap(),
        None
    );
    // What it can't tell is not "nothing".
    assert!(fake.run(migrate::begun_since(&client, VM, since)).is_err());
    let on = |moving| Seen::On {
        node: "a".into(),
        moving,
    };
    assert_eq!(fake.run(migrate::whereabouts(&client, VM)), on(true));
    assert_eq!(fake.run(migrate::whereabouts(&client, VM)), on(false));
    assert_eq!(fake.run(migrate::whereabouts(&client, VM)), Seen::Gone);
}

#[test]
fn the_cause_stands_near_the_end_of_a_long_log() {
    let first = r#"{"total_lines":900,"lines":[{"n":1,"t":"x"}]}"#;
    let last = r#"{"total_lines":900,"lines":[{"n":899,"t":"2024-06-24 12:02:00 ERROR: migration aborted (duration 00:14:02): no space left"}]}"#;
    let fake = Fake::new([answer(200, first), answer(200, last)]);
    let client = fake.client();
    let task = crate::domain::ids::Upid("UPID:x".into());
    let why = fake.run(migrate::cause(&client, &task));
    assert_eq!(why.as_deref(), Some("no space left"));
    assert!(fake.calls()[1].ends_with("log?start=700&limit=200"));
}
