//! The crosshair: which time is read, and what is said about it.

use super::line::Model;
use super::plan::Plan;
use super::zone::moment;
use crate::domain::plot;
use crate::domain::units::Instant;
use leptos::ev::{FocusEvent, KeyboardEvent, PointerEvent};
use leptos::prelude::*;

/// Which sample a key leads to, from the one that is read (`None`: none yet).
fn step(key: &str, from: Option<usize>, count: usize) -> Option<usize> {
    let last = count.checked_sub(1)?;
    let leap = (count / 10).max(1);
    let Some(from) = from else {
        return match key {
            "Home" => Some(0),
            "ArrowLeft" | "ArrowRight" | "ArrowUp" | "ArrowDown" | "PageUp" | "PageDown"
            | "End" => Some(last),
            _ => None,
        };
    };
    match key {
        "ArrowLeft" | "ArrowDown" => Some(from.saturating_sub(1)),
        "ArrowRight" | "ArrowUp" => Some((from + 1).min(last)),
        "PageDown" => Some(from.saturating_sub(leap)),
        "PageUp" => Some((from + leap).min(last)),
        "Home" => Some(0),
        "End" => Some(last),
        _ => None,
    }
}

impl Model {
    /// The time that is read, where this chart shows it.
    fn shown(self) -> Option<Instant> {
        let at = self.cursor.get()?;
        self.plan
            .with(|plan| (plan.known && plan.holds(at)).then_some(at))
    }

    /// Value of a series at a time.
    pub(super) fn value(self, index: usize, at: Instant) -> Option<f64> {
        let tolerance = self.plan.with(Plan::tolerance);
        self.series.with(|series| {
            series
                .get(index)
                .and_then(|one| plot::value_at(&one.points, at, tolerance))
        })
    }

    pub(super) fn time(self, at: Instant) -> String {
        self.plan.with(|plan| moment(at, plan.reach, plan.step))
    }

    /// "14:32:10: CPU 15.2 %, Memory 78.1 %".
    pub(super) fn words(self, at: Instant) -> String {
        let values: Vec<String> = self
            .heads
            .get()
            .into_iter()
            .enumerate()
            .map(|(index, (name, _))| match self.value(index, at) {
                Some(value) => format!("{name} {}", self.unit.amount(value)),
                None => format!("{name} not known"),
            })
            .collect();
        format!("{}: {}", self.time(at), values.join(", "))
    }

    /// Reads the sample under the pointer.
    pub(super) fn point(self, event: &PointerEvent) {
        let share = self
            .room
            .with_untracked(|room| room.share(f64::from(event.offset_x())));
        let at = self.plan.with_untracked(|plan| {
            let nearest = plot::nearest(&plan.times, plan.at(share))?;
            plan.known.then(|| plan.times[nearest])
        });
        self.put(at);
    }

    fn put(self, at: Option<Instant>) {
        if self.cursor.get_untracked() != at {
            self.cursor.set(at);
        }
    }

    /// The pointer went. A finger leaves whenever it is lifted: what it read stays until the next
    /// touch elsewhere.
    pub(super) fn leave(self, event: &PointerEvent) {
        if event.pointer_type() != "touch" && self.cursor.try_get_untracked().flatten().is_some() {
            self.put(None);
        }
    }

    pub(super) fn blur(self, _: &FocusEvent) {
        // A focused element that is removed loses the focus after its signals.
        self.choice.end();
        if self.cursor.try_get_untracked().flatten().is_some() {
            self.put(None);
        }
    }

    pub(super) fn key(self, event: &KeyboardEvent) {
        if event.ctrl_key() || event.alt_key() || event.meta_key() {
            return;
        }
        let key = event.key();
        let done = match key.as_str() {
            "Escape" => self.escape(),
            "Enter" => self.confirm(),
            key => self.walk(key, event.shift_key()),
        };
        if done {
            event.prevent_default();
        }
        if done && key == "Escape" {
            // Not the dialog's, this time.
            event.stop_propagation();
        }
    }

