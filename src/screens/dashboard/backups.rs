//! How many VMs could be restored from a recent backup.

use super::parts::{Age, Offered};
use crate::api::backups::{BackupHealth, Coverage};
use crate::api::capabilities::Feature;
use crate::components::{Card, Faces, SkeletonRows};
use crate::domain::units::{NONE, count, grouped};
use crate::paths;
use crate::screens::common::faces::face_state;
use crate::screens::page::Link;
use crate::stores::use_live;
use leptos::prelude::*;
use std::sync::Arc;

/// VMs named in the card.
const NAMED: usize = 4;

/// Whether the last try to back the VM up ended badly; the server's words differ.
pub(super) fn has_failed(vm: &Coverage) -> bool {
    vm.last_status.as_deref().is_some_and(|word| {
        let word = word.to_ascii_lowercase();
        word.contains("fail") || word.contains("error")
    })
}

/// Its name, or its number where the server gives none.
pub(super) fn name(vm: &Coverage) -> String {
    vm.name
        .clone()
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| format!("VM {}", vm.vmid))
}

#[component]
pub(super) fn BackupsCard() -> impl IntoView {
    view! {
        <Card title="Backups" aside=|| view! { <Offer/> } class="dash-backups">
            <Offered feature=Feature::BackupHealth>
                <Health/>
            </Offered>
        </Card>
    }
}

/// How many VMs it is about, and how old the answer is.
#[component]
fn Offer() -> impl IntoView {
    let live = use_live();
    let health = live.backup_health.clone();
    // Without a request of its own: the card below asks, where the server has an answer.
    let denied = live.denied(Feature::BackupHealth);
    let offered = Memo::new(move |_| denied.with(Option::is_none));
    move || {
        offered.get().then(|| {
            let watch = health.watch();
            let total = Memo::new(move |_| watch.value.with(|health| health.as_ref()?.total));
            view! {
                {move || total.get().map(|total| format!("of {}", count(total as usize, "VM", "VMs")))}
                <Age status=watch.status/>
            }
        })
    }
}

#[component]
fn Health() -> impl IntoView {
    let live = use_live();
    let watch = live.backup_health.watch();
    let retry = Callback::new(move |()| drop(watch.refresh()));
    let face = face_state(
        "The backup summary could not be loaded",
        watch,
        live.clock.clone(),
    );
    view! {
        <Faces state=face skeleton=|| view! { <SkeletonRows rows=2/> } on_retry=retry let:health>
            <Figures health=health/>
        </Faces>
    }
}

#[component]
fn Figures(health: Signal<Arc<BackupHealth>>) -> impl IntoView {
    let failed = Memo::new(move |_| {
        health.with(|health| {
            let failed = health.coverage.iter().filter(|vm| has_failed(vm)).count();
            (!health.coverage.is_empty()).then_some(failed)
        })
    });
    let part = move |read: fn(&BackupHealth) -> Option<u32>| {
        Signal::derive(move || health.with(|health| read(health).map(|n| n as usize)))
    };
    let late = Memo::new(move |_| {
        health.with(|health| {
            let late = health.coverage.iter().filter(|vm| vm.overdue);
            late.map(|vm| (vm.vmid, name(vm))).collect::<Vec<_>>()
        })
    });
    let names = move || {
        let late = late.get();
        let more = late.len().saturating_sub(NAMED);
        (!late.is_empty()).then(|| {
            view! {
                <p class="dash-late">
                    "Overdue: "
                    {late.into_iter().take(NAMED).enumerate().map(|(at, (vm, name))| view! {
                        {(at > 0).then_some(", ")}
                        <Link class="link" to=paths::vm(vm)>{name}</Link>
                    }).collect_view()}
                    {(more > 0).then(|| format!(" and {more} more"))}
                </p>
            }
        })
    };
    view! {
        <dl class="dash-backup-figures">
            <Figure label="with a recent backup" only="" number=part(|health| health.recent)/>
            <Figure label="failed last time" only="failed" number=failed tone="dash-bad"/>
            <Figure label="overdue" only="late" number=part(|health| health.overdue) tone="dash-warn"/>
            <Figure label="without any" only="missing" number=part(|health| health.without) tone="dash-warn"/>
        </dl>
        {names}
    }
}

/// A number and what it counts, with the way to them; coloured where it is not 0 and should be.
#[component]
fn Figure(
    label: &'static str,
    /// What alone the page over them shows.
    only: &'static str,
    #[prop(into)] number: Signal<Option<usize>>,
    #[prop(optional)] tone: &'static str,
) -> impl IntoView {
    let class = move || {
        if number.get().is_some_and(|number| number > 0) {
            tone
        } else {
            ""
        }
    };
    let words = move || {
        number
            .get()
            .map_or_else(|| NONE.to_owned(), |number| grouped(number as u64))
    };
    view! {
        <div>
            <dt><Link to=paths::coverage_where(&[("only", only)])>{label}</Link></dt>
            <dd class=class>{words}</dd>
        </div>
    }
}
