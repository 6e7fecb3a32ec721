//! The server as shipped: other paths, other shapes.

use crate::support::Checked;

#[test]
fn answers_fit_its_contract() {
    let mut sim = Checked::shipped();
    for path in [
        "/info",
        "/vms",
        "/vms?tags=env-prod&limit=2",
        "/vms/101",
        "/vms/101/detail",
        "/vms/101/status",
        "/vms/101/tags",
        "/vms/101/config",
        "/tags",
        "/tasks",
        "/tasks?status=running",
        "/storage",
        "/nodes",
        "/backups/health",
        "/safety/config",
    ] {
        sim.get(path);
    }
    assert!(sim.get("/info").get("features").is_none());
    let vm = &sim.get("/vms")[0];
    assert_eq!(vm["template"], 0);
    assert_eq!(vm["cpus"], 0);
    assert!(vm.get("cpu").is_none());
    let tasks = sim.get("/tasks?limit=1");
    assert_eq!(tasks["tasks"].as_array().unwrap().len(), 1);
    assert_eq!(tasks["total"], 11);
}

#[test]
fn power_names_no_task() {
    let mut sim = Checked::shipped();
    let answer = sim.call("POST", "/vms/102/start");
    assert_eq!(answer.status, 202);
    assert!(answer.value().get("task").is_none());
    assert_eq!(
        sim.get("/tasks?vmid=102&limit=1")["tasks"][0]["type"],
        "qmstart"
    );
    for path in ["/vms/101/reset", "/bulk/power/stop"] {
        assert_eq!(
            sim.sim
                .handle(&moxxie_ui::sim::Request::new(
                    "POST",
                    &format!("/api/v1{path}")
                ))
                .status,
            404
        );
    }
    for path in [
        "/cluster/status",
        "/vms/101/metrics",
        "/admin/audit",
        "/nodes/proxmox-01",
    ] {
        assert_eq!(
            sim.sim
                .handle(&moxxie_ui::sim::Request::new(
                    "GET",
                    &format!("/api/v1{path}")
                ))
                .status,
            404
        );
    }
}

#[test]
fn openapi_tells_what_there_is() {
    let mut sim = Checked::shipped();
    let document = sim
        .sim
        .handle(&moxxie_ui::sim::Request::new("GET", "/openapi"))
        .value();
    assert!(document["paths"]["/api/v1/vms/{vmId}/start"]["post"].is_object());
    assert!(document["paths"]["/api/v1/vms/{vmId}/reset"].is_null());
}
