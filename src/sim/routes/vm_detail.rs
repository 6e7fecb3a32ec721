//! What the VM page reads: `/detail`, `/status`, `/snapshots`, `/agent/interfaces`.

use super::{Answer, Call, vm, vm_mut};
use crate::domain::config::{self, ConfigMap, Nic};
use crate::domain::status::VmStatus;
use crate::sim::http::Response;
use crate::sim::model::{Backup, Snapshot, Vm, num};
use crate::sim::noise::{hash, unit};
use crate::sim::refusal::Refusal;
use crate::sim::usage;
use serde::Serialize;
use serde_json::{Value, json};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Interface<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    mac_address: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bridge: Option<&'a str>,
    vlan: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<&'a str>,
    firewall: bool,
    raw_config: String,
    ip_addresses: Vec<String>,
}

/// The address of an interface: the guide's VM 101 has 192.168.1.101, the others follow suit.
fn address(vm: &Vm, nic: usize) -> String {
    let (high, low) = (vm.id / 254 % 200, vm.id % 254 + 1);
    match nic {
        0 if vm.id < 255 => format!("192.168.1.{}", vm.id),
        0 => format!("10.20.{high}.{low}"),
        _ => format!("10.{}.{high}.{low}", 30 + nic),
    }
}

fn config_with_digest(vm: &Vm) -> ConfigMap {
    let mut config = vm.config.clone();
    config.insert("digest".into(), vm.digest().into());
    config
}

/// Configuration as `/config` shows it: with the tags, as the hypervisor keeps them. The guide's
/// `/detail` has them beside the configuration only.
pub fn shown_config(vm: &Vm) -> ConfigMap {
    let mut config = config_with_digest(vm);
    if !vm.tags.is_empty() {
        config.insert("tags".into(), vm.tags.join(";").into());
    }
    config
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Detail<'a> {
    vm: Value,
    config: ConfigMap,
    snapshots: Vec<Snapshot>,
    backups: Vec<Backup>,
    network_interfaces: Vec<Interface<'a>>,
}

pub fn detail(call: &mut Call<'_>, id: &str) -> Answer {
    let now = call.world.now;
    let vm = vm_mut(call.world, id)?;
    usage::watch(vm, now);
    // The row of the list, so that both pages agree; the figures are as fresh as the list's.
    let row = serde_json::from_str(&vm.row()).unwrap_or_default();
    let id = vm.id;
    let vm = &*vm;
    let snapshots = vm.shown.snapshots.clone().unwrap_or_else(|| {
        let mut list = vm.snapshots.clone();
        list.reverse();
        for snapshot in &mut list {
            snapshot.running = None;
        }
        list
    });
    let nics = config::nics(&vm.config);
    let backups = vm.shown.backups.clone();
    let detail = Detail {
        vm: row,
        config: config_with_digest(vm),
        snapshots,
        backups: Vec::new(),
        network_interfaces: nics
            .iter()
            .enumerate()
            .map(|(index, nic)| interface(vm, index, nic))
            .collect(),
    };
    let world = &*call.world;
    let backups = backups.unwrap_or_else(|| {
        world
            .backups
            .iter()
            .filter(|backup| backup.vmid == Some(id))
            .map(|backup| Backup {
                vmid: None,
                ..backup.clone()
            })
            .collect()
    });
    Ok(Response::ok(&Detail { backups, ..detail }))
}

fn interface<'a>(vm: &Vm, index: usize, nic: &'a Nic) -> Interface<'a> {
    Interface {
        name: &nic.key,
        mac_address: nic.mac(),
        bridge: nic.bridge(),
        vlan: nic.vlan().and_then(|tag| tag.parse().ok()),
        model: nic.model(),
        firewall: nic.firewall(),
        raw_config: nic.print(),
        ip_addresses: if vm.agent_answers() {
            vec![address(vm, index)]
        } else {
            Vec::new()
        },
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Status<'a> {
    vmid: u32,
    name: &'a str,
    status: &'a VmStatus,
    qmp_status: Option<&'a VmStatus>,
    #[serde(serialize_with = "num")]
    cpu_usage: f64,
    cpus: u32,
    memory_usage: u64,
    max_memory: u64,
    #[serde(serialize_with = "num")]
    memory_percent: f64,
    disk_read: u64,
    disk_write: u64,
    disk_usage: u64,
    max_disk: u64,
    network_in: u64,
    network_out: u64,
    uptime: u64,
    pid: Option<String>,
    running: bool,
    lock: Option<String>,
    agent_status: u8,
}

