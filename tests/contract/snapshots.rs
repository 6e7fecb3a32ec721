//! Snapshots: taken, deleted, gone back to.

use crate::support::Checked;
use moxxie_ui::sim::Settings;
use serde_json::{Value, json};

fn take(sim: &mut Checked, vm: u32, body: &Value) -> String {
    let answer = sim.call_with("POST", &format!("/vms/{vm}/snapshots"), body);
    assert_eq!(answer.status, 200, "{}", answer.body.as_str());
    answer.value()["task"].as_str().unwrap().to_owned()
}

fn begun(sim: &mut Checked, method: &str, path: &str) -> String {
    let answer = sim.call(method, path);
    assert_eq!(answer.status, 202, "{}", answer.body.as_str());
    answer.value()["task"].as_str().unwrap().to_owned()
}

/// Name and parent of each row.
fn parents(sim: &mut Checked, vm: u32) -> Vec<(String, Option<String>)> {
    let list = sim.get(&format!("/vms/{vm}/snapshots"));
    list.as_array()
        .unwrap()
        .iter()
        .map(|row| {
            let text = |name: &str| row[name].as_str().map(ToOwned::to_owned);
            (text("name").unwrap(), text("parent"))
        })
        .collect()
}

fn row(sim: &mut Checked, vm: u32, name: &str) -> Option<Value> {
    let list = sim.get(&format!("/vms/{vm}/snapshots"));
    let mut rows = list.as_array().unwrap().iter();
    rows.find(|row| row["name"] == name).cloned()
}

/// Puts the disks of a VM on a storage that goes back to any snapshot.
fn off_zfs(sim: &mut Checked, vm: u32) {
    let disk = format!("backup-nas:vm-{vm}-disk-0,size=50G");
    sim.patch(
        "vm",
        &vm.to_string(),
        &json!({"config": {"scsi0": disk, "scsi1": null}}),
    );
}

#[test]
fn taken_as_the_guide_does_it() {
    let mut sim = Checked::guide();
    let body = json!({"name": "before-fix", "description": "Before the fix", "ttlHours": 48});
    let upid = take(&mut sim, 101, &body);
    assert!(upid.contains(":qmsnapshot:101:"));
    sim.wait(0.5);
    assert_eq!(sim.get("/vms/101")["lock"], "snapshot");
    sim.wait(5.0);
    assert_eq!(sim.task(&upid)["exitstatus"], "OK");
    assert_eq!(sim.get("/vms/101")["lock"], Value::Null);
    let new = row(&mut sim, 101, "before-fix").unwrap();
    assert_eq!(new["parent"], "before-upgrade-20240621");
    assert_eq!(new["description"], "Before the fix (TTL: 48h)");
    assert_eq!(new["vmstate"], false);
    assert_eq!(
        row(&mut sim, 101, "current").unwrap()["parent"],
        "before-fix"
    );
    let entry = &sim.get("/admin/audit?limit=1")[0];
    assert_eq!(entry["operation"], "SNAPSHOT_CREATE");
}

#[test]
fn memory_is_kept_of_what_runs() {
    let mut sim = Checked::guide();
    let upid = take(
        &mut sim,
        104,
        &json!({"name": "ram", "includeVMState": true}),
    );
    sim.wait(3.0);
    assert!(sim.task(&upid)["progress"].as_f64().unwrap() > 0.2);
    sim.wait(10.0);
    let kept = row(&mut sim, 104, "ram").unwrap();
    assert_eq!(kept["vmstate"], true);
    assert!(kept["size"].as_u64().unwrap() > 1 << 30);
    take(
        &mut sim,
        102,
        &json!({"name": "off", "includeVMState": true}),
    );
    sim.wait(5.0);
    assert_eq!(row(&mut sim, 102, "off").unwrap()["vmstate"], false);
    // Going back to it, the VM runs again.
    let upid = begun(&mut sim, "POST", "/vms/104/snapshots/ram/rollback");
    sim.wait(10.0);
    assert_eq!(sim.task(&upid)["exitstatus"], "OK");
    assert_eq!(sim.get("/vms/104")["status"], "running");
}

#[test]
fn names_and_fields_are_checked() {
    let mut sim = Checked::guide();
    for (body, field) in [
        (json!({"name": "1st"}), "name"),
        (json!({"name": "current"}), "name"),
        (json!({"name": "a b"}), "name"),
        (json!({"name": "x".repeat(41)}), "name"),
        (json!({}), "name"),
        (json!({"name": "ok", "ttlHours": 0}), "ttlHours"),
        (json!({"name": "ok", "ttlHours": 8761}), "ttlHours"),
        (
            json!({"name": "ok", "description": "x".repeat(1025)}),
            "description",
        ),
    ] {
        let answer = sim.call_with("POST", "/vms/101/snapshots", &body);
        let told = answer.value();
        assert_eq!(answer.status, 400, "{body}");
        assert!(told["details"][field].is_string(), "{told}");
    }
    let twice = json!({"name": "initial-setup"});
    let answer = sim.call_with("POST", "/vms/101/snapshots", &twice);
    assert_eq!(answer.value()["error"], "SNAPSHOT_EXISTS");
    assert_eq!(sim.refused("DELETE", "/vms/101/snapshots/none").0, 404);
    assert_eq!(
        sim.refused("POST", "/vms/101/snapshots/none/rollback").0,
        404
    );
    assert_eq!(sim.refused("DELETE", "/vms/7/snapshots/none").0, 404);
}

