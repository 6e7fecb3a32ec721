//! What the stores ask for, and how often.

use super::context::Context;
use super::feed::{Batch, Feed, RowFeed};
use super::follow::Follow;
use super::poller::Plan;
use super::rows::Rows;
use crate::api::cluster::{self, ClusterResource};
use crate::api::nodes;
use crate::api::storage::{self, Content};
use crate::api::tasks::{self, Task, TaskQuery};
use crate::api::{ApiError, Client};
use crate::domain::ids::Upid;
use crate::domain::live::{Cadence, Ring};
use crate::domain::load::NodeLoad;
use crate::domain::runtime_config::RuntimeConfig;
use crate::domain::status::NodeStatus;
use futures_util::FutureExt;
use futures_util::future::{LocalBoxFuture, join_all};
use leptos::prelude::*;
use std::sync::Arc;
use std::time::Duration;

/// CPU and memory of the whole cluster since the page was opened: shares of 0 to 1.
#[derive(Debug, Clone, PartialEq)]
pub struct ClusterCharts {
    /// Share of all CPUs.
    pub cpu: Ring,
    /// Share of all memory.
    pub mem: Ring,
}

impl Default for ClusterCharts {
    fn default() -> Self {
        // An hour at the quickest pace.
        Self {
            cpu: Ring::new(1440, 3_600_000),
            mem: Ring::new(1440, 3_600_000),
        }
    }
}

/// How often things are asked for; see [`Cadence`].
pub(super) struct Pace {
    /// What a person watches.
    pub every: Cadence,
    /// What seldom changes.
    pub third: Cadence,
    /// What hardly changes.
    pub rare: Cadence,
    /// What changes once a day.
    pub daily: Cadence,
}

impl Pace {
    pub fn of(slow: Duration) -> Self {
        Self {
            every: Cadence::every(slow),
            third: Cadence {
                quick: slow,
                ..Cadence::every(slow * 3)
            },
            rare: Cadence::steady(slow * 6),
            daily: Cadence::steady(slow * 30),
        }
    }
}

pub(super) fn slow_pace(config: &RuntimeConfig, preferred: Option<u32>) -> Duration {
    let secs = preferred
        .unwrap_or(config.poll_interval_seconds)
        .clamp(2, 3600);
    Duration::from_secs(secs.into())
}

pub(super) fn feed<T: PartialEq + Send + Sync + 'static>(
    context: &Context,
    cadence: Cadence,
    coverable: bool,
    fetch: fn(Client) -> LocalBoxFuture<'static, Result<T, ApiError>>,
) -> Feed<T> {
    Feed::new(context, Plan { cadence, coverable }, fetch)
}

/// What lies on a storage: read while its page is open.
pub(super) fn content_feed(
    context: &Context,
    cadence: Cadence,
    name: String,
) -> Feed<Vec<Content>> {
    let plan = Plan {
        cadence,
        coverable: false,
    };
    Feed::new(context, plan, move |client| {
        let name = name.clone();
        async move { Ok(storage::content(&client, &name, "").await?.good) }.boxed_local()
    })
}

pub(super) fn task_feed(
    context: &Context,
    cadence: Cadence,
    rows: &Rows<Upid, Task>,
    follow: &Follow,
) -> RowFeed<Upid, Task> {
    let plan = Plan {
        cadence,
        coverable: true,
    };
    let hooks = Arc::new(follow.clone());
    RowFeed::new(
        context,
        plan,
        rows,
        |task| task.upid.clone(),
        hooks,
        |client| {
            let query = TaskQuery {
                limit: Some(50),
                ..TaskQuery::default()
            };
            async move { Ok(Batch::Done(tasks::list(&client, &query).await?)) }.boxed_local()
        },
    )
}

/// Failed tasks, and where there are any, those that ended well: a failure may have been made good
/// since.
pub(super) async fn failures(client: Client) -> Result<Vec<Task>, ApiError> {
    let of = |status: &str, limit| TaskQuery {
        status: vec![status.to_owned()],
        limit: Some(limit),
        ..TaskQuery::default()
    };
    let mut tasks = tasks::list(&client, &of("error", 100)).await?.good;
    if !tasks.is_empty() {
        tasks.extend(tasks::list(&client, &of("ok", 200)).await?.good);
    }
    Ok(tasks)
}

pub(super) fn node_usage(
    context: &Context,
    cadence: Cadence,
    charts: &ArcRwSignal<ClusterCharts>,
) -> Feed<Vec<ClusterResource>> {
    let (charts, clock) = (charts.clone(), context.clone());
    Feed::new(
        context,
        Plan {
            cadence,
            coverable: false,
        },
        move |client| {
            let (charts, clock) = (charts.clone(), clock.clone());
            async move {
                let rows = cluster::resources(&client, Some("node")).await?.good;
                let at = clock.sample_time();
                let (cpu, mem) = shares(&rows);
                charts.update(|charts| {
                    charts.cpu.push(at, cpu);
                    charts.mem.push(at, mem);
                });
                Ok(rows)
            }
            .boxed_local()
        },
    )
}

/// More nodes than these are not asked one by one.
const MOST_NODES: usize = 32;
/// How many nodes are asked at once.
const AT_ONCE: usize = 4;

/// Load averages of the nodes that are online, each asked for its own; a node that does not answer,
/// or whose server leaves them out, is left out here, too.
pub(super) async fn node_loads(client: Client) -> Result<Vec<NodeLoad>, ApiError> {
    let nodes = nodes::list(&client).await?.good;
    let online: Vec<_> = nodes
        .iter()
        .filter(|node| node.status == NodeStatus::Online)
        .collect();
    let mut loads = Vec::new();
    if online.len() > MOST_NODES {
        return Ok(loads);
    }
    for some in online.chunks(AT_ONCE) {
        let asked = some.iter().map(|node| nodes::status(&client, &node.name));
        for (node, told) in some.iter().zip(join_all(asked).await) {
            let Ok(told) = told else { continue };
            let cpus = told.cpu_info.and_then(|info| info.cpus).or(node.cores);
            loads.extend(NodeLoad::read(&node.name, &told.loadavg, cpus));
        }
    }
    Ok(loads)
}

/// Shares of all CPUs and of all memory; none where no node says.
#[expect(clippy::cast_precision_loss, reason = "a share needs no 53 bits")]
fn shares(nodes: &[ClusterResource]) -> (Option<f64>, Option<f64>) {
    let (mut used_cpu, mut cpus, mut used, mut total) = (0.0, 0.0, 0.0, 0.0);
    for node in nodes {
        if let (Some(cpu), Some(max)) = (node.cpu, node.maxcpu) {
            used_cpu += cpu.0 * f64::from(max);
            cpus += f64::from(max);
        }
        if let (Some(mem), Some(max)) = (node.mem, node.maxmem) {
            used += mem.0 as f64;
            total += max.0 as f64;
        }
    }
    (
        (cpus > 0.0).then(|| used_cpu / cpus),
        (total > 0.0).then(|| used / total),
    )
}
