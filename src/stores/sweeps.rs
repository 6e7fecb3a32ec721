//! Several snapshots that are deleted or gone back to one after the other, each when the task of
//! the one before has ended. Goes on when the page is left; one at a time in the whole console.

use super::live::Live;
use super::notices::{Notice, Tone};
use super::pace::Pace;
use super::spawn;
use crate::api::tasks::{self, TaskState};
use crate::api::{ApiError, ErrorKind, snapshots};
use crate::domain::ids::{Upid, VmId};
use crate::domain::snapshot::sweep::{Deed, State, Sweep, Target};
use crate::domain::units::Instant;
use leptos::prelude::*;
use std::sync::Arc;
use std::time::Duration;

/// The sweep that is under way, or that has ended and was not put away yet.
#[derive(Debug, Clone, Default)]
pub struct Sweeps {
    sweep: ArcRwSignal<Option<Arc<Sweep>>>,
    pace: ArcRwSignal<Pace>,
    /// Somebody looks at how it goes: nothing is told in passing.
    watched: ArcRwSignal<bool>,
}

/// How often a task is asked for.
const PAUSE: Duration = Duration::from_millis(700);
/// A task that answers to nobody for so many turns in a row is given up.
const SILENT: u32 = 20;
/// Where no task is named, the list is looked at for so many turns.
const LOOKS: u32 = 170;

impl Sweeps {
    /// What is under way or has ended.
    #[must_use]
    pub fn sweep(&self) -> Signal<Option<Arc<Sweep>>> {
        self.sweep.clone().into()
    }

    /// Whether one runs; tracked.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.pace.get() != Pace::Rests
    }

    /// Whether it was told to stop and has not yet; tracked.
    #[must_use]
    pub fn is_stopping(&self) -> bool {
        self.pace.get() == Pace::Stops
    }

    /// Lets what is on its way end, and begins nothing more.
    pub fn stop(&self) {
        if self.pace.get_untracked() == Pace::Runs {
            self.pace.set(Pace::Stops);
        }
    }

    /// Puts one that rests away.
    pub fn put_away(&self) {
        if self.pace.get_untracked() == Pace::Rests {
            self.sweep.set(None);
        }
    }

    /// Somebody looks at how it goes, or no longer does.
    pub fn watch(&self, on: bool) {
        self.watched.set(on);
    }

    fn change(&self, change: impl FnOnce(&mut Sweep)) {
        self.sweep.update(|sweep| {
            if let Some(sweep) = sweep {
                change(Arc::make_mut(sweep));
            }
        });
    }

    fn begin_next(&self) -> Option<(Deed, usize, Target)> {
        if self.pace.get_untracked() != Pace::Runs {
            return None;
        }
        let mut next = None;
        self.change(|sweep| {
            next = sweep
                .begin_next()
                .map(|(place, target)| (sweep.deed, place, target));
        });
        next
    }

    pub(super) fn forget(&self) {
        self.stop();
        self.sweep.set(None);
    }
}

/// What to do with those that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GoOn {
    /// Nothing has failed.
    Plainly,
    /// They are tried again first.
    Again,
    /// They are passed over.
    Past,
}

impl Live {
    /// Begins to delete these, or to roll their VMs back; `false` where that is done with others.
    pub fn sweep(&self, deed: Deed, targets: Vec<Target>) -> bool {
        if self.sweeps.pace.get_untracked() != Pace::Rests {
            return false;
        }
        self.sweeps
            .sweep
            .set(Some(Arc::new(Sweep::new(deed, targets))));
        self.go_on_sweeping(GoOn::Plainly);
        true
    }

    /// As [`Live::sweep`], after the seconds in which it can be taken back; what came of it is told
    /// in passing.
    pub fn sweep_in_time(&self, deed: Deed, targets: Vec<Target>) {
        let title = Sweep::new(deed, targets.clone()).title();
        let (live, moment) = (self.clone(), self.grace.hold(title.clone()));
        spawn::action(async move {
            if moment.await && !live.sweep(deed, targets) {
                let words = "Others were under way by then; nothing was sent.";
                live.notices
                    .push(Notice::new(Tone::Warn, format!("{title}: failed")).text(words));
            }
        });
    }

    /// Goes on with what stopped.
    pub fn go_on_sweeping(&self, how: GoOn) {
        let sweeps = &self.sweeps;
        if sweeps.pace.get_untracked() != Pace::Rests {
            return;
        }
        sweeps.change(|sweep| match how {
            GoOn::Plainly => {}
            GoOn::Again => sweep.retry(),
            GoOn::Past => sweep.pass(),
        });
        sweeps.pace.set(Pace::Runs);
        let live = self.clone();
        spawn::action(async move {
            while let Some((deed, place, target)) = live.sweeps.begin_next() {
                let state = match deed {
                    Deed::Delete => delete(&live, &target).await,
                    Deed::RollBack => roll_back(&live, &target).await,
                };
                live.sweeps.change(|sweep| sweep.note(place, state));
                live.actions.one_of_many_ended(target.vm);
            }
            live.sweeps.pace.set(Pace::Rests);
            live.tell_swept();
        });
    }

