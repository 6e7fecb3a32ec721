//! Every change: one call, told in the tray or as a toast, and what it touched is loaded anew.

mod backups;
mod backups_many;
mod bulk;
mod bulk_snapshots;
mod make;
mod migrate;
mod retention;
mod snapshots;

pub use backups::Named;
pub use backups_many::{Each, Work};

use super::context::Context;
use super::feed::RowFeed;
use super::notices::{Notice, Notices, Tone};
use super::tray::{NewTask, Tray};
use super::vm::Details;
use super::vms::Vms;
use super::{lock, spawn};
use crate::api::tasks::{self, Task};
use crate::api::vms::{self, Vm};
use crate::api::{ApiError, Started};
use crate::domain::ids::{Upid, VmId};
use crate::domain::units::Instant;
use crate::domain::vm_can::PowerAction;
use leptos::prelude::*;
use std::collections::HashSet;
use std::future::Future;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What is being changed: a second change of the same kind to the same thing waits for the first.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Change {
    /// A power action on a VM.
    Power(VmId),
    /// Deleting a VM.
    Delete(VmId),
    /// A VM's configuration.
    Config(VmId),
    /// A tag of a VM.
    Tag(VmId, String),
    /// The snapshots of a VM: one change at a time.
    Snapshot(VmId),
    /// A snapshot of several VMs.
    BulkSnapshot,
    /// Making a VM.
    Make(VmId),
    /// Moving a VM to another node.
    Migrate(VmId),
    /// A backup of a VM.
    BackUp(VmId),
    /// A backup that is there, by its volume ID.
    Backup(String),
    /// Deleting backups.
    DeleteBackups,
    /// A power action on several VMs.
    BulkPower,
    /// Several backups, verified or protected one after the other.
    ManyBackups,
    /// The retention policy.
    Retention,
    /// Clearing old backups away.
    Cleanup,
    /// Cancelling a task.
    Cancel(Upid),
}

/// Who tells the person that it failed. Once, never twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failures {
    /// A toast: for buttons and menus without a dialog.
    Toast,
    /// The caller: for dialogs and forms, which stay open with the error.
    Caller,
}

/// How a change went: `None` when the same change was under way already, so that nothing was sent.
pub type Answer<T> = Option<Result<T, ApiError>>;

/// How long what was touched is polled quickly; longer while its task runs.
const QUICK: Duration = Duration::from_secs(30);
/// What follows the end of a task: states that servers gather every few seconds.
const SETTLE: Duration = Duration::from_secs(10);

pub(super) struct Inner {
    pub(super) context: Context,
    vms: Vms,
    tasks: RowFeed<Upid, Task>,
    pub(super) details: Details,
    tray: Tray,
    notices: Notices,
    under_way: ArcRwSignal<HashSet<Change>>,
    /// Counts changes of backups.
    backups: ArcRwSignal<u32>,
    /// Beside the signal, so that two clicks before the next tick are told apart, too.
    guard: Mutex<HashSet<Change>>,
}

/// Changes. Each goes on when its page is left.
#[derive(Clone)]
pub struct Actions(pub(super) Arc<Inner>);

impl std::fmt::Debug for Actions {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Actions").finish_non_exhaustive()
    }
}

impl Actions {
    pub(super) fn new(
        context: &Context,
        vms: &Vms,
        tasks: &RowFeed<Upid, Task>,
        details: &Details,
        tray: &Tray,
        notices: &Notices,
    ) -> Self {
        Self(Arc::new(Inner {
            context: context.clone(),
            vms: vms.clone(),
            tasks: tasks.clone(),
            details: details.clone(),
            tray: tray.clone(),
            notices: notices.clone(),
            under_way: ArcRwSignal::default(),
            backups: ArcRwSignal::default(),
            guard: Mutex::default(),
        }))
    }

    /// Whether a change is under way: its button is busy.
    #[must_use]
    pub fn is_busy(&self, change: Change) -> Memo<bool> {
        let under_way = self.0.under_way.clone();
        Memo::new(move |_| under_way.with(|set| set.contains(&change)))
    }

    /// Starts, stops, … a VM. The task goes into the tray.
    pub fn power(
        &self,
        vm: VmId,
        action: PowerAction,
        force: bool,
        failures: Failures,
    ) -> spawn::Pending<Answer<Started>> {
        let title = format!("{} {}", action.label(), self.name(vm));
        let client = self.0.context.client.clone();
        let call = async move { vms::power(&client, vm, action, force).await };
        let (me, began, name) = (self.clone(), self.now(), title.clone());
        self.run(
            Change::Power(vm),
            title,
            Some(vm),
            failures,
            call,
            move |started| {
                me.started(name, Some(vm), action.task_type(), began, started);
            },
        )
    }

