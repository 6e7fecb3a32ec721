//! In which order the VM list stands.

use super::text::natural;
use super::units::Bytes;
use super::vm_list::RowFacts;
use std::cmp::Ordering;

/// Columns that order the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SortBy {
    /// State.
    Status,
    /// VM ID.
    Id,
    /// Name, naturally.
    Name,
    /// Node.
    Node,
    /// Share of its cores in use.
    Cpu,
    /// Share of its memory in use.
    Memory,
    /// Share of its disk in use.
    Disk,
    /// Bytes per second, in and out.
    Network,
    /// Time since start.
    Uptime,
    /// First tag.
    Tags,
    /// Pool.
    Pool,
}

impl SortBy {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Status,
        Self::Id,
        Self::Name,
        Self::Node,
        Self::Cpu,
        Self::Memory,
        Self::Disk,
        Self::Network,
        Self::Uptime,
        Self::Tags,
        Self::Pool,
    ];

    /// Its word in the URL, and the column's ID.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::Id => "id",
            Self::Name => "name",
            Self::Node => "node",
            Self::Cpu => "cpu",
            Self::Memory => "mem",
            Self::Disk => "disk",
            Self::Network => "net",
            Self::Uptime => "uptime",
            Self::Tags => "tags",
            Self::Pool => "pool",
        }
    }

    /// Whether it orders by what changes with every poll.
    #[must_use]
    pub const fn is_figure(self) -> bool {
        matches!(
            self,
            Self::Cpu | Self::Memory | Self::Disk | Self::Network | Self::Uptime
        )
    }

    /// From its word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|column| column.as_str() == word)
    }
}

/// Column and direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    /// Column.
    pub by: SortBy,
    /// Largest first.
    pub descending: bool,
}

impl Default for Order {
    fn default() -> Self {
        Self {
            by: SortBy::Id,
            descending: false,
        }
    }
}

/// Order of two rows. Unknown values stand last in both directions; equal rows keep the order of
/// their IDs, so that a refresh never shuffles them.
#[must_use]
pub fn compare(a: &RowFacts<'_>, b: &RowFacts<'_>, order: Order) -> Ordering {
    let known = |x: Option<f64>, y: Option<f64>| match (x, y) {
        (Some(x), Some(y)) => directed(x.total_cmp(&y), order.descending),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    };
    let share = |used: Option<Bytes>, total: Option<Bytes>| Some(used?.of(total?)?.0);
    let texts = |x: &str, y: &str| match (x.is_empty(), y.is_empty()) {
        (false, true) => Ordering::Less,
        (true, false) => Ordering::Greater,
        _ => directed(natural(x, y), order.descending),
    };
    #[expect(
        clippy::cast_precision_loss,
        reason = "an order of uptimes needs no 53 bits"
    )]
    let uptime = |row: &RowFacts<'_>| row.uptime.map(|secs| secs as f64);
    match order.by {
        SortBy::Id => directed(a.vmid.cmp(&b.vmid), order.descending),
        SortBy::Status => directed(
            (a.template, a.status.as_str()).cmp(&(b.template, b.status.as_str())),
            order.descending,
        ),
        SortBy::Name => texts(a.name, b.name),
        SortBy::Node => texts(a.node, b.node),
        SortBy::Pool => texts(a.pool.unwrap_or_default(), b.pool.unwrap_or_default()),
        SortBy::Tags => {
            let first = |row: &RowFacts<'_>| row.tags.join(" ");
            texts(&first(a), &first(b))
        }
        SortBy::Cpu => known(a.cpu, b.cpu),
        SortBy::Memory => known(share(a.mem, a.maxmem), share(b.mem, b.maxmem)),
        SortBy::Disk => known(share(a.disk, a.maxdisk), share(b.disk, b.maxdisk)),
        SortBy::Network => known(a.network, b.network),
        SortBy::Uptime => known(uptime(a), uptime(b)),
    }
    .then_with(|| a.vmid.cmp(&b.vmid))
}

fn directed(order: Ordering, descending: bool) -> Ordering {
    if descending { order.reverse() } else { order }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::status::VmStatus;
    use crate::domain::vm_list::testing::row;
    use proptest::prelude::*;

    #[test]
    fn unknown_is_last_in_both_directions() {
        let known = RowFacts {
            cpu: Some(0.5),
            ..row(2, "b", &VmStatus::Running)
        };
        let unknown = row(1, "a", &VmStatus::Running);
        for descending in [false, true] {
            let order = Order {
                by: SortBy::Cpu,
                descending,
            };
            assert_eq!(compare(&known, &unknown, order), Ordering::Less);
        }
    }

    proptest! {
        #[test]
        fn order_is_total(
            a in (1_u32..9, prop::option::of(0.0..1.0_f64)),
            b in (1_u32..9, prop::option::of(0.0..1.0_f64)),
            by in prop::sample::select(SortBy::ALL.to_vec()),
            descending: bool,
        ) {
            let make = |(vmid, cpu): (u32, Option<f64>)| RowFacts { cpu, ..row(vmid, "x", &VmStatus::Running) };
            let (a, b) = (make(a), make(b));
            let order = Order { by, descending };
            prop_assert_eq!(compare(&a, &b, order), compare(&b, &a, order).reverse());
        }
    }
}
