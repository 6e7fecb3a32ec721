//! Backups restored: as new VMs, over those that are there, and what refuses it.

use crate::support::Checked;
use moxxie_ui::sim::Settings;
use serde_json::{Value, json};

const NEWEST: &str = "backup-nas:backup/vzdump-qemu-101-2024_06_21-02_00_00.vma.zst";
const OLDER: &str = "backup-nas:backup/vzdump-qemu-101-2024_06_20-02_00_00.vma.zst";

/// A request, with more or other fields.
fn asked(id: u32, more: &Value) -> Value {
    let mut body = json!({"backup": NEWEST, "vmId": id, "targetNode": "proxmox-01"});
    for (key, value) in more.as_object().unwrap() {
        body[key] = value.clone();
    }
    body
}

fn begun(sim: &mut Checked, body: &Value) -> String {
    let answer = sim.call_with("POST", "/backups/restore", body);
    assert_eq!(answer.status, 202, "{}", answer.body.as_str());
    answer.value()["task"].as_str().unwrap().to_owned()
}

fn refused(sim: &mut Checked, body: &Value) -> Value {
    let answer = sim.call_with("POST", "/backups/restore", body);
    assert!(answer.status >= 400, "{body}");
    answer.value()
}

fn exit(sim: &mut Checked, upid: &str) -> String {
    let task = sim.task(upid);
    task["exitstatus"].as_str().unwrap_or_default().to_owned()
}

fn used(sim: &mut Checked, storage: &str) -> u64 {
    let status = sim.get(&format!("/storage/{storage}/status"));
    status["used"].as_u64().unwrap()
}

#[test]
fn a_new_vm_comes_of_it() {
    let mut sim = Checked::guide();
    sim.patch(
        "storage",
        "shared-storage",
        &json!({"enabled": true, "active": true}),
    );
    let before = used(&mut sim, "shared-storage");
    let body = asked(
        950,
        &json!({"storageMapping": {"scsi0": "shared-storage"},
            "networkMapping": {"net0": "vmbr1"}, "unique": true, "name": "web-copy",
            "startAfterRestore": true, "description": "A copy"}),
    );
    let upid = begun(&mut sim, &body);
    assert!(upid.contains(":qmrestore:950:"), "{upid}");
    assert_eq!(sim.get("/vms/950")["lock"], "create");
    sim.wait(3.0);
    assert!(sim.task(&upid)["progress"].as_f64().unwrap() > 0.0);
    sim.wait(20.0);
    assert_eq!(exit(&mut sim, &upid), "OK");
    let vm = sim.get("/vms/950");
    assert_eq!(
        (&vm["status"], &vm["name"]),
        (&json!("running"), &json!("web-copy"))
    );
    assert_eq!(vm["tags"], sim.get("/vms/101")["tags"]);
    let config = sim.get("/vms/950/config");
    assert_eq!(config["scsi0"], "shared-storage:vm-950-disk-0,size=50G");
    assert_eq!(config["description"], "A copy");
    let nic = config["net0"].as_str().unwrap();
    assert!(
        nic.contains("bridge=vmbr1") && !nic.contains("AA:BB:CC:DD:EE:FF"),
        "{nic}"
    );
    assert!(nic.contains("tag=100"), "{nic}");
    assert_eq!(used(&mut sim, "shared-storage") - before, 50 << 30);
    let entry = &sim.get("/admin/audit?operation=BACKUP_RESTORE&limit=1")[0];
    assert_eq!(
        (&entry["resourceId"], &entry["success"]),
        (&json!("950"), &json!(true))
    );
}

