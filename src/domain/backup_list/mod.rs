//! The backups of all VMs in one list: how they are sorted, found and grouped, and what they come
//! to (guide: Backup Management, "Backup List View").

#[cfg(test)]
mod tests;

use super::group::Group;
use super::ids::VmId;
use super::text::{holds, known_first, natural};
use super::units::{Bytes, Instant, count};
use std::cmp::{Ordering, Reverse};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// What a verification found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Check {
    /// It is damaged.
    Damaged,
    /// Nobody looked.
    Never,
    /// A word of the server that is not known here.
    Other,
    /// It is whole.
    Whole,
}

/// A backup of some VM.
#[derive(Debug, Clone, PartialEq)]
pub struct BackupRow {
    /// Tells rows apart: the volume, with a number where a server names one twice.
    pub key: String,
    /// Volume ID.
    pub volid: String,
    /// Its VM, where the server says.
    pub vm: Option<VmId>,
    /// What that is called; its number where it is gone.
    pub vm_name: String,
    /// There is no such VM any more.
    pub gone: bool,
    /// Where it lies.
    pub storage: String,
    /// When it was made.
    pub made: Option<Instant>,
    /// Bytes, where known.
    pub size: Option<Bytes>,
    /// `vma.zst`, `pbs-vm`.
    pub format: String,
    /// What the last verification found.
    pub check: Check,
    /// The server's own word for that.
    pub check_word: String,
    /// When that was.
    pub checked: Option<Instant>,
    /// Kept from removal.
    pub protected: bool,
    /// Encrypted, where the server says.
    pub encrypted: Option<bool>,
    /// Notes, all lines.
    pub notes: String,
}

impl BackupRow {
    /// Its file, without storage and folder.
    #[must_use]
    pub fn file(&self) -> &str {
        let name = self.volid.split_once(':').map_or("", |(_, name)| name);
        let name = if name.is_empty() { &self.volid } else { name };
        name.strip_prefix("backup/").unwrap_or(name)
    }

    /// Whether each of the words occurs in one of its names or its notes.
    #[must_use]
    pub fn holds(&self, words: &[String]) -> bool {
        holds(words, &[&self.volid, &self.vm_name, &self.notes], self.vm)
    }
}

/// What alone is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Only {
    /// Those found damaged.
    Damaged,
    /// Those that nobody verified.
    Unverified,
    /// Those kept from removal.
    Protected,
    /// Those whose VM is gone.
    Gone,
}

impl Only {
    /// Whether a row is among them.
    #[must_use]
    pub const fn fits(self, row: &BackupRow) -> bool {
        match self {
            Self::Damaged => matches!(row.check, Check::Damaged),
            Self::Unverified => matches!(row.check, Check::Never | Check::Other),
            Self::Protected => row.protected,
            Self::Gone => row.gone,
        }
    }
}

fn names(a: &BackupRow, b: &BackupRow) -> Ordering {
    natural(&a.vm_name, &b.vm_name)
        .then_with(|| a.vm.cmp(&b.vm))
        .then_with(|| known_first(a.made.map(Reverse), b.made.map(Reverse)))
        .then_with(|| a.key.cmp(&b.key))
}

/// The oldest first.
#[must_use]
pub fn by_age(a: &BackupRow, b: &BackupRow) -> Ordering {
    known_first(a.made, b.made).then_with(|| names(a, b))
}

/// By the name of the VM, the newest of each first.
#[must_use]
pub fn by_vm(a: &BackupRow, b: &BackupRow) -> Ordering {
    names(a, b)
}

/// By storage.
#[must_use]
pub fn by_storage(a: &BackupRow, b: &BackupRow) -> Ordering {
    natural(&a.storage, &b.storage).then_with(|| names(a, b))
}

/// The smallest first.
#[must_use]
pub fn by_size(a: &BackupRow, b: &BackupRow) -> Ordering {
    known_first(a.size.map(|size| size.0), b.size.map(|size| size.0)).then_with(|| names(a, b))
}

/// By format.
#[must_use]
pub fn by_format(a: &BackupRow, b: &BackupRow) -> Ordering {
    natural(&a.format, &b.format).then_with(|| names(a, b))
}

/// What needs somebody first.
#[must_use]
pub fn by_check(a: &BackupRow, b: &BackupRow) -> Ordering {
    a.check.cmp(&b.check).then_with(|| names(a, b))
}

