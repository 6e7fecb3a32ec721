//! A request as text, as a person would send it by hand: forms and confirmations show it.

use super::text::CopyButton;
use leptos::prelude::*;

/// The text, with a button that copies it.
#[component]
pub fn CallText(
    /// The request, or several.
    #[prop(into)]
    text: Signal<String>,
    /// What it is called: "API call".
    #[prop(default = "API call")]
    what: &'static str,
) -> impl IntoView {
    view! {
        <div class="call">
            <pre tabindex="0" aria-label=what>{move || text.get()}</pre>
            <CopyButton text=text what=what/>
        </div>
    }
}

/// The same folded away; not there while there is nothing to send.
#[component]
pub fn CallFold(
    /// The request, or several.
    #[prop(into)]
    text: Signal<String>,
    /// Whether it is several.
    #[prop(optional)]
    many: bool,
) -> impl IntoView {
    let what = if many { "API calls" } else { "API call" };
    view! {
        <details class="call-fold" hidden=move || text.with(String::is_empty)>
            <summary>{format!("Show {what}")}</summary>
            <CallText text=text what=what/>
        </details>
    }
}
