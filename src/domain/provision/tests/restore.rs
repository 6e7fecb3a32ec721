use super::super::*;
use super::{GIB, known};
use crate::domain::ids::VmId;
use crate::domain::units::Bytes;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;

fn source() -> RestoreSource {
    let config = json!({
        "name": "web", "cores": 2, "memory": 2048,
        "scsi0": "zfs:vm-101-disk-0,size=20G", "scsi1": "zfs:vm-101-disk-1,size=1G,backup=0",
        "ide2": "iso:iso/a.iso,media=cdrom", "net0": "virtio=AA:BB:CC:DD:EE:FF,bridge=vmbr0,tag=7"
    });
    let mut source = RestoreSource {
        volid: "nas:backup/vzdump-qemu-101-2024_06_21-02_00_00.vma.zst".into(),
        storage: "nas".into(),
        vm: VmId(101),
        maps: true,
        ..RestoreSource::default()
    };
    source.read(&serde_json::from_value(config).unwrap());
    source
}

fn standing(refused: Option<&str>) -> Standing {
    Standing {
        name: "web".into(),
        node: "pve1".into(),
        refused: refused.map(Into::into),
        holds: BTreeMap::from([("zfs".into(), 15 * GIB)]),
    }
}

fn fields(wrong: &[Wrong]) -> Vec<&str> {
    wrong.iter().map(|wrong| wrong.field.as_str()).collect()
}

