//! Backups: made, verified, protected, described, deleted.

use super::backups_many::{Work, closing};
use super::{Actions, Answer, Change, Failures};
use crate::api::backups::{self, Backup, NewBackup, VERIFY_TASK};
use crate::api::tasks;
use crate::api::{ApiError, Client, ErrorKind, Started};
use crate::domain::far::Far;
use crate::domain::ids::VmId;
use crate::domain::units::{Instant, count};
use crate::stores::notices::{Notice, Tone, Undo};
use crate::stores::spawn;
use gloo_timers::future::sleep;
use leptos::prelude::*;
use std::sync::Arc;
use std::time::Duration;

/// Type of the task that makes a backup.
const BACKUP_TASK: &str = "vzdump";
/// Type of the task that deletes one.
const DELETE_TASK: &str = "imgdel";
/// Between two looks at what the server did.
const PACE: Duration = Duration::from_millis(1500);
/// Answers without a trace after which it was not begun.
const LOOKS: u32 = 3;
/// Looks after which nobody waits any longer for a server that does not answer.
const TRIES: u32 = 20;

/// A backup with what it is called: "web-server-01 of 21 Jun, 02:00".
#[derive(Debug, Clone, PartialEq)]
pub struct Named {
    /// The backup.
    pub backup: Backup,
    /// In words.
    pub name: String,
}

/// Whether tasks of that type change which backups there are, or what is known of them.
fn concerns(kind: &str) -> bool {
    matches!(kind, BACKUP_TASK | DELETE_TASK | VERIFY_TASK)
}

impl Actions {
    /// Counts the changes made to backups from here: a list of them that nothing else keeps up to
    /// date is read anew when it rises.
    #[must_use]
    pub fn backups_changed(&self) -> Signal<u32> {
        self.0.backups.clone().into()
    }

    /// A task has ended that was begun here.
    pub(in crate::stores) fn backups_settled(&self, kind: &str) {
        if concerns(kind) {
            self.tell_backups();
        }
    }

    pub(super) fn tell_backups(&self) {
        self.0
            .backups
            .update(|count| *count = count.wrapping_add(1));
    }

    /// Starts a backup of a VM. The task goes into the tray. Where no answer comes, the server is
    /// asked whether it has begun: nothing is sent twice.
    pub fn back_up(
        &self,
        vm: VmId,
        new: NewBackup,
        failures: Failures,
    ) -> spawn::Pending<Answer<Started>> {
        let title = format!("Back up {}", self.name(vm));
        let (client, began) = (self.0.context.client.clone(), self.now());
        let call = async move {
            match backups::create(&client, vm, &new).await {
                Err(error) if error.is_unsure() => begun(&client, vm, began, error).await,
                answer => answer,
            }
        };
        let (me, name, change) = (self.clone(), title.clone(), Change::BackUp(vm));
        self.run(change, title, Some(vm), failures, call, move |started| {
            me.started(name, Some(vm), BACKUP_TASK, began, started);
            me.tell_backups();
        })
    }

    /// Deletes a backup. The task goes into the tray.
    fn delete_backup(&self, one: Named, failures: Failures) -> spawn::Pending<Answer<()>> {
        let title = format!("Delete the backup of {}", one.name);
        let (client, vm, began) = (self.0.context.client.clone(), one.backup.vmid, self.now());
        let call = async move { backups::delete(&client, &one.backup).await };
        let (me, name) = (self.clone(), title.clone());
        let then = move |started: &Started| {
            me.started(name, vm, DELETE_TASK, began, started);
            me.tell_backups();
        };
        let sent = self.run(Change::DeleteBackups, title, vm, failures, call, then);
        spawn::action(async move { sent.await.map(|answer| answer.map(|_| ())) })
    }

    /// Deletes backups, one call after the other. Their tasks go into the tray. What is refused
    /// does not keep the others; the answer then is the first refusal, which names them all. After
    /// a call that got no answer nothing more is sent. `work` tells how far it has come, and may
    /// stop it.
    pub fn delete_backups(
        &self,
        mut all: Vec<Named>,
        failures: Failures,
        work: Work,
    ) -> spawn::Pending<Answer<()>> {
        if all.len() == 1
            && let Some(one) = all.pop()
        {
            return self.delete_backup(one, failures);
        }
        let title = format!("Delete {}", many(all.len()));
        let (client, me, told) = (self.0.context.client.clone(), self.clone(), title.clone());
        let call = async move {
            work.begin(all.len());
            let mut first = None;
            for one in all {
                let began = me.now();
                let answer = backups::delete(&client, &one.backup).await;
                if let Ok(started) = &answer {
                    let title = format!("Delete the backup of {}", one.name);
                    me.follow_quietly(title, one.backup.vmid, DELETE_TASK, began, started);
                }
                if let Some(vm) = one.backup.vmid {
                    me.touched(Some(vm));
                }
                let error = answer.err();
                let goes_on = work.note(one.name, error.as_ref());
                first = first.or(error);
                if !goes_on {
                    break;
                }
            }
            me.tell_backups();
            let far = work.end();
            match first {
                Some(error) => Err(summed_up(error, &far)),
                None => Ok(far),
            }
        };
        let me = self.clone();
        let then = move |far: &Arc<Far>| me.say(closing(far, &told, "begun"));
        let sent = self.run(Change::DeleteBackups, title, None, failures, call, then);
        spawn::action(async move { sent.await.map(|answer| answer.map(|_| ())) })
    }

