//! A backup as it is asked about: with the name of its VM, wherever the row came from.

use crate::api::backups::Backup;
use crate::components::time::format_near;
use crate::domain::backup_loss::Item;
use crate::domain::units::Instant;
use crate::stores::Live;
use crate::stores::actions::Named;
use std::sync::Arc;

/// A backup and what its VM is called.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// The row.
    pub backup: Arc<Backup>,
    /// "web-server-01", or "VM 101" where the VM is gone.
    pub vm_name: String,
}

impl Target {
    /// With the name that the VM goes by now.
    #[must_use]
    pub fn new(live: &Live, backup: &Arc<Backup>) -> Self {
        Self {
            vm_name: backup
                .vmid
                .map_or_else(|| "an unknown VM".to_owned(), |vm| live.vm_name(vm)),
            backup: Arc::clone(backup),
        }
    }

    /// "web-server-01 of 21 Jun, 02:00".
    #[must_use]
    pub fn name(&self, now: Instant) -> String {
        match self.backup.ctime {
            Some(at) => format!("{} of {}", self.vm_name, format_near(at, now)),
            None => format!("{} ({})", self.vm_name, self.backup.file_name()),
        }
    }

    /// For the changes.
    #[must_use]
    pub fn named(&self, now: Instant) -> Named {
        Named {
            backup: Backup::clone(&self.backup),
            name: self.name(now),
        }
    }
}

/// For [`crate::domain::backup_loss`]; none where its VM is not known.
#[must_use]
pub fn item(backup: &Backup) -> Option<Item<'_>> {
    Some(Item {
        volid: &backup.volid,
        vm: backup.vmid?,
        at: backup.ctime,
        damaged: backup.is_damaged(),
    })
}
