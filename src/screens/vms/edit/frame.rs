//! The dialog: one step after the other, with the buttons of each.

use super::fields::Fields;
use super::form::{Form, Step};
use super::report::Report;
use super::review::Review;
use super::{MassEdit, Shown, run};
use crate::components::dialog::{DiscardAsk, follow_steps};
use crate::components::{Button, ButtonLook, Dialog, DialogSize};
use crate::domain::units::count;
use leptos::prelude::*;

/// The dialog, from its opening to its end.
pub(super) fn dialog(edit: MassEdit) -> AnyView {
    let form = Form::begin(edit);
    if edit.shown.get_untracked() == Some(Shown::GoOn) {
        run::go(edit);
    }
    let job = edit.live().edits.job();
    let title = Signal::derive(move || match form.step.get() {
        Step::Fill => format!("Edit {}", count(form.vms.with(Vec::len), "VM", "VMs")),
        Step::Review => {
            let all = form.outline.with(|outline| outline.all);
            format!("Changes of {}", count(all, "VM", "VMs"))
        }
        Step::Run => job.with(|job| job.as_ref().map(|job| job.name()).unwrap_or_default()),
    });
    let body = move || match form.step.get() {
        Step::Fill => view! { <Fields form=form/> }.into_any(),
        Step::Review => view! { <Review form=form/> }.into_any(),
        Step::Run => view! { <Report form=form/> }.into_any(),
    };
    let place = follow_steps(Signal::derive(move || form.step.get() as u8));
    view! {
        <Dialog
            open=true
            on_close=move |()| form.close()
            title=title
            size=DialogSize::Wide
            footer=move || view! { <Foot form=form/> }
        >
            <div class="vms-edit" node_ref=place tabindex="-1" role="group" aria-label=move || title.get()>
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
                on_discard=move |()| form.edit.shown.set(None)
                what="what you have chosen"
                keep="Keep editing"
                verb="Discard changes"
            />
        }
    };
    let fill = move || {
        view! {
            <Button label="Cancel" on_press=move |()| form.close()/>
            <Button
                label="Review changes"
                look=ButtonLook::Primary
                disabled=Signal::derive(move || form.blocked())
                on_press=move |()| form.review(form.vms.get_untracked())
            />
        }
    };
    let review = move || {
        let off = Signal::derive(move || {
            form.outline.with(|outline| {
                if outline.waiting > 0 {
                    Some("The configurations are still being read".to_owned())
                } else if outline.changes.is_empty() {
                    Some("Nothing would change".to_owned())
                } else {
                    None
                }
            })
        });
        let label = Signal::derive(move || {
            let number = form.outline.with(|outline| outline.changes.len());
            format!("Change {}", count(number, "VM", "VMs"))
        });
        view! {
            <Button label="Back" on_press=move |()| form.back()/>
            <Button
                label=label
                look=ButtonLook::Primary
                disabled=off
                on_press=move |()| form.run()
            />
        }
    };
    move || match (form.discarding.get(), form.step.get()) {
        (true, _) => asks().into_any(),
        (false, Step::Fill) => fill().into_any(),
        (false, Step::Review) => review().into_any(),
        (false, Step::Run) => view! { <super::report::Buttons form=form/> }.into_any(),
    }
}
