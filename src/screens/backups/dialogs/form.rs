//! State of the form for a new backup, from its opening to the server's answer.

use super::super::may;
use crate::api::ApiError;
use crate::api::backups::{self, Backup, Compression, Mode, NewBackup};
use crate::api::cluster::ClusterStatus;
use crate::api::storage::Storage;
use crate::api::vms::Vm;
use crate::components::{ErrorView, SelectOption};
use crate::domain::backup_notes::{Guest, fill};
use crate::domain::ids::VmId;
use crate::domain::units::Bytes;
use crate::screens::common::call::curl_of;
use crate::screens::common::faces::error_view;
use crate::screens::common::refusals::Refusals;
use crate::stores::actions::{Change, Failures};
use crate::stores::notices::Notice;
use crate::stores::{Live, Status, Watch, spawn, use_live};
use leptos::prelude::*;
use std::sync::Arc;

/// Notes until somebody types others.
const NOTES: &str = "{{guestname}}";

/// What is typed.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Draft {
    storage: String,
    mode: Mode,
    compression: String,
    notes: String,
    protect: bool,
}

/// The form. Nothing but [`Form::send`] sends anything.
#[derive(Clone, Copy)]
pub(super) struct Form {
    pub vm: VmId,
    pub row: Signal<Option<Arc<Vm>>>,
    pub storage: RwSignal<String>,
    pub mode: RwSignal<Mode>,
    pub compression: RwSignal<String>,
    pub notes: RwSignal<String>,
    pub protect: RwSignal<bool>,
    /// Sent, and no answer yet.
    pub busy: Memo<bool>,
    /// Why the last try failed.
    pub error: RwSignal<Option<ErrorView>>,
    /// The person wants to close it with something typed.
    pub discarding: RwSignal<bool>,
    pub storages: Watch<Vec<Storage>>,
    backups: Watch<Vec<Backup>>,
    cluster: Watch<ClusterStatus>,
    /// The storage that was proposed.
    proposed: RwSignal<String>,
    refused: Refusals<Draft>,
    on_close: Callback<()>,
    live: StoredValue<Live>,
}

impl Form {
    pub fn begin(vm: VmId, on_close: Callback<()>) -> Self {
        let live = use_live();
        let listed: Signal<Option<Arc<Vm>>> = live.vms.rows().row(&vm).into();
        let known = live.clone();
        let form = Self {
            vm,
            row: Signal::derive(move || listed.get().or_else(|| known.known_vm(vm))),
            storage: RwSignal::new(String::new()),
            mode: RwSignal::new(Mode::default()),
            compression: RwSignal::new(Compression::default().as_str().to_owned()),
            notes: RwSignal::new(NOTES.to_owned()),
            protect: RwSignal::new(false),
            busy: live.actions.is_busy(Change::BackUp(vm)),
            error: RwSignal::new(None),
            discarding: RwSignal::new(false),
            storages: live.storages.watch(),
            backups: live.vm(vm).backups.watch(),
            cluster: live.cluster.watch(),
            proposed: RwSignal::new(String::new()),
            refused: Refusals::new(),
            on_close,
            live: StoredValue::new(live),
        };
        form.propose();
        form
    }

    /// Storages come after the form; what was chosen by then is nobody's to change.
    fn propose(self) {
        Effect::new(move || {
            let best = self.best();
            if let Some(best) = best.filter(|_| self.storage.with_untracked(String::is_empty)) {
                self.proposed.set(best.clone());
                self.storage.set(best);
            }
        });
    }

    pub fn live(self) -> Live {
        self.live.get_value()
    }

    fn node(self) -> String {
        self.row
            .with(|row| row.as_ref().map(|row| row.node.clone()).unwrap_or_default())
    }

    /// Its newest backup; tracked.
    pub fn newest(self) -> Option<Backup> {
        self.backups.value.with(|all| {
            let all = all.as_deref()?;
            all.iter().max_by_key(|own| own.ctime).cloned()
        })
    }

    /// Storages for backups that the node of the VM reaches; tracked.
    fn places(self) -> Vec<Storage> {
        let node = self.node();
        let fits = |own: &&Storage| {
            let holds = own.content.iter().any(|word| word == "backup");
            let reached = own.nodes.is_empty() || node.is_empty() || own.nodes.contains(&node);
            holds && reached
        };
        self.storages.value.with(|all| {
            let all = all.as_deref().map(Vec::as_slice).unwrap_or_default();
            all.iter().filter(fits).cloned().collect()
        })
    }

    /// Where the newest is, else where there is most room.
    fn best(self) -> Option<String> {
        let mut places = self.places();
        places.retain(Storage::is_usable);
        // Where its backups lie says where it usually goes: that is waited for.
        let answered = |status: &Status| status.error.is_some() || status.updated.is_some();
        if !self.backups.status.with(answered) {
            return None;
        }
        let usual = self
            .newest()
            .and_then(|own| own.storage_name().map(ToOwned::to_owned));
        places.sort_by_key(|own| {
            let is_usual = usual.as_ref() == Some(&own.storage);
            std::cmp::Reverse((is_usual, own.available.map(|free| free.0)))
        });
        places.into_iter().next().map(|own| own.storage)
    }

