//! `/storage`.

use super::{Answer, Call};
use crate::domain::config;
use crate::domain::units::Instant;
use crate::sim::http::Response;
use crate::sim::model::Storage;
use crate::sim::refusal::Refusal;
use serde::Serialize;

pub fn list(call: &Call<'_>) -> Answer {
    let wanted = match call.query.get("enabled") {
        None => None,
        Some(_) => Some(call.query.flag("enabled").ok_or_else(|| {
            Refusal::invalid(
                "Invalid query parameter",
                "enabled",
                "Must be true or false",
            )
        })?),
    };
    let rows: Vec<&Storage> = call
        .world
        .storages
        .iter()
        .filter(|storage| wanted.is_none_or(|wanted| storage.enabled == wanted))
        .collect();
    Ok(Response::ok(&rows))
}

pub fn status(call: &Call<'_>, name: &str) -> Answer {
    call.world
        .storages
        .iter()
        .find(|storage| storage.storage == name)
        .map(|storage| Response::json(200, storage.status()))
        .ok_or_else(|| Refusal::missing(&format!("Storage '{name}'")))
}

#[derive(Serialize)]
struct Content {
    volid: String,
    name: String,
    size: u64,
    format: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    created_at: Option<String>,
    protected: bool,
    content_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    vmid: Option<u32>,
}

fn format_of(name: &str) -> String {
    name.rsplit_once('.')
        .map_or("raw", |(_, end)| end)
        .to_owned()
}

/// `/storage/{storage}/content`: files, disks of VMs, backups.
pub fn content(call: &Call<'_>, name: &str) -> Answer {
    let world = &*call.world;
    let storage = world
        .storages
        .iter()
        .find(|storage| storage.storage == name)
        .ok_or_else(|| Refusal::missing(&format!("Storage '{name}'")))?;
    if !storage.active {
        return Err(Refusal::new(
            503,
            "STORAGE_OFFLINE",
            format!("storage '{name}' is not online"),
        ));
    }
    let iso = |secs: i64| Instant::from_secs(secs).to_iso();
    let files = world.volumes.iter().filter(|file| file.storage == name);
    let mut rows: Vec<Content> = files
        .map(|file| Content {
            volid: file.volid(),
            name: file.name.to_owned(),
            size: file.size,
            format: format_of(file.name),
            created_at: Some(iso(file.ctime)),
            protected: false,
            content_type: file.content,
            vmid: None,
        })
        .collect();
    for vm in world.vms.values() {
        let disks = config::disks(&vm.config);
        let own = disks
            .iter()
            .filter(|disk| disk.is_owned() && disk.storage() == Some(name));
        rows.extend(own.filter_map(|disk| {
            Some(Content {
                volid: disk.volume()?.to_owned(),
                name: disk.name()?.to_owned(),
                size: disk.size().unwrap_or_default().0,
                format: "raw".to_owned(),
                created_at: None,
                protected: false,
                content_type: "images",
                vmid: Some(vm.id),
            })
        }));
    }
    let backups = world
        .backups
        .iter()
        .filter(|backup| backup.volid.split(':').next() == Some(name));
    rows.extend(backups.map(|backup| {
        Content {
            volid: backup.volid.clone(),
            name: backup
                .volid
                .rsplit('/')
                .next()
                .unwrap_or_default()
                .to_owned(),
            size: backup.size,
            format: backup.format.to_owned(),
            created_at: Some(iso(backup.ctime)),
            protected: backup.protected,
            content_type: "backup",
            vmid: backup.vmid,
        }
    }));
    if let Some(kind) = call.query.get("type") {
        rows.retain(|row| row.content_type == kind);
    }
    Ok(Response::ok(&rows))
}
