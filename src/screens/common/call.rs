//! A request as a person would send it by hand.

use crate::api::{Client, ShownRequest};

/// A request to that server as a curl command.
#[must_use]
pub fn curl_of(client: &Client, request: &ShownRequest) -> String {
    let ShownRequest { method, path, body } = request;
    curl(client.base(), method, path, body.as_deref())
}

/// As a curl command; the key is left out. `base` is the client's ([`crate::api::Client::base`]),
/// `path` begins behind `/api/v1`, `body` is JSON.
#[must_use]
fn curl(base: &str, method: &str, path: &str, body: Option<&str>) -> String {
    let origin = if base.contains("://") {
        String::new()
    } else {
        web_sys::window()
            .and_then(|window| window.location().origin().ok())
            .unwrap_or_default()
    };
    let mut command = format!("curl -X {method} '{origin}{base}/api/v1{path}'");
    if let Some(body) = body {
        // A quote inside single quotes ends them, is escaped, and begins them anew.
        let body = body.replace('\'', r"'\''");
        command.push_str(" \\\n  -H 'Content-Type: application/json' \\\n  -d '");
        command.push_str(&body);
        command.push('\'');
    }
    command
}
