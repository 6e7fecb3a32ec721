//! Moves under way: what looks show, what logs tell, and what may be sent.

use super::tests::{GIB, config, draft, guest, hardware, known, pool, said};
use super::*;
use crate::domain::ids::{Upid, VmId};
use crate::domain::status::VmStatus;
use crate::domain::task::TaskState;
use crate::domain::units::{Bytes, Instant, Rate};

fn moving() -> Move {
    let order = Order {
        target: "b".into(),
        ..Order::default()
    };
    Move::new(&guest(1, "a", VmStatus::Running), order, None)
}

fn on(node: &str, moving: bool) -> Seen {
    Seen::On {
        node: node.into(),
        moving,
    }
}

fn stage(look: Look) -> Option<Stage> {
    match look {
        Look::Over(stage, _) => Some(stage),
        _ => None,
    }
}

#[test]
fn an_end_is_said_only_where_it_was_seen() {
    let own = moving();
    let at = |end: &End, seen: &Seen, quiet| after_end(&own, end, seen, quiet);
    for end in [
        End::Well,
        End::Forgotten,
        End::Cancelled,
        End::Failed("no".into()),
    ] {
        assert_eq!(at(&end, &Seen::Silent, 99), Look::Wait, "{end:?}");
        assert!(matches!(
            at(&end, &Seen::Gone, 0),
            Look::Over(Stage::Failed(_), _)
        ));
    }
    // A task that is forgotten while the VM holds its lock goes on.
    assert_eq!(at(&End::Forgotten, &on("a", true), 99), Look::Wait);
    assert_eq!(at(&End::Forgotten, &on("b", true), 99), Look::Wait);
    assert_eq!(
        stage(at(&End::Forgotten, &on("b", false), 0)),
        Some(Stage::Done)
    );
    assert_eq!(at(&End::Forgotten, &on("a", false), 0), Look::Quiet);
    let Some(Stage::Failed(why)) = stage(at(&End::Forgotten, &on("a", false), 2)) else {
        panic!("it never ends");
    };
    assert!(why.contains("forgotten") && why.contains("still on a"));
    assert_eq!(at(&End::Well, &on("a", true), 99), Look::Wait);
    assert_eq!(stage(at(&End::Well, &on("b", false), 0)), Some(Stage::Done));
}

#[test]
fn one_that_arrived_with_problems_has_arrived() {
    let own = moving();
    let end = End::Failed("migration problems".into());
    let Look::Over(Stage::Done, Some(remark)) = after_end(&own, &end, &on("b", false), 0) else {
        panic!("it is on b");
    };
    assert!(remark.contains("migration problems"));
    // The list of VMs may be behind.
    assert_eq!(after_end(&own, &end, &on("a", false), 0), Look::Quiet);
    let late = after_end(&own, &End::Cancelled, &on("b", false), 0);
    assert!(matches!(late, Look::Over(Stage::Done, Some(_))));
}

#[test]
fn who_aborted_it_is_read_off_the_log() {
    let failed = End::of(TaskState::Failed("migration aborted".into())).unwrap();
    let log = [
        "2024-06-24 12:02:00 starting migration of VM 101 to node 'b' (192.168.1.11)",
        "2024-06-24 12:02:09 ERROR: migration aborted (duration 00:00:09): interrupted by signal",
        "TASK ERROR: migration aborted",
    ];
    assert_eq!(failed.clone().with_cause(cause(log)), End::Cancelled);
    let full = ["2024-06-24 12:02:09 ERROR: migration aborted (duration 00:00:09): no space left"];
    let end = failed.clone().with_cause(cause(full));
    assert_eq!(end, End::Failed("migration aborted: no space left".into()));
    assert_eq!(failed.clone().with_cause(cause(["x"])), failed);
    // The person pressed Abort, and the log can't be read.
    let mut own = moving();
    own.stop = true;
    let look = after_end(&own, &failed, &on("a", false), 0);
    assert_eq!(stage(look), Some(Stage::Aborted));
    own.stop = false;
    let look = after_end(&own, &failed, &on("a", false), 0);
    assert!(matches!(stage(look), Some(Stage::Failed(_))));
}

