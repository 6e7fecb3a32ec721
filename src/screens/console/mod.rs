//! Consoles of VMs and shells of nodes (guide: Console Access): on a page, or alone in a window of
//! their own.

mod clipboard;
mod desk;
mod drafts;
mod line;
mod menus;
mod offers;
mod session;
mod spice;
mod stage;
mod toolbar;
mod touch;
mod typing;

use crate::api::ApiError;
use crate::api::console::ConsoleOf;
use crate::components::{Button, EmptyState, ErrorState, IconName, Skeleton};
use crate::domain::config;
use crate::domain::console::{ConsoleKind, Devices, Facts, preferred};
use crate::domain::ids::VmId;
use crate::domain::status::GuestKind;
use crate::paths;
use crate::screens::common::faces::error_view;
use crate::screens::common::power::{VmAsk, VmDialogs};
use crate::screens::page::{Crumb, Page, PageState};
use crate::screens::vm_detail::absent::{Absence, Absent, NoSuchAddress};
use crate::screens::vm_detail::model::{Presence, VmPage};
use crate::stores::use_live;
use desk::Desk;
use drafts::Drafts;
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use line::Guest;

/// What the address says: the kind of console, and whether it stands alone in a window.
#[derive(Clone, Copy)]
struct Asked {
    kind: Memo<Option<ConsoleKind>>,
    window: Memo<bool>,
}

impl Asked {
    fn new() -> Self {
        let query = use_query_map();
        let kind = Memo::new(move |_| {
            query
                .with(|query| query.get("type"))
                .and_then(|slug| ConsoleKind::parse(&slug))
        });
        let window = Memo::new(move |_| query.with(|query| query.get(paths::WINDOW).is_some()));
        if let Some(state) = use_context::<PageState>() {
            // Writes out of an effect: the frame is outside of this page.
            Effect::new(move || state.bare.set(window.get()));
            on_cleanup(move || {
                let _ = state.bare.try_set(false);
            });
        }
        Self { kind, window }
    }
}

/// `/vms/:vmid/console`
#[component]
pub fn VmConsolePage() -> impl IntoView {
    let params = use_params_map();
    let asked = Asked::new();
    let id = Memo::new(move |_| {
        let word = params.with(|params| params.get("vmid").unwrap_or_default());
        word.parse::<VmId>().map_err(|_| word)
    });
    move || match id.get() {
        Ok(id) => view! { <OneVm id=id asked=asked/> }.into_any(),
        Err(word) => view! { <NoSuchAddress word=word/> }.into_any(),
    }
}

/// The VM, or why there is none.
#[component]
fn OneVm(id: VmId, asked: Asked) -> impl IntoView {
    let absence = RwSignal::new(None::<Absence>);
    move || match absence.get() {
        Some(why) => view! { <Absent id=id why=why back=absence/> }.into_any(),
        None => view! { <Present id=id asked=asked absence=absence/> }.into_any(),
    }
}

/// What of the VM decides about its consoles; `None` until it is known.
fn facts_of(vm: VmPage) -> Memo<Option<Facts>> {
    Memo::new(move |_| {
        if vm.vm.with(|vm| vm.kind == GuestKind::Lxc) {
            return Some(Facts::Container);
        }
        let failed = vm.detail.status.with(|status| status.error.is_some());
        vm.config.with(|config| match config {
            Some(config) => {
                let display = config::text(config, "vga").unwrap_or_default();
                Some(Facts::Vm(Some(Devices {
                    display: display.split(',').next().unwrap_or_default().to_owned(),
                    serial: config.keys().any(|key| key.starts_with("serial")),
                })))
            }
            None => failed.then_some(Facts::Vm(None)),
        })
    })
}

/// What stands on the page of a VM.
#[derive(Debug, Clone, PartialEq)]
enum Shown {
    Loading,
    Failed(ApiError),
    Console,
}

