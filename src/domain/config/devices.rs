//! Network interfaces, disks and boot order.

use super::{ConfigMap, text};
use crate::domain::units::Bytes;

/// `key=value` parts with commas between; parts without `=` have no key.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Options(Vec<(Option<String>, String)>);

impl Options {
    fn parse(text: &str) -> Self {
        Self(
            text.split(',')
                .map(|part| match part.split_once('=') {
                    Some((key, value)) => (Some(key.to_owned()), value.to_owned()),
                    None => (None, part.to_owned()),
                })
                .collect(),
        )
    }

    fn print(&self) -> String {
        self.0
            .iter()
            .map(|(key, value)| match key {
                Some(key) => format!("{key}={value}"),
                None => value.clone(),
            })
            .collect::<Vec<_>>()
            .join(",")
    }

    fn get(&self, key: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(name, _)| name.as_deref() == Some(key))
            .map(|(_, value)| value.as_str())
    }

    fn flag(&self, key: &str) -> bool {
        matches!(self.get(key), Some("1" | "on" | "yes" | "true"))
    }
}

fn numbered(key: &str, prefixes: &[&str]) -> bool {
    prefixes.iter().any(|prefix| {
        key.strip_prefix(prefix)
            .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()))
    })
}

/// Whether a key names a disk or CD drive: `scsi0`, `virtio1`, `ide2`, `sata0`, `efidisk0` …
#[must_use]
pub fn is_disk_key(key: &str) -> bool {
    numbered(
        key,
        &["scsi", "virtio", "ide", "sata", "efidisk", "tpmstate", "mp"],
    ) || key == "rootfs"
}

/// Whether a key names a network interface: `net0` …
#[must_use]
pub fn is_nic_key(key: &str) -> bool {
    numbered(key, &["net"])
}

/// A network interface: `virtio=AA:BB:CC:DD:EE:FF,bridge=vmbr0,firewall=1,tag=100`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nic {
    /// Key, e.g. `net0`.
    pub key: String,
    options: Options,
}

impl Nic {
    /// Reads an option string; every string is accepted and printed back unchanged.
    #[must_use]
    pub fn parse(key: &str, text: &str) -> Self {
        Self {
            key: key.to_owned(),
            options: Options::parse(text),
        }
    }

    /// The option string.
    #[must_use]
    pub fn print(&self) -> String {
        self.options.print()
    }

    fn hardware(&self) -> Option<(&str, &str)> {
        if let (Some(model), Some(mac)) = (self.options.get("model"), self.options.get("macaddr")) {
            return Some((model, mac));
        }
        self.options
            .0
            .iter()
            .filter_map(|(key, value)| Some((key.as_deref()?, value.as_str())))
            .find(|(_, value)| value.split(':').count() == 6)
    }

    /// Model, e.g. `virtio`.
    #[must_use]
    pub fn model(&self) -> Option<&str> {
        self.hardware().map(|(model, _)| model).or_else(|| {
            self.options
                .0
                .first()
                .filter(|(key, _)| key.is_none())
                .map(|(_, value)| value.as_str())
        })
    }

    /// MAC address as written.
    #[must_use]
    pub fn mac(&self) -> Option<&str> {
        self.options
            .get("hwaddr")
            .or_else(|| self.hardware().map(|(_, mac)| mac))
    }

    /// Bridge or virtual network.
    #[must_use]
    pub fn bridge(&self) -> Option<&str> {
        self.options.get("bridge")
    }

    /// VLAN tag.
    #[must_use]
    pub fn vlan(&self) -> Option<&str> {
        self.options.get("tag")
    }

    /// Whether the firewall filters it.
    #[must_use]
    pub fn firewall(&self) -> bool {
        self.options.flag("firewall")
    }

    /// Whether its cable is pulled.
    #[must_use]
    pub fn disconnected(&self) -> bool {
        self.options.flag("link_down")
    }

    /// The option string on another bridge and VLAN (empty: none), without a hardware address: the
    /// hypervisor makes one.
    #[must_use]
    pub fn replugged(&self, bridge: &str, vlan: &str) -> String {
        let mut parts = vec![self.model().unwrap_or("virtio").to_owned()];
        parts.push(format!("bridge={bridge}"));
        if !vlan.is_empty() {
            parts.push(format!("tag={vlan}"));
        }
        let mac = |value: &str| value.split(':').count() == 6;
        let own = ["model", "macaddr", "bridge", "tag"];
        let rest = self.options.0.iter().filter_map(|(key, value)| {
            let key = key.as_deref()?;
            (!own.contains(&key) && !mac(value)).then(|| format!("{key}={value}"))
        });
        parts.extend(rest);
        parts.join(",")
    }

