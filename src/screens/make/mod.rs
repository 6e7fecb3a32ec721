//! Making VMs: the wizard for a new one, the wizard for a copy of another, and the
//! wizard for one from a backup.

mod clone;
mod create;
mod desk;
mod drive;
mod fields;
mod frame;
mod kept;
mod known;
mod progress;
mod restore;
mod review;

pub use clone::ClonePage;
pub use create::CreatePage;
pub use drive::resume;
pub use restore::RestorePage;
