//! State of the form, from its opening to the server's answer.

use super::parked::{self, Parked};
use crate::api::vms::{self, ConfigPatch};
use crate::api::{ApiError, ErrorKind};
use crate::components::ErrorView;
use crate::domain::config::{self, Change, Choices, ConfigMap, Draft, Meanwhile, Patch};
use crate::domain::status::GuestKind;
use crate::screens::common::call::curl_of;
use crate::screens::common::faces::error_view;
use crate::screens::common::refusals::Refusals;
use crate::screens::unsaved::guard;
use crate::screens::vm_detail::model::VmPage;
use crate::stores::actions::Failures;
use crate::stores::notices::Notice;
use crate::stores::{Live, spawn, use_live};
use leptos::prelude::*;
use std::sync::Arc;

/// Where the person is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Typing.
    Fill,
    /// Looking at the differences.
    Review,
}

/// The form. Fields are what was typed; nothing but [`Form::save`] sends anything.
#[derive(Debug, Clone, Copy)]
pub struct Form {
    pub vm: VmPage,
    pub name: RwSignal<String>,
    pub ostype: RwSignal<String>,
    pub cpu: RwSignal<String>,
    pub cores: RwSignal<String>,
    pub memory: RwSignal<String>,
    pub balloon: RwSignal<String>,
    pub boot: RwSignal<Vec<String>>,
    pub onboot: RwSignal<bool>,
    pub agent: RwSignal<bool>,
    pub protection: RwSignal<bool>,
    pub description: RwSignal<String>,
    pub step: RwSignal<Step>,
    pub busy: RwSignal<bool>,
    /// Why the last try failed.
    pub error: RwSignal<Option<ErrorView>>,
    /// The person wants to close it with something typed.
    pub discarding: RwSignal<bool>,
    /// The safety rules refused: whether to go past them is asked.
    pub offers_force: RwSignal<bool>,
    pub force: RwSignal<bool>,
    /// Which value to go on with, by field that somebody else changed, too.
    pub choices: RwSignal<Choices>,
    /// What was typed earlier is back.
    pub restored: RwSignal<bool>,
    base: RwSignal<Arc<ConfigMap>>,
    digest: RwSignal<Option<String>>,
    refused: Refusals<Draft>,
    open: RwSignal<bool>,
    live: StoredValue<Live>,
}

impl Form {
    /// Over the configuration as it will be at the next start, or over what was typed earlier.
    #[must_use]
    pub fn begin(vm: VmPage, open: RwSignal<bool>) -> Self {
        let base = untrack(|| vm.next_config()).unwrap_or_default();
        let earlier = parked::get(vm.id);
        let (base, draft) = match &earlier {
            Some(parked) => (Arc::clone(&parked.base), parked.draft.clone()),
            None => (Arc::clone(&base), Draft::of(&base)),
        };
        Self {
            vm,
            name: RwSignal::new(draft.name),
            ostype: RwSignal::new(draft.ostype),
            cpu: RwSignal::new(draft.cpu),
            cores: RwSignal::new(draft.cores),
            memory: RwSignal::new(draft.memory),
            balloon: RwSignal::new(draft.balloon),
            boot: RwSignal::new(draft.boot),
            onboot: RwSignal::new(draft.onboot),
            agent: RwSignal::new(draft.agent),
            protection: RwSignal::new(draft.protection),
            description: RwSignal::new(draft.description),
            step: RwSignal::new(Step::Fill),
            busy: RwSignal::new(false),
            error: RwSignal::new(None),
            discarding: RwSignal::new(false),
            offers_force: RwSignal::new(false),
            force: RwSignal::new(false),
            choices: RwSignal::new(Choices::new()),
            restored: RwSignal::new(earlier.is_some()),
            digest: RwSignal::new(config::text(&base, "digest")),
            base: RwSignal::new(base),
            refused: Refusals::new(),
            open,
            live: StoredValue::new(use_live()),
        }
    }

    /// What is typed; tracked.
    #[must_use]
    pub fn draft(&self) -> Draft {
        Draft {
            name: self.name.get(),
            ostype: self.ostype.get(),
            cpu: self.cpu.get(),
            cores: self.cores.get(),
            memory: self.memory.get(),
            balloon: self.balloon.get(),
            boot: self.boot.get(),
            onboot: self.onboot.get(),
            agent: self.agent.get(),
            protection: self.protection.get(),
            description: self.description.get(),
        }
    }

