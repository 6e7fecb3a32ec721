//! The person's zone as a number.

use super::super::time::{TimeFormat, format_local, zone_name};
use crate::domain::units::Instant;
use js_sys::{Array, Date, Function, Intl, Object, Reflect};
use leptos::wasm_bindgen::{JsCast, JsValue};
use std::cell::RefCell;

/// A zone's name, and what writes a time with its distance from UTC.
type Writer = (String, Option<Function>);

thread_local! {
    // Making one takes longer than a thousand uses.
    static WRITER: RefCell<Option<Writer>> = const { RefCell::new(None) };
}

/// Seconds east of UTC, in the zone that all times of the app are written in.
pub(crate) fn offsets() -> impl Fn(Instant) -> i64 {
    let name = zone_name();
    let writer = WRITER.with_borrow_mut(|kept| match kept {
        Some((zone, writer)) if *zone == name => writer.clone(),
        _ => {
            let writer = make(&name);
            *kept = Some((name, writer.clone()));
            writer
        }
    });
    move |at| {
        #[expect(clippy::cast_precision_loss, reason = "dates end long before 2^53 ms")]
        let date = Date::new(&JsValue::from_f64(at.millis as f64));
        writer
            .as_ref()
            .and_then(|writer| {
                let text = writer.call1(&JsValue::UNDEFINED, &date).ok()?.as_string()?;
                parse(text.split_once("GMT")?.1)
            })
            // Not a number beyond the browser's calendar: 0.
            .unwrap_or_else(|| (date.get_timezone_offset() * -60.0) as i64)
    }
}

/// Made through `Reflect`: a zone that the browser does not know throws.
fn make(zone: &str) -> Option<Function> {
    let options = Object::new();
    for (name, value) in [("timeZone", zone), ("timeZoneName", "longOffset")] {
        Reflect::set(&options, &name.into(), &value.into()).ok()?;
    }
    let intl = Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
    let class: Function = Reflect::get(&intl, &"DateTimeFormat".into())
        .ok()?
        .dyn_into()
        .ok()?;
    let made = Reflect::construct(&class, &Array::of2(&"en-GB".into(), &options)).ok()?;
    Some(made.unchecked_into::<Intl::DateTimeFormat>().format())
}

/// `+05:30`, `-03:00`, `+00:53:28` (long ago); nothing at all for UTC.
fn parse(text: &str) -> Option<i64> {
    let text = text.trim();
    if text.is_empty() {
        return Some(0);
    }
    let (sign, clock) = match text.strip_prefix('+') {
        Some(clock) => (1, clock),
        None => (-1, text.strip_prefix(['-', '−'])?),
    };
    let mut parts = clock.split(':').map(str::parse::<i64>);
    let mut next = || parts.next().unwrap_or(Ok(0)).ok();
    Some(sign * (next()? * 3600 + next()? * 60 + next()?))
}

/// Whether a time within so many milliseconds needs its day.
pub(super) const fn is_days(span_millis: i64) -> bool {
    const HOURS_22: i64 = 79_200_000;
    span_millis >= HOURS_22
}

/// A time as a read-out says it: the clock for spans of less than a day, with seconds where samples
/// are closer than a minute; with the day for longer ones, with the year beyond 300 days.
pub(super) fn moment(at: Instant, span_millis: i64, step_millis: i64) -> String {
    const DAYS_300: i64 = 25_920_000_000;
    let format = if span_millis >= DAYS_300 {
        TimeFormat::DateClock
    } else if is_days(span_millis) {
        TimeFormat::DayClock
    } else if step_millis < 60_000 {
        TimeFormat::ClockSeconds
    } else {
        TimeFormat::Clock
    };
    format_local(at, format)
}
