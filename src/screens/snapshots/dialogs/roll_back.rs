//! Going back to a snapshot: what is lost, what stays, the name of the VM typed.

use super::super::known::{Known, with_time};
use super::super::may;
use super::About;
use crate::api::snapshots::{self, Snapshot};
use crate::api::storage::Storage;
use crate::api::vms::VmDetail;
use crate::components::time::format_near;
use crate::components::{Loss, Note, Tone, TypedConfirm};
use crate::domain::ago::ago;
use crate::domain::config::disks;
use crate::domain::ids::VmId;
use crate::domain::units::{Instant, count};
use crate::screens::common::call::curl_of;
use crate::screens::common::facts::is_on;
use crate::screens::common::force::Force;
use crate::stores::actions::Failures;
use crate::stores::{Live, use_live};
use leptos::prelude::*;

#[component]
pub(super) fn RollBackDialog(vm: VmId, name: String, on_close: Callback<()>) -> impl IntoView {
    let live = use_live();
    let about = About::new(&live, vm);
    let vm_name = live.vm_name(vm);
    let now = live.clock.now();
    let (detail, storages) = (live.vm(vm).detail.watch(), live.storages.watch());
    let losses = {
        let name = name.clone();
        Memo::new(move |_| {
            let on = about
                .row
                .with(|row| row.as_ref().is_some_and(|row| is_on(row)));
            match about.known.get() {
                Some(known) => lines(&known, &name, on, now),
                None => vec![not_known(about)],
            }
        })
    };
    let newer = {
        let name = name.clone();
        Memo::new(move |_| {
            about.known.with(|known| {
                let known = known.as_ref()?;
                Some(known.newer(known.place(&name)?).len())
            })
        })
    };
    let on_zfs = Memo::new(move |_| {
        newer.get().filter(|newer| *newer > 0)?;
        detail.value.with(|detail| {
            storages
                .value
                .with(|storages| zfs_of(detail.as_deref()?, storages.as_deref()?))
        })
    });
    let refused = about.refused(
        &live,
        &name,
        "This snapshot is not there any more",
        may::roll_back,
    );
    let call = {
        let (client, name) = (live.client.clone(), name.clone());
        Signal::derive(move || curl_of(&client, &snapshots::roll_back_shown(vm, &name)))
    };
    let what = format!("Roll back {vm_name} to {name}");
    let on_confirm = {
        let name = name.clone();
        Force::new(false).call_in_time(&live, what.clone(), move |_, _| {
            let name = name.clone();
            move |live: &Live| live.actions.roll_back(vm, name, Failures::Caller)
        })
    };
    let zfs = move |storage: String| {
        let newer = count(newer.get().unwrap_or_default(), "newer one", "newer ones");
        let words = format!(
            "Its disks lie on {storage}, which is ZFS: that goes back to the newest snapshot \
             alone. Delete the {newer} first, or this will fail without changing anything."
        );
        view! { <Note tone=Tone::Warn>{words}</Note> }
    };
    view! {
        <TypedConfirm
            open=Signal::stored(true)
            on_close=on_close
            title=format!("{what}?")
            name=vm_name
            lead="Disks and configuration become what they were. What came after, and is in no \
                  other snapshot, is lost and can't be brought back:"
            losses=losses
            verb="Roll back"
            keep=Signal::stored("Keep the present state".to_owned())
            refused=refused
            on_confirm=on_confirm
            call=call
        >
            {move || on_zfs.get().map(zfs)}
            {move || refused.get().map(|why| view! { <Note tone=Tone::Warn>{why}</Note> })}
        </TypedConfirm>
    }
}

fn not_known(about: About) -> Loss {
    let failed = about
        .watch
        .status
        .with(|status| status.error.as_ref().map(|error| error.message.clone()));
    match failed {
        Some(why) => Loss::new("Its snapshots: not known", why),
        None => Loss::new("Its snapshots …", ""),
    }
}

/// The storage of its disks that is ZFS, if there is one.
pub(super) fn zfs_of(detail: &VmDetail, storages: &[Storage]) -> Option<String> {
    disks(&detail.config.0)
        .iter()
        .filter(|disk| disk.is_owned() && !disk.is_cloud_init())
        .filter_map(|disk| disk.storage().map(ToOwned::to_owned))
        .find(|name| {
            storages
                .iter()
                .any(|storage| storage.storage == *name && storage.kind == "zfspool")
        })
}

/// The last snapshot of the present state before it is lost.
fn since(known: &Known, to: &Snapshot, now: Instant) -> Loss {
    let standing = known.standing().filter(|on| on.name != to.name);
    match (standing, to.snaptime) {
        (Some(on), _) => Loss::new("Changes since", with_time(on, now)),
        (None, Some(at)) => {
            let far = ago(at, now).map_or_else(String::new, |ago| format!(", {ago}"));
            Loss::new("Changes since", format!("{}{far}", format_near(at, now)))
        }
        (None, None) => Loss::new("Changes since it was taken", ""),
    }
}

/// Names so many; the rest are counted.
const NAMED: usize = 3;

fn lines(known: &Known, name: &str, on: bool, now: Instant) -> Vec<Loss> {
    let Some((place, to)) = known
        .place(name)
        .and_then(|place| Some((place, known.list.get(place)?)))
    else {
        return Vec::new();
    };
    let mut lines = vec![since(known, to, now)];
    let newer = known.newer(place);
    if !newer.is_empty() {
        let names: Vec<&str> = newer.iter().take(NAMED).map(|row| &*row.name).collect();
        let more = newer.len().saturating_sub(NAMED);
        let mut names = names.join(", ");
        if more > 0 {
            names.push_str(&format!(" and {more} more"));
        }
        let stay = if newer.len() == 1 { "stays" } else { "stay" };
        let those = count(newer.len(), "newer snapshot", "newer snapshots");
        lines.push(Loss::new(format!("{those} {stay}"), names));
    }
    lines.push(match (to.vmstate == Some(true), on) {
        (true, _) => Loss::new("The guest goes on where it was", "with the memory of then"),
        (false, true) => Loss::new(
            "The VM is switched off",
            "and stays off until it is started",
        ),
        (false, false) => Loss::new("The VM stays off", ""),
    });
    lines
}
