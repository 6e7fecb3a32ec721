//! The browser's `fetch`.

use super::{Request, Response, Transport, TransportError};
use futures_util::future::LocalBoxFuture;
use js_sys::{Array, ArrayBuffer, Uint8Array};
use std::time::Duration;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// `fetch`, aborted when its future is dropped: leaving a page ends its requests.
#[derive(Debug, Clone, Copy, Default)]
pub struct FetchTransport;

/// Aborts on drop unless the answer is complete.
struct AbortOnDrop {
    controller: web_sys::AbortController,
    armed: bool,
}

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        if self.armed {
            self.controller.abort();
        }
    }
}

fn failure(error: &JsValue) -> TransportError {
    let error: Option<&js_sys::Error> = error.dyn_ref();
    if error.is_some_and(|error| error.name() == "AbortError") {
        return TransportError::Aborted;
    }
    TransportError::Network(error.map_or_else(
        || "request failed".to_owned(),
        |error| String::from(error.message()),
    ))
}

async fn fetch(request: Request) -> Result<Response, TransportError> {
    let window = web_sys::window()
        .ok_or_else(|| TransportError::Network("there is no window to fetch from".to_owned()))?;
    let controller = web_sys::AbortController::new().map_err(|error| failure(&error))?;
    let mut guard = AbortOnDrop {
        controller,
        armed: true,
    };

    let headers = web_sys::Headers::new().map_err(|error| failure(&error))?;
    for (name, value) in &request.headers {
        headers
            .append(name, value)
            .map_err(|error| failure(&error))?;
    }
    let init = web_sys::RequestInit::new();
    init.set_method(request.method.as_str());
    init.set_headers_headers(&headers);
    init.set_cache(web_sys::RequestCache::NoStore);
    init.set_signal(Some(&guard.controller.signal()));
    if let Some(body) = &request.body {
        init.set_body(&JsValue::from_str(body));
    }

    let answer = JsFuture::from(window.fetch_with_str_and_init(&request.url, &init))
        .await
        .map_err(|error| failure(&error))?;
    let answer: web_sys::Response = answer
        .dyn_into()
        .map_err(|_| TransportError::Network("fetch gave no response".to_owned()))?;
    let buffer = answer.array_buffer().map_err(|error| failure(&error))?;
    // The bytes, not `text()`: that would decode and encode the whole list once more.
    let buffer: ArrayBuffer = JsFuture::from(buffer)
        .await
        .map_err(|error| failure(&error))?
        .unchecked_into();
    guard.armed = false;

    let bytes = Uint8Array::new(&buffer).to_vec();
    let body = String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
    Ok(Response {
        status: answer.status(),
        headers: pairs(&answer.headers()),
        body,
    })
}

fn pairs(headers: &web_sys::Headers) -> Vec<(String, String)> {
    let Ok(Some(entries)) = js_sys::try_iter(headers) else {
        return Vec::new();
    };
    entries
        .flatten()
        .filter_map(|entry| {
            let entry: Array = entry.dyn_into().ok()?;
            Some((entry.get(0).as_string()?, entry.get(1).as_string()?))
        })
        .collect()
}

impl Transport for FetchTransport {
    fn send(&self, request: Request) -> LocalBoxFuture<'static, Result<Response, TransportError>> {
        Box::pin(fetch(request))
    }

    fn sleep(&self, duration: Duration) -> LocalBoxFuture<'static, ()> {
        let millis = u32::try_from(duration.as_millis()).unwrap_or(u32::MAX);
        Box::pin(gloo_timers::future::TimeoutFuture::new(millis))
    }

    fn now_millis(&self) -> f64 {
        js_sys::Date::now()
    }

    fn monotonic_millis(&self) -> f64 {
        web_sys::window()
            .and_then(|window| window.performance())
            .map_or_else(js_sys::Date::now, |clock| clock.now())
    }

    /// From `crypto.getRandomValues`, which plain HTTP has too (unlike `randomUUID`).
    fn random(&self) -> f64 {
        let mut bytes = [0; 4];
        let filled = web_sys::window()
            .and_then(|window| window.crypto().ok())
            .is_some_and(|crypto| crypto.get_random_values_with_u8_array(&mut bytes).is_ok());
        if filled {
            f64::from(u32::from_le_bytes(bytes)) / (f64::from(u32::MAX) + 1.0)
        } else {
            js_sys::Math::random()
        }
    }

    fn is_cross_origin(&self, url: &str) -> bool {
        let Some(location) = web_sys::window().map(|window| window.location()) else {
            return false;
        };
        let (Ok(here), Ok(origin)) = (location.href(), location.origin()) else {
            return false;
        };
        web_sys::Url::new_with_base(url, &here).is_ok_and(|url| url.origin() != origin)
    }
}
