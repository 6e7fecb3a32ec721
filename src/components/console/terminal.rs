//! xterm.js: a text terminal on a socket that speaks termproxy's words.

use super::listen::Listener;
use super::parts::construct;
use super::{Hear, Heard, Place, describe};
use crate::domain::console::serial;
use gloo_timers::callback::Interval;
use js_sys::{ArrayBuffer, Function, Object, Reflect, Uint8Array};
use leptos::prelude::queue_microtask;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{HtmlElement, WebSocket};

#[wasm_bindgen]
extern "C" {
    /// xterm.js, as far as it is used here.
    #[derive(Debug, Clone)]
    type XTerm;

    #[wasm_bindgen(method)]
    fn open(this: &XTerm, host: &HtmlElement);
    #[wasm_bindgen(method)]
    fn write(this: &XTerm, bytes: &Uint8Array);
    #[wasm_bindgen(method)]
    fn dispose(this: &XTerm);
    #[wasm_bindgen(method)]
    fn focus(this: &XTerm);
    #[wasm_bindgen(method, js_name = loadAddon)]
    fn load_addon(this: &XTerm, addon: &JsValue);
    #[wasm_bindgen(method, js_name = onData)]
    fn on_data(this: &XTerm, tell: &Function) -> JsValue;
    #[wasm_bindgen(method, js_name = onResize)]
    fn on_resize(this: &XTerm, tell: &Function) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn cols(this: &XTerm) -> u32;
    #[wasm_bindgen(method, getter)]
    fn rows(this: &XTerm) -> u32;
    #[wasm_bindgen(method, getter)]
    fn options(this: &XTerm) -> JsValue;
    #[wasm_bindgen(method, js_name = getSelection)]
    fn selection(this: &XTerm) -> String;

    /// Its add-on.
    #[derive(Debug, Clone)]
    type Fit;

    #[wasm_bindgen(method)]
    fn fit(this: &Fit);
}

/// What a line needs.
#[derive(Debug, Clone)]
pub struct TerminalLine {
    /// Where the socket is.
    pub place: Place,
    /// What is said first; holds the ticket.
    pub greeting: crate::domain::console::Secret,
    /// Whether a screen reader is told what appears.
    pub spoken: bool,
}

/// Between two signs of life, in milliseconds.
const ALIVE_EVERY: u32 = 25_000;

/// An open terminal; dropped, its line ends.
pub struct Terminal {
    term: XTerm,
    fit: Fit,
    socket: WebSocket,
    listeners: Vec<Listener>,
    _data: Closure<dyn FnMut(String)>,
    _size: Closure<dyn FnMut(JsValue)>,
    _alive: Interval,
}

impl std::fmt::Debug for Terminal {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Terminal")
    }
}

fn object(pairs: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (key, value) in pairs {
        // A plain object takes every key.
        let _ = Reflect::set(&object, &(*key).into(), value);
    }
    object
}

/// Dark in every theme, as guests expect it.
fn options(spoken: bool) -> Object {
    let theme = object(&[
        ("background", "#101216".into()),
        ("foreground", "#d6dae0".into()),
        ("cursor", "#d6dae0".into()),
        ("selectionBackground", "#3b4d7a".into()),
    ]);
    object(&[
        ("theme", theme.into()),
        ("fontSize", 14.into()),
        ("scrollback", 5_000.into()),
        ("cursorBlink", false.into()),
        ("screenReaderMode", spoken.into()),
        ("minimumContrastRatio", 4.5.into()),
    ])
}

fn send(socket: &WebSocket, bytes: &[u8]) {
    if socket.ready_state() == WebSocket::OPEN {
        // A line that breaks at this moment tells so itself.
        let _ = socket.send_with_u8_array(bytes);
    }
}

