//! The last hour of all nodes, where the server keeps it.

use crate::api::Client;
use crate::api::capabilities::Feature;
use crate::api::cluster::ClusterResource;
use crate::api::nodes;
use crate::api::vms::Timeframe;
use crate::domain::overview::{HistoryPoint, cluster_history};
use crate::domain::plot::Point;
use crate::stores::{Live, Watch, spawn};
use futures_util::future::join_all;
use leptos::prelude::*;

/// More nodes than these are not asked one by one for a chart.
const MOST: usize = 32;

/// CPU and memory of the cluster.
pub(super) type History = (Vec<Point>, Vec<Point>);

/// Asks once, when the nodes are known and the server offers it; none where it does not answer, and
/// then the chart begins when the page was opened.
pub(super) fn history(
    live: &Live,
    usage: Watch<Vec<ClusterResource>>,
) -> RwSignal<Option<History>> {
    let found = RwSignal::new(None);
    let known = live.capabilities();
    let wanted = Memo::new(move |_| {
        let offered = known.with(|known| {
            let known = known.as_ref();
            known.is_some_and(|known| known.offers(Feature::NodeMetrics).is_yes())
        });
        let nodes: Vec<(String, u32)> = usage.value.with(|rows| {
            let rows = rows.as_deref().map(Vec::as_slice).unwrap_or_default();
            let named = rows
                .iter()
                .filter_map(|row| Some((row.node.clone()?, row.maxcpu?)));
            named.collect()
        });
        (offered && !nodes.is_empty() && nodes.len() <= MOST).then_some(nodes)
    });
    let client = live.client.clone();
    // What is asked for ends with the page, or when other nodes are to be asked.
    Effect::new(move || {
        let Some(nodes) = wanted.get() else { return };
        let client = client.clone();
        spawn::page(async move {
            let told = join_all(
                nodes
                    .iter()
                    .map(|(name, cpus)| of_node(&client, name, *cpus)),
            )
            .await;
            // All or none: a sum without one of the nodes would be another cluster's.
            let Some(points) = told.into_iter().collect::<Option<Vec<_>>>() else {
                return;
            };
            let _ = found.try_set(Some(cluster_history(points.into_iter().flatten())));
        });
    });
    found
}

#[expect(clippy::cast_precision_loss, reason = "a share needs no 53 bits")]
async fn of_node(client: &Client, name: &str, cpus: u32) -> Option<Vec<HistoryPoint>> {
    let metrics = nodes::metrics(client, name, Timeframe::Hour).await.ok()?;
    let points = metrics.points.iter().map(|point| HistoryPoint {
        at: point.time,
        cpu: point.cpu.map(|share| share.0),
        cpus: f64::from(cpus),
        mem: point
            .mem
            .zip(point.maxmem)
            .map(|(used, total)| (used.0 as f64, total.0 as f64)),
    });
    Some(points.collect())
}
