//! The guide's VMs, and the quiet ones that make its tag counts true: fifteen carry `env-prod`,
//! yet only 101 and 104 of those run, as the guide's filtered list has it.

use super::build::{GIB, Plan, vm};
use crate::domain::status::Lock;
use crate::sim::model::{Shown, Vm};
use serde_json::json;
use std::sync::Arc;

const DAY: i64 = 86_400;

/// ID, name, node, state, cores, GiB of memory, GiB of disk, tags, CPU, memory, disk, days up.
type Row = (
    u32,
    &'static str,
    usize,
    &'static str,
    u32,
    u32,
    u32,
    &'static str,
    f64,
    f64,
    f64,
    i64,
);

// One VM, one line.
#[rustfmt::skip]
const ROWS: [Row; 44] = [
    (101, "web-server-01", 1, "running", 4, 4, 50, "env-prod client-acme web-tier", 0.15234, 0.875, 0.4, 5),
    (102, "database-01", 1, "stopped", 8, 16, 100, "env-prod client-acme db-tier", 0.3, 0.8, 0.61, 0),
    (103, "test-server-01", 1, "stopped", 2, 4, 50, "env-test temporary", 0.05, 0.4, 0.0, 0),
    (104, "web-server-02", 2, "running", 4, 4, 50, "env-prod client-acme web-tier always-on", 0.08765, 0.9375, 0.36, 4),
    (105, "app-server-01", 2, "running", 4, 8, 80, "env-staging client-globex app-tier moxxie", 0.41, 0.775, 0.76, 31),
    (106, "cache-01", 3, "running", 8, 8, 20, "env-staging always-on moxxie", 0.73, 0.95, 0.45, 31),
    (107, "analytics-02", 3, "running", 16, 32, 500, "env-staging client-initech", 0.93, 0.88, 0.82, 12),
    (111, "web-server-03", 2, "stopped", 4, 4, 50, "env-prod client-acme web-tier", 0.1, 0.6, 0.31, 0),
    (112, "web-server-04", 3, "stopped", 4, 4, 50, "env-prod client-acme web-tier", 0.1, 0.6, 0.3, 0),
    (113, "web-server-05", 2, "stopped", 4, 4, 50, "env-prod client-acme web-tier", 0.1, 0.6, 0.3, 0),
    (114, "web-server-06", 3, "stopped", 4, 4, 50, "env-prod client-acme web-tier", 0.1, 0.6, 0.3, 0),
    (115, "app-server-02", 2, "stopped", 4, 8, 80, "env-prod client-acme app-tier", 0.2, 0.6, 0.52, 0),
    (116, "app-server-03", 3, "stopped", 4, 8, 80, "env-prod client-acme app-tier", 0.2, 0.6, 0.5, 0),
    (117, "mail-gateway-01", 2, "paused", 2, 4, 40, "env-prod client-globex", 0.04, 0.55, 0.28, 9),
    (118, "erp-db-01", 3, "stopped", 8, 32, 200, "env-prod client-globex db-tier", 0.2, 0.8, 0.7, 0),
    (119, "erp-app-01", 3, "stopped", 4, 16, 100, "env-prod client-globex app-tier", 0.2, 0.7, 0.4, 0),
    (120, "ldap-02", 1, "stopped", 2, 2, 20, "env-prod", 0.02, 0.3, 0.2, 0),
    (121, "vpn-gateway-02", 1, "stopped", 2, 2, 20, "env-prod", 0.02, 0.3, 0.15, 0),
    (122, "report-server-01", 3, "stopped", 4, 8, 100, "env-prod", 0.2, 0.6, 0.6, 0),
    (123, "acme-dev-01", 1, "running", 2, 4, 40, "env-dev client-acme", 0.03, 0.41, 0.33, 17),
    (124, "acme-dev-02", 2, "running", 2, 4, 40, "env-dev client-acme", 0.02, 0.38, 0.3, 17),
    (125, "acme-dev-db-01", 2, "stopped", 2, 8, 60, "env-dev client-acme db-tier", 0.05, 0.5, 0.45, 0),
    (126, "globex-dev-01", 2, "running", 2, 4, 40, "env-dev client-globex", 0.05, 0.52, 0.5, 44),
    (127, "globex-dev-02", 3, "stopped", 2, 4, 40, "env-dev client-globex", 0.05, 0.5, 0.48, 0),
    (128, "globex-staging-01", 3, "running", 4, 8, 80, "env-staging client-globex", 0.11, 0.63, 0.55, 23),
    (129, "dns-01", 1, "running", 2, 2, 20, "infra always-on moxxie", 0.02, 0.35, 0.22, 99),
    (130, "monitoring-01", 2, "running", 4, 16, 200, "infra always-on moxxie", 0.28, 0.72, 0.67, 99),
    (131, "git-01", 3, "running", 4, 16, 300, "infra always-on", 0.09, 0.58, 0.71, 61),
    (132, "win-jump-01", 2, "running", 4, 8, 80, "infra", 0.06, 0.66, 0.59, 3),
    (201, "talos-prod-01-cp-1", 1, "running", 4, 8, 100, "talos-cluster cluster-talos-prod-01 talos-control-plane talos-v1.7.0", 0.12, 0.75, 0.31, 1),
    (202, "talos-prod-01-cp-2", 2, "running", 4, 8, 100, "talos-cluster cluster-talos-prod-01 talos-control-plane talos-v1.7.0", 0.1, 0.718_75, 0.3, 1),
    (203, "talos-prod-01-cp-3", 3, "running", 4, 8, 100, "talos-cluster cluster-talos-prod-01 talos-control-plane talos-v1.7.0", 0.11, 0.7375, 0.3, 1),
    (204, "talos-prod-01-worker-1", 1, "running", 8, 16, 200, "talos-cluster cluster-talos-prod-01 talos-worker talos-v1.7.0 k8s-worker", 0.09, 0.42, 0.24, 1),
    (205, "talos-prod-01-worker-2", 2, "running", 8, 16, 200, "talos-cluster cluster-talos-prod-01 talos-worker talos-v1.7.0 k8s-worker", 0.34, 0.61, 0.28, 1),
    (206, "talos-prod-01-worker-3", 3, "running", 8, 16, 200, "talos-cluster cluster-talos-prod-01 talos-worker talos-v1.7.0 k8s-worker", 0.29, 0.58, 0.27, 1),
    (207, "talos-prod-01-worker-4", 2, "running", 8, 16, 200, "talos-cluster cluster-talos-prod-01 talos-worker talos-v1.7.0 k8s-worker", 0.31, 0.64, 0.26, 1),
    (208, "talos-prod-01-worker-5", 3, "running", 8, 16, 200, "talos-cluster cluster-talos-prod-01 talos-worker talos-v1.7.0 k8s-worker", 0.37, 0.69, 0.3, 1),
    (221, "k3s-dev-01-server-1", 3, "running", 2, 4, 40, "cluster-k3s-dev-01 k8s-control-plane", 0.08, 0.57, 0.26, 2),
    (222, "k3s-dev-01-agent-1", 3, "running", 4, 8, 80, "cluster-k3s-dev-01 k8s-worker", 0.12, 0.49, 0.21, 2),
    (309, "ci-runner-01", 3, "running", 8, 8, 40, "env-dev ci", 0.44, 0.6, 0.64, 6),
    (310, "ci-runner-02", 3, "stopped", 8, 8, 40, "env-dev ci", 0.4, 0.6, 0.6, 0),
    (311, "ci-runner-03", 3, "error", 8, 8, 40, "env-dev ci", 0.4, 0.6, 0.99, 6),
    (9000, "debian-12-template", 1, "stopped", 2, 2, 20, "template", 0.02, 0.3, 0.1, 0),
    (9001, "talos-v1.7.0-template", 1, "stopped", 2, 4, 20, "template talos", 0.02, 0.3, 0.08, 0),
];

