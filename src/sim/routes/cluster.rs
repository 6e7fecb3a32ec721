//! `/info`, `/cluster/status`, `/cluster/resources`.

use super::{Answer, Call, joined};
use crate::sim::http::Response;
use crate::sim::model::{Member, Node};
use crate::sim::refusal::Refusal;
use serde::Serialize;
use std::sync::Arc;

/// What `/info` lists. Calls that are optional without a name of their own go by operation ID.
pub const FEATURES: [&str; 16] = [
    "events",
    "metrics",
    "getVmMetrics",
    "getNodeMetrics",
    "agent",
    "pending",
    "bulk",
    "getBulkOperation",
    "listBulkOperations",
    "audit",
    "backup-health",
    "backup-notes",
    "downloadBackup",
    "getRetentionPolicy",
    "setRetentionPolicy",
    "streamEvents",
];

#[derive(Serialize)]
struct User<'a> {
    name: &'a str,
    roles: [&'static str; 1],
}

#[derive(Serialize)]
struct Info<'a> {
    instance_id: &'a str,
    location: &'a str,
    version: &'static str,
    cluster_endpoint: String,
    health_status: &'static str,
    contract: &'static str,
    features: &'static [&'static str],
    user: User<'a>,
    #[serde(rename = "readOnly")]
    read_only: bool,
    #[serde(rename = "safeMode")]
    safe_mode: &'static str,
}

pub fn info(call: &Call<'_>) -> Response {
    let world = &*call.world;
    let ip = world.nodes.first().map_or("", |node| &node.ip);
    Response::ok(&Info {
        instance_id: world.cluster.instance,
        location: world.cluster.location,
        version: "1.4.0",
        cluster_endpoint: format!("https://{ip}:8006/api2/json"),
        health_status: "healthy",
        contract: "guide",
        features: &FEATURES,
        user: User {
            name: &world.settings.user,
            roles: [if world.settings.read_only {
                "viewer"
            } else {
                "admin"
            }],
        },
        read_only: world.settings.read_only,
        safe_mode: world.settings.safe_mode,
    })
}

#[derive(Serialize)]
struct ClusterBody<'a> {
    name: &'a str,
    version: u32,
    nodes: usize,
    quorate: bool,
}

#[derive(Serialize)]
struct Status<'a> {
    cluster: ClusterBody<'a>,
    nodes: Vec<Member<'a>>,
}

pub fn status(call: &Call<'_>) -> Response {
    let world = &*call.world;
    let online = world.nodes.iter().filter(|node| node.online()).count();
    Response::ok(&Status {
        cluster: ClusterBody {
            name: &world.cluster.name,
            version: world.cluster.version,
            nodes: world.nodes.len(),
            quorate: online * 2 > world.nodes.len(),
        },
        nodes: world.nodes.iter().map(Node::member).collect(),
    })
}

pub fn resources(call: &mut Call<'_>) -> Answer {
    let world = &mut *call.world;
    let mut rows: Vec<Arc<str>> = Vec::new();
    let wanted = call.query.get("type").unwrap_or("all");
    if !matches!(
        wanted,
        "all" | "vm" | "qemu" | "lxc" | "node" | "storage" | "sdn"
    ) {
        return Err(Refusal::invalid(
            "Invalid query parameter",
            "type",
            "Must be vm, node or storage",
        ));
    }
    if matches!(wanted, "all" | "vm" | "qemu" | "lxc") {
        rows.extend(
            world
                .vms
                .values_mut()
                .filter(|vm| matches!(wanted, "all" | "vm") || vm.kind.as_str() == wanted)
                .map(crate::sim::model::Vm::resource_row),
        );
    }
    if matches!(wanted, "all" | "node") {
        let now = world.now;
        rows.extend(world.nodes.iter().map(|node| node.resource_row(now).into()));
    }
    if matches!(wanted, "all" | "storage") {
        for node in &world.nodes {
            rows.extend(
                world
                    .storages
                    .iter()
                    .filter(|storage| storage.enabled && storage.nodes.contains(&node.name))
                    .map(|storage| storage.resource_row(&node.name).into()),
            );
        }
    }
    Ok(joined(rows))
}