/// Those kept from removal first.
#[must_use]
pub fn by_protection(a: &BackupRow, b: &BackupRow) -> Ordering {
    b.protected.cmp(&a.protected).then_with(|| names(a, b))
}

/// What rows stand together by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Together {
    /// Those of a VM.
    Vm,
    /// Those on a storage.
    Storage,
}

impl Together {
    /// Order of the groups; rows within one are equal.
    #[must_use]
    pub fn compare(self, a: &BackupRow, b: &BackupRow) -> Ordering {
        match self {
            Self::Vm => natural(&a.vm_name, &b.vm_name).then_with(|| a.vm.cmp(&b.vm)),
            Self::Storage => {
                natural(&a.storage, &b.storage).then_with(|| a.storage.cmp(&b.storage))
            }
        }
    }

    fn head(self, row: &BackupRow) -> (String, String) {
        match (self, row.vm) {
            (Self::Vm, Some(vm)) => (vm.to_string(), row.vm_name.clone()),
            (Self::Vm, None) => (String::new(), "VM not known".to_owned()),
            (Self::Storage, _) => (row.storage.clone(), row.storage.clone()),
        }
    }
}

/// The groups of rows that stand in their order ([`Together::compare`]).
#[must_use]
pub fn groups(rows: &[Arc<BackupRow>], by: Together) -> Vec<Group> {
    let mut groups = Vec::new();
    let mut at = 0;
    for chunk in rows.chunk_by(|a, b| by.compare(a, b).is_eq()) {
        let Some(first) = chunk.first() else { continue };
        let (id, label) = by.head(first);
        groups.push(Group {
            id,
            label,
            note: sum(chunk.iter().map(AsRef::as_ref)).words(),
            at,
            count: chunk.len(),
            folded: false,
        });
        at += chunk.len();
    }
    groups
}

/// What some backups come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sum {
    /// How many.
    pub count: usize,
    /// Bytes of those whose size is known.
    pub bytes: u64,
    /// Those whose size is not.
    pub without_size: usize,
    /// Those found damaged.
    pub damaged: usize,
    /// Those kept from removal.
    pub protected: usize,
}

impl Sum {
    /// "12 backups, 34.0 GiB"; what is not known is said.
    #[must_use]
    pub fn words(self) -> String {
        let many = count(self.count, "backup", "backups");
        match self.size_words() {
            Some(size) => format!("{many}, {size}"),
            None => many,
        }
    }

    /// "34.0 GiB", "at least 34.0 GiB" where some sizes are not known; none where none is.
    #[must_use]
    pub fn size_words(self) -> Option<String> {
        let size = Bytes(self.bytes).amount();
        match self.without_size {
            0 if self.count > 0 => Some(size.to_string()),
            some if some < self.count => Some(format!("at least {size}")),
            _ => None,
        }
    }
}

/// What some backups come to.
pub fn sum<'a>(rows: impl IntoIterator<Item = &'a BackupRow>) -> Sum {
    rows.into_iter().fold(Sum::default(), |sum, row| Sum {
        count: sum.count + 1,
        bytes: sum.bytes.saturating_add(row.size.map_or(0, |size| size.0)),
        without_size: sum.without_size + usize::from(row.size.is_none()),
        damaged: sum.damaged + usize::from(row.check == Check::Damaged),
        protected: sum.protected + usize::from(row.protected),
    })
}

/// VMs of which nothing could be restored any more once these volumes are gone: all that is left of
/// them is damaged, or there is nothing. Those of which nothing could be restored before are not
/// among them.
#[must_use]
pub fn bared<'a>(
    rows: impl IntoIterator<Item = &'a BackupRow>,
    going: &HashSet<&str>,
) -> Vec<(VmId, &'a str)> {
    let mut vms: HashMap<VmId, (&'a str, bool, bool)> = HashMap::new();
    for row in rows {
        let (Some(vm), true) = (row.vm, row.check != Check::Damaged) else {
            continue;
        };
        let (_, loses, keeps) = vms.entry(vm).or_insert((&row.vm_name, false, false));
        if going.contains(row.volid.as_str()) {
            *loses = true;
        } else {
            *keeps = true;
        }
    }
    let mut bare: Vec<(VmId, &str)> = vms
        .into_iter()
        .filter(|(_, (_, loses, keeps))| *loses && !keeps)
        .map(|(vm, (name, ..))| (vm, name))
        .collect();
    bare.sort_unstable_by_key(|(vm, _)| *vm);
    bare
}
