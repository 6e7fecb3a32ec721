//! Short histories, kept since the page opened.

use crate::domain::units::Instant;
use std::collections::VecDeque;

/// Samples over time for a live chart; `None` is a gap, drawn as one.
#[derive(Debug, Clone, PartialEq)]
pub struct Ring {
    capacity: usize,
    span_millis: i64,
    points: VecDeque<(Instant, Option<f64>)>,
}

impl Ring {
    /// Keeps at most `capacity` samples, none older than `span_millis` before the newest.
    #[must_use]
    pub fn new(capacity: usize, span_millis: i64) -> Self {
        Self {
            capacity: capacity.max(2),
            span_millis,
            points: VecDeque::new(),
        }
    }

    /// Adds a sample. One that is not newer than the newest replaces it if it bears the same time,
    /// and is left out otherwise; NaN and infinities are gaps.
    pub fn push(&mut self, at: Instant, value: Option<f64>) {
        let value = value.filter(|number| number.is_finite());
        match self.points.back_mut() {
            Some(newest) if newest.0 == at => {
                newest.1 = value;
                return;
            }
            Some(newest) if newest.0 > at => return,
            _ => self.points.push_back((at, value)),
        }
        let oldest = at.millis.saturating_sub(self.span_millis);
        while self.points.len() > self.capacity
            || self
                .points
                .front()
                .is_some_and(|(time, _)| time.millis < oldest)
        {
            self.points.pop_front();
        }
    }

    /// Oldest first.
    #[must_use]
    pub fn points(&self) -> Vec<(Instant, Option<f64>)> {
        self.points.iter().copied().collect()
    }

    /// The newest sample that is no gap.
    #[must_use]
    pub fn latest(&self) -> Option<f64> {
        self.points.iter().rev().find_map(|(_, value)| *value)
    }

    /// How many samples it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.points.len()
    }

    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.points.is_empty()
    }
}

/// How many samples a [`Spark`] holds.
pub const SPARK: usize = 30;

/// The last 30 samples of one value, in 124 bytes without an allocation: there is one per VM.
#[derive(Debug, Clone, Copy)]
pub struct Spark {
    values: [f32; SPARK],
    next: u8,
    len: u8,
}

impl Default for Spark {
    fn default() -> Self {
        Self {
            values: [f32::NAN; SPARK],
            next: 0,
            len: 0,
        }
    }
}

impl PartialEq for Spark {
    /// By the samples held; gaps are equal to gaps.
    fn eq(&self, other: &Self) -> bool {
        self.len == other.len && self.iter().eq(other.iter())
    }
}

impl Spark {
    /// Adds a sample; the oldest goes when it is full. NaN and infinities are gaps.
    pub fn push(&mut self, value: Option<f64>) {
        #[expect(clippy::cast_possible_truncation, reason = "drawn 20 pixels high")]
        let value = value
            .filter(|number| number.is_finite())
            .map_or(f32::NAN, |n| n as f32);
        self.values[usize::from(self.next)] = value;
        self.next = if usize::from(self.next) + 1 == SPARK {
            0
        } else {
            self.next + 1
        };
        if usize::from(self.len) < SPARK {
            self.len += 1;
        }
    }

    /// Oldest first; `None` is a gap.
    pub fn iter(&self) -> impl Iterator<Item = Option<f64>> + '_ {
        let len = usize::from(self.len);
        let first = (usize::from(self.next) + SPARK - len) % SPARK;
        (0..len).map(move |index| {
            let value = self.values[(first + index) % SPARK];
            (!value.is_nan()).then(|| f64::from(value))
        })
    }

    /// Whether no sample is known.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.iter().all(|value| value.is_none())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ring_keeps_gaps_and_forgets_the_old() {
        let mut ring = Ring::new(3, 60_000);
        assert!(ring.is_empty());
        ring.push(Instant::from_secs(0), Some(1.0));
        ring.push(Instant::from_secs(10), None);
        ring.push(Instant::from_secs(10), Some(f64::NAN));
        ring.push(Instant::from_secs(5), Some(9.0));
        assert_eq!(ring.len(), 2, "same time replaces, older is left out");
        assert_eq!(ring.latest(), Some(1.0));
        ring.push(Instant::from_secs(65), Some(2.0));
        assert_eq!(
            ring.points(),
            [
                (Instant::from_secs(10), None),
                (Instant::from_secs(65), Some(2.0))
            ]
        );
    }

    #[test]
    fn spark_equality_sees_samples_only() {
        let (mut one, mut two) = (Spark::default(), Spark::default());
        for _ in 0..SPARK {
            one.push(Some(0.5));
        }
        for _ in 0..SPARK + 7 {
            two.push(Some(0.5));
        }
        assert_eq!(one, two);
        two.push(None);
        assert_ne!(one, two);
        assert_eq!(two, two);
        assert!(Spark::default().is_blank() && !two.is_blank());
    }

    proptest! {
        #[test]
        fn spark_is_the_tail(values in proptest::collection::vec(proptest::option::of(0.0_f64..2.0), 0..90)) {
            let mut spark = Spark::default();
            for value in &values {
                spark.push(*value);
            }
            #[expect(clippy::cast_possible_truncation, reason = "as stored")]
            let tail: Vec<_> = values[values.len().saturating_sub(SPARK)..]
                .iter()
                .map(|value| value.map(|number| f64::from(number as f32)))
                .collect();
            prop_assert_eq!(spark.iter().collect::<Vec<_>>(), tail);
        }

        #[test]
        fn ring_is_ordered_and_bounded(times in proptest::collection::vec(0_i64..1000, 0..200)) {
            let mut ring = Ring::new(50, 300_000);
            for time in times {
                ring.push(Instant::from_secs(time), Some(1.0));
            }
            let points = ring.points();
            prop_assert!(points.len() <= 50);
            prop_assert!(points.windows(2).all(|pair| pair[0].0 < pair[1].0));
            if let (Some(first), Some(last)) = (points.first(), points.last()) {
                prop_assert!(last.0.millis - first.0.millis <= 300_000);
            }
        }
    }
}
