use super::super::*;
use super::{GIB, known};
use crate::domain::config::{ConfigMap, Nic};
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
        growing: vec![("scsi0".into(), Bytes(20 * GIB))],
        nics: vec![
            Nic::parse("net0", "virtio=BC:24:11:00:00:01,bridge=vmbr0,firewall=1"),
            Nic::parse("net1", "e1000=BC:24:11:00:00:02,bridge=vmbr1,tag=20"),
        ],
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

#[test]
fn a_copy_with_other_hardware() {
    let of = source(true, "", "zfs");
    let mut draft = CloneDraft::of(&of, &[], &known());
    draft.name = "copy".into();
    assert_eq!(draft.requests(&of).len(), 1, "as the source is");
    draft.cores = "4".into();
    draft.memory = "8192".into();
    draft.grown = "scsi0".into();
    draft.size = "20".into();
    let found = draft.check(&of, &known());
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].message, "It has 20\u{2009}GiB, and can only grow");
    draft.size = "50".into();
    draft.nics[1].nic.bridge = "vmbr0".into();
    draft.nics[1].nic.vlan = String::new();
    draft.nics[1].readdress = true;
    draft.user_data = "local:snippets/me.yaml".into();
    assert_eq!(draft.check(&of, &known()), []);
    let requests = draft.requests(&of);
    let Request::Clone(_, body) = &requests[0] else {
        panic!()
    };
    assert_eq!(body["diskResize"], json!({"disk": "scsi0", "size": "50G"}));
    // The hardware address is left to the hypervisor: the source's would be there twice.
    let config = json!({
        "cores": 4, "sockets": 1, "memory": 8192, "net1": "e1000,bridge=vmbr0",
        "ipconfig1": "ip=dhcp", "cicustom": "user=local:snippets/me.yaml"
    });
    assert_eq!(requests[1], Request::Configure(VmId(101), config));
    assert_eq!(
        of.nics[0].replugged("vmbr1", "7"),
        "virtio,bridge=vmbr1,tag=7,firewall=1"
    );
    draft.nics[0].nic.bridge = "vmbr9".into();
    let found = draft.check(&of, &known());
    assert_eq!(found[0].field, "net0.bridge");
    assert_eq!(found[0].message, "pve1 has no bridge vmbr9");
    let told = clone_choices(&draft, &of);
    let of_net1 = told.iter().find(|line| line.label == "net1").unwrap();
    assert_eq!(of_net1.value, "vmbr0");
}
