//! Viewers of consoles: typed bindings to noVNC and xterm.js, whose code is fetched when the first
//! console is opened (`.ci/parts.mjs`). Who shows a console gives an address and a secret, hears
//! what happens, and drops the viewer to end the line.

mod listen;
mod parts;
mod terminal;
mod vnc;

pub use parts::{Missing, Part, load};
pub use terminal::{Terminal, TerminalLine};
pub use vnc::{Screen, ScreenLine, ScreenLook};

use crate::domain::console::Secret;
use std::rc::Rc;

/// What a viewer tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// The line stands and shows the guest.
    Open,
    /// The line ended; `clean` where the other side said so in good order.
    Ended {
        /// Not cut off.
        clean: bool,
    },
    /// The guest put a text on its clipboard.
    Copied(String),
    /// The guest's server did not let us in, in its own words.
    Refused(String),
    /// Something answers that is no console: its greeting.
    NoConsole(String),
}

/// Where the page says how the keyboard comes back from a viewer: the id of that sentence.
pub const WAY_OUT: &str = "console-way-out";

/// Tells what takes the keyboard how it is given back.
fn describe(host: &web_sys::HtmlElement, what: &str) -> Option<web_sys::Element> {
    let element = host.query_selector(what).ok().flatten()?;
    let _ = element.set_attribute("aria-describedby", WAY_OUT);
    Some(element)
}

/// Who hears it; called after the browser's own event is over, so that a viewer may be dropped
/// there.
pub type Hear = Rc<dyn Fn(Heard)>;

/// Where a socket is, and the subprotocol to ask for.
#[derive(Debug, Clone)]
pub struct Place {
    /// `wss://…`; may hold a ticket.
    pub url: Secret,
    /// Asked for where the server names one.
    pub protocol: Option<String>,
}

impl Place {
    /// Opens it.
    fn open(&self) -> Result<web_sys::WebSocket, String> {
        let url = self.url.expose();
        // A browser ends a line whose server does not agree to what was asked for.
        let socket = match self.protocol.as_deref() {
            Some(protocol) => web_sys::WebSocket::new_with_str(url, protocol),
            None => web_sys::WebSocket::new(url),
        }
        // The browser's words name the address, and with it the ticket.
        .map_err(|_| "The browser refused to open the socket".to_owned())?;
        socket.set_binary_type(web_sys::BinaryType::Arraybuffer);
        Ok(socket)
    }
}
