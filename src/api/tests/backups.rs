//! Backups: what is sent in each contract, and what is read of either.

use super::fake::{Fake, answer};
use crate::api::backups::{
    self, Backup, BackupQuery, Cleanup, Compression, Mode, NewBackup, Prune, Restore,
    RetentionPolicy, VerifyState,
};
use crate::api::{Contract, ErrorKind};
use crate::domain::ids::VmId;
use crate::domain::retention::{Policy, Rule};
use crate::domain::units::{Bytes, Instant};
use serde_json::{Value, json};

const VM: VmId = VmId(101);
const FILE: &str = "vzdump-qemu-101-2024_06_21-02_00_00.vma.zst";
const STARTED: &str = r#"{"task":"UPID:n:1:2:3:vzdump:101:root@pam:","message":"started"}"#;

fn backup(volid: &str) -> Backup {
    Backup {
        volid: volid.to_owned(),
        ..Backup::default()
    }
}

fn sent(body: Option<String>) -> Value {
    serde_json::from_str(&body.unwrap()).unwrap()
}

#[test]
fn filters_go_to_the_server_or_are_applied_here() {
    let rows = json!([
        {"volid": "nas:backup/a", "vmId": 101, "createdAt": "2024-06-21T02:00:00Z",
         "verifyState": "failed", "storage": "nas", "filename": "a", "sizeHuman": "5.0 GB"},
        {"volid": "nas:backup/b", "vmId": 102}, {"volid": "pbs:backup/c", "vmId": "101"}, {"x": 1}
    ])
    .to_string();
    let fake = Fake::new([answer(200, &rows), answer(200, &rows), answer(200, &rows)]);
    let client = fake.client();
    let wanted = BackupQuery {
        storage: Some("nas".into()),
        vm: Some(VM),
    };
    let found = fake.run(backups::list(&client, &wanted)).unwrap();
    assert_eq!((found.good.len(), found.bad), (1, 1));
    client.set_contract(Contract::Server);
    let found = fake.run(backups::list(&client, &wanted)).unwrap();
    assert_eq!(found.good.len(), 1);
    let row = &found.good[0];
    assert_eq!(row.ctime, Some(Instant::from_secs(1_718_935_200)));
    assert_eq!(row.verified(), VerifyState::Failed);
    assert!(row.is_damaged());
    let all = fake.run(backups::list(&client, &BackupQuery::default()));
    assert_eq!(all.unwrap().good.len(), 3);
    assert_eq!(
        fake.calls(),
        [
            "GET /api/v1/backups?storage=nas&vmId=101",
            "GET /api/v1/backups",
            "GET /api/v1/backups"
        ]
    );
}

