//! Deleting one snapshot: what is lost with it, and what becomes of those taken on it.

use super::super::known::Known;
use super::super::may;
use super::About;
use crate::api::snapshots;
use crate::components::time::format_near;
use crate::components::{ConfirmDialog, Loss, Note, Tone};
use crate::domain::ids::VmId;
use crate::domain::units::{Bytes, Instant, count};
use crate::screens::common::call::curl_of;
use crate::screens::common::force::Force;
use crate::stores::actions::Failures;
use crate::stores::{Live, use_live};
use leptos::prelude::*;

#[component]
pub(super) fn DeleteDialog(vm: VmId, name: String, on_close: Callback<()>) -> impl IntoView {
    let live = use_live();
    let about = About::new(&live, vm);
    let vm_name = live.vm_name(vm);
    let now = live.clock.now();
    let losses = {
        let name = name.clone();
        Memo::new(move |_| {
            about
                .known
                .with(|known| known.as_ref().map(|known| lines(known, &name, now)))
                .unwrap_or_default()
        })
    };
    let refused = about.refused(&live, &name, "It is not there any more", may::delete);
    let call = {
        let (client, name) = (live.client.clone(), name.clone());
        Signal::derive(move || curl_of(&client, &snapshots::delete_shown(vm, &name)))
    };
    let what = format!("Delete snapshot {name} of {vm_name}");
    let on_confirm = {
        let name = name.clone();
        Force::new(false).call_in_time(&live, what.clone(), move |_, _| {
            let name = name.clone();
            move |live: &Live| live.actions.delete_snapshot(vm, name, Failures::Caller)
        })
    };
    view! {
        <ConfirmDialog
            open=Signal::stored(true)
            on_close=on_close
            title=format!("{what}?")
            lead="Its state is lost and can't be gone back to. The VM itself stays as it is."
            losses=losses
            verb="Delete snapshot"
            keep=Signal::stored("Keep snapshot".to_owned())
            refused=refused
            on_confirm=on_confirm
            call=call
        >
            {move || refused.get().map(|why| view! { <Note tone=Tone::Warn>{why}</Note> })}
        </ConfirmDialog>
    }
}

/// What is lost, and what stays where.
fn lines(known: &Known, name: &str, now: Instant) -> Vec<Loss> {
    let Some((place, snapshot)) = known
        .place(name)
        .and_then(|place| Some((place, known.list.get(place)?)))
    else {
        return Vec::new();
    };
    let mut lines = Vec::new();
    let size = snapshot.size.map(Bytes::amount);
    lines.push(Loss::new(
        match snapshot.snaptime {
            Some(at) => format!("The state of {}", format_near(at, now)),
            None => "Its state".to_owned(),
        },
        size.map_or_else(String::new, |size| size.to_string()),
    ));
    if snapshot.vmstate == Some(true) {
        lines.push(Loss::new("The memory of that moment", ""));
    }
    let onto = known.parent(place).map_or_else(
        || "each a root of its own".to_owned(),
        |parent| format!("then on {}", parent.name),
    );
    let children = known.tree.children(place).count();
    if children > 0 {
        let stay = if children == 1 { "stays" } else { "stay" };
        let those = count(children, "snapshot", "snapshots");
        lines.push(Loss::new(format!("{those} taken on it {stay}"), onto));
    }
    if known.tree.here.is_some_and(|here| here.on == Some(place)) {
        let onto = known.parent(place).map_or_else(
            || "then on none".to_owned(),
            |parent| format!("then on {}", parent.name),
        );
        lines.push(Loss::new("The VM stands on it and stays as it is", onto));
    }
    lines
}
