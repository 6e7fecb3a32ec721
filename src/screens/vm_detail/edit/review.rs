//! The differences before they are sent, and those that somebody else made meanwhile.

use super::form::Form;
use crate::components::{Button, ControlSize, CopyButton, Icon, IconName, Note, Tone};
use crate::domain::config::{Change, Meanwhile, Side};
use leptos::prelude::*;

const UNSET: &str = "not set";

/// Old and new value of each change; what waits for a start says so.
#[component]
pub fn Review(form: Form) -> impl IntoView {
    let on = form.vm.on;
    let changes = Memo::new(move |_| form.changes());
    let waits =
        Memo::new(move |_| on.get() && changes.with(|c| c.iter().any(|change| change.restart)));
    let rows = move || {
        changes
            .get()
            .into_iter()
            .map(|change| view! { <ChangeRow change=change on=on/> })
            .collect_view()
    };
    let call = Signal::derive(move || form.call());
    view! {
        <div class="vm-review">
            <table class="vm-diff">
                <thead><tr><th scope="col">"Setting"</th><th scope="col">"Now"</th><th scope="col">"After saving"</th></tr></thead>
                <tbody>{rows}</tbody>
            </table>
            <Show when=move || waits.get()>
                <Note tone=Tone::Info>
                    "The VM runs: what is marked takes effect at its next start, the rest at once."
                </Note>
            </Show>
            <details class="vm-call">
                <summary>"Show API call"</summary>
                <div class="confirm-call">
                    <pre tabindex="0" aria-label="API call">{move || call.get()}</pre>
                    <CopyButton text=call what="API call"/>
                </div>
            </details>
        </div>
    }
}

#[component]
fn ChangeRow(change: Change, on: Memo<bool>) -> impl IntoView {
    let Change {
        label,
        old,
        new,
        restart,
        ..
    } = change;
    view! {
        <tr>
            <th scope="row">{label}</th>
            <td class="vm-old">{old.unwrap_or_else(|| UNSET.to_owned())}</td>
            <td>
                <span class="vm-new">{new.unwrap_or_else(|| UNSET.to_owned())}</span>
                {move || (restart && on.get()).then(|| view! {
                    <span class="vm-pending"><Icon name=IconName::Hourglass/>"at the next start"</span>
                })}
            </td>
        </tr>
    }
}

/// What somebody else changed, and the two ways to go on.
#[component]
pub fn Conflict(form: Form) -> impl IntoView {
    let found = Memo::new(move |_| form.meanwhile());
    let some = Memo::new(move |_| found.with(|found| !found.is_empty()));
    let rows = move || {
        found
            .get()
            .into_iter()
            .map(|Meanwhile { change, mine }| {
                view! {
                    <tr>
                        <th scope="row">{change.label}</th>
                        <td>{change.old.unwrap_or_else(|| UNSET.to_owned())}</td>
                        <td><b>{change.new.unwrap_or_else(|| UNSET.to_owned())}</b></td>
                        <td>{mine.unwrap_or_else(|| "unchanged".to_owned())}</td>
                    </tr>
                }
            })
            .collect_view()
    };
    view! {
        <Show when=move || some.get()>
            <div class="note tone-warn vm-conflict" role="group" aria-label="Changed meanwhile">
                <Icon name=IconName::Triangle/>
                <div class="note-words">
                    <p class="confirm-error">"Somebody changed the configuration while you were editing"</p>
                    <table class="vm-diff">
                        <thead><tr>
                            <th scope="col">"Setting"</th><th scope="col">"Was"</th>
                            <th scope="col">"Theirs"</th><th scope="col">"Yours"</th>
                        </tr></thead>
                        <tbody>{rows}</tbody>
                    </table>
                    <p class="quiet">"Settings that only you have changed stay as you typed them."</p>
                    <div class="btn-row">
                        <Button label="Keep mine" size=ControlSize::Small on_press=move |()| form.settle(Side::Mine)/>
                        <Button label="Take theirs" size=ControlSize::Small on_press=move |()| form.settle(Side::Theirs)/>
                    </div>
                </div>
            </div>
        </Show>
    }
}
