//! Backups (guide: Backup Management): what they are, and the calls about those that are there.
//! Making them, restoring them and clearing them away stand in files beside this one.

mod create;
mod health;
mod restore;
mod retention;

pub use create::{Compression, Mode, NewBackup, create, create_shown};
pub use health::{BackupHealth, Coverage, health};
pub(in crate::api) use restore::restore_call;
pub use restore::{Restore, restore, restore_shown};
pub use retention::{
    Candidate, Cleanup, CleanupResult, Prune, RetentionPolicy, candidates, cleanup, cleanup_shown,
    retention, set_retention, set_retention_shown,
};

use super::client::{Call, Client, Contract};
use super::decode;
use super::error::ApiError;
use super::shown::ShownRequest;
use super::started::Started;
use super::tasks::{self, Task, TaskQuery};
use super::url::{Path, Query, path};
use crate::domain::config::ConfigMap;
use crate::domain::coverage::Made;
use crate::domain::ids::{Upid, VmId};
use crate::domain::lenient::{self, Rows};
use crate::domain::units::{Bytes, Instant};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::json;

/// How a verification ended.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub enum VerifyState {
    /// The backup is whole.
    Ok,
    /// It is damaged.
    Failed,
    /// It was never verified.
    #[default]
    None,
    /// A word this version does not know.
    Unknown(String),
}

impl VerifyState {
    /// The server's word.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Ok => "ok",
            Self::Failed => "failed",
            Self::None => "none",
            Self::Unknown(word) => word,
        }
    }
}

impl From<&str> for VerifyState {
    fn from(word: &str) -> Self {
        match word {
            "ok" => Self::Ok,
            "failed" => Self::Failed,
            "none" | "" => Self::None,
            other => Self::Unknown(other.to_owned()),
        }
    }
}

impl Serialize for VerifyState {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for VerifyState {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::from(lenient::text_or_empty(deserializer)?.as_str()))
    }
}

/// A backup (guide: Backup Management).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct Backup {
    /// Volume ID, `<storage>:backup/<file name>`.
    pub volid: String,
    /// Always `backup`.
    #[serde(
        default,
        deserialize_with = "decode::word",
        skip_serializing_if = "Option::is_none"
    )]
    pub content: Option<String>,
    /// When it was taken; epoch seconds on the wire.
    #[serde(
        default,
        deserialize_with = "decode::instant",
        skip_serializing_if = "Option::is_none",
        alias = "createdAt"
    )]
    pub ctime: Option<Instant>,
    /// Format, e.g. `vma.zst`.
    #[serde(
        default,
        deserialize_with = "decode::word",
        skip_serializing_if = "Option::is_none"
    )]
    pub format: Option<String>,
    /// Size.
    #[serde(
        default,
        deserialize_with = "decode::bytes",
        skip_serializing_if = "Option::is_none"
    )]
    pub size: Option<Bytes>,
    /// VM; absent in the VM's own detail.
    #[serde(
        default,
        deserialize_with = "decode::vm_id",
        skip_serializing_if = "Option::is_none",
        alias = "vmId"
    )]
    pub vmid: Option<VmId>,
    /// Notes; may hold several lines.
    #[serde(
        default,
        deserialize_with = "lenient::text",
        skip_serializing_if = "Option::is_none"
    )]
    pub notes: Option<String>,
    /// Whether it is kept from removal.
    #[serde(default, deserialize_with = "lenient::flag_or_false")]
    pub protected: bool,
    /// Result of the last verification.
    #[serde(
        default,
        deserialize_with = "lenient::optional",
        skip_serializing_if = "Option::is_none"
    )]
    pub verification: Option<Verification>,
    /// The same from the shipped server: `ok`, `failed` or `none`; see [`Backup::verified`].
    #[serde(
        default,
        deserialize_with = "decode::word",
        skip_serializing,
        rename = "verifyState"
    )]
    pub verify_state: Option<String>,
    /// Node.
    #[serde(
        default,
        deserialize_with = "decode::word",
        skip_serializing_if = "Option::is_none"
    )]
    pub node: Option<String>,
    /// Storage.
    #[serde(
        default,
        deserialize_with = "decode::word",
        skip_serializing_if = "Option::is_none"
    )]
    pub storage: Option<String>,
    /// Whether it is encrypted.
    #[serde(
        default,
        deserialize_with = "lenient::flag",
        skip_serializing_if = "Option::is_none"
    )]
    pub encrypted: Option<bool>,
}

