//! Backups: made, looked into, protected, verified, fetched, deleted, cleared away.

use crate::support::Checked;
use moxxie_ui::sim::Settings;
use serde_json::{Value, json};

const NEWEST: &str = "vzdump-qemu-101-2024_06_21-02_00_00.vma.zst";
const OLDER: &str = "vzdump-qemu-101-2024_06_20-02_00_00.vma.zst";

fn volid(file: &str) -> String {
    format!("backup-nas:backup/{file}")
}

fn encoded(file: &str) -> String {
    volid(file).replace(':', "%3A").replace('/', "%2F")
}

fn begun(sim: &mut Checked, method: &str, path: &str, body: &Value) -> String {
    let answer = sim.call_with(method, path, body);
    assert_eq!(answer.status, 202, "{}", answer.body.as_str());
    answer.value()["task"].as_str().unwrap().to_owned()
}

fn row(sim: &mut Checked, file: &str) -> Option<Value> {
    let list = sim.get("/backups?storage=backup-nas&vmId=101");
    let mut rows = list.as_array().unwrap().iter();
    rows.find(|row| row["volid"] == volid(file).as_str())
        .cloned()
}

fn used(sim: &mut Checked) -> u64 {
    sim.get("/storage/backup-nas/status")["used"]
        .as_u64()
        .unwrap()
}

#[test]
fn made_with_what_was_asked() {
    let mut sim = Checked::guide();
    let before = used(&mut sim);
    let body = json!({"storage": "backup-nas", "mode": "snapshot", "compress": "gzip",
        "notes": "{{guestname}} ({{vmid}}) on {{node}}", "protectBackup": true});
    let upid = begun(&mut sim, "POST", "/vms/101/backup", &body);
    assert!(upid.contains(":vzdump:101:"), "{upid}");
    sim.wait(1.0);
    assert_eq!(sim.get("/vms/101")["lock"], "backup");
    assert_eq!(
        sim.call_with("POST", "/vms/101/backup", &body).status,
        409,
        "one at a time"
    );
    sim.wait(20.0);
    assert_eq!(sim.task(&upid)["exitstatus"], "OK");
    let vm = sim.get("/vms/101");
    assert_eq!(
        (&vm["lock"], &vm["status"]),
        (&Value::Null, &json!("running"))
    );
    let new = sim.get("/vms/101/backups")[0].clone();
    assert_eq!(new["format"], "vma.gz");
    assert_eq!(new["notes"], "web-server-01 (101) on proxmox-01");
    assert_eq!(new["protected"], true);
    assert_eq!(used(&mut sim) - before, new["size"].as_u64().unwrap());
    let file = new["volid"].as_str().unwrap().rsplit('/').next().unwrap();
    let log = sim.log(&upid).join("\n");
    assert!(
        log.contains("--compress gzip") && log.contains(&file[..24]),
        "{log}"
    );
    let kept = sim.get(&format!("/backups/backup-nas/{file}/config"));
    let mut today = sim.get("/vms/101/config");
    today.as_object_mut().unwrap().remove("digest");
    assert_eq!(kept, today, "the configuration as it is now");
    let told = sim.get("/admin/audit?operation=BACKUP_CREATE&limit=2");
    assert_eq!(told[0]["success"], false, "the second attempt");
    assert_eq!(
        (&told[1]["success"], &told[1]["task"]),
        (&json!(true), &json!(upid))
    );
}

#[test]
fn stopping_the_guest_for_it_restarts_it() {
    let mut sim = Checked::guide();
    let body = json!({"storage": "backup-nas", "mode": "stop"});
    let upid = begun(&mut sim, "POST", "/vms/101/backup", &body);
    sim.wait(20.0);
    assert_eq!(sim.task(&upid)["exitstatus"], "OK");
    let vm = sim.get("/vms/101");
    assert_eq!(vm["status"], "running");
    assert!(vm["uptime"].as_u64().unwrap() < 60, "it began anew");
    let body = json!({"storage": "backup-nas", "mode": "suspend"});
    begun(&mut sim, "POST", "/vms/104/backup", &body);
    sim.wait(1.0);
    assert_eq!(sim.get("/vms/104")["status"], "paused");
    sim.wait(20.0);
    assert_eq!(sim.get("/vms/104")["status"], "running");
}

