//! What alerts are derived from.

use crate::domain::ids::{Upid, VmId};
use crate::domain::units::{Bytes, Fraction, Instant};

/// A node, as far as alerts care.
#[derive(Debug, Clone, PartialEq)]
pub struct NodeFacts<'a> {
    /// Name.
    pub name: &'a str,
    /// Whether it answers.
    pub online: bool,
    /// Share of its memory in use.
    pub memory: Option<Fraction>,
}

/// A storage, as far as alerts care.
#[derive(Debug, Clone, PartialEq)]
pub struct StorageFacts<'a> {
    /// Name.
    pub name: &'a str,
    /// Whether it is enabled.
    pub enabled: bool,
    /// Whether it can be reached; `None`: not said.
    pub active: Option<bool>,
    /// Share in use.
    pub used: Option<Fraction>,
    /// Bytes left.
    pub left: Option<Bytes>,
}

/// A task that failed.
#[derive(Debug, Clone, PartialEq)]
pub struct FailedTask<'a> {
    /// Its ID.
    pub upid: &'a Upid,
    /// What it did, to what: `Back up VM database-01`.
    pub title: String,
    /// The server's words.
    pub why: &'a str,
    /// When it ended.
    pub at: Option<Instant>,
}

/// A VM without a recent backup.
#[derive(Debug, Clone, PartialEq)]
pub struct Overdue<'a> {
    /// Its ID.
    pub vmid: VmId,
    /// Its name.
    pub name: &'a str,
}

/// A VM with a lock that no running task explains.
#[derive(Debug, Clone, PartialEq)]
pub struct LockedVm<'a> {
    /// Its ID.
    pub vmid: VmId,
    /// Its name.
    pub name: &'a str,
    /// The server's word for the lock.
    pub lock: &'a str,
    /// Since when, as far as is known; see [`crate::domain::locks`].
    pub since: Instant,
}

/// All that alerts are derived from. What is not known yet is left empty.
#[derive(Debug, Clone, Default)]
pub struct Facts<'a> {
    /// Whether the cluster has quorum; `None`: not known.
    pub quorate: Option<bool>,
    /// Nodes.
    pub nodes: Vec<NodeFacts<'a>>,
    /// Storages.
    pub storages: Vec<StorageFacts<'a>>,
    /// Failed tasks, newest first.
    pub failed: Vec<FailedTask<'a>>,
    /// VMs without a recent backup.
    pub overdue: Vec<Overdue<'a>>,
    /// VMs in the state "error".
    pub broken: Vec<(VmId, &'a str)>,
    /// VMs with a lock that no running task explains.
    pub locked: Vec<LockedVm<'a>>,
    /// What time it is.
    pub now: Instant,
}
