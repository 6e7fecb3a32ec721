use super::*;
use crate::domain::config::ConfigMap;
use crate::domain::ids::{Upid, VmId};
use crate::domain::status::{Lock, VmStatus};
use crate::domain::units::{Bytes, Instant, Rate, Seconds};
use proptest::prelude::*;

pub(super) const GIB: u64 = 1 << 30;

pub(super) fn config(value: serde_json::Value) -> ConfigMap {
    serde_json::from_value(value).unwrap()
}

pub(super) fn hardware(value: serde_json::Value) -> Hardware {
    let config = config(value);
    Hardware {
        drives: drives(&config),
        devices: devices(&config),
        ..Hardware::default()
    }
}

pub(super) fn guest(id: u32, node: &str, status: VmStatus) -> Guest {
    Guest {
        id: VmId(id),
        name: format!("vm-{id}"),
        node: node.into(),
        status,
        memory: Some(Bytes(4 * GIB)),
        busy: Some(1.0),
        hardware: Some(hardware(serde_json::json!({
            "scsi0": format!("local-zfs:vm-{id}-disk-0,size=50G"), "ide2": "none,media=cdrom"
        }))),
        ..Guest::default()
    }
}

pub(super) fn place(name: &str, used: u64) -> Place {
    Place {
        name: name.into(),
        online: true,
        memory: Some(Bytes(128 * GIB)),
        used: Some(Bytes(used * GIB)),
        cores: Some(32),
        busy: Some(4.0),
    }
}

pub(super) fn pool(name: &str, shared: bool, free: u64) -> Pool {
    Pool {
        name: name.into(),
        shared,
        images: true,
        total: Some(Bytes(500 * GIB)),
        free: Some(Bytes(free * GIB)),
        ..Pool::default()
    }
}

pub(super) fn said(errors: &[&str], warnings: &[&str]) -> Told {
    let all = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    Told::Said {
        allowed: errors.is_empty(),
        errors: all(errors),
        warnings: all(warnings),
        local: Vec::new(),
        storages: Vec::new(),
    }
}

pub(super) fn known(guests: Vec<Guest>) -> Known {
    let told = guests
        .iter()
        .map(|own| ((own.id, "b".to_owned()), said(&[], &[])))
        .collect();
    Known {
        guests,
        places: vec![place("a", 20), place("b", 40), place("c", 100)],
        pools: vec![pool("local-zfs", false, 200), pool("nas", true, 40)],
        told,
        bridges: std::collections::BTreeMap::new(),
        loaded: Loaded {
            vms: true,
            nodes: true,
            pools: true,
        },
        per_disk: true,
    }
}

pub(super) fn draft() -> Draft {
    Draft {
        vms: vec![VmId(1)],
        target: Some("b".into()),
        ..Draft::default()
    }
}

fn words(verdict: &Verdict) -> Vec<(&str, bool, Option<&Remedy>)> {
    let row = |own: &'static Reason| (own.words.as_str(), own.blocks, own.remedy.as_ref());
    let reasons: &'static [Reason] = Box::leak(verdict.reasons.clone().into_boxed_slice());
    reasons.iter().map(row).collect()
}

#[test]
fn what_stands_in_the_way_comes_with_what_removes_it() {
    let mut one = guest(1, "a", VmStatus::Stopped);
    one.lock = Some(Lock::Backup);
    one.hardware = Some(hardware(serde_json::json!({
        "ide2": "local:iso/debian.iso,media=cdrom", "hostpci0": "0000:01:00.0",
        "usb0": "mapping=stick", "scsi0": "local-zfs:vm-1-disk-0,size=50G"
    })));
    let mut known = known(vec![one.clone()]);
    known.pools.push(pool("local", false, 100));
    let found = verdict(&one, &known.places[1], &known, &draft());
    assert_eq!(found.level, Level::Blocked);
    let remedies: Vec<_> = words(&found).into_iter().map(|own| own.2).collect();
    assert_eq!(
        remedies,
        [
            Some(&Remedy::Tasks),
            Some(&Remedy::Eject("ide2".into())),
            Some(&Remedy::Detach("hostpci0".into()))
        ]
    );
    // The server's word for the same thing is no second button.
    let mut told = known.clone();
    told.told.insert(
        (one.id, "b".into()),
        said(
            &[
                "can't migrate local cdrom 'local:iso/debian.iso'",
                "can't migrate VM which uses local devices: hostpci0",
            ],
            &[],
        ),
    );
    assert_eq!(verdict(&one, &told.places[1], &told, &draft()), found);
    let forced = Draft {
        force: true,
        ..draft()
    };
    let found = verdict(&one, &told.places[1], &told, &forced);
    assert!(
        !words(&found)
            .iter()
            .any(|own| own.1 && own.0.contains("hostpci0"))
    );
}

