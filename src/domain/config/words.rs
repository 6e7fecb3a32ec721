//! Configuration told in words.

use super::{Boot, ConfigMap, Disk, Nic, flag, is_disk_key, is_nic_key, is_secret, number, text};
use crate::domain::units::Bytes;

/// The guest's system for Proxmox's `ostype`.
#[must_use]
pub fn os(ostype: &str) -> String {
    match ostype {
        "l26" => "Linux 2.6 – 6.x",
        "l24" => "Linux 2.4",
        "win11" => "Windows 11, 2022, 2025",
        "win10" => "Windows 10, 2016, 2019",
        "win8" => "Windows 8, 2012",
        "win7" => "Windows 7, 2008r2",
        "w2k8" => "Windows Vista, 2008",
        "w2k3" => "Windows 2003",
        "w2k" => "Windows 2000",
        "wxp" => "Windows XP",
        "wvista" => "Windows Vista",
        "solaris" => "Solaris",
        "other" | "" => "Other",
        other => other,
    }
    .to_owned()
}

fn mib(value: u64) -> String {
    Bytes(value.saturating_mul(1 << 20)).capacity().to_string()
}

fn yes_no(on: bool) -> &'static str {
    if on { "Yes" } else { "No" }
}

fn on_off(on: bool) -> &'static str {
    if on { "On" } else { "Off" }
}

/// What a key is called, and its value in words; `None` for a key that is not set. Keys that have
/// no words of their own show as they are.
#[must_use]
pub fn words(config: &ConfigMap, key: &str) -> Option<(String, String)> {
    let raw = text(config, key)?;
    let told = |label: &str, value: String| Some((label.to_owned(), value));
    match key {
        "name" => told("Name", raw),
        "description" => told("Notes", raw),
        "ostype" => told("Guest", os(&raw)),
        "cores" => told("Cores", raw),
        "sockets" => told("Sockets", raw),
        "cpu" => told("CPU type", raw),
        "memory" => told("Memory", number(config, key).map_or(raw, mib)),
        "balloon" => told(
            "Balloon",
            match number(config, key) {
                Some(0) => "Off".to_owned(),
                Some(least) => format!("Down to {}", mib(least)),
                None => raw,
            },
        ),
        "boot" => told("Boot order", Boot::parse(&raw).words()),
        "bootdisk" => told("Boot disk", raw),
        "scsihw" => told("SCSI controller", raw),
        "bios" => told(
            "Firmware",
            match raw.as_str() {
                "ovmf" => "UEFI (OVMF)".to_owned(),
                "seabios" => "BIOS (SeaBIOS)".to_owned(),
                _ => raw,
            },
        ),
        "machine" => told("Machine", raw),
        "vga" => told("Display", raw),
        "onboot" => told(
            "Starts with node",
            flag(config, key).map_or(raw, |on| yes_no(on).into()),
        ),
        "agent" => told(
            "Guest agent",
            flag(config, key).map_or(raw, |on| on_off(on).into()),
        ),
        "protection" => told(
            "Protection",
            flag(config, key).map_or(raw, |on| on_off(on).into()),
        ),
        "numa" => told(
            "NUMA",
            flag(config, key).map_or(raw, |on| on_off(on).into()),
        ),
        "tablet" => told(
            "USB tablet",
            flag(config, key).map_or(raw, |on| on_off(on).into()),
        ),
        "kvm" => told("KVM", flag(config, key).map_or(raw, |on| on_off(on).into())),
        "acpi" => told(
            "ACPI",
            flag(config, key).map_or(raw, |on| on_off(on).into()),
        ),
        "hotplug" => told("Hotplug", raw),
        "startup" => told("Start order", raw),
        "tags" => told("Tags", raw),
        "hookscript" => told("Hook script", raw),
        _ if is_nic_key(key) => told(&format!("Network {key}"), Nic::parse(key, &raw).words()),
        _ if is_disk_key(key) => {
            let disk = Disk::parse(key, &raw);
            let value = match (disk.volume(), disk.size()) {
                (None, _) => "Empty".to_owned(),
                (Some(volume), Some(size)) => format!("{} on {volume}", size.capacity()),
                (Some(volume), None) => volume.to_owned(),
            };
            told(
                &format!(
                    "{} {key}",
                    if disk.is_cdrom() { "CD drive" } else { "Disk" }
                ),
                value,
            )
        }
        "ciuser" => told("Cloud-init user", raw),
        // Never told, wherever a configuration is.
        _ if is_secret(key) => told("Cloud-init password", "Set, not shown".to_owned()),
        _ => told(key, raw),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn told() {
        let config: ConfigMap = serde_json::from_value(json!({
            "memory": 4096, "balloon": 2048, "onboot": 1, "agent": "enabled=1,type=virtio",
            "ostype": "l26", "boot": "order=scsi0;net0", "ide2": "none,media=cdrom",
            "scsi0": "local-zfs:vm-101-disk-0,size=50G", "odd": [1], "new-key": "x",
            "cipassword": "open sesame"
        }))
        .unwrap();
        let value = |key: &str| words(&config, key).map(|(_, value)| value);
        assert_eq!(value("memory").as_deref(), Some("4\u{2009}GiB"));
        assert_eq!(value("balloon").as_deref(), Some("Down to 2\u{2009}GiB"));
        assert_eq!(value("onboot").as_deref(), Some("Yes"));
        assert_eq!(value("agent").as_deref(), Some("On"));
        assert_eq!(value("ide2").as_deref(), Some("Empty"));
        assert_eq!(
            value("scsi0").as_deref(),
            Some("50\u{2009}GiB on local-zfs:vm-101-disk-0")
        );
        assert_eq!(value("odd"), None);
        assert_eq!(value("cipassword").as_deref(), Some("Set, not shown"));
        assert_eq!(
            words(&config, "new-key"),
            Some(("new-key".into(), "x".into()))
        );
        assert_eq!(value("absent"), None);
    }
}
