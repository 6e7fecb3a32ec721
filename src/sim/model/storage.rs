//! Storages.

use serde::Serialize;
use std::sync::Arc;

/// A storage.
#[derive(Debug, Clone, Serialize)]
pub struct Storage {
    /// Name.
    pub storage: String,
    /// `dir`, `zfspool`, `nfs`, `rbd`, `pbs` …
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// What may lie there.
    pub content: Vec<&'static str>,
    /// Whether it can be reached.
    pub active: bool,
    /// Whether it may be used.
    pub enabled: bool,
    /// Whether all its nodes see the same.
    pub shared: bool,
    /// Bytes.
    pub total: u64,
    /// Bytes.
    pub used: u64,
    /// Bytes.
    pub available: u64,
    /// 0 to 1.
    pub used_fraction: f64,
    /// Nodes that reach it.
    pub nodes: Vec<Arc<str>>,
    /// Of `dir` and the like.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<&'static str>,
    /// Of `zfspool` and `rbd`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pool: Option<&'static str>,
    /// Of `nfs` and `pbs`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub server: Option<&'static str>,
    /// Of `nfs`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub export: Option<&'static str>,
}

#[derive(Serialize)]
struct StorageResource<'a> {
    id: String,
    #[serde(rename = "type")]
    kind: &'static str,
    node: &'a str,
    storage: &'a str,
    name: &'a str,
    plugintype: &'a str,
    status: &'static str,
    shared: bool,
    content: String,
    disk: u64,
    maxdisk: u64,
}

#[derive(Serialize)]
struct StorageStatus<'a> {
    storage: &'a str,
    #[serde(rename = "type")]
    kind: &'a str,
    active: bool,
    enabled: bool,
    total: u64,
    used: u64,
    available: u64,
    used_percentage: f64,
    content_types: &'a [&'static str],
    is_shared: bool,
    nodes: &'a [Arc<str>],
    health_status: &'static str,
    formatted_total: String,
    formatted_used: String,
    formatted_available: String,
}

impl Storage {
    /// Sets what is used, and what follows from it.
    pub fn set_used(&mut self, used: u64) {
        self.used = used.min(self.total);
        self.available = self.total - self.used;
        #[expect(clippy::cast_precision_loss, reason = "four digits are kept")]
        let share = if self.total == 0 {
            0.0
        } else {
            self.used as f64 / self.total as f64
        };
        self.used_fraction = (share * 10_000.0).round() / 10_000.0;
    }

    /// Its row for one node in `/cluster/resources?type=storage`; shared ones come once per
    /// node, as Proxmox sends them.
    #[must_use]
    pub fn resource_row(&self, node: &str) -> String {
        serde_json::to_string(&StorageResource {
            id: format!("storage/{node}/{}", self.storage),
            kind: "storage",
            node,
            storage: &self.storage,
            name: &self.storage,
            plugintype: self.kind,
            status: if self.active { "available" } else { "unknown" },
            shared: self.shared,
            content: self.content.join(","),
            disk: self.used,
            maxdisk: self.total,
        })
        .unwrap_or_default()
    }

    /// `/storage/{storage}/status`.
    #[must_use]
    pub fn status(&self) -> String {
        let human = |bytes: u64| {
            crate::domain::units::Bytes(bytes)
                .to_string()
                .replace('\u{2009}', " ")
        };
        serde_json::to_string(&StorageStatus {
            storage: &self.storage,
            kind: self.kind,
            active: self.active,
            enabled: self.enabled,
            total: self.total,
            used: self.used,
            available: self.available,
            used_percentage: (self.used_fraction * 1e4).round() / 100.0,
            content_types: &self.content,
            is_shared: self.shared,
            nodes: &self.nodes,
            health_status: match (self.active, self.used_fraction) {
                (false, _) => "CRITICAL",
                (true, share) if share > 0.9 => "CRITICAL",
                (true, share) if share > 0.8 => "WARNING",
                _ => "HEALTHY",
            },
            formatted_total: human(self.total),
            formatted_used: human(self.used),
            formatted_available: human(self.available),
        })
        .unwrap_or_default()
    }
}
