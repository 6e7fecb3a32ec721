use crate::components::icon::{Icon, IconName};
use leptos::prelude::*;

/// A field that narrows a list while one types. Unlike [`super::QueryBox`] it completes nothing and
/// marks no mistakes.
#[component]
pub fn SearchField(
    /// Name: "Search backups".
    #[prop(into)]
    label: String,
    /// What can be searched for.
    #[prop(into)]
    placeholder: String,
    /// What was typed.
    #[prop(into)]
    value: Signal<String>,
    /// The person typed.
    #[prop(into)]
    on_input: Callback<String>,
    /// The person leaves the field.
    #[prop(optional, into)]
    on_leave: Option<Callback<()>>,
    /// How much was found: "12 of 340"; nothing while everything is shown.
    #[prop(optional, into)]
    found: Option<Signal<Option<String>>>,
    /// The frame's `/` leads here: the one search of a page, not one of a form.
    #[prop(optional)]
    of_page: bool,
    /// It has the focus when the dialog it stands in opens.
    #[prop(optional)]
    autofocus: bool,
) -> impl IntoView {
    let leave = move |_| {
        if let Some(leave) = on_leave {
            leave.run(());
        }
    };
    view! {
        <span class="input search" class:of-page=of_page>
            <Icon name=IconName::Search/>
            <input
                type="search"
                aria-label=label
                placeholder=placeholder
                autofocus=autofocus
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                data-1p-ignore="true"
                data-lpignore="true"
                data-search=of_page.then_some("")
                prop:value=move || value.get()
                on:input=move |event| on_input.run(event_target_value(&event))
                on:blur=leave
            />
            {found.map(|found| view! {
                <span class="search-found" role="status">{move || found.get()}</span>
            })}
        </span>
    }
}
