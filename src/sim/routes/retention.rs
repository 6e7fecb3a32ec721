//! `/backups/retention`, `/backups/retention-candidates`, `/backups/cleanup`.

use super::backup_calls::{guarded, told};
use super::make_check::Checked;
use super::{Answer, Call, object};
use crate::domain::units::{Bytes, Instant};
use crate::sim::http::Response;
use crate::sim::model::{Backup, Retention, World};
use crate::sim::refusal::Refusal;
use crate::sim::work;
use chrono::Datelike;
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

pub fn get(call: &Call<'_>) -> Answer {
    Ok(Response::ok(&call.world.retention))
}

pub fn put(call: &mut Call<'_>) -> Answer {
    let body = object(call.body)?;
    let fields = ["keepLast", "keepDaily", "keepWeekly", "keepMonthly"];
    let mut checked = Checked::new(&body, &fields);
    let counts = fields.map(|field| checked.whole(field, 0, 10_000).unwrap_or(0));
    checked.done("Invalid retention policy")?;
    let [keep_last, keep_daily, keep_weekly, keep_monthly] =
        counts.map(|count| u32::try_from(count).unwrap_or(0));
    call.world.retention = Retention {
        keep_last,
        keep_daily,
        keep_weekly,
        keep_monthly,
    };
    told(call.world, "RETENTION_UPDATE", "retention", body, &Ok(None));
    Ok(Response::ok(&call.world.retention))
}

#[derive(Debug, Clone, Copy)]
enum Rule {
    Days(i64),
    Count(usize),
    Monthly(usize),
}

fn rule(text: &str) -> Result<Rule, Refusal> {
    let read = text.split_once(':').and_then(|(word, number)| {
        let plain = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        let number: u32 = number.parse().ok().filter(|_| plain)?;
        match word {
            "days" => Some(Rule::Days(i64::from(number))),
            "count" => Some(Rule::Count(usize::try_from(number).ok()?)),
            "monthly" => Some(Rule::Monthly(usize::try_from(number).ok()?)),
            _ => None,
        }
    });
    read.ok_or_else(|| {
        Refusal::invalid(
            "Invalid retention policy",
            "retentionPolicy",
            "Must be days:N, count:N or monthly:N",
        )
    })
}

