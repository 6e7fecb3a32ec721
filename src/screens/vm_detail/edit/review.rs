//! The differences before they are sent.

use super::form::Form;
use crate::components::{CallFold, Icon, IconName, Note, Tone};
use crate::domain::config::Change;
use leptos::prelude::*;

/// Said of a key without a value.
pub(super) const UNSET: &str = "not set";

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
            <CallFold text=call/>
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
