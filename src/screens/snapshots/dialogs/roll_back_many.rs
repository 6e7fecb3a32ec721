//! Rolling several VMs back, each to a snapshot of its own: what each of them loses, which are left
//! out, the number typed.

use super::super::ask::SnapshotAsk;
use super::super::known::Known;
use super::super::may;
use super::roll_back::zfs_of;
use crate::api::snapshots;
use crate::api::vms::VmDetail;
use crate::components::dialog::confirm_call;
use crate::components::{Loss, Note, Tone, TypedConfirm};
use crate::domain::ago::ago;
use crate::domain::snapshot::sweep::{Deed, Target};
use crate::domain::text::natural;
use crate::domain::units::{Instant, count};
use crate::screens::common::call::curl_of;
use crate::screens::common::facts::is_on;
use crate::stores::fleet_snapshots::Found;
use crate::stores::{Live, use_live};
use leptos::prelude::*;

/// More VMs than so many are counted, not named.
const NAMED: usize = 40;

/// What it comes to, as the VMs stand now.
#[derive(Debug, Clone, PartialEq, Default)]
struct Plan {
    allowed: Vec<Target>,
    losses: Vec<Loss>,
    /// VMs that can't be rolled back, each with its reason.
    left_out: Vec<(String, String)>,
}

impl Plan {
    /// Tracked.
    fn new(live: &Live, targets: &[Target], now: Instant) -> Self {
        let mut plan = Self::default();
        for target in targets {
            let row = live.vms.rows().row(&target.vm).get();
            let refused = match &row {
                None => Some("The VM is not there any more".to_owned()),
                Some(row) => may::roll_back(live, row),
            };
            if let Some(why) = refused {
                plan.left_out.push((target.vm_name.clone(), why));
                continue;
            }
            let on = row.is_some_and(|row| is_on(&row));
            plan.losses.push(loss(live, target, on, now));
            plan.allowed.push(target.clone());
        }
        let more = plan.losses.len().saturating_sub(NAMED);
        if more > 0 {
            plan.losses.truncate(NAMED);
            let more = count(more, "more VM", "more VMs");
            plan.losses.push(Loss::new(more, "in the same way"));
        }
        plan
    }
}

/// `web-server-01 to before-upgrade`: how much is lost, what stays, how it goes on.
fn loss(live: &Live, target: &Target, on: bool, now: Instant) -> Loss {
    let mut parts = Vec::new();
    if let Some(far) = target.taken.and_then(|at| ago(at, now)) {
        parts.push(format!("changes since {far}"));
    }
    let read = live.fleet_snapshots.read().get();
    if let Some(Found::Known(list)) = read.of.get(&target.vm) {
        let known = Known::new(list);
        if let Some(place) = known.place(&target.name) {
            let newer = known.newer(place).len();
            if newer > 0 {
                let newer = count(newer, "newer snapshot", "newer snapshots");
                parts.push(format!("{newer} kept"));
            }
            let memory = known
                .list
                .get(place)
                .is_some_and(|row| row.vmstate == Some(true));
            if on && !memory {
                parts.push("switched off".to_owned());
            }
        }
    }
    Loss::new(
        format!("{} to {}", target.vm_name, target.name),
        parts.join(", "),
    )
}

/// VMs that will fail, since their disks are on ZFS and they have newer snapshots.
fn on_zfs(live: &Live, plan: Memo<Plan>) -> Memo<Option<String>> {
    let storages = live.storages.watch();
    let read = live.fleet_snapshots.read().get_untracked();
    let has_newer = |target: &Target| match read.of.get(&target.vm) {
        Some(Found::Known(list)) => {
            let known = Known::new(list);
            let place = known.place(&target.name);
            place.is_some_and(|place| !known.newer(place).is_empty())
        }
        _ => false,
    };
    let allowed = plan.with_untracked(|plan| plan.allowed.clone());
    let asked = allowed.into_iter().filter(has_newer).take(NAMED);
    let asked: Vec<_> = asked
        .map(|target| (target.vm_name, live.vm(target.vm).detail.watch()))
        .collect();
    Memo::new(move |_| {
        let storages = storages.get()?;
        let on = |detail: &crate::stores::Watch<VmDetail>| {
            let detail = detail
                .value
                .with(|detail| zfs_of(detail.as_deref()?, &storages));
            detail.is_some()
        };
        let names = asked.iter().filter(|(_, detail)| on(detail));
        let names: Vec<&str> = names.map(|(name, _)| name.as_str()).collect();
        (!names.is_empty()).then(|| {
            format!(
                "On ZFS, which goes back to the newest snapshot alone: {}. Delete their newer ones \
                 first, or they will fail without changing anything, and those after them are not \
                 begun.",
                names.join(", ")
            )
        })
    })
}