    /// In words: `vmbr0, VLAN 100, firewall`.
    #[must_use]
    pub fn words(&self) -> String {
        let mut parts = vec![self.bridge().unwrap_or("no bridge").to_owned()];
        if let Some(vlan) = self.vlan() {
            parts.push(format!("VLAN {vlan}"));
        }
        if let Some(rate) = self.options.get("rate") {
            parts.push(format!("at most {rate} MB/s"));
        }
        if self.firewall() {
            parts.push("firewall".to_owned());
        }
        if self.disconnected() {
            parts.push("disconnected".to_owned());
        }
        parts.join(", ")
    }
}

/// A disk or CD drive: `local-zfs:vm-101-disk-0,size=50G`, `none,media=cdrom`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disk {
    /// Key, e.g. `scsi0`.
    pub key: String,
    options: Options,
}

impl Disk {
    /// Reads an option string; every string is accepted and printed back unchanged.
    #[must_use]
    pub fn parse(key: &str, text: &str) -> Self {
        Self {
            key: key.to_owned(),
            options: Options::parse(text),
        }
    }

    /// The option string.
    #[must_use]
    pub fn print(&self) -> String {
        self.options.print()
    }

    /// The volume, e.g. `local-zfs:vm-101-disk-0`; `None` for an empty drive.
    #[must_use]
    pub fn volume(&self) -> Option<&str> {
        self.options
            .get("file")
            .or_else(|| self.options.get("volume"))
            .or_else(|| {
                self.options
                    .0
                    .first()
                    .filter(|(key, _)| key.is_none())
                    .map(|(_, value)| value.as_str())
            })
            .filter(|volume| !matches!(*volume, "none" | ""))
    }

    /// Storage that holds it; `None` for an empty drive, a physical drive and a path.
    #[must_use]
    pub fn storage(&self) -> Option<&str> {
        self.volume()?.split_once(':').map(|(storage, _)| storage)
    }

    /// Name within its storage.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        let volume = self.volume()?;
        Some(volume.split_once(':').map_or(volume, |(_, name)| name))
    }

    /// Size, from `size=50G` (binary units; no letter: bytes).
    #[must_use]
    pub fn size(&self) -> Option<Bytes> {
        let text = self.options.get("size")?;
        let (digits, shift) = match text.char_indices().last()? {
            (at, 'T' | 't') => (&text[..at], 40),
            (at, 'G' | 'g') => (&text[..at], 30),
            (at, 'M' | 'm') => (&text[..at], 20),
            (at, 'K' | 'k') => (&text[..at], 10),
            _ => (text, 0),
        };
        let number: f64 = digits.parse().ok().filter(|number: &f64| *number >= 0.0)?;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "`as` saturates"
        )]
        let bytes = (number * (1_u64 << shift) as f64) as u64;
        Some(Bytes(bytes))
    }

    /// Whether it is a CD drive.
    #[must_use]
    pub fn is_cdrom(&self) -> bool {
        self.options.get("media") == Some("cdrom") && !self.is_cloud_init()
    }

    /// Whether it carries the cloud-init configuration.
    #[must_use]
    pub fn is_cloud_init(&self) -> bool {
        self.volume()
            .is_some_and(|volume| volume.contains("cloudinit"))
    }

    /// Whether the VM's own data is on it: deleted with the VM.
    #[must_use]
    pub fn is_owned(&self) -> bool {
        self.storage().is_some() && !self.is_cdrom()
    }

    /// What is set beside volume, size and medium: `ssd, discard on, iothread`.
    #[must_use]
    pub fn extras(&self) -> Vec<String> {
        self.options
            .0
            .iter()
            .filter_map(|(key, value)| {
                let key = key.as_deref()?;
                match (key, value.as_str()) {
                    ("file" | "volume" | "size" | "media", _) | (_, "0") => None,
                    (_, "1") => Some(key.to_owned()),
                    _ => Some(format!("{key} {value}")),
                }
            })
            .collect()
    }
}

