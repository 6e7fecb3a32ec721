//! The guide's snapshots, backups and tasks.

use crate::domain::vm_can::PowerAction;
use crate::sim::model::{
    Backup, Kept, LogLine, Snapshot, Step, Task, Verification, VmChange, Work, World,
};
use crate::sim::noise::{hash, unit};
use crate::sim::work::{Dump, dump, settle};
use std::sync::Arc;

fn snapshot(name: &str, snaptime: i64, description: &str, parent: Option<&str>) -> Snapshot {
    Snapshot {
        name: name.to_owned(),
        snaptime,
        description: description.to_owned(),
        parent: parent.map(ToOwned::to_owned),
        vmstate: false,
        running: Some(false),
        size: None,
        config: None,
    }
}

/// Snapshots of 101 as the list has them, oldest first, and as `/detail` has them.
pub fn snapshots(world: &mut World) {
    if let Some(vm) = world.vms.get_mut(&101) {
        vm.snapshots = vec![
            snapshot(
                "initial-setup",
                1_718_236_800,
                "Initial VM setup complete",
                None,
            ),
            snapshot(
                "weekly-auto-20240616",
                1_718_841_600,
                "Weekly automated snapshot",
                Some("initial-setup"),
            ),
            snapshot(
                "before-upgrade-20240621",
                1_719_230_400,
                "Snapshot before application upgrade (TTL: 168h)",
                Some("weekly-auto-20240616"),
            ),
        ];
        let mut detail = vec![
            snapshot(
                "before-update-20240620",
                1_718_841_600,
                "Snapshot before system update",
                Some("current"),
            ),
            snapshot(
                "weekly-auto-20240616",
                1_718_496_000,
                "Weekly automated snapshot",
                Some("before-update-20240620"),
            ),
        ];
        for snapshot in &mut detail {
            snapshot.running = None;
        }
        vm.shown.snapshots = Some(detail);
    }
    for (id, count) in [(102_u32, 5_i64), (104, 2), (105, 1), (130, 3), (131, 8)] {
        if let Some(vm) = world.vms.get_mut(&id) {
            let mut parent: Option<String> = None;
            for week in (1..=count).rev() {
                let time = 1_718_496_000 + 604_800 - week * 604_800;
                let name = format!("weekly-auto-{}", &stamp(time)[..8]);
                let mut one = snapshot(&name, time, "Weekly automated snapshot", parent.as_deref());
                one.size = Some(300_000_000 + u64::from(id) * 7_000_000);
                parent = Some(name);
                vm.snapshots.push(one);
            }
        }
    }
}

/// `20240616` and so on.
fn stamp(secs: i64) -> String {
    crate::domain::units::Instant::from_secs(secs)
        .to_iso()
        .replace(['-', ':'], "")
}

const ACME_NOTES: &str = "Daily backup - env-prod\nRetention: 7 days\nTags: env-prod, client-acme";

fn verified(upid: &str, last: Option<i64>) -> Option<Verification> {
    Some(Verification {
        state: "ok",
        upid: upid.to_owned(),
        last_verified: last,
    })
}

/// The guide's configuration of VM 101 in a backup, with so many MiB.
fn web_server_01_then(memory: u32) -> Arc<Kept> {
    let config = serde_json::json!({
        "name": "web-server-01",
        "bootdisk": "scsi0",
        "cores": 4,
        "memory": memory,
        "net0": "virtio=AA:BB:CC:DD:EE:FF,bridge=vmbr0,firewall=1,tag=100",
        "scsi0": "local-zfs:vm-101-disk-0,size=50G",
        "ostype": "l26",
        "scsihw": "virtio-scsi-single"
    });
    Arc::new(Kept {
        config: serde_json::from_value(config).unwrap_or_default(),
        tags: ["env-prod", "client-acme", "web-tier"]
            .map(ToOwned::to_owned)
            .to_vec(),
    })
}

