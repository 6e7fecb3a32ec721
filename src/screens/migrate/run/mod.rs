//! A run under way, or through: as a whole, and VM by VM.

mod disks;
mod moving;

use super::drive::{abort, drive};
use super::kept::{NAME, change_run, peek};
use crate::components::dialog::confirm_now;
use crate::components::{Button, ButtonLook, Card, ConfirmDialog, Loss, Note, Progress, Tone, dom};
use crate::domain::ids::VmId;
use crate::domain::migrate::{Counts, Move, Run, Stage};
use crate::domain::status::VmStatus;
use crate::domain::units::Fraction;
use crate::stores::{Live, use_live};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use moving::MoveRow;
use std::collections::BTreeMap;

/// Shares of the VMs that are on their way.
pub type Shares = RwSignal<BTreeMap<VmId, f64>>;

fn whole(run: &Run, shares: &BTreeMap<VmId, f64>) -> Option<Fraction> {
    let one = |own: &Move| match own.stage {
        Stage::Done => 1.0,
        ref stage if stage.is_under_way() => shares.get(&own.vm).copied().unwrap_or(0.0),
        _ => 0.0,
    };
    let all: f64 = run.moves.iter().map(one).sum();
    #[expect(clippy::cast_precision_loss, reason = "a share")]
    let count = run.moves.len() as f64;
    (count > 0.0).then(|| Fraction(all / count))
}

/// The card of a run.
#[component]
pub fn Under(
    run: Memo<Option<Run>>,
    /// Begins another.
    on_more: Callback<()>,
) -> impl IntoView {
    let live = use_live();
    live.drafts.show(NAME);
    // What was kept over a reload goes on by itself, and what another tab began once that one is
    // closed: nothing of it is sent twice.
    {
        let live = live.clone();
        let open =
            Memo::new(move |_| run.with(|run| run.as_ref().is_some_and(|run| !run.is_over())));
        Effect::new(move || {
            if open.get() {
                drive(&live);
            }
        });
    }
    let elsewhere = {
        let live = live.clone();
        Memo::new(move |_| live.drafts.is_elsewhere(NAME))
    };
    // The button that began it is gone, and the focus with it.
    dom::after_render(|| {
        let heading = document().query_selector(".mig-run h2").ok().flatten();
        if let Some(heading) = heading.filter(|_| dom::focused().is_none()) {
            let _ = heading.set_attribute("tabindex", "-1");
            // Ignored: without focus the page still works.
            let _ = heading.unchecked_into::<web_sys::HtmlElement>().focus();
        }
    });
    let shares: Shares = RwSignal::new(BTreeMap::new());
    let counts =
        Memo::new(move |_| run.with(|run| run.as_ref().map(Run::counts).unwrap_or_default()));
    let over = Memo::new(move |_| run.with(|run| run.as_ref().is_some_and(Run::is_over)));
    let target = Memo::new(move |_| {
        run.with(|run| run.as_ref().map(|run| run.target.clone()))
            .unwrap_or_default()
    });
    let vms = Memo::new(move |_| {
        run.with(|run| {
            let moves = run
                .as_ref()
                .map(|run| run.moves.iter().map(|own| own.vm).collect::<Vec<_>>());
            moves.unwrap_or_default()
        })
    });
    let share = Signal::derive(move || {
        run.with(|run| shares.with(|shares| run.as_ref().and_then(|run| whole(run, shares))))
    });
    let title = Signal::derive(move || format!("Migration to {}", target.get()));
    let said = move || {
        let Counts {
            all,
            done,
            failed,
            aborted,
            waits,
            unknown,
            ..
        } = counts.get();
        let mut words = format!("{done} of {all} done");
        for (count, word) in [
            (failed, "failed"),
            (aborted, "aborted"),
            (waits, "waiting"),
            (unknown, "not known"),
        ] {
            if count > 0 {
                words.push_str(&format!(", {count} {word}"));
            }
        }
        words
    };
    let outcome = Memo::new(move |_| {
        run.with(|run| run.as_ref().filter(|run| run.is_over()).map(Run::outcome))
    });
    view! {
        <Card title=title class="mig-run">
            <div class="mig-whole">
                <Progress label="Overall progress" share=share/>
                <span class="quiet">{said}</span>
            </div>
            <div role="status">
                {move || outcome.get().map(|words| {
                    let Counts { all, done, .. } = counts.get();
                    let tone = if done == all { Tone::Ok } else { Tone::Warn };
                    view! { <Note tone=tone><p>{words}"."</p></Note> }
                })}
            </div>
            <ul class="mig-moves">
                <For each=move || vms.get() key=|vm| *vm let:vm>
                    <MoveRow run=run vm=vm shares=shares/>
                </For>
            </ul>
            {move || if elsewhere.get() {
                view! { <Note><p>"Another tab of this browser carries it out; here it is only shown."</p></Note> }.into_any()
            } else {
                view! { <Controls counts=counts over=over run=run on_more=on_more/> }.into_any()
            }}
            {move || (!over.get()).then(|| view! {
                <p class="quiet">"It goes on when you leave this page; the tasks button above shows how it stands."</p>
            })}
        </Card>
    }
}

