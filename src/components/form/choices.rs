//! The list under a combobox: what matches, which one is active, and how keys move it. The focus
//! stays in the input.

use crate::components::dom::{self, uid};
use crate::components::icon::{Icon, IconName};
use crate::components::overlay::{Anchor, Overlay, OverlaySurface};
use crate::domain::complete;
use crate::domain::place::Edge;
use crate::domain::units::grouped;
use leptos::ev::PointerEvent;
use leptos::html;
use leptos::prelude::*;
use web_sys::HtmlElement;

/// More than this nobody reads; typing narrows.
const SHOWN: usize = 100;

/// One thing to choose.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Choice {
    /// What is chosen.
    pub value: String,
    /// What is read.
    pub label: String,
    /// How many things have it.
    pub count: Option<usize>,
    /// Hue of the tag that it is; see [`crate::domain::tags::hue`].
    pub hue: Option<u16>,
}

impl Choice {
    /// A choice.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
            ..Self::default()
        }
    }

    /// A tag, in its colour.
    #[must_use]
    pub fn tag(look: &crate::components::tag::TagLook) -> Self {
        Self {
            hue: Some(look.hue),
            ..Self::new(&look.name, &look.name)
        }
    }

    /// With how many have it.
    #[must_use]
    pub const fn count(mut self, count: Option<usize>) -> Self {
        self.count = count;
        self
    }
}

/// Those that match what is typed; what begins with it first, else in the given order.
pub(super) fn matching(all: &[Choice], typed: &str) -> Vec<Choice> {
    let labels = all.iter().map(|choice| choice.label.as_str());
    complete::matches(labels, typed)
        .into_iter()
        .filter_map(|at| all.get(at).cloned())
        .collect()
}

/// State of the list.
#[derive(Clone, Copy)]
pub(super) struct Choices {
    pub overlay: Overlay,
    pub options: Memo<Vec<Choice>>,
    /// Value of the active one; a value, so that a refresh does not move it.
    active: RwSignal<Option<String>>,
    id: StoredValue<String>,
}

impl Choices {
    pub fn new(options: Memo<Vec<Choice>>) -> Self {
        Self {
            overlay: Overlay::new(Edge::Start),
            options,
            active: RwSignal::new(None),
            id: StoredValue::new(uid("choices")),
        }
    }

    pub fn id(self) -> String {
        self.id.get_value()
    }

    pub fn expanded(self) -> &'static str {
        if self.overlay.is_open() {
            "true"
        } else {
            "false"
        }
    }

    /// Of the active option, for `aria-activedescendant`.
    pub fn active_id(self) -> Option<String> {
        let active = self.active.get()?;
        let at = self
            .options
            .with(|options| options.iter().position(|option| option.value == active))?;
        (self.overlay.is_open() && at < SHOWN).then(|| self.option_id(at))
    }

    fn option_id(self, at: usize) -> String {
        format!("{}-{at}", self.id())
    }

    pub fn active(self) -> Option<Choice> {
        if !self.overlay.is_open_now() {
            return None;
        }
        let active = self.active.get_untracked()?;
        self.options.with_untracked(|options| {
            options
                .iter()
                .find(|option| option.value == active)
                .cloned()
        })
    }

    pub fn set_active(self, value: Option<String>) {
        self.active.set(value);
    }

    /// Opens under the control, at least as wide.
    pub fn open(self, control: &HtmlElement) {
        if self.overlay.is_open_now() {
            return;
        }
        if let Some(element) = self.overlay.element.get_untracked() {
            let width = control.get_bounding_client_rect().width();
            let _ = HtmlElement::style(&element).set_property("min-width", &format!("{width}px"));
        }
        self.overlay.show(Anchor::Element(control.clone()));
    }

    pub fn close(self) {
        self.overlay.close();
        let _ = self.active.try_set(None);
    }

    /// Moves the active one, around the ends.
    pub fn step(self, by: isize) {
        let next = self.options.with_untracked(|options| {
            let count = options.len().min(SHOWN);
            let at = self.active.with_untracked(|active| {
                options
                    .iter()
                    .take(count)
                    .position(|option| Some(&option.value) == active.as_ref())
            });
            let to = match (at, by > 0) {
                (None, true) => 0,
                (None, false) => count.checked_sub(1)?,
                (Some(at), _) => at
                    .checked_add_signed(by)
                    .map_or(count.checked_sub(1)?, |to| to % count.max(1)),
            };
            options.get(to).map(|option| (to, option.value.clone()))
        });
        let Some((at, value)) = next else { return };
        self.active.set(Some(value));
        let id = self.option_id(at);
        dom::after_render(move || {
            if let Some(option) = document().get_element_by_id(&id) {
                let options = web_sys::ScrollIntoViewOptions::new();
                options.set_block(web_sys::ScrollLogicalPosition::Nearest);
                option.scroll_into_view_with_scroll_into_view_options(&options);
            }
        });
    }
}

