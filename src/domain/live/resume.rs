//! The order of events on the socket (extension `events`: `hello`, `ping`, `gap`, then changes,
//! each with a `seq` that grows by one per event of a server run).

/// What to do with an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is next: apply it.
    Apply,
    /// It was seen before, or only keeps the line alive.
    Ignore,
    /// Something is missing before it: apply it, and load everything anew.
    ApplyAndReload,
    /// Something is missing: load everything anew.
    Reload,
}

/// What kind an event is, as far as the order cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// First of a connection; bears the server's newest `seq`.
    Hello,
    /// Keeps the line alive.
    Ping,
    /// The server no longer has what came after `since`.
    Gap,
    /// A change.
    Change,
}

/// Where in the stream of events we are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Resume {
    seen: Option<u64>,
    /// What a ping said was sent, and has not arrived yet: it may be under way.
    owed: Option<u64>,
    /// Pings since the last change: on some servers each takes a number of its own.
    pings: u64,
}

impl Resume {
    /// The `since` to connect with; `None` at first.
    #[must_use]
    pub fn since(&self) -> Option<u64> {
        self.seen
    }

    /// Judges the next event of the line.
    pub fn see(&mut self, seq: u64, order: Order) -> Verdict {
        match order {
            Order::Hello => self.hello(seq),
            Order::Ping => self.ping(seq),
            Order::Gap => {
                self.at(seq);
                Verdict::Reload
            }
            Order::Change => self.change(seq),
        }
    }

    fn hello(&mut self, seq: u64) -> Verdict {
        match self.seen {
            // What is on the page was loaded by calls, which may be older than this line.
            None => {
                self.at(seq);
                Verdict::Reload
            }
            // The server began to count anew: another run, nothing can be resumed.
            Some(seen) if seq < seen => {
                self.at(seq);
                Verdict::Reload
            }
            // What came after `seen` follows now, on a new line.
            Some(_) => {
                self.pings = 0;
                self.owed = None;
                Verdict::Ignore
            }
        }
    }

    /// A ping bears the newest number, or 0 where the server does not count. What it says is
    /// missing may be right behind it; only what is missing at the next ping, too, is lost.
    fn ping(&mut self, seq: u64) -> Verdict {
        let Some(seen) = self.seen else {
            return Verdict::Ignore;
        };
        self.pings += 1;
        if seq <= seen || seq == seen + self.pings {
            return Verdict::Ignore;
        }
        if self.owed.is_some_and(|owed| seen < owed) {
            self.at(seq);
            return Verdict::Reload;
        }
        self.owed = Some(seq);
        Verdict::Ignore
    }

    fn at(&mut self, seq: u64) {
        self.seen = Some(seq);
        self.pings = 0;
        self.owed = self.owed.filter(|owed| *owed > seq);
    }

    fn change(&mut self, seq: u64) -> Verdict {
        let Some(seen) = self.seen else {
            // No hello: an odd server. Count from here, and trust nothing before.
            self.at(seq);
            return Verdict::ApplyAndReload;
        };
        if seq <= seen {
            return Verdict::Ignore;
        }
        let next = seq == seen + 1 || seq == seen + self.pings + 1;
        self.at(seq);
        if next {
            Verdict::Apply
        } else {
            Verdict::ApplyAndReload
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn first_connection_loads_then_follows() {
        let mut resume = Resume::default();
        assert_eq!(resume.since(), None);
        assert_eq!(resume.see(40, Order::Hello), Verdict::Reload);
        assert_eq!(resume.see(41, Order::Change), Verdict::Apply);
        assert_eq!(resume.see(41, Order::Ping), Verdict::Ignore);
        assert_eq!(resume.see(42, Order::Change), Verdict::Apply);
        assert_eq!(resume.see(42, Order::Change), Verdict::Ignore, "duplicate");
        assert_eq!(resume.since(), Some(42));
    }

    #[test]
    fn resumes_without_reload() {
        let mut resume = Resume::default();
        resume.see(40, Order::Hello);
        assert_eq!(
            resume.see(43, Order::Hello),
            Verdict::Ignore,
            "41 to 43 follow"
        );
        for seq in 41..=43 {
            assert_eq!(resume.see(seq, Order::Change), Verdict::Apply);
        }
    }

    #[test]
    fn gaps_and_restarts_reload() {
        let mut resume = Resume::default();
        resume.see(40, Order::Hello);
        assert_eq!(resume.see(90, Order::Gap), Verdict::Reload);
        assert_eq!(resume.since(), Some(90));
        assert_eq!(resume.see(95, Order::Change), Verdict::ApplyAndReload);
        assert_eq!(
            resume.see(3, Order::Hello),
            Verdict::Reload,
            "server restarted"
        );
        assert_eq!(resume.see(4, Order::Change), Verdict::Apply);
        assert_eq!(resume.see(9, Order::Ping), Verdict::Ignore, "under way?");
        assert_eq!(resume.see(9, Order::Ping), Verdict::Reload, "never came");
        assert_eq!(resume.see(0, Order::Ping), Verdict::Ignore);
    }

    #[test]
    fn a_ping_may_overtake_changes() {
        let mut resume = Resume::default();
        resume.see(40, Order::Hello);
        assert_eq!(resume.see(43, Order::Ping), Verdict::Ignore);
        for seq in 41..=43 {
            assert_eq!(resume.see(seq, Order::Change), Verdict::Apply);
        }
        assert_eq!(resume.see(43, Order::Ping), Verdict::Ignore);
    }

    #[test]
    fn pings_may_take_numbers() {
        let mut resume = Resume::default();
        resume.see(40, Order::Hello);
        for seq in 41..=44 {
            assert_eq!(resume.see(seq, Order::Ping), Verdict::Ignore);
        }
        assert_eq!(resume.see(45, Order::Change), Verdict::Apply);
        assert_eq!(resume.see(46, Order::Ping), Verdict::Ignore);
        assert_eq!(resume.see(47, Order::Change), Verdict::Apply);
    }

    #[test]
    fn no_hello() {
        let mut resume = Resume::default();
        assert_eq!(resume.see(7, Order::Change), Verdict::ApplyAndReload);
        assert_eq!(resume.see(8, Order::Change), Verdict::Apply);
    }

    proptest! {
        /// Whatever is lost, doubled or late: each change is applied at most once, and where one
        /// was skipped a reload was asked for.
        #[test]
        fn nothing_is_lost_in_silence(line in proptest::collection::vec(1_u64..40, 0..80)) {
            let mut resume = Resume::default();
            resume.see(0, Order::Hello);
            let (mut applied, mut newest) = (std::collections::HashSet::new(), 0);
            for seq in line {
                match resume.see(seq, Order::Change) {
                    Verdict::Apply => {
                        prop_assert_eq!(seq, newest + 1);
                        prop_assert!(applied.insert(seq));
                    }
                    Verdict::ApplyAndReload => {
                        prop_assert!(seq > newest + 1);
                        prop_assert!(applied.insert(seq));
                    }
                    Verdict::Ignore => prop_assert!(seq <= newest),
                    Verdict::Reload => prop_assert!(false, "changes never reload alone"),
                }
                newest = newest.max(seq);
                prop_assert_eq!(resume.since(), Some(newest));
            }
        }
    }
}
