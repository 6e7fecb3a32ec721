//! Making VMs: the wizard for a new one, and the wizard for a copy of another.

mod clone;
mod create;
mod desk;
mod drive;
mod fields;
mod frame;
mod kept;
mod known;
mod progress;
mod review;

pub use clone::ClonePage;
pub use create::CreatePage;
