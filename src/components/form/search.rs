use crate::components::icon::{Icon, IconName};
use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;

/// Filters what is below it while one types. Escape clears it, then leaves it; the frame's `/`
/// finds it by `data-search`.
#[component]
pub fn SearchBox(
    /// Name: "Search VMs".
    #[prop(into)]
    label: Signal<String>,
    /// What was typed.
    value: RwSignal<String>,
    /// What can be searched for: "Name, ID, IP, tag".
    #[prop(optional, into)]
    placeholder: Signal<String>,
    /// The person typed or cleared, after `value` was set.
    #[prop(optional, into)]
    on_input: Option<Callback<String>>,
    /// ID of what it filters.
    #[prop(optional, into)]
    controls: Option<String>,
) -> impl IntoView {
    let field = NodeRef::<html::Input>::new();
    let set = move |text: String| {
        value.set(text.clone());
        if let Some(tell) = on_input {
            tell.run(text);
        }
    };
    let empty = Memo::new(move |_| value.with(String::is_empty));
    let clear = move || {
        set(String::new());
        if let Some(field) = field.get_untracked() {
            let _ = field.focus();
        }
    };
    let key = move |event: KeyboardEvent| {
        if event.key() != "Escape" || event.is_composing() {
            return;
        }
        if !empty.get_untracked() {
            // One press clears; the next may close what it stands in.
            event.prevent_default();
            event.stop_propagation();
            clear();
        } else if let Some(field) = field.get_untracked() {
            let _ = field.blur();
        }
    };
    view! {
        <span class="input search">
            <Icon name=IconName::Search/>
            <input
                node_ref=field
                type="search"
                aria-label=move || label.get()
                aria-controls=controls
                placeholder=move || placeholder.get()
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                enterkeyhint="search"
                data-1p-ignore="true"
                data-lpignore="true"
                data-search=""
                prop:value=move || value.get()
                on:input=move |event| set(event_target_value(&event))
                on:keydown=key
            />
            <kbd class="search-hint" aria-hidden="true" hidden=move || !empty.get()>"/"</kbd>
            <button
                type="button"
                class="input-x"
                aria-label="Clear search"
                hidden=move || empty.get()
                on:click=move |_| clear()
            >
                <Icon name=IconName::X/>
            </button>
        </span>
    }
}
