//! How long to wait after failures.

use std::time::Duration;

/// Doubling waits with a ceiling, spread by jitter so that a thousand open consoles do not come
/// back in the same instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    /// Wait after the first failure, before jitter.
    pub first: Duration,
    /// No wait is longer, whatever the number of failures; a server's `Retry-After` may be.
    pub ceiling: Duration,
}

impl Backoff {
    /// For polls: 2 s, 4 s, … 60 s.
    pub const POLL: Self = Self {
        first: Duration::from_secs(2),
        ceiling: Duration::from_secs(60),
    };
    /// For the event socket: 1 s, 2 s, … 30 s.
    pub const SOCKET: Self = Self {
        first: Duration::from_secs(1),
        ceiling: Duration::from_secs(30),
    };
    /// A server's `Retry-After` is believed up to this.
    const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(3600);

    /// The wait after `failures` failures in a row (0 gives no wait). `random` is uniform in
    /// 0..1: the result lies between half of the doubled wait and the whole of it.
    #[must_use]
    pub fn delay(&self, failures: u32, random: f64) -> Duration {
        if failures == 0 {
            return Duration::ZERO;
        }
        let doubled = self
            .first
            .saturating_mul(1_u32.checked_shl(failures - 1).unwrap_or(u32::MAX));
        doubled.min(self.ceiling).mul_f64(0.5 + unit(random) / 2.0)
    }

    /// As [`Backoff::delay`], but never before the server allows it: its `Retry-After` plus up to
    /// a tenth, and an hour at most.
    #[must_use]
    pub fn delay_after(
        &self,
        failures: u32,
        retry_after: Option<Duration>,
        random: f64,
    ) -> Duration {
        let own = self.delay(failures, random);
        match retry_after {
            Some(asked) => {
                let asked = asked.min(Self::LONGEST_RETRY_AFTER);
                own.max(asked.mul_f64(1.0 + unit(random) / 10.0))
            }
            None => own,
        }
    }
}

/// Cuts what should be uniform in 0..1 to that.
pub(super) fn unit(random: f64) -> f64 {
    if random.is_nan() {
        0.5
    } else {
        random.clamp(0.0, 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn doubles_to_the_ceiling() {
        let full: Vec<u64> = (0..9)
            .map(|failures| Backoff::POLL.delay(failures, 1.0).as_secs())
            .collect();
        assert_eq!(full, [0, 2, 4, 8, 16, 32, 60, 60, 60]);
        assert_eq!(Backoff::POLL.delay(1, 0.0), Duration::from_secs(1));
        assert_eq!(Backoff::POLL.delay(u32::MAX, 1.0), Duration::from_secs(60));
    }

    #[test]
    fn retry_after_is_honoured_and_bounded() {
        let wait = |secs| Backoff::POLL.delay_after(1, Some(Duration::from_secs(secs)), 0.0);
        assert_eq!(wait(0), Duration::from_secs(1));
        assert_eq!(wait(20), Duration::from_secs(20));
        assert_eq!(
            wait(120),
            Duration::from_secs(120),
            "longer than our own ceiling"
        );
        assert_eq!(wait(u64::MAX), Duration::from_secs(3600));
    }

    proptest! {
        #[test]
        fn jitter_stays_between_half_and_whole(failures in 1_u32..200, random in 0.0..1.0_f64) {
            let whole = Backoff::POLL.delay(failures, 1.0);
            let wait = Backoff::POLL.delay(failures, random);
            prop_assert!(wait >= whole / 2 && wait <= whole);
            prop_assert!(wait <= Backoff::POLL.ceiling);
        }

        #[test]
        fn never_before_the_server_allows(failures in 0_u32..40, asked in 0_u64..3600, random in any::<f64>()) {
            let wait = Backoff::POLL.delay_after(failures, Some(Duration::from_secs(asked)), random);
            prop_assert!(wait >= Duration::from_secs(asked));
        }
    }
}
