//! What can be done with a backup, as a menu.

use super::ask::BackupAsk;
use super::may;
use super::target::Target;
use crate::components::{IconName, MenuItem};
use crate::paths;
use crate::stores::Live;

/// All of it: frequent first, destructive last. Call it where its signals are tracked.
#[must_use]
pub fn backup_menu(live: &Live, target: &Target, ask: BackupAsk) -> Vec<MenuItem> {
    let backup = &target.backup;
    let of = || target.clone();
    let to = paths::href(&paths::restore(&backup.volid));
    let (details, verify, notes, protect, delete) = (of(), of(), of(), of(), of());
    let protected = backup.protected;
    let word = if protected {
        "Lift protection"
    } else {
        "Protect"
    };
    let (address, no_download) = match may::download(live, backup) {
        Ok(address) => (address, None),
        Err(why) => (String::new(), Some(why)),
    };
    let acting = live.clone();
    vec![
        MenuItem::new("details", "Details", move || ask.details(details.clone()))
            .icon(IconName::File),
        MenuItem::link("restore", "Restore", to)
            .icon(IconName::History)
            .disabled(may::restore(live)),
        MenuItem::new("verify", "Verify", move || ask.verify(verify.clone()))
            .icon(IconName::ListChecks)
            .disabled(may::verify(live)),
        MenuItem::new("protect", word, move || {
            ask.protect(&acting, &protect, !protected);
        })
        .icon(IconName::Lock)
        .disabled(may::protect(live)),
        MenuItem::new("notes", "Edit notes", move || ask.notes(notes.clone()))
            .icon(IconName::Edit)
            .disabled(may::note(live)),
        MenuItem::link("download", "Download", address)
            .download()
            .icon(IconName::Download)
            .disabled(no_download),
        MenuItem::new("delete", "Delete", move || ask.delete(vec![delete.clone()]))
            .icon(IconName::Trash)
            .disabled(may::delete(live, backup))
            .danger(),
    ]
}
