use super::choices::{Choice, ChoiceList, Choices, matching};
use super::field::Field;
use crate::components::tag::{TagChip, TagLook};
use crate::domain::complete::split_tags;
use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// A tag that exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownTag {
    /// Name and colour.
    pub look: TagLook,
    /// How many VMs have it.
    pub count: Option<usize>,
}

/// Says why a tag can't be added.
pub type TagCheck = Callback<String, Result<(), String>>;

/// Tags as chips, with a box that completes the known ones. Enter, comma, space and leaving the
/// box add what is typed; a paste of several adds them all; Backspace in the empty box removes the
/// last. The list is a listbox that the arrow keys move in.
#[component]
pub fn TagsField(
    /// Name of the field.
    #[prop(into)]
    label: Signal<String>,
    /// The draft.
    value: RwSignal<Vec<String>>,
    /// Tags that exist.
    #[prop(into)]
    known: Signal<Vec<KnownTag>>,
    /// Says why one can't be added: `Callback::new(|tag: String| domain::tags::check(&tag))`.
    #[prop(into)]
    check: TagCheck,
    /// What the tags are for.
    #[prop(optional, into)]
    help: Signal<String>,
    /// Why the draft can't be taken.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Can be left empty.
    #[prop(optional)]
    optional: bool,
    /// In the box while it is empty.
    #[prop(default = "Add a tag")]
    placeholder: &'static str,
) -> impl IntoView {
    let typed = RwSignal::new(String::new());
    let wrong = RwSignal::new(None::<String>);
    let found = Memo::new(move |_| offers(&known.get(), &value.get(), &typed.get()));
    let tags = Tags {
        value,
        typed,
        wrong,
        said: RwSignal::new(String::new()),
        check,
        choices: Choices::new(found),
        frame: NodeRef::new(),
    };
    let error = Signal::derive(move || wrong.get().or_else(|| error.get()));
    let none = Signal::stored("All known tags are there".to_owned());
    let choose = Callback::new(move |tag: String| {
        tags.choose(&tag);
        tags.focus();
    });
    view! {
        <Field label=label help=help error=error optional=optional let:ids>
            <span class="input tags-input" node_ref=tags.frame on:click=move |event| tags.press(&event)>
                <Chips tags=tags known=known/>
                <input
                    id=ids.input
                    type="text"
                    role="combobox"
                    aria-describedby=ids.note
                    aria-invalid=ids.invalid
                    aria-autocomplete="list"
                    aria-haspopup="listbox"
                    aria-expanded=move || tags.choices.expanded()
                    aria-controls=tags.choices.id()
                    aria-activedescendant=move || tags.choices.active_id()
                    placeholder=move || value.with(Vec::is_empty).then_some(placeholder)
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    enterkeyhint="done"
                    data-1p-ignore="true"
                    data-lpignore="true"
                    prop:value=move || typed.get()
                    on:input=move |event| tags.type_in(&event_target_value(&event))
                    on:keydown=move |event| tags.key(&event)
                    on:blur=move |_| tags.leave()
                />
            </span>
        </Field>
        <span class="vh" role="status">{move || tags.said.get()}</span>
        <ChoiceList choices=tags.choices label=label none=none on_choose=choose/>
    }
}

#[component]
fn Chips(tags: Tags, known: Signal<Vec<KnownTag>>) -> impl IntoView {
    let look = move |name: &str| {
        known.with_untracked(|known| {
            known
                .iter()
                .find(|tag| tag.look.name == name)
                .map(|tag| tag.look.clone())
        })
    };
    let remove = Callback::new(move |name: String| {
        tags.remove(&name);
        tags.focus();
    });
    view! {
        <For each=move || tags.value.get() key=|name| name.clone() let:name>
            <TagChip tag=look(&name).unwrap_or_else(|| TagLook::from(name.as_str())) on_remove=remove/>
        </For>
    }
}

