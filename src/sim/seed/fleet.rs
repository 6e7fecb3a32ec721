//! A believable estate of any size.

use super::build::{GIB, NodePlan, Plan, files, node, storage, vm};
use super::fleet_names::{CLIENTS, ENVIRONMENTS, ROLES, Role, TEMPLATES};
use crate::domain::status::{Lock, NodeStatus, VmStatus};
use crate::sim::model::{Backup, Cluster, Kept, Snapshot, TagStyle, Vm, World};
use crate::sim::noise::{hash, unit};
use crate::sim::work::Life;
use serde_json::json;
use std::sync::Arc;

const EPYC: (&str, u32, u32, u32, u32) = ("AMD EPYC 9554 64-Core Processor", 2, 128, 256, 3100);

/// Many VMs on as many nodes as they need: one per 60, three at least, 32 at most.
pub fn fleet(seed: u64, vms: u32, start: i64) -> World {
    let now = start * 1000;
    let mut world = World::new(
        seed,
        now,
        Cluster {
            name: "atlas".to_owned(),
            version: 41,
            location: "fra1",
            instance: "moxxie-fra1-01",
        },
    );
    let count = vms.div_ceil(60).clamp(3, 32);
    nodes(&mut world, count, vms);
    let names: Vec<Arc<str>> = world
        .nodes
        .iter()
        .map(|node| Arc::clone(&node.name))
        .collect();
    storages(&mut world, &names, u64::from(vms));
    let templates = vms.div_ceil(100).min(8);
    let mut numbers: Vec<u32> = vec![0; ROLES.len() * CLIENTS.len()];
    for index in 0..vms.saturating_sub(templates) {
        let vm = machine(seed, now, &names, index, &mut numbers);
        world.vms.insert(vm.id, vm);
    }
    for (index, name) in (0..templates).zip(TEMPLATES) {
        let mut template = machine_template(seed, now, &names, 90_000 + index, name);
        template.config.insert("template".into(), json!(1));
        world.vms.insert(template.id, template);
    }
    fill_nodes(&mut world);
    if count >= 8 {
        lose_last_node(&mut world);
    }
    backups(&mut world);
    for (name, category, color) in [
        ("env-prod", "environment", "#d32f2f"),
        ("env-staging", "environment", "#f57c00"),
        ("env-dev", "environment", "#388e3c"),
        ("always-on", "criticality", "#d32f2f"),
        ("k8s-worker", "kubernetes", "#7b1fa2"),
    ] {
        world.tag_order.push(name);
        world
            .tag_styles
            .insert(name.to_owned(), TagStyle { category, color });
    }
    world.tick = 2_000;
    world.life = Life::Busy;
    world.next_life = now + 20_000;
    world
}

fn nodes(world: &mut World, count: u32, vms: u32) {
    // Memory grows with the load per node, so that nodes look used but hold.
    let each = u64::from(vms / count).max(20);
    let memory = (each * 13).next_multiple_of(64).max(256);
    let (seed, now) = (world.seed, world.now);
    for index in 1..=count {
        let name = format!("pve-fra-{index:02}");
        let ip = format!("10.10.0.{}", 10 + index);
        let own = hash(seed, u64::from(index) + 900);
        let mut made = node(
            seed,
            now,
            NodePlan {
                name: &name,
                ip: &ip,
                local: index == 1,
                maxcpu: 256,
                memory,
                cpu: 0.1,
                mem: memory * GIB / 2,
                uptime: 86_400 * (3 + i64::try_from(own % 400).unwrap_or(0)),
                model: EPYC,
                load: [20.0, 20.0, 20.0],
            },
        );
        made.disk = (20 + own % 60) * GIB;
        world.nodes.push(made);
    }
}

fn storages(world: &mut World, nodes: &[Arc<str>], vms: u64) {
    let mut local = storage(
        nodes,
        "local",
        "dir",
        &["vztmpl", "iso", "backup"],
        100 * GIB,
        41 * GIB,
    );
    local.path = Some("/var/lib/vz");
    let total = (vms * 120 * GIB).max(10 << 40);
    let mut ssd = storage(
        nodes,
        "ceph-ssd",
        "rbd",
        &["images", "rootdir"],
        total,
        total / 100 * 64,
    );
    ssd.pool = Some("ssd");
    let mut hdd = storage(
        nodes,
        "ceph-hdd",
        "rbd",
        &["images", "rootdir"],
        total * 2,
        total / 100 * 186,
    );
    hdd.pool = Some("hdd");
    let mut nas = storage(
        nodes,
        "backup-nas",
        "nfs",
        &["backup", "iso", "snippets"],
        total,
        total / 100 * 71,
    );
    nas.server = Some("10.10.9.50");
    nas.export = Some("/volume1/backups");
    let mut pbs = storage(nodes, "pbs-01", "pbs", &["backup"], total, total / 100 * 38);
    pbs.server = Some("10.10.9.60");
    world.storages = vec![local, ssd, hdd, nas, pbs];
    files(world);
}

