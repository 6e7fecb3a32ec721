//! Carrying a plan out: each request once, each when the one before is done. It goes on when the
//! page is left; after a reload the page takes it up where it was.

use super::kept::{change_run, peek};
use crate::api::tasks;
use crate::api::vms::{self, Vm};
use crate::api::{ApiError, ErrorKind};
use crate::domain::config;
use crate::domain::ids::{Upid, VmId};
use crate::domain::provision::{Request, Restore, Run, Stage};
use crate::domain::status::{Lock, VmStatus};
use crate::domain::task::TaskState;
use crate::domain::units::Instant;
use crate::paths;
use crate::stores::notices::{Notice, Tone};
use crate::stores::{Live, spawn};
use gloo_timers::future::sleep;
use serde_json::Value;
use std::time::Duration;

/// Between two looks at a task.
const PACE: Duration = Duration::from_millis(1500);
/// Between two looks where the server does not answer.
const PATIENCE: Duration = Duration::from_secs(3);
/// Looks after which what nobody has heard of was not carried out.
const LOOKS: u32 = 3;
/// Why nothing more can be done to a VM that is not there.
const GONE: &str = "The server knows nothing of the VM any more";

/// Carries out what is kept under a name, unless somebody does; once no other tab does it.
pub fn drive(live: &Live, name: &str) {
    go_on(live, name, false);
}

/// What was under way when the console was left goes on, and that is told.
pub fn resume(live: &Live) {
    for name in live.drafts.names().iter() {
        let run = peek(live, name).and_then(|kept| kept.run);
        if run.is_some_and(|run| run.goes_on()) {
            go_on(live, name, true);
        }
    }
}

fn go_on(live: &Live, name: &str, told: bool) {
    if !live.drafts.begin(name) {
        return;
    }
    let (live, name) = (live.clone(), name.to_owned());
    spawn::action(async move {
        live.drafts.alone(&name).await;
        change_run(&live, &name, Run::resume);
        let mut told = told && !live.drafts.is_shown(&name);
        while let Some(run) = peek(&live, &name).and_then(|kept| kept.run) {
            if std::mem::take(&mut told) && run.goes_on() {
                let notice = Notice::new(
                    Tone::Info,
                    format!("{}: what was left is being sent", run.name),
                );
                tell(
                    &live,
                    &name,
                    notice.text("The console was left before all was sent."),
                );
            }
            let Some(stage) = step(&live, &name, &run).await else {
                break;
            };
            // Meanwhile it may have been thrown away, and another begun.
            if !is_kept(&live, &name, &run) {
                continue;
            }
            if let Stage::Failed(why) = &stage
                && !live.drafts.is_shown(&name)
            {
                tell(&live, &name, stuck(&run, why));
            }
            change_run(&live, &name, |run| run.note(stage));
        }
        live.drafts.end(&name);
    });
}

/// Whether the run is still the one that is kept, at the same request.
fn is_kept(live: &Live, name: &str, run: &Run) -> bool {
    let kept = peek(live, name).and_then(|kept| kept.run);
    kept.is_some_and(|now| now.is_at(run))
}

/// Nobody looks at the run: what became of it is told wherever the person is.
fn tell(live: &Live, name: &str, notice: Notice) {
    let notice = match paths::wizard(name) {
        Some(path) => notice.link("Show", path),
        None => notice,
    };
    live.notices.push(notice);
}

fn stuck(run: &Run, why: &str) -> Notice {
    let act = run.at().and_then(|at| run.acts.get(at));
    let what = act.map_or("", |act| act.request.words());
    let more = match run.at().map_or(0, |at| run.acts.len() - at - 1) {
        0 => "",
        _ => " What was to follow is not sent.",
    };
    Notice::new(Tone::Bad, format!("{}: “{what}” failed", run.name)).text(format!("{why}{more}"))
}

/// Does what is next; `None` where nothing is, or where the person has to say.
async fn step(live: &Live, name: &str, run: &Run) -> Option<Stage> {
    let request = run.acts.get(run.at()?)?.request.clone();
    match run.stage()? {
        Stage::Waits => Some(send(live, name, run).await),
        Stage::Runs(Some(task)) => Some(follow(live, name, run, &request, task).await),
        Stage::Runs(None) => Some(wait_for(live, name, run, &request).await),
        Stage::Unsure(at) => Some(look(live, run, &request, *at).await),
        // Nobody else carries it out, so what is on its way is from before a reload.
        Stage::Sent(at) => Some(Stage::Unsure(*at)),
        Stage::Failed(_) | Stage::Done | Stage::Left => None,
    }
}

