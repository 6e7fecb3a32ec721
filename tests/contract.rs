//! The simulated Moxxie against its contract: the guide's examples, the shape of every answer,
//! Proxmox's rules, tasks, events, faults, scale, and all of it over real HTTP.
#![cfg(all(not(target_arch = "wasm32"), feature = "sim"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout
)]

#[path = "contract/backups.rs"]
mod backups;
#[cfg(feature = "sim-server")]
#[path = "contract/binary.rs"]
mod binary;
#[path = "contract/bulk.rs"]
mod bulk;
#[path = "contract/cleaning.rs"]
mod cleaning;
#[path = "contract/client.rs"]
mod client;
#[path = "contract/client_backups.rs"]
mod client_backups;
#[path = "contract/config.rs"]
mod config;
#[path = "contract/consoles.rs"]
mod consoles;
#[path = "contract/events.rs"]
mod events;
#[path = "contract/examples.rs"]
mod examples;
#[path = "contract/faults.rs"]
mod faults;
#[path = "contract/fleet.rs"]
mod fleet;
#[cfg(feature = "sim-server")]
#[path = "contract/http.rs"]
mod http;
#[cfg(feature = "sim-server")]
#[path = "contract/http_client.rs"]
mod http_client;
#[path = "contract/making.rs"]
mod making;
#[path = "contract/migrating.rs"]
mod migrating;
#[path = "contract/operations.rs"]
mod operations;
#[path = "contract/restoring.rs"]
mod restoring;
#[path = "contract/rules.rs"]
mod rules;
#[path = "contract/shipped.rs"]
mod shipped;
#[path = "contract/snapshots.rs"]
mod snapshots;
#[cfg(feature = "sim-server")]
#[path = "contract/sockets.rs"]
mod sockets;
#[path = "contract/support.rs"]
mod support;
#[path = "contract/tasks.rs"]
mod tasks;
