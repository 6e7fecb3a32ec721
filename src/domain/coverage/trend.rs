//! How the sizes of backups grow. Each VM on each storage is a series of its own: storages pack
//! differently, so that sizes on two of them say nothing together.

use super::Made;
use crate::domain::ids::VmId;
use crate::domain::units::{Bytes, Instant};
use std::collections::BTreeMap;

/// Sizes over time.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Trend {
    /// When and how large, oldest first.
    pub points: Vec<(Instant, Bytes)>,
    /// Bytes that they grow by in a day, the straight line that fits best; `None` of fewer than two
    /// moments.
    pub per_day: Option<f64>,
}

impl Trend {
    /// Of sizes in any order.
    #[must_use]
    pub fn of(mut points: Vec<(Instant, Bytes)>) -> Self {
        points.sort_unstable_by_key(|(at, size)| (*at, size.0));
        let per_day = slope(&points);
        Self { points, per_day }
    }

    /// The newest size against the one before, as a share: 0.5 is half as much again. `None` where
    /// there is no other, or it was empty.
    #[must_use]
    pub fn last_step(&self) -> Option<f64> {
        match self.points.as_slice() {
            [.., (_, before), (_, last)] if before.0 > 0 => {
                Some((real(last.0) - real(before.0)) / real(before.0))
            }
            _ => None,
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a drawing and a few digits")]
const fn real(bytes: u64) -> f64 {
    bytes as f64
}

/// Least squares, in bytes a day.
fn slope(points: &[(Instant, Bytes)]) -> Option<f64> {
    let (first, _) = points.first()?;
    // Counted from the first, so that no digits are lost in times since 1970.
    let days = |at: &Instant| {
        let millis = at.millis.saturating_sub(first.millis);
        real(u64::try_from(millis).unwrap_or(0)) / 86_400_000.0
    };
    let count = real(u64::try_from(points.len()).ok()?);
    let mean_day = points.iter().map(|(at, _)| days(at)).sum::<f64>() / count;
    let mean_size = points.iter().map(|(_, size)| real(size.0)).sum::<f64>() / count;
    let (mut over, mut under) = (0.0, 0.0);
    for (at, size) in points {
        let day = days(at) - mean_day;
        over += day * (real(size.0) - mean_size);
        under += day * day;
    }
    (under > 0.0).then(|| over / under)
}

/// The sizes of one VM on one storage.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// The storage.
    pub storage: String,
    /// The VM.
    pub vm: VmId,
    /// Its sizes there.
    pub trend: Trend,
}

/// The sizes of each VM on each storage, by storage and number. Damaged backups and those of
/// unknown size are left out: their size says nothing.
#[must_use]
pub fn series(made: &[Made<'_>]) -> Vec<Series> {
    let mut groups: BTreeMap<(&str, VmId), Vec<(Instant, Bytes)>> = BTreeMap::new();
    for one in made.iter().filter(|one| !one.damaged) {
        if let Some(size) = one.size {
            let group = groups.entry((one.storage, one.vm)).or_default();
            group.push((one.at, size));
        }
    }
    groups
        .into_iter()
        .map(|((storage, vm), points)| Series {
            storage: storage.to_owned(),
            vm,
            trend: Trend::of(points),
        })
        .collect()
}