async fn send(live: &Live, name: &str, run: &Run) -> Stage {
    if let Some(strange) = changed_hands(live, run).await {
        return strange;
    }
    let now = live.client.server_now();
    let mut taken = None;
    // Written before it is sent: a reload in between must find it.
    change_run(live, name, |kept| {
        if kept.is_at(run) {
            taken = kept.take(now);
        }
    });
    let Some(request) = taken else {
        return Stage::Failed("It could not be kept on this device".to_owned());
    };
    let runs = request.task_type().is_some();
    match live.actions.make(run.vm, &run.name, request).await {
        Some(Ok(started)) if runs => Stage::Runs(started.task),
        Some(Ok(_)) => Stage::Done,
        Some(Err(error)) if error.is_unsure() || error.kind == ErrorKind::Aborted => {
            Stage::Unsure(now.millis)
        }
        Some(Err(error)) => {
            note_refused(live, name, &error);
            Stage::Failed(error.in_full())
        }
        None => Stage::Unsure(now.millis),
    }
}

/// What follows the making is meant for the very VM that was made: time may have passed, and its
/// number may be another's by now.
async fn changed_hands(live: &Live, run: &Run) -> Option<Stage> {
    let over = |request: &Request| matches!(request, Request::Restore(own) if own.overwrite);
    if !run.is_made() || run.acts.iter().any(|act| over(&act.request)) {
        return None;
    }
    let mut missing = 0;
    loop {
        match vms::get(&live.client, run.vm).await {
            Ok(row) => return foreign(run, &row),
            // A list inside the server may be a moment older than its answer.
            Err(error) if error.kind == ErrorKind::NotFound => {
                missing += 1;
                if missing >= LOOKS {
                    return Some(Stage::Failed(GONE.to_owned()));
                }
                sleep(PACE).await;
            }
            Err(error) if !error.is_transient() && error.kind != ErrorKind::Aborted => {
                return Some(Stage::Failed(error.in_full()));
            }
            Err(_) => sleep(PATIENCE).await,
        }
    }
}

/// Another VM has its number.
fn foreign(run: &Run, row: &Vm) -> Option<Stage> {
    let other = !row.name.is_empty() && row.name != run.name;
    other.then(|| Stage::Failed(format!("{} was taken meanwhile by {}", run.vm, row.name)))
}

/// The form shows what was refused at its fields.
fn note_refused(live: &Live, name: &str, error: &ApiError) {
    // What was refused may be news: a number that is taken, a storage that has filled up.
    live.vms.feed().hurry(Duration::from_secs(5));
    live.storages.hurry(Duration::from_secs(5));
    let Some(mut kept) = peek(live, name) else {
        return;
    };
    let fields: serde_json::Map<String, Value> = error
        .fields
        .iter()
        .map(|said| (said.field.clone(), said.message.clone().into()))
        .collect();
    if let Some(draft) = kept.draft.as_object_mut() {
        draft.insert("refused".into(), fields.into());
        super::kept::put(live, name, Some(&kept));
    }
}

/// How a task ends; whatever it answers counts for nothing where the run was thrown away meanwhile.
async fn follow(live: &Live, name: &str, run: &Run, request: &Request, task: &Upid) -> Stage {
    loop {
        sleep(PACE).await;
        if !is_kept(live, name, run) {
            return Stage::Waits;
        }
        match tasks::get(&live.client, task).await {
            Ok(told) => match told.state() {
                TaskState::Running => {}
                TaskState::Failed(why) => return Stage::Failed(why),
                TaskState::Cancelled => {
                    return Stage::Failed("Its task was cancelled".to_owned());
                }
                TaskState::Ok | TaskState::Warning(_) | TaskState::Ended => return Stage::Done,
            },
            // A server that was started anew may have forgotten its tasks: the VM tells, then.
            Err(error) if error.kind == ErrorKind::NotFound => {
                return if matches!(request, Request::Start(_)) {
                    runs(live, run).await
                } else {
                    wait_for(live, name, run, request).await
                };
            }
            Err(_) => sleep(PATIENCE).await,
        }
    }
}

/// Its task is forgotten: the VM tells whether it has started.
async fn runs(live: &Live, run: &Run) -> Stage {
    let mut looks = 0;
    loop {
        match vms::get(&live.client, run.vm).await {
            Ok(row) if row.status == VmStatus::Running => return Stage::Done,
            Err(error) if error.kind != ErrorKind::NotFound => sleep(PATIENCE).await,
            _ => {
                looks += 1;
                if looks >= LOOKS {
                    let why = "The server has forgotten its task, and the VM does not run";
                    return Stage::Failed(why.to_owned());
                }
            }
        }
        sleep(PACE).await;
    }
}