    /// Sets or lifts the protection of a backup, at once; the toast offers to take that back.
    pub fn protect_backup(
        &self,
        of: Named,
        on: bool,
        failures: Failures,
    ) -> spawn::Pending<Answer<()>> {
        let verb = if on {
            "Protect"
        } else {
            "Lift the protection of"
        };
        let title = format!("{verb} the backup of {}", of.name);
        let (client, backup) = (self.0.context.client.clone(), of.backup.clone());
        let call = async move { backups::protect(&client, &backup, on).await };
        let (me, vm) = (self.clone(), of.backup.vmid);
        let change = Change::Backup(of.backup.volid.clone());
        self.run(change, title, vm, failures, call, move |()| {
            let word = if on {
                "protected"
            } else {
                "no longer protected"
            };
            let notice = Notice::new(Tone::Good, format!("Backup of {}: {word}", of.name)).vm(vm);
            let back = me.clone();
            let undo = Undo::new(move || {
                drop(back.protect_backup(of.clone(), !on, Failures::Toast));
            });
            me.say(notice.undo(undo));
            me.tell_backups();
        })
    }

    /// Replaces the notes of a backup; the toast offers to take that back.
    pub fn note_backup(
        &self,
        of: Named,
        notes: String,
        failures: Failures,
    ) -> spawn::Pending<Answer<()>> {
        let title = format!("Change the notes of the backup of {}", of.name);
        let (client, backup) = (self.0.context.client.clone(), of.backup.clone());
        let text = notes.clone();
        let call = async move { backups::set_notes(&client, &backup, &text).await };
        let (me, vm) = (self.clone(), of.backup.vmid);
        let change = Change::Backup(of.backup.volid.clone());
        self.run(change, title, vm, failures, call, move |()| {
            let title = format!("Backup of {}: notes saved", of.name);
            let before = of.backup.notes.clone().unwrap_or_default();
            let mut now = of.clone();
            now.backup.notes = Some(notes);
            let back = me.clone();
            let undo = Undo::new(move || {
                drop(back.note_backup(now.clone(), before.clone(), Failures::Toast));
            });
            me.say(Notice::new(Tone::Good, title).vm(vm).undo(undo));
            me.tell_backups();
        })
    }

    /// Starts to check a backup for damage. The task goes into the tray.
    pub fn verify_backup(&self, of: Named, failures: Failures) -> spawn::Pending<Answer<Started>> {
        let title = format!("Verify the backup of {}", of.name);
        let client = self.0.context.client.clone();
        let (vm, began) = (of.backup.vmid, self.now());
        let change = Change::Backup(of.backup.volid.clone());
        let call = async move { backups::verify(&client, &of.backup).await };
        let (me, name) = (self.clone(), title.clone());
        self.run(change, title, vm, failures, call, move |started| {
            me.started(name, vm, VERIFY_TASK, began, started);
        })
    }
}

fn many(number: usize) -> String {
    count(number, "backup", "backups")
}

/// The first refusal of several, with all of them in words.
fn summed_up(mut error: ApiError, far: &Far) -> ApiError {
    let mut words = match far.done {
        0 => "None is being deleted.".to_owned(),
        done => format!("{done} of {} are being deleted.", far.all),
    };
    for (name, why) in far.reasons() {
        words.push_str(&format!("\n{name}: {why}"));
    }
    if let Some(rest) = far.rest() {
        words.push_str(&format!("\n{rest}"));
    }
    error.message = words;
    error
}

/// No answer came to a request for a backup: whether the server has begun one since.
async fn begun(
    client: &Client,
    vm: VmId,
    began: Instant,
    error: ApiError,
) -> Result<Started, ApiError> {
    let mut looks = 0;
    for _ in 0..TRIES {
        // It may still be on its way inside.
        sleep(PACE).await;
        let Ok(found) = tasks::begun_since(client, vm, BACKUP_TASK, began).await else {
            continue;
        };
        if found.is_some() {
            return Ok(Started {
                task: found,
                message: "No answer came, but the server has begun it.".to_owned(),
                ..Started::default()
            });
        }
        looks += 1;
        if looks >= LOOKS {
            return Err(not_begun(error));
        }
    }
    Err(error)
}

/// The same failure, now that it is known that nothing came of the request.
fn not_begun(mut error: ApiError) -> ApiError {
    error.kind = ErrorKind::Unavailable;
    error.status = None;
    error.message =
        "The connection broke before an answer came, and the server has not begun it.".to_owned();
    error.suggestion = Some("Nothing was done: try again.".to_owned());
    error
}
