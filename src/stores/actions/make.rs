//! Requests that make VMs.

use super::{Actions, Answer, Change, Failures};
use crate::api::{Started, vms};
use crate::domain::ids::VmId;
use crate::domain::provision::Request;
use crate::stores::spawn;

impl Actions {
    /// Sends one request of the plan for a VM; its task goes into the tray. Failures are the
    /// caller's to tell.
    pub fn make(&self, vm: VmId, name: &str, request: Request) -> spawn::Pending<Answer<Started>> {
        let verb = match request {
            Request::Create(_) | Request::CloudInit(_) => "Create",
            Request::Clone(..) => "Clone to",
            Request::Configure(..) => "Configure",
            Request::Start(_) => "Start",
            Request::Restore(_) => "Restore",
        };
        let title = format!("{verb} {name}");
        let kind = request.task_type();
        let client = self.0.context.client.clone();
        let call = async move { vms::make(&client, &request, false).await };
        let (me, began, told) = (self.clone(), self.now(), title.clone());
        self.run(
            Change::Make(vm),
            title,
            Some(vm),
            Failures::Caller,
            call,
            move |started| {
                if let Some(kind) = kind {
                    me.started(told, Some(vm), kind, began, started);
                }
            },
        )
    }
}
