//! What is left of an edit whose dialog is closed: how far it has come, and how to go on, also
//! after a reload.

use super::{MassEdit, Shown};
use crate::components::{Button, ButtonLook, ControlSize, Icon, IconName, Toast, Tone};
use leptos::prelude::*;

/// How far it has come, and what can be done about it.
#[component]
pub(super) fn Banner(edit: MassEdit) -> impl IntoView {
    let edits = edit.live().edits.clone();
    let job = edits.job();
    let running = {
        let edits = edits.clone();
        Memo::new(move |_| edits.is_running())
    };
    let open =
        Memo::new(move |_| job.with(|job| job.as_ref().is_some_and(|j| j.counts().open > 0)));
    let words = Memo::new(move |_| {
        let Some(job) = job.get() else {
            return String::new();
        };
        let counts = job.counts();
        let ended = counts.all - counts.open;
        if running.get() {
            format!("{}: {ended} of {}", job.name(), counts.all)
        } else if counts.open > 0 {
            format!("{} stopped at {ended} of {}", job.name(), counts.all)
        } else {
            format!("{}: {}", job.name(), job.outcome())
        }
    });
    let stop = {
        let edits = edits.clone();
        Callback::new(move |()| edits.stop())
    };
    let discard = Callback::new(move |()| {
        let edits = edit.live().edits.clone();
        let Some(job) = edits.peek() else { return };
        edits.put(None);
        let note = format!("{}: put away", job.name());
        let text = "What is changed stays so; nothing more is sent.";
        let back = move || {
            if edits.peek().is_none() {
                edits.put(Some(job.as_ref().clone()));
            }
        };
        edit.toasts
            .push(Toast::new(Tone::Info, note).text(text).action("Undo", back));
    });
    let show = Callback::new(move |shown: Shown| edit.shown.set(Some(shown)));
    let icon = move || {
        let name = if running.get() {
            IconName::Spinner
        } else {
            IconName::Triangle
        };
        view! { <Icon name=name/> }
    };
    let buttons = move || {
        let look = view! {
            <Button label="Look" size=ControlSize::Small on_press=move |()| show.run(Shown::Report)/>
        };
        if running.get() {
            let stops = view! { <Button label="Stop" size=ControlSize::Small on_press=stop/> };
            return view! { {look} {stops} }.into_any();
        }
        view! {
            {move || open.get().then(|| view! {
                <Button
                    label="Go on"
                    look=ButtonLook::Primary
                    size=ControlSize::Small
                    on_press=move |()| show.run(Shown::GoOn)
                />
            })}
            {look}
            <Button label="Discard" look=ButtonLook::Quiet size=ControlSize::Small on_press=discard/>
        }
        .into_any()
    };
    view! {
            <section class=move || format!("note vms-edit-left {}", if running.get() { "tone-info" } else { "tone-warn" }) aria-label="Edit of many VMs">
                {icon}
                <p class="note-words" role="status">{move || words.get()}</p>
                <span class="btn-row">{buttons}</span>
            </section>
    }
}
