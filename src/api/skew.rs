//! How far the server's clock is from ours.

/// Bounds of the difference, narrowed with every answer. `Date` has whole seconds, so one answer
/// says it to a second plus the time under way; several say it to a fraction of that.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Skew {
    bounds: Option<(f64, f64)>,
}

impl Skew {
    /// Takes in an answer: its `Date` in milliseconds, and when, by our clock, it was asked for
    /// and had arrived.
    pub fn observe(&mut self, date: f64, asked: f64, arrived: f64) {
        let (low, high) = (date - arrived, date + 1000.0 - asked);
        self.bounds = Some(match self.bounds {
            Some((old_low, old_high)) if low.max(old_low) <= high.min(old_high) => {
                (low.max(old_low), high.min(old_high))
            }
            // A clock was set: what was known before is void.
            _ => (low, high),
        });
    }

    /// Milliseconds to add to our clock to get the server's; 0 where both may agree.
    pub fn millis(self) -> f64 {
        match self.bounds {
            Some((low, high)) if low > 0.0 || high < 0.0 => f64::midpoint(low, high),
            _ => 0.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn narrows_and_notices_jumps() {
        let mut skew = Skew::default();
        assert!(skew.millis() == 0.0);
        // Server 5,300 ms ahead, 40 ms under way each time.
        for local in [1_000.0_f64, 1_250.0, 1_500.0, 1_750.0, 1_900.0] {
            let date = ((local + 5_300.0) / 1000.0).floor() * 1000.0;
            skew.observe(date, local - 20.0, local + 20.0);
        }
        assert!((skew.millis() - 5_300.0).abs() < 150.0, "{}", skew.millis());
        skew.observe(3_600_000.0, 2_000.0, 2_010.0);
        assert!(skew.millis() > 3_590_000.0);
        let mut same = Skew::default();
        same.observe(1_000.0, 1_400.0, 1_500.0);
        assert!(same.millis() == 0.0);
    }
}
