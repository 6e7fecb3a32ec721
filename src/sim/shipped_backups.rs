//! Backups as the shipped server shows them.

use super::http::Response;
use super::model::{Backup, World};
use super::routes::{self, Answer, Call};
use crate::domain::units::{Bytes, Instant};
use serde_json::{Value, json};

/// Its row: other names, times as text, no format.
fn row(world: &World, backup: &Backup) -> Value {
    let vm = backup.vmid.unwrap_or_default();
    let node = world.vms.get(&vm).map(|vm| vm.node.to_string());
    let first = || {
        let storage = world.storage(backup.storage())?;
        storage.nodes.first().map(ToString::to_string)
    };
    let packed = match backup.format.rsplit('.').next() {
        Some("zst") => Some("zstd"),
        Some("gz") => Some("gzip"),
        Some("lzo") => Some("lzo"),
        _ => None,
    };
    let mut row = json!({
        "volid": backup.volid,
        "filename": backup.file(),
        "size": backup.size,
        "createdAt": Instant::from_secs(backup.ctime).to_iso(),
        "notes": backup.notes,
        "protected": backup.protected,
        "vmId": vm,
        "node": node.or_else(first).unwrap_or_default(),
        "encrypted": false,
        "verifyState": backup.verification.as_ref().map_or("none", |known| known.state),
        "storage": backup.storage(),
        "sizeHuman": Bytes(backup.size).to_string().replace('\u{2009}', " "),
    });
    if let Some(packed) = packed {
        row["compression"] = packed.into();
    }
    row
}

/// All, or those of one VM.
pub fn list(call: &Call<'_>, vm: Option<&str>) -> Answer {
    let vm = match vm {
        Some(id) => Some(routes::vm(call.world, id)?.id),
        None => None,
    };
    let rows: Vec<Value> = call
        .world
        .backups
        .iter()
        .filter(|backup| vm.is_none_or(|vm| backup.vmid == Some(vm)))
        .map(|backup| row(call.world, backup))
        .collect();
    Ok(Response::ok(&rows))
}
