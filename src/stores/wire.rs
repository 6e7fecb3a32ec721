//! How event frames travel: the browser's WebSocket, or what tests put in its place.

use send_wrapper::SendWrapper;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

/// What a line tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frame {
    /// It is open.
    Open,
    /// A text frame.
    Text(String),
    /// It is closed, or never opened; nothing follows.
    Closed {
        /// WebSocket close code; 1006 where there was none.
        code: u16,
        /// The other side's words.
        reason: String,
    },
}

/// Opens lines.
pub trait Wire: Send + Sync {
    /// Opens a line; `hear` is told of everything on it.
    ///
    /// # Errors
    /// The platform's words, where it would not even try.
    fn open(
        &self,
        url: &str,
        protocols: &[String],
        hear: Box<dyn Fn(Frame)>,
    ) -> Result<Box<dyn Line>, String>;
}

/// An open line; closes, and is silent, once dropped.
pub trait Line {}

/// The browser's own.
#[derive(Debug, Clone, Copy, Default)]
pub struct WebSockets;

struct Socket {
    socket: web_sys::WebSocket,
    _open: Closure<dyn Fn()>,
    _message: Closure<dyn Fn(web_sys::MessageEvent)>,
    _close: Closure<dyn Fn(web_sys::CloseEvent)>,
}

impl Line for Socket {}

impl Drop for Socket {
    fn drop(&mut self) {
        self.socket.set_onopen(None);
        self.socket.set_onmessage(None);
        self.socket.set_onclose(None);
        let _ = self.socket.close();
    }
}

impl Wire for WebSockets {
    fn open(
        &self,
        url: &str,
        protocols: &[String],
        hear: Box<dyn Fn(Frame)>,
    ) -> Result<Box<dyn Line>, String> {
        let offered: js_sys::Array = protocols.iter().map(wasm_bindgen::JsValue::from).collect();
        let socket = web_sys::WebSocket::new_with_str_sequence(url, &offered)
            .map_err(|error| format!("{error:?}"))?;
        let hear = std::rc::Rc::new(hear);
        let open = {
            let hear = std::rc::Rc::clone(&hear);
            Closure::<dyn Fn()>::new(move || hear(Frame::Open))
        };
        let message = {
            let hear = std::rc::Rc::clone(&hear);
            Closure::<dyn Fn(web_sys::MessageEvent)>::new(move |event: web_sys::MessageEvent| {
                if let Some(text) = event.data().as_string() {
                    hear(Frame::Text(text));
                }
            })
        };
        let close =
            Closure::<dyn Fn(web_sys::CloseEvent)>::new(move |event: web_sys::CloseEvent| {
                hear(Frame::Closed {
                    code: event.code(),
                    reason: event.reason(),
                });
            });
        socket.set_onopen(Some(open.as_ref().unchecked_ref()));
        socket.set_onmessage(Some(message.as_ref().unchecked_ref()));
        socket.set_onclose(Some(close.as_ref().unchecked_ref()));
        Ok(Box::new(Socket {
            socket,
            _open: open,
            _message: message,
            _close: close,
        }))
    }
}

/// A line in a place that asks for `Send`.
pub(super) type Held = SendWrapper<Box<dyn Line>>;
