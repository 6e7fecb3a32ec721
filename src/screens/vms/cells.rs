//! The cells of the list. Each is built once per row in sight and changes in place.

use super::ctx::ListCtx;
use crate::api::vms::Vm;
use crate::components::{
    ControlSize, IconButton, IconName, IconSize, MenuItem, Samples, TagLook, TagRow, Usage, drawn,
    looked_at,
};
use crate::domain::ids::VmId;
use crate::domain::status::VmStatus;
use crate::domain::tags;
use crate::domain::units::{Fraction, NONE, Seconds};
use crate::paths;
use crate::screens::common::facts::is_on;
use crate::screens::common::under_way::{UnderWay, words};
use crate::screens::common::vm_menu::primary_item;
use crate::screens::page::Link;
use leptos::prelude::*;
use std::sync::Arc;

/// A row as cells read it.
pub(super) type Row = Signal<Arc<Vm>>;

/// Which VM it is: rows pass from one to the next.
pub(super) fn vmid(row: Row) -> Signal<VmId> {
    Memo::new(move |_| row.with(|vm| vm.vmid)).into()
}

/// Name of a VM, or its number where it has none.
pub(super) fn shown_name(vm: &Vm) -> String {
    if vm.name.is_empty() {
        format!("VM {}", vm.vmid)
    } else {
        vm.name.clone()
    }
}

/// The share of its cores that a VM uses, where that means something.
pub(super) fn cpu_share(vm: &Vm) -> Option<Fraction> {
    vm.cpu.filter(|_| vm.status == VmStatus::Running)
}

/// Memory in use against memory given.
pub(super) fn memory(vm: &Vm) -> Usage {
    Usage::bytes(vm.mem.filter(|_| is_on(vm)), vm.maxmem)
}

/// Disk in use against disk given; 0 in use means that nobody knows.
pub(super) fn disk(vm: &Vm) -> Usage {
    Usage::bytes(vm.disk.filter(|disk| disk.0 > 0), vm.maxdisk)
}

/// State, lock and high availability.
#[component]
pub(super) fn StateCell(row: Row, #[prop(optional)] only_shape: bool) -> impl IntoView {
    let told =
        Memo::new(move |_| row.with(|vm| (vm.status.clone(), vm.template, vm.hastate.clone())));
    let lock = Memo::new(move |_| row.with(|vm| vm.lock.as_ref().map(ToString::to_string)));
    let task = use_context::<UnderWay>().map(|tasks| tasks.of(vmid(row)));
    // There is room for one picture: what is being done says more than that it holds a lock.
    let mark = Memo::new(move |_| {
        let doing = task.and_then(|task| task.with(|task| task.as_ref().map(|task| words(task))));
        let locked = lock.get().map(|lock| format!("Locked ({lock})"));
        match (doing, locked) {
            (Some(doing), Some(locked)) => Some((IconName::Spinner, format!("{doing}. {locked}"))),
            (Some(doing), None) => Some((IconName::Spinner, doing)),
            (None, locked) => locked.map(|locked| (IconName::Lock, locked)),
        }
    });
    move || {
        let mark = mark.get().map(|(icon, words)| picture(words, icon));
        let (status, template, ha) = told.get();
        let ha = ha.map(|state| {
            let words = format!("High availability: {state}");
            let class = if state == "error" {
                "vm-mark vm-ha bad"
            } else {
                "vm-mark vm-ha"
            };
            let tip = words.clone();
            view! {
                <span class=class data-tip=tip>
                    <span aria-hidden="true">"HA"</span>
                    <span class="vh">{words}</span>
                </span>
            }
        });
        view! {
            <span class="vm-state">
                {drawn::vm_state(&status, template, only_shape)}
                {mark}
                {ha}
            </span>
        }
    }
}

/// A small picture whose words are in the tooltip.
fn picture(words: String, icon: IconName) -> impl IntoView + use<> {
    let tip = words.clone();
    view! {
        <span class="vm-mark" data-tip=tip>
            {drawn::icon(icon, IconSize::Small)}
            <span class="vh">{words}</span>
        </span>
    }
}

/// Name as a link, the mark of Talos nodes, and the likely action while the row is looked at.
#[component]
pub(super) fn NameCell(row: Row, ctx: ListCtx) -> impl IntoView {
    let name = Memo::new(move |_| row.with(|vm| shown_name(vm)));
    let id = vmid(row);
    let path = Signal::derive(move || paths::vm(id.get()));
    let vms = ctx.live().vms.clone();
    Effect::new(move || vms.look_at(id.get()));
    let looked_at = looked_at();
    view! {
        <Link to=path class="vm-name">
            {move || name.get()}
        </Link>
        <TalosMark row=row/>
        {move || looked_at().then(|| view! { <QuickAction row=row ctx=ctx/> })}
    }
}

/// Says that a VM is a node of a Talos cluster.
#[component]
pub(super) fn TalosMark(row: Row) -> impl IntoView {
    let cluster = Memo::new(move |_| {
        row.with(|vm| {
            tags::is_talos(&vm.tags)
                .then(|| tags::cluster(&vm.tags).map_or_else(String::new, ToOwned::to_owned))
        })
    });
    move || {
        cluster.get().map(|cluster| {
            let words = if cluster.is_empty() {
                "Node of a Talos cluster".to_owned()
            } else {
                format!("Node of the Talos cluster {cluster}")
            };
            picture(words, IconName::Cluster)
        })
    }
}