#[component]
fn Present(id: VmId, asked: Asked, absence: RwSignal<Option<Absence>>) -> impl IntoView {
    let vm = VmPage::new(id);
    let live = use_live();
    let presence = vm.presence();
    // The one who shows this page has to take it away, so that its line ends.
    Effect::new(move || match presence.get() {
        Presence::Missing => absence.set(Some(Absence::Missing)),
        Presence::Deleted(name) => absence.set(Some(Absence::Deleted(name))),
        _ => {}
    });
    let ask = VmAsk::new();
    provide_context(ask);
    let facts = facts_of(vm);
    // What is shown once stays: a poll that fails must not end the line.
    let shown = Memo::new(move |before: Option<&Shown>| match before {
        Some(Shown::Console) => Shown::Console,
        _ if facts.with(Option::is_some) => Shown::Console,
        _ => match presence.get() {
            Presence::Failed(error) => Shown::Failed(error),
            _ => Shown::Loading,
        },
    });
    let on = Signal::derive(move || {
        let told = vm.live.value.with(Option::is_some) || vm.detail.value.with(Option::is_some);
        told.then(|| vm.on.get())
    });
    let guest = Guest {
        of: ConsoleOf::Vm(id),
        name: vm.name.into(),
        node: Signal::derive(move || vm.vm.with(|vm| vm.node.clone())),
        on,
    };
    let title = Signal::derive(move || format!("Console of {}", vm.name.get()));
    let crumbs = Signal::derive(move || {
        vec![
            Crumb::to("Virtual machines", paths::vms()),
            Crumb::to(vm.name.get(), paths::vm(id)),
            Crumb::here("Console"),
        ]
    });
    let retry = move |()| drop((vm.detail.refresh(), vm.live.refresh()));
    let body = move || {
        let guest = guest.clone();
        match shown.get() {
            Shown::Console => {
                let facts = Signal::derive(move || facts.get().unwrap_or(Facts::Vm(None)));
                view! { <Kinds guest=guest facts=facts asked=asked/> }.into_any()
            }
            Shown::Failed(error) => {
                let shown = error_view("The VM could not be loaded", &error, live.clock.now());
                view! { <ErrorState error=shown on_retry=retry/> }.into_any()
            }
            Shown::Loading => view! { <Skeleton height="420px"/> }.into_any(),
        }
    };
    view! {
        <Page title=title crumbs=crumbs>{body}</Page>
        <VmDialogs ask=ask/>
    }
}

/// `/nodes/:node/console`
#[component]
pub fn NodeConsolePage() -> impl IntoView {
    let params = use_params_map();
    let asked = Asked::new();
    let node = Memo::new(move |_| params.with(|params| params.get("node").unwrap_or_default()));
    move || view! { <OneNode node=node.get() asked=asked/> }
}

#[component]
fn OneNode(node: String, asked: Asked) -> impl IntoView {
    let live = use_live();
    let nodes = live.nodes.watch();
    let name = StoredValue::new(node.clone());
    let missing = Memo::new(move |_| {
        nodes.value.with(|nodes| {
            let named = |nodes: &std::sync::Arc<Vec<crate::api::nodes::NodeSummary>>| {
                name.with_value(|name| !nodes.iter().any(|node| node.name == *name))
            };
            nodes.as_ref().is_some_and(named)
        })
    });
    provide_context(VmAsk::new());
    let guest = Guest {
        of: ConsoleOf::Node(node.clone()),
        name: Signal::stored(node.clone()),
        node: Signal::stored(node.clone()),
        on: Signal::stored(None),
    };
    let title = format!("Shell of {node}");
    let crumbs = vec![
        Crumb::to("Dashboard", paths::dashboard()),
        Crumb::here(title.clone()),
    ];
    let look = Callback::new(move |()| drop(nodes.refresh()));
    let body = move || {
        if missing.get() {
            return view! {
                <EmptyState
                    title=format!("There is no node {}", name.get_value())
                    words="The address may have a slip in it, or the node has left the cluster."
                    icon=IconName::NodeServer
                    action=move || view! { <Button label="Look again" icon=IconName::Refresh on_press=look/> }
                />
            }
            .into_any();
        }
        view! { <Kinds guest=guest.clone() facts=Signal::stored(Facts::Node) asked=asked/> }
            .into_any()
    };
    view! {
        <Page title=Signal::stored(title) crumbs=Signal::stored(crumbs)>{body}</Page>
    }
}

/// The console of the kind that was asked for, or that fits; another kind is another console.
#[component]
fn Kinds(guest: Guest, facts: Signal<Facts>, asked: Asked) -> impl IntoView {
    let kind = Memo::new(move |_| facts.with(|facts| preferred(facts, asked.kind.get())));
    let drafts = Drafts::new(match &guest.of {
        ConsoleOf::Vm(vm) => paths::vm_console(*vm, None, false),
        ConsoleOf::Node(node) => paths::node_console(node, false),
    });
    move || {
        let guest = guest.clone();
        view! { <Desk guest=guest kind=kind.get() facts=facts window=asked.window drafts=drafts/> }
    }
}
