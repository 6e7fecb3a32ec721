//! A snapshot of many VMs at once.

use super::bulk::joined;
use super::{Actions, Answer, Change, Failures, QUICK};
use crate::api::bulk::{self, BulkResult, BulkSnapshotRequest, BulkVmResult};
use crate::api::{ApiError, Contract, Started};
use crate::domain::ids::VmId;
use crate::domain::units::count;
use crate::stores::spawn;

/// The shipped server answers when all is done: chunks keep each call short.
const CHUNK: usize = 10;

fn refused(vmid: VmId, why: String) -> BulkVmResult {
    BulkVmResult {
        vmid,
        name: None,
        success: false,
        message: None,
        error: Some(why),
        task: None,
    }
}

/// One of a call that failed.
fn lost(vmid: VmId, unsure: bool, error: &ApiError) -> BulkVmResult {
    let why = if unsure {
        format!("Not known whether it began: {}", error.message)
    } else {
        error.message.clone()
    };
    refused(vmid, why)
}

/// One of a call that was not sent after that.
fn left(vmid: VmId) -> BulkVmResult {
    refused(vmid, "Not asked for: the call before failed".to_owned())
}

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
            for (place, vms) in request.vm_ids.chunks(chunk).enumerate() {
                let part = BulkSnapshotRequest {
                    vm_ids: vms.to_vec(),
                    ..request.clone()
                };
                match bulk::snapshots(&client, &part).await {
                    Ok(more) => whole = joined(whole, more),
                    Err(error) if whole.results.is_empty() => return Err(error),
                    // Those of the calls before are there: that is not to be forgotten.
                    Err(error) => {
                        let unsure = error.is_unsure();
                        whole
                            .results
                            .extend(vms.iter().map(|vm| lost(*vm, unsure, &error)));
                        let rest = request.vm_ids.iter().skip(place * chunk + vms.len());
                        whole.results.extend(rest.map(|vm| left(*vm)));
                        break;
                    }
                }
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
