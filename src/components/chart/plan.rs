use super::ink::Ink;
use crate::domain::plot::{self, Point};
use crate::domain::ticks::{Axis, ChartUnit};
use crate::domain::units::Instant;
use std::sync::Arc;

/// One line of a chart.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Series {
    /// What it is: "CPU".
    pub name: String,
    /// Its colour.
    pub ink: Ink,
    /// Samples, oldest first; `None` is a gap.
    pub points: Vec<Point>,
    /// With the area under it tinted.
    pub area: bool,
}

impl Series {
    /// A line.
    #[must_use]
    pub fn new(name: impl Into<String>, ink: Ink, points: Vec<Point>) -> Self {
        Self {
            name: name.into(),
            ink,
            points,
            area: false,
        }
    }

    /// With the area under it tinted.
    #[must_use]
    pub fn filled(mut self) -> Self {
        self.area = true;
        self
    }
}

/// What the axis of values reaches over.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum YRange {
    /// From zero to the largest value or the capacity; shares to 100 %.
    #[default]
    Zero,
    /// From zero to this, or further where a value does.
    UpTo(f64),
    /// From the smallest value to the largest: for slow changes of large numbers.
    Fit,
}

/// How much of a chart's room is no plot, so that lines at its ends are drawn whole: left, right,
/// below.
pub(super) const PAD: (f64, f64, f64) = (2.0, 4.0, 2.0);

/// Room of the plot.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Room {
    /// Device pixels, whole.
    pub pixels: (u32, u32),
    /// Device pixels of one of the style sheet's.
    pub scale: f64,
}

impl Room {
    pub(super) fn size(self) -> (f64, f64) {
        let (width, height) = self.pixels;
        let scale = self.scale.max(0.1);
        (f64::from(width) / scale, f64::from(height) / scale)
    }

    /// From the left, of a share of the time.
    pub(super) fn x(self, share: f64) -> f64 {
        PAD.0 + share * (self.size().0 - PAD.0 - PAD.1)
    }

    /// Share of the time at a distance from the left.
    pub(super) fn share(self, x: f64) -> f64 {
        let width = (self.size().0 - PAD.0 - PAD.1).max(1.0);
        ((x - PAD.0) / width).clamp(0.0, 1.0)
    }
}

/// What is drawn where.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Plan {
    pub from: Instant,
    pub to: Instant,
    /// Milliseconds of all that could be shown: a part of a week is still told with its days.
    pub reach: i64,
    pub axis: Axis,
    /// Times of all samples in the span.
    pub times: Arc<Vec<Instant>>,
    /// Usual distance of samples, in milliseconds.
    pub step: i64,
    /// Samples further apart are not joined; 0: all are.
    pub gap: i64,
    /// Whether any value is known.
    pub known: bool,
    /// Room above the plot, in pixels: more where the capacity's words stand.
    pub above: f64,
    /// Whether most values lie in the upper half: the read-out stands in the lower one then.
    pub high: bool,
}

/// What a page asks of a chart.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Wish {
    pub unit: ChartUnit,
    pub range: YRange,
    pub capacity: Option<f64>,
    pub span: Option<(Instant, Instant)>,
    pub gap: Option<i64>,
    /// The part that is looked at closer.
    pub zoom: Option<(Instant, Instant)>,
}

impl Plan {
    /// `height`: of the plot, in pixels; it says how many ticks there is room for.
    pub(super) fn new(series: &[Series], wish: Wish, height: f64) -> Self {
        let all = wish.span.unwrap_or_else(|| span_of(series));
        let (from, to) = wish.zoom.unwrap_or(all);
        let times = plot::times(series.iter().map(|one| one.points.as_slice()), from, to);
        let values = series
            .iter()
            .flat_map(|one| &one.points)
            .filter(|(time, _)| *time >= from && *time <= to)
            .map(|(_, value)| *value);
        let extent = plot::extent(values.clone());
        let (lowest, highest) = extent.map_or((0.0, 0.0), |(low, high, _)| (low, high));
        let (low, high) = match wish.range {
            YRange::Fit => (lowest, highest),
            YRange::UpTo(top) => (lowest.min(0.0), highest.max(top)),
            YRange::Zero if wish.unit == ChartUnit::Share => (lowest.min(0.0), highest.max(1.0)),
            YRange::Zero => (lowest.min(0.0), highest),
        };
        let high = wish.capacity.map_or(high, |capacity| high.max(capacity));
        let step = series
            .iter()
            .map(|one| plot::usual_step(&one.points))
            .max()
            .unwrap_or_default();
        let axis = Axis::over(wish.unit, low, high, ((height / 44.0) as usize).clamp(1, 6));
        Self {
            from,
            to,
            reach: length(all),
            high: most_are_high(values, &axis),
            axis,
            times: Arc::new(times),
            step,
            gap: wish.gap.unwrap_or(step.saturating_mul(3)),
            known: extent.is_some(),
            above: if wish.capacity.is_some() { 18.0 } else { 6.0 },
        }
    }

    pub(super) fn span(&self) -> i64 {
        length((self.from, self.to))
    }

    /// Share of the span, 0 at its begin.
    pub(super) fn share(&self, at: Instant) -> f64 {
        (at.millis.saturating_sub(self.from.millis)) as f64 / self.span() as f64
    }

    pub(super) fn at(&self, share: f64) -> Instant {
        let after = (share * self.span() as f64) as i64;
        Instant::from_millis(self.from.millis.saturating_add(after))
    }

    /// Where a value stands, in pixels from above.
    pub(super) fn y(&self, room: Room, value: f64) -> f64 {
        let height = room.size().1 - self.above - PAD.2;
        self.above + (1.0 - self.axis.share(value)) * height
    }

    pub(super) fn holds(&self, at: Instant) -> bool {
        at >= self.from && at <= self.to
    }

    /// How far from a time the sample may be that is shown for it.
    pub(super) fn tolerance(&self) -> i64 {
        if self.gap > 0 {
            self.gap / 2
        } else {
            self.span()
        }
    }
}

/// In milliseconds.
fn length((from, to): (Instant, Instant)) -> i64 {
    to.millis.saturating_sub(from.millis).max(1)
}

fn most_are_high(values: impl Iterator<Item = Option<f64>>, axis: &Axis) -> bool {
    let (high, all) = values
        .flatten()
        .map(|value| axis.share(value) > 0.5)
        .fold((0_usize, 0_usize), |(high, all), is| {
            (high + usize::from(is), all + 1)
        });
    high * 2 > all
}

/// First to last sample; a minute around a single one.
fn span_of(series: &[Series]) -> (Instant, Instant) {
    const HALF_MINUTE: i64 = 30_000;
    let times = || series.iter().flat_map(|one| &one.points).map(|(at, _)| *at);
    match (times().min(), times().max()) {
        (Some(first), Some(last)) if first < last => (first, last),
        (first, _) => {
            let middle = first.unwrap_or_default().millis;
            (
                Instant::from_millis(middle.saturating_sub(HALF_MINUTE)),
                Instant::from_millis(middle.saturating_add(HALF_MINUTE)),
            )
        }
    }
}
