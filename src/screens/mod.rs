//! One folder per screen of the guide.

pub mod common;
pub mod page;
pub mod task;
