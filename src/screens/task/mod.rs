//! One task: what it does, how it stands, its log as it grows (guide: Dashboard, "Recent Activity
//! Feed"; Notes 1 and 10).

mod log;

use crate::api::tasks::Task;
use crate::components::dialog::confirm_call;
use crate::components::time::{TimeStyle, TimeText};
use crate::components::{
    Button, ButtonLook, Card, ConfirmDialog, CopyButton, Faces, Fact, Facts, IconName, Progress,
    SkeletonRows, TaskMark, Weight,
};
use crate::domain::ids::Upid;
use crate::domain::task::{TaskState, title};
use crate::domain::units::{Fraction, NONE, Seconds};
use crate::paths;
use crate::screens::common::faces::{error_view, face_state};
use crate::screens::page::{Crumb, Link, Page};
use crate::stores::actions::Failures;
use crate::stores::use_live;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use log::TaskLogCard;
use std::sync::Arc;

/// `/tasks/:upid`
#[component]
pub fn TaskPage() -> impl IntoView {
    let params = use_params_map();
    let upid = Memo::new(move |_| params.with(|params| params.get("upid").map(Upid)));
    // Another task is another page: nothing of the one before may stay.
    move || upid.get().map(|upid| view! { <OneTask upid=upid/> })
}

#[component]
fn OneTask(upid: Upid) -> impl IntoView {
    let live = use_live();
    let store = live.task(&upid);
    let watch = store.task.watch();
    let log = store.log.watch();
    let names = live.vms.clone();
    let fallback = upid.clone();
    // The UPID itself says what it is, before the server does.
    let heading = Signal::derive(move || {
        let told = watch.get();
        let kind = told
            .as_ref()
            .map(|task| task.kind.clone())
            .unwrap_or_default();
        let kind = if kind.is_empty() {
            fallback.kind().unwrap_or("Task").to_owned()
        } else {
            kind
        };
        let object = told
            .as_ref()
            .map(|task| task.id.clone())
            .filter(|id| !id.is_empty())
            .or_else(|| fallback.object().map(ToOwned::to_owned))
            .unwrap_or_default();
        let name = told
            .as_ref()
            .and_then(|task| task.vm())
            .and_then(|vm| names.rows().peek(&vm))
            .map(|vm| vm.name.clone());
        let (verb, object) = title(&kind, &object, name.as_deref());
        format!("{verb} {object}").trim().to_owned()
    });
    let crumbs = Signal::derive(move || {
        vec![
            Crumb::to("Dashboard", paths::dashboard()),
            Crumb::here(heading.get()),
        ]
    });
    let state = Memo::new(move |_| watch.get().map(|task| task.state()));
    let shown_state = Signal::derive(move || state.get().unwrap_or(TaskState::Running));
    let badges = move || view! { <TaskMark state=shown_state/> };
    let asking = RwSignal::new(false);
    let cancel = {
        let (live, upid) = (live.clone(), upid.clone());
        confirm_call(move || {
            let live = live.clone();
            let sent = live.actions.cancel_task(upid.clone(), Failures::Caller);
            async move {
                match sent.await {
                    None | Some(Ok(())) => Ok(()),
                    Some(Err(error)) => Err(error_view(
                        "The task could not be cancelled",
                        &error,
                        live.clock.now(),
                    )),
                }
            }
        })
    };
    let ended = Signal::derive(move || {
        (!state.get().is_some_and(|state| state.is_running()))
            .then(|| "The task has ended".to_owned())
    });
    let actions = move || {
        view! {
            <Button
                label="Cancel task"
                look=ButtonLook::DangerQuiet
                icon=IconName::X
                disabled=ended
                on_press=Callback::new(move |()| asking.set(true))
            />
        }
    };
    let retry = Callback::new(move |()| drop(watch.refresh()));
    let face = face_state("This task could not be loaded", watch, live.clock.clone());
    let again = Callback::new(move |()| drop(log.refresh()));
    let log_face = face_state("The log could not be loaded", log, live.clock.clone());
    view! {
        <Page title=heading crumbs=crumbs badges=badges actions=actions>
            <div class="task-page">
                <Card title="Task">
                    <Faces
                        state=face
                        skeleton=|| view! { <SkeletonRows rows=6/> }
                        on_retry=retry
                        let:task
                    >
                        <TaskFacts task=task/>
                    </Faces>
                </Card>
                <TaskLogCard face=log_face on_retry=again store=store.clone() upid=upid.clone()/>
            </div>
            <ConfirmDialog
                open=asking
                on_close=Callback::new(move |()| asking.set(false))
                title=Signal::derive(move || format!("Cancel \u{201c}{}\u{201d}?", heading.get()))
                lead="What it has done so far is not undone."
                verb="Cancel task"
                keep=Signal::stored("Keep it running".to_owned())
                weight=Weight::Danger
                on_confirm=cancel
            />
        </Page>
    }
}

/// What is known of a task.
#[component]
fn TaskFacts(task: Signal<Arc<Task>>) -> impl IntoView {
    let live = use_live();
    let now = live.clock.watch();
    let state = Signal::derive(move || task.with(|task| task.state()));
    let running = Memo::new(move |_| state.with(TaskState::is_running));
    let share = Signal::derive(move || task.with(|task| task.progress.map(Fraction)));
    let why = move || match state.get() {
        TaskState::Failed(why) | TaskState::Warning(why) => {
            Some(view! { <p class="task-why">{why}</p> })
        }
        _ => None,
    };
    let started = Signal::derive(move || task.with(|task| task.starttime));
    let ended = Signal::derive(move || task.with(|task| task.endtime));
    let lasted = move || {
        task.with(|task| {
            let from = task.starttime?;
            let until = match task.endtime {
                Some(end) => end,
                None if running.get() => now.get(),
                None => return task.duration.map(Seconds::long),
            };
            u64::try_from((until.millis - from.millis) / 1000)
                .ok()
                .map(|secs| Seconds(secs).long())
        })
        .unwrap_or_else(|| NONE.to_owned())
    };
    let object = move || {
        task.with(|task| match task.vm() {
            Some(vm) => {
                let name = live.vms.name(vm);
                view! { <Link class="link" to=paths::vm(vm)>{name}</Link> }.into_any()
            }
            None if task.id.is_empty() => NONE.into_any(),
            None => task.id.clone().into_any(),
        })
    };
    let field = move |read: fn(&Task) -> &str| {
        move || {
            task.with(|task| match read(task) {
                "" => NONE.to_owned(),
                text => text.to_owned(),
            })
        }
    };
    let upid = Signal::derive(move || task.with(|task| task.upid.0.clone()));
    view! {
        {why}
        {move || running.get().then(|| view! { <Progress label="Progress" share=share/> })}
        <Facts>
            <Fact label="Object">{object}</Fact>
            <Fact label="Node">{field(|task| &task.node)}</Fact>
            <Fact label="Started by">{field(|task| &task.user)}</Fact>
            <Fact label="Started"><TimeText at=started now=now style=TimeStyle::Clock/></Fact>
            <Fact label="Ended"><TimeText at=ended now=now style=TimeStyle::Clock/></Fact>
            <Fact label="Duration">{lasted}</Fact>
            <Fact label="Type"><span class="mono">{field(|task| &task.kind)}</span></Fact>
            <Fact label="UPID">
                <span class="mono task-upid">{move || upid.get()}</span>
                <CopyButton text=upid what="UPID"/>
            </Fact>
        </Facts>
    }
}
