use super::field::{Field, FieldIds};
use crate::components::icon::{Icon, IconName};
use crate::domain::range::NumberRange;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

/// A number, kept as it was typed; nothing is corrected under the fingers. Buttons and the up and
/// down keys step, with Shift ten at once. What the text means, and whether it is in range, is the
/// form's to say.
#[component]
pub fn NumberField(
    /// Name of the field.
    #[prop(into)]
    label: Signal<String>,
    /// The draft.
    value: RwSignal<String>,
    /// Range and step, for buttons and keys.
    #[prop(into)]
    range: Signal<NumberRange>,
    /// What the value means, or what it may be.
    #[prop(optional, into)]
    help: Signal<String>,
    /// Why the value can't be taken.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Inside the right edge: "MiB".
    #[prop(optional, into)]
    unit: Signal<String>,
    /// Can be left empty.
    #[prop(optional)]
    optional: bool,
    /// What holds where it is left empty.
    #[prop(optional, into)]
    placeholder: Signal<String>,
    /// Can be read and not changed now.
    #[prop(optional, into)]
    locked: Signal<bool>,
) -> impl IntoView {
    let control = Number {
        value,
        range,
        locked,
        optional,
    };
    view! {
        <Field label=label help=help error=error optional=optional let:ids>
            <NumberControl ids=ids control=control label=label unit=unit placeholder=placeholder/>
        </Field>
    }
}

#[derive(Clone, Copy)]
struct Number {
    value: RwSignal<String>,
    range: Signal<NumberRange>,
    locked: Signal<bool>,
    optional: bool,
}

impl Number {
    fn step(self, steps: f64) {
        if !self.locked.get_untracked() {
            let range = self.range.get_untracked();
            self.value.update(|text| *text = range.stepped(text, steps));
        }
    }

    fn key(self, event: &KeyboardEvent) {
        if event.alt_key() || event.ctrl_key() || event.meta_key() {
            return;
        }
        let many = if event.shift_key() { 10.0 } else { 1.0 };
        match event.key().as_str() {
            "ArrowUp" => self.step(many),
            "ArrowDown" => self.step(-many),
            "PageUp" => self.step(10.0),
            "PageDown" => self.step(-10.0),
            _ => return,
        }
        event.prevent_default();
    }

    fn at(self) -> Option<f64> {
        self.value.with(|text| text.trim().parse::<f64>().ok())
    }
}

#[component]
fn NumberControl(
    ids: FieldIds,
    control: Number,
    label: Signal<String>,
    unit: Signal<String>,
    placeholder: Signal<String>,
) -> impl IntoView {
    let Number {
        value,
        range,
        locked,
        optional,
    } = control;
    let units = move || {
        let unit = unit.get();
        (!unit.is_empty()).then(|| view! { <span class="input-unit">{unit}</span> })
    };
    let said = move || {
        Some(
            format!("{} {}", control.at()?, unit.get())
                .trim_end()
                .to_owned(),
        )
    };
    view! {
        <span class="input number">
            <input
                id=ids.input
                type="text"
                role="spinbutton"
                inputmode=move || if range.get().is_whole() { "numeric" } else { "decimal" }
                aria-describedby=ids.note
                aria-invalid=ids.invalid
                aria-required=(!optional).then_some("true")
                aria-valuenow=move || control.at().map(|at| at.to_string())
                aria-valuetext=said
                aria-valuemin=move || range.get().min.to_string()
                aria-valuemax=move || range.get().max.to_string()
                placeholder=move || placeholder.get()
                readonly=move || locked.get()
                autocomplete="off"
                data-1p-ignore="true"
                data-lpignore="true"
                prop:value=move || value.get()
                on:input=move |event| value.set(event_target_value(&event))
                on:keydown=move |event| control.key(&event)
            />
            {units}
            <StepButton control=control label=label up=false/>
            <StepButton control=control label=label up=true/>
        </span>
    }
}

/// For the mouse and the finger; keyboards have the arrow keys.
#[component]
fn StepButton(control: Number, label: Signal<String>, up: bool) -> impl IntoView {
    let end = Memo::new(move |_| {
        let range = control.range.get();
        control
            .at()
            .is_some_and(|at| if up { at >= range.max } else { at <= range.min })
    });
    let name = move || format!("{}: {}", label.get(), if up { "more" } else { "less" });
    view! {
        <button
            type="button"
            class="step"
            tabindex="-1"
            aria-label=name
            disabled=move || end.get() || control.locked.get()
            on:click=move |_| control.step(if up { 1.0 } else { -1.0 })
        >
            <Icon name=if up { IconName::Plus } else { IconName::Minus }/>
        </button>
    }
}
