//! The stream of events.

use crate::support::{Checked, GUIDE};
use moxxie_ui::sim::{Event, Scenario, Sim};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

fn read(events: &[Arc<Event>]) -> Vec<Value> {
    events
        .iter()
        .map(|event| serde_json::from_str(&event.frame).expect(&event.frame))
        .collect()
}

#[test]
fn a_start_is_told() {
    let mut sim = Checked::guide();
    let before = sim.sim.seq();
    let upid = sim.start("/vms/102/start");
    sim.wait(3.0);
    let since = sim.sim.events(before);
    assert!(!since.gap);
    let events = read(&since.events);
    let seqs: Vec<u64> = events
        .iter()
        .map(|event| event["seq"].as_u64().unwrap())
        .collect();
    assert_eq!(seqs, (before + 1..=since.seq).collect::<Vec<_>>());
    let of_task: Vec<&Value> = events
        .iter()
        .filter(|event| event["id"] == json!(upid))
        .collect();
    let kinds: Vec<&str> = of_task
        .iter()
        .map(|event| event["type"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["created", "log", "updated"]);
    assert_eq!(of_task[1]["data"], json!({"n": 1, "t": "TASK OK"}));
    assert_eq!(of_task[2]["data"], sim.task(&upid));
    let vm = events
        .iter()
        .rfind(|event| event["topic"] == "vm" && event["id"] == "102")
        .unwrap();
    assert_eq!(vm["type"], "updated");
    assert_eq!(vm["data"]["status"], "running");
}

#[test]
fn frames_fit_the_contract() {
    let schema = GUIDE.event_schema();
    let mut sim = Checked::guide();
    sim.call("DELETE", "/vms/102");
    sim.patch("node", "proxmox-02", &json!({"status": "offline"}));
    sim.wait(30.0);
    let mut kinds = std::collections::BTreeSet::new();
    for event in read(&sim.sim.events(0).events) {
        assert!(schema.is_valid(&event), "{event}");
        kinds.insert(format!(
            "{}/{}",
            event["topic"].as_str().unwrap(),
            event["type"].as_str().unwrap()
        ));
    }
    for aside in ["hello", "ping", "gap"] {
        let frame: Value = serde_json::from_str(&sim.sim.aside(aside)).unwrap();
        assert!(schema.is_valid(&frame));
        assert_eq!(frame["seq"], sim.sim.seq());
    }
    for kind in [
        "task/created",
        "task/log",
        "task/progress",
        "task/updated",
        "vm/deleted",
        "usage/updated",
        "node/updated",
    ] {
        assert!(kinds.contains(kind), "{kind} in {kinds:?}");
    }
}

#[test]
fn usage_comes_in_rows() {
    let mut sim = Checked::guide();
    sim.wait(5.0);
    let events = read(&sim.sim.events(0).events);
    let usage = events
        .iter()
        .rfind(|event| event["topic"] == "usage")
        .unwrap();
    let row = usage["data"][0].as_array().unwrap();
    assert_eq!(row.len(), 7);
    let vm = sim.get(&format!("/vms/{}", row[0]));
    for (value, field) in
        row.iter()
            .skip(1)
            .zip(["cpu", "mem", "netin", "netout", "diskread", "diskwrite"])
    {
        assert_eq!(value, &vm[field], "{field}");
    }
}

#[test]
fn too_old_a_number_is_a_gap() {
    let mut sim = Sim::new(1, Scenario::Guide);
    assert!(sim.events(5).gap, "a number of another run");
    assert!(!sim.events(0).gap);
    sim.advance(Duration::from_secs(20_000));
    let seq = sim.seq();
    assert!(seq > 100);
    assert!(!sim.events(seq).gap);
    assert!(sim.events(seq).events.is_empty());
    assert_eq!(sim.events(seq - 3).events.len(), 3);
    while sim.seq() < 6_000 {
        sim.advance(Duration::from_secs(600));
    }
    assert!(sim.events(1).gap);
}
