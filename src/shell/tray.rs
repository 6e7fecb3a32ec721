//! The task tray: what was started here, and what else runs in the cluster.

use super::commands::Desk;
use crate::api::tasks::Task;
use crate::components::lazy::area_part;
use crate::components::overlay::{OverlaySurface, Trigger};
use crate::components::{
    Button, ButtonLook, ConfirmDialog, ControlSize, Icon, IconButton, IconName, Progress, TaskMark,
    confirm_now,
};
use crate::domain::parked::{self, Parked, Standing};
use crate::domain::task::{TaskState, title};
use crate::domain::units::{Fraction, Instant, Seconds, count};
use crate::lazy_view;
use crate::paths;
use crate::screens::page::Link;
use crate::stores::tray::TrayTask;
use crate::stores::{Live, use_live};
use leptos::prelude::*;
use std::sync::Arc;

/// Time since a start, up to an end or now.
fn lasted(began: Instant, until: Instant) -> String {
    let secs = u64::try_from((until.millis - began.millis).max(0) / 1000).unwrap_or_default();
    Seconds(secs).short()
}

/// The button in the header, and the tray that it opens.
#[component]
pub fn TrayButton() -> impl IntoView {
    let live = use_live();
    // Running tasks of others are known only while somebody reads the tasks.
    let _tasks = live.tasks.watch();
    let mine = live.tray.mine();
    let others = live.tray.others();
    let open =
        Memo::new(move |_| mine.with(|mine| mine.iter().filter(|task| task.is_open()).count()));
    let running = Memo::new(move |_| open.get() + others.with(Vec::len));
    let failed =
        Memo::new(move |_| mine.with(|mine| mine.iter().any(|task| task.state().is_failed())));

    let Desk {
        tray: overlay,
        tray_button,
        ..
    } = expect_context::<Desk>();
    let trigger = Trigger::new(overlay);
    let many = move || (running.get() > 0).then(|| running.get().to_string());
    let words = move || {
        if running.get() > 0 {
            "running"
        } else {
            "Tasks"
        }
    };
    let icon = Signal::derive(move || match (running.get(), failed.get()) {
        (1.., _) => IconName::Spinner,
        (0, true) => IconName::CircleX,
        (0, false) => IconName::ListChecks,
    });
    view! {
        <button
            node_ref=tray_button
            type="button"
            class="btn tray-button"
            class:tray-failed=failed
            aria-haspopup="dialog"
            aria-expanded=move || if overlay.is_open() { "true" } else { "false" }
            aria-controls=overlay.id()
            on:pointerdown=move |_| trigger.down()
            on:keydown=move |_| trigger.down()
            on:click=move |event| trigger.click(&event, |anchor| overlay.show(anchor))
        >
            {move || view! { <Icon name=icon.get()/> }}
            <span>{many}</span>
            <span class="tray-words">{words}</span>
        </button>
        <OverlaySurface overlay=overlay class="tray" role="dialog" label="Tasks">
            {area_part(
                || Box::pin(preload_tray()),
                || Box::pin(tray_body()),
                Callback::new(move |()| overlay.hide()),
            )}
        </OverlaySurface>
    }
}

lazy_view! {
    later, preload_tray,
    fn tray_body() -> AnyView { view! { <TrayBody/> }.into_any() }
}

#[component]
fn TrayBody() -> impl IntoView {
    let live = use_live();
    let mine = live.tray.mine();
    let others = live.tray.others();
    let ended =
        Memo::new(move |_| mine.with(|mine| mine.iter().filter(|task| !task.is_open()).count()));
    let none = Memo::new(move |_| mine.with(|mine| mine.is_empty()) && others.with(Vec::is_empty));
    let tray = live.tray.clone();
    let clear = Callback::new(move |()| tray.dismiss_ended());
    let ids =
        Memo::new(move |_| mine.with(|mine| mine.iter().map(|task| task.id).collect::<Vec<_>>()));
    let other_ids = Memo::new(move |_| {
        others.with(|others| {
            others
                .iter()
                .map(|task| task.upid.clone())
                .collect::<Vec<_>>()
        })
    });
    view! {
        <div class="tray-head">
            <h2>"Tasks"</h2>
            {move || {
                (ended.get() > 0)
                    .then(|| {
                        view! { <Button label="Clear ended" look=ButtonLook::Quiet size=ControlSize::Small on_press=clear/> }
                    })
            }}
        </div>
        {move || {
            none.get()
                .then(|| view! { <p class="tray-empty">"Nothing runs. Tasks that you start show here, also after a reload."</p> })
        }}
        <For each=move || ids.get() key=|id| *id let:id>
            <Mine id=id/>
        </For>
        {move || {
            let others = other_ids.with(Vec::len);
            (others > 0)
                .then(|| view! { <h3 class="tray-group">{count(others, "task of others", "tasks of others")}</h3> })
        }}
        <For each=move || other_ids.get() key=Clone::clone let:upid>
            {
                let task = Signal::derive(move || {
                    others.with(|others| others.iter().find(|task| task.upid == upid).cloned())
                });
                view! { <Other task=task/> }
            }
        </For>
        <Wizards/>
    }
}

