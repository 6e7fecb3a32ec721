//! Taking a snapshot: name, description, lifetime, memory.

use super::super::ask::SnapshotAsk;
use super::form::{DESCRIPTION, Draft, Form};
use super::lifetime::Lifetime;
use crate::components::dialog::DiscardAsk;
use crate::components::dom;
use crate::components::faces::FailureNote;
use crate::components::{
    Button, ButtonLook, CallFold, CheckField, Dialog, Note, TextArea, TextField, Tone,
};
use crate::domain::ids::VmId;
use crate::domain::snapshot::pattern;
use crate::screens::unsaved::guard;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

#[component]
pub(super) fn CreateDialog(vm: VmId, ask: SnapshotAsk, on_close: Callback<()>) -> impl IntoView {
    let form = Form::begin(vm, ask, on_close);
    let name = form.live().vm_name(vm);
    let typed = move || (form.draft() != Draft::default()).then(|| "a new snapshot".to_owned());
    guard(Signal::derive(typed), None);
    let locked = Signal::derive(move || {
        form.busy
            .get()
            .then(|| "The snapshot is being asked for; this closes when that has ended.".to_owned())
    });
    let id = dom::uid("snapshot-form");
    let submits = id.clone();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        form.send();
    };
    view! {
        <Dialog
            open=true
            on_close=move |()| form.close()
            title=format!("Take a snapshot of {name}")
            locked=locked
            footer=move || view! { <Foot form=form id=submits.clone()/> }
        >
            <form id=id.clone() novalidate class="snap-form" on:submit=submit>
                <Problems form=form/>
                <Fields form=form/>
            </form>
            <CallFold text=Signal::derive(move || form.call().unwrap_or_default())/>
        </Dialog>
    }
}

/// Why it can't be taken, and why the last try failed.
#[component]
fn Problems(form: Form) -> impl IntoView {
    view! {
        {form.restored.then(|| view! {
            <Note tone=Tone::Info>"The last try failed after it had begun. What you typed is back."</Note>
        })}
        {move || form.blocked().map(|why| view! { <Note tone=Tone::Warn>{why}</Note> })}
        <FailureNote error=form.error/>
    }
}

#[component]
fn Fields(form: Form) -> impl IntoView {
    let help = Signal::derive(move || {
        let typed = form.name.get();
        match form.filled() {
            Ok(name) if pattern::is_pattern(&typed) => {
                format!("Will be called {name}; times are UTC")
            }
            _ => "Letters, digits, - and _; {date}, {time} and {vm} are filled in".to_owned(),
        }
    });
    let memory_help = Signal::derive(move || {
        form.memory_refused().unwrap_or_else(|| {
            "A rollback goes on where the guest was. Takes as much room as its memory, and longer"
                .to_owned()
        })
    });
    // What can't be kept is not shown as chosen.
    let no_memory = Memo::new(move |_| form.memory_refused().is_some());
    Effect::new(move || {
        if no_memory.get() {
            form.memory.set(false);
        }
    });
    view! {
        <TextField
            label="Name"
            value=form.name
            help=help
            error=form.error_of("name")
            placeholder="before-upgrade-{date}"
            mono=true
            autofocus=true
            locked=form.busy
        />
        <TextArea
            label="Description"
            value=form.description
            error=form.error_of("description")
            limit=DESCRIPTION
            rows=2
            optional=true
            locked=form.busy
        />
        <Lifetime life=form.life hours=form.hours error=form.error_of("ttlHours") locked=form.busy/>
        <CheckField label="Keep the memory of the guest (RAM)" value=form.memory help=memory_help locked=no_memory/>
    }
}

#[component]
fn Foot(form: Form, id: String) -> impl IntoView {
    let off = Signal::derive(move || {
        form.blocked().or_else(|| {
            let empty = form.name.with(String::is_empty);
            let wrong = form.request().is_err() && !empty;
            wrong.then(|| "Correct the marked fields first".to_owned())
        })
    });
    let fill = move || {
        view! {
            <Button label="Cancel" on_press=move |()| form.close()/>
            <Button
                label="Take snapshot"
                look=ButtonLook::Primary
                submits=true
                attr:form=id.clone()
                busy=form.busy
                disabled=off
                on_press=|()| ()
            />
        }
    };
    move || {
        if form.discarding.get() {
            view! { <DiscardAsk discarding=form.discarding on_discard=move |()| form.discard()/> }
                .into_any()
        } else {
            fill().into_any()
        }
    }
}
