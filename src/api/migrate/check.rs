//! The answer to whether a VM can move.

use crate::api::decode;
use crate::domain::lenient;
use crate::domain::units::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// Whether and how a VM can move to a node (guide: Migration Wizard, "Check Migration
/// Feasibility").
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
#[serde(rename_all = "camelCase")]
pub struct Check {
    /// Whether it can; `None`: the server could not say (divergence 46).
    #[serde(
        default,
        deserialize_with = "lenient::flag",
        skip_serializing_if = "Option::is_none"
    )]
    pub allowed: Option<bool>,
    /// Whether it runs now.
    #[serde(
        default,
        deserialize_with = "lenient::flag",
        skip_serializing_if = "Option::is_none"
    )]
    pub running: Option<bool>,
    /// Disks that only its present node can read, and that have to be copied.
    #[serde(default, deserialize_with = "lenient::rows")]
    pub local_disks: Vec<LocalDisk>,
    /// What there is to know.
    #[serde(default, deserialize_with = "decode::words")]
    pub warnings: Vec<String>,
    /// Why it can't.
    #[serde(default, deserialize_with = "decode::words")]
    pub errors: Vec<String>,
    /// Storages of the target that disks can go to.
    #[serde(default, deserialize_with = "lenient::rows")]
    pub target_storages: Vec<TargetStorage>,
}

/// A disk that has to be copied.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
#[serde(rename_all = "camelCase")]
pub struct LocalDisk {
    /// Volume: `local-zfs:vm-101-disk-0`.
    #[serde(default, deserialize_with = "lenient::text_or_empty")]
    pub volid: String,
    /// Size; `None` where the server does not say.
    #[serde(
        default,
        deserialize_with = "decode::bytes",
        skip_serializing_if = "Option::is_none"
    )]
    pub size: Option<Bytes>,
    /// Whether it is replicated to the target already, so that only changes are copied.
    #[serde(default, deserialize_with = "lenient::flag_or_false")]
    pub replicatable: bool,
    /// Storages that can take it; empty where the server does not say.
    #[serde(default, deserialize_with = "decode::words")]
    pub target_storage: Vec<String>,
}

/// A storage of the target.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct TargetStorage {
    /// Name.
    #[serde(default, deserialize_with = "lenient::text_or_empty")]
    pub storage: String,
    /// Free there.
    #[serde(
        default,
        deserialize_with = "decode::bytes",
        skip_serializing_if = "Option::is_none"
    )]
    pub available: Option<Bytes>,
    /// `zfspool`, `nfs` …
    #[serde(default, deserialize_with = "lenient::text_or_empty", rename = "type")]
    pub kind: String,
}

/// The shipped server's answer, which is Proxmox's own (divergence 31).
#[derive(Deserialize, Default)]
struct Shipped {
    #[serde(default, deserialize_with = "lenient::optional")]
    allowed_nodes: Option<Vec<String>>,
    #[serde(default, deserialize_with = "lenient::optional")]
    not_allowed_nodes: Option<BTreeMap<String, Value>>,
    #[serde(default, deserialize_with = "lenient::optional")]
    local_disks: Option<Vec<Value>>,
    #[serde(default, deserialize_with = "lenient::optional")]
    local_resources: Option<Vec<String>>,
    /// Those of the devices that the whole cluster knows: a VM that is off takes them along.
    #[serde(
        default,
        deserialize_with = "lenient::optional",
        rename = "mapped-resources"
    )]
    mapped_resources: Option<Vec<String>>,
    #[serde(default, deserialize_with = "lenient::flag")]
    running: Option<bool>,
}

/// Whether that is the drive with the cloud-init configuration, which is made anew on the target:
/// Proxmox lists it among the local CD drives.
fn is_cloud_init(volid: &str) -> bool {
    let name = volid.rsplit([':', '/']).next().unwrap_or_default();
    name.starts_with("vm-") && name.contains("-cloudinit")
}

impl Check {
    /// Reads either contract's answer. `target` is the node that was asked about: the shipped
    /// server answers for all at once.
    #[must_use]
    pub fn read(answer: Value, target: &str) -> Self {
        let shipped = answer.as_object().is_some_and(|fields| {
            !fields.contains_key("allowed")
                && ["allowed_nodes", "local_disks", "local_resources", "running"]
                    .iter()
                    .any(|name| fields.contains_key(*name))
        });
        if shipped {
            let wire: Shipped = serde_json::from_value(answer).unwrap_or_default();
            return wire.check(target);
        }
        serde_json::from_value(answer).unwrap_or_default()
    }

    /// Whether the server said anything at all.
    #[must_use]
    pub const fn is_silent(&self) -> bool {
        self.allowed.is_none() && self.errors.is_empty()
    }
}

impl Shipped {
    fn check(self, target: &str) -> Check {
        let known = self.allowed_nodes.is_some()
            || self.not_allowed_nodes.is_some()
            || self.local_disks.is_some()
            || self.local_resources.is_some();
        if !known {
            return Check {
                running: self.running,
                ..Check::default()
            };
        }
        let mut check = Check {
            running: self.running,
            ..Check::default()
        };
        for disk in self.local_disks.unwrap_or_default() {
            let volid = disk["volid"].as_str().unwrap_or_default().to_owned();
            if disk["cdrom"].as_bool() == Some(true) || disk["cdrom"] == 1 {
                if is_cloud_init(&volid) {
                    continue;
                }
                check
                    .errors
                    .push(format!("can't migrate local cdrom '{volid}'"));
                continue;
            }
            let disk: LocalDisk = serde_json::from_value(disk).unwrap_or_default();
            check.local_disks.push(disk);
        }
        let mut devices = self.local_resources.unwrap_or_default();
        let mapped = self.mapped_resources.unwrap_or_default();
        if self.running == Some(false) {
            devices.retain(|device| !mapped.contains(device));
        }
        if !devices.is_empty() {
            check.errors.push(format!(
                "can't migrate VM which uses local devices: {}",
                devices.join(", ")
            ));
        }
        let refused = self
            .not_allowed_nodes
            .and_then(|mut nodes| nodes.remove(target));
        if let Some(why) = refused {
            check.errors.push(why_not(target, &why));
        } else if let Some(nodes) = &self.allowed_nodes
            && !nodes.iter().any(|node| node == target)
        {
            check.errors.push(format!(
                "'{target}' is not among the nodes that it may move to"
            ));
        }
        check.allowed = Some(check.errors.is_empty());
        check
    }
}

/// Proxmox names the storages that are missing there.
fn why_not(target: &str, why: &Value) -> String {
    let list = |name: &str| -> Vec<&str> {
        let all = why[name].as_array().into_iter().flatten();
        all.filter_map(Value::as_str).collect()
    };
    let storages = list("unavailable_storages");
    if !storages.is_empty() {
        return format!(
            "storage '{}' is not available on node '{target}'",
            storages.join("', '")
        );
    }
    let resources = list("unavailable-resources");
    if !resources.is_empty() {
        return format!(
            "'{}' is not mapped on node '{target}'",
            resources.join("', '")
        );
    }
    match why.as_str().filter(|why| !why.is_empty()) {
        Some(why) => why.to_owned(),
        None => format!("the server does not allow node '{target}'"),
    }
}
