//! Since when a VM is locked. Servers name the lock and never its beginning: it is read off the
//! task that took the lock, else off the moment when the lock was first seen.

use super::ids::VmId;
use super::status::Lock;
use super::units::Instant;
use std::collections::HashMap;

/// A lock that lasts longer than this needs somebody.
pub const TOO_LONG_MILLIS: i64 = 3_600_000;

/// Types of the tasks that take a lock.
#[must_use]
pub fn taken_by(lock: &Lock) -> &'static [&'static str] {
    match lock {
        Lock::Backup => &["vzdump", "qmbackup"],
        Lock::Clone => &["qmclone", "vzclone"],
        Lock::Create => &["qmcreate", "qmrestore", "vzcreate", "vzrestore"],
        Lock::Migrate => &["qmigrate", "vzmigrate"],
        Lock::Rollback => &["qmrollback", "vzrollback"],
        Lock::Snapshot => &["qmsnapshot", "vzsnapshot"],
        Lock::SnapshotDelete => &["qmdelsnapshot", "vzdelsnapshot"],
        Lock::Suspending => &["qmsuspend", "vzsuspend"],
        Lock::Suspended | Lock::Unknown(_) => &[],
    }
}

/// A task that works on a locked VM, or on many at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Work<'a> {
    /// Its type.
    pub kind: &'a str,
    /// Whether it still runs.
    pub running: bool,
    /// Whether it ended well, and so gave back what it took.
    pub well: bool,
    /// When it began.
    pub began: Option<Instant>,
}

/// Since when a lock stands that nothing explains, as far as is known; `None` where a running task
/// explains it, where it is there to stay (a VM suspended to disk), or where nothing is known.
/// `tasks` are those of the VM, in any order; `seen` is when this lock was first seen.
#[must_use]
pub fn stands_since<'a>(
    lock: &Lock,
    tasks: impl IntoIterator<Item = Work<'a>>,
    seen: Option<Instant>,
) -> Option<Instant> {
    if *lock == Lock::Suspended {
        return None;
    }
    let takers = taken_by(lock);
    let mut newest: Option<Work<'a>> = None;
    for task in tasks {
        if task.running {
            return None;
        }
        if takers.contains(&task.kind) && newest.is_none_or(|newest| task.began > newest.began) {
            newest = Some(task);
        }
    }
    let taken = newest.filter(|task| !task.well).and_then(|task| task.began);
    match (taken, seen) {
        // A lock that was seen before that task began has stood in its way.
        (Some(taken), Some(seen)) => Some(taken.min(seen)),
        (taken, seen) => taken.or(seen),
    }
}

/// When each lock was first seen.
#[derive(Debug, Clone, Default)]
pub struct FirstSeen(HashMap<VmId, (Lock, Instant)>);

impl FirstSeen {
    /// Takes note of a VM as it is now.
    pub fn note(&mut self, vm: VmId, lock: Option<&Lock>, at: Instant) {
        match lock {
            None => drop(self.0.remove(&vm)),
            Some(lock) => match self.0.get(&vm) {
                Some((known, _)) if known == lock => {}
                _ => drop(self.0.insert(vm, (lock.clone(), at))),
            },
        }
    }

    /// When the lock that a VM has now was first seen.
    #[must_use]
    pub fn of(&self, vm: VmId) -> Option<Instant> {
        self.0.get(&vm).map(|(_, at)| *at)
    }

    /// Forgets all.
    pub fn clear(&mut self) {
        self.0.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(secs: i64) -> Instant {
        Instant::from_secs(secs)
    }

    fn work(kind: &str, began: i64) -> Work<'_> {
        Work {
            kind,
            running: false,
            well: false,
            began: Some(at(began)),
        }
    }

    fn running(kind: &str) -> Work<'_> {
        Work {
            running: true,
            ..work(kind, 20)
        }
    }

    #[test]
    fn a_running_task_explains_it() {
        let tasks = [work("vzdump", 10), running("vzdump")];
        assert_eq!(stands_since(&Lock::Backup, tasks, Some(at(5))), None);
        let other = [running("qmconfig")];
        assert_eq!(stands_since(&Lock::Backup, other, Some(at(5))), None);
    }

    #[test]
    fn it_began_with_the_task_that_took_it_and_broke() {
        let tasks = [work("qmstart", 90), work("vzdump", 10), work("vzdump", 50)];
        let since = |lock: Lock, seen| stands_since(&lock, tasks, seen);
        assert_eq!(since(Lock::Backup, Some(at(70))), Some(at(50)));
        assert_eq!(since(Lock::Backup, None), Some(at(50)));
        assert_eq!(since(Lock::Backup, Some(at(20))), Some(at(20)));
        assert_eq!(since(Lock::Migrate, Some(at(70))), Some(at(70)));
        assert_eq!(since(Lock::Migrate, None), None);
    }

    #[test]
    fn a_task_that_ended_well_gave_its_lock_back() {
        let well = Work {
            well: true,
            ..work("vzdump", 50)
        };
        let tasks = [work("vzdump", 10), well];
        assert_eq!(
            stands_since(&Lock::Backup, tasks, Some(at(70))),
            Some(at(70))
        );
    }

    #[test]
    fn suspended_to_disk_is_no_fault() {
        assert_eq!(stands_since(&Lock::Suspended, [], Some(at(1))), None);
    }

    #[test]
    fn first_seen_lasts_as_long_as_the_lock() {
        let mut seen = FirstSeen::default();
        let vm = VmId(101);
        seen.note(vm, Some(&Lock::Backup), at(1));
        seen.note(vm, Some(&Lock::Backup), at(2));
        assert_eq!(seen.of(vm), Some(at(1)));
        seen.note(vm, Some(&Lock::Migrate), at(3));
        assert_eq!(seen.of(vm), Some(at(3)));
        seen.note(vm, None, at(4));
        assert_eq!(seen.of(vm), None);
        seen.note(vm, Some(&Lock::Migrate), at(5));
        assert_eq!(seen.of(vm), Some(at(5)));
    }
}
