//! The guide's own cluster.

use super::build::{GIB, NodePlan, files, node, storage};
use super::{guide_audit, guide_parts, guide_vms};
use crate::sim::model::{Cluster, TagStyle, World};
use crate::sim::work::Life;
use std::sync::Arc;

/// 2024-06-24T12:02:00Z, two minutes into the guide's running tasks.
const START: i64 = 1_719_230_520;

const XEON: (&str, u32, u32, u32, u32) = ("Intel(R) Xeon(R) E-2288G CPU @ 3.70GHz", 1, 8, 16, 3700);

/// The cluster of the guide's examples.
pub fn guide(seed: u64) -> World {
    let now = START * 1000;
    let mut world = World::new(
        seed,
        now,
        Cluster {
            name: "production-cluster".to_owned(),
            version: 8,
            location: "datacenter-1",
            instance: "moxxie-dc1-01",
        },
    );
    for plan in [
        NodePlan {
            name: "proxmox-01",
            ip: "192.168.1.10",
            local: false,
            maxcpu: 32,
            memory: 128,
            cpu: 0.12,
            mem: 24 * GIB,
            uptime: 8_640_000,
            model: XEON,
            load: [0.15, 0.20, 0.18],
        },
        NodePlan {
            name: "proxmox-02",
            ip: "192.168.1.11",
            local: false,
            maxcpu: 32,
            memory: 128,
            cpu: 0.31,
            mem: 71 * GIB,
            uptime: 8_553_600,
            model: XEON,
            load: [9.84, 9.71, 9.2],
        },
        NodePlan {
            name: "proxmox-03",
            ip: "192.168.1.12",
            local: true,
            maxcpu: 32,
            memory: 128,
            cpu: 0.58,
            mem: 117 * GIB,
            uptime: 2_678_400,
            model: XEON,
            load: [18.4, 18.1, 17.6],
        },
    ] {
        world.nodes.push(node(seed, now, plan));
    }
    let names: Vec<Arc<str>> = world
        .nodes
        .iter()
        .map(|node| Arc::clone(&node.name))
        .collect();
    storages(&mut world, &names);
    tag_styles(&mut world);
    for vm in guide_vms::all(seed, now, &names) {
        world.vms.insert(vm.id, vm);
    }
    guide_parts::snapshots(&mut world);
    guide_parts::backups(&mut world);
    guide_parts::tasks(&mut world);
    guide_audit::audit(&mut world);
    world.life = Life::FailingBackup(102);
    world.next_life = now + 300_000;
    // What seeding did is no news.
    world.events = crate::sim::events::Ring::default();
    world
}

fn storages(world: &mut World, nodes: &[Arc<str>]) {
    let mut local = storage(
        nodes,
        "local",
        "dir",
        &["vztmpl", "iso", "backup"],
        100 * GIB,
        60 * GIB,
    );
    local.path = Some("/var/lib/vz");
    let mut zfs = storage(
        nodes,
        "local-zfs",
        "zfspool",
        &["images", "rootdir"],
        500 * GIB,
        300 * GIB,
    );
    zfs.pool = Some("rpool/data");
    let mut nas = storage(
        nodes,
        "backup-nas",
        "nfs",
        &["backup", "vztmpl", "iso"],
        10 << 40,
        6 << 40,
    );
    nas.server = Some("192.168.1.50");
    nas.export = Some("/volume1/proxmox-backups");
    // The migration example knows it, the list of enabled storages does not.
    let mut shared = storage(
        nodes,
        "shared-storage",
        "nfs",
        &["images", "rootdir"],
        2 << 40,
        1 << 40,
    );
    shared.server = Some("192.168.1.50");
    shared.export = Some("/volume1/proxmox-images");
    shared.enabled = false;
    shared.active = false;
    world.storages = vec![local, zfs, nas, shared];
    files(world);
}

fn tag_styles(world: &mut World) {
    for (name, category, color) in [
        ("env-prod", "environment", "#d32f2f"),
        ("env-dev", "environment", "#388e3c"),
        ("client-acme", "client", "#1976d2"),
        ("client-globex", "client", "#1976d2"),
        ("always-on", "criticality", "#d32f2f"),
        ("k8s-worker", "kubernetes", "#7b1fa2"),
        ("web-tier", "tier", "#00796b"),
    ] {
        world.tag_order.push(name);
        world
            .tag_styles
            .insert(name.to_owned(), TagStyle { category, color });
    }
}
