//! Times and durations as text: short on the page, exact in the tooltip.

mod format;

pub use format::{
    TimeChoices, TimeFormat, exact, format_local, format_near, set_time_choices, zone_name,
};

use crate::domain::ago::{ago, exact_duration};
use crate::domain::units::{Instant, NONE, Seconds};
use leptos::prelude::*;

/// How a time is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TimeStyle {
    /// "3 min ago", "in 2 h", "just now"; ticks. A date beyond 30 days.
    #[default]
    Relative,
    /// `15:04` today, `21 Jun, 12:00` otherwise.
    Clock,
    /// With weekday, seconds and zone.
    Full,
}

/// A time. The tooltip has it exactly, in the person's zone and in UTC; an en dash where it is not
/// known.
#[component]
pub fn TimeText(
    /// The time.
    #[prop(into)]
    at: Signal<Option<Instant>>,
    /// The server's now, ticking.
    #[prop(into)]
    now: Signal<Instant>,
    /// How it is shown.
    #[prop(optional)]
    style: TimeStyle,
    /// Stands where the time is not known: "Never".
    #[prop(default = NONE)]
    none: &'static str,
) -> impl IntoView {
    let at = Memo::new(move |_| at.get());
    // The calendar need not be asked every second.
    let minute = Memo::new(move |_| Instant::from_secs(now.get().secs().div_euclid(60) * 60));
    let text = Memo::new(move |_| match (at.get(), style) {
        (None, _) => none.to_owned(),
        (Some(at), TimeStyle::Relative) => {
            ago(at, now.get()).unwrap_or_else(|| format_local(at, TimeFormat::Date))
        }
        (Some(at), TimeStyle::Clock) => format_near(at, minute.get()),
        (Some(at), TimeStyle::Full) => format_local(at, TimeFormat::Full),
    });
    view! {
        <time
            class="time"
            datetime=move || at.get().map(Instant::to_iso)
            data-tip=move || at.get().map(exact)
        >
            {move || text.get()}
        </time>
    }
}

/// A duration: its two largest parts; all of them in the tooltip.
#[component]
pub fn DurationText(
    /// The duration.
    #[prop(into)]
    seconds: Signal<Option<Seconds>>,
    /// The largest part alone.
    #[prop(optional)]
    short: bool,
) -> impl IntoView {
    let seconds = Memo::new(move |_| seconds.get().map(|seconds| seconds.0));
    move || duration(seconds.get().map(Seconds), short)
}

/// The same, as it stands: for what is drawn anew as a whole.
pub(crate) fn duration(seconds: Option<Seconds>, short: bool) -> impl IntoView + use<> {
    let text = match seconds {
        None => NONE.to_owned(),
        Some(seconds) if short => seconds.short(),
        Some(seconds) => seconds.long(),
    };
    view! {
        <time
            class="time"
            datetime=seconds.map(|seconds| format!("PT{}S", seconds.0))
            data-tip=seconds.map(exact_duration)
        >
            {text}
        </time>
    }
}
