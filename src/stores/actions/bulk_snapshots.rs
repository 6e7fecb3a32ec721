//! A snapshot of many VMs at once.

use super::bulk::joined;
use super::{Actions, Answer, Change, Failures, QUICK};
use crate::api::bulk::{self, BulkResult, BulkSnapshotRequest};
use crate::api::{Contract, Started};
use crate::domain::units::count;
use crate::stores::spawn;

/// The shipped server answers when all is done: chunks keep each call short.
const CHUNK: usize = 10;

impl Actions {
    /// Takes a snapshot of each VM. Their tasks go into the tray; those that were refused are in
    /// the result, which the caller shows.
    pub fn bulk_snapshot(
        &self,
        request: BulkSnapshotRequest,
        failures: Failures,
    ) -> spawn::Pending<Answer<BulkResult>> {
        let number = request.vm_ids.len();
        let title = format!("Take snapshots of {}", count(number, "VM", "VMs"));
        let (me, began) = (self.clone(), self.now());
        let client = self.0.context.client.clone();
        let chunk = match client.contract() {
            Contract::Server => CHUNK,
            Contract::Guide => number.max(1),
        };
        let all = request.vm_ids.clone();
        let call = async move {
            let mut whole = BulkResult::default();
            for vms in request.vm_ids.chunks(chunk) {
                let part = BulkSnapshotRequest {
                    vm_ids: vms.to_vec(),
                    ..request.clone()
                };
                whole = joined(whole, bulk::snapshots(&client, &part).await?);
            }
            Ok(whole)
        };
        let then = move |result: &BulkResult| {
            for row in result.results.iter().filter(|row| row.success) {
                let started = Started {
                    task: row.task.clone(),
                    ..Started::default()
                };
                let name = format!("Take a snapshot of {}", me.name(row.vmid));
                me.follow(name, Some(row.vmid), "qmsnapshot", began, &started);
            }
            for vm in all {
                me.0.details.hurry(vm, QUICK);
            }
        };
        self.run(Change::BulkSnapshot, title, None, failures, call, then)
    }
}
