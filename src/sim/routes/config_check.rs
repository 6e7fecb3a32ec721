//! Checks of a changed configuration, with what is wrong by field.

use crate::domain::config::{self, Boot, ConfigMap, Disk, Nic, is_disk_key, is_nic_key};
use crate::domain::tags;
use crate::sim::model::Vm;
use crate::sim::refusal::Refusal;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

const OS_TYPES: [&str; 13] = [
    "l26", "l24", "win11", "win10", "win8", "win7", "w2k8", "w2k3", "w2k", "wxp", "wvista",
    "solaris", "other",
];
/// Keys that are taken as they come.
const FREE: [&str; 22] = [
    "acpi",
    "affinity",
    "args",
    "audio0",
    "bios",
    "bootdisk",
    "cicustom",
    "cipassword",
    "citype",
    "ciuser",
    "cpulimit",
    "cpuunits",
    "hookscript",
    "hotplug",
    "kvm",
    "localtime",
    "machine",
    "nameserver",
    "searchdomain",
    "sshkeys",
    "startup",
    "vga",
];
const MODELS: [&str; 4] = ["virtio", "e1000", "rtl8139", "vmxnet3"];

/// Changes by key; `None` removes.
type Changes = BTreeMap<String, Option<Value>>;

fn whole(value: &Value) -> Option<u64> {
    match value {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

fn host_name(name: &str) -> bool {
    (1..=63).contains(&name.len())
        && name.split('.').all(|label| {
            !label.is_empty()
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        })
}

fn flag(value: &Value) -> bool {
    matches!(whole(value), Some(0 | 1))
}

/// Why one value is wrong; `config` is the configuration as it would be.
fn wrong(key: &str, value: &Value, most_cores: u32, config: &ConfigMap) -> Option<String> {
    let text = value.as_str();
    let says = |bad: bool, what: &str| bad.then(|| what.to_owned());
    match key {
        "name" => says(
            !text.is_some_and(host_name),
            "Must be a valid DNS name of at most 63 characters",
        ),
        "cores" => says(
            !whole(value).is_some_and(|cores| (1..=u64::from(most_cores)).contains(&cores)),
            &format!("Must be between 1 and {most_cores}, the cores of the node"),
        ),
        "sockets" => says(
            !matches!(whole(value), Some(1..=4)),
            "Must be between 1 and 4",
        ),
        // The guide's own example of a validation error.
        "memory" => says(
            !whole(value).is_some_and(|mib| mib > 0 && mib % 1024 == 0 && mib <= 4 << 20),
            "Must be multiple of 1024",
        ),
        "balloon" => {
            let memory = config::number(config, "memory").unwrap_or(u64::MAX);
            match whole(value) {
                None => Some("Must be a whole number of MiB".to_owned()),
                Some(mib) => says(mib > memory, "Must not be larger than memory"),
            }
        }
        "onboot" | "protection" | "numa" | "tablet" | "template" => {
            says(!flag(value), "Must be 0 or 1")
        }
        "agent" => says(
            !flag(value)
                && !text.is_some_and(|text| {
                    let first = text.split(',').next().unwrap_or_default();
                    matches!(first, "0" | "1" | "enabled=0" | "enabled=1")
                }),
            "Must be 0, 1 or enabled=0|1 with options",
        ),
        "ostype" => says(
            !text.is_some_and(|text| OS_TYPES.contains(&text)),
            "Is no known guest type",
        ),
        "description" => says(
            text.is_none_or(|text| text.len() > 8192),
            "Must be text of at most 8192 characters",
        ),
        "cpu" | "scsihw" => says(text.is_none_or(str::is_empty), "Must be text"),
        "tags" => text?
            .split([';', ',', ' '])
            .find_map(|tag| (!tag.is_empty()).then(|| tags::check(tag).err()).flatten()),
        "boot" => {
            let Some(text) = text else {
                return Some("Must be text such as order=scsi0;net0".to_owned());
            };
            let missing = Boot::parse(text)
                .order
                .into_iter()
                .find(|device| !config.contains_key(device));
            missing.map(|device| format!("Device '{device}' does not exist"))
        }
        _ if is_nic_key(key) => {
            let nic = Nic::parse(key, text.unwrap_or_default());
            says(
                !nic.model().is_some_and(|model| MODELS.contains(&model)) || nic.bridge().is_none(),
                "Must name a model and a bridge, e.g. virtio,bridge=vmbr0",
            )
        }
        _ if is_disk_key(key) => {
            let disk = Disk::parse(key, text.unwrap_or_default());
            says(
                disk.volume().is_none() && !disk.is_cdrom(),
                "Must name a volume, e.g. local-zfs:vm-101-disk-0,size=50G",
            )
        }
        _ if FREE.contains(&key)
            || key.starts_with("ipconfig")
            || key.starts_with("serial")
            || key.starts_with("hostpci")
            || key.starts_with("usb") =>
        {
            None
        }
        _ => Some("Property is not defined in schema".to_owned()),
    }
}

/// Disks may grow, not shrink.
fn shrinks(vm: &Vm, key: &str, value: &Value) -> bool {
    let size = |value: &Value| {
        value
            .as_str()
            .and_then(|text| Disk::parse(key, text).size())
    };
    is_disk_key(key)
        && vm
            .config
            .get(key)
            .and_then(size)
            .zip(size(value))
            .is_some_and(|(old, new)| new.0 < old.0)
}

/// Checks all changes together.
///
/// # Errors
/// 400 with what is wrong, by field.
pub fn check(vm: &Vm, most_cores: u32, changes: &Changes) -> Result<(), Refusal> {
    let mut after = vm.config.clone();
    for (key, value) in changes {
        match value {
            Some(value) => after.insert(key.clone(), value.clone()),
            None => after.remove(key),
        };
    }
    let mut details = Map::new();
    for (key, value) in changes {
        let what = match value {
            None if matches!(key.as_str(), "name" | "memory" | "cores") => {
                Some("Cannot be removed".to_owned())
            }
            None => None,
            Some(value) if shrinks(vm, key, value) => {
                Some("Shrinking disks is not supported".to_owned())
            }
            Some(value) => wrong(key, value, most_cores, &after),
        };
        if let Some(what) = what {
            details.insert(key.clone(), what.into());
        }
    }
    // A smaller memory must not fall below a balloon that is not sent along.
    if changes.contains_key("memory")
        && !changes.contains_key("balloon")
        && !details.contains_key("memory")
        && let (Some(memory), Some(balloon)) = (
            config::number(&after, "memory"),
            config::number(&after, "balloon"),
        )
        && balloon > memory
    {
        details.insert("balloon".into(), "Must not be larger than memory".into());
    }
    if details.is_empty() {
        return Ok(());
    }
    Err(Refusal {
        details,
        ..Refusal::new(400, "VALIDATION_ERROR", "Invalid VM configuration")
    })
}
