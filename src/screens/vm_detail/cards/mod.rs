//! Usage: four cards, from the live figures of the last minutes (guide: "Resource Usage Cards").

mod cpu;
mod disk;
mod memory;
mod network;

use super::model::{VmPage, use_vm};
use super::retry;
use crate::api::vms::VmLive;
use crate::components::ChartUnit;
use crate::components::{
    AmountText, Card, ErrorState, Ink, Samples, Skeleton, Sparkline, StaleNote, TimeText,
};
use crate::domain::live::Ring;
use crate::domain::units::{Amount, Instant};
use crate::paths::VmTab;
use crate::screens::common::faces::error_view;
use crate::stores::vm::Charts;
use crate::stores::{Face, use_live};
use leptos::prelude::*;
use std::sync::Arc;

/// How many samples a card's line shows: two to three minutes.
const SLOTS: usize = 60;

/// The four cards, in one row where there is room. Beside another tab than the first, a phone shows
/// their numbers alone.
#[component]
pub fn Cards(tab: Memo<Option<VmTab>>) -> impl IntoView {
    let beside = move || tab.get().is_some_and(|tab| tab != VmTab::General);
    view! {
        <div class="vm-cards" class:beside=beside>
            <cpu::CpuCard/>
            <memory::MemoryCard/>
            <disk::DiskCard/>
            <network::NetworkCard/>
        </div>
    }
}

/// The newest samples of one line.
fn samples(vm: VmPage, pick: fn(&Charts) -> Samples) -> Signal<Samples> {
    let charts = vm.store().charts.clone();
    Memo::new(move |_| charts.with(pick)).into()
}

/// The tail of a ring.
fn tail(ring: &Ring) -> Samples {
    let points = ring.points();
    let from = points.len().saturating_sub(SLOTS);
    points
        .into_iter()
        .skip(from)
        .map(|(_, value)| value)
        .collect()
}

/// Two rings added up; a gap where either has one.
fn sum(one: &Ring, other: &Ring) -> Samples {
    let (one, other) = (one.points(), other.points());
    let from = one.len().saturating_sub(SLOTS);
    one.into_iter()
        .zip(other)
        .skip(from)
        .map(|((_, a), (_, b))| Some(a? + b?))
        .collect()
}

/// A card over the live figures: how old they are, its faces, the big number, the words below it,
/// the line, and what else there is.
#[component]
fn UsageCard(
    /// "CPU".
    title: &'static str,
    /// The number it is about; `None` where it is not known.
    amount: Signal<Option<Amount>>,
    /// Its exact value, in the tooltip.
    #[prop(optional, into)]
    exact: Signal<Option<String>>,
    /// One line below it.
    words: Signal<String>,
    /// Samples of the line.
    line: Signal<Samples>,
    /// What they are.
    unit: ChartUnit,
    /// Colour of the line.
    #[prop(optional, into)]
    ink: Signal<Ink>,
    /// Where the line would touch the upper edge.
    #[prop(optional, into)]
    top: Signal<Option<f64>>,
    /// Below the line.
    children: ChildrenFn,
) -> impl IntoView {
    let vm = use_vm();
    let face = vm.live.face();
    let updated = updated(vm);
    let body = StoredValue::new(children);
    let loaded = move || {
        view! {
            <p class="vm-card-amount"><AmountText amount=amount exact=exact big=true/></p>
            <p class="vm-card-words">{move || words.get()}</p>
            <Sparkline
                label=title
                values=line
                unit=unit
                ink=ink
                top=top
                slots=SLOTS
                wide=true
                area=true
                height=44
            />
            <div class="vm-card-more">{body.with_value(|body| body())}</div>
        }
    };
    let kind = Memo::new(move |_| match face.get() {
        Face::Loading => 0,
        Face::Failed(_) => 1,
        Face::Loaded { .. } => 2,
    });
    let inside = move || match kind.get() {
        0 => view! { <CardSkeleton/> }.into_any(),
        1 => view! { <CardFailed title=title/> }.into_any(),
        _ => loaded().into_any(),
    };
    view! {
        <Card
            title=title
            class="vm-card"
            aside=move || view! { <TimeText at=updated now=vm.now none=""/> }
        >
            <Stale/>
            {inside}
        </Card>
    }
}

#[component]
fn CardSkeleton() -> impl IntoView {
    view! {
        <div aria-busy="true">
            <span class="vh">"Loading"</span>
            <Skeleton width="96px" height="36px"/>
            <Skeleton width="140px"/>
            <Skeleton height="44px"/>
            <Skeleton width="70%"/>
        </div>
    }
}

#[component]
fn CardFailed(title: &'static str) -> impl IntoView {
    let vm = use_vm();
    let live = use_live();
    let error = Signal::derive(move || {
        let what = format!("{title} could not be read");
        vm.live.status.with(|status| {
            status
                .error
                .as_ref()
                .map(|error| error_view(&what, error, live.clock.now()))
                .unwrap_or_default()
        })
    });
    let busy = Signal::derive(move || vm.live.status.with(|status| status.in_flight));
    view! { <ErrorState error=error busy=busy small=true on_retry=retry(vm.live)/> }
}

/// Figures that are old, because the newest try failed. Said in the first card alone would be
/// missed in the others, so each says it.
#[component]
fn Stale() -> impl IntoView {
    let vm = use_vm();
    let live = use_live();
    let face = vm.live.face();
    let shown = Memo::new(move |_| face.get() == Face::Loaded { stale: true });
    let error = Signal::derive(move || {
        vm.live.status.with(|status| {
            status
                .error
                .as_ref()
                .map(|error| error_view("Not refreshed", error, live.clock.now()))
                .unwrap_or_default()
        })
    });
    let busy = Signal::derive(move || vm.live.status.with(|status| status.in_flight));
    view! {
        <Show when=move || shown.get()>
            <StaleNote error=error busy=busy on_retry=retry(vm.live)/>
        </Show>
    }
}

/// One figure of the newest answer, while the VM has figures at all.
fn figure<T: PartialEq + Send + Sync + 'static>(
    vm: VmPage,
    pick: impl Fn(&VmLive) -> Option<T> + Send + Sync + 'static,
) -> Memo<Option<T>> {
    Memo::new(move |_| {
        let on = vm.on.get();
        vm.live
            .value
            .with(|figures: &Option<Arc<VmLive>>| figures.as_deref().filter(|_| on).and_then(&pick))
    })
}

/// When the figures were last heard of: by an answer, or by an event.
fn updated(vm: VmPage) -> Memo<Option<Instant>> {
    let charts = vm.store().charts.clone();
    Memo::new(move |_| {
        let sampled = charts.with(|charts| charts.cpu.points().last().map(|(at, _)| *at));
        let answered = vm.live.status.with(|status| status.updated);
        sampled.max(answered)
    })
}

/// The newest sample of a line, while the VM has figures at all.
fn newest(vm: VmPage, pick: fn(&Charts) -> &Ring) -> Memo<Option<f64>> {
    let charts = vm.store().charts.clone();
    Memo::new(move |_| {
        let on = vm.on.get();
        charts.with(|charts| {
            pick(charts)
                .points()
                .last()
                .and_then(|(_, value)| *value)
                .filter(|_| on)
        })
    })
}

/// "VM is stopped", where a card has nothing to say for that reason.
fn off_words(vm: VmPage) -> String {
    let state = vm.vm.with(|vm| crate::components::vm_look(&vm.status).2);
    format!("VM is {}", state.to_lowercase())
}
