//! The configuration as Proxmox prints it: a line a key, with what waits for the next start.

use super::{ConfigMap, PendingValue, text};
use crate::domain::text::natural;
use serde_json::Value;
use std::collections::BTreeSet;

/// What stands for a secret.
pub const HIDDEN: &str = "(hidden)";

/// What a key becomes at the next start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// Nothing waits.
    Same,
    /// Another value.
    Becomes(String),
    /// The key goes away.
    Deleted,
}

/// One key and its value, unchanged but for secrets and line breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawLine {
    /// Key, e.g. `net0`.
    pub key: String,
    /// Value in effect; `None` for a key that comes with the next start.
    pub now: Option<String>,
    /// What waits.
    pub next: Next,
}

impl RawLine {
    /// The value, as in `4096 -> 8192` where another one waits.
    #[must_use]
    pub fn value(&self) -> String {
        let now = self.now.as_deref().unwrap_or("(not set)");
        match &self.next {
            Next::Same => now.to_owned(),
            Next::Becomes(next) => format!("{now} -> {next}"),
            Next::Deleted => format!("{now} -> (deleted)"),
        }
    }

    /// `memory: 4096`.
    #[must_use]
    pub fn print(&self) -> String {
        format!("{}: {}", self.key, self.value())
    }
}

/// Whether a key's value is nobody's business: cloud-init's password.
#[must_use]
pub fn is_secret(key: &str) -> bool {
    key.contains("password")
}

/// Every key but the digest, in natural order (`net2` before `net10`). Line breaks are written
/// `%0A`, as `qm config` writes them, so that every key stays one line; secrets are never told,
/// not even what they become.
#[must_use]
pub fn raw_lines<'a>(
    config: &ConfigMap,
    pending: impl IntoIterator<Item = PendingValue<'a>>,
) -> Vec<RawLine> {
    let waiting: Vec<PendingValue<'a>> = pending.into_iter().collect();
    let keys: BTreeSet<&str> = config
        .iter()
        .filter(|(_, value)| !value.is_null())
        .map(|(key, _)| key.as_str())
        .chain(waiting.iter().map(|change| change.key))
        .filter(|key| *key != "digest")
        .collect();
    let mut keys: Vec<&str> = keys.into_iter().collect();
    keys.sort_by(|a, b| natural(a, b));
    keys.into_iter()
        .filter_map(|key| {
            let shown = |value: &Value| shown(key, value);
            let now = config.get(key).filter(|value| !value.is_null()).map(shown);
            let next = match waiting.iter().find(|change| change.key == key) {
                None => Next::Same,
                Some(PendingValue { value: None, .. }) => Next::Deleted,
                Some(PendingValue {
                    value: Some(value), ..
                }) => Next::Becomes(shown(value)),
            };
            // What is neither set nor to be set has nothing to say.
            (now.is_some() || matches!(next, Next::Becomes(_))).then(|| RawLine {
                key: key.to_owned(),
                now,
                next,
            })
        })
        .collect()
}

fn shown(key: &str, value: &Value) -> String {
    if is_secret(key) {
        return HIDDEN.to_owned();
    }
    let single = ConfigMap::from([(key.to_owned(), value.clone())]);
    let told = text(&single, key).unwrap_or_else(|| value.to_string());
    one_line(&told)
}

fn one_line(value: &str) -> String {
    let mut line = String::with_capacity(value.len());
    for letter in value.chars() {
        if letter.is_ascii_control() {
            line.push_str(&format!("%{:02X}", u32::from(letter)));
        } else {
            line.push(letter);
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn printed(config: Value, pending: &[(&str, Option<Value>)]) -> Vec<String> {
        let config: ConfigMap = serde_json::from_value(config).unwrap();
        let waiting = pending.iter().map(|(key, value)| PendingValue {
            key,
            value: value.as_ref(),
        });
        raw_lines(&config, waiting)
            .iter()
            .map(RawLine::print)
            .collect()
    }

    #[test]
    fn a_line_a_key_in_natural_order() {
        assert_eq!(
            printed(
                json!({
                    "net10": "virtio,bridge=vmbr1", "net2": "virtio,bridge=vmbr0", "cores": 4,
                    "digest": "a", "description": "one\ntwo 5 %", "odd": ["x"], "gone": null,
                }),
                &[]
            ),
            [
                "cores: 4",
                "description: one%0Atwo 5 %",
                "net2: virtio,bridge=vmbr0",
                "net10: virtio,bridge=vmbr1",
                "odd: [\"x\"]",
            ]
        );
    }

    #[test]
    fn what_waits_stands_behind() {
        assert_eq!(
            printed(
                json!({"memory": 4096, "balloon": 2048}),
                &[
                    ("memory", Some(json!(8192))),
                    ("balloon", None),
                    ("sockets", Some(json!(2))),
                    ("vga", None),
                ]
            ),
            [
                "balloon: 2048 -> (deleted)",
                "memory: 4096 -> 8192",
                "sockets: (not set) -> 2",
            ]
        );
    }

    #[test]
    fn secrets_are_not_told() {
        let lines = printed(
            json!({"cipassword": "$5$salt$hash", "ciuser": "admin"}),
            &[("cipassword", Some(json!("open sesame")))],
        );
        assert_eq!(lines, ["cipassword: (hidden) -> (hidden)", "ciuser: admin"]);
    }
}
