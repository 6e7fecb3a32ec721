//! One folder per screen of the guide.

pub mod backups;
pub mod common;
pub mod console;
pub mod dashboard;
#[cfg(feature = "gallery")]
pub mod gallery;
pub mod make;
pub mod migrate;
pub mod page;
pub mod settings;
pub mod snapshots;
pub mod storage;
pub mod task;
pub mod unsaved;
pub mod vm_detail;
pub mod vms;
pub mod wall;
