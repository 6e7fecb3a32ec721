//! Deleting several: which, in which order; then how far it has come, and what to do where one
//! failed. How far rolling back several has come is told in the same way.

use super::super::ask::SnapshotAsk;
use super::super::may;
use crate::components::time::format_near;
use crate::components::{
    Button, ButtonLook, Dialog, DialogSize, Icon, IconName, Note, Progress, Tone,
};
use crate::domain::snapshot::sweep::{Counts, Deed, Row, State, Sweep, Target, newest_first};
use crate::domain::units::{Fraction, count};
use crate::stores::sweeps::{GoOn, Sweeps};
use crate::stores::{Live, use_live};
use leptos::prelude::*;
use std::sync::Arc;

/// More than so many are counted, not drawn, before it begins.
const DRAWN: usize = 100;

#[component]
pub(super) fn SweepDialog(
    targets: Vec<Target>,
    ask: SnapshotAsk,
    on_close: Callback<()>,
) -> impl IntoView {
    let live = use_live();
    let sweeps = live.sweeps.clone();
    let mut ordered = targets;
    newest_first(&mut ordered);
    let begun = RwSignal::new(ordered.is_empty());
    let targets = StoredValue::new(ordered);
    let sweep = sweeps.sweep();
    watch_it(&sweeps, begun, on_close);
    let title = Signal::derive(move || {
        let words = sweep.with(|sweep| sweep.as_ref().map(|sweep| sweep.title()));
        match (begun.get(), words) {
            (true, Some(words)) => words,
            _ => format!("Delete {}?", many(targets.with_value(Vec::len))),
        }
    });
    let on_begin = {
        let live = live.clone();
        Callback::new(move |()| {
            if live.grace.seconds() > 0 {
                live.sweep_in_time(Deed::Delete, targets.get_value());
                ask.tell_swept();
                on_close.run(());
            } else if live.sweep(Deed::Delete, targets.get_value()) {
                begun.set(true);
                ask.tell_swept();
            }
        })
    };
    let body = move || {
        if begun.get() {
            view! { <Report sweep=sweep/> }.into_any()
        } else {
            targets.with_value(|targets| view! { <Which targets=targets.clone()/> }.into_any())
        }
    };
    let foot = move || {
        let live = live.clone();
        if begun.get() {
            view! { <ReportFoot live=live on_close=on_close/> }.into_any()
        } else {
            let label = format!("Delete {}", many(targets.with_value(Vec::len)));
            let refused = Signal::derive(move || may::sweep(&live));
            view! {
                <Button label="Keep them" on_press=on_close attr:autofocus=true/>
                <Button label=label look=ButtonLook::Danger disabled=refused on_press=on_begin/>
            }
            .into_any()
        }
    };
    view! {
        <Dialog open=true on_close=on_close title=title size=DialogSize::Normal footer=foot>
            {body}
        </Dialog>
    }
}

fn many(number: usize) -> String {
    count(number, "snapshot", "snapshots")
}

/// While it is looked at nothing is told in passing; where all went well there is nothing left to
/// look at.
fn watch_it(sweeps: &Sweeps, begun: RwSignal<bool>, on_close: Callback<()>) {
    sweeps.watch(true);
    let ending = sweeps.clone();
    on_cleanup(move || ending.watch(false));
    let sweep = sweeps.sweep();
    Effect::new(move || {
        if begun.get() && sweep.with(Option::is_none) {
            let _ = on_close.try_run(());
        }
    });
}

/// What would be deleted, in the order in which it goes.
#[component]
fn Which(targets: Vec<Target>) -> impl IntoView {
    let live = use_live();
    let now = live.clock.now();
    let mut vms: Vec<_> = targets.iter().map(|target| target.vm).collect();
    vms.sort_unstable();
    vms.dedup();
    let several = vms.len() > 1;
    let lead = if several {
        format!(
            "Their states are lost and can't be gone back to; the {} stay as they are.",
            count(vms.len(), "VM", "VMs")
        )
    } else {
        "Their states are lost and can't be gone back to; the VM stays as it is.".to_owned()
    };
    let more = targets.len().saturating_sub(DRAWN);
    let rows = targets.into_iter().take(DRAWN).map(move |target| {
        let of = several.then(|| format!(" of {}", target.vm_name));
        let at = target.taken.map(|at| format_near(at, now));
        view! { <li><b>{target.name}</b>{of}<span class="snap-aside">{at}</span></li> }
    });
    view! {
        <p class="confirm-lead">{lead}</p>
        <p>"One after the other, the newest first. After the first that fails nothing more is deleted."</p>
        <ol class="snap-which" aria-label="In this order">{rows.collect_view()}</ol>
        {(more > 0).then(|| view! { <p class="quiet">{format!("and {more} more")}</p> })}
    }
}

fn counts(sweep: Signal<Option<Arc<Sweep>>>) -> Memo<Counts> {
    Memo::new(move |_| {
        sweep.with(|sweep| {
            sweep
                .as_ref()
                .map(|sweep| sweep.counts())
                .unwrap_or_default()
        })
    })
}

