//! A VM's configuration: Proxmox's option strings read into parts, printed back unchanged, and
//! told in words (guide: VM Detail, "Configuration Tabs").

mod addresses;
mod conflict;
mod devices;
mod edit;
mod fields;
mod raw;
mod words;

pub use addresses::{ConfiguredAddress, configured_addresses};
pub use conflict::{Choices, Meanwhile, Side, meanwhile, with_pending};
pub use devices::{Boot, Disk, Nic, disks, is_disk_key, is_nic_key, nics};
pub use edit::{Change, Draft, FieldError, Patch, changes, flag_value, takes_restart};
pub use fields::FIELDS;
pub use raw::{Next, RawLine, is_secret, raw_lines};
pub use words::{os, words};

use serde_json::Value;
use std::collections::BTreeMap;

/// Raw configuration, keyed as the hypervisor keys it. Flags are 0 or 1; `memory` and `balloon`
/// are MiB; numbered keys (`net0`, `scsi0`, `ide2`) are strings of comma-separated options.
pub type ConfigMap = BTreeMap<String, Value>;

/// A value that waits for the next start of the VM.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PendingValue<'a> {
    /// Key, e.g. `memory`.
    pub key: &'a str,
    /// Value to come; `None`: the key goes away.
    pub value: Option<&'a Value>,
}

/// A value as text; `None` for null, lists and objects.
#[must_use]
pub fn text(config: &ConfigMap, key: &str) -> Option<String> {
    match config.get(key)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(if *flag { "1" } else { "0" }.to_owned()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// A value as a whole number.
#[must_use]
pub fn number(config: &ConfigMap, key: &str) -> Option<u64> {
    text(config, key)?.trim().parse().ok()
}

/// A flag. Of option strings (`agent: "enabled=1,fstrim_cloned_disks=1"`) the first part counts.
#[must_use]
pub fn flag(config: &ConfigMap, key: &str) -> Option<bool> {
    let text = text(config, key)?;
    let first = text.split(',').next().unwrap_or_default();
    let value = first.strip_prefix("enabled=").unwrap_or(first).trim();
    match value {
        "1" | "true" | "yes" | "on" => Some(true),
        "0" | "false" | "no" | "off" | "" => Some(false),
        _ => None,
    }
}

/// Cores in all: sockets times cores.
#[must_use]
pub fn cores(config: &ConfigMap) -> Option<u64> {
    number(config, "cores")
        .map(|cores| cores.saturating_mul(number(config, "sockets").unwrap_or(1)))
}
