//! Editing the configuration: a form over a draft, the differences before anything is sent, and
//! what to do where somebody else was faster.

mod boot;
mod conflict;
mod fields;
mod form;
mod parked;
mod review;

use super::model::{VmPage, use_vm};
use crate::api::capabilities::Feature;
use crate::components::dialog::DiscardAsk;
use crate::components::{Button, ButtonLook, Dialog, DialogSize};
use crate::domain::vm_can;
use crate::screens::common::facts::vm_facts;
use crate::stores::{Live, use_live};
use form::{Form, Step};
use leptos::prelude::*;

/// The way to the form, for the buttons of the page.
#[derive(Debug, Clone, Copy)]
pub struct Editor {
    vm: VmPage,
    open: RwSignal<bool>,
    live: StoredValue<Live>,
}

impl Editor {
    /// Provides it to the page; draw its [`EditDialog`], too.
    #[must_use]
    pub fn provide() -> Self {
        let editor = Self {
            vm: use_vm(),
            open: RwSignal::new(false),
            live: StoredValue::new(use_live()),
        };
        provide_context(editor);
        editor
    }

    /// Opens the form, unless it cannot be filled in now.
    pub fn open(self) {
        if untrack(|| self.refused()).is_none() {
            self.open.set(true);
        }
    }

    /// Whether something that was typed earlier waits to be saved.
    #[must_use]
    pub fn has_parked(self) -> bool {
        !self.open.get() && parked::has(self.vm.id)
    }

    /// Why the configuration cannot be changed now; tracked.
    #[must_use]
    pub fn refused(self) -> Option<String> {
        if self.vm.config.with(Option::is_none) {
            return Some("The configuration is not known yet".to_owned());
        }
        let live = self.live.get_value();
        if let Some(reason) = live.denies(Feature::Config) {
            return Some(reason);
        }
        let protection = self.vm.protection();
        self.vm.vm.with(|vm| {
            vm_can::configure(&vm_facts(vm, protection, false))
                .err()
                .map(|reason| reason.0)
        })
    }
}

/// The dialog of an [`Editor`].
#[component]
pub fn EditDialog(editor: Editor) -> impl IntoView {
    let open = editor.open;
    // The form lives as long as the dialog stands: each opening begins with what holds then.
    move || open.get().then(|| view! { <Editing editor=editor/> })
}

#[component]
fn Editing(editor: Editor) -> impl IntoView {
    let vm = editor.vm;
    let form = Form::begin(vm, editor.open);
    provide_context(form);
    form.park();
    form.guard_unload();
    let title = Signal::derive(move || match form.step.get() {
        Step::Fill => format!("Edit {}", vm.name.get()),
        Step::Review => format!("Changes of {}", vm.name.get()),
    });
    let locked = Signal::derive(move || {
        form.busy
            .get()
            .then(|| "The changes are being saved; this closes when that has ended.".to_owned())
    });
    view! {
        <Dialog
            open=true
            on_close=move |()| form.ask_close()
            title=title
            size=DialogSize::Normal
            locked=locked
            footer=move || view! { <Foot form=form/> }
        >
            <fields::Problems form=form/>
            <div hidden=move || form.step.get() != Step::Fill>
                <fields::Fields form=form/>
            </div>
            <Show when=move || form.step.get() == Step::Review>
                <review::Review form=form/>
            </Show>
        </Dialog>
    }
}

/// The buttons, by step; what was typed is not thrown away by a slip.
#[component]
fn Foot(form: Form) -> impl IntoView {
    let asks = move || {
        view! {
            <DiscardAsk
                discarding=form.discarding
                on_discard=move |()| form.discard()
                keep="Keep editing"
                verb="Discard changes"
            />
        }
    };
    let fill = move || {
        view! {
            <Button label="Cancel" on_press=move |()| form.ask_close()/>
            <Button
                label="Review changes"
                look=ButtonLook::Primary
                disabled=form.blocked()
                on_press=move |()| form.step.set(Step::Review)
            />
        }
    };
    let review = move || {
        view! {
            <Button label="Back" on_press=move |()| form.step.set(Step::Fill)/>
            <Button
                label="Save changes"
                look=ButtonLook::Primary
                busy=form.busy
                disabled=form.blocked()
                on_press=move |()| form.save()
            />
        }
    };
    move || match (form.discarding.get(), form.step.get()) {
        (true, _) => asks().into_any(),
        (false, Step::Fill) => fill().into_any(),
        (false, Step::Review) => review().into_any(),
    }
}