    /// A line in passing, where nobody sees how it went.
    fn tell_swept(&self) {
        let Some(sweep) = self.sweeps.sweep.get_untracked() else {
            return;
        };
        let counts = sweep.counts();
        let well = counts.done == counts.all;
        let watched = self.sweeps.watched.get_untracked();
        if watched && !well {
            return;
        }
        let tone = if well { Tone::Good } else { Tone::Bad };
        self.notices
            .push(Notice::new(tone, sweep.title()).text(sweep.outcome()));
        if well {
            self.sweeps.put_away();
        }
    }
}

fn words(error: &ApiError) -> String {
    error.message.clone()
}

const OTHER: &str = "Another change of this VM's snapshots is under way";

/// Deletes one and waits until it is gone.
async fn delete(live: &Live, target: &Target) -> State {
    let since = live.client.server_now();
    let deleting = live
        .actions
        .delete_one_of_many(target.vm, target.name.clone());
    let state = match deleting.await {
        Some(Ok(started)) => match started.task {
            Some(task) => ended(live, &task).await,
            None => return gone(live, target.vm, &target.name).await,
        },
        // One of an earlier try, or of somebody else.
        Some(Err(error)) if error.kind == ErrorKind::NotFound => return State::Done,
        Some(Err(error)) if error.is_unsure() => {
            let kinds = ["qmdelsnapshot", "vzdelsnapshot"];
            match begun(live, target.vm, kinds, since, &error).await {
                // The task of the one before may have been taken for this one's.
                State::Done if is_there(live, target.vm, &target.name).await != Some(false) => {
                    State::Unknown(format!("Not known whether it began: {}", words(&error)))
                }
                state => state,
            }
        }
        Some(Err(error)) => State::Failed(words(&error)),
        None => State::Failed(OTHER.to_owned()),
    };
    match state {
        // The list tells where nobody else does.
        State::Unknown(why) => match is_there(live, target.vm, &target.name).await {
            Some(false) => State::Done,
            _ => State::Unknown(why),
        },
        state => state,
    }
}

/// Rolls a VM back and waits until it is done.
async fn roll_back(live: &Live, target: &Target) -> State {
    let since = live.client.server_now();
    let going = live
        .actions
        .roll_back_one_of_many(target.vm, target.name.clone());
    match going.await {
        Some(Ok(started)) => match started.task {
            Some(task) => ended(live, &task).await,
            // A server that names no task has done it when it answers.
            None => State::Done,
        },
        Some(Err(error)) if error.is_unsure() => {
            begun(live, target.vm, ["qmrollback", "vzrollback"], since, &error).await
        }
        Some(Err(error)) => State::Failed(words(&error)),
        None => State::Failed(OTHER.to_owned()),
    }
}

/// No answer came: the task says whether it began.
async fn begun(live: &Live, vm: VmId, kinds: [&str; 2], since: Instant, error: &ApiError) -> State {
    for _ in 0..SILENT {
        let mut asked = true;
        for kind in kinds {
            match tasks::begun_since(&live.client, vm, kind, since).await {
                Ok(Some(task)) => return ended(live, &task).await,
                Ok(None) => {}
                Err(_) => asked = false,
            }
        }
        if asked {
            break;
        }
        live.client.sleep(PAUSE).await;
    }
    State::Unknown(format!("Not known whether it began: {}", words(error)))
}

async fn is_there(live: &Live, vm: VmId, name: &str) -> Option<bool> {
    let rows = snapshots::list(&live.client, vm).await.ok()?;
    Some(rows.good.iter().any(|row| row.name == name))
}

/// Waits for the end of a task.
async fn ended(live: &Live, task: &Upid) -> State {
    let mut silent = 0;
    loop {
        live.client.sleep(PAUSE).await;
        match tasks::get(&live.client, task).await {
            Ok(task) => {
                silent = 0;
                match task.state() {
                    TaskState::Running => {}
                    TaskState::Ok | TaskState::Warning(_) | TaskState::Ended => return State::Done,
                    TaskState::Cancelled => {
                        return State::Failed("Its task was cancelled".to_owned());
                    }
                    TaskState::Failed(why) => return State::Failed(why),
                }
            }
            Err(error) if error.kind == ErrorKind::NotFound => {
                let why = "Not known how it ended: the server has forgotten its task";
                return State::Unknown(why.to_owned());
            }
            Err(error) => {
                silent += 1;
                if silent >= SILENT {
                    return State::Unknown(format!("Not known how it ended: {}", words(&error)));
                }
            }
        }
    }
}

/// Where no task is named: waits until the list has it no more.
async fn gone(live: &Live, vm: VmId, name: &str) -> State {
    for _ in 0..LOOKS {
        live.client.sleep(PAUSE).await;
        if is_there(live, vm, name).await == Some(false) {
            return State::Done;
        }
    }
    State::Failed("It is still there after two minutes".to_owned())
}
