//! Fetching what others wrote. Its name and what it must be stand in index.html, written there by
//! the build; it is put on the page as a script of the console's own origin.

use js_sys::{Function, Promise, Reflect};
use std::sync::atomic::{AtomicU32, Ordering};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Something that is fetched when it is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// noVNC.
    Vnc,
    /// xterm.js with its add-on that fits it into its place.
    Terminal,
}

impl Part {
    const fn name(self) -> &'static str {
        match self {
            Self::Vnc => "vnc",
            Self::Terminal => "terminal",
        }
    }
}

/// What a part left on the page: a constructor.
pub(super) fn constructor(name: &str) -> Option<Function> {
    let parts = Reflect::get(&js_sys::global(), &"moxxieParts".into()).ok()?;
    if parts.is_undefined() {
        return None;
    }
    Reflect::get(&parts, &name.into()).ok()?.dyn_into().ok()
}

/// Makes one of a part's objects.
pub(super) fn construct(name: &str, args: &[JsValue]) -> Result<JsValue, String> {
    let make = constructor(name).ok_or_else(|| format!("{name} is not loaded"))?;
    let list: js_sys::Array = args.iter().collect();
    Reflect::construct(&make, &list)
        .map_err(|_| "The browser could not show this console".to_owned())
}

/// Fetches a part, unless it is there.
///
/// # Errors
/// A sentence for people.
pub async fn load(part: Part) -> Result<(), String> {
    if constructor(part.name()).is_some() {
        return Ok(());
    }
    fetch(part)
        .await
        .filter(|()| constructor(part.name()).is_some())
        .ok_or_else(|| {
            "The viewer's code did not arrive: the connection may be down, or this console was \
             updated since it was opened"
                .to_owned()
        })
}

async fn fetch(part: Part) -> Option<()> {
    /// A browser remembers a module that failed under its address.
    static TRIES: AtomicU32 = AtomicU32::new(0);
    let document = web_sys::window()?.document()?;
    let meta = document
        .query_selector(&format!("meta[name=part-{}]", part.name()))
        .ok()??;
    let content = meta.get_attribute("content")?;
    let (address, integrity) = content.split_once(' ')?;
    let script = document.create_element("script").ok()?;
    let set = |name: &str, value: &str| script.set_attribute(name, value).ok();
    set("type", "module")?;
    set("integrity", integrity)?;
    match TRIES.fetch_add(1, Ordering::Relaxed) {
        0 | 1 => set("src", address)?,
        again => set("src", &format!("{address}?again={again}"))?,
    }
    let mut listening = true;
    let arrived = Promise::new(&mut |yes, no| {
        listening = script
            .add_event_listener_with_callback("load", &yes)
            .is_ok()
            && script
                .add_event_listener_with_callback("error", &no)
                .is_ok();
    });
    document.head()?.append_child(&script).ok()?;
    let arrived = listening && JsFuture::from(arrived).await.is_ok();
    if !arrived {
        script.remove();
    }
    arrived.then_some(())
}