fn parse_all<T>(
    config: &ConfigMap,
    chosen: impl Fn(&str) -> bool,
    parse: impl Fn(&str, &str) -> T,
) -> Vec<T> {
    let mut keys: Vec<&String> = config.keys().filter(|key| chosen(key)).collect();
    keys.sort_by(|a, b| crate::domain::text::natural(a, b));
    keys.into_iter()
        .filter_map(|key| Some(parse(key, &text(config, key)?)))
        .collect()
}

/// All network interfaces, in the order of their numbers.
#[must_use]
pub fn nics(config: &ConfigMap) -> Vec<Nic> {
    parse_all(config, is_nic_key, Nic::parse)
}

/// All disks and drives, in the order of their keys.
#[must_use]
pub fn disks(config: &ConfigMap) -> Vec<Disk> {
    parse_all(config, is_disk_key, Disk::parse)
}

/// Boot order: `order=scsi0;ide2;net0`, or the older letters (`cdn`).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Boot {
    /// Devices, first tried first.
    pub order: Vec<String>,
}

impl Boot {
    /// Reads either form; the older letters become words.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let text = text.trim();
        let order = match text.strip_prefix("order=") {
            Some(devices) => devices
                .split([';', ','])
                .map(str::trim)
                .filter(|d| !d.is_empty())
                .map(ToOwned::to_owned)
                .collect(),
            None => text
                .chars()
                .filter_map(|letter| match letter {
                    'c' => Some("disk".to_owned()),
                    'd' => Some("CD drive".to_owned()),
                    'n' => Some("network".to_owned()),
                    _ => None,
                })
                .collect(),
        };
        Self { order }
    }

    /// The newer form: `order=scsi0;net0`.
    #[must_use]
    pub fn print(&self) -> String {
        format!("order={}", self.order.join(";"))
    }

    /// `scsi0 → ide2 → net0`.
    #[must_use]
    pub fn words(&self) -> String {
        if self.order.is_empty() {
            "None".to_owned()
        } else {
            self.order.join(" → ")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn nic() {
        let text = "virtio=AA:BB:CC:DD:EE:FF,bridge=vmbr0,firewall=1,tag=100";
        let nic = Nic::parse("net0", text);
        assert_eq!(nic.model(), Some("virtio"));
        assert_eq!(nic.mac(), Some("AA:BB:CC:DD:EE:FF"));
        assert_eq!(nic.words(), "vmbr0, VLAN 100, firewall");
        assert_eq!(nic.print(), text);
        assert_eq!(
            Nic::parse("net1", "e1000,bridge=vmbr1").model(),
            Some("e1000")
        );
        assert_eq!(Nic::parse("net1", "").words(), "no bridge");
    }

    #[test]
    fn disk() {
        let disk = Disk::parse("scsi0", "local-zfs:vm-101-disk-0,size=50G,ssd=1,discard=on");
        assert_eq!(disk.storage(), Some("local-zfs"));
        assert_eq!(disk.name(), Some("vm-101-disk-0"));
        assert_eq!(disk.size(), Some(Bytes(50 << 30)));
        assert_eq!(disk.extras(), ["ssd", "discard on"]);
        assert!(disk.is_owned());
        let drive = Disk::parse("ide2", "none,media=cdrom");
        assert!(drive.is_cdrom());
        assert_eq!(drive.volume(), None);
        assert_eq!(
            Disk::parse("scsi1", "x:y,size=99999999999T").size(),
            Some(Bytes(u64::MAX))
        );
        assert_eq!(Disk::parse("scsi1", "x:y,size=ü").size(), None);
        assert_eq!(Disk::parse("scsi1", "x:y,size=-4G").size(), None);
        assert!(is_disk_key("scsi0") && !is_disk_key("scsihw") && !is_disk_key("scsi"));
    }

    #[test]
    fn boot() {
        let boot = Boot::parse("order=scsi0;ide2;net0");
        assert_eq!(boot.words(), "scsi0 → ide2 → net0");
        assert_eq!(boot.print(), "order=scsi0;ide2;net0");
        assert_eq!(Boot::parse("cdn").order, ["disk", "CD drive", "network"]);
        assert_eq!(Boot::parse("").words(), "None");
    }

    proptest! {
        #[test]
        fn every_string_prints_back_unchanged(text in "\\PC{0,60}") {
            prop_assert_eq!(Nic::parse("net0", &text).print(), text.clone());
            let disk = Disk::parse("scsi0", &text);
            prop_assert_eq!(disk.print(), text);
            let _ = (disk.size(), disk.extras(), disk.storage());
        }
    }
}
