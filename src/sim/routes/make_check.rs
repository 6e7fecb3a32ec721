//! Checks of requests that make VMs, with what is wrong by field.

use super::networks::BRIDGES;
use crate::domain::names::host_name;
use crate::domain::tags;
use crate::sim::model::World;
use crate::sim::refusal::Refusal;
use serde_json::{Map, Value};

const BUSES: [(&str, u64); 4] = [("SCSI", 31), ("VIRTIO", 16), ("SATA", 6), ("IDE", 4)];
const MODELS: [&str; 4] = ["virtio", "e1000", "rtl8139", "vmxnet3"];

/// Reads a body, and gathers what is wrong with it.
pub struct Checked<'a> {
    pub body: &'a Map<String, Value>,
    wrong: Map<String, Value>,
}

impl<'a> Checked<'a> {
    pub fn new(body: &'a Map<String, Value>, known: &[&str]) -> Self {
        let mut own = Self {
            body,
            wrong: Map::new(),
        };
        for key in body.keys().filter(|key| !known.contains(&key.as_str())) {
            own.say(key, "Unrecognized field");
        }
        own
    }

    pub fn say(&mut self, field: &str, what: &str) {
        self.wrong
            .entry(field.to_owned())
            .or_insert_with(|| what.into());
    }

    pub fn text(&mut self, field: &str) -> String {
        match self.body.get(field) {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(text)) => text.clone(),
            Some(_) => {
                self.say(field, "Must be text");
                String::new()
            }
        }
    }

    pub fn flag(&mut self, field: &str) -> bool {
        match self.body.get(field) {
            None | Some(Value::Null) => false,
            Some(Value::Bool(flag)) => *flag,
            Some(_) => {
                self.say(field, "Must be true or false");
                false
            }
        }
    }

    pub fn whole(&mut self, field: &str, least: u64, most: u64) -> Option<u64> {
        let found = self.body.get(field).filter(|value| !value.is_null())?;
        let fits = found
            .as_u64()
            .filter(|number| (least..=most).contains(number));
        if fits.is_none() {
            self.say(field, &format!("Must be from {least} to {most}"));
        }
        fits
    }

    pub fn needed(&mut self, field: &str, least: u64, most: u64) -> u64 {
        if self.body.get(field).is_none_or(Value::is_null) {
            self.say(field, "Is required");
        }
        self.whole(field, least, most).unwrap_or(least)
    }

    pub fn name(&mut self, field: &str) -> String {
        let name = self.text(field);
        if let Err(why) = host_name(&name) {
            self.say(field, &why);
        }
        name
    }

    pub fn node(&mut self, field: &str, world: &World) -> String {
        let name = self.text(field);
        match world.node(&name) {
            None => self.say(field, "No such node"),
            Some(node) if !node.online() => self.say(field, "Node is offline"),
            Some(_) => {}
        }
        name
    }

    pub fn tags(&mut self, field: &str) -> Vec<String> {
        let tags: Vec<String> = match self.body.get(field) {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::String(text)) => text
                .split(',')
                .map(|tag| tag.trim().to_owned())
                .filter(|tag| !tag.is_empty())
                .collect(),
            Some(Value::Array(list)) => list
                .iter()
                .map(|tag| tag.as_str().unwrap_or_default().to_owned())
                .collect(),
            Some(_) => {
                self.say(field, "Must be a list of tags");
                Vec::new()
            }
        };
        if let Some(why) = tags.iter().find_map(|tag| tags::check(tag).err()) {
            self.say(field, &why);
        }
        tags
    }

    /// A storage for disks that the node reaches.
    pub fn storage(&mut self, field: &str, name: &str, node: &str, world: &World) {
        match world.storages.iter().find(|own| own.storage == name) {
            None => self.say(field, &format!("storage '{name}' does not exist")),
            Some(own) if !own.active || !own.enabled => {
                self.say(field, &format!("storage '{name}' is not available"));
            }
            Some(own) if !own.content.contains(&"images") => {
                self.say(
                    field,
                    &format!("storage '{name}' does not support VM images"),
                );
            }
            Some(own) if !own.nodes.iter().any(|reached| &**reached == node) => {
                self.say(
                    field,
                    &format!("storage '{name}' is not available on node '{node}'"),
                );
            }
            Some(_) => {}
        }
    }

    /// Disks as `scsi0` and `local-zfs:32,…`.
    pub fn disks(&mut self, node: &str, world: &World) -> Vec<(String, String)> {
        let list = match self.body.get("disks") {
            None | Some(Value::Null) => return Vec::new(),
            Some(Value::Array(list)) => list,
            Some(_) => {
                self.say("disks", "Must be a list");
                return Vec::new();
            }
        };
        let mut disks: Vec<(String, String)> = Vec::new();
        for disk in list {
            let text = |name: &str| disk[name].as_str().unwrap_or_default();
            let (bus, slot) = (text("interfaceType"), disk["slot"].as_u64());
            let most = BUSES
                .iter()
                .find(|(name, _)| *name == bus)
                .map(|(_, most)| *most);
            let (Some(most), Some(slot)) = (most, slot) else {
                self.say("disks", "Must name interfaceType and slot");
                continue;
            };
            let size = disk["sizeGB"]
                .as_u64()
                .filter(|size| (1..=65_536).contains(size));
            let Some(size) = size.filter(|_| slot < most) else {
                self.say("disks", "Slot or sizeGB is out of range");
                continue;
            };
            self.storage("storage", text("storage"), node, world);
            let key = format!("{}{slot}", bus.to_lowercase());
            if disks.iter().any(|(own, _)| *own == key) {
                self.say("disks", &format!("{key} is named twice"));
            }
            let mut volume = format!("{}:{size}", text("storage"));
            for (name, option) in [
                ("discard", "discard=on"),
                ("ssd", "ssd=1"),
                ("iothread", "iothread=1"),
            ] {
                if disk[name] == true {
                    volume.push_str(&format!(",{option}"));
                }
            }
            if disk["backup"] == false {
                volume.push_str(",backup=0");
            }
            if let Some(cache) = disk["cache"].as_str() {
                volume.push_str(&format!(",cache={}", cache.to_lowercase()));
            }
            disks.push((key, volume));
        }
        disks
    }

    /// Interfaces as option strings; `None` for the address means that one is made.
    pub fn networks(&mut self) -> Vec<(String, Option<String>, String)> {
        let list = match self.body.get("networks") {
            None | Some(Value::Null) => return Vec::new(),
            Some(Value::Array(list)) => list,
            Some(_) => {
                self.say("networks", "Must be a list");
                return Vec::new();
            }
        };
        if list.len() > 8 {
            self.say("networks", "At most 8");
        }
        let mut nics = Vec::new();
        for nic in list {
            let model = nic["model"].as_str().unwrap_or("virtio");
            let bridge = nic["bridge"].as_str().unwrap_or_default();
            if !MODELS.contains(&model) || !BRIDGES.iter().any(|(name, _)| *name == bridge) {
                self.say("networks", &format!("bridge '{bridge}' does not exist"));
            }
            let mut rest = format!("bridge={bridge}");
            match &nic["vlan"] {
                Value::Null => {}
                vlan if vlan.as_u64().is_some_and(|tag| (1..=4094).contains(&tag)) => {
                    rest.push_str(&format!(",tag={vlan}"));
                }
                _ => self.say("networks", "vlan must be from 1 to 4094"),
            }
            let mac = nic["macaddr"].as_str().map(ToOwned::to_owned);
            nics.push((model.to_owned(), mac, rest));
        }
        nics
    }

    /// # Errors
    /// 400 with everything that is wrong, by field.
    pub fn done(self, message: &str) -> Result<(), Refusal> {
        if self.wrong.is_empty() {
            return Ok(());
        }
        Err(Refusal {
            details: self.wrong,
            ..Refusal::new(400, "VALIDATION_ERROR", message)
        })
    }
}