pub fn status(call: &mut Call<'_>, id: &str) -> Answer {
    let now = call.world.now;
    let vm = vm_mut(call.world, id)?;
    usage::watch(vm, now);
    let on = vm.is_on();
    let usage = &vm.usage;
    #[expect(clippy::cast_precision_loss, reason = "a share needs no 53 bits")]
    let percent = if vm.maxmem == 0 {
        0.0
    } else {
        (usage.mem as f64 / vm.maxmem as f64 * 1e4).round() / 100.0
    };
    Ok(Response::ok(&Status {
        vmid: vm.id,
        name: &vm.name,
        status: &vm.status,
        qmp_status: on.then_some(&vm.status),
        cpu_usage: (usage.cpu * 1e5).round() / 1e3,
        cpus: vm.cpus,
        memory_usage: usage.mem,
        max_memory: vm.maxmem,
        memory_percent: percent,
        disk_read: usage.diskread,
        disk_write: usage.diskwrite,
        disk_usage: usage.disk,
        max_disk: vm.maxdisk,
        network_in: usage.netin,
        network_out: usage.netout,
        uptime: usage.uptime,
        pid: on.then(|| (20_000 + vm.id * 7 % 900_000).to_string()),
        running: vm.status == VmStatus::Running,
        lock: vm.lock.as_ref().map(ToString::to_string),
        agent_status: u8::from(vm.agent_answers()),
    }))
}

#[derive(Serialize)]
struct Current<'a> {
    name: &'static str,
    digest: String,
    running: bool,
    description: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent: Option<&'a str>,
}

pub fn snapshots(call: &Call<'_>, id: &str) -> Answer {
    let vm = vm(call.world, id)?;
    // As in the guide's example: `current` first, and without a parent while it sits on the newest
    // that was there from the start.
    let current = Current {
        name: "current",
        digest: vm.digest(),
        running: vm.is_on(),
        description: "You are here",
        parent: vm.on_snapshot.as_deref(),
    };
    let rows = std::iter::once(serde_json::to_string(&current))
        .chain(vm.snapshots.iter().rev().map(serde_json::to_string))
        .filter_map(Result::ok);
    Ok(super::joined(rows))
}

/// As the shipped server sends them: without the entry `current`, and no root has a parent.
pub fn plain_snapshots(call: &Call<'_>, id: &str) -> Answer {
    let vm = vm(call.world, id)?;
    let rows: Vec<Value> = vm
        .snapshots
        .iter()
        .rev()
        .map(|snapshot| {
            let mut row = json!({
                "name": snapshot.name,
                "description": snapshot.description,
                "snaptime": snapshot.snaptime,
                "vmstate": snapshot.vmstate,
            });
            if let Some(parent) = &snapshot.parent {
                row["parent"] = parent.as_str().into();
            }
            if let Some(size) = snapshot.size {
                row["size"] = size.into();
            }
            row
        })
        .collect();
    Ok(Response::ok(&rows))
}

pub fn interfaces(call: &Call<'_>, id: &str) -> Answer {
    let vm = vm(call.world, id)?;
    if !config::flag(&vm.config, "agent").unwrap_or_default() {
        return Err(Refusal::conflict(
            "AGENT_OFF",
            "No QEMU guest agent configured",
        ));
    }
    if !vm.agent_answers() {
        return Err(Refusal::conflict(
            "AGENT_SILENT",
            "QEMU guest agent is not running",
        ));
    }
    let mut list = vec![json!({
        "name": "lo", "mac": "00:00:00:00:00:00",
        "addresses": [{"ip": "127.0.0.1", "prefix": 8}, {"ip": "::1", "prefix": 128}],
    })];
    for (index, nic) in config::nics(&vm.config).iter().enumerate() {
        let tail = hash(u64::from(vm.id), index as u64);
        let mut addresses = vec![json!({"ip": address(vm, index), "prefix": 24})];
        if unit(tail) < 0.7 || vm.id == 101 {
            let (a, b, c, d) = (
                tail & 0xffff,
                tail >> 16 & 0xffff,
                tail >> 32 & 0xffff,
                tail >> 48,
            );
            addresses.push(json!({"ip": format!("fe80::{a:x}:{b:x}:{c:x}:{d:x}"), "prefix": 64}));
        }
        list.push(json!({
            "name": format!("eth{index}"),
            "mac": nic.mac().unwrap_or_default().to_lowercase(),
            "addresses": addresses,
        }));
    }
    Ok(Response::ok(&list))
}
