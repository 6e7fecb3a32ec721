//! State of the dialog, from the choice of VMs to what came of each.

use super::super::super::dialogs::Draft;
use crate::api::ApiError;
use crate::api::bulk::{self, BulkDryRun, BulkForecast, BulkSnapshotRequest, BulkVmResult};
use crate::api::vms::Vm;
use crate::components::ErrorView;
use crate::domain::ids::VmId;
use crate::domain::snapshot::{name, pattern};
use crate::domain::units::count;
use crate::screens::common::call::curl_of;
use crate::screens::common::faces::error_view;
use crate::screens::common::facts::matching;
use crate::stores::actions::Failures;
use crate::stores::fleet_snapshots::Found;
use crate::stores::notices::Notice;
use crate::stores::{Live, spawn};
use leptos::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Letters of a description, in a call for many.
pub const DESCRIPTION: usize = 200;

/// Where the person is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Choosing.
    Fill,
    /// Looking at what would come of it.
    Review,
    /// Looking at what came of it.
    Done,
}

/// The dialog's state.
#[derive(Debug, Clone, Copy)]
pub struct Form {
    pub search: RwSignal<String>,
    pub chosen: RwSignal<BTreeSet<VmId>>,
    pub pattern: RwSignal<String>,
    pub description: RwSignal<String>,
    pub life: RwSignal<String>,
    pub hours: RwSignal<String>,
    pub memory: RwSignal<bool>,
    pub step: RwSignal<Step>,
    pub busy: RwSignal<bool>,
    pub error: RwSignal<Option<ErrorView>>,
    pub discarding: RwSignal<bool>,
    /// What the server says would come of it.
    pub forecast: RwSignal<Arc<BulkDryRun>>,
    /// What came of it.
    pub results: RwSignal<Vec<BulkVmResult>>,
    open: RwSignal<Option<BTreeSet<VmId>>>,
    /// What was chosen when it was opened.
    began: StoredValue<BTreeSet<VmId>>,
    live: StoredValue<Live>,
}

impl Form {
    /// With the VMs that it was opened with.
    pub fn begin(live: Live, open: RwSignal<Option<BTreeSet<VmId>>>) -> Self {
        let began = open.get_untracked().unwrap_or_default();
        Self {
            search: RwSignal::new(String::new()),
            chosen: RwSignal::new(began.clone()),
            pattern: RwSignal::new(String::new()),
            description: RwSignal::new(String::new()),
            life: RwSignal::new(String::new()),
            hours: RwSignal::new(String::new()),
            memory: RwSignal::new(false),
            step: RwSignal::new(Step::Fill),
            busy: RwSignal::new(false),
            error: RwSignal::new(None),
            discarding: RwSignal::new(false),
            forecast: RwSignal::new(Arc::default()),
            results: RwSignal::new(Vec::new()),
            open,
            began: StoredValue::new(began),
            live: StoredValue::new(live),
        }
    }

    pub fn live(self) -> Live {
        self.live.get_value()
    }

    /// `3 VMs`; tracked.
    pub fn number(self) -> String {
        count(self.chosen.with(BTreeSet::len), "VM", "VMs")
    }

    /// VMs that fit the search, templates left out, by name; tracked.
    pub fn matching(self) -> Vec<Arc<Vm>> {
        let roster = self.live().vms.rows().roster();
        let found = self.search.with(|search| matching(&roster, search));
        let fits = roster
            .iter()
            .filter(|vm| !vm.template && found.contains(&vm.vmid));
        let mut vms: Vec<Arc<Vm>> = fits.cloned().collect();
        // What was chosen before stands first: the list is cut.
        let began = self.began.get_value();
        vms.sort_by(|a, b| {
            let later = |vm: &Vm| !began.contains(&vm.vmid);
            (later(a).cmp(&later(b)))
                .then_with(|| crate::domain::text::natural(&a.name, &b.name))
                .then(a.vmid.cmp(&b.vmid))
        });
        vms
    }

    /// Ticks a VM, or takes its tick off.
    pub fn toggle(self, vm: VmId) {
        self.chosen.update(|chosen| {
            if !chosen.remove(&vm) {
                chosen.insert(vm);
            }
        });
    }

    pub fn draft(self) -> Draft {
        Draft {
            name: self.pattern.get(),
            description: self.description.get(),
            life: self.life.get(),
            hours: self.hours.get(),
            memory: self.memory.get(),
        }
    }

    /// What each of the chosen VMs' snapshots would be called, or what is wrong with that, as far
    /// as is known here; tracked.
    pub fn preview(self) -> Vec<(String, Result<String, String>)> {
        let live = self.live();
        let pattern = self.pattern.get();
        let read = live.fleet_snapshots.read().get();
        let now = live.clock.now();
        let one = |vm: &VmId| {
            let vm_name = live.vm_name(*vm);
            let filled = pattern::fill(pattern.trim(), &vm_name, now).and_then(|filled| {
                let taken = |name: &str| match read.of.get(vm) {
                    Some(Found::Known(list)) => list.iter().any(|row| row.name == name),
                    _ => false,
                };
                name::check(&filled, taken).map(|()| filled)
            });
            (vm_name, filled)
        };
        self.chosen.with(|chosen| chosen.iter().map(one).collect())
    }

