//! Carrying a run out: each VM once, as many at once as was chosen. It goes on when the page is
//! left; after a reload the page takes it up where it was, and asks the server what it did of what
//! had not been answered. What looks mean is the domain's.

use super::kept::{NAME, change_run, peek};
use crate::api::migrate::{self, Found};
use crate::api::{ApiError, ErrorKind, tasks, vms};
use crate::domain::ids::{Upid, VmId};
use crate::domain::migrate::{
    End, Look, Move, NoTask, Run, Seen, Stage, after_end, drives, without_task,
};
use crate::domain::units::Instant;
use crate::paths;
use crate::stores::actions::Failures;
use crate::stores::notices::{Notice, Tone};
use crate::stores::{Live, spawn};
use futures_util::future::join_all;
use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Between two looks.
const PACE: Duration = Duration::from_millis(1200);
/// Between two looks where nothing is heard.
const PATIENCE: Duration = Duration::from_secs(3);
/// So many looks without news are worth a word.
const LONG: u32 = 5;

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
        // The wish to abort may have been said while the page went.
        for own in run.moves.iter().filter(|own| own.stop) {
            if let Stage::Runs(Some(task)) = &own.stage {
                abort(&live, own.vm, task.clone());
            }
        }
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

/// Changes one move; `None` where it is not there.
pub fn change<T>(live: &Live, vm: VmId, change: impl FnOnce(&mut Move) -> T) -> Option<T> {
    change_run(live, |run| {
        run.moves.iter_mut().find(|own| own.vm == vm).map(change)
    })?
}

/// Has a task cancelled; the wish is forgotten where the server does not confirm it, so that it can
/// be said again.
pub fn abort(live: &Live, vm: VmId, task: Upid) {
    let sent = live.actions.cancel_task(task, Failures::Toast);
    let live = live.clone();
    spawn::action(async move {
        if let Some(Err(_)) = sent.await {
            change(&live, vm, |own| own.stop = false);
        }
    });
}

/// What a worker does next: the place of a move, and whether it is to be sent.
fn next(live: &Live, taken: &Taken) -> Option<(Move, bool)> {
    let mut taken = taken.lock().unwrap_or_else(PoisonError::into_inner);
    let now = live.client.server_now();
    // Written before it is sent: a reload in between must find it.
    let job = change_run(live, |run| {
        let left = |own: &&Move| own.stage.is_under_way() && !taken.contains(&own.vm);
        if let Some(own) = run.moves.iter().find(left) {
            return Some((own.clone(), false));
        }
        let (at, _) = run.take(now)?;
        run.moves.get(at).cloned().map(|own| (own, true))
    })??;
    taken.insert(job.0.vm);
    Some(job)
}

async fn work(live: Live, taken: Taken) {
    while let Some((own, fresh)) = next(&live, &taken) {
        let vm = own.vm;
        if fresh {
            send(&live, &own).await;
        }
        follow(&live, vm).await;
        live.actions.migration_ended(vm);
        tell(&live, vm);
        taken
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&vm);
    }
}

/// Nobody looks at the run: what failed without a task, which the tray would tell of, is told
/// wherever the person is.
fn tell(live: &Live, vm: VmId) {
    let own = change(live, vm, |own| own.clone());
    let Some(own) = own.filter(|own| own.task.is_none() && !live.drafts.is_shown(NAME)) else {
        return;
    };
    if let Stage::Failed(why) = own.stage {
        let title = format!("Migrate {} to {}: failed", own.name, own.order.target);
        let notice = Notice::new(Tone::Bad, title).text(why);
        live.notices.push(notice.link("Show", paths::migrate()));
    }
}

/// How a move stands now; a task that came to be known is cancelled where that is wanted.
fn note(live: &Live, vm: VmId, stage: Stage, number: Option<u64>) {
    let now = live.client.server_now();
    let task = match &stage {
        Stage::Runs(Some(task)) => Some(task.clone()),
        _ => None,
    };
    let stop = change(live, vm, |own| {
        own.number = number.or(own.number);
        own.note(stage, now);
        own.stop
    });
    if let Some(task) = task.filter(|_| stop == Some(true)) {
        abort(live, vm, task);
    }
}

/// Sends it. Whatever comes of it, it is sent once.
async fn send(live: &Live, own: &Move) {
    let (vm, began) = (own.vm, began(live, own));
    let unsure = || (Stage::Unsure(began.millis), None);
    let (stage, number) = match live.actions.migrate(vm, own.order.clone()).await {
        Some(Ok(begun)) => (Stage::Runs(begun.started.task), begun.number),
        Some(Err(error)) if error.is_unsure() || error.kind == ErrorKind::Aborted => unsure(),
        // Browsers repeat a request by themselves where the connection broke before an answer:
        // what stands in the way of the second may be the first.
        Some(Err(error)) if matches!(error.kind, ErrorKind::Conflict | ErrorKind::Locked) => {
            match migrate::begun_since(&live.client, vm, began).await {
                Ok(Some(found)) => (Stage::Runs(found.task), found.number),
                Ok(None) => (refused(live, vm, &error), None),
                Err(_) => unsure(),
            }
        }
        Some(Err(error)) => (refused(live, vm, &error), None),
        None => unsure(),
    };
    note(live, vm, stage, number);
}

