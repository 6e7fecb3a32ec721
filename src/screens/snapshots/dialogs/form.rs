//! State of the form for a new snapshot, from its opening to the server's answer.

use super::super::ask::{Sent, SnapshotAsk};
use super::super::may;
use super::About;
use crate::api::ApiError;
use crate::api::snapshots::{self, NewSnapshot};
use crate::components::ErrorView;
use crate::domain::ids::VmId;
use crate::domain::snapshot::life::LONGEST;
use crate::domain::snapshot::{Ttl, name, pattern};
use crate::domain::task::TaskState;
use crate::domain::units::Instant;
use crate::screens::common::call::curl_of;
use crate::screens::common::faces::error_view;
use crate::screens::common::refusals::Refusals;
use crate::stores::actions::Failures;
use crate::stores::notices::Notice;
use crate::stores::tray::TrayTask;
use crate::stores::{Live, spawn, use_live};
use leptos::prelude::*;

/// Letters of a description.
pub const DESCRIPTION: usize = 1024;
/// In the choice of lifetimes: until somebody deletes it.
pub const FOR_EVER: &str = "";
/// In the choice of lifetimes: as many hours as are typed.
pub const OTHER: &str = "other";

/// What is typed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Draft {
    /// A name, or a pattern.
    pub name: String,
    /// Free words.
    pub description: String,
    /// Hours as a word, [`FOR_EVER`] or [`OTHER`].
    pub life: String,
    /// Hours as typed, where `life` is [`OTHER`].
    pub hours: String,
    /// Keep the memory.
    pub memory: bool,
}

impl Draft {
    /// Its lifetime.
    ///
    /// # Errors
    /// What is wrong with the hours.
    pub fn ttl(&self) -> Result<Option<Ttl>, String> {
        let text = match self.life.as_str() {
            FOR_EVER => return Ok(None),
            OTHER => self.hours.trim(),
            hours => hours,
        };
        let hours = text.parse::<u32>().ok();
        hours
            .filter(|hours| (1..=LONGEST).contains(hours))
            .map(|hours| Some(Ttl(hours)))
            .ok_or_else(|| format!("Whole hours from 1 to {LONGEST}, a year"))
    }
}

/// The form. Nothing but [`Form::send`] sends anything.
#[derive(Clone, Copy)]
pub(super) struct Form {
    pub vm: VmId,
    pub about: About,
    pub name: RwSignal<String>,
    pub description: RwSignal<String>,
    pub life: RwSignal<String>,
    pub hours: RwSignal<String>,
    pub memory: RwSignal<bool>,
    pub busy: RwSignal<bool>,
    /// Why the last try failed.
    pub error: RwSignal<Option<ErrorView>>,
    /// The person wants to close it with something typed.
    pub discarding: RwSignal<bool>,
    /// What was typed for one that failed is back.
    pub restored: bool,
    /// A field was left, or it was tried to send: what is missing is said then.
    pub looked: RwSignal<bool>,
    refused: Refusals<Draft>,
    ask: SnapshotAsk,
    on_close: Callback<()>,
    live: StoredValue<Live>,
}

impl Form {
    /// Empty, or with what was typed for one of this VM that has failed since.
    pub fn begin(vm: VmId, ask: SnapshotAsk, on_close: Callback<()>) -> Self {
        let live = use_live();
        let about = About::new(&live, vm);
        let sent = ask.sent.get_untracked().filter(|sent| sent.vm == vm);
        let state = sent.as_ref().and_then(|sent| state_of(&live, sent));
        if matches!(state, Some(TaskState::Ok | TaskState::Warning(_))) {
            ask.sent.set(None);
        }
        let failed = state.is_some_and(|state| state.is_failed());
        let earlier = sent.filter(|_| failed).map(|sent| sent.draft);
        let restored = earlier.is_some();
        let draft = earlier.unwrap_or_default();
        Self {
            vm,
            about,
            name: RwSignal::new(draft.name),
            description: RwSignal::new(draft.description),
            life: RwSignal::new(draft.life),
            hours: RwSignal::new(draft.hours),
            memory: RwSignal::new(draft.memory),
            busy: RwSignal::new(false),
            error: RwSignal::new(None),
            discarding: RwSignal::new(false),
            restored,
            looked: RwSignal::new(restored),
            refused: Refusals::new(),
            ask,
            on_close,
            live: StoredValue::new(live),
        }
    }

    pub fn live(self) -> Live {
        self.live.get_value()
    }

    fn now(self) -> Instant {
        self.live().clock.now()
    }

    /// What is typed; tracked.
    pub fn draft(self) -> Draft {
        Draft {
            name: self.name.get(),
            description: self.description.get(),
            life: self.life.get(),
            hours: self.hours.get(),
            memory: self.memory.get(),
        }
    }

    fn vm_name(self) -> String {
        let row = self.about.row.get();
        row.map(|row| row.name.clone()).unwrap_or_default()
    }

