//! The few places where the kit touches the browser by hand. What starts here ends with the
//! component that started it.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::closure::Closure;
use send_wrapper::SendWrapper;
use std::cell::Cell;
use std::rc::Rc;
use std::sync::atomic::{AtomicU32, Ordering};
use web_sys::{Element, Event, EventTarget, HtmlElement, Window};

/// An ID for an element, unique in the document: `why-12`.
#[must_use]
pub fn uid(prefix: &str) -> String {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    format!("{prefix}-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// The element that an event was handled at.
#[must_use]
pub fn handled_at(event: &Event) -> Option<HtmlElement> {
    event.current_target()?.dyn_into().ok()
}

/// Listens on a target until the component goes; `capture` for events that do not bubble.
pub fn listen<E: JsCast + 'static>(
    target: &EventTarget,
    event: &'static str,
    capture: bool,
    mut handle: impl FnMut(E) + 'static,
) {
    let closure =
        Closure::<dyn FnMut(Event)>::new(move |event: Event| handle(event.unchecked_into()));
    let function = closure.as_ref().unchecked_ref::<js_sys::Function>().clone();
    if target
        .add_event_listener_with_callback_and_bool(event, &function, capture)
        .is_err()
    {
        return;
    }
    let held = SendWrapper::new((target.clone(), closure, function));
    on_cleanup(move || {
        let (target, _closure, function) = &*held;
        let _ = target.remove_event_listener_with_callback_and_bool(event, function, capture);
    });
}

/// Calls `tell` with the size of an element's content box, now and whenever it changes, until the
/// component goes.
pub fn watch_size(element: &Element, mut tell: impl FnMut(f64, f64) + 'static) {
    let closure = Closure::<dyn FnMut(js_sys::Array)>::new(move |entries: js_sys::Array| {
        let last = entries.get(entries.length().saturating_sub(1));
        if let Ok(entry) = last.dyn_into::<web_sys::ResizeObserverEntry>() {
            let size = entry.content_rect();
            tell(size.width(), size.height());
        }
    });
    let Ok(observer) = web_sys::ResizeObserver::new(closure.as_ref().unchecked_ref()) else {
        return;
    };
    observer.observe(element);
    let held = SendWrapper::new((observer, closure));
    on_cleanup(move || held.0.disconnect());
}

/// Whether a media query matches, for as long as the component lives.
#[must_use]
pub fn media(query: &str) -> Signal<bool> {
    let list = web_sys::window().and_then(|window| window.match_media(query).ok().flatten());
    let matches = RwSignal::new(list.as_ref().is_some_and(web_sys::MediaQueryList::matches));
    if let Some(list) = list {
        listen(
            list.as_ref(),
            "change",
            false,
            move |event: web_sys::MediaQueryListEvent| {
                let _ = matches.try_set(event.matches());
            },
        );
    }
    matches.into()
}

/// Whether this is a phone's width: cards instead of tables, sheets instead of popovers.
#[must_use]
pub fn is_phone() -> Signal<bool> {
    media("(max-width: 639.98px)")
}

/// A function that runs `work` in the next frame, once however often it is called before.
pub fn once_a_frame(work: impl Fn() + 'static) -> impl Fn() + Clone + 'static {
    let waits = Rc::new(Cell::new(false));
    let work = Rc::new(work);
    move || {
        if waits.replace(true) {
            return;
        }
        let (waits, work) = (waits.clone(), work.clone());
        request_animation_frame(move || {
            waits.set(false);
            work();
        });
    }
}

/// Runs `work` once everything that this event changed is drawn.
pub fn after_render(work: impl FnOnce() + 'static) {
    request_animation_frame(work);
}

/// The window's inner size.
#[must_use]
pub fn viewport() -> (f64, f64) {
    let side =
        |value: Result<wasm_bindgen::JsValue, _>| value.ok().and_then(|value| value.as_f64());
    web_sys::window().map_or((0.0, 0.0), |window: Window| {
        (
            side(window.inner_width()).unwrap_or(0.0),
            side(window.inner_height()).unwrap_or(0.0),
        )
    })
}

/// The element that has the focus; `None` where nothing has.
#[must_use]
pub fn focused() -> Option<HtmlElement> {
    let document = web_sys::window()?.document()?;
    let element = document.active_element()?.dyn_into::<HtmlElement>().ok()?;
    (element.tag_name() != "BODY").then_some(element)
}

/// Whether the keys that are pressed are text for a field.
#[must_use]
pub fn is_typing() -> bool {
    let field = "input:not([type=checkbox], [type=radio], [type=button]), textarea, select, \
                 [contenteditable]";
    focused().is_some_and(|element| element.matches(field).unwrap_or_default())
}

/// A CSS length of an element's custom property, in pixels.
#[must_use]
pub fn css_pixels(element: &Element, property: &str) -> Option<f64> {
    let style = web_sys::window()?.get_computed_style(element).ok()??;
    style
        .get_property_value(property)
        .ok()?
        .trim()
        .trim_end_matches("px")
        .parse()
        .ok()
}

/// Offers a text as a file to save.
pub fn save_file(name: &str, mime: &str, text: &str) {
    let run = || -> Option<()> {
        let options = web_sys::BlobPropertyBag::new();
        options.set_type(mime);
        let parts = js_sys::Array::of1(&text.into());
        let blob = web_sys::Blob::new_with_str_sequence_and_options(&parts, &options).ok()?;
        let url = web_sys::Url::create_object_url_with_blob(&blob).ok()?;
        let document = web_sys::window()?.document()?;
        let link: web_sys::HtmlAnchorElement =
            document.create_element("a").ok()?.dyn_into().ok()?;
        link.set_href(&url);
        link.set_download(name);
        link.click();
        // Once the browser has taken it.
        gloo_timers::callback::Timeout::new(10_000, move || {
            let _ = web_sys::Url::revoke_object_url(&url);
        })
        .forget();
        Some(())
    };
    // Without a DOM there is nobody to save for.
    let _ = run();
}

/// Puts a text on the clipboard; `false` where the browser refuses (plain http, no right).
pub fn copy_text(text: &str) -> impl Future<Output = bool> + use<> {
    let promise = web_sys::window()
        // Missing outside of secure contexts, whatever the binding's type says.
        .filter(Window::is_secure_context)
        .map(|window| window.navigator().clipboard().write_text(text));
    let by_hand = promise.is_none() && copy_by_selection(text);
    async move {
        match promise {
            Some(promise) => wasm_bindgen_futures::JsFuture::from(promise).await.is_ok(),
            None => by_hand,
        }
    }
}

/// The text on the clipboard; `None` where the browser or the person refuses.
pub async fn pasted_text() -> Option<String> {
    let window = web_sys::window().filter(Window::is_secure_context)?;
    let promise = window.navigator().clipboard().read_text();
    wasm_bindgen_futures::JsFuture::from(promise)
        .await
        .ok()?
        .as_string()
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
        if let Some(before) = before.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
            let _ = before.focus();
        }
        Some(done)
    };
    run().unwrap_or(false)
}
