use super::*;
use crate::domain::config::{ConfigMap, Disk};
use crate::domain::ids::{Upid, VmId};
use crate::domain::units::{Bytes, Instant};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::sync::Arc;

const GIB: u64 = 1 << 30;
const KEY: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGLmQqfp8X5DUVxLruBsCmJ7m4mDGcr5V7e2BXMkNPDp me";

fn storage(name: &str, kind: &str, content: &[&str], free: u64, shared: bool) -> StorageFacts {
    StorageFacts {
        name: name.into(),
        kind: kind.into(),
        content: content.iter().map(|word| (*word).into()).collect(),
        nodes: vec!["pve1".into(), "pve2".into()],
        shared,
        usable: true,
        total: Some(Bytes(500 * GIB)),
        free: Some(Bytes(free * GIB)),
    }
}

fn known() -> Known {
    let node = |name: &str, promised| NodeFacts {
        name: name.into(),
        online: true,
        cores: Some(8),
        memory: Some(Bytes(64 * GIB)),
        used: None,
        promised_cores: 10,
        promised: Bytes(promised * GIB),
    };
    Known {
        vms: Arc::new([(100, "web-01".into()), (102, "db".into())].into()),
        nodes: vec![node("pve1", 60), node("pve2", 20)],
        storages: vec![
            storage("local", "dir", &["iso"], 40, false),
            storage("zfs", "zfspool", &["images"], 100, false),
            storage("ceph", "rbd", &["images"], 90, true),
        ],
        bridges: Some(vec![
            Bridge {
                name: "vmbr0".into(),
                vlan_aware: Some(false),
                active: Some(true),
                comment: String::new(),
            },
            Bridge {
                name: "vmbr1".into(),
                vlan_aware: Some(true),
                active: Some(true),
                comment: String::new(),
            },
        ]),
    }
}

fn draft() -> Draft {
    let mut draft = Draft {
        name: "new-vm".into(),
        iso: "local:iso/debian.iso".into(),
        ..Draft::default()
    };
    draft.fill(&known());
    draft
}

fn wrong(draft: &Draft) -> Vec<(&'static str, String, String)> {
    draft
        .check(&known())
        .into_iter()
        .map(|wrong| (wrong.step.slug(), wrong.field, wrong.message))
        .collect()
}

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
    draft.image = "zfs:base-9000-disk-0".into();
    let fields: Vec<String> = wrong(&draft)
        .into_iter()
        .map(|(_, field, _)| field)
        .collect();
    assert_eq!(fields, ["user", "keys", "net0.address4", "dns"]);
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

fn run() -> Run {
    let mut draft = draft();
    draft.start = true;
    Run::new(draft.vm(), &draft.name, draft.requests())
}

#[test]
fn each_request_is_sent_once_and_in_its_turn() {
    let now = Instant::from_secs(100);
    let mut run = run();
    assert!(run.take(now).unwrap().makes());
    assert_eq!(run.take(now), None, "one is on its way");
    run.note(Stage::Runs(Some(Upid("UPID:x".into()))));
    assert_eq!(run.take(now), None, "its task runs");
    run.note(Stage::Done);
    assert!(run.is_made());
    assert!(matches!(run.take(now), Some(Request::Configure(..))));
    run.note(Stage::Failed("locked".into()));
    assert_eq!(run.take(now), None, "the person decides");
    run.again();
    assert!(matches!(run.take(now), Some(Request::Configure(..))));
    run.note(Stage::Failed("locked".into()));
    run.leave();
    assert!(matches!(run.take(now), Some(Request::Start(_))));
    run.note(Stage::Done);
    assert_eq!((run.at(), run.take(now)), (None, None));
    assert_eq!(run.acts[0].task, Some(Upid("UPID:x".into())));
}

#[test]
fn what_was_on_its_way_is_not_sent_again() {
    let now = Instant::from_secs(100);
    let mut run = run();
    let _ = run.take(now);
    let text = serde_json::to_string(&run).unwrap();
    let mut kept: Run = serde_json::from_str(&text).unwrap();
    kept.resume();
    assert_eq!(kept.stage(), Some(&Stage::Unsure(now.millis)));
    assert_eq!(kept.take(now), None);
    kept.again();
    kept.leave();
    assert_eq!(
        kept.stage(),
        Some(&Stage::Unsure(now.millis)),
        "it must be looked for first"
    );
    kept.note(Stage::Failed("It was not carried out".into()));
    assert!(kept.is_refused());
    kept.leave();
    assert!(
        kept.is_refused(),
        "without a VM there is nothing to go on with"
    );
}

proptest! {
    #[test]
    fn drafts_outlive_their_page(name in "\\PC{0,20}", size in "\\PC{0,8}", disks in 0_usize..4, nics in 0_usize..9) {
        let mut draft = Draft { name, ..Draft::default() };
        draft.disks = vec![DiskDraft { size, ..DiskDraft::default() }; disks];
        draft.nics = vec![NicDraft::default(); nics];
        let text = serde_json::to_string(&draft).unwrap();
        prop_assert_eq!(serde_json::from_str::<Draft>(&text).unwrap(), draft.clone());
        // Whatever is typed, checking and telling it must not panic.
        let _ = (draft.check(&known()), choices(&draft), outlook(&draft, &known()), draft.requests());
    }

    #[test]
    fn disks_read_back_as_they_were_asked_for(size in 1_u64..65_536, ssd: bool, discard: bool, backup: bool, bus in 0_usize..4) {
        let bus = ["scsi", "virtio", "sata", "ide"][bus];
        let disk = DiskDraft { bus: bus.into(), storage: "zfs".into(), size: size.to_string(), cache: String::new(), ssd, discard, backup };
        let text = disk.text();
        let read = Disk::parse("scsi1", &text);
        prop_assert_eq!(read.print(), text);
        prop_assert_eq!(read.storage(), Some("zfs"));
        prop_assert_eq!(read.name().and_then(|name| name.parse().ok()), Some(size));
        prop_assert_eq!(read.extras().contains(&"ssd".to_owned()), ssd && bus != "virtio");
    }

    #[test]
    fn no_two_disks_share_a_slot(buses in proptest::collection::vec(0_usize..4, 0..12)) {
        let names = ["scsi", "virtio", "sata", "ide"];
        let disks: Vec<DiskDraft> = buses.iter().map(|at| DiskDraft { bus: names[*at].into(), ..DiskDraft::default() }).collect();
        let draft = Draft { disks, ..Draft::default() };
        let mut keys: Vec<String> = (0..draft.disks.len()).map(|at| draft.key(at)).collect();
        prop_assert!(!keys.contains(&"ide2".to_owned()));
        let count = keys.len();
        keys.sort();
        keys.dedup();
        prop_assert_eq!(keys.len(), count);
    }

    #[test]
    fn addresses_read_back_as_they_were_typed(a in 1_u8..255, prefix in 1_u32..31) {
        let nic = NicDraft { ip4: Addressing::Static, address4: format!(" 10.0.0.{a}/{prefix}"), gateway4: "10.0.0.1".into(), ..NicDraft::default() };
        let text = nic.ip_config();
        let read = IpConfig::parse(&text);
        prop_assert_eq!(read.get("ip"), Some(nic.address4.trim()));
        prop_assert_eq!(read.get("gw"), Some("10.0.0.1"));
        prop_assert_eq!(read.print(), text);
    }
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
