//! What was sent, how it stands, and what comes next.

use super::drive::drive;
use super::kept::Slot;
use crate::components::{Button, ButtonLook, Card, Icon, IconName, Note, Progress, Tone};
use crate::domain::ids::Upid;
use crate::domain::provision::{Act, Request, Run, Stage};
use crate::domain::units::Fraction;
use crate::paths;
use crate::screens::page::Link;
use crate::stores::use_live;
use leptos::prelude::*;

/// A plan under way, or through.
#[component]
pub fn Under(
    place: Slot,
    run: Memo<Option<Run>>,
    /// "Create another".
    again: &'static str,
    /// Begins anew with an empty form.
    on_again: Callback<()>,
    /// Back to the form with all that was typed.
    on_back: Callback<()>,
) -> impl IntoView {
    let live = use_live();
    let slot = place.name();
    live.drafts.show(&slot);
    let goes_on = Memo::new(move |_| run.with(|run| run.as_ref().is_some_and(Run::goes_on)));
    let elsewhere = {
        let (live, slot) = (live.clone(), slot.clone());
        Memo::new(move |_| live.drafts.is_elsewhere(&slot))
    };
    // What was kept over a reload goes on by itself, and what another tab began once that one is
    // closed: nothing of it is sent twice.
    Effect::new(move || {
        if goes_on.get() {
            drive(&live, &slot);
        }
    });
    let name = Memo::new(move |_| {
        run.with(|run| run.as_ref().map(|run| run.name.clone()))
            .unwrap_or_default()
    });
    let vm = Memo::new(move |_| {
        run.with(|run| run.as_ref().map(|run| run.vm))
            .unwrap_or_default()
    });
    let count = Memo::new(move |_| run.with(|run| run.as_ref().map_or(0, |run| run.acts.len())));
    let title = Signal::derive(move || format!("{} ({})", name.get(), vm.get()));
    let done =
        Memo::new(move |_| run.with(|run| run.as_ref().is_some_and(|run| run.at().is_none())));
    let made = Memo::new(move |_| run.with(|run| run.as_ref().is_some_and(Run::is_made)));
    let list = move || {
        (0..count.get())
            .map(|at| {
                let act = Memo::new(move |_| run.with(|run| run.as_ref()?.acts.get(at).cloned()));
                view! { <ActRow act=act/> }
            })
            .collect_view()
    };
    view! {
        <Card title=title class="make-run">
            {move || elsewhere.get().then(|| view! {
                <Note tone=Tone::Info>
                    "Another tab of this browser carries this out. It is shown here as it comes, and \
                     goes on here should that tab be closed."
                </Note>
            })}
            <ol class="make-acts">{list}</ol>
            <div role="status">
                {move || done.get().then(|| view! {
                    <Note tone=Tone::Ok><p>{move || format!("{} is ready.", name.get())}</p></Note>
                })}
            </div>
            <Stuck place=place run=run on_back=on_back/>
            <div class="btn-row">
                {move || made.get().then(|| view! {
                    <Link class="btn primary" to=Signal::derive(move || paths::vm(vm.get()))>
                        {move || format!("Open {}", name.get())}
                    </Link>
                })}
                {move || done.get().then(|| view! { <Button label=again on_press=on_again/> })}
            </div>
            {move || (!done.get()).then(|| view! {
                <p class="quiet">"It goes on when you leave this page; the tasks button above shows how it stands."</p>
            })}
        </Card>
    }
}

