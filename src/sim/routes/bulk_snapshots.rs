//! `/bulk/snapshots`: a snapshot of many VMs, named by a pattern.

use super::bulk::{Affected, DryRun, told};
use super::snapshots::ttl;
use super::{Answer, Call, guard, object};
use crate::domain::snapshot::life::with_mark;
use crate::domain::snapshot::name::LONGEST;
use crate::sim::bulk::{self, Manner};
use crate::sim::deed::Deed;
use crate::sim::http::Response;
use crate::sim::model::{NewSnapshot, Outcome, World};
use crate::sim::refusal::Refusal;
use crate::sim::work;
use serde::Deserialize;
use serde_json::{Map, Value};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    vm_ids: Vec<u32>,
    snapshot_name: String,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    ttl_hours: Option<u32>,
    #[serde(default, rename = "includeVMState")]
    memory: bool,
    #[serde(default)]
    dry_run: bool,
    parallel: Option<bool>,
}

fn invalid(field: &str, why: &str) -> Refusal {
    Refusal::invalid("Invalid bulk request", field, why)
}

fn read(call: &Call<'_>) -> Result<(Body, NewSnapshot), Refusal> {
    let fields = object(call.body)?;
    let body: Body = serde_json::from_value(Value::Object(fields))
        .map_err(|error| invalid("vmIds", &error.to_string()))?;
    if body.vm_ids.is_empty() {
        return Err(invalid("vmIds", "Must not be empty"));
    }
    if body.snapshot_name.is_empty() || body.snapshot_name.chars().count() > LONGEST {
        return Err(invalid(
            "snapshotName",
            &format!("Must have 1 to {LONGEST} characters"),
        ));
    }
    let description = body.description.clone().unwrap_or_default();
    if description.chars().count() > 200 {
        return Err(invalid("description", "At most 200 characters"));
    }
    let new = NewSnapshot {
        name: body.snapshot_name.clone(),
        description: with_mark(&description, ttl(body.ttl_hours)?),
        vmstate: body.memory,
    };
    Ok((body, new))
}

/// What would become of one VM.
fn forecast<'a>(world: &'a World, id: u32, pattern: &str) -> Affected<'a> {
    let vm = world.vms.get(&id);
    let name = Deed::name_for(world, id, pattern);
    let refused = match (&name, vm) {
        (_, None) => Some(format!("VM {id} not found")),
        (Err(refusal), _) => Some(reason_in(refusal)),
        (Ok(name), Some(_)) => guard(world, id, "snapshot", false, false)
            .and_then(|()| work::may_create_snapshot(world, id, name))
            .err()
            .map(|refusal| reason_in(&refusal)),
    };
    Affected {
        vm_id: id,
        vm_name: vm.map(|vm| vm.name.as_str()),
        current_snapshots: vm.map(|vm| vm.snapshots.len()),
        proposed_name: name.ok(),
        would_succeed: refused.is_none(),
        reason: refused,
    }
}

/// A refusal in one line: what is wrong with a field says more than that something is.
fn reason_in(refusal: &Refusal) -> String {
    let field = ["name", "snapshotName"]
        .iter()
        .find_map(|field| refusal.details.get(*field)?.as_str());
    match field {
        Some(why) => format!("{}: {why}", refusal.message),
        None => refusal.message.clone(),
    }
}

/// `POST /bulk/snapshots`.
pub fn create(call: &mut Call<'_>) -> Answer {
    let (body, new) = read(call)?;
    let world = &mut *call.world;
    let parallel = body.parallel.unwrap_or(true);
    if body.dry_run {
        let affected: Vec<Affected<'_>> = body
            .vm_ids
            .iter()
            .map(|id| forecast(world, *id, &new.name))
            .collect();
        // As in the guide: a quarter of a minute for each.
        let all_at_once = body.parallel == Some(true);
        let estimated_duration = 15 * if all_at_once { 1 } else { affected.len() };
        return Ok(Response::ok(&DryRun {
            dry_run: true,
            estimated_duration,
            affected,
            warnings: Vec::new(),
        }));
    }
    let mut details = Map::new();
    details.insert("vmCount".into(), body.vm_ids.len().into());
    details.insert("snapshotName".into(), new.name.clone().into());
    let entry = world.note(
        "BULK_SNAPSHOT",
        ("BULK", String::new()),
        None,
        details,
        Outcome::Done,
    );
    let vms: Vec<(u32, Option<Refusal>)> = body
        .vm_ids
        .iter()
        .map(|id| (*id, guard(world, *id, "snapshot", false, false).err()))
        .collect();
    let manner = Manner {
        parallel,
        force: false,
        timeout: None,
    };
    let run = bulk::start(world, Deed::Snapshot(new), &vms, manner, Some(entry));
    told(world, run, entry)
}
