//! Nodes (guide: Node Management).

use super::client::{Call, Client};
use super::decode;
use super::error::ApiError;
use super::metrics::{Metrics, Timeframe};
use super::url::{Query, path};
use crate::domain::lenient::{self, Rows};
use crate::domain::status::NodeStatus;
use crate::domain::task;
use crate::domain::units::{Bytes, Fraction, Seconds};
use serde::{Deserialize, Serialize};

/// A node as in the list (contract: `NodeSummary`); loads come from [`get`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct NodeSummary {
    /// Name.
    pub name: String,
    /// State.
    #[serde(default)]
    pub status: NodeStatus,
    /// Cores (not a load).
    #[serde(
        default,
        deserialize_with = "decode::small",
        skip_serializing_if = "Option::is_none",
        rename = "cpu"
    )]
    pub cores: Option<u32>,
    /// Memory in all.
    #[serde(
        default,
        deserialize_with = "decode::bytes",
        skip_serializing_if = "Option::is_none",
        rename = "max_memory"
    )]
    pub maxmem: Option<Bytes>,
    /// Time since start.
    #[serde(
        default,
        deserialize_with = "decode::seconds",
        skip_serializing_if = "Option::is_none"
    )]
    pub uptime: Option<Seconds>,
}

/// State and hardware of a node (guide: Node Management).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct Node {
    /// Name.
    #[serde(alias = "name")]
    pub node: String,
    /// State.
    #[serde(default)]
    pub status: NodeStatus,
    /// Share of `maxcpu` in use, 0 to 1.
    #[serde(
        default,
        deserialize_with = "decode::fraction",
        skip_serializing_if = "Option::is_none"
    )]
    pub cpu: Option<Fraction>,
    /// Logical cores.
    #[serde(
        default,
        deserialize_with = "decode::small",
        skip_serializing_if = "Option::is_none"
    )]
    pub maxcpu: Option<u32>,
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
    /// Root file system in use.
    #[serde(
        default,
        deserialize_with = "decode::bytes",
        skip_serializing_if = "Option::is_none"
    )]
    pub disk: Option<Bytes>,
    /// Root file system in all.
    #[serde(
        default,
        deserialize_with = "decode::bytes",
        skip_serializing_if = "Option::is_none"
    )]
    pub maxdisk: Option<Bytes>,
    /// Time since start.
    #[serde(
        default,
        deserialize_with = "decode::seconds",
        skip_serializing_if = "Option::is_none"
    )]
    pub uptime: Option<Seconds>,
    /// Version of Proxmox VE.
    #[serde(
        default,
        deserialize_with = "decode::word",
        skip_serializing_if = "Option::is_none"
    )]
    pub pveversion: Option<String>,
    /// Kernel.
    #[serde(
        default,
        deserialize_with = "decode::word",
        skip_serializing_if = "Option::is_none"
    )]
    pub kversion: Option<String>,
    /// Load over 1, 5 and 15 minutes.
    #[serde(
        default,
        deserialize_with = "decode::floats",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub loadavg: Vec<f64>,
    /// Processor.
    #[serde(
        default,
        deserialize_with = "lenient::optional",
        skip_serializing_if = "Option::is_none"
    )]
    pub cpuinfo: Option<CpuInfo>,
    /// Root file system.
    #[serde(
        default,
        deserialize_with = "lenient::optional",
        skip_serializing_if = "Option::is_none"
    )]
    pub rootfs: Option<Usage>,
    /// Swap.
    #[serde(
        default,
        deserialize_with = "lenient::optional",
        skip_serializing_if = "Option::is_none"
    )]
    pub swap: Option<Usage>,
}

/// Processor of a node.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct CpuInfo {
    /// Model name.
    #[serde(
        default,
        deserialize_with = "decode::word",
        skip_serializing_if = "Option::is_none"
    )]
    pub model: Option<String>,
    /// Sockets.
    #[serde(
        default,
        deserialize_with = "decode::small",
        skip_serializing_if = "Option::is_none"
    )]
    pub sockets: Option<u32>,
    /// Cores in all.
    #[serde(
        default,
        deserialize_with = "decode::small",
        skip_serializing_if = "Option::is_none"
    )]
    pub cores: Option<u32>,
    /// Threads in all.
    #[serde(
        default,
        deserialize_with = "decode::small",
        skip_serializing_if = "Option::is_none"
    )]
    pub threads: Option<u32>,
    /// Clock in MHz.
    #[serde(
        default,
        deserialize_with = "lenient::float",
        skip_serializing_if = "Option::is_none"
    )]
    pub mhz: Option<f64>,
}