/// Backups: the guide's of 101, and one or two of most others.
pub fn backups(world: &mut World) {
    const FIRST: &str = "UPID:proxmox-01:00001234:00ABCDEF:67890ABC:verifybackup:101:root@pam:";
    const SECOND: &str = "UPID:proxmox-01:00001235:00ABCDF0:67890ABD:verifybackup:101:root@pam:";
    let newest = Backup {
        volid: "backup-nas:backup/vzdump-qemu-101-2024_06_21-02_00_00.vma.zst".to_owned(),
        content: "backup",
        ctime: 1_719_230_400,
        format: "vma.zst",
        size: 5_368_709_120,
        vmid: Some(101),
        notes: ACME_NOTES.to_owned(),
        protected: false,
        verification: verified(FIRST, Some(1_719_234_000)),
        guest: web_server_01_then(4096),
        damaged: false,
    };
    let older = Backup {
        volid: "backup-nas:backup/vzdump-qemu-101-2024_06_20-02_00_00.vma.zst".to_owned(),
        ctime: 1_719_144_000,
        notes: "Daily backup - env-prod".to_owned(),
        protected: true,
        verification: verified(SECOND, Some(1_719_147_600)),
        guest: web_server_01_then(2048),
        ..newest.clone()
    };
    if let Some(vm) = world.vms.get_mut(&101) {
        vm.shown.backups = Some(vec![Backup {
            ctime: 1_718_935_200,
            size: 4_294_967_296,
            vmid: None,
            notes: "Daily backup - env-prod".to_owned(),
            verification: verified(FIRST, None),
            ..newest.clone()
        }]);
    }
    world.backups = vec![newest, older];
    let others: Vec<(u32, u64)> = world
        .vms
        .values()
        .filter(|vm| !vm.template && !matches!(vm.id, 101 | 103 | 106 | 311))
        .map(|vm| (vm.id, vm.usage.disk))
        .collect();
    for (id, disk) in others {
        let guest = world.vms.get(&id).map(Kept::of).unwrap_or_default();
        // Stopped standbys are saved once a week, all others every night at two.
        let running = world.vms.get(&id).is_some_and(crate::sim::model::Vm::is_on);
        let days: &[i64] = if running { &[0, 1] } else { &[3] };
        for day in days {
            let ctime = 1_719_194_400 - day * 86_400;
            let text = stamp(ctime);
            let name = format!(
                "{}_{}_{}-{}_{}_{}",
                &text[..4],
                &text[4..6],
                &text[6..8],
                &text[9..11],
                &text[11..13],
                &text[13..15]
            );
            let failed = unit(hash(u64::from(id), 8)) < 0.04;
            world.backups.push(Backup {
                volid: format!("backup-nas:backup/vzdump-qemu-{id}-{name}.vma.zst"),
                content: "backup",
                ctime,
                format: "vma.zst",
                size: disk * 2 / 5,
                vmid: Some(id),
                notes: "Daily backup".to_owned(),
                protected: false,
                guest: Arc::clone(&guest),
                damaged: failed,
                verification: (*day > 0).then(|| Verification {
                    state: if failed { "failed" } else { "ok" },
                    upid: format!(
                        "UPID:proxmox-01:0000A{id:03}:00ABC000:6678D000:verifybackup:{id}:root@pam:"
                    ),
                    last_verified: Some(ctime + 3_600),
                }),
            });
        }
    }
}

fn task(
    world: &mut World,
    upid: &str,
    started: i64,
    pid: u32,
    pstart: u64,
    steps: Vec<(i64, Work)>,
) {
    let mut parts = upid.split(':').skip(1);
    let mut part = |nth: usize| parts.nth(nth).unwrap_or_default().to_owned();
    let (node, kind, id, user) = (part(0), part(3), part(0), part(0));
    settle(
        world,
        Task {
            upid: upid.to_owned(),
            node,
            pid,
            pstart,
            started: started * 1000,
            kind,
            vm: id.parse().ok(),
            id,
            user,
            steps: steps
                .into_iter()
                .map(|(after, work)| Step {
                    at: started * 1000 + after,
                    work,
                })
                .collect(),
            ..Task::default()
        },
    );
}