fn sent(draft: &RestoreDraft, source: &RestoreSource, vm: Option<&Standing>) -> Restore {
    match draft.requests(source, vm).remove(0) {
        Request::Restore(restore) => *restore,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_in_a_backup_is_read_from_its_configuration() {
    let source = source();
    assert_eq!(source.name, "web");
    // Neither what was left out of the backup nor a CD.
    let disks: Vec<&str> = source.disks.iter().map(|disk| disk.key.as_str()).collect();
    assert_eq!(disks, ["scsi0"]);
    assert_eq!(source.disks[0].size, Some(Bytes(20 * GIB)));
    assert_eq!(source.nics[0].bridge, "vmbr0");
    assert!(source.read);
}

#[test]
fn another_backup_of_the_vm_leaves_what_was_chosen() {
    let (known, mut source) = (known(), source());
    let vm = standing(None);
    let before = RestoreDraft::of(&source, Some(&vm), &known);
    let typed = RestoreDraft {
        over: true,
        unique: false,
        storages: BTreeMap::from([
            ("scsi0".into(), "lvm".into()),
            ("scsi9".into(), "lvm".into()),
        ]),
        ..before.clone()
    };
    source.volid = "nas:backup/older".into();
    source.name = "web-before".into();
    let proposed = RestoreDraft::of(&source, Some(&vm), &known);
    let now = typed.carried(&before, proposed.clone(), &source);
    assert!(now.over && !now.unique);
    assert_eq!(now.backup, "nas:backup/older");
    assert_eq!(now.name, "web-before-restored", "nobody had touched it");
    assert_eq!(now.storages.len(), 1, "there is no scsi9 in it");
    assert_eq!(before.carried(&before, proposed.clone(), &source), proposed);
}

#[test]
fn its_own_number_is_proposed_where_it_is_free() {
    let mut known = known();
    known.vms = Arc::default();
    let gone = RestoreDraft::of(&source(), None, &known);
    assert_eq!(
        (gone.id.as_str(), gone.name.as_str(), gone.unique),
        ("101", "web", false)
    );
    assert_eq!(gone.check(&source(), None, &known), []);
    known.vms = Arc::new([(100, "a".into()), (101, "web".into())].into());
    let beside = RestoreDraft::of(&source(), Some(&standing(None)), &known);
    assert_eq!(
        (beside.id.as_str(), beside.name.as_str()),
        ("102", "web-restored")
    );
    assert!(beside.unique && !beside.over && beside.node == "pve1");
    let restore = sent(&beside, &source(), Some(&standing(None)));
    assert!(restore.vm == VmId(102) && !restore.overwrite && restore.unique);
    assert_eq!(restore.name.as_deref(), Some("web-restored"));
}

#[test]
fn over_a_vm_it_goes_where_that_is_and_only_while_it_may() {
    let known = known();
    let mut draft = RestoreDraft::of(&source(), Some(&standing(None)), &known);
    draft.over = true;
    draft.node = "pve2".into();
    let runs = standing(Some("VM is running: stop it first"));
    let wrong = draft.check(&source(), Some(&runs), &known);
    assert_eq!(fields(&wrong), ["over"]);
    assert!(wrong[0].message.contains("stop it first"));
    assert_eq!(fields(&draft.check(&source(), None, &known)), ["over"]);
    assert_eq!(draft.check(&source(), Some(&standing(None)), &known), []);
    let restore = sent(&draft, &source(), Some(&standing(None)));
    assert_eq!((restore.vm, restore.node.as_str()), (VmId(101), "pve1"));
    assert!(restore.overwrite && restore.name.is_none());
    // The disks that are there go first: only what is beyond them must fit.
    let fill = |draft: &RestoreDraft| {
        let outlook = draft.outlook(&source(), Some(&standing(None)), &known);
        outlook
            .fills
            .iter()
            .find(|fill| fill.name == "zfs")
            .map(|fill| fill.after.0)
    };
    let over = fill(&draft);
    draft.over = false;
    assert_eq!(
        fill(&draft).zip(over).map(|(new, over)| new - over),
        Some(15 * GIB)
    );
}

#[test]
fn a_disk_of_its_own_wins_and_is_left_out_where_nobody_maps() {
    let known = known();
    let mut source = source();
    let mut draft = RestoreDraft::of(&source, None, &known);
    draft.storage = "nowhere".into();
    draft.storages.insert("scsi0".into(), "ceph".into());
    draft.bridges.insert("net0".into(), String::new());
    assert_eq!(draft.storage_of(&source.disks[0], &source), "ceph");
    let restore = sent(&draft, &source, None);
    assert_eq!(
        restore.storages.get("scsi0").map(String::as_str),
        Some("ceph")
    );
    assert!(restore.bridges.is_empty(), "what stays is not sent");
    source.maps = false;
    assert_eq!(draft.storage_of(&source.disks[0], &source), "nowhere");
    assert!(sent(&draft, &source, None).storages.is_empty());
}

#[test]
fn what_is_likely_to_fail_is_said() {
    let known = known();
    let mut source = source();
    let draft = RestoreDraft::of(&source, Some(&standing(None)), &known);
    let bad = |source: &RestoreSource, draft: &RestoreDraft| {
        let outlook = draft.outlook(source, Some(&standing(None)), &known);
        let words = outlook.remarks.into_iter().map(|own| (own.bad, own.words));
        words.collect::<Vec<_>>()
    };
    let same = RestoreDraft {
        unique: false,
        ..draft.clone()
    };
    let said = bad(&source, &same);
    assert!(
        said.iter()
            .any(|(_, words)| words.contains("hardware addresses of web")),
        "{said:?}"
    );
    assert!(
        !bad(&source, &draft)
            .iter()
            .any(|(_, words)| words.contains("hardware"))
    );
    source.damaged = true;
    assert!(bad(&source, &draft)[0].1.contains("damaged"));
    source.disks[0].size = Some(Bytes(1 << 50));
    let full = bad(&source, &draft);
    assert!(
        full.iter()
            .any(|(bad, words)| *bad && words.contains("zfs has")),
        "{full:?}"
    );
}

#[test]
fn nothing_is_asked_before_a_backup_is_chosen() {
    let draft = RestoreDraft::default();
    let wrong = draft.check(&RestoreSource::default(), None, &known());
    assert_eq!(fields(&wrong), ["backup"]);
    assert!(wrong[0].missing && wrong[0].step == Step::Source);
}

#[test]
fn a_run_of_it_knows_its_task() {
    let of = |backup: &str| {
        Restore {
            backup: backup.into(),
            ..Restore::default()
        }
        .task_type()
    };
    assert_eq!(
        of("nas:backup/vzdump-qemu-101-2024_06_21-02_00_00.vma.zst"),
        "qmrestore"
    );
    assert_eq!(
        of("nas:backup/vzdump-lxc-101-2024_06_21-02_00_00.tar.zst"),
        "vzrestore"
    );
    assert_eq!(of("pbs:backup/ct/101/2024-06-21T02:00:00Z"), "vzrestore");
}
