//! The requests that make a VM, in their order.

use super::address::{IpConfig, name_servers};
use super::draft::{Addressing, DiskDraft, Draft, NicDraft, Source};
use super::keys::public_keys;
use super::restore::Restore;
use crate::domain::ids::VmId;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// One request, with its body as the contract has it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Request {
    /// A new VM (contract: `createVm`).
    Create(Value),
    /// A new VM from an image (contract: `createCloudInitVm`).
    CloudInit(Value),
    /// A copy of a VM (contract: `cloneVm`).
    Clone(VmId, Value),
    /// What the call before has no field for (contract: `updateVmConfig`).
    Configure(VmId, Value),
    /// Power on (contract: `startVm`).
    Start(VmId),
    /// A VM from a backup (contract: `restoreBackup`). Its body is the call's to build: contracts
    /// differ in it.
    Restore(Box<Restore>),
}

/// All of them: nothing is sent before the one before it is done.
pub type Requests = Vec<Request>;

/// Whole numbers are sent as numbers; what is none was refused before.
pub(super) fn whole(text: &str) -> u64 {
    text.trim().parse().unwrap_or_default()
}

/// Leaves out what is empty.
pub(super) fn put(body: &mut Map<String, Value>, key: &str, value: &str) {
    if !value.trim().is_empty() {
        body.insert(key.to_owned(), value.trim().into());
    }
}

impl DiskDraft {
    /// For the call that makes the VM.
    fn body(&self, slot: usize) -> Value {
        let mut body = json!({
            "interfaceType": self.bus.to_uppercase(),
            "slot": slot,
            "storage": self.storage,
            "sizeGB": whole(&self.size),
            "discard": self.discard,
            "backup": self.backup,
        });
        // The virtio bus has no such thing.
        if self.bus != "virtio" {
            body["ssd"] = self.ssd.into();
        }
        if matches!(self.bus.as_str(), "scsi" | "virtio") {
            body["iothread"] = true.into();
        }
        if !self.cache.is_empty() {
            body["cache"] = self.cache.to_uppercase().into();
        }
        body
    }

    /// As Proxmox's option string, which makes a new volume: `local-zfs:32,discard=on`.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = format!("{}:{}", self.storage, whole(&self.size));
        let mut add = |on: bool, option: &str| {
            if on {
                text.push(',');
                text.push_str(option);
            }
        };
        add(self.discard, "discard=on");
        add(self.ssd && self.bus != "virtio", "ssd=1");
        add(matches!(self.bus.as_str(), "scsi" | "virtio"), "iothread=1");
        add(!self.backup, "backup=0");
        if !self.cache.is_empty() {
            add(true, &format!("cache={}", self.cache));
        }
        text
    }
}

impl NicDraft {
    fn body(&self) -> Value {
        let mut body = json!({"model": self.model, "bridge": self.bridge});
        if !self.vlan.trim().is_empty() {
            body["vlan"] = whole(&self.vlan).into();
        }
        if !self.mac.trim().is_empty() {
            body["macaddr"] = self.mac.trim().to_uppercase().into();
        }
        body
    }

    /// What cloud-init is told of its addresses; empty: nothing.
    #[must_use]
    pub fn ip_config(&self) -> String {
        let side = |mode: Addressing, address: &str| match mode {
            Addressing::None => String::new(),
            Addressing::Static => address.trim().to_owned(),
            other => other.as_str().to_owned(),
        };
        let gateway = |mode, gateway: &str| match mode {
            Addressing::Static => gateway.trim().to_owned(),
            _ => String::new(),
        };
        IpConfig::default()
            .with("ip", &side(self.ip4, &self.address4))
            .with("gw", &gateway(self.ip4, &self.gateway4))
            .with("ip6", &side(self.ip6, &self.address6))
            .with("gw6", &gateway(self.ip6, &self.gateway6))
            .print()
    }
}

impl Draft {
    /// The number that is typed; 0 where it is none.
    #[must_use]
    pub fn vm(&self) -> VmId {
        VmId(self.id.trim().parse().unwrap_or_default())
    }

    /// What is sent, in order.
    #[must_use]
    pub fn requests(&self) -> Requests {
        let vm = self.vm();
        let mut requests = vec![match self.source {
            Source::Image => Request::CloudInit(self.image_body()),
            Source::Iso | Source::Empty => Request::Create(self.body()),
        }];
        requests.push(Request::Configure(vm, self.config()));
        if self.start {
            requests.push(Request::Start(vm));
        }
        requests
    }

