//! What may be done in which state.

use crate::support::Checked;
use moxxie_ui::sim::Settings;
use serde_json::json;

fn conflict(sim: &mut Checked, method: &str, path: &str, code: &str, words: &str) {
    let answer = sim.call(method, path);
    let body = answer.value();
    assert_eq!(
        (answer.status, body["error"].as_str()),
        (409, Some(code)),
        "{path}: {body}"
    );
    let message = body["message"].as_str().unwrap();
    assert!(message.contains(words), "{path}: {message}");
}

#[test]
fn states_refuse() {
    let mut sim = Checked::guide();
    for (path, code, words) in [
        ("/vms/101/start", "VM_STATE", "already running"),
        ("/vms/102/stop", "VM_STATE", "not running"),
        ("/vms/102/shutdown", "VM_STATE", "not running"),
        ("/vms/101/resume", "VM_STATE", "not paused"),
        ("/vms/117/start", "VM_STATE", "paused"),
        ("/vms/117/shutdown", "VM_STATE", "paused"),
        ("/vms/105/stop", "VM_LOCKED", "VM is locked (backup)"),
        ("/vms/103/start", "VM_LOCKED", "VM is locked (create)"),
        (
            "/vms/128/stop",
            "VM_LOCKED",
            "VM is locked (snapshot-delete)",
        ),
        ("/vms/9000/start", "VM_TEMPLATE", "template"),
    ] {
        conflict(&mut sim, "POST", path, code, words);
    }
    for (path, code, words) in [
        ("/vms/101", "VM_STATE", "running"),
        ("/vms/103", "VM_LOCKED", "locked"),
        ("/vms/118", "VM_PROTECTED", "protection mode enabled"),
        ("/vms/121", "HA_ERROR", "HA resources"),
    ] {
        conflict(&mut sim, "DELETE", path, code, words);
    }
}

#[test]
fn refusals_leave_an_audit_entry() {
    let mut sim = Checked::guide();
    sim.call("DELETE", "/vms/118");
    let entry = &sim.get("/admin/audit?limit=1")[0];
    assert_eq!(entry["operation"], "VM_DELETE");
    assert_eq!(entry["resourceId"], "118");
    assert_eq!(entry["success"], false);
    assert!(entry["error"].as_str().unwrap().contains("protection"));
}

#[test]
fn an_offline_node_cannot_be_worked_on() {
    let mut sim = Checked::guide();
    sim.patch("node", "proxmox-01", &json!({"status": "offline"}));
    assert_eq!(sim.get("/vms/101")["status"], "unknown");
    assert_eq!(sim.get("/cluster/status")["nodes"][0]["online"], false);
    assert_eq!(sim.get("/cluster/status")["cluster"]["quorate"], true);
    let node = sim.get("/nodes/proxmox-01");
    assert_eq!(node["status"], "offline");
    assert!(node.get("cpu").is_none());
    assert_eq!(sim.refused("GET", "/nodes/proxmox-01/services").0, 503);
    assert_eq!(sim.refused("POST", "/vms/101/shutdown").0, 503);
    sim.patch("node", "proxmox-02", &json!({"status": "offline"}));
    assert_eq!(sim.get("/cluster/status")["cluster"]["quorate"], false);
    sim.patch("node", "proxmox-01", &json!({"status": "online"}));
    assert_eq!(sim.get("/vms/101")["status"], "running");
    assert_eq!(sim.get("/vms/102")["status"], "stopped");
}

