//! Earlier verifications of one backup. No server keeps a list of them, so the logs of the tasks
//! that verified backups of its VM are looked through for the file, when somebody asks.

use crate::api::backups::{self, Backup};
use crate::api::tasks::{self, Task};
use crate::api::{ApiError, Client};
use crate::components::time::{exact, format_near};
use crate::components::{Button, ButtonLook, ControlSize, TaskMark};
use crate::domain::ids::VmId;
use crate::domain::units::count;
use crate::paths;
use crate::screens::page::Link;
use crate::stores::{spawn, use_live};
use futures_util::future::join_all;
use leptos::prelude::*;
use std::sync::Arc;

/// So many tasks are looked through, the newest first.
const TASKS: usize = 20;
/// The file is named in the first lines.
const LINES: u64 = 10;

/// What was found.
#[derive(Debug, Clone, PartialEq, Default)]
struct Found {
    tasks: Vec<Task>,
    /// How many were looked through.
    of: usize,
    /// How many of their logs could not be read.
    unread: usize,
}

#[derive(Debug, Clone, PartialEq)]
enum Look {
    Not,
    Under,
    Failed(String),
    Done(Found),
}

async fn look(client: &Client, vm: VmId, file: &str) -> Result<Found, ApiError> {
    let mut all = backups::verifications(client, vm).await?.good;
    all.truncate(TASKS);
    let logs = all
        .iter()
        .map(|task| tasks::log(client, &task.upid, 0, LINES));
    let logs = join_all(logs).await;
    let mut found = Found {
        of: all.len(),
        ..Found::default()
    };
    for (task, log) in all.into_iter().zip(logs) {
        match log {
            Ok(log) if log.lines.iter().any(|line| line.message.contains(file)) => {
                found.tasks.push(task);
            }
            Ok(_) => {}
            Err(_) => found.unread += 1,
        }
    }
    Ok(found)
}

#[component]
pub(super) fn HistoryPart(backup: Arc<Backup>) -> impl IntoView {
    let live = StoredValue::new(use_live());
    let state = RwSignal::new(Look::Not);
    let wanted = RwSignal::new(0_u32);
    let vm = backup.vmid;
    let file = StoredValue::new(backup.file_name().to_owned());
    Effect::new(move || {
        let Some(vm) = vm.filter(|_| wanted.get() > 0) else {
            return;
        };
        state.set(Look::Under);
        spawn::page(async move {
            let client = live.with_value(|live| live.client.clone());
            let answer = look(&client, vm, &file.get_value()).await;
            let _ = state.try_set(match answer {
                Ok(found) => Look::Done(found),
                Err(error) => Look::Failed(error.message.clone()),
            });
        });
    });
    let busy = Signal::derive(move || state.with(|state| *state == Look::Under));
    let looked =
        Memo::new(move |_| state.with(|state| matches!(state, Look::Failed(_) | Look::Done(_))));
    let label = Signal::derive(move || {
        if looked.get() {
            "Look again"
        } else {
            "Look for all verifications"
        }
        .to_owned()
    });
    let said = Memo::new(move |_| {
        state.with(|state| match state {
            Look::Failed(why) => Some(format!("They could not be read: {why}")),
            Look::Done(found) if found.tasks.is_empty() => Some("None of it was found.".to_owned()),
            _ => None,
        })
    });
    let body = move || {
        state.with(|state| match state {
            Look::Done(found) => Some(list(found, live.with_value(|live| live.clock.now()))),
            _ => None,
        })
    };
    // The button stays, whatever was found: it has the focus.
    vm.map(|_| {
        view! {
            <div class="bak-history">
                {body}
                <span role="status">{move || said.get()}</span>
                <Button
                    label=label
                    look=ButtonLook::Quiet
                    size=ControlSize::Small
                    busy=busy
                    on_press=move |()| wanted.update(|wanted| *wanted += 1)
                />
            </div>
        }
    })
}

fn list(found: &Found, now: crate::domain::units::Instant) -> impl IntoView + use<> {
    let row = |task: &Task| {
        let at = task.starttime;
        let time = at.map(|at| {
            view! { <time datetime=at.to_iso() data-tip=exact(at)>{format_near(at, now)}</time> }
        });
        let state = task.state();
        view! {
            <li>
                <TaskMark state=Signal::stored(state)/>
                {time}
                <Link class="link" to=paths::task(&task.upid)>"Log"</Link>
            </li>
        }
    };
    let looked = match (found.of, found.unread) {
        (of, 0) => format!(
            "Looked through the newest {} of this VM.",
            count(of, "verification", "verifications")
        ),
        (of, unread) => format!(
            "Looked through the newest {}; {unread} could not be read.",
            count(of, "verification", "verifications")
        ),
    };
    let none = found.tasks.is_empty();
    let rows = found.tasks.iter().map(row).collect_view();
    view! {
        {(!none).then(|| view! { <ul class="bak-checks" aria-label="Verifications of this backup">{rows}</ul> })}
        <p class="quiet">{looked}</p>
    }
}
