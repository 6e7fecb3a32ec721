//! Migrations: checked, begun, on their way, arrived, failed, aborted; in both contracts.

use crate::support::{Checked, GUIDE, SHIPPED, fixture, shows};
use moxxie_ui::sim::Settings;
use serde_json::{Value, json};

fn begin(sim: &mut Checked, vm: u32, body: &Value) -> String {
    GUIDE.check_request("POST", "/vms/{vmId}/migrate", body);
    let answer = sim.call_with("POST", &format!("/vms/{vm}/migrate"), body);
    assert_eq!(answer.status, 200, "{}", answer.body.as_str());
    answer.value()["task"].as_str().unwrap().to_owned()
}

fn refused(sim: &mut Checked, vm: u32, body: &Value) -> (u16, String, String) {
    let answer = sim.call_with("POST", &format!("/vms/{vm}/migrate"), body);
    let value = answer.value();
    let text = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
    let why = value["details"]
        .as_object()
        .and_then(|all| all.keys().next().cloned());
    (answer.status, text("error"), why.unwrap_or_default())
}

fn to(node: &str) -> Value {
    json!({"targetNode": node, "online": true, "withLocalDisks": true})
}

#[test]
fn the_check_shows_what_the_guide_shows() {
    let mut sim = Checked::guide();
    let answer = sim.get("/vms/101/migrate/check?target=proxmox-02");
    let mut example = fixture("migrate-check-101.json");
    // The example names the first of the two disks that the VM's detail has.
    shows(
        &answer["localDisks"][0],
        &example["localDisks"][0],
        "localDisks",
    );
    example.as_object_mut().unwrap().remove("localDisks");
    shows(&answer, &example, "check");
    assert_eq!(answer["localDisks"].as_array().unwrap().len(), 2);
}

#[test]
fn a_running_vm_moves_as_the_guide_moves_it() {
    let mut sim = Checked::guide();
    let mut body = fixture("migrate-101.request.json");
    body["bwlimit"] = json!(128_000);
    let upid = begin(&mut sim, 101, &body);
    assert!(upid.starts_with("UPID:proxmox-01:") && upid.contains(":qmigrate:101:"));
    sim.wait(1.0);
    assert_eq!(sim.get("/vms/101")["lock"], "migrate");
    assert_eq!(refused(&mut sim, 101, &to("proxmox-03")).1, "VM_LOCKED");
    // 125 MiB a second, as in the example.
    sim.wait(13.0 * 50.0 * 1024.0 / 125.0 / 20.0 + 1.0);
    let status = sim.get("/vms/101/migrate/status");
    assert_eq!(
        status["status"],
        "drive-scsi0: Transferred 32.5 GiB of 50.0 GiB (65%)"
    );
    assert_eq!(
        (&status["speed"], &status["running"]),
        (&json!("125 MiB/s"), &json!(true))
    );
    let share = status["progress"].as_f64().unwrap();
    assert!(
        (share - 0.65 * 0.9 / 3.0).abs() < 0.01,
        "of both disks: {share}"
    );
    assert!(status["estimatedCompletion"].as_str() > status["startTime"].as_str());
    sim.wait(1500.0);
    assert_eq!(sim.task(&upid)["exitstatus"], "OK");
    let vm = sim.get("/vms/101");
    assert_eq!(
        (&vm["node"], &vm["status"], &vm["lock"]),
        (&json!("proxmox-02"), &json!("running"), &Value::Null)
    );
    let status = sim.get("/vms/101/migrate/status");
    assert_eq!(
        (&status["running"], &status["progress"]),
        (&json!(false), &json!(1.0))
    );
    assert!(status["downtime"].as_f64().unwrap() > 0.0);
    let log = sim.log(&upid).join("\n");
    for line in [
        "to node 'proxmox-02' (192.168.1.11)",
        "drive mirror is starting for drive-scsi1",
        "(100.00%) in ",
        "VM-state",
        "downtime ",
        "migration finished successfully",
        "TASK OK",
    ] {
        assert!(log.contains(line), "{line}: {log}");
    }
    // The attempt that was refused comes before it.
    let entry = &sim.get("/admin/audit?limit=2")[1];
    assert_eq!(
        (&entry["operation"], &entry["details"]["targetNode"]),
        (&json!("VM_MIGRATE"), &json!("proxmox-02"))
    );
}