#[component]
fn ActRow(act: Memo<Option<Act>>) -> impl IntoView {
    let look = move || {
        act.with(|act| match act.as_ref().map(|act| &act.stage) {
            Some(Stage::Done) => (IconName::CircleCheck, "is-ok", "Done"),
            Some(Stage::Failed(_)) => (IconName::CircleX, "is-bad", "Failed"),
            Some(Stage::Unsure(_)) => (IconName::Help, "is-warn", "Not known, looking"),
            Some(Stage::Sent(_) | Stage::Runs(_)) => (IconName::Spinner, "is-info", "Under way"),
            Some(Stage::Left) => (IconName::Minus, "", "Left out"),
            _ => (IconName::Hourglass, "", "Waits"),
        })
    };
    let look = Memo::new(move |_| look());
    let words =
        Memo::new(move |_| act.with(|act| act.as_ref().map_or("", |act| act.request.words())));
    let task = Memo::new(move |_| act.with(|act| act.as_ref()?.task.clone()));
    let runs = Memo::new(move |_| {
        act.with(|act| {
            matches!(
                act.as_ref().map(|act| &act.stage),
                Some(Stage::Runs(Some(_)))
            )
        })
    });
    let icon = Signal::derive(move || look.get().0);
    view! {
        <li class=move || format!("make-act {}", look.get().1)>
            <Icon name=icon/>
            <span class="make-act-words">{move || words.get()}</span>
            <span class="make-act-state">{move || look.get().2}</span>
            {move || task.get().map(|task| view! { <TaskPart task=task runs=runs/> })}
        </li>
    }
}

/// Progress of the task while it runs, and the way to its log.
#[component]
fn TaskPart(task: Upid, runs: Memo<bool>) -> impl IntoView {
    let to = paths::task(&task);
    let progress = move || {
        runs.get()
            .then(|| view! { <TaskProgress task=task.clone()/> })
    };
    view! {
        <Link class="link" to=to>"Log"</Link>
        {progress}
    }
}

#[component]
fn TaskProgress(task: Upid) -> impl IntoView {
    let watch = use_live().task(&task).task.watch();
    let share = Signal::derive(move || watch.get()?.progress.map(Fraction));
    view! { <Progress label="Progress" share=share/> }
}

/// What failed, and what can be done now.
#[component]
fn Stuck(place: Slot, run: Memo<Option<Run>>, on_back: Callback<()>) -> impl IntoView {
    let live = use_live();
    let live = StoredValue::new(live);
    let why = Memo::new(move |_| {
        run.with(|run| match run.as_ref()?.stage()? {
            Stage::Failed(why) => Some(why.clone()),
            _ => None,
        })
    });
    let unsure = Memo::new(move |_| {
        run.with(|run| matches!(run.as_ref().and_then(Run::stage), Some(Stage::Unsure(_))))
    });
    let refused = Memo::new(move |_| run.with(|run| run.as_ref().is_some_and(Run::is_refused)));
    let restores = Memo::new(move |_| {
        run.with(|run| {
            let first = run.as_ref().and_then(|run| run.acts.first());
            matches!(first.map(|act| &act.request), Some(Request::Restore(_)))
        })
    });
    let title = move || match (refused.get(), restores.get()) {
        (_, true) => "The backup was not restored",
        (true, _) => "The VM was not made",
        _ => "This was not done",
    };
    let go = move |change: fn(&mut Run)| {
        place.change(change);
        live.with_value(|live| drive(live, &place.name()));
    };
    let failed = move || {
        why.get().map(|why| {
            view! {
                <Note tone=Tone::Bad>
                    <p class="confirm-error">{title}</p>
                    <p class="make-why">{why}</p>
                    <div class="btn-row">
                        {refused.get().then(|| view! {
                            <Button label="Back to the form" look=ButtonLook::Primary on_press=on_back/>
                        })}
                        <Button label="Try again" on_press=move |()| go(Run::again)/>
                        {(!refused.get()).then(|| view! {
                            <Button label="Leave it out" on_press=move |()| go(Run::leave)/>
                        })}
                    </div>
                </Note>
            }
        })
    };
    let asked = move || {
        unsure.get().then(|| {
            view! {
                <Note tone=Tone::Warn>
                    "The connection broke before an answer came. The server is asked whether it was \
                     carried out; nothing is sent again."
                </Note>
            }
        })
    };
    view! {
        <div role="alert">{failed}{asked}</div>
    }
}

/// A half-filled form is there: it is taken up, or thrown away.
#[component]
pub fn Parked(
    /// "web-03, left at Disks".
    #[prop(into)]
    about: String,
    on_resume: Callback<()>,
    on_discard: Callback<()>,
) -> impl IntoView {
    view! {
        <Card title="Half-filled form">
            <p>{about}</p>
            <div class="btn-row make-parked">
                <Button label="Resume draft" look=ButtonLook::Primary on_press=on_resume/>
                <Button label="Start over" on_press=on_discard/>
            </div>
        </Card>
    }
}
