//! One VM of a run: how it stands, how far, how fast, how long still; abort; where it is now.

use super::Shares;
use super::disks::DiskTable;
use crate::api::migrate::{self, MigrationStatus};
use crate::components::dialog::confirm_now;
use crate::components::{Button, ButtonLook, ConfirmDialog, ControlSize, Icon, IconName, Progress};
use crate::domain::ids::{Upid, VmId};
use crate::domain::migrate::{Drive, Flow, Move, Run, Stage, flow_of};
use crate::domain::units::{Fraction, Instant, Seconds};
use crate::paths;
use crate::screens::migrate::drive::{abort, change};
use crate::screens::migrate::kept::NAME;
use crate::screens::page::Link;
use crate::stores::{spawn, use_live};
use leptos::prelude::*;
use std::time::Duration;

/// Between two looks at the status.
const PACE: Duration = Duration::from_secs(2);

fn look(own: &Move) -> (IconName, &'static str, &'static str) {
    match &own.stage {
        Stage::Done if own.remark.is_some() => {
            (IconName::Triangle, "is-warn", "Done, with a warning")
        }
        stage if own.stop && stage.is_under_way() => {
            (IconName::Spinner, "is-warn", "Being aborted")
        }
        Stage::Waits => (IconName::Hourglass, "", "Waits"),
        Stage::Sent(_) => (IconName::Spinner, "is-info", "Sent"),
        Stage::Runs(_) => (IconName::Spinner, "is-info", "On its way"),
        Stage::Unsure(_) => (IconName::Help, "is-warn", "Not known, the server is asked"),
        Stage::Failed(_) => (IconName::CircleX, "is-bad", "Failed"),
        Stage::Aborted => (IconName::CircleX, "is-warn", "Aborted"),
        Stage::Done => (IconName::CircleCheck, "is-ok", "Done"),
        Stage::Left => (IconName::Minus, "", "Not begun"),
        Stage::Unknown => (IconName::Help, "is-warn", "Not known"),
    }
}

#[component]
pub fn MoveRow(run: Memo<Option<Run>>, vm: VmId, shares: Shares) -> impl IntoView {
    let own = Memo::new(move |_| {
        run.with(|run| run.as_ref()?.moves.iter().find(|own| own.vm == vm).cloned())
    });
    let look =
        Memo::new(move |_| own.with(|own| own.as_ref().map_or((IconName::Minus, "", ""), look)));
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
    let remark = Memo::new(move |_| own.with(|own| own.as_ref().and_then(silence)));
    // Another tab that carries it out has the buttons.
    let here = {
        let live = use_live();
        Memo::new(move |_| !live.drafts.is_elsewhere(NAME))
    };
    let open = Memo::new(move |_| {
        let open = own.with(|own| own.as_ref().is_some_and(|own| own.stage.is_under_way()));
        open && here.get()
    });
    let lost = Memo::new(move |_| {
        here.get()
            && own.with(|own| {
                own.as_ref().is_some_and(|own| {
                    let untold = matches!(own.stage, Stage::Unsure(_) | Stage::Runs(None));
                    own.stage.is_under_way() && (own.stuck || untold)
                })
            })
    });
    let before = Memo::new(move |_| {
        own.with(|own| own.as_ref().and_then(|own| own.before.clone()))
            .unwrap_or_default()
    });
    let give_up = {
        let live = use_live();
        Callback::new(move |()| {
            let now = live.client.server_now();
            change(&live, vm, |own| own.note(Stage::Unknown, now));
        })
    };
    let icon = Signal::derive(move || look.get().0);
    let follow_label = Signal::derive(move || format!("Stop following {}", name.get()));
    view! {
        <li class=move || format!("mig-move {}", look.get().1) aria-label=move || name.get()>
            <div class="mig-move-head">
                <Icon name=icon/>
                <Link class="link strong" to=Signal::derive(move || paths::vm(vm))>{move || name.get()}</Link>
                <span class="quiet">{move || way.get()}</span>
                <span class="mig-move-state">{move || look.get().2}</span>
                {move || task.get().map(|task| view! { <Link class="link" to=paths::task(&task)>"Log"</Link> })}
                {move || lost.get().then(|| view! {
                    <Button label=follow_label look=ButtonLook::Quiet size=ControlSize::Small on_press=give_up/>
                })}
                {move || open.get().then(|| view! { <Abort own=own name=name vm=vm/> })}
            </div>
            {move || runs.get().map(|task| view! {
                <Flowing vm=vm number=number task=task before=before.get_untracked() shares=shares/>
            })}
            <div role="alert">
                {move || why.get().map(|why| view! { <p class="mig-move-why">{why}</p> })}
                {move || remark.get().map(|words| view! { <p class="quiet">{words}</p> })}
            </div>
            <Outcome own=own/>
        </li>
    }
}