#[test]
fn what_is_asked_is_checked() {
    let mut sim = Checked::guide();
    for (body, field) in [
        (json!({}), "storage"),
        (json!({"storage": "none"}), "storage"),
        (json!({"storage": "local-zfs"}), "storage"),
        (json!({"storage": "backup-nas", "mode": "fast"}), "mode"),
        (
            json!({"storage": "backup-nas", "compress": "rar"}),
            "compress",
        ),
        (
            json!({"storage": "backup-nas", "notes": "{{who}}"}),
            "notes",
        ),
        (json!({"storage": "backup-nas", "notes": 7}), "notes"),
        (json!({"storage": "backup-nas", "size": 7}), "size"),
        (
            json!({"storage": "backup-nas", "protectBackup": "no"}),
            "protectBackup",
        ),
    ] {
        let answer = sim.call_with("POST", "/vms/101/backup", &body);
        assert_eq!(answer.status, 400, "{body}");
        assert!(answer.value()["details"][field].is_string(), "{body}");
    }
    let body = json!({"storage": "backup-nas"});
    assert_eq!(sim.call_with("POST", "/vms/7/backup", &body).status, 404);
    let locked = sim.call_with("POST", "/vms/105/backup", &body);
    assert_eq!(locked.value()["error"], "VM_LOCKED");
    sim.patch("node", "proxmox-01", &json!({"status": "offline"}));
    assert_eq!(sim.call_with("POST", "/vms/101/backup", &body).status, 503);
}

#[test]
fn a_full_or_absent_storage_fails_the_task() {
    let mut sim = Checked::guide();
    let total = sim.get("/storage/backup-nas/status")["total"]
        .as_u64()
        .unwrap();
    let body = json!({"storage": "backup-nas"});
    sim.patch("storage", "backup-nas", &json!({"used": total - (4 << 30)}));
    let upid = begun(&mut sim, "POST", "/vms/101/backup", &body);
    sim.wait(20.0);
    let exit = sim.task(&upid)["exitstatus"].as_str().unwrap().to_owned();
    assert!(exit.contains("No space left"), "{exit}");
    // Full only while it is written.
    sim.patch("storage", "backup-nas", &json!({"used": total / 2}));
    let upid = begun(&mut sim, "POST", "/vms/101/backup", &body);
    sim.wait(2.0);
    sim.patch("storage", "backup-nas", &json!({"used": total}));
    sim.wait(20.0);
    assert!(
        sim.task(&upid)["exitstatus"]
            .as_str()
            .unwrap()
            .contains("No space left")
    );
    sim.patch(
        "storage",
        "backup-nas",
        &json!({"used": total / 2, "active": false}),
    );
    let upid = begun(&mut sim, "POST", "/vms/101/backup", &body);
    sim.wait(20.0);
    assert!(
        sim.task(&upid)["exitstatus"]
            .as_str()
            .unwrap()
            .contains("not online")
    );
    assert_eq!(sim.get("/vms/101/backups").as_array().unwrap().len(), 2);
    assert_eq!(sim.get("/vms/101")["lock"], Value::Null);
}