/// Wizards that were begun: the way back to each, and a way to throw it away.
#[component]
fn Wizards() -> impl IntoView {
    let live = use_live();
    let asked = RwSignal::new(None::<String>);
    let kept = {
        let live = live.clone();
        Memo::new(move |_| {
            let names = live.drafts.names();
            let read = |name: &String| {
                let parked = parked::read(name, &live.drafts.get(name)?)?;
                (parked.standing != Standing::Through).then(|| (name.clone(), parked))
            };
            names.iter().filter_map(read).collect::<Vec<_>>()
        })
    };
    let row = move |(name, parked): (String, Parked)| {
        let label = format!("Throw away {}", parked.title);
        let to = paths::wizard(&name).unwrap_or_default();
        let ask = move |()| asked.set(Some(name.clone()));
        view! {
            <div class="tray-task">
                <Icon name=IconName::Edit/>
                <span class="tray-task-title"><Link class="link" to=to>{parked.title}</Link></span>
                <IconButton label=label icon=IconName::Trash on_press=ask/>
                <span class="tray-task-note">{parked.standing.words()}</span>
            </div>
        }
    };
    let lead = Signal::derive(move || {
        let draft = asked.get().is_none_or(|asked| {
            kept.with(|kept| {
                let own = kept.iter().find(|(name, _)| *name == asked);
                own.is_none_or(|(_, parked)| parked.standing == Standing::Draft)
            })
        });
        if draft {
            "What was typed is forgotten."
        } else {
            "What the server has begun goes on; what was to follow is not sent."
        }
        .to_owned()
    });
    let live = StoredValue::new(live);
    view! {
        {move || {
            (!kept.with(Vec::is_empty)).then(|| view! {
                <h3 class="tray-group">"Begun forms"</h3>
                {kept.get().into_iter().map(row).collect_view()}
            })
        }}
        <ConfirmDialog
            open=Signal::derive(move || asked.get().is_some())
            on_close=move |()| asked.set(None)
            title="Throw it away?"
            lead=lead
            verb="Throw away"
            keep=Signal::stored("Keep it".to_owned())
            on_confirm=confirm_now(move || {
                if let Some(name) = asked.get_untracked() {
                    live.with_value(|live| live.drafts.put(&name, None));
                }
                asked.set(None);
            })
        />
    }
}

/// A task that was started here.
#[component]
fn Mine(id: u64) -> impl IntoView {
    let live = use_live();
    let mine = live.tray.mine();
    let now = live.clock.watch();
    let task: Memo<Option<TrayTask>> =
        Memo::new(move |_| mine.with(|mine| mine.iter().find(|task| task.id == id).cloned()));
    let state = Signal::derive(move || {
        task.with(|task| task.as_ref().map_or(TaskState::Ended, TrayTask::state))
    });
    let share = Signal::derive(move || {
        task.with(|task| task.as_ref().and_then(|task| task.progress).map(Fraction))
    });
    let open = Memo::new(move |_| task.with(|task| task.as_ref().is_some_and(TrayTask::is_open)));
    let told = move || {
        task.with(|task| {
            let task = task.as_ref()?;
            Some(match task.state() {
                TaskState::Failed(why) | TaskState::Warning(why) => why,
                _ => task.message.clone()?,
            })
        })
    };
    let age = move || {
        task.with(|task| {
            let task = task.as_ref()?;
            Some(lasted(task.began, task.ended.unwrap_or_else(|| now.get())))
        })
    };
    let name = move || task.with(|task| task.as_ref().map(|task| task.title.clone()));
    let upid = Memo::new(move |_| task.with(|task| task.as_ref()?.upid.clone()));
    let heading = move || match upid.get() {
        Some(upid) => view! { <Link class="link" to=paths::task(&upid)>{name()}</Link> }.into_any(),
        None => name().into_any(),
    };
    view! {
        <div class="tray-task">
            <TaskMark state=state only_shape=true/>
            <span class="tray-task-title">{heading}</span>
            <span class="aside">{age}</span>
            {move || {
                open.get()
                    .then(|| view! { <div class="tray-task-note"><Progress label="Progress" share=share/></div> })
            }}
            <span class="tray-task-note" class:is-bad=move || state.with(TaskState::is_failed)>{told}</span>
        </div>
    }
}

/// A task that runs in the cluster, with who started it.
#[component]
fn Other(task: Signal<Option<Arc<Task>>>) -> impl IntoView {
    let live: Live = use_live();
    let now = live.clock.watch();
    let names = live.clone();
    let name = move || {
        task.with(|task| {
            let task = task.as_ref()?;
            let name = task.vm().and_then(|vm| names.vms.rows().peek(&vm)).map(|vm| vm.name.clone());
            let (verb, object) =
                title(&task.kind, &task.id, name.as_deref());
            Some(view! { <Link class="link" to=paths::task(&task.upid)>{verb} " " <b>{object}</b></Link> })
        })
    };
    let age = move || task.with(|task| Some(lasted(task.as_ref()?.starttime?, now.get())));
    let who = move || task.with(|task| task.as_ref().map(|task| task.user.clone()));
    let share = Signal::derive(move || task.with(|task| task.as_ref()?.progress.map(Fraction)));
    view! {
        <div class="tray-task">
            <TaskMark state=TaskState::Running only_shape=true/>
            <span class="tray-task-title">{name}</span>
            <span class="aside">{age}</span>
            <span class="tray-task-note">{who}</span>
            <div class="tray-task-note"><Progress label="Progress" share=share/></div>
        </div>
    }
}
