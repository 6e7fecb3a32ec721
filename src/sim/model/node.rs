//! Nodes.

use super::num;
use crate::domain::status::NodeStatus;
use serde::Serialize;
use std::sync::Arc;

/// A service of a node.
#[derive(Debug, Clone, Serialize)]
pub struct Service {
    /// Unit name.
    pub name: &'static str,
    /// What it is.
    pub desc: &'static str,
    /// `running`, `stopped` …
    pub state: String,
}

/// Bytes of something that fills up.
#[derive(Debug, Clone, Copy, Serialize)]
struct Space {
    total: u64,
    used: u64,
    free: u64,
}

/// A node.
#[derive(Debug, Clone)]
pub struct Node {
    /// Host name.
    pub name: Arc<str>,
    /// Management address.
    pub ip: String,
    /// Whether this is the node that Moxxie talks to.
    pub local: bool,
    /// State.
    pub status: NodeStatus,
    /// Logical cores.
    pub maxcpu: u32,
    /// Bytes.
    pub maxmem: u64,
    /// Root file system, bytes.
    pub maxdisk: u64,
    /// Used of it, bytes.
    pub disk: u64,
    /// Swap, bytes.
    pub maxswap: u64,
    /// Used of it, bytes.
    pub swap: u64,
    /// Share of the cores in use.
    pub cpu: f64,
    /// Bytes in use.
    pub mem: u64,
    /// Over 1, 5 and 15 minutes.
    pub loadavg: [f64; 3],
    /// Cores busy with what is no guest, so that the sum fits.
    pub own_cpu: f64,
    /// Bytes used by what is no guest; negative where guests share pages.
    pub own_mem: i64,
    /// A bridge that the others have and it lacks; empty: none.
    pub lacks: String,
    /// Simulated milliseconds of its boot.
    pub booted: i64,
    /// CPU model, sockets, cores, threads, MHz.
    pub model: (&'static str, u32, u32, u32, u32),
    /// Versions of Proxmox VE and of the kernel.
    pub versions: (&'static str, &'static str),
    /// Its services.
    pub services: Vec<Service>,
    /// Seed of its noise.
    pub seed: u64,
}

#[derive(Serialize)]
struct CpuInfo {
    model: &'static str,
    sockets: u32,
    cores: u32,
    threads: u32,
    mhz: u32,
}

#[derive(Serialize)]
struct NodeBody<'a> {
    node: &'a str,
    status: &'a NodeStatus,
    #[serde(flatten)]
    rest: Option<NodeRest>,
}

#[derive(Serialize)]
struct NodeRest {
    #[serde(serialize_with = "num")]
    cpu: f64,
    maxcpu: u32,
    mem: u64,
    maxmem: u64,
    disk: u64,
    maxdisk: u64,
    uptime: i64,
    pveversion: &'static str,
    kversion: &'static str,
    loadavg: [f64; 3],
    cpuinfo: CpuInfo,
    rootfs: Space,
    swap: Space,
}

#[derive(Serialize)]
struct NodeResource<'a> {
    id: String,
    #[serde(rename = "type")]
    kind: &'static str,
    node: &'a str,
    status: &'a NodeStatus,
    #[serde(flatten)]
    live: Option<NodeFigures>,
}

#[derive(Serialize)]
struct NodeFigures {
    #[serde(serialize_with = "num")]
    cpu: f64,
    maxcpu: u32,
    mem: u64,
    maxmem: u64,
    disk: u64,
    maxdisk: u64,
    uptime: i64,
}

/// A node as a member of the cluster (guide: Dashboard, "Get Cluster Overview").
#[derive(Debug, Serialize)]
pub struct Member<'a> {
    name: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    online: bool,
    level: &'static str,
    id: String,
    ip: &'a str,
    local: bool,
}

impl Node {
    /// As a member of the cluster.
    #[must_use]
    pub fn member(&self) -> Member<'_> {
        Member {
            name: &self.name,
            kind: "node",
            online: self.online(),
            level: "",
            id: format!("node/{}", self.name),
            ip: &self.ip,
            local: self.local,
        }
    }

    /// Whether it answers.
    #[must_use]
    pub fn online(&self) -> bool {
        self.status == NodeStatus::Online
    }

    /// Seconds since its boot.
    #[must_use]
    pub const fn uptime(&self, now: i64) -> i64 {
        (now - self.booted) / 1000
    }

    /// `/nodes/{node}` (guide: Node Management). An offline node tells nothing but its name.
    #[must_use]
    pub fn body(&self, now: i64) -> String {
        let space = |total: u64, used: u64| Space {
            total,
            used,
            free: total.saturating_sub(used),
        };
        let (model, sockets, cores, threads, mhz) = self.model;
        serde_json::to_string(&NodeBody {
            node: &self.name,
            status: &self.status,
            rest: self.online().then(|| NodeRest {
                cpu: self.cpu,
                maxcpu: self.maxcpu,
                mem: self.mem,
                maxmem: self.maxmem,
                disk: self.disk,
                maxdisk: self.maxdisk,
                uptime: self.uptime(now),
                pveversion: self.versions.0,
                kversion: self.versions.1,
                loadavg: self.loadavg,
                cpuinfo: CpuInfo {
                    model,
                    sockets,
                    cores,
                    threads,
                    mhz,
                },
                rootfs: space(self.maxdisk, self.disk),
                swap: space(self.maxswap, self.swap),
            }),
        })
        .unwrap_or_default()
    }

    /// Its row in `/cluster/resources?type=node`.
    #[must_use]
    pub fn resource_row(&self, now: i64) -> String {
        serde_json::to_string(&NodeResource {
            id: format!("node/{}", self.name),
            kind: "node",
            node: &self.name,
            status: &self.status,
            live: self.online().then(|| NodeFigures {
                cpu: self.cpu,
                maxcpu: self.maxcpu,
                mem: self.mem,
                maxmem: self.maxmem,
                disk: self.disk,
                maxdisk: self.maxdisk,
                uptime: self.uptime(now),
            }),
        })
        .unwrap_or_default()
    }
}
