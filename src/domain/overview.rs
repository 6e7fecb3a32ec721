//! The cluster in figures (guide: Dashboard): VMs by state, load of all nodes, fill of all
//! storages, who takes most, and the history of it all. What is not told counts nowhere: a sum of
//! nothing is "not available", never 0.

use super::plot::{Point, usual_step};
use super::status::VmStatus;
use super::units::{Bytes, Fraction, Instant};
use std::cmp::Ordering;
use std::collections::{BTreeMap, HashSet};

/// How many VMs are in which state. Templates count as templates alone.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VmCounts {
    /// The guide's states first, also where none is in them; then every other that occurs.
    pub states: Vec<(VmStatus, usize)>,
    /// Templates.
    pub templates: usize,
    /// VMs with a lock.
    pub locked: usize,
}

impl VmCounts {
    /// Counts VMs of which state, being a template, and being locked are known.
    #[must_use]
    pub fn of<'a>(vms: impl IntoIterator<Item = (&'a VmStatus, bool, bool)>) -> Self {
        let shown = [
            VmStatus::Running,
            VmStatus::Stopped,
            VmStatus::Paused,
            VmStatus::Error,
        ];
        let mut by_state: BTreeMap<&VmStatus, usize> = BTreeMap::new();
        let (mut templates, mut locked) = (0, 0);
        for (status, template, has_lock) in vms {
            locked += usize::from(has_lock);
            if template {
                templates += 1;
            } else {
                *by_state.entry(status).or_default() += 1;
            }
        }
        let mut states: Vec<(VmStatus, usize)> = shown
            .into_iter()
            .map(|status| {
                let number = by_state.remove(&status).unwrap_or_default();
                (status, number)
            })
            .collect();
        let others = by_state.into_iter();
        states.extend(others.map(|(status, number)| (status.clone(), number)));
        Self {
            states,
            templates,
            locked,
        }
    }

    /// VMs without templates.
    #[must_use]
    pub fn total(&self) -> usize {
        self.states.iter().map(|(_, number)| number).sum()
    }

    /// VMs in one state.
    #[must_use]
    pub fn in_state(&self, wanted: &VmStatus) -> usize {
        self.states
            .iter()
            .find(|(status, _)| status == wanted)
            .map_or(0, |(_, number)| *number)
    }
}

/// A node, as far as the sums care.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NodeShare<'a> {
    /// Name.
    pub name: &'a str,
    /// Share of its CPUs in use.
    pub cpu: Option<Fraction>,
    /// Its CPUs.
    pub cpus: Option<u32>,
    /// Memory in use.
    pub mem: Option<Bytes>,
    /// Memory in all.
    pub maxmem: Option<Bytes>,
}

/// Something of all nodes together.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct NodeSum {
    /// Share in use; `None` where no node says.
    pub share: Option<Fraction>,
    /// In use: cores or bytes.
    pub used: f64,
    /// In all: cores or bytes.
    pub total: f64,
    /// The node with the largest share, where there are several.
    pub most: Option<(String, Fraction)>,
}

/// Sums what every node says of itself as (name, in use, in all).
#[must_use]
pub fn node_sum<'a>(nodes: impl IntoIterator<Item = (&'a str, f64, f64)>) -> NodeSum {
    let mut sum = NodeSum::default();
    let (mut told, mut most) = (0, None::<(&str, f64)>);
    for (name, used, total) in nodes {
        if !(used.is_finite() && total.is_finite() && total > 0.0) {
            continue;
        }
        told += 1;
        sum.used += used;
        sum.total += total;
        let share = used / total;
        if most.is_none_or(|(_, before)| share > before) {
            most = Some((name, share));
        }
    }
    sum.share = (told > 0).then(|| Fraction(sum.used / sum.total));
    sum.most = most
        .filter(|_| told > 1)
        .map(|(name, share)| (name.to_owned(), Fraction(share)));
    sum
}

