//! Power actions and snapshots on many VMs (guide: Bulk Operations).

use super::deed::Deed;
use super::events::Topic;
use super::model::{Task, World};
use super::refusal::Refusal;
use super::work;
use crate::domain::units::Instant;
use crate::domain::vm_can::PowerAction;
use serde::Serialize;

/// How far one VM of a run is.
#[derive(Debug, Clone)]
enum Progress {
    Waiting,
    Running(usize),
    Done {
        message: String,
        task: Option<String>,
    },
    Failed {
        error: String,
        message: String,
        task: Option<String>,
    },
}

#[derive(Debug, Clone)]
struct Target {
    vm: u32,
    name: String,
    progress: Progress,
}

/// A run over many VMs.
#[derive(Debug, Clone)]
pub struct BulkRun {
    /// `bulk-op-12345`.
    pub id: String,
    deed: Deed,
    targets: Vec<Target>,
    parallel: bool,
    force: bool,
    patience: Option<u32>,
    started: i64,
    ended: Option<i64>,
    cancelled: bool,
    audit: Option<usize>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct VmResult<'a> {
    vm_id: u32,
    vm_name: &'a str,
    success: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    task: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Summary {
    duration: f64,
    start_time: String,
    end_time: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    operation_id: &'a str,
    status: &'static str,
    total_targets: usize,
    successful: usize,
    failed: usize,
    in_progress: usize,
    results: Vec<VmResult<'a>>,
    summary: Summary,
}

fn reason_of(refusal: &Refusal, deed: &Deed) -> String {
    refusal
        .details
        .get("reason")
        .and_then(|reason| reason.as_str())
        .map_or_else(|| deed.failed(), ToOwned::to_owned)
}

impl BulkRun {
    /// Whether it is over.
    #[must_use]
    pub const fn over(&self) -> bool {
        self.ended.is_some()
    }

    fn count(&self, wanted: impl Fn(&Progress) -> bool) -> usize {
        self.targets
            .iter()
            .filter(|target| wanted(&target.progress))
            .count()
    }

