//! Axes of time, in the person's zone.

use crate::domain::units::Instant;
use chrono::{Datelike, NaiveDate, NaiveDateTime, Timelike};

/// A place on an axis of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeTick {
    /// When.
    pub at: Instant,
    /// What it says: `14:30`, `22 Jun`, `Jun`, `2024`.
    pub label: String,
}

/// Seconds east of UTC at an instant: the person's zone.
pub type Offset<'a> = &'a dyn Fn(Instant) -> i64;

#[derive(Debug, Clone, Copy, PartialEq)]
enum Step {
    Secs(i64),
    Days(i64),
    Months(i64),
}

const DAY: i64 = 86_400;

const STEPS: [Step; 29] = [
    Step::Secs(1),
    Step::Secs(2),
    Step::Secs(5),
    Step::Secs(10),
    Step::Secs(15),
    Step::Secs(30),
    Step::Secs(60),
    Step::Secs(120),
    Step::Secs(300),
    Step::Secs(600),
    Step::Secs(900),
    Step::Secs(1800),
    Step::Secs(3600),
    Step::Secs(2 * 3600),
    Step::Secs(3 * 3600),
    Step::Secs(6 * 3600),
    Step::Secs(12 * 3600),
    Step::Days(1),
    Step::Days(2),
    Step::Days(7),
    Step::Months(1),
    Step::Months(2),
    Step::Months(3),
    Step::Months(6),
    Step::Months(12),
    Step::Months(24),
    Step::Months(60),
    Step::Months(120),
    Step::Months(1200),
];

impl Step {
    const fn secs(self) -> i64 {
        match self {
            Self::Secs(secs) => secs,
            Self::Days(days) => days * DAY,
            Self::Months(months) => months * 28 * DAY,
        }
    }

    /// The first place at or after a local time, all in local seconds.
    fn at_or_after(self, local: i64) -> i64 {
        match self {
            Self::Secs(step) => local + (-local).rem_euclid(step),
            Self::Days(step) => {
                let day = local.div_euclid(DAY) + i64::from(local.rem_euclid(DAY) > 0);
                // Weeks begin on Mondays; day 0 was a Thursday.
                let shift = if step == 7 { 3 } else { 0 };
                (day + (-(day + shift)).rem_euclid(step)) * DAY
            }
            Self::Months(step) => {
                let Some(time) = civil(local) else {
                    return i64::MAX;
                };
                let month = i64::from(time.year()) * 12 + i64::from(time.month0());
                let whole = month + (-month).rem_euclid(step);
                let start = month_start(whole);
                if start >= local {
                    start
                } else {
                    month_start(whole + step)
                }
            }
        }
    }

    fn label(self, local: i64) -> String {
        let Some(time) = civil(local) else {
            return String::new();
        };
        let month = MONTHS[time.month0() as usize % MONTHS.len()];
        let clock = format!("{:02}:{:02}", time.hour(), time.minute());
        match self {
            Self::Secs(step) if step < 60 => format!("{clock}:{:02}", time.second()),
            Self::Secs(_) if local.rem_euclid(DAY) != 0 => clock,
            Self::Secs(_) | Self::Days(_) => format!("{} {month}", time.day()),
            Self::Months(step) if step < 12 && time.month() != 1 => month.to_owned(),
            Self::Months(_) => time.year().to_string(),
        }
    }
}

fn civil(local: i64) -> Option<NaiveDateTime> {
    chrono::DateTime::from_timestamp(local, 0).map(|time| time.naive_utc())
}

/// Local seconds of the first of a month, counted from year 0.
fn month_start(month: i64) -> i64 {
    i32::try_from(month.div_euclid(12))
        .ok()
        .and_then(|year| NaiveDate::from_ymd_opt(year, month.rem_euclid(12) as u32 + 1, 1))
        .and_then(|date| date.and_hms_opt(0, 0, 0))
        .map_or(i64::MAX, |time| time.and_utc().timestamp())
}

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// The instant at which a local clock shows `local`; of two the earlier; where the clock jumps over
/// it, the same span after the jump.
fn instant_of(local: i64, offset: Offset<'_>) -> i64 {
    let before = offset(Instant::from_secs(local - DAY));
    let after = offset(Instant::from_secs(local + DAY));
    [local - before, local - after]
        .into_iter()
        .find(|secs| *secs + offset(Instant::from_secs(*secs)) == local)
        .unwrap_or(local - before)
}

