use super::field::Field;
use leptos::html;
use leptos::prelude::*;

/// What is typed into a text field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TextKind {
    /// Plain words.
    #[default]
    Text,
    /// A secret, in dots.
    Secret,
    /// An address.
    Url,
}

impl TextKind {
    const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Secret => "password",
            Self::Url => "url",
        }
    }
}

/// One line of text. Password managers and the browser's own memory keep out: names of VMs are no
/// logins.
#[component]
pub fn TextField(
    /// Name of the field.
    #[prop(into)]
    label: Signal<String>,
    /// The label as drawn, where it is more than text.
    #[prop(optional, into)]
    label_view: Option<ViewFn>,
    /// The draft.
    value: RwSignal<String>,
    /// What the value means, or what it may be.
    #[prop(optional, into)]
    help: Signal<String>,
    /// Why the value can't be taken.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Stands at the right edge: "MiB".
    #[prop(optional, into)]
    unit: Signal<String>,
    /// Can be left empty.
    #[prop(optional)]
    optional: bool,
    /// Text, secret, address.
    #[prop(optional)]
    kind: TextKind,
    /// An example, in an empty field.
    #[prop(optional, into)]
    placeholder: Signal<String>,
    /// Identifiers: MACs, paths, names to retype.
    #[prop(optional)]
    mono: bool,
    /// Has the focus when its dialog opens.
    #[prop(optional)]
    autofocus: bool,
    /// Can be read and not changed now.
    #[prop(optional, into)]
    locked: Signal<bool>,
    /// What the browser may fill in; nothing where left out.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// The field was left.
    #[prop(optional, into)]
    on_blur: Option<Callback<()>>,
    /// The element, for a page that moves the focus.
    #[prop(optional)]
    node_ref: NodeRef<html::Input>,
) -> impl IntoView {
    let units = move || {
        let unit = unit.get();
        (!unit.is_empty()).then(|| view! { <span class="input-unit">{unit}</span> })
    };
    view! {
        <Field label=label label_view=label_view help=help error=error optional=optional let:ids>
            <span class="input" class:mono=mono>
                <input
                    node_ref=node_ref
                    id=ids.input
                    type=kind.name()
                    aria-describedby=ids.note
                    aria-invalid=ids.invalid
                    aria-required=(!optional).then_some("true")
                    placeholder=move || placeholder.get()
                    readonly=move || locked.get()
                    autofocus=autofocus
                    autocomplete=autocomplete
                    autocapitalize="off"
                    spellcheck="false"
                    data-1p-ignore=(autocomplete == "off").then_some("true")
                    data-lpignore=(autocomplete == "off").then_some("true")
                    prop:value=move || value.get()
                    on:input=move |event| value.set(event_target_value(&event))
                    // A field that is removed while it has the focus is left, too.
                    on:blur=move |_| {
                        let _ = on_blur.and_then(|left| left.try_run(()));
                    }
                />
                {units}
            </span>
        </Field>
    }
}