    /// The name that will be given; tracked.
    pub fn filled(self) -> Result<String, String> {
        let typed = self.name.get();
        pattern::fill(typed.trim(), &self.vm_name(), self.now())
    }

    fn check_name(self) -> Result<String, String> {
        let filled = self.filled()?;
        let known = self.about.known.get();
        name::check(&filled, |name| {
            known.as_ref().is_some_and(|known| known.has(name))
        })?;
        Ok(filled)
    }

    /// Why the memory can't be kept; tracked.
    pub fn memory_refused(self) -> Option<String> {
        self.about
            .row
            .with(|row| row.as_ref().and_then(|row| may::keep_memory(row)))
    }

    /// What will be sent, once nothing is wrong with it; tracked.
    pub fn request(self) -> Result<NewSnapshot, ()> {
        let draft = self.draft();
        let (Ok(name), Ok(ttl)) = (self.check_name(), draft.ttl()) else {
            return Err(());
        };
        if draft.description.chars().count() > DESCRIPTION {
            return Err(());
        }
        Ok(NewSnapshot {
            name,
            description: draft.description.trim().to_owned(),
            memory: draft.memory && self.memory_refused().is_none(),
            ttl,
        })
    }

    /// Why a field can't be taken: as typed, or as the server said of just this input; tracked.
    pub fn error_of(self, field: &'static str) -> Signal<Option<String>> {
        Memo::new(move |_| {
            let draft = self.draft();
            let typed = match field {
                // An empty field is nobody's mistake before it was left.
                "name" if draft.name.is_empty() && !self.looked.get() => None,
                "name" => self.check_name().err(),
                "ttlHours" if draft.hours.is_empty() && !self.looked.get() => None,
                "ttlHours" => draft.ttl().err(),
                _ => None,
            };
            typed.or_else(|| self.refused.of(field, |refused| *refused == draft))
        })
        .into()
    }

    /// Why it can't be sent now, whatever is typed; tracked.
    pub fn blocked(self) -> Option<String> {
        let live = self.live();
        self.about
            .row
            .with(|row| row.as_ref().and_then(|row| may::create(&live, row)))
    }

    /// The call that will be sent; tracked.
    pub fn call(self) -> Option<String> {
        let request = self.request().ok()?;
        let client = self.live().client.clone();
        Some(curl_of(
            &client,
            &snapshots::create_shown(&client, self.vm, &request),
        ))
    }

    /// Closes it, after a question where something was typed.
    pub fn close(self) {
        if untrack(|| self.draft()) == Draft::default() {
            self.on_close.run(());
        } else {
            self.discarding.set(true);
        }
    }

    /// Closes it and forgets what was typed.
    pub fn discard(self) {
        self.ask.sent.set(None);
        self.on_close.run(());
    }

    /// Takes the snapshot. A failure leaves everything as it was typed.
    pub fn send(self) {
        self.looked.set(true);
        if self.busy.get_untracked() || untrack(|| self.blocked()).is_some() {
            return;
        }
        let Ok(request) = untrack(|| self.request()) else {
            return;
        };
        let live = self.live();
        self.busy.set(true);
        self.error.set(None);
        // Kept until it is known to be there: the task may fail after the dialog has closed.
        self.ask.sent.set(Some(Sent {
            vm: self.vm,
            name: request.name.clone(),
            draft: untrack(|| self.draft()),
        }));
        let sending = live
            .actions
            .create_snapshot(self.vm, request, Failures::Caller);
        spawn::action(async move {
            let answer = sending.await;
            let _ = self.busy.try_set(false);
            match answer {
                Some(Ok(_)) => {
                    let _ = self.on_close.try_run(());
                }
                Some(Err(error)) => self.failed(&live, &error),
                None => self.busy_elsewhere(),
            }
        });
    }

    fn busy_elsewhere(self) {
        let _ = self.error.try_set(Some(ErrorView {
            title: "The snapshot was not taken".to_owned(),
            message: "Another change of this VM's snapshots is under way; nothing was sent."
                .to_owned(),
            ..ErrorView::default()
        }));
    }

    fn failed(self, live: &Live, error: &ApiError) {
        let title = if error.is_unsure() {
            "It is not known whether the snapshot is being taken"
        } else {
            "The snapshot was not taken"
        };
        let view = error_view(title, error, live.clock.now());
        if self.error.try_set(Some(view)).is_some() {
            live.notices
                .push(Notice::failed(title, error).vm(Some(self.vm)));
            return;
        }
        let draft = untrack(|| self.draft());
        self.refused.note(draft, error);
    }
}

/// How the task that was to take a snapshot stands, as far as the tray knows.
fn state_of(live: &Live, sent: &Sent) -> Option<TaskState> {
    let title = format!("Take snapshot {} of ", sent.name);
    live.tray.mine().with_untracked(|mine| {
        mine.iter()
            .find(|task| {
                task.vm == Some(sent.vm)
                    && matches!(task.kind.as_str(), "qmsnapshot" | "vzsnapshot")
                    && task.title.starts_with(&title)
            })
            .map(TrayTask::state)
    })
}
