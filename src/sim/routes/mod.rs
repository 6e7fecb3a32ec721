//! The operations of the contract, one file per resource.

mod audit;
mod backup_calls;
mod backups;
mod bulk;
mod bulk_snapshots;
mod cluster;
mod config;
mod config_check;
mod console;
mod control;
mod control_backup;
mod control_task;
mod copy;
mod hostile;
mod make;
mod make_check;
mod metrics;
pub(super) mod migrate;
mod networks;
mod nodes;
mod power;
mod restore;
mod retention;
mod snapshots;
mod storage;
mod tags;
mod tasks;
mod vm_detail;
mod vms;

use super::contract;
use super::http::{Query, Request, Response, decode};
use super::model::{Vm, World};
use super::refusal::Refusal;
use super::shipped;
use serde::Serialize;
use serde_json::Value;

pub(super) use console::{shipped as shipped_console, shipped_websocket};
pub use control::patch;
pub use control_task::task;
pub use hostile::make_hostile;
pub(super) use power::act;
pub(super) use tasks::select as select_tasks;
pub(super) use vm_detail::plain_snapshots as snapshots_of;
pub(super) use vms::select as select_vms;

/// What an operation answers.
pub type Answer = Result<Response, Refusal>;

/// A call under way.
pub(super) struct Call<'a> {
    pub world: &'a mut World,
    pub query: Query,
    pub body: &'a str,
}

/// Finds the operation and carries it out.
pub fn answer(world: &mut World, request: &Request) -> Answer {
    let path = request.path();
    let unknown = || Refusal::new(404, "NOT_FOUND", format!("No such path: {path}"));
    if path == "/openapi" && request.method == "GET" {
        return Ok(shipped::openapi(world.settings.shipped));
    }
    let rest = path
        .strip_prefix("/api/v1/")
        .map(|rest| rest.strip_suffix('/').unwrap_or(rest))
        .ok_or_else(unknown)?;
    let decoded: Vec<_> = rest.split('/').map(decode).collect();
    let segments: Vec<&str> = decoded.iter().map(AsRef::as_ref).collect();
    let shipped = world.settings.shipped;
    let mut call = Call {
        world,
        query: request.query(),
        body: &request.body,
    };
    let found = if shipped {
        shipped::dispatch(&mut call, &request.method, &segments)
    } else {
        dispatch(&mut call, &request.method, &segments)
    };
    if let Some(answer) = found {
        return answer;
    }
    let methods = contract::methods(&segments)
        .filter(|_| !shipped)
        .ok_or_else(unknown)?;
    if methods.contains(&request.method.as_str()) {
        Err(Refusal::new(
            501,
            "NOT_IMPLEMENTED",
            format!("{} {path} is not simulated", request.method),
        ))
    } else {
        Err(Refusal::new(
            405,
            "METHOD_NOT_ALLOWED",
            format!(
                "{} is not allowed here; allowed: {}",
                request.method,
                methods.join(", ")
            ),
        ))
    }
}