/// Why a rule does not keep each backup of one VM, newest first; `None`: it does.
fn condemned(rule: Rule, newest_first: &[&Backup], now: i64) -> Vec<Option<String>> {
    let mut months: BTreeSet<(i32, u32)> = BTreeSet::new();
    let mut verdict = |place: usize, backup: &Backup| match rule {
        Rule::Days(days) => {
            (now - backup.ctime >= days * 86_400).then(|| format!("Older than {days} days"))
        }
        Rule::Count(count) => (place >= count).then(|| format!("Not among the newest {count}")),
        Rule::Monthly(count) => {
            let at = chrono::DateTime::from_timestamp(backup.ctime, 0).unwrap_or_default();
            let first = months.insert((at.year(), at.month()));
            (!first || months.len() > count)
                .then(|| format!("Not the newest of the last {count} months"))
        }
    };
    newest_first
        .iter()
        .enumerate()
        .map(|(place, backup)| verdict(place, backup))
        .collect()
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Candidate {
    volid: String,
    vm_id: u32,
    vm_name: String,
    size: u64,
    size_human: String,
    created_at: String,
    reason: String,
    is_protected: bool,
}

/// Whose backups are looked at.
#[derive(Default)]
struct Scope {
    tags: Vec<String>,
    vms: Vec<u32>,
}

impl Scope {
    fn takes(&self, world: &World, vm: u32) -> bool {
        let tags = world.vms.get(&vm).map(|vm| vm.tags.as_slice());
        (self.vms.is_empty() || self.vms.contains(&vm))
            && (self.tags.is_empty()
                || tags.is_some_and(|own| self.tags.iter().all(|tag| own.contains(tag))))
    }
}

fn human(bytes: u64) -> String {
    Bytes(bytes).to_string().replace('\u{2009}', " ")
}

/// How many are looked at, and those that the rule does not keep, protected ones among them.
fn sift(world: &World, rule: Rule, scope: &Scope) -> (usize, Vec<Candidate>) {
    let mut groups: BTreeMap<u32, Vec<&Backup>> = BTreeMap::new();
    for backup in &world.backups {
        if let Some(vm) = backup.vmid.filter(|vm| scope.takes(world, *vm)) {
            groups.entry(vm).or_default().push(backup);
        }
    }
    let (mut total, mut found) = (0, Vec::new());
    let now = world.instant().secs();
    for (vm, mut group) in groups {
        group.sort_by_key(|backup| std::cmp::Reverse(backup.ctime));
        total += group.len();
        let verdicts = condemned(rule, &group, now);
        for (backup, reason) in group.into_iter().zip(verdicts) {
            let Some(reason) = reason else { continue };
            found.push(Candidate {
                volid: backup.volid.clone(),
                vm_id: vm,
                vm_name: world
                    .vms
                    .get(&vm)
                    .map(|vm| vm.name.clone())
                    .unwrap_or_default(),
                size: backup.size,
                size_human: human(backup.size),
                created_at: Instant::from_secs(backup.ctime).to_iso(),
                reason,
                is_protected: backup.protected,
            });
        }
    }
    (total, found)
}

/// `GET /backups/retention-candidates`.
pub fn candidates(call: &Call<'_>) -> Answer {
    let rule = rule(call.query.get("retentionPolicy").unwrap_or_default())?;
    let all = call.query.flag("includeProtected").unwrap_or_default();
    let vms: Result<Vec<u32>, Refusal> = call.query.list("vmIds").map(super::vm_id).collect();
    let scope = Scope {
        tags: call.query.list("tags").map(ToOwned::to_owned).collect(),
        vms: vms?,
    };
    let (_, mut found) = sift(call.world, rule, &scope);
    found.retain(|candidate| all || !candidate.is_protected);
    Ok(Response::ok(&found))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Cleaned {
    total_backups_analyzed: usize,
    backups_to_delete: usize,
    backups_protected: usize,
    backups_retained: usize,
    total_size_to_free: u64,
    total_size_to_free_human: String,
    deletion_candidates: Vec<Candidate>,
    dry_run: bool,
}

fn scope(checked: &mut Checked<'_>) -> Scope {
    let mut list = |field: &str| match checked.body.get(field) {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(list)) => list.clone(),
        Some(_) => {
            checked.say(field, "Must be a list");
            Vec::new()
        }
    };
    let (tags, vms) = (list("tags"), list("vmIds"));
    let mut scope = Scope::default();
    for tag in tags {
        match tag.as_str() {
            Some(tag) => scope.tags.push(tag.to_owned()),
            None => checked.say("tags", "Must be texts"),
        }
    }
    for vm in vms {
        match vm.as_u64().and_then(|vm| u32::try_from(vm).ok()) {
            Some(vm) => scope.vms.push(vm),
            None => checked.say("vmIds", "Must be numbers"),
        }
    }
    scope
}

/// `POST /backups/cleanup`. Each deletion is a task of its own, which the answer does not wait for.
pub fn cleanup(call: &mut Call<'_>) -> Answer {
    let body = object(call.body)?;
    let world = &mut *call.world;
    let mut checked = Checked::new(
        &body,
        &[
            "retentionPolicy",
            "tags",
            "vmIds",
            "dryRun",
            "ignoreProtected",
        ],
    );
    let text = checked.text("retentionPolicy");
    let scope = scope(&mut checked);
    let (dry_run, ignore) = (checked.flag("dryRun"), checked.flag("ignoreProtected"));
    checked.done("Invalid cleanup request")?;
    let (total, found) = sift(world, rule(&text)?, &scope);
    let (mut go, mut protected) = (Vec::new(), 0);
    for candidate in found {
        let free = world
            .backup(&candidate.volid)
            .is_some_and(|backup| guarded(world, backup, "backup-delete", true).is_ok());
        if candidate.is_protected && !ignore {
            protected += 1;
        } else if free {
            go.push(candidate);
        }
    }
    if !dry_run {
        for candidate in &go {
            // What is protected or worked on, Proxmox keeps.
            let _ = work::delete_backup(world, &candidate.volid);
        }
        let mut details = Map::new();
        details.insert("retentionPolicy".into(), text.as_str().into());
        details.insert("backupsToDelete".into(), go.len().into());
        told(world, "BACKUP_CLEANUP", &text, details, &Ok(None));
    }
    let size = go.iter().map(|candidate| candidate.size).sum();
    Ok(Response::ok(&Cleaned {
        total_backups_analyzed: total,
        backups_to_delete: go.len(),
        backups_protected: protected,
        backups_retained: total - go.len(),
        total_size_to_free: size,
        total_size_to_free_human: human(size),
        deletion_candidates: go,
        dry_run,
    }))
}