/// Ended tasks of the last hours (no failure: the guide's filter for errors finds none), then the
/// two that run.
pub fn tasks(world: &mut World) {
    let past: [(&str, &str, &str, i64, i64, &str, &str); 9] = [
        (
            "proxmox-02",
            "vzdump",
            "104",
            36_000,
            212,
            "backup@pve",
            "OK",
        ),
        (
            "proxmox-01",
            "vzdump",
            "101",
            35_760,
            187,
            "backup@pve",
            "OK",
        ),
        (
            "proxmox-03",
            "vzdump",
            "131",
            35_500,
            604,
            "backup@pve",
            "WARNINGS: 1",
        ),
        (
            "proxmox-02",
            "qmshutdown",
            "113",
            9_300,
            12,
            "operator@pve",
            "OK",
        ),
        ("proxmox-03", "qmstart", "309", 7_800, 3, "root@pam", "OK"),
        (
            "proxmox-03",
            "qmigrate",
            "104",
            4_080,
            94,
            "operator@pve",
            "OK",
        ),
        ("proxmox-03", "qmreboot", "128", 3_100, 9, "admin@pam", "OK"),
        (
            "proxmox-02",
            "qmsuspend",
            "117",
            2_400,
            2,
            "operator@pve",
            "OK",
        ),
        (
            "proxmox-01",
            "qmsnapshot",
            "101",
            720,
            4,
            "scheduler@pve",
            "OK",
        ),
    ];
    let now = world.now / 1000;
    for (index, (node, kind, id, ago, lasted, user, exit)) in past.into_iter().enumerate() {
        let (started, pid) = (now - ago, 9_000 + 137 * u32::try_from(index).unwrap_or(0));
        let pstart = 800_000_000_u64 - u64::try_from(ago * 100).unwrap_or_default();
        let upid = format!("UPID:{node}:{pid:08X}:{pstart:08X}:{started:08X}:{kind}:{id}:{user}:");
        let log = |text: String| LogLine {
            at: (started + lasted / 2) * 1000,
            text,
        };
        let mut lines: Vec<LogLine> = match kind {
            "vzdump" => vec![
                log(format!("INFO: Starting Backup of VM {id} (qemu)")),
                log("INFO: 100% done".to_owned()),
                log("INFO: Backup job finished successfully".to_owned()),
            ],
            "qmigrate" => vec![
                log("starting migration of VM 104 to node 'proxmox-02' (192.168.1.11)".to_owned()),
                log("migration finished successfully (duration 00:01:34)".to_owned()),
            ],
            "qmsnapshot" => vec![log(
                "snapshotting 'drive-scsi0' (local-zfs:vm-101-disk-0)".to_owned()
            )],
            _ => Vec::new(),
        };
        if exit.starts_with("WARNINGS") {
            lines.push(log(
                "WARN: guest agent did not answer, file system not frozen".to_owned(),
            ));
        }
        lines.push(LogLine {
            at: (started + lasted) * 1000,
            text: format!("TASK {exit}"),
        });
        settle(
            world,
            Task {
                upid,
                node: node.to_owned(),
                pid,
                pstart,
                started: started * 1000,
                kind: kind.to_owned(),
                id: id.to_owned(),
                user: user.to_owned(),
                ended: Some((started + lasted) * 1000),
                exit: Some(exit.to_owned()),
                log: lines,
                vm: id.parse().ok(),
                ..Task::default()
            },
        );
    }
    running(world);
}

/// Registered in this order so that the list, newest first, shows them as the guide does.
fn running(world: &mut World) {
    if let Some(vm) = world.vms.get(&105) {
        let plan = Dump {
            at: 1_719_230_500_000,
            lasts: 240_000,
            fails_at: None,
            reports: 80,
            ..Dump::nightly()
        };
        let steps = dump(vm, &plan);
        let upid = "UPID:proxmox-02:00005678:00FEDCBA:67890DEF:qmbackup:105:root@pam:";
        task(world, upid, 1_719_230_500, 22_104, 11_534_592, steps);
    }
    let mut steps = vec![(
        400,
        Work::Log("create full clone of drive scsi0 (local-zfs:base-9000-disk-0)".to_owned()),
    )];
    for part in 1..=100_i64 {
        let after = part * 3_000;
        #[expect(clippy::cast_precision_loss, reason = "percent")]
        let done = part as f64 / 2.0;
        let text = format!("transferred {done:.1} GiB of 50.0 GiB ({:.2}%)", done * 2.0);
        steps.push((after, Work::Progress(done / 50.0, text.clone())));
        if part % 5 == 0 {
            steps.push((after, Work::Log(text)));
        }
    }
    steps.extend([
        (
            301_000,
            Work::Log(
                "scsi0: successfully created disk 'local-zfs:vm-103-disk-0,size=50G'".to_owned(),
            ),
        ),
        (301_500, Work::Vm(VmChange::Lock(None))),
        (301_600, Work::Follow(PowerAction::Start.as_str())),
        (302_000, Work::End("OK".to_owned())),
    ]);
    let upid = "UPID:proxmox-01:00001234:00ABCDEF:67890ABC:qmcreate:103:root@pam:";
    task(world, upid, 1_719_230_400, 4_660, 11_534_591, steps);
    crate::sim::work::advance(world);
}
