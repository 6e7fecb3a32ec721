//! The stores over a network and a clock of the tests' own.

mod actions;
mod details;
mod events;
mod fake;
mod polling;
mod prefs;
mod rows;
