//! How bytes travel. The client knows this trait only, so that tests bring their own network and
//! their own time, and a simulated server can answer inside the browser.

#[cfg(feature = "ui")]
mod fetch;

#[cfg(feature = "ui")]
pub use fetch::FetchTransport;

use futures_util::future::LocalBoxFuture;
use std::fmt;
use std::time::Duration;

/// Name of the header that carries the API key.
pub const KEY_HEADER: &str = "X-API-Key";

/// HTTP method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    /// Reads; the only one that is ever repeated.
    Get,
    /// Starts or creates.
    Post,
    /// Changes.
    Put,
    /// Removes.
    Delete,
}

impl Method {
    /// As on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// A request, ready to be sent. Its `Debug` leaves the key out.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// HTTP method.
    pub method: Method,
    /// Whole address, encoded; relative to the page when the base is.
    pub url: String,
    /// Names and values, as they go out.
    pub headers: Vec<(String, String)>,
    /// JSON text.
    pub body: Option<String>,
}

impl Request {
    /// Value of a header, by any case of its name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        header(&self.headers, name)
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let headers: Vec<_> = self
            .headers
            .iter()
            .map(|(name, value)| {
                let secret = name.eq_ignore_ascii_case(KEY_HEADER);
                (
                    name.as_str(),
                    if secret { "[hidden]" } else { value.as_str() },
                )
            })
            .collect();
        formatter
            .debug_struct("Request")
            .field("method", &self.method)
            .field("url", &self.url)
            .field("headers", &headers)
            .field("body", &self.body)
            .finish()
    }
}

/// An answer, whole: the body has arrived.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Response {
    /// HTTP status.
    pub status: u16,
    /// Names and values, as they came in.
    pub headers: Vec<(String, String)>,
    /// Text; bytes that are not UTF-8 are replaced.
    pub body: String,
}

impl Response {
    /// Value of a header, by any case of its name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        header(&self.headers, name)
    }

    /// 200 to 299.
    #[must_use]
    pub const fn is_success(&self) -> bool {
        matches!(self.status, 200..=299)
    }
}

fn header<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers
        .iter()
        .find(|(own, _)| own.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.as_str())
}

/// Why no answer came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TransportError {
    /// No connection, or it broke; the text is the platform's.
    Network(String),
    /// Somebody else ended the request.
    Aborted,
}

/// Carries requests and tells the time.
pub trait Transport: Send + Sync {
    /// Sends one request and reads the whole answer. Dropping the future ends the request.
    fn send(&self, request: Request) -> LocalBoxFuture<'static, Result<Response, TransportError>>;

    /// Waits.
    fn sleep(&self, duration: Duration) -> LocalBoxFuture<'static, ()>;

    /// Milliseconds since the epoch, by this machine's clock.
    fn now_millis(&self) -> f64;

    /// Milliseconds since some moment, by a clock that is never set: for timers.
    fn monotonic_millis(&self) -> f64 {
        self.now_millis()
    }

    /// A number in 0..1.
    fn random(&self) -> f64;

    /// Whether the address belongs to another origin than the page: browsers then ask the server
    /// which headers it allows, and hide most of the answer's headers.
    fn is_cross_origin(&self, url: &str) -> bool {
        let _ = url;
        false
    }
}
