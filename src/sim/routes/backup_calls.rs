//! `/backups/…` and `/vms/{vmId}/backup`: made, looked into, changed, verified, fetched, deleted.

use super::make_check::Checked;
use super::power::{answer, note};
use super::{Answer, Call, guard, object, vm};
use crate::domain::backup_notes::{Guest, LONGEST, fill};
use crate::domain::ids::VmId;
use crate::sim::http::{Body, Response};
use crate::sim::model::{Backup, Outcome, World};
use crate::sim::refusal::Refusal;
use crate::sim::work::{self, Asked, Plan};
use serde_json::{Map, Value};

const CREATE: [&str; 7] = [
    "storage",
    "mode",
    "compress",
    "notes",
    "protectBackup",
    "removeOlder",
    "notificationMode",
];
const MODES: [&str; 3] = ["snapshot", "suspend", "stop"];
const PACKED: [&str; 4] = ["zstd", "none", "lzo", "gzip"];

/// The backup of a storage and a file name without its folder.
fn named<'a>(world: &'a World, storage: &str, file: &str) -> Result<&'a Backup, Refusal> {
    world
        .backups
        .iter()
        .find(|backup| backup.storage() == storage && backup.file() == file)
        .ok_or_else(|| Refusal::missing(&format!("Backup '{file}' on '{storage}'")))
}

fn by_volid<'a>(world: &'a World, volid: &str) -> Result<&'a Backup, Refusal> {
    world
        .backup(volid)
        .ok_or_else(|| Refusal::missing(&format!("Backup '{volid}'")))
}

/// Writes the audit entry of what was done to a backup, and ties it to its task.
pub(super) fn told(
    world: &mut World,
    operation: &str,
    volid: &str,
    details: Map<String, Value>,
    result: &Result<Option<usize>, Refusal>,
) {
    let outcome = match result {
        Ok(_) => Outcome::Done,
        Err(refusal) => Outcome::Failed(refusal.message.clone()),
    };
    let entry = world.note(
        operation,
        ("BACKUP", volid.to_owned()),
        None,
        details,
        outcome,
    );
    if let Ok(Some(task)) = result
        && let Some(task) = world.tasks.get_mut(*task)
    {
        task.audit = Some(entry);
        if let Some(entry) = world.audit.get_mut(entry) {
            entry.task = Some(task.upid.clone());
            entry.node = Some(task.node.clone());
        }
    }
}

/// Safe mode looks at the VM that a backup is of.
pub(super) fn guarded(
    world: &World,
    backup: &Backup,
    what: &str,
    harsh: bool,
) -> Result<(), Refusal> {
    match backup.vmid {
        Some(vm) => guard(world, vm, what, harsh, false),
        None => Ok(()),
    }
}

/// One of a few words; the first where none is sent.
fn one_of(checked: &mut Checked<'_>, field: &str, words: &[&'static str]) -> &'static str {
    let text = checked.text(field);
    let usual = words.first().copied().unwrap_or_default();
    match words.iter().find(|word| **word == text) {
        Some(word) => word,
        None if text.is_empty() => usual,
        None => {
            checked.say(field, &format!("Must be one of {}", words.join(", ")));
            usual
        }
    }
}

/// A storage for backups that the node reaches. Whether it answers, only a task finds out.
fn backup_storage(checked: &mut Checked<'_>, name: &str, node: &str, world: &World) {
    let why = match world.storage(name) {
        _ if name.is_empty() => "Is required".to_owned(),
        None => format!("storage '{name}' does not exist"),
        Some(own) if !own.content.contains(&"backup") => {
            format!("storage '{name}' does not support backups")
        }
        Some(own) if !own.nodes.iter().any(|reached| &**reached == node) => {
            format!("storage '{name}' is not available on node '{node}'")
        }
        Some(_) => return,
    };
    checked.say("storage", &why);
}

fn asked(world: &World, id: &str, body: &Map<String, Value>) -> Result<Asked, Refusal> {
    let vm = vm(world, id)?;
    let mut checked = Checked::new(body, &CREATE);
    let storage = checked.text("storage");
    backup_storage(&mut checked, &storage, &vm.node, world);
    let mode = one_of(&mut checked, "mode", &MODES);
    let compress = one_of(&mut checked, "compress", &PACKED);
    one_of(&mut checked, "notificationMode", &["always", "failure"]);
    checked.whole("removeOlder", 0, 36_500);
    let guest = Guest {
        name: &vm.name,
        vm: VmId(vm.id),
        node: &vm.node,
        cluster: &world.cluster.name,
    };
    let notes = match fill(&checked.text("notes"), &guest) {
        Ok(notes) => Some(notes).filter(|notes| !notes.is_empty()),
        Err(why) => {
            checked.say("notes", &why);
            None
        }
    };
    let protected = checked.flag("protectBackup");
    checked.done("Invalid backup request")?;
    Ok(Asked {
        storage,
        mode,
        compress,
        notes,
        protected,
    })
}

