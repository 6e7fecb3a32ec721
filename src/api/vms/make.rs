//! The calls that make VMs.

use super::super::backups;
use super::super::client::{Call, Client};
use super::super::error::ApiError;
use super::super::shown::ShownRequest;
use super::super::started::Started;
use super::super::url::{Query, path};
use crate::domain::provision::Request;
use crate::domain::vm_can::PowerAction;

fn call(client: &Client, request: &Request, force: bool) -> Call {
    let forced = || Query::default().flag("force", force);
    match request {
        Request::Create(body) => Call::post(path(&[&"vms"])).json(body),
        Request::CloudInit(body) => Call::post(path(&[&"vms", &"cloud-init"])).json(body),
        Request::Clone(vm, body) => Call::post(path(&[&"vms", vm, &"clone"])).json(body),
        Request::Configure(vm, body) => Call::put(path(&[&"vms", vm, &"config"]))
            .query(forced())
            .json(body),
        Request::Start(vm) => {
            Call::post(path(&[&"vms", vm, &PowerAction::Start.as_str()])).query(forced())
        }
        Request::Restore(restore) => backups::restore_call(client, restore),
    }
}

/// What [`make`] sends.
#[must_use]
pub fn make_shown(client: &Client, request: &Request) -> ShownRequest {
    call(client, request, false).shown()
}

/// Sends one request of a plan (contract: `createVm`, `createCloudInitVm`, `cloneVm`,
/// `updateVmConfig`, `startVm`, `restoreBackup`). The shipped server names no task, and makes the VM before it
/// answers.
///
/// # Errors
/// As every call; [`super::super::ErrorKind::Validation`] with the fields at fault,
/// [`super::super::ErrorKind::Conflict`] where the number is taken or a storage is full,
/// [`super::super::ErrorKind::Locked`] for a source that is locked.
pub async fn make(client: &Client, request: &Request, force: bool) -> Result<Started, ApiError> {
    client.send(call(client, request, force)).await?.started()
}
