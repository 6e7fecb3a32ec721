//! A migration that was: as the shipped server's history has it, or read off a task.

use super::MigrationStatus;
use crate::api::decode;
use crate::api::tasks::Task;
use crate::domain::ids::Upid;
use crate::domain::lenient;
use crate::domain::migrate::target_of_line;
use crate::domain::task::TaskState;
use crate::domain::units::{Instant, Seconds};
use serde::Deserialize;

/// A migration of one VM (shipped server: `MigrationHistoryResponse`).
#[derive(Debug, Clone, PartialEq, Deserialize, Default)]
#[serde(rename_all = "camelCase")]
pub struct Past {
    /// The shipped server's number of it.
    #[serde(default, deserialize_with = "lenient::unsigned")]
    pub id: Option<u64>,
    /// Node that it left.
    #[serde(
        default,
        deserialize_with = "lenient::text_or_empty",
        rename = "sourceNode"
    )]
    pub from: String,
    /// Node that it went to; `None`: not known.
    #[serde(default, deserialize_with = "decode::word", rename = "targetNode")]
    pub to: Option<String>,
    /// `online`, `offline`; `None`: not known.
    #[serde(default, deserialize_with = "decode::word", rename = "migrationType")]
    pub kind: Option<String>,
    /// When it began.
    #[serde(default, deserialize_with = "decode::instant", rename = "startedAt")]
    pub started: Option<Instant>,
    /// When it ended.
    #[serde(default, deserialize_with = "decode::instant", rename = "completedAt")]
    pub ended: Option<Instant>,
    /// How long it took.
    #[serde(
        default,
        deserialize_with = "decode::seconds",
        rename = "durationSeconds"
    )]
    pub lasted: Option<Seconds>,
    /// The server's word: `COMPLETED`, `FAILED`, `IN_PROGRESS` …
    #[serde(default, deserialize_with = "lenient::text_or_empty")]
    pub status: String,
    /// Why it failed.
    #[serde(default, deserialize_with = "decode::word", rename = "errorMessage")]
    pub error: Option<String>,
    /// Its task.
    #[serde(default, deserialize_with = "decode::upid", rename = "taskUpid")]
    pub task: Option<Upid>,
    /// Who began it.
    #[serde(
        default,
        deserialize_with = "lenient::text_or_empty",
        rename = "initiatedBy"
    )]
    pub by: String,
}

impl Past {
    /// What a task of type `qmigrate` tells. Its node is the one that the VM left.
    #[must_use]
    pub fn of_task(task: &Task) -> Self {
        let state = task.state();
        let lasted = task.duration.or_else(|| {
            let (from, to) = (task.starttime?, task.endtime?);
            u64::try_from(to.secs() - from.secs()).ok().map(Seconds)
        });
        Self {
            from: task.node.clone(),
            started: task.starttime,
            ended: task.endtime,
            lasted,
            status: match &state {
                TaskState::Running => "running",
                TaskState::Failed(_) => "failed",
                TaskState::Cancelled => "cancelled",
                _ => "completed",
            }
            .to_owned(),
            error: match state {
                TaskState::Failed(why) => Some(why),
                _ => None,
            },
            task: Some(task.upid.clone()),
            by: task.user.clone(),
            ..Self::default()
        }
    }

    /// Takes the target from the first lines of the log.
    pub fn learn<'a>(&mut self, lines: impl Iterator<Item = &'a str>) {
        self.to = lines
            .filter_map(target_of_line)
            .next()
            .map(ToOwned::to_owned);
    }

    /// How it ended, or that it runs; servers write it in several ways.
    #[must_use]
    pub fn state(&self) -> TaskState {
        match self.status.to_lowercase().as_str() {
            "completed" | "success" | "successful" | "ok" | "done" => TaskState::Ok,
            "running" | "in_progress" | "started" | "pending" => TaskState::Running,
            "cancelled" | "canceled" | "aborted" => TaskState::Cancelled,
            "failed" | "error" => TaskState::Failed(self.error.clone().unwrap_or_default()),
            _ if self.error.is_some() => TaskState::Failed(self.error.clone().unwrap_or_default()),
            _ if self.ended.is_some() => TaskState::Ended,
            _ => TaskState::Running,
        }
    }

    pub(super) fn as_status(&self) -> MigrationStatus {
        let state = self.state();
        MigrationStatus {
            running: state.is_running(),
            // Its word for a migration that runs says nothing of what it does: the log does.
            status: match state {
                TaskState::Failed(why) => why,
                TaskState::Running => String::new(),
                _ => self.status.clone(),
            },
            start_time: self.started,
            ..MigrationStatus::default()
        }
    }
}
