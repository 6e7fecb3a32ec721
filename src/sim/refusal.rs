//! Refusals in the guide's error shape.

use super::http::Response;
use crate::domain::units::Instant;
use serde::Serialize;
use serde_json::{Map, Value};

/// Why a request is refused. Codes and statuses: 400 `VALIDATION_ERROR`; 401 `UNAUTHORIZED`;
/// 403 `READ_ONLY`, `SAFE_MODE_VIOLATION`; 404 `NOT_FOUND`; 405 `METHOD_NOT_ALLOWED`;
/// 409 `VM_LOCKED`, `VM_STATE`, `VM_TEMPLATE`, `VM_PROTECTED`, `TASK_RUNNING`, `HA_ERROR`,
/// `CONFIG_CHANGED`, `VM_EXISTS`, `STORAGE_FULL`, `BACKUP_PROTECTED`, `MIGRATION_BLOCKED`; 429 `RATE_LIMITED`; 501 `NOT_IMPLEMENTED`; 503
/// `NODE_OFFLINE`, `STORAGE_OFFLINE`.
#[derive(Debug, Clone, PartialEq)]
pub struct Refusal {
    /// HTTP status.
    pub status: u16,
    /// Machine-readable code.
    pub code: &'static str,
    /// For a person.
    pub message: String,
    /// By field, or `reason` and `suggestion`.
    pub details: Map<String, Value>,
}

#[derive(Serialize)]
struct ErrorBody<'a> {
    error: &'a str,
    message: &'a str,
    status: u16,
    timestamp: String,
    path: &'a str,
    #[serde(skip_serializing_if = "Map::is_empty")]
    details: &'a Map<String, Value>,
}

impl Refusal {
    /// Without details.
    pub fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
            details: Map::new(),
        }
    }

    /// With one more detail.
    #[must_use]
    pub fn detail(mut self, field: &str, what: impl Into<Value>) -> Self {
        self.details.insert(field.to_owned(), what.into());
        self
    }

    /// 404.
    #[must_use]
    pub fn missing(what: &str) -> Self {
        Self::new(404, "NOT_FOUND", format!("{what} not found"))
    }

    /// 400 about one parameter or field.
    #[must_use]
    pub fn invalid(message: &str, field: &str, what: &str) -> Self {
        Self::new(400, "VALIDATION_ERROR", message).detail(field, what)
    }

    /// 409.
    pub fn conflict(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(409, code, message)
    }

    /// The answer, in the shape of the guide's "Error Response" with the path beside it.
    #[must_use]
    pub fn answer(&self, path: &str, now: Instant) -> Response {
        Response::with(
            self.status,
            &ErrorBody {
                error: self.code,
                message: &self.message,
                status: self.status,
                timestamp: now.to_iso(),
                path,
                details: &self.details,
            },
        )
    }
}
