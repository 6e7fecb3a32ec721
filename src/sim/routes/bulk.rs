//! `/bulk/power/{action}`, `/bulk/operations`.

use super::{Answer, Call, guard, joined, object};
use crate::domain::vm_can::{self, PowerAction};
use crate::sim::bulk::{self, Manner};
use crate::sim::deed::Deed;
use crate::sim::http::Response;
use crate::sim::model::{Outcome, World};
use crate::sim::refusal::Refusal;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    vm_ids: Vec<u32>,
    #[serde(default)]
    force: bool,
    timeout: Option<u32>,
    parallel: Option<bool>,
    #[serde(default)]
    dry_run: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Affected<'a> {
    pub vm_id: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vm_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub current_snapshots: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proposed_name: Option<String>,
    pub would_succeed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DryRun<'a> {
    pub dry_run: bool,
    #[serde(rename = "affectedVMs")]
    pub affected: Vec<Affected<'a>>,
    pub estimated_duration: usize,
    pub warnings: Vec<String>,
}

fn read(call: &Call<'_>) -> Result<Body, Refusal> {
    let fields = object(call.body)?;
    let body: Body = serde_json::from_value(Value::Object(fields))
        .map_err(|error| Refusal::invalid("Invalid bulk request", "vmIds", &error.to_string()))?;
    if body.vm_ids.is_empty() {
        return Err(Refusal::invalid(
            "Invalid bulk request",
            "vmIds",
            "Must not be empty",
        ));
    }
    if body
        .timeout
        .is_some_and(|secs| !(30..=3600).contains(&secs))
    {
        return Err(Refusal::invalid(
            "Invalid bulk request",
            "timeout",
            "Must be between 30 and 3600",
        ));
    }
    Ok(body)
}

fn dry_run(world: &World, action: PowerAction, body: &Body) -> Response {
    let affected: Vec<Affected<'_>> = body
        .vm_ids
        .iter()
        .map(|id| {
            let vm = world.vms.get(id);
            let reason = match vm {
                None => Some(format!("VM {id} not found")),
                Some(vm) => guard(world, *id, action.as_str(), action.is_harsh(), body.force)
                    .err()
                    .map(|refusal| refusal.message)
                    .or_else(|| {
                        vm_can::power(&vm.facts(false), action)
                            .err()
                            .map(|reason| reason.0)
                    }),
            };
            Affected {
                vm_id: *id,
                vm_name: vm.map(|vm| vm.name.as_str()),
                current_snapshots: None,
                proposed_name: None,
                would_succeed: reason.is_none(),
                reason,
            }
        })
        .collect();
    let held = body
        .vm_ids
        .iter()
        .filter(|id| world.vms.get(id).is_some_and(|vm| vm.ha.is_some()))
        .count();
    let each = if action == PowerAction::Shutdown {
        10
    } else {
        3
    };
    Response::ok(&DryRun {
        dry_run: true,
        estimated_duration: if body.parallel.unwrap_or(true) {
            each
        } else {
            each * affected.len()
        },
        affected,
        warnings: if held > 0 {
            vec![format!("{held} of these VMs are managed by HA")]
        } else {
            Vec::new()
        },
    })
}

pub fn power(call: &mut Call<'_>, action: &str) -> Answer {
    let action = PowerAction::parse(action).ok_or_else(|| {
        Refusal::invalid(
            "Invalid action",
            "action",
            "Must be start, stop, shutdown, reboot, reset, suspend or resume",
        )
    })?;
    let body = read(call)?;
    let world = &mut *call.world;
    if body.dry_run {
        return Ok(dry_run(world, action, &body));
    }
    let mut details = Map::new();
    details.insert("action".into(), action.as_str().into());
    details.insert("vmCount".into(), body.vm_ids.len().into());
    details.insert("vmIds".into(), body.vm_ids.clone().into());
    let entry = world.note(
        "BULK_POWER",
        ("BULK", String::new()),
        None,
        details,
        Outcome::Done,
    );
    let vms: Vec<(u32, Option<Refusal>)> = body
        .vm_ids
        .iter()
        .map(|id| {
            let refused = guard(world, *id, action.as_str(), action.is_harsh(), body.force);
            (*id, refused.err())
        })
        .collect();
    let manner = Manner {
        parallel: body.parallel.unwrap_or(true),
        force: body.force,
        timeout: body.timeout,
    };
    let run = bulk::start(world, Deed::Power(action), &vms, manner, Some(entry));
    told(world, run, entry)
}

/// A run that has begun: its body, and its ID in the audit entry.
pub(super) fn told(world: &mut World, run: usize, entry: usize) -> Answer {
    let Some(run) = world.bulk.get(run) else {
        return Err(Refusal::missing("Operation"));
    };
    if let Some(entry) = world.audit.get_mut(entry) {
        entry.resource_id.clone_from(&run.id);
    }
    Ok(Response::json(200, run.body(&world.tasks, world.now)))
}

pub fn list(call: &Call<'_>) -> Response {
    let world = &*call.world;
    joined(
        world
            .bulk
            .iter()
            .rev()
            .map(|run| run.body(&world.tasks, world.now)),
    )
}

fn find(world: &World, id: &str) -> Result<usize, Refusal> {
    world
        .bulk
        .iter()
        .position(|run| run.id == id)
        .ok_or_else(|| Refusal::missing("Operation"))
}

pub fn get(call: &Call<'_>, id: &str) -> Answer {
    let world = &*call.world;
    let run = &world.bulk[find(world, id)?];
    Ok(Response::json(200, run.body(&world.tasks, world.now)))
}

pub fn cancel(call: &mut Call<'_>, id: &str) -> Answer {
    let world = &mut *call.world;
    let index = find(world, id)?;
    if world.bulk[index].over() {
        return Err(Refusal::conflict(
            "OPERATION_ENDED",
            "Operation has already ended",
        ));
    }
    bulk::cancel(world, index);
    world.note(
        "BULK_CANCEL",
        ("BULK", id.to_owned()),
        None,
        Map::new(),
        Outcome::Done,
    );
    Ok(Response::ok(
        &serde_json::json!({"message": "Operation cancelled"}),
    ))
}
