//! Who takes most.

use std::cmp::Ordering;

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
