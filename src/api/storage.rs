//! Storages (guide: Storage Overview).

use super::client::{Call, Client};
use super::decode;
use super::error::ApiError;
use super::url::{Query, path};
use crate::domain::lenient::{self, Rows};
use crate::domain::units::{Bytes, Fraction, Instant};
use serde::{Deserialize, Serialize};

/// A storage (guide: Storage Overview).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct Storage {
    /// Name.
    pub storage: String,
    /// `dir`, `zfspool`, `nfs` …
    #[serde(default, deserialize_with = "lenient::text_or_empty", rename = "type")]
    pub kind: String,
    /// What it may hold: `images`, `iso`, `backup` …
    #[serde(default, deserialize_with = "decode::words", alias = "contentTypes")]
    pub content: Vec<String>,
    /// Whether it answers.
    #[serde(
        default,
        deserialize_with = "lenient::flag",
        skip_serializing_if = "Option::is_none"
    )]
    pub active: Option<bool>,
    /// Whether it is switched on.
    #[serde(
        default,
        deserialize_with = "lenient::flag",
        skip_serializing_if = "Option::is_none"
    )]
    pub enabled: Option<bool>,
    /// Whether all nodes see the same content.
    #[serde(default, deserialize_with = "lenient::flag_or_false")]
    pub shared: bool,
    /// Size.
    #[serde(
        default,
        deserialize_with = "decode::bytes",
        skip_serializing_if = "Option::is_none",
        alias = "totalCapacity"
    )]
    pub total: Option<Bytes>,
    /// In use.
    #[serde(
        default,
        deserialize_with = "decode::bytes",
        skip_serializing_if = "Option::is_none",
        alias = "totalUsed"
    )]
    pub used: Option<Bytes>,
    /// Free.
    #[serde(
        default,
        deserialize_with = "decode::bytes",
        skip_serializing_if = "Option::is_none",
        alias = "totalAvailable"
    )]
    pub available: Option<Bytes>,
    /// Share in use, 0 to 1; see [`Storage::fill`].
    #[serde(
        default,
        deserialize_with = "decode::fraction",
        skip_serializing_if = "Option::is_none"
    )]
    pub used_fraction: Option<Fraction>,
    /// Nodes that reach it.
    #[serde(default, deserialize_with = "decode::words")]
    pub nodes: Vec<String>,
    /// Directory (kind `dir` and the like).
    #[serde(
        default,
        deserialize_with = "decode::word",
        skip_serializing_if = "Option::is_none"
    )]
    pub path: Option<String>,
    /// Pool (kind `zfspool`).
    #[serde(
        default,
        deserialize_with = "decode::word",
        skip_serializing_if = "Option::is_none"
    )]
    pub pool: Option<String>,
    /// File server (kind `nfs`).
    #[serde(
        default,
        deserialize_with = "decode::word",
        skip_serializing_if = "Option::is_none"
    )]
    pub server: Option<String>,
    /// Exported path (kind `nfs`).
    #[serde(
        default,
        deserialize_with = "decode::word",
        skip_serializing_if = "Option::is_none"
    )]
    pub export: Option<String>,
}

impl Storage {
    /// Share in use: the server's, else from the sizes; `None` where neither is known.
    #[must_use]
    pub fn fill(&self) -> Option<Fraction> {
        self.used_fraction.or_else(|| self.used?.of(self.total?))
    }

    /// Whether it can be used: neither off nor silent.
    #[must_use]
    pub fn is_usable(&self) -> bool {
        self.active != Some(false) && self.enabled != Some(false)
    }
}

/// All storages, disabled ones too. The shipped server names the sizes differently (divergence
/// 25); both are read.
///
/// # Errors
/// As every call.
pub async fn list(client: &Client) -> Result<Rows<Storage>, ApiError> {
    client
        .send(Call::get(path(&[&"storage"])))
        .await?
        .rows("storage")
}

/// Something that lies on a storage (contract: `StorageContent`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct Content {
    /// Volume, e.g. `local:iso/debian-12.iso`.
    pub volid: String,
    /// Size.
    #[serde(
        default,
        deserialize_with = "decode::bytes",
        skip_serializing_if = "Option::is_none"
    )]
    pub size: Option<Bytes>,
    /// `images`, `iso`, `backup` …
    #[serde(
        default,
        deserialize_with = "lenient::text_or_empty",
        rename = "content_type"
    )]
    pub kind: String,
    /// `raw`, `qcow2`, `iso` …
    #[serde(default, deserialize_with = "lenient::text_or_empty")]
    pub format: String,
    /// When it was made; disks do not say.
    #[serde(
        default,
        deserialize_with = "decode::instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub created_at: Option<Instant>,
    /// Kept from removal.
    #[serde(default, deserialize_with = "lenient::flag_or_false")]
    pub protected: bool,
    /// The VM that it belongs to.
    #[serde(
        default,
        deserialize_with = "decode::small",
        skip_serializing_if = "Option::is_none"
    )]
    pub vmid: Option<u32>,
}

impl Content {
    /// Its name on the storage, without the storage's own: `iso/debian-12.iso`.
    #[must_use]
    pub fn name(&self) -> &str {
        self.volid
            .split_once(':')
            .map_or(self.volid.as_str(), |(_, name)| name)
    }
}

/// What lies on a storage, of one kind (`iso`, `images`, `snippets` …), or all of it where `kind`
/// is empty.
///
/// # Errors
/// As every call; [`super::ErrorKind::NotFound`] for an unknown storage.
pub async fn content(
    client: &Client,
    storage: &str,
    kind: &str,
) -> Result<Rows<Content>, ApiError> {
    let query = Query::default().add("type", Some(kind).filter(|kind| !kind.is_empty()));
    client
        .send(Call::get(path(&[&"storage", &storage, &"content"])).query(query))
        .await?
        .rows("content")
}
