//! Over a VM that is there: what is lost, and the question whose answer is its name.

use super::facts::Facts;
use crate::components::dialog::Outcome;
use crate::components::time::format_near;
use crate::components::{Loss, TypedConfirm, confirm_call};
use crate::domain::ago::ago;
use crate::domain::config;
use crate::domain::units::{Bytes, Instant, count};
use leptos::prelude::*;

/// What is on the VM now and will not be afterwards; tracked.
pub fn losses(facts: Facts, now: Instant) -> Vec<Loss> {
    let mut lines = Vec::new();
    let disks = facts.detail.with(|detail| {
        let disks = detail
            .as_ref()
            .map(|detail| config::disks(&detail.config.0))?;
        let own = disks
            .iter()
            .filter(|disk| disk.is_owned() && !disk.is_cloud_init());
        let sizes: Vec<u64> = own
            .map(|disk| disk.size().map_or(0, |size| size.0))
            .collect();
        let sum = sizes
            .iter()
            .fold(0_u64, |sum, size| sum.saturating_add(*size));
        Some((sizes.len(), Bytes(sum)))
    });
    lines.push(match disks {
        Some((number, sum)) => Loss::new(
            format!(
                "Its {} with what is on them",
                count(number, "disk", "disks")
            ),
            sum.capacity().to_string(),
        ),
        None => Loss::new("Its disks with what is on them", ""),
    });
    let snapshots = facts.snapshots.with(|list| {
        let own = list.as_ref()?.iter().filter(|row| !row.is_current());
        Some(own.count())
    });
    match snapshots {
        Some(0) => {}
        Some(number) => lines.push(Loss::new(
            format!("Its {}", count(number, "snapshot", "snapshots")),
            "",
        )),
        None => lines.push(Loss::new("Its snapshots", "")),
    }
    let taken = facts
        .chosen
        .with(|own| own.as_ref().and_then(|own| own.ctime));
    lines.push(match taken {
        Some(at) => {
            let far = ago(at, now).map_or_else(String::new, |far| format!(", {far}"));
            Loss::new(
                "All changes since",
                format!("{}{far}", format_near(at, now)),
            )
        }
        None => Loss::new("All changes since the backup", ""),
    });
    lines.push(Loss::new(
        "Its settings and tags",
        "those of the backup instead",
    ));
    lines
}

/// The question.
#[component]
pub fn OverConfirm(
    open: RwSignal<bool>,
    facts: Facts,
    now: Instant,
    call: Signal<String>,
    on_yes: Callback<()>,
) -> impl IntoView {
    let name = Memo::new(move |_| {
        facts
            .standing
            .with(|vm| vm.as_ref().map(|vm| vm.name.clone()).unwrap_or_default())
    });
    let losses = Memo::new(move |_| losses(facts, now));
    let refused = Signal::derive(move || {
        facts.standing.with(|vm| match vm {
            Some(vm) => vm.refused.clone(),
            None => Some("The VM is not there any more".to_owned()),
        })
    });
    let on_confirm = confirm_call(move || {
        on_yes.run(());
        std::future::ready(Outcome::Ok(()))
    });
    view! {
        <TypedConfirm
            open=open
            on_close=move |()| { let _ = open.try_set(false); }
            title=Signal::derive(move || format!("Restore over {}?", name.get()))
            name=name
            lead="The VM becomes what it was at the backup. What is on it now is deleted first and \
                  can't be brought back, even where the restore then fails:"
            losses=losses
            verb="Restore over it"
            keep=Signal::stored("Keep the VM as it is".to_owned())
            refused=refused
            on_confirm=on_confirm
            call=call
        />
    }
}
