//! What was made on which day.

use super::Made;
use crate::domain::ticks::Offset;
use crate::domain::units::{Bytes, Instant};
use chrono::{Days, NaiveDate};

const DAY: i64 = 86_400;

/// A day on the clock of the person who looks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Day {
    /// Which.
    pub date: NaiveDate,
    /// Backups made on it, damaged ones among them.
    pub made: u32,
    /// Those of them that are damaged.
    pub damaged: u32,
    /// Bytes of those made on it, as far as sizes are known.
    pub added: Bytes,
    /// Bytes of all made up to its end. Of what was removed since, nobody knows any more.
    pub held: Bytes,
}

/// Days since 1970 on a clock that is so many seconds ahead of UTC at that moment.
fn day_of(at: Instant, offset: Offset<'_>) -> i64 {
    at.secs().saturating_add(offset(at)).div_euclid(DAY)
}

/// The last so many days, today the last of them, days without backups among them. `offset` is how
/// many seconds the clock of the person is ahead of UTC at a moment, so that summer time is kept.
/// Of one storage or one VM, give its backups alone.
#[must_use]
pub fn by_day(made: &[Made<'_>], offset: Offset<'_>, now: Instant, days: u16) -> Vec<Day> {
    let today = day_of(now, offset);
    let first = today - i64::from(days) + 1;
    let Some(date) = u64::try_from(first)
        .ok()
        .and_then(|first| NaiveDate::default().checked_add_days(Days::new(first)))
    else {
        return Vec::new();
    };
    let mut list: Vec<Day> = date
        .iter_days()
        .take(usize::from(days))
        .map(|date| Day {
            date,
            made: 0,
            damaged: 0,
            added: Bytes(0),
            held: Bytes(0),
        })
        .collect();
    let mut held = 0_u64;
    for one in made {
        let (day, size) = (day_of(one.at, offset), one.size.unwrap_or_default().0);
        if day < first {
            held = held.saturating_add(size);
        }
        let place = usize::try_from(day.saturating_sub(first)).ok();
        if let Some(day) = place.and_then(|place| list.get_mut(place)) {
            day.made += 1;
            day.damaged += u32::from(one.damaged);
            day.added.0 = day.added.0.saturating_add(size);
        }
    }
    for day in &mut list {
        held = held.saturating_add(day.added.0);
        day.held = Bytes(held);
    }
    list
}
