//! Everything about one VM (guide: VM Detail).

use super::super::backups::Backup;
use super::super::decode;
use super::super::snapshots::Snapshot;
use super::{Vm, VmConfig};
use crate::domain::ids::VmId;
use crate::domain::lenient;
use crate::domain::status::{Lock, VmStatus};
use crate::domain::units::{Bytes, Fraction, Seconds};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

/// A VM with its configuration, snapshots and backups in one answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct VmDetail {
    /// As in the list.
    pub vm: Vm,
    /// The configuration.
    pub config: VmConfig,
    /// Its snapshots; `None` where the server leaves them out (divergence 15): then
    /// [`crate::api::snapshots::list`] has them. Parents may run backwards here (guide's
    /// contradictions, 6).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snapshots: Option<Vec<Snapshot>>,
    /// Its backups; `None` where the server leaves them out: then
    /// [`crate::api::backups::of_vm`] has them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backups: Option<Vec<Backup>>,
    /// Its network interfaces, where the server takes the configuration apart.
    #[serde(rename = "networkInterfaces", skip_serializing_if = "Vec::is_empty")]
    pub interfaces: Vec<NetworkInterface>,
}

impl<'de> Deserialize<'de> for VmDetail {
    /// From the guide's `{vm, config, snapshots, backups}`, or from the shipped server's flat
    /// object, where the VM's fields stand at the top.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error;
        let Value::Object(mut fields) = Value::deserialize(deserializer)? else {
            return Err(D::Error::custom("expected an object"));
        };
        let mut take = |name: &str| fields.remove(name).filter(|value| !value.is_null());
        let (vm, config) = (take("vm"), take("config"));
        let (snapshots, backups) = (take("snapshots"), take("backups"));
        let interfaces = take("networkInterfaces");
        let vm = vm.unwrap_or(Value::Object(fields));
        Ok(Self {
            vm: serde_json::from_value(vm).map_err(D::Error::custom)?,
            config: config
                .map(serde_json::from_value)
                .transpose()
                .map_err(D::Error::custom)?
                .unwrap_or_default(),
            snapshots: snapshots.and_then(good_rows),
            backups: backups.and_then(good_rows),
            interfaces: interfaces.and_then(good_rows).unwrap_or_default(),
        })
    }
}

/// Rows that can be read; `None` for what is no list.
fn good_rows<T: serde::de::DeserializeOwned>(value: Value) -> Option<Vec<T>> {
    serde_json::from_value::<lenient::Rows<T>>(value)
        .ok()
        .map(|rows| rows.good)
}

/// Live counters of one VM (contract: `VmStatusDetail`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VmLive {
    /// Its number.
    #[serde(alias = "vmId")]
    pub vmid: VmId,
    /// Name.
    #[serde(
        default,
        deserialize_with = "decode::word",
        skip_serializing_if = "Option::is_none"
    )]
    pub name: Option<String>,
    /// State; a paused VM may be "running" here, see [`VmLive::state`].
    #[serde(default)]
    pub status: VmStatus,
    /// What the emulator says, e.g. `paused`.
    #[serde(
        default,
        deserialize_with = "decode::word",
        skip_serializing_if = "Option::is_none",
        rename = "qmpStatus"
    )]
    pub qmp_status: Option<String>,
    /// Share of its CPUs in use; percent on the wire.
    #[serde(
        default,
        with = "decode::percent",
        skip_serializing_if = "Option::is_none",
        rename = "cpuUsage"
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
        skip_serializing_if = "Option::is_none",
        rename = "memoryUsage"
    )]
    pub mem: Option<Bytes>,
    /// Memory in all.
    #[serde(
        default,
        deserialize_with = "decode::bytes",
        skip_serializing_if = "Option::is_none",
        rename = "maxMemory"
    )]
    pub maxmem: Option<Bytes>,
    /// Share of the memory in use; percent on the wire.
    #[serde(
        default,
        with = "decode::percent",
        skip_serializing_if = "Option::is_none",
        rename = "memoryPercent"
    )]
    pub mem_share: Option<Fraction>,
    /// Bytes read from disks since start.
    #[serde(
        default,
        deserialize_with = "lenient::unsigned",
        skip_serializing_if = "Option::is_none",
        rename = "diskRead"
    )]
    pub diskread: Option<u64>,
    /// Bytes written to disks since start.
    #[serde(
        default,
        deserialize_with = "lenient::unsigned",
        skip_serializing_if = "Option::is_none",
        rename = "diskWrite"
    )]
    pub diskwrite: Option<u64>,
    /// Disk in use.
    #[serde(
        default,
        deserialize_with = "decode::bytes",
        skip_serializing_if = "Option::is_none",
        rename = "diskUsage"
    )]
    pub disk: Option<Bytes>,
    /// Disk in all.
    #[serde(
        default,
        deserialize_with = "decode::bytes",
        skip_serializing_if = "Option::is_none",
        rename = "maxDisk"
    )]
    pub maxdisk: Option<Bytes>,
    /// Bytes received since start.
    #[serde(
        default,
        deserialize_with = "lenient::unsigned",
        skip_serializing_if = "Option::is_none",
        rename = "networkIn"
    )]
    pub netin: Option<u64>,
    /// Bytes sent since start.
    #[serde(
        default,
        deserialize_with = "lenient::unsigned",
        skip_serializing_if = "Option::is_none",
        rename = "networkOut"
    )]
    pub netout: Option<u64>,
    /// Time since start.
    #[serde(
        default,
        deserialize_with = "decode::seconds",
        skip_serializing_if = "Option::is_none"
    )]
    pub uptime: Option<Seconds>,
    /// Process on the node.
    #[serde(
        default,
        deserialize_with = "decode::word",
        skip_serializing_if = "Option::is_none"
    )]
    pub pid: Option<String>,
    /// Whether it runs.
    #[serde(
        default,
        deserialize_with = "lenient::flag",
        skip_serializing_if = "Option::is_none"
    )]
    pub running: Option<bool>,
    /// Why it is locked.
    #[serde(
        default,
        deserialize_with = "decode::lock",
        skip_serializing_if = "Option::is_none"
    )]
    pub lock: Option<Lock>,
    /// 1 where the guest agent answers.
    #[serde(
        default,
        deserialize_with = "decode::small",
        skip_serializing_if = "Option::is_none",
        rename = "agentStatus"
    )]
    pub agent_status: Option<u32>,
}