/// `None`: not simulated.
pub(super) fn dispatch(call: &mut Call<'_>, method: &str, path: &[&str]) -> Option<Answer> {
    Some(match (method, path) {
        ("GET", ["info"]) => Ok(cluster::info(call)),
        ("GET", ["cluster", "status"]) => Ok(cluster::status(call)),
        ("GET", ["cluster", "resources"]) => cluster::resources(call),
        ("GET", ["tasks"]) => tasks::list(call),
        ("GET", ["tasks", upid]) => tasks::get(call, upid),
        ("DELETE", ["tasks", upid]) => tasks::stop(call, upid),
        ("GET", ["tasks", upid, "log"]) => tasks::log(call, upid),
        ("GET", ["vms"]) => vms::list(call),
        ("POST", ["vms"]) => make::create(call),
        ("POST", ["vms", "cloud-init"]) => make::cloud_init(call),
        ("POST", ["vms", id, "clone"]) => copy::clone(call, id),
        ("GET", ["vms", id]) => vms::get(call, id),
        ("DELETE", ["vms", id]) => power::delete(call, id),
        ("GET", ["vms", id, "detail"]) => vm_detail::detail(call, id),
        ("GET", ["vms", id, "status"]) => vm_detail::status(call, id),
        ("GET", ["vms", id, "metrics"]) => metrics::of_vm(call, id),
        ("GET", ["vms", id, "agent", "interfaces"]) => vm_detail::interfaces(call, id),
        ("GET", ["vms", id, "snapshots"]) => vm_detail::snapshots(call, id),
        ("GET", ["vms", id, "backups"]) => backups::of_vm(call, id),
        ("GET", ["vms", id, "pending"]) => config::pending(call, id),
        ("GET", ["vms", id, "config"]) => config::get(call, id),
        ("PUT", ["vms", id, "config"]) => config::put(call, id),
        ("GET", ["vms", id, "console"]) => console::of_vm(call, id),
        ("GET", ["vms", id, "console", "websocket"]) => console::websocket(call, id),
        ("GET", ["vms", id, "console", "spice"]) => console::spice(call, id),
        ("GET", ["nodes", node, "console"]) => console::of_node(call, node),
        ("GET", ["vms", id, "tags"]) => tags::of_vm(call, id),
        ("POST", ["vms", id, "tags"]) => tags::add(call, id),
        ("DELETE", ["vms", id, "tags", tag]) => tags::remove(call, id, tag),
        ("GET", ["tags"]) => Ok(tags::list(call)),
        ("GET", ["tags", tag, "vms"]) => Ok(tags::vms(call, tag)),
        ("GET", ["backups"]) => backups::list(call),
        ("GET", ["backups", "health"]) => backups::health(call),
        ("GET", ["backups", "retention"]) => retention::get(call),
        ("PUT", ["backups", "retention"]) => retention::put(call),
        ("GET", ["backups", "retention-candidates"]) => retention::candidates(call),
        ("POST", ["backups", "cleanup"]) => retention::cleanup(call),
        ("POST", ["backups", "restore"]) => restore::restore(call),
        ("POST", ["vms", id, "backup"]) => backup_calls::create(call, id),
        ("DELETE", ["backups", volid]) => backup_calls::delete(call, volid),
        ("POST", ["backups", volid, "protect"]) => backup_calls::protect(call, volid),
        ("GET", ["backups", storage, file, "config"]) => backup_calls::config(call, storage, file),
        ("PUT", ["backups", storage, file, "notes"]) => backup_calls::notes(call, storage, file),
        ("POST", ["backups", storage, file, "verify"]) => backup_calls::verify(call, storage, file),
        ("GET", ["backups", storage, file, "download"]) => {
            backup_calls::download(call, storage, file)
        }
        ("GET", ["nodes"]) => Ok(nodes::list(call)),
        ("GET", ["nodes", node]) => nodes::get(call, node),
        ("GET", ["nodes", node, "status"]) => nodes::status(call, node),
        ("GET", ["nodes", node, "services"]) => nodes::services(call, node),
        ("GET", ["nodes", node, "metrics"]) => metrics::of_node(call, node),
        ("GET", ["storage"]) => storage::list(call),
        ("GET", ["storage", storage, "status"]) => storage::status(call, storage),
        ("GET", ["storage", storage, "content"]) => storage::content(call, storage),
        ("GET", ["networks"]) => networks::list(call),
        ("POST", ["bulk", "power", action]) => bulk::power(call, action),
        ("POST", ["bulk", "snapshots"]) => bulk_snapshots::create(call),
        ("GET", ["bulk", "operations"]) => Ok(bulk::list(call)),
        ("GET", ["bulk", "operations", id]) => bulk::get(call, id),
        ("POST", ["bulk", "operations", id, "cancel"]) => bulk::cancel(call, id),
        ("GET", ["admin", "audit"]) => audit::list(call),
        ("POST", ["vms", id, "snapshots"]) => snapshots::create(call, id),
        ("DELETE", ["vms", id, "snapshots", name]) => snapshots::delete(call, id, name),
        ("POST", ["vms", id, "snapshots", name, "rollback"]) => {
            snapshots::roll_back(call, id, name)
        }
        ("GET", ["vms", id, "migrate", "check"]) => migrate::check(call, id),
        ("GET", ["vms", id, "migrate", "status"]) => migrate::status(call, id),
        ("POST", ["vms", id, "migrate"]) => migrate::start(call, id),
        ("DELETE", ["vms", id, "migrate"]) => migrate::abort(call, id),
        ("POST", ["vms", id, action]) => act(call, id, action)?,
        _ => return None,
    })
}

