//! Backups.

use super::Vm;
use crate::domain::config::ConfigMap;
use serde::Serialize;
use std::sync::Arc;

/// Result of a verification.
#[derive(Debug, Clone, Serialize)]
pub struct Verification {
    /// `ok` or `failed`.
    pub state: &'static str,
    /// The task that verified.
    pub upid: String,
    /// Epoch seconds.
    #[serde(rename = "lastVerified", skip_serializing_if = "Option::is_none")]
    pub last_verified: Option<i64>,
}

/// A backup (guide: Backup Management).
#[derive(Debug, Clone, Serialize, Default)]
pub struct Backup {
    /// `<storage>:backup/<file name>`.
    pub volid: String,
    /// Always `backup`.
    pub content: &'static str,
    /// Epoch seconds.
    pub ctime: i64,
    /// `vma.zst`, `pbs-vm` …
    pub format: &'static str,
    /// Bytes.
    pub size: u64,
    /// Absent inside `/detail`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vmid: Option<u32>,
    /// May hold several lines.
    pub notes: String,
    /// Kept by every retention rule.
    pub protected: bool,
    /// Where it was verified.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verification: Option<Verification>,
    /// Configuration and tags of the VM as they were.
    #[serde(skip)]
    pub guest: Arc<Kept>,
    /// Damaged, whether or not a verification has found that out.
    #[serde(skip)]
    pub damaged: bool,
}

/// What a backup keeps of a VM beside its disks.
#[derive(Debug, Clone, Default)]
pub struct Kept {
    /// Configuration, tags in it as the hypervisor writes them.
    pub config: ConfigMap,
    /// Tags.
    pub tags: Vec<String>,
}

impl Kept {
    /// Of a VM as it is.
    #[must_use]
    pub fn of(vm: &Vm) -> Arc<Self> {
        let mut config = vm.config.clone();
        if !vm.tags.is_empty() {
            config.insert("tags".into(), vm.tags.join(";").into());
        }
        Arc::new(Self {
            config,
            tags: vm.tags.clone(),
        })
    }
}

impl Backup {
    /// Name of the storage that it lies on.
    #[must_use]
    pub fn storage(&self) -> &str {
        self.volid.split(':').next().unwrap_or_default()
    }

    /// Name of its file, without the folder.
    #[must_use]
    pub fn file(&self) -> &str {
        let name = self.volid.split_once(':').map_or("", |(_, name)| name);
        name.strip_prefix("backup/").unwrap_or(name)
    }
}

/// A backup that a task leaves behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Archive {
    /// Storage that it goes to.
    pub storage: String,
    /// Bytes.
    pub size: u64,
    /// `vma.zst`, `pbs-vm` …
    pub format: &'static str,
    /// `None`: the VM's name.
    pub notes: Option<String>,
    /// Protected from the first.
    pub protected: bool,
}

/// Retention in force (contract: `RetentionPolicy`).
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Retention {
    /// The newest ones.
    pub keep_last: u32,
    /// One a day.
    pub keep_daily: u32,
    /// One a week.
    pub keep_weekly: u32,
    /// One a month.
    pub keep_monthly: u32,
}

impl Default for Retention {
    fn default() -> Self {
        Self {
            keep_last: 3,
            keep_daily: 7,
            keep_weekly: 4,
            keep_monthly: 6,
        }
    }
}
