//! Geometry of charts: gaps, thinning, nearest samples, paths. Times in milliseconds.

use super::live::Spark;
use super::units::Instant;
use std::fmt::Write;
use std::sync::Arc;

/// A sample; `None` is a gap.
pub type Point = (Instant, Option<f64>);

/// The usual distance of samples: the median of the steps of the last 200, 0 for fewer than two.
#[must_use]
pub fn usual_step(points: &[Point]) -> i64 {
    let tail = &points[points.len().saturating_sub(200)..];
    let mut steps: Vec<i64> = tail
        .windows(2)
        .map(|pair| pair[1].0.millis.saturating_sub(pair[0].0.millis))
        .filter(|step| *step > 0)
        .collect();
    let middle = steps.len() / 2;
    if steps.is_empty() {
        0
    } else {
        *steps.select_nth_unstable(middle).1
    }
}

/// From the first to the last sample of some series; `None` where there are not two.
pub fn reach<'a>(series: impl IntoIterator<Item = &'a [Point]>) -> Option<(Instant, Instant)> {
    let ends = series
        .into_iter()
        .filter_map(|points| Some((points.first()?.0, points.last()?.0)));
    hull(ends).filter(|(first, last)| first < last)
}

/// The span around some spans.
pub fn hull(spans: impl IntoIterator<Item = (Instant, Instant)>) -> Option<(Instant, Instant)> {
    spans
        .into_iter()
        .reduce(|all, one| (all.0.min(one.0), all.1.max(one.1)))
}

/// The lines to draw: samples from `from` to `to`, cut where one is missing or where two are more
/// than `gap` apart (0: never). A line that crosses an end of the span is cut on it. Samples out of
/// order are left out.
#[must_use]
pub fn runs(points: &[Point], from: Instant, to: Instant, gap: i64) -> Vec<Vec<(f64, f64)>> {
    let (start, end) = (from.millis as f64, to.millis as f64);
    let mut runs = Vec::new();
    let mut run: Vec<(f64, f64)> = Vec::new();
    let mut last: Option<(f64, f64)> = None;
    let mut newest = i64::MIN;
    for (time, value) in points {
        if time.millis <= newest {
            continue;
        }
        let apart = gap > 0 && newest != i64::MIN && time.millis.saturating_sub(newest) > gap;
        newest = time.millis;
        let Some(value) = value.filter(|value| value.is_finite()) else {
            runs.extend((!run.is_empty()).then(|| std::mem::take(&mut run)));
            last = None;
            continue;
        };
        if apart {
            runs.extend((!run.is_empty()).then(|| std::mem::take(&mut run)));
            last = None;
        }
        let here = (time.millis as f64, value);
        let cut = |edge: f64, before: (f64, f64)| {
            let share = (edge - before.0) / (here.0 - before.0);
            (edge, before.1 + (here.1 - before.1) * share)
        };
        if let Some(before) = last {
            if before.0 < start && here.0 > start {
                run.push(cut(start, before));
            }
            if before.0 < end && here.0 > end {
                run.push(cut(end, before));
            }
        }
        if here.0 >= start && here.0 <= end {
            run.push(here);
        }
        last = Some(here);
    }
    runs.extend((!run.is_empty()).then_some(run));
    runs
}

/// At most four samples for each of `columns`: first, lowest, highest, last. What is drawn is the
/// same.
#[must_use]
pub fn thin(run: Vec<(f64, f64)>, columns: usize) -> Vec<(f64, f64)> {
    let (Some(first), Some(last)) = (run.first(), run.last()) else {
        return run;
    };
    if run.len() <= columns.max(1) * 4 {
        return run;
    }
    let width = (last.0 - first.0) / columns.max(1) as f64;
    let column = |x: f64| ((x - first.0) / width) as usize;
    run.chunk_by(|a, b| column(a.0) == column(b.0))
        .flat_map(|chunk| {
            let by_height = |a: &&(f64, f64), b: &&(f64, f64)| a.1.total_cmp(&b.1);
            let mut kept: Vec<(f64, f64)> = [
                chunk.first(),
                chunk.iter().min_by(by_height),
                chunk.iter().max_by(by_height),
                chunk.last(),
            ]
            .into_iter()
            .flatten()
            .copied()
            .collect();
            kept.sort_by(|a, b| a.0.total_cmp(&b.0));
            kept.dedup();
            kept
        })
        .collect()
}

