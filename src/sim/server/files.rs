//! The built app, served as a good web server would.

use super::App;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use tower_http::services::ServeDir;

/// Scripts, styles and connections from here alone; WebAssembly may be compiled, nothing else
/// may turn text into code.
const POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
     img-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'self'; \
     form-action 'self'; frame-ancestors 'self'";

/// Endings that are files; other addresses are the app's (a tag may well be called `v1.7.0`).
const ENDINGS: [&str; 16] = [
    "js",
    "mjs",
    "wasm",
    "css",
    "map",
    "json",
    "svg",
    "png",
    "jpg",
    "webp",
    "ico",
    "woff2",
    "txt",
    "webmanifest",
    "br",
    "gz",
];

/// Whether a name carries a hash of its content, as Trunk writes them: `app-3f2a9c…_bg.wasm`.
fn is_hashed(path: &str) -> bool {
    path.split(['/', '.', '-', '_'])
        .any(|part| part.len() >= 12 && part.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn is_file(path: &str) -> bool {
    path.rsplit('/')
        .next()
        .and_then(|name| name.rsplit_once('.'))
        .is_some_and(|(_, ending)| ENDINGS.contains(&ending))
}

async fn from_dist(app: &App, path: &str, request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    let Ok(uri) = path.parse::<Uri>() else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    parts.uri = uri;
    let mut service = ServeDir::new(app.dist.as_path())
        .precompressed_br()
        .precompressed_gzip()
        .append_index_html_on_directories(false);
    match service
        .try_call(Request::from_parts(parts, Body::empty()))
        .await
    {
        Ok(response) => response.map(Body::new),
        // A missing file comes as an error where precompressed ones are looked for.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            StatusCode::NOT_FOUND.into_response()
        }
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

async fn index(app: &App, request: Request) -> Response {
    // At the root the file goes out as built, precompressed; elsewhere its base is another.
    let mut response = if app.base.is_empty() {
        from_dist(app, "/index.html", request).await
    } else {
        match std::fs::read_to_string(app.dist.join("index.html")) {
            Ok(text) => {
                let text =
                    text.replace("<base href=\"/\"", &format!("<base href=\"{}/\"", app.base));
                ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], text).into_response()
            }
            Err(_) => StatusCode::NOT_FOUND.into_response(),
        }
    };
    if response.status().is_success() {
        response.headers_mut().insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/html; charset=utf-8"),
        );
    }
    if response.status() == StatusCode::NOT_FOUND {
        return (
            StatusCode::NOT_FOUND,
            format!(
                "{} holds no index.html: build the app first\n",
                app.dist.display()
            ),
        )
            .into_response();
    }
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

pub async fn answer(app: &App, path: &str, request: Request) -> Response {
    if request.method() != Method::GET && request.method() != Method::HEAD {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let mut response = if is_file(path) && path != "/index.html" {
        let mut response = from_dist(app, path, request).await;
        let keep = if is_hashed(path) && response.status().is_success() {
            "public, max-age=31536000, immutable"
        } else {
            "no-cache"
        };
        response
            .headers_mut()
            .insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
        response
    } else {
        index(app, request).await
    };
    response.headers_mut().insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(POLICY),
    );
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashed_names() {
        assert!(is_hashed("/moxxie-ui-3f2a9c01bd44e0aa_bg.wasm"));
        assert!(is_hashed("/snippets/leptos-0f1e2d3c4b5a6978/inline0.js"));
        assert!(!is_hashed("/config.json"));
        assert!(!is_hashed("/icons/feedbeef.svg"));
    }

    #[test]
    fn files_and_pages() {
        assert!(is_file("/a/b.wasm"));
        assert!(!is_file("/tags/talos-v1.7.0"));
        assert!(!is_file("/vms/101"));
        assert!(!is_file("/"));
    }
}
