//! Backups: the questions about them and their details, for a VM's own page and for the page over
//! all VMs; the wizard that restores one. Of all VMs: the list, the retention, what is covered.

pub mod ask;
mod coverage;
mod dialogs;
mod fleet;
pub mod looks;
pub mod may;
pub mod menu;
mod page;
mod parts;
mod retention;
pub mod target;

pub use coverage::CoveragePage;
pub use page::BackupsPage;
pub use retention::RetentionPage;
