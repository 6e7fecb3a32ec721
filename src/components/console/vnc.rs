//! noVNC: a VM's screen on a canvas.

use super::listen::{Listener, text};
use super::parts::construct;
use super::{Hear, Heard, Place, describe};
use crate::domain::console::Secret;
use crate::domain::console::keys::{Combo, Key};
use crate::domain::console::layout::Step;
use leptos::prelude::queue_microtask;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// noVNC's client, as far as it is used here.
    #[derive(Debug, Clone)]
    type Rfb;

    #[wasm_bindgen(method)]
    fn disconnect(this: &Rfb);
    #[wasm_bindgen(method, js_name = sendKey)]
    fn send_key(this: &Rfb, keysym: u32, code: &str, down: bool);
    #[wasm_bindgen(method, js_name = clipboardPasteFrom)]
    fn paste(this: &Rfb, text: &str);
    #[wasm_bindgen(method)]
    fn focus(this: &Rfb);
    #[wasm_bindgen(method, js_name = toDataURL)]
    fn to_data_url(this: &Rfb, kind: &str) -> String;
    #[wasm_bindgen(method, setter, js_name = scaleViewport)]
    fn set_scale_viewport(this: &Rfb, on: bool);
    #[wasm_bindgen(method, setter, js_name = clipViewport)]
    fn set_clip_viewport(this: &Rfb, on: bool);
    #[wasm_bindgen(method, setter, js_name = dragViewport)]
    fn set_drag_viewport(this: &Rfb, on: bool);
    #[wasm_bindgen(method, setter, js_name = resizeSession)]
    fn set_resize_session(this: &Rfb, on: bool);
    #[wasm_bindgen(method, setter, js_name = viewOnly)]
    fn set_view_only(this: &Rfb, on: bool);
    #[wasm_bindgen(method, setter, js_name = showDotCursor)]
    fn set_show_dot_cursor(this: &Rfb, on: bool);
    #[wasm_bindgen(method, setter, js_name = qualityLevel)]
    fn set_quality_level(this: &Rfb, level: u32);
    #[wasm_bindgen(method, setter, js_name = compressionLevel)]
    fn set_compression_level(this: &Rfb, level: u32);
    #[wasm_bindgen(method, setter)]
    fn set_background(this: &Rfb, css: &str);
}

/// How a screen is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScreenLook {
    /// As large as its place.
    pub fit: bool,
    /// Asks the guest for a screen as large as the place.
    pub resize: bool,
    /// The pointer moves the part that is seen, not the guest's pointer.
    pub drag: bool,
    /// Keys and pointer stay here.
    pub view_only: bool,
    /// A dot where the guest shows no pointer.
    pub dot: bool,
    /// 0 to 9: what pictures may cost.
    pub quality: u32,
    /// 0 to 9: how hard the guest's server compresses.
    pub compression: u32,
}

/// What a line needs.
#[derive(Debug, Clone)]
pub struct ScreenLine {
    /// Where the socket is.
    pub place: Place,
    /// What the VNC server asks for.
    pub password: Option<Secret>,
    /// Name of the canvas: "Screen of web-server-01".
    pub label: String,
}

/// An open screen; dropped, its line ends.
pub struct Screen {
    rfb: Rfb,
    host: web_sys::HtmlElement,
    listeners: Vec<Listener>,
}

impl std::fmt::Debug for Screen {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Screen")
    }
}

impl Screen {
    /// Connects, and draws into `host`.
    ///
    /// # Errors
    /// A sentence for people, without a secret.
    pub fn open(
        host: &web_sys::HtmlElement,
        line: &ScreenLine,
        hear: &Hear,
    ) -> Result<Self, String> {
        let socket = line.place.open()?;
        let options = js_sys::Object::new();
        let credentials = js_sys::Object::new();
        let set = |object: &js_sys::Object, key: &str, value: &JsValue| {
            // A plain object takes every key.
            let _ = js_sys::Reflect::set(object, &key.into(), value);
        };
        if let Some(password) = &line.password {
            set(&credentials, "password", &password.expose().into());
        }
        set(&options, "credentials", &credentials);
        set(&options, "shared", &true.into());
        let made = construct("vnc", &[host.into(), socket.clone().into(), options.into()]);
        let rfb: Rfb = match made {
            Ok(made) => made.unchecked_into(),
            Err(why) => {
                let _ = socket.close();
                return Err(why);
            }
        };
        rfb.set_background("transparent");
        if let Some(canvas) = describe(host, "canvas") {
            // Reached by the Tab key, and told what it is.
            let _ = canvas.set_attribute("tabindex", "0");
            let _ = canvas.set_attribute("role", "application");
            let _ = canvas.set_attribute("aria-label", &line.label);
        }
        let listeners = listeners(&rfb, &socket, line.password.is_some(), hear);
        Ok(Self {
            rfb,
            host: host.clone(),
            listeners,
        })
    }

