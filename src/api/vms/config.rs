//! The configuration of a VM, keyed as the hypervisor keys it.

use crate::domain::config::{self, ConfigMap, Patch};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Raw configuration (contract: `VmConfig`). Flags are 0 or 1, sizes MiB, numbered keys
/// (`net0`, `scsi0`, `ide2`) comma-separated options; `cpu` is a model, not a load.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
#[serde(transparent)]
pub struct VmConfig(pub ConfigMap);

impl VmConfig {
    /// A value as text; `None` where it is absent, null or not a scalar.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<String> {
        config::text(&self.0, key)
    }

    /// A value as a whole number.
    #[must_use]
    pub fn number(&self, key: &str) -> Option<u64> {
        config::number(&self.0, key)
    }

    /// A value as a flag; of an option string (`agent: "1,fstrim_cloned_disks=1"`) its first part.
    #[must_use]
    pub fn flag(&self, key: &str) -> Option<bool> {
        config::flag(&self.0, key)
    }

    /// The digest that guards against overwriting somebody else's change.
    #[must_use]
    pub fn digest(&self) -> Option<String> {
        self.text("digest").filter(|digest| !digest.is_empty())
    }

    /// Keys and values as text, in order, without the digest.
    pub fn entries(&self) -> impl Iterator<Item = (&str, String)> {
        self.0
            .keys()
            .filter(|key| *key != "digest")
            .filter_map(|key| Some((key.as_str(), self.text(key)?)))
    }
}

/// A change of configuration: keys that change, and keys that go away.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ConfigPatch {
    changes: BTreeMap<String, Option<Value>>,
    digest: Option<String>,
    force: bool,
}

impl From<Patch> for ConfigPatch {
    /// From what `domain::config::Draft` makes; no digest yet.
    fn from(patch: Patch) -> Self {
        Self {
            changes: patch.into_iter().collect(),
            ..Self::default()
        }
    }
}

impl ConfigPatch {
    /// Changes nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a key.
    #[must_use]
    pub fn set(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.changes.insert(key.to_owned(), Some(value.into()));
        self
    }

    /// Takes a key out of the configuration, back to its default.
    #[must_use]
    pub fn delete(mut self, key: &str) -> Self {
        self.changes.insert(key.to_owned(), None);
        self
    }

    /// Has the server refuse if the configuration is not the one with this digest any more.
    #[must_use]
    pub fn digest(mut self, digest: Option<String>) -> Self {
        self.digest = digest;
        self
    }

    /// Goes past a safety rule that objects.
    #[must_use]
    pub fn force(mut self, force: bool) -> Self {
        self.force = force;
        self
    }

    /// Whether it goes past a safety rule that objects.
    #[must_use]
    pub fn is_forced(&self) -> bool {
        self.force
    }

    /// Whether it changes nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// The keys that it touches.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.changes.keys().map(String::as_str)
    }

    /// The body of the call: changed keys, `"delete": "a,b"` as Proxmox has it, the digest where
    /// known.
    #[must_use]
    pub fn body(&self) -> Map<String, Value> {
        let mut body = Map::new();
        let mut gone = Vec::new();
        for (key, value) in &self.changes {
            match value {
                Some(value) => drop(body.insert(key.clone(), value.clone())),
                None => gone.push(key.as_str()),
            }
        }
        if !gone.is_empty() {
            body.insert("delete".to_owned(), gone.join(",").into());
        }
        if let Some(digest) = &self.digest {
            body.insert("digest".to_owned(), digest.clone().into());
        }
        body
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sends_changes_alone() {
        let patch = ConfigPatch::new()
            .set("cores", 8)
            .delete("balloon")
            .set("onboot", 1)
            .delete("onboot")
            .digest(Some("abc".to_owned()));
        assert_eq!(
            Value::Object(patch.body()),
            serde_json::json!({"cores": 8, "delete": "balloon,onboot", "digest": "abc"})
        );
        assert_eq!(
            patch.keys().collect::<Vec<_>>(),
            ["balloon", "cores", "onboot"]
        );
        assert!(ConfigPatch::new().digest(Some("abc".to_owned())).is_empty());
        let made = ConfigPatch::from(vec![("memory".to_owned(), Some(Value::from(2048)))]);
        assert_eq!(made, ConfigPatch::new().set("memory", 2048));
    }
}
