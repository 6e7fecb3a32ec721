//! Times in the person's zone, by the browser's own `Intl`.

use crate::domain::units::{Instant, NONE};
use js_sys::{Array, Date, Function, Intl, Object, Reflect};
use leptos::wasm_bindgen::{JsCast, JsValue};
use std::cell::RefCell;
use std::collections::HashMap;

/// How a time is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TimeFormat {
    /// `15:04`
    Clock,
    /// `15:04:05`
    ClockSeconds,
    /// `21 Jun`
    Day,
    /// `21 Jun 2024`
    Date,
    /// `21 Jun, 12:00`
    DayClock,
    /// `21 Jun 2024, 12:00`
    DateClock,
    /// `Fri, 21 Jun 2024, 12:00:05 CEST`
    Full,
}

/// What a cached formatter writes; a [`TimeFormat`] is one or two of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Part {
    Clock,
    ClockSeconds,
    ClockZone,
    Day,
    Date,
    WeekdayDate,
    /// `2024-06-21`, to tell days and years apart.
    Key,
}

impl Part {
    const fn options(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Clock => &[
                ("hour", "2-digit"),
                ("minute", "2-digit"),
                ("hourCycle", "h23"),
            ],
            Self::ClockSeconds => &[
                ("hour", "2-digit"),
                ("minute", "2-digit"),
                ("second", "2-digit"),
                ("hourCycle", "h23"),
            ],
            Self::ClockZone => &[
                ("hour", "2-digit"),
                ("minute", "2-digit"),
                ("second", "2-digit"),
                ("hourCycle", "h23"),
                ("timeZoneName", "short"),
            ],
            Self::Day => &[("day", "numeric"), ("month", "short")],
            Self::Date => &[("day", "numeric"), ("month", "short"), ("year", "numeric")],
            Self::WeekdayDate => &[
                ("weekday", "short"),
                ("day", "numeric"),
                ("month", "short"),
                ("year", "numeric"),
            ],
            Self::Key => &[
                ("year", "numeric"),
                ("month", "2-digit"),
                ("day", "2-digit"),
            ],
        }
    }

    const fn locale(self) -> Option<&'static str> {
        match self {
            // The one locale that writes ISO dates.
            Self::Key => Some("sv-SE"),
            _ => None,
        }
    }
}

/// The person's choices; the browser's zone and the app's English where there is none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TimeChoices {
    /// Name from the zone database: `Europe/Berlin`; the browser's where `None`.
    pub zone: Option<String>,
    /// Language tag of the date format: `de-DE`; British English where `None`, as the app's words
    /// are English.
    pub locale: Option<String>,
}

thread_local! {
    static CHOICES: RefCell<TimeChoices> = RefCell::default();
    // Making a formatter takes longer than a thousand uses of it.
    static FORMATTERS: RefCell<HashMap<Part, Function>> = RefCell::default();
}

/// Sets zone and date format of all times written from now on. A zone or language that the browser
/// does not know is ignored.
pub fn set_time_choices(choices: TimeChoices) {
    CHOICES.with_borrow_mut(|kept| *kept = choices);
    FORMATTERS.with_borrow_mut(HashMap::clear);
}

/// The `format` function, bound to its formatter. Made through `Reflect`, since an unknown zone or
/// language throws and must not end the app.
fn formatter(part: Part, choices: &TimeChoices) -> Option<Function> {
    let options = Object::new();
    let set = |name: &str, value: &str| Reflect::set(&options, &name.into(), &value.into());
    for (name, value) in part.options() {
        set(name, value).ok()?;
    }
    if let Some(zone) = &choices.zone {
        set("timeZone", zone).ok()?;
    }
    let locale = part
        .locale()
        .or(choices.locale.as_deref())
        .unwrap_or("en-GB");
    let intl = Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
    let class: Function = Reflect::get(&intl, &"DateTimeFormat".into())
        .ok()?
        .dyn_into()
        .ok()?;
    let made = Reflect::construct(&class, &Array::of2(&locale.into(), &options)).ok()?;
    Some(made.unchecked_into::<Intl::DateTimeFormat>().format())
}

fn write(part: Part, at: Instant) -> Option<String> {
    FORMATTERS.with_borrow_mut(|formatters| {
        let format = match formatters.entry(part) {
            std::collections::hash_map::Entry::Occupied(entry) => entry.into_mut(),
            std::collections::hash_map::Entry::Vacant(entry) => {
                let choices = CHOICES.with_borrow(Clone::clone);
                let made = formatter(part, &choices)
                    .or_else(|| formatter(part, &TimeChoices::default()))?;
                entry.insert(made)
            }
        };
        #[expect(clippy::cast_precision_loss, reason = "dates end long before 2^53 ms")]
        let date = Date::new(&JsValue::from_f64(at.millis as f64));
        // Throws for times beyond the year 275760.
        format.call1(&JsValue::UNDEFINED, &date).ok()?.as_string()
    })
}

/// A time in the person's zone; an en dash for times that no calendar has.
#[must_use]
pub fn format_local(at: Instant, format: TimeFormat) -> String {
    let two =
        |date: Part, clock: Part| Some(format!("{}, {}", write(date, at)?, write(clock, at)?));
    match format {
        TimeFormat::Clock => write(Part::Clock, at),
        TimeFormat::ClockSeconds => write(Part::ClockSeconds, at),
        TimeFormat::Day => write(Part::Day, at),
        TimeFormat::Date => write(Part::Date, at),
        TimeFormat::DayClock => two(Part::Day, Part::Clock),
        TimeFormat::DateClock => two(Part::Date, Part::Clock),
        TimeFormat::Full => two(Part::WeekdayDate, Part::ClockZone),
    }
    .unwrap_or_else(|| NONE.to_owned())
}

/// As short as it can be told from `now`: `15:04` today, `21 Jun, 12:00` this year, else with the
/// year.
#[must_use]
pub fn format_near(at: Instant, now: Instant) -> String {
    let key = |time| write(Part::Key, time).unwrap_or_default();
    let (day, today) = (key(at), key(now));
    if day == today {
        format_local(at, TimeFormat::Clock)
    } else if day.get(..4) == today.get(..4) {
        format_local(at, TimeFormat::DayClock)
    } else {
        format_local(at, TimeFormat::DateClock)
    }
}

/// The exact time twice: in the person's zone, and in UTC.
#[must_use]
pub fn exact(at: Instant) -> String {
    let utc = at.to_iso();
    let utc = utc.trim_end_matches('Z').replace('T', " ");
    format!("{} · {utc} UTC", format_local(at, TimeFormat::Full))
}

/// Name of the zone that times are written in: `Europe/Berlin`.
#[must_use]
pub fn zone_name() -> String {
    CHOICES
        .with_borrow(|choices| choices.zone.clone())
        .unwrap_or_else(|| {
            let options = Intl::DateTimeFormat::default().resolved_options();
            Reflect::get(&options, &"timeZone".into())
                .ok()
                .and_then(|zone| zone.as_string())
                .unwrap_or_else(|| "UTC".to_owned())
        })
}
