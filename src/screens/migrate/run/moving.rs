//! One VM of a run: how it stands, how far, how fast, how long still; abort; where it is now.

use super::Shares;
use super::disks::DiskTable;
use crate::api::migrate::{self, MigrationStatus};
use crate::components::{Button, ButtonLook, ControlSize, Icon, IconName, Progress};
use crate::domain::ids::{Upid, VmId};
use crate::domain::migrate::{Flow, Move, Run, Stage, flow};
use crate::domain::units::{Fraction, Instant, Seconds};
use crate::paths;
use crate::screens::page::Link;
use crate::stores::actions::{Change, Failures};
use crate::stores::{spawn, use_live};
use leptos::prelude::*;
use std::time::Duration;

/// Between two looks at the status.
const PACE: Duration = Duration::from_secs(2);

fn look(stage: &Stage) -> (IconName, &'static str, &'static str) {
    match stage {
        Stage::Waits => (IconName::Hourglass, "", "Waits"),
        Stage::Sent(_) => (IconName::Spinner, "is-info", "Sent"),
        Stage::Runs(_) => (IconName::Spinner, "is-info", "On its way"),
        Stage::Unsure(_) => (IconName::Help, "is-warn", "Not known, the server is asked"),
        Stage::Failed(_) => (IconName::CircleX, "is-bad", "Failed"),
        Stage::Aborted => (IconName::CircleX, "is-warn", "Aborted"),
        Stage::Done => (IconName::CircleCheck, "is-ok", "Done"),
        Stage::Left => (IconName::Minus, "", "Not begun"),
    }
}

#[component]
pub fn MoveRow(run: Memo<Option<Run>>, vm: VmId, shares: Shares) -> impl IntoView {
    let own = Memo::new(move |_| {
        run.with(|run| run.as_ref()?.moves.iter().find(|own| own.vm == vm).cloned())
    });
    let look = Memo::new(move |_| {
        own.with(|own| {
            own.as_ref()
                .map_or((IconName::Minus, "", ""), |own| look(&own.stage))
        })
    });
    let name = Memo::new(move |_| {
        own.with(|own| own.as_ref().map(|own| own.name.clone()))
            .unwrap_or_default()
    });
    let way = Memo::new(move |_| {
        own.with(|own| {
            own.as_ref()
                .map(|own| format!("{} → {}", own.from, own.order.target))
        })
        .unwrap_or_default()
    });
    let task = Memo::new(move |_| own.with(|own| own.as_ref()?.task.clone()));
    let runs = Memo::new(move |_| {
        own.with(|own| match own.as_ref().map(|own| &own.stage) {
            Some(Stage::Runs(Some(task))) => Some(task.clone()),
            _ => None,
        })
    });
    let number = Memo::new(move |_| own.with(|own| own.as_ref()?.number));
    let why = Memo::new(move |_| {
        own.with(|own| match own.as_ref().map(|own| &own.stage) {
            Some(Stage::Failed(why)) => Some(why.clone()),
            _ => None,
        })
    });
    let unsure = Memo::new(move |_| {
        own.with(|own| matches!(own.as_ref().map(|own| &own.stage), Some(Stage::Unsure(_))))
    });
    let icon = Signal::derive(move || look.get().0);
    let label = Signal::derive(move || format!("Abort {}", name.get()));
    view! {
        <li class=move || format!("mig-move {}", look.get().1) aria-label=move || name.get()>
            <div class="mig-move-head">
                <Icon name=icon/>
                <Link class="link strong" to=Signal::derive(move || paths::vm(vm))>{move || name.get()}</Link>
                <span class="quiet">{move || way.get()}</span>
                <span class="mig-move-state">{move || look.get().2}</span>
                {move || task.get().map(|task| view! { <Link class="link" to=paths::task(&task)>"Log"</Link> })}
                {move || runs.get().map(|task| view! { <Abort label=label task=task/> })}
            </div>
            {move || runs.get().map(|task| view! { <Flowing vm=vm number=number.get_untracked() task=task shares=shares/> })}
            <div role="alert">
                {move || why.get().map(|why| view! { <p class="mig-move-why">{why}</p> })}
                {move || unsure.get().then(|| view! {
                    <p class="quiet">"The connection broke before an answer came. The server is asked what it did; nothing is sent again."</p>
                })}
            </div>
            <Outcome own=own/>
        </li>
    }
}

