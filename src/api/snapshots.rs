//! Snapshots of a VM (guide: Snapshot Management).

use super::client::{Call, Client};
use super::decode;
use super::error::ApiError;
use super::url::path;
use crate::domain::ids::VmId;
use crate::domain::lenient::{self, Rows};
use crate::domain::units::{Bytes, Instant};
use serde::{Deserialize, Serialize};

/// A snapshot (guide: Snapshot Management). The entry named `current` is the running state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct Snapshot {
    /// Name.
    pub name: String,
    /// When it was taken; epoch seconds on the wire.
    #[serde(
        default,
        deserialize_with = "decode::instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub snaptime: Option<Instant>,
    /// Description; may end in a lifetime mark such as `(TTL: 168h)`.
    #[serde(default, deserialize_with = "lenient::text_or_empty")]
    pub description: String,
    /// Name of the one it was taken on; absent at the root.
    #[serde(
        default,
        deserialize_with = "decode::word",
        skip_serializing_if = "Option::is_none"
    )]
    pub parent: Option<String>,
    /// Whether memory is included.
    #[serde(
        default,
        deserialize_with = "lenient::flag",
        skip_serializing_if = "Option::is_none"
    )]
    pub vmstate: Option<bool>,
    /// Whether the VM runs; on `current` only.
    #[serde(
        default,
        deserialize_with = "lenient::flag",
        skip_serializing_if = "Option::is_none"
    )]
    pub running: Option<bool>,
    /// Digest of the configuration; on `current` only.
    #[serde(
        default,
        deserialize_with = "decode::word",
        skip_serializing_if = "Option::is_none"
    )]
    pub digest: Option<String>,
    /// Size on disk.
    #[serde(
        default,
        deserialize_with = "decode::bytes",
        skip_serializing_if = "Option::is_none"
    )]
    pub size: Option<Bytes>,
}

impl Snapshot {
    /// Whether it is the running state instead of a snapshot.
    #[must_use]
    pub fn is_current(&self) -> bool {
        self.name == "current"
    }
}

/// Snapshots of a VM with their parents, and the entry `current` where the server sends one.
///
/// # Errors
/// As every call; [`super::ErrorKind::NotFound`] for an unknown VM.
pub async fn list(client: &Client, vm: VmId) -> Result<Rows<Snapshot>, ApiError> {
    client
        .send(Call::get(path(&[&"vms", &vm, &"snapshots"])))
        .await?
        .rows("snapshots")
}