#[test]
fn protected_ones_are_not_deleted() {
    let mut sim = Checked::guide();
    let path = format!("/backups/{}", encoded(OLDER));
    assert_eq!(
        sim.refused("DELETE", &path),
        (409, "BACKUP_PROTECTED".into())
    );
    let lift = format!("{path}/protect?protect=false");
    assert_eq!(sim.call("POST", &lift).status, 204);
    assert_eq!(row(&mut sim, OLDER).unwrap()["protected"], false);
    let (before, size) = (
        used(&mut sim),
        row(&mut sim, OLDER).unwrap()["size"].as_u64().unwrap(),
    );
    let upid = begun(&mut sim, "DELETE", &path, &Value::Null);
    assert!(upid.contains(":imgdel:101@backup-nas:"), "{upid}");
    assert_eq!(sim.refused("DELETE", &path), (409, "TASK_RUNNING".into()));
    sim.wait(2.0);
    assert_eq!(sim.task(&upid)["exitstatus"], "OK");
    assert_eq!(row(&mut sim, OLDER), None);
    assert_eq!(before - used(&mut sim), size);
    assert_eq!(sim.refused("DELETE", &path).0, 404);
    assert_eq!(sim.refused("POST", &lift).0, 404);
    // Protected while the task was on its way.
    let path = format!("/backups/{}", encoded(NEWEST));
    let upid = begun(&mut sim, "DELETE", &path, &Value::Null);
    sim.call("POST", &format!("{path}/protect?protect=true"));
    sim.wait(2.0);
    assert!(
        sim.task(&upid)["exitstatus"]
            .as_str()
            .unwrap()
            .contains("protected")
    );
    assert!(row(&mut sim, NEWEST).is_some());
    let asked = sim.call("POST", &format!("{path}/protect?protect=perhaps"));
    assert_eq!(asked.status, 400);
}

#[test]
fn verifying_finds_damage() {
    let mut sim = Checked::guide();
    let path = format!("/backups/backup-nas/{NEWEST}/verify");
    let upid = begun(&mut sim, "POST", &path, &Value::Null);
    assert_eq!(sim.refused("POST", &path), (409, "TASK_RUNNING".into()));
    sim.wait(1.2);
    assert!(sim.task(&upid)["progress"].as_f64().unwrap() >= 0.25);
    assert_eq!(
        sim.get("/vms/101")["lock"],
        Value::Null,
        "the VM is left alone"
    );
    sim.wait(5.0);
    let found = row(&mut sim, NEWEST).unwrap()["verification"].clone();
    assert_eq!(
        (&found["state"], &found["upid"]),
        (&json!("ok"), &json!(upid))
    );
    let first = found["lastVerified"].as_i64().unwrap();
    sim.patch("backup", &volid(NEWEST), &json!({"damaged": true}));
    let upid = begun(&mut sim, "POST", &path, &Value::Null);
    sim.wait(5.0);
    assert!(
        sim.task(&upid)["exitstatus"]
            .as_str()
            .unwrap()
            .contains("corruption")
    );
    let found = row(&mut sim, NEWEST).unwrap()["verification"].clone();
    assert_eq!(found["state"], "failed");
    assert!(found["lastVerified"].as_i64().unwrap() > first);
    let history = sim.get("/tasks?type=verifybackup&vmid=101");
    assert_eq!(history.as_array().unwrap().len(), 2);
    assert!(sim.log(&upid)[0].contains(NEWEST), "the log names the file");
    // A storage that is away proves nothing.
    sim.patch("storage", "backup-nas", &json!({"active": false}));
    let upid = begun(&mut sim, "POST", &path, &Value::Null);
    sim.wait(5.0);
    assert!(
        sim.task(&upid)["exitstatus"]
            .as_str()
            .unwrap()
            .contains("not online")
    );
    assert_eq!(row(&mut sim, NEWEST).unwrap()["verification"], found);
    assert_eq!(
        sim.refused("POST", "/backups/backup-nas/none/verify").0,
        404
    );
}

