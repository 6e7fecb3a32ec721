//! Several snapshots deleted one after the other: the newest first, so that each takes its changes
//! into one that still stands, and none after the first that fails. Several VMs are rolled back in
//! the same way, one after the other.

use crate::domain::ids::VmId;
use crate::domain::units::{Instant, count};
use std::cmp::Reverse;

/// What is done with each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Deed {
    /// The snapshot is deleted.
    #[default]
    Delete,
    /// Its VM is rolled back to it.
    RollBack,
}

impl Deed {
    /// What is being done, what was done: `Being deleted`, `Deleted`.
    #[must_use]
    pub const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Delete => ("Being deleted", "Deleted"),
            Self::RollBack => ("Being rolled back", "Rolled back"),
        }
    }

    /// `3 snapshots`, `3 VMs`.
    #[must_use]
    pub fn many(self, number: usize) -> String {
        match self {
            Self::Delete => count(number, "snapshot", "snapshots"),
            Self::RollBack => count(number, "VM", "VMs"),
        }
    }
}

/// A snapshot to be deleted or gone back to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Its VM.
    pub vm: VmId,
    /// What that is called.
    pub vm_name: String,
    /// The snapshot's name.
    pub name: String,
    /// When it was taken.
    pub taken: Option<Instant>,
}

/// How one of them stands.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum State {
    /// Its turn comes.
    Waits,
    /// It is being done.
    Runs,
    /// It is done.
    Done,
    /// It could not be done; why.
    Failed(String),
    /// Nobody knows whether it was done; why.
    Unknown(String),
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Which.
    pub target: Target,
    /// How it stands.
    pub state: State,
}

/// How many stand how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// All.
    pub all: usize,
    /// Done.
    pub done: usize,
    /// Could not be done.
    pub failed: usize,
    /// Not known whether they were done.
    pub unknown: usize,
    /// Still to come.
    pub left: usize,
}

impl Counts {
    /// Those after which nothing more is begun.
    #[must_use]
    pub const fn stopped(self) -> usize {
        self.failed + self.unknown
    }
}

/// Deleting or going back to several.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sweep {
    /// What is done.
    pub deed: Deed,
    /// In the order in which they go.
    pub rows: Vec<Row>,
    /// Those that failed are passed over.
    passes: bool,
}

/// Sorts so that the newest comes first; those without a time come last.
pub fn newest_first(targets: &mut [Target]) {
    targets.sort_by_key(|target| Reverse(target.taken.map(|at| at.millis)));
}

impl Sweep {
    /// Of these: snapshots go the newest first whatever their order, VMs as they come.
    #[must_use]
    pub fn new(deed: Deed, mut targets: Vec<Target>) -> Self {
        if deed == Deed::Delete {
            newest_first(&mut targets);
        }
        let rows = targets.into_iter().map(|target| Row {
            target,
            state: State::Waits,
        });
        Self {
            deed,
            rows: rows.collect(),
            passes: false,
        }
    }

