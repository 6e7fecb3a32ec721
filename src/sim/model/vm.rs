//! A VM: its state, configuration, load and the rows that lists show of it.

use super::{Backup, num};
use crate::domain::config::{self, ConfigMap};
use crate::domain::status::{GuestKind, Lock, VmStatus};
use crate::domain::vm_can::VmFacts;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The figures that lists show; taken now and then, so that an idle VM's row stays the same.
#[derive(Debug, Clone, Default)]
pub struct Usage {
    /// Share of its cores, 0 to 1.
    pub cpu: f64,
    /// Bytes.
    pub mem: u64,
    /// Bytes on its disks.
    pub disk: u64,
    /// Bytes since start.
    pub netin: u64,
    /// Bytes since start.
    pub netout: u64,
    /// Bytes since start.
    pub diskread: u64,
    /// Bytes since start.
    pub diskwrite: u64,
    /// Seconds.
    pub uptime: u64,
    /// When these were taken, simulated milliseconds.
    pub at: i64,
}

/// What its load moves around.
#[derive(Debug, Clone, Default)]
pub struct Load {
    /// Share of its cores.
    pub cpu: f64,
    /// Share of its memory.
    pub mem: f64,
    /// Bytes per second: network in, out, disk read, write.
    pub rates: [f64; 4],
    /// Milliseconds between samples.
    pub period: i64,
    /// When the next sample is due.
    pub next: i64,
    /// Until when somebody looks at it closely; sampled every two seconds till then.
    pub watched: i64,
    /// Seed of its noise.
    pub seed: u64,
}

/// A snapshot.
#[derive(Debug, Clone, Serialize)]
pub struct Snapshot {
    /// Unique in its VM.
    pub name: String,
    /// Epoch seconds.
    pub snaptime: i64,
    /// May end in `(TTL: 168h)`.
    pub description: String,
    /// The one it was taken on.
    pub parent: Option<String>,
    /// RAM included.
    pub vmstate: bool,
    /// False: only the current state runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub running: Option<bool>,
    /// Bytes; absent in the guide's examples.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    /// Configuration as it was then; `None` of those that were there from the start.
    #[serde(skip)]
    pub config: Option<ConfigMap>,
}

/// Figures in which the guide contradicts itself, kept beside the true ones: each call shows what
/// its own example shows.
#[derive(Debug, Clone, Default)]
pub struct Shown {
    /// CPU, memory, uptime in `/cluster/resources`, until the clock moves.
    pub resource: Option<(f64, u64, u64)>,
    /// Snapshots in `/detail`, until they change.
    pub snapshots: Option<Vec<Snapshot>>,
    /// Backups in `/detail`, until they change.
    pub backups: Option<Vec<Backup>>,
    /// Digest of the configuration, until it changes.
    pub digest: Option<String>,
}

/// A VM.
#[derive(Debug, Clone, Default)]
pub struct Vm {
    /// Number.
    pub id: u32,
    /// Host name.
    pub name: String,
    /// Node that it is on.
    pub node: Arc<str>,
    /// VM or container.
    pub kind: GuestKind,
    /// State.
    pub status: VmStatus,
    /// In their order.
    pub tags: Vec<String>,
    /// Whether it is a template.
    pub template: bool,
    /// Why it is locked.
    pub lock: Option<Lock>,
    /// HA state; `None`: not managed.
    pub ha: Option<String>,
    /// Resource pool.
    pub pool: Option<String>,
    /// Cores in use by the running machine.
    pub cpus: u32,
    /// Bytes.
    pub maxmem: u64,
    /// Bytes of its boot disk.
    pub maxdisk: u64,
    /// Running configuration.
    pub config: ConfigMap,
    /// Takes effect at the next start; `None`: the key goes.
    pub pending: BTreeMap<String, Option<Value>>,
    /// Figures as last taken.
    pub usage: Usage,
    /// What they move around.
    pub load: Load,
    /// Simulated milliseconds; `None` when off.
    pub started: Option<i64>,
    /// Oldest first.
    pub snapshots: Vec<Snapshot>,
    /// The snapshot that its present state came out of, once one was taken, deleted or gone back
    /// to; till then the newest, and `current` names none, as in the guide.
    pub on_snapshot: Option<String>,
    /// The guide's contradictions.
    pub shown: Shown,
    /// Guest ignores a shutdown.
    pub hangs: bool,
    /// Why its next start fails.
    pub broken: Option<String>,
    /// Rows as last written.
    pub(crate) row: Option<Arc<str>>,
    pub(crate) resource_row: Option<Arc<str>>,
}

#[derive(Serialize)]
struct Row<'a> {
    vmid: u32,
    name: &'a str,
    node: &'a str,
    #[serde(rename = "type")]
    kind: &'a GuestKind,
    status: &'a VmStatus,
    #[serde(serialize_with = "num")]
    cpu: f64,
    cpus: u32,
    mem: u64,
    maxmem: u64,
    disk: u64,
    maxdisk: u64,
    netin: u64,
    netout: u64,
    diskread: u64,
    diskwrite: u64,
    uptime: u64,
    template: bool,
    tags: &'a [String],
    lock: Option<&'a Lock>,
    hastate: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pool: Option<&'a str>,
}

