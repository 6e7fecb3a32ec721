//! What looks at a move show: whether it has ended and how, or that nobody knows yet. An end is
//! said only where it was seen: what does not answer is asked on.

use super::run::{Move, Stage};
use crate::domain::task::TaskState;

/// How its task ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// Well; or ended, and the server does not say how.
    Well,
    /// With warnings.
    Warned(String),
    /// Badly; why.
    Failed(String),
    /// Somebody stopped it.
    Cancelled,
    /// The server does not know the task any more.
    Forgotten,
}

/// What a look at the VM showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// No answer.
    Silent,
    /// There is no such VM.
    Gone,
    /// It is there.
    On {
        /// Its node.
        node: String,
        /// It holds the lock of a migration.
        moving: bool,
    },
}

/// What is to be done after a look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Look {
    /// Ask on, for as long as it takes.
    Wait,
    /// It was answered and told nothing new: ask on, but not for ever.
    Quiet,
    /// It is over, with what there is to know beside it.
    Over(Stage, Option<String>),
}

/// Why there is no task to follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoTask {
    /// No answer came.
    Lost,
    /// The server took it and named no task.
    Unnamed,
    /// High availability begins it by and by.
    Ha,
}

/// Answers that tell nothing new after which they are believed.
const LOOKS: u32 = 3;
/// The same where the server has said yes.
const TAKEN_LOOKS: u32 = 10;
/// The same for what HA begins by and by.
const HA_LOOKS: u32 = 100;

/// Proxmox's words for a task that was told to stop.
fn is_signal(why: &str) -> bool {
    why.contains("interrupted by signal")
}

impl End {
    /// How a task ended; `None` while it runs.
    #[must_use]
    pub fn of(state: TaskState) -> Option<Self> {
        Some(match state {
            TaskState::Running => return None,
            TaskState::Ok | TaskState::Ended => Self::Well,
            TaskState::Warning(why) => Self::Warned(why),
            TaskState::Failed(why) if is_signal(&why) => Self::Cancelled,
            TaskState::Failed(why) => Self::Failed(why),
            TaskState::Cancelled => Self::Cancelled,
        })
    }

    /// With the cause that the log names: Proxmox ends whatever stopped a migration with the same
    /// two words.
    #[must_use]
    pub fn with_cause(self, cause: Option<&str>) -> Self {
        match (self, cause) {
            (Self::Failed(_), Some(cause)) if is_signal(cause) => Self::Cancelled,
            (Self::Failed(why), Some(cause)) if !why.contains(cause) => {
                Self::Failed(format!("{why}: {cause}"))
            }
            (end, _) => end,
        }
    }
}

/// The cause in a log: `ERROR: migration aborted (duration 00:00:05): no space left`.
pub fn cause<'a>(lines: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let of = |line: &'a str| {
        let (_, rest) = line.split_once("migration aborted (duration ")?;
        let (_, cause) = rest.split_once("): ")?;
        Some(cause.trim()).filter(|cause| !cause.is_empty())
    };
    lines.into_iter().filter_map(of).last()
}

/// Its task has ended: where the VM is says the rest. `quiet` looks have told nothing new before.
#[must_use]
pub fn after_end(own: &Move, end: &End, seen: &Seen, quiet: u32) -> Look {
    let (node, moving) = match seen {
        Seen::Silent => return Look::Wait,
        Seen::Gone => {
            let why = "Its task has ended, and the VM is not there any more";
            return Look::Over(Stage::Failed(why.to_owned()), None);
        }
        Seen::On { node, moving } => (node, *moving),
    };
    // Servers gather states by and by.
    let again = quiet + 1 < LOOKS;
    match end {
        End::Forgotten if moving => Look::Wait,
        _ if *node == own.order.target => Look::Over(Stage::Done, remark(end)),
        End::Cancelled => Look::Over(Stage::Aborted, None),
        End::Failed(why) if own.stop => Look::Over(Stage::Aborted, Some(why.clone())),
        End::Failed(why) if again && why.contains("problems") => Look::Quiet,
        End::Failed(why) => Look::Over(Stage::Failed(why.clone()), None),
        _ if moving => Look::Wait,
        _ if again => Look::Quiet,
        End::Forgotten => {
            let why = format!("The server has forgotten its task, and it is still on {node}");
            Look::Over(Stage::Failed(why), None)
        }
        End::Well | End::Warned(_) => {
            let why = format!("Its task has ended, and it is still on {node}");
            Look::Over(Stage::Failed(why), None)
        }
    }
}

/// What there is to know of one that has arrived.
fn remark(end: &End) -> Option<String> {
    match end {
        End::Well | End::Forgotten => None,
        End::Warned(why) => Some(why.clone()),
        End::Failed(why) => Some(format!("It has arrived, and its task failed: {why}")),
        End::Cancelled => Some("It was aborted, and had arrived by then".to_owned()),
    }
}

/// No task shows. `asked`: the server has answered the question for one; `quiet` looks have told
/// nothing new before.
#[must_use]
pub fn without_task(own: &Move, why: NoTask, asked: bool, seen: &Seen, quiet: u32) -> Look {
    let (node, moving) = match seen {
        Seen::Silent => return Look::Wait,
        Seen::Gone => {
            let why = "The VM is not there any more";
            return Look::Over(Stage::Failed(why.to_owned()), None);
        }
        Seen::On { node, moving } => (node, *moving),
    };
    let most = match why {
        NoTask::Lost => LOOKS,
        NoTask::Unnamed => TAKEN_LOOKS,
        NoTask::Ha => HA_LOOKS,
    };
    if moving {
        return Look::Wait;
    }
    if *node == own.order.target {
        return Look::Over(Stage::Done, None);
    }
    if !asked {
        return Look::Wait;
    }
    if quiet + 1 < most {
        return Look::Quiet;
    }
    if own.stop && why != NoTask::Ha {
        return Look::Over(Stage::Aborted, Some("It had not begun".to_owned()));
    }
    let why = match why {
        NoTask::Lost => {
            "The connection broke before an answer came, and the server has not begun it."
                .to_owned()
        }
        NoTask::Unnamed => {
            format!("The server took it and named no task; none shows, and it is still on {node}")
        }
        NoTask::Ha => format!(
            "High availability took the request and has not begun it so far; it is still on {node}"
        ),
    };
    Look::Over(Stage::Failed(why), None)
}