#[test]
fn each_place_has_its_word() {
    let one = guest(1, "a", VmStatus::Running);
    let mut known = known(vec![one.clone()]);
    let level = |known: &Known, at: usize, draft: &Draft| {
        verdict(&one, &known.places[at], known, draft).level
    };
    assert_eq!(level(&known, 0, &draft()), Level::Here);
    assert_eq!(level(&known, 1, &draft()), Level::Ready);
    assert_eq!(level(&known, 2, &draft()), Level::Asked);
    known.told.insert((one.id, "c".into()), Told::Nothing(None));
    assert_eq!(level(&known, 2, &draft()), Level::Unknown);
    known
        .told
        .insert((one.id, "b".into()), said(&[], &["slow"]));
    assert_eq!(level(&known, 1, &draft()), Level::Warned);
    assert_eq!(
        level(
            &known,
            1,
            &Draft {
                offline: true,
                ..draft()
            }
        ),
        Level::Blocked
    );
    assert_eq!(
        level(
            &known,
            1,
            &Draft {
                local_disks: false,
                ..draft()
            }
        ),
        Level::Blocked
    );
    known.places[1].online = false;
    assert_eq!(level(&known, 1, &draft()), Level::Blocked);
}

#[test]
fn unchecked_is_a_choice_of_its_own() {
    let one = guest(1, "a", VmStatus::Running);
    let mut known = known(vec![one]);
    known
        .told
        .insert((VmId(1), "b".into()), Told::Nothing(Some("404".into())));
    let wrong = draft().check(&known);
    assert_eq!(wrong.len(), 1);
    assert_eq!((wrong[0].step, wrong[0].missing), (Step::Target, false));
    assert!(
        Draft {
            unchecked: true,
            ..draft()
        }
        .check(&known)
        .is_empty()
    );
}

#[test]
fn the_emptiest_node_is_advised_if_it_fits() {
    let guests = [
        guest(1, "a", VmStatus::Running),
        guest(2, "c", VmStatus::Stopped),
    ];
    let places = [place("a", 20), place("b", 40), place("c", 100)];
    let all = advise(&guests, &places, |_, _| true);
    let best: Vec<_> = all
        .iter()
        .filter(|own| own.best)
        .map(|own| own.node.as_str())
        .collect();
    // a and c hold one of the two; only b takes both.
    assert_eq!(best, ["b"]);
    assert_eq!(all[1].comes, 2);
    assert!((all[1].memory.unwrap().0 - 44.0 / 128.0).abs() < 1e-9);
    assert!((all[1].cpu.unwrap().0 - 5.0 / 32.0).abs() < 1e-9);
    // A node that would be all but full is advised only where there is no other.
    let tight = [place("a", 20), place("b", 120), place("c", 100)];
    let all = advise(&guests, &tight, |_, _| true);
    assert!(all[0].best && !all[1].best);
    let full = [place("a", 20), place("b", 127), place("c", 126)];
    assert!(
        advise(&guests[..1], &full, |_, _| true)
            .iter()
            .all(|own| !own.best && !own.fits)
    );
}

