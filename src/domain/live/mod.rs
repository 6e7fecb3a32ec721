//! The arithmetic of live data: keyed merges, back-off, rates, rings, cadence, event order.
//!
//! Nothing here has a clock, a timer or a random number of its own; `stores` brings them.

pub mod backoff;
pub mod cadence;
pub mod rates;
pub mod resume;
pub mod ring;
pub mod steady;
pub mod table;
pub mod turns;

pub use backoff::Backoff;
pub use cadence::{Cadence, Mood, Next};
pub use rates::{Counter, Restart};
pub use resume::{Order, Resume, Verdict};
pub use ring::{Ring, SPARK, Spark};
pub use steady::Steady;
pub use table::{Delta, Merge, Table};
pub use turns::Turns;
