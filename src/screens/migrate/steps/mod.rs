//! The steps, one file each.

mod blockers;
mod lists;
mod matrix;
mod options;
mod review;
mod storage;
mod target;
mod vms;

pub use options::Options;
pub use review::{Execute, Review};
pub use storage::{RoomBars, StorageStep};
pub use target::Target;
pub use vms::Vms;