    /// What is wrong with the pattern, once something is typed; tracked.
    pub fn pattern_error(self) -> Option<String> {
        let text = self.pattern.get();
        if text.is_empty() {
            return None;
        }
        if text.chars().count() > name::LONGEST {
            return Some(format!("At most {} characters", name::LONGEST));
        }
        pattern::check(text.trim()).err()
    }

    /// Why it can't be checked yet; tracked.
    pub fn blocked(self) -> Option<String> {
        if self.chosen.with(BTreeSet::is_empty) {
            Some("Choose VMs first".to_owned())
        } else if self.pattern.with(String::is_empty) {
            Some("Give the snapshots a name first".to_owned())
        } else if self.pattern_error().is_some()
            || self.draft().ttl().is_err()
            || self
                .description
                .with(|text| text.chars().count() > DESCRIPTION)
        {
            Some("Correct the marked fields first".to_owned())
        } else {
            None
        }
    }

    fn request(self, vms: Vec<VmId>) -> BulkSnapshotRequest {
        let draft = self.draft();
        BulkSnapshotRequest {
            vm_ids: vms,
            pattern: draft.name.trim().to_owned(),
            description: draft.description.trim().to_owned(),
            ttl: draft.ttl().unwrap_or_default(),
            memory: draft.memory,
        }
    }

    /// Asks the server what would come of it.
    pub fn review(self) {
        if self.busy.get_untracked() || untrack(|| self.blocked()).is_some() {
            return;
        }
        let live = self.live();
        let chosen = self.chosen.get_untracked().into_iter().collect();
        let request = untrack(|| self.request(chosen));
        self.busy.set(true);
        self.error.set(None);
        spawn::action(async move {
            let answer = bulk::forecast_snapshots(&live.client, &request).await;
            let _ = self.busy.try_set(false);
            match answer {
                Ok(forecast) => {
                    let _ = self.forecast.try_set(Arc::new(forecast));
                    let _ = self.step.try_set(Step::Review);
                }
                Err(error) => self.failed(&live, "The names could not be checked", &error),
            }
        });
    }

    /// Those that would succeed; tracked.
    pub fn accepted(self) -> Vec<VmId> {
        self.forecast.with(|forecast| {
            let good = forecast.affected.iter().filter(|row| row.would_succeed);
            good.map(|row| row.vmid).collect()
        })
    }

    /// Those that would not; tracked.
    pub fn left_out(self) -> Vec<BulkForecast> {
        self.forecast.with(|forecast| {
            let bad = forecast.affected.iter().filter(|row| !row.would_succeed);
            bad.cloned().collect()
        })
    }

    /// The call that will be sent; tracked.
    pub fn call(self) -> String {
        let client = self.live().client.clone();
        let request = self.request(self.accepted());
        curl_of(&client, &bulk::snapshots_shown(&client, &request))
    }

    /// Takes them.
    pub fn send(self) {
        let vms = untrack(|| self.accepted());
        if self.busy.get_untracked() || vms.is_empty() {
            return;
        }
        let live = self.live();
        self.busy.set(true);
        self.error.set(None);
        let request = untrack(|| self.request(vms));
        let sending = live.actions.bulk_snapshot(request, Failures::Caller);
        spawn::action(async move {
            let answer = sending.await;
            let _ = self.busy.try_set(false);
            match answer {
                Some(Ok(result)) => {
                    let _ = self.results.try_set(result.results);
                    let _ = self.step.try_set(Step::Done);
                }
                // Pressed again it would take them twice: their names are checked anew first.
                Some(Err(error)) if error.is_unsure() => {
                    let _ = self.step.try_set(Step::Fill);
                    let title = "It is not known whether the snapshots are being taken";
                    self.failed(&live, title, &error);
                }
                Some(Err(error)) => self.failed(&live, "The snapshots were not taken", &error),
                None => {
                    let _ = self.error.try_set(Some(ErrorView {
                        title: "The snapshots were not taken".to_owned(),
                        message: "Others are being asked for just now; nothing was sent."
                            .to_owned(),
                        ..ErrorView::default()
                    }));
                }
            }
        });
    }

    fn failed(self, live: &Live, title: &str, error: &ApiError) {
        let view = error_view(title, error, live.clock.now());
        if self.error.try_set(Some(view)).is_some() {
            live.notices.push(Notice::failed(title, error));
        }
    }

    /// `Take 3 snapshots: 2 begun, 1 refused`; tracked.
    pub fn outcome_title(self) -> String {
        self.results.with(|results| {
            let begun = results.iter().filter(|row| row.success).count();
            let many = count(results.len(), "snapshot", "snapshots");
            match results.len() - begun {
                0 => format!("Take {many}: begun"),
                refused => format!("Take {many}: {begun} begun, {refused} refused"),
            }
        })
    }

    /// Whether something is typed or chosen that is not sent; tracked.
    pub fn is_touched(self) -> bool {
        let untouched = self
            .began
            .with_value(|began| self.chosen.with(|chosen| chosen == began));
        self.step.get() != Step::Done && !(untouched && self.draft() == Draft::default())
    }

    /// Closes it, after a question where something was chosen.
    pub fn close(self) {
        if !untrack(|| self.is_touched()) {
            self.discard();
        } else {
            self.discarding.set(true);
        }
    }

    /// Closes it.
    pub fn discard(self) {
        self.open.set(None);
    }
}