#[test]
fn notes_and_files() {
    let mut sim = Checked::guide();
    let path = format!("/backups/backup-nas/{NEWEST}");
    let notes = json!({"notes": "before the upgrade\nkeep"});
    let answer = sim.call_with("PUT", &format!("{path}/notes"), &notes);
    assert_eq!(answer.status, 204);
    assert_eq!(row(&mut sim, NEWEST).unwrap()["notes"], notes["notes"]);
    for wrong in [
        json!({}),
        json!({"notes": 1}),
        json!({"notes": "x".repeat(8193)}),
    ] {
        let answer = sim.call_with("PUT", &format!("{path}/notes"), &wrong);
        assert_eq!(answer.status, 400);
    }
    let file = sim.call("GET", &format!("{path}/download"));
    assert_eq!(file.status, 200);
    let told = file.header("Content-Disposition").unwrap();
    assert!(told.contains(NEWEST), "{told}");
    assert!(
        file.body
            .as_str()
            .contains("scsi0: local-zfs:vm-101-disk-0,size=50G")
    );
    sim.patch("storage", "backup-nas", &json!({"active": false}));
    assert_eq!(sim.refused("GET", &format!("{path}/download")).0, 503);
    assert_eq!(sim.refused("GET", "/backups/backup-nas/none/config").0, 404);
}

#[test]
fn a_backup_server_has_names_of_its_own() {
    let mut sim = Checked::fleet(30);
    let first = sim.get("/backups?storage=pbs-01")[0].clone();
    let volid = first["volid"].as_str().unwrap();
    let file = volid.strip_prefix("pbs-01:backup/").unwrap();
    assert!(file.starts_with("vm/"), "{file}");
    let path = format!(
        "/backups/pbs-01/{}",
        file.replace('/', "%2F").replace(':', "%3A")
    );
    assert!(sim.get(&format!("{path}/config"))["memory"].is_number());
    let vm = first["vmid"].to_string();
    sim.patch("vm", &vm, &json!({"lock": null}));
    let body = json!({"storage": "pbs-01", "compress": "gzip"});
    let upid = begun(&mut sim, "POST", &format!("/vms/{vm}/backup"), &body);
    sim.wait(120.0);
    assert_eq!(sim.task(&upid)["exitstatus"], "OK");
    let newest = sim.get(&format!("/vms/{vm}/backups"))[0].clone();
    assert_eq!(newest["format"], "pbs-vm");
    let file = sim.call("GET", &format!("{path}/download"));
    assert!(!file.header("Content-Disposition").unwrap().contains(':'));
}

#[test]
fn safe_mode_guards_backups_of_others() {
    let mut sim = Checked::with(Settings {
        safe_mode: "permissive",
        ..Settings::default()
    });
    let path = format!("/backups/{}", encoded(NEWEST));
    assert_eq!(
        sim.refused("DELETE", &path),
        (403, "SAFE_MODE_VIOLATION".into())
    );
    let body = json!({"retentionPolicy": "count:0", "vmIds": [101]});
    let done = sim.call_with("POST", "/backups/cleanup", &body).value();
    assert_eq!(done["backupsToDelete"], 0);
    let body = json!({"storage": "backup-nas"});
    assert_eq!(sim.call_with("POST", "/vms/101/backup", &body).status, 202);
}

#[test]
fn the_shipped_server_has_its_own_rows() {
    let mut sim = Checked::shipped();
    let list = sim.get("/vms/101/backups");
    assert_eq!(list[0]["filename"], NEWEST);
    assert_eq!(
        (&list[0]["verifyState"], &list[0]["compression"]),
        (&json!("ok"), &json!("zstd"))
    );
    let all = sim.get("/backups?vmId=101&storage=none");
    assert!(all.as_array().unwrap().len() > 2, "it knows no filters");
    let body = json!({"storage": "backup-nas"});
    let answer = sim.call_with("POST", "/vms/101/backup", &body);
    assert!(
        answer.value()["taskId"]
            .as_str()
            .unwrap()
            .contains("vzdump")
    );
    let path = format!("/backups/{}", encoded(NEWEST));
    assert_eq!(
        sim.call("POST", &format!("{path}/protect?protect=true"))
            .status,
        204
    );
    assert_eq!(sim.call("DELETE", &path).status, 409);
    let clean = json!({"retentionPolicy": "count:1", "dryRun": true});
    assert_eq!(
        sim.call_with("POST", "/backups/cleanup", &clean).value()["dryRun"],
        true
    );
    let missing = moxxie_ui::sim::Request::new("GET", "/api/v1/backups/retention");
    assert_eq!(sim.sim.handle(&missing).status, 404);
}
