//! Tasks (guide: Dashboard, "Get Recent Tasks").

use super::client::{Call, Client, Contract};
use super::decode;
use super::error::ApiError;
use super::url::{Query, path};
use crate::domain::ids::{Upid, VmId};
use crate::domain::lenient::{self, Rows};
use crate::domain::task;
use crate::domain::units::{Instant, Seconds};
use serde::{Deserialize, Serialize};

pub use crate::domain::task::TaskState;

/// A task of a node (guide: Dashboard, "Get Recent Tasks").
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct Task {
    /// Its ID; opaque.
    #[serde(alias = "taskId", alias = "taskUpid")]
    pub upid: Upid,
    /// Node that runs it.
    #[serde(default, deserialize_with = "lenient::text_or_empty")]
    pub node: String,
    /// Process on the node.
    #[serde(
        default,
        deserialize_with = "lenient::unsigned",
        skip_serializing_if = "Option::is_none"
    )]
    pub pid: Option<u64>,
    /// When the process started, in the kernel's ticks.
    #[serde(
        default,
        deserialize_with = "lenient::unsigned",
        skip_serializing_if = "Option::is_none"
    )]
    pub pstart: Option<u64>,
    /// When it started; epoch seconds on the wire, ISO 8601 from the shipped server.
    #[serde(
        default,
        deserialize_with = "decode::instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub starttime: Option<Instant>,
    /// What it does, e.g. `qmstart`.
    #[serde(default, deserialize_with = "lenient::text_or_empty", rename = "type")]
    pub kind: String,
    /// ID of the object worked on, as text.
    #[serde(default, deserialize_with = "lenient::text_or_empty")]
    pub id: String,
    /// Who started it, `name@realm`.
    #[serde(default, deserialize_with = "lenient::text_or_empty")]
    pub user: String,
    /// `running` while it lasts; from some servers the end itself.
    #[serde(default, deserialize_with = "lenient::text_or_empty")]
    pub status: String,
    /// When it ended.
    #[serde(
        default,
        deserialize_with = "decode::instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub endtime: Option<Instant>,
    /// `OK`, or the error text.
    #[serde(
        default,
        deserialize_with = "decode::word",
        skip_serializing_if = "Option::is_none"
    )]
    pub exitstatus: Option<String>,
    /// Whether it has ended.
    #[serde(
        default,
        deserialize_with = "lenient::flag",
        skip_serializing_if = "Option::is_none"
    )]
    pub finished: Option<bool>,
    /// Progress, 0 to 1.
    #[serde(
        default,
        deserialize_with = "task::share",
        skip_serializing_if = "Option::is_none"
    )]
    pub progress: Option<f64>,
    /// What it is about, in words.
    #[serde(
        default,
        deserialize_with = "decode::word",
        skip_serializing_if = "Option::is_none"
    )]
    pub description: Option<String>,
    /// How long it took.
    #[serde(
        default,
        deserialize_with = "decode::seconds",
        skip_serializing_if = "Option::is_none",
        rename = "duration_seconds"
    )]
    pub duration: Option<Seconds>,
}

/// Log lines of a task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct TaskLog {
    /// The task.
    #[serde(default)]
    pub upid: Upid,
    /// How many lines there are in all.
    #[serde(
        default,
        deserialize_with = "lenient::unsigned",
        skip_serializing_if = "Option::is_none"
    )]
    pub total_lines: Option<u64>,
    /// Number of the first line here.
    #[serde(
        default,
        deserialize_with = "lenient::unsigned",
        skip_serializing_if = "Option::is_none"
    )]
    pub start_line: Option<u64>,
    /// The lines.
    #[serde(default, deserialize_with = "lenient::rows")]
    pub lines: Vec<LogLine>,
    /// Whether no more lines will come.
    #[serde(default, deserialize_with = "lenient::flag_or_false")]
    pub complete: bool,
}

/// One line of a task's log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct LogLine {
    /// Its number, from 0 or 1 as the server counts.
    #[serde(
        default,
        deserialize_with = "lenient::unsigned",
        skip_serializing_if = "Option::is_none",
        rename = "line_number",
        alias = "n"
    )]
    pub number: Option<u64>,
    /// When it was written, as the server writes times.
    #[serde(
        default,
        deserialize_with = "decode::word",
        skip_serializing_if = "Option::is_none"
    )]
    pub timestamp: Option<String>,
    /// Text.
    #[serde(default, deserialize_with = "lenient::text_or_empty", alias = "t")]
    pub message: String,
}

impl Task {
    /// How it stands, read from all the fields that servers say it with (guide's contradictions,
    /// 9; divergence 44).
    #[must_use]
    pub fn state(&self) -> TaskState {
        TaskState::read(
            &self.status,
            self.exitstatus.as_deref(),
            self.finished,
            self.endtime.is_some(),
        )
    }

    /// The VM that it works on, where it works on one.
    #[must_use]
    pub fn vm(&self) -> Option<VmId> {
        self.id.parse().ok()
    }

