//! The one way from a button to a change of snapshots: asks first. Needs [`SnapshotDialogs`] on
//! the page.

use super::dialogs::{self, Draft};
use crate::components::lazy::{Load, area_part};
use crate::domain::ids::VmId;
use crate::domain::snapshot::sweep::Target;
use crate::lazy_view;
use leptos::prelude::*;

/// What a person is asked.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Asked {
    /// What a new snapshot is to be.
    Create(VmId),
    /// Whether to delete one.
    Delete(VmId, String),
    /// Whether to go back to one.
    RollBack(VmId, String),
    /// Whether to delete several.
    Sweep(Vec<Target>),
    /// Whether to roll several VMs back.
    RollBackMany(Vec<Target>),
    /// How that goes with several.
    Swept,
}

/// What was sent, and typed for it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Sent {
    pub vm: VmId,
    /// The name that was given: a pattern is filled in.
    pub name: String,
    pub draft: Draft,
}

/// Asks about snapshots.
#[derive(Debug, Clone, Copy)]
pub struct SnapshotAsk {
    asked: RwSignal<Option<Asked>>,
    /// What was typed for a snapshot whose task may still fail.
    pub(super) sent: RwSignal<Option<Sent>>,
    /// Several were deleted, or their deletion has begun: nothing need stay chosen.
    pub(super) swept: StoredValue<Option<Callback<()>>>,
}

impl SnapshotAsk {
    /// For the page that is being built; call it in the component's body.
    #[must_use]
    pub fn new() -> Self {
        Self {
            asked: RwSignal::new(None),
            sent: RwSignal::new(None),
            swept: StoredValue::new(None),
        }
    }

    /// Has `then` called when the deletion of several has begun.
    #[must_use]
    pub fn when_swept(self, then: Callback<()>) -> Self {
        self.swept.set_value(Some(then));
        self
    }

    // Each fails only after the page has gone, with nobody left to ask.

    /// Asks what a new snapshot is to be.
    pub fn create(self, vm: VmId) {
        let _ = self.asked.try_set(Some(Asked::Create(vm)));
    }

    /// Asks whether to delete one.
    pub fn delete(self, vm: VmId, name: String) {
        let _ = self.asked.try_set(Some(Asked::Delete(vm, name)));
    }

    /// Asks whether to go back to one; the name of the VM must be typed.
    pub fn roll_back(self, vm: VmId, name: String) {
        let _ = self.asked.try_set(Some(Asked::RollBack(vm, name)));
    }

    /// Asks whether to delete several.
    pub fn sweep(self, targets: Vec<Target>) {
        let _ = self.asked.try_set(Some(Asked::Sweep(targets)));
    }

    /// Asks whether to roll several VMs back; their number must be typed.
    pub fn roll_back_many(self, targets: Vec<Target>) {
        let _ = self.asked.try_set(Some(Asked::RollBackMany(targets)));
    }

    /// Shows how it goes with several.
    pub fn show_sweep(self) {
        let _ = self.asked.try_set(Some(Asked::Swept));
    }

    /// Whether how that goes is shown; tracked.
    #[must_use]
    pub fn shows_sweep(self) -> bool {
        self.asked
            .with(|asked| matches!(asked, Some(Asked::Sweep(_) | Asked::Swept)))
    }

    pub(super) fn tell_swept(self) {
        if let Some(then) = self.swept.try_get_value().flatten() {
            let _ = then.try_run(());
        }
    }
}

impl Default for SnapshotAsk {
    fn default() -> Self {
        Self::new()
    }
}

/// Where the questions of a [`SnapshotAsk`] stand. Once on a page, anywhere.
#[component]
pub fn SnapshotDialogs(
    /// Who asks.
    ask: SnapshotAsk,
) -> impl IntoView {
    let on_close = Callback::new(move |()| {
        let _ = ask.asked.try_set(None);
    });
    move || {
        ask.asked.get().map(|asked| {
            area_part(
                DIALOGS,
                move || Box::pin(snapshot_question(asked.clone(), ask, on_close)),
                on_close,
            )
        })
    }
}

/// The code of the questions, which comes after that of the page.
pub const DIALOGS: Load = || Box::pin(preload_question());

lazy_view! {
    snapshot_dialogs, preload_question,
    fn snapshot_question(asked: Asked, ask: SnapshotAsk, on_close: Callback<()>) -> AnyView {
        dialogs::question(asked, ask, on_close)
    }
}
