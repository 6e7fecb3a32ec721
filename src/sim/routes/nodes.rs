//! `/nodes`.

use super::{Answer, Call};
use crate::sim::http::Response;
use crate::sim::model::{Node, World, num};
use crate::sim::noise::{hash, unit};
use crate::sim::refusal::Refusal;
use serde::Serialize;

/// A node that is there.
pub fn find<'a>(world: &'a World, name: &str) -> Result<&'a Node, Refusal> {
    world
        .node(name)
        .ok_or_else(|| Refusal::missing(&format!("Node '{name}'")))
}

/// A node that answers.
fn reach<'a>(world: &'a World, name: &str) -> Result<&'a Node, Refusal> {
    let node = find(world, name)?;
    if node.online() {
        return Ok(node);
    }
    Err(Refusal::new(
        503,
        "NODE_OFFLINE",
        format!("No route to node '{name}'"),
    ))
}

#[derive(Serialize)]
struct Summary<'a> {
    name: &'a str,
    status: &'a crate::domain::status::NodeStatus,
    cpu: u32,
    max_memory: u64,
    uptime: i64,
}

pub fn list(call: &Call<'_>) -> Response {
    let now = call.world.now;
    let rows: Vec<Summary<'_>> = call
        .world
        .nodes
        .iter()
        .map(|node| Summary {
            name: &node.name,
            status: &node.status,
            cpu: node.maxcpu,
            max_memory: node.maxmem,
            uptime: if node.online() { node.uptime(now) } else { 0 },
        })
        .collect();
    Response::ok(&rows)
}

pub fn get(call: &Call<'_>, name: &str) -> Answer {
    let node = find(call.world, name)?;
    Ok(Response::json(200, node.body(call.world.now)))
}

#[derive(Serialize)]
struct Memory {
    total: u64,
    used: u64,
    free: u64,
    cached: u64,
    usage_percentage: f64,
}

#[derive(Serialize)]
struct CpuInfo {
    cpus: u32,
    cores: u32,
    sockets: u32,
}

#[derive(Serialize)]
struct Status<'a> {
    node_name: &'a str,
    #[serde(serialize_with = "num")]
    cpu_usage: f64,
    memory: Memory,
    cpu_info: CpuInfo,
    load_average: [f64; 3],
}

pub fn status(call: &Call<'_>, name: &str) -> Answer {
    let node = reach(call.world, name)?;
    let free = node.maxmem.saturating_sub(node.mem);
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share of what is free"
    )]
    let cached = (free as f64 * (0.2 + 0.3 * unit(hash(node.seed, 3)))) as u64;
    #[expect(clippy::cast_precision_loss, reason = "two digits are kept")]
    let percent = (node.mem as f64 / node.maxmem as f64 * 1e4).round() / 100.0;
    Ok(Response::ok(&Status {
        node_name: &node.name,
        cpu_usage: node.cpu,
        memory: Memory {
            total: node.maxmem,
            used: node.mem,
            free: free - cached,
            cached,
            usage_percentage: percent,
        },
        cpu_info: CpuInfo {
            cpus: node.maxcpu,
            cores: node.model.2,
            sockets: node.model.1,
        },
        load_average: node.loadavg,
    }))
}

pub fn services(call: &Call<'_>, name: &str) -> Answer {
    Ok(Response::ok(&reach(call.world, name)?.services))
}