/// The known tags that are not there yet; what is typed leads them where it is new.
fn offers(known: &[KnownTag], present: &[String], typed: &str) -> Vec<Choice> {
    let all: Vec<Choice> = known
        .iter()
        .filter(|tag| !present.contains(&tag.look.name))
        .map(|tag| Choice::tag(&tag.look).count(tag.count))
        .collect();
    let mut found = matching(&all, typed);
    let is_known = |name: &str| {
        present.iter().any(|tag| tag == name) || known.iter().any(|tag| tag.look.name == name)
    };
    if !typed.is_empty() && !is_known(typed) {
        found.push(Choice::new(typed, format!("New tag {typed}")));
    }
    found
}

#[derive(Clone, Copy)]
struct Tags {
    value: RwSignal<Vec<String>>,
    typed: RwSignal<String>,
    /// Why the typed one can't be added.
    wrong: RwSignal<Option<String>>,
    /// For screen readers.
    said: RwSignal<String>,
    check: TagCheck,
    choices: Choices,
    frame: NodeRef<html::Span>,
}

impl Tags {
    fn open(self) {
        if let Some(frame) = self.frame.get_untracked() {
            self.choices.open(&frame);
            // The frame grows and shrinks with its chips.
            self.choices.overlay.place();
        }
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

    /// Whether it could be added.
    fn add(self, tag: &str) -> bool {
        if self
            .value
            .with_untracked(|tags| tags.iter().any(|old| old == tag))
        {
            self.wrong.set(Some(format!("{tag} is there already")));
            return false;
        }
        if let Err(why) = self.check.run(tag.to_owned()) {
            self.wrong.set(Some(why));
            return false;
        }
        self.wrong.set(None);
        self.value.update(|tags| tags.push(tag.to_owned()));
        self.said.set(format!("{tag} added"));
        true
    }

    fn remove(self, tag: &str) {
        self.value.update(|tags| tags.retain(|old| old != tag));
        self.said.set(format!("{tag} removed"));
    }

    fn choose(self, tag: &str) {
        if self.add(tag) {
            self.typed.set(String::new());
        }
        self.choices.close();
    }

    fn type_in(self, text: &str) {
        self.wrong.set(None);
        let (whole, rest) = split_tags(text);
        let mut rest = rest.to_owned();
        for part in whole {
            if !self.add(part) {
                // Stays in the box, to be mended.
                part.clone_into(&mut rest);
            }
        }
        self.typed.set(rest);
        self.choices.set_active(None);
        self.open();
    }

    /// A press beside the chips goes to the box.
    fn press(self, event: &web_sys::MouseEvent) {
        let on = event
            .target()
            .and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        if on.is_some_and(|on| on.closest("button").is_ok_and(|button| button.is_none())) {
            self.focus();
            self.open();
        }
    }

    fn leave(self) {
        let Some(typed) = self.typed.try_get_untracked() else {
            return;
        };
        if !typed.is_empty() {
            self.choose(&typed);
        }
        self.choices.close();
    }

    fn key(self, event: &KeyboardEvent) {
        if event.is_composing() {
            return;
        }
        let open = self.choices.overlay.is_open_now();
        let typed = self.typed.get_untracked();
        match event.key().as_str() {
            "ArrowDown" | "ArrowUp" if !open => self.open(),
            "ArrowDown" => self.choices.step(1),
            "ArrowUp" => self.choices.step(-1),
            "Enter" => match self.choices.active() {
                Some(choice) => self.choose(&choice.value),
                None if !typed.is_empty() => self.choose(&typed),
                // Sends the form.
                None => return,
            },
            "Escape" if open => {
                event.stop_propagation();
                self.choices.close();
            }
            "Backspace" if typed.is_empty() && !event.repeat() => {
                let Some(last) = self.value.with_untracked(|tags| tags.last().cloned()) else {
                    return;
                };
                self.remove(&last);
            }
            _ => return,
        }
        event.prevent_default();
    }
}