#[test]
fn without_a_task_only_answers_count() {
    let own = moving();
    let at = |why, asked, seen: &Seen, quiet| without_task(&own, why, asked, seen, quiet);
    for why in [NoTask::Lost, NoTask::Unnamed, NoTask::Ha] {
        assert_eq!(at(why, true, &Seen::Silent, 999), Look::Wait);
        assert_eq!(at(why, false, &on("a", false), 999), Look::Wait);
        assert_eq!(at(why, true, &on("a", true), 999), Look::Wait);
        for asked in [true, false] {
            let look = at(why, asked, &on("b", false), 0);
            assert_eq!(stage(look), Some(Stage::Done));
        }
        assert!(matches!(
            stage(at(why, true, &Seen::Gone, 0)),
            Some(Stage::Failed(_))
        ));
        assert_eq!(at(why, true, &on("a", false), 0), Look::Quiet);
    }
    let words = |why| match stage(at(why, true, &on("a", false), 99)) {
        Some(Stage::Failed(why)) => why,
        other => panic!("{other:?}"),
    };
    assert!(words(NoTask::Lost).contains("connection broke"));
    assert!(words(NoTask::Unnamed).contains("named no task"));
    assert!(words(NoTask::Ha).contains("High availability"));
}

#[test]
fn what_is_given_up_is_neither_counted_as_failed_nor_sent_again() {
    let mut run = Run::new("b".into(), 1, vec![moving(), moving()]);
    run.moves[1].vm = VmId(2);
    let now = Instant::from_secs(1);
    run.take(now);
    run.moves[0].note(Stage::Unknown, now);
    run.moves[0].note(Stage::Failed("late".into()), now);
    assert_eq!(run.moves[0].stage, Stage::Unknown);
    assert!(run.abort().is_empty());
    assert_eq!(run.outcome(), "0 of 2 on b, 1 not begun, 1 not known");
    run.again(|_| Some(false));
    assert_eq!(run.moves[0].stage, Stage::Unknown);
    assert_eq!(run.moves[1].stage, Stage::Waits);
    assert!(!run.moves[1].order.online);
    run.take(now);
    run.moves[1].note(Stage::Runs(Some(Upid("x".into()))), now);
    assert_eq!(run.abort(), [(VmId(2), Upid("x".into()))]);
    assert!(run.moves[1].stop);
    // Only what the rules refused is sent past them.
    run.moves[1].note(Stage::Failed("no".into()), now);
    run.force(|_| None);
    assert!(run.moves[1].stage.is_over());
    run.moves[1].safe_mode = true;
    run.force(|_| None);
    assert!(run.moves[1].order.force && run.moves[1].stage == Stage::Waits);
    assert_eq!(
        Run::new("b".into(), 1, Vec::new()).outcome(),
        "Nothing was migrated"
    );
}

#[test]
fn memory_is_a_part_of_it() {
    let memory = "migration active, transferred 1.0 GiB of 4.0 GiB VM-state, 110.0 MiB/s, VM dirties lots of memory: 140.5 MiB/s";
    let read = flow([memory]);
    assert_eq!(read.share().map(|own| own.0), Some(0.25));
    assert_eq!(read.speed, Some(Rate(110.0 * 1_048_576.0)));
    let disk = "mirror-scsi0: transferred 50.0 GiB of 50.0 GiB (100.00%) in 1h 2m 3s, ready";
    let read = flow([disk]);
    assert!((read.share().unwrap().0 - 0.9).abs() < 1e-9);
    assert_eq!(read.speed, Some(Rate(50.0 * 1_073_741_824.0 / 3723.0)));
    let read = flow([disk, memory]);
    assert!((read.share().unwrap().0 - 0.925).abs() < 1e-9);
    // What changes is sent again.
    let more = memory.replace("transferred 1.0", "transferred 9.0");
    assert_eq!(flow([more.as_str()]).share().map(|own| own.0), Some(1.0));
}

