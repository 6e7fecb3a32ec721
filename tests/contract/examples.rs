//! The guide's examples: what the page shows is what the simulator answers, value for value.
//!
//! Where examples contradict each other, each call answers as its own example does
//! (extensions.md, "Where the guide contradicts itself", 6 and 7): `/detail` of VM 101 shows other
//! snapshots and backups than their lists. Two examples are parts of longer lists: the resource
//! summary and the tags; there the rows must be contained. The bulk example needs VM 104 locked
//! and 105 free, the task example the reverse: the former is tested after changing that.

use crate::support::{Checked, fixture, shows};
use serde_json::{Value, json};

/// The answer is the example, fields beyond it aside.
fn whole(file: &str, path: &str) {
    let mut sim = Checked::guide();
    let answer = sim.get(path);
    shows(&answer, &fixture(file), path);
}

/// The example's rows are the answer's rows of that key, and come in the same order.
fn contained(file: &str, path: &str, key: &str) {
    let mut sim = Checked::guide();
    let answer = sim.get(path);
    let rows = answer.as_array().unwrap();
    let mut last = 0;
    for wanted in fixture(file).as_array().unwrap() {
        let at = rows
            .iter()
            .position(|row| row[key] == wanted[key])
            .unwrap_or_else(|| panic!("{path}: no row {}", wanted[key]));
        shows(&rows[at], wanted, &format!("{path}/{}", wanted[key]));
        assert!(at >= last || path == "/tags", "{path}: order");
        last = at;
    }
}

#[test]
fn dashboard() {
    whole("cluster-status.json", "/cluster/status");
    contained(
        "cluster-resources-vm.json",
        "/cluster/resources?type=vm",
        "id",
    );
    whole(
        "tasks-running-error.json",
        "/tasks?limit=5&statusfilter=running,error",
    );
}

#[test]
fn vm_list() {
    whole(
        "vms-env-prod-running.json",
        "/vms?tags=env-prod&status=running&limit=20",
    );
    contained("tags-filter.json", "/tags", "name");
    contained("tags-summary.json", "/tags", "name");
}

#[test]
fn vm_detail() {
    whole("vm-101-detail.json", "/vms/101/detail");
    whole("vm-101-snapshots.json", "/vms/101/snapshots");
    whole("backups-101.json", "/backups?storage=backup-nas&vmId=101");
    whole(
        "backup-config-101.json",
        "/backups/backup-nas/vzdump-qemu-101-2024_06_21-02_00_00.vma.zst/config",
    );
}

#[test]
fn storage_and_nodes() {
    whole("storage-enabled.json", "/storage?enabled=true");
    whole("node-proxmox-01.json", "/nodes/proxmox-01");
    whole(
        "node-proxmox-01-services.json",
        "/nodes/proxmox-01/services",
    );
}

#[test]
fn audit() {
    whole(
        "audit.json",
        "/admin/audit?start=2024-06-20T00:00:00Z&limit=10",
    );
}

#[test]
fn talos() {
    contained(
        "vms-talos.json",
        "/vms?tags=talos-cluster,cluster-talos-prod-01",
        "vmid",
    );
}

#[test]
fn bulk_stop() {
    let mut sim = Checked::guide();
    sim.patch("vm", "104", &json!({"lock": "backup"}));
    sim.patch("vm", "105", &json!({"lock": null}));
    sim.patch("vm", "102", &json!({"status": "running"}));
    // The running backup of 105 would be in the way.
    let backup = "UPID:proxmox-02:00005678:00FEDCBA:67890DEF:qmbackup:105:root@pam:";
    assert_eq!(sim.call("DELETE", &format!("/tasks/{backup}")).status, 204);
    let request = fixture("bulk-power-stop.request.json");
    let first = sim.call_with("POST", "/bulk/power/stop", &request).value();
    assert_eq!(first["totalTargets"], 4);
    assert_eq!(first["inProgress"], 3);
    sim.wait(15.7);
    let operation = first["operationId"].as_str().unwrap().to_owned();
    let mut done = sim.get(&format!("/bulk/operations/{operation}"));
    let mut example = fixture("bulk-power-stop.json");
    // Identifiers and times are those of another run.
    for body in [&mut done, &mut example] {
        body.as_object_mut().unwrap().remove("operationId");
        body.as_object_mut().unwrap().remove("summary");
        for result in body["results"].as_array_mut().unwrap() {
            if let Some(Value::String(task)) = result.get_mut("task") {
                let parts: Vec<&str> = task.split(':').collect();
                *task = format!("{}:{}:{}", parts[0], parts[5], parts[6]);
            }
        }
    }
    shows(&done, &example, "bulk");
}

#[test]
fn refusals_have_the_guides_shape() {
    let mut sim = Checked::guide();
    let answer = sim.call_with("PUT", "/vms/102/config", &json!({"memory": 1000}));
    assert_eq!(answer.status, 400);
    let mut body = answer.value();
    assert_eq!(body["path"], "/api/v1/vms/102/config");
    body["timestamp"] = fixture("error.json")["timestamp"].clone();
    shows(&body, &fixture("error.json"), "error");
}

#[test]
fn fixtures_keep_their_values_through_parsing() {
    for entry in fixture("index.json").as_array().unwrap() {
        let value = fixture(entry["file"].as_str().unwrap());
        let again: Value = serde_json::from_str(&value.to_string()).unwrap();
        assert_eq!(value, again);
    }
}

#[test]
fn figures_stay_until_the_clock_moves() {
    let mut sim = Checked::guide();
    let before = sim.get("/vms");
    assert_eq!(sim.get("/vms"), before);
    sim.wait(30.0);
    let after = sim.get("/vms");
    assert_ne!(after, before);
    let cpu = |list: &Value| list[0]["cpu"].as_f64().unwrap();
    assert!((cpu(&after) - cpu(&before)).abs() < 0.12, "moves gently");
    for counter in ["netin", "netout", "diskread", "diskwrite", "uptime"] {
        assert!(
            after[0][counter].as_u64() > before[0][counter].as_u64(),
            "{counter} grows"
        );
    }
}
