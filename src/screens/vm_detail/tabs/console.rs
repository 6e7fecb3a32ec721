use crate::api::capabilities::{Feature, Offers};
use crate::components::{Button, EmptyState, IconName};
use crate::screens::common::vm_menu::LATER;
use crate::stores::use_live;
use leptos::prelude::*;

/// The VM's screen: not there yet, or not offered.
#[component]
pub fn Console() -> impl IntoView {
    let live = use_live();
    let reason = Signal::derive(move || match live.offers(Feature::Console) {
        Offers::No(reason) if live.capabilities().with(Option::is_some) => reason,
        _ => LATER.to_owned(),
    });
    let off = Signal::derive(move || Some(reason.get()));
    view! {
        <EmptyState
            title="No console here yet"
            words=Signal::derive(move || format!("{}. Until then, open it in Proxmox VE.", reason.get()))
            icon=IconName::Console
            action=move || view! {
                <Button label="Open console" icon=IconName::Console disabled=off on_press=|()| ()/>
            }
        />
    }
}
