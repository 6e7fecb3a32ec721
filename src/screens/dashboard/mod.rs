//! The cluster at a glance (guide: Dashboard). Every card loads, fails and recovers alone.

mod activity;
mod alert_row;
mod alert_sources;
mod attention;
mod backups;
mod gauges;
mod head;
mod history;
mod load;
mod loads;
mod parts;
mod snoozed;
mod top;
mod vms;

use crate::screens::page::Page;
use crate::stores::use_live;
use activity::ActivityCard;
use attention::AttentionCard;
use backups::BackupsCard;
use gauges::{CpuCard, MemoryCard, StorageCard};
use head::{ClusterFacts, QuickActions, Quorum};
use leptos::prelude::*;
use load::LoadCard;
use top::TopCard;
use vms::VmsCard;

/// `/`
#[component]
pub fn DashboardPage() -> impl IntoView {
    let live = use_live();
    let cluster = live.cluster.watch();
    let title = Memo::new(move |_| {
        cluster.value.with(|status| match status {
            Some(status) if !status.cluster.name.is_empty() => status.cluster.name.clone(),
            _ => "Dashboard".to_owned(),
        })
    });
    let badges = move || view! { <Quorum cluster=cluster/> };
    let facts = move || view! { <ClusterFacts cluster=cluster/> };
    let actions = || view! { <QuickActions/> };
    view! {
        <Page title=title badges=badges facts=facts actions=actions>
            <div class="dash">
                <div class="dash-figures">
                    <CpuCard/>
                    <MemoryCard/>
                    <StorageCard/>
                    <VmsCard/>
                </div>
                <div class="dash-column dash-wide">
                    <LoadCard/>
                    <ActivityCard/>
                </div>
                <div class="dash-column">
                    <AttentionCard/>
                    <TopCard/>
                    <BackupsCard/>
                </div>
            </div>
        </Page>
    }
}