#[test]
fn locks_templates_nodes_and_safe_mode_refuse() {
    let mut sim = Checked::guide();
    let mut told = |vm: u32| {
        let answer = sim.call_with(
            "POST",
            &format!("/vms/{vm}/snapshots"),
            &json!({"name": "ok"}),
        );
        (
            answer.status,
            answer.value()["error"].as_str().unwrap().to_owned(),
        )
    };
    assert_eq!(told(105), (409, "VM_LOCKED".into()));
    assert_eq!(told(9000), (409, "VM_TEMPLATE".into()));
    take(&mut sim, 101, &json!({"name": "first"}));
    let second = sim.call_with("POST", "/vms/101/snapshots", &json!({"name": "second"}));
    assert_eq!(second.value()["error"], "TASK_RUNNING");
    sim.wait(5.0);
    sim.patch("node", "proxmox-01", &json!({"status": "offline"}));
    assert_eq!(sim.refused("DELETE", "/vms/101/snapshots/first").0, 503);
    let mut sim = Checked::with(Settings {
        safe_mode: "permissive",
        ..Settings::default()
    });
    assert_eq!(
        sim.refused("DELETE", "/vms/101/snapshots/initial-setup"),
        (403, "SAFE_MODE_VIOLATION".into())
    );
}

#[test]
fn deleting_puts_children_on_the_parent() {
    let mut sim = Checked::guide();
    let path = "/vms/101/snapshots/weekly-auto-20240616";
    let upid = begun(&mut sim, "DELETE", path);
    sim.wait(5.0);
    assert_eq!(sim.task(&upid)["exitstatus"], "OK");
    assert_eq!(
        parents(&mut sim, 101),
        [
            ("current".into(), Some("before-upgrade-20240621".into())),
            (
                "before-upgrade-20240621".into(),
                Some("initial-setup".into())
            ),
            ("initial-setup".into(), None),
        ]
    );
    begun(
        &mut sim,
        "DELETE",
        "/vms/101/snapshots/before-upgrade-20240621",
    );
    sim.wait(5.0);
    assert_eq!(
        parents(&mut sim, 101)[0],
        ("current".into(), Some("initial-setup".into()))
    );
}

#[test]
fn going_back_moves_the_place_and_keeps_the_others() {
    let mut sim = Checked::guide();
    off_zfs(&mut sim, 101);
    let upid = begun(
        &mut sim,
        "POST",
        "/vms/101/snapshots/initial-setup/rollback",
    );
    sim.wait(8.0);
    assert_eq!(sim.task(&upid)["exitstatus"], "OK");
    assert_eq!(sim.get("/vms/101")["status"], "stopped");
    let list = parents(&mut sim, 101);
    assert_eq!(list[0], ("current".into(), Some("initial-setup".into())));
    assert_eq!(list.len(), 4);
    // What is taken now is a branch of its own.
    take(&mut sim, 101, &json!({"name": "branch"}));
    sim.wait(5.0);
    assert_eq!(
        row(&mut sim, 101, "branch").unwrap()["parent"],
        "initial-setup"
    );
}

#[test]
fn going_back_brings_the_configuration_back() {
    let mut sim = Checked::guide();
    take(&mut sim, 102, &json!({"name": "small"}));
    sim.wait(5.0);
    let before = sim.get("/vms/102/config")["memory"].clone();
    let put = sim.call_with("PUT", "/vms/102/config", &json!({"memory": 32768}));
    assert_eq!(put.status, 200);
    begun(&mut sim, "POST", "/vms/102/snapshots/small/rollback");
    sim.wait(8.0);
    assert_eq!(sim.get("/vms/102/config")["memory"], before);
}

#[test]
fn zfs_goes_back_to_the_newest_alone() {
    let mut sim = Checked::guide();
    let upid = begun(
        &mut sim,
        "POST",
        "/vms/101/snapshots/initial-setup/rollback",
    );
    sim.wait(5.0);
    let exit = sim.task(&upid)["exitstatus"].as_str().unwrap().to_owned();
    assert!(exit.contains("is not most recent snapshot"), "{exit}");
    let vm = sim.get("/vms/101");
    assert_eq!(
        (&vm["status"], &vm["lock"]),
        (&json!("running"), &Value::Null)
    );
    let newest = "/vms/101/snapshots/before-upgrade-20240621/rollback";
    let upid = begun(&mut sim, "POST", newest);
    sim.wait(8.0);
    assert_eq!(sim.task(&upid)["exitstatus"], "OK");
}

