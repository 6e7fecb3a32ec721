use super::choices::{Choice, ChoiceList, Choices};
use crate::components::dom::{self, uid};
use crate::components::icon::{Icon, IconName};
use crate::domain::query::complete::{Completion, Index, What, complete};
use crate::domain::query::highlight::{Piece, highlight};
use crate::domain::query::parse::lower_case_operator;
use crate::domain::text::{byte_at, utf16_at};
use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;
use std::sync::Arc;
use std::time::Duration;

/// A mistake is spoken of once the person has stopped typing: half a condition is no mistake.
const SETTLED: Duration = Duration::from_millis(600);
/// Candidates that are shown.
const SHOWN: usize = 12;

/// A search box for the query language ([`crate::domain::query`]): coloured while one types,
/// completed with what there is, with the mistake underlined and explained below. Escape closes
/// the list, then clears, then leaves; the frame's `/` finds the box by `data-search`.
#[component]
pub fn QueryBox(
    /// Name: "Search VMs".
    #[prop(into)]
    label: Signal<String>,
    /// What was typed.
    value: RwSignal<String>,
    /// What can be searched for.
    #[prop(optional, into)]
    placeholder: Signal<String>,
    /// What values there are; read only while something can be completed.
    #[prop(into)]
    index: Signal<Arc<Index>>,
    /// How much was found: "12 of 340"; nothing while everything is shown.
    #[prop(into)]
    found: Signal<Option<String>>,
    /// The person typed, chose or cleared, after `value` was set.
    on_input: Callback<String>,
    /// Enter, where nothing is being chosen.
    on_enter: Callback<()>,
) -> impl IntoView {
    let state = QueryState::new(value, index, on_input, on_enter);
    let note = StoredValue::new(uid("query-note"));
    let empty = Memo::new(move |_| value.with(String::is_empty));
    let remark = Memo::new(move |_| {
        let choosing = state.choices.overlay.is_open();
        let settled = state.settled.get();
        settled.then(|| value.with(|text| remark(text, choosing)))?
    });
    let wrong = Memo::new(move |_| remark.with(|remark| remark.as_ref().is_some_and(|r| r.wrong)));
    let choose = Callback::new(move |value: String| state.choose(&value));
    let choices = state.choices;
    view! {
        <span class="input search query" node_ref=state.frame>
            <Icon name=IconName::Search/>
            <span class="query-field">
                <span class="query-ink" aria-hidden="true" node_ref=state.ink>
                    {move || value.with(|text| ink(text, wrong.get()))}
                </span>
                <input
                    node_ref=state.field
                    type="text"
                    role="combobox"
                    inputmode="search"
                    aria-label=move || label.get()
                    aria-autocomplete="list"
                    aria-haspopup="listbox"
                    aria-expanded=move || choices.expanded()
                    aria-controls=choices.id()
                    aria-activedescendant=move || choices.active_id()
                    aria-invalid=move || wrong.get().then_some("true")
                    aria-describedby=note.get_value()
                    placeholder=move || placeholder.get()
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    enterkeyhint="search"
                    data-1p-ignore="true"
                    data-lpignore="true"
                    data-search=""
                    prop:value=move || value.get()
                    on:input=move |event| state.typed(event_target_value(&event))
                    on:keydown=move |event| state.key(&event)
                    on:scroll=move |_| state.scrolled()
                    on:blur=move |_| state.left()
                />
            </span>
            <span class="query-found" aria-hidden="true">{move || found.get()}</span>
            <kbd class="search-hint" aria-hidden="true" hidden=move || !empty.get()>"/"</kbd>
            <button
                type="button"
                class="input-x"
                aria-label="Clear search"
                hidden=move || empty.get()
                on:click=move |_| state.clear()
            >
                <Icon name=IconName::X/>
            </button>
            <span class="query-note" id=note.get_value() role="status" class:wrong=wrong>
                {move || remark.get().map(|remark| remark.words)}
            </span>
        </span>
        <ChoiceList choices=choices label=label none="Nothing to complete" on_choose=choose/>
    }
}

/// What is said of a text below the box.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Remark {
    words: String,
    /// A mistake; else only something that is often meant otherwise.
    wrong: bool,
}