#[test]
fn disks_find_a_storage_and_the_room_is_counted() {
    let mut known = known(vec![
        guest(1, "a", VmStatus::Running),
        guest(2, "a", VmStatus::Stopped),
    ]);
    let mut draft = Draft {
        vms: vec![VmId(1), VmId(2)],
        ..draft()
    };
    let plans = disk_plans(&draft, &known);
    assert_eq!(plans.len(), 2);
    assert!(
        plans
            .iter()
            .all(|plan| plan.to.as_deref() == Some("local-zfs"))
    );
    draft
        .map
        .insert("local-zfs:vm-1-disk-0".into(), "nas".into());
    let rooms = rooms(&disk_plans(&draft, &known), &known);
    assert_eq!(rooms[0].missing(), Some(Bytes(10 * GIB)));
    assert_eq!(rooms[1].after(), Some(Bytes(150 * GIB)));
    // What can't be used is not taken, even where it was chosen.
    known.pools[1].unusable = Some("disabled".into());
    assert_eq!(
        disk_plans(&draft, &known)[0].to.as_deref(),
        Some("local-zfs")
    );
    known.pools[0].nodes = vec!["a".into()];
    let wrong = draft.check(&known);
    assert!(
        wrong.iter().any(|own| own.step == Step::Storage),
        "{wrong:?}"
    );
    // What lies on shared storage stays.
    known.pools[0].shared = true;
    known.pools[0].nodes.clear();
    assert!(disk_plans(&draft, &known).is_empty());
}

#[test]
fn the_order_says_what_was_chosen() {
    let known = known(vec![guest(1, "a", VmStatus::Running)]);
    let draft = Draft {
        network: " 10.0.0.0/24 ".into(),
        bandwidth: "100".into(),
        ..draft()
    };
    let order = draft.order(&known.guests[0], &known);
    assert!(order.online && order.with_local_disks && !order.force);
    assert_eq!(order.bwlimit, Some(102_400));
    assert_eq!(order.network.as_deref(), Some("10.0.0.0/24"));
    assert_eq!(order.one_storage(), Some("local-zfs"));
    for (network, bandwidth) in [
        ("10.0.0.0", "1"),
        ("10.0.0.0/33", "1"),
        ("fd00::/129", "1"),
        ("", "0"),
        ("", "-1"),
        ("", "x"),
    ] {
        let draft = Draft {
            network: network.into(),
            bandwidth: bandwidth.into(),
            ..draft.clone()
        };
        assert_eq!(draft.check(&known).len(), 1, "{network} {bandwidth}");
    }
}

#[test]
fn a_live_migration_is_read_off_its_log() {
    let log = "2024-06-24 12:02:00 starting migration of VM 101 to node 'proxmox-02' (192.168.1.11)\n\
        drive-scsi0: transferred 5.0 GiB of 50.0 GiB (10.00%) in 10s\n\
        drive-scsi0: Transferred 34.9 GiB of 50.0 GiB (65%)\n\
        2024-06-24 12:02:20 mirror-scsi1: transferred 1.0 GiB of 1.0 GiB (100.00%) in 4s, ready";
    let lines: Vec<&str> = log.lines().collect();
    assert_eq!(target_of_line(lines[0]), Some("proxmox-02"));
    let read = flow(lines.iter().copied().take(2));
    assert_eq!(read.speed, Some(Rate(0.5 * 1_073_741_824.0)));
    assert_eq!(read.left(), Some(Seconds(90)));
    let read = flow(lines.iter().copied());
    assert_eq!(read.disks.len(), 2);
    assert_eq!(
        (read.disks[0].name.as_str(), read.disks[1].name.as_str()),
        ("scsi0", "scsi1")
    );
    // The memory is still to come.
    assert!((read.share().unwrap().0 - 0.9 * 35.9 / 51.0).abs() < 1e-3);
    let memory = flow([
        "migration active, transferred 1.0 GiB of 4.0 GiB VM-state, 512.0 MiB/s",
        "2024-06-24 12:02:20 average migration speed: 819.2 MiB/s - downtime 48 ms",
    ]);
    assert_eq!(memory.memory, Some((Bytes(GIB), Bytes(4 * GIB))));
    assert_eq!(
        (memory.left(), memory.downtime),
        (Some(Seconds(6)), Some(48.0))
    );
}