#[component]
fn Report(sweep: Signal<Option<Arc<Sweep>>>) -> impl IntoView {
    let live = use_live();
    let counts = counts(sweep);
    #[expect(clippy::cast_precision_loss, reason = "drawn")]
    let share = Signal::derive(move || {
        let counts = counts.get();
        Some(Fraction(counts.done as f64 / counts.all.max(1) as f64))
    });
    let far = move || {
        let counts = counts.get();
        format!("{} of {}", counts.done, counts.all)
    };
    let sweeps = live.sweeps.clone();
    let ended = Memo::new(move |_| !sweeps.is_running());
    let outcome = move || {
        let words = sweep.with(|sweep| sweep.as_ref().map(|sweep| sweep.outcome()));
        ended.get().then(|| words.map(|words| format!("{words}.")))
    };
    // Only what is left is as it was.
    let stopped = Memo::new(move |_| {
        let counts = counts.get();
        (counts.stopped() > 0 && ended.get() && counts.left > 0).then_some(counts.left)
    });
    let several = Memo::new(move |_| {
        sweep.with(|sweep| {
            let rows = sweep.as_ref().map(|sweep| sweep.rows.as_slice());
            let rows = rows.unwrap_or_default();
            rows.iter()
                .any(|row| Some(row.target.vm) != rows.first().map(|first| first.target.vm))
        })
    });
    let deed = Memo::new(move |_| {
        sweep.with(|sweep| sweep.as_ref().map(|sweep| sweep.deed).unwrap_or_default())
    });
    let done_with = move || match deed.get() {
        Deed::Delete => "Snapshots deleted",
        Deed::RollBack => "VMs rolled back",
    };
    let rows = move || {
        let rows = sweep.with(|sweep| sweep.as_ref().map(|sweep| sweep.rows.clone()));
        rows.unwrap_or_default()
            .into_iter()
            .enumerate()
            .collect::<Vec<_>>()
    };
    view! {
        <div class="snap-far">
            <Progress label=Signal::derive(move || done_with().to_owned()) share=share bar_only=true/>
            <span>{far}</span>
        </div>
        <p class="snap-outcome" role="status">{outcome}</p>
        {move || stopped.get().map(|left| {
            let left = match left {
                1 => "the 1 left is as it was".to_owned(),
                left => format!("the {left} left are as they were"),
            };
            view! { <Note tone=Tone::Warn>{format!("It stopped at the first that failed; {left}.")}</Note> }
        })}
        <ol class="snap-which" aria-label="Snapshots">
            <For each=rows key=|(place, row)| (*place, row.state.clone()) let:row>
                {line(row.1, deed.get_untracked(), several)}
            </For>
        </ol>
    }
}

fn line(row: Row, deed: Deed, several: Memo<bool>) -> impl IntoView {
    let (doing, done) = deed.words();
    let (tone, icon, word, why) = match row.state {
        State::Waits => (Tone::Idle, IconName::Hourglass, "Waits", None),
        State::Runs => (Tone::Info, IconName::Spinner, doing, None),
        State::Done => (Tone::Ok, IconName::Check, done, None),
        State::Failed(why) => (Tone::Bad, IconName::X, "Failed", Some(why)),
        State::Unknown(why) => (Tone::Warn, IconName::Help, "Not known", Some(why)),
    };
    let (vm, name) = (row.target.vm_name, row.target.name);
    // What changes stands first: the snapshot, or the VM.
    let (first, rest) = match deed {
        Deed::Delete => {
            let of = move || several.get().then(|| format!(" of {vm}"));
            (name, of.into_any())
        }
        Deed::RollBack => (vm, format!(" to {name}").into_any()),
    };
    view! {
        <li>
            <b>{first}</b>
            {rest}
            <span class=format!("snap-mark {}", tone.class())><Icon name=icon/>{word}</span>
            {why.map(|why| view! { <p class="snap-why">{why}</p> })}
        </li>
    }
}

#[component]
fn ReportFoot(live: Live, on_close: Callback<()>) -> impl IntoView {
    let sweeps = live.sweeps.clone();
    let counts = counts(sweeps.sweep());
    let running = {
        let sweeps = sweeps.clone();
        Memo::new(move |_| sweeps.is_running())
    };
    let stopping = {
        let sweeps = sweeps.clone();
        Memo::new(move |_| sweeps.is_stopping())
    };
    let go = Callback::new(move |how: GoOn| live.go_on_sweeping(how));
    let failed = Memo::new(move |_| counts.get().stopped() > 0);
    let left = Memo::new(move |_| counts.get().left);
    let (stops, done) = (sweeps.clone(), sweeps);
    let stop = Callback::new(move |()| stops.stop());
    let put_away = Callback::new(move |()| {
        done.put_away();
        on_close.run(());
    });
    let on = move || {
        let stop_word = Signal::derive(move || {
            let word = if stopping.get() { "Stopping" } else { "Stop" };
            word.to_owned()
        });
        view! {
            <Button label="Close, it goes on" on_press=on_close/>
            <Button label=stop_word busy=stopping on_press=stop/>
        }
        .into_any()
    };
    let off = move || {
        let rest = move || {
            let how = if failed.get() {
                GoOn::Past
            } else {
                GoOn::Plainly
            };
            (left.get() > 0).then(|| {
                view! {
                    <Button
                        label=format!("Go on with the other {}", left.get())
                        look=ButtonLook::DangerQuiet
                        on_press=move |()| go.run(how)
                    />
                }
            })
        };
        view! {
            {rest}
            {move || failed.get().then(|| view! {
                <Button
                    label="Try again"
                    icon=Signal::stored(IconName::Refresh)
                    on_press=move |()| go.run(GoOn::Again)
                />
            })}
            <Button label="Done" look=ButtonLook::Primary on_press=put_away/>
        }
        .into_any()
    };
    move || if running.get() { on() } else { off() }
}
