//! Consoles of VMs and shells of nodes (guide: Console Access). A ticket opens one console once,
//! for a short time: it is asked for when a console is opened and kept nowhere.

use super::client::{Call, Client, Contract};
use super::decode;
use super::error::{ApiError, ErrorKind};
use super::url::{Path, Query, path};
use crate::domain::console::{ConsoleKind, Secret};
use crate::domain::ids::VmId;
use crate::domain::lenient;
use crate::domain::units::Instant;
use serde::{Deserialize, Deserializer};
use serde_json::json;

/// Whose console it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConsoleOf {
    /// A VM or container.
    Vm(VmId),
    /// A node, by name.
    Node(String),
}

/// What opens a console (guide: Console Access). Its `Debug` shows no secret.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Default)]
#[serde(rename_all = "camelCase")]
pub struct ConsoleAccess {
    /// Page of the console on the hypervisor; the guide's contract alone has it.
    #[serde(default, deserialize_with = "decode::word")]
    pub url: Option<String>,
    /// Opens the console, once.
    #[serde(default, deserialize_with = "secret")]
    pub ticket: Option<Secret>,
    /// Port of the VNC or SPICE server on the node.
    #[serde(default, deserialize_with = "decode::small")]
    pub port: Option<u32>,
    /// `wss`, `ws` or `https`.
    #[serde(default, deserialize_with = "decode::word")]
    pub protocol: Option<String>,
    /// Node that serves it.
    #[serde(default, deserialize_with = "decode::word")]
    pub host: Option<String>,
    /// One-time password of the VNC server; where there is none the ticket is the password.
    #[serde(default, deserialize_with = "secret")]
    pub password: Option<Secret>,
    /// Certificate of the node, PEM.
    #[serde(default, deserialize_with = "decode::word")]
    pub cert: Option<String>,
    /// When the ticket ends.
    #[serde(default, deserialize_with = "decode::instant")]
    pub valid_until: Option<Instant>,
    /// Where a socket is, as the shipped server says: a path of its own, with the ticket in it.
    #[serde(default, deserialize_with = "secret")]
    pub websocket_path: Option<Secret>,
    /// Who the ticket is for: `root@pam`.
    #[serde(default, deserialize_with = "decode::word")]
    pub user: Option<String>,
}

fn secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Secret>, D::Error> {
    let text = lenient::text(deserializer)?;
    Ok(text.filter(|text| !text.is_empty()).map(Secret::new))
}

impl ConsoleAccess {
    /// What the VNC server asks for.
    #[must_use]
    pub fn vnc_password(&self) -> Option<&Secret> {
        self.password.as_ref().or(self.ticket.as_ref())
    }
}

/// Where a console's socket is, as the server says.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Default)]
pub struct SocketPlace {
    /// A WebSocket's address, with the ticket in it.
    #[serde(default, deserialize_with = "secret")]
    pub url: Option<Secret>,
    /// Subprotocol to ask for.
    #[serde(default, deserialize_with = "decode::word")]
    pub protocol: Option<String>,
}

fn place(of: &ConsoleOf) -> Path {
    match of {
        ConsoleOf::Vm(vm) => path(&[&"vms", vm, &"console"]),
        ConsoleOf::Node(node) => path(&[&"nodes", node, &"console"]),
    }
}

/// Asks for a ticket. Ask anew for every connection.
///
/// # Errors
/// As every call; [`ErrorKind::Conflict`] where the VM does not run or has no such device. No
/// error holds what the server sent: it may be half of a secret.
pub async fn open(
    client: &Client,
    of: &ConsoleOf,
    kind: ConsoleKind,
) -> Result<ConsoleAccess, ApiError> {
    // Divergence 37.
    let call = match client.contract() {
        Contract::Guide => {
            Call::get(place(of)).query(Query::default().add("type", Some(kind.guide_word())))
        }
        Contract::Server => Call::post(place(of)).json(&json!({
            "type": kind.server_word(),
            "generatePassword": kind == ConsoleKind::Vnc,
        })),
    };
    client.send(call).await?.object().map_err(without_body)
}

/// A body that could not be read may hold half of a secret.
fn without_body(mut error: ApiError) -> ApiError {
    if error.kind == ErrorKind::Decode {
        error.raw = None;
        error.details = None;
    }
    error
}

fn with_ticket(vm: VmId, what: &str, ticket: &Secret) -> Call {
    Call::get(path(&[&"vms", &vm, &"console", &what]))
        .query(Query::default().add("ticket", Some(ticket.expose())))
        .secret(ticket.expose())
}

/// Where the socket for a ticket is, where [`ConsoleAccess::websocket_path`] does not say it.
///
/// # Errors
/// As every call; see [`is_spent`].
pub async fn socket(client: &Client, vm: VmId, ticket: &Secret) -> Result<SocketPlace, ApiError> {
    client
        .send(with_ticket(vm, "websocket", ticket))
        .await?
        .object()
        .map_err(without_body)
}

/// Whether the ticket was used up or too old: another may do.
#[must_use]
pub fn is_spent(error: &ApiError) -> bool {
    error.kind == ErrorKind::Conflict && error.status == Some(401)
}

/// The file that a SPICE viewer opens; [`crate::domain::console::spice::check`] says whether it
/// could.
///
/// # Errors
/// As every call.
pub async fn spice_file(client: &Client, vm: VmId, ticket: &Secret) -> Result<Secret, ApiError> {
    let call =
        with_ticket(vm, "spice", ticket).accept("application/x-virt-viewer, text/plain, */*");
    Ok(Secret::new(client.send(call).await?.response.body))
}