/// Answer to every call that starts a task.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Started<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task: Option<&'a str>,
    pub message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub estimated_duration: Option<u32>,
}

/// A number in the path.
pub(super) fn vm_id(text: &str) -> Result<u32, Refusal> {
    text.parse()
        .map_err(|_| Refusal::invalid("Invalid VM ID", "vmId", "Must be a number"))
}

/// A VM that is there.
pub(super) fn vm<'a>(world: &'a World, id: &str) -> Result<&'a Vm, Refusal> {
    let id = vm_id(id)?;
    world
        .vms
        .get(&id)
        .ok_or_else(|| Refusal::missing(&format!("VM {id}")))
}

/// The same, to be changed.
pub(super) fn vm_mut<'a>(world: &'a mut World, id: &str) -> Result<&'a mut Vm, Refusal> {
    let id = vm_id(id)?;
    world
        .vms
        .get_mut(&id)
        .ok_or_else(|| Refusal::missing(&format!("VM {id}")))
}

/// A whole number of the query.
pub(super) fn number(query: &Query, name: &str, least: usize) -> Result<Option<usize>, Refusal> {
    let Some(text) = query.get(name) else {
        return Ok(None);
    };
    match text.parse::<usize>() {
        Ok(number) if number >= least => Ok(Some(number)),
        _ => Err(Refusal::invalid(
            "Invalid query parameter",
            name,
            &format!("Must be a whole number of at least {least}"),
        )),
    }
}

/// The body as a JSON object.
pub(super) fn object(body: &str) -> Result<serde_json::Map<String, Value>, Refusal> {
    match serde_json::from_str(body) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(_) => Err(Refusal::new(
            400,
            "VALIDATION_ERROR",
            "The body must be a JSON object",
        )),
        Err(error) => Err(Refusal::new(
            400,
            "VALIDATION_ERROR",
            format!("The body is no JSON: {error}"),
        )),
    }
}

/// Joins JSON texts to a list.
pub(super) fn joined<T: AsRef<str>>(rows: impl IntoIterator<Item = T>) -> Response {
    let mut body = String::from("[");
    for row in rows {
        if body.len() > 1 {
            body.push(',');
        }
        body.push_str(row.as_ref());
    }
    body.push(']');
    Response::json(200, body)
}

/// Safe mode: changes to VMs that Moxxie does not own are refused unless forced. `permissive`
/// refuses only what destroys or cuts the power.
pub(super) fn guard(
    world: &World,
    id: u32,
    what: &str,
    harsh: bool,
    force: bool,
) -> Result<(), Refusal> {
    let watched = match world.settings.safe_mode {
        "strict" => true,
        "permissive" => harsh,
        _ => false,
    };
    let owned = world
        .vms
        .get(&id)
        .is_none_or(|vm| vm.tags.iter().any(|tag| tag == "moxxie"));
    if !watched || owned || force {
        return Ok(());
    }
    Err(Refusal::new(
        403,
        "SAFE_MODE_VIOLATION",
        format!("Operation '{what}' blocked by safe mode"),
    )
    .detail("reason", format!("VM {id} is not tagged as Moxxie-managed"))
    .detail(
        "suggestion",
        "Add the tag 'moxxie' to the VM, or repeat with force=true",
    ))
}