/// `POST /vms/{vmId}/backup`.
pub fn create(call: &mut Call<'_>, id: &str) -> Answer {
    let body = object(call.body)?;
    let world = &mut *call.world;
    let asked = asked(world, id, &body)?;
    let found = vm(world, id)?;
    let (id, name, node) = (found.id, found.name.clone(), found.node.clone());
    // A guest that is stopped for it is interrupted.
    let harsh = asked.mode == "stop";
    let result =
        guard(world, id, "backup", harsh, false).and_then(|()| work::back_up(world, id, asked));
    note(world, id, "BACKUP_CREATE", false, &name, &node, &result);
    Ok(answer(world, &result?, "Backup started"))
}

/// `GET /backups/{storage}/{filename}/config`.
pub fn config(call: &Call<'_>, storage: &str, file: &str) -> Answer {
    Ok(Response::ok(
        &named(call.world, storage, file)?.guest.config,
    ))
}

/// `POST /backups/{volid}/protect`.
pub fn protect(call: &mut Call<'_>, volid: &str) -> Answer {
    let Some(protect) = call.query.flag("protect") else {
        return Err(Refusal::invalid(
            "Invalid query parameter",
            "protect",
            "Must be true or false",
        ));
    };
    let world = &mut *call.world;
    let allowed = guarded(world, by_volid(world, volid)?, "backup-protect", !protect);
    if allowed.is_ok() {
        world.change_backup(volid, |backup| backup.protected = protect);
    }
    let mut details = Map::new();
    details.insert("protected".into(), protect.into());
    let result = allowed.map(|()| None);
    told(world, "BACKUP_PROTECT", volid, details, &result);
    result.map(|_| Response::none())
}

/// `PUT /backups/{storage}/{filename}/notes`.
pub fn notes(call: &mut Call<'_>, storage: &str, file: &str) -> Answer {
    let body = object(call.body)?;
    let world = &mut *call.world;
    let backup = named(world, storage, file)?;
    let volid = backup.volid.clone();
    let mut checked = Checked::new(&body, &["notes"]);
    if body.get("notes").is_none_or(Value::is_null) {
        checked.say("notes", "Is required");
    }
    let notes = checked.text("notes");
    if notes.chars().count() > LONGEST {
        checked.say("notes", &format!("At most {LONGEST} characters"));
    }
    checked.done("Invalid notes")?;
    let result = guarded(world, backup, "backup-notes", false).map(|()| None);
    if result.is_ok() {
        world.change_backup(&volid, |backup| backup.notes = notes);
    }
    told(world, "BACKUP_NOTES", &volid, Map::new(), &result);
    result.map(|_| Response::none())
}

/// Does what starts a task on a backup, notes it and answers.
fn begun(
    world: &mut World,
    operation: &str,
    volid: &str,
    message: &str,
    begin: impl FnOnce(&mut World) -> Result<Plan, Refusal>,
) -> Answer {
    let result = begin(world);
    let task = result.as_ref().map(|plan| Some(plan.task));
    told(
        world,
        operation,
        volid,
        Map::new(),
        &task.map_err(Clone::clone),
    );
    Ok(answer(world, &result?, message))
}

/// `POST /backups/{storage}/{filename}/verify`.
pub fn verify(call: &mut Call<'_>, storage: &str, file: &str) -> Answer {
    let volid = named(call.world, storage, file)?.volid.clone();
    begun(
        call.world,
        "BACKUP_VERIFY",
        &volid,
        "Verification started",
        |world| work::verify(world, &volid),
    )
}

/// `DELETE /backups/{volid}`.
pub fn delete(call: &mut Call<'_>, volid: &str) -> Answer {
    let allowed = guarded(
        call.world,
        by_volid(call.world, volid)?,
        "backup-delete",
        true,
    );
    begun(
        call.world,
        "BACKUP_DELETE",
        volid,
        "Backup deletion started",
        |world| allowed.and_then(|()| work::delete_backup(world, volid)),
    )
}

/// `GET /backups/{storage}/{filename}/download`: an archive's head and the configuration in it.
/// The disks, which nothing here has, are left out.
pub fn download(call: &Call<'_>, storage: &str, file: &str) -> Answer {
    let backup = named(call.world, storage, file)?;
    let up = |own: &&crate::sim::model::Storage| own.active && own.enabled;
    if call.world.storage(storage).filter(up).is_none() {
        return Err(Refusal::new(
            503,
            "STORAGE_OFFLINE",
            format!("storage '{storage}' is not online"),
        ));
    }
    let mut body = String::from("VMA\n");
    for (key, value) in &backup.guest.config {
        let text = value
            .as_str()
            .map_or_else(|| value.to_string(), ToOwned::to_owned);
        body.push_str(&format!("{key}: {}\n", text.replace('\n', "%0A")));
    }
    // The name goes into a header: nothing there may end the quoted text.
    let name: String = file
        .rsplit('/')
        .next()
        .unwrap_or_default()
        .chars()
        .map(|letter| match letter {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '-' | '_' | '.' => letter,
            _ => '_',
        })
        .collect();
    Ok(Response {
        status: 200,
        headers: vec![
            ("Content-Type", "application/octet-stream".to_owned()),
            (
                "Content-Disposition",
                format!("attachment; filename=\"{name}\""),
            ),
        ],
        body: Body::Own(body),
        ..Response::none()
    })
}
