//! A run under way, or through: as a whole, and VM by VM.

mod disks;
mod moving;

use super::drive::drive;
use super::kept::change_run;
use crate::components::{Button, ButtonLook, Card, Note, Progress, Tone};
use crate::domain::ids::VmId;
use crate::domain::migrate::{Counts, Move, Run, Stage};
use crate::domain::units::Fraction;
use crate::stores::actions::Failures;
use crate::stores::{Live, use_live};
use leptos::prelude::*;
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
    // What was kept over a reload goes on by itself: nothing of it is sent twice.
    drive(&live);
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
            ..
        } = counts.get();
        let mut words = format!("{done} of {all} done");
        for (count, word) in [(failed, "failed"), (aborted, "aborted"), (waits, "waiting")] {
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
            <Controls counts=counts over=over run=run on_more=on_more/>
            {move || (!over.get()).then(|| view! {
                <p class="quiet">"It goes on when you leave this page; the tasks button above shows how it stands."</p>
            })}
        </Card>
    }
}

/// Aborts what runs, and begins nothing more.
fn abort_all(live: &Live, run: Memo<Option<Run>>) {
    change_run(live, Run::stop);
    let tasks: Vec<_> = run.with_untracked(|run| {
        let moves = run.iter().flat_map(|run| &run.moves);
        moves
            .filter(|own| own.stage.is_under_way())
            .filter_map(|own| own.task.clone())
            .collect()
    });
    for task in tasks {
        drop(live.actions.cancel_task(task, Failures::Toast));
    }
}

#[component]
fn Controls(
    counts: Memo<Counts>,
    over: Memo<bool>,
    run: Memo<Option<Run>>,
    on_more: Callback<()>,
) -> impl IntoView {
    let live = use_live();
    let live = StoredValue::new(live);
    let again = move |()| {
        live.with_value(|live| {
            change_run(live, Run::again);
            drive(live);
        });
    };
    let stop = move |()| {
        live.with_value(|live| change_run(live, Run::stop));
    };
    let several = Memo::new(move |_| counts.with(|own| own.all > 1));
    let waits = Memo::new(move |_| counts.with(|own| own.waits > 0));
    let undone = Memo::new(move |_| counts.with(|own| own.failed + own.aborted + own.left));
    view! {
        <div class="btn-row">
            {move || (!over.get() && waits.get()).then(|| view! {
                <Button label="Begin no more" on_press=stop/>
            })}
            {move || (!over.get() && several.get()).then(|| view! {
                <Button
                    label="Abort all"
                    look=ButtonLook::DangerQuiet
                    on_press=move |()| live.with_value(|live| abort_all(live, run))
                />
            })}
            {move || (over.get() && undone.get() > 0).then(|| view! {
                <Button label=format!("Try {} again", crate::domain::units::count(undone.get(), "VM", "VMs")) on_press=again/>
            })}
            {move || over.get().then(|| view! {
                <Button label="Migrate more" look=ButtonLook::Primary on_press=on_more/>
            })}
        </div>
    }
}
