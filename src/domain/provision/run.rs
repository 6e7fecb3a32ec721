//! How far the requests of a plan have come. Each is sent once: what was sent and not answered is
//! looked for before anything else happens.

use super::request::{Request, Requests};
use crate::domain::ids::{Upid, VmId};
use crate::domain::units::Instant;
use serde::{Deserialize, Serialize};

/// How one request stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Stage {
    /// Its turn has not come.
    Waits,
    /// On its way, since then by the server's clock (milliseconds).
    Sent(i64),
    /// The server took it; its task runs. `None`: the server names none.
    Runs(Option<Upid>),
    /// No answer came: nobody knows whether it was carried out. Sent then.
    Unsure(i64),
    /// Refused, or its task failed; why.
    Failed(String),
    /// Carried out.
    Done,
    /// Left out by the person.
    Left,
}

/// A request and how it stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Act {
    /// What is sent.
    pub request: Request,
    /// How it stands.
    pub stage: Stage,
    /// The task of it, once known.
    pub task: Option<Upid>,
}

/// A plan under way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// The new VM.
    pub vm: VmId,
    /// Its name.
    pub name: String,
    /// In their order.
    pub acts: Vec<Act>,
}

impl Request {
    /// In a word: "Create the VM".
    #[must_use]
    pub const fn words(&self) -> &'static str {
        match self {
            Self::Create(_) | Self::CloudInit(_) => "Create the VM",
            Self::Clone(..) => "Clone the VM",
            Self::Configure(..) => "Set the rest of its configuration",
            Self::Start(_) => "Start it",
            Self::Restore(_) => "Restore the backup",
        }
    }

    /// Type of the task that it starts; none where it starts none.
    #[must_use]
    pub fn task_type(&self) -> Option<&'static str> {
        match self {
            Self::Create(_) | Self::CloudInit(_) => Some("qmcreate"),
            Self::Clone(..) => Some("qmclone"),
            Self::Configure(..) => None,
            Self::Start(_) => Some("qmstart"),
            Self::Restore(restore) => Some(restore.task_type()),
        }
    }

    /// Whether it makes the VM.
    #[must_use]
    pub const fn makes(&self) -> bool {
        matches!(
            self,
            Self::Create(_) | Self::CloudInit(_) | Self::Clone(..) | Self::Restore(_)
        )
    }
}

impl Run {
    /// One that has not begun.
    #[must_use]
    pub fn new(vm: VmId, name: &str, requests: Requests) -> Self {
        let acts = requests.into_iter().map(|request| Act {
            request,
            stage: Stage::Waits,
            task: None,
        });
        Self {
            vm,
            name: name.to_owned(),
            acts: acts.collect(),
        }
    }

    /// After a reload: what was on its way when the page went may have arrived.
    pub fn resume(&mut self) {
        for act in &mut self.acts {
            if let Stage::Sent(at) = act.stage {
                act.stage = Stage::Unsure(at);
            }
        }
    }

    /// The first that is not through; `None`: all are.
    #[must_use]
    pub fn at(&self) -> Option<usize> {
        let through = |act: &Act| matches!(act.stage, Stage::Done | Stage::Left);
        self.acts.iter().position(|act| !through(act))
    }

    /// How the one whose turn it is stands.
    #[must_use]
    pub fn stage(&self) -> Option<&Stage> {
        self.acts.get(self.at()?).map(|act| &act.stage)
    }

    /// Whether something is left that can be done without the person.
    #[must_use]
    pub fn goes_on(&self) -> bool {
        !matches!(self.stage(), None | Some(Stage::Failed(_)))
    }

    /// Takes the next to be sent, which is then on its way; `None` where nothing may be sent now:
    /// one is under way, nobody knows, one failed, all are through.
    pub fn take(&mut self, now: Instant) -> Option<Request> {
        let at = self.at()?;
        let act = self.acts.get_mut(at)?;
        if act.stage != Stage::Waits {
            return None;
        }
        act.stage = Stage::Sent(now.millis);
        Some(act.request.clone())
    }

    /// Takes down how the one whose turn it is stands.
    pub fn note(&mut self, stage: Stage) {
        let Some(act) = self.at().and_then(|at| self.acts.get_mut(at)) else {
            return;
        };
        if let Stage::Runs(Some(task)) = &stage {
            act.task = Some(task.clone());
        }
        act.stage = stage;
    }

    /// The person has it sent again: only what is known to have failed.
    pub fn again(&mut self) {
        if matches!(self.stage(), Some(Stage::Failed(_))) {
            self.note(Stage::Waits);
        }
    }

    /// The person leaves out what failed, and goes on.
    pub fn leave(&mut self) {
        if matches!(self.stage(), Some(Stage::Failed(_))) && self.is_made() {
            self.note(Stage::Left);
        }
    }

    /// Whether it is the same run, at the same request: what has become of that may be noted in it.
    #[must_use]
    pub fn is_at(&self, other: &Self) -> bool {
        let mut pairs = self.acts.iter().zip(&other.acts);
        self.vm == other.vm
            && self.name == other.name
            && self.at() == other.at()
            && self.acts.len() == other.acts.len()
            && pairs.all(|(own, their)| own.request == their.request)
    }

    /// Whether the VM is there.
    #[must_use]
    pub fn is_made(&self) -> bool {
        let made = |act: &Act| act.request.makes() && act.stage == Stage::Done;
        self.acts.iter().any(made)
    }

    /// Whether it was refused before anything was made: back to the form, then.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        self.at() == Some(0) && matches!(self.stage(), Some(Stage::Failed(_)))
    }
}