    /// Its JSON. VMs whose turn has not come yet are counted, but not listed.
    #[must_use]
    pub fn body(&self, tasks: &[Task], now: i64) -> String {
        let results = self
            .targets
            .iter()
            .filter_map(|target| {
                let (success, error, message, task) = match &target.progress {
                    Progress::Waiting => return None,
                    Progress::Running(index) => (
                        true,
                        None,
                        self.deed.running(),
                        tasks.get(*index).map(|task| task.upid.as_str()),
                    ),
                    Progress::Done { message, task } => {
                        (true, None, message.clone(), task.as_deref())
                    }
                    Progress::Failed {
                        error,
                        message,
                        task,
                    } => (
                        false,
                        Some(error.as_str()),
                        message.clone(),
                        task.as_deref(),
                    ),
                };
                Some(VmResult {
                    vm_id: target.vm,
                    vm_name: &target.name,
                    success,
                    error,
                    message,
                    task,
                })
            })
            .collect();
        let end = self.ended.unwrap_or(now);
        #[expect(clippy::cast_precision_loss, reason = "milliseconds of a run fit")]
        let duration = ((end - self.started) as f64 / 100.0).round() / 10.0;
        serde_json::to_string(&Body {
            operation_id: &self.id,
            status: match (self.ended, self.cancelled) {
                (None, _) => "IN_PROGRESS",
                (Some(_), true) => "CANCELLED",
                (Some(_), false) => "COMPLETED",
            },
            total_targets: self.targets.len(),
            successful: self.count(|progress| matches!(progress, Progress::Done { .. })),
            failed: self.count(|progress| matches!(progress, Progress::Failed { .. })),
            in_progress: self
                .count(|progress| matches!(progress, Progress::Waiting | Progress::Running(_))),
            results,
            summary: Summary {
                duration,
                start_time: Instant::from_millis(self.started).to_iso(),
                end_time: self.ended.map(|at| Instant::from_millis(at).to_iso()),
            },
        })
        .unwrap_or_default()
    }
}

/// How a run goes.
#[derive(Debug, Clone, Copy)]
pub struct Manner {
    /// All at once, or one after the other.
    pub parallel: bool,
    /// Cut the power where a shutdown does not end.
    pub force: bool,
    /// Seconds to wait for a guest to go down.
    pub timeout: Option<u32>,
}

/// Starts a run over VMs, some of which safe mode keeps out, with the reason.
pub fn start(
    world: &mut World,
    deed: Deed,
    vms: &[(u32, Option<Refusal>)],
    manner: Manner,
    audit: Option<usize>,
) -> usize {
    let number = world.rng.u32(10_000..100_000);
    let targets = vms
        .iter()
        .map(|(vm, refusal)| Target {
            vm: *vm,
            name: world
                .vms
                .get(vm)
                .map(|vm| vm.name.clone())
                .unwrap_or_default(),
            progress: refusal
                .as_ref()
                .map_or(Progress::Waiting, |refusal| Progress::Failed {
                    error: refusal.message.clone(),
                    message: reason_of(refusal, &deed),
                    task: None,
                }),
        })
        .collect();
    let index = world.bulk.len();
    world.bulk.push(BulkRun {
        id: format!("bulk-op-{number}"),
        deed,
        targets,
        parallel: manner.parallel,
        force: manner.force,
        patience: manner.timeout,
        started: world.now,
        ended: None,
        cancelled: false,
        audit,
    });
    go_on(world, index);
    index
}

/// Starts what may start: all, or the next one.
fn go_on(world: &mut World, run: usize) {
    loop {
        let Some(bulk) = world.bulk.get(run) else {
            return;
        };
        let (deed, parallel, patience) = (bulk.deed.clone(), bulk.parallel, bulk.patience);
        let running = bulk.count(|progress| matches!(progress, Progress::Running(_)));
        if !parallel && running > 0 {
            break;
        }
        let next = bulk
            .targets
            .iter()
            .position(|target| matches!(target.progress, Progress::Waiting));
        let Some(at) = next else { break };
        let vm = bulk.targets[at].vm;
        let progress = match world.vms.get(&vm) {
            Some(found) if deed.is_done(&found.status) => Progress::Done {
                message: format!("VM is already {}", found.status),
                task: None,
            },
            _ => match deed.begin(world, vm, patience) {
                Ok(plan) => Progress::Running(plan.task),
                Err(refusal) => Progress::Failed {
                    message: reason_of(&refusal, &deed),
                    error: refusal.message,
                    task: None,
                },
            },
        };
        if let Some(target) = world
            .bulk
            .get_mut(run)
            .and_then(|bulk| bulk.targets.get_mut(at))
        {
            target.progress = progress;
        }
    }
    finish(world, run);
}

fn finish(world: &mut World, run: usize) {
    let now = world.now;
    let Some(bulk) = world.bulk.get_mut(run) else {
        return;
    };
    let open = bulk.count(|progress| matches!(progress, Progress::Waiting | Progress::Running(_)));
    if open == 0 && bulk.ended.is_none() {
        bulk.ended = Some(now);
        if let Some(entry) = bulk.audit.and_then(|entry| world.audit.get_mut(entry)) {
            let failed = bulk.count(|progress| matches!(progress, Progress::Failed { .. }));
            entry
                .details
                .insert("successful".into(), (bulk.targets.len() - failed).into());
            entry.details.insert("failed".into(), failed.into());
            #[expect(clippy::cast_precision_loss, reason = "milliseconds of a run fit")]
            let seconds = (now - bulk.started) as f64 / 1000.0;
            entry.duration = seconds;
        }
    }
    let (id, body) = (bulk.id.clone(), bulk.body(&world.tasks, now));
    world
        .events
        .push(now, Topic::Bulk, "updated", &id, Some(&body));
}

fn target_of(world: &mut World, run: usize, vm: u32) -> Option<&mut Target> {
    world
        .bulk
        .get_mut(run)?
        .targets
        .iter_mut()
        .find(|target| target.vm == vm)
}

/// Takes the end of a task into the run that started it.
pub fn task_ended(world: &mut World, index: usize) {
    let Some(task) = world.tasks.get(index) else {
        return;
    };
    let (upid, exit) = (task.upid.clone(), task.exit.clone().unwrap_or_default());
    let found = world.bulk.iter_mut().enumerate().find_map(|(run, bulk)| {
        bulk.targets
            .iter_mut()
            .find(|target| matches!(target.progress, Progress::Running(task) if task == index))
            .map(|target| (run, bulk.deed.clone(), target))
    });
    let Some((run, deed, target)) = found else {
        return;
    };
    let vm = target.vm;
    // A guest that does not go down is switched off, where that was asked for.
    if exit.ends_with("got timeout") && world.bulk.get(run).is_some_and(|bulk| bulk.force) {
        let stop = work::power(world, vm, PowerAction::Stop);
        if let (Ok(plan), Some(target)) = (stop, target_of(world, run, vm)) {
            target.progress = Progress::Running(plan.task);
            return;
        }
    }
    let done = deed.done(world, vm);
    let Some(target) = target_of(world, run, vm) else {
        return;
    };
    target.progress = if exit == "OK" {
        Progress::Done {
            message: done,
            task: Some(upid),
        }
    } else {
        Progress::Failed {
            error: exit,
            message: deed.failed(),
            task: Some(upid),
        }
    };
    go_on(world, run);
}

/// Gives up what has not started yet.
pub fn cancel(world: &mut World, run: usize) {
    if let Some(bulk) = world.bulk.get_mut(run) {
        bulk.cancelled = true;
        for target in &mut bulk.targets {
            if matches!(target.progress, Progress::Waiting) {
                target.progress = Progress::Failed {
                    error: "Cancelled".to_owned(),
                    message: "The run was cancelled before this VM's turn".to_owned(),
                    task: None,
                };
            }
        }
    }
    finish(world, run);
}