#[test]
fn each_call_has_its_way_of_naming_a_backup() {
    let done = || answer(204, "");
    let fake = Fake::new([
        answer(200, r#"{"name":"web","cores":4}"#),
        done(),
        done(),
        answer(202, STARTED),
        answer(202, STARTED),
        answer(202, STARTED),
    ]);
    let client = fake.client();
    let on_nas = backup(&format!("backup-nas:backup/{FILE}"));
    let on_pbs = backup("pbs:backup/vm/101/2024-06-21T02:00:00Z");
    let config = fake.run(backups::config(&client, &on_nas)).unwrap();
    assert_eq!(config["cores"], 4);
    fake.run(backups::protect(&client, &on_nas, false)).unwrap();
    fake.run(backups::set_notes(&client, &on_nas, "a\nb"))
        .unwrap();
    fake.run(backups::verify(&client, &on_pbs)).unwrap();
    fake.run(backups::delete(&client, &on_pbs)).unwrap();
    fake.run(backups::create(&client, VM, &NewBackup::default()))
        .unwrap();
    let pbs = "vm%2F101%2F2024-06-21T02%3A00%3A00Z";
    assert_eq!(
        fake.calls(),
        [
            format!("GET /api/v1/backups/backup-nas/{FILE}/config"),
            format!("POST /api/v1/backups/backup-nas%3Abackup%2F{FILE}/protect?protect=false"),
            format!("PUT /api/v1/backups/backup-nas/{FILE}/notes"),
            format!("POST /api/v1/backups/pbs/{pbs}/verify"),
            format!("DELETE /api/v1/backups/pbs%3Abackup%2F{pbs}"),
            "POST /api/v1/vms/101/backup".to_owned(),
        ]
    );
    assert_eq!(
        sent(backups::notes_shown(&on_nas, "a\nb").body),
        json!({"notes": "a\nb"})
    );
    for volid in ["", "..", "nas:backup/..", "nas:"] {
        let odd = fake.run(backups::verify(&client, &backup(volid)));
        assert!(odd.is_err(), "{volid}: nothing is sent");
    }
}

#[test]
fn a_link_is_offered_where_no_key_is_needed() {
    let fake = Fake::new([]);
    let client = fake.client();
    let on_nas = backup(&format!("backup-nas:backup/{FILE}"));
    let address = backups::download_address(&client, &on_nas).unwrap();
    assert!(address.ends_with(&format!("/api/v1/backups/backup-nas/{FILE}/download")));
    assert!(backups::download_address(&client, &backup("nas:backup/..")).is_err());
    client.set_key(Some("secret".into()));
    let why = backups::download_address(&client, &on_nas).unwrap_err();
    assert!(why.contains("API key") && !why.contains("secret"));
}

#[test]
fn backing_up_says_everything() {
    let new = NewBackup {
        storage: "backup-nas".into(),
        mode: Mode::Stop,
        compression: Compression::None,
        notes: "web-01 (101)".into(),
        protect: true,
    };
    assert_eq!(
        sent(backups::create_shown(VM, &new).body),
        json!({"storage": "backup-nas", "mode": "stop", "compress": "none",
            "notes": "web-01 (101)", "protectBackup": true})
    );
}

#[test]
fn only_the_guides_server_maps_disk_by_disk() {
    let pair = |key: &str, value: &str| [(key.to_owned(), value.to_owned())].into();
    let restore = Restore {
        backup: format!("backup-nas:backup/{FILE}"),
        vm: VmId(150),
        node: "pve1".into(),
        storage: Some("ceph".into()),
        storages: pair("scsi1", "local-zfs"),
        bridges: pair("net0", "vmbr1"),
        unique: false,
        name: Some("web-copy".into()),
        ..Restore::default()
    };
    let mut whole = json!({"backup": restore.backup, "vmId": 150, "targetNode": "pve1",
        "targetStorage": "ceph", "storageMapping": {"scsi1": "local-zfs"},
        "networkMapping": {"net0": "vmbr1"}, "startAfterRestore": false, "unique": false,
        "overwriteExisting": false, "name": "web-copy"});
    let client = Fake::new([]).client();
    assert_eq!(sent(backups::restore_shown(&client, &restore).body), whole);
    client.set_contract(Contract::Server);
    let fields = whole.as_object_mut().unwrap();
    fields.remove("storageMapping");
    fields.remove("networkMapping");
    assert_eq!(sent(backups::restore_shown(&client, &restore).body), whole);
}

#[test]
fn retention_goes_there_and_back() {
    let fake = Fake::new([
        answer(200, r#"{"keepLast":"3","keepDaily":7,"keepWeekly":null}"#),
        answer(200, r#"{"keepLast":2}"#),
        answer(409, r#"{"error":"X","message":"no"}"#),
    ]);
    let client = fake.client();
    let found = fake.run(backups::retention(&client)).unwrap();
    let policy = Policy::default().with(Rule::Last, 3).with(Rule::Daily, 7);
    assert_eq!(found.policy(), policy);
    let sent_policy = RetentionPolicy::of(policy).unwrap();
    assert_eq!(sent_policy.policy(), policy);
    assert_eq!(
        sent(backups::set_retention_shown(sent_policy).body),
        json!({"keepLast": 3, "keepDaily": 7, "keepWeekly": 0, "keepMonthly": 0})
    );
    assert_eq!(
        RetentionPolicy::of(policy.with(Rule::Yearly, 1)),
        Err(Rule::Yearly)
    );
    let now = fake.run(backups::set_retention(&client, sent_policy));
    assert_eq!(now.unwrap().keep_last, Some(2));
    let refused = fake.run(backups::set_retention(&client, sent_policy));
    assert_eq!(refused.unwrap_err().kind, ErrorKind::Conflict);
}

#[test]
fn a_cleanup_is_asked_for_and_read() {
    let row = json!({"volid": "nas:backup/a", "vmId": 101, "vmName": "web", "size": 5,
        "createdAt": "2024-06-21T02:00:00Z", "reason": "Older than 7 days", "isProtected": "1"});
    let told = json!({"totalBackupsAnalyzed": 9, "backupsToDelete": 1, "totalSizeToFree": 5,
        "deletionCandidates": [row, {"vmId": 1}], "dryRun": true});
    let fake = Fake::new([
        answer(
            200,
            &json!([row, {"volid": "nas:x"}, {"vmId": 1}]).to_string(),
        ),
        answer(200, &told.to_string()),
        answer(200, "{}"),
    ]);
    let client = fake.client();
    let wanted = Cleanup {
        prune: Prune::Days(7),
        tags: vec!["env-prod".into(), "client-acme".into()],
        vms: vec![VM],
    };
    let found = fake
        .run(backups::candidates(&client, &wanted, true))
        .unwrap();
    let first = &found.good[0];
    assert_eq!(
        (first.vm_id, first.size, first.is_protected),
        (Some(VM), Some(Bytes(5)), true)
    );
    assert_eq!(found.good[1].vm_id, None, "a VM need not be said");
    assert_eq!(found.bad, 1, "one that names no volume means nothing");
    assert_eq!(first.created_at, Some(Instant::from_secs(1_718_935_200)));
    assert_eq!(
        fake.calls(),
        [
            "GET /api/v1/backups/retention-candidates?retentionPolicy=days%3A7&tags=env-prod%2Cclient-acme&vmIds=101&includeProtected=true"
        ]
    );
    let result = fake.run(backups::cleanup(&client, &wanted, true)).unwrap();
    assert_eq!(
        (result.analyzed, result.to_delete, result.frees),
        (Some(9), Some(1), Some(Bytes(5)))
    );
    assert_eq!((result.candidates.len(), result.dry_run), (1, Some(true)));
    assert_eq!(
        sent(backups::cleanup_shown(&wanted, false).body),
        json!({"retentionPolicy": "days:7", "dryRun": false,
            "tags": ["env-prod", "client-acme"], "vmIds": [101]})
    );
    let silent = fake.run(backups::cleanup(&client, &wanted, true)).unwrap();
    assert_eq!(silent.dry_run, None, "a server that does not say");
    assert_eq!(
        [Prune::Count(3), Prune::Monthly(2)].map(|rule| rule.to_string()),
        ["count:3", "monthly:2"]
    );
}