#[test]
fn high_availability_acts_through_the_manager() {
    let mut sim = Checked::guide();
    let upid = sim.start("/vms/130/shutdown");
    assert!(upid.contains(":hashutdown:130:"), "{upid}");
    sim.wait(20.0);
    assert_eq!(sim.task(&upid)["exitstatus"], "OK");
    assert!(sim.log(&upid)[0].contains("Requesting HA shutdown for VM 130"));
    let vm = sim.get("/vms/130");
    assert_eq!(
        (&vm["status"], &vm["hastate"]),
        (&json!("stopped"), &json!("stopped"))
    );
    let tasks = sim.get("/tasks?vmid=130&type=qmshutdown");
    assert_eq!(tasks[0]["user"], "root@pam");
    sim.patch("vm", "130", &json!({"hastate": "error"}));
    conflict(
        &mut sim,
        "POST",
        "/vms/130/start",
        "HA_ERROR",
        "error state",
    );
}

#[test]
fn strict_safe_mode_wants_the_tag_or_force() {
    let mut sim = Checked::with(Settings {
        safe_mode: "strict",
        ..Settings::default()
    });
    assert_eq!(sim.get("/info")["safeMode"], "strict");
    let answer = sim.call("POST", "/vms/101/shutdown");
    let body = answer.value();
    assert_eq!(
        (answer.status, body["error"].as_str()),
        (403, Some("SAFE_MODE_VIOLATION"))
    );
    assert!(body["details"]["reason"].as_str().unwrap().contains("101"));
    assert!(
        body["details"]["suggestion"]
            .as_str()
            .unwrap()
            .contains("force=true")
    );
    assert_eq!(sim.call("POST", "/vms/101/shutdown?force=true").status, 202);
    // 106 carries the tag.
    assert_eq!(sim.call("POST", "/vms/106/reboot").status, 202);
    assert_eq!(sim.refused("DELETE", "/vms/102").1, "SAFE_MODE_VIOLATION");
    let tag = sim.call_with("POST", "/vms/102/tags", &json!({"tag": "moxxie"}));
    assert_eq!(tag.status, 403);
}

#[test]
fn permissive_safe_mode_refuses_what_is_harsh() {
    let mut sim = Checked::with(Settings {
        safe_mode: "permissive",
        ..Settings::default()
    });
    assert_eq!(sim.call("POST", "/vms/101/reboot").status, 202);
    assert_eq!(
        sim.refused("POST", "/vms/104/stop").1,
        "SAFE_MODE_VIOLATION"
    );
    assert_eq!(sim.refused("DELETE", "/vms/102").1, "SAFE_MODE_VIOLATION");
}

#[test]
fn tags_come_and_go() {
    let mut sim = Checked::guide();
    let add =
        |sim: &mut Checked, tag: &str| sim.call_with("POST", "/vms/101/tags", &json!({"tag": tag}));
    assert_eq!(add(&mut sim, "maint-ok").status, 200);
    assert_eq!(add(&mut sim, "maint-ok").status, 200);
    assert_eq!(add(&mut sim, "no spaces").status, 400);
    assert_eq!(add(&mut sim, "").status, 400);
    let vm = sim.get("/vms/101");
    assert_eq!(
        vm["tags"],
        json!(["env-prod", "client-acme", "web-tier", "maint-ok"])
    );
    assert_eq!(sim.call("DELETE", "/vms/101/tags/env-prod").status, 204);
    assert_eq!(sim.refused("DELETE", "/vms/101/tags/env-prod").0, 404);
    let tags = sim.get("/tags");
    assert_eq!(tags[0]["name"], "env-prod");
    assert_eq!(tags[0]["count"], 14);
    let log = sim.get("/admin/audit?resourceType=VM&limit=2");
    assert_eq!(log[1]["operation"], "TAG_REMOVE");
    assert_eq!(log[1]["success"], true);
}

#[test]
fn counts_of_tags_are_true() {
    let mut sim = Checked::guide();
    let vms = sim.get("/vms");
    for tag in sim.get("/tags").as_array().unwrap() {
        let carry = vms
            .as_array()
            .unwrap()
            .iter()
            .filter(|vm| vm["tags"].as_array().unwrap().contains(&tag["name"]));
        assert_eq!(tag["count"], carry.count(), "{}", tag["name"]);
    }
}
