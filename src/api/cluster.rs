//! The cluster as a whole (guide: Dashboard).

use super::client::{Call, Client, Contract};
use super::decode;
use super::error::ApiError;
use super::url::{Query, path};
use crate::domain::lenient::{self, Rows};
use crate::domain::units::{Bytes, Fraction, Seconds};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Name, quorum and members (guide: Dashboard, "Get Cluster Overview").
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct ClusterStatus {
    /// The cluster.
    pub cluster: ClusterFacts,
    /// Its members.
    #[serde(default, deserialize_with = "lenient::rows")]
    pub nodes: Vec<ClusterMember>,
}

/// What the cluster says of itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct ClusterFacts {
    /// Name.
    #[serde(default, deserialize_with = "lenient::text_or_empty")]
    pub name: String,
    /// A version, of what the guide does not say; shown as it is.
    #[serde(
        default,
        deserialize_with = "decode::small",
        skip_serializing_if = "Option::is_none"
    )]
    pub version: Option<u32>,
    /// How many members.
    #[serde(
        default,
        deserialize_with = "decode::small",
        skip_serializing_if = "Option::is_none"
    )]
    pub nodes: Option<u32>,
    /// Whether the members agree; `None` where the server does not know.
    #[serde(
        default,
        deserialize_with = "lenient::flag",
        skip_serializing_if = "Option::is_none"
    )]
    pub quorate: Option<bool>,
}

/// A node as a member of the cluster.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct ClusterMember {
    /// Name.
    pub name: String,
    /// Always `node`.
    #[serde(
        default,
        deserialize_with = "decode::word",
        skip_serializing_if = "Option::is_none",
        rename = "type"
    )]
    pub kind: Option<String>,
    /// Whether it answers.
    #[serde(default, deserialize_with = "lenient::flag_or_false")]
    pub online: bool,
    /// Subscription level; may be empty.
    #[serde(
        default,
        deserialize_with = "lenient::text",
        skip_serializing_if = "Option::is_none"
    )]
    pub level: Option<String>,
    /// `node/<name>`.
    #[serde(
        default,
        deserialize_with = "decode::word",
        skip_serializing_if = "Option::is_none"
    )]
    pub id: Option<String>,
    /// Its address.
    #[serde(
        default,
        deserialize_with = "decode::word",
        skip_serializing_if = "Option::is_none"
    )]
    pub ip: Option<String>,
    /// Whether it is the one that answered.
    #[serde(
        default,
        deserialize_with = "lenient::flag",
        skip_serializing_if = "Option::is_none"
    )]
    pub local: Option<bool>,
}

/// A row of the resource summary (guide: Dashboard, "Get Resource Summary"); which fields are set depends on the kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct ClusterResource {
    /// `<kind>/<number or name>`.
    pub id: String,
    /// `qemu`, `lxc`, `node` or `storage`.
    #[serde(default, deserialize_with = "lenient::text_or_empty", rename = "type")]
    pub kind: String,
    /// Node it is on.
    #[serde(
        default,
        deserialize_with = "decode::word",
        skip_serializing_if = "Option::is_none"
    )]
    pub node: Option<String>,
    /// State.
    #[serde(
        default,
        deserialize_with = "decode::word",
        skip_serializing_if = "Option::is_none"
    )]
    pub status: Option<String>,
    /// Name.
    #[serde(
        default,
        deserialize_with = "decode::word",
        skip_serializing_if = "Option::is_none"
    )]
    pub name: Option<String>,
    /// Share of `maxcpu` in use, 0 to 1.
    #[serde(
        default,
        deserialize_with = "decode::fraction",
        skip_serializing_if = "Option::is_none"
    )]
    pub cpu: Option<Fraction>,
    /// Cores.
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
    /// Disk in use; 0 for VMs means unknown, see [`ClusterResource::disk_used`].
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
    /// Time since start.
    #[serde(
        default,
        deserialize_with = "decode::seconds",
        skip_serializing_if = "Option::is_none"
    )]
    pub uptime: Option<Seconds>,
    /// Whether it is a template.
    #[serde(
        default,
        deserialize_with = "lenient::flag",
        skip_serializing_if = "Option::is_none"
    )]
    pub template: Option<bool>,
}

impl ClusterResource {
    /// Disk in use; `None` for a guest with 0, which there means unknown (guide's
    /// contradictions, 4).
    #[must_use]
    pub fn disk_used(&self) -> Option<Bytes> {
        let guest = matches!(self.kind.as_str(), "qemu" | "lxc");
        self.disk.filter(|disk| !guest || disk.0 > 0)
    }
}

/// Name, quorum and members. From the shipped server built of `/proxmox/discover`, where the
/// quorum is unknown (divergence 10).
///
/// # Errors
/// As every call.
pub async fn status(client: &Client) -> Result<ClusterStatus, ApiError> {
    match client.contract() {
        Contract::Guide => client
            .send(Call::get(path(&[&"cluster", &"status"])))
            .await?
            .object(),
        Contract::Server => {
            let answer = client
                .send(Call::get(path(&[&"proxmox", &"discover"])))
                .await?;
            Ok(from_discovery(&answer.object()?))
        }
    }
}

fn from_discovery(found: &Value) -> ClusterStatus {
    let text =
        |value: &Value, name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
    let nodes: Vec<ClusterMember> = found
        .get("nodes")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|node| {
            Some(ClusterMember {
                name: text(node, "name")?,
                online: text(node, "status").as_deref() == Some("online"),
                ..ClusterMember::default()
            })
        })
        .collect();
    ClusterStatus {
        cluster: ClusterFacts {
            name: text(found, "clusterName").unwrap_or_default(),
            nodes: u32::try_from(nodes.len()).ok(),
            ..ClusterFacts::default()
        },
        nodes,
    }
}

/// The resource summary; `kind` is `vm`, `node` or `storage`, all kinds without it. The shipped
/// server has none (divergence 11): there it fails as not found.
///
/// # Errors
/// As every call.
pub async fn resources(
    client: &Client,
    kind: Option<&str>,
) -> Result<Rows<ClusterResource>, ApiError> {
    let query = Query::default().add("type", kind);
    client
        .send(Call::get(path(&[&"cluster", &"resources"])).query(query))
        .await?
        .rows("resources")
}
