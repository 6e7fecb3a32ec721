//! Backing up a VM now: where to, how, with which notes.

use super::super::looks::packed;
use super::form::Form;
use crate::api::backups::{Compression, Mode};
use crate::components::dialog::DiscardAsk;
use crate::components::faces::FailureNote;
use crate::components::{
    Button, ButtonLook, CallFold, CheckField, Dialog, Note, Segments, SelectField, SelectOption,
    TextArea, Tone, dom,
};
use crate::domain::backup_notes::{LONGEST, WORDS};
use crate::domain::ids::VmId;
use crate::screens::common::facts::is_on;
use crate::screens::unsaved::guard;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

const MODES: [(&str, &str); 3] = [
    ("snapshot", "Snapshot"),
    ("suspend", "Suspend"),
    ("stop", "Stop"),
];

/// What becomes of the guest meanwhile.
const fn explained(mode: Mode) -> &'static str {
    match mode {
        Mode::Snapshot => {
            "The guest runs on. What it had not written to disk yet is missing, unless its agent \
             is there to have it written."
        }
        Mode::Suspend => {
            "The guest is frozen while it is copied and answers nobody until that has ended."
        }
        Mode::Stop => {
            "The guest is shut down, and started again when the backup has begun: the most \
             consistent, and what it serves is away meanwhile."
        }
    }
}

#[component]
pub(super) fn BackUpDialog(vm: VmId, on_close: Callback<()>) -> impl IntoView {
    let form = Form::begin(vm, on_close);
    // Opened by its address, the dialog may be there before the name is known.
    let title = Signal::derive(move || {
        let name = form
            .row
            .with(|row| row.as_ref().map(|row| row.name.clone()));
        let name = name.filter(|name| !name.is_empty());
        format!(
            "Back up {}",
            name.unwrap_or_else(|| form.live().vm_name(vm))
        )
    });
    let typed = move || form.is_touched().then(|| "a new backup".to_owned());
    guard(Signal::derive(typed), None);
    let locked = Signal::derive(move || {
        let words = "The backup is being asked for; this closes when that has ended.";
        form.busy.get().then(|| words.to_owned())
    });
    let id = dom::uid("backup-form");
    let submits = id.clone();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        form.send();
    };
    view! {
        <Dialog
            open=true
            on_close=move |()| form.close()
            title=title
            locked=locked
            footer=move || view! { <Foot form=form id=submits.clone()/> }
        >
            <form id=id.clone() novalidate class="snap-form" on:submit=submit>
                {move || form.blocked().map(|why| view! { <Note tone=Tone::Warn>{why}</Note> })}
                <FailureNote error=form.error/>
                <Place form=form/>
                <HowField form=form/>
                <NotesField form=form/>
                <CheckField
                    label="Protect it"
                    value=form.protect
                    help="Kept from removal, by people and by retention, until the protection is lifted"
                />
            </form>
            <CallFold text=Signal::derive(move || form.call().unwrap_or_default())/>
        </Dialog>
    }
}

/// Where to, and whether it fits.
#[component]
fn Place(form: Form) -> impl IntoView {
    let options = Memo::new(move |_| form.options());
    let tight = Memo::new(move |_| form.tight());
    let nowhere = Memo::new(move |_| form.is_nowhere());
    let help = Signal::derive(move || match form.newest().and_then(|own| own.size) {
        Some(size) => format!("Its newest backup took {}", size.amount()),
        None => String::new(),
    });
    let unread = Memo::new(move |_| {
        let failed = form
            .storages
            .status
            .with(|status| status.error.as_ref().map(|error| error.message.clone()));
        failed.filter(|_| form.storages.value.with(Option::is_none))
    });
    view! {
        <SelectField
            label="Storage"
            value=form.storage
            options=options
            help=help
            error=form.error_of("storage")
            locked=form.busy
        />
        {move || tight.get().map(|why| view! { <Note tone=Tone::Warn>{why}</Note> })}
        {move || nowhere.get().then(|| view! {
            <Note tone=Tone::Warn>"No storage that the VM's node reaches takes backups."</Note>
        })}
        {move || unread.get().map(|why| view! {
            <Note tone=Tone::Bad>{format!("The storages could not be read: {why}")}</Note>
        })}
    }
}

/// What becomes of the guest, and how it is packed.
#[component]
fn HowField(form: Form) -> impl IntoView {
    let current = Signal::derive(move || form.mode.get().as_str());
    let choose = Callback::new(move |word: &'static str| {
        if let Some(mode) = Mode::ALL.into_iter().find(|mode| mode.as_str() == word) {
            form.mode.set(mode);
        }
    });
    let off = Memo::new(move |_| {
        form.row
            .with(|row| row.as_ref().is_some_and(|row| !is_on(row)))
    });
    let words = move || {
        if off.get() {
            "The VM is off: the mode makes no difference."
        } else {
            explained(form.mode.get())
        }
    };
    let options = Compression::ALL.map(|own| SelectOption::new(own.as_str(), packed(own)));
    let to_server = Memo::new(move |_| form.to_server());
    let help = Signal::derive(move || {
        let words = "A Proxmox Backup Server packs in its own way, whatever is asked";
        if to_server.get() {
            words.to_owned()
        } else {
            String::new()
        }
    });
    view! {
        <div class="field">
            <div class="field-head"><span class="field-label" aria-hidden="true">"Mode"</span></div>
            <Segments label="Mode" items=MODES.to_vec() current=current on_choose=choose/>
            <p class="quiet" role="status">{words}</p>
        </div>
        <SelectField
            label="Compression"
            value=form.compression
            options=Signal::stored(options.to_vec())
            help=help
            error=form.error_of("compress")
            locked=form.busy
        />
    }
}

/// A template, with what becomes of it.
#[component]
fn NotesField(form: Form) -> impl IntoView {
    let help = Signal::derive(move || {
        let typed = form.notes.with(|notes| notes.contains("{{"));
        match form.filled() {
            Ok(notes) if typed && !notes.is_empty() => format!("Will read: {notes}"),
            Ok(_) if typed => "Will be empty".to_owned(),
            _ => {
                let words: Vec<&str> = WORDS.iter().map(|(word, _)| *word).collect();
                format!("{} are filled in", words.join(", "))
            }
        }
    });
    view! {
        <TextArea
            label="Notes"
            value=form.notes
            help=help
            error=form.error_of("notes")
            limit=LONGEST
            rows=2
            optional=true
            locked=form.busy
        />
    }
}

#[component]
fn Foot(form: Form, id: String) -> impl IntoView {
    let off = Signal::derive(move || {
        form.blocked().or_else(|| {
            let none = form.storage.with(String::is_empty);
            let wrong = form.request().is_none();
            match (none, wrong) {
                (true, _) => Some("Choose a storage first".to_owned()),
                (_, true) => Some("Correct the marked fields first".to_owned()),
                _ => None,
            }
        })
    });
    let fill = move || {
        view! {
            <Button label="Cancel" on_press=move |()| form.close() attr:autofocus=true/>
            <Button
                label="Back up"
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