/// `choosing`: candidates are offered, so what the text ends with is not finished yet.
fn remark(text: &str, choosing: bool) -> Option<Remark> {
    if let (_, Some(error)) = highlight(text) {
        if choosing && error.at.end >= text.trim_end().len() {
            return None;
        }
        let hint = error.hint.map(|hint| format!(". {hint}"));
        return Some(Remark {
            words: format!("{}{}", error.message, hint.unwrap_or_default()),
            wrong: true,
        });
    }
    let place = lower_case_operator(text)?;
    let word = text.get(place)?;
    let capitals = word.to_uppercase();
    Some(Remark {
        words: format!("“{word}” is searched for as a word; write {capitals} to join conditions"),
        wrong: false,
    })
}

/// The text again, each piece in its colour; it lies under the input, whose own text is clear.
fn ink(text: &str, wrong: bool) -> Vec<AnyView> {
    let (tokens, _) = highlight(text);
    let mut views = Vec::new();
    let mut end = 0;
    for token in tokens {
        if let Some(gap) = text.get(end..token.at.start).filter(|gap| !gap.is_empty()) {
            views.push(gap.to_owned().into_any());
        }
        end = token.at.end;
        let class = match token.piece {
            Piece::Field => "q-field",
            Piece::Operator => "q-sign",
            Piece::Keyword => "q-word",
            Piece::Value => "q-value",
            Piece::Error if wrong => "q-wrong",
            Piece::Word | Piece::Error => "",
        };
        let piece = text.get(token.at).unwrap_or_default().to_owned();
        views.push(view! { <span class=class>{piece}</span> }.into_any());
    }
    views.push(text.get(end..).unwrap_or_default().to_owned().into_any());
    views
}

#[derive(Clone, Copy)]
struct QueryState {
    value: RwSignal<String>,
    on_input: Callback<String>,
    on_enter: Callback<()>,
    /// Where the cursor stands, in bytes.
    cursor: RwSignal<usize>,
    /// Whether candidates are looked for at all.
    wanted: RwSignal<bool>,
    settled: RwSignal<bool>,
    timer: StoredValue<Option<TimeoutHandle>>,
    completion: Memo<Option<Completion>>,
    choices: Choices,
    frame: NodeRef<html::Span>,
    ink: NodeRef<html::Span>,
    field: NodeRef<html::Input>,
}

impl QueryState {
    fn new(
        value: RwSignal<String>,
        index: Signal<Arc<Index>>,
        on_input: Callback<String>,
        on_enter: Callback<()>,
    ) -> Self {
        let (cursor, wanted) = (RwSignal::new(0), RwSignal::new(false));
        let completion = Memo::new(move |_| {
            wanted.get().then(|| {
                let index = index.get();
                value.with(|text| complete(text, cursor.get(), &index))
            })
        });
        let options = Memo::new(move |_| {
            completion.with(|completion| completion.as_ref().map_or_else(Vec::new, choices_of))
        });
        let timer = StoredValue::new(None::<TimeoutHandle>);
        on_cleanup(move || {
            if let Some(timer) = timer.try_get_value().flatten() {
                timer.clear();
            }
        });
        Self {
            value,
            on_input,
            on_enter,
            cursor,
            wanted,
            settled: RwSignal::new(true),
            timer,
            completion,
            choices: Choices::new(options),
            frame: NodeRef::new(),
            ink: NodeRef::new(),
            field: NodeRef::new(),
        }
    }

    fn set(self, text: String) {
        self.value.set(text.clone());
        self.on_input.run(text);
        self.settled.set(false);
        if let Some(timer) = self.timer.get_value() {
            timer.clear();
        }
        let settle = move || {
            let _ = self.settled.try_set(true);
        };
        self.timer
            .set_value(set_timeout_with_handle(settle, SETTLED).ok());
    }

    fn read_cursor(self) {
        let field = self.field.get_untracked();
        let units = field.and_then(|field| field.selection_start().ok().flatten());
        let at = self
            .value
            .with_untracked(|text| units.map_or(text.len(), |units| byte_at(text, units as usize)));
        self.cursor.set(at);
    }

    fn typed(self, text: String) {
        self.set(text);
        self.read_cursor();
        self.wanted.set(true);
        if self.is_useful() {
            self.show();
        } else {
            self.hide();
        }
    }