/// What there is to say beside how it stands.
fn silence(own: &Move) -> Option<String> {
    let words = match &own.stage {
        Stage::Unsure(_) => {
            "The connection broke before an answer came. The server is asked what it did; nothing is sent again."
        }
        Stage::Runs(None) => {
            "The server took it and named no task. It is looked for; nothing is sent again."
        }
        Stage::Unknown => {
            "It is not followed any more, and may still go on: the page of the VM shows where it is."
        }
        stage if stage.is_under_way() && own.stuck => {
            "Nothing is heard of it for now; the server is asked on."
        }
        _ => return own.remark.clone(),
    };
    Some(words.to_owned())
}

/// Asks first: what was copied so far is thrown away.
#[component]
fn Abort(own: Memo<Option<Move>>, name: Memo<String>, vm: VmId) -> impl IntoView {
    let live = use_live();
    let asking = RwSignal::new(false);
    // As of the press.
    let task = move || match own.get_untracked().map(|own| own.stage) {
        Some(Stage::Runs(task)) => task,
        _ => None,
    };
    let wanted = Memo::new(move |_| own.with(|own| own.as_ref().is_some_and(|own| own.stop)));
    let stays = Signal::derive(move || {
        wanted.get().then(|| {
            let sent = own.with(|own| {
                let stage = own.as_ref().map(|own| &own.stage);
                matches!(stage, Some(Stage::Runs(Some(_))))
            });
            let words = if sent {
                "The server has been asked to abort it"
            } else {
                "It is aborted as soon as its task is known"
            };
            words.to_owned()
        })
    });
    let on_confirm = confirm_now(move || {
        change(&live, vm, |own| own.stop = true);
        if let Some(task) = task() {
            abort(&live, vm, task);
        }
    });
    view! {
        <Button
            label=Signal::derive(move || format!("Abort {}", name.get()))
            look=ButtonLook::DangerQuiet
            size=ControlSize::Small
            disabled=stays
            on_press=move |()| asking.set(true)
        />
        <ConfirmDialog
            open=asking
            on_close=move |()| asking.set(false)
            title=Signal::derive(move || format!("Abort the migration of {}?", name.get()))
            lead="It stays on the node that it is on. What was copied so far is thrown away."
            verb="Abort migration"
            keep=Signal::stored("Let it go on".to_owned())
            on_confirm=on_confirm
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
                _ if *node == own.from => format!("Still on {node}"),
                _ => format!("Seen on {node}"),
            })
        })
    });
    let after = Memo::new(move |_| {
        own.with(|own| {
            own.clone()
                .filter(|own| own.stage.is_over() && own.after.is_some())
        })
    });
    view! {
        {move || words.get().map(|words| view! { <p class="mig-move-now">{words}</p> })}
        {move || after.get().map(|own| view! { <DiskTable own=own/> })}
    }
}

/// Progress of a task, read from the server's status where it tells one, else from the log.
#[component]
fn Flowing(
    vm: VmId,
    number: Memo<Option<u64>>,
    task: Upid,
    /// Its drives before: not every log tells their sizes.
    before: Vec<Drive>,
    shares: Shares,
) -> impl IntoView {
    let live = use_live();
    let store = live.task(&task);
    let (state, log) = (store.task.watch(), store.log.watch());
    let told: RwSignal<Option<MigrationStatus>> = RwSignal::new(None);
    {
        let live = live.clone();
        spawn::page(async move {
            loop {
                // The log tells the rest where the server does not; what it said before is old.
                let number = number.get_untracked();
                let status = migrate::status(&live.client, vm, number).await;
                told.set(status.ok().filter(|status| status.running));
                live.client.sleep(PACE).await;
            }
        });
    }
    let read: Memo<Flow> = Memo::new(move |_| {
        log.get()
            .map(|log| flow_of(log.from(0), &before))
            .unwrap_or_default()
    });
    let share = Memo::new(move |_| {
        told.with(|told| told.as_ref()?.progress)
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
        let told = told.with(|told| told.as_ref().map(|own| own.status.clone()));
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
