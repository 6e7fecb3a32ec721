//! Looking closer at a part of a chart: which span is meant, and the way back.

use super::units::Instant;

/// From and to.
pub type Span = (Instant, Instant);

/// A shorter drag is a click, in pixels of the style sheet.
pub const CLICK: f64 = 8.0;
/// No span is shorter, in milliseconds, also where the samples' pace is not known.
const SHORTEST: i64 = 1_000;
/// The way back is not longer; what was asked for first is forgotten first.
const MOST_LEVELS: usize = 20;

/// Whether the pointer went far enough from where it was pressed to mean a span.
#[must_use]
pub fn is_drag(pressed: f64, now: f64) -> bool {
    (now - pressed).abs() >= CLICK
}

/// The span between two times, whichever comes first, inside of what is shown. At least two of the
/// samples' `step`s (milliseconds) long, widened around its middle. `None` where that is no less
/// than all that is shown.
#[must_use]
pub fn between(one: Instant, other: Instant, shown: Span, step: i64) -> Option<Span> {
    let (start, end) = (shown.0.millis, shown.1.millis);
    if start >= end {
        return None;
    }
    let inside = |at: Instant| at.millis.clamp(start, end);
    let (from, to) = (inside(one.min(other)), inside(one.max(other)));
    let least = step.max(0).saturating_mul(2).max(SHORTEST);
    let lacks = least.saturating_sub(to.saturating_sub(from)).max(0);
    let from = from.saturating_sub(lacks / 2).max(start);
    let to = from.saturating_add(least).max(to).min(end);
    let from = to.saturating_sub(least).min(from).max(start);
    ((from, to) != (start, end)).then(|| (Instant::from_millis(from), Instant::from_millis(to)))
}

/// The spans that were asked for, one inside of the other; the last is shown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Levels(Vec<Span>);

impl Levels {
    /// What is shown; `None` for everything.
    #[must_use]
    pub fn now(&self) -> Option<Span> {
        self.0.last().copied()
    }

    /// Looks closer. The same span again is no step.
    pub fn closer(&mut self, span: Span) {
        if self.now() == Some(span) {
            return;
        }
        if self.0.len() >= MOST_LEVELS {
            self.0.remove(0);
        }
        self.0.push(span);
    }

    /// One step back; whether there was one.
    pub fn back(&mut self) -> bool {
        self.0.pop().is_some()
    }

    /// All the way back.
    pub fn clear(&mut self) {
        self.0.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const fn at(secs: i64) -> Instant {
        Instant::from_secs(secs)
    }

    const fn span(from: i64, to: i64) -> Span {
        (at(from), at(to))
    }

    #[test]
    fn short_drags_are_clicks() {
        assert!(!is_drag(100.0, 107.9) && !is_drag(100.0, 92.1) && !is_drag(5.0, 5.0));
        assert!(is_drag(100.0, 108.0) && is_drag(100.0, 92.0));
    }

    #[test]
    fn spans_of_a_drag() {
        let hour = span(0, 3600);
        assert_eq!(
            between(at(600), at(1200), hour, 60_000),
            Some(span(600, 1200))
        );
        assert_eq!(
            between(at(1200), at(600), hour, 60_000),
            Some(span(600, 1200))
        );
        // Out of the chart on both sides, one by one and together.
        assert_eq!(between(at(-50), at(600), hour, 60_000), Some(span(0, 600)));
        assert_eq!(
            between(at(3000), at(9000), hour, 60_000),
            Some(span(3000, 3600))
        );
        assert_eq!(between(at(-50), at(9000), hour, 60_000), None);
        // Too short: widened around the middle, and at the ends inwards.
        assert_eq!(
            between(at(600), at(620), hour, 60_000),
            Some(span(550, 670))
        );
        assert_eq!(between(at(0), at(1), hour, 60_000), Some(span(0, 120)));
        assert_eq!(
            between(at(3600), at(3600), hour, 60_000),
            Some(span(3480, 3600))
        );
        // Live samples are seconds apart.
        assert_eq!(
            between(at(600), at(601), hour, 2_000),
            Some(span(598, 602).shifted(500))
        );
        // Nothing is shown that is shorter than the least.
        assert_eq!(between(at(3), at(4), span(0, 9), 5_000), None);
        assert_eq!(between(at(3), at(4), span(9, 9), 2_000), None);
    }

    trait Shifted {
        fn shifted(self, millis: i64) -> Self;
    }

    impl Shifted for Span {
        fn shifted(self, millis: i64) -> Self {
            let by = |at: Instant| Instant::from_millis(at.millis + millis);
            (by(self.0), by(self.1))
        }
    }

    #[test]
    fn the_way_back_is_step_by_step() {
        let mut levels = Levels::default();
        assert_eq!(levels.now(), None);
        assert!(!levels.back());
        levels.closer(span(0, 100));
        levels.closer(span(20, 60));
        levels.closer(span(20, 60));
        assert_eq!(levels.now(), Some(span(20, 60)));
        assert!(levels.back());
        assert_eq!(levels.now(), Some(span(0, 100)));
        assert!(levels.back() && !levels.back());
        for from in 0..100 {
            levels.closer(span(from, 200));
        }
        assert_eq!(levels.now(), Some(span(99, 200)));
        assert_eq!(levels.0.len(), MOST_LEVELS);
        levels.clear();
        assert_eq!(levels.now(), None);
    }

    proptest! {
        #[test]
        fn spans_are_inside_and_long_enough(
            one in any::<i64>(),
            other in any::<i64>(),
            from in any::<i64>(),
            to in any::<i64>(),
            step in any::<i64>(),
        ) {
            let millis = Instant::from_millis;
            if let Some((start, end)) = between(millis(one), millis(other), (millis(from), millis(to)), step) {
                prop_assert!(start.millis >= from && end.millis <= to && start < end);
                prop_assert!(end.millis.saturating_sub(start.millis) >= SHORTEST.max(step.saturating_mul(2)).min(to.saturating_sub(from)));
            }
        }

        #[test]
        fn what_was_dragged_is_in_it(one in 0_i64..10_000, other in 0_i64..10_000) {
            let found = between(at(one), at(other), span(0, 10_000), 5_000);
            if let Some((start, end)) = found {
                prop_assert!(start <= at(one.min(other)) && end >= at(one.max(other)));
            } else {
                prop_assert_eq!((one.min(other), one.max(other)), (0, 10_000));
            }
        }
    }
}