#[derive(Serialize)]
struct ResourceRow<'a> {
    id: String,
    #[serde(rename = "type")]
    kind: &'a GuestKind,
    node: &'a str,
    status: &'a VmStatus,
    name: &'a str,
    #[serde(serialize_with = "num")]
    cpu: f64,
    maxcpu: u32,
    mem: u64,
    maxmem: u64,
    disk: u64,
    maxdisk: u64,
    uptime: u64,
    template: bool,
}

impl Vm {
    /// Whether the machine exists in memory: running or paused.
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.started.is_some() && !matches!(self.status, VmStatus::Unknown(_))
    }

    /// What the rules of [`crate::domain::vm_can`] look at.
    #[must_use]
    pub fn facts(&self, shutting_down: bool) -> VmFacts<'_> {
        VmFacts {
            status: &self.status,
            kind: &self.kind,
            template: self.template,
            lock: self.lock.as_ref(),
            protection: config::flag(&self.config, "protection").unwrap_or_default(),
            shutting_down,
        }
    }

    /// Whether the guest agent is on and the guest runs.
    #[must_use]
    pub fn agent_answers(&self) -> bool {
        self.status == VmStatus::Running && config::flag(&self.config, "agent").unwrap_or_default()
    }

    /// Its row in `/vms` (guide: VM List).
    pub fn row(&mut self) -> Arc<str> {
        if let Some(row) = &self.row {
            return Arc::clone(row);
        }
        let row: Arc<str> = self.write_row().into();
        self.row = Some(Arc::clone(&row));
        row
    }

    fn write_row(&self) -> String {
        let usage = &self.usage;
        serde_json::to_string(&Row {
            vmid: self.id,
            name: &self.name,
            node: &self.node,
            kind: &self.kind,
            status: &self.status,
            cpu: usage.cpu,
            cpus: self.cpus,
            mem: usage.mem,
            maxmem: self.maxmem,
            disk: usage.disk,
            maxdisk: self.maxdisk,
            netin: usage.netin,
            netout: usage.netout,
            diskread: usage.diskread,
            diskwrite: usage.diskwrite,
            uptime: usage.uptime,
            template: self.template,
            tags: &self.tags,
            lock: self.lock.as_ref(),
            hastate: self.ha.as_deref(),
            pool: self.pool.as_deref(),
        })
        .unwrap_or_default()
    }

    /// Its row in `/cluster/resources` (guide: Dashboard).
    pub fn resource_row(&mut self) -> Arc<str> {
        if let Some(row) = &self.resource_row {
            return Arc::clone(row);
        }
        let (cpu, mem, uptime) =
            self.shown
                .resource
                .unwrap_or((self.usage.cpu, self.usage.mem, self.usage.uptime));
        let row: Arc<str> = serde_json::to_string(&ResourceRow {
            id: format!("{}/{}", self.kind, self.id),
            kind: &self.kind,
            node: &self.node,
            status: &self.status,
            name: &self.name,
            cpu,
            maxcpu: self.cpus,
            mem,
            maxmem: self.maxmem,
            // As in the guide: this call does not look into guests.
            disk: 0,
            maxdisk: self.maxdisk,
            uptime,
            template: self.template,
        })
        .unwrap_or_default()
        .into();
        self.resource_row = Some(Arc::clone(&row));
        row
    }

    /// Forgets the written rows; to be called after every change.
    pub fn touch(&mut self) {
        self.row = None;
        self.resource_row = None;
    }

    /// Digest of the configuration, for updates that must not overwrite another's.
    #[must_use]
    pub fn digest(&self) -> String {
        self.shown.digest.clone().unwrap_or_else(|| {
            let text = serde_json::to_string(&(&self.config, &self.tags)).unwrap_or_default();
            let first = crate::sim::noise::hash_text(&text);
            let second = crate::sim::noise::hash(first, u64::from(self.id));
            format!("{first:016x}{second:016x}")
        })
    }

    /// Takes what waits for a start into the running configuration.
    pub fn apply_pending(&mut self) {
        for (key, value) in std::mem::take(&mut self.pending) {
            match value {
                Some(value) => self.config.insert(key, value),
                None => self.config.remove(&key),
            };
        }
        self.read_config();
    }

    /// Reads cores, memory, disk and name out of the configuration.
    pub fn read_config(&mut self) {
        if let Some(cores) = config::cores(&self.config) {
            self.cpus = u32::try_from(cores).unwrap_or(u32::MAX);
        }
        if let Some(memory) = config::number(&self.config, "memory") {
            self.maxmem = memory << 20;
        }
        if let Some(name) = config::text(&self.config, "name") {
            self.name = name;
        }
        let size = config::disks(&self.config)
            .iter()
            .find(|disk| disk.is_owned() && !disk.is_cloud_init())
            .and_then(config::Disk::size);
        if let Some(size) = size {
            self.maxdisk = size.0;
        }
    }
}
