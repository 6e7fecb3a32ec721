//! Listening to objects that are no DOM targets, for as long as a viewer lives.

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// Anything with these two methods: noVNC's client, sockets, elements.
    #[derive(Debug, Clone)]
    pub type Source;

    #[wasm_bindgen(method, js_name = addEventListener)]
    fn add(this: &Source, name: &str, listener: &js_sys::Function);

    #[wasm_bindgen(method, js_name = removeEventListener)]
    fn remove(this: &Source, name: &str, listener: &js_sys::Function);
}

/// One listener; dropped, it hears no more.
pub struct Listener {
    source: Source,
    name: &'static str,
    closure: Closure<dyn FnMut(JsValue)>,
}

impl std::fmt::Debug for Listener {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.name)
    }
}

impl Listener {
    /// Begins to listen.
    pub fn new(source: &JsValue, name: &'static str, hear: impl FnMut(JsValue) + 'static) -> Self {
        let source: Source = source.clone().unchecked_into();
        let closure = Closure::<dyn FnMut(JsValue)>::new(hear);
        source.add(name, closure.as_ref().unchecked_ref());
        Self {
            source,
            name,
            closure,
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.source
            .remove(self.name, self.closure.as_ref().unchecked_ref());
    }
}

/// A field of an object as text; empty where there is none.
pub fn text(object: &JsValue, path: &[&str]) -> String {
    let mut value = object.clone();
    for name in path {
        match js_sys::Reflect::get(&value, &JsValue::from_str(name)) {
            Ok(next) => value = next,
            Err(_) => return String::new(),
        }
    }
    value.as_string().unwrap_or_default()
}
