//! Large estates: believable, the same from the same seed, and quick.

use crate::support::Checked;
use moxxie_ui::sim::{Request, Scenario, Sim};
use serde_json::Value;
use std::collections::{BTreeMap, HashSet};
use std::time::{Duration, Instant};

fn fleet(seed: u64, vms: u32) -> Sim {
    Sim::new(
        seed,
        Scenario::Fleet {
            vms,
            start: 1_760_000_000,
        },
    )
}

fn list(sim: &mut Sim) -> String {
    sim.handle(&Request::new("GET", "/api/v1/vms"))
        .body
        .as_str()
        .to_owned()
}

#[test]
fn answers_fit_the_contract() {
    let mut sim = Checked::fleet(700);
    for path in [
        "/info",
        "/cluster/status",
        "/cluster/resources",
        "/vms",
        "/tags",
        "/nodes",
        "/storage",
        "/tasks",
        "/backups",
        "/backups/health",
        "/vms/100/detail",
        "/vms/100/status",
        "/vms/100/metrics?timeframe=week",
        "/vms/100/config",
        "/vms/100/backups",
        "/vms/100/snapshots",
        "/nodes/pve-fra-01",
        "/nodes/pve-fra-01/metrics",
    ] {
        sim.get(path);
    }
    sim.wait(600.0);
    assert!(
        !sim.get("/tasks").as_array().unwrap().is_empty(),
        "life goes on"
    );
    sim.get("/vms");
    sim.get("/nodes/pve-fra-02");
}

#[test]
fn the_estate_is_believable() {
    let mut sim = Checked::fleet(1_200);
    let vms = sim.get("/vms");
    let vms = vms.as_array().unwrap();
    assert_eq!(vms.len(), 1_200);
    let mut states: BTreeMap<&str, usize> = BTreeMap::new();
    for vm in vms {
        *states.entry(vm["status"].as_str().unwrap()).or_default() += 1;
    }
    assert!(
        states["running"] > 700 && states["stopped"] > 60,
        "{states:?}"
    );
    assert!(
        states.contains_key("paused") && states.contains_key("error"),
        "{states:?}"
    );
    let names: HashSet<&str> = vms.iter().map(|vm| vm["name"].as_str().unwrap()).collect();
    assert_eq!(names.len(), 1_200, "names are unique");
    assert!(vms.iter().any(|vm| vm["lock"].is_string()));
    assert!(vms.iter().any(|vm| vm["hastate"].is_string()));
    assert!(vms.iter().any(|vm| vm["template"] == true));
    let nodes = sim.get("/cluster/resources?type=node");
    let nodes = nodes.as_array().unwrap();
    assert_eq!(nodes.len(), 20);
    for node in nodes.iter().filter(|node| node["status"] == "online") {
        let share = node["mem"].as_f64().unwrap() / node["maxmem"].as_f64().unwrap();
        assert!((0.05..0.98).contains(&share), "{node}");
        assert!(
            (0.01..0.98).contains(&node["cpu"].as_f64().unwrap()),
            "{node}"
        );
    }
    for vms in [1, 3, 59, 400] {
        assert_eq!(
            Checked::fleet(vms).get("/vms").as_array().unwrap().len(),
            vms as usize
        );
    }
}

#[test]
fn the_same_seed_gives_the_same_story() {
    let story = |seed: u64| {
        let mut sim = fleet(seed, 300);
        sim.advance(Duration::from_secs(240));
        sim.handle(&Request::new("POST", "/api/v1/vms/100/reboot"));
        sim.advance(Duration::from_secs(60));
        let tasks = sim.handle(&Request::new("GET", "/api/v1/tasks"));
        (list(&mut sim), tasks.body.as_str().to_owned(), sim.seq())
    };
    assert_eq!(story(3), story(3));
    assert_ne!(story(3).0, story(4).0);
}

#[test]
fn about_one_in_a_hundred_changes_between_polls() {
    let mut sim = fleet(1, 10_000);
    sim.advance(Duration::from_secs(60));
    let rows = |text: &str| -> Vec<Value> { serde_json::from_str(text).unwrap() };
    let mut shares = Vec::new();
    let mut before = rows(&list(&mut sim));
    for _ in 0..5 {
        sim.advance(Duration::from_secs(4));
        let after = rows(&list(&mut sim));
        shares.push(
            before
                .iter()
                .zip(&after)
                .filter(|(old, new)| old != new)
                .count(),
        );
        before = after;
    }
    let mean = shares.iter().sum::<usize>() / shares.len();
    println!("rows changed per 4 s among 10,000: {shares:?}");
    assert!((40..300).contains(&mean), "{shares:?}");
}

/// Prints, and fails only where something is off by an order of magnitude: builds differ.
#[test]
fn figures() {
    let started = Instant::now();
    let mut sim = fleet(1, 10_000);
    println!("building 10,000 VMs: {:?}", started.elapsed());
    let started = Instant::now();
    let bytes = list(&mut sim).len();
    println!("first list: {:?}, {bytes} bytes", started.elapsed());
    let started = Instant::now();
    for _ in 0..20 {
        sim.advance(Duration::from_secs(2));
        assert!(list(&mut sim).len() > 3_000_000);
    }
    println!("list after 2 s, mean of 20: {:?}", started.elapsed() / 20);
    let started = Instant::now();
    for index in 0..2_000 {
        let path = format!("/api/v1/vms/{}/status", 100 + index * 3);
        assert_eq!(sim.handle(&Request::new("GET", &path)).status, 200);
    }
    let each = started.elapsed() / 2_000;
    println!("small call, mean of 2,000: {each:?}");
    assert!(each < Duration::from_millis(10));
}

#[test]
fn a_watched_vm_is_lively() {
    let mut sim = Checked::fleet(500);
    let id = sim.get("/vms?status=running&limit=1")[0]["vmid"]
        .as_u64()
        .unwrap();
    sim.get(&format!("/vms/{id}/detail"));
    let mut seen = HashSet::new();
    for _ in 0..10 {
        sim.wait(3.0);
        seen.insert(sim.get(&format!("/vms/{id}/status"))["networkIn"].to_string());
    }
    assert!(seen.len() > 5, "{seen:?}");
}
