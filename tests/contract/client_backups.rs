//! The console's own calls about backups on the simulator, in both contracts.

use crate::client::{Room, room, run, whole};
use moxxie_ui::api::backups::{
    self, Backup, BackupQuery, Cleanup, NewBackup, Prune, Restore, RetentionPolicy, VerifyState,
};
use moxxie_ui::api::capabilities::{self, Feature};
use moxxie_ui::api::vms::VmQuery;
use moxxie_ui::api::{ErrorKind, vms};
use moxxie_ui::domain::backup_diff::diff;
use moxxie_ui::domain::coverage::{Fresh, Goals, by_day, freshness};
use moxxie_ui::domain::ids::VmId;
use moxxie_ui::domain::prune::{By, Difference, Item, difference, plan};
use moxxie_ui::domain::retention::{Policy, Rule};
use moxxie_ui::sim::Settings;

const VM: VmId = VmId(101);

fn shipped() -> Room {
    room(Settings {
        shipped: true,
        ..Settings::default()
    })
}

fn of_vm(room: &Room) -> Vec<Backup> {
    let wanted = BackupQuery {
        storage: Some("backup-nas".into()),
        vm: Some(VM),
    };
    whole(run(backups::list(&room.client, &wanted)))
}

fn on_nas() -> NewBackup {
    NewBackup {
        storage: "backup-nas".into(),
        notes: "by hand".into(),
        protect: true,
        ..NewBackup::default()
    }
}

fn copy(backup: &Backup) -> Restore {
    Restore {
        backup: backup.volid.clone(),
        vm: VmId(950),
        node: "proxmox-01".into(),
        name: Some("web-copy".into()),
        bridges: [("net0".into(), "vmbr1".into())].into(),
        ..Restore::default()
    }
}

#[test]
fn the_life_of_a_backup() {
    let room = room(Settings::default());
    let client = &room.client;
    let known = run(capabilities::learn(client)).unwrap();
    for feature in [
        Feature::BackupNotes,
        Feature::DownloadBackup,
        Feature::Retention,
        Feature::SetRetention,
        Feature::RestoreMapping,
    ] {
        assert!(known.has(feature), "{feature:?}");
    }
    let started = run(backups::create(client, VM, &on_nas())).unwrap();
    assert_eq!(started.task.unwrap().kind(), Some("vzdump"));
    room.wait(30);
    let list = of_vm(&room);
    let new = list
        .iter()
        .find(|one| one.notes.as_deref() == Some("by hand"));
    let new = new.unwrap();
    assert!(new.protected);
    assert_eq!(new.verified(), VerifyState::None);
    let kept = run(backups::config(client, new)).unwrap();
    assert_eq!(kept["memory"], 4096);
    let refused = run(backups::delete(client, new)).unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Conflict);
    assert!(refused.message.contains("protected"), "{}", refused.message);
    run(backups::verify(client, new)).unwrap();
    run(backups::protect(client, new, false)).unwrap();
    run(backups::set_notes(client, new, "seen")).unwrap();
    room.wait(30);
    let seen = of_vm(&room);
    let seen = seen.iter().find(|one| one.volid == new.volid).unwrap();
    assert_eq!(
        (seen.notes.as_deref(), seen.protected),
        (Some("seen"), false)
    );
    assert_eq!(seen.verified(), VerifyState::Ok);
    let history = whole(run(backups::verifications(client, VM)));
    assert_eq!(
        Some(&history[0].upid),
        seen.verification
            .as_ref()
            .and_then(|last| last.upid.as_ref())
    );
    run(backups::restore(client, &copy(seen))).unwrap();
    room.wait(60);
    let config = run(vms::detail(client, VmId(950))).unwrap().config;
    assert!(config.text("net0").unwrap().contains("bridge=vmbr1"));
    run(backups::delete(client, seen)).unwrap();
    room.wait(5);
    assert_eq!(of_vm(&room).len(), 2);
    let gone = run(backups::config(client, seen)).unwrap_err();
    assert_eq!(gone.kind, ErrorKind::NotFound);
}

