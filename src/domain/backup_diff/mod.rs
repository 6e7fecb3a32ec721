//! What has changed in a VM since it was backed up, setting by setting in words (guide: Backup
//! Management, "Backup Details").

#[cfg(test)]
mod tests;

use super::config::{ConfigMap, Disk, Nic, is_disk_key, is_nic_key, is_secret, text, words};
use super::text::natural;
use serde_json::Value;
use std::collections::BTreeSet;

/// A setting that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Key, e.g. `memory`.
    pub key: String,
    /// What it is called.
    pub label: String,
    /// What it was in the backup, in words; `None`: it was not set.
    pub then: Option<String>,
    /// What it is today; `None`: it is not set.
    pub now: Option<String>,
}

/// The state of a VM or a mark of the hypervisor's own, which nobody sets and no restore is about.
const STATE: [&str; 12] = [
    "digest",
    "lock",
    "parent",
    "snaptime",
    "snapstate",
    "vmstate",
    "runningmachine",
    "runningcpu",
    "running-nets-host-mtu",
    "vmgenid",
    "meta",
    "template",
];

/// The settings that come first, in this order.
const FIRST: [&str; 22] = [
    "name",
    "description",
    "tags",
    "ostype",
    "cores",
    "sockets",
    "cpu",
    "numa",
    "memory",
    "balloon",
    "bios",
    "machine",
    "vga",
    "boot",
    "bootdisk",
    "scsihw",
    "agent",
    "onboot",
    "startup",
    "protection",
    "hotplug",
    "tablet",
];

/// What holds where a key is not set, so that writing it down is no change (Proxmox VE: `qm.conf`).
fn usual(key: &str) -> Option<&'static str> {
    match key {
        "numa" | "protection" | "onboot" | "agent" => Some("0"),
        "tablet" | "kvm" | "acpi" | "cores" | "sockets" => Some("1"),
        "bios" => Some("seabios"),
        _ => None,
    }
}

/// Order of the groups: those above, disks, interfaces, what cloud-init is told, the others.
fn rank(key: &str) -> (usize, usize) {
    match FIRST.iter().position(|first| *first == key) {
        Some(place) => (0, place),
        None if is_disk_key(key) => (1, 0),
        None if is_nic_key(key) => (2, 0),
        None if key.starts_with("ipconfig") || key.starts_with("ci") => (3, 0),
        None if matches!(key, "nameserver" | "searchdomain" | "sshkeys") => (3, 0),
        None => (4, 0),
    }
}

fn set<'a>(config: &'a ConfigMap, key: &str) -> Option<&'a Value> {
    config.get(key).filter(|value| !value.is_null())
}

/// As text, whatever it is.
fn raw(config: &ConfigMap, key: &str) -> Option<String> {
    let value = set(config, key)?;
    Some(text(config, key).unwrap_or_else(|| value.to_string()))
}

/// For comparing: options of disks and interfaces may stand in any order.
fn plain(config: &ConfigMap, key: &str) -> Option<String> {
    let raw = raw(config, key).or_else(|| usual(key).map(ToOwned::to_owned))?;
    let first = usize::from(is_disk_key(key));
    if first == 0 && !is_nic_key(key) {
        return Some(raw);
    }
    let mut parts: Vec<&str> = raw.split(',').collect();
    if let Some(rest) = parts.get_mut(first..) {
        rest.sort_unstable();
    }
    Some(parts.join(","))
}

/// Label and value in words; more of disks and interfaces than a list of settings shows.
fn told(config: &ConfigMap, key: &str) -> Option<(String, String)> {
    let raw = raw(config, key)?;
    let (label, mut value) = words(config, key).unwrap_or_else(|| (key.to_owned(), raw.clone()));
    if is_disk_key(key) {
        for extra in Disk::parse(key, &raw).extras() {
            value.push_str(&format!(", {extra}"));
        }
    } else if is_nic_key(key) {
        let nic = Nic::parse(key, &raw);
        for more in [nic.model(), nic.mac()].into_iter().flatten() {
            value.push_str(&format!(", {more}"));
        }
    }
    Some((label, value))
}

/// In the order in which they are listed.
fn sort(keys: &mut [&str]) {
    keys.sort_by(|a, b| rank(a).cmp(&rank(b)).then_with(|| natural(a, b)));
}

/// Every setting of a configuration as label and value in words, in the order of [`diff`]: what
/// nobody sets and what is as usual among them. Passwords alone are left out.
#[must_use]
pub fn all(config: &ConfigMap) -> Vec<Difference> {
    let mut keys: Vec<&str> = config.keys().map(String::as_str).collect();
    keys.retain(|key| !is_secret(key));
    sort(&mut keys);
    let row = |key: &str| {
        let (label, value) = told(config, key)?;
        Some(Difference {
            key: key.to_owned(),
            label,
            then: Some(value),
            now: None,
        })
    };
    keys.into_iter().filter_map(row).collect()
}

/// What differs between the configuration in a backup and today's: names and hardware first, then
/// disks, interfaces, cloud-init and the rest, numbers in their order. Passwords are left out,
/// whether they differ or not, as is what nobody sets.
#[must_use]
pub fn diff(then: &ConfigMap, now: &ConfigMap) -> Vec<Difference> {
    let keys: BTreeSet<&str> = then.keys().chain(now.keys()).map(String::as_str).collect();
    let mut keys: Vec<&str> = keys
        .into_iter()
        .filter(|key| !is_secret(key) && !STATE.contains(key))
        .filter(|key| plain(then, key) != plain(now, key))
        .collect();
    sort(&mut keys);
    keys.into_iter()
        .map(|key| {
            let (old, new) = (told(then, key), told(now, key));
            let label = new
                .as_ref()
                .or(old.as_ref())
                .map_or_else(|| key.to_owned(), |(label, _)| label.clone());
            let value = |told: Option<(String, String)>| told.map(|(_, value)| value);
            let (mut old, mut new) = (value(old), value(new));
            if old == new {
                // Words do not tell the difference; the options themselves do.
                (old, new) = (raw(then, key), raw(now, key));
            }
            Difference {
                key: key.to_owned(),
                label,
                then: old,
                now: new,
            }
        })
        .collect()
}