    /// Deletes a VM with its disks. The task goes into the tray.
    pub fn delete(
        &self,
        vm: VmId,
        force: bool,
        failures: Failures,
    ) -> spawn::Pending<Answer<Started>> {
        let title = format!("Delete {}", self.name(vm));
        let client = self.0.context.client.clone();
        let call = async move { vms::delete(&client, vm, force).await };
        let (me, began, name) = (self.clone(), self.now(), title.clone());
        self.run(
            Change::Delete(vm),
            title,
            Some(vm),
            failures,
            call,
            move |started| {
                me.started(name, Some(vm), "qmdestroy", began, started);
            },
        )
    }

    /// Cancels a running task.
    pub fn cancel_task(&self, upid: Upid, failures: Failures) -> spawn::Pending<Answer<()>> {
        let client = self.0.context.client.clone();
        let (task, me) = (upid.clone(), self.clone());
        let call = async move { tasks::cancel(&client, &task).await };
        let title = "Cancel the task".to_owned();
        let vm = self.0.tasks.rows.peek(&upid).and_then(|task| task.vm());
        let touched = upid.clone();
        self.run(Change::Cancel(upid), title, vm, failures, call, move |()| {
            me.0.details.task_updated(&touched);
        })
    }

    /// What a task changed has settled, or soon will.
    pub(super) fn settled(&self, vm: Option<VmId>) {
        self.0.vms.feed().hurry(SETTLE);
        self.0.tasks.hurry(SETTLE);
        if let Some(vm) = vm {
            self.0.details.hurry(vm, SETTLE);
        }
    }

    /// The page of a VM knows its name where the list was never loaded.
    pub(super) fn name(&self, vm: VmId) -> String {
        let listed = self.0.vms.rows().peek(&vm);
        listed
            .or_else(|| self.0.details.peek(vm))
            .map(|vm| vm.name.clone())
            .filter(|name| !name.is_empty())
            .unwrap_or_else(|| format!("VM {vm}"))
    }

    pub(super) fn now(&self) -> Instant {
        self.0.context.client.server_now()
    }

    pub(super) fn say(&self, notice: Notice) {
        self.0.notices.push(notice);
    }

    /// The one path of every change: guard, call, tell, refresh.
    pub(super) fn run<T: Clone + 'static>(
        &self,
        change: Change,
        title: String,
        vm: Option<VmId>,
        failures: Failures,
        call: impl Future<Output = Result<T, ApiError>> + 'static,
        then: impl FnOnce(&T) + 'static,
    ) -> spawn::Pending<Answer<T>> {
        let me = self.clone();
        let first = lock(&self.0.guard).insert(change.clone());
        if first {
            self.tell_busy();
        }
        spawn::action(async move {
            if !first {
                return None;
            }
            let result = call.await;
            lock(&me.0.guard).remove(&change);
            me.tell_busy();
            match &result {
                Ok(value) => then(value),
                Err(error) if failures == Failures::Toast => {
                    me.say(Notice::failed(error.outcome(&title), error).vm(vm));
                }
                Err(_) => {}
            }
            // After a failure, too: a call that timed out may have been done.
            me.touched(vm);
            Some(result)
        })
    }

    fn tell_busy(&self) {
        let guard = lock(&self.0.guard).clone();
        self.0.under_way.set(guard);
    }

    fn touched(&self, vm: Option<VmId>) {
        self.0.vms.feed().hurry(QUICK);
        self.0.tasks.hurry(QUICK);
        if let Some(vm) = vm {
            self.0.details.hurry(vm, QUICK);
        }
    }

    pub(super) fn started(
        &self,
        title: String,
        vm: Option<VmId>,
        kind: &str,
        began: Instant,
        started: &Started,
    ) {
        self.say(
            Notice::new(Tone::Info, format!("{title}: started"))
                .text(started.message.clone())
                .task(started.task.clone())
                .vm(vm),
        );
        self.follow(title, vm, kind, began, started);
    }

    pub(super) fn follow(
        &self,
        title: String,
        vm: Option<VmId>,
        kind: &str,
        began: Instant,
        started: &Started,
    ) {
        self.follow_as(false, title, vm, kind, began, started);
    }

    /// One of many that are told of together: only an end that is not good is told of by itself.
    pub(super) fn follow_quietly(
        &self,
        title: String,
        vm: Option<VmId>,
        kind: &str,
        began: Instant,
        started: &Started,
    ) {
        self.follow_as(true, title, vm, kind, began, started);
    }

    fn follow_as(
        &self,
        quiet: bool,
        title: String,
        vm: Option<VmId>,
        kind: &str,
        began: Instant,
        started: &Started,
    ) {
        self.0.tray.add(NewTask {
            quiet,
            title,
            vm,
            upid: started.task.clone(),
            kind: kind.to_owned(),
            began,
            message: started.message.clone(),
        });
        self.0.context.set_moving(true);
    }

    pub(super) fn patch(&self, vm: VmId, change: impl FnOnce(&mut Vm)) {
        if let Some(row) = self.0.vms.rows().peek(&vm) {
            let mut row = Vm::clone(&row);
            change(&mut row);
            self.0.vms.rows().put(vm, row, false);
        }
    }
}
