//! What a drawing on a canvas must watch by itself: its size, and the theme. All ends when the
//! guard is dropped.

use js_sys::{Array, Function, Object, Reflect};
use leptos::wasm_bindgen::closure::Closure;
use leptos::wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, MediaQueryList, ResizeObserver};

type Listener = Closure<dyn FnMut()>;

/// Ends with the value.
pub(super) struct SizeWatch {
    observer: ResizeObserver,
    _listener: Listener,
}

impl SizeWatch {
    /// Calls back now and whenever the size in device pixels changes.
    pub(super) fn new(element: &Element, on_change: impl FnMut() + 'static) -> Option<Self> {
        let listener = Listener::new(on_change);
        let observer = ResizeObserver::new(listener.as_ref().unchecked_ref()).ok()?;
        // Device pixels change with zoom and screen though the size in CSS pixels stays.
        let options = Object::new();
        let _ = Reflect::set(&options, &"box".into(), &"device-pixel-content-box".into());
        if call(&observer, "observe", element, &options).is_none() {
            observer.observe(element);
        }
        Some(Self {
            observer,
            _listener: listener,
        })
    }
}

impl Drop for SizeWatch {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

/// Ends with the value.
pub(super) struct ThemeWatch {
    queries: Vec<MediaQueryList>,
    observer: Option<JsValue>,
    listener: Listener,
}

/// What the tokens of the style sheet depend on besides the root's attributes.
const QUERIES: [&str; 3] = [
    "(prefers-color-scheme: dark)",
    "(prefers-contrast: more)",
    "(forced-colors: active)",
];

impl ThemeWatch {
    /// Calls back when the theme is another: chosen here (an attribute of the root element) or by
    /// the system.
    pub(super) fn new(on_change: impl FnMut() + 'static) -> Self {
        let listener = Listener::new(on_change);
        let window = leptos::prelude::window();
        let queries: Vec<_> = QUERIES
            .into_iter()
            .filter_map(|query| window.match_media(query).ok().flatten())
            .collect();
        for query in &queries {
            let _ =
                query.add_event_listener_with_callback("change", listener.as_ref().unchecked_ref());
        }
        Self {
            queries,
            observer: observe_root(listener.as_ref()),
            listener,
        }
    }
}

impl Drop for ThemeWatch {
    fn drop(&mut self) {
        let listener = self.listener.as_ref().unchecked_ref();
        for query in &self.queries {
            let _ = query.remove_event_listener_with_callback("change", listener);
        }
        if let Some(observer) = &self.observer {
            let disconnect = Reflect::get(observer, &"disconnect".into())
                .ok()
                .and_then(|method| method.dyn_into::<Function>().ok());
            let _ = disconnect.map(|method| method.call0(observer));
        }
    }
}

/// A `MutationObserver` on the root element's attributes, by name: its binding is a feature of
/// web-sys that nothing else needs.
fn observe_root(listener: &JsValue) -> Option<JsValue> {
    let constructor: Function = Reflect::get(&js_sys::global(), &"MutationObserver".into())
        .ok()?
        .dyn_into()
        .ok()?;
    let observer = Reflect::construct(&constructor, &Array::of1(listener)).ok()?;
    let options = Object::new();
    let names = Array::of3(&"data-theme".into(), &"class".into(), &"style".into());
    Reflect::set(&options, &"attributes".into(), &true.into()).ok()?;
    Reflect::set(&options, &"attributeFilter".into(), &names).ok()?;
    let root = leptos::prelude::document().document_element()?;
    call(&observer, "observe", &root, &options)?;
    Some(observer)
}

/// `object.method(first, second)`; `None` where it throws.
fn call(object: &JsValue, method: &str, first: &JsValue, second: &JsValue) -> Option<()> {
    let method: Function = Reflect::get(object, &method.into()).ok()?.dyn_into().ok()?;
    method.call2(object, first, second).ok().map(drop)
}
