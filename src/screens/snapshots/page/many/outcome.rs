//! What would come of it, as the server says, and what came of each VM.

use super::form::Form;
use crate::api::bulk::{BulkForecast, BulkVmResult};
use crate::components::faces::FailureNote;
use crate::components::{CallFold, Icon, IconName, Note, Tone};
use crate::domain::ids::Upid;
use crate::domain::task::TaskState;
use crate::paths;
use crate::screens::page::Link;
use leptos::prelude::*;

/// More than so many are counted, not drawn.
const DRAWN: usize = 200;

#[component]
pub(super) fn Review(form: Form) -> impl IntoView {
    let rows = form.forecast.get_untracked();
    let more = rows.affected.len().saturating_sub(DRAWN);
    let left = untrack(|| form.left_out()).len();
    let warnings = rows.warnings.clone();
    let live = form.live();
    let line = move |row: &BulkForecast| {
        let name = row.name.clone().unwrap_or_else(|| live.vm_name(row.vmid));
        let (tone, icon, words) = if row.would_succeed {
            let called = row.proposed_name.clone().unwrap_or_default();
            (Tone::Ok, IconName::Check, called)
        } else {
            let why = row.reason.clone();
            let why = why.unwrap_or_else(|| "The server gives no reason".to_owned());
            (Tone::Bad, IconName::X, why)
        };
        let has = row.current_snapshots.map(|number| format!("has {number}"));
        view! {
            <li>
                <b>{name}</b>
                <span class="mono quiet">{row.vmid.to_string()}</span>
                <span class="snap-aside">{has}</span>
                <span class=format!("snap-mark {}", tone.class())><Icon name=icon/>{words}</span>
            </li>
        }
    };
    let lines = rows.affected.iter().take(DRAWN).map(line).collect_view();
    let call = Signal::derive(move || form.call());
    view! {
        <FailureNote error=form.error/>
        {warnings.into_iter().map(|words| view! { <Note tone=Tone::Warn>{words}</Note> }).collect_view()}
        {(left > 0).then(|| view! {
            <Note tone=Tone::Warn>{format!("{left} can't be taken and would be left out")}</Note>
        })}
        <ol class="snap-which" aria-label="What would come of it">{lines}</ol>
        {(more > 0).then(|| view! { <p class="quiet">{format!("and {more} more")}</p> })}
        <CallFold text=call/>
    }
}

/// What came of each, kept up with its task.
#[component]
pub(super) fn Outcome(form: Form) -> impl IntoView {
    let results = form.results.get_untracked();
    let more = results.len().saturating_sub(DRAWN);
    let lines = results.into_iter().take(DRAWN).map(|row| line(form, row));
    view! {
        <ol class="snap-which" aria-label="What came of each">{lines.collect_view()}</ol>
        {(more > 0).then(|| view! { <p class="quiet">{format!("and {more} more")}</p> })}
        <p class="quiet">"Each goes on as a task when this is closed; the tray follows them."</p>
    }
}

fn line(form: Form, row: BulkVmResult) -> impl IntoView {
    let name = row
        .name
        .clone()
        .unwrap_or_else(|| form.live().vm_name(row.vmid));
    let said = match (&row.error, &row.message) {
        (Some(error), _) => error.clone(),
        (None, Some(message)) => message.clone(),
        (None, None) => String::new(),
    };
    let task = row.task.clone();
    let state = Memo::new(move |_| task.as_ref().and_then(|task| state_of(form, task)));
    let success = row.success;
    let mark = move || {
        let (tone, icon, words) = match state.get() {
            _ if !success => (Tone::Bad, IconName::X, said.clone()),
            Some(TaskState::Ok) => (Tone::Ok, IconName::Check, "Taken".to_owned()),
            Some(TaskState::Failed(why)) => (Tone::Bad, IconName::X, why),
            Some(TaskState::Running) => (Tone::Info, IconName::Spinner, said.clone()),
            // No task is named, or it is not followed any more: nothing turns for ever.
            None => (Tone::Info, IconName::Check, said.clone()),
            Some(other) => (Tone::Warn, IconName::Triangle, other.word().to_owned()),
        };
        view! { <span class=format!("snap-mark {}", tone.class())><Icon name=icon/>{words}</span> }
    };
    let log = row
        .task
        .map(|task| view! { <Link to=paths::task(&task)>"Task"</Link> });
    view! {
        <li>
            <b>{name}</b>
            <span class="mono quiet">{row.vmid.to_string()}</span>
            {log}
            {mark}
        </li>
    }
}

/// How a task stands, as the tray knows it; tracked.
fn state_of(form: Form, task: &Upid) -> Option<TaskState> {
    form.live().tray.mine().with(|mine| {
        let own = mine.iter().find(|own| own.upid.as_ref() == Some(task));
        own.map(crate::stores::tray::TrayTask::state)
    })
}