/// Waits until the VM is there and whole: servers that name no task make it before they answer.
async fn wait_for(live: &Live, name: &str, run: &Run, request: &Request) -> Stage {
    // What is restored over has the old name until it is through.
    let over = matches!(request, Request::Restore(restore) if restore.overwrite);
    let mut missing = 0;
    loop {
        if !is_kept(live, name, run) {
            return Stage::Waits;
        }
        match vms::get(&live.client, run.vm).await {
            Ok(row) if matches!(row.lock, Some(Lock::Create | Lock::Clone)) => {}
            Ok(row) if !over => return foreign(run, &row).unwrap_or(Stage::Done),
            Ok(_) => return Stage::Done,
            Err(error) if error.kind == ErrorKind::NotFound => {
                missing += 1;
                if missing >= LOOKS {
                    return Stage::Failed(GONE.to_owned());
                }
            }
            Err(_) => sleep(PATIENCE).await,
        }
        sleep(PACE).await;
    }
}

/// Nobody knows whether it was carried out: looks at what is there, for as long as the server does
/// not answer.
async fn look(live: &Live, run: &Run, request: &Request, at: i64) -> Stage {
    let mut looks = 0;
    loop {
        let found = match request {
            Request::Configure(vm, body) => configured(live, *vm, body).await,
            Request::Start(vm) => started(live, *vm, at).await,
            Request::Restore(restore) => restored(live, run, restore, at).await,
            _ => made(live, run, request, at).await,
        };
        match found {
            Ok(Some(stage)) => return stage,
            Ok(None) => {
                looks += 1;
                if looks >= LOOKS {
                    return Stage::Failed(
                        "The connection broke before an answer came, and the server has not carried \
                         it out."
                            .to_owned(),
                    );
                }
                // It may still be on its way inside.
                sleep(PACE).await;
            }
            Err(_) => sleep(PATIENCE).await,
        }
    }
}

async fn made(
    live: &Live,
    run: &Run,
    request: &Request,
    at: i64,
) -> Result<Option<Stage>, ApiError> {
    let row = match vms::get(&live.client, run.vm).await {
        Ok(row) => row,
        Err(error) if error.kind == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    if let Some(strange) = foreign(run, &row) {
        return Ok(Some(strange));
    }
    let of = match request {
        Request::Clone(source, _) => *source,
        _ => run.vm,
    };
    let kind = request.task_type().unwrap_or_default();
    Ok(Some(Stage::Runs(
        tasks::begun_since(&live.client, of, kind, Instant::from_millis(at)).await?,
    )))
}

/// An interface without its hardware address, which the hypervisor makes.
fn plug(map: &config::ConfigMap, key: &str) -> Option<String> {
    key.strip_prefix("net")?.parse::<u8>().ok()?;
    let nic = config::Nic::parse(key, &config::text(map, key)?);
    Some(nic.replugged(
        nic.bridge().unwrap_or_default(),
        nic.vlan().unwrap_or_default(),
    ))
}

async fn configured(live: &Live, vm: VmId, body: &Value) -> Result<Option<Stage>, ApiError> {
    let now = vms::config(&live.client, vm).await?.0;
    let keys = body.as_object().cloned().unwrap_or_default();
    let wanted: config::ConfigMap = keys.into_iter().collect();
    // What is asked for as a size stands there as a volume, and an interface with an address of its own.
    let holds = |key: &String| {
        (config::is_disk_key(key) && now.contains_key(key))
            || config::text(&now, key) == config::text(&wanted, key)
            || plug(&now, key).is_some_and(|own| Some(own) == plug(&wanted, key))
    };
    let all = wanted.keys().all(holds);
    Ok(all.then_some(Stage::Done))
}

async fn started(live: &Live, vm: VmId, at: i64) -> Result<Option<Stage>, ApiError> {
    if vms::get(&live.client, vm).await?.status == VmStatus::Running {
        return Ok(Some(Stage::Done));
    }
    let task = tasks::begun_since(&live.client, vm, "qmstart", Instant::from_millis(at)).await?;
    Ok(task.map(|task| Stage::Runs(Some(task))))
}

/// Whether a restore has begun: its task says so, else, where a server has forgotten its tasks,
/// the VM that came of it. One that was there before proves nothing but by its lock.
async fn restored(
    live: &Live,
    run: &Run,
    restore: &Restore,
    at: i64,
) -> Result<Option<Stage>, ApiError> {
    let kind = restore.task_type();
    if let Some(task) =
        tasks::begun_since(&live.client, restore.vm, kind, Instant::from_millis(at)).await?
    {
        return Ok(Some(Stage::Runs(Some(task))));
    }
    match vms::get(&live.client, restore.vm).await {
        Ok(row) if !restore.overwrite && foreign(run, &row).is_some() => Ok(foreign(run, &row)),
        Ok(row) if !restore.overwrite || row.lock == Some(Lock::Create) => {
            Ok(Some(Stage::Runs(None)))
        }
        Ok(_) => Ok(None),
        Err(error) if error.kind == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
