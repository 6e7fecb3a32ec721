//! A snapshot of many VMs: which, what it is called, what the server says would come of it, and
//! what came of each.

mod fields;
mod form;
mod outcome;

use crate::components::dialog::{DiscardAsk, follow_steps};
use crate::components::lazy::area_part;
use crate::components::{Button, ButtonLook, Dialog, DialogSize};
use crate::domain::ids::VmId;
use crate::domain::units::count;
use crate::lazy_view;
use crate::screens::unsaved::guard;
use crate::stores::Live;
use form::{Form, Step};
use leptos::prelude::*;
use std::collections::BTreeSet;

/// The way to the dialog.
#[derive(Debug, Clone, Copy)]
pub struct ManySnapshots {
    /// While it stands open: the VMs that it began with.
    open: RwSignal<Option<BTreeSet<VmId>>>,
    live: StoredValue<Live>,
}

impl ManySnapshots {
    /// For the page that is being built.
    pub fn new(live: &Live) -> Self {
        Self {
            open: RwSignal::new(None),
            live: StoredValue::new(live.clone()),
        }
    }

    /// Opens it with nothing chosen.
    pub fn open(self) {
        self.open_with(BTreeSet::new());
    }

    /// Opens it with these chosen.
    pub fn open_with(self, vms: BTreeSet<VmId>) {
        self.open.set(Some(vms));
    }
}

/// Where the dialog stands; once on a page.
#[component]
pub fn ManyDialogs(many: ManySnapshots) -> impl IntoView {
    let give_up = Callback::new(move |()| many.open.set(None));
    move || {
        many.open.with(Option::is_some).then(|| {
            area_part(
                || Box::pin(preload_many()),
                move || Box::pin(many_dialog(many)),
                give_up,
            )
        })
    }
}

lazy_view! {
    snapshot_dialogs, preload_many,
    fn many_dialog(many: ManySnapshots) -> AnyView { dialog(many) }
}

fn dialog(many: ManySnapshots) -> AnyView {
    let form = Form::begin(many.live.get_value(), many.open);
    let typed = move || {
        form.is_touched()
            .then(|| "snapshots of many VMs".to_owned())
    };
    guard(Signal::derive(typed), None);
    let title = Signal::derive(move || match form.step.get() {
        Step::Fill => "Create snapshots".to_owned(),
        Step::Review => format!("Snapshots of {}", form.number()),
        Step::Done => form.outcome_title(),
    });
    let locked = Signal::derive(move || {
        form.busy.get().then(|| {
            "The server is being asked; this can be closed when it has answered.".to_owned()
        })
    });
    let body = move || match form.step.get() {
        Step::Fill => view! { <fields::Fields form=form/> }.into_any(),
        Step::Review => view! { <outcome::Review form=form/> }.into_any(),
        Step::Done => view! { <outcome::Outcome form=form/> }.into_any(),
    };
    let place = follow_steps(Signal::derive(move || form.step.get() as u8));
    view! {
        <Dialog
            open=true
            on_close=move |()| form.close()
            title=title
            size=DialogSize::Wide
            locked=locked
            footer=move || view! { <Foot form=form/> }
        >
            <div class="snap-many" node_ref=place tabindex="-1" role="group" aria-label=move || title.get()>
                {body}
            </div>
        </Dialog>
    }
    .into_any()
}

/// The buttons, by step.
#[component]
fn Foot(form: Form) -> impl IntoView {
    let asks = move || {
        view! {
            <DiscardAsk
                discarding=form.discarding
                on_discard=move |()| form.discard()
                what="what you have chosen"
                keep="Keep choosing"
            />
        }
        .into_any()
    };
    let fill = move || {
        view! {
            <Button label="Cancel" on_press=move |()| form.close()/>
            <Button
                label="Check names"
                look=ButtonLook::Primary
                busy=form.busy
                disabled=Signal::derive(move || form.blocked())
                on_press=move |()| form.review()
            />
        }
        .into_any()
    };
    let review = move || {
        let label = Signal::derive(move || {
            let number = form.accepted().len();
            format!("Take {}", count(number, "snapshot", "snapshots"))
        });
        let off = Signal::derive(move || {
            form.accepted()
                .is_empty()
                .then(|| "None of them can be taken".to_owned())
        });
        view! {
            <Button label="Back" on_press=move |()| form.step.set(Step::Fill)/>
            <Button
                label=label
                look=ButtonLook::Primary
                busy=form.busy
                disabled=off
                on_press=move |()| form.send()
            />
        }
        .into_any()
    };
    let done = move || {
        view! { <Button label="Done" look=ButtonLook::Primary on_press=move |()| form.discard()/> }
            .into_any()
    };
    move || match (form.discarding.get(), form.step.get()) {
        (true, _) => asks(),
        (false, Step::Fill) => fill(),
        (false, Step::Review) => review(),
        (false, Step::Done) => done(),
    }
}
