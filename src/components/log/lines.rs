use super::state::{Follow, State};
use crate::components::dom;
use crate::components::icon::{Icon, IconName, IconSize};
use crate::domain::log::{self, Layout, Level};
use leptos::html;
use leptos::prelude::*;
use std::sync::Arc;

/// Letters of the probe that a cell is measured with.
const PROBE: &str = "00000000000000000000";

/// The lines in a box that scrolls.
#[component]
pub(super) fn Lines(#[prop(into)] label: Signal<String>, state: State) -> impl IntoView {
    let (log, layout, mounted, row) = (state.log, state.layout, state.mounted, state.row);
    keep_place(state);
    watch_selection(state);
    let numbers = Memo::new(move |_| {
        let cut = log.with(|log| log.cut());
        mounted.get().map(|at| cut + at as u64).collect::<Vec<_>>()
    });
    let digits = Memo::new(move |_| {
        let last = log.with(|log| log.cut() + log.len() as u64);
        last.to_string().len().max(3).to_string()
    });
    #[expect(clippy::cast_precision_loss, reason = "rows are far below 2^52")]
    let pixels = move |rows: usize| format!("{}px", rows as f64 * row.get());
    let height = move || pixels(layout.with(|layout| layout.rows()));
    let offset = move || pixels(layout.with(|layout| layout.row_of(mounted.get().start)));
    let widest = move || layout.with(|layout| layout.widest).to_string();
    let live = move || {
        if state.follow.get() == Follow::On {
            "polite"
        } else {
            "off"
        }
    };
    view! {
        <div
            class="log-pane"
            class:wrap=state.wrap
            node_ref=state.pane
            role="log"
            aria-label=move || label.get()
            aria-live=live
            tabindex="0"
            style=("--digits", move || digits.get())
            style=("--widest", widest)
            on:scroll=move |_| state.scrolled()
        >
            <Measure state=state/>
            <div class="log-all" style:height=height>
                <div class="log-slice" style:top=offset>
                    <For
                        each=move || numbers.get()
                        key=|number| *number
                        children=move |number| view! { <Line state=state number=number/> }
                    />
                </div>
            </div>
        </div>
    }
}

/// A line; its text is taken once, so that a selection in it outlives new lines.
#[component]
fn Line(state: State, number: u64) -> impl IntoView {
    let at = state.log.with_untracked(|log| {
        usize::try_from(number.saturating_sub(log.cut())).unwrap_or(usize::MAX)
    });
    let text: Arc<str> = state
        .log
        .with_untracked(|log| log.line(at).unwrap_or_default().into());
    let (level, mark) = match log::level(&text) {
        Level::Plain => (None, None),
        Level::Warning => (Some("warning"), Some((IconName::Triangle, "Warning: "))),
        Level::Error => (Some("error"), Some((IconName::CircleAlert, "Error: "))),
    };
    let sought = Memo::new(move |_| {
        let query = state.query.get();
        let here = state.hit.get().filter(|hit| hit.line == at);
        (query, here.map(|hit| hit.nth))
    });
    let words = move || sought.with(|(query, current)| marked(&text, query, *current));
    view! {
        <div class="log-line" data-level=level>
            <span class="log-no" aria-hidden="true">{number + 1}</span>
            <span class="log-mark">
                {mark.map(|(icon, word)| view! {
                    <Icon name=icon size=IconSize::Small/>
                    <span class="vh">{word}</span>
                })}
            </span>
            <span class="log-text">{words}</span>
        </div>
    }
}

/// A line's text with what is looked for marked in it.
fn marked(text: &str, query: &str, current: Option<usize>) -> Vec<AnyView> {
    let mut views = Vec::new();
    let mut end = 0;
    let plain = |part: Option<&str>, views: &mut Vec<AnyView>| {
        if let Some(part) = part.filter(|part| !part.is_empty()) {
            views.push(part.to_owned().into_any());
        }
    };
    for (nth, place) in log::places(text, query).into_iter().enumerate() {
        plain(text.get(end..place.start), &mut views);
        end = place.end;
        let word = text.get(place).unwrap_or_default().to_owned();
        let here = current == Some(nth);
        views.push(
            view! { <mark class:here=here aria-current=here.then_some("true")>{word}</mark> }
                .into_any(),
        );
    }
    plain(text.get(end..), &mut views);
    views
}

/// A line that nobody sees, which tells the sizes of a row, of a cell and of the pane.
#[component]
fn Measure(state: State) -> impl IntoView {
    let (text, probe) = (NodeRef::<html::Span>::new(), NodeRef::<html::Span>::new());
    let read = move |width: f64, height: f64| {
        let Some(probe) = probe.try_get_untracked().flatten() else {
            return;
        };
        #[expect(clippy::cast_precision_loss, reason = "twenty")]
        let cell = probe.get_bounding_client_rect().width() / PROBE.len() as f64;
        if cell > 0.0 && height > 0.0 {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a count of letters"
            )]
            let columns = (width / cell + 0.02) as usize;
            let _ = state.row.try_set(height);
            if state.columns.try_get_untracked() != Some(columns) {
                let _ = state.columns.try_set(columns);
            }
        }
    };
    Effect::new(move || {
        if let Some(text) = text.get() {
            dom::watch_size(&text, read);
        }
        if let Some(pane) = state.pane.get() {
            dom::watch_size(&pane, move |_, height| {
                let _ = state.view.try_set(height);
            });
        }
    });
    view! {
        <div class="log-line log-probe" aria-hidden="true">
            <span class="log-no"></span>
            <span class="log-mark"></span>
            <span class="log-text" node_ref=text><span node_ref=probe>{PROBE}</span></span>
        </div>
    }
}

/// While followed, the end stays in sight; else the first line in sight stays where it is, when
/// lines are wrapped otherwise or the oldest go.
fn keep_place(state: State) {
    Effect::new(move |old: Option<Arc<Layout>>| {
        let layout = state.layout.get();
        state.view.track();
        state.row.track();
        if state.follow.get() == Follow::On {
            state.to_end();
        } else if let Some(line) = old.and_then(|old| {
            let first = state.place_in(&old);
            layout.moved_from(&old, first)
        }) {
            let row = layout.row_of(line);
            dom::after_render(move || {
                if state.follow.try_get_untracked().is_some() {
                    state.scroll_to(row, 0.0);
                }
            });
        }
        layout
    });
}

/// Selecting text ends following, and keeps what is selected in the document.
fn watch_selection(state: State) {
    dom::listen(
        document().as_ref(),
        "selectionchange",
        false,
        move |_: web_sys::Event| {
            let Some(pane) = state.pane.try_get_untracked().flatten() else {
                return;
            };
            let selection = window().get_selection().ok().flatten();
            let within = selection.is_some_and(|selection| {
                !selection.is_collapsed()
                    && selection
                        .anchor_node()
                        .is_some_and(|node| pane.contains(Some(&node)))
            });
            if state.selecting.get_untracked() != within {
                state.selecting.set(within);
                if within {
                    state.hold(Follow::Held);
                }
            }
        },
    );
}