/// All of them.
pub fn all(seed: u64, now: i64, nodes: &[Arc<str>]) -> Vec<Vm> {
    ROWS.iter()
        .map(|row| {
            let (id, name, node, status, cores, memory, disk, tags, cpu, mem, full, days) = *row;
            let plan = Plan {
                id,
                name: name.to_owned(),
                node: &nodes[node - 1],
                status,
                cores,
                memory,
                disk,
                tags: tags.split(' ').map(ToOwned::to_owned).collect(),
                cpu,
                mem,
                full,
                uptime: days * DAY,
                ostype: if name.starts_with("win") {
                    "win11"
                } else {
                    "l26"
                },
                storage: "local-zfs",
                busy: 0.6,
            };
            special(vm(seed, now, plan), now)
        })
        .collect()
}

/// What single VMs are there to show.
fn special(mut vm: Vm, now: i64) -> Vm {
    let description = |vm: &mut Vm, text: &str| {
        vm.config.insert("description".into(), json!(text));
    };
    match vm.id {
        101 => web_server_01(&mut vm, now),
        102 => {
            description(
                &mut vm,
                "Primary PostgreSQL 16 for ACME.\n\n**Stopped for storage maintenance**, see ticket OPS-4711.",
            );
        }
        103 => vm.lock = Some(Lock::Create),
        104 => {
            vm.usage.netin = 2_345_678_901;
            vm.usage.netout = 1_876_543_210;
            vm.usage.diskread = 4_294_967_296;
            vm.usage.diskwrite = 3_221_225_472;
            vm.usage.cpu = 0.08765;
            vm.load.rates = [2.3e6, 1.9e6, 3.1e5, 4.4e5];
        }
        106 => vm.ha = Some("started".to_owned()),
        107 => vm.hangs = true,
        118 => {
            vm.config.insert("protection".into(), json!(1));
            description(&mut vm, "Contains payroll data. Do not remove.");
        }
        121 => vm.ha = Some("stopped".to_owned()),
        122 => vm.broken = Some("start failed: QEMU exited with code 1".to_owned()),
        128 => vm.lock = Some(Lock::SnapshotDelete),
        130 => {
            vm.ha = Some("started".to_owned());
            vm.pool = Some("infrastructure".to_owned());
            vm.config.insert("agent".into(), json!(1));
        }
        131 => vm.pool = Some("infrastructure".to_owned()),
        204..=208 => vm
            .config
            .insert("agent".into(), json!(1))
            .map_or((), |_| ()),
        311 => {
            vm.usage.cpu = 0.0;
            vm.usage.mem = 0;
            description(&mut vm, "io-error: root disk full");
        }
        9000 | 9001 => {
            vm.template = true;
            vm.config.insert("template".into(), json!(1));
            if vm.id == 9000 {
                vm.config.insert(
                    "ide2".into(),
                    json!("local-zfs:vm-9000-cloudinit,media=cdrom"),
                );
            }
        }
        _ => {}
    }
    vm
}