fn pick<T>(list: &[T], draw: u64) -> &T {
    let index = usize::try_from(draw % list.len() as u64).unwrap_or(0);
    &list[index]
}

fn weighted<T: Copy>(list: impl Iterator<Item = (T, u32)> + Clone, draw: u64) -> Option<T> {
    let sum: u32 = list.clone().map(|(_, weight)| weight).sum();
    let mut left = u32::try_from(draw % u64::from(sum.max(1))).unwrap_or(0);
    list.into_iter()
        .find(|(_, weight)| {
            let hit = left < *weight;
            left = left.saturating_sub(*weight);
            hit
        })
        .map(|(what, _)| what)
}

fn machine(seed: u64, now: i64, nodes: &[Arc<str>], index: u32, numbers: &mut [u32]) -> Vm {
    let own = hash(seed, 0x00f1_ee70 + u64::from(index));
    let draw = |nth: u64| hash(own, nth);
    let share = |nth: u64| unit(hash(own, nth));
    let at = weighted(
        ROLES.iter().enumerate().map(|(at, role)| (at, role.weight)),
        draw(1),
    )
    .unwrap_or(0);
    let role: &Role = &ROLES[at];
    // A few clients own most machines.
    let client = usize::try_from(draw(2) % 16)
        .unwrap_or(0)
        .min(usize::try_from(draw(3) % 16).unwrap_or(0));
    let environment = weighted(ENVIRONMENTS.iter().copied(), draw(4)).unwrap_or("prod");
    let number = &mut numbers[at * CLIENTS.len() + client];
    *number += 1;
    let name = format!("{}-{}-{:02}", CLIENTS[client], role.name, *number);
    let status = match (environment, share(5)) {
        (_, draw) if draw < 0.002 => "error",
        (_, draw) if draw < 0.008 => "paused",
        ("prod", draw) if draw < 0.05 => "stopped",
        ("staging", draw) if draw < 0.2 => "stopped",
        ("dev" | "test", draw) if draw < 0.35 => "stopped",
        _ => "running",
    };
    let mut tags = vec![
        format!("env-{environment}"),
        format!("client-{}", CLIENTS[client]),
    ];
    tags.extend(role.tags.iter().map(|tag| (*tag).to_owned()));
    if share(6) < 0.4 {
        tags.push("moxxie".to_owned());
    }
    let plan = Plan {
        id: 100 + index,
        name,
        node: pick(nodes, draw(7)),
        status,
        cores: *pick(role.cores, draw(8)),
        memory: *pick(role.memory, draw(9)),
        disk: *pick(role.disk, draw(10)),
        tags,
        cpu: (role.cpu * (0.4 + 1.2 * share(11))).min(0.97),
        mem: (role.mem * (0.75 + 0.4 * share(12))).min(0.97),
        full: 0.08 + 0.85 * share(13),
        uptime: 600 + i64::try_from(draw(14) % (86_400 * 220)).unwrap_or(0),
        ostype: role.ostype,
        storage: if role.disk[0] >= 500 {
            "ceph-hdd"
        } else {
            "ceph-ssd"
        },
        busy: 0.006,
    };
    special(vm(seed, now, plan), environment, share(15), share(16))
}

