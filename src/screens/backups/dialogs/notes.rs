//! Changing the notes of a backup.

use super::super::may;
use super::super::target::Target;
use crate::api::backups;
use crate::components::dialog::DiscardAsk;
use crate::components::faces::{ErrorView, FailureNote};
use crate::components::{Button, ButtonLook, CallFold, Dialog, Note, TextArea, Tone, dom};
use crate::domain::backup_notes::LONGEST;
use crate::screens::common::call::curl_of;
use crate::screens::common::faces::error_view;
use crate::screens::unsaved::guard;
use crate::stores::actions::Failures;
use crate::stores::notices::Notice;
use crate::stores::{spawn, use_live};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

#[component]
pub(super) fn NotesDialog(target: Target, on_close: Callback<()>) -> impl IntoView {
    let live = use_live();
    let now = live.clock.now();
    let title = format!("Notes of the backup of {}", target.name(now));
    let before = StoredValue::new(target.backup.notes.clone().unwrap_or_default());
    let text = RwSignal::new(before.get_value());
    let (busy, discarding) = (RwSignal::new(false), RwSignal::new(false));
    let error = RwSignal::new(None::<ErrorView>);
    let changed = Memo::new(move |_| before.with_value(|before| text.with(|text| text != before)));
    guard(
        Signal::derive(move || changed.get().then(|| "the notes of a backup".to_owned())),
        None,
    );
    let refused = {
        let live = live.clone();
        Signal::derive(move || may::note(&live))
    };
    let off = Signal::derive(move || {
        refused.get().or_else(|| match () {
            () if !changed.get() => Some("Nothing is changed yet".to_owned()),
            () if text.with(|text| text.chars().count() > LONGEST) => {
                Some("Shorten them first".to_owned())
            }
            () => None,
        })
    });
    let call = {
        let (client, backup) = (live.client.clone(), target.backup.clone());
        Signal::derive(move || {
            text.with(|text| curl_of(&client, &backups::notes_shown(&backup, text)))
        })
    };
    let named = StoredValue::new(target.named(now));
    let live = StoredValue::new(live);
    let send = move || {
        if busy.get_untracked() || untrack(|| off.get()).is_some() {
            return;
        }
        busy.set(true);
        error.set(None);
        let live = live.get_value();
        let sending =
            live.actions
                .note_backup(named.get_value(), text.get_untracked(), Failures::Caller);
        spawn::action(async move {
            let answer = sending.await;
            let _ = busy.try_set(false);
            let title = "The notes were not saved";
            let view = match answer {
                Some(Ok(())) => {
                    let _ = on_close.try_run(());
                    return;
                }
                Some(Err(failure)) => {
                    let view = error_view(title, &failure, live.clock.now());
                    if error.try_set(Some(view)).is_some() {
                        live.notices.push(Notice::failed(title, &failure));
                    }
                    return;
                }
                None => ErrorView {
                    title: title.to_owned(),
                    message: "Another change of this backup is under way; nothing was sent."
                        .to_owned(),
                    ..ErrorView::default()
                },
            };
            let _ = error.try_set(Some(view));
        });
    };
    let close = Callback::new(move |()| {
        if changed.get_untracked() {
            discarding.set(true);
        } else {
            on_close.run(());
        }
    });
    let locked = Signal::derive(move || {
        busy.get()
            .then(|| "The notes are on their way; this closes when they are saved.".to_owned())
    });
    let id = dom::uid("backup-notes");
    let form = id.clone();
    let foot = move || {
        if discarding.get() {
            view! { <DiscardAsk discarding=discarding on_discard=on_close/> }.into_any()
        } else {
            let form = form.clone();
            view! {
                <Button label="Cancel" on_press=close/>
                <Button label="Save notes" look=ButtonLook::Primary submits=true attr:form=form busy=busy disabled=off on_press=|()| ()/>
            }
            .into_any()
        }
    };
    view! {
        <Dialog open=true on_close=close title=title locked=locked footer=foot>
            <form
                id=id.clone()
                novalidate
                class="snap-form"
                on:submit=move |event: SubmitEvent| {
                    event.prevent_default();
                    send();
                }
            >
                {move || refused.get().map(|why| view! { <Note tone=Tone::Warn>{why}</Note> })}
                <FailureNote error=error/>
                <TextArea label="Notes" value=text limit=LONGEST rows=6 optional=true locked=busy/>
            </form>
            <CallFold text=call/>
        </Dialog>
    }
}
