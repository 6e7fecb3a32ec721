//! Interfaces of nodes (guide: Network Management).

use super::client::{Call, Client};
use super::decode;
use super::error::ApiError;
use super::url::{Query, path};
use crate::domain::lenient::{self, Rows};
use serde::{Deserialize, Serialize};

/// An interface of a node, as far as VMs are plugged into it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct NodeInterface {
    /// Name, e.g. `vmbr0`.
    pub iface: String,
    /// `bridge`, `eth`, `OVSBridge` …
    #[serde(default, deserialize_with = "lenient::text_or_empty", rename = "type")]
    pub kind: String,
    /// Whether it is up.
    #[serde(
        default,
        deserialize_with = "lenient::flag",
        skip_serializing_if = "Option::is_none"
    )]
    pub active: Option<bool>,
    /// Whether it takes VLAN tags; only said where it does.
    #[serde(
        default,
        deserialize_with = "lenient::flag",
        skip_serializing_if = "Option::is_none",
        alias = "vlanAware"
    )]
    pub bridge_vlan_aware: Option<bool>,
    /// What its operator wrote about it.
    #[serde(
        default,
        deserialize_with = "decode::word",
        skip_serializing_if = "Option::is_none"
    )]
    pub comments: Option<String>,
}

impl NodeInterface {
    /// Whether VMs can be plugged into it.
    #[must_use]
    pub fn is_bridge(&self) -> bool {
        matches!(self.kind.as_str(), "bridge" | "OVSBridge")
    }
}

/// Interfaces of one node. The shipped server spells two fields otherwise (divergence 27); both
/// are read.
///
/// # Errors
/// As every call.
pub async fn list(client: &Client, node: &str) -> Result<Rows<NodeInterface>, ApiError> {
    let query = Query::default().add("node", Some(node));
    client
        .send(Call::get(path(&[&"networks"])).query(query))
        .await?
        .rows("networks")
}
