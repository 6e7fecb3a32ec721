//! Rates from counters that only grow, until they do not.

use crate::domain::units::{Instant, Rate};

/// Whether the guest started anew between two samples, which sets its counters to zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Restart {
    /// Its uptime went back, or it was not running before.
    Yes,
    /// Its uptime grew.
    No,
    /// No uptime to tell by.
    Unknown,
}

impl Restart {
    /// By the uptimes, in seconds, of two samples.
    #[must_use]
    pub fn by_uptime(before: Option<u64>, now: Option<u64>) -> Self {
        match (before, now) {
            (Some(before), Some(now)) if now < before => Self::Yes,
            (Some(_), Some(_)) => Self::No,
            _ => Self::Unknown,
        }
    }
}

/// One counter of bytes, remembered between samples.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Counter {
    last: Option<(Instant, u64)>,
    rate: Option<Rate>,
}

/// A longer silence says nothing about the present: the next sample starts anew.
const LONGEST_GAP_MILLIS: i64 = 150_000;
/// Two samples closer than this measure the clock, not the traffic; the older stays the base.
const SHORTEST_GAP_MILLIS: i64 = 500;
/// 100 Gbit/s: more than this after a supposed wrap was a reset.
const PLAUSIBLE: f64 = 12.5e9;

impl Counter {
    /// Takes the next sample and answers the rate since the one before. None for the first
    /// sample, after a gap of more than 150 s, after a restart, and where the counter is missing.
    pub fn sample(&mut self, at: Instant, value: Option<u64>, restart: Restart) -> Option<Rate> {
        let Some(value) = value else {
            *self = Self::default();
            return None;
        };
        let Some((before, from)) = self.last else {
            self.last = Some((at, value));
            return None;
        };
        let elapsed = at.millis.saturating_sub(before.millis);
        if (0..SHORTEST_GAP_MILLIS).contains(&elapsed) && restart != Restart::Yes {
            return self.rate;
        }
        self.last = Some((at, value));
        self.rate = (SHORTEST_GAP_MILLIS..=LONGEST_GAP_MILLIS)
            .contains(&elapsed)
            .then(|| growth(from, value, elapsed, restart))
            .flatten();
        self.rate
    }

    /// The newest rate.
    #[must_use]
    pub fn rate(&self) -> Option<Rate> {
        self.rate
    }

    /// Forgets everything, as after a stop.
    pub fn clear(&mut self) {
        *self = Self::default();
    }
}

