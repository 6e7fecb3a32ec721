use leptos::prelude::*;

/// One choice of a few, side by side: what a chart reaches over, how something is shown. What holds
/// is the caller's (mostly the URL's); a press asks to change it.
#[component]
pub fn Segments(
    /// Name of the group.
    label: &'static str,
    /// Value and word of each.
    items: Vec<(&'static str, &'static str)>,
    /// The value that holds.
    #[prop(into)]
    current: Signal<&'static str>,
    /// Why none but the first can be chosen now.
    #[prop(optional, into)]
    refused: Signal<Option<String>>,
    /// The person chose.
    on_choose: Callback<&'static str>,
) -> impl IntoView {
    let button = move |place: usize, (value, word): (&'static str, &'static str)| {
        let off = move || refused.get().filter(|_| place > 0);
        view! {
            <button
                type="button"
                class="segment"
                aria-pressed=move || if current.get() == value { "true" } else { "false" }
                aria-disabled=move || off().map(|_| "true")
                data-tip=off
                on:click=move |_| if untrack(off).is_none() { on_choose.run(value) }
            >
                {word}
            </button>
        }
    };
    view! {
        <div class="segments" role="group" aria-label=label>
            {items.into_iter().enumerate().map(|(place, item)| button(place, item)).collect_view()}
        </div>
    }
}
