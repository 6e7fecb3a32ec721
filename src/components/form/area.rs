use super::field::Field;
use crate::domain::units::grouped;
use leptos::prelude::*;

/// Several lines of text. Grows with them; counts letters where there is a limit, and lets them be
/// typed beyond it, since cutting a paste in silence loses more.
#[component]
pub fn TextArea(
    /// Name of the field.
    #[prop(into)]
    label: Signal<String>,
    /// The draft.
    value: RwSignal<String>,
    /// What the value means.
    #[prop(optional, into)]
    help: Signal<String>,
    /// Why the value can't be taken.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Letters that may be stored.
    #[prop(optional)]
    limit: Option<usize>,
    /// Lines at first.
    #[prop(default = 3)]
    rows: u32,
    /// Can be left empty.
    #[prop(optional)]
    optional: bool,
    /// Code, keys, addresses.
    #[prop(optional)]
    mono: bool,
    /// An example, in an empty field.
    #[prop(optional, into)]
    placeholder: Signal<String>,
    /// Can be read and not changed now.
    #[prop(optional, into)]
    locked: Signal<bool>,
) -> impl IntoView {
    let length = Memo::new(move |_| value.with(|value| value.chars().count()));
    let counter = move || {
        let limit = limit?;
        let over = move || length.get() > limit;
        Some(view! {
            <span class="field-count" class:over=over>
                {move || format!("{} / {}", grouped(length.get() as u64), grouped(limit as u64))}
            </span>
        })
    };
    let error = Signal::derive(move || {
        error.get().or_else(|| {
            let over = length.get().checked_sub(limit?).filter(|over| *over > 0)?;
            Some(format!("{} characters too many", grouped(over as u64)))
        })
    });
    view! {
        <Field label=label help=help error=error optional=optional aside=counter let:ids>
            <span class="input area" class:mono=mono>
                <textarea
                    id=ids.input
                    rows=rows
                    aria-describedby=ids.note
                    aria-invalid=ids.invalid
                    aria-required=(!optional).then_some("true")
                    placeholder=move || placeholder.get()
                    readonly=move || locked.get()
                    autocomplete="off"
                    spellcheck=if mono { "false" } else { "true" }
                    data-1p-ignore="true"
                    data-lpignore="true"
                    prop:value=move || value.get()
                    on:input=move |event| value.set(event_target_value(&event))
                ></textarea>
            </span>
        </Field>
    }
}