/// Locks, protection, HA, pools, moods.
fn special(mut vm: Vm, environment: &str, lock: f64, mood: f64) -> Vm {
    if lock < 0.008 {
        vm.lock = Some(match vm.id % 4 {
            0 => Lock::Backup,
            1 => Lock::Snapshot,
            2 => Lock::Migrate,
            _ => Lock::SnapshotDelete,
        });
    }
    if environment == "prod" {
        if mood < 0.12 {
            let state = match (vm.status == VmStatus::Running, vm.id % 40) {
                (_, 0) => "error",
                (true, _) => "started",
                (false, _) => "stopped",
            };
            vm.ha = Some(state.to_owned());
        }
        vm.config
            .insert("protection".into(), json!(u8::from(mood > 0.8)));
        vm.pool = Some("production".to_owned());
    }
    vm.hangs = mood < 0.01;
    // Suspended to disk: off, but locked until resumed.
    if vm.status == VmStatus::Stopped && mood > 0.97 {
        vm.status = VmStatus::Suspended;
        vm.lock = Some(Lock::Suspended);
    }
    if (0.3..0.5).contains(&mood) {
        snapshots(&mut vm);
    }
    vm
}

/// One to three, weekly, each on the one before.
fn snapshots(vm: &mut Vm) {
    let now = vm.usage.at / 1000;
    let mut parent: Option<String> = None;
    for week in (1..=i64::from(vm.id % 3 + 1)).rev() {
        let name = format!("weekly-{week}");
        vm.snapshots.push(Snapshot {
            name: name.clone(),
            snaptime: now - week * 604_800,
            description: "Weekly automated snapshot (TTL: 504h)".to_owned(),
            parent: parent.replace(name),
            vmstate: week == 2,
            running: Some(false),
            size: Some(vm.usage.disk / 20),
            config: None,
        });
    }
}

fn machine_template(seed: u64, now: i64, nodes: &[Arc<str>], id: u32, name: &str) -> Vm {
    let plan = Plan {
        id,
        name: name.to_owned(),
        node: &nodes[0],
        status: "stopped",
        cores: 2,
        memory: 2,
        disk: 20,
        tags: vec!["template".to_owned()],
        cpu: 0.02,
        mem: 0.3,
        full: 0.1,
        uptime: 0,
        ostype: if name.starts_with("win") {
            "win11"
        } else {
            "l26"
        },
        storage: "ceph-ssd",
        busy: 0.0,
    };
    let mut made = vm(seed, now, plan);
    made.template = true;
    made
}

/// Nodes carry what their guests use and a little of their own.
fn fill_nodes(world: &mut World) {
    for node in &mut world.nodes {
        let (mut cores, mut mem) = (3.0, 6 * GIB);
        for vm in world
            .vms
            .values()
            .filter(|vm| vm.node == node.name && vm.is_on())
        {
            cores += vm.usage.cpu * f64::from(vm.cpus);
            mem += vm.usage.mem;
        }
        let share: f64 = cores / f64::from(node.maxcpu);
        node.cpu = (share.min(0.98) * 1e4).round() / 1e4;
        node.mem = mem.min(node.maxmem / 100 * 97);
        node.loadavg =
            [cores, cores * 0.98, cores * 0.95].map(|load: f64| (load * 100.0).round() / 100.0);
    }
}

/// In an estate of that size some node is always away.
fn lose_last_node(world: &mut World) {
    let Some(node) = world.nodes.last_mut() else {
        return;
    };
    node.status = NodeStatus::Offline;
    let name = Arc::clone(&node.name);
    for vm in world.vms.values_mut().filter(|vm| vm.node == name) {
        vm.status = VmStatus::Unknown("unknown".to_owned());
        vm.usage = crate::sim::model::Usage {
            disk: vm.usage.disk,
            at: vm.usage.at,
            ..crate::sim::model::Usage::default()
        };
        vm.touch();
    }
}

/// The last night's backup of most.
fn backups(world: &mut World) {
    let midnight = world.now.div_euclid(86_400_000) * 86_400;
    for vm in world.vms.values().filter(|vm| !vm.template) {
        let own = hash(world.seed ^ 0xbac, u64::from(vm.id));
        let age = match unit(own) {
            draw if draw < 0.02 => continue,
            draw if draw < 0.06 => 8,
            _ => 0,
        };
        let ctime = midnight - age * 86_400 - i64::try_from(own % 14_400).unwrap_or(0);
        world.backups.push(Backup {
            volid: format!(
                "pbs-01:backup/vm/{}/{}",
                vm.id,
                crate::domain::units::Instant::from_secs(ctime).to_iso()
            ),
            content: "backup",
            ctime,
            format: "pbs-vm",
            size: vm.usage.disk / 3,
            vmid: Some(vm.id),
            notes: vm.name.clone(),
            protected: unit(hash(own, 1)) < 0.02,
            guest: Kept::of(vm),
            ..Backup::default()
        });
    }
}
