//! Changing a configuration.

use crate::support::Checked;
use serde_json::{Value, json};

fn put(sim: &mut Checked, vm: u32, body: &Value) -> (u16, Value) {
    let answer = sim.call_with("PUT", &format!("/vms/{vm}/config"), body);
    (answer.status, answer.value())
}

#[test]
fn a_stopped_vm_takes_all_at_once() {
    let mut sim = Checked::guide();
    let body = json!({"cores": 6, "memory": 8192, "onboot": true, "description": "hello", "delete": "balloon"});
    let (status, answer) = put(&mut sim, 102, &body);
    assert_eq!(
        (status, answer["message"].as_str()),
        (200, Some("Configuration updated"))
    );
    let config = sim.get("/vms/102/config");
    assert_eq!(
        (&config["cores"], &config["onboot"]),
        (&json!(6), &json!(1))
    );
    assert!(config.get("balloon").is_none());
    let vm = sim.get("/vms/102");
    assert_eq!(
        (&vm["cpus"], &vm["maxmem"]),
        (&json!(6), &json!(8_u64 << 30))
    );
    assert_eq!(sim.get("/vms/102/pending"), json!([]));
    let entry = &sim.get("/admin/audit?limit=1")[0];
    assert_eq!(entry["operation"], "VM_UPDATE");
    assert_eq!(entry["before"]["cores"], 8);
    assert_eq!(entry["after"]["cores"], 6);
}

#[test]
fn a_running_vm_keeps_some_for_later() {
    let mut sim = Checked::guide();
    let (status, answer) = put(
        &mut sim,
        101,
        &json!({"memory": 8192, "name": "web-01", "balloon": null}),
    );
    assert_eq!(status, 200);
    assert!(answer["message"].as_str().unwrap().contains("next start"));
    assert_eq!(
        sim.get("/vms/101/pending"),
        json!([{"key": "memory", "value": 4096, "pending": 8192}])
    );
    let vm = sim.get("/vms/101");
    assert_eq!(
        (&vm["name"], &vm["maxmem"]),
        (&json!("web-01"), &json!(4_u64 << 30))
    );
    assert_eq!(sim.get("/vms/101/config")["memory"], 4096);
    // Back to what runs: nothing waits any more.
    put(&mut sim, 101, &json!({"memory": 4096}));
    assert_eq!(sim.get("/vms/101/pending"), json!([]));
    put(&mut sim, 101, &json!({"memory": 8192}));
    sim.start("/vms/101/reboot");
    sim.wait(15.0);
    assert_eq!(sim.get("/vms/101/pending"), json!([]));
    assert_eq!(sim.get("/vms/101")["maxmem"], 8_u64 << 30);
}

#[test]
fn mistakes_are_told_by_field() {
    let mut sim = Checked::guide();
    for (key, value, words) in [
        ("memory", json!(1000), "multiple of 1024"),
        ("memory", json!("lots"), "multiple of 1024"),
        ("cores", json!(0), "between 1 and 32"),
        ("cores", json!(33), "between 1 and 32"),
        ("balloon", json!(999_999), "larger than memory"),
        ("boot", json!("order=scsi7"), "'scsi7' does not exist"),
        ("name", json!("under_score"), "DNS name"),
        ("onboot", json!(2), "0 or 1"),
        ("agent", json!("perhaps"), "0, 1"),
        ("ostype", json!("beos"), "guest type"),
        ("description", json!("x".repeat(9_000)), "8192"),
        ("net0", json!("virtio"), "bridge"),
        (
            "scsi0",
            json!("local-zfs:vm-102-disk-0,size=1G"),
            "Shrinking",
        ),
        ("color", json!("red"), "not defined in schema"),
        ("name", Value::Null, "Cannot be removed"),
    ] {
        let (status, body) = put(&mut sim, 102, &json!({key: value}));
        assert_eq!(
            (status, body["error"].as_str()),
            (400, Some("VALIDATION_ERROR")),
            "{key}"
        );
        let told = body["details"][key].as_str().unwrap_or_default();
        assert!(told.contains(words), "{key}: {told}");
    }
    let (_, body) = put(&mut sim, 102, &json!({"cores": 0, "memory": 5}));
    assert_eq!(body["details"].as_object().unwrap().len(), 2);
    // Nothing of a refused change stays.
    assert_eq!(sim.get("/vms/102/config")["cores"], 8);
    let entry = &sim.get("/admin/audit?limit=1")[0];
    assert_eq!(
        (&entry["operation"], &entry["success"]),
        (&json!("VM_UPDATE"), &json!(false))
    );
}

#[test]
fn a_stale_digest_is_a_conflict() {
    let mut sim = Checked::guide();
    let digest = sim.get("/vms/101/config")["digest"].clone();
    assert_eq!(
        put(&mut sim, 101, &json!({"onboot": 0, "digest": digest})).0,
        200
    );
    let (status, body) = put(&mut sim, 101, &json!({"onboot": 1, "digest": digest}));
    assert_eq!(
        (status, body["error"].as_str()),
        (409, Some("CONFIG_CHANGED"))
    );
    assert!(
        body["message"]
            .as_str()
            .unwrap()
            .contains("modified configuration")
    );
    let fresh = sim.get("/vms/101/detail")["config"]["digest"].clone();
    assert_eq!(
        put(&mut sim, 101, &json!({"onboot": 1, "digest": fresh})).0,
        200
    );
}

#[test]
fn a_locked_vm_cannot_be_changed() {
    let mut sim = Checked::guide();
    let (status, body) = put(&mut sim, 105, &json!({"onboot": 0}));
    assert_eq!((status, body["error"].as_str()), (409, Some("VM_LOCKED")));
}

#[test]
fn protection_is_switched_and_heeded() {
    let mut sim = Checked::guide();
    assert_eq!(put(&mut sim, 102, &json!({"protection": 1})).0, 200);
    assert_eq!(sim.refused("DELETE", "/vms/102").1, "VM_PROTECTED");
    assert_eq!(put(&mut sim, 102, &json!({"protection": 0})).0, 200);
    assert_eq!(sim.call("DELETE", "/vms/102").status, 202);
}

#[test]
fn the_agent_answers_where_it_is_on() {
    let mut sim = Checked::guide();
    let interfaces = sim.get("/vms/101/agent/interfaces");
    assert_eq!(interfaces[1]["mac"], "aa:bb:cc:dd:ee:ff");
    assert_eq!(interfaces[1]["addresses"][0]["ip"], "192.168.1.101");
    assert_eq!(sim.refused("GET", "/vms/102/agent/interfaces").0, 409);
    sim.patch("vm", "101", &json!({"config": {"agent": 0}}));
    assert_eq!(
        sim.refused("GET", "/vms/101/agent/interfaces").1,
        "AGENT_OFF"
    );
}

#[test]
fn tags_stand_in_the_configuration_and_are_guarded_by_its_digest() {
    let mut sim = Checked::guide();
    let before = sim.get("/vms/102/config");
    let tags = before["tags"].as_str().unwrap().to_owned();
    assert!(tags.contains("env-prod"));
    // The page of the guide shows them beside the configuration alone.
    assert_eq!(sim.get("/vms/102/detail")["config"]["tags"], Value::Null);
    let more = json!({"tags": format!("{tags};audited"), "digest": before["digest"]});
    assert_eq!(put(&mut sim, 102, &more).0, 200);
    let row = sim.get("/vms/102");
    let shown: Vec<&str> = row["tags"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_str)
        .collect();
    assert_eq!(shown.join(";"), format!("{tags};audited"));
    assert_eq!(put(&mut sim, 102, &more).0, 409);
}
