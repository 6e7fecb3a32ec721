//! One edit of many VMs: what to change, the differences before anything is sent, a few calls at
//! a time, what came of each, and the way back. It survives a reload.

mod banner;
mod fields;
mod form;
mod frame;
mod look;
mod outline;
mod report;
mod review;
mod run;

use crate::api::capabilities::Feature;
use crate::api::vms::Vm;
use crate::components::lazy::area_part;
use crate::components::{Button, ControlSize, Toasts, use_toasts};
use crate::domain::ids::VmId;
use crate::lazy_view;
use crate::stores::Live;
use leptos::prelude::*;
use std::sync::Arc;

/// What stands open.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Shown {
    /// The form for these VMs.
    Form(Vec<VmId>),
    /// How far the edit has come.
    Report,
    /// The same, and it goes on at once.
    GoOn,
}

/// The way to the edit, for the parts of the list.
#[derive(Debug, Clone, Copy)]
pub(super) struct MassEdit {
    live: StoredValue<Live>,
    toasts: Toasts,
    chosen: Memo<Vec<Arc<Vm>>>,
    shown: RwSignal<Option<Shown>>,
}

impl MassEdit {
    /// For the page that is being built.
    pub fn new(live: &Live, chosen: Memo<Vec<Arc<Vm>>>) -> Self {
        Self {
            live: StoredValue::new(live.clone()),
            toasts: use_toasts(),
            chosen,
            shown: RwSignal::new(None),
        }
    }

    fn live(self) -> Live {
        self.live.get_value()
    }

    /// Why no edit can begin now; tracked.
    fn refused(self) -> Option<String> {
        let live = self.live();
        if let Some(reason) = live.denies(Feature::Config) {
            return Some(reason);
        }
        let job = live.edits.job().get()?;
        let name = job.name();
        if live.edits.is_running() {
            Some(format!("{name}: under way, wait until it has ended"))
        } else if job.counts().open > 0 {
            Some(format!(
                "{name}: not ended, go on with it or discard it first"
            ))
        } else {
            None
        }
    }

    fn begin(self) {
        let vms = self
            .chosen
            .with_untracked(|chosen| chosen.iter().map(|vm| vm.vmid).collect());
        self.shown.set(Some(Shown::Form(vms)));
    }
}

/// In the bar of the selection.
#[component]
pub(super) fn EditButton(edit: MassEdit) -> impl IntoView {
    view! {
        <Button
            label="Edit"
            size=ControlSize::Small
            disabled=Signal::derive(move || edit.refused())
            on_press=move |()| edit.begin()
        />
    }
}

/// Above the list, while there is an edit that is not put away and its dialog is closed.
#[component]
pub(super) fn EditBanner(edit: MassEdit) -> impl IntoView {
    let job = edit.live().edits.job();
    let stands = Memo::new(move |_| job.with(Option::is_some) && edit.shown.with(Option::is_none));
    move || {
        stands.get().then(|| {
            area_part(
                || Box::pin(preload_banner()),
                move || Box::pin(edit_banner(edit)),
                Callback::new(|()| ()),
            )
        })
    }
}

lazy_view! {
    many, preload_banner,
    fn edit_banner(edit: MassEdit) -> AnyView {
        view! { <banner::Banner edit=edit/> }.into_any()
    }
}

/// Where the dialog stands.
#[component]
pub(super) fn EditDialogs(edit: MassEdit) -> impl IntoView {
    let wanted = Memo::new(move |_| edit.shown.with(Option::is_some));
    let give_up = Callback::new(move |()| edit.shown.set(None));
    move || {
        wanted.get().then(|| {
            area_part(
                || Box::pin(preload_edit()),
                move || Box::pin(edit_dialog(edit)),
                give_up,
            )
        })
    }
}

lazy_view! {
    many, preload_edit,
    fn edit_dialog(edit: MassEdit) -> AnyView { frame::dialog(edit) }
}
