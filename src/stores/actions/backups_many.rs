//! Several backups verified or protected, and several VMs backed up: one after the other, with what
//! became of each.

use super::backups::Named;
use super::{Actions, Answer, Change, Failures};
use crate::api::ApiError;
use crate::api::backups::{self, NewBackup, VERIFY_TASK};
use crate::domain::far::Far;
use crate::domain::ids::VmId;
use crate::domain::units::count;
use crate::stores::notices::{Notice, Tone};
use crate::stores::spawn;
use leptos::prelude::*;
use std::sync::Arc;

/// What is done to each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Each {
    /// It is checked for damage.
    Verify,
    /// It is kept from removal, or no longer.
    Protect(bool),
}

impl Each {
    /// "Verify".
    #[must_use]
    pub const fn verb(self) -> &'static str {
        match self {
            Self::Verify => "Verify",
            Self::Protect(true) => "Protect",
            Self::Protect(false) => "Lift the protection of",
        }
    }

    /// What has become of those that were not refused: "started".
    #[must_use]
    pub const fn past(self) -> &'static str {
        match self {
            Self::Verify => "started",
            Self::Protect(_) => "done",
        }
    }
}

/// One stretch of work on several. Kept by whoever shows how far it has come, and who may go before
/// the work ends: what came of it is told in passing then.
#[derive(Debug, Clone, Default)]
pub struct Work {
    far: ArcRwSignal<Option<Arc<Far>>>,
    left: ArcRwSignal<bool>,
    stops: ArcRwSignal<bool>,
}

impl Work {
    /// How far it has come, once it has begun and until it is put away.
    #[must_use]
    pub fn far(&self) -> Memo<Option<Arc<Far>>> {
        let far = self.far.clone();
        Memo::new(move |_| far.get())
    }

    /// How many were asked for and not refused; `None` where it was not told one by one.
    #[must_use]
    pub fn done(&self) -> Option<usize> {
        self.far
            .with_untracked(|far| far.as_ref().map(|far| far.done))
    }

    /// Nobody wants to see any more what came of it.
    pub fn put_away(&self) {
        self.far.set(None);
    }

    /// Has nothing more sent.
    pub fn stop(&self) {
        self.stops.set(true);
    }

    /// Whoever showed it goes.
    pub fn leave(&self) {
        self.left.set(true);
    }

    pub(super) fn begin(&self, all: usize) {
        self.stops.set(false);
        self.far.set(Some(Arc::new(Far::of(all))));
    }

    fn tell(&self, change: impl FnOnce(&mut Far)) {
        self.far.update(|far| {
            if let Some(far) = far {
                change(Arc::make_mut(far));
            }
        });
    }

    /// Takes down what became of one; answers whether to go on.
    pub(super) fn note(&self, name: String, error: Option<&ApiError>) -> bool {
        let unsure = error.is_some_and(ApiError::is_unsure);
        self.tell(|far| match error {
            None => far.done += 1,
            Some(error) if unsure => far.unsure = Some((name, error.message.clone())),
            Some(error) => far.failed.push((name, error.message.clone())),
        });
        let stops = self.stops.get_untracked();
        self.tell(|far| far.stopped = stops && !unsure);
        !(unsure || stops)
    }

    fn refuse(&self, name: String, why: String) {
        self.tell(|far| far.failed.push((name, why)));
    }

    /// Nothing more is sent.
    pub(super) fn end(&self) -> Arc<Far> {
        self.tell(|far| far.ended = true);
        self.far.get_untracked().unwrap_or_default()
    }
}

/// What came of work on several, in one notice.
pub(super) fn closing(far: &Far, what: &str, past: &str) -> Notice {
    let tone = match (far.is_well(), far.failed.is_empty() && far.unsure.is_none()) {
        (true, _) => Tone::Info,
        (false, true) => Tone::Warn,
        (false, false) => Tone::Bad,
    };
    Notice::new(tone, format!("{what}: {}", far.words(past))).text(far.told())
}

impl Actions {
    /// Ends a stretch of work. Where nobody shows it any more, it is told.
    fn end_work(&self, work: &Work, what: &str, past: &str) {
        let far = work.end();
        if work.left.get_untracked() {
            self.say(closing(&far, what, past));
        }
    }

    /// Does it to each. What is refused does not keep the others; after a call that got no answer
    /// nothing more is sent.
    pub fn each_backup(
        &self,
        all: Vec<Named>,
        each: Each,
        work: Work,
    ) -> spawn::Pending<Answer<()>> {
        let (client, me) = (self.0.context.client.clone(), self.clone());
        let what = format!("{} {}", each.verb(), count(all.len(), "backup", "backups"));
        let call = async move {
            work.begin(all.len());
            let follow = match all.len() {
                1 => Self::follow,
                _ => Self::follow_quietly,
            };
            for one in all {
                let began = me.now();
                let answer = match each {
                    Each::Verify => backups::verify(&client, &one.backup).await.map(Some),
                    Each::Protect(on) => backups::protect(&client, &one.backup, on)
                        .await
                        .map(|()| None),
                };
                if let Ok(Some(started)) = &answer {
                    let title = format!("Verify the backup of {}", one.name);
                    follow(&me, title, one.backup.vmid, VERIFY_TASK, began, started);
                }
                if !work.note(one.name, answer.err().as_ref()) {
                    break;
                }
            }
            me.end_work(&work, &what, each.past());
            Ok(())
        };
        let (me, quiet) = (self.clone(), Failures::Caller);
        self.run(
            Change::ManyBackups,
            String::new(),
            None,
            quiet,
            call,
            move |()| {
                me.tell_backups();
            },
        )
    }

    /// Backs each VM up, one request after the other. `new` makes what is asked for of each.
    pub fn back_up_each(
        &self,
        vms: Vec<VmId>,
        new: impl Fn(VmId) -> Result<NewBackup, String> + 'static,
        work: Work,
    ) -> spawn::Pending<Answer<()>> {
        let me = self.clone();
        let what = format!("Back up {}", count(vms.len(), "VM", "VMs"));
        let call = async move {
            work.begin(vms.len());
            for vm in vms {
                let name = me.name(vm);
                let new = match new(vm) {
                    Ok(new) => new,
                    Err(why) => {
                        work.refuse(name, why);
                        continue;
                    }
                };
                match me.back_up(vm, new, Failures::Caller).await {
                    Some(answer) => {
                        if !work.note(name, answer.err().as_ref()) {
                            break;
                        }
                    }
                    None => work.refuse(name, "It is being backed up already".to_owned()),
                }
            }
            me.end_work(&work, &what, "started");
            Ok(())
        };
        let quiet = Failures::Caller;
        self.run(
            Change::ManyBackups,
            String::new(),
            None,
            quiet,
            call,
            |()| (),
        )
    }
}