/// Cores that are busy, of all cores.
#[must_use]
pub fn cpu_sum(nodes: &[NodeShare<'_>]) -> NodeSum {
    node_sum(nodes.iter().filter_map(|node| {
        let cpus = f64::from(node.cpus?);
        Some((node.name, node.cpu?.0 * cpus, cpus))
    }))
}

/// Memory in use, of all memory.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "a share needs no 53 bits")]
pub fn memory_sum(nodes: &[NodeShare<'_>]) -> NodeSum {
    node_sum(
        nodes
            .iter()
            .filter_map(|node| Some((node.name, node.mem?.0 as f64, node.maxmem?.0 as f64))),
    )
}

/// A storage, as far as the sum cares.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StoragePart<'a> {
    /// Name.
    pub name: &'a str,
    /// Whether all nodes see the same content: then it counts once, however often it is listed.
    pub shared: bool,
    /// Whether it can be used now.
    pub usable: bool,
    /// In use.
    pub used: Option<Bytes>,
    /// In all.
    pub total: Option<Bytes>,
}

/// All storages together.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StorageSum {
    /// Share in use; `None` where no storage says.
    pub share: Option<Fraction>,
    /// In use.
    pub used: Bytes,
    /// In all.
    pub total: Bytes,
    /// Storages that were counted.
    pub counted: usize,
    /// Usable ones that do not say how full they are.
    pub silent: usize,
}

impl StorageSum {
    /// Sums the usable ones.
    #[must_use]
    pub fn of<'a>(storages: impl IntoIterator<Item = StoragePart<'a>>) -> Self {
        let mut sum = Self::default();
        let mut shared = HashSet::new();
        for part in storages {
            if !part.usable || (part.shared && !shared.insert(part.name)) {
                continue;
            }
            let (Some(used), Some(total)) = (part.used, part.total.filter(|total| total.0 > 0))
            else {
                sum.silent += 1;
                continue;
            };
            sum.counted += 1;
            sum.used.0 = sum.used.0.saturating_add(used.0);
            sum.total.0 = sum.total.0.saturating_add(total.0);
        }
        sum.share = sum.used.of(sum.total);
        sum
    }

    /// What is left.
    #[must_use]
    pub const fn free(&self) -> Bytes {
        Bytes(self.total.0.saturating_sub(self.used.0))
    }
}

/// What consumers are ranked by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Measure {
    /// Share of its cores.
    Cpu,
    /// Share of its memory.
    #[default]
    Memory,
    /// Share of its disks.
    Disk,
    /// Bytes per second, in and out.
    Network,
}

impl Measure {
    /// All of them, in the order of the switch.
    pub const ALL: [Self; 4] = [Self::Cpu, Self::Memory, Self::Disk, Self::Network];

    /// The word on the switch.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Cpu => "CPU",
            Self::Memory => "Memory",
            Self::Disk => "Disk",
            Self::Network => "Network",
        }
    }
}