/// Exactly as the guide shows it.
fn web_server_01(vm: &mut Vm, now: i64) {
    vm.usage.cpu = 0.15234;
    vm.usage.mem = 3_758_096_384;
    vm.usage.disk = 21_474_836_480;
    vm.usage.netin = 1_234_567_890;
    vm.usage.netout = 987_654_321;
    vm.usage.diskread = 5_368_709_120;
    vm.usage.diskwrite = 2_147_483_648;
    vm.load.rates = [1.2e6, 9e5, 3.1e6, 9.3e6];
    vm.load.next = now + 2_000;
    let config = json!({
        "name": "web-server-01",
        "cores": 4,
        "memory": 4096,
        "boot": "order=scsi0;ide2;net0",
        "scsihw": "virtio-scsi-single",
        "ostype": "l26",
        "ide2": "none,media=cdrom",
        "net0": "virtio=AA:BB:CC:DD:EE:FF,bridge=vmbr0,firewall=1,tag=100",
        "net1": "virtio=AA:BB:CC:DD:EE:00,bridge=vmbr1",
        "scsi0": "local-zfs:vm-101-disk-0,size=50G",
        "scsi1": "local-zfs:vm-101-disk-1,size=100G",
        "cpu": "x86-64-v2-AES",
        "numa": 0,
        "balloon": 2048,
        "agent": 1,
        "onboot": 1,
        "protection": 0
    });
    vm.config = serde_json::from_value(config).unwrap_or_default();
    vm.shown = Shown {
        // The Dashboard's example of the same VM, with other figures.
        resource: Some((0.05234, 3 * GIB, 864_000)),
        digest: Some("1234567890abcdef".to_owned()),
        ..Shown::default()
    };
}
