//! Moving VMs to another node: whether each can go where, what stands in the way and what removes
//! it, which node suits best, where its disks go and what is free then, what is sent, and how far
//! it has come. The rules are Proxmox's; where the server has checked, its word comes first.

mod advice;
mod draft;
mod drives;
mod feasible;
mod follow;
mod known;
mod order;
mod progress;
mod run;
mod space;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_moving;

pub use advice::{Advice, advise};
pub use draft::{Draft, MOST_AT_ONCE, Step, Wrong};
pub use drives::{Change, Compared, Drive, DriveKind, compare, devices, drives};
pub use feasible::{Level, Reason, Remedy, Verdict, verdict};
pub use follow::{End, Look, NoTask, Seen, after_end, cause, without_task};
pub use known::{Guest, Hardware, Known, Loaded, LocalVolume, Place, Pool, Told};
pub use order::Order;
pub use progress::{DiskFlow, Flow, flow, flow_of, target_of_line};
pub use run::{Counts, Move, Run, Stage};
pub use space::{DiskPlan, Room, Wanted, disk_plans, rooms};
