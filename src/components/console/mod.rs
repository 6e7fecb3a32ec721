//! Viewers of consoles: typed bindings to noVNC and xterm.js, whose code is fetched when the first
//! console is opened (`.ci/parts.mjs`). Who shows a console gives an address and a secret, hears
//! what happens, and drops the viewer to end the line.

mod listen;
mod parts;
mod terminal;
mod vnc;

pub use parts::{Part, load};
pub use terminal::{Terminal, TerminalLine};
pub use vnc::{Screen, ScreenLine, ScreenLook};

use crate::domain::console::Secret;
use std::rc::Rc;

/// What a viewer tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// The line stands and shows the guest.
    Open,
    /// The line ended.
    Ended,
    /// The guest put a text on its clipboard.
    Copied(String),
    /// The guest's server did not let us in, in its own words.
    Refused(String),
    /// Something answers that is no console: its greeting.
    NoConsole(String),
}

/// Who hears it; called after the browser's own event is over, so that a viewer may be dropped
/// there.
pub type Hear = Rc<dyn Fn(Heard)>;

/// Where a socket is, and the subprotocol to ask for.
#[derive(Debug, Clone)]
pub struct Place {
    /// `wss://…`; may hold a ticket.
    pub url: Secret,
    /// Mostly `binary`.
    pub protocol: Option<String>,
}

impl Place {
    /// Opens it.
    fn open(&self) -> Result<web_sys::WebSocket, String> {
        let protocol = self.protocol.as_deref().unwrap_or("binary");
        let socket = web_sys::WebSocket::new_with_str(self.url.expose(), protocol)
            // The browser's words name the address, and with it the ticket.
            .map_err(|_| "The browser refused to open the socket".to_owned())?;
        socket.set_binary_type(web_sys::BinaryType::Arraybuffer);
        Ok(socket)
    }
}
