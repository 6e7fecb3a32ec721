//! Power actions on many VMs.

use crate::support::Checked;
use moxxie_ui::sim::Settings;
use serde_json::{Value, json};

fn run(sim: &mut Checked, action: &str, body: &Value) -> Value {
    let answer = sim.call_with("POST", &format!("/bulk/power/{action}"), body);
    assert_eq!(answer.status, 200, "{}", answer.body.as_str());
    answer.value()
}

fn operation(sim: &mut Checked, first: &Value) -> Value {
    sim.get(&format!(
        "/bulk/operations/{}",
        first["operationId"].as_str().unwrap()
    ))
}

#[test]
fn all_at_once() {
    let mut sim = Checked::guide();
    let first = run(
        &mut sim,
        "start",
        &json!({"vmIds": [102, 111, 101, 103, 999], "parallel": true}),
    );
    assert_eq!(first["status"], "IN_PROGRESS");
    assert_eq!(first["inProgress"], 2);
    // Running already counts as done; locked and missing fail at once.
    assert_eq!(
        (&first["successful"], &first["failed"]),
        (&json!(1), &json!(2))
    );
    sim.wait(5.0);
    let done = operation(&mut sim, &first);
    assert_eq!(done["status"], "COMPLETED");
    assert_eq!(
        (&done["successful"], &done["failed"]),
        (&json!(3), &json!(2))
    );
    assert_eq!(done["results"][0]["message"], "VM started successfully");
    assert_eq!(done["results"][3]["error"], "VM is locked (create)");
    assert!(
        done["results"][4]["error"]
            .as_str()
            .unwrap()
            .contains("999 not found")
    );
    let entry = &sim.get("/admin/audit?operation=BULK_POWER")[0];
    assert_eq!(entry["resourceId"], done["operationId"]);
    assert_eq!(entry["details"]["failed"], 2);
}

#[test]
fn one_after_the_other_and_cancelled() {
    let mut sim = Checked::guide();
    let first = run(
        &mut sim,
        "start",
        &json!({"vmIds": [102, 111, 112], "parallel": false}),
    );
    assert_eq!(first["results"].as_array().unwrap().len(), 1);
    assert_eq!(first["inProgress"], 3);
    sim.wait(3.0);
    assert_eq!(operation(&mut sim, &first)["successful"], 1);
    let id = first["operationId"].as_str().unwrap();
    assert_eq!(
        sim.call("POST", &format!("/bulk/operations/{id}/cancel"))
            .status,
        200
    );
    sim.wait(5.0);
    let done = operation(&mut sim, &first);
    assert_eq!(done["status"], "CANCELLED");
    assert_eq!(
        (&done["successful"], &done["failed"]),
        (&json!(2), &json!(1))
    );
    assert_eq!(sim.get("/vms/112")["status"], "stopped");
    assert_eq!(
        sim.refused("POST", &format!("/bulk/operations/{id}/cancel"))
            .0,
        409
    );
}

#[test]
fn a_dry_run_changes_nothing() {
    let mut sim = Checked::guide();
    let body = json!({"vmIds": [101, 102, 106, 105], "dryRun": true});
    let dry = run(&mut sim, "shutdown", &body);
    assert_eq!(dry["dryRun"], true);
    let would: Vec<bool> = dry["affectedVMs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|vm| vm["wouldSucceed"].as_bool().unwrap())
        .collect();
    assert_eq!(would, [true, false, true, false]);
    assert_eq!(dry["affectedVMs"][3]["reason"], "VM is locked (backup)");
    assert!(dry["warnings"][0].as_str().unwrap().contains("HA"));
    assert_eq!(sim.get("/bulk/operations"), json!([]));
    assert_eq!(
        sim.get("/tasks?statusfilter=running")
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

#[test]
fn input_is_checked() {
    let mut sim = Checked::guide();
    for body in [
        json!({}),
        json!({"vmIds": []}),
        json!({"vmIds": ["x"]}),
        json!({"vmIds": [101], "timeout": 5}),
    ] {
        assert_eq!(
            sim.call_with("POST", "/bulk/power/stop", &body).status,
            400,
            "{body}"
        );
    }
    let body = json!({"vmIds": [101]});
    assert_eq!(
        sim.call_with("POST", "/bulk/power/explode", &body).status,
        400
    );
}

#[test]
fn safe_mode_holds_for_each() {
    let mut sim = Checked::with(Settings {
        safe_mode: "strict",
        ..Settings::default()
    });
    let first = run(&mut sim, "reboot", &json!({"vmIds": [101, 106]}));
    assert_eq!(
        (&first["failed"], &first["inProgress"]),
        (&json!(1), &json!(1))
    );
    assert!(
        first["results"][0]["error"]
            .as_str()
            .unwrap()
            .contains("safe mode")
    );
    let forced = run(&mut sim, "reboot", &json!({"vmIds": [101], "force": true}));
    assert_eq!(forced["inProgress"], 1);
}

#[test]
fn force_cuts_the_power_of_a_guest_that_hangs() {
    let mut sim = Checked::guide();
    let body = json!({"vmIds": [107], "timeout": 30, "force": false});
    let first = run(&mut sim, "shutdown", &body);
    sim.wait(31.0);
    let done = operation(&mut sim, &first);
    assert_eq!(
        done["results"][0]["error"],
        "VM quit/powerdown failed - got timeout"
    );
    let body = json!({"vmIds": [107], "timeout": 30, "force": true});
    let first = run(&mut sim, "shutdown", &body);
    sim.wait(33.0);
    assert_eq!(operation(&mut sim, &first)["successful"], 1);
    assert_eq!(sim.get("/vms/107")["status"], "stopped");
}
