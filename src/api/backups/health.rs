//! Which VMs have a recent backup, as the server counts it.

use crate::api::client::{Call, Client};
use crate::api::decode;
use crate::api::error::ApiError;
use crate::api::url::path;
use crate::domain::ids::VmId;
use crate::domain::lenient;
use crate::domain::units::Instant;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::Duration;

fn counts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, u64>, D::Error> {
    let counts: Option<BTreeMap<String, Value>> = lenient::optional(deserializer)?;
    Ok(counts
        .unwrap_or_default()
        .into_iter()
        .filter_map(|(age, count)| Some((age, count.as_u64()?)))
        .collect())
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

/// Which VMs have a recent backup. May take the server a while, so it gets a minute.
///
/// # Errors
/// As every call.
pub async fn health(client: &Client) -> Result<BackupHealth, ApiError> {
    let call = Call::get(path(&[&"backups", &"health"])).within(Duration::from_mins(1));
    client.send(call).await?.object()
}
