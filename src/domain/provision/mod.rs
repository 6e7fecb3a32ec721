//! New VMs: what is typed becomes a plan that is checked field by field, then the very requests
//! (guide: VM List & Management, "Create VM"; VM Detail, "Clone").

mod address;
mod capacity;
mod check;
mod clone;
mod draft;
mod keys;
mod known;
mod request;
mod restore;
mod run;
mod told;

pub use address::IpConfig;
pub use capacity::{Filled, Outlook, Remark, outlook};
pub use check::{Step, Wrong};
pub use clone::{CloneDraft, CloneSource, CopyNic, Linked};
pub use draft::{Addressing, DiskDraft, Draft, MOST_DISKS, MOST_NICS, NicDraft, Source};
pub use keys::public_keys;
pub use known::{Bridge, Known, NodeFacts, StorageFacts};
pub use request::{Request, Requests};
pub use restore::{KeptDisk, KeptNic, Restore, RestoreDraft, RestoreSource, Standing};
pub use run::{Act, Run, Stage};
pub use told::{Choice, choices, clone_choices};

#[cfg(test)]
mod tests;
