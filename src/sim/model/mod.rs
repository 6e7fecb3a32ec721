//! What a simulated cluster consists of.

mod audit;
mod backup;
mod node;
mod storage;
mod task;
mod vm;
mod volume;
mod wire;
mod world;

pub use audit::{AuditEntry, Outcome};
pub use backup::{Archive, Backup, Kept, Retention, Verification};
pub use node::{Member, Node, Service};
pub use storage::Storage;
pub use task::{
    Arrival, AskedMove, LogLine, MoveStep, Moving, NewSnapshot, Restored, Step, Task, VmChange,
    Work,
};
pub use vm::{Load, Shown, Snapshot, Usage, Vm};
pub use volume::Volume;
pub use wire::num;
pub use world::{Cluster, Settings, TagStyle, World};
