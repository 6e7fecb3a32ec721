//! Snapshots of all VMs, and the questions about them that their VM's own page asks, too.

pub mod ask;
mod dialogs;
pub mod known;
pub mod may;
