//! Carrying a run out: each VM once, as many at once as was chosen. It goes on when the page is
//! left; after a reload the page takes it up where it was, and asks the server what it did of what
//! had not been answered.

use super::kept::{NAME, change_run, peek};
use crate::api::tasks;
use crate::api::vms;
use crate::api::{ApiError, ErrorKind};
use crate::domain::ids::{Upid, VmId};
use crate::domain::migrate::{Move, Order, Run, Stage, drives};
use crate::domain::status::Lock;
use crate::domain::task::TaskState;
use crate::domain::units::Instant;
use crate::stores::{Live, spawn};
use futures_util::future::join_all;
use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Between two looks at a task.
const PACE: Duration = Duration::from_millis(1200);
/// Between two looks where the server does not answer.
const PATIENCE: Duration = Duration::from_secs(3);
/// Looks after which what nobody has heard of was not carried out.
const LOOKS: u32 = 3;
/// Looks for what HA begins by and by.
const HA_LOOKS: u32 = 100;

/// Those that a worker has taken.
type Taken = Arc<Mutex<HashSet<VmId>>>;

/// Carries out what is kept, unless somebody does; once no other tab does it.
pub fn drive(live: &Live) {
    let run = peek(live).and_then(|kept| kept.run);
    if run.is_none_or(|run| run.is_over()) || !live.drafts.begin(NAME) {
        return;
    }
    let live = live.clone();
    spawn::action(async move {
        live.drafts.alone(NAME).await;
        // Nobody else carries it out, so what is on its way is from before a reload.
        change_run(&live, Run::resume);
        let Some(run) = peek(&live).and_then(|kept| kept.run) else {
            live.drafts.end(NAME);
            return;
        };
        let taken = Taken::default();
        let in_flight = run
            .moves
            .iter()
            .filter(|own| own.stage.is_under_way())
            .count();
        let workers = (run.at_once as usize).max(in_flight);
        join_all((0..workers).map(|_| work(live.clone(), Arc::clone(&taken)))).await;
        live.drafts.end(NAME);
    });
}

/// What a worker does next.
enum Job {
    Begin(Move),
    GoOn(Move),
}

fn next(live: &Live, taken: &Taken) -> Option<Job> {
    let mut taken = taken.lock().unwrap_or_else(PoisonError::into_inner);
    let now = live.client.server_now();
    // Written before it is sent: a reload in between must find it.
    let job = change_run(live, |run| {
        let left = |own: &&Move| own.stage.is_under_way() && !taken.contains(&own.vm);
        if let Some(own) = run.moves.iter().find(left) {
            return Some(Job::GoOn(own.clone()));
        }
        let (at, _) = run.take(now)?;
        run.moves.get(at).cloned().map(Job::Begin)
    })??;
    let (Job::Begin(own) | Job::GoOn(own)) = &job;
    taken.insert(own.vm);
    Some(job)
}

async fn work(live: Live, taken: Taken) {
    while let Some(job) = next(&live, &taken) {
        let (vm, mut stage, order) = match job {
            Job::Begin(own) => {
                let stage = send(&live, own.vm, own.order.clone()).await;
                (own.vm, stage, own.order)
            }
            Job::GoOn(own) => (own.vm, own.stage, own.order),
        };
        loop {
            note(&live, vm, stage.clone());
            if stage.is_over() {
                break;
            }
            stage = step(&live, vm, &order, &stage).await;
        }
        live.actions.migration_ended(vm);
        taken
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&vm);
    }
}

fn note(live: &Live, vm: VmId, stage: Stage) {
    let now = live.client.server_now();
    change_run(live, |run| {
        if let Some(own) = run.moves.iter_mut().find(|own| own.vm == vm) {
            own.note(stage, now);
        }
    });
}

async fn send(live: &Live, vm: VmId, order: Order) -> Stage {
    let now = live.client.server_now();
    match live.actions.migrate(vm, order).await {
        Some(Ok(begun)) => {
            change_run(live, |run| {
                if let Some(own) = run.moves.iter_mut().find(|own| own.vm == vm) {
                    own.number = begun.number;
                }
            });
            Stage::Runs(begun.started.task)
        }
        Some(Err(error)) if error.is_unsure() || error.kind == ErrorKind::Aborted => {
            Stage::Unsure(now.millis)
        }
        // Browsers repeat a request by themselves where the connection broke before an answer:
        // what stands in the way of the second may be the first.
        Some(Err(error)) if matches!(error.kind, ErrorKind::Conflict | ErrorKind::Locked) => {
            match begun_since(live, vm, now).await {
                Ok(Some(task)) => Stage::Runs(Some(task)),
                _ => Stage::Failed(error.in_full()),
            }
        }
        Some(Err(error)) => Stage::Failed(error.in_full()),
        None => Stage::Unsure(now.millis),
    }
}

async fn step(live: &Live, vm: VmId, order: &Order, stage: &Stage) -> Stage {
    match stage {
        Stage::Runs(Some(task)) => follow(live, vm, order, task).await,
        Stage::Runs(None) => find_task(live, vm, order).await,
        Stage::Unsure(at) | Stage::Sent(at) => look(live, vm, order, *at).await,
        other => other.clone(),
    }
}

