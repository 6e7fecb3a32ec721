//! The disks of a VM as its configuration names them, and what became of them.

use crate::domain::config::{self, ConfigMap};
use crate::domain::units::Bytes;
use serde::{Deserialize, Serialize};

/// What a drive is to a move.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum DriveKind {
    /// A disk of the VM.
    Disk,
    /// A disk of the VM that is not attached; it moves all the same.
    Unused,
    /// The small one with the cloud-init configuration; it is made anew there.
    CloudInit,
    /// A medium in a CD drive.
    Cd,
}

/// A drive with something in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Drive {
    /// `scsi0`.
    pub key: String,
    /// `local-zfs:vm-101-disk-0`.
    pub volid: String,
    /// What it is.
    pub kind: DriveKind,
    /// Size, where known.
    pub size: Option<Bytes>,
}

impl Drive {
    /// Storage that holds it; empty for a physical drive of the node.
    #[must_use]
    pub fn storage(&self) -> &str {
        self.volid
            .split_once(':')
            .map_or("", |(storage, _)| storage)
    }
}

/// The drives of a configuration, in the order of their keys.
#[must_use]
pub fn drives(config: &ConfigMap) -> Vec<Drive> {
    let mut found: Vec<Drive> = Vec::new();
    for disk in config::disks(config) {
        let Some(volid) = disk.volume() else { continue };
        found.push(Drive {
            key: disk.key.clone(),
            volid: volid.to_owned(),
            kind: if disk.is_cloud_init() {
                DriveKind::CloudInit
            } else if disk.is_cdrom() {
                DriveKind::Cd
            } else {
                DriveKind::Disk
            },
            size: disk.size(),
        });
    }
    for key in config.keys().filter(|key| is_numbered(key, "unused")) {
        let text = config::text(config, key).unwrap_or_default();
        let disk = config::Disk::parse(key, &text);
        if let Some(volid) = disk.volume() {
            found.push(Drive {
                key: key.clone(),
                volid: volid.to_owned(),
                kind: DriveKind::Unused,
                size: disk.size(),
            });
        }
    }
    found
}

fn is_numbered(key: &str, word: &str) -> bool {
    key.strip_prefix(word)
        .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Keys of devices that are the node's own: `hostpci0`, `usb0`. One that is mapped for the whole
/// cluster is none, nor is a channel to the viewer.
#[must_use]
pub fn devices(config: &ConfigMap) -> Vec<String> {
    let own = |key: &&String| {
        let text = config::text(config, key).unwrap_or_default();
        (is_numbered(key, "hostpci") || is_numbered(key, "usb"))
            && !text.contains("mapping=")
            && !text.starts_with("spice")
    };
    let serial = |key: &&String| {
        is_numbered(key, "serial")
            && config::text(config, key).is_some_and(|text| text.starts_with("/dev/"))
    };
    config
        .keys()
        .filter(|key| own(key) || serial(key))
        .cloned()
        .collect()
}

/// What became of a drive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It stands where it stood: on a storage that both nodes reach.
    Stays,
    /// It was copied.
    Copied,
    /// It is not there any more: better looked at.
    Gone,
    /// It was not there before.
    New,
}

/// A drive before and after.
#[derive(Debug, Clone, PartialEq)]
pub struct Compared {
    /// `scsi0`.
    pub key: String,
    /// Volume before.
    pub before: Option<String>,
    /// Volume after.
    pub after: Option<String>,
    /// Size, where known.
    pub size: Option<Bytes>,
    /// What became of it.
    pub change: Change,
}

/// Every drive of before and after, each once. `shared` says of a storage whether both nodes see
/// the same in it.
#[must_use]
pub fn compare(before: &[Drive], after: &[Drive], shared: impl Fn(&str) -> bool) -> Vec<Compared> {
    let mut rows: Vec<Compared> = before
        .iter()
        .map(|old| {
            let new = after.iter().find(|new| new.key == old.key);
            let stays = new.is_some_and(|new| new.volid == old.volid && shared(old.storage()));
            Compared {
                key: old.key.clone(),
                before: Some(old.volid.clone()),
                after: new.map(|new| new.volid.clone()),
                size: new.and_then(|new| new.size).or(old.size),
                change: match new {
                    None => Change::Gone,
                    Some(_) if stays => Change::Stays,
                    Some(_) => Change::Copied,
                },
            }
        })
        .collect();
    for new in after {
        if !before.iter().any(|old| old.key == new.key) {
            rows.push(Compared {
                key: new.key.clone(),
                before: None,
                after: Some(new.volid.clone()),
                size: new.size,
                change: Change::New,
            });
        }
    }
    rows
}