    fn fill(&self, draft: Draft) {
        self.name.set(draft.name);
        self.ostype.set(draft.ostype);
        self.cpu.set(draft.cpu);
        self.cores.set(draft.cores);
        self.memory.set(draft.memory);
        self.balloon.set(draft.balloon);
        self.boot.set(draft.boot);
        self.onboot.set(draft.onboot);
        self.agent.set(draft.agent);
        self.protection.set(draft.protection);
        self.description.set(draft.description);
    }

    /// The configuration that the draft is compared with; tracked.
    #[must_use]
    pub fn base(&self) -> Arc<ConfigMap> {
        self.base.get()
    }

    /// Whether anything differs from what the form began with; tracked.
    #[must_use]
    pub fn is_dirty(&self) -> bool {
        self.base.with(|base| Draft::of(base) != self.draft())
    }

    fn patch(&self) -> Patch {
        self.base
            .with(|base| self.draft().patch(base))
            .unwrap_or_default()
    }

    /// The differences, in words; tracked.
    #[must_use]
    pub fn changes(&self) -> Vec<Change> {
        let patch = self.patch();
        self.base.with(|base| config::changes(base, &patch))
    }

    /// What somebody else changed since the form began; tracked.
    #[must_use]
    pub fn meanwhile(&self) -> Vec<Meanwhile> {
        let Some(theirs) = self.vm.next_config() else {
            return Vec::new();
        };
        let draft = self.draft();
        self.base
            .with(|base| config::meanwhile(base, &theirs, &draft))
    }

    /// Goes on over what somebody else saved, with the value of each field that was chosen.
    pub fn settle(&self) {
        let Some(theirs) = untrack(|| self.vm.next_config()) else {
            return;
        };
        let draft = untrack(|| self.draft());
        let base = self.base.get_untracked();
        let choices = self.choices.get_untracked();
        self.choices.set(Choices::new());
        self.fill(draft.over(&base, &theirs, &choices));
        self.digest.set(config::text(&theirs, "digest"));
        self.base.set(theirs);
        self.error.set(None);
        self.step.set(Step::Fill);
    }

    /// Why a field cannot be taken: as typed, or as the server said of just this input. Tracked.
    #[must_use]
    pub fn error_of(&self, field: &'static str) -> Signal<Option<String>> {
        let form = *self;
        Memo::new(move |_| {
            let draft = form.draft();
            let typed = form.base.with(|base| {
                draft
                    .check(base)
                    .into_iter()
                    .find(|error| error.field == field)
            });
            typed.map(|error| error.message).or_else(|| {
                form.refused
                    .of(field, |refused| same_field(refused, &draft, field))
            })
        })
        .into()
    }

    /// Why the changes cannot be reviewed or saved now; tracked.
    #[must_use]
    pub fn blocked(&self) -> Signal<Option<String>> {
        let form = *self;
        Memo::new(move |_| {
            let draft = form.draft();
            let wrong = form.base.with(|base| !draft.check(base).is_empty());
            if wrong {
                Some("Correct the marked fields first".to_owned())
            } else if !form.meanwhile().is_empty() {
                Some("Somebody changed the configuration meanwhile: choose how to go on".to_owned())
            } else if form.patch().is_empty() {
                Some("Nothing has changed".to_owned())
            } else {
                None
            }
        })
        .into()
    }

    /// Whether the guest is a container, which has fewer settings.
    #[must_use]
    pub fn is_container(&self) -> bool {
        self.vm.vm.with_untracked(|vm| vm.kind == GuestKind::Lxc)
    }

    /// Closes it, after a question where something was typed.
    pub fn ask_close(&self) {
        if untrack(|| self.is_dirty()) {
            self.discarding.set(true);
        } else {
            self.discard();
        }
    }

    /// Closes it and forgets what was typed.
    pub fn discard(&self) {
        parked::drop_of(self.vm.id);
        self.open.set(false);
    }

