//! Load of the cluster over time.

use crate::domain::plot::{Point, usual_step};
use crate::domain::units::Instant;
use std::collections::BTreeMap;

/// One sample of a node's history.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HistoryPoint {
    /// When.
    pub at: Instant,
    /// Share of its CPUs in use.
    pub cpu: Option<f64>,
    /// Its CPUs.
    pub cpus: f64,
    /// Memory in use, and in all.
    pub mem: Option<(f64, f64)>,
}

/// CPU and memory of all nodes together, oldest first, from the history of each. A moment for which
/// no node says is a gap.
#[must_use]
pub fn cluster_history(points: impl IntoIterator<Item = HistoryPoint>) -> (Vec<Point>, Vec<Point>) {
    // Used and in all: of CPUs, of memory.
    let mut moments: BTreeMap<Instant, [(f64, f64); 2]> = BTreeMap::new();
    for point in points {
        let [cpu, mem] = moments.entry(point.at).or_default();
        if let Some(share) = point.cpu {
            cpu.0 += share * point.cpus;
            cpu.1 += point.cpus;
        }
        if let Some((used, total)) = point.mem {
            mem.0 += used;
            mem.1 += total;
        }
    }
    let share = |(used, total): (f64, f64)| (total > 0.0).then(|| used / total);
    moments
        .into_iter()
        .map(|(at, [cpu, mem])| ((at, share(cpu)), (at, share(mem))))
        .unzip()
}

/// History, then the samples taken here, which are finer; at most `span` milliseconds before the
/// newest. Pauses between samples become gaps by their own pace, since the history's is slower.
#[must_use]
pub fn joined(history: &[Point], live: &[Point], span: i64) -> Vec<Point> {
    let first = live.first().map_or(i64::MAX, |(at, _)| at.millis);
    let newest = live
        .last()
        .or(history.last())
        .map_or(0, |(at, _)| at.millis);
    let pause = 3 * usual_step(live);
    let mut all: Vec<Point> = history
        .iter()
        .copied()
        .filter(|(at, _)| at.millis < first)
        .collect();
    let mut before = None::<Instant>;
    for (at, value) in live.iter().copied() {
        if let Some(before) = before
            && pause > 0
            && at.millis - before.millis > pause
        {
            all.push((Instant::from_millis(before.millis + 1), None));
        }
        all.push((at, value));
        before = Some(at);
    }
    all.retain(|(at, _)| at.millis >= newest.saturating_sub(span));
    all
}
