//! The audit log.

use super::num;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

/// How an operation ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Well, or not ended yet.
    Done,
    /// Refused or failed, and why.
    Failed(String),
}

/// An entry (guide: Audit & Activity Log).
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditEntry {
    /// `audit-67890`.
    pub id: String,
    /// ISO 8601, UTC.
    pub timestamp: String,
    /// Simulated milliseconds, for filters.
    #[serde(skip)]
    pub at: i64,
    /// `name@realm`.
    pub user: String,
    /// Address that it came from.
    pub source_ip: String,
    /// `VM_START`, `TAG_ADD` …
    pub operation: String,
    /// `VM`, `BULK`, `TASK`.
    pub resource_type: &'static str,
    /// Text, also for VM numbers.
    pub resource_id: String,
    /// Node, where there is one.
    pub node: Option<String>,
    /// Depends on the operation.
    pub details: Map<String, Value>,
    /// Whether it went well.
    #[serde(rename = "success", serialize_with = "success")]
    pub outcome: Outcome,
    /// Only when it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Seconds.
    #[serde(serialize_with = "num")]
    pub duration: f64,
    /// Task, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task: Option<String>,
    /// Values before an update.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Value>,
    /// Values after an update.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Value>,
}

fn success<S: Serializer>(outcome: &Outcome, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_bool(*outcome == Outcome::Done)
}

impl AuditEntry {
    /// Notes how it ended.
    pub fn end(&mut self, outcome: Outcome) {
        if let Outcome::Failed(why) = &outcome {
            self.error = Some(why.clone());
        }
        self.outcome = outcome;
    }
}
