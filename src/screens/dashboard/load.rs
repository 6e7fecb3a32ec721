//! CPU and memory of the cluster over time.

use super::history::history;
use super::loads::NodeLoads;
use super::parts::{Age, Offered};
use crate::api::capabilities::Feature;
use crate::components::{Card, ChartUnit, Faces, Ink, LineChart, Series, Skeleton};
use crate::domain::overview::joined;
use crate::screens::common::faces::face_state;
use crate::stores::use_live;
use leptos::prelude::*;
use std::sync::Arc;

const HOUR: i64 = 3_600_000;
/// History has a sample a minute: three of them missing are a gap.
const GAP: i64 = 200_000;

#[component]
pub(super) fn LoadCard() -> impl IntoView {
    let live = use_live();
    let usage = live.node_usage.watch();
    let samples = live.cluster_charts.clone();
    let past = history(&live, usage);
    let series = Memo::new(move |_| {
        samples.with(|samples| {
            past.with(|past| {
                let (cpu, mem) = past
                    .as_ref()
                    .map_or((&[][..], &[][..]), |(cpu, mem)| (cpu, mem));
                let cpu = joined(cpu, &samples.cpu.points(), HOUR);
                let mem = joined(mem, &samples.mem.points(), HOUR);
                Arc::new(vec![
                    Series::new("CPU", Ink::One, cpu).filled(),
                    Series::new("Memory", Ink::Two, mem),
                ])
            })
        })
    });
    let has_past = Memo::new(move |_| past.with(Option::is_some));
    let aside = move || {
        view! {
            {move || if has_past.get() { "last hour" } else { "since this page was opened" }}
            <Age status=usage.status/>
        }
    };
    let retry = Callback::new(move |()| drop(usage.refresh()));
    let face = face_state(
        "The load of the cluster could not be loaded",
        usage,
        live.clock.clone(),
    );
    view! {
        <Card title="Cluster load" aside=aside class="dash-load">
            <Offered feature=Feature::ClusterResources>
                <Faces
                    state=face
                    skeleton=|| view! { <Skeleton height="184px"/> }
                    on_retry=retry
                    let:_nodes
                >
                    <LineChart
                        label="Cluster load"
                        series=series
                        unit=ChartUnit::Share
                        gap=Some(GAP)
                        height=140
                        empty="The second sample comes in a few seconds"
                    />
                </Faces>
            </Offered>
            <NodeLoads/>
        </Card>
    }
}
