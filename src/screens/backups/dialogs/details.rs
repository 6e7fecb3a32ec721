//! All that is known of one backup, and what can be done with it.

use super::super::ask::BackupAsk;
use super::super::looks::{verified, verified_at};
use super::super::may;
use super::super::target::Target;
use super::config::ConfigPart;
use super::history::HistoryPart;
use crate::api::backups::{self, Backup};
use crate::components::time::{TimeFormat, exact, format_local, format_near};
use crate::components::{
    AmountText, Button, ButtonLook, CallFold, CopyButton, Dialog, DialogSize, Fact, Facts,
    IconName, LinkButton, Note, Pill, Tone,
};
use crate::domain::ago::ago;
use crate::domain::units::{Bytes, Instant, NONE};
use crate::paths;
use crate::screens::common::call::curl_of;
use crate::screens::page::Link;
use crate::stores::actions::Change;
use crate::stores::use_live;
use leptos::prelude::*;
use std::sync::Arc;

#[component]
pub(super) fn DetailsDialog(
    target: Target,
    ask: BackupAsk,
    on_close: Callback<()>,
) -> impl IntoView {
    let live = use_live();
    let now = live.clock.now();
    let title = format!("Backup of {}", target.name(now));
    let volid = target.backup.volid.clone();
    let gone = {
        let volid = volid.clone();
        Memo::new(move |_| ask.now(&volid).is_none())
    };
    // What was last known of it stands while it goes.
    let first = Arc::clone(&target.backup);
    let row = Memo::new(move |old: Option<&Arc<Backup>>| {
        let now = ask.now(&volid);
        now.or_else(|| old.cloned())
            .unwrap_or_else(|| first.clone())
    });
    let backup = Arc::clone(&target.backup);
    let of_config = Arc::clone(&backup);
    let vm_name = target.vm_name.clone();
    let foot = {
        let target = target.clone();
        move || view! { <Foot target=target.clone() row=row gone=gone ask=ask/> }
    };
    view! {
        <Dialog open=true on_close=on_close title=title size=DialogSize::Wide footer=foot>
            {move || gone.get().then(|| view! { <Note tone=Tone::Warn>"It is not there any more."</Note> })}
            <div class="bak-details">
                <div>
                    {
                        let name = vm_name.clone();
                        let vms = live.vms.rows().clone();
                        // A VM that is known to be gone has no page to go to.
                        let lost = Memo::new(move |_| {
                            let vm = row.with(|row| row.vmid);
                            vms.is_loaded() && !vms.roster().iter().any(|own| Some(own.vmid) == vm)
                        });
                        move || facts(&row.get(), &name, lost.get(), now)
                    }
                    <HistoryPart backup=backup.clone()/>
                    <DownloadPart backup=backup.clone() gone=gone/>
                </div>
                <ConfigPart backup=of_config.clone()/>
            </div>
        </Dialog>
    }
}

fn facts(backup: &Backup, vm_name: &str, lost: bool, now: Instant) -> impl IntoView + use<> {
    let taken = backup.ctime.map(|at| {
        let far = ago(at, now);
        view! {
            <span data-tip=exact(at)>{format_local(at, TimeFormat::DateClock)}</span>
            <span class="snap-ago">{far}</span>
        }
    });
    let of = match backup.vmid {
        Some(vm) if lost => format!("{vm}, which is not there any more").into_any(),
        Some(vm) => {
            let name = vm_name.to_owned();
            view! { <Link class="link" to=paths::vm(vm)>{name}</Link> " " {vm.to_string()} }
                .into_any()
        }
        None => NONE.into_any(),
    };
    let checked = verification(backup, now);
    let volid = backup.volid.clone();
    let (size, exact_size) = (
        backup.size.map(Bytes::amount),
        backup.size.map(Bytes::exact),
    );
    let storage = backup.storage_name().unwrap_or(NONE).to_owned();
    let format = backup.format_name().unwrap_or(NONE).to_owned();
    let sealed = match backup.encrypted {
        Some(true) => "Encrypted",
        Some(false) => "Not encrypted",
        None => "The server does not say",
    };
    let kept = if backup.protected {
        "Protected: kept from removal"
    } else {
        "Not protected"
    };
    let notes = backup.notes.clone().unwrap_or_default();
    let notes = if notes.trim().is_empty() {
        NONE.to_owned()
    } else {
        notes
    };
    view! {
        <Facts>
            <Fact label="Taken">{taken.map_or_else(|| "The server does not say".into_any(), IntoAny::into_any)}</Fact>
            <Fact label="VM">{of}</Fact>
            <Fact label="Verification">{checked}</Fact>
            <Fact label="Size"><AmountText amount=Signal::stored(size) exact=Signal::stored(exact_size)/></Fact>
            <Fact label="Storage">{storage}</Fact>
            <Fact label="Format">{format}</Fact>
            <Fact label="Encryption">{sealed}</Fact>
            <Fact label="Protection">{kept}</Fact>
            <Fact label="File">
                <span class="mono bak-file">{volid.clone()}</span>
                <CopyButton text=Signal::stored(volid) what="volume ID"/>
            </Fact>
            <Fact label="Notes"><span class="snap-words">{notes}</span></Fact>
        </Facts>
    }
}