/// Aborts what runs, and begins nothing more; what is not known yet, as soon as it is.
fn abort_all(live: &Live) {
    for (vm, task) in change_run(live, Run::abort).unwrap_or_default() {
        abort(live, vm, task);
    }
}

/// Whether a VM would be moved live now: it may have been started or stopped since.
fn online(live: &Live) -> impl Fn(VmId) -> Option<bool> {
    let (rows, offline) = (
        live.vms.rows().clone(),
        peek(live).is_some_and(|kept| kept.draft.offline),
    );
    move |vm| {
        let status = rows.peek(&vm)?.status.clone();
        let on = matches!(
            status,
            VmStatus::Running | VmStatus::Paused | VmStatus::Error
        );
        Some(on && !offline)
    }
}

/// The moves that `which` fits, each a line.
fn lines(run: Memo<Option<Run>>, which: fn(&Move) -> bool) -> Signal<Vec<Loss>> {
    Signal::derive(move || {
        run.with(|run| {
            let moves = run.iter().flat_map(|run| &run.moves);
            let line = |own: &Move| {
                let way = match own.stage {
                    Stage::Waits => "not begun".to_owned(),
                    _ => format!("{} → {}", own.from, own.order.target),
                };
                Loss::new(own.name.clone(), way)
            };
            moves.filter(|own| which(own)).map(line).collect()
        })
    })
}

fn is_open(own: &Move) -> bool {
    !own.stage.is_over()
}

fn is_refused(own: &Move) -> bool {
    own.safe_mode && matches!(own.stage, Stage::Failed(_))
}

#[component]
fn Controls(
    counts: Memo<Counts>,
    over: Memo<bool>,
    run: Memo<Option<Run>>,
    on_more: Callback<()>,
) -> impl IntoView {
    let live = StoredValue::new(use_live());
    let again = move |()| {
        live.with_value(|live| {
            let online = online(live);
            change_run(live, |run| run.again(online));
            drive(live);
        });
    };
    let stop = move |()| {
        live.with_value(|live| change_run(live, Run::stop));
    };
    let (aborting, forcing) = (RwSignal::new(false), RwSignal::new(false));
    let several = Memo::new(move |_| counts.with(|own| own.all > 1));
    let waits = Memo::new(move |_| counts.with(|own| own.waits > 0));
    let undone = Memo::new(move |_| counts.with(|own| own.failed + own.aborted + own.left));
    let refused = lines(run, is_refused);
    let by_rule = Memo::new(move |_| refused.with(Vec::len));
    let vms = |count: usize| crate::domain::units::count(count, "VM", "VMs");
    let force = confirm_now(move || {
        live.with_value(|live| {
            let online = online(live);
            change_run(live, |run| run.force(online));
            drive(live);
        });
    });
    view! {
        <div class="btn-row">
            {move || (!over.get() && waits.get()).then(|| view! {
                <Button label="Begin no more" on_press=stop/>
            })}
            {move || (!over.get() && several.get()).then(|| view! {
                <Button label="Abort all" look=ButtonLook::DangerQuiet on_press=move |()| aborting.set(true)/>
            })}
            {move || (over.get() && undone.get() > 0).then(|| view! {
                <Button label=format!("Try {} again", vms(undone.get())) on_press=again/>
            })}
            {move || (over.get() && by_rule.get() > 0).then(|| view! {
                <Button
                    label=format!("Force {}", vms(by_rule.get()))
                    look=ButtonLook::DangerQuiet
                    on_press=move |()| forcing.set(true)
                />
            })}
            {move || over.get().then(|| view! {
                <Button label="Migrate more" look=ButtonLook::Primary on_press=on_more/>
            })}
        </div>
        <ConfirmDialog
            open=aborting
            on_close=move |()| aborting.set(false)
            title="Abort all of it?"
            lead="What is on its way stays on the node that it is on, and what was copied so far is thrown away. What waits is not begun."
            losses=lines(run, is_open)
            verb="Abort them"
            keep=Signal::stored("Let them go on".to_owned())
            on_confirm=confirm_now(move || live.with_value(abort_all))
        />
        <ConfirmDialog
            open=forcing
            on_close=move |()| forcing.set(false)
            title="Go past the safety rule?"
            lead="The server's safety rules have refused these. Force goes past the rule; devices of the present node stay behind."
            losses=refused
            verb="Migrate by force"
            keep=Signal::stored("Leave them".to_owned())
            on_confirm=force
        />
    }
}
