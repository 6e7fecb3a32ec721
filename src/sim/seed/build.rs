//! What both scenarios build with.

use crate::domain::status::{NodeStatus, VmStatus};
use crate::sim::model::{Load, Node, Service, Storage, Usage, Vm, Volume, World};
use crate::sim::noise::{hash, unit};
use crate::sim::usage;
use serde_json::json;
use std::sync::Arc;

/// Bytes of a GiB.
pub const GIB: u64 = 1 << 30;

/// The services that the guide shows.
pub fn services() -> Vec<Service> {
    [
        ("pve-cluster", "The Proxmox VE cluster filesystem"),
        ("pvedaemon", "PVE API Daemon"),
        ("pve-firewall", "Proxmox VE firewall"),
        ("pveproxy", "PVE API Proxy Server"),
    ]
    .into_iter()
    .map(|(name, desc)| Service {
        name,
        desc,
        state: "running".to_owned(),
    })
    .collect()
}

/// A VM in a few words.
#[derive(Debug, Clone)]
pub struct Plan<'a> {
    pub id: u32,
    pub name: String,
    pub node: &'a Arc<str>,
    pub status: &'a str,
    pub cores: u32,
    /// GiB.
    pub memory: u32,
    /// GiB.
    pub disk: u32,
    pub tags: Vec<String>,
    /// Share of its cores that its load moves around.
    pub cpu: f64,
    /// Share of its memory.
    pub mem: f64,
    /// Share of its disk.
    pub full: f64,
    /// Seconds since its start.
    pub uptime: i64,
    pub ostype: &'static str,
    pub storage: &'static str,
    /// Share of VMs that change at every poll.
    pub busy: f64,
}

fn mac(seed: u64) -> String {
    let [a, b, c, ..] = seed.to_be_bytes();
    format!("BC:24:11:{a:02X}:{b:02X}:{c:02X}")
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "shares of sizes"
)]
fn part(total: u64, share: f64) -> u64 {
    (total as f64 * share) as u64 & !0xf_ffff
}

/// Builds a VM out of a few words; what is not said follows from the seed.
pub fn vm(seed: u64, now: i64, plan: Plan<'_>) -> Vm {
    let own = hash(seed, u64::from(plan.id));
    let draw = |index: u64| unit(hash(own, index));
    let (id, cores) = (plan.id, plan.cores);
    let on = matches!(plan.status, "running" | "paused" | "error");
    let mut config = serde_json::Map::new();
    let mut set = |key: &str, value: serde_json::Value| config.insert(key.to_owned(), value);
    set("name", json!(plan.name));
    set("cores", json!(cores));
    set("sockets", json!(1));
    set("memory", json!(plan.memory * 1024));
    set(
        "balloon",
        json!(if draw(20) < 0.3 { 0 } else { plan.memory * 512 }),
    );
    set(
        "cpu",
        json!(if draw(21) < 0.2 {
            "host"
        } else {
            "x86-64-v2-AES"
        }),
    );
    set("numa", json!(0));
    set("ostype", json!(plan.ostype));
    set("scsihw", json!("virtio-scsi-single"));
    set("boot", json!("order=scsi0;net0"));
    set("agent", json!(u8::from(draw(22) < 0.85)));
    set("onboot", json!(u8::from(on && draw(23) < 0.9)));
    set("protection", json!(0));
    let vlan = 100 + 10 * (hash(own, 24) % 8);
    set(
        "net0",
        json!(format!(
            "virtio={},bridge=vmbr0,firewall=1,tag={vlan}",
            mac(hash(own, 25))
        )),
    );
    if draw(26) < 0.2 {
        set(
            "net1",
            json!(format!("virtio={},bridge=vmbr1", mac(hash(own, 27)))),
        );
    }
    set(
        "scsi0",
        json!(format!(
            "{}:vm-{id}-disk-0,iothread=1,size={}G",
            plan.storage, plan.disk
        )),
    );
    if plan.disk >= 100 && draw(28) < 0.5 {
        set(
            "scsi1",
            json!(format!(
                "{}:vm-{id}-disk-1,iothread=1,size={}G",
                plan.storage,
                plan.disk * 2
            )),
        );
    }
    set("vga", json!("std"));
    set(
        "bios",
        json!(if plan.ostype.starts_with("win") {
            "ovmf"
        } else {
            "seabios"
        }),
    );
    let maxmem = u64::from(plan.memory) * GIB;
    let maxdisk = u64::from(plan.disk) * GIB;
    let running = plan.status == "running";
    let days = f64::from(i32::try_from(plan.uptime / 86_400).unwrap_or(1)).max(0.2);
    // Log-uniform rates: most machines whisper, a few shout.
    let rate = |index: u64, most: f64| most * (-(6.0 * draw(index))).exp();
    let rates = [rate(30, 4e7), rate(31, 3e7), rate(32, 2e7), rate(33, 1.5e7)];
    let past = |index: usize| {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "`as` saturates"
        )]
        let bytes = (rates[index] * days * 86_400.0 * 0.6) as u64;
        bytes
    };
    let usage = Usage {
        cpu: if running {
            (plan.cpu * 1e4).round() / 1e4
        } else {
            0.0
        },
        mem: if on { part(maxmem, plan.mem) } else { 0 },
        disk: part(maxdisk, plan.full),
        netin: if on { past(0) } else { 0 },
        netout: if on { past(1) } else { 0 },
        diskread: if on { past(2) } else { 0 },
        diskwrite: if on { past(3) } else { 0 },
        uptime: if on {
            u64::try_from(plan.uptime).unwrap_or_default()
        } else {
            0
        },
        at: now,
    };
    let period = usage::period(own, plan.busy);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "a share of a period"
    )]
    let first = (draw(40) * period as f64) as i64;
    Vm {
        id,
        name: plan.name,
        node: Arc::clone(plan.node),
        status: VmStatus::from(plan.status),
        tags: plan.tags,
        cpus: cores,
        maxmem,
        maxdisk,
        config: config.into_iter().collect(),
        usage,
        load: Load {
            cpu: plan.cpu,
            mem: plan.mem,
            rates,
            period,
            next: now + first,
            watched: 0,
            seed: own,
        },
        started: on.then_some(now - plan.uptime * 1000),
        ..Vm::default()
    }
}

