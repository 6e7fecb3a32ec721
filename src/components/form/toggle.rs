use super::field::FieldNote;
use crate::components::dom::uid;
use leptos::prelude::*;

/// On or off, for what holds at once or when the form is sent: "Starts with the node".
#[component]
pub fn SwitchField(
    /// What is on: never "Enable".
    #[prop(into)]
    label: Signal<String>,
    /// The draft.
    value: RwSignal<bool>,
    /// What it means.
    #[prop(optional, into)]
    help: Signal<String>,
    /// Why it can't be taken.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Can be read and not changed now.
    #[prop(optional, into)]
    locked: Signal<bool>,
) -> impl IntoView {
    toggle(Toggle {
        label,
        value,
        help,
        error,
        locked,
        role: Some("switch"),
        class: "switch",
    })
}

/// A box to tick: a choice beside others, or an agreement.
#[component]
pub fn CheckField(
    /// What is agreed to.
    #[prop(into)]
    label: Signal<String>,
    /// The draft.
    value: RwSignal<bool>,
    /// What it means.
    #[prop(optional, into)]
    help: Signal<String>,
    /// Why it can't be taken.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Can be read and not changed now.
    #[prop(optional, into)]
    locked: Signal<bool>,
) -> impl IntoView {
    toggle(Toggle {
        label,
        value,
        help,
        error,
        locked,
        role: None,
        class: "check",
    })
}

struct Toggle {
    label: Signal<String>,
    value: RwSignal<bool>,
    help: Signal<String>,
    error: Signal<Option<String>>,
    locked: Signal<bool>,
    role: Option<&'static str>,
    class: &'static str,
}

fn toggle(toggle: Toggle) -> impl IntoView {
    let Toggle {
        label,
        value,
        help,
        error,
        locked,
        role,
        class,
    } = toggle;
    let note = uid("note");
    view! {
        <div class="field toggle">
            <label class=format!("toggle-row {class}")>
                <input
                    type="checkbox"
                    role=role
                    aria-describedby=note.clone()
                    aria-invalid=move || error.with(Option::is_some).then_some("true")
                    disabled=move || locked.get()
                    prop:checked=move || value.get()
                    on:change=move |event| value.set(event_target_checked(&event))
                />
                <span>{move || label.get()}</span>
            </label>
            <FieldNote id=note.clone() help=help error=error/>
        </div>
    }
}