/// Bytes per second between two values, `elapsed` milliseconds apart.
#[expect(
    clippy::cast_precision_loss,
    reason = "three digits of a rate are shown"
)]
fn growth(from: u64, to: u64, elapsed: i64, restart: Restart) -> Option<Rate> {
    let per_second = |bytes: u64| Rate(bytes as f64 * 1000.0 / elapsed as f64);
    if restart == Restart::Yes {
        return None;
    }
    if to >= from {
        return Some(per_second(to - from));
    }
    // It went back: wrapped at 32 or 64 bits, or was reset. A wrap leaves a small, plausible step.
    let wrapped = if from <= u64::from(u32::MAX) {
        (1_u64 << 32) - from + to
    } else {
        (u64::MAX - from).saturating_add(to).saturating_add(1)
    };
    // With the uptime known to have grown a wrap is likely; without, only a counter in its last
    // quarter can have wrapped.
    let near_the_end = if from <= u64::from(u32::MAX) {
        from > 3 << 30
    } else {
        from > 3 << 62
    };
    let rate = per_second(wrapped);
    (rate.0 <= PLAUSIBLE && (near_the_end || restart == Restart::No)).then_some(rate)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(secs: i64) -> Instant {
        Instant::from_secs(secs)
    }

    fn two(from: u64, to: u64, restart: Restart) -> Option<Rate> {
        let mut counter = Counter::default();
        assert_eq!(
            counter.sample(at(100), Some(from), Restart::Unknown),
            None,
            "one sample"
        );
        counter.sample(at(110), Some(to), restart)
    }

    #[test]
    fn two_samples_make_a_rate() {
        assert_eq!(two(1000, 3000, Restart::No), Some(Rate(200.0)));
        assert_eq!(two(1000, 1000, Restart::Unknown), Some(Rate(0.0)));
    }

    #[test]
    fn resets_give_nothing_and_heal() {
        assert_eq!(two(5_000_000, 1000, Restart::Unknown), None);
        assert_eq!(
            two(5_000_000, 9_000_000, Restart::Yes),
            None,
            "restarted, whatever it grew to"
        );
        let mut counter = Counter::default();
        counter.sample(at(0), Some(900), Restart::Unknown);
        assert_eq!(counter.sample(at(10), Some(100), Restart::Unknown), None);
        assert_eq!(
            counter.sample(at(20), Some(200), Restart::No),
            Some(Rate(10.0))
        );
    }

    #[test]
    fn wraps_are_bridged() {
        let top = u64::from(u32::MAX);
        assert_eq!(two(top - 499, 500, Restart::No), Some(Rate(100.0)));
        assert_eq!(two(top - 499, 500, Restart::Unknown), Some(Rate(100.0)));
        assert_eq!(
            two(u64::MAX - 499, 500, Restart::Unknown),
            Some(Rate(100.0))
        );
        assert_eq!(
            two(u64::MAX / 2, 500, Restart::No),
            None,
            "no link is that fast"
        );
    }

    #[test]
    fn gaps_and_missing_values_start_anew() {
        let mut counter = Counter::default();
        counter.sample(at(0), Some(0), Restart::Unknown);
        assert_eq!(
            counter.sample(at(1000), Some(1_000_000), Restart::No),
            None,
            "gap"
        );
        assert_eq!(
            counter.sample(at(1010), Some(1_000_100), Restart::No),
            Some(Rate(10.0))
        );
        assert_eq!(counter.sample(at(1020), None, Restart::No), None);
        assert_eq!(counter.sample(at(1030), Some(1_000_500), Restart::No), None);
        assert_eq!(
            counter.sample(at(1020), Some(1_000_600), Restart::No),
            None,
            "clock went back"
        );
    }

    #[test]
    fn samples_too_close_keep_the_rate() {
        let mut counter = Counter::default();
        counter.sample(at(0), Some(0), Restart::Unknown);
        counter.sample(at(10), Some(1000), Restart::No);
        let near = Instant::from_millis(10_100);
        assert_eq!(
            counter.sample(near, Some(1001), Restart::No),
            Some(Rate(100.0))
        );
        assert_eq!(
            counter.sample(at(20), Some(3000), Restart::No),
            Some(Rate(200.0))
        );
    }

    proptest! {
        #[test]
        fn rates_are_finite_and_not_negative(
            samples in proptest::collection::vec((0_i64..10_000, any::<u64>(), 0_u64..50), 0..30),
        ) {
            let mut counter = Counter::default();
            let mut uptime = None;
            for (time, value, up) in samples {
                let restart = Restart::by_uptime(uptime, Some(up));
                uptime = Some(up);
                if let Some(rate) = counter.sample(at(time), Some(value), restart) {
                    prop_assert!(rate.0.is_finite() && rate.0 >= 0.0);
                }
            }
        }

        #[test]
        fn steady_growth_is_found_through_32_bit_wraps(start in 0_u64..(1 << 32), step in 0_u64..(1 << 28)) {
            let mut counter = Counter::default();
            let mut value = start;
            counter.sample(at(0), Some(value), Restart::Unknown);
            for tick in 1..40 {
                value = (value + step) % (1 << 32);
                let rate = counter.sample(at(tick * 10), Some(value), Restart::No).unwrap();
                #[expect(clippy::cast_precision_loss, reason = "small numbers")]
                let expected = step as f64 / 10.0;
                prop_assert!((rate.0 - expected).abs() < 1e-6);
            }
        }
    }
}
