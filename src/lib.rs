//! Moxxie UI: a thin, typed client of the Moxxie REST API.
//!
//! Who may import whom is checked by `tests/layers.rs`: `domain` imports nobody; `api` may use
//! `domain`; `sim` may use `api` and `domain`; `stores` use `api` and `domain`; `components` use
//! `domain`; `screens` use all of these; `shell` uses `screens`.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

/// Everything that crosses the network, and nothing else.
#[warn(missing_docs)]
pub mod api;
/// Pure rules: no DOM, no network, no clock of its own.
#[warn(missing_docs)]
pub mod domain;

/// Every address of the app.
pub mod paths;

/// The simulated Moxxie: state, clock, rules, faults.
#[cfg(feature = "sim")]
#[warn(missing_docs)]
pub mod sim;

/// The kit: router-agnostic, API-agnostic.
#[cfg(feature = "ui")]
pub mod components;
/// One folder per screen of the guide.
#[cfg(feature = "ui")]
pub mod screens;
/// The frame: navigation, header, routes, paths, theme, session, notifications.
#[cfg(feature = "ui")]
pub mod shell;
/// Live data shared by screens: polling and the event socket, merged by key.
#[cfg(feature = "ui")]
pub mod stores;