/// How full something is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct Usage {
    /// Size.
    #[serde(
        default,
        deserialize_with = "decode::bytes",
        skip_serializing_if = "Option::is_none"
    )]
    pub total: Option<Bytes>,
    /// In use.
    #[serde(
        default,
        deserialize_with = "decode::bytes",
        skip_serializing_if = "Option::is_none"
    )]
    pub used: Option<Bytes>,
    /// Free.
    #[serde(
        default,
        deserialize_with = "decode::bytes",
        skip_serializing_if = "Option::is_none"
    )]
    pub free: Option<Bytes>,
}

/// Load and memory breakdown (contract: `NodeStatusDetail`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct NodeLive {
    /// Name.
    #[serde(
        default,
        deserialize_with = "lenient::text_or_empty",
        rename = "node_name"
    )]
    pub node: String,
    /// Share of the CPUs in use, 0 to 1.
    #[serde(
        default,
        deserialize_with = "task::share",
        skip_serializing_if = "Option::is_none",
        rename = "cpu_usage"
    )]
    pub cpu: Option<f64>,
    /// Memory.
    #[serde(
        default,
        deserialize_with = "lenient::optional",
        skip_serializing_if = "Option::is_none"
    )]
    pub memory: Option<NodeMemory>,
    /// Load over 1, 5 and 15 minutes.
    #[serde(
        default,
        deserialize_with = "decode::floats",
        skip_serializing_if = "Vec::is_empty",
        rename = "load_average"
    )]
    pub loadavg: Vec<f64>,
    /// Counts of the processor.
    #[serde(
        default,
        deserialize_with = "lenient::optional",
        skip_serializing_if = "Option::is_none"
    )]
    pub cpu_info: Option<CpuCounts>,
}

/// Memory of a node.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct NodeMemory {
    /// Size.
    #[serde(
        default,
        deserialize_with = "decode::bytes",
        skip_serializing_if = "Option::is_none"
    )]
    pub total: Option<Bytes>,
    /// In use.
    #[serde(
        default,
        deserialize_with = "decode::bytes",
        skip_serializing_if = "Option::is_none"
    )]
    pub used: Option<Bytes>,
    /// Free.
    #[serde(
        default,
        deserialize_with = "decode::bytes",
        skip_serializing_if = "Option::is_none"
    )]
    pub free: Option<Bytes>,
    /// Cache of files, where the server tells it apart.
    #[serde(
        default,
        deserialize_with = "decode::bytes",
        skip_serializing_if = "Option::is_none"
    )]
    pub cached: Option<Bytes>,
    /// Share in use; percent on the wire.
    #[serde(
        default,
        with = "decode::percent",
        skip_serializing_if = "Option::is_none",
        rename = "usage_percentage"
    )]
    pub share: Option<Fraction>,
}

/// How many of what.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct CpuCounts {
    /// Logical CPUs.
    #[serde(
        default,
        deserialize_with = "decode::small",
        skip_serializing_if = "Option::is_none"
    )]
    pub cpus: Option<u32>,
    /// Cores.
    #[serde(
        default,
        deserialize_with = "decode::small",
        skip_serializing_if = "Option::is_none"
    )]
    pub cores: Option<u32>,
    /// Sockets.
    #[serde(
        default,
        deserialize_with = "decode::small",
        skip_serializing_if = "Option::is_none"
    )]
    pub sockets: Option<u32>,
}

/// All nodes, without their loads.
///
/// # Errors
/// As every call.
pub async fn list(client: &Client) -> Result<Rows<NodeSummary>, ApiError> {
    client
        .send(Call::get(path(&[&"nodes"])))
        .await?
        .rows("nodes")
}

/// State and hardware of one node.
///
/// # Errors
/// As every call; [`super::ErrorKind::NotFound`] for an unknown node.
pub async fn get(client: &Client, node: &str) -> Result<Node, ApiError> {
    client
        .send(Call::get(path(&[&"nodes", &node])))
        .await?
        .object()
}

/// Load and memory breakdown of one node.
///
/// # Errors
/// As [`get`].
pub async fn status(client: &Client, node: &str) -> Result<NodeLive, ApiError> {
    client
        .send(Call::get(path(&[&"nodes", &node, &"status"])))
        .await?
        .object()
}

/// History of one node, where [`super::capabilities::Feature::NodeMetrics`] is offered.
///
/// # Errors
/// As [`get`].
pub async fn metrics(client: &Client, node: &str, frame: Timeframe) -> Result<Metrics, ApiError> {
    let query = Query::default().add("timeframe", Some(frame.as_str()));
    client
        .send(Call::get(path(&[&"nodes", &node, &"metrics"])).query(query))
        .await?
        .object()
}