#[test]
fn an_offline_copy_is_read_off_its_log() {
    let read = flow([
        "full send of rpool/data/vm-103-disk-0@__migration__ estimated size is 50.0G",
        "total estimated size is 50.0G",
        "TIME        SENT   SNAPSHOT rpool/data/vm-103-disk-0@__migration__",
        "12:02:03   5.00G   rpool/data/vm-103-disk-0@__migration__",
        "12:02:05   10.0G   rpool/data/vm-103-disk-0@__migration__",
    ]);
    assert_eq!(read.disks[0].name, "vm-103-disk-0");
    assert_eq!(read.share().map(|own| own.0), Some(0.2));
    assert_eq!(read.left(), Some(Seconds(16)));
    let read = flow([
        "total estimated size is 2.0G",
        "12:02:03   1.9G   rpool/data/vm-103-disk-0@x",
        "successfully imported 'local-zfs:vm-103-disk-0'",
    ]);
    assert_eq!(read.share().map(|own| own.0), Some(1.0));
}

#[test]
fn no_disk_is_dropped_in_silence() {
    let before = hardware(
        serde_json::json!({"scsi0": "local-zfs:a,size=50G", "scsi1": "nas:b,size=1G", "unused0": "local-zfs:c"}),
    );
    let after = hardware(
        serde_json::json!({"scsi0": "local-lvm:a,size=50G", "scsi1": "nas:b,size=1G", "scsi2": "nas:d"}),
    );
    let rows = compare(&before.drives, &after.drives, |storage| storage == "nas");
    let rows: Vec<_> = rows
        .iter()
        .map(|row| (row.key.as_str(), row.change))
        .collect();
    assert_eq!(
        rows,
        [
            ("scsi0", Change::Copied),
            ("scsi1", Change::Stays),
            ("unused0", Change::Gone),
            ("scsi2", Change::New)
        ]
    );
}

proptest! {
    #[test]
    fn any_log_can_be_read(lines in proptest::collection::vec("\\PC{0,80}", 0..8)) {
        let read = flow(lines.iter().map(String::as_str));
        let _ = (read.share(), read.left());
    }

    /// Whatever happens in whatever order: nothing is sent twice unless the person said so, and
    /// never are more under way than allowed.
    #[test]
    fn nothing_is_sent_twice(at_once in 0_u32..7, steps in proptest::collection::vec((0_u8..6, 0_usize..5), 0..60)) {
        let guests: Vec<Guest> = (0..5).map(|id| guest(id, "a", VmStatus::Running)).collect();
        let moves = guests.iter().map(|own| Move::new(own, Order::default(), None)).collect();
        let mut run = Run::new("b".into(), at_once, moves);
        let mut sent = [0_u32; 5];
        let mut allowed = [1_u32; 5];
        for (what, at) in steps {
            let now = Instant::from_secs(1);
            match what {
                0 | 1 => if let Some((at, _)) = run.take(now) { sent[at] += 1; },
                2 => if run.moves[at].stage.is_under_way() { run.moves[at].note(Stage::Runs(Some(Upid("x".into()))), now); },
                3 => if run.moves[at].stage.is_under_way() { run.moves[at].note(Stage::Failed("x".into()), now); },
                4 => run.resume(),
                _ => {
                    for (at, own) in run.moves.iter().enumerate() {
                        if matches!(own.stage, Stage::Failed(_)) { allowed[at] += 1; }
                    }
                    run.again(|_| None);
                }
            }
            let text = serde_json::to_string(&run).unwrap();
            run = serde_json::from_str(&text).unwrap();
            prop_assert!(run.counts().under_way <= at_once.clamp(1, 4) as usize);
            for at in 0..5 { prop_assert!(sent[at] <= allowed[at]); }
        }
    }

    #[test]
    fn drafts_outlive_their_page(network in "\\PC{0,12}", bandwidth in "\\PC{0,8}", offline: bool, target in proptest::option::of("[abcd]")) {
        let draft = Draft { network, bandwidth, offline, target, ..draft() };
        let text = serde_json::to_string(&draft).unwrap();
        prop_assert_eq!(serde_json::from_str::<Draft>(&text).unwrap(), draft.clone());
        let known = known(vec![guest(1, "a", VmStatus::Running)]);
        let _ = (draft.check(&known), draft.run(&known));
    }
}
