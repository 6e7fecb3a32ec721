//! `/vms/{vmId}/snapshots`: taking, deleting, going back.

use super::power::{answer, note};
use super::{Answer, Call, Started, guard, object, vm};
use crate::domain::snapshot::Ttl;
use crate::domain::snapshot::life::{LONGEST, with_mark};
use crate::sim::http::Response;
use crate::sim::model::{NewSnapshot, World};
use crate::sim::refusal::Refusal;
use crate::sim::work::{self, Plan};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    name: String,
    #[serde(default)]
    description: Option<String>,
    #[serde(default, rename = "includeVMState", alias = "includeVmState")]
    memory: bool,
    #[serde(default)]
    ttl_hours: Option<u32>,
}

/// A lifetime within what the contract takes.
///
/// # Errors
/// One beyond.
pub(super) fn ttl(hours: Option<u32>) -> Result<Option<Ttl>, Refusal> {
    match hours {
        None => Ok(None),
        Some(hours) if (1..=LONGEST).contains(&hours) => Ok(Ttl::read(hours)),
        Some(_) => Err(Refusal::invalid(
            "Invalid snapshot request",
            "ttlHours",
            &format!("Must be between 1 and {LONGEST}"),
        )),
    }
}

fn read(call: &Call<'_>) -> Result<NewSnapshot, Refusal> {
    let invalid = |field: &str, why: &str| Refusal::invalid("Invalid snapshot request", field, why);
    let fields = object(call.body)?;
    let body: Body = serde_json::from_value(Value::Object(fields))
        .map_err(|error| invalid("name", &error.to_string()))?;
    let description = body.description.unwrap_or_default();
    if description.chars().count() > 1024 {
        return Err(invalid("description", "At most 1024 characters"));
    }
    let ttl = ttl(body.ttl_hours)?;
    Ok(NewSnapshot {
        name: body.name,
        // The guide's list has the lifetime there.
        description: with_mark(&description, ttl),
        vmstate: body.memory,
    })
}

fn carry_out(
    call: &mut Call<'_>,
    id: &str,
    what: (&str, &str, bool),
    work: impl FnOnce(&mut World, u32) -> Result<Plan, Refusal>,
) -> Result<Plan, Refusal> {
    let (operation, word, harsh) = what;
    let world = &mut *call.world;
    let found = vm(world, id)?;
    let (id, name, node) = (found.id, found.name.clone(), found.node.clone());
    let result = guard(world, id, word, harsh, false).and_then(|()| work(world, id));
    note(world, id, operation, false, &name, &node, &result);
    result
}

/// `POST /vms/{vmId}/snapshots`.
pub fn create(call: &mut Call<'_>, id: &str) -> Answer {
    vm(call.world, id)?;
    let new = read(call)?;
    let plan = carry_out(
        call,
        id,
        ("SNAPSHOT_CREATE", "snapshot", false),
        |world, id| work::create_snapshot(world, id, new),
    )?;
    // The guide answers this one with 200.
    Ok(Response::ok(&Started {
        task: call.world.tasks.get(plan.task).map(|task| &*task.upid),
        message: "Snapshot creation started",
        estimated_duration: Some(plan.seconds),
    }))
}

/// `DELETE /vms/{vmId}/snapshots/{snapshotName}`.
pub fn delete(call: &mut Call<'_>, id: &str, name: &str) -> Answer {
    let plan = carry_out(
        call,
        id,
        ("SNAPSHOT_DELETE", "snapshot-delete", true),
        |world, id| work::delete_snapshot(world, id, name),
    )?;
    Ok(answer(call.world, &plan, "Snapshot deletion started"))
}

/// `POST /vms/{vmId}/snapshots/{snapshotName}/rollback`.
pub fn roll_back(call: &mut Call<'_>, id: &str, name: &str) -> Answer {
    let plan = carry_out(
        call,
        id,
        ("SNAPSHOT_ROLLBACK", "rollback", true),
        |world, id| work::roll_back(world, id, name),
    )?;
    Ok(answer(call.world, &plan, "Rollback started"))
}