/// Result of a verification.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct Verification {
    /// How it ended.
    #[serde(default)]
    pub state: VerifyState,
    /// Task that verified.
    #[serde(
        default,
        deserialize_with = "decode::upid",
        skip_serializing_if = "Option::is_none"
    )]
    pub upid: Option<Upid>,
    /// When; epoch seconds on the wire.
    #[serde(
        default,
        deserialize_with = "decode::instant",
        skip_serializing_if = "Option::is_none",
        rename = "lastVerified"
    )]
    pub last_verified: Option<Instant>,
}

impl Backup {
    /// How the last verification ended, from either contract.
    #[must_use]
    pub fn verified(&self) -> VerifyState {
        match (&self.verification, &self.verify_state) {
            (Some(verification), _) => verification.state.clone(),
            (None, Some(word)) => VerifyState::from(word.as_str()),
            (None, None) => VerifyState::None,
        }
    }

    /// Name of the storage: the server's, else what stands before the colon of the volume ID.
    #[must_use]
    pub fn storage_name(&self) -> Option<&str> {
        self.storage
            .as_deref()
            .or_else(|| self.volid.split_once(':').map(|(storage, _)| storage))
    }

    /// The file's name, as calls take it: the volume ID without its storage and the folder
    /// `backup/`. Of a Proxmox Backup Server `vm/101/2024-06-21T02:00:00Z`.
    #[must_use]
    pub fn file_name(&self) -> &str {
        let name = self
            .volid
            .split_once(':')
            .map_or(self.volid.as_str(), |(_, name)| name);
        name.strip_prefix("backup/").unwrap_or(name)
    }

    /// Whether it was found damaged.
    #[must_use]
    pub fn is_damaged(&self) -> bool {
        self.verified() == VerifyState::Failed
    }

    /// `/backups/{storage}/{filename}/…`: takes the name without its folder (extensions.md, 10).
    fn own_path(&self, last: &str) -> Path {
        path(&[
            &"backups",
            &self.storage_name().unwrap_or_default(),
            &self.file_name(),
            &last,
        ])
    }

    /// What coverage is reckoned from; `None` where its time or its VM is not known.
    #[must_use]
    pub fn made(&self) -> Option<Made<'_>> {
        Some(Made {
            vm: self.vmid?,
            storage: self.storage_name().unwrap_or_default(),
            at: self.ctime?,
            size: self.size,
            damaged: self.is_damaged(),
        })
    }

    /// The format: the server's, else from the file's name.
    #[must_use]
    pub fn format_name(&self) -> Option<&str> {
        self.format.as_deref().or_else(|| {
            let name = self.file_name();
            name.find(".vma")
                .or_else(|| name.find(".tar"))
                .map(|at| &name[at + 1..])
        })
    }
}

/// Backups of one VM.
///
/// # Errors
/// As every call.
pub async fn of_vm(client: &Client, vm: VmId) -> Result<Rows<Backup>, ApiError> {
    client
        .send(Call::get(path(&[&"vms", &vm, &"backups"])))
        .await?
        .rows("backups")
}

/// Which backups are asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BackupQuery {
    /// On one storage.
    pub storage: Option<String>,
    /// Of one VM.
    pub vm: Option<VmId>,
}

impl BackupQuery {
    fn takes(&self, backup: &Backup) -> bool {
        self.storage
            .as_deref()
            .is_none_or(|storage| backup.storage_name() == Some(storage))
            && self.vm.is_none_or(|vm| backup.vmid == Some(vm))
    }
}

/// Backups of all VMs, or those that are asked for. The shipped server knows no filters, so they
/// are applied here as well (divergence 20).
///
/// # Errors
/// As every call.
pub async fn list(client: &Client, wanted: &BackupQuery) -> Result<Rows<Backup>, ApiError> {
    let mut call = Call::get(path(&[&"backups"]));
    if client.contract() == Contract::Guide {
        let query = Query::default()
            .add("storage", wanted.storage.as_deref())
            .add("vmId", wanted.vm);
        call = call.query(query);
    }
    let mut rows = client.send(call).await?.rows("backups")?;
    rows.good.retain(|backup| wanted.takes(backup));
    Ok(rows)
}