/// All times of some series from `from` to `to`, in order, each once.
pub fn times<'a>(
    series: impl IntoIterator<Item = &'a [Point]>,
    from: Instant,
    to: Instant,
) -> Vec<Instant> {
    let mut times: Vec<Instant> = series
        .into_iter()
        .flatten()
        .map(|(time, _)| *time)
        .filter(|time| *time >= from && *time <= to)
        .collect();
    // Made for runs that are in order already.
    times.sort();
    times.dedup();
    times
}

/// Index of the time nearest to another; the earlier of two. The times are in order.
#[must_use]
pub fn nearest(times: &[Instant], at: Instant) -> Option<usize> {
    let after = times.partition_point(|time| *time < at);
    let distance = |index: &usize| times[*index].millis.abs_diff(at.millis);
    [after.checked_sub(1), (after < times.len()).then_some(after)]
        .into_iter()
        .flatten()
        .min_by_key(distance)
}

/// The value at a time: of the nearest sample within `tolerance` milliseconds.
#[must_use]
pub fn value_at(points: &[Point], at: Instant, tolerance: i64) -> Option<f64> {
    let after = points.partition_point(|(time, _)| *time < at);
    let distance = |point: &&Point| point.0.millis.abs_diff(at.millis);
    [
        after.checked_sub(1).map(|index| &points[index]),
        points.get(after),
    ]
    .into_iter()
    .flatten()
    .min_by_key(distance)
    .filter(|point| distance(point) <= tolerance.unsigned_abs())
    .and_then(|(_, value)| value.filter(|value| value.is_finite()))
}

/// At most `most` of the times, evenly spread, the first and the last among them.
#[must_use]
pub fn spread(times: &[Instant], most: usize) -> Vec<Instant> {
    if times.len() <= most || most < 2 {
        return times[..times.len().min(most)].to_vec();
    }
    (0..most)
        .map(|index| times[index * (times.len() - 1) / (most - 1)])
        .collect()
}

/// Lowest, highest and newest of some values; `None` where there are none.
#[must_use]
pub fn extent(values: impl IntoIterator<Item = Option<f64>>) -> Option<(f64, f64, Option<f64>)> {
    let mut newest = None;
    let range = values
        .into_iter()
        .inspect(|value| newest = value.filter(|value| value.is_finite()))
        .flatten()
        .filter(|value| value.is_finite())
        .fold(None, |range: Option<(f64, f64)>, value| {
            let (low, high) = range.unwrap_or((value, value));
            Some((low.min(value), high.max(value)))
        });
    range.map(|(low, high)| (low, high, newest))
}

/// Samples at even distances for a small line; cheap to clone and to compare.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Samples(pub Arc<[Option<f32>]>);

impl FromIterator<Option<f64>> for Samples {
    fn from_iter<I: IntoIterator<Item = Option<f64>>>(values: I) -> Self {
        Self(
            values
                .into_iter()
                .map(|value| value.filter(|value| value.is_finite()).map(|v| v as f32))
                .collect(),
        )
    }
}

impl From<&Spark> for Samples {
    fn from(spark: &Spark) -> Self {
        spark.iter().collect()
    }
}