    /// Takes back what is nearest: the choice, the closer look, the reading.
    fn escape(self) -> bool {
        if self.choice.end() || self.back() {
            return true;
        }
        let reads = self.cursor.get_untracked().is_some();
        self.put(None);
        reads
    }

    /// Reads another sample; `extend` chooses the span to it.
    fn walk(self, key: &str, extend: bool) -> bool {
        let found = self.plan.with_untracked(|plan| {
            let from = self
                .cursor
                .get_untracked()
                .filter(|at| plan.holds(*at))
                .and_then(|at| plot::nearest(&plan.times, at))
                .or_else(|| plan.times.len().checked_sub(1).filter(|_| extend));
            let next = step(key, from, plan.times.len())?;
            let from = from.and_then(|from| plan.times.get(from).copied());
            Some((from, *plan.times.get(next)?))
        });
        let Some((from, to)) = found else {
            return false;
        };
        match from.filter(|_| extend) {
            Some(from) => self.extend(from, to),
            None => {
                self.choice.end();
            }
        }
        self.put(Some(to));
        true
    }

    /// Index of the sample that is read, for assistive technology; the newest where none is.
    pub(super) fn position(self) -> (usize, usize) {
        let at = self.shown();
        self.plan.with(|plan| {
            let last = plan.times.len().saturating_sub(1);
            let now = at.and_then(|at| plot::nearest(&plan.times, at));
            (now.unwrap_or(last), last)
        })
    }
}

/// Crosshair, dots on the lines, and the box with time and values. They are set in place, never
/// built anew, so that nothing flickers under the pointer.
#[component]
pub(super) fn ReadOut(
    /// The chart.
    model: Model,
) -> impl IntoView {
    let shown = Memo::new(move |_| model.shown());
    let x = Memo::new(move |_| {
        let at = shown.get()?;
        let share = model.plan.with(|plan| plan.share(at));
        Some(model.room.get().x(share))
    });
    // Beside the crosshair, on the roomier side, over the emptier half, inside of the plot.
    let aside = move || {
        let x = x.get()?;
        let (width, height) = model.room.get().size();
        let across = if x > width / 2.0 {
            format!("max(0px, calc({:.1}px - 100%))", x - 10.0)
        } else {
            let x = x + 10.0;
            format!("max(0px, min({x:.1}px, calc({width:.1}px - 100%)))")
        };
        let down = if model.plan.with(|plan| plan.high) {
            format!("max(0px, calc({height:.1}px - 100% - 4px))")
        } else {
            "0px".to_owned()
        };
        Some(format!("{across} {down}"))
    };
    let time = move || shown.get().map(|at| model.time(at));
    let dot = move |index: usize| {
        let y = model.value(index, shown.get()?)?;
        let y = model.plan.with(|plan| plan.y(model.room.get(), y));
        Some(format!("{:.1}px {y:.1}px", x.get()?))
    };
    let parts = move || {
        let heads = model.heads.get().into_iter().enumerate();
        heads
            .map(|(index, (name, ink))| {
                let place = Memo::new(move |_| dot(index));
                let value = move || {
                    shown
                        .get()
                        .map(|at| model.unit.text(model.value(index, at)))
                };
                let ink = ink.class();
                let mark = view! {
                    <i
                        class=format!("chart-dot {ink}")
                        hidden=move || place.with(Option::is_none)
                        style:translate=move || place.get()
                    ></i>
                };
                let row = view! {
                    <span class="chart-read-row">
                        <i class=format!("chart-key {ink}")></i>
                        <span class="clip">{name}</span>
                        <b>{value}</b>
                    </span>
                };
                (mark, row)
            })
            .unzip::<_, _, Vec<_>, Vec<_>>()
    };
    let hidden = move || shown.get().is_none();
    view! {
        <i
            class="chart-cross"
            hidden=hidden
            style:translate=move || x.get().map(|x| format!("{:.0}px 0", x - 0.5))
        ></i>
        {move || {
            let (marks, rows) = parts();
            view! {
                {marks}
                <div class="chart-read" aria-hidden="true" hidden=hidden style:translate=aside>
                    <span class="chart-read-time">{time}</span>
                    {rows}
                </div>
            }
        }}
    }
}