#[test]
fn a_vm_that_is_off_is_copied_disk_by_disk_to_another_storage() {
    let mut sim = Checked::guide();
    sim.patch(
        "storage",
        "shared-storage",
        &json!({"enabled": true, "active": true}),
    );
    let free = |sim: &mut Checked, name: &str| {
        sim.get(&format!("/storage/{name}/status"))["available"]
            .as_u64()
            .unwrap()
    };
    let before = (
        free(&mut sim, "local-zfs"),
        free(&mut sim, "shared-storage"),
    );
    let body = json!({"targetNode": "proxmox-03", "withLocalDisks": true,
        "targetStorage": {"local-zfs:vm-102-disk-0": "shared-storage"}});
    let upid = begin(&mut sim, 102, &body);
    sim.wait(8.0);
    let share = sim.task(&upid)["progress"].as_f64().unwrap();
    assert!(share > 0.1 && share < 0.9, "{share}");
    sim.wait(60.0);
    assert_eq!(sim.task(&upid)["exitstatus"], "OK");
    assert_eq!(sim.get("/vms/102")["node"], "proxmox-03");
    let disk = sim.get("/vms/102/config")["scsi0"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(disk.starts_with("shared-storage:vm-102-disk-0"), "{disk}");
    let size = 100_u64 << 30;
    assert_eq!(
        (
            free(&mut sim, "local-zfs"),
            free(&mut sim, "shared-storage")
        ),
        (before.0 + size, before.1 - size)
    );
    assert!(
        sim.log(&upid)
            .iter()
            .any(|line| line.contains("total estimated size is 100.0G"))
    );
}

#[test]
fn what_stands_in_the_way_is_named_and_refused() {
    let mut sim = Checked::guide();
    sim.patch("vm", "104", &json!({"config": {"ide2": "local:iso/debian-12.iso,media=cdrom", "hostpci0": "0000:01:00.0"}}));
    let check = sim.get("/vms/104/migrate/check?target=proxmox-01");
    assert_eq!(check["allowed"], false);
    let errors = check["errors"].to_string();
    assert!(
        errors.contains("can't migrate local cdrom 'local:iso/debian-12.iso'")
            && errors.contains("hostpci0"),
        "{errors}"
    );
    assert_eq!(
        refused(&mut sim, 104, &to("proxmox-01")).1,
        "MIGRATION_BLOCKED"
    );
    sim.patch(
        "vm",
        "104",
        &json!({"config": {"ide2": "none,media=cdrom"}}),
    );
    assert_eq!(
        refused(&mut sim, 104, &to("proxmox-01")).1,
        "MIGRATION_BLOCKED"
    );
    let mut forced = to("proxmox-01");
    forced["force"] = json!(true);
    begin(&mut sim, 104, &forced);
    for (vm, body, status, code, field) in [
        (103, to("proxmox-02"), 409, "VM_LOCKED", ""),
        (101, to("proxmox-01"), 400, "VALIDATION_ERROR", "targetNode"),
        (101, to("nowhere"), 404, "NOT_FOUND", ""),
        (101, json!({}), 400, "VALIDATION_ERROR", "targetNode"),
        (
            101,
            json!({"targetNode": "proxmox-02", "withLocalDisks": true}),
            409,
            "VM_STATE",
            "",
        ),
        (
            101,
            json!({"targetNode": "proxmox-02", "online": true}),
            409,
            "MIGRATION_BLOCKED",
            "",
        ),
        (
            102,
            json!({"targetNode": "proxmox-02", "withLocalDisks": true, "targetStorage": {"local-zfs:vm-102-disk-0": "shared-storage"}}),
            400,
            "VALIDATION_ERROR",
            "targetStorage",
        ),
        (
            102,
            json!({"targetNode": "proxmox-02", "migrationType": "fast"}),
            400,
            "VALIDATION_ERROR",
            "migrationType",
        ),
    ] {
        let got = refused(&mut sim, vm, &body);
        assert_eq!((got.0, got.1.as_str()), (status, code), "{vm} {body}");
        assert!(field.is_empty() || got.2 == field, "{vm} {body}: {}", got.2);
    }
    let answer = sim.call_with("POST", "/vms/101/snapshots", &json!({"name": "fresh"}));
    assert_eq!(answer.status, 200);
    sim.wait(5.0);
    let check = sim.get("/vms/101/migrate/check?target=proxmox-02");
    assert!(check["errors"].to_string().contains("if snapshot exists"));
    sim.patch("node", "proxmox-02", &json!({"status": "offline"}));
    assert_eq!(refused(&mut sim, 102, &to("proxmox-02")).1, "NODE_OFFLINE");
}

#[test]
fn a_target_that_goes_away_ends_it() {
    let mut sim = Checked::guide();
    let upid = begin(&mut sim, 104, &to("proxmox-01"));
    sim.wait(4.0);
    sim.patch("node", "proxmox-01", &json!({"status": "offline"}));
    sim.wait(5.0);
    let exit = sim.task(&upid)["exitstatus"].as_str().unwrap().to_owned();
    // The cause stands in the log alone, as Proxmox has it.
    assert_eq!(exit, "migration aborted");
    let log = sim.log(&upid).join("\n");
    assert!(
        log.contains("ERROR: migration aborted (duration 00:00:0")
            && log.contains("): lost connection to node 'proxmox-01'"),
        "{log}"
    );
    let vm = sim.get("/vms/104");
    assert_eq!(
        (&vm["node"], &vm["lock"], &vm["status"]),
        (&json!("proxmox-02"), &Value::Null, &json!("running"))
    );
    let entry = &sim.get("/admin/audit?limit=1")[0];
    assert_eq!(entry["success"], false);
}

#[test]
fn a_full_storage_ends_it_too() {
    let mut sim = Checked::guide();
    let used = 490_u64 << 30;
    sim.patch("storage", "local-zfs", &json!({"used": used}));
    let upid = begin(&mut sim, 102, &to("proxmox-02"));
    sim.wait(5.0);
    assert_eq!(sim.task(&upid)["exitstatus"], "migration aborted");
    assert!(sim.log(&upid).join("\n").contains("out of space"));
    assert_eq!(sim.get("/vms/102")["node"], "proxmox-01");
}

#[test]
fn ha_is_asked_and_begins_it() {
    let mut sim = Checked::guide();
    let upid = begin(&mut sim, 106, &to("proxmox-01"));
    assert!(upid.contains(":hamigrate:106:"));
    sim.wait(1.5);
    assert_eq!(sim.task(&upid)["exitstatus"], "OK");
    assert_eq!(sim.get("/vms/106")["node"], "proxmox-03");
    assert_eq!(
        sim.get("/tasks?type=qmigrate&vmid=106")[0]["status"],
        "running"
    );
    sim.wait(60.0);
    assert_eq!(sim.get("/vms/106")["node"], "proxmox-01");
}

#[test]
fn an_abort_leaves_the_vm_where_it_was() {
    let mut sim = Checked::guide();
    let upid = begin(&mut sim, 104, &to("proxmox-03"));
    sim.wait(3.0);
    assert_eq!(sim.call("DELETE", "/vms/104/migrate").status, 202);
    assert_eq!(sim.task(&upid)["exitstatus"], "migration aborted");
    let log = sim.log(&upid).join("\n");
    assert!(log.contains("): interrupted by signal"), "{log}");
    assert_eq!(sim.get("/vms/104")["node"], "proxmox-02");
    assert_eq!(sim.get("/vms/104")["lock"], Value::Null);
    assert_eq!(sim.refused("DELETE", "/vms/104/migrate").0, 409);
    sim.wait(60.0);
    assert_eq!(sim.get("/vms/104")["node"], "proxmox-02");
}

#[test]
fn safe_mode_asks_for_force() {
    let mut sim = Checked::with(Settings {
        safe_mode: "strict",
        ..Settings::default()
    });
    assert_eq!(
        refused(&mut sim, 101, &to("proxmox-02")).1,
        "SAFE_MODE_VIOLATION"
    );
    let answer = sim.call_with("POST", "/vms/101/migrate?force=true", &to("proxmox-02"));
    assert_eq!(answer.status, 200);
}

#[test]
fn the_shipped_server_has_its_own_shapes() {
    let mut sim = Checked::shipped();
    let check = sim.get("/vms/101/migrate/check?target=proxmox-02");
    assert_eq!(check["running"], true);
    assert!(check.get("allowed").is_none() && check.get("allowed_nodes").is_none());
    assert_eq!(
        sim.get("/vms/102/migrate/check?target=proxmox-02")["allowed_nodes"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    // The cloud-init drive is listed among the local CD drives, devices that are mapped twice.
    sim.patch(
        "vm",
        "102",
        &json!({"config": {"ide2": "local-zfs:vm-102-cloudinit,media=cdrom", "usb0": "mapping=stick"}}),
    );
    let check = sim.get("/vms/102/migrate/check?target=proxmox-02");
    let disks = check["local_disks"].as_array().unwrap();
    let drive = disks.iter().find(|disk| disk["cdrom"] == 1).unwrap();
    assert_eq!(drive["volid"], "local-zfs:vm-102-cloudinit");
    assert_eq!(check["local_resources"], json!(["usb0"]));
    assert_eq!(check["mapped-resources"], json!(["usb0"]));
    let body = json!({"targetNode": "proxmox-02", "allowOfflineMigration": true, "withLocalDisks": true, "targetStorage": "local-zfs"});
    SHIPPED.check_request("POST", "/api/v1/vms/{vmId}/migrate", &body);
    let answer = sim.call_with("POST", "/vms/102/migrate", &body);
    assert_eq!(answer.status, 202, "{}", answer.body.as_str());
    let begun = answer.value();
    let number = begun["migrationId"].as_u64().unwrap();
    let status = sim.get(&format!("/vms/102/migrate/status/{number}"));
    assert_eq!(
        (&status["status"], &status["migrationType"]),
        (&json!("IN_PROGRESS"), &json!("offline"))
    );
    sim.wait(60.0);
    let past = sim.get("/vms/102/migrate/history");
    assert_eq!(
        (&past[0]["status"], &past[0]["targetNode"]),
        (&json!("COMPLETED"), &json!("proxmox-02"))
    );
    assert_eq!(sim.call("GET", "/vms/102/migrate/status/999").status, 404);
}
