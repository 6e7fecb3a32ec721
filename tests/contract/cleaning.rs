//! The retention in force, what a rule would remove, and removing it.

use crate::support::Checked;
use serde_json::json;

#[test]
fn retention_is_kept() {
    let mut sim = Checked::guide();
    assert_eq!(sim.get("/backups/retention")["keepDaily"], 7);
    let policy = json!({"keepLast": 1, "keepDaily": 0, "keepWeekly": 2, "keepMonthly": 12});
    let answer = sim.call_with("PUT", "/backups/retention", &policy);
    assert_eq!((answer.status, answer.value()), (200, policy.clone()));
    assert_eq!(sim.get("/backups/retention"), policy);
    for wrong in [
        json!({"keepLast": -1}),
        json!({"keepLast": "3"}),
        json!({"keepYearly": 1}),
    ] {
        assert_eq!(
            sim.call_with("PUT", "/backups/retention", &wrong).status,
            400
        );
    }
}

/// Files of the candidates of a rule for VM 101.
fn candidates(sim: &mut Checked, rule: &str, more: &str) -> Vec<String> {
    let path = format!("/backups/retention-candidates?retentionPolicy={rule}&vmIds=101{more}");
    let list = sim.get(&path);
    let rows = list.as_array().unwrap().iter();
    rows.map(|row| row["volid"].as_str().unwrap().rsplit('-').next().unwrap()[..8].to_owned())
        .collect()
}

#[test]
fn a_cleanup_does_what_its_preview_says() {
    let mut sim = Checked::guide();
    let now = sim.sim.now().secs();
    // Besides the guide's two of this and the last day: 10, 40, 41 days old.
    for days in [10, 40, 41] {
        let volid = format!("backup-nas:backup/vzdump-qemu-101-old-00_00_{days}.vma.zst");
        let ctime = now - days * 86_400;
        sim.patch(
            "backup",
            &volid,
            &json!({"vmid": 101, "ctime": ctime, "size": 1000}),
        );
    }
    assert_eq!(
        candidates(&mut sim, "days:30", ""),
        ["00_00_40", "00_00_41"]
    );
    assert_eq!(candidates(&mut sim, "days:10", "").len(), 3);
    assert_eq!(
        candidates(&mut sim, "count:1", ""),
        ["00_00_10", "00_00_40", "00_00_41"],
        "the protected one is no candidate"
    );
    assert_eq!(
        candidates(&mut sim, "count:1", "&includeProtected=true").len(),
        4
    );
    // June and May; of May the newest stays.
    assert_eq!(candidates(&mut sim, "monthly:2", "").len(), 2);
    assert_eq!(candidates(&mut sim, "count:0", "&tags=env-dev"), [""; 0]);
    let body = |dry: bool| json!({"retentionPolicy": "days:30", "vmIds": [101], "dryRun": dry});
    let dry = sim
        .call_with("POST", "/backups/cleanup", &body(true))
        .value();
    assert_eq!(
        [
            &dry["totalBackupsAnalyzed"],
            &dry["backupsToDelete"],
            &dry["backupsRetained"]
        ],
        [5, 2, 3]
    );
    assert_eq!(
        (&dry["totalSizeToFree"], &dry["dryRun"]),
        (&json!(2000), &json!(true))
    );
    sim.wait(2.0);
    assert_eq!(sim.get("/vms/101/backups").as_array().unwrap().len(), 5);
    let done = sim
        .call_with("POST", "/backups/cleanup", &body(false))
        .value();
    assert_eq!(done["deletionCandidates"], dry["deletionCandidates"]);
    sim.wait(2.0);
    assert_eq!(sim.get("/vms/101/backups").as_array().unwrap().len(), 3);
    assert_eq!(
        sim.get("/tasks?type=imgdel&statusfilter=ok")
            .as_array()
            .unwrap()
            .len(),
        2
    );
    for wrong in [
        json!({}),
        json!({"retentionPolicy": "weeks:3"}),
        json!({"retentionPolicy": "days:-3"}),
        json!({"retentionPolicy": "days:3", "vmIds": "101"}),
    ] {
        assert_eq!(
            sim.call_with("POST", "/backups/cleanup", &wrong).status,
            400,
            "{wrong}"
        );
    }
    assert_eq!(sim.refused("GET", "/backups/retention-candidates").0, 400);
}
