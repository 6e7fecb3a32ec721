//! Health of the cluster in one line, and what is done most.

use crate::api::cluster::ClusterStatus;
use crate::components::time::TimeText;
use crate::components::{
    Button, ButtonLook, ControlSize, IconName, LinkButton, Pill, Skeleton, Tone,
};
use crate::paths;
use crate::screens::common::create::CreateButton;
use crate::stores::{Watch, use_live};
use leptos::prelude::*;

/// Whether the members agree. What the server does not say is unknown, never lost.
#[component]
pub(super) fn Quorum(cluster: Watch<ClusterStatus>) -> impl IntoView {
    let shown = Memo::new(move |_| {
        let told = cluster
            .value
            .with(|status| status.as_ref().map(|status| status.cluster.quorate));
        let failed = || cluster.status.with(|status| status.error.is_some());
        told.or_else(|| failed().then_some(None))
    });
    move || {
        shown.get().map(|quorate| {
            let (tone, icon, label, tip) = match quorate {
                Some(true) => (
                    Tone::Ok,
                    IconName::Check,
                    "Quorate",
                    "A majority of the nodes agrees",
                ),
                Some(false) => (
                    Tone::Bad,
                    IconName::CircleAlert,
                    "No quorum",
                    "Nothing can be started or changed until more nodes are back",
                ),
                None => (
                    Tone::Idle,
                    IconName::StateUnknown,
                    "Quorum unknown",
                    "The server does not say whether the nodes agree",
                ),
            };
            view! { <Pill tone=tone icon=icon label=label tip=Some(tip.to_owned())/> }
        })
    }
}

/// Nodes online, of all; `None` where neither members nor their number are told.
fn nodes(status: &ClusterStatus) -> Option<(usize, usize)> {
    let online = status.nodes.iter().filter(|node| node.online).count();
    let told = status
        .cluster
        .nodes
        .map_or(0, |nodes| usize::try_from(nodes).unwrap_or(usize::MAX));
    let all = status.nodes.len().max(told);
    (!status.nodes.is_empty()).then_some((online, all))
}

/// Nodes, version, age of the figures; or why nothing is known.
#[component]
pub(super) fn ClusterFacts(cluster: Watch<ClusterStatus>) -> impl IntoView {
    let live = use_live();
    let now = live.clock.watch();
    let (usage, vms) = (live.node_usage.watch().status, live.vms.watch().status);
    let updated = Memo::new(move |_| {
        [cluster.status, usage, vms]
            .into_iter()
            .filter_map(|status| status.with(|status| status.updated))
            .max()
    });
    let known = Memo::new(move |_| cluster.value.with(Option::is_some));
    let failure = Memo::new(move |_| {
        cluster
            .status
            .with(|status| status.error.as_ref().map(|error| error.message.clone()))
    });
    let busy = Memo::new(move |_| cluster.status.with(|status| status.in_flight));
    let online = Memo::new(move |_| cluster.value.with(|status| nodes(status.as_deref()?)));
    let version = Memo::new(move |_| cluster.value.with(|s| s.as_deref()?.cluster.version));
    let retry = Callback::new(move |()| drop(cluster.refresh()));
    let node_words = move || match online.get() {
        Some((online, all)) => view! {
            <span class:dash-bad={online < all}>
                <b>{online}</b>
                {format!(" of {all} {} online", if all == 1 { "node" } else { "nodes" })}
            </span>
        }
        .into_any(),
        None if known.get() => view! { <span>"Nodes not known"</span> }.into_any(),
        None if failure.with(Option::is_some) => ().into_any(),
        None => view! { <Skeleton width="200px"/> }.into_any(),
    };
    let problem = move || {
        failure.get().map(|why| {
            view! {
                <span class="dash-bad">{format!("The state of the cluster could not be loaded: {why}")}</span>
                <Button label="Try again" size=ControlSize::Small on_press=retry busy=busy/>
            }
        })
    };
    view! {
        {node_words}
        {move || version.get().map(|version| view! {
            <span data-tip="The cluster's version, as the server gives it">"Version "<b>{version}</b></span>
        })}
        {move || updated.with(Option::is_some).then(|| view! {
            <span>"Updated "<TimeText at=updated now=now/></span>
        })}
        {problem}
    }
}

/// What is done most. Acting on many is done where they are listed and chosen.
#[component]
pub(super) fn QuickActions() -> impl IntoView {
    let list = |status| paths::href(&paths::vms_where(&[("status", status)]));
    view! {
        <LinkButton label="Wall board" icon=IconName::Monitor look=ButtonLook::Quiet href=paths::href(&paths::board())/>
        <LinkButton label="Bulk stop" icon=IconName::Square href=list("running")/>
        <LinkButton label="Bulk start" icon=IconName::Play href=list("stopped")/>
        <CreateButton/>
    }
}
