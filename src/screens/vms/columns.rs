//! The columns of the list (guide: VM List & Management, "VM Table Columns").

use super::cells::{
    self, CpuCell, NameCell, NetworkCell, Row, StateCell, TagsCell, UptimeCell, UsageCell,
    shown_name,
};
use super::ctx::ListCtx;
use crate::api::vms::Vm;
use crate::components::Usage;
use crate::components::table::{Align, Column, Width};
use crate::domain::units::{Bytes, Rate};
use crate::domain::vm_list::{Order, SortBy, compare};
use crate::screens::common::facts::row_facts;
use crate::stores::Live;
use leptos::prelude::*;
use serde_json::{Value, json};
use std::cmp::Ordering;

/// Marks a column as one to sort by; the rows are sorted as a whole, by `rows.rs`.
fn by(a: &Vm, b: &Vm, by: SortBy) -> Ordering {
    let order = Order {
        by,
        descending: false,
    };
    compare(&row_facts(a, None), &row_facts(b, None), order)
}

/// All columns, in their order.
pub(super) fn columns(ctx: ListCtx) -> Vec<Column<Vm>> {
    let mut columns = identity(ctx);
    columns.extend(usage(ctx));
    columns.extend(rest(ctx));
    columns
}

fn identity(ctx: ListCtx) -> Vec<Column<Vm>> {
    let state = |row: Row| view! { <StateCell row=row/> }.into_any();
    let id = |row: Row| {
        let id = Memo::new(move |_| row.with(|vm| vm.vmid));
        let id = move || id.get().to_string();
        view! { <span class="mono vm-id">{id}</span> }.into_any()
    };
    let name = move |row: Row| view! { <NameCell row=row ctx=ctx/> }.into_any();
    vec![
        Column::cell(SortBy::Status.as_str(), "Status", state, state_words)
            .width(Width::Px(112))
            .tinted(state_words)
            .value(|vm| {
                json!({
                    "status": vm.status.as_str(),
                    "template": vm.template,
                    "lock": vm.lock.as_ref().map(ToString::to_string),
                    "hastate": vm.hastate,
                })
            })
            .sorted(|a, b| by(a, b, SortBy::Status)),
        Column::cell(SortBy::Id.as_str(), "ID", id, |vm| vm.vmid.to_string())
            .width(Width::Px(52))
            .value(|vm| vm.vmid.0.into())
            .sorted(|a, b| by(a, b, SortBy::Id)),
        Column::cell(SortBy::Name.as_str(), "Name", name, |vm| vm.name.clone())
            .name()
            .width(Width::Grow(146))
            .sorted(|a, b| by(a, b, SortBy::Name)),
        Column::text(SortBy::Node.as_str(), "Node", |vm: &Vm| vm.node.clone())
            .width(Width::Px(100))
            .sorted(|a, b| by(a, b, SortBy::Node)),
    ]
}

fn state_words(vm: &Vm) -> String {
    let state = if vm.template {
        "template"
    } else {
        vm.status.as_str()
    };
    match &vm.lock {
        Some(lock) => format!("{state}, locked ({lock})"),
        None => state.to_owned(),
    }
}