#[test]
fn over_a_vm_that_is_off() {
    let mut sim = Checked::guide();
    let body = asked(101, &json!({"backup": OLDER, "overwriteExisting": true}));
    let running = refused(&mut sim, &body);
    assert_eq!(running["error"], "VM_STATE");
    assert!(
        running["message"]
            .as_str()
            .unwrap()
            .contains("vm is running")
    );
    sim.start("/vms/101/stop");
    sim.wait(3.0);
    let before = sim.get("/vms/101");
    let upid = begun(&mut sim, &body);
    assert_eq!(sim.get("/vms/101")["lock"], "create");
    sim.wait(30.0);
    assert_eq!(exit(&mut sim, &upid), "OK");
    let config = sim.get("/vms/101/config");
    assert_eq!(
        (&config["memory"], config.get("scsi1")),
        (&json!(2048), None)
    );
    let after = sim.get("/vms/101");
    assert_eq!(
        (&after["lock"], &after["status"]),
        (&Value::Null, &before["status"])
    );
    let net = config["net0"].as_str().unwrap();
    assert!(
        net.contains("AA:BB:CC:DD:EE:FF"),
        "the addresses stay: {net}"
    );
    let names = sim.get("/vms/101/snapshots");
    assert_eq!(
        names.as_array().unwrap().len(),
        1,
        "only current is left: {names}"
    );
}

#[test]
fn what_stands_in_the_way_is_said() {
    let mut sim = Checked::guide();
    let over = json!({"overwriteExisting": true});
    let taken = refused(&mut sim, &asked(102, &json!({})));
    assert_eq!(taken["error"], "VM_EXISTS");
    assert!(
        taken["details"]["vmId"]
            .as_str()
            .unwrap()
            .contains("database-01")
    );
    let template = refused(&mut sim, &asked(9000, &over));
    assert_eq!(template["error"], "VM_TEMPLATE");
    let elsewhere = json!({"overwriteExisting": true, "targetNode": "proxmox-02"});
    let elsewhere = refused(&mut sim, &asked(102, &elsewhere));
    assert_eq!(elsewhere["error"], "VM_EXISTS");
    assert!(elsewhere["details"]["targetNode"].is_string());
    let node = sim.get("/vms/102")["node"].clone();
    let there = json!({"overwriteExisting": true, "targetNode": node});
    sim.patch("vm", "102", &json!({"config": {"protection": 1}}));
    assert_eq!(
        refused(&mut sim, &asked(102, &there))["error"],
        "VM_PROTECTED"
    );
    sim.patch(
        "vm",
        "102",
        &json!({"config": {"protection": 0}, "lock": "migrate"}),
    );
    assert_eq!(refused(&mut sim, &asked(102, &there))["error"], "VM_LOCKED");
    for (more, field) in [
        (json!({"backup": "backup-nas:backup/none"}), "backup"),
        (json!({"targetNode": "none"}), "targetNode"),
        (json!({"targetStorage": "backup-nas"}), "targetStorage"),
        (
            json!({"storageMapping": {"scsi7": "local-zfs"}}),
            "storageMapping",
        ),
        (
            json!({"storageMapping": {"scsi0": "none"}}),
            "storageMapping",
        ),
        (
            json!({"networkMapping": {"net9": "vmbr0"}}),
            "networkMapping",
        ),
        (
            json!({"networkMapping": {"net0": "vmbr9"}}),
            "networkMapping",
        ),
        (json!({"vmId": 99}), "vmId"),
        (json!({"name": "no good"}), "name"),
        (json!({"bandwidth": 10001}), "bandwidth"),
        (json!({"force": true}), "force"),
    ] {
        let told = refused(&mut sim, &asked(950, &more));
        assert!(told["details"][field].is_string(), "{more}: {told}");
    }
    assert_eq!(sim.refused("GET", "/vms/950").0, 404, "nothing came of it");
}

#[test]
fn a_full_storage_is_refused_or_fails_the_task() {
    let mut sim = Checked::guide();
    let total = sim.get("/storage/local-zfs/status")["total"]
        .as_u64()
        .unwrap();
    sim.patch("storage", "local-zfs", &json!({"used": total - (10 << 30)}));
    let told = refused(&mut sim, &asked(950, &json!({})));
    assert_eq!(told["error"], "STORAGE_FULL");
    assert!(told["details"]["targetStorage"].is_string());
    sim.patch("storage", "local-zfs", &json!({"used": total / 2}));
    let upid = begun(&mut sim, &asked(950, &json!({})));
    sim.wait(1.0);
    sim.patch("storage", "local-zfs", &json!({"used": total}));
    sim.wait(20.0);
    assert!(exit(&mut sim, &upid).contains("out of space"));
    assert_eq!(
        sim.refused("GET", "/vms/950").0,
        404,
        "what was begun is gone"
    );
}

