use super::*;
use crate::domain::ids::VmId;
use serde_json::{Value, json};

#[test]
fn what_is_left_empty_is_proposed() {
    let draft = draft();
    assert_eq!(draft.id, "101");
    assert_eq!(draft.node, "pve2", "the node with most room");
    assert_eq!(draft.disks[0].storage, "zfs");
    assert_eq!(draft.nics[0].bridge, "vmbr0");
    assert_eq!(wrong(&draft), []);
}

#[test]
fn what_is_typed_stays_where_the_node_has_it() {
    let mut draft = draft();
    draft.disks[0].storage = "ceph".into();
    draft.move_to("pve1", &known());
    assert_eq!(
        (draft.node.as_str(), draft.disks[0].storage.as_str()),
        ("pve1", "ceph")
    );
    let mut elsewhere = known();
    elsewhere.storages[2].nodes = vec!["pve1".into()];
    elsewhere.storages[0].nodes = vec!["pve1".into()];
    draft.move_to("pve2", &elsewhere);
    assert_eq!(draft.disks[0].storage, "zfs");
    assert_eq!(draft.iso, "", "an image that the node does not reach");
}

/// Step, field, what is typed wrong, what is said about it.
type Case = (&'static str, &'static str, fn(&mut Draft), &'static str);

#[test]
fn each_field_says_what_is_wrong_with_it() {
    let cases: [Case; 17] = [
        ("general", "name", |d| d.name = "new_vm".into(), "DNS"),
        ("general", "id", |d| d.id = "100".into(), "taken by web-01"),
        (
            "general",
            "node",
            |d| d.node = String::new(),
            "Choose a node",
        ),
        ("general", "tags", |d| d.tags = vec!["a b".into()], "a b"),
        ("source", "iso", |d| d.iso = String::new(), "Choose an ISO"),
        (
            "source",
            "image",
            |d| d.source = Source::Image,
            "Choose an image",
        ),
        ("system", "cores", |d| d.cores = "0".into(), "1 to 128"),
        ("system", "memory", |d| d.memory = "511".into(), "from 512"),
        (
            "system",
            "efi",
            |d| {
                d.uefi = true;
                d.efi_storage = "local".into();
            },
            "does not hold disks",
        ),
        ("disks", "disks", |d| d.disks.clear(), "needs a disk"),
        (
            "disks",
            "disk0.size",
            |d| d.disks[0].size = "1.5".into(),
            "whole number",
        ),
        (
            "disks",
            "disk0.storage",
            |d| d.disks[0].storage = "local".into(),
            "does not hold disks",
        ),
        (
            "networks",
            "net0.bridge",
            |d| d.nics[0].bridge = "vmbr9".into(),
            "no bridge vmbr9",
        ),
        (
            "networks",
            "net0.vlan",
            |d| d.nics[0].vlan = "4095".into(),
            "1 to 4094",
        ),
        (
            "networks",
            "net0.mac",
            |d| d.nics[0].mac = "x".into(),
            "hexadecimal",
        ),
        (
            "networks",
            "nets",
            |d| d.nics = vec![d.nics[0].clone(); 9],
            "At most 8",
        ),
        (
            "disks",
            "disk3.bus",
            |d| {
                d.disks = vec![
                    DiskDraft {
                        bus: "ide".into(),
                        storage: "zfs".into(),
                        ..DiskDraft::default()
                    };
                    4
                ];
            },
            "3 disks",
        ),
    ];
    for (step, field, change, says) in cases {
        let mut draft = draft();
        change(&mut draft);
        let found = wrong(&draft);
        assert!(
            found
                .iter()
                .any(|(at, name, words)| *at == step && name == field && words.contains(says)),
            "{field}: {found:?}"
        );
    }
}

#[test]
fn cloud_init_is_checked_where_it_is_used() {
    let mut draft = draft();
    draft.user = "Root!".into();
    draft.keys = "nonsense".into();
    draft.dns = "one".into();
    draft.nics[0].ip4 = Addressing::Static;
    assert_eq!(wrong(&draft), [], "an ISO image asks for none of it");
    draft.source = Source::Image;
    draft.pool = "lab".into();
    draft.image = "zfs:base-9000-disk-0".into();
    let fields: Vec<String> = wrong(&draft)
        .into_iter()
        .map(|(_, field, _)| field)
        .collect();
    assert_eq!(fields, ["pool", "user", "keys", "net0.address4", "dns"]);
}

#[test]
fn the_requests_of_an_iso_image() {
    let mut draft = draft();
    draft.tags = vec!["env-dev".into()];
    draft.nics[0].vlan = " 20 ".into();
    draft.disks.push(DiskDraft {
        bus: "virtio".into(),
        storage: "ceph".into(),
        size: "8".into(),
        ..DiskDraft::default()
    });
    draft.start = true;
    let requests = draft.requests();
    let Request::Create(body) = &requests[0] else {
        panic!("{requests:?}")
    };
    assert_eq!(body["vmId"], 101);
    assert_eq!(body["memoryMB"], 2048);
    assert_eq!(body["disks"][0]["interfaceType"], "SCSI");
    assert_eq!(body["disks"][1]["slot"], 0);
    assert_eq!(body["disks"][1]["sizeGB"], 8);
    assert_eq!(
        body["networks"],
        json!([{"model": "virtio", "bridge": "vmbr0", "vlan": 20}])
    );
    assert_eq!(
        body["firmware"],
        json!({"type": "SEABIOS", "machine": "Q35"})
    );
    assert_eq!(body.get("pool"), None);
    assert_eq!(
        requests[1],
        Request::Configure(
            VmId(101),
            json!({
                "ostype": "l26", "agent": 1, "ide2": "local:iso/debian.iso,media=cdrom", "boot": "order=scsi0;ide2;net0"
            })
        )
    );
    assert_eq!(requests[2], Request::Start(VmId(101)));
}

#[test]
fn the_requests_of_an_image() {
    let mut draft = draft();
    draft.source = Source::Image;
    draft.image = "zfs:base-9000-disk-0".into();
    draft.user = "debian".into();
    draft.keys = format!("\n{KEY}\n");
    draft.dns = "1.1.1.1 9.9.9.9".into();
    draft.nics[0].ip4 = Addressing::Static;
    draft.nics[0].address4 = "10.0.0.5/24".into();
    draft.nics[0].gateway4 = "10.0.0.1".into();
    draft.nics[0].ip6 = Addressing::Auto;
    draft.disks.push(DiskDraft {
        storage: "ceph".into(),
        size: "8".into(),
        ..DiskDraft::default()
    });
    assert_eq!(wrong(&draft), []);
    let requests = draft.requests();
    let Request::CloudInit(body) = &requests[0] else {
        panic!("{requests:?}")
    };
    assert_eq!(
        body["ipConfigs"],
        json!(["ip=10.0.0.5/24,gw=10.0.0.1,ip6=auto"])
    );
    assert_eq!(body["sshKeys"], KEY);
    assert_eq!(body["nameservers"], "1.1.1.1,9.9.9.9");
    let Request::Configure(_, config) = &requests[1] else {
        panic!("{requests:?}")
    };
    assert_eq!(config["scsi1"], "ceph:8,discard=on,iothread=1");
}

#[test]
fn a_crowded_node_and_a_full_storage_are_told() {
    let mut draft = draft();
    draft.node = "pve1".into();
    draft.memory = "8192".into();
    draft.cores = "30".into();
    draft.disks[0].size = "101".into();
    draft.name = "db".into();
    draft.nics[0].vlan = "7".into();
    let outlook = outlook(&draft, &known());
    let words: Vec<(bool, &str)> = outlook
        .remarks
        .iter()
        .map(|own| (own.bad, own.words.as_str()))
        .collect();
    assert_eq!(
        words,
        [
            (true, "pve1 has 8 CPUs: a VM with 30 can't start there"),
            (
                true,
                "zfs has 100\u{2009}GiB free, the disks want 101\u{2009}GiB"
            ),
            (
                false,
                "pve1 would promise 68\u{2009}GiB of its 64\u{2009}GiB of memory to VMs that run"
            ),
            (false, "Another VM is called db, too"),
            (false, "vmbr0 does not say that it takes VLAN tags"),
        ]
    );
    assert_eq!(outlook.fills[1].after, Bytes(501 * GIB));
    draft.disks[0].size = "60".into();
    let nearly = super::outlook(&draft, &known());
    assert!(
        nearly
            .remarks
            .iter()
            .any(|own| !own.bad && own.words == "zfs would be 92 % full"),
        "{nearly:?}"
    );
}

#[test]
fn bodies_are_objects_without_empty_texts() {
    let empty = |value: &Value| value.as_str().is_some_and(str::is_empty);
    for request in draft().requests() {
        if let Request::Create(body) | Request::Configure(_, body) = request {
            assert!(!body.as_object().unwrap().values().any(empty), "{body}");
        }
    }
}

/// The server puts the copy of an image on `scsi0`, whatever was chosen for a disk that stood there.
#[test]
fn the_copy_of_an_image_keeps_its_place() {
    let mut draft = draft();
    draft.source = Source::Image;
    draft.image = "local:iso/debian.img".into();
    let disk = |bus: &str| DiskDraft {
        bus: bus.into(),
        storage: "zfs".into(),
        ..DiskDraft::default()
    };
    // The first of three was removed.
    draft.disks = vec![disk("virtio"), disk("scsi")];
    draft.disks[0].ssd = true;
    draft.disks[0].backup = false;
    assert_eq!(
        (draft.key(0), draft.key(1)),
        ("scsi0".into(), "scsi1".into())
    );
    let requests = draft.requests();
    let Request::Configure(_, config) = &requests[1] else {
        panic!("{requests:?}")
    };
    assert_eq!(config.get("scsi0"), None);
    assert_eq!(config["scsi1"], "zfs:32,discard=on,iothread=1");
    // The review tells what is sent.
    let told = choices(&draft);
    let line = told.iter().find(|line| line.label == "scsi0").unwrap();
    assert_eq!(line.value, "32\u{2009}GiB on zfs, SSD, discard");
    draft.source = Source::Iso;
    assert_eq!(draft.key(0), "virtio0");
    let told = choices(&draft);
    let line = told.iter().find(|line| line.label == "virtio0").unwrap();
    assert_eq!(line.value, "32\u{2009}GiB on zfs, discard, not in backups");
}

#[test]
fn what_is_proposed_by_and_by_leaves_the_rest_alone() {
    let mut draft = Draft::default();
    draft.fill_place(&known());
    assert_eq!((draft.id.as_str(), draft.node.as_str()), ("101", "pve2"));
    assert_eq!(draft.disks[0].storage, "");
    draft.id = String::new();
    draft.fill_storages(&known());
    draft.fill_bridges(&known());
    assert_eq!(draft.id, "", "cleared by the person");
    assert_eq!(draft.disks[0].storage, "zfs");
    assert_eq!(draft.nics[0].bridge, "vmbr0");
}
