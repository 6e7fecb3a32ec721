use super::super::*;
use super::{GIB, known};
use crate::domain::config::ConfigMap;
use crate::domain::ids::VmId;
use crate::domain::units::Bytes;
use serde_json::json;

fn source(template: bool, snapshot: &str, on: &str) -> CloneSource {
    CloneSource {
        vm: VmId(9000),
        name: "debian".into(),
        node: "pve1".into(),
        template,
        snapshot: snapshot.into(),
        disks: vec![(on.into(), Bytes(20 * GIB))],
        cores: 2,
        memory: Bytes(2 * GIB),
        cloud_init: true,
    }
}

#[test]
fn linked_copies_as_proxmox_allows_them() {
    let known = known();
    let is = |template, snapshot: &str, on: &str| {
        source(template, snapshot, on).linked(&known) == Linked::Yes
    };
    assert!(is(true, "", "zfs") && is(false, "before", "ceph"));
    assert!(
        !is(false, "", "zfs") && !is(false, "", "ceph"),
        "a VM that goes on changing"
    );
    assert!(!is(false, "before", "zfs"), "ZFS links to templates alone");
    let mut draft = CloneDraft::of(
        &source(false, "", "zfs"),
        &["template".into(), "a".into()],
        &known,
    );
    draft.name = "copy".into();
    assert_eq!(draft.tags, ["a"]);
    assert!(draft.full);
    draft.full = false;
    let found = draft.check(&source(false, "", "zfs"), &known);
    assert!(
        found
            .iter()
            .any(|wrong| wrong.field == "full" && wrong.message.contains("Only templates")),
        "{found:?}"
    );
}

#[test]
fn a_copy_stays_where_its_disks_are() {
    let known = known();
    assert_eq!(source(true, "", "ceph").kept_from("pve2", &known), None);
    let why = source(true, "", "zfs").kept_from("pve2", &known).unwrap();
    assert!(why.contains("zfs"), "{why}");
    let mut draft = CloneDraft::of(&source(true, "", "zfs"), &[], &known);
    draft.name = "copy".into();
    assert_eq!(draft.check(&source(true, "", "zfs"), &known), []);
    draft.node = "pve2".into();
    assert_eq!(
        draft.check(&source(true, "", "zfs"), &known)[0].field,
        "node"
    );
}

#[test]
fn the_request_of_a_copy() {
    let of = source(false, "before", "zfs");
    let mut draft = CloneDraft::of(&of, &[], &known());
    draft.name = "copy".into();
    draft.storage = "ceph".into();
    draft.user = "me".into();
    draft.start = true;
    let requests = draft.requests(&of);
    assert_eq!(
        requests[0],
        Request::Clone(
            VmId(9000),
            json!({
                "newVmId": 101, "name": "copy", "targetNode": "pve1", "fullClone": true, "targetStorage": "ceph",
                "snapshot": "before", "cloudInit": {"user": "me"}
            })
        )
    );
    draft.full = false;
    let Request::Clone(_, body) = &draft.requests(&of)[0] else {
        panic!()
    };
    assert_eq!(
        body.get("targetStorage"),
        None,
        "a linked copy stays where its source is"
    );
    assert!(
        !draft
            .outlook(&of, &known())
            .fills
            .iter()
            .any(|fill| fill.name == "ceph")
    );
}

#[test]
fn a_source_is_read_from_its_configuration() {
    let config: ConfigMap = serde_json::from_value(json!({
        "cores": 2, "sockets": 2, "memory": 4096, "scsi0": "zfs:vm-1-disk-0,size=20G",
        "ide2": "zfs:vm-1-cloudinit,media=cdrom", "ide0": "local:iso/x.iso,media=cdrom"
    }))
    .unwrap();
    let mut source = CloneSource::default();
    source.read(&config);
    assert_eq!(source.disks, [("zfs".to_owned(), Bytes(20 * GIB))]);
    assert_eq!(
        (source.cores, source.memory, source.cloud_init),
        (4, Bytes(4 * GIB), true)
    );
}
