//! Live data shared by screens: polled or pushed, merged by key, each asked for once however many
//! read it.
//!
//! Must not know: what a screen looks like, routes, components. Screens take [`use_live`] in a
//! component's body and read signals from there; changes go through [`actions`].

pub mod actions;
pub mod clock;
pub mod config;
pub mod connection;
pub mod drafts;
pub mod edits;
pub mod feed;
pub mod fleet_backups;
pub mod fleet_snapshots;
pub mod grace;
pub mod live;
pub mod load;
pub mod notices;
pub mod prefs;
pub mod rows;
pub mod session;
pub mod socket;
pub mod spawn;
pub mod sweeps;
pub mod task;
pub mod tray;
pub mod vm;
pub mod vms;

mod alone;
mod apply;
mod context;
mod feeds;
mod follow;
mod in_sight;
mod lifecycle;
mod pace;
mod page;
mod poller;
mod pulse;
mod slice;
mod storage;
mod undo;
mod wire;

pub use feed::{Feed, RowFeed, RowsWatch, Watch};
pub use feeds::ClusterCharts;
pub use live::{Live, LiveOptions, provide_live, use_live};
pub use load::{Face, Load, Status};
pub use rows::Rows;
pub use slice::{Slicer, yield_to_browser};
pub use wire::{Frame, Line, Wire};

use std::sync::{Mutex, MutexGuard, PoisonError};

/// A poisoned lock only says that a panic passed by; what stores keep is plain values.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