/// The likely action as a button, seen while the row is hovered or active.
#[component]
fn QuickAction(row: Row, ctx: ListCtx) -> impl IntoView {
    let item = {
        let live = ctx.live();
        Memo::new(move |_| row.with(|vm| primary_item(&live, vm, ctx.ask)))
    };
    let label = Signal::derive(move || {
        let name = row.with(|vm| shown_name(vm));
        item.with(|item| format!("{} {name}", item.label))
    });
    let icon = Signal::derive(move || item.with(|item| item.icon.unwrap_or(IconName::Power)));
    let reason = Signal::derive(move || item.with(|item: &MenuItem| item.disabled.clone()));
    view! {
        <span class="vm-quick">
            <IconButton
                label=label
                icon=icon
                size=ControlSize::Small
                disabled=reason
                on_press=Callback::new(move |()| item.with_untracked(|item| item.run).run(()))
            />
        </span>
    }
}

/// The share in use, and its short history.
#[component]
pub(super) fn CpuCell(row: Row, ctx: ListCtx) -> impl IntoView {
    let usage = ctx.live().vms.usage(vmid(row));
    let told =
        Memo::new(move |_| row.with(|vm| (cpu_share(vm).map(|share| share.0), cpu_words(vm))));
    let values = Memo::new(move |_| usage.with(|usage| Samples::from(&usage.cpu)));
    move || {
        let (share, exact) = told.get();
        let share = share.map(Fraction);
        let line = share.map(|share| {
            let line = drawn::SparkLine::of_shares("CPU", share.level().into());
            values.with(|values| line.draw(values))
        });
        view! {
            <span class="vm-cpu">
                {line}
                {drawn::amount_text(share.map(Fraction::amount), false, exact)}
            </span>
        }
    }
}

fn cpu_words(vm: &Vm) -> Option<String> {
    let share = cpu_share(vm)?;
    let cores = vm.cpus?;
    let used = share.0 * f64::from(cores);
    Some(format!("{used:.2} of {cores} cores"))
}

/// A bar and its numbers.
#[component]
pub(super) fn UsageCell(row: Row, label: &'static str, usage: fn(&Vm) -> Usage) -> impl IntoView {
    let usage = Memo::new(move |_| row.with(|vm| usage(vm)));
    move || {
        let bar = usage.with(|usage| drawn::usage_bar(label, usage, drawn::UsageLook::default()));
        view! { <span class="vm-usage">{bar}</span> }
    }
}

/// Received and sent, in one unit: `("1.2", "0.9", "MiB/s")`.
pub(super) fn rates(received: f64, sent: f64) -> (String, String, &'static str) {
    const UNITS: [&str; 5] = ["B/s", "KiB/s", "MiB/s", "GiB/s", "TiB/s"];
    let (mut scale, mut unit) = (1.0, 0);
    while received.max(sent) / scale >= 999.5 && unit + 1 < UNITS.len() {
        scale *= 1024.0;
        unit += 1;
    }
    let text = |rate: f64| {
        let scaled = rate.max(0.0) / scale;
        if unit == 0 || scaled >= 99.95 {
            format!("{scaled:.0}")
        } else {
            format!("{scaled:.1}")
        }
    };
    (text(received), text(sent), UNITS[unit])
}

/// Bytes per second in and out, from successive samples.
#[component]
pub(super) fn NetworkCell(row: Row, ctx: ListCtx) -> impl IntoView {
    let usage = ctx.live().vms.usage(vmid(row));
    let on = Memo::new(move |_| row.with(|vm| vm.status == VmStatus::Running));
    let pair = Memo::new(move |_| {
        usage.with(|usage| {
            let pair = usage.net_in.zip(usage.net_out).filter(|_| on.get())?;
            Some((pair.0.0, pair.1.0))
        })
    });
    move || match pair.get() {
        Some((received, sent)) => {
            let (received, sent, unit) = rates(received, sent);
            view! {
                <span class="vm-net amount">
                    <span class="vh">"received "</span>
                    {received}
                    <span class="unit" aria-hidden="true">"↓"</span>
                    <span class="vh">", sent "</span>
                    <span class="vm-sent">{sent}</span>
                    <span class="unit" aria-hidden="true">"↑"</span>
                    <span class="unit vm-unit">{unit}</span>
                </span>
            }
            .into_any()
        }
        None => {
            let why = on.get().then_some("Known after two samples");
            view! { <span class="vm-none" data-tip=why>{NONE}</span> }.into_any()
        }
    }
}

/// Time since the start.
#[component]
pub(super) fn UptimeCell(row: Row) -> impl IntoView {
    let uptime = Memo::new(move |_| row.with(|vm| uptime(vm)));
    move || drawn::duration(uptime.get(), true)
}

/// Seconds since the start; none while it is off.
pub(super) fn uptime(vm: &Vm) -> Option<Seconds> {
    vm.uptime.filter(|uptime| is_on(vm) && uptime.0 > 0)
}

/// Tags in their colours; a press filters by one.
#[component]
pub(super) fn TagsCell(row: Row, ctx: ListCtx) -> impl IntoView {
    let names = Memo::new(move |_| row.with(|vm| vm.tags.clone()));
    let looks = Signal::derive(move || {
        ctx.tag_colors.with(|colors| {
            names.with(|names| {
                names
                    .iter()
                    .map(|name| TagLook::new(name, colors.get(name).map(String::as_str)))
                    .collect::<Vec<_>>()
            })
        })
    });
    let press = Callback::new(move |tag: String| ctx.query.toggle_tag(&tag));
    view! { <TagRow tags=looks on_press=press/> }
}
