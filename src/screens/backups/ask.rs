//! The one way from a button to a change of backups. Needs [`BackupDialogs`] on the page.

use super::dialogs;
use super::target::Target;
use crate::api::backups::Backup;
use crate::components::lazy::{Load, area_part};
use crate::domain::ids::VmId;
use crate::lazy_view;
use crate::stores::Live;
use crate::stores::actions::Failures;
use leptos::prelude::*;
use std::sync::Arc;

/// All backups that a page knows: those of one VM, or of all.
pub type Backups = Signal<Arc<Vec<Arc<Backup>>>>;

/// What a person is asked, or shown.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Asked {
    /// How a VM is to be backed up.
    BackUp(VmId),
    /// Whether to delete these.
    Delete(Vec<Target>),
    /// Whether to check one for damage.
    Verify(Target),
    /// What its notes are to be.
    Notes(Target),
    /// All that is known of one.
    Details(Target),
}

/// Asks about backups. What is asked over the details leads back to them.
#[derive(Debug, Clone, Copy)]
pub struct BackupAsk {
    asked: RwSignal<Vec<Asked>>,
    /// What the page knows, kept up to date.
    pub(super) known: Backups,
    deleted: StoredValue<Option<Callback<()>>>,
}

impl BackupAsk {
    /// For the page that is being built; call it in the component's body. `known` are the backups
    /// of the page: what is said of the newest and the last is told from them.
    #[must_use]
    pub fn new(known: Backups) -> Self {
        Self {
            asked: RwSignal::new(Vec::new()),
            known,
            deleted: StoredValue::new(None),
        }
    }

    /// Has `then` called when a deletion has begun: nothing need stay selected.
    #[must_use]
    pub fn when_deleted(self, then: Callback<()>) -> Self {
        self.deleted.set_value(Some(then));
        self
    }

    // Each fails only after the page has gone, with nobody left to ask.
    fn push(self, asked: Asked) {
        let _ = self.asked.try_update(|all| all.push(asked));
    }

    /// Asks how a VM is to be backed up.
    pub fn back_up(self, vm: VmId) {
        self.push(Asked::BackUp(vm));
    }

    /// Asks whether to delete one or several.
    pub fn delete(self, targets: Vec<Target>) {
        self.push(Asked::Delete(targets));
    }

    /// Asks whether to check one for damage.
    pub fn verify(self, target: Target) {
        self.push(Asked::Verify(target));
    }

    /// Asks what its notes are to be.
    pub fn notes(self, target: Target) {
        self.push(Asked::Notes(target));
    }

    /// Shows all that is known of one.
    pub fn details(self, target: Target) {
        let _ = self.asked.try_set(vec![Asked::Details(target)]);
    }

    /// Sets or lifts the protection; asks nothing, since its toast takes it back.
    pub fn protect(self, live: &Live, target: &Target, on: bool) {
        let named = target.named(live.clock.now());
        drop(live.actions.protect_backup(named, on, Failures::Toast));
    }

    /// Volume ID of the backup whose details are open, beneath a question or not; tracked.
    #[must_use]
    pub fn shown(self) -> Option<String> {
        self.asked.with(|all| {
            all.iter().find_map(|asked| match asked {
                Asked::Details(target) => Some(target.backup.volid.clone()),
                _ => None,
            })
        })
    }

    /// Whether a VM is being asked about to be backed up; tracked.
    #[must_use]
    pub fn backs_up(self) -> bool {
        let is = |asked: &Asked| matches!(asked, Asked::BackUp(_));
        self.asked.with(|all| all.iter().any(is))
    }

    /// The same backup as it is now; none once it is gone. Tracked.
    pub(super) fn now(self, volid: &str) -> Option<Arc<Backup>> {
        self.known
            .with(|all| all.iter().find(|own| own.volid == volid).cloned())
    }

    /// These are being deleted: their details have nothing left to show.
    pub(super) fn forget(self, gone: &[String]) {
        let stays = |asked: &Asked| match asked {
            Asked::Details(target) => !gone.contains(&target.backup.volid),
            _ => true,
        };
        let _ = self.asked.try_update(|all| all.retain(stays));
    }

    pub(super) fn tell_deleted(self) {
        if let Some(then) = self.deleted.try_get_value().flatten() {
            let _ = then.try_run(());
        }
    }
}

/// Where the questions of a [`BackupAsk`] stand. Once on a page, anywhere.
#[component]
pub fn BackupDialogs(
    /// Who asks.
    ask: BackupAsk,
) -> impl IntoView {
    let on_close = Callback::new(move |()| {
        let _ = ask.asked.try_update(Vec::pop);
    });
    let top = Memo::new(move |_| ask.asked.with(|all| all.last().cloned()));
    move || {
        top.get().map(|asked| {
            area_part(
                DIALOGS,
                move || Box::pin(backup_question(asked.clone(), ask, on_close)),
                on_close,
            )
        })
    }
}

/// The code of the questions, which comes after that of the page.
pub const DIALOGS: Load = || Box::pin(preload_question());

lazy_view! {
    backup_dialogs, preload_question,
    fn backup_question(asked: Asked, ask: BackupAsk, on_close: Callback<()>) -> AnyView {
        dialogs::question(asked, ask, on_close)
    }
}
