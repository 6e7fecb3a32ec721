//! The simulated Moxxie: a deterministic engine behind the contract of the UI guide.
//!
//! [`Sim`] holds a cluster, answers requests and moves its own clock; it knows neither sockets nor
//! the time of day, so the same seed and the same calls give the same answers everywhere, in tests
//! as in the browser. The binary `moxxie-sim` serves it over HTTP (`server`).
//!
//! Where the guide's examples contradict each other (`/vms` and `/cluster/resources`, the
//! snapshots and backups in `/detail` and in their own lists), each call answers as its own
//! example does, until the clock moves or what is shown changes.

mod bulk;
// What carries its bytes is the server's.
#[cfg_attr(not(feature = "sim-server"), allow(dead_code, unused_imports))]
mod console;
mod contract;
mod deed;
mod engine;
mod events;
mod faults;
mod http;
mod model;
mod noise;
mod refusal;
mod routes;
mod seed;
mod shipped;
mod shipped_backups;
mod shipped_migrate;
mod shipped_power;
mod usage;
mod work;

/// Over HTTP and WebSocket.
#[cfg(feature = "sim-server")]
pub mod server;

pub use contract::operations;
pub use engine::{Logged, Scenario, Sim};
pub use events::{Event, Since, Topic};
pub use faults::{Fault, FaultKind};
pub use http::{Body, Breaks, Mishap, Query, Request, Response};
pub use model::Settings;