#[component]
fn Abort(label: Signal<String>, task: Upid) -> impl IntoView {
    let live = use_live();
    let busy = live.actions.is_busy(Change::Cancel(task.clone()));
    view! {
        <Button
            label=label
            look=ButtonLook::DangerQuiet
            size=ControlSize::Small
            busy=busy
            on_press=move |()| drop(live.actions.cancel_task(task.clone(), Failures::Toast))
        />
    }
}

/// Where it is now, and its disks before and after.
#[component]
fn Outcome(own: Memo<Option<Move>>) -> impl IntoView {
    let words = Memo::new(move |_| {
        own.with(|own| {
            let own = own.as_ref().filter(|own| own.stage.is_over())?;
            let node = own.seen_on.as_ref()?;
            let lasted = own
                .lasted()
                .map(|lasted| format!(", after {}", lasted.long()));
            Some(match own.stage {
                Stage::Done => format!("Now on {node}{}", lasted.unwrap_or_default()),
                _ => format!("Still on {node}"),
            })
        })
    });
    let after = Memo::new(move |_| {
        own.with(|own| {
            own.clone()
                .filter(|own| own.stage == Stage::Done && own.after.is_some())
        })
    });
    view! {
        {move || words.get().map(|words| view! { <p class="mig-move-now">{words}</p> })}
        {move || after.get().map(|own| view! { <DiskTable own=own/> })}
    }
}

/// Progress of a task, read from the server's status where it tells one, else from the log.
#[component]
fn Flowing(vm: VmId, number: Option<u64>, task: Upid, shares: Shares) -> impl IntoView {
    let live = use_live();
    let store = live.task(&task);
    let (state, log) = (store.task.watch(), store.log.watch());
    let told: RwSignal<Option<MigrationStatus>> = RwSignal::new(None);
    {
        let live = live.clone();
        spawn::page(async move {
            loop {
                // The log tells the rest where the server does not.
                if let Ok(status) = migrate::status(&live.client, vm, number).await {
                    told.set(Some(status));
                }
                live.client.sleep(PACE).await;
            }
        });
    }
    let read: Memo<Flow> =
        Memo::new(move |_| log.get().map(|log| flow(log.from(0))).unwrap_or_default());
    let share = Memo::new(move |_| {
        told.with(|told| told.as_ref().filter(|own| own.running)?.progress)
            .or_else(|| state.get()?.progress.map(Fraction))
            .or_else(|| read.with(Flow::share))
    });
    // The bar of the whole run is made of these.
    Effect::new(move || {
        let now = share.get().map_or(0.0, Fraction::clamped);
        shares.update(|all| {
            all.insert(vm, now);
        });
    });
    let now = live.clock.clone();
    let facts = Memo::new(move |_| {
        let speed = told
            .with(|told| told.as_ref()?.speed.clone())
            .or_else(|| read.with(|own| own.speed).map(|speed| speed.to_string()));
        let left = told
            .with(|told| told.as_ref()?.estimated_completion)
            .and_then(|end| left_of(end, now.now()))
            .or_else(|| read.with(Flow::left));
        let mut words: Vec<String> = speed.into_iter().collect();
        words.extend(left.map(|left| format!("about {} left", left.long())));
        words.join(", ")
    });
    let line = Memo::new(move |_| {
        let told = told.with(|told| {
            told.as_ref()
                .filter(|own| own.running)
                .map(|own| own.status.clone())
        });
        told.filter(|line| !line.is_empty())
            .or_else(|| read.with(|own| own.now.clone()))
    });
    let disks = Memo::new(move |_| {
        read.with(|own| {
            let row = |disk: &crate::domain::migrate::DiskFlow| (disk.name.clone(), disk.share());
            own.disks.iter().map(row).collect::<Vec<_>>()
        })
    });
    let several = Memo::new(move |_| disks.with(|disks| disks.len() > 1));
    view! {
        <div class="mig-flow">
            <Progress label="Progress" share=Signal::derive(move || share.get())/>
            <span class="mig-facts-line">{move || facts.get()}</span>
            {move || line.get().map(|line| view! { <span class="mig-line mono quiet">{line}</span> })}
            {move || several.get().then(|| {
                let rows = disks.get().into_iter().map(|(name, share)| view! {
                    <li><span class="mono">{name.clone()}</span><Progress label=name share=Signal::stored(share)/></li>
                });
                view! { <ul class="mig-flow-disks" aria-label="Disks">{rows.collect_view()}</ul> }
            })}
        </div>
    }
}

fn left_of(end: Instant, now: Instant) -> Option<Seconds> {
    let millis = end.millis.checked_sub(now.millis)?;
    u64::try_from(millis / 1000).ok().map(Seconds)
}
