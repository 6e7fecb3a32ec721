//! Load of all nodes, fill of all storages.

use crate::domain::units::{Bytes, Fraction};
use std::collections::HashSet;

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
