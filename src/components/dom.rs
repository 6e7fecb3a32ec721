//! The few places where the kit touches the browser by hand.

use leptos::wasm_bindgen::JsCast;
use std::sync::atomic::{AtomicU32, Ordering};

/// An ID for an element, unique in the document: `why-12`.
#[must_use]
pub fn uid(prefix: &str) -> String {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    format!("{prefix}-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// Puts a text on the clipboard; `false` where the browser refuses (plain http, no right).
pub fn copy_text(text: &str) -> impl Future<Output = bool> + use<> {
    let promise = web_sys::window()
        // Missing outside of secure contexts, whatever the binding's type says.
        .filter(web_sys::Window::is_secure_context)
        .map(|window| window.navigator().clipboard().write_text(text));
    let by_hand = promise.is_none() && copy_by_selection(text);
    async move {
        match promise {
            Some(promise) => wasm_bindgen_futures::JsFuture::from(promise).await.is_ok(),
            None => by_hand,
        }
    }
}

/// The old way, for pages served over plain http: select in a hidden field and run "copy".
fn copy_by_selection(text: &str) -> bool {
    let Some(document) = web_sys::window().and_then(|window| window.document()) else {
        return false;
    };
    let run = || -> Option<bool> {
        let field: web_sys::HtmlTextAreaElement =
            document.create_element("textarea").ok()?.dyn_into().ok()?;
        field.set_value(text);
        field.set_class_name("vh");
        // Inside an open dialog only its own descendants can take the focus.
        let holder = document.query_selector("dialog:modal").ok().flatten();
        let holder = holder.or_else(|| document.body().map(Into::into))?;
        let before = document.active_element();
        holder.append_child(&field).ok()?;
        field.select();
        let copy = js_sys::Reflect::get(&document, &"execCommand".into()).ok()?;
        let done = copy
            .dyn_into::<js_sys::Function>()
            .ok()?
            .call1(&document, &"copy".into())
            .is_ok_and(|done| done.is_truthy());
        field.remove();
        if let Some(before) =
            before.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok())
        {
            let _ = before.focus();
        }
        Some(done)
    };
    run().unwrap_or(false)
}
