//! One VM (guide: VM Detail): head, usage cards, seven tabs.
//!
//! The head and the cards stay where they are while tabs change; each part loads and fails alone.

pub(in crate::screens) mod absent;
mod addresses;
mod cards;
mod edit;
mod head;
mod head_tags;
pub(in crate::screens) mod model;
mod tabs;

use crate::api::ApiError;
use crate::components::{ErrorState, Skeleton, TabItem, Tabs};
use crate::domain::ids::VmId;
use crate::paths::{self, VmTab};
use crate::screens::common::faces::error_view;
use crate::screens::common::power::{VmAsk, VmDialogs};
use crate::screens::page::{Crumb, Page};
use crate::stores::use_live;
use absent::{Absence, Absent, NoSuchAddress};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_params_map};
use model::{Presence, VmPage};

/// `/vms/:vmid` and `/vms/:vmid/:tab`.
#[component]
pub fn VmDetailPage() -> impl IntoView {
    let params = use_params_map();
    let part = move |name: &str| params.with(|params| params.get(name).unwrap_or_default());
    let id = Memo::new(move |_| part("vmid").parse::<VmId>().map_err(|_| part("vmid")));
    let tab = Memo::new(move |_| VmTab::parse(&part("tab")));
    move || match id.get() {
        Ok(id) => view! { <OneVm id=id tab=tab/> }.into_any(),
        Err(word) => view! { <NoSuchAddress word=word/> }.into_any(),
    }
}

/// The VM, or why there is none: what is gone is not asked for again and again.
#[component]
fn OneVm(id: VmId, tab: Memo<Option<VmTab>>) -> impl IntoView {
    let absence = RwSignal::new(None::<Absence>);
    move || match absence.get() {
        Some(why) => view! { <Absent id=id why=why back=absence/> }.into_any(),
        None => view! { <Present id=id tab=tab absence=absence/> }.into_any(),
    }
}

#[component]
fn Present(
    id: VmId,
    tab: Memo<Option<VmTab>>,
    absence: RwSignal<Option<Absence>>,
) -> impl IntoView {
    let vm = VmPage::new(id);
    provide_context(vm);
    let presence = vm.presence();
    // The one who shows this page has to take it away, so that its feeds end.
    Effect::new(move || match presence.get() {
        Presence::Missing => absence.set(Some(Absence::Missing)),
        Presence::Deleted(name) => absence.set(Some(Absence::Deleted(name))),
        _ => {}
    });
    if vm.store().detail.peek().is_some() {
        // What is remembered from an earlier visit may be old; the answer says whether it still is.
        drop(vm.detail.refresh());
    }
    let navigate = use_navigate();
    let to_list = move |_| navigate(&paths::vms(), NavigateOptions::default());
    let ask = VmAsk::new().when_deleted(Callback::new(to_list));
    provide_context(ask);
    let editor = edit::Editor::provide();
    let known = Memo::new(move |_| presence.get() == Presence::Known);
    let crumbs = Signal::derive(move || crumbs(vm.name.get()));
    view! {
        <Page
            title=vm.name
            crumbs=crumbs
            badges=move || known.get().then(|| view! { <head::Badges/> })
            facts=move || match presence.get() {
                Presence::Known => view! { <head::FactsLine/> }.into_any(),
                Presence::Failed(_) => ().into_any(),
                _ => view! { <Skeleton width="320px"/> }.into_any(),
            }
            actions=move || known.get().then(|| view! { <head::Actions/> })
        >
            {move || match presence.get() {
                Presence::Known => view! { <Known tab=tab/> }.into_any(),
                Presence::Failed(error) => view! { <Failed error=error/> }.into_any(),
                _ => view! { <Loading/> }.into_any(),
            }}
        </Page>
        <edit::EditDialog editor=editor/>
        <VmDialogs ask=ask/>
    }
}

/// Neither call brought anything; each is tried again.
#[component]
fn Failed(error: ApiError) -> impl IntoView {
    let vm = model::use_vm();
    let live = use_live();
    let view = error_view("The VM could not be loaded", &error, live.clock.now());
    let retry = move |()| drop((vm.detail.refresh(), vm.live.refresh()));
    let busy = Signal::derive(move || vm.detail.status.with(|status| status.in_flight));
    view! { <ErrorState error=view on_retry=retry busy=busy/> }
}

fn crumbs(name: String) -> Vec<Crumb> {
    vec![
        Crumb::to("Virtual machines", paths::vms()),
        Crumb::here(name),
    ]
}

#[component]
fn Loading() -> impl IntoView {
    view! {
        <div class="vm-cards" aria-busy="true">
            <span class="vh">"Loading"</span>
            {(0..4).map(|_| view! { <Skeleton height="224px"/> }).collect_view()}
        </div>
        <Skeleton height="320px"/>
    }
}

#[component]
fn Known(tab: Memo<Option<VmTab>>) -> impl IntoView {
    let vm = model::use_vm();
    view! {
        <head::Warnings/>
        <cards::Cards tab=tab/>
        <TabBar tab=tab/>
        <div class="vm-tab">{move || tabs::show(tab.get(), vm.id)}</div>
    }
}

#[component]
fn TabBar(tab: Memo<Option<VmTab>>) -> impl IntoView {
    let vm = model::use_vm();
    let from_detail = Memo::new(move |_| {
        vm.detail.value.with(|detail| {
            let detail = detail.as_ref()?;
            let snapshots = detail.snapshots.as_ref().map(|list| {
                list.iter()
                    .filter(|snapshot| !snapshot.is_current())
                    .count()
            });
            Some((snapshots, detail.backups.as_ref().map(Vec::len)))
        })
    });
    let raw = tabs::use_raw();
    let items = Signal::derive(move || {
        let (snapshots, backups) = from_detail.get().unwrap_or_default();
        let (listed_snapshots, listed_backups) = vm.counts.get();
        VmTab::ALL
            .into_iter()
            .map(|tab| {
                let count = match tab {
                    VmTab::Snapshots => listed_snapshots.or(snapshots),
                    VmTab::Backups => listed_backups.or(backups),
                    _ => None,
                };
                // Who reads the configuration raw does so on every tab that has it.
                let path = if tab.is_config() && raw.get() {
                    paths::vm_tab_where(vm.id, tab, &[paths::RAW])
                } else {
                    paths::vm_tab(vm.id, tab)
                };
                let href = paths::href(&path);
                TabItem::new(tab.slug(), tab.label(), href).count(count)
            })
            .collect::<Vec<_>>()
    });
    let label = Signal::derive(move || format!("Parts of {}", vm.name.get()));
    let current = Signal::derive(move || {
        tab.get()
            .map(|tab| tab.slug().to_owned())
            .unwrap_or_default()
    });
    view! { <Tabs label=label items=items current=current/> }
}

/// Runs a feed's refresh from a retry button, where the outcome shows in the panel itself.
fn retry<T: PartialEq + Send + Sync + 'static>(watch: crate::stores::Watch<T>) -> Callback<()> {
    Callback::new(move |()| drop(watch.refresh()))
}