/// Ticks of an axis of time from `from` to `to`, at most `most` intervals, at whole minutes, hours,
/// days, Mondays or months of the person's zone. Midnights bear the date.
#[must_use]
pub fn time_ticks(from: Instant, to: Instant, most: usize, offset: Offset<'_>) -> Vec<TimeTick> {
    let span = to.secs().saturating_sub(from.secs());
    let most = most.clamp(1, 50) as i64;
    // What no calendar names is not drawn.
    if span <= 0 || civil(from.secs()).is_none() || civil(to.secs()).is_none() {
        return Vec::new();
    }
    let step = STEPS
        .into_iter()
        .find(|step| step.secs().saturating_mul(most) >= span)
        .unwrap_or(Step::Months(1200));
    let mut ticks = Vec::new();
    let mut at = from.secs() + i64::from(from.millis.rem_euclid(1000) > 0);
    while at <= to.secs() && ticks.len() < 100 {
        let local = at + offset(Instant::from_secs(at));
        let next = step.at_or_after(local);
        let place = match step {
            _ if next == i64::MAX => break,
            _ if next == local => at,
            // Up to an hour the clock's own changes fall on ticks: walk the instants.
            Step::Secs(secs) if secs <= 3600 => {
                at += next - local;
                continue;
            }
            _ => instant_of(next, offset).max(at),
        };
        if place > to.secs() {
            break;
        }
        ticks.push(TimeTick {
            at: Instant::from_secs(place),
            label: step.label(place + offset(Instant::from_secs(place))),
        });
        // Once more than the shortest day between two places is over, the next one is looked for.
        at = place
            + match step {
                Step::Secs(secs) if secs <= 3600 => secs,
                other => other.secs() / 2,
            };
    }
    ticks
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(text: &str) -> Instant {
        Instant::parse_iso(text).unwrap()
    }

    fn times(from: &str, to: &str, most: usize, offset: Offset<'_>) -> Vec<String> {
        time_ticks(at(from), at(to), most, offset)
            .into_iter()
            .map(|tick| tick.label)
            .collect()
    }

    /// Berlin in 2024.
    fn berlin(time: Instant) -> i64 {
        if (1_711_846_800..1_729_990_800).contains(&time.secs()) {
            7200
        } else {
            3600
        }
    }

    #[test]
    fn axes_of_time() {
        let utc = |_: Instant| 0;
        assert_eq!(
            times("2024-06-24T14:00:00Z", "2024-06-24T15:00:00Z", 4, &utc),
            ["14:00", "14:15", "14:30", "14:45", "15:00"]
        );
        assert_eq!(
            times("2024-06-24T11:57:03Z", "2024-06-24T12:02:03Z", 5, &utc),
            ["11:58", "11:59", "12:00", "12:01", "12:02"]
        );
        assert_eq!(
            times("2024-06-24T12:00:00Z", "2024-06-25T12:00:00Z", 4, &|_| {
                19_800
            }),
            ["18:00", "25 Jun", "06:00", "12:00"]
        );
        assert_eq!(
            times("2024-06-17T12:00:00Z", "2024-06-24T12:00:00Z", 7, &utc).len(),
            7
        );
        assert_eq!(
            times("2024-05-24T12:00:00Z", "2024-06-24T12:00:00Z", 5, &utc),
            ["27 May", "3 Jun", "10 Jun", "17 Jun", "24 Jun"]
        );
        assert_eq!(
            times("2023-06-24T12:00:00Z", "2024-06-24T12:00:00Z", 6, &utc),
            ["Jul", "Oct", "2024", "Apr"]
        );
        assert!(times("2024-06-24T12:00:00Z", "2024-06-24T12:00:00Z", 6, &utc).is_empty());
    }

    #[test]
    fn clocks_that_change() {
        // 02:00 to 03:00 does not exist; 02:00 to 03:00 comes twice.
        assert_eq!(
            times("2024-03-31T00:00:00Z", "2024-03-31T03:00:00Z", 4, &berlin),
            ["01:00", "03:00", "04:00", "05:00"]
        );
        assert_eq!(
            times("2024-10-26T23:00:00Z", "2024-10-27T03:00:00Z", 4, &berlin),
            ["01:00", "02:00", "02:00", "03:00", "04:00"]
        );
        assert_eq!(
            times("2024-03-30T23:00:00Z", "2024-03-31T22:00:00Z", 4, &berlin),
            ["31 Mar", "06:00", "12:00", "18:00", "1 Apr"]
        );
        assert_eq!(
            times("2024-10-25T22:00:00Z", "2024-10-28T23:00:00Z", 4, &berlin),
            ["26 Oct", "27 Oct", "28 Oct", "29 Oct"]
        );
    }

    proptest! {
        #[test]
        fn time_axes_are_in_order(
            from in 1_700_000_000_i64..1_735_000_000,
            span in 10_i64..100_000_000,
            most in 1_usize..12,
        ) {
            let (from, to) = (Instant::from_secs(from), Instant::from_secs(from + span));
            let ticks = time_ticks(from, to, most, &berlin);
            prop_assert!(ticks.len() <= most + 2, "{ticks:?}");
            for pair in ticks.windows(2) {
                prop_assert!(pair[0].at < pair[1].at, "{ticks:?}");
            }
            for tick in &ticks {
                prop_assert!(tick.at >= from && tick.at <= to);
                let local = tick.at.secs() + berlin(tick.at);
                if span >= 3600 * most as i64 * 24 {
                    prop_assert!(local % DAY <= 3600, "{tick:?}");
                }
            }
        }

        #[test]
        fn any_span_of_time_ends(from in any::<i64>(), to in any::<i64>()) {
            let ticks = time_ticks(Instant::from_millis(from), Instant::from_millis(to), 8, &berlin);
            prop_assert!(ticks.len() <= 100);
        }
    }
}
