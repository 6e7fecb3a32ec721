//! The server's time for samples: smooth, where the estimate of its clock is not.

use crate::domain::units::Instant;

/// The estimate of the server's clock is corrected with every answer, by up to a second. Between
/// two samples 2.5 s apart that would be a false rate of 40 %; so samples go by our own steady
/// clock, set to the server's once, and again only when the two are plainly apart.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Steady {
    offset: Option<f64>,
}

/// Corrections up to this, in milliseconds, are the estimate's and not the clock's.
const TOLERANCE: f64 = 1500.0;

impl Steady {
    /// What time it is, from the estimated server's time and a clock that is never set, both in
    /// milliseconds.
    pub fn at(&mut self, server: f64, monotonic: f64) -> Instant {
        let fresh = server - monotonic;
        let offset = match self.offset {
            Some(offset) if (offset - fresh).abs() <= TOLERANCE => offset,
            _ => fresh,
        };
        self.offset = Some(offset);
        #[expect(
            clippy::cast_possible_truncation,
            reason = "milliseconds of a real clock"
        )]
        Instant::from_millis((monotonic + offset).round() as i64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn smooth_through_corrections_and_true_after_jumps() {
        let mut steady = Steady::default();
        assert_eq!(steady.at(100_000.0, 500.0).millis, 100_000);
        assert_eq!(
            steady.at(103_400.0, 3000.0).millis,
            102_500,
            "corrected by 0.9 s"
        );
        assert_eq!(
            steady.at(164_000.0, 4000.0).millis,
            164_000,
            "the server's clock was set"
        );
        assert_eq!(steady.at(165_200.0, 5000.0).millis, 165_000);
    }
}