    /// How many stand how.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let mut counts = Counts {
            all: self.rows.len(),
            ..Counts::default()
        };
        for row in &self.rows {
            match row.state {
                State::Done => counts.done += 1,
                State::Failed(_) => counts.failed += 1,
                State::Unknown(_) => counts.unknown += 1,
                State::Waits | State::Runs => counts.left += 1,
            }
        }
        counts
    }

    /// Takes the next, with its place; none after one that failed, or may have.
    pub fn begin_next(&mut self) -> Option<(usize, Target)> {
        if !self.passes && self.counts().stopped() > 0 {
            return None;
        }
        let waits = |row: &Row| row.state == State::Waits;
        let place = self.rows.iter().position(waits)?;
        let row = self.rows.get_mut(place)?;
        row.state = State::Runs;
        Some((place, row.target.clone()))
    }

    /// Takes down what came of one.
    pub fn note(&mut self, place: usize, state: State) {
        if let Some(row) = self.rows.get_mut(place) {
            row.state = state;
        }
    }

    /// Has those that failed tried again, and then the rest.
    pub fn retry(&mut self) {
        for row in &mut self.rows {
            if matches!(row.state, State::Failed(_) | State::Unknown(_)) {
                row.state = State::Waits;
            }
        }
    }

    /// Goes on with the rest.
    pub const fn pass(&mut self) {
        self.passes = true;
    }

    /// `Delete 3 snapshots`, `Roll back 3 VMs`.
    #[must_use]
    pub fn title(&self) -> String {
        let verb = match self.deed {
            Deed::Delete => "Delete",
            Deed::RollBack => "Roll back",
        };
        format!("{verb} {}", self.deed.many(self.rows.len()))
    }

    /// `3 of 3 deleted`; `1 of 3 deleted, 1 failed, 1 left as it is`.
    #[must_use]
    pub fn outcome(&self) -> String {
        let Counts {
            all,
            done,
            failed,
            unknown,
            left,
        } = self.counts();
        let mut words = format!("{done} of {all} {}", self.deed.words().1.to_lowercase());
        if failed > 0 {
            words.push_str(&format!(", {failed} failed"));
        }
        if unknown > 0 {
            words.push_str(&format!(", {unknown} not known"));
        }
        match left {
            0 => {}
            1 => words.push_str(", 1 left as it is"),
            left => words.push_str(&format!(", {left} left as they are")),
        }
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(name: &str, secs: i64) -> Target {
        Target {
            vm: VmId(101),
            vm_name: "web".to_owned(),
            name: name.to_owned(),
            taken: (secs > 0).then(|| Instant::from_secs(secs)),
        }
    }

    fn next(sweep: &mut Sweep) -> Option<String> {
        sweep.begin_next().map(|(_, target)| target.name)
    }

    #[test]
    fn vms_are_rolled_back_in_the_order_given() {
        let mut sweep = Sweep::new(Deed::RollBack, vec![target("old", 1), target("new", 3)]);
        assert_eq!(sweep.title(), "Roll back 2 VMs");
        assert_eq!(next(&mut sweep).as_deref(), Some("old"));
        sweep.note(0, State::Done);
        assert_eq!(next(&mut sweep).as_deref(), Some("new"));
        sweep.note(1, State::Failed("locked".to_owned()));
        assert_eq!(sweep.outcome(), "1 of 2 rolled back, 1 failed");
    }

    #[test]
    fn what_is_not_known_stops_it_too_and_can_be_tried_again() {
        let mut sweep = Sweep::new(Deed::Delete, vec![target("old", 1), target("new", 3)]);
        assert_eq!(next(&mut sweep).as_deref(), Some("new"));
        sweep.note(0, State::Unknown("no answer".to_owned()));
        assert_eq!(next(&mut sweep), None);
        assert_eq!(
            sweep.outcome(),
            "0 of 2 deleted, 1 not known, 1 left as it is"
        );
        sweep.retry();
        assert_eq!(next(&mut sweep).as_deref(), Some("new"));
    }

    #[test]
    fn newest_first_until_one_fails() {
        let mut sweep = Sweep::new(
            Deed::Delete,
            vec![
                target("old", 1),
                target("new", 3),
                target("undated", 0),
                target("mid", 2),
            ],
        );
        assert_eq!(sweep.title(), "Delete 4 snapshots");
        assert_eq!(next(&mut sweep).as_deref(), Some("new"));
        sweep.note(0, State::Done);
        assert_eq!(next(&mut sweep).as_deref(), Some("mid"));
        sweep.note(1, State::Failed("locked".to_owned()));
        assert_eq!(next(&mut sweep), None);
        assert_eq!(
            sweep.outcome(),
            "1 of 4 deleted, 1 failed, 2 left as they are"
        );
        let mut again = sweep.clone();
        again.retry();
        assert_eq!(next(&mut again).as_deref(), Some("mid"));
        sweep.pass();
        assert_eq!(next(&mut sweep).as_deref(), Some("old"));
        sweep.note(2, State::Done);
        assert_eq!(next(&mut sweep).as_deref(), Some("undated"));
        sweep.note(3, State::Done);
        assert_eq!(next(&mut sweep), None);
        assert_eq!(sweep.outcome(), "3 of 4 deleted, 1 failed");
        sweep.note(9, State::Done);
    }
}
