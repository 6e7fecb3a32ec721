//! The questions.

mod create;
mod delete;
mod form;
mod lifetime;
mod roll_back;
mod roll_back_many;
mod sweep;

pub use form::Draft;
pub use lifetime::Lifetime;

use super::ask::{Asked, SnapshotAsk};
use super::known::Known;
use crate::api::vms::Vm;
use crate::domain::ids::VmId;
use crate::stores::{Live, Watch};
use leptos::prelude::*;
use std::sync::Arc;

/// What is asked, drawn.
pub(super) fn question(asked: Asked, ask: SnapshotAsk, on_close: Callback<()>) -> AnyView {
    match asked {
        Asked::Create(vm) => {
            view! { <create::CreateDialog vm=vm ask=ask on_close=on_close/> }.into_any()
        }
        Asked::Delete(vm, name) => {
            view! { <delete::DeleteDialog vm=vm name=name on_close=on_close/> }.into_any()
        }
        Asked::RollBack(vm, name) => {
            view! { <roll_back::RollBackDialog vm=vm name=name on_close=on_close/> }.into_any()
        }
        Asked::Sweep(targets) => {
            view! { <sweep::SweepDialog targets=targets ask=ask on_close=on_close/> }.into_any()
        }
        Asked::RollBackMany(targets) => {
            view! { <roll_back_many::RollBackManyDialog targets=targets ask=ask on_close=on_close/> }
                .into_any()
        }
        Asked::Swept => {
            view! { <sweep::SweepDialog targets=Vec::new() ask=ask on_close=on_close/> }.into_any()
        }
    }
}

/// What is known of the VM while a question about it stands: its row, its snapshots, and the
/// reading of them.
#[derive(Clone, Copy)]
pub(super) struct About {
    row: Signal<Option<Arc<Vm>>>,
    known: Memo<Option<Arc<Known>>>,
    watch: Watch<Vec<crate::api::snapshots::Snapshot>>,
}

impl About {
    fn new(live: &Live, vm: VmId) -> Self {
        let watch = live.vm(vm).snapshots.watch();
        let listed: Signal<Option<Arc<Vm>>> = live.vms.rows().row(&vm).into();
        let live = live.clone();
        Self {
            row: Signal::derive(move || listed.get().or_else(|| live.known_vm(vm))),
            known: Memo::new(move |_| {
                watch
                    .value
                    .with(|list| list.as_ref().map(|list| Arc::new(Known::new(list))))
            }),
            watch,
        }
    }

    /// Why a snapshot can't be changed now: it is gone, or the VM does not allow it.
    fn refused(
        self,
        live: &Live,
        name: &str,
        gone: &'static str,
        may: fn(&Live, &Vm) -> Option<String>,
    ) -> Signal<Option<String>> {
        let (live, name) = (live.clone(), name.to_owned());
        Signal::derive(move || {
            let known = self.known.get();
            if known.is_some_and(|known| !known.has(&name)) {
                return Some(gone.to_owned());
            }
            self.row
                .with(|row| row.as_ref().and_then(|row| may(&live, row)))
        })
    }
}
