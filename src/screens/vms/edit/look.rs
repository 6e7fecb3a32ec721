//! The configuration of a VM as it is now.

use crate::api::ApiError;
use crate::api::capabilities::Feature;
use crate::api::vms;
use crate::domain::config::{PendingValue, with_pending};
use crate::domain::ids::VmId;
use crate::domain::mass_edit::Known;
use crate::domain::status::GuestKind;
use crate::screens::common::facts::is_on;
use crate::stores::Live;
use leptos::prelude::untrack;

/// What an edit has to know of a VM. `agent`: the guest agent is to be switched, which a running
/// VM takes at its next start only, so what waits for that counts.
pub(super) async fn look(live: &Live, vm: VmId, agent: bool) -> Result<Known, ApiError> {
    let mut config = vms::config(&live.client, vm).await?.0;
    let row = match live.vms.rows().peek(&vm) {
        // The list's tags may be seconds old; the configuration is as new as its digest.
        Some(row) if config.contains_key("tags") => row.as_ref().clone(),
        _ => vms::get(&live.client, vm).await?,
    };
    let pending = untrack(|| live.offers(Feature::Pending).is_yes());
    if agent && pending && is_on(&row) {
        let waiting = vms::pending(&live.client, vm).await?.good;
        let values = waiting.iter().map(|change| PendingValue {
            key: &change.key,
            value: change.pending.as_ref().filter(|_| !change.delete),
        });
        config = with_pending(&config, values);
    }
    let container = row.kind == GuestKind::Lxc;
    Ok(Known::new(config, &row.tags, container))
}

/// Why a call failed, with what is wrong by field.
pub(super) fn words(error: &ApiError) -> String {
    let mut words = error.message.clone();
    for field in &error.fields {
        words.push_str(&format!("; {}: {}", field.field, field.message));
    }
    words
}