fn usage(ctx: ListCtx) -> Vec<Column<Vm>> {
    let cpu = move |row: Row| view! { <CpuCell row=row ctx=ctx/> }.into_any();
    let memory =
        |row: Row| view! { <UsageCell row=row label="Memory" usage=cells::memory/> }.into_any();
    let disk = |row: Row| view! { <UsageCell row=row label="Disk" usage=cells::disk/> }.into_any();
    let network = move |row: Row| view! { <NetworkCell row=row ctx=ctx/> }.into_any();
    let (live, same) = (ctx.live(), ctx.live());
    vec![
        Column::cell(SortBy::Cpu.as_str(), "CPU", cpu, |vm| {
            cells::cpu_share(vm).map_or_else(String::new, |share| plain(&share.to_string()))
        })
        .align(Align::End)
        .width(Width::Px(106))
        .value(|vm| cells::cpu_share(vm).map(|share| share.0).into())
        .sorted(|a, b| by(a, b, SortBy::Cpu)),
        Column::cell(SortBy::Memory.as_str(), "Memory", memory, |vm| {
            used(&cells::memory(vm))
        })
        .width(Width::Grow(110))
        .value(|vm| {
            bytes(
                vm.mem.filter(|_| cells::memory(vm).used.is_some()),
                vm.maxmem,
            )
        })
        .sorted(|a, b| by(a, b, SortBy::Memory)),
        Column::cell(SortBy::Disk.as_str(), "Disk", disk, |vm| {
            used(&cells::disk(vm))
        })
        .width(Width::Grow(110))
        .value(|vm| {
            bytes(
                vm.disk.filter(|_| cells::disk(vm).used.is_some()),
                vm.maxdisk,
            )
        })
        .sorted(|a, b| by(a, b, SortBy::Disk)),
        Column::cell(SortBy::Network.as_str(), "Network", network, move |vm| {
            let [received, sent] = network_rates(&live, vm);
            match (received, sent) {
                (Some(received), Some(sent)) => plain(&format!("{received} in, {sent} out")),
                _ => String::new(),
            }
        })
        .align(Align::End)
        .width(Width::Px(126))
        .value(move |vm| {
            let [received, sent] = network_rates(&same, vm).map(|rate| rate.map(|rate| rate.0));
            json!({ "in": received, "out": sent })
        })
        .sorted(|a, b| by(a, b, SortBy::Network)),
    ]
}

fn rest(ctx: ListCtx) -> Vec<Column<Vm>> {
    let uptime = |row: Row| view! { <UptimeCell row=row/> }.into_any();
    let tags = move |row: Row| view! { <TagsCell row=row ctx=ctx/> }.into_any();
    vec![
        Column::cell(SortBy::Uptime.as_str(), "Uptime", uptime, |vm| {
            cells::uptime(vm).map_or_else(String::new, |uptime| plain(&uptime.long()))
        })
        .align(Align::End)
        .width(Width::Px(62))
        .value(|vm| cells::uptime(vm).map(|uptime| uptime.0).into())
        .sorted(|a, b| by(a, b, SortBy::Uptime)),
        Column::cell(SortBy::Tags.as_str(), "Tags", tags, |vm| vm.tags.join(" "))
            .width(Width::Grow(146))
            .value(|vm| vm.tags.clone().into())
            .sorted(|a, b| by(a, b, SortBy::Tags)),
        Column::text(SortBy::Pool.as_str(), "Pool", |vm: &Vm| {
            vm.pool.clone().unwrap_or_default()
        })
        .width(Width::Px(110))
        .hidden()
        .sorted(|a, b| by(a, b, SortBy::Pool)),
    ]
}

/// With a plain space before the unit: spreadsheets know no thin one.
fn plain(text: &str) -> String {
    text.replace('\u{2009}', " ")
}

fn used(usage: &Usage) -> String {
    let text = |amount: &Option<_>| {
        amount
            .as_ref()
            .map(|amount: &crate::domain::units::Amount| plain(&amount.to_string()))
    };
    match (text(&usage.used), text(&usage.total)) {
        (Some(used), Some(total)) => format!("{used} of {total}"),
        (Some(used), None) => used,
        (None, Some(total)) => format!("unknown of {total}"),
        (None, None) => String::new(),
    }
}

fn bytes(used: Option<Bytes>, total: Option<Bytes>) -> Value {
    json!({ "used": used.map(|used| used.0), "total": total.map(|total| total.0) })
}

fn network_rates(live: &Live, vm: &Vm) -> [Option<Rate>; 2] {
    let usage = live.vms.peek_usage(vm.vmid);
    [usage.net_in, usage.net_out]
}

/// How a row is called.
pub(super) fn row_name(vm: &Vm) -> String {
    shown_name(vm)
}