/// A node with its figures.
#[derive(Debug, Clone, Copy)]
pub struct NodePlan<'a> {
    pub name: &'a str,
    pub ip: &'a str,
    pub local: bool,
    pub maxcpu: u32,
    /// GiB.
    pub memory: u64,
    pub cpu: f64,
    /// Bytes.
    pub mem: u64,
    /// Seconds.
    pub uptime: i64,
    pub model: (&'static str, u32, u32, u32, u32),
    pub load: [f64; 3],
}

/// Builds a node.
pub fn node(seed: u64, now: i64, plan: NodePlan<'_>) -> Node {
    Node {
        name: plan.name.into(),
        ip: plan.ip.to_owned(),
        local: plan.local,
        status: NodeStatus::Online,
        maxcpu: plan.maxcpu,
        maxmem: plan.memory * GIB,
        maxdisk: 100 * GIB,
        disk: 60 * GIB,
        maxswap: 8 * GIB,
        swap: GIB,
        cpu: plan.cpu,
        mem: plan.mem,
        loadavg: plan.load,
        own_cpu: 0.0,
        own_mem: 0,
        lacks: String::new(),
        booted: now - plan.uptime * 1000,
        model: plan.model,
        versions: (
            "pve-manager/8.0.3/bbf3993334bfa916",
            "Linux 6.2.16-3-pve #1 SMP PREEMPT_DYNAMIC PVE 6.2.16-3",
        ),
        services: services(),
        seed: hash(seed, crate::sim::noise::hash_text(plan.name)),
    }
}

/// Files that no VM owns: images to install from and to copy, and one snippet where it may lie.
pub fn files(world: &mut World) {
    let ctime = world.now.div_euclid(1000) - 40 * 86_400;
    let file = |storage, content, name, size| Volume {
        storage,
        content,
        name,
        size,
        ctime,
    };
    world.volumes = vec![
        file(
            "local",
            "iso",
            "debian-12.5.0-amd64-netinst.iso",
            659_554_304,
        ),
        file(
            "local",
            "iso",
            "ubuntu-24.04-live-server-amd64.iso",
            2_702_020_608,
        ),
        file("local", "iso", "virtio-win-0.1.248.iso", 602_064_896),
        file(
            "local",
            "iso",
            "debian-12-genericcloud-amd64.img",
            335_544_320,
        ),
        file(
            "backup-nas",
            "iso",
            "windows-server-2022.iso",
            5_044_094_976,
        ),
    ];
    let nas = |storage: &&Storage| storage.storage == "backup-nas";
    if let Some(nas) = world.storages.iter().find(nas)
        && nas.content.contains(&"snippets")
    {
        world
            .volumes
            .push(file("backup-nas", "snippets", "base.yaml", 812));
    }
}

/// A storage that all nodes reach.
pub fn storage(
    nodes: &[Arc<str>],
    name: &str,
    kind: &'static str,
    content: &[&'static str],
    total: u64,
    used: u64,
) -> Storage {
    let mut storage = Storage {
        storage: name.to_owned(),
        kind,
        content: content.to_vec(),
        active: true,
        enabled: true,
        shared: !matches!(kind, "dir" | "zfspool" | "lvmthin"),
        total,
        used: 0,
        available: 0,
        used_fraction: 0.0,
        nodes: nodes.to_vec(),
        path: None,
        pool: None,
        server: None,
        export: None,
    };
    storage.set_used(used);
    storage
}
