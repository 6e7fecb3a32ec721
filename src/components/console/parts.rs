//! Fetching what others wrote. Its name and what it must be stand in index.html, written there by
//! the build; it is put on the page as a script of the console's own origin.

use js_sys::{Function, Promise, Reflect};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
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

    /// How often it was asked for since the page was loaded.
    fn tries(self) -> &'static AtomicU32 {
        static TRIES: [AtomicU32; 2] = [const { AtomicU32::new(0) }; 2];
        match self {
            Self::Vnc => &TRIES[0],
            Self::Terminal => &TRIES[1],
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
/// It did not arrive.
pub async fn load(part: Part) -> Result<(), Missing> {
    if constructor(part.name()).is_some() {
        return Ok(());
    }
    let tries = part.tries().fetch_add(1, Ordering::Relaxed);
    let arrived = fetch(part, tries).await.is_some() && ready(part).await;
    arrived.then_some(()).ok_or(Missing { tries: tries + 1 })
}

/// noVNC asks the browser for its decoders before it is ready, later than the browser says that the
/// code is loaded.
async fn ready(part: Part) -> bool {
    const LOOKS: u32 = 200;
    const PAUSE: Duration = Duration::from_millis(25);
    for _ in 0..LOOKS {
        if constructor(part.name()).is_some() {
            return true;
        }
        gloo_timers::future::sleep(PAUSE).await;
    }
    false
}

/// A part that did not arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Missing {
    /// How often it was asked for.
    pub tries: u32,
}

async fn fetch(part: Part, tries: u32) -> Option<()> {
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
    // A browser remembers a module that failed under its address.
    match tries {
        0 => set("src", address)?,
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