/// A network interface as configured, with addresses where the guest agent runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct NetworkInterface {
    /// Configuration key, e.g. `net0`.
    pub name: String,
    /// MAC address.
    #[serde(
        default,
        deserialize_with = "decode::word",
        skip_serializing_if = "Option::is_none",
        rename = "macAddress"
    )]
    pub mac: Option<String>,
    /// Bridge it is plugged into.
    #[serde(
        default,
        deserialize_with = "decode::word",
        skip_serializing_if = "Option::is_none"
    )]
    pub bridge: Option<String>,
    /// VLAN tag.
    #[serde(
        default,
        deserialize_with = "decode::small",
        skip_serializing_if = "Option::is_none"
    )]
    pub vlan: Option<u32>,
    /// Model, e.g. `virtio`.
    #[serde(
        default,
        deserialize_with = "decode::word",
        skip_serializing_if = "Option::is_none"
    )]
    pub model: Option<String>,
    /// Whether the firewall is on.
    #[serde(
        default,
        deserialize_with = "lenient::flag",
        skip_serializing_if = "Option::is_none"
    )]
    pub firewall: Option<bool>,
    /// The configuration value itself.
    #[serde(
        default,
        deserialize_with = "decode::word",
        skip_serializing_if = "Option::is_none",
        rename = "rawConfig"
    )]
    pub raw: Option<String>,
    /// Addresses.
    #[serde(
        default,
        deserialize_with = "decode::words",
        rename = "ipAddresses",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub addresses: Vec<String>,
}

/// A configuration value that takes effect at the next start.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct PendingChange {
    /// Configuration key.
    pub key: String,
    /// Value in effect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
    /// Value to come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pending: Option<Value>,
    /// Whether the key goes away.
    #[serde(default, deserialize_with = "lenient::flag_or_false")]
    pub delete: bool,
}

/// An interface as the guest agent reports it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct AgentInterface {
    /// Name inside the guest, e.g. `eth0`.
    pub name: String,
    /// MAC address.
    #[serde(
        default,
        deserialize_with = "decode::word",
        skip_serializing_if = "Option::is_none"
    )]
    pub mac: Option<String>,
    /// Addresses.
    #[serde(default, deserialize_with = "lenient::rows")]
    pub addresses: Vec<AgentAddress>,
}

/// An address inside the guest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct AgentAddress {
    /// IPv4 or IPv6 address.
    pub ip: String,
    /// Length of its network prefix.
    #[serde(
        default,
        deserialize_with = "decode::small",
        skip_serializing_if = "Option::is_none"
    )]
    pub prefix: Option<u32>,
}

impl VmLive {
    /// The state, with the emulator's word where it is more exact: a paused guest counts as
    /// running for Proxmox.
    #[must_use]
    pub fn state(&self) -> VmStatus {
        match self.qmp_status.as_deref() {
            Some("paused" | "suspended") if self.status == VmStatus::Running => VmStatus::Paused,
            Some("io-error" | "internal-error") => VmStatus::Error,
            _ => self.status.clone(),
        }
    }

    /// Takes its figures over into a row of the list.
    pub fn fill(&self, vm: &mut Vm) {
        vm.status = self.state();
        vm.cpu = self.cpu.or(vm.cpu);
        vm.cpus = self.cpus.or(vm.cpus);
        vm.mem = self.mem.or(vm.mem);
        vm.maxmem = self.maxmem.or(vm.maxmem);
        vm.disk = self.disk.or(vm.disk);
        vm.maxdisk = self.maxdisk.or(vm.maxdisk);
        vm.netin = self.netin.or(vm.netin);
        vm.netout = self.netout.or(vm.netout);
        vm.diskread = self.diskread.or(vm.diskread);
        vm.diskwrite = self.diskwrite.or(vm.diskwrite);
        vm.uptime = self.uptime.or(vm.uptime);
        vm.lock.clone_from(&self.lock);
    }
}
