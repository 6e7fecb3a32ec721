//! Snapshots of a VM (guide: Snapshot Management).

use super::client::{Call, Client, Contract};
use super::decode;
use super::error::ApiError;
use super::shown::ShownRequest;
use super::started::Started;
use super::url::path;
use crate::domain::ids::VmId;
use crate::domain::lenient::{self, Rows};
use crate::domain::snapshot::name::CURRENT;
use crate::domain::snapshot::{Item, Life, Ttl};
use crate::domain::units::{Bytes, Instant};
use serde::{Deserialize, Serialize};
use serde_json::json;

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
    /// Hours that it may live. In no contract, which keep it in the description; taken where a
    /// server sends it.
    #[serde(
        default,
        deserialize_with = "decode::small",
        skip_serializing_if = "Option::is_none",
        rename = "ttlHours",
        alias = "ttl_hours",
        alias = "ttl"
    )]
    pub ttl_hours: Option<u32>,
}

impl Snapshot {
    /// Whether it is the running state instead of a snapshot.
    #[must_use]
    pub fn is_current(&self) -> bool {
        self.name == CURRENT
    }

    /// How long it is meant to live: by its field, else by its description.
    #[must_use]
    pub fn ttl(&self) -> Option<Ttl> {
        Ttl::of(self.ttl_hours, &self.description)
    }

    /// How it stands to the end of its life, where it has one and its age is known.
    #[must_use]
    pub fn life(&self, now: Instant) -> Option<Life> {
        Some(self.ttl()?.life(self.snaptime?, now))
    }

    /// What a tree of snapshots is made of.
    #[must_use]
    pub fn item(&self) -> Item<'_> {
        Item {
            name: &self.name,
            parent: self.parent.as_deref(),
            taken: self.snaptime,
        }
    }
}

/// A snapshot to be taken (guide: Snapshot Management).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NewSnapshot {
    /// Its name, as [`crate::domain::snapshot::name`] checks it.
    pub name: String,
    /// At most 1,024 characters; may be empty.
    pub description: String,
    /// Keep the memory of the guest, too.
    pub memory: bool,
    /// How long it may live.
    pub ttl: Option<Ttl>,
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

fn create_call(client: &Client, vm: VmId, new: &NewSnapshot) -> Call {
    // Divergence 17.
    let memory = match client.contract() {
        Contract::Guide => "includeVMState",
        Contract::Server => "includeVmState",
    };
    let mut body = json!({ "name": new.name, memory: new.memory });
    if !new.description.is_empty() {
        body["description"] = new.description.as_str().into();
    }
    if let Some(Ttl(hours)) = new.ttl {
        body["ttlHours"] = hours.into();
    }
    Call::post(path(&[&"vms", &vm, &"snapshots"])).json(&body)
}

/// What [`create`] sends.
#[must_use]
pub fn create_shown(client: &Client, vm: VmId, new: &NewSnapshot) -> ShownRequest {
    create_call(client, vm, new).shown()
}

/// Takes a snapshot.
///
/// # Errors
/// As every call; [`super::ErrorKind::Locked`] and [`super::ErrorKind::Conflict`] as the server
/// refuses, [`super::ErrorKind::Validation`] with the fields at fault. So do all calls below.
pub async fn create(client: &Client, vm: VmId, new: &NewSnapshot) -> Result<Started, ApiError> {
    client.send(create_call(client, vm, new)).await?.started()
}

fn delete_call(vm: VmId, name: &str) -> Call {
    Call::delete(path(&[&"vms", &vm, &"snapshots", &name]))
}

/// What [`delete`] sends.
#[must_use]
pub fn delete_shown(vm: VmId, name: &str) -> ShownRequest {
    delete_call(vm, name).shown()
}

/// Deletes a snapshot; what was taken on it stays.
///
/// # Errors
/// As [`create`].
pub async fn delete(client: &Client, vm: VmId, name: &str) -> Result<Started, ApiError> {
    client.send(delete_call(vm, name)).await?.started()
}

fn roll_back_call(vm: VmId, name: &str) -> Call {
    Call::post(path(&[&"vms", &vm, &"snapshots", &name, &"rollback"]))
}

/// What [`roll_back`] sends.
#[must_use]
pub fn roll_back_shown(vm: VmId, name: &str) -> ShownRequest {
    roll_back_call(vm, name).shown()
}

/// Returns the VM to a snapshot; its present state is lost.
///
/// # Errors
/// As [`create`].
pub async fn roll_back(client: &Client, vm: VmId, name: &str) -> Result<Started, ApiError> {
    client.send(roll_back_call(vm, name)).await?.started()
}
