//! Which span the charts of a page look at, and the words for it.

use super::super::button::{Button, ButtonLook, ControlSize};
use super::super::time::{TimeFormat, format_local};
use crate::domain::zoom::{Levels, Span};
use leptos::html;
use leptos::prelude::*;

/// What the charts of a page look closer at, step by step. Charts that are given the same one show
/// the same span.
#[derive(Debug, Clone, Copy)]
pub struct Zoom(RwSignal<Levels>);

impl Zoom {
    /// Everything is shown.
    #[expect(
        clippy::new_without_default,
        reason = "a signal belongs to where it is made"
    )]
    #[must_use]
    pub fn new() -> Self {
        Self(RwSignal::new(Levels::default()))
    }

    /// What is shown; `None` for everything.
    #[must_use]
    pub fn span(self) -> Option<Span> {
        self.0.with(Levels::now)
    }

    /// Looks closer.
    pub fn closer(self, span: Span) {
        self.0.update(|levels| levels.closer(span));
    }

    /// One step back; whether there was one.
    pub fn back(self) -> bool {
        self.0.try_maybe_update(|levels| {
            let went = levels.back();
            (went, went)
        }) == Some(true)
    }

    /// Shows everything.
    pub fn clear(self) {
        self.0.update(Levels::clear);
    }
}

/// "10:02–10:08"; with seconds where it is short, with the day (`days`) where the clock alone could
/// mean several.
pub(super) fn span_words((from, to): Span, days: bool) -> String {
    const MINUTES_5: i64 = 300_000;
    let clock = if to.millis.saturating_sub(from.millis) < MINUTES_5 {
        TimeFormat::ClockSeconds
    } else {
        TimeFormat::Clock
    };
    let day = |at| format_local(at, TimeFormat::Day);
    let moment = |at| format_local(at, TimeFormat::DayClock);
    if days && day(from) != day(to) {
        return format!("{} – {}", moment(from), moment(to));
    }
    let clocks = format!("{}–{}", format_local(from, clock), format_local(to, clock));
    if days {
        format!("{}, {clocks}", day(from))
    } else {
        clocks
    }
}

/// Says which span the charts look at, with the way back; how to look closer where they do not.
#[component]
pub fn ZoomNote(
    /// Of the page's charts.
    zoom: Zoom,
    /// Whether they reach over more than a day.
    #[prop(into)]
    days: Signal<bool>,
) -> impl IntoView {
    let place = NodeRef::<html::Div>::new();
    let span = Memo::new(move |_| zoom.span());
    let zoomed = Memo::new(move |_| span.with(Option::is_some));
    let words = move || {
        span.get().map_or_else(
            || "Drag across a chart to zoom in".to_owned(),
            |span| format!("Zoomed: {}", span_words(span, days.get())),
        )
    };
    let back = move |()| {
        zoom.back();
        // The button goes with the last step: the focus stays near.
        if let Some(place) = place
            .get_untracked()
            .filter(|_| untrack(|| zoom.span()).is_none())
        {
            let _ = place.focus();
        }
    };
    view! {
        <div class="chart-zoom" class:on=move || zoomed.get() node_ref=place tabindex="-1">
            <span role="status">{words}</span>
            <Show when=move || zoomed.get()>
                <Button label="Zoom out" look=ButtonLook::Quiet size=ControlSize::Small on_press=back/>
            </Show>
        </div>
    }
}
