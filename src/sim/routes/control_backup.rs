//! Backups changed, added and lost behind the console's back, for tests.

use crate::sim::model::{Backup, Kept, Verification, World};
use serde_json::{Map, Value};

fn set(backup: &mut Backup, field: &str, value: &Value) -> Result<(), String> {
    let flag = || {
        value
            .as_bool()
            .ok_or_else(|| format!("{value}: true or false expected"))
    };
    match field {
        "damaged" => backup.damaged = flag()?,
        "protected" => backup.protected = flag()?,
        "notes" => value
            .as_str()
            .ok_or_else(|| format!("{value}: text expected"))?
            .clone_into(&mut backup.notes),
        "ctime" => {
            backup.ctime = value
                .as_i64()
                .ok_or_else(|| format!("{value}: epoch seconds expected"))?;
        }
        "size" => {
            backup.size = value
                .as_u64()
                .ok_or_else(|| format!("{value}: a whole number expected"))?;
        }
        "verification" => {
            backup.verification = value["state"].as_str().map(|state| Verification {
                state: if state == "failed" { "failed" } else { "ok" },
                upid: value["upid"].as_str().unwrap_or_default().to_owned(),
                last_verified: value["lastVerified"].as_i64(),
            });
        }
        "config" => {
            let fields = value
                .as_object()
                .ok_or_else(|| format!("{value}: an object expected"))?;
            let mut kept = (*backup.guest).clone();
            for (key, value) in fields {
                if value.is_null() {
                    kept.config.remove(key);
                } else {
                    kept.config.insert(key.clone(), value.clone());
                }
            }
            backup.guest = kept.into();
        }
        "vmid" => {}
        other => return Err(format!("{other}: no such field of a backup")),
    }
    Ok(())
}

/// Changes fields of a backup. One that is not there is added where `vmid` says of which VM; one
/// with `"gone": true` is lost, as if somebody had deleted its file.
///
/// # Errors
/// What is not there, or cannot be read.
pub fn patch(world: &mut World, volid: &str, fields: &Map<String, Value>) -> Result<(), String> {
    if fields.get("gone").is_some_and(|gone| *gone == true) {
        let vm = world.backup(volid).and_then(|backup| backup.vmid);
        world.backups.retain(|backup| backup.volid != volid);
        world.backups_changed(vm);
        return Ok(());
    }
    let new = world.backup(volid).is_none();
    if new {
        let vm = fields
            .get("vmid")
            .and_then(Value::as_u64)
            .and_then(|vm| u32::try_from(vm).ok())
            .ok_or_else(|| format!("Backup {volid} not found, and no vmid to add it for"))?;
        world.backups.push(Backup {
            volid: volid.to_owned(),
            content: "backup",
            ctime: world.instant().secs(),
            format: "vma.zst",
            size: 1 << 30,
            vmid: Some(vm),
            guest: world.vms.get(&vm).map(Kept::of).unwrap_or_default(),
            ..Backup::default()
        });
    }
    world
        .change_backup(volid, |backup| {
            fields
                .iter()
                .try_for_each(|(field, value)| set(backup, field, value))
        })
        .unwrap_or_else(|| Err(format!("Backup {volid} not found")))
}
