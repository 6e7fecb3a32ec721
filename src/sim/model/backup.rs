//! Backups.

use serde::Serialize;

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
#[derive(Debug, Clone, Serialize)]
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
}

impl Backup {
    /// Name of the storage that it lies on.
    #[must_use]
    pub fn storage(&self) -> &str {
        self.volid.split(':').next().unwrap_or_default()
    }
}
