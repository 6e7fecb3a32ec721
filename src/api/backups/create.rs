//! Backing up a VM now.

use crate::api::client::{Call, Client};
use crate::api::error::ApiError;
use crate::api::shown::ShownRequest;
use crate::api::started::Started;
use crate::api::url::path;
use crate::domain::ids::VmId;
use serde_json::json;

/// What becomes of the guest meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Mode {
    /// It runs on.
    #[default]
    Snapshot,
    /// It is paused.
    Suspend,
    /// It is shut down and started again.
    Stop,
}

impl Mode {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Snapshot, Self::Suspend, Self::Stop];

    /// The server's word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Snapshot => "snapshot",
            Self::Suspend => "suspend",
            Self::Stop => "stop",
        }
    }
}

/// How the file is packed. A Proxmox Backup Server packs in its own way whatever is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Compression {
    /// Not at all.
    None,
    /// Fast, large.
    Lzo,
    /// Slow.
    Gzip,
    /// Fast, small.
    #[default]
    Zstd,
}

impl Compression {
    /// All of them, the usual one first.
    pub const ALL: [Self; 4] = [Self::Zstd, Self::Lzo, Self::Gzip, Self::None];

    /// The server's word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Lzo => "lzo",
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        }
    }
}

/// A backup to be made (contract: `BackupRequest`).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NewBackup {
    /// Where it goes.
    pub storage: String,
    /// What becomes of the guest.
    pub mode: Mode,
    /// How it is packed.
    pub compression: Compression,
    /// Notes, as [`crate::domain::backup_notes`] fills them in; may be empty.
    pub notes: String,
    /// Keep it from removal.
    pub protect: bool,
}

fn create_call(vm: VmId, new: &NewBackup) -> Call {
    let mut body = json!({
        "storage": new.storage,
        "mode": new.mode.as_str(),
        "compress": new.compression.as_str(),
        "protectBackup": new.protect,
    });
    if !new.notes.is_empty() {
        body["notes"] = new.notes.as_str().into();
    }
    Call::post(path(&[&"vms", &vm, &"backup"])).json(&body)
}

/// What [`create`] sends.
#[must_use]
pub fn create_shown(vm: VmId, new: &NewBackup) -> ShownRequest {
    create_call(vm, new).shown()
}

/// Starts a backup of a VM.
///
/// # Errors
/// As every call; [`crate::api::ErrorKind::Locked`] and [`crate::api::ErrorKind::Conflict`] as the
/// server refuses, [`crate::api::ErrorKind::Validation`] with the fields at fault.
pub async fn create(client: &Client, vm: VmId, new: &NewBackup) -> Result<Started, ApiError> {
    client.send(create_call(vm, new)).await?.started()
}
