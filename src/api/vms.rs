//! Virtual machines and containers (guide: VM List & Management, VM Detail).

mod calls;
mod config;
mod detail;
mod make;

pub use super::metrics::{Metrics, MetricsPoint, Timeframe};
pub use calls::*;
pub use config::{ConfigPatch, VmConfig};
pub use detail::{AgentAddress, AgentInterface, NetworkInterface, PendingChange, VmDetail, VmLive};
pub use make::{make, make_shown};

use super::decode;
use crate::domain::ids::VmId;
use crate::domain::lenient;
use crate::domain::status::{GuestKind, Lock, VmStatus};
use crate::domain::units::{Bytes, Fraction, Seconds};
use serde::{Deserialize, Serialize};

/// A VM as in lists (guide: VM List & Management).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Vm {
    /// Its number, unique in the cluster.
    #[serde(alias = "vmId")]
    pub vmid: VmId,
    /// Name; may be empty.
    #[serde(default, deserialize_with = "lenient::text_or_empty")]
    pub name: String,
    /// Node it is on.
    #[serde(default, deserialize_with = "lenient::text_or_empty")]
    pub node: String,
    /// Virtual machine or container.
    #[serde(default, rename = "type")]
    pub kind: GuestKind,
    /// State.
    #[serde(default)]
    pub status: VmStatus,
    /// Share of its CPUs in use, 0 to 1.
    #[serde(
        default,
        deserialize_with = "decode::fraction",
        skip_serializing_if = "Option::is_none"
    )]
    pub cpu: Option<Fraction>,
    /// Cores; 0 on the wire means unknown.
    #[serde(
        default,
        deserialize_with = "decode::small_or_unknown",
        skip_serializing_if = "Option::is_none"
    )]
    pub cpus: Option<u32>,
    /// Memory in use.
    #[serde(
        default,
        deserialize_with = "decode::bytes",
        skip_serializing_if = "Option::is_none"
    )]
    pub mem: Option<Bytes>,
    /// Memory in all.
    #[serde(
        default,
        deserialize_with = "decode::bytes",
        skip_serializing_if = "Option::is_none"
    )]
    pub maxmem: Option<Bytes>,
    /// Disk in use.
    #[serde(
        default,
        deserialize_with = "decode::bytes",
        skip_serializing_if = "Option::is_none"
    )]
    pub disk: Option<Bytes>,
    /// Disk in all.
    #[serde(
        default,
        deserialize_with = "decode::bytes",
        skip_serializing_if = "Option::is_none"
    )]
    pub maxdisk: Option<Bytes>,
    /// Bytes received since start.
    #[serde(
        default,
        deserialize_with = "lenient::unsigned",
        skip_serializing_if = "Option::is_none"
    )]
    pub netin: Option<u64>,
    /// Bytes sent since start.
    #[serde(
        default,
        deserialize_with = "lenient::unsigned",
        skip_serializing_if = "Option::is_none"
    )]
    pub netout: Option<u64>,
    /// Bytes read from disks since start.
    #[serde(
        default,
        deserialize_with = "lenient::unsigned",
        skip_serializing_if = "Option::is_none"
    )]
    pub diskread: Option<u64>,
    /// Bytes written to disks since start.
    #[serde(
        default,
        deserialize_with = "lenient::unsigned",
        skip_serializing_if = "Option::is_none"
    )]
    pub diskwrite: Option<u64>,
    /// Time since start; 0 when off.
    #[serde(
        default,
        deserialize_with = "decode::seconds",
        skip_serializing_if = "Option::is_none"
    )]
    pub uptime: Option<Seconds>,
    /// Whether it is a template.
    #[serde(default, deserialize_with = "lenient::flag_or_false")]
    pub template: bool,
    /// Tags, in the server's order.
    #[serde(default, deserialize_with = "decode::words")]
    pub tags: Vec<String>,
    /// Why it is locked.
    #[serde(
        default,
        deserialize_with = "decode::lock",
        skip_serializing_if = "Option::is_none"
    )]
    pub lock: Option<Lock>,
    /// State under high availability, e.g. `started`; absent without.
    #[serde(
        default,
        deserialize_with = "decode::word",
        skip_serializing_if = "Option::is_none"
    )]
    pub hastate: Option<String>,
    /// Resource pool.
    #[serde(
        default,
        deserialize_with = "decode::word",
        skip_serializing_if = "Option::is_none"
    )]
    pub pool: Option<String>,
}

impl Vm {
    /// A VM of which only the number is known.
    #[must_use]
    pub fn new(vmid: VmId) -> Self {
        Self {
            vmid,
            name: String::new(),
            node: String::new(),
            kind: GuestKind::default(),
            status: VmStatus::default(),
            cpu: None,
            cpus: None,
            mem: None,
            maxmem: None,
            disk: None,
            maxdisk: None,
            netin: None,
            netout: None,
            diskread: None,
            diskwrite: None,
            uptime: None,
            template: false,
            tags: Vec::new(),
            lock: None,
            hastate: None,
            pool: None,
        }
    }

    /// Share of the memory in use.
    #[must_use]
    pub fn mem_share(&self) -> Option<Fraction> {
        self.mem?.of(self.maxmem?)
    }

    /// Share of the disks in use; `None` where 0 is sent for a guest whose use is unknown.
    #[must_use]
    pub fn disk_share(&self) -> Option<Fraction> {
        self.disk.filter(|disk| disk.0 > 0)?.of(self.maxdisk?)
    }
}