/// Configuration of the VM as it was when it was backed up.
///
/// # Errors
/// As every call; [`super::ErrorKind::NotFound`] for a backup that is gone.
pub async fn config(client: &Client, backup: &Backup) -> Result<ConfigMap, ApiError> {
    client
        .send(Call::get(backup.own_path("config")))
        .await?
        .object()
}

fn protect_call(backup: &Backup, protect: bool) -> Call {
    Call::post(path(&[&"backups", &backup.volid, &"protect"]))
        .query(Query::default().add("protect", Some(protect)))
}

/// What [`protect`] sends.
#[must_use]
pub fn protect_shown(backup: &Backup, protect: bool) -> ShownRequest {
    protect_call(backup, protect).shown()
}

/// Sets or lifts the protection.
///
/// # Errors
/// As every call.
pub async fn protect(client: &Client, backup: &Backup, protect: bool) -> Result<(), ApiError> {
    client.send(protect_call(backup, protect)).await?;
    Ok(())
}

fn notes_call(backup: &Backup, notes: &str) -> Call {
    Call::put(backup.own_path("notes")).json(&json!({ "notes": notes }))
}

/// What [`set_notes`] sends.
#[must_use]
pub fn notes_shown(backup: &Backup, notes: &str) -> ShownRequest {
    notes_call(backup, notes).shown()
}

/// Replaces the notes, where [`super::capabilities::Feature::BackupNotes`] is offered.
///
/// # Errors
/// As every call.
pub async fn set_notes(client: &Client, backup: &Backup, notes: &str) -> Result<(), ApiError> {
    client.send(notes_call(backup, notes)).await?;
    Ok(())
}

fn verify_call(backup: &Backup) -> Call {
    Call::post(backup.own_path("verify"))
}

/// What [`verify`] sends.
#[must_use]
pub fn verify_shown(backup: &Backup) -> ShownRequest {
    verify_call(backup).shown()
}

/// Starts to check a backup for damage.
///
/// # Errors
/// As every call; [`super::ErrorKind::Conflict`] while it is being checked already.
pub async fn verify(client: &Client, backup: &Backup) -> Result<Started, ApiError> {
    client.send(verify_call(backup)).await?.started()
}

/// Type of the tasks that verify.
pub const VERIFY_TASK: &str = "verifybackup";

/// Tasks that verified backups of a VM, newest first. No contract keeps a history of one backup:
/// [`Verification::upid`] names its last task alone, the log of each names the file.
///
/// # Errors
/// As every call.
pub async fn verifications(client: &Client, vm: VmId) -> Result<Rows<Task>, ApiError> {
    let query = TaskQuery {
        limit: Some(100),
        kind: Some(VERIFY_TASK.to_owned()),
        vm: Some(vm),
        ..TaskQuery::default()
    };
    tasks::list(client, &query).await
}

fn delete_call(backup: &Backup) -> Call {
    Call::delete(path(&[&"backups", &backup.volid]))
}

/// What [`delete`] sends.
#[must_use]
pub fn delete_shown(backup: &Backup) -> ShownRequest {
    delete_call(backup).shown()
}

/// Deletes a backup.
///
/// # Errors
/// As every call; refused while it is protected.
pub async fn delete(client: &Client, backup: &Backup) -> Result<Started, ApiError> {
    client.send(delete_call(backup)).await?.started()
}

/// What fetches the file itself, to be shown.
#[must_use]
pub fn download_shown(backup: &Backup) -> ShownRequest {
    Call::get(backup.own_path("download")).shown()
}

/// Address of the file itself, for a link that the browser saves.
///
/// # Errors
/// Why there is none, for people: a link carries no API key, and a name may be none that can stand
/// in an address.
pub fn download_address(client: &Client, backup: &Backup) -> Result<String, String> {
    if client.has_key() {
        return Err(
            "A download by link can't carry the API key: fetch it with the request shown"
                .to_owned(),
        );
    }
    let path = backup.own_path("download");
    match path.unsafe_segment {
        Some(_) => Err("The name of this backup can't stand in an address".to_owned()),
        None => Ok(format!("{}/api/v1{}", client.base(), path.text)),
    }
}
