//! Restoring a backup.

use crate::api::client::{Call, Client, Contract};
use crate::api::error::ApiError;
use crate::api::shown::ShownRequest;
use crate::api::started::Started;
use crate::api::url::path;
use serde_json::{Map, Value, json};

pub use crate::domain::provision::Restore;

pub(in crate::api) fn restore_call(client: &Client, restore: &Restore) -> Call {
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
