//! Tasks: what they are and what they still have to do.

use super::Archive;
use crate::domain::config::ConfigMap;
use crate::domain::status::{Lock, VmStatus};
use serde::Serialize;
use std::collections::{BTreeMap, VecDeque};

/// A line of a task's log.
#[derive(Debug, Clone)]
pub struct LogLine {
    /// Simulated milliseconds.
    pub at: i64,
    /// Text, as Proxmox writes it.
    pub text: String,
}

/// What a step does to the task's VM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VmChange {
    /// The machine starts: pending configuration applies, counters begin at 0.
    On,
    /// It goes off: pending configuration applies.
    Off,
    /// Off and on again.
    Cycle,
    /// Guest restarts inside the same machine.
    Reset,
    /// Status alone changes, e.g. to paused.
    Status(VmStatus),
    /// Lock set or taken off.
    Lock(Option<Lock>),
    /// HA state asked for.
    Ha(&'static str),
    /// Gone, with its disks.
    Remove,
}

/// A snapshot to be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSnapshot {
    /// Unique in its VM.
    pub name: String,
    /// With the mark of its lifetime.
    pub description: String,
    /// RAM included.
    pub vmstate: bool,
}

/// What a VM becomes that a backup is restored over.
#[derive(Debug, Clone, PartialEq)]
pub struct Restored {
    /// Volume ID of the backup.
    pub backup: String,
    /// Configuration, with the volumes that were made for it.
    pub config: ConfigMap,
    /// Tags.
    pub tags: Vec<String>,
}

/// A migration that is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AskedMove {
    /// Node.
    pub target: String,
    /// While it runs.
    pub online: bool,
    /// Copy local disks.
    pub with_local_disks: bool,
    /// Storage by volume ID.
    pub storage: BTreeMap<String, String>,
    /// Storage of all others.
    pub one_storage: Option<String>,
    /// Also with devices of the node.
    pub force: bool,
    /// KiB a second.
    pub bwlimit: Option<u64>,
}

impl AskedMove {
    /// Where a volume goes: where it was told to, else to the storage of the same name.
    #[must_use]
    pub fn storage_of<'a>(&'a self, volid: &'a str) -> &'a str {
        let own = volid.split(':').next().unwrap_or_default();
        self.storage
            .get(volid)
            .or(self.one_storage.as_ref())
            .map_or(own, String::as_str)
    }
}

/// What is true once a VM has arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    /// Node.
    pub node: String,
    /// Keys of its disks with their new text.
    pub config: Vec<(String, String)>,
    /// Storage that takes, storage that gives, bytes.
    pub fills: Vec<(String, String, u64)>,
}

/// A part of a migration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MoveStep {
    /// HA begins it.
    Begin(Box<AskedMove>),
    /// That node has to answer.
    Reach(String),
    /// That storage has to have so many bytes.
    Room(String, u64),
    /// The VM is there.
    Arrive(Box<Arrival>),
}

/// What of a migration its task does not say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moving {
    /// Node that it leaves.
    pub from: String,
    /// Node that it goes to.
    pub to: String,
    /// While it runs.
    pub online: bool,
    /// Speed.
    pub bytes_per_second: u64,
    /// Milliseconds in which the guest stands still.
    pub downtime: u32,
    /// State before.
    pub was: VmStatus,
}

