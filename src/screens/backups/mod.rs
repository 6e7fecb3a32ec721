//! Backups: the questions about them and their details, for a VM's own page and for the page over
//! all VMs; the wizard that restores one.

pub mod ask;
mod dialogs;
pub mod looks;
pub mod may;
pub mod menu;
pub mod target;
