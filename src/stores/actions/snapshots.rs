//! Snapshots of a VM.

use super::{Actions, Answer, Change, Failures, QUICK};
use crate::api::Started;
use crate::api::snapshots::{self, NewSnapshot};
use crate::domain::ids::VmId;
use crate::domain::status::GuestKind;
use crate::stores::spawn;

impl Actions {
    /// The type of a task on this guest: `qm…` of a VM, `vz…` of a container.
    fn task_type(&self, vm: VmId, qemu: &'static str, lxc: &'static str) -> &'static str {
        let listed = self.0.vms.rows().peek(&vm);
        let known = listed.or_else(|| self.0.details.peek(vm));
        match known.map(|vm| vm.kind.clone()) {
            Some(GuestKind::Lxc) => lxc,
            _ => qemu,
        }
    }

    /// Takes a snapshot. The task goes into the tray.
    pub fn create_snapshot(
        &self,
        vm: VmId,
        new: NewSnapshot,
        failures: Failures,
    ) -> spawn::Pending<Answer<Started>> {
        let title = format!("Take snapshot {} of {}", new.name, self.name(vm));
        let kind = self.task_type(vm, "qmsnapshot", "vzsnapshot");
        let client = self.0.context.client.clone();
        let call = async move { snapshots::create(&client, vm, &new).await };
        let (me, began, name) = (self.clone(), self.now(), title.clone());
        let change = Change::Snapshot(vm);
        self.run(change, title, Some(vm), failures, call, move |started| {
            me.started(name, Some(vm), kind, began, started);
        })
    }

    /// Deletes a snapshot. The task goes into the tray.
    pub fn delete_snapshot(
        &self,
        vm: VmId,
        snapshot: String,
        failures: Failures,
    ) -> spawn::Pending<Answer<Started>> {
        let title = format!("Delete snapshot {snapshot} of {}", self.name(vm));
        let kind = self.task_type(vm, "qmdelsnapshot", "vzdelsnapshot");
        let client = self.0.context.client.clone();
        let call = async move { snapshots::delete(&client, vm, &snapshot).await };
        let (me, began, name) = (self.clone(), self.now(), title.clone());
        let change = Change::Snapshot(vm);
        self.run(change, title, Some(vm), failures, call, move |started| {
            me.started(name, Some(vm), kind, began, started);
        })
    }

    /// Returns a VM to a snapshot. The task goes into the tray.
    pub fn roll_back(
        &self,
        vm: VmId,
        snapshot: String,
        failures: Failures,
    ) -> spawn::Pending<Answer<Started>> {
        let title = format!("Roll back {} to {snapshot}", self.name(vm));
        let kind = self.task_type(vm, "qmrollback", "vzrollback");
        let client = self.0.context.client.clone();
        let call = async move { snapshots::roll_back(&client, vm, &snapshot).await };
        let (me, began, name) = (self.clone(), self.now(), title.clone());
        let change = Change::Snapshot(vm);
        self.run(change, title, Some(vm), failures, call, move |started| {
            me.started(name, Some(vm), kind, began, started);
        })
    }

    /// As [`Actions::delete_snapshot`], as one of several: nothing is told of it alone, and its
    /// task is followed by the caller.
    pub(in crate::stores) fn delete_one_of_many(
        &self,
        vm: VmId,
        snapshot: String,
    ) -> spawn::Pending<Answer<Started>> {
        let client = self.0.context.client.clone();
        let call = async move { snapshots::delete(&client, vm, &snapshot).await };
        let change = Change::Snapshot(vm);
        let quiet = Failures::Caller;
        self.run(change, String::new(), Some(vm), quiet, call, |_| ())
    }

    /// As [`Actions::roll_back`], as one of several: nothing is told of it alone, and its task is
    /// followed by the caller.
    pub(in crate::stores) fn roll_back_one_of_many(
        &self,
        vm: VmId,
        snapshot: String,
    ) -> spawn::Pending<Answer<Started>> {
        let client = self.0.context.client.clone();
        let call = async move { snapshots::roll_back(&client, vm, &snapshot).await };
        let change = Change::Snapshot(vm);
        let quiet = Failures::Caller;
        self.run(change, String::new(), Some(vm), quiet, call, |_| ())
    }

    /// One of several has ended: what it touched is loaded anew.
    pub(in crate::stores) fn one_of_many_ended(&self, vm: VmId) {
        self.0.details.hurry(vm, QUICK);
    }
}
