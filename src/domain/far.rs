//! Work on several, one request after the other: how far it has come, and what became of each.

/// How far it has come.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Far {
    /// How many there are.
    pub all: usize,
    /// How many were asked for and not refused.
    pub done: usize,
    /// Those that were refused, each with the reason.
    pub failed: Vec<(String, String)>,
    /// The one whose call got no answer, with what went wrong: nobody knows whether it was done.
    /// Nothing more is sent after it.
    pub unsure: Option<(String, String)>,
    /// A person had it stopped.
    pub stopped: bool,
    /// Nothing more is sent.
    pub ended: bool,
}

/// So many reasons are told in passing.
const REASONS: usize = 5;

impl Far {
    /// Of so many, none of which has been asked for.
    #[must_use]
    pub fn of(all: usize) -> Self {
        Self {
            all,
            ..Self::default()
        }
    }

    /// How many were asked for, whatever came of it.
    #[must_use]
    pub fn tried(&self) -> usize {
        self.done + self.failed.len() + usize::from(self.unsure.is_some())
    }

    /// How many were never asked for.
    #[must_use]
    pub fn left(&self) -> usize {
        self.all.saturating_sub(self.tried())
    }

    /// Whether all were asked for and none was refused.
    #[must_use]
    pub fn is_well(&self) -> bool {
        self.ended && self.done == self.all
    }

    /// "2 of 5" while it is under way; "3 of 5 started, 1 refused, of 1 it is not known" at its end.
    #[must_use]
    pub fn words(&self, past: &str) -> String {
        if !self.ended {
            return format!("{} of {}", self.tried(), self.all);
        }
        let mut words = format!("{} of {} {past}", self.done, self.all);
        if !self.failed.is_empty() {
            words.push_str(&format!(", {} refused", self.failed.len()));
        }
        if self.unsure.is_some() {
            words.push_str(", of 1 it is not known");
        }
        words
    }

    /// What became of those that were never asked for, once it has ended.
    #[must_use]
    pub fn rest(&self) -> Option<String> {
        let left = self.left();
        let why = match (self.ended && left > 0, self.stopped) {
            (false, _) => return None,
            (true, true) => "it was stopped",
            (true, false) => "the server does not answer",
        };
        Some(match left {
            1 => format!("The other one was not asked for, since {why}."),
            left => format!("The other {left} were not asked for, since {why}."),
        })
    }

    /// Those that were refused and the one that is not known, each with its reason.
    pub fn reasons(&self) -> impl Iterator<Item = (&str, String)> {
        let refused = self.failed.iter();
        let refused = refused.map(|(name, why)| (name.as_str(), why.clone()));
        let unsure = self.unsure.iter();
        let unsure = unsure.map(|(name, why)| {
            let words = format!("{why} Nobody knows yet whether it was done.");
            (name.as_str(), words)
        });
        refused.chain(unsure)
    }

    /// Reasons and what was left, line by line, for whoever is told in passing.
    #[must_use]
    pub fn told(&self) -> String {
        let mut lines: Vec<String> = self
            .reasons()
            .take(REASONS)
            .map(|(name, why)| format!("{name}: {why}"))
            .collect();
        let more = self.reasons().count().saturating_sub(REASONS);
        if more > 0 {
            lines.push(format!("and {more} more"));
        }
        lines.extend(self.rest());
        lines.join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(name: &str) -> (String, String) {
        (name.to_owned(), "No.".to_owned())
    }

    #[test]
    fn what_is_not_known_is_no_refusal() {
        let mut far = Far::of(5);
        assert_eq!(far.words("started"), "0 of 5");
        far.done = 2;
        far.failed = vec![said("a")];
        assert_eq!((far.words("started"), far.rest()), ("3 of 5".into(), None));
        far.unsure = Some(said("b"));
        far.ended = true;
        assert_eq!(
            far.words("started"),
            "2 of 5 started, 1 refused, of 1 it is not known"
        );
        assert_eq!(
            far.told(),
            "a: No.\nb: No. Nobody knows yet whether it was done.\nThe other one was not asked \
             for, since the server does not answer."
        );
        assert!(!far.is_well());
    }

    #[test]
    fn an_end_that_a_person_asked_for_is_told_as_one() {
        let far = Far {
            done: 1,
            stopped: true,
            ended: true,
            ..Far::of(4)
        };
        let told = "The other 3 were not asked for, since it was stopped.";
        assert_eq!(far.rest().as_deref(), Some(told));
        assert!(!far.is_well());
        let all = Far {
            done: 4,
            ended: true,
            ..Far::of(4)
        };
        assert!(all.is_well() && all.rest().is_none() && all.told().is_empty());
    }

    #[test]
    fn many_reasons_are_counted() {
        let far = Far {
            failed: vec![said("a"); 7],
            ended: true,
            ..Far::of(7)
        };
        assert!(far.told().ends_with("\nand 2 more"));
        assert_eq!(far.told().lines().count(), 6);
    }
}
