//! The audit log (guide: Audit & Activity Log), where
//! [`super::capabilities::Feature::Audit`] is offered.

use super::client::{Call, Client};
use super::decode;
use super::error::ApiError;
use super::url::{Query, path};
use crate::domain::ids::Upid;
use crate::domain::lenient::{self, Rows};
use crate::domain::units::Instant;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Who did what to what.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct AuditEntry {
    /// Its ID.
    #[serde(deserialize_with = "lenient::text_or_empty")]
    pub id: String,
    /// When; ISO 8601 on the wire.
    #[serde(default, with = "decode::iso", skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<Instant>,
    /// Who, `name@realm`.
    #[serde(default, deserialize_with = "lenient::text_or_empty")]
    pub user: String,
    /// From which address.
    #[serde(
        default,
        deserialize_with = "decode::word",
        skip_serializing_if = "Option::is_none",
        rename = "sourceIp"
    )]
    pub source_ip: Option<String>,
    /// What, e.g. `VM_CREATE`.
    #[serde(default, deserialize_with = "lenient::text_or_empty")]
    pub operation: String,
    /// `VM`, `BULK` …
    #[serde(
        default,
        deserialize_with = "lenient::text_or_empty",
        rename = "resourceType"
    )]
    pub resource_type: String,
    /// ID of the thing, as text.
    #[serde(
        default,
        deserialize_with = "lenient::text_or_empty",
        rename = "resourceId"
    )]
    pub resource_id: String,
    /// On which node.
    #[serde(
        default,
        deserialize_with = "decode::word",
        skip_serializing_if = "Option::is_none"
    )]
    pub node: Option<String>,
    /// Free-form: what the operation was asked to do.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub details: Value,
    /// Whether it succeeded; `None` where the server does not say.
    #[serde(
        default,
        deserialize_with = "lenient::flag",
        skip_serializing_if = "Option::is_none"
    )]
    pub success: Option<bool>,
    /// What went wrong.
    #[serde(
        default,
        deserialize_with = "decode::word",
        skip_serializing_if = "Option::is_none"
    )]
    pub error: Option<String>,
    /// Seconds it took.
    #[serde(
        default,
        deserialize_with = "lenient::float",
        skip_serializing_if = "Option::is_none"
    )]
    pub duration: Option<f64>,
    /// Task that it started.
    #[serde(
        default,
        deserialize_with = "decode::upid",
        skip_serializing_if = "Option::is_none"
    )]
    pub task: Option<Upid>,
}

/// Which entries; all empty: the newest, as many as the server likes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AuditQuery {
    /// Not before.
    pub start: Option<Instant>,
    /// Not after.
    pub end: Option<Instant>,
    /// By one user.
    pub user: Option<String>,
    /// Of one operation.
    pub operation: Option<String>,
    /// On one type of thing.
    pub resource_type: Option<String>,
    /// Only what succeeded, or only what failed.
    pub success: Option<bool>,
    /// With this text in any field.
    pub search: Option<String>,
    /// At most so many.
    pub limit: Option<u32>,
    /// Skip so many.
    pub offset: Option<u32>,
}

/// Entries, newest first.
///
/// # Errors
/// As every call; not found on the shipped server, which has none (divergence 38).
pub async fn list(client: &Client, query: &AuditQuery) -> Result<Rows<AuditEntry>, ApiError> {
    let query = Query::default()
        .add("start", query.start.map(Instant::to_iso))
        .add("end", query.end.map(Instant::to_iso))
        .add("user", query.user.as_deref())
        .add("operation", query.operation.as_deref())
        .add("resourceType", query.resource_type.as_deref())
        .add("success", query.success)
        .add("search", query.search.as_deref())
        .add("limit", query.limit)
        .add("offset", query.offset);
    let call = Call::get(path(&[&"admin", &"audit"])).query(query);
    client.send(call).await?.rows("entries")
}