    /// Begins anew with what holds now.
    pub fn start_over(&self) {
        let Some(now) = untrack(|| self.vm.next_config()) else {
            return;
        };
        self.fill(Draft::of(&now));
        self.digest.set(config::text(&now, "digest"));
        self.base.set(now);
        self.restored.set(false);
    }

    /// Keeps what is typed for the case that the page is left.
    pub fn park(self) {
        // What is kept outlives the page, so it is written whenever it changes.
        Effect::new(move || {
            if self.is_dirty() {
                let parked = Parked {
                    draft: self.draft(),
                    base: self.base.get(),
                };
                parked::put(self.vm.id, parked);
            } else {
                parked::drop_of(self.vm.id);
            }
        });
    }

    /// Has the browser ask before the tab is closed or loaded anew. Elsewhere in the console
    /// nothing is lost: what is typed is parked.
    pub fn guard_unload(self) {
        let what = move || self.is_dirty().then(|| "changes of the VM".to_owned());
        guard(Signal::derive(what), None);
    }

    /// The old values of what is changed.
    fn way_back(&self) -> ConfigPatch {
        let patch = untrack(|| self.patch());
        let old = |(key, _): (String, _)| {
            let value = self.base.with_untracked(|base| base.get(&key).cloned());
            (key, value)
        };
        ConfigPatch::from(patch.into_iter().map(old).collect::<Patch>())
    }

    fn request(&self) -> ConfigPatch {
        ConfigPatch::from(untrack(|| self.patch()))
            .digest(self.digest.get_untracked())
            .force(self.force.get_untracked())
    }

    /// The call that will be sent; tracked.
    #[must_use]
    pub fn call(&self) -> String {
        let patch = ConfigPatch::from(self.patch())
            .digest(self.digest.get())
            .force(self.force.get());
        let request = vms::config_shown(self.vm.id, &patch);
        self.live.with_value(|live| curl_of(&live.client, &request))
    }

    /// Sends the changes. A failure leaves everything as it was typed.
    pub fn save(self) {
        if self.busy.get_untracked() {
            return;
        }
        let live = self.live.get_value();
        self.busy.set(true);
        self.error.set(None);
        let sending = live.actions.update_config(
            self.vm.id,
            self.request(),
            self.way_back(),
            Failures::Caller,
        );
        spawn::action(async move {
            let answer = sending.await;
            match answer {
                Some(Ok(_)) => {
                    parked::drop_of(self.vm.id);
                    let _ = self.busy.try_set(false);
                    let _ = self.open.try_set(false);
                }
                Some(Err(error)) => self.failed(&live, &error).await,
                None => {
                    let _ = self.busy.try_set(false);
                }
            }
        });
    }

    async fn failed(self, live: &Live, error: &ApiError) {
        let title = if error.is_unsure() {
            "It is not known whether the changes were saved"
        } else {
            "The changes were not saved"
        };
        let view = error_view(title, error, live.clock.now());
        if self.error.try_set(Some(view)).is_some() {
            // The form is gone; what was typed is kept, and this is told all the same.
            live.notices
                .push(Notice::failed(title, error).vm(Some(self.vm.id)));
            return;
        }
        if !error.fields.is_empty() {
            let draft = untrack(|| self.draft());
            self.refused.note(draft, error);
            let _ = self.step.try_set(Step::Fill);
        }
        let _ = self.offers_force.try_set(error.kind == ErrorKind::SafeMode);
        if error.kind == ErrorKind::Conflict {
            // What was saved there is compared with what is typed here.
            let feed = live.vm(self.vm.id).detail.clone();
            if feed.refresh().await.is_ok() {
                self.take_digest();
            }
            let _ = self.step.try_set(Step::Fill);
        }
        let _ = self.busy.try_set(false);
    }

    /// Where the other change left every value as it is, saving again is all there is to do.
    fn take_digest(self) {
        let same = untrack(|| self.meanwhile().is_empty());
        let fresh = untrack(|| self.vm.next_config()).and_then(|now| config::text(&now, "digest"));
        if same {
            let _ = self.digest.try_set(fresh);
        }
    }
}

/// Whether a refused field is still what was refused; a balloon is judged by the memory, too.
fn same_field(one: &Draft, other: &Draft, field: &str) -> bool {
    one.same(other, field) && (field != "balloon" || one.same(other, "memory"))
}
