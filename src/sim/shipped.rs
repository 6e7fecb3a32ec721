//! The server as shipped today: enough of it to prove that the console tells both apart.

use super::contract::operations;
use super::http::Response;
use super::model::{Task, Vm};
use super::routes::{self, Answer, Call};
use super::{shipped_backups, shipped_migrate, shipped_power};
use crate::domain::config;
use crate::domain::units::Instant;
use crate::domain::vm_can::PowerAction;
use serde::Serialize;
use serde_json::{Map, Value, json};

/// What it offers, by path below `/api/v1`.
const PATHS: [(&str, &[&str]); 42] = [
    ("/info", &["GET"]),
    ("/nodes", &["GET"]),
    ("/nodes/{nodeName}/status", &["GET"]),
    ("/storage", &["GET"]),
    ("/tags", &["GET"]),
    ("/tasks", &["GET"]),
    ("/tasks/{taskId}", &["GET", "DELETE"]),
    ("/tasks/{taskId}/log", &["GET"]),
    ("/vms", &["GET"]),
    ("/vms/{vmId}", &["GET", "DELETE"]),
    ("/vms/{vmId}/config", &["GET", "PUT"]),
    ("/vms/power/bulk", &["POST"]),
    ("/vms/{vmId}/detail", &["GET"]),
    ("/vms/{vmId}/status", &["GET"]),
    ("/vms/{vmId}/snapshots", &["GET", "POST"]),
    ("/vms/{vmId}/snapshots/{snapshotName}", &["DELETE"]),
    ("/vms/{vmId}/snapshots/{snapshotName}/rollback", &["POST"]),
    ("/vms/{vmId}/tags", &["GET", "POST"]),
    ("/vms/{vmId}/tags/{tag}", &["DELETE"]),
    ("/vms/{vmId}/start", &["POST"]),
    ("/vms/{vmId}/stop", &["POST"]),
    ("/vms/{vmId}/shutdown", &["POST"]),
    ("/vms/{vmId}/reboot", &["POST"]),
    ("/vms/{vmId}/suspend", &["POST"]),
    ("/vms/{vmId}/resume", &["POST"]),
    ("/vms/{vmId}/migrate", &["POST"]),
    ("/vms/{vmId}/migrate/check", &["GET"]),
    ("/vms/{vmId}/migrate/history", &["GET"]),
    ("/vms/{vmId}/migrate/status/{migrationId}", &["GET"]),
    ("/vms/{vmId}/console", &["POST"]),
    ("/vms/{vmId}/console/spice", &["GET"]),
    ("/vms/{vmId}/console/websocket", &["GET"]),
    ("/vms/{vmId}/backup", &["POST"]),
    ("/vms/{vmId}/backups", &["GET"]),
    ("/backups", &["GET"]),
    ("/backups/{volid}", &["DELETE"]),
    ("/backups/{volid}/protect", &["POST"]),
    ("/backups/restore", &["POST"]),
    ("/backups/retention-candidates", &["GET"]),
    ("/backups/cleanup", &["POST"]),
    ("/backups/health", &["GET"]),
    ("/safety/config", &["GET"]),
];

/// The OpenAPI document, as far as a client reads it to learn what there is.
pub fn openapi(shipped: bool) -> Response {
    let list: &[(&str, &[&str])] = if shipped { &PATHS } else { operations() };
    let mut paths = Map::new();
    for (path, methods) in list {
        let methods: Map<String, Value> = methods
            .iter()
            .map(|method| (method.to_lowercase(), json!({"responses": {}})))
            .collect();
        paths.insert(format!("/api/v1{path}"), methods.into());
    }
    Response::ok(&json!({
        "openapi": "3.1.0",
        "info": {"title": "Moxxie API", "version": "1.0.0"},
        "paths": paths,
    }))
}

#[derive(Serialize)]
struct VmRow<'a> {
    vmid: u32,
    name: &'a str,
    node: &'a str,
    status: &'a str,
    cpus: u32,
    maxmem: u64,
    maxdisk: u64,
    uptime: u64,
    #[serde(rename = "type")]
    kind: &'a str,
    tags: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    pool: Option<&'a str>,
    template: u8,
}

fn vm_row(vm: &Vm) -> VmRow<'_> {
    VmRow {
        vmid: vm.id,
        name: &vm.name,
        node: &vm.node,
        status: vm.status.as_str(),
        // As the server has it: cores come with the configuration only.
        cpus: 0,
        maxmem: vm.maxmem,
        maxdisk: vm.maxdisk,
        uptime: vm.usage.uptime,
        kind: vm.kind.as_str(),
        tags: &vm.tags,
        pool: vm.pool.as_deref(),
        template: u8::from(vm.template),
    }
}

