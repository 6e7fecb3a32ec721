//! The configuration of a VM, keyed as the hypervisor keys it.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Raw configuration (contract: `VmConfig`). Flags are 0 or 1, sizes MiB, numbered keys
/// (`net0`, `scsi0`, `ide2`) comma-separated options; `cpu` is a model, not a load.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
#[serde(transparent)]
pub struct VmConfig(pub BTreeMap<String, Value>);

impl VmConfig {
    /// A value as text; `None` where it is absent, null or not a scalar.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<String> {
        match self.0.get(key)? {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(flag) => Some(u8::from(*flag).to_string()),
            _ => None,
        }
    }

    /// A value as a number.
    #[must_use]
    pub fn number(&self, key: &str) -> Option<f64> {
        self.text(key)?
            .trim()
            .parse()
            .ok()
            .filter(|number: &f64| number.is_finite())
    }

    /// A value as a flag: 0/1, true/false, on/off; of an option string (`agent: "1,fstrim=1"`)
    /// its first part, also as `enabled=1`.
    #[must_use]
    pub fn flag(&self, key: &str) -> Option<bool> {
        let text = self.text(key)?;
        let first = text
            .split(',')
            .next()
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase();
        match first.strip_prefix("enabled=").unwrap_or(&first) {
            "1" | "true" | "on" | "yes" => Some(true),
            "0" | "false" | "off" | "no" => Some(false),
            _ => None,
        }
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

/// A change of configuration: the keys that change, and those that go away.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ConfigPatch {
    set: BTreeMap<String, Value>,
    delete: Vec<String>,
    digest: Option<String>,
}

impl ConfigPatch {
    /// Changes nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// What turns `old` into `new`, guarded by the digest of `old`. Values are compared as text:
    /// `4` and `"4"` are the same.
    #[must_use]
    pub fn between(old: &VmConfig, new: &VmConfig) -> Self {
        let mut patch = Self {
            digest: old.digest(),
            ..Self::default()
        };
        for (key, value) in &new.0 {
            let same = old.0.get(key) == Some(value)
                || (old.text(key).is_some() && old.text(key) == new.text(key));
            if key != "digest" && !same && !value.is_null() {
                patch.set.insert(key.clone(), value.clone());
            }
        }
        for (key, value) in &old.0 {
            let gone = new.0.get(key).is_none_or(Value::is_null);
            if key != "digest" && !value.is_null() && gone {
                patch.delete.push(key.clone());
            }
        }
        patch
    }

    /// Sets a key.
    #[must_use]
    pub fn set(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.delete.retain(|deleted| deleted != key);
        self.set.insert(key.to_owned(), value.into());
        self
    }

    /// Takes a key out of the configuration, back to its default.
    #[must_use]
    pub fn delete(mut self, key: &str) -> Self {
        self.set.remove(key);
        if !self.delete.iter().any(|deleted| deleted == key) {
            self.delete.push(key.to_owned());
        }
        self
    }

    /// Has the server refuse if the configuration is not the one with this digest any more.
    #[must_use]
    pub fn digest(mut self, digest: Option<String>) -> Self {
        self.digest = digest;
        self
    }

    /// Whether it changes nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.set.is_empty() && self.delete.is_empty()
    }

    /// The keys that it touches.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.set.keys().chain(&self.delete).map(String::as_str)
    }

    /// The body of the call: changed keys, `"delete": "a,b"` as Proxmox has it, the digest where
    /// known.
    #[must_use]
    pub fn body(&self) -> Map<String, Value> {
        let mut body: Map<String, Value> = self.set.clone().into_iter().collect();
        if !self.delete.is_empty() {
            body.insert("delete".to_owned(), self.delete.join(",").into());
        }
        if let Some(digest) = &self.digest {
            body.insert("digest".to_owned(), digest.clone().into());
        }
        body
    }
}
