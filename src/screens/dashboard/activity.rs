//! The newest tasks, as they run.

use super::parts::{hold, made_face, steady};
use crate::api::tasks::Task;
use crate::components::time::{TimeStyle, TimeText};
use crate::components::{Card, EmptyState, Faces, IconName, Progress, SkeletonRows, TaskMark};
use crate::domain::ids::Upid;
use crate::domain::task::{TaskState, title};
use crate::domain::units::{Fraction, Seconds};
use crate::paths;
use crate::screens::page::Link;
use crate::stores::use_live;
use leptos::prelude::*;
use std::cmp::Reverse;
use std::sync::Arc;

/// As many as the guide asks for.
const SHOWN: usize = 10;

/// The newest tasks, newest first; one that still runs is never left out for an ended one.
fn newest(tasks: &[Arc<Task>]) -> Vec<Upid> {
    let by_start = |task: &&Arc<Task>| Reverse(task.starttime);
    let mut all: Vec<&Arc<Task>> = tasks.iter().collect();
    all.sort_by_key(by_start);
    all.sort_by_key(|task| !task.state().is_running());
    all.truncate(SHOWN);
    all.sort_by_key(by_start);
    all.into_iter().map(|task| task.upid.clone()).collect()
}

#[component]
pub(super) fn ActivityCard() -> impl IntoView {
    let live = use_live();
    let watch = live.tasks.watch();
    let rows = watch.rows();
    let held = RwSignal::new(false);
    let fresh = Memo::new(move |_| rows.is_loaded().then(|| Arc::new(newest(&rows.snapshot()))));
    let shown = steady(fresh, held);
    let rows = watch.rows();
    let running = Memo::new(move |_| {
        let all = rows.snapshot();
        all.iter().filter(|task| task.state().is_running()).count()
    });
    let waiting = Memo::new(move |_| {
        fresh.with(|fresh| {
            shown.with(|shown| {
                let (fresh, shown) = (fresh.as_ref()?, shown.as_ref()?);
                let new = fresh.iter().filter(|upid| !shown.contains(upid)).count();
                (new > 0).then_some(new)
            })
        })
    });
    let aside = move || {
        view! {
            {move || waiting.get().map(|new| view! {
                <span data-tip="The list keeps still while the focus is in it">{format!("{new} newer · ")}</span>
            })}
            {move || format!("{} running", running.get())}
        }
    };
    let face = made_face(
        "The tasks could not be loaded",
        shown,
        watch.status,
        live.clock.clone(),
    );
    let retry = Callback::new(move |()| drop(watch.refresh()));
    view! {
        <Card title="Recent activity" aside=aside flush=true class="dash-activity">
            <Faces
                state=face
                skeleton=|| view! { <SkeletonRows rows=8/> }
                is_empty=Vec::is_empty
                empty=|| view! {
                    <EmptyState small=true icon=IconName::Tasks title="No tasks yet" words="What is started on the cluster shows here."/>
                }
                on_retry=retry
                let:tasks
            >
                <ul
                    class="rows dash-tasks"
                    on:focusin=move |_| hold(held, true)
                    on:focusout=move |_| hold(held, false)
                >
                    <For each=move || tasks.get().to_vec() key=Clone::clone let:upid>
                        <TaskRow upid=upid/>
                    </For>
                </ul>
            </Faces>
        </Card>
    }
}

/// One task: what it does, to what, who started it, how it stands, when.
#[component]
fn TaskRow(upid: Upid) -> impl IntoView {
    let live = use_live();
    let row = live.tasks.rows.row(&upid);
    let to = paths::task(&upid);
    // A list that is held may name a task that is gone.
    let task = Memo::new(move |shown: Option<&Option<Arc<Task>>>| {
        row.get().or_else(|| shown.cloned().flatten())
    });
    let vm = Memo::new(move |_| task.with(|task| task.as_ref()?.vm()));
    let vms = live.vms.clone();
    let name = Memo::new(move |_| {
        let row = vms.rows().row(&vm.get()?).get()?;
        Some(row.name.clone())
    });
    let words = Memo::new(move |_| {
        task.with(|task| match task {
            Some(task) => title(&task.kind, &task.id, name.get().as_deref()),
            None => (String::new(), String::new()),
        })
    });
    let user = move || task.with(|task| task.as_ref().map(|task| task.user.clone()));
    let state = Memo::new(move |_| {
        task.with(|task| task.as_ref().map_or(TaskState::Ended, |task| task.state()))
    });
    view! {
        <li class="dash-task">
            <TaskMark state=state only_shape=true/>
            <Link class="dash-row-link dash-task-title" to=to>
                {move || words.with(|(verb, _)| verb.clone())} " " <b>{move || words.with(|(_, object)| object.clone())}</b>
            </Link>
            <span class="dash-task-user clip">{user}</span>
            <TaskNote task=task state=state/>
            <TaskTime task=task state=state/>
        </li>
    }
}

/// How far it is, or why it failed.
#[component]
fn TaskNote(task: Memo<Option<Arc<Task>>>, state: Memo<TaskState>) -> impl IntoView {
    let running = Memo::new(move |_| state.with(TaskState::is_running));
    let share = Memo::new(move |_| task.with(|task| task.as_ref()?.progress.map(Fraction)));
    let why = move || {
        state.with(|state| match state {
            TaskState::Failed(why) => Some(("dash-bad", why.clone())),
            TaskState::Warning(why) => Some(("dash-warn", why.clone())),
            TaskState::Cancelled => Some(("", state.word().to_owned())),
            _ => None,
        })
    };
    view! {
        <span class="dash-task-note">
            {move || if running.get() {
                view! { <Progress label="Progress" share=share/> }.into_any()
            } else {
                why().map(|(class, why)| view! {
                    <span class=format!("clip {class}") data-tip=why.clone()>{why.clone()}</span>
                }).into_any()
            }}
        </span>
    }
}

/// Since when it runs, or when it ended.
#[component]
fn TaskTime(task: Memo<Option<Arc<Task>>>, state: Memo<TaskState>) -> impl IntoView {
    let now = use_live().clock.watch();
    let running = Memo::new(move |_| state.with(TaskState::is_running));
    let began = Memo::new(move |_| task.with(|task| task.as_ref()?.starttime));
    let ended = Memo::new(move |_| {
        task.with(|task| {
            let task = task.as_ref()?;
            task.endtime.or(task.starttime)
        })
    });
    let lasts = move || {
        let millis = now.get().millis - began.get()?.millis;
        u64::try_from(millis / 1000)
            .ok()
            .map(|secs| Seconds(secs).short())
    };
    view! {
        <span class="dash-task-time">
            {move || if running.get() {
                view! { <span data-tip="Running for">{lasts}</span> }.into_any()
            } else {
                view! { <TimeText at=ended now=now style=TimeStyle::Clock/> }.into_any()
            }}
        </span>
    }
}
