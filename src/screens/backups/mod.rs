//! Backups of all VMs: the list, the retention, what is covered.

mod address;
mod coverage;
mod fleet;
mod page;
mod parts;
mod retention;

pub use coverage::CoveragePage;
pub use page::BackupsPage;
pub use retention::RetentionPage;
