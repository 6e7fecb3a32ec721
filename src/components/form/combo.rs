use super::choices::{Choice, ChoiceList, Choices, matching};
use crate::components::icon::{Icon, IconName};
use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// One of many, found by typing: the filter by tag or node above a list. What holds is the
/// caller's (mostly the URL's); the box shows it, and asks to change it.
#[component]
pub fn Combo(
    /// Name: "Filter by node".
    #[prop(into)]
    label: Signal<String>,
    /// Stands where nothing is chosen: "Any node".
    #[prop(into)]
    any: Signal<String>,
    /// What holds.
    #[prop(into)]
    value: Signal<Option<String>>,
    /// What can be chosen.
    #[prop(into)]
    options: Signal<Vec<Choice>>,
    /// The person chose; `None` for any.
    #[prop(into)]
    on_pick: Callback<Option<String>>,
) -> impl IntoView {
    // `Some` while someone types.
    let typed = RwSignal::new(None::<String>);
    let found = Memo::new(move |_| {
        options.with(|all| matching(all, typed.get().as_deref().unwrap_or_default()))
    });
    let combo = ComboState {
        value,
        on_pick,
        typed,
        choices: Choices::new(found),
        frame: NodeRef::new(),
    };
    let holds = Memo::new(move |_| {
        let value = value.get()?;
        let label = options.with(|all| {
            Some(
                all.iter()
                    .find(|choice| choice.value == value)?
                    .label
                    .clone(),
            )
        });
        Some(label.unwrap_or(value))
    });
    let text = move || typed.get().or_else(|| holds.get()).unwrap_or_default();
    let none =
        Signal::derive(move || format!("Nothing matches “{}”", typed.get().unwrap_or_default()));
    let choose = Callback::new(move |value: String| combo.pick(Some(value)));
    view! {
        <span class="input combo" class:set=move || holds.with(Option::is_some) node_ref=combo.frame>
            <input
                type="text"
                role="combobox"
                aria-label=move || label.get()
                aria-autocomplete="list"
                aria-haspopup="listbox"
                aria-expanded=move || combo.choices.expanded()
                aria-controls=combo.choices.id()
                aria-activedescendant=move || combo.choices.active_id()
                placeholder=move || any.get()
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                data-1p-ignore="true"
                data-lpignore="true"
                prop:value=text
                on:input=move |event| combo.type_in(event_target_value(&event))
                on:keydown=move |event| combo.key(&event)
                on:click=move |event| combo.enter(&event)
                on:blur=move |_| combo.leave()
            />
            <ComboEnd combo=combo any=any holds=holds/>
        </span>
        <ChoiceList choices=combo.choices label=label none=none chosen=value on_choose=choose/>
    }
}

/// The cross where something holds, else the arrow.
#[component]
fn ComboEnd(combo: ComboState, any: Signal<String>, holds: Memo<Option<String>>) -> impl IntoView {
    let set = Memo::new(move |_| holds.with(Option::is_some));
    view! {
        <button
            type="button"
            class="input-x"
            aria-label=move || any.get()
            data-tip=move || any.get()
            hidden=move || !set.get()
            on:click=move |_| {
                combo.pick(None);
                combo.focus();
            }
        >
            <Icon name=IconName::X/>
        </button>
        <span class="combo-arrow" aria-hidden="true" hidden=move || set.get()>
            <Icon name=IconName::ChevronDown/>
        </span>
    }
}

#[derive(Clone, Copy)]
struct ComboState {
    value: Signal<Option<String>>,
    on_pick: Callback<Option<String>>,
    typed: RwSignal<Option<String>>,
    choices: Choices,
    frame: NodeRef<html::Span>,
}

impl ComboState {
    fn open(self) {
        if let Some(frame) = self.frame.get_untracked() {
            self.choices.open(&frame);
        }
    }

    fn close(self) {
        let _ = self.typed.try_set(None);
        self.choices.close();
    }

    fn focus(self) {
        let input = self
            .frame
            .get_untracked()
            .and_then(|frame| frame.query_selector("input").ok()?);
        if let Some(input) = input.and_then(|input| input.dyn_into::<HtmlElement>().ok()) {
            let _ = input.focus();
        }
    }

    fn pick(self, value: Option<String>) {
        self.close();
        if value != self.value.get_untracked() {
            self.on_pick.run(value);
        }
    }

    fn type_in(self, text: String) {
        self.typed.set(Some(text));
        self.open();
        // Enter takes the best match.
        let first = self
            .choices
            .options
            .with_untracked(|found| found.first().map(|choice| choice.value.clone()));
        self.choices.set_active(first);
    }

    fn enter(self, event: &web_sys::MouseEvent) {
        // What holds is selected, so that typing replaces it.
        if self.typed.with_untracked(Option::is_none)
            && let Some(input) = event
                .target()
                .and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok())
        {
            input.select();
        }
        self.open();
    }

    fn leave(self) {
        // Removed while it had the focus: nothing is left to change.
        if self.typed.try_get_untracked().is_some() {
            self.close();
        }
    }

    fn key(self, event: &KeyboardEvent) {
        if event.is_composing() {
            return;
        }
        let open = self.choices.overlay.is_open_now();
        match event.key().as_str() {
            "ArrowDown" | "ArrowUp" if !open => self.open(),
            "ArrowDown" => self.choices.step(1),
            "ArrowUp" => self.choices.step(-1),
            "Enter" if open => match self.choices.active() {
                Some(choice) => self.pick(Some(choice.value)),
                None => return,
            },
            "Escape" if open || self.typed.with_untracked(Option::is_some) => {
                event.stop_propagation();
                self.close();
            }
            _ => return,
        }
        event.prevent_default();
    }
}
