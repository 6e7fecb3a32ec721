//! One alert: what, why, since when, where to, and putting it aside.

use super::snoozed::Snoozer;
use crate::components::time::{TimeStyle, TimeText};
use crate::components::{Icon, IconName, Tone};
use crate::domain::alerts::{Alert, Severity, Target};
use crate::domain::ids::VmId;
use crate::paths;
use crate::screens::page::Link;
use crate::stores::use_live;
use leptos::prelude::*;

/// Where the cause is seen. Nodes have no page yet: their VMs are what suffers.
fn place(target: &Target) -> Option<String> {
    match target {
        Target::Vm(vm) => Some(paths::vm(*vm)),
        Target::Task(upid) => Some(paths::task(upid)),
        Target::Node(node) => Some(paths::vms_where(&[("node", node)])),
        Target::Tasks => Some(paths::tasks()),
        Target::Storage(name) => Some(paths::storage(name)),
        // VMs together: those without a recent backup.
        Target::Vms(_) => Some(paths::coverage_where(&[("only", "bad")])),
        Target::Cluster => None,
    }
}

/// One alert. Its words may change while its cause stays the same.
#[component]
pub(super) fn AlertRow(alerts: Memo<Vec<Alert>>, key: String) -> impl IntoView {
    let live = use_live();
    let now = live.clock.watch();
    let alert = Memo::new(move |last: Option<&Option<Alert>>| {
        let found = alerts.with(|all| all.iter().find(|alert| alert.key == key).cloned());
        found.or_else(|| last.cloned().flatten())
    });
    let bad = Memo::new(move |_| {
        alert.with(|alert| alert.as_ref().map(|alert| alert.severity) == Some(Severity::Bad))
    });
    let title = move || alert.with(|alert| alert.as_ref().map(|alert| alert.title.clone()));
    let detail = Memo::new(move |_| alert.with(|alert| alert.as_ref().map(|a| a.detail.clone())));
    let at = Memo::new(move |_| alert.with(|alert| alert.as_ref()?.at));
    let to = Memo::new(move |_| alert.with(|alert| place(&alert.as_ref()?.target)));
    let several = Memo::new(move |_| {
        alert.with(|alert| match &alert.as_ref()?.target {
            Target::Vms(vms) => Some(vms.clone()),
            _ => None,
        })
    });
    // What stands for several others has no end of its own.
    let can_wait = Memo::new(move |_| {
        alert.with(|alert| alert.as_ref().is_some_and(|a| a.target != Target::Tasks))
    });
    let icon = Signal::derive(move || {
        if bad.get() {
            IconName::CircleAlert
        } else {
            IconName::Triangle
        }
    });
    let tone = move || if bad.get() { Tone::Bad } else { Tone::Warn }.class();
    view! {
        <li class=move || format!("dash-alert {}", tone())>
            <Icon name=icon/>
            <div class="dash-alert-words">
                <span class="vh">{move || if bad.get() { "Critical: " } else { "Warning: " }}</span>
                {move || match to.get() {
                    Some(to) => view! { <Link class="dash-row-link dash-alert-title" to=to>{title}</Link> }.into_any(),
                    None => view! { <span class="dash-alert-title">{title}</span> }.into_any(),
                }}
                <p class="dash-alert-detail">
                    {move || match several.get() {
                        Some(vms) => view! { <Several vms=vms/> }.into_any(),
                        None => view! { {move || detail.get()} }.into_any(),
                    }}
                </p>
            </div>
            {move || at.get().map(|_| view! {
                <span class="dash-alert-time"><TimeText at=at now=now style=TimeStyle::Clock/></span>
            })}
            {move || can_wait.get().then(|| view! { <Snoozer alert=alert/> })}
        </li>
    }
}

/// Several VMs, the first of them by name.
#[component]
fn Several(vms: Vec<VmId>) -> impl IntoView {
    const NAMED: usize = 3;
    let live = use_live();
    let more = vms.len().saturating_sub(NAMED);
    let named = vms.into_iter().take(NAMED).enumerate().map(|(at, vm)| {
        let name = live.vms.name(vm);
        view! {
            {(at > 0).then_some(", ")}
            <Link class="link" to=paths::vm(vm)>{name}</Link>
        }
    });
    view! {
        {named.collect_view()}
        {(more > 0).then(|| format!(" and {more} more"))}
    }
}