impl Samples {
    /// Oldest first.
    pub fn iter(&self) -> impl Iterator<Item = Option<f64>> + '_ {
        self.0.iter().map(|value| value.map(f64::from))
    }

    /// An SVG path in a box of `width` by `height`: the line, or (`closed`) the area under it. The
    /// newest sample stands at the right end, `slots` fill the width; heights go from 0 to `top`. A
    /// sample between gaps is a dot (drawn by a round cap).
    #[must_use]
    pub fn path(
        &self,
        slots: usize,
        (width, height): (f64, f64),
        top: f64,
        closed: bool,
    ) -> String {
        const EDGE: f64 = 1.25;
        let slots = slots.max(self.0.len()).max(2);
        let step = (width - 2.0 * EDGE) / (slots - 1) as f64;
        let mut path = String::with_capacity(self.0.len() * 10);
        let mut index = slots - self.0.len();
        for run in self.0.chunk_by(|a, b| a.is_some() == b.is_some()) {
            let first = EDGE + index as f64 * step;
            let mut x = first;
            let mut letter = 'M';
            for value in run.iter().flatten() {
                let share = (f64::from(*value) / top).clamp(0.0, 1.0);
                let share = if share.is_nan() { 0.0 } else { share };
                let y = EDGE + (height - 2.0 * EDGE) * (1.0 - share);
                x = EDGE + index as f64 * step;
                // Writing to a text does not fail.
                let _ = write!(path, "{letter}{x:.1} {y:.1}");
                letter = 'L';
                index += 1;
            }
            if letter == 'M' {
                index += run.len();
            } else if closed {
                let _ = write!(path, "L{x:.1} {height:.1}L{first:.1} {height:.1}Z");
            } else if run.len() == 1 {
                path.push_str("h0");
            }
        }
        path
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn points(list: &[(i64, f64)]) -> Vec<Point> {
        list.iter()
            .map(|(secs, value)| (Instant::from_secs(*secs), Some(*value)).clean())
            .collect()
    }

    trait Clean {
        fn clean(self) -> Point;
    }

    impl Clean for Point {
        /// NaN stands for a gap.
        fn clean(self) -> Point {
            (self.0, self.1.filter(|value| !value.is_nan()))
        }
    }

    const NAN: f64 = f64::NAN;

    fn span() -> (Instant, Instant) {
        (Instant::from_secs(0), Instant::from_secs(100))
    }

    #[test]
    fn gaps_are_never_bridged() {
        let (from, to) = span();
        let some = points(&[
            (0, 1.0),
            (10, 2.0),
            (20, NAN),
            (30, 3.0),
            (60, 4.0),
            (70, 5.0),
        ]);
        assert_eq!(
            runs(&some, from, to, 15_000),
            [
                vec![(0.0, 1.0), (10_000.0, 2.0)],
                vec![(30_000.0, 3.0)],
                vec![(60_000.0, 4.0), (70_000.0, 5.0)]
            ]
        );
        assert_eq!(runs(&some, from, to, 0).len(), 2);
        assert_eq!(runs(&[], from, to, 0).len(), 0);
        let wrong = points(&[(10, 1.0), (5, 9.0), (20, f64::INFINITY), (30, 1.0)]);
        assert_eq!(
            runs(&wrong, from, to, 0),
            [vec![(10_000.0, 1.0)], vec![(30_000.0, 1.0)]]
        );
    }

    #[test]
    fn lines_are_cut_on_the_ends() {
        let around = points(&[(-10, 0.0), (10, 2.0), (90, 2.0), (110, 4.0)]);
        let (from, to) = span();
        assert_eq!(
            runs(&around, from, to, 0),
            [vec![
                (0.0, 1.0),
                (10_000.0, 2.0),
                (90_000.0, 2.0),
                (100_000.0, 3.0)
            ]]
        );
        let across = points(&[(-100, 0.0), (200, 3.0)]);
        assert_eq!(
            runs(&across, from, to, 0),
            [vec![(0.0, 1.0), (100_000.0, 2.0)]]
        );
    }

    #[test]
    fn finding() {
        let some = points(&[(0, 1.0), (10, NAN), (20, 3.0)]);
        let all = times(
            [some.as_slice(), &points(&[(10, 1.0), (15, 1.0)])],
            span().0,
            span().1,
        );
        assert_eq!(all.len(), 4);
        assert_eq!(nearest(&all, Instant::from_secs(-5)), Some(0));
        assert_eq!(nearest(&all, Instant::from_millis(16_000)), Some(2));
        assert_eq!(nearest(&all, Instant::from_secs(500)), Some(3));
        assert_eq!(nearest(&[], Instant::from_secs(0)), None);
        assert_eq!(value_at(&some, Instant::from_secs(19), 5000), Some(3.0));
        assert_eq!(value_at(&some, Instant::from_secs(11), 5000), None);
        assert_eq!(value_at(&some, Instant::from_secs(40), 5000), None);
        assert_eq!(usual_step(&some), 10_000);
        let late = points(&[(5, 1.0), (25, 1.0)]);
        assert_eq!(
            reach([some.as_slice(), &late, &[]]),
            Some((Instant::from_secs(0), Instant::from_secs(25)))
        );
        assert_eq!(reach([&some[..1]]), None);
        assert_eq!(usual_step(&some[..1]), 0);
        assert_eq!(
            extent([Some(2.0), None, Some(1.0), Some(NAN)]),
            Some((1.0, 2.0, None))
        );
        assert_eq!(extent([Some(2.0)]), Some((2.0, 2.0, Some(2.0))));
        assert_eq!(extent([None, Some(NAN)]), None);
    }

    #[test]
    fn small_lines() {
        let samples: Samples = [Some(0.0), Some(1.0), None, Some(0.5)]
            .into_iter()
            .collect();
        let room = (92.5, 22.5);
        assert_eq!(
            samples.path(4, room, 1.0, false),
            "M1.2 21.2L31.2 1.2M91.2 11.2h0"
        );
        assert!(
            samples
                .path(4, room, 1.0, true)
                .starts_with("M1.2 21.2L31.2 1.2L31.2 22.5L1.2 22.5ZM91.2")
        );
        let late: Samples = [Some(0.0)].into_iter().collect();
        assert!(late.path(30, room, 0.0, false).starts_with("M91.2 "));
        assert_eq!(Samples::default().path(30, room, 1.0, false), "");
    }

    proptest! {
        #[test]
        fn thinning_keeps_the_shape(
            values in prop::collection::vec(-1e6..1e6_f64, 1..2000),
            columns in 1_usize..200,
        ) {
            let run: Vec<(f64, f64)> =
                values.iter().enumerate().map(|(x, y)| (x as f64, *y)).collect();
            let thinned = thin(run.clone(), columns);
            prop_assert!(thinned.len() <= (columns * 4 + 4).max(run.len().min(columns * 4)));
            prop_assert_eq!(thinned.first(), run.first());
            prop_assert_eq!(thinned.last(), run.last());
            let high = |run: &[(f64, f64)]| run.iter().map(|p| p.1).fold(f64::MIN, f64::max);
            let low = |run: &[(f64, f64)]| run.iter().map(|p| p.1).fold(f64::MAX, f64::min);
            prop_assert_eq!(high(&thinned), high(&run));
            prop_assert_eq!(low(&thinned), low(&run));
            prop_assert!(thinned.windows(2).all(|pair| pair[0].0 < pair[1].0));
        }

        #[test]
        fn spreads_hold_both_ends(count in 2_usize..500, most in 2_usize..80) {
            let all: Vec<Instant> = (0..count as i64).map(Instant::from_secs).collect();
            let some = spread(&all, most);
            prop_assert!(some.len() <= most);
            prop_assert_eq!(some.first(), all.first());
            prop_assert_eq!(some.last(), all.last());
            prop_assert!(some.windows(2).all(|pair| pair[0] < pair[1]));
        }
    }
}