#[test]
fn damage_shows_when_it_is_read() {
    let mut sim = Checked::guide();
    sim.patch("backup", NEWEST, &json!({"damaged": true}));
    let upid = begun(&mut sim, &asked(950, &json!({})));
    sim.wait(20.0);
    assert!(exit(&mut sim, &upid).contains("corruption"));
    assert_eq!(sim.refused("GET", "/vms/950").0, 404);
    // Over a VM, its disks are lost by then, and the lock is not left behind.
    sim.start("/vms/101/stop");
    sim.wait(3.0);
    let upid = begun(&mut sim, &asked(101, &json!({"overwriteExisting": true})));
    sim.wait(30.0);
    assert!(exit(&mut sim, &upid).contains("corruption"));
    assert_eq!(sim.get("/vms/101")["lock"], Value::Null);
    assert_eq!(sim.get("/vms/101/config").get("scsi0"), None);
}

#[test]
fn a_storage_that_is_away_costs_nothing() {
    let mut sim = Checked::guide();
    sim.start("/vms/101/stop");
    sim.wait(3.0);
    let disks = sim.get("/vms/101/config")["scsi1"].clone();
    sim.patch("storage", "backup-nas", &json!({"active": false}));
    let upid = begun(&mut sim, &asked(101, &json!({"overwriteExisting": true})));
    sim.wait(30.0);
    assert!(exit(&mut sim, &upid).contains("not online"));
    assert_eq!(sim.get("/vms/101/config")["scsi1"], disks);
    assert_eq!(sim.get("/vms/101")["lock"], Value::Null);
}

#[test]
fn cancelled_half_way_nothing_is_left() {
    let mut sim = Checked::guide();
    let before = used(&mut sim, "local-zfs");
    let upid = begun(&mut sim, &asked(950, &json!({})));
    let file = NEWEST.replace(':', "%3A").replace('/', "%2F");
    assert_eq!(
        sim.refused("DELETE", &format!("/backups/{file}")),
        (409, "TASK_RUNNING".into()),
        "what is read is not deleted"
    );
    sim.wait(2.0);
    assert_eq!(sim.call("DELETE", &format!("/tasks/{upid}")).status, 204);
    assert_eq!(sim.refused("GET", "/vms/950").0, 404);
    assert_eq!(used(&mut sim, "local-zfs"), before);
}

#[test]
fn safe_mode_guards_what_is_there() {
    let mut sim = Checked::with(Settings {
        safe_mode: "permissive",
        ..Settings::default()
    });
    let told = refused(&mut sim, &asked(101, &json!({"overwriteExisting": true})));
    assert_eq!(told["error"], "SAFE_MODE_VIOLATION");
    begun(&mut sim, &asked(950, &json!({})));
}

#[test]
fn the_shipped_server_maps_nothing() {
    let mut sim = Checked::shipped();
    sim.patch(
        "storage",
        "shared-storage",
        &json!({"enabled": true, "active": true}),
    );
    let told = refused(
        &mut sim,
        &asked(950, &json!({"networkMapping": {"net0": "vmbr1"}})),
    );
    assert!(told["details"]["networkMapping"].is_string());
    let body = asked(950, &json!({"targetStorage": "shared-storage"}));
    let answer = sim.call_with("POST", "/backups/restore", &body);
    assert_eq!(answer.status, 202);
    assert!(
        answer.value()["taskId"]
            .as_str()
            .unwrap()
            .contains("qmrestore")
    );
    sim.wait(20.0);
    let config = sim.get("/vms/950/config");
    assert_eq!(config["scsi0"], "shared-storage:vm-950-disk-0,size=50G");
    let net = config["net0"].as_str().unwrap();
    assert!(
        !net.contains("AA:BB:CC:DD:EE:FF"),
        "addresses are new unless told otherwise"
    );
}
