//! How far an edit of many VMs has come. Kept over a reload, so every step is a plain value.

use super::{Edit, Known, Patch};
use crate::domain::ids::VmId;
use crate::domain::units::count;
use serde::{Deserialize, Serialize};

/// How one VM stands.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum State {
    /// Its turn comes; its configuration is known by its digest.
    Waiting,
    /// Its turn comes, but its configuration is looked at first. `sent`: the change may have been
    /// made already.
    Look {
        /// The change went out once, and what came of it is not known.
        sent: bool,
    },
    /// The change is on its way.
    Sent,
    /// Changed.
    Done,
    /// It was so already.
    Same,
    /// Not changed.
    Refused {
        /// The server's words.
        why: String,
        /// Its safety rules refused: force goes past them.
        safety: bool,
    },
    /// No answer came: whether it is changed is not known.
    Lost(String),
    /// Somebody else changed it meanwhile: nothing was overwritten.
    Changed,
}

/// One VM of the edit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// Which VM.
    pub vm: VmId,
    /// Its name.
    pub name: String,
    /// What is sent.
    pub patch: Patch,
    /// What undoes it.
    pub before: Patch,
    /// The configuration that the plan was made for.
    pub digest: Option<String>,
    /// Goes past a safety rule that objects.
    #[serde(default)]
    pub force: bool,
    /// How it stands.
    pub state: State,
}

/// A VM that the edit leaves out, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// Its name.
    pub name: String,
    /// Why.
    pub why: String,
}

/// An edit of many VMs under way, or its outcome.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Job {
    /// What was asked for.
    pub edit: Edit,
    /// It takes an earlier edit back.
    #[serde(default)]
    pub undoes: bool,
    /// The VMs, in order.
    pub rows: Vec<Row>,
    /// Those that can't be edited.
    #[serde(default)]
    pub left_out: Vec<LeftOut>,
}

/// How many VMs stand how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// All of them.
    pub all: usize,
    /// Changed, or so already.
    pub done: usize,
    /// Refused, or without an answer: trying again may help.
    pub failed: usize,
    /// Kept out by safety rules, among the failed.
    pub held: usize,
    /// Without an answer, among the failed.
    pub lost: usize,
    /// Changed by somebody else.
    pub changed: usize,
    /// Still to come.
    pub open: usize,
}

/// What a fresh look at a VM says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    /// It is as it should be.
    There,
    /// It is as it was: the change may be sent.
    Send,
    /// It is neither.
    Changed,
}

/// What a fresh look at a VM says of a change that may or may not have been made.
#[must_use]
pub fn settle(row: &Row, now: &Known) -> Settled {
    if now.has(&row.patch) {
        Settled::There
    } else if now.has(&row.before) {
        Settled::Send
    } else {
        Settled::Changed
    }
}

impl Job {
    /// How many stand how.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let mut counts = Counts {
            all: self.rows.len(),
            ..Counts::default()
        };
        for row in &self.rows {
            match &row.state {
                State::Done | State::Same => counts.done += 1,
                State::Changed => counts.changed += 1,
                State::Waiting | State::Look { .. } | State::Sent => counts.open += 1,
                State::Lost(_) => {
                    counts.failed += 1;
                    counts.lost += 1;
                }
                State::Refused { safety, .. } => {
                    counts.failed += 1;
                    counts.held += usize::from(*safety);
                }
            }
        }
        counts
    }

    /// "Edit of 20 VMs", "Undo of an edit of 20 VMs".
    #[must_use]
    pub fn name(&self) -> String {
        let many = count(self.rows.len(), "VM", "VMs");
        if self.undoes {
            format!("Undoing the edit of {many}")
        } else {
            format!("Edit of {many}")
        }
    }

    /// "17 changed, 3 refused".
    #[must_use]
    pub fn outcome(&self) -> String {
        let counts = self.counts();
        let mut parts = vec![format!("{} changed", counts.done)];
        let mut say = |number: usize, words: &str| {
            if number > 0 {
                parts.push(format!("{number} {words}"));
            }
        };
        say(counts.failed - counts.lost, "refused");
        say(counts.lost, "without an answer");
        say(counts.changed, "changed meanwhile");
        say(counts.open, "not begun");
        parts.join(", ")
    }

    /// Takes the next VM whose turn has come; answers it as it stood before.
    pub fn begin_next(&mut self) -> Option<Row> {
        let next = self
            .rows
            .iter_mut()
            .find(|row| matches!(row.state, State::Waiting | State::Look { .. }))?;
        let before = next.clone();
        next.state = State::Sent;
        Some(before)
    }

    /// Takes down what came of one VM.
    pub fn note(&mut self, vm: VmId, state: State) {
        if let Some(row) = self.rows.iter_mut().find(|row| row.vm == vm) {
            row.state = state;
        }
    }

    /// It goes on, after a stop or a reload: what went out and has no answer is looked at first.
    pub fn resume(&mut self) {
        for row in &mut self.rows {
            // A page that goes away hears its own calls fail.
            if matches!(row.state, State::Sent | State::Lost(_)) {
                row.state = State::Look { sent: true };
            }
        }
    }

    /// Has the failed ones tried again; with `force` those alone that safety rules kept out.
    pub fn retry(&mut self, force: bool) {
        for row in &mut self.rows {
            let again = match &row.state {
                State::Refused { safety, .. } => !force || *safety,
                State::Lost(_) => !force,
                _ => false,
            };
            if again {
                row.state = State::Look {
                    sent: matches!(row.state, State::Lost(_)),
                };
                row.force = force;
            }
        }
    }

    /// Those that somebody else changed, to be planned anew.
    #[must_use]
    pub fn changed(&self) -> Vec<VmId> {
        let changed = self.rows.iter().filter(|row| row.state == State::Changed);
        changed.map(|row| row.vm).collect()
    }

    /// Puts newly planned VMs in the place of the older plans for them.
    pub fn take(&mut self, newer: Vec<Row>) {
        for row in newer {
            match self.rows.iter_mut().find(|old| old.vm == row.vm) {
                Some(old) => *old = row,
                None => self.rows.push(row),
            }
        }
    }

    /// The edit that takes this one back, of what this one has changed; `None` where it changed
    /// nothing. Each VM is looked at first.
    #[must_use]
    pub fn undo(&self) -> Option<Self> {
        let rows: Vec<Row> = self
            .rows
            .iter()
            .filter(|row| row.state == State::Done)
            .map(|row| Row {
                patch: row.before.clone(),
                before: row.patch.clone(),
                digest: None,
                state: State::Look { sent: false },
                ..row.clone()
            })
            .collect();
        (!rows.is_empty()).then(|| Self {
            edit: self.edit.clone(),
            undoes: !self.undoes,
            rows,
            left_out: Vec::new(),
        })
    }
}
