//! The client against a network and a clock made of plain values.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod backups;
mod bad_answers;
mod calls;
mod capabilities;
mod console;
mod envelopes;
mod errors;
mod events;
mod fake;
mod guide;
mod lenient;
mod migrate;
mod rows;
mod sending;
mod server;
mod snapshots;
