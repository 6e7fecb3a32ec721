use crate::components::dom::uid;
use crate::components::icon::{Icon, IconName};
use leptos::prelude::*;

/// What ties a control to its label and its note.
#[derive(Debug, Clone)]
pub struct FieldIds {
    /// Goes on the control, as `id`.
    pub input: String,
    /// Goes on the control, as `aria-describedby`.
    pub note: String,
    /// Goes on the control, as `aria-invalid`.
    pub invalid: Signal<Option<&'static str>>,
}

/// Label, control, and the line below: the error, else the help. The line keeps its place when it
/// is empty, so that an error moves nothing.
///
/// ```ignore
/// <Field label="Guest type" error=error let:ids>
///     <input id=ids.input aria-describedby=ids.note aria-invalid=ids.invalid/>
/// </Field>
/// ```
#[component]
pub fn Field<F, V>(
    /// Name of the field.
    #[prop(into)]
    label: Signal<String>,
    /// The label as drawn, where it is more than text; it must say the same.
    #[prop(optional_no_strip)]
    label_view: Option<ViewFn>,
    /// What the value means, or what it may be.
    #[prop(optional, into)]
    help: Signal<String>,
    /// Why the value can't be taken.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Can be left empty.
    #[prop(optional)]
    optional: bool,
    /// Right of the label: a counter.
    #[prop(optional, into)]
    aside: ViewFn,
    /// The control; gets what ties it to label and note.
    children: F,
) -> impl IntoView
where
    F: FnOnce(FieldIds) -> V + Send + 'static,
    V: IntoView + 'static,
{
    let ids = FieldIds {
        input: uid("field"),
        note: uid("note"),
        invalid: Signal::derive(move || error.with(Option::is_some).then_some("true")),
    };
    let (input, note) = (ids.input.clone(), ids.note.clone());
    let drawn = label_view.unwrap_or_else(|| (move || label.get()).into());
    view! {
        <div class="field">
            <div class="field-head">
                <label for=input>
                    {drawn.run()}
                    {optional.then(|| view! { <span class="field-optional">"optional"</span> })}
                </label>
                {move || aside.run()}
            </div>
            {children(ids)}
            <FieldNote id=note help=help error=error/>
        </div>
    }
}

/// Help, or the error in its place.
#[component]
pub(super) fn FieldNote(
    id: String,
    help: Signal<String>,
    error: Signal<Option<String>>,
) -> impl IntoView {
    let error = Memo::new(move |_| error.get());
    let words = move || match error.get() {
        Some(error) => {
            view! { <span class="field-error"><Icon name=IconName::CircleAlert/>{error}</span> }
                .into_any()
        }
        None => help.get().into_any(),
    };
    view! { <p class="field-note" id=id aria-live="polite">{words}</p> }
}
