//! Tasks: how they begin, go on and end, and what they change.

use crate::support::Checked;
use serde_json::{Value, json};

fn status(sim: &mut Checked, vm: u32) -> String {
    sim.get(&format!("/vms/{vm}"))["status"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[test]
fn start_takes_its_time() {
    let mut sim = Checked::guide();
    let upid = sim.start("/vms/102/start");
    assert!(upid.starts_with("UPID:proxmox-01:") && upid.contains(":qmstart:102:admin@pam:"));
    let task = sim.task(&upid);
    assert_eq!(task["status"], "running");
    assert_eq!(status(&mut sim, 102), "stopped");
    sim.wait(2.0);
    assert_eq!(status(&mut sim, 102), "running");
    assert_eq!(sim.task(&upid)["status"], "running");
    sim.wait(1.0);
    let task = sim.task(&upid);
    assert_eq!(
        (&task["status"], &task["exitstatus"]),
        (&json!("stopped"), &json!("OK"))
    );
    assert_eq!(task["finished"], true);
    assert_eq!(sim.log(&upid), ["TASK OK"]);
    let entry = &sim.get("/admin/audit?limit=1")[0];
    assert_eq!(
        (&entry["operation"], &entry["success"]),
        (&json!("VM_START"), &json!(true))
    );
    assert_eq!(entry["task"], json!(upid));
    assert_eq!(entry["duration"], 2.4);
}

#[test]
fn counters_begin_anew() {
    let mut sim = Checked::guide();
    sim.start("/vms/101/stop");
    sim.wait(2.0);
    let vm = sim.get("/vms/101");
    assert_eq!(vm["status"], "stopped");
    for field in [
        "cpu",
        "mem",
        "netin",
        "netout",
        "diskread",
        "diskwrite",
        "uptime",
    ] {
        assert_eq!(vm[field], 0, "{field}");
    }
    sim.start("/vms/101/start");
    sim.wait(60.0);
    let netin = sim.get("/vms/101")["netin"].as_u64().unwrap();
    assert!(netin > 0 && netin < 1_234_567_890);
}

#[test]
fn suspend_resume_reset_reboot() {
    let mut sim = Checked::guide();
    sim.start("/vms/101/suspend");
    sim.wait(1.0);
    let vm = sim.get("/vms/101");
    assert_eq!((&vm["status"], &vm["cpu"]), (&json!("paused"), &json!(0)));
    assert!(vm["mem"].as_u64().unwrap() > 0);
    sim.start("/vms/101/resume");
    sim.wait(1.0);
    assert_eq!(status(&mut sim, 101), "running");
    sim.start("/vms/101/reset");
    sim.wait(1.0);
    assert!(sim.get("/vms/101")["uptime"].as_u64().unwrap() >= 432_000);
    let upid = sim.start("/vms/101/reboot");
    sim.wait(15.0);
    assert_eq!(sim.task(&upid)["exitstatus"], "OK");
    assert!(sim.get("/vms/101")["uptime"].as_u64().unwrap() < 15);
}

#[test]
fn one_task_at_a_time() {
    let mut sim = Checked::guide();
    sim.start("/vms/102/start");
    sim.wait(1.0);
    assert_eq!(
        sim.refused("POST", "/vms/102/start"),
        (409, "TASK_RUNNING".into())
    );
    assert_eq!(sim.refused("DELETE", "/vms/102").1, "TASK_RUNNING");
    let answer = sim.call("POST", "/vms/102/start").value();
    assert!(
        answer["message"]
            .as_str()
            .unwrap()
            .contains("lock-102.conf")
    );
    assert!(
        answer["details"]["task"]
            .as_str()
            .unwrap()
            .contains("qmstart")
    );
}

#[test]
fn a_shutdown_can_hang_and_be_overruled() {
    let mut sim = Checked::guide();
    // 107 is the one that ignores ACPI.
    let shutdown = sim.start("/vms/107/shutdown");
    sim.wait(30.0);
    assert_eq!(status(&mut sim, 107), "running");
    assert_eq!(sim.refused("POST", "/vms/107/shutdown").0, 409);
    let stop = sim.start("/vms/107/stop");
    assert_eq!(sim.task(&shutdown)["exitstatus"], "interrupted by signal");
    sim.wait(2.0);
    assert_eq!(sim.task(&stop)["exitstatus"], "OK");
    assert_eq!(status(&mut sim, 107), "stopped");
}

#[test]
fn a_hanging_shutdown_times_out() {
    let mut sim = Checked::guide();
    let upid = sim.start("/vms/107/shutdown");
    sim.wait(61.0);
    let task = sim.task(&upid);
    assert_eq!(task["exitstatus"], "VM quit/powerdown failed - got timeout");
    assert_eq!(
        sim.log(&upid),
        ["TASK ERROR: VM quit/powerdown failed - got timeout"]
    );
    assert_eq!(sim.get("/tasks?statusfilter=error")[0]["upid"], json!(upid));
    let entry = &sim.get("/admin/audit?limit=1")[0];
    assert_eq!(entry["success"], false);
    assert!(entry["error"].as_str().unwrap().contains("timeout"));
}

#[test]
fn a_start_can_fail() {
    let mut sim = Checked::guide();
    let upid = sim.start("/vms/122/start");
    sim.wait(3.0);
    assert_eq!(
        sim.task(&upid)["exitstatus"],
        "start failed: QEMU exited with code 1"
    );
    assert_eq!(status(&mut sim, 122), "stopped");
}

#[test]
fn deletion_takes_disks_along() {
    let mut sim = Checked::guide();
    let used = |sim: &mut Checked| sim.get("/storage")[1]["used"].as_u64().unwrap();
    let before = used(&mut sim);
    let answer = sim.call("DELETE", "/vms/102");
    assert_eq!(answer.status, 202);
    let upid = answer.value()["task"].as_str().unwrap().to_owned();
    sim.wait(5.0);
    assert_eq!(sim.call("GET", "/vms/102").status, 404);
    assert!(used(&mut sim) < before);
    let log = sim.log(&upid);
    assert!(log[0].contains("Removing image: local-zfs:vm-102-disk-0"));
    assert!(log.iter().any(|line| line.contains("purging VM 102")));
    assert_eq!(log.last().unwrap(), "TASK OK");
    assert_eq!(sim.refused("DELETE", "/vms/102").0, 404);
}

#[test]
fn the_guides_tasks_go_on() {
    let mut sim = Checked::guide();
    let create = "UPID:proxmox-01:00001234:00ABCDEF:67890ABC:qmcreate:103:root@pam:";
    let backup = "UPID:proxmox-02:00005678:00FEDCBA:67890DEF:qmbackup:105:root@pam:";
    assert_eq!(sim.task(create)["progress"], 0.4);
    let log = sim.log(backup);
    assert!(
        log.iter()
            .any(|line| line.starts_with("INFO: creating vzdump archive"))
    );
    sim.wait(90.0);
    assert_eq!(sim.task(create)["progress"], 0.7);
    sim.wait(210.0);
    assert_eq!(sim.task(create)["exitstatus"], "OK");
    assert_eq!(sim.task(backup)["exitstatus"], "OK");
    assert_eq!(status(&mut sim, 103), "running");
    let vm = sim.get("/vms/105");
    assert_eq!(vm["lock"], Value::Null);
    let newest = &sim.get("/vms/105/backups")[0];
    assert!(newest["ctime"].as_i64().unwrap() > 1_719_230_520);
}

#[test]
fn cancelling_frees_the_lock() {
    let mut sim = Checked::guide();
    let backup = "UPID:proxmox-02:00005678:00FEDCBA:67890DEF:qmbackup:105:root@pam:";
    assert_eq!(sim.get("/vms/105")["lock"], "backup");
    assert_eq!(sim.call("DELETE", &format!("/tasks/{backup}")).status, 204);
    assert_eq!(sim.get("/vms/105")["lock"], Value::Null);
    assert_eq!(sim.task(backup)["exitstatus"], "interrupted by signal");
    assert_eq!(sim.refused("DELETE", &format!("/tasks/{backup}")).0, 409);
    assert_eq!(sim.get("/admin/audit?limit=2")[1]["operation"], "TASK_STOP");
}

#[test]
fn a_backup_fails_later() {
    let mut sim = Checked::guide();
    sim.wait(360.0);
    let failed = sim.get("/tasks?statusfilter=error&type=vzdump");
    assert_eq!(failed[0]["id"], "102");
    assert!(
        failed[0]["exitstatus"]
            .as_str()
            .unwrap()
            .contains("No space left")
    );
    let health = sim.get("/backups/health");
    let database = health["coverage"]
        .as_array()
        .unwrap()
        .iter()
        .find(|vm| vm["vmId"] == 102);
    assert_eq!(database.unwrap()["lastBackupStatus"], "FAILED");
}

#[test]
fn logs_are_paged() {
    let mut sim = Checked::guide();
    let backup = "UPID:proxmox-02:00005678:00FEDCBA:67890DEF:qmbackup:105:root@pam:";
    let page = sim.get(&format!("/tasks/{backup}/log?start=2&limit=3"));
    assert_eq!(page["start_line"], 2);
    assert_eq!(page["lines"].as_array().unwrap().len(), 3);
    assert_eq!(page["lines"][0]["line_number"], 3);
    assert_eq!(page["complete"], false);
    sim.wait(400.0);
    let all = sim.get(&format!("/tasks/{backup}/log?limit=1000"));
    assert_eq!(all["complete"], true);
}

#[test]
fn a_leap_of_days_is_survived() {
    let mut sim = Checked::guide();
    sim.wait(14.0 * 86_400.0);
    assert_eq!(sim.get("/tasks?statusfilter=running"), json!([]));
    assert_eq!(sim.get("/vms/101")["uptime"], 432_000 + 14 * 86_400);
}
