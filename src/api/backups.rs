//! Backups (guide: Backup Management).

use super::client::{Call, Client};
use super::decode;
use super::error::ApiError;
use super::url::path;
use crate::domain::ids::{Upid, VmId};
use crate::domain::lenient::{self, Rows};
use crate::domain::units::{Bytes, Instant};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::Duration;

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

fn counts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, u64>, D::Error> {
    let counts: Option<BTreeMap<String, Value>> = lenient::optional(deserializer)?;
    Ok(counts
        .unwrap_or_default()
        .into_iter()
        .filter_map(|(age, count)| Some((age, count.as_u64()?)))
        .collect())
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

/// Which VMs have a recent backup (contract: `BackupHealth`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct BackupHealth {
    /// How many VMs.
    #[serde(
        default,
        deserialize_with = "decode::small",
        skip_serializing_if = "Option::is_none",
        rename = "totalVMs"
    )]
    pub total: Option<u32>,
    /// How many with a recent backup.
    #[serde(
        default,
        deserialize_with = "decode::small",
        skip_serializing_if = "Option::is_none",
        rename = "vmsWithRecentBackup"
    )]
    pub recent: Option<u32>,
    /// How many without any.
    #[serde(
        default,
        deserialize_with = "decode::small",
        skip_serializing_if = "Option::is_none",
        rename = "vmsWithoutBackup"
    )]
    pub without: Option<u32>,
    /// How many whose backup is overdue.
    #[serde(
        default,
        deserialize_with = "decode::small",
        skip_serializing_if = "Option::is_none",
        rename = "vmsOverdue"
    )]
    pub overdue: Option<u32>,
    /// VM by VM.
    #[serde(default, deserialize_with = "lenient::rows")]
    pub coverage: Vec<Coverage>,
    /// Counts by age, as the server groups them.
    #[serde(default, rename = "backupsByAge", deserialize_with = "counts")]
    pub by_age: BTreeMap<String, u64>,
}

/// Backup state of one VM.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Coverage {
    /// The VM.
    #[serde(rename = "vmId", alias = "vmid")]
    pub vmid: VmId,
    /// Its name.
    #[serde(
        default,
        deserialize_with = "decode::word",
        skip_serializing_if = "Option::is_none",
        rename = "vmName"
    )]
    pub name: Option<String>,
    /// Its tags.
    #[serde(default, deserialize_with = "decode::words")]
    pub tags: Vec<String>,
    /// When it was last backed up; ISO 8601 on the wire.
    #[serde(
        default,
        with = "decode::iso",
        skip_serializing_if = "Option::is_none",
        rename = "lastBackup"
    )]
    pub last: Option<Instant>,
    /// How that ended.
    #[serde(
        default,
        deserialize_with = "decode::word",
        skip_serializing_if = "Option::is_none",
        rename = "lastBackupStatus"
    )]
    pub last_status: Option<String>,
    /// Whether the next is overdue.
    #[serde(
        default,
        deserialize_with = "lenient::flag_or_false",
        rename = "isOverdue"
    )]
    pub overdue: bool,
    /// Why.
    #[serde(
        default,
        deserialize_with = "decode::word",
        skip_serializing_if = "Option::is_none",
        rename = "overdueReason"
    )]
    pub reason: Option<String>,
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

    /// The file's name: the last part of the volume ID.
    #[must_use]
    pub fn file_name(&self) -> &str {
        self.volid.rsplit(['/', ':']).next().unwrap_or(&self.volid)
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

/// Which VMs have a recent backup. May take the server a while, so it gets a minute.
///
/// # Errors
/// As every call.
pub async fn health(client: &Client) -> Result<BackupHealth, ApiError> {
    let call = Call::get(path(&[&"backups", &"health"])).within(Duration::from_mins(1));
    client.send(call).await?.object()
}