fn refused(live: &Live, vm: VmId, error: &ApiError) -> Stage {
    let rule = error.kind == ErrorKind::SafeMode;
    change(live, vm, |own| own.safe_mode = rule);
    Stage::Failed(error.in_full())
}

/// When it was sent, by the server's clock.
fn began(live: &Live, own: &Move) -> Instant {
    let at = match own.stage {
        Stage::Unsure(at) | Stage::Sent(at) => Some(at),
        _ => None,
    };
    own.began
        .or(at)
        .map_or_else(|| live.client.server_now(), Instant::from_millis)
}

/// What one question brought.
enum News {
    Runs,
    Found(Found),
    Ended(End),
    Look(Look),
}

/// Whether it is the same move still, and not over.
fn is_same(now: &Move, was: &Move) -> bool {
    now.began == was.began && now.stage.is_under_way()
}

/// Asks for one that is under way until it is over, or given up.
async fn follow(live: &Live, vm: VmId) {
    let (mut quiet, mut end) = (0_u32, None);
    // The tray of this tab may not know it: another tab may have begun it.
    if let Some(own) = change(live, vm, |own| own.clone())
        && let Stage::Runs(Some(task)) = &own.stage
    {
        let target = &own.order.target;
        live.actions
            .migration_found(vm, target, began(live, &own), task);
    }
    while let Some(own) = change(live, vm, |own| own.clone()).filter(|own| own.stage.is_under_way())
    {
        let mut pause = PACE;
        let news = ask(live, &own, end.as_ref(), quiet).await;
        // Meanwhile it may have been given up, and the VM be on its way anew.
        if change(live, vm, |now| is_same(now, &own)) != Some(true) {
            return;
        }
        match news {
            News::Runs => {
                quiet = 0;
                change(live, vm, |own| own.stuck = false);
            }
            News::Ended(how) => {
                (quiet, end) = (0, Some(how));
                continue;
            }
            News::Found(found) => {
                (quiet, end) = (0, None);
                if let Some(task) = found.task {
                    let target = &own.order.target;
                    live.actions
                        .migration_found(vm, target, began(live, &own), &task);
                    note(live, vm, Stage::Runs(Some(task)), found.number);
                }
            }
            News::Look(Look::Wait) => {
                pause = PATIENCE;
                change(live, vm, |own| own.stuck = true);
            }
            News::Look(Look::Quiet) => {
                quiet += 1;
                if quiet > LONG {
                    change(live, vm, |own| own.stuck = true);
                }
            }
            News::Look(Look::Over(stage, remark)) => {
                finish(live, &own, stage, remark).await;
                return;
            }
        }
        live.client.sleep(pause).await;
    }
}

async fn ask(live: &Live, own: &Move, end: Option<&End>, quiet: u32) -> News {
    let client = &live.client;
    let task = match &own.stage {
        Stage::Runs(Some(task)) => task,
        Stage::Runs(None) => return search(live, own, NoTask::Unnamed, quiet).await,
        _ => return search(live, own, NoTask::Lost, quiet).await,
    };
    let Some(end) = end else {
        return match tasks::get(client, task).await {
            Ok(told) => match End::of(told.state()) {
                None => News::Runs,
                Some(end @ End::Failed(_)) => {
                    let cause = migrate::cause(client, task).await;
                    News::Ended(end.with_cause(cause.as_deref()))
                }
                Some(end) => News::Ended(end),
            },
            // A server that was started anew may have forgotten its tasks: the VM tells, then.
            Err(error) if error.kind == ErrorKind::NotFound => News::Ended(End::Forgotten),
            Err(_) => News::Look(Look::Wait),
        };
    };
    // HA has taken the request; it begins the migration by itself, in a task of its own.
    if task.kind() == Some("hamigrate") && !matches!(end, End::Failed(_) | End::Cancelled) {
        return search(live, own, NoTask::Ha, quiet).await;
    }
    let seen = migrate::whereabouts(client, own.vm).await;
    News::Look(after_end(own, end, &seen, quiet))
}

/// No task is known, or none that moves the VM: it is looked for, and so is the VM.
async fn search(live: &Live, own: &Move, why: NoTask, quiet: u32) -> News {
    let found = migrate::begun_since(&live.client, own.vm, began(live, own)).await;
    let asked = found.is_ok();
    if let Ok(Some(found)) = found
        && found.task.is_some()
        && found.task != own.task
    {
        return News::Found(found);
    }
    let seen = migrate::whereabouts(&live.client, own.vm).await;
    News::Look(without_task(own, why, asked, &seen, quiet))
}

/// Where the VM is now and what its disks are: what was told is held against what is there.
async fn finish(live: &Live, was: &Move, stage: Stage, remark: Option<String>) {
    let vm = was.vm;
    let seen = match migrate::whereabouts(&live.client, vm).await {
        Seen::On { node, .. } => Some(node),
        Seen::Gone | Seen::Silent => None,
    };
    let config = vms::config(&live.client, vm).await.ok();
    let told = change(live, vm, |own| {
        let same = is_same(own, was);
        if same {
            own.seen_on = seen;
            own.after = config.map(|config| drives(&config.0));
            own.remark = remark;
        }
        same
    });
    if told == Some(true) {
        note(live, vm, stage, None);
    }
}