    fn firmware(&self) -> Value {
        let mut firmware = json!({
            "type": if self.uefi { "UEFI" } else { "SEABIOS" },
            "machine": if self.q35 { "Q35" } else { "PC" },
        });
        if self.uefi {
            firmware["efidisk"] = json!({
                "storage": self.efi_storage,
                "efitype": "LARGE",
                "preEnrolledKeys": self.secure_boot,
            });
            firmware["secureboot"] = self.secure_boot.into();
        }
        firmware
    }

    fn body(&self) -> Value {
        let mut body = Map::new();
        body.insert("vmId".into(), self.vm().0.into());
        put(&mut body, "name", &self.name);
        put(&mut body, "node", &self.node);
        body.insert("cores".into(), whole(&self.cores).into());
        body.insert("memoryMB".into(), whole(&self.memory).into());
        put(&mut body, "cpuType", &self.cpu);
        body.insert("firmware".into(), self.firmware());
        body.insert("scsihw".into(), "virtio-scsi-single".into());
        let disks = self.disks.iter().enumerate();
        let disks: Vec<Value> = disks.map(|(at, disk)| disk.body(self.slot(at))).collect();
        body.insert("disks".into(), disks.into());
        let nics: Vec<Value> = self.nics.iter().map(NicDraft::body).collect();
        body.insert("networks".into(), nics.into());
        body.insert("startOnBoot".into(), self.onboot.into());
        put(&mut body, "pool", &self.pool);
        if !self.tags.is_empty() {
            body.insert("tags".into(), self.tags.clone().into());
        }
        body.into()
    }

    fn image_body(&self) -> Value {
        let mut body = Map::new();
        body.insert("vmid".into(), self.vm().0.into());
        put(&mut body, "name", &self.name);
        put(&mut body, "node", &self.node);
        body.insert("cores".into(), whole(&self.cores).into());
        body.insert("memoryMB".into(), whole(&self.memory).into());
        put(&mut body, "cpuType", &self.cpu);
        put(&mut body, "imageSource", &self.image);
        if let Some(disk) = self.disks.first() {
            put(&mut body, "targetStorage", &disk.storage);
            body.insert("diskSizeGB".into(), whole(&disk.size).into());
            let mut options = json!({"ssd": disk.ssd, "discard": disk.discard, "iothread": true});
            if !disk.cache.is_empty() {
                options["cache"] = disk.cache.as_str().into();
            }
            body.insert("diskOptions".into(), options);
        }
        put(&mut body, "cloudInitUser", &self.user);
        let keys = public_keys(&self.keys).unwrap_or_default().join("\n");
        put(&mut body, "sshKeys", &keys);
        let nics: Vec<Value> = self.nics.iter().map(NicDraft::body).collect();
        body.insert("networks".into(), nics.into());
        let addresses: Vec<Value> = self.nics.iter().map(|nic| nic.ip_config().into()).collect();
        body.insert("ipConfigs".into(), addresses.into());
        put(&mut body, "searchDomain", &self.search);
        put(
            &mut body,
            "nameservers",
            &name_servers(&self.dns).unwrap_or_default(),
        );
        body.insert("qemuAgent".into(), self.agent.into());
        put(&mut body, "tags", &self.tags.join(","));
        body.insert("firmware".into(), self.firmware());
        body.insert("scsihw".into(), "virtio-scsi-single".into());
        body.into()
    }

    /// What the call that makes the VM has no field for.
    fn config(&self) -> Value {
        let mut config = Map::new();
        put(&mut config, "ostype", &self.ostype);
        if self.source == Source::Image {
            if self.onboot {
                config.insert("onboot".into(), 1.into());
            }
            for (at, disk) in self.disks.iter().enumerate().skip(1) {
                config.insert(self.key(at), disk.text().into());
            }
            if !self.user_data.is_empty() {
                config.insert("cicustom".into(), format!("user={}", self.user_data).into());
            }
        } else {
            config.insert("agent".into(), u8::from(self.agent).into());
            if self.source == Source::Iso {
                config.insert("ide2".into(), format!("{},media=cdrom", self.iso).into());
            }
            config.insert("boot".into(), self.boot().into());
        }
        config.into()
    }
}
