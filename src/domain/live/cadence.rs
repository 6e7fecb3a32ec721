//! How often a resource is asked for.

use super::backoff::{Backoff, unit};
use std::time::Duration;

/// The three paces of one resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cadence {
    /// While something moves.
    pub quick: Duration,
    /// When nothing does.
    pub slow: Duration,
    /// While the event socket brings the changes: a safety net only.
    pub covered: Duration,
}

/// What decides the pace right now.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Mood {
    /// A task runs, or a change was just sent.
    pub moving: bool,
    /// The event socket is connected and brings this resource's changes.
    pub covered: bool,
    /// Nobody can see the page.
    pub hidden: bool,
    /// The server asks for a key; until there is one every call would be refused.
    pub locked_out: bool,
    /// Failures in a row; 0 after a success.
    pub failures: u32,
    /// The server's `Retry-After` of the newest failure.
    pub retry_after: Option<Duration>,
    /// How long the newest answer took, from request to rows.
    pub took: Duration,
}

/// When to ask next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// After this wait.
    After(Duration),
    /// Not before the page is seen again, or a key is given.
    Paused,
}

/// Slow answers stretch the pace: after each, four times as long is rested…
const REST: u32 = 4;
/// …up to this.
const LONGEST_REST: Duration = Duration::from_secs(15);

impl Cadence {
    /// From the configured interval: `slow` is that, `quick` 2.5 s or the interval if shorter,
    /// `covered` a minute or the interval if longer.
    #[must_use]
    pub fn every(slow: Duration) -> Self {
        Self {
            quick: slow.min(Duration::from_millis(2500)),
            slow,
            covered: slow.max(Duration::from_secs(60)),
        }
    }

    /// A pace that nothing quickens: things that change by the hour.
    #[must_use]
    pub fn steady(slow: Duration) -> Self {
        Self {
            quick: slow,
            slow,
            covered: slow.max(Duration::from_secs(60)),
        }
    }

    /// The wait until the next request. `random`, uniform in 0..1, spreads it by a tenth each way.
    #[must_use]
    pub fn next(&self, mood: &Mood, random: f64) -> Next {
        if mood.hidden || mood.locked_out {
            return Next::Paused;
        }
        if mood.failures > 0 {
            return Next::After(Backoff::POLL.delay_after(mood.failures, mood.retry_after, random));
        }
        let pace = match (mood.covered, mood.moving) {
            (true, _) => self.covered,
            (false, true) => self.quick,
            (false, false) => self.slow,
        };
        Next::After(
            pace.max(mood.took.saturating_mul(REST).min(LONGEST_REST))
                .mul_f64(0.9 + unit(random) / 5.0),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TEN: Duration = Duration::from_secs(10);

    fn wait(mood: &Mood) -> Duration {
        match Cadence::every(TEN).next(mood, 0.5) {
            Next::After(wait) => wait,
            Next::Paused => Duration::MAX,
        }
    }

    #[test]
    fn paces() {
        assert_eq!(wait(&Mood::default()), TEN);
        assert_eq!(
            wait(&Mood {
                moving: true,
                ..Mood::default()
            }),
            Duration::from_millis(2500)
        );
        let covered = Mood {
            moving: true,
            covered: true,
            ..Mood::default()
        };
        assert_eq!(
            wait(&covered),
            Duration::from_secs(60),
            "the socket says what moves"
        );
        assert_eq!(
            wait(&Mood {
                hidden: true,
                moving: true,
                ..Mood::default()
            }),
            Duration::MAX
        );
        assert_eq!(
            wait(&Mood {
                locked_out: true,
                ..Mood::default()
            }),
            Duration::MAX
        );
        assert_eq!(
            Cadence::every(Duration::from_secs(1)).quick,
            Duration::from_secs(1)
        );
        assert_eq!(Cadence::steady(TEN).quick, TEN);
    }

    #[test]
    fn failures_back_off_and_honour_the_server() {
        let failed = Mood {
            moving: true,
            failures: 3,
            ..Mood::default()
        };
        assert_eq!(wait(&failed), Duration::from_secs(6));
        let told = Mood {
            retry_after: Some(Duration::from_secs(40)),
            ..failed
        };
        assert!(wait(&told) >= Duration::from_secs(40));
    }

    #[test]
    fn a_slow_server_is_not_hammered() {
        let slow = Mood {
            moving: true,
            took: Duration::from_secs(3),
            ..Mood::default()
        };
        assert_eq!(wait(&slow), Duration::from_secs(12));
        let stuck = Mood {
            took: Duration::from_secs(25),
            ..slow
        };
        assert_eq!(wait(&stuck), Duration::from_secs(15));
    }

    proptest! {
        #[test]
        fn jitter_is_a_tenth(random in 0.0..1.0_f64, moving in any::<bool>()) {
            let mood = Mood { moving, ..Mood::default() };
            let Next::After(spread) = Cadence::every(TEN).next(&mood, random) else {
                return Err(TestCaseError::fail("paused"));
            };
            let middle = wait(&mood);
            prop_assert!(spread >= middle.mul_f64(0.899) && spread <= middle.mul_f64(1.101));
        }
    }
}