/// The list itself.
#[component]
pub(super) fn ChoiceList(
    choices: Choices,
    label: Signal<String>,
    /// Said where nothing matches.
    #[prop(into)]
    none: Signal<String>,
    /// The one that holds, with a check mark.
    #[prop(optional, into)]
    chosen: Signal<Option<String>>,
    on_choose: Callback<String>,
) -> impl IntoView {
    let list = NodeRef::<html::Ul>::new();
    let body = move || {
        let more = choices.options.with(Vec::len).saturating_sub(SHOWN);
        let options = choices
            .options
            .get()
            .into_iter()
            .take(SHOWN)
            .enumerate()
            .map(|(at, choice)| view! { <ChoiceRow choices=choices at=at choice=choice chosen=chosen on_choose=on_choose/> })
            .collect_view();
        (
            options,
            (more > 0).then(|| format!("{} more: type to narrow", grouped(more as u64))),
        )
    };
    let any = Memo::new(move |_| choices.options.with(|options| !options.is_empty()));
    let filled = move || {
        let (options, more) = body();
        view! {
            <ul node_ref=list id=choices.id() class="choices" role="listbox" aria-label=move || label.get()>
                {options}
            </ul>
            {more.map(|more| view! { <p class="choices-note">{more}</p> })}
        }
    };
    view! {
        <OverlaySurface overlay=choices.overlay class="choices-box" role="group" label=label>
            {move || if any.get() {
                filled.into_any()
            } else {
                view! { <p class="choices-note">{move || none.get()}</p> }.into_any()
            }}
        </OverlaySurface>
    }
}

#[component]
fn ChoiceRow(
    choices: Choices,
    at: usize,
    choice: Choice,
    chosen: Signal<Option<String>>,
    on_choose: Callback<String>,
) -> impl IntoView {
    let Choice {
        value,
        label,
        count,
        hue,
    } = choice;
    let (own, mine, holds, pick) = (value.clone(), value.clone(), value.clone(), value);
    let is_active = Memo::new(move |_| {
        choices
            .active
            .with(|active| active.as_deref() == Some(own.as_str()))
    });
    let is_chosen =
        Memo::new(move |_| chosen.with(|chosen| chosen.as_deref() == Some(holds.as_str())));
    let name = match hue {
        Some(hue) => view! {
            <span class="tag" style=("--tag-hue", hue.to_string())>
                <span class="tag-body"><span class="tag-name">{label}</span></span>
            </span>
        }
        .into_any(),
        None => view! { <span class="choice-label">{label}</span> }.into_any(),
    };
    view! {
        <li
            id=choices.option_id(at)
            class="choice"
            class:active=move || is_active.get()
            role="option"
            aria-selected=move || if is_chosen.get() || is_active.get() { "true" } else { "false" }
            // The focus stays in the input.
            on:pointerdown=|event: PointerEvent| event.prevent_default()
            on:mousedown=|event| event.prevent_default()
            on:pointermove=move |_| if !is_active.get_untracked() { choices.set_active(Some(mine.clone())) }
            on:click=move |_| on_choose.run(pick.clone())
        >
            {name}
            {count.map(|count| view! { <span class="count">{grouped(count as u64)}</span> })}
            {move || is_chosen.get().then(|| view! { <Icon name=IconName::Check/> })}
        </li>
    }
}
