//! Whether what a board on a wall shows can be believed.

/// How a board stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// Nothing was loaded yet.
    Waiting,
    /// What is shown is how it is.
    Fresh,
    /// The server answers, but some of the figures are older than they should be.
    Old,
    /// The server does not answer.
    Lost,
}

/// While events tell of changes, figures are asked for once a minute: they are never old before
/// this.
const LEAST_MILLIS: i64 = 90_000;
/// The slowest of the figures comes every third poll; it may miss three.
const POLLS: i64 = 9;

/// From whether calls are answered, the age of the oldest figure in milliseconds, and the seconds
/// between two polls.
#[must_use]
pub fn freshness(answers: bool, oldest_millis: Option<i64>, poll_seconds: u32) -> Freshness {
    let allowed = (i64::from(poll_seconds) * 1_000 * POLLS).max(LEAST_MILLIS);
    match oldest_millis {
        _ if !answers => Freshness::Lost,
        None => Freshness::Waiting,
        Some(age) if age > allowed => Freshness::Old,
        Some(_) => Freshness::Fresh,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_after_missed_polls() {
        assert_eq!(freshness(true, None, 10), Freshness::Waiting);
        assert_eq!(freshness(true, Some(90_000), 10), Freshness::Fresh);
        assert_eq!(freshness(true, Some(90_001), 10), Freshness::Old);
        assert_eq!(freshness(true, Some(90_001), 2), Freshness::Old);
        assert_eq!(freshness(true, Some(540_000), 60), Freshness::Fresh);
        assert_eq!(freshness(true, Some(540_001), 60), Freshness::Old);
        assert_eq!(freshness(true, Some(i64::MAX), u32::MAX), Freshness::Old);
    }

    #[test]
    fn no_answer_outweighs_fresh_figures() {
        assert_eq!(freshness(false, Some(0), 10), Freshness::Lost);
        assert_eq!(freshness(false, None, 10), Freshness::Lost);
    }
}