    /// Fills from the UPID what the shipped server's list leaves out.
    fn complete(mut self) -> Self {
        let fill = |field: &mut String, from: Option<&str>| {
            if field.is_empty() {
                from.unwrap_or_default().clone_into(field);
            }
        };
        fill(&mut self.node, self.upid.node());
        fill(&mut self.kind, self.upid.kind());
        fill(&mut self.id, self.upid.object());
        fill(&mut self.user, self.upid.user());
        self
    }
}

/// Which tasks; all empty: the newest, as many as the server likes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TaskQuery {
    /// At most so many.
    pub limit: Option<u32>,
    /// Skip so many.
    pub start: Option<u32>,
    /// States, e.g. `running`, `error`.
    pub status: Vec<String>,
    /// On one node.
    pub node: Option<String>,
    /// Of one type, e.g. `qmstart`.
    pub kind: Option<String>,
    /// Of one user.
    pub user: Option<String>,
    /// Of one VM.
    pub vm: Option<VmId>,
}

impl TaskQuery {
    fn to_query(&self, contract: Contract) -> Query {
        let (status, limit): (&[String], _) = match contract {
            Contract::Guide => (&self.status, self.limit),
            // Its filter misses running tasks (divergence 44): ask for more, and filter here.
            Contract::Server if self.status.is_empty() => (&[], self.limit),
            Contract::Server => (&[], Some(self.limit.unwrap_or(50).max(100))),
        };
        Query::default()
            .add("limit", limit)
            .list("statusfilter", status)
            .add("start", self.start)
            .add("node", self.node.as_deref())
            .add("type", self.kind.as_deref())
            .add("user", self.user.as_deref())
            .add("vmid", self.vm)
    }

    fn matches(&self, task: &Task) -> bool {
        let state = task.state();
        self.status.is_empty()
            || self.status.iter().any(|wanted| match wanted.as_str() {
                "running" => state.is_running(),
                "error" => state.is_failed(),
                "ok" | "OK" => state == TaskState::Ok,
                "stopped" => !state.is_running(),
                other => task.status == other,
            })
    }
}

/// Tasks, newest first.
///
/// # Errors
/// As every call.
pub async fn list(client: &Client, query: &TaskQuery) -> Result<Rows<Task>, ApiError> {
    let contract = client.contract();
    let call = Call::get(path(&[&"tasks"])).query(query.to_query(contract));
    let mut rows: Rows<Task> = client.send(call).await?.rows("tasks")?;
    rows.good = rows.good.into_iter().map(Task::complete).collect();
    if contract == Contract::Server {
        rows.good.retain(|task| query.matches(task));
        rows.good
            .truncate(query.limit.map_or(usize::MAX, |limit| limit as usize));
    }
    Ok(rows)
}

/// State and progress of one task.
///
/// # Errors
/// As every call; [`super::ErrorKind::NotFound`] once the server has forgotten it.
pub async fn get(client: &Client, task: &Upid) -> Result<Task, ApiError> {
    let answer = client.send(Call::get(path(&[&"tasks", task]))).await?;
    answer.object::<Task>().map(Task::complete)
}

/// Lines of a task's log from `start`, at most `limit`.
///
/// # Errors
/// As [`get`].
pub async fn log(
    client: &Client,
    task: &Upid,
    start: u64,
    limit: u64,
) -> Result<TaskLog, ApiError> {
    let query = Query::default()
        .add("start", Some(start))
        .add("limit", Some(limit));
    client
        .send(Call::get(path(&[&"tasks", task, &"log"])).query(query))
        .await?
        .object()
}

/// Aborts a running task.
///
/// # Errors
/// As every call.
pub async fn cancel(client: &Client, task: &Upid) -> Result<(), ApiError> {
    client
        .send(Call::delete(path(&[&"tasks", task])))
        .await?
        .started()
        .map(drop)
}

/// Looks for the task that a change started, where the answer does not name it (divergence 9):
/// the newest of the VM of the given type, started at `since` (server's clock) or later.
///
/// # Errors
/// As every call.
pub async fn look_up(
    client: &Client,
    vm: VmId,
    kind: &str,
    since: Instant,
) -> Result<Option<Task>, ApiError> {
    let query = TaskQuery {
        vm: Some(vm),
        limit: Some(5),
        ..TaskQuery::default()
    };
    let found = list(client, &query).await?.good;
    Ok(found
        .into_iter()
        .filter(|task| task.kind == kind)
        .filter(|task| {
            task.starttime
                .is_some_and(|start| start.secs() >= since.secs())
        })
        .max_by_key(|task| task.starttime))
}

/// Looks for the task of a change that got no answer: the newest of the VM of that type that began
/// since it was sent (server's clock). Whoever sends it again without looking does it twice.
///
/// # Errors
/// As every call.
pub async fn begun_since(
    client: &Client,
    vm: VmId,
    kind: &str,
    sent: Instant,
) -> Result<Option<Upid>, ApiError> {
    // Servers count whole seconds.
    let since = Instant::from_secs(sent.secs() - 1);
    let query = TaskQuery {
        limit: Some(10),
        kind: Some(kind.to_owned()),
        vm: Some(vm),
        ..TaskQuery::default()
    };
    let fits = |task: &Task| {
        task.kind == kind && task.vm() == Some(vm) && task.starttime.is_some_and(|own| own >= since)
    };
    let found = list(client, &query).await?.good.into_iter().find(fits);
    Ok(found.map(|task| task.upid))
}
