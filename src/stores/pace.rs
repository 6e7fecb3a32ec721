//! How work on many goes on.

/// What a run of many calls is told to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Pace {
    /// Nothing is sent.
    #[default]
    Rests,
    /// One call follows the other.
    Runs,
    /// What is on its way ends, nothing more begins.
    Stops,
}
