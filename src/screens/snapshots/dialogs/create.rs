//! Taking a snapshot: name, description, lifetime, memory.

use super::super::ask::SnapshotAsk;
use super::form::{DESCRIPTION, Form};
use super::lifetime::Lifetime;
use crate::components::faces::CopyReport;
use crate::components::{
    Button, ButtonLook, CallFold, CheckField, Dialog, Icon, IconName, Note, TextArea, TextField,
    Tone,
};
use crate::components::{dom, faces::ErrorView};
use crate::domain::ids::VmId;
use crate::domain::snapshot::pattern;
use crate::screens::unsaved::guard;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

#[component]
pub(super) fn CreateDialog(vm: VmId, ask: SnapshotAsk, on_close: Callback<()>) -> impl IntoView {
    let form = Form::begin(vm, ask, on_close);
    let name = form.live().vm_name(vm);
    let typed = move || (!form.name.with(String::is_empty)).then(|| "a new snapshot".to_owned());
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
            <Call form=form/>
        </Dialog>
    }
}

/// Why it can't be taken, and why the last try failed.
#[component]
fn Problems(form: Form) -> impl IntoView {
    let failure = |error: ErrorView| {
        view! {
            <Note tone=Tone::Bad>
                <p class="confirm-error">{error.title}</p>
                <p class="snap-words">{error.message}</p>
                {error.hint.map(|hint| view! { <p class="quiet">{hint}</p> })}
                {error.report.map(|report| view! { <CopyReport report=report/> })}
            </Note>
        }
    };
    view! {
        {form.restored.then(|| view! {
            <Note tone=Tone::Info>"The last try failed after it had begun. What you typed is back."</Note>
        })}
        {move || form.blocked().map(|why| view! { <Note tone=Tone::Warn>{why}</Note> })}
        <div role="alert">{move || form.error.get().map(failure)}</div>
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
    let no_memory = Signal::derive(move || form.memory_refused().is_some());
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

/// The call that will be sent.
#[component]
fn Call(form: Form) -> impl IntoView {
    let text = Signal::derive(move || form.call().unwrap_or_default());
    let any = Memo::new(move |_| !text.with(String::is_empty));
    move || {
        any.get().then(|| {
            view! {
                <CallFold text=text/>
            }
        })
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
    let asks = move || {
        view! {
            <p class="snap-ask" role="alert"><Icon name=IconName::Help/>"Discard what you have typed?"</p>
            <Button label="Keep typing" on_press=move |()| form.discarding.set(false)/>
            <Button label="Discard" look=ButtonLook::Danger on_press=move |()| form.discard()/>
        }
    };
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
            asks().into_any()
        } else {
            fill().into_any()
        }
    }
}
