//! Power of many VMs at once.

use super::{Actions, Answer, Change, Failures, QUICK};
use crate::api::bulk::{self, BulkPowerRequest, BulkResult};
use crate::api::{Contract, Started};
use crate::domain::ids::VmId;
use crate::domain::units::count;
use crate::domain::vm_can::PowerAction;
use crate::stores::spawn;

/// The shipped server answers a bulk call when all is done: chunks keep each call short.
const CHUNK: usize = 10;

impl Actions {
    /// A power action on several VMs. Their tasks go into the tray; those that were refused are
    /// in the result, which the caller shows.
    pub fn bulk_power(
        &self,
        vms: Vec<VmId>,
        action: PowerAction,
        force: bool,
        failures: Failures,
    ) -> spawn::Pending<Answer<BulkResult>> {
        let title = format!("{} {}", action.label(), count(vms.len(), "VM", "VMs"));
        let (me, began, all) = (self.clone(), self.now(), vms.clone());
        let client = self.0.context.client.clone();
        let requests = self.bulk_requests(&vms, force);
        let call = async move {
            let mut whole = BulkResult::default();
            for request in requests {
                whole = joined(whole, bulk::power(&client, action, &request).await?);
            }
            Ok(whole)
        };
        self.run(
            Change::BulkPower,
            title,
            None,
            failures,
            call,
            move |result| {
                for row in result.results.iter().filter(|row| row.success) {
                    let started = Started {
                        task: row.task.clone(),
                        ..Started::default()
                    };
                    let name = format!("{} {}", action.label(), me.name(row.vmid));
                    me.follow(name, Some(row.vmid), action.task_type(), began, &started);
                }
                for vm in all {
                    me.0.details.hurry(vm, QUICK);
                }
            },
        )
    }

    /// The requests that [`Actions::bulk_power`] sends.
    #[must_use]
    pub fn bulk_requests(&self, vms: &[VmId], force: bool) -> Vec<BulkPowerRequest> {
        let chunk = match self.0.context.client.contract() {
            Contract::Server => CHUNK,
            Contract::Guide => vms.len().max(1),
        };
        let request = |ids: &[VmId]| BulkPowerRequest {
            vm_ids: ids.to_vec(),
            force,
            ..BulkPowerRequest::default()
        };
        vms.chunks(chunk).map(request).collect()
    }
}

/// Two results of one operation as one.
pub(super) fn joined(mut one: BulkResult, mut other: BulkResult) -> BulkResult {
    if one.operation_id.is_empty() {
        one.operation_id = other.operation_id;
    }
    let sum = |one: Option<u32>, other: Option<u32>| match (one, other) {
        (Some(one), Some(other)) => Some(one.saturating_add(other)),
        (one, other) => one.or(other),
    };
    one.status = other.status.or(one.status);
    one.total = sum(one.total, other.total);
    one.successful = sum(one.successful, other.successful);
    one.failed = sum(one.failed, other.failed);
    one.in_progress = sum(one.in_progress, other.in_progress);
    one.results.append(&mut other.results);
    one.log.append(&mut other.log);
    one.summary = other.summary.or(one.summary);
    one
}