#[test]
fn raw_copies_take_their_sizes_from_the_configuration() {
    let drives = drives(&config(serde_json::json!({
        "scsi0": "lvm:vm-1-disk-0,size=4G", "scsi1": "lvm:vm-1-disk-1,size=4G"
    })));
    let log = [
        "2024-06-24 12:02:00 found local disk 'lvm:vm-1-disk-0' (attached)",
        "2024-06-24 12:02:00 found local disk 'lvm:vm-1-disk-1' (attached)",
        "2147483648 bytes (2.1 GB, 2.0 GiB) copied, 10 s, 215 MB/s",
    ];
    let read = flow_of(log, &drives);
    assert_eq!(read.disks[0].name, "vm-1-disk-0");
    assert_eq!(read.share().map(|own| own.0), Some(0.25));
    assert_eq!(read.speed, Some(Rate(214_748_364.8)));
    let done = [
        "4294967296 bytes (4.3 GB, 4.0 GiB) copied, 20 s, 215 MB/s",
        "successfully imported 'lvm:vm-1-disk-0'",
        "1073741824 bytes (1.1 GB, 1.0 GiB) copied, 5 s, 215 MB/s",
    ];
    let read = flow_of(log.into_iter().chain(done), &drives);
    assert_eq!(read.share().map(|own| own.0), Some(5.0 / 8.0));
}

#[test]
fn a_run_needs_vms_that_are_there() {
    let mut known = known(vec![guest(1, "a", VmStatus::Running)]);
    let lost = Draft {
        vms: vec![VmId(1), VmId(999)],
        ..draft()
    };
    let wrong = lost.check(&known);
    assert_eq!(wrong.len(), 1);
    assert!(wrong[0].message.contains("999") && !wrong[0].missing);
    known.loaded.vms = false;
    assert!(lost.check(&known)[0].missing);
    known.loaded.pools = false;
    assert!(
        draft()
            .check(&known)
            .iter()
            .any(|own| own.step == Step::Storage && own.missing)
    );
    known.loaded.pools = true;
    // A node that is not there is wrong at once; while the nodes come it only is not there yet.
    let nowhere = Draft {
        target: Some("z".into()),
        ..draft()
    };
    assert!(!nowhere.check(&known)[0].missing);
    known.loaded.nodes = false;
    assert!(nowhere.check(&known)[0].missing);
    for at_once in [0, 5, 9] {
        let many = Draft { at_once, ..draft() };
        assert_eq!(many.check(&known).len(), 1, "{at_once}");
    }
    assert!(draft().is_worth());
    assert!(
        !Draft {
            target: None,
            ..draft()
        }
        .is_worth()
    );
}

#[test]
fn what_is_not_known_blocks_nothing() {
    let mut one = guest(1, "a", VmStatus::Running);
    one.hardware = Some(hardware(serde_json::json!({
        "ide2": "isos:iso/debian.iso,media=cdrom", "scsi0": "where:vm-1-disk-0,size=1G"
    })));
    let mut all = known(vec![one.clone()]);
    let level =
        |all: &Known, one: &Guest, draft: &Draft| verdict(one, &all.places[1], all, draft).level;
    let without = Draft {
        local_disks: false,
        ..draft()
    };
    assert_eq!(level(&all, &one, &without), Level::Ready);
    assert!(draft().order(&one, &all).with_local_disks);
    all.pools.push(pool("isos", false, 1));
    assert_eq!(level(&all, &one, &draft()), Level::Blocked);
    // Its hardware is still to come; or can't be read.
    one.hardware = None;
    assert_eq!(level(&all, &one, &draft()), Level::Asked);
    one.unread = true;
    assert_eq!(level(&all, &one, &draft()), Level::Warned);
}

#[test]
fn a_bridge_that_the_target_lacks_is_named() {
    let mut one = guest(1, "a", VmStatus::Running);
    let mut own = one.hardware.clone().unwrap();
    own.nics = vec![
        ("net0".into(), "vmbr5".into()),
        ("net1".into(), "vnet".into()),
    ];
    one.hardware = Some(own);
    let mut all = known(vec![one.clone()]);
    let level = |all: &Known, one: &Guest| verdict(one, &all.places[1], all, &draft()).level;
    assert_eq!(level(&all, &one), Level::Ready);
    all.bridges
        .insert("a".into(), vec!["vmbr0".into(), "vmbr5".into()]);
    assert_eq!(level(&all, &one), Level::Ready);
    all.bridges.insert("b".into(), vec!["vmbr0".into()]);
    assert_eq!(level(&all, &one), Level::Blocked);
    let said = verdict(&one, &all.places[1], &all, &draft()).words();
    assert_eq!(said, "net0 is on vmbr5, which b does not have");
    one.status = VmStatus::Stopped;
    assert_eq!(level(&all, &one), Level::Warned);
}

