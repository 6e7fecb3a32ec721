use super::field::Field;
use leptos::html;
use leptos::prelude::*;

/// One option of a select.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SelectOption {
    /// What the draft becomes.
    pub value: String,
    /// What is read.
    pub label: String,
    /// Why it can't be chosen; shown behind the label.
    pub disabled: Option<String>,
}

impl SelectOption {
    /// An option.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
            disabled: None,
        }
    }

    /// With the reason why it can't be chosen.
    #[must_use]
    pub fn disabled(mut self, reason: Option<String>) -> Self {
        self.disabled = reason;
        self
    }
}

impl From<&str> for SelectOption {
    fn from(value: &str) -> Self {
        Self::new(value, value)
    }
}

/// One of a few. Options may arrive after the value: it stays what it is, and one that is not
/// offered is still shown, as what it is.
#[component]
pub fn SelectField(
    /// Name of the field.
    #[prop(into)]
    label: Signal<String>,
    /// The draft.
    value: RwSignal<String>,
    /// What can be chosen.
    #[prop(into)]
    options: Signal<Vec<SelectOption>>,
    /// What the value means.
    #[prop(optional, into)]
    help: Signal<String>,
    /// Why the value can't be taken.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Can be left empty.
    #[prop(optional)]
    optional: bool,
    /// Can be read and not changed now.
    #[prop(optional, into)]
    locked: Signal<bool>,
    /// Another one was chosen, by the person.
    #[prop(optional, into)]
    on_change: Option<Callback<String>>,
) -> impl IntoView {
    let select = NodeRef::<html::Select>::new();
    let options = Memo::new(move |_| with_current(options.get(), &value.get()));
    // The browser forgets the choice when options are replaced, so it is set again after them.
    Effect::new(move || {
        options.track();
        let value = value.get();
        if let Some(select) = select.get() {
            select.set_value(&value);
        }
    });
    let shown = move || {
        options
            .get()
            .into_iter()
            .map(|option| {
                let SelectOption {
                    value: own,
                    label,
                    disabled,
                } = option;
                let label = match &disabled {
                    Some(why) => format!("{label} ({why})"),
                    None => label,
                };
                let kept = own.clone();
                view! {
                    <option
                        value=own
                        disabled=disabled.is_some()
                        prop:selected=move || value.with(|value| *value == kept)
                    >
                        {label}
                    </option>
                }
            })
            .collect_view()
    };
    let change = move |event| {
        let new = event_target_value(&event);
        value.set(new.clone());
        if let Some(tell) = on_change {
            tell.run(new);
        }
    };
    view! {
        <Field label=label help=help error=error optional=optional let:ids>
            <span class="input select">
                <select
                    node_ref=select
                    id=ids.input
                    aria-describedby=ids.note
                    aria-invalid=ids.invalid
                    aria-required=(!optional).then_some("true")
                    disabled=move || locked.get()
                    on:change=change
                >
                    {shown}
                </select>
            </span>
        </Field>
    }
}

/// A value that is not among the options leads them: nothing else may be shown in its place.
fn with_current(mut options: Vec<SelectOption>, value: &str) -> Vec<SelectOption> {
    if !options.iter().any(|option| option.value == value) {
        let label = match value {
            "" => "Choose",
            other => other,
        };
        options.insert(0, SelectOption::new(value, label));
    }
    options
}
