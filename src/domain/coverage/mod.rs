//! What backups cover: how fresh they are against what is asked of each VM, how their sizes grow,
//! and what was made on which day.

mod days;
mod fresh;
#[cfg(test)]
mod tests;
mod trend;

pub use days::{Day, by_day};
pub use fresh::{Counts, Fresh, Freshness, Goal, Goals, counts, failed_since, freshness, in_doubt};
pub use trend::{Series, Trend, series};

use super::ids::VmId;
use super::units::{Bytes, Instant};

/// A backup, as far as coverage goes. One whose time or VM is not known counts for nothing here.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Made<'a> {
    /// VM that it is of.
    pub vm: VmId,
    /// Storage that it lies on.
    pub storage: &'a str,
    /// When it was made.
    pub at: Instant,
    /// How large it is, where that is known.
    pub size: Option<Bytes>,
    /// It was found damaged: nothing can be restored from it.
    pub damaged: bool,
}
