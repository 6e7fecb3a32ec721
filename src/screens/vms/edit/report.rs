//! How far the edit has come, what came of each VM, and what can be done about it.

use super::super::bulk_result::Mark;
use super::form::Form;
use super::run;
use crate::components::{Button, ButtonLook, IconName, Note, Progress, Tone};
use crate::domain::mass_edit::{Counts, Job, LeftOut, Row, State};
use crate::domain::units::Fraction;
use leptos::prelude::*;

fn counts(form: Form) -> Memo<Counts> {
    let job = form.edit.live().edits.job();
    Memo::new(move |_| job.with(|job| job.as_ref().map(|job| job.counts()).unwrap_or_default()))
}

fn running(form: Form) -> Memo<bool> {
    let edits = form.edit.live().edits.clone();
    Memo::new(move |_| edits.is_running())
}

#[component]
pub(super) fn Report(form: Form) -> impl IntoView {
    let job = form.edit.live().edits.job();
    let (counts, running) = (counts(form), running(form));
    #[expect(clippy::cast_precision_loss, reason = "drawn")]
    let share = Signal::derive(move || {
        let counts = counts.get();
        Some(Fraction(
            (counts.all - counts.open) as f64 / counts.all.max(1) as f64,
        ))
    });
    let far = move || {
        let counts = counts.get();
        format!("{} of {}", counts.all - counts.open, counts.all)
    };
    let outcome = move || {
        let words = job.with(|job| job.as_ref().map(|job| job.outcome()));
        (!running.get())
            .then(|| words.map(|words| format!("{words}.")))
            .flatten()
    };
    let notes = move || {
        let counts = counts.get();
        let changed = (counts.changed > 0 && !running.get()).then(|| view! {
            <Note tone=Tone::Warn>
                "What somebody else changed meanwhile was not overwritten: look again at what would change now."
            </Note>
        });
        let held = (counts.held > 0).then(|| view! {
            <p class="quiet">"The server's safety rules kept some out; Force goes past them."</p>
        });
        view! { {changed} {held} }
    };
    let rows = move || job.with(|job| job.as_ref().map(|job| job.rows.clone()).unwrap_or_default());
    let left = Memo::new(move |_| {
        job.with(|job| {
            job.as_ref()
                .map(|job| job.left_out.clone())
                .unwrap_or_default()
        })
    });
    view! {
        <div class="vms-edit-far">
            <Progress label="Progress of the edit" share=share bar_only=true/>
            <span>{far}</span>
        </div>
        <p class="vms-edit-sum" role="status">{outcome}</p>
        {notes}
        <table class="vms-results" aria-label="VMs of the edit">
            <thead class="vh">
                <tr><th scope="col">"VM"</th><th scope="col">"Result"</th><th scope="col">"Details"</th></tr>
            </thead>
            <tbody>
                <For each=rows key=|row| (row.vm, row.state.clone()) let:row>{line(row)}</For>
                {move || left.get().into_iter().map(left_out).collect_view()}
            </tbody>
        </table>
    }
}

fn line(row: Row) -> impl IntoView {
    let (tone, icon, word, details) = match row.state {
        State::Waiting | State::Look { .. } => {
            (Tone::Idle, IconName::Hourglass, "Waits", String::new())
        }
        State::Sent => (Tone::Info, IconName::Spinner, "Under way", String::new()),
        State::Done => (Tone::Ok, IconName::Check, "Changed", String::new()),
        State::Same => (
            Tone::Ok,
            IconName::Check,
            "Unchanged",
            "It was so already".to_owned(),
        ),
        State::Refused { why, .. } => (Tone::Bad, IconName::X, "Refused", why),
        State::Lost(why) => (
            Tone::Bad,
            IconName::Help,
            "Not known",
            format!("{why}. It may be changed: trying again looks first."),
        ),
        State::Changed => (
            Tone::Warn,
            IconName::Triangle,
            "Changed meanwhile",
            "Somebody else changed it: look again".to_owned(),
        ),
    };
    view! {
        <tr>
            <th scope="row">{row.name}" "<span class="mono">{row.vm.to_string()}</span></th>
            <td><Mark tone=tone icon=icon word=word/></td>
            <td>{details}</td>
        </tr>
    }
}

fn left_out(LeftOut { name, why }: LeftOut) -> impl IntoView {
    view! {
        <tr>
            <th scope="row">{name}</th>
            <td><Mark tone=Tone::Idle icon=IconName::Minus word="Left out"/></td>
            <td>{why}</td>
        </tr>
    }
}

/// The buttons below the report.
#[component]
pub(super) fn Buttons(form: Form) -> impl IntoView {
    let (counts, running) = (counts(form), running(form));
    let edits = form.edit.live().edits.clone();
    let job = edits.job();
    let stopping = {
        let edits = edits.clone();
        Memo::new(move |_| edits.is_stopping())
    };
    let can_undo = Memo::new(move |_| {
        job.with(|job| {
            job.as_ref()
                .is_some_and(|job| !job.undoes && job.undo().is_some())
        })
    });
    let again = Callback::new(move |force: bool| {
        form.edit
            .live()
            .edits
            .change(|job: &mut Job| job.retry(force));
        run::go(form.edit);
    });
    let stop = Callback::new(move |()| edits.stop());
    let undo = Callback::new(move |()| {
        let live = form.edit.live();
        if let Some(job) = live.edits.peek() {
            run::undo(&live, form.edit.toasts, form.edit.shown, &job);
        }
    });
    let go_on = move |()| run::go(form.edit);
    let label = move |what: &'static str, of: fn(Counts) -> usize, rest: &'static str| {
        Signal::derive(move || format!("{what} {}{rest}", of(counts.get())))
    };
    let number = move |of: fn(Counts) -> usize| Memo::new(move |_| of(counts.get()) > 0);
    let (held, failed) = (number(|counts| counts.held), number(|counts| counts.failed));
    let (changed, open) = (
        number(|counts| counts.changed),
        number(|counts| counts.open),
    );
    let rests = move || {
        view! {
            {move || (can_undo.get() && !open.get()).then(|| view! {
                <span class="dialog-aside"><Button label="Undo" look=ButtonLook::Quiet icon=Signal::stored(IconName::Undo) on_press=undo/></span>
            })}
            {move || held.get().then(|| view! {
                <Button label=label("Force", |c| c.held, "") look=ButtonLook::DangerQuiet on_press=move |()| again.run(true)/>
            })}
            {move || failed.get().then(|| view! {
                <Button label=label("Try", |c| c.failed, " again") icon=Signal::stored(IconName::Refresh) on_press=move |()| again.run(false)/>
            })}
            {move || changed.get().then(|| view! {
                <Button label=label("Look again at", |c| c.changed, "") on_press=move |()| form.look_again()/>
            })}
            {move || open.get().then(|| view! { <Button label="Go on" on_press=go_on/> })}
            <Button label="Done" look=ButtonLook::Primary on_press=move |()| form.close()/>
        }
    };
    let runs = move || {
        view! {
            <Button label="Close, it goes on" on_press=move |()| form.close()/>
            <Button
                label=Signal::derive(move || if stopping.get() { "Stopping" } else { "Stop" }.to_owned())
                busy=stopping
                on_press=stop
            />
        }
    };
    move || {
        if running.get() {
            runs().into_any()
        } else {
            rests().into_any()
        }
    }
}