/// One thing that a task does.
#[derive(Debug, Clone, PartialEq)]
pub enum Work {
    /// Writes a line.
    Log(String),
    /// Gets on: share 0 to 1, and what it says.
    Progress(f64, String),
    /// Changes its VM.
    Vm(VmChange),
    /// Leaves a backup behind.
    Backup(Archive),
    /// Takes the backup of that volume ID away.
    DropBackup(String),
    /// Says of the backup of that volume ID whether it is damaged.
    Verified(String),
    /// Takes the VM's disks and snapshots away, to make room for those of a backup.
    Wipe,
    /// Makes the VM what a backup had.
    Restored(Box<Restored>),
    /// Takes room on a storage: name, bytes.
    Fill(String, u64),
    /// Leaves a snapshot behind.
    Snapshot(NewSnapshot),
    /// Takes a snapshot away; what was taken on it stands on its parent then.
    DropSnapshot(String),
    /// Puts the VM back to a snapshot.
    RollBack(String),
    /// Ends with an error before its time; what it was making goes.
    Fail(String),
    /// Part of a migration.
    Move(MoveStep),
    /// HA acts: starts another task on the same VM.
    Follow(&'static str),
    /// Ends with that exit status.
    End(String),
}

/// Work with its time.
#[derive(Debug, Clone)]
pub struct Step {
    /// Simulated milliseconds.
    pub at: i64,
    /// What to do.
    pub work: Work,
}

/// A task (guide: Dashboard, "Get Recent Tasks").
#[derive(Debug, Clone, Default)]
pub struct Task {
    /// ID.
    pub upid: String,
    /// Node that runs it.
    pub node: String,
    /// Process.
    pub pid: u32,
    /// Start of the process in ticks since boot.
    pub pstart: u64,
    /// Simulated milliseconds.
    pub started: i64,
    /// `qmstart` …
    pub kind: String,
    /// Object worked on.
    pub id: String,
    /// `name@realm`.
    pub user: String,
    /// Simulated milliseconds.
    pub ended: Option<i64>,
    /// `OK`, or the error text.
    pub exit: Option<String>,
    /// Share 0 to 1, where known.
    pub progress: Option<f64>,
    /// What it says about that.
    pub says: Option<String>,
    /// Its log.
    pub log: Vec<LogLine>,
    /// VM worked on.
    pub vm: Option<u32>,
    /// VM that comes of it: its steps change that one, and it goes where the task does not get to
    /// its end.
    pub makes: Option<u32>,
    /// What is still to do, in order of time.
    pub steps: VecDeque<Step>,
    /// Index of its audit entry.
    pub audit: Option<usize>,
    /// Of a migration.
    pub moving: Option<Box<Moving>>,
}

#[derive(Serialize)]
struct TaskBody<'a> {
    upid: &'a str,
    node: &'a str,
    pid: u32,
    pstart: u64,
    starttime: i64,
    #[serde(rename = "type")]
    kind: &'a str,
    id: &'a str,
    user: &'a str,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    endtime: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exitstatus: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    finished: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    progress: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration_seconds: Option<i64>,
}

impl Task {
    /// Whether it still runs.
    #[must_use]
    pub const fn running(&self) -> bool {
        self.ended.is_none()
    }

    /// Whether it ended badly; warnings are no failure.
    #[must_use]
    pub fn failed(&self) -> bool {
        self.exit
            .as_deref()
            .is_some_and(|exit| exit != "OK" && !exit.starts_with("WARNINGS"))
    }

    /// Whether it belongs to a state of `statusfilter`.
    #[must_use]
    pub fn is(&self, state: &str) -> bool {
        let exit = self.exit.as_deref().unwrap_or_default();
        match state {
            "running" => self.running(),
            "error" | "failed" => self.failed(),
            "ok" | "OK" | "success" => exit == "OK",
            "warning" | "warnings" => exit.starts_with("WARNINGS"),
            "stopped" | "finished" => !self.running(),
            _ => false,
        }
    }

    /// Its JSON. A running task's changes only when it gets on: no clock in it.
    #[must_use]
    pub fn body(&self) -> String {
        let ended = self.ended;
        serde_json::to_string(&TaskBody {
            upid: &self.upid,
            node: &self.node,
            pid: self.pid,
            pstart: self.pstart,
            starttime: self.started.div_euclid(1000),
            kind: &self.kind,
            id: &self.id,
            user: &self.user,
            status: if ended.is_none() {
                "running"
            } else {
                "stopped"
            },
            endtime: ended.map(|at| at.div_euclid(1000)),
            exitstatus: self.exit.as_deref(),
            finished: ended.map(|_| true),
            progress: if ended.is_none() { self.progress } else { None },
            description: if ended.is_none() {
                self.says.as_deref()
            } else {
                None
            },
            duration_seconds: ended.map(|at| (at - self.started).div_euclid(1000)),
        })
        .unwrap_or_default()
    }
}