async fn follow(live: &Live, vm: VmId, order: &Order, task: &Upid) -> Stage {
    loop {
        live.client.sleep(PACE).await;
        match tasks::get(&live.client, task).await {
            Ok(told) => match told.state() {
                TaskState::Running => {}
                TaskState::Cancelled => return ended(live, vm, order, Stage::Aborted).await,
                // Proxmox ends an aborted task so.
                TaskState::Failed(why) if why.contains("interrupted by signal") => {
                    return ended(live, vm, order, Stage::Aborted).await;
                }
                TaskState::Failed(why) => {
                    return ended(live, vm, order, Stage::Failed(why)).await;
                }
                _ if task.kind() == Some("hamigrate") => {
                    let since = told.starttime.unwrap_or_default();
                    return by_ha(live, vm, order, since).await;
                }
                _ => return ended(live, vm, order, Stage::Done).await,
            },
            // A server that was started anew may have forgotten its tasks: the VM tells, then.
            Err(error) if error.kind == ErrorKind::NotFound => {
                return ended(live, vm, order, Stage::Done).await;
            }
            Err(_) => live.client.sleep(PATIENCE).await,
        }
    }
}

/// HA has taken the request; it begins the migration by itself, in a task of its own.
async fn by_ha(live: &Live, vm: VmId, order: &Order, since: Instant) -> Stage {
    for _ in 0..HA_LOOKS {
        if let Ok(Some(task)) = tasks::begun_since(&live.client, vm, "qmigrate", since).await {
            return Stage::Runs(Some(task));
        }
        if let Ok(row) = vms::get(&live.client, vm).await
            && row.node == order.target
        {
            return ended(live, vm, order, Stage::Done).await;
        }
        live.client.sleep(PACE).await;
    }
    let why = "High availability took the request and has not begun it";
    ended(live, vm, order, Stage::Failed(why.to_owned())).await
}

/// The server named no task: it is looked for; where none shows, the VM tells.
async fn find_task(live: &Live, vm: VmId, order: &Order) -> Stage {
    let began = peek(live)
        .and_then(|kept| kept.run)
        .and_then(|run| run.moves.into_iter().find(|own| own.vm == vm))
        .and_then(|own| own.began)
        .unwrap_or_default();
    look(live, vm, order, began).await
}

/// The migration that began since then, or the request to HA for one.
async fn begun_since(live: &Live, vm: VmId, since: Instant) -> Result<Option<Upid>, ApiError> {
    match tasks::begun_since(&live.client, vm, "qmigrate", since).await? {
        Some(task) => Ok(Some(task)),
        None => tasks::begun_since(&live.client, vm, "hamigrate", since).await,
    }
}

/// Nobody knows whether it began: asks what is there, for as long as the server does not answer.
async fn look(live: &Live, vm: VmId, order: &Order, at: i64) -> Stage {
    let since = Instant::from_millis(at);
    let mut looks = 0;
    loop {
        let silent = match begun_since(live, vm, since).await {
            Ok(Some(task)) => return Stage::Runs(Some(task)),
            Ok(None) => false,
            Err(_) => true,
        };
        match vms::get(&live.client, vm).await {
            Ok(row) if row.node == order.target => {
                return ended(live, vm, order, Stage::Done).await;
            }
            Ok(row) if row.lock == Some(Lock::Migrate) => {}
            Ok(_) if !silent => {
                looks += 1;
                if looks >= LOOKS {
                    let why = "The connection broke before an answer came, and the server has \
                               not begun it.";
                    return ended(live, vm, order, Stage::Failed(why.to_owned())).await;
                }
            }
            _ => live.client.sleep(PATIENCE).await,
        }
        live.client.sleep(PACE).await;
    }
}

/// Where the VM is now and what its disks are: what was told is held against what is there.
async fn ended(live: &Live, vm: VmId, order: &Order, stage: Stage) -> Stage {
    let mut row = None;
    for _ in 0..LOOKS {
        match vms::get(&live.client, vm).await {
            // Servers gather states by and by.
            Ok(own) if stage == Stage::Done && own.node != order.target => {
                row = Some(own);
                live.client.sleep(PACE).await;
            }
            Ok(own) => {
                row = Some(own);
                break;
            }
            Err(_) => live.client.sleep(PATIENCE).await,
        }
    }
    let config = vms::config(&live.client, vm).await.ok();
    let node = row.map(|row| row.node);
    change_run(live, |run| {
        if let Some(own) = run.moves.iter_mut().find(|own| own.vm == vm) {
            own.seen_on.clone_from(&node);
            own.after = config.map(|config| drives(&config.0));
        }
    });
    match (stage, node) {
        (Stage::Done, Some(node)) if node != order.target => {
            Stage::Failed(format!("Its task has ended, and it is still on {node}"))
        }
        (stage, _) => stage,
    }
}