/// As the shipped list has it: ended tasks carry their end in `status`, nothing in `exitstatus`.
fn task_row(task: &Task) -> Value {
    let mut row = json!({
        "upid": task.upid,
        "node": task.node,
        "type": task.kind,
        "status": task.exit.as_deref().unwrap_or("running"),
        "user": task.user,
        "starttime": Instant::from_millis(task.started).to_iso(),
    });
    if let Some(ended) = task.ended {
        row["endtime"] = Instant::from_millis(ended).to_iso().into();
        row["duration_seconds"] = ((ended - task.started) / 1000).into();
    }
    row
}

fn vms(call: &mut Call<'_>) -> Answer {
    let limit = routes::number(&call.query, "limit", 1)?.unwrap_or(100);
    let offset = routes::number(&call.query, "offset", 0)?.unwrap_or(0);
    let rows: Vec<String> = routes::select_vms(call.world, &call.query)
        .skip(offset)
        .take(limit)
        .filter_map(|vm| serde_json::to_string(&vm_row(vm)).ok())
        .collect();
    Ok(routes::joined(rows))
}

fn detail(call: &Call<'_>, id: &str) -> Answer {
    let vm = routes::vm(call.world, id)?;
    let mut body = serde_json::to_value(vm_row(vm)).unwrap_or_default();
    let disks: Vec<Value> = config::disks(&vm.config)
        .iter()
        .filter(|disk| disk.is_owned())
        .map(|disk| {
            json!({
                "diskInterface": disk.key,
                "storage": disk.storage(),
                "sizeBytes": disk.size().map(|size| size.0),
                "format": "raw",
                "rawConfig": disk.print(),
            })
        })
        .collect();
    let nics: Vec<Value> = config::nics(&vm.config)
        .iter()
        .map(|nic| {
            let mut row = json!({
                "name": nic.key,
                "macAddress": nic.mac(),
                "bridge": nic.bridge(),
                "model": nic.model(),
                "firewall": nic.firewall(),
                "rawConfig": nic.print(),
            });
            if let Some(tag) = nic.vlan().and_then(|tag| tag.parse::<u32>().ok()) {
                row["vlan"] = tag.into();
            }
            row
        })
        .collect();
    if let Value::Object(fields) = &mut body {
        fields.insert("cpus".into(), vm.cpus.into());
        fields.insert("disks".into(), disks.into());
        fields.insert("networkInterfaces".into(), nics.into());
        fields.insert("config".into(), json!(vm.config));
    }
    Ok(Response::ok(&body))
}

fn tasks(call: &Call<'_>) -> Answer {
    let limit = routes::number(&call.query, "limit", 1)?.unwrap_or(50);
    let start = routes::number(&call.query, "start", 0)?.unwrap_or(0);
    let all: Vec<&Task> = routes::select_tasks(call.world, &call.query, "status").collect();
    let rows: Vec<Value> = all
        .iter()
        .skip(start)
        .take(limit)
        .map(|task| task_row(task))
        .collect();
    Ok(Response::ok(&json!({
        "tasks": rows,
        "total": call.world.tasks.len(),
        "filtered": all.len(),
    })))
}

/// An answer of the guide's contract in the words of the shipped one: a notice without a task.
fn notice(call: &Call<'_>, message: &str, path: &str) -> Response {
    Response::with(
        202,
        &json!({
            "error": "Accepted",
            "message": message,
            "timestamp": call.world.instant().to_iso(),
            "path": path,
        }),
    )
}

/// A started task in its words.
fn task(answer: &Response) -> Response {
    let body = answer.value();
    Response::with(
        202,
        &json!({"taskId": body["task"], "message": body["message"]}),
    )
}

fn storage(call: &Call<'_>) -> Response {
    let rows: Vec<Value> = call
        .world
        .storages
        .iter()
        .map(|storage| {
            json!({
                "storage": storage.storage,
                "type": storage.kind,
                "active": storage.active,
                "shared": storage.shared,
                "contentTypes": storage.content,
                "nodes": storage.nodes.iter().map(|node| &**node).collect::<Vec<_>>(),
                "totalCapacity": storage.total,
                "totalUsed": storage.used,
                "totalAvailable": storage.available,
            })
        })
        .collect();
    Response::ok(&rows)
}

fn tags(call: &Call<'_>) -> Response {
    let mut tags: Vec<&str> = call
        .world
        .vms
        .values()
        .flat_map(|vm| &vm.tags)
        .map(String::as_str)
        .collect();
    tags.sort_unstable();
    tags.dedup();
    Response::ok(&json!({"tags": tags, "count": tags.len()}))
}