    /// For the choice, with the room that each has.
    pub fn options(self) -> Vec<SelectOption> {
        let option = |own: &Storage| {
            let room = own
                .available
                .map_or_else(String::new, |free| format!(" ({} free)", free.capacity()));
            let off = (!own.is_usable()).then(|| "it does not answer".to_owned());
            SelectOption::new(own.storage.clone(), format!("{}{room}", own.storage)).disabled(off)
        };
        self.places().iter().map(option).collect()
    }

    /// No storage can take it, as far as is known; tracked.
    pub fn is_nowhere(self) -> bool {
        self.storages.value.with(Option::is_some) && self.places().is_empty()
    }

    fn place(self) -> Option<Storage> {
        let name = self.storage.get();
        self.places().into_iter().find(|own| own.storage == name)
    }

    /// Whether it goes to a Proxmox Backup Server, which packs in its own way; tracked.
    pub fn to_server(self) -> bool {
        self.place().is_some_and(|own| own.kind == "pbs")
    }

    /// Why it may not fit; tracked.
    pub fn tight(self) -> Option<String> {
        let (place, last) = (self.place()?, self.newest()?);
        let (free, size): (Bytes, Bytes) = (place.available?, last.size?);
        (size > free).then(|| {
            format!(
                "{} has {} free; the newest backup took {}.",
                place.storage,
                free.capacity(),
                size.amount()
            )
        })
    }

    fn draft(self) -> Draft {
        Draft {
            storage: self.storage.get(),
            mode: self.mode.get(),
            compression: self.compression.get(),
            notes: self.notes.get(),
            protect: self.protect.get(),
        }
    }

    /// The notes as they will be kept; tracked.
    pub fn filled(self) -> Result<String, String> {
        let (row, node) = (self.row.get(), self.node());
        let cluster = self.cluster.value.with(|told| {
            let name = told.as_ref().map(|told| told.cluster.name.clone());
            name.unwrap_or_default()
        });
        let guest = Guest {
            name: row.as_ref().map_or("", |row| row.name.as_str()),
            vm: self.vm,
            node: &node,
            cluster: &cluster,
        };
        self.notes.with(|notes| fill(notes.trim(), &guest))
    }

    /// What will be sent, once nothing is wrong with it; tracked.
    pub fn request(self) -> Option<NewBackup> {
        let draft = self.draft();
        let compression = Compression::ALL
            .into_iter()
            .find(|own| own.as_str() == draft.compression)?;
        Some(NewBackup {
            storage: Some(draft.storage).filter(|name| !name.is_empty())?,
            mode: draft.mode,
            compression,
            notes: self.filled().ok()?,
            protect: draft.protect,
        })
    }

    /// Why a field can't be taken: as typed, or as the server said of just this input; tracked.
    pub fn error_of(self, field: &'static str) -> Signal<Option<String>> {
        Memo::new(move |_| {
            let draft = self.draft();
            let typed = match field {
                "notes" => self.filled().err(),
                _ => None,
            };
            typed.or_else(|| self.refused.of(field, |refused| *refused == draft))
        })
        .into()
    }

    /// Why it can't be sent now, whatever is typed; tracked.
    pub fn blocked(self) -> Option<String> {
        let live = self.live();
        self.row
            .with(|row| row.as_ref().and_then(|row| may::back_up(&live, row)))
    }

    /// The call that will be sent; tracked.
    pub fn call(self) -> Option<String> {
        let request = self.request()?;
        let client = self.live().client.clone();
        Some(curl_of(&client, &backups::create_shown(self.vm, &request)))
    }

    /// Whether the person has chosen or typed anything; tracked.
    pub fn is_touched(self) -> bool {
        let untouched = Draft {
            storage: self.proposed.get(),
            mode: Mode::default(),
            compression: Compression::default().as_str().to_owned(),
            notes: NOTES.to_owned(),
            protect: false,
        };
        self.draft() != untouched
    }

    /// Closes it, after a question where something was typed.
    pub fn close(self) {
        if untrack(|| self.is_touched()) {
            self.discarding.set(true);
        } else {
            self.on_close.run(());
        }
    }

    /// Closes it and forgets what was typed.
    pub fn discard(self) {
        self.on_close.run(());
    }

    /// Starts the backup. A failure leaves everything as it was typed.
    pub fn send(self) {
        if self.busy.get_untracked() || untrack(|| self.blocked()).is_some() {
            return;
        }
        let Some(request) = untrack(|| self.request()) else {
            return;
        };
        let live = self.live();
        self.error.set(None);
        let sending = live.actions.back_up(self.vm, request, Failures::Caller);
        spawn::action(async move {
            match sending.await {
                Some(Ok(_)) => {
                    let _ = self.on_close.try_run(());
                }
                Some(Err(error)) => self.failed(&live, &error),
                None => {}
            }
        });
    }

    fn failed(self, live: &Live, error: &ApiError) {
        let title = if error.is_unsure() {
            "It is not known whether the backup was begun"
        } else {
            "The backup was not begun"
        };
        let view = error_view(title, error, live.clock.now());
        if self.error.try_set(Some(view)).is_some() {
            let notice = Notice::failed(title, error).vm(Some(self.vm));
            live.notices.push(notice);
            return;
        }
        let draft = untrack(|| self.draft());
        self.refused.note(draft, error);
    }
}