    /// Whether something is being typed that could be something else.
    fn is_useful(self) -> bool {
        self.completion.with_untracked(|completion| {
            let Some(completion) = completion else {
                return false;
            };
            let begun = !completion.replace.is_empty() || matches!(completion.what, What::Value(_));
            let whole = self.value.with_untracked(|text| {
                let written = text.get(completion.replace.clone()).unwrap_or_default();
                let mut candidates = completion.candidates.iter();
                candidates.all(|one| one.insert == written)
            });
            begun && !whole
        })
    }

    fn show(self) {
        if let Some(frame) = self.frame.get_untracked() {
            self.choices.open(&frame);
            self.choices.set_active(None);
        }
    }

    fn hide(self) {
        self.choices.close();
        let _ = self.wanted.try_set(false);
    }

    /// Puts a candidate in, with the cursor behind it.
    fn choose(self, insert: &str) {
        let Some(completion) = self.completion.get_untracked() else {
            return;
        };
        let mut candidates = completion.candidates.iter();
        let Some(candidate) = candidates.find(|candidate| candidate.insert == insert) else {
            return;
        };
        let (text, at) = self.value.with_untracked(|text| {
            let head = text.get(..completion.replace.start).unwrap_or_default();
            let tail = text.get(completion.replace.end..).unwrap_or_default();
            // What is complete goes on with the next condition.
            let ends = candidate.what != What::Field && !tail.starts_with(char::is_whitespace);
            let head = format!("{head}{insert}{}", if ends { " " } else { "" });
            (format!("{head}{tail}"), head.len())
        });
        let units = u32::try_from(utf16_at(&text, at)).unwrap_or(u32::MAX);
        let goes_on = candidate.what == What::Field;
        self.set(text);
        self.cursor.set(at);
        self.hide();
        dom::after_render(move || {
            let Some(field) = self.field.try_get_untracked().flatten() else {
                return;
            };
            let _ = field.focus();
            let _ = field.set_selection_range(units, units);
            self.scrolled();
            if goes_on {
                self.wanted.set(true);
                self.show();
            }
        });
    }

    fn clear(self) {
        self.set(String::new());
        self.hide();
        if let Some(field) = self.field.get_untracked() {
            let _ = field.focus();
        }
    }

    /// The coloured text goes along with the input's.
    fn scrolled(self) {
        let nodes = (
            self.field.try_get_untracked().flatten(),
            self.ink.try_get_untracked().flatten(),
        );
        if let (Some(field), Some(ink)) = nodes {
            ink.set_scroll_left(field.scroll_left());
        }
    }

    fn left(self) {
        // Removed while it had the focus: nothing is left to change.
        if self.settled.try_set(true).is_none() {
            self.hide();
        }
    }

    /// The active candidate, or the best.
    fn best(self) -> Option<String> {
        let active = self.choices.active().map(|choice| choice.value);
        active.or_else(|| {
            let options = self.choices.options;
            options.with_untracked(|all| all.first().map(|choice| choice.value.clone()))
        })
    }

    fn key(self, event: &KeyboardEvent) {
        if event.is_composing() {
            return;
        }
        let open = self.choices.overlay.is_open_now();
        match event.key().as_str() {
            "ArrowDown" | "ArrowUp" if !open => {
                self.read_cursor();
                self.wanted.set(true);
                self.show();
            }
            "ArrowDown" => self.choices.step(1),
            "ArrowUp" => self.choices.step(-1),
            "Enter" => match self.choices.active().filter(|_| open) {
                Some(choice) => self.choose(&choice.value),
                None => {
                    self.hide();
                    self.on_enter.run(());
                }
            },
            // Completes; pressed again it goes on as ever.
            "Tab" if open && !event.shift_key() => match self.best() {
                Some(value) => self.choose(&value),
                None => return self.hide(),
            },
            "Escape" if open => {
                event.stop_propagation();
                self.hide();
            }
            "Escape" if self.value.with_untracked(|text| !text.is_empty()) => {
                // One press clears; the next may close what it stands in.
                event.stop_propagation();
                self.clear();
            }
            "Escape" => {
                if let Some(field) = self.field.get_untracked() {
                    let _ = field.blur();
                }
                return;
            }
            _ => return,
        }
        event.prevent_default();
    }
}

fn choices_of(completion: &Completion) -> Vec<Choice> {
    let shown = completion.candidates.iter().take(SHOWN);
    shown
        .map(|candidate| {
            Choice::new(&candidate.insert, &candidate.label)
                .count(candidate.count.map(|count| count as usize))
        })
        .collect()
}
