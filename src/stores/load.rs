//! A load: the last good value and the newest error side by side, never either-or.

use crate::api::ApiError;
use crate::domain::units::Instant;
use std::sync::Arc;

/// How a resource's loading stands.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Status {
    /// When the value was last known to be right, by the server's clock.
    pub updated: Option<Instant>,
    /// Why the newest try failed; gone after a success.
    pub error: Option<ApiError>,
    /// A request is under way.
    pub in_flight: bool,
    /// After a failure: when the next try comes, by the server's clock. None while paused.
    pub next_try: Option<Instant>,
    /// Failures in a row.
    pub failures: u32,
}

impl Status {
    /// A value is shown, but the newest try failed.
    #[must_use]
    pub fn is_stale(&self) -> bool {
        self.error.is_some() && self.updated.is_some()
    }
}

/// A value and how its loading stands.
#[derive(Debug, PartialEq)]
pub struct Load<T> {
    /// The last good value.
    pub value: Option<Arc<T>>,
    /// How loading stands.
    pub status: Status,
}

impl<T> Clone for Load<T> {
    fn clone(&self) -> Self {
        Self {
            value: self.value.clone(),
            status: self.status.clone(),
        }
    }
}

impl<T> Default for Load<T> {
    fn default() -> Self {
        Self {
            value: None,
            status: Status::default(),
        }
    }
}

/// Which of its faces a panel shows. What is empty only the screen knows.
#[derive(Debug, Clone, PartialEq)]
pub enum Face {
    /// Nothing yet: a skeleton.
    Loading,
    /// Nothing, and why.
    Failed(Box<ApiError>),
    /// A value.
    Loaded {
        /// The newest try failed; the value is the one before.
        stale: bool,
    },
}

impl Face {
    /// By whether there is a value, and the status.
    #[must_use]
    pub fn of(has_value: bool, status: &Status) -> Self {
        match (&status.error, has_value) {
            (error, true) => Self::Loaded {
                stale: error.is_some(),
            },
            (Some(error), false) => Self::Failed(Box::new(error.clone())),
            (None, false) => Self::Loading,
        }
    }
}

impl<T> Load<T> {
    /// Which face to show.
    #[must_use]
    pub fn face(&self) -> Face {
        Face::of(self.value.is_some(), &self.status)
    }
}
