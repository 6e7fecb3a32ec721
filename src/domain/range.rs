//! Numbers that a form lets people step through.

/// What a number may be, and how far one step goes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NumberRange {
    /// Smallest.
    pub min: f64,
    /// Largest.
    pub max: f64,
    /// One press of a button or an arrow key.
    pub step: f64,
}

impl NumberRange {
    /// From `min` to `max`, by ones.
    #[must_use]
    pub const fn new(min: f64, max: f64) -> Self {
        Self {
            min,
            max,
            step: 1.0,
        }
    }

    /// By other steps.
    #[must_use]
    pub const fn step(mut self, step: f64) -> Self {
        self.step = step;
        self
    }

    /// Whether all steps lead to whole numbers.
    #[must_use]
    pub fn is_whole(self) -> bool {
        self.step.fract() == 0.0
    }

    /// The number that is `steps` up (down where negative) on the grid; the smallest where `text`
    /// is no number. The grid begins at 0, so that 1000 goes up to 1024 by steps of 512.
    #[must_use]
    pub fn stepped(self, text: &str, steps: f64) -> String {
        let Ok(now) = text.trim().parse::<f64>() else {
            return written(self.min);
        };
        let at = now / self.step;
        // Tenths and the like are not exact in binary.
        let at = if (at - at.round()).abs() < 1e-9 {
            at.round()
        } else {
            at
        };
        let at = if steps > 0.0 { at.floor() } else { at.ceil() };
        // Not `clamp`, which panics on a range that is upside down.
        written(((at + steps) * self.step).min(self.max).max(self.min))
    }
}

/// Without trailing zeros, at most three decimals.
fn written(number: f64) -> String {
    let text = format!("{number:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn steps_along_the_grid() {
        let memory = NumberRange::new(16.0, 4096.0).step(512.0);
        assert_eq!(memory.stepped("1000", 1.0), "1024");
        assert_eq!(memory.stepped("1000", -1.0), "512");
        assert_eq!(memory.stepped("1024", 1.0), "1536");
        assert_eq!(memory.stepped("1024", 10.0), "4096");
        assert_eq!(memory.stepped("4096", 1.0), "4096");
        assert_eq!(memory.stepped("100", -1.0), "16");
        assert_eq!(memory.stepped("", 1.0), "16");
        assert_eq!(memory.stepped("many", -1.0), "16");
        let share = NumberRange::new(0.0, 1.0).step(0.1);
        assert_eq!(share.stepped("0.3", 1.0), "0.4");
        assert_eq!(share.stepped("0.3", -1.0), "0.2");
        assert!(memory.is_whole() && !share.is_whole());
    }

    proptest! {
        #[test]
        fn any_text_steps_into_the_range(text in "\\PC{0,12}", min in -1e6_f64..1e6, width in 0.0..1e6_f64, steps in -10_i8..10) {
            let range = NumberRange::new(min.round(), (min + width).round());
            let to: f64 = range.stepped(&text, f64::from(steps)).parse().unwrap();
            prop_assert!((range.min..=range.max).contains(&to) || to.is_nan());
        }
    }
}
