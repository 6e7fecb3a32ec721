//! Everything that crosses the network, and nothing else.
//!
//! One [`Client`] carries every call. A resource is one file: its types, which mirror the JSON of
//! the UI guide, then its calls, one function per operation of the contract. Two contracts are
//! reconciled here and nowhere else: the guide's, and the server's as shipped
//! ([`Contract`]). Types are always the guide's, filled from either shape.
//!
//! Must not know: the DOM beyond `fetch` (behind feature `ui`), stores, what a screen wants.

pub mod audit;
pub mod backups;
pub mod bulk;
pub mod capabilities;
pub mod client;
pub mod cluster;
pub mod console;
pub mod decode;
pub mod error;
pub mod events;
pub mod info;
pub mod metrics;
pub mod migrate;
pub mod networks;
pub mod nodes;
pub mod rows;
pub mod snapshots;
pub mod storage;
pub mod tags;
pub mod tasks;
pub mod transport;
pub mod vms;

mod answer;
mod call;
mod error_body;
mod error_from;
mod retry;
mod shown;
mod skew;
mod started;
mod url;

#[cfg(test)]
mod tests;

pub use client::{CallOutcome, Client, ClientConfig, Contract};
pub use error::{ApiError, ErrorKind, Failure, FieldError};
pub use rows::RawRows;
pub use shown::ShownRequest;
pub use started::Started;
