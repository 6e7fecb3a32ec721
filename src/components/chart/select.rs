//! Choosing a span to look closer at: by dragging with mouse or pen, or by keys.

use super::line::Model;
use super::zone::is_days;
use super::zoom::span_words;
use crate::domain::units::Instant;
use crate::domain::zoom::{self, Span};
use leptos::ev::PointerEvent;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::Element;

/// What is being chosen.
#[derive(Debug, Clone, Copy)]
pub(super) struct Choice {
    /// Where it began, and where it is now.
    span: RwSignal<Option<Span>>,
    /// Where the pointer was pressed: pixels from the left, and the time there. Live charts move
    /// on under it.
    pressed: StoredValue<Option<(f64, Instant)>>,
}

impl Choice {
    pub(super) fn new() -> Self {
        Self {
            span: RwSignal::new(None),
            pressed: StoredValue::new(None),
        }
    }

    /// Ends it; whether there was anything chosen.
    pub(super) fn end(self) -> bool {
        let _ = self.pressed.try_set_value(None);
        let chosen = self.span.try_get_untracked().flatten().is_some();
        if chosen {
            self.span.set(None);
        }
        chosen
    }
}

impl Model {
    /// The pointer was pressed.
    pub(super) fn press(self, event: &PointerEvent) {
        self.point(event);
        self.choice.end();
        // A finger scrolls and reads.
        let chooses = event.pointer_type() != "touch" && event.is_primary() && event.button() == 0;
        let known = self.plan.with_untracked(|plan| plan.known);
        if self.zoom.is_none() || !chooses || !known {
            return;
        }
        let x = f64::from(event.offset_x());
        self.choice.pressed.set_value(Some((x, self.under(x))));
        // What follows comes here, wherever the pointer goes.
        if let Some(plot) = event.current_target() {
            let _ = plot
                .unchecked_ref::<Element>()
                .set_pointer_capture(event.pointer_id());
        }
    }

    /// The pointer moved.
    pub(super) fn drag(self, event: &PointerEvent) {
        self.point(event);
        let Some((pressed, from)) = self.choice.pressed.get_value() else {
            return;
        };
        // The release may have been missed.
        if event.buttons() & 1 == 0 {
            self.choice.end();
            return;
        }
        let x = f64::from(event.offset_x());
        let span = zoom::is_drag(pressed, x).then(|| (from, self.under(x)));
        if span.is_some() || self.choice.span.get_untracked().is_some() {
            self.choice.span.set(span);
        }
    }

    /// The pointer was let go.
    pub(super) fn release(self, event: &PointerEvent) {
        let Some((pressed, from)) = self.choice.pressed.get_value() else {
            return;
        };
        let x = f64::from(event.offset_x());
        let span = zoom::is_drag(pressed, x).then(|| (from, self.under(x)));
        self.choice.end();
        self.closer(span);
    }

    fn closer(self, span: Option<Span>) {
        let found = span.and_then(|(one, other)| {
            self.plan
                .with_untracked(|plan| zoom::between(one, other, (plan.from, plan.to), plan.step))
        });
        if let (Some(zoom), Some(span)) = (self.zoom, found) {
            zoom.closer(span);
        }
    }

    /// The time at a distance from the left.
    fn under(self, x: f64) -> Instant {
        let share = self.room.with_untracked(|room| room.share(x));
        self.plan.with_untracked(|plan| plan.at(share))
    }

    /// By keys the choice begins at the sample that was read, and reaches to another.
    pub(super) fn extend(self, from: Instant, to: Instant) {
        if self.zoom.is_some() {
            let begin = self.choice.span.get_untracked().map(|(begin, _)| begin);
            self.choice.span.set(Some((begin.unwrap_or(from), to)));
        }
    }

    /// Looks closer at what was chosen by keys; whether anything was.
    pub(super) fn confirm(self) -> bool {
        let span = self.choice.span.get_untracked();
        let chosen = self.choice.end();
        self.closer(span.filter(|(one, other)| one != other));
        chosen
    }

    /// One step back from the closer look; whether there was one.
    pub(super) fn back(self) -> bool {
        self.zoom.is_some_and(super::zoom::Zoom::back)
    }

    /// "10:02–10:08 chosen, Enter zooms in. ", for assistive technology.
    pub(super) fn chosen_words(self) -> Option<String> {
        let (one, other) = self.choice.span.get()?;
        let span = (one.min(other), one.max(other));
        let days = self.plan.with(|plan| is_days(plan.reach));
        Some(format!(
            "{} chosen, Enter zooms in. ",
            span_words(span, days)
        ))
    }
}

/// Shades what is being chosen.
#[component]
pub(super) fn Shade(
    /// The chart.
    model: Model,
) -> impl IntoView {
    let place = Memo::new(move |_| {
        let (one, other) = model.choice.span.get()?;
        let room = model.room.get();
        let x = |at| {
            model
                .plan
                .with(|plan| room.x(plan.share(at).clamp(0.0, 1.0)))
        };
        let (one, other) = (x(one), x(other));
        Some((one.min(other), (one - other).abs()))
    });
    view! {
        <i
            class="chart-shade"
            hidden=move || place.with(Option::is_none)
            style:translate=move || place.get().map(|(x, _)| format!("{x:.1}px 0"))
            style:width=move || place.get().map(|(_, width)| format!("{width:.1}px"))
        ></i>
    }
}
