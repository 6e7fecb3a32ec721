//! What the server remembers of all nodes together.

use crate::api::capabilities::Feature;
use crate::api::cluster::ClusterResource;
use crate::api::nodes;
use crate::api::vms::Timeframe;
use crate::api::{ApiError, Client};
use crate::domain::overview::{HistoryPoint, cluster_history};
use crate::domain::plot::Point;
use crate::stores::{Live, Watch, spawn};
use futures_util::future::try_join_all;
use leptos::prelude::*;

/// More nodes than these are not asked one by one for a chart.
const MOST: usize = 32;
/// The last hour goes on with the samples taken here; longer spans are asked for again so often,
/// in milliseconds.
const AGAIN: i64 = 600_000;

/// CPU and memory of the cluster.
pub(super) type Lines = (Vec<Point>, Vec<Point>);

/// What the server answered, for which span.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Told {
    pub frame: Timeframe,
    pub lines: Result<Lines, ApiError>,
}

/// The history of a cluster.
#[derive(Debug, Clone, Copy)]
pub(super) struct History {
    /// The newest answer, which may be that of another span; `None` before the first.
    pub told: RwSignal<Option<Told>>,
    /// Whether the server keeps one, of nodes few enough to be asked.
    pub offered: Memo<bool>,
    again: RwSignal<u32>,
}

impl History {
    /// Asks once more.
    pub fn retry(self) {
        self.again.update(|times| *times += 1);
    }
}

/// Asks for a span when the nodes are known and the server offers it; where it does not, the chart
/// begins when the page was opened.
pub(super) fn history(
    live: &Live,
    usage: Watch<Vec<ClusterResource>>,
    frame: Memo<Timeframe>,
) -> History {
    let told = RwSignal::new(None);
    let again = RwSignal::new(0);
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
    let now = live.clock.watch();
    let round = Memo::new(move |_| match frame.get() {
        Timeframe::Hour => 0,
        _ => now.get().millis / AGAIN,
    });
    // What is asked for ends with the page, or when something else is to be asked.
    Effect::new(move || {
        round.track();
        again.track();
        let frame = frame.get();
        let Some(nodes) = wanted.get() else { return };
        let client = client.clone();
        spawn::page(async move {
            let asked = nodes
                .iter()
                .map(|(name, cpus)| of_node(&client, name, *cpus, frame));
            // All or none: a sum without one of the nodes would be another cluster's.
            let lines = try_join_all(asked)
                .await
                .map(|points| cluster_history(points.into_iter().flatten()));
            let _ = told.try_set(Some(Told { frame, lines }));
        });
    });
    History {
        told,
        offered: Memo::new(move |_| wanted.with(Option::is_some)),
        again,
    }
}

#[expect(clippy::cast_precision_loss, reason = "a share needs no 53 bits")]
async fn of_node(
    client: &Client,
    name: &str,
    cpus: u32,
    frame: Timeframe,
) -> Result<Vec<HistoryPoint>, ApiError> {
    let metrics = nodes::metrics(client, name, frame).await?;
    let points = metrics.points.iter().map(|point| HistoryPoint {
        at: point.time,
        cpu: point.cpu.map(|share| share.0),
        cpus: f64::from(cpus),
        mem: point
            .mem
            .zip(point.maxmem)
            .map(|(used, total)| (used.0 as f64, total.0 as f64)),
    });
    Ok(points.collect())
}
