//! The cluster in figures (guide: Dashboard): VMs by state, load of all nodes, fill of all
//! storages, who takes most, and the history of it all. What is not told counts nowhere: a sum of
//! nothing is "not available", never 0.

mod history;
mod largest;
mod states;
mod sums;
#[cfg(test)]
mod tests;

pub use history::{HistoryPoint, cluster_history, joined};
pub use largest::{Measure, largest};
pub use states::VmCounts;
pub use sums::{NodeShare, NodeSum, StoragePart, StorageSum, cpu_sum, memory_sum, node_sum};
