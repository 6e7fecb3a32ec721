//! The cluster at a glance (guide: Dashboard). Every card loads, fails and recovers alone.

mod activity;
mod alert_row;
mod alert_sources;
mod attention;
mod backups;
mod board;
mod cards;
mod gauges;
mod head;
mod history;
mod load;
mod loads;
mod parts;
mod snoozed;
mod top;
mod vms;

use crate::domain::board::Freshness;
use crate::screens::page::Page;
use crate::stores::use_live;
use board::{Belief, BoardStatus};
use cards::{ArrangeActions, ArrangeButton, Cards, Desk};
use head::{ClusterFacts, QuickActions, Quorum};
use leptos::prelude::*;

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
    let board = board::asked_for();
    board::follow_frame(board);
    let (usage, vms) = (live.node_usage.watch().status, live.vms.watch().status);
    let belief = Belief::of([cluster.status, usage, vms]);
    let desk = Desk::new();
    // On a wall nobody arranges; what was arranged before holds there, too.
    let arranging = Memo::new(move |_| desk.arranging.get() && !board.get());
    let actions = move || match (board.get(), arranging.get()) {
        (true, _) => view! { <BoardStatus belief=belief/> }.into_any(),
        (false, true) => view! { <ArrangeActions desk=desk/> }.into_any(),
        (false, false) => view! { <ArrangeButton desk=desk/><QuickActions/> }.into_any(),
    };
    let arranged = move || desk.is_arranged().then_some("");
    // What cannot be believed must not look as if it could.
    let doubt = move || {
        let doubtful = matches!(belief.freshness.get(), Freshness::Old | Freshness::Lost);
        (board.get() && doubtful).then_some("")
    };
    view! {
        <Page title=title badges=badges facts=facts actions=actions>
            <div class="dash" data-doubt=doubt data-arranged=arranged>
                <Cards desk=desk/>
            </div>
        </Page>
    }
}