/// The keys of the largest values, largest first; equal ones by key, so that they keep their place.
#[must_use]
pub fn largest<K: Ord + Copy>(values: impl IntoIterator<Item = (K, f64)>, count: usize) -> Vec<K> {
    let order = |a: &(K, f64), b: &(K, f64)| -> Ordering {
        b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0))
    };
    let mut all: Vec<(K, f64)> = values
        .into_iter()
        .filter(|(_, value)| value.is_finite())
        .collect();
    if all.len() > count && count > 0 {
        all.select_nth_unstable_by(count - 1, order);
        all.truncate(count);
    }
    all.sort_unstable_by(order);
    all.truncate(count);
    all.into_iter().map(|(key, _)| key).collect()
}

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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(secs: i64) -> Instant {
        Instant::from_secs(secs)
    }

    #[test]
    fn states_are_counted_without_templates() {
        let (running, stopped) = (VmStatus::Running, VmStatus::Stopped);
        let odd = VmStatus::Unknown("unknown".into());
        let counts = VmCounts::of([
            (&running, false, false),
            (&running, false, true),
            (&stopped, true, false),
            (&odd, false, false),
        ]);
        assert_eq!(counts.total(), 3);
        assert_eq!((counts.templates, counts.locked), (1, 1));
        assert_eq!(counts.in_state(&running), 2);
        let words: Vec<_> = counts
            .states
            .iter()
            .map(|(state, _)| state.as_str())
            .collect();
        assert_eq!(words, ["running", "stopped", "paused", "error", "unknown"]);
    }

    #[test]
    fn nodes_weigh_by_their_size() {
        let node = |name, cpu, cpus, mem: u64| NodeShare {
            name,
            cpu,
            cpus: Some(cpus),
            mem: Some(Bytes(mem)),
            maxmem: Some(Bytes(100)),
        };
        let nodes = [
            node("small", Some(Fraction(1.0)), 10, 20),
            node("large", Some(Fraction(0.5)), 30, 40),
            node("silent", None, 500, 90),
        ];
        let cpu = cpu_sum(&nodes);
        assert_eq!((cpu.used, cpu.total), (25.0, 40.0));
        assert_eq!(cpu.share, Some(Fraction(0.625)));
        assert_eq!(cpu.most, Some(("small".to_owned(), Fraction(1.0))));
        assert_eq!(memory_sum(&nodes).share, Some(Fraction(0.5)));
        assert_eq!(
            memory_sum(&nodes[..1]).most,
            None,
            "no other to compare with"
        );
        assert_eq!(cpu_sum(&nodes[2..]), NodeSum::default(), "not 0 %");
    }

    #[test]
    fn shared_storage_counts_once() {
        let part = |name, shared, used: u64, total: u64| StoragePart {
            name,
            shared,
            usable: true,
            used: Some(Bytes(used)),
            total: Some(Bytes(total)),
        };
        let off = StoragePart {
            usable: false,
            ..part("off", false, 100, 100)
        };
        let silent = StoragePart {
            total: None,
            ..part("silent", false, 1, 1)
        };
        let sum = StorageSum::of([
            part("nas", true, 50, 100),
            part("nas", true, 50, 100),
            part("local", false, 10, 50),
            part("local", false, 20, 50),
            off,
            silent,
        ]);
        assert_eq!((sum.used, sum.total), (Bytes(80), Bytes(200)));
        assert_eq!((sum.counted, sum.silent), (3, 1));
        assert_eq!((sum.share, sum.free()), (Some(Fraction(0.4)), Bytes(120)));
        assert_eq!(StorageSum::of([silent]).share, None);
    }

    #[test]
    fn history_sums_what_is_told() {
        let point = |secs, cpu, cpus, mem| HistoryPoint {
            at: at(secs),
            cpu,
            cpus,
            mem,
        };
        let (cpu, mem) = cluster_history([
            point(60, Some(0.5), 10.0, Some((1.0, 4.0))),
            point(120, None, 10.0, None),
            point(60, Some(1.0), 30.0, Some((2.0, 4.0))),
        ]);
        assert_eq!(cpu, [(at(60), Some(0.875)), (at(120), None)]);
        assert_eq!(mem, [(at(60), Some(0.375)), (at(120), None)]);
    }

    #[test]
    fn live_samples_follow_history() {
        let history = [
            (at(0), Some(0.1)),
            (at(60), Some(0.2)),
            (at(120), Some(0.3)),
        ];
        let live = [
            (at(100), Some(0.5)),
            (at(105), Some(0.6)),
            (at(110), Some(0.6)),
            (at(200), Some(0.7)),
        ];
        let all = joined(&history, &live, 150_000);
        let gap = (Instant::from_millis(110_001), None);
        assert_eq!(
            all,
            [history[1], live[0], live[1], live[2], gap, live[3]],
            "older than the span, and what live samples cover, is left out"
        );
        assert_eq!(joined(&history, &[], 60_000), history[1..]);
        assert_eq!(joined(&[], &[], 60_000), []);
    }

    proptest! {
        #[test]
        fn the_largest_are_those_of_the_sorted_list(
            values in proptest::collection::vec(-1e6_f64..1e6, 0..60),
            count in 0_usize..10,
        ) {
            let keyed: Vec<(usize, f64)> = values.iter().copied().enumerate().collect();
            let mut sorted = keyed.clone();
            sorted.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            let expected: Vec<usize> = sorted.iter().take(count).map(|(key, _)| *key).collect();
            prop_assert_eq!(largest(keyed, count), expected);
        }
    }
}