impl Terminal {
    /// Connects, and draws into `host`.
    ///
    /// # Errors
    /// A sentence for people, without a secret.
    pub fn open(host: &HtmlElement, line: &TerminalLine, hear: &Hear) -> Result<Self, String> {
        let term: XTerm = construct("terminal", &[options(line.spoken).into()])?.unchecked_into();
        let fit: Fit = construct("fit", &[])?.unchecked_into();
        let socket = line.place.open()?;
        term.load_addon(fit.as_ref());
        term.open(host);
        describe(host, "textarea");
        fit.fit();
        let data = {
            let socket = socket.clone();
            Closure::<dyn FnMut(String)>::new(move |text: String| {
                send(&socket, &serial::typed(&text));
            })
        };
        let size = {
            let (socket, term) = (socket.clone(), term.clone());
            Closure::<dyn FnMut(JsValue)>::new(move |_| {
                send(&socket, serial::size(term.cols(), term.rows()).as_bytes());
            })
        };
        term.on_data(data.as_ref().unchecked_ref());
        term.on_resize(size.as_ref().unchecked_ref());
        let alive = {
            let socket = socket.clone();
            Interval::new(ALIVE_EVERY, move || send(&socket, serial::ALIVE.as_bytes()))
        };
        Ok(Self {
            listeners: listeners(&term, &socket, line, hear),
            term,
            fit,
            socket,
            _data: data,
            _size: size,
            _alive: alive,
        })
    }

    /// As many columns and rows as its place holds.
    pub fn fit(&self) {
        self.fit.fit();
    }

    /// Types a text.
    pub fn send(&self, text: &str) {
        send(&self.socket, &serial::typed(text));
    }

    /// Takes the keyboard.
    pub fn focus(&self) {
        self.term.focus();
    }

    /// What is marked.
    #[must_use]
    pub fn selection(&self) -> String {
        self.term.selection()
    }

    /// Whether a screen reader is told what appears.
    pub fn speak(&self, on: bool) {
        let _ = Reflect::set(&self.term.options(), &"screenReaderMode".into(), &on.into());
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.listeners.clear();
        let _ = self.socket.close();
        self.term.dispose();
    }
}

/// Bytes of a message, and whether they came as text.
fn bytes(event: &JsValue) -> (Vec<u8>, bool) {
    let data = Reflect::get(event, &"data".into()).unwrap_or_default();
    match data.dyn_into::<ArrayBuffer>() {
        Ok(buffer) => (Uint8Array::new(&buffer).to_vec(), false),
        Err(other) => (other.as_string().unwrap_or_default().into_bytes(), true),
    }
}

/// Whether the other side ended the line in good order: because it was over (1000, or no reason
/// given), not because a proxy goes away (1001).
fn is_clean(event: &JsValue) -> bool {
    event
        .dyn_ref::<web_sys::CloseEvent>()
        .is_some_and(|event| event.was_clean() && matches!(event.code(), 1000 | 1005))
}

fn listeners(term: &XTerm, socket: &WebSocket, line: &TerminalLine, hear: &Hear) -> Vec<Listener> {
    let tell = |hear: &Hear, heard: Heard| {
        let hear = Rc::clone(hear);
        queue_microtask(move || hear(heard));
    };
    let greeting = line.greeting.clone();
    let (to, term) = (socket.clone(), term.clone());
    let opened = socket.clone();
    let (heard_first, heard_end) = (Rc::clone(hear), Rc::clone(hear));
    let first = Cell::new(true);
    vec![
        Listener::new(socket.as_ref(), "open", move |_| {
            send(&opened, greeting.expose().as_bytes());
        }),
        Listener::new(socket.as_ref(), "message", move |event| {
            let (bytes, is_text) = bytes(&event);
            let mut shown = bytes.as_slice();
            if first.replace(false) {
                match shown.strip_prefix(b"OK") {
                    Some(rest) => shown = rest,
                    None if is_text => {
                        let greeting = String::from_utf8_lossy(&bytes).into_owned();
                        tell(&heard_first, Heard::NoConsole(greeting));
                        return;
                    }
                    None => {
                        tell(&heard_first, Heard::Refused(String::new()));
                        return;
                    }
                }
                send(&to, serial::size(term.cols(), term.rows()).as_bytes());
                tell(&heard_first, Heard::Open);
            }
            term.write(&Uint8Array::from(shown));
        }),
        Listener::new(socket.as_ref(), "close", move |event| {
            tell(
                &heard_end,
                Heard::Ended {
                    clean: is_clean(&event),
                },
            );
        }),
    ]
}