/// Its documents allow no null where the guide's do.
fn without_nulls(answer: &Response) -> Response {
    fn strip(value: Value) -> Value {
        match value {
            Value::Object(fields) => fields
                .into_iter()
                .filter(|(_, value)| !value.is_null())
                .map(|(key, value)| (key, strip(value)))
                .collect::<Map<_, _>>()
                .into(),
            Value::Array(items) => items.into_iter().map(strip).collect(),
            other => other,
        }
    }
    if answer.body.as_str().is_empty() {
        return answer.clone();
    }
    Response::with(answer.status, &strip(answer.value()))
}

/// `None`: not there.
pub fn dispatch(call: &mut Call<'_>, method: &str, path: &[&str]) -> Option<Answer> {
    Some(match (method, path) {
        ("GET", ["info"]) => Ok(Response::ok(&json!({
            "instance_id": call.world.cluster.instance,
            "location": call.world.cluster.location,
            "version": "1.0.0",
            "cluster_endpoint": "https://192.168.1.10:8006/api2/json",
            "health_status": "healthy",
        }))),
        ("GET", ["vms"]) => vms(call),
        ("GET", ["vms", id]) => routes::vm(call.world, id).map(|vm| Response::ok(&vm_row(vm))),
        ("GET", ["vms", id, "detail"]) => detail(call, id),
        ("GET", ["tasks"]) => tasks(call),
        ("GET", ["tags"]) => Ok(tags(call)),
        ("GET", ["storage"]) => Ok(storage(call)),
        ("GET", ["safety", "config"]) => Ok(Response::ok(&json!({
            "enabled": call.world.settings.safe_mode != "off",
            "mode": call.world.settings.safe_mode.to_uppercase(),
            "tagName": "moxxie",
            "allowUntaggedRead": true,
            "allowManualOverride": true,
            "auditLog": true,
        }))),
        ("POST", ["vms", id, "console"]) => routes::shipped_console(call, id),
        ("GET", ["vms", id, "console", "websocket"]) => routes::shipped_websocket(call, id),
        ("GET", ["vms", _, "console", "spice"]) => routes::dispatch(call, method, path)?,
        ("PUT", ["vms", id, "config"]) => shipped_power::put_config(call, id),
        ("POST", ["vms", "power", "bulk"]) => shipped_power::bulk(call),
        ("GET", ["vms", id, "snapshots"]) => routes::snapshots_of(call, id),
        ("GET", ["backups"]) => shipped_backups::list(call, None),
        ("GET", ["vms", id, "backups"]) => shipped_backups::list(call, Some(id)),
        ("POST", ["vms", _, "backup"] | ["backups", "restore"]) | ("DELETE", ["backups", _]) => {
            routes::dispatch(call, method, path)?.map(|answer| task(&answer))
        }
        ("POST", ["vms", _, "snapshots"] | ["vms", _, "snapshots", _, "rollback"])
        | ("DELETE", ["vms", _, "snapshots", _]) => {
            routes::dispatch(call, method, path)?.map(|answer| task(&answer))
        }
        ("GET", ["vms", id, "migrate", "check"]) => shipped_migrate::check(call, id),
        ("GET", ["vms", id, "migrate", "history"]) => shipped_migrate::history(call, id),
        ("GET", ["vms", id, "migrate", "status", number]) => {
            shipped_migrate::status(call, id, number)
        }
        ("POST", ["vms", id, "migrate"]) => shipped_migrate::start(call, id),
        ("POST", ["vms", id, action]) if *action != "tags" => {
            let action =
                PowerAction::parse(action).filter(|action| *action != PowerAction::Reset)?;
            let path = format!("/api/v1/vms/{id}/{}", action.as_str());
            match routes::act(call, id, action.as_str())? {
                Ok(_) => Ok(notice(
                    call,
                    &format!("VM {} initiated", action.as_str()),
                    &path,
                )),
                refused => refused,
            }
        }
        ("DELETE", ["vms", _]) => match routes::dispatch(call, method, path)? {
            Ok(_) => Ok(Response::none()),
            refused => refused,
        },
        (
            "GET",
            ["nodes"]
            | ["nodes", _, "status"]
            | ["backups", "health" | "retention-candidates"]
            | ["tasks", _]
            | ["tasks", _, "log"]
            | ["vms", _, "config" | "status" | "tags"],
        )
        | ("DELETE", ["tasks", _] | ["vms", _, "tags", _])
        | ("POST", ["vms", _, "tags"] | ["backups", _, "protect"] | ["backups", "cleanup"]) => {
            routes::dispatch(call, method, path)?.map(|answer| without_nulls(&answer))
        }
        _ => return None,
    })
}
