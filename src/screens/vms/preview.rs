//! The VM under the arrow keys, beside the list: what it is and how it does, without leaving.

use super::cells::{
    CpuCell, NetworkCell, Row, StateCell, TagsCell, UptimeCell, disk, memory, shown_name,
};
use super::ctx::ListCtx;
use crate::api::vms::Vm;
use crate::components::lazy::area_part;
use crate::components::{CopyButton, Fact, Facts, IconButton, IconName, MenuButton, UsageBar};
use crate::domain::ids::VmId;
use crate::domain::place::Edge;
use crate::domain::units::NONE;
use crate::lazy_view;
use crate::paths;
use crate::screens::common::vm_menu::vm_menu_items;
use crate::screens::page::Link;
use crate::stores::prefs::PREVIEW;
use crate::stores::use_live;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use std::sync::Arc;
use web_sys::Element;

/// Shows and hides the preview; pressed while it is shown.
#[component]
pub(super) fn PreviewButton() -> impl IntoView {
    let live = use_live();
    let shown = live.prefs.signal(&PREVIEW);
    let prefs = live.prefs.clone();
    let press = move |()| prefs.set(&PREVIEW, &!shown.get_untracked());
    view! { <IconButton label="Preview" icon=IconName::Panel pressed=shown on_press=press/> }
}

/// `p` on a row shows and hides it.
pub(super) fn preview_on_key(event: &KeyboardEvent, toggle: impl Fn()) {
    let modified = event.ctrl_key() || event.meta_key() || event.alt_key();
    let in_grid = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok())
        .is_some_and(|element| {
            let grid = element.closest("[role=grid]").ok().flatten().is_some();
            grid && !element
                .matches("input:not([type=checkbox]), select")
                .unwrap_or(false)
        });
    if event.key() == "p" && !modified && in_grid && !event.default_prevented() {
        event.prevent_default();
        toggle();
    }
}

/// The panel, while it is wanted and there is room for it.
#[component]
pub(super) fn PreviewPanel(ctx: ListCtx, active: RwSignal<Option<VmId>>) -> impl IntoView {
    let live = use_live();
    let shown = live.prefs.signal(&PREVIEW);
    let prefs = live.prefs.clone();
    let close = Callback::new(move |()| prefs.set(&PREVIEW, &false));
    let part = move || {
        area_part(
            || Box::pin(preload_preview()),
            move || Box::pin(preview(ctx, active, close)),
            close,
        )
    };
    move || {
        shown.get().then(
            || view! { <aside class="vms-preview card" aria-label="Preview">{part()}</aside> },
        )
    }
}

lazy_view! {
    later, preload_preview,
    fn preview(ctx: ListCtx, active: RwSignal<Option<VmId>>, close: Callback<()>) -> AnyView {
        view! { <Preview ctx=ctx active=active close=close/> }.into_any()
    }
}

#[component]
fn Preview(ctx: ListCtx, active: RwSignal<Option<VmId>>, close: Callback<()>) -> impl IntoView {
    let chosen = Memo::new(move |_| active.get());
    move || {
        match chosen.get() {
        Some(vm) => view! { <Of ctx=ctx vm=vm close=close/> }.into_any(),
        None => view! {
            <div class="vms-preview-head">
                <h2>"Preview"</h2>
                <IconButton label="Close preview" icon=IconName::X on_press=close/>
            </div>
            <p class="quiet">"Choose a row with the arrow keys or a click; what it holds shows here."</p>
        }
        .into_any(),
    }
    }
}

/// One VM; it stays while its figures change, and says so when it goes.
#[component]
fn Of(ctx: ListCtx, vm: VmId, close: Callback<()>) -> impl IntoView {
    let live = ctx.live();
    let found: Signal<Option<Arc<Vm>>> = live.vms.rows().row(&vm).into();
    let Some(first) = found.get_untracked() else {
        return gone(close).into_any();
    };
    let there = Memo::new(move |_| found.with(Option::is_some));
    // The last known one stands while the panel goes away.
    let kept = Memo::new(move |old: Option<&Arc<Vm>>| {
        found
            .get()
            .or_else(|| old.cloned())
            .unwrap_or_else(|| Arc::clone(&first))
    });
    let row: Row = kept.into();
    (move || {
        if there.get() {
            view! { <Known ctx=ctx vm=vm row=row close=close/> }.into_any()
        } else {
            gone(close).into_any()
        }
    })
    .into_any()
}

fn gone(close: Callback<()>) -> impl IntoView {
    view! {
        <div class="vms-preview-head">
            <h2>"Gone"</h2>
            <IconButton label="Close preview" icon=IconName::X on_press=close/>
        </div>
        <p class="quiet">"This VM is no longer in the cluster."</p>
    }
}

fn kind_word(vm: &Vm) -> String {
    match vm.kind.as_str() {
        "qemu" => "Virtual machine".to_owned(),
        "lxc" => "Container".to_owned(),
        other => other.to_owned(),
    }
}

#[component]
fn Known(ctx: ListCtx, vm: VmId, row: Row, close: Callback<()>) -> impl IntoView {
    let name = Memo::new(move |_| row.with(|vm| shown_name(vm)));
    let text = |pick: fn(&Vm) -> Option<String>| {
        move |row: Row| {
            let value = Memo::new(move |_| row.with(|vm| pick(vm)));
            move || value.get().unwrap_or_else(|| NONE.to_owned())
        }
    };
    let node = text(|vm| Some(vm.node.clone()).filter(|node| !node.is_empty()))(row);
    let pool = text(|vm| vm.pool.clone())(row);
    let kind = text(|vm| Some(kind_word(vm)))(row);
    let cores = text(|vm| vm.cpus.map(|cores| cores.to_string()))(row);
    let ram = Memo::new(move |_| row.with(|vm| memory(vm)));
    let space = Memo::new(move |_| row.with(|vm| disk(vm)));
    let live = ctx.live();
    let items = Signal::derive(move || row.with(|vm| vm_menu_items(&live, vm, ctx.ask)));
    view! {
        <div class="vms-preview-head">
            <h2><Link to=paths::vm(vm) class="link">{move || name.get()}</Link></h2>
            <MenuButton label="Actions" items=items icon=IconName::Dots icon_only=true edge=Edge::End/>
            <IconButton label="Close preview" icon=IconName::X on_press=close/>
        </div>
        <p class="vms-preview-state"><StateCell row=row/></p>
        <div class="vms-preview-use">
            <div><h3>"CPU"</h3><CpuCell row=row ctx=ctx/></div>
            <div><h3>"Memory"</h3><UsageBar label="Memory" usage=ram/></div>
            <div><h3>"Disk"</h3><UsageBar label="Disk" usage=space/></div>
            <div><h3>"Network"</h3><NetworkCell row=row ctx=ctx/></div>
        </div>
        <Facts>
            <Fact label="ID"><span class="mono">{vm.to_string()}</span><CopyButton text=Signal::stored(vm.to_string()) what="VM ID"/></Fact>
            <Fact label="Node">{node}</Fact>
            <Fact label="Kind">{kind}</Fact>
            <Fact label="Cores">{cores}</Fact>
            <Fact label="Pool">{pool}</Fact>
            <Fact label="Up for"><UptimeCell row=row/></Fact>
            <Fact label="Tags"><TagsCell row=row ctx=ctx/></Fact>
        </Facts>
    }
}