#[test]
fn a_restore_over_what_runs_is_refused_in_words() {
    let room = room(Settings::default());
    let client = &room.client;
    let mut restore = copy(&of_vm(&room)[0]);
    restore.vm = VM;
    restore.overwrite = true;
    let refused = run(backups::restore(client, &restore)).unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Conflict);
    assert!(
        refused.message.contains("vm is running"),
        "{}",
        refused.message
    );
    assert!(
        refused
            .suggestion
            .clone()
            .unwrap()
            .contains("stop it first")
    );
    restore.overwrite = false;
    let refused = run(backups::restore(client, &restore)).unwrap_err();
    assert_eq!(refused.fields[0].field, "vmId");
    restore.vm = VmId(950);
    restore.storages = [("scsi0".into(), "backup-nas".into())].into();
    let refused = run(backups::restore(client, &restore)).unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Validation);
    assert_eq!(refused.fields[0].field, "storageMapping");
}

#[test]
fn coverage_and_diff_are_reckoned_from_what_comes() {
    let room = room(Settings::default());
    let client = &room.client;
    let list = whole(run(backups::list(client, &BackupQuery::default())));
    let made: Vec<_> = list.iter().filter_map(Backup::made).collect();
    assert_eq!(made.len(), list.len());
    let guests = whole(run(vms::list(client, &VmQuery::default())));
    let goals = Goals {
        usual: None,
        by_tag: [("env-prod".to_owned(), 24)].into(),
    };
    let now = client.server_now();
    let rows = freshness(
        guests.iter().map(|vm| (vm.vmid, vm.tags.as_slice())),
        &made,
        &goals,
        now,
    );
    assert_eq!(rows.len(), guests.len());
    let Fresh::Late(by) = rows[0].fresh else {
        panic!("{:?}", rows[0]);
    };
    assert_eq!(
        by.short(),
        "2\u{2009}d",
        "of those that are off, saved once a week"
    );
    let own = rows.iter().find(|row| row.vm == VM).unwrap();
    assert_eq!(own.fresh, Fresh::Within);
    let days = by_day(&made, &|_| 0, now, 7);
    let seen: u32 = days.iter().map(|day| day.made).sum();
    assert_eq!(usize::try_from(seen).unwrap(), list.len());
    let today = run(vms::detail(client, VM)).unwrap().config.0;
    let older = list.iter().find(|one| one.protected).unwrap();
    let then = run(backups::config(client, older)).unwrap();
    let found = diff(&then, &today);
    let memory = found.iter().find(|one| one.key == "memory").unwrap();
    assert_eq!(memory.then.as_deref(), Some("2\u{2009}GiB"));
    assert_eq!(memory.now.as_deref(), Some("4\u{2009}GiB"));
    assert!(
        found
            .iter()
            .all(|one| one.key != "net0" && one.key != "digest")
    );
}

#[test]
fn clearing_away() {
    let room = room(Settings::default());
    let client = &room.client;
    let policy = Policy::default().with(Rule::Weekly, 2);
    let sent = RetentionPolicy::of(policy).unwrap();
    assert_eq!(run(backups::set_retention(client, sent)).unwrap(), sent);
    assert_eq!(run(backups::retention(client)).unwrap().policy(), policy);
    let wanted = Cleanup {
        prune: Prune::Count(0),
        tags: vec!["client-acme".into()],
        vms: vec![VM],
    };
    let all = whole(run(backups::candidates(client, &wanted, true)));
    let free = whole(run(backups::candidates(client, &wanted, false)));
    assert_eq!((all.len(), free.len()), (2, 1));
    let dry = run(backups::cleanup(client, &wanted, true)).unwrap();
    assert_eq!(dry.dry_run, Some(true));
    assert_eq!((dry.to_delete, dry.protected), (Some(1), Some(1)));
    assert_eq!(dry.candidates, free);
    assert_eq!(of_vm(&room).len(), 2);
    run(backups::cleanup(client, &wanted, false)).unwrap();
    room.wait(5);
    let left = of_vm(&room);
    assert_eq!((left.len(), left[0].protected), (1, true));
}