#[test]
fn one_storage_for_all_is_planned_as_it_is_sent() {
    let mut one = guest(1, "a", VmStatus::Running);
    one.hardware = Some(hardware(serde_json::json!({
        "scsi0": "local-zfs:vm-1-disk-0,size=50G", "scsi1": "fast:vm-1-disk-1,size=1G"
    })));
    let mut all = known(vec![one.clone()]);
    all.per_disk = false;
    all.pools.push(pool("fast", false, 10));
    let plan = |all: &Known, draft: &Draft| -> Vec<Option<String>> {
        disk_plans(draft, all)
            .into_iter()
            .map(|own| own.to)
            .collect()
    };
    let name = |name: &str| Some(name.to_owned());
    // All can stay: nothing is said, and each stays.
    assert_eq!(plan(&all, &draft()), [name("local-zfs"), name("fast")]);
    assert_eq!(draft().order(&one, &all).one_storage(), None);
    // One can't: all go to one place, which is what can be said.
    all.pools[2].nodes = vec!["a".into()];
    assert_eq!(plan(&all, &draft()), [name("local-zfs"), name("local-zfs")]);
    assert_eq!(draft().order(&one, &all).one_storage(), Some("local-zfs"));
    let chosen = Draft {
        one_storage: name("nas"),
        ..draft()
    };
    assert_eq!(plan(&all, &chosen), [name("nas"), name("nas")]);
    for pool in &mut all.pools {
        pool.unusable = Some("disabled".into());
    }
    assert!(
        draft()
            .check(&all)
            .iter()
            .any(|own| own.step == Step::Storage)
    );
}

#[test]
fn the_servers_word_on_a_disk_holds() {
    let one = guest(1, "a", VmStatus::Running);
    let mut all = known(vec![one]);
    let mut told = said(&[], &[]);
    if let Told::Said { local, .. } = &mut told {
        local.push(LocalVolume {
            volid: "local-zfs:vm-1-disk-0".into(),
            size: Some(Bytes(GIB)),
            storages: vec!["nas".into()],
        });
    }
    all.told.insert((VmId(1), "b".into()), told);
    let plans = disk_plans(&draft(), &all);
    assert_eq!(plans[0].to.as_deref(), Some("nas"));
    let refused = |name: &str| {
        let own = plans[0].choices.iter().find(|own| own.name == name);
        own.and_then(|own| own.refused.clone()).is_some()
    };
    assert!(refused("local-zfs") && !refused("nas"));
}

#[test]
fn a_blocker_stands_once_and_leads_somewhere() {
    let mut one = guest(1, "a", VmStatus::Stopped);
    one.hardware = Some(hardware(serde_json::json!({"unused0": "nas:vm-1-disk-9"})));
    let mut all = known(vec![one.clone()]);
    all.pools[1].nodes = vec!["a".into()];
    let error = "storage 'nas' is not available on node 'b'";
    all.told.insert((VmId(1), "b".into()), said(&[error], &[]));
    let found = verdict(&one, &all.places[1], &all, &draft());
    assert_eq!(found.reasons.len(), 1, "{found:?}");
    assert_eq!(found.reasons[0].remedy, Some(Remedy::Hardware));
    one.hardware = Some(hardware(serde_json::json!({})));
    let found = verdict(&one, &all.places[1], &all, &draft());
    assert_eq!((found.reasons.len(), &found.reasons[0].remedy), (1, &None));
    // Where nothing can come is no advice.
    let advice = advise(&all.guests, &all.places, |_, place| place.name != "b");
    assert!(advice.iter().all(|own| own.node != "b"));
}
