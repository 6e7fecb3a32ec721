//! What may be done with backups: as the server offers it, and as the VM or the backup stands.

use crate::api::backups::{self, Backup};
use crate::api::capabilities::Feature;
use crate::api::vms::Vm;
use crate::domain::vm_can;
use crate::screens::common::facts::vm_facts;
use crate::stores::Live;

/// Why the VM can't be backed up now; tracked.
#[must_use]
pub fn back_up(live: &Live, vm: &Vm) -> Option<String> {
    live.denies(Feature::BackUp).or_else(|| {
        let allowed = vm_can::back_up(&vm_facts(vm, false, false));
        allowed.err().map(|reason| reason.0)
    })
}

/// Why a backup can't be deleted now; tracked.
#[must_use]
pub fn delete(live: &Live, backup: &Backup) -> Option<String> {
    delete_any(live).or_else(|| {
        backup
            .protected
            .then(|| "It is protected: lift its protection first".to_owned())
    })
}

/// Why none can be deleted, whichever; tracked.
#[must_use]
pub fn delete_any(live: &Live) -> Option<String> {
    live.denies(Feature::DeleteBackup)
}

/// Why protection can't be changed; tracked.
#[must_use]
pub fn protect(live: &Live) -> Option<String> {
    live.denies(Feature::ProtectBackup)
}

/// Why notes can't be changed; tracked.
#[must_use]
pub fn note(live: &Live) -> Option<String> {
    live.denies(Feature::BackupNotes)
}

/// Why none can be verified; tracked.
#[must_use]
pub fn verify(live: &Live) -> Option<String> {
    live.denies(Feature::VerifyBackup)
}

/// Why the configuration in a backup can't be read; tracked.
#[must_use]
pub fn read_config(live: &Live) -> Option<String> {
    live.denies(Feature::BackupConfig)
}

/// Why none can be restored; tracked.
#[must_use]
pub fn restore(live: &Live) -> Option<String> {
    live.denies(Feature::Restore)
}

/// The address of the file itself; tracked.
///
/// # Errors
/// Why there is none.
pub fn download(live: &Live, backup: &Backup) -> Result<String, String> {
    match live.denies(Feature::DownloadBackup) {
        Some(why) => Err(why),
        None => backups::download_address(&live.client, backup),
    }
}
