//! Checking a backup for damage.

use super::super::ask::BackupAsk;
use super::super::looks::verified;
use super::super::may;
use super::super::target::Target;
use crate::api::backups;
use crate::components::time::format_near;
use crate::components::{ConfirmDialog, Loss, Note, Tone, Weight};
use crate::domain::units::Bytes;
use crate::screens::common::call::curl_of;
use crate::screens::common::force::Force;
use crate::stores::actions::Failures;
use crate::stores::use_live;
use leptos::prelude::*;

#[component]
pub(super) fn VerifyDialog(
    target: Target,
    ask: BackupAsk,
    on_close: Callback<()>,
) -> impl IntoView {
    let live = use_live();
    let now = live.clock.now();
    let name = target.name(now);
    let backup = &target.backup;
    let size = backup.size.map(Bytes::amount);
    let taken = backup.ctime.map(|at| format_near(at, now));
    let mut lines = vec![Loss::new("Taken", taken.unwrap_or_default())];
    lines.push(Loss::new(
        format!("Read from {}", backup.storage_name().unwrap_or_default()),
        size.map_or_else(String::new, |size| size.to_string()),
    ));
    let last = backup
        .verification
        .as_ref()
        .and_then(|last| last.last_verified);
    lines.push(Loss::new(
        format!("So far: {}", verified(&backup.verified()).2.to_lowercase()),
        last.map_or_else(String::new, |at| format_near(at, now)),
    ));
    let refused = {
        let (live, volid) = (live.clone(), backup.volid.clone());
        Signal::derive(move || {
            let gone = || "It is not there any more".to_owned();
            may::verify(&live).or_else(|| ask.now(&volid).is_none().then(gone))
        })
    };
    let call = {
        let (client, backup) = (live.client.clone(), target.backup.clone());
        Signal::derive(move || curl_of(&client, &backups::verify_shown(&backup)))
    };
    let what = format!("Verify the backup of {name}");
    let named = target.named(now);
    let on_confirm = Force::new(false).call(&live, what.clone(), move |live, _| {
        live.actions.verify_backup(named.clone(), Failures::Caller)
    });
    view! {
        <ConfirmDialog
            open=Signal::stored(true)
            on_close=on_close
            title=format!("Verify a backup of {}?", target.vm_name)
            lead="It is read as a whole and checked against its checksums. Nothing is changed; its \
                  storage is busy meanwhile."
            losses=Signal::stored(lines)
            verb="Verify backup"
            weight=Weight::Plain
            refused=refused
            on_confirm=on_confirm
            call=call
        >
            {move || refused.get().map(|why| view! { <Note tone=Tone::Warn>{why}</Note> })}
        </ConfirmDialog>
    }
}