    /// Shows it that way from now on.
    pub fn look(&self, look: ScreenLook) {
        self.rfb.set_scale_viewport(look.fit && !look.resize);
        self.rfb.set_resize_session(look.resize);
        // Cut to its place the picture is only seen by dragging; else its place scrolls.
        self.rfb.set_clip_viewport(look.drag);
        self.rfb.set_drag_viewport(look.drag);
        self.rfb.set_view_only(look.view_only);
        self.rfb.set_show_dot_cursor(look.dot);
        self.rfb.set_quality_level(look.quality);
        self.rfb.set_compression_level(look.compression);
    }

    /// Presses the keys in their order, lets them go in the reverse.
    pub fn press(&self, combo: &Combo) {
        let key = |key: &Key, down| self.rfb.send_key(key.sym, key.code, down);
        combo.keys.iter().for_each(|own| key(own, true));
        combo.keys.iter().rev().for_each(|own| key(own, false));
    }

    /// Carries out steps of typing.
    pub fn strokes(&self, steps: &[Step]) {
        for (key, down) in steps {
            self.rfb.send_key(key.sym, key.code, *down);
        }
    }

    /// Puts a text on the guest's clipboard.
    pub fn paste(&self, text: &str) {
        self.rfb.paste(text);
    }

    /// Takes the keyboard.
    pub fn focus(&self) {
        self.rfb.focus();
    }

    /// What it shows, as a PNG in a `data:` address.
    #[must_use]
    pub fn picture(&self) -> String {
        self.rfb.to_data_url("image/png")
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.listeners.clear();
        self.rfb.disconnect();
        // Its last picture would stand behind the next one.
        self.host.set_text_content(None);
    }
}

fn listeners(
    rfb: &Rfb,
    socket: &web_sys::WebSocket,
    has_password: bool,
    hear: &Hear,
) -> Vec<Listener> {
    let tell = |hear: &Hear, heard: Heard| {
        let hear = Rc::clone(hear);
        queue_microtask(move || hear(heard));
    };
    let on = |name, of: fn(JsValue) -> Heard| {
        let hear = Rc::clone(hear);
        Listener::new(rfb.as_ref(), name, move |event| tell(&hear, of(event)))
    };
    let first = Cell::new(true);
    let hear_text = Rc::clone(hear);
    let wants = Rc::clone(hear);
    vec![
        on("connect", |_| Heard::Open),
        on("disconnect", |_| Heard::Ended { clean: false }),
        on("clipboard", |event| {
            Heard::Copied(text(&event, &["detail", "text"]))
        }),
        on("securityfailure", |event| {
            Heard::Refused(text(&event, &["detail", "reason"]))
        }),
        on("serververification", |_| {
            Heard::Refused("It wants its identity approved, which this page cannot do".to_owned())
        }),
        Listener::new(rfb.as_ref(), "credentialsrequired", move |_| {
            let why = if has_password {
                "It asks for more than the password that the server gave"
            } else {
                "It asks for a password, and the server gave none"
            };
            tell(&wants, Heard::Refused(why.to_owned()));
        }),
        // VNC begins in binary: a text is another one's greeting (divergence 37).
        Listener::new(socket.as_ref(), "message", move |event| {
            let greeting = text(&event, &["data"]);
            if first.replace(false) && !greeting.is_empty() {
                tell(&hear_text, Heard::NoConsole(greeting));
            }
        }),
    ]
}
