//! VMs by state, each a way into the filtered list.

use super::parts::made_face;
use crate::components::{Card, Faces, Icon, SkeletonRows, vm_look};
use crate::domain::overview::VmCounts;
use crate::domain::status::VmStatus;
use crate::domain::units::{count, grouped};
use crate::paths;
use crate::screens::page::Link;
use crate::stores::use_live;
use leptos::prelude::*;
use std::sync::Arc;

#[component]
pub(super) fn VmsCard() -> impl IntoView {
    let live = use_live();
    let watch = live.vms.watch();
    let rows = watch.rows();
    let counts = Memo::new(move |_| {
        rows.is_loaded().then(|| {
            let all = rows.roster();
            let facts = all
                .iter()
                .map(|vm| (&vm.status, vm.template, vm.lock.is_some()));
            Arc::new(VmCounts::of(facts))
        })
    });
    let total = Memo::new(move |_| counts.with(|counts| counts.as_ref().map(|c| c.total())));
    let aside = move || move || total.get().map(|total| grouped(total as u64));
    let face = made_face(
        "The VMs could not be loaded",
        counts,
        watch.status,
        live.clock.clone(),
    );
    let retry = Callback::new(move |()| drop(watch.refresh()));
    view! {
        <Card title="Virtual machines" aside=aside class="dash-figure">
            <Faces
                state=face
                skeleton=|| view! { <div class="dash-states"><SkeletonRows rows=4/></div> }
                on_retry=retry
                let:counts
            >
                <States counts=counts/>
            </Faces>
        </Card>
    }
}

#[component]
fn States(counts: Signal<Arc<VmCounts>>) -> impl IntoView {
    let states = Memo::new(move |_| {
        counts.with(|counts| {
            let states = counts.states.iter();
            states.map(|(status, _)| status.clone()).collect::<Vec<_>>()
        })
    });
    let templates = Memo::new(move |_| counts.with(|counts| counts.templates));
    let locked = Memo::new(move |_| counts.with(|counts| counts.locked));
    view! {
        <div class="dash-states">
            <For each=move || states.get() key=Clone::clone let:status>
                <StateRow status=status counts=counts/>
            </For>
            <div class="dash-states-foot">
                <Link class="link" to=paths::vms_where(&[("status", "template")])>
                    {move || count(templates.get(), "template", "templates")}
                </Link>
                <span>{move || format!("{} locked", grouped(locked.get() as u64))}</span>
                <Link class="link" to=paths::wall()>"VM wall"</Link>
            </div>
        </div>
    }
}

/// One state: its share of all VMs as a bar, how many, and the way to them.
#[component]
fn StateRow(status: VmStatus, counts: Signal<Arc<VmCounts>>) -> impl IntoView {
    let (tone, icon, word) = vm_look(&status);
    // The list knows every state by its word.
    let to = paths::vms_where(&[("status", status.as_str())]);
    let number = Memo::new(move |_| counts.with(|counts| counts.in_state(&status)));
    let width = move || {
        let all = counts.with(|counts| counts.total()).max(1);
        #[expect(clippy::cast_precision_loss, reason = "a width in percent")]
        let share = number.get() as f64 / all as f64;
        format!("{:.2}%", share * 100.0)
    };
    view! {
        <Link class=format!("dash-state {}", tone.class()) to=to>
            <Icon name=icon/>
            <span class="dash-state-word">{word}</span>
            " "
            <span class="dash-bar" aria-hidden="true">
                <span class="dash-bar-fill" class:some=move || { number.get() > 0 } style:width=width></span>
            </span>
            <b>{move || grouped(number.get() as u64)}</b>
        </Link>
    }
}