#[component]
pub(super) fn RollBackManyDialog(
    targets: Vec<Target>,
    ask: SnapshotAsk,
    on_close: Callback<()>,
) -> impl IntoView {
    let live = use_live();
    let now = live.clock.now();
    let mut targets = targets;
    targets.sort_by(|a, b| natural(&a.vm_name, &b.vm_name).then(a.vm.cmp(&b.vm)));
    let plan = {
        let (live, targets) = (live.clone(), targets);
        Memo::new(move |_| Plan::new(&live, &targets, now))
    };
    let number = Memo::new(move |_| plan.with(|plan| Deed::RollBack.many(plan.allowed.len())));
    let refused = {
        let live = live.clone();
        Signal::derive(move || {
            may::roll_back_many(&live).or_else(|| {
                plan.with(|plan| plan.allowed.is_empty())
                    .then(|| "None of them can be rolled back".to_owned())
            })
        })
    };
    let call = {
        let client = live.client.clone();
        Signal::derive(move || {
            let lines = plan.with(|plan| {
                let calls = plan.allowed.iter().take(NAMED).map(|target| {
                    curl_of(
                        &client,
                        &snapshots::roll_back_shown(target.vm, &target.name),
                    )
                });
                calls.collect::<Vec<_>>()
            });
            lines.join("\n")
        })
    };
    let begun = RwSignal::new(false);
    let zfs = on_zfs(&live, plan);
    let on_confirm = confirm_call(move || {
        let allowed = plan.with_untracked(|plan| plan.allowed.clone());
        if live.grace.seconds() > 0 {
            live.sweep_in_time(Deed::RollBack, allowed);
            ask.tell_swept();
        } else {
            begun.set(live.sweep(Deed::RollBack, allowed));
        }
        async { Ok(()) }
    });
    let closed = Callback::new(move |()| {
        if begun.get_untracked() {
            ask.tell_swept();
            ask.show_sweep();
        } else {
            on_close.run(());
        }
    });
    let left_out = move || {
        let left = plan.with(|plan| plan.left_out.clone());
        (!left.is_empty()).then(|| {
            let words = format!("{} left out", count(left.len(), "VM is", "VMs are"));
            let lines = left
                .into_iter()
                .take(NAMED)
                .map(|(name, why)| view! { <li><b>{name}</b>": " {why}</li> })
                .collect_view();
            view! {
                <Note tone=Tone::Warn>
                    <p>{words}</p>
                    <ul class="snap-left-out">{lines}</ul>
                </Note>
            }
        })
    };
    view! {
        <TypedConfirm
            open=Signal::stored(true)
            on_close=closed
            title=Signal::derive(move || format!("Roll back {}?", number.get()))
            name=number
            lead="One after the other; after the first that fails the others stay as they are. What \
                  came after each snapshot, and is in no other, is lost and can't be brought back:"
            losses=Signal::derive(move || plan.with(|plan| plan.losses.clone()))
            verb="Roll back"
            keep=Signal::stored("Keep the present state".to_owned())
            refused=refused
            on_confirm=on_confirm
            call=call
        >
            {left_out}
            {move || zfs.get().map(|words| view! { <Note tone=Tone::Warn>{words}</Note> })}
        </TypedConfirm>
    }
}