fn verification(backup: &Backup, now: Instant) -> impl IntoView + use<> {
    let (tone, icon, label) = verified(&backup.verified());
    let when = verified_at(backup)
        .map(|at| view! { <time class="snap-ago" datetime=at.to_iso() data-tip=exact(at)>{format_near(at, now)}</time> });
    let upid = backup
        .verification
        .as_ref()
        .and_then(|last| last.upid.clone());
    let log = upid
        .filter(|upid| !upid.0.is_empty())
        .map(|upid| view! { " " <Link class="link" to=paths::task(&upid)>"Log"</Link> });
    view! {
        <Pill tone=tone icon=icon label=label/>
        {when}
        {log}
    }
}

/// The file itself: a link, or the request that fetches it and why a link can't.
#[component]
fn DownloadPart(backup: Arc<Backup>, gone: Memo<bool>) -> impl IntoView {
    let live = use_live();
    let address = {
        let (live, backup) = (live.clone(), backup.clone());
        Memo::new(move |_| may::download(&live, &backup))
    };
    let call = curl_of(&live.client, &backups::download_shown(&backup));
    let why = move || {
        address
            .get()
            .err()
            .filter(|_| !gone.get())
            .map(|why| view! { <p class="quiet">{format!("No download here: {why}.")}</p> })
    };
    let shown = move || {
        let has_key = live.client.has_key();
        (!gone.get() && (address.with(Result::is_ok) || has_key)).then(|| {
            let call = call.clone();
            view! { <CallFold text=Signal::stored(call)/> }
        })
    };
    view! { <div class="bak-download">{why}{shown}</div> }
}

#[component]
fn Foot(target: Target, row: Memo<Arc<Backup>>, gone: Memo<bool>, ask: BackupAsk) -> impl IntoView {
    let live = use_live();
    let now_of = move |target: &Target| Target {
        backup: row.get_untracked(),
        vm_name: target.vm_name.clone(),
    };
    let target = StoredValue::new(target);
    let live = StoredValue::new(live);
    let gone_words = move || gone.get().then(|| "It is not there any more".to_owned());
    let refused = move |may: fn(&crate::stores::Live) -> Option<String>| {
        Signal::derive(move || gone_words().or_else(|| live.with_value(may)))
    };
    let no_delete = Signal::derive(move || {
        gone_words().or_else(|| live.with_value(|live| row.with(|row| may::delete(live, row))))
    });
    let busy = live.with_value(|live| {
        let volid = row.with_untracked(|row| row.volid.clone());
        live.actions.is_busy(Change::Backup(volid))
    });
    let protected = Memo::new(move |_| row.with(|row| row.protected));
    let word = Signal::derive(move || {
        if protected.get() {
            "Lift protection"
        } else {
            "Protect"
        }
        .to_owned()
    });
    let protect = move |()| {
        let of = target.with_value(now_of);
        live.with_value(|live| ask.protect(live, &of, !of.backup.protected));
    };
    let no_restore = refused(may::restore);
    let to = Signal::derive(move || paths::href(&row.with(|row| paths::restore(&row.volid))));
    let restore = move || {
        match no_restore.get() {
        None => view! { <LinkButton label="Restore" look=ButtonLook::Primary icon=IconName::History href=to attr:autofocus=true/> }.into_any(),
        why => view! { <Button label="Restore" look=ButtonLook::Primary icon=IconName::History disabled=Signal::stored(why) on_press=|()| ()/> }.into_any(),
    }
    };
    let download = move || {
        let address = match gone_words() {
            Some(why) => Err(why),
            None => live.with_value(|live| row.with(|row| may::download(live, row))),
        };
        match address {
            Ok(address) => view! { <LinkButton label="Download" icon=IconName::Download href=address attr:download=""/> }.into_any(),
            Err(why) => view! { <Button label="Download" icon=IconName::Download disabled=Signal::stored(Some(why)) on_press=|()| ()/> }.into_any(),
        }
    };
    view! {
        <div class="bak-foot">
        <span class="dialog-aside">
            <Button
                label="Delete"
                look=ButtonLook::DangerQuiet
                disabled=no_delete
                on_press=move |()| ask.delete(vec![target.with_value(now_of)])
            />
        </span>
        {download}
        <Button label="Edit notes" disabled=refused(may::note) on_press=move |()| ask.notes(target.with_value(now_of))/>
        <Button label=word busy=busy disabled=refused(may::protect) on_press=protect/>
        <Button label="Verify" disabled=refused(may::verify) on_press=move |()| ask.verify(target.with_value(now_of))/>
        <span class="restore">{restore}</span>
        </div>
    }
}
