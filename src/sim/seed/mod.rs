//! The clusters that a simulation starts with.

mod build;
mod fleet;
mod fleet_names;
mod guide;
mod guide_audit;
mod guide_parts;
mod guide_vms;

pub use fleet::fleet;
pub use guide::guide;
