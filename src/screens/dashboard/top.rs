//! The VMs that take most.

use super::parts::{hold, made_face, steady};
use crate::api::vms::Vm;
use crate::components::{
    Button, ButtonLook, Card, ControlSize, EmptyState, Faces, IconName, SkeletonRows, Usage,
    UsageBar,
};
use crate::domain::ids::VmId;
use crate::domain::overview::{Measure, largest};
use crate::domain::units::{Fraction, Rate};
use crate::paths;
use crate::screens::common::facts::is_on;
use crate::screens::page::Link;
use crate::stores::{Live, use_live, vms};
use leptos::prelude::*;
use std::sync::Arc;

const SHOWN: usize = 5;

/// In and out, from two samples.
fn network(usage: &vms::Usage) -> Option<Rate> {
    match (usage.net_in, usage.net_out) {
        (None, None) => None,
        (received, sent) => Some(Rate(
            received.map_or(0.0, |r| r.0) + sent.map_or(0.0, |r| r.0),
        )),
    }
}

fn value(live: &Live, vm: &Vm, by: Measure) -> Option<f64> {
    let share = |share: Option<Fraction>| share.map(|share| share.0);
    match by {
        _ if vm.template || !is_on(vm) => None,
        Measure::Cpu => share(vm.cpu),
        Measure::Memory => share(vm.mem_share()),
        Measure::Disk => share(vm.disk_share()),
        Measure::Network => network(&live.vms.peek_usage(vm.vmid)).map(|rate| rate.0),
    }
}

/// What is ranked, and by what: another measure is another list, held or not.
type Ranking = (Measure, Arc<Vec<VmId>>);

#[component]
pub(super) fn TopCard() -> impl IntoView {
    let live = use_live();
    let watch = live.vms.watch();
    let by = RwSignal::new(Measure::default());
    let held = RwSignal::new(false);
    let ranked = live.clone();
    let fresh: Memo<Option<Ranking>> = Memo::new(move |_| {
        let rows = ranked.vms.rows();
        rows.is_loaded().then(|| {
            let by = by.get();
            let all = rows.snapshot();
            let values = all
                .iter()
                .filter_map(|vm| Some((vm.vmid, value(&ranked, vm, by)?)));
            (by, Arc::new(largest(values, SHOWN)))
        })
    });
    let shown = steady(fresh, held);
    let list =
        Memo::new(move |_| shown.with(|shown| shown.as_ref().map(|shown| Arc::clone(&shown.1))));
    let measure = Memo::new(move |_| {
        shown.with(|shown| {
            shown
                .as_ref()
                .map_or_else(Measure::default, |shown| shown.0)
        })
    });
    let title = Signal::derive(move || match by.get() {
        Measure::Cpu => "Top CPU".to_owned(),
        other => format!("Top {}", other.label().to_lowercase()),
    });
    let aside = move || view! { <Switch by=by/> };
    let words = Signal::derive(move || {
        match measure.get() {
            Measure::Network => "Rates need two samples; they come in a few seconds.",
            Measure::Disk => "No running VM says how full its disks are.",
            Measure::Cpu | Measure::Memory => "No VM is running.",
        }
        .to_owned()
    });
    let face = made_face(
        "The VMs could not be loaded",
        list,
        watch.status,
        live.clock.clone(),
    );
    let retry = Callback::new(move |()| drop(watch.refresh()));
    view! {
        <Card title=title aside=aside flush=true class="dash-top">
            <Faces
                state=face
                skeleton=|| view! { <SkeletonRows rows=SHOWN/> }
                is_empty=Vec::is_empty
                empty=move || view! {
                    <EmptyState small=true icon=IconName::Activity title="Nothing to rank" words=words/>
                }
                on_retry=retry
                let:vms
            >
                <ul
                    class="rows dash-consumers"
                    on:focusin=move |_| hold(held, true)
                    on:focusout=move |_| hold(held, false)
                >
                    <For each=move || vms.get().to_vec() key=|vm| *vm let:vm>
                        <Consumer vm=vm by=measure/>
                    </For>
                </ul>
            </Faces>
        </Card>
    }
}

/// What to rank by.
#[component]
fn Switch(by: RwSignal<Measure>) -> impl IntoView {
    let button = move |measure: Measure| {
        view! {
            <Button
                label=measure.label()
                look=ButtonLook::Quiet
                size=ControlSize::Small
                pressed=Signal::derive(move || by.get() == measure)
                on_press=Callback::new(move |()| by.set(measure))
            />
        }
    };
    view! {
        <span class="dash-switch" role="group" aria-label="Rank by">
            {Measure::ALL.map(button).collect_view()}
        </span>
    }
}

/// One VM and how much it takes.
#[component]
fn Consumer(vm: VmId, by: Memo<Measure>) -> impl IntoView {
    let live = use_live();
    let row = live.vms.rows().row(&vm);
    let traffic = live.vms.usage(vm);
    let shown = Memo::new(move |before: Option<&Option<Arc<Vm>>>| {
        row.get().or_else(|| before.cloned().flatten())
    });
    let name = Memo::new(move |_| {
        shown.with(|row| {
            let name = row.as_ref().map(|row| row.name.clone());
            name.filter(|name| !name.is_empty())
                .unwrap_or_else(|| format!("VM {vm}"))
        })
    });
    let usage = Memo::new(move |_| {
        shown.with(|row| {
            let Some(row) = row else {
                return Usage::default();
            };
            match by.get() {
                Measure::Cpu => Usage::share(row.cpu, &cores(row)),
                Measure::Memory => Usage::bytes(row.mem, row.maxmem),
                Measure::Disk => Usage::bytes(row.disk.filter(|disk| disk.0 > 0), row.maxdisk),
                Measure::Network => traffic.with(rates),
            }
        })
    });
    view! {
        <li class="dash-consumer">
            <Link class="dash-row-link clip" to=paths::vm(vm)>{move || name.get()}</Link>
            // Named by the VM alone: what is measured stands in the card's title.
            <UsageBar label=name usage=usage fixed=true/>
        </li>
    }
}

fn cores(vm: &Vm) -> String {
    match (vm.cpu, vm.cpus) {
        (Some(share), Some(cpus)) => {
            format!("{:.2} of {cpus} cores", share.0 * f64::from(cpus))
        }
        _ => String::new(),
    }
}

fn rates(usage: &vms::Usage) -> Usage {
    let said = |rate: Option<Rate>| {
        rate.map_or_else(|| "not available".to_owned(), |rate| rate.to_string())
    };
    Usage {
        share: None,
        used: network(usage).map(Rate::amount),
        total: None,
        exact: format!(
            "received {}, sent {}",
            said(usage.net_in),
            said(usage.net_out)
        ),
    }
}
