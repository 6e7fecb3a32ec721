//! Power actions and deletion of one VM.

use super::{Answer, Call, Started, guard, vm};
use crate::domain::vm_can::PowerAction;
use crate::sim::http::Response;
use crate::sim::model::{Outcome, World};
use crate::sim::refusal::Refusal;
use crate::sim::work::{self, Plan};
use serde_json::Map;

/// Writes the audit entry of an attempt, and ties it to its task.
pub(super) fn note(
    world: &mut World,
    id: u32,
    operation: &str,
    force: bool,
    name: &str,
    node: &str,
    result: &Result<Plan, Refusal>,
) {
    let mut details = Map::new();
    details.insert("vmName".into(), name.into());
    if force {
        details.insert("force".into(), true.into());
    }
    let outcome = match result {
        Ok(_) => Outcome::Done,
        Err(refusal) => Outcome::Failed(refusal.message.clone()),
    };
    let entry = world.note(
        operation,
        ("VM", id.to_string()),
        Some(node),
        details,
        outcome,
    );
    if let Ok(plan) = result
        && let Some(task) = world.tasks.get_mut(plan.task)
    {
        task.audit = Some(entry);
        if let Some(entry) = world.audit.get_mut(entry) {
            entry.task = Some(task.upid.clone());
        }
    }
}

pub(super) fn answer(world: &World, plan: &Plan, message: &str) -> Response {
    Response::with(
        202,
        &Started {
            task: world.tasks.get(plan.task).map(|task| task.upid.as_str()),
            message,
            estimated_duration: Some(plan.seconds),
        },
    )
}

const fn started(action: PowerAction) -> &'static str {
    match action {
        PowerAction::Start => "VM start initiated",
        PowerAction::Stop => "VM stop initiated",
        PowerAction::Shutdown => "VM shutdown initiated",
        PowerAction::Reboot => "VM reboot initiated",
        PowerAction::Reset => "VM reset initiated",
        PowerAction::Suspend => "VM suspend initiated",
        PowerAction::Resume => "VM resume initiated",
    }
}

/// `POST /vms/{vmId}/{action}`; `None` where the last word is no power action.
pub fn act(call: &mut Call<'_>, id: &str, action: &str) -> Option<Answer> {
    let action = PowerAction::parse(action)?;
    Some(power(call, id, action))
}

fn power(call: &mut Call<'_>, id: &str, action: PowerAction) -> Answer {
    let force = call.query.flag("force").unwrap_or_default();
    let world = &mut *call.world;
    let found = vm(world, id)?;
    let (id, name, node) = (found.id, found.name.clone(), found.node.clone());
    let result = guard(world, id, action.as_str(), action.is_harsh(), force)
        .and_then(|()| work::power(world, id, action));
    let operation = format!("VM_{}", action.as_str().to_uppercase());
    note(world, id, &operation, force, &name, &node, &result);
    result.map(|plan| answer(world, &plan, started(action)))
}

/// `DELETE /vms/{vmId}`.
pub fn delete(call: &mut Call<'_>, id: &str) -> Answer {
    let force = call.query.flag("force").unwrap_or_default();
    let world = &mut *call.world;
    let found = vm(world, id)?;
    let (id, name, node) = (found.id, found.name.clone(), found.node.clone());
    let result = guard(world, id, "delete", true, force).and_then(|()| work::delete(world, id));
    note(world, id, "VM_DELETE", force, &name, &node, &result);
    result.map(|plan| answer(world, &plan, "VM deletion started"))
}
