//! Carrying an edit out: a few VMs at a time, each guarded by the digest of what was looked at.

use super::look::{look, words};
use super::{MassEdit, Shown};
use crate::api::vms::ConfigPatch;
use crate::api::{ApiError, ErrorKind};
use crate::components::{Toast, Toasts, Tone};
use crate::domain::mass_edit::{Job, Row, Settled, State, settle};
use crate::screens::common::pool::pool;
use crate::stores::{Live, spawn};
use futures_util::FutureExt;
use leptos::prelude::*;

/// How many VMs are changed at once.
const AT_ONCE: usize = 3;

/// Goes on with the edit that is kept, until its end or until it is told to stop; also when the
/// page is left.
pub(super) fn go(edit: MassEdit) {
    go_on(edit.live(), edit.toasts, edit.shown);
}

fn go_on(live: Live, toasts: Toasts, shown: RwSignal<Option<Shown>>) {
    if !live.edits.start() {
        return;
    }
    live.edits.change(Job::resume);
    spawn::action(async move {
        let next = || {
            // Without a server everything would only fail; it goes on when the person says so.
            if !live.connection.is_up() {
                live.edits.stop();
            }
            let row = live.edits.begin_next()?;
            let live = live.clone();
            let work = async move {
                let state = carry_out(&live, &row).await;
                live.edits.note(row.vm, state);
            };
            Some(work.boxed_local())
        };
        pool(AT_ONCE, &next).await;
        live.edits.rest();
        tell(&live, toasts, shown);
    });
}

async fn carry_out(live: &Live, row: &Row) -> State {
    let digest = match row.state {
        State::Look { sent } => {
            let now = match look(live, row.vm, has_agent(row)).await {
                Ok(now) => now,
                Err(error) if sent => return State::Lost(words(&error)),
                Err(error) => return refused(&error),
            };
            match settle(row, &now) {
                Settled::There if sent => return State::Done,
                Settled::There => return State::Same,
                Settled::Changed => return State::Changed,
                Settled::Send => now.digest(),
            }
        }
        _ => row.digest.clone(),
    };
    let patch = ConfigPatch::from(row.patch.clone())
        .digest(digest)
        .force(row.force);
    match live.actions.edit_config(row.vm, patch).await {
        Some(Ok(_)) => State::Done,
        // Where both made the same change, or a network sent ours twice, nothing is left to do.
        Some(Err(error)) if error.kind == ErrorKind::Conflict => {
            match look(live, row.vm, has_agent(row)).await {
                Ok(now) if now.has(&row.patch) => State::Same,
                _ => State::Changed,
            }
        }
        Some(Err(error)) => refused(&error),
        None => State::Refused {
            why: "Another change of this VM is under way".to_owned(),
            safety: false,
        },
    }
}

fn has_agent(row: &Row) -> bool {
    row.patch.iter().any(|(key, _)| key == "agent")
}

fn refused(error: &ApiError) -> State {
    let why = words(error);
    match error.kind {
        // The change may have been made although its answer did not come.
        ErrorKind::Network | ErrorKind::Timeout | ErrorKind::Aborted | ErrorKind::Decode => {
            State::Lost(why)
        }
        kind => State::Refused {
            why,
            safety: kind == ErrorKind::SafeMode,
        },
    }
}

/// A line in passing where all went well, or where nobody sees the report.
fn tell(live: &Live, toasts: Toasts, shown: RwSignal<Option<Shown>>) {
    let Some(job) = live.edits.peek() else { return };
    let counts = job.counts();
    let watched = shown
        .try_with_untracked(Option::is_some)
        .unwrap_or_default();
    let well = counts.done == counts.all;
    if counts.open > 0 || (watched && !well) {
        return;
    }
    if well && !watched {
        live.edits.put(None);
    }
    let title = format!("{}: {}", job.name(), job.outcome());
    let mut toast = Toast::new(if well { Tone::Ok } else { Tone::Warn }, title).key("mass-edit");
    if job.undo().is_some() {
        let live = live.clone();
        toast = toast.action("Undo", move || undo(&live, toasts, shown, &job));
    }
    toasts.push(toast);
}

/// Takes back what an edit changed.
pub(super) fn undo(live: &Live, toasts: Toasts, shown: RwSignal<Option<Shown>>, job: &Job) {
    let other = untrack(|| live.edits.is_running())
        || live
            .edits
            .peek()
            .is_some_and(|other| other.counts().open > 0);
    if other {
        let toast = Toast::new(Tone::Warn, "Another edit has not ended yet")
            .text("Nothing was undone. Go on with it or discard it first.");
        toasts.push(toast);
        return;
    }
    if let Some(back) = job.undo() {
        toasts.dismiss_key("mass-edit");
        live.edits.put(Some(back));
        go_on(live.clone(), toasts, shown);
    }
}
