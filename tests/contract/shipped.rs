//! The server as shipped: other paths, other shapes.

use crate::support::Checked;
use serde_json::json;

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
        "/backups",
        "/vms/101/backups",
        "/backups/retention-candidates?retentionPolicy=count:1&includeProtected=true",
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
fn configuration_is_changed_with_a_task() {
    let mut sim = Checked::shipped();
    let answer = sim.call_with("PUT", "/vms/102/config", &json!({"cores": 6}));
    assert_eq!(answer.status, 200);
    let task = answer.value()["taskId"].as_str().unwrap().to_owned();
    assert!(task.contains(":qmconfig:102:"), "{task}");
    assert_eq!(sim.get("/vms/102/config")["cores"], 6);
    let row = &sim.get("/tasks?vmid=102&limit=1")["tasks"][0];
    assert_eq!(
        (&row["type"], &row["status"]),
        (&json!("qmconfig"), &json!("OK"))
    );
    let stale = sim.call_with(
        "PUT",
        "/vms/102/config",
        &json!({"cores": 7, "digest": "old"}),
    );
    assert_eq!(stale.status, 409);
    assert_eq!(sim.get("/vms/102/config")["cores"], 6);
    let wrong = sim.call_with("PUT", "/vms/102/config", &json!({"cores": 0}));
    assert_eq!(wrong.status, 400);
}

#[test]
fn many_are_switched_and_told_one_by_one() {
    let mut sim = Checked::shipped();
    let body = |operation: &str, ids: &str| {
        json!({
            "vmSelectors": [{"type": "VM_IDS", "value": ids}],
            "operation": operation,
        })
    };
    let answer = sim.call_with("POST", "/vms/power/bulk", &body("START", "102, 101,9999"));
    assert_eq!(answer.status, 200, "{}", answer.body.as_str());
    let told = answer.value();
    assert_eq!(told["results"]["102"]["status"], "success");
    assert!(
        told["results"]["102"]["taskId"]
            .as_str()
            .unwrap()
            .contains("qmstart:102")
    );
    assert_eq!(told["results"]["101"]["status"], "skipped");
    assert_eq!(told["results"]["9999"]["status"], "error");
    for (name, count) in [
        ("totalVMs", 3),
        ("successCount", 1),
        ("failureCount", 1),
        ("skippedCount", 1),
    ] {
        assert_eq!(told[name], count, "{name}");
    }
    sim.sim.advance(std::time::Duration::from_mins(1));
    assert_eq!(sim.get("/vms/102")["status"], "running");

    let mut dry = body("STOP", "102");
    dry["dryRun"] = true.into();
    let told = sim.call_with("POST", "/vms/power/bulk", &dry).value();
    assert_eq!(told["results"]["102"]["status"], "dry-run");
    assert_eq!(sim.get("/vms/102")["status"], "running");

    for wrong in [
        body("RESET", "101"),
        body("START", "x"),
        json!({"operation": "START", "vmSelectors": []}),
    ] {
        assert_eq!(
            sim.call_with("POST", "/vms/power/bulk", &wrong).status,
            400,
            "{wrong}"
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
