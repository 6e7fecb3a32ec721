//! `/backups`, `/vms/{vmId}/backups`, `/backups/health`.

use super::{Answer, Call, number, vm, vm_id};
use crate::domain::units::Instant;
use crate::sim::http::Response;
use crate::sim::model::Backup;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};

pub fn list(call: &Call<'_>) -> Answer {
    let vm = call.query.get("vmId").map(vm_id).transpose()?;
    let storage = call.query.get("storage");
    let rows: Vec<&Backup> = call
        .world
        .backups
        .iter()
        .filter(|backup| vm.is_none_or(|vm| backup.vmid == Some(vm)))
        .filter(|backup| storage.is_none_or(|storage| backup.storage() == storage))
        .collect();
    Ok(Response::ok(&rows))
}

pub fn of_vm(call: &Call<'_>, id: &str) -> Answer {
    let id = vm(call.world, id)?.id;
    let mut rows: Vec<&Backup> = call
        .world
        .backups
        .iter()
        .filter(|backup| backup.vmid == Some(id))
        .collect();
    rows.sort_by_key(|backup| std::cmp::Reverse(backup.ctime));
    Ok(Response::ok(&rows))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Coverage<'a> {
    vm_id: u32,
    vm_name: &'a str,
    tags: &'a [String],
    last_backup: Option<String>,
    last_backup_status: Option<&'static str>,
    is_overdue: bool,
    overdue_reason: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Health<'a> {
    #[serde(rename = "totalVMs")]
    total_vms: usize,
    vms_with_recent_backup: usize,
    vms_without_backup: usize,
    vms_overdue: usize,
    coverage: Vec<Coverage<'a>>,
    backups_by_age: BTreeMap<&'static str, usize>,
}

/// How the last attempt of each VM went: its last backup task, else its last backup.
fn attempts<'a>(call: &'a Call<'_>) -> HashMap<&'a str, &'static str> {
    let mut last = HashMap::new();
    for task in &call.world.tasks {
        if matches!(task.kind.as_str(), "vzdump" | "qmbackup") {
            let state = match (task.running(), task.failed()) {
                (true, _) => continue,
                (false, true) => "FAILED",
                (false, false) => "OK",
            };
            last.insert(task.id.as_str(), state);
        }
    }
    last
}

pub fn health(call: &Call<'_>) -> Answer {
    const DAY: i64 = 86_400;
    let days = |name: &str, usual: usize| -> Result<i64, crate::sim::refusal::Refusal> {
        let days = number(&call.query, name, 1)?.unwrap_or(usual);
        Ok(i64::try_from(days).unwrap_or(i64::MAX / DAY))
    };
    let recent = days("coverageThresholdDays", 1)?;
    let overdue = days("overdueThresholdDays", 7)?;
    let now = call.world.instant().secs();
    let mut newest: HashMap<u32, i64> = HashMap::new();
    let mut ages = BTreeMap::from([("0-1d", 0), ("1-7d", 0), ("7-30d", 0), ("30d+", 0)]);
    for backup in &call.world.backups {
        let age = match (now - backup.ctime) / DAY {
            ..1 => "0-1d",
            1..7 => "1-7d",
            7..30 => "7-30d",
            30.. => "30d+",
        };
        *ages.entry(age).or_default() += 1;
        if let Some(vm) = backup.vmid {
            let latest = newest.entry(vm).or_insert(backup.ctime);
            *latest = backup.ctime.max(*latest);
        }
    }
    let attempts = attempts(call);
    let coverage: Vec<Coverage<'_>> = call
        .world
        .vms
        .values()
        .filter(|vm| !vm.template)
        .map(|vm| {
            let last = newest.get(&vm.id).copied();
            let reason = match last.map(|last| (now - last) / DAY) {
                None => Some("No backup found".to_owned()),
                Some(age) if age >= overdue => Some(format!("Last backup is {age} days old")),
                Some(_) => None,
            };
            let id = vm.id.to_string();
            Coverage {
                vm_id: vm.id,
                vm_name: &vm.name,
                tags: &vm.tags,
                last_backup: last.map(|last| Instant::from_secs(last).to_iso()),
                last_backup_status: attempts.get(id.as_str()).copied().or(last.map(|_| "OK")),
                is_overdue: reason.is_some(),
                overdue_reason: reason,
            }
        })
        .collect();
    let with_recent = newest
        .iter()
        .filter(|(vm, last)| call.world.vms.contains_key(vm) && (now - **last) / DAY < recent)
        .count();
    Ok(Response::ok(&Health {
        total_vms: coverage.len(),
        vms_with_recent_backup: with_recent,
        vms_without_backup: coverage
            .iter()
            .filter(|vm| vm.last_backup.is_none())
            .count(),
        vms_overdue: coverage.iter().filter(|vm| vm.is_overdue).count(),
        backups_by_age: ages,
        coverage,
    }))
}