/// Where the server and the reckoning of the console differ over a rule.
fn compared(room: &Room, by: By, prune: Prune) -> (usize, Difference) {
    let client = &room.client;
    let rows = whole(run(backups::list(client, &BackupQuery::default())));
    let items: Vec<Item<'_>> = rows
        .iter()
        .map(|own| Item {
            volid: &own.volid,
            vm: own.vmid,
            storage: own.storage_name().unwrap_or_default(),
            at: own.ctime,
            size: own.size,
            protected: own.protected,
        })
        .collect();
    let told = plan(&items, by, &|_| 0, client.server_now());
    let wanted = Cleanup {
        prune,
        tags: Vec::new(),
        vms: Vec::new(),
    };
    let server = whole(run(backups::candidates(client, &wanted, false)));
    let going = told.going().map(|place| items[place].volid);
    let named = server.iter().map(|one| one.volid.as_str());
    (told.goes, difference(going, named))
}

#[test]
fn what_goes_is_reckoned_as_the_server_does_but_for_protected_ones() {
    let room = room(Settings::default());
    let rules = [
        (By::Newest(1), Prune::Count(1)),
        (By::Days(2), Prune::Days(2)),
        (By::Months(1), Prune::Monthly(1)),
    ];
    for (by, prune) in rules {
        let (goes, difference) = compared(&room, by, prune);
        assert!(goes > 0, "{prune}");
        assert!(difference.is_none(), "{prune}: {difference:?}");
    }
    // The server lets a protected one take a place; Proxmox, and so the console, does not.
    let rows = whole(run(backups::of_vm(&room.client, VmId(123))));
    let [newest, older] = rows.as_slice() else {
        panic!("two expected, {rows:?}")
    };
    run(backups::protect(&room.client, newest, true)).unwrap();
    let (_, difference) = compared(&room, By::Newest(1), Prune::Count(1));
    assert_eq!(difference.server_alone, [older.volid.as_str()]);
    assert_eq!(difference.here_alone, [""; 0]);
}

#[test]
fn the_shipped_server_does_the_same_as_far_as_it_can() {
    let room = shipped();
    let client = &room.client;
    let known = run(capabilities::learn(client)).unwrap();
    for feature in [
        Feature::Backups,
        Feature::BackUp,
        Feature::Restore,
        Feature::Cleanup,
    ] {
        assert!(known.has(feature), "{feature:?}");
    }
    for feature in [
        Feature::BackupConfig,
        Feature::VerifyBackup,
        Feature::RestoreMapping,
    ] {
        assert!(!known.has(feature), "{feature:?}");
    }
    let list = of_vm(&room);
    assert_eq!(list.len(), 2, "filtered here");
    assert_eq!(list[0].verified(), VerifyState::Ok);
    assert!(list[0].ctime.is_some() && list[0].format_name() == Some("vma.zst"));
    let started = run(backups::create(client, VM, &on_nas())).unwrap();
    assert_eq!(started.task.unwrap().kind(), Some("vzdump"));
    room.wait(30);
    assert_eq!(of_vm(&room).len(), 3);
    run(backups::protect(client, &list[0], true)).unwrap();
    assert!(run(backups::delete(client, &list[0])).is_err());
    run(backups::restore(client, &copy(&list[0]))).unwrap();
    room.wait(60);
    let config = run(vms::detail(client, VmId(950))).unwrap().config;
    let nic = config.text("net0").unwrap();
    assert!(
        nic.contains("vmbr0") && nic.contains("AA:BB:CC:DD:EE:FF"),
        "{nic}"
    );
}