#[test]
fn a_full_or_absent_storage_fails_the_task() {
    let mut sim = Checked::guide();
    let storage = sim.get("/storage/local-zfs/status");
    sim.patch("storage", "local-zfs", &json!({"used": storage["total"]}));
    let upid = take(&mut sim, 101, &json!({"name": "no-room"}));
    sim.wait(5.0);
    let exit = sim.task(&upid)["exitstatus"].as_str().unwrap().to_owned();
    assert!(exit.contains("no space left on 'local-zfs'"), "{exit}");
    assert_eq!(row(&mut sim, 101, "no-room"), None);
    assert_eq!(sim.get("/vms/101")["lock"], Value::Null);
    sim.patch("storage", "local-zfs", &json!({"active": false}));
    let upid = begun(&mut sim, "DELETE", "/vms/101/snapshots/initial-setup");
    sim.wait(5.0);
    assert!(
        sim.task(&upid)["exitstatus"]
            .as_str()
            .unwrap()
            .contains("not online")
    );
    assert!(row(&mut sim, 101, "initial-setup").is_some());
}

#[test]
fn many_at_once() {
    let mut sim = Checked::guide();
    let body = json!({"vmIds": [101, 102, 105, 999], "snapshotName": "pre-maint-{date}",
        "description": "Pre-maintenance snapshot", "ttlHours": 48, "dryRun": true});
    let dry = sim.call_with("POST", "/bulk/snapshots", &body).value();
    assert_eq!(dry["affectedVMs"][0]["proposedName"], "pre-maint-20240624");
    assert_eq!(dry["affectedVMs"][0]["currentSnapshots"], 3);
    let would: Vec<&Value> = dry["affectedVMs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| &row["wouldSucceed"])
        .collect();
    assert_eq!(would, [true, true, false, false]);
    assert_eq!(sim.get("/bulk/operations"), json!([]));
    let body = json!({"vmIds": [101, 102, 105], "snapshotName": "{vm}-{time}", "ttlHours": 48});
    let answer = sim.call_with("POST", "/bulk/snapshots", &body);
    let first = answer.value();
    assert_eq!(
        (&first["inProgress"], &first["failed"]),
        (&json!(2), &json!(1))
    );
    sim.wait(6.0);
    let id = first["operationId"].as_str().unwrap();
    let done = sim.get(&format!("/bulk/operations/{id}"));
    assert_eq!(done["status"], "COMPLETED");
    assert_eq!(
        done["results"][1]["message"],
        "Snapshot created: database-01-120200"
    );
    assert_eq!(done["results"][2]["error"], "VM is locked (backup)");
    let kept = row(&mut sim, 102, "database-01-120200").unwrap();
    assert_eq!(kept["description"], "(TTL: 48h)");
    let entry = &sim.get("/admin/audit?operation=BULK_SNAPSHOT&limit=1")[0];
    assert_eq!(entry["details"]["failed"], 1);
    for bad in [
        json!({"vmIds": [], "snapshotName": "x1"}),
        json!({"vmIds": [101]}),
        json!({"vmIds": [101], "snapshotName": ""}),
        json!({"vmIds": [101], "snapshotName": "x1", "ttlHours": 0}),
    ] {
        assert_eq!(
            sim.call_with("POST", "/bulk/snapshots", &bad).status,
            400,
            "{bad}"
        );
    }
    let body = json!({"vmIds": [101], "snapshotName": "a-{node}", "dryRun": true});
    let dry = sim.call_with("POST", "/bulk/snapshots", &body).value();
    assert!(
        dry["affectedVMs"][0]["reason"]
            .as_str()
            .unwrap()
            .contains("{node}")
    );
}

#[test]
fn the_shipped_server_names_its_task_otherwise() {
    let mut sim = Checked::shipped();
    let list = sim.get("/vms/101/snapshots");
    assert_eq!(list.as_array().unwrap().len(), 3);
    let body = json!({"name": "new", "includeVmState": false});
    let answer = sim.call_with("POST", "/vms/101/snapshots", &body);
    assert_eq!(answer.status, 202);
    assert!(
        answer.value()["taskId"]
            .as_str()
            .unwrap()
            .contains("qmsnapshot")
    );
    sim.wait(5.0);
    assert_eq!(sim.get("/vms/101/snapshots").as_array().unwrap().len(), 4);
    assert_eq!(sim.call("DELETE", "/vms/101/snapshots/new").status, 202);
}
