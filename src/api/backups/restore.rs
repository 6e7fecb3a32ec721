//! Restoring a backup.

use crate::api::client::{Call, Client, Contract};
use crate::api::error::ApiError;
use crate::api::shown::ShownRequest;
use crate::api::started::Started;
use crate::api::url::path;
use crate::domain::ids::VmId;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// A backup to be restored (contract: `RestoreRequest`).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Restore {
    /// Volume ID of the backup.
    pub backup: String,
    /// VM that it becomes: the one that was backed up, or a new one.
    pub vm: VmId,
    /// Node that it goes to.
    pub node: String,
    /// One storage for all disks; `None`: where each was.
    pub storage: Option<String>,
    /// Storage by disk (`scsi0`); wins over `storage`. Only where
    /// [`crate::api::capabilities::Feature::RestoreMapping`] is offered.
    pub storages: BTreeMap<String, String>,
    /// Bridge by interface (`net0`); as `storages`.
    pub bridges: BTreeMap<String, String>,
    /// Start it when it is there.
    pub start: bool,
    /// Give its interfaces new hardware addresses.
    pub unique: bool,
    /// Replace the VM that has this number.
    pub overwrite: bool,
    /// At most so many MB a second.
    pub bandwidth: Option<u32>,
    /// Another name than it had.
    pub name: Option<String>,
    /// Other notes than it had.
    pub description: Option<String>,
}

fn restore_call(client: &Client, restore: &Restore) -> Call {
    let mut body = Map::new();
    let mut put = |name: &str, value: Value| body.insert(name.to_owned(), value);
    put("backup", restore.backup.as_str().into());
    put("vmId", restore.vm.0.into());
    put("targetNode", restore.node.as_str().into());
    // Said always: what is left out is true for one contract and false for the other.
    put("startAfterRestore", restore.start.into());
    put("unique", restore.unique.into());
    put("overwriteExisting", restore.overwrite.into());
    for (name, value) in [
        ("targetStorage", &restore.storage),
        ("name", &restore.name),
        ("description", &restore.description),
    ] {
        if let Some(value) = value {
            put(name, value.as_str().into());
        }
    }
    if let Some(bandwidth) = restore.bandwidth {
        put("bandwidth", bandwidth.into());
    }
    if client.contract() == Contract::Guide {
        if !restore.storages.is_empty() {
            put("storageMapping", json!(restore.storages));
        }
        if !restore.bridges.is_empty() {
            put("networkMapping", json!(restore.bridges));
        }
    }
    Call::post(path(&[&"backups", &"restore"])).json(&body)
}

/// What [`restore`] sends.
#[must_use]
pub fn restore_shown(client: &Client, restore: &Restore) -> ShownRequest {
    restore_call(client, restore).shown()
}

/// Starts to restore a backup. The shipped server knows no mapping by disk and interface; it is
/// left out there.
///
/// # Errors
/// As every call; [`crate::api::ErrorKind::Conflict`] where the number is taken, the VM to be
/// replaced runs or a storage has no room, [`crate::api::ErrorKind::Validation`] with the fields
/// at fault.
pub async fn restore(client: &Client, restore: &Restore) -> Result<Started, ApiError> {
    client.send(restore_call(client, restore)).await?.started()
}
