//! What went wrong, in the words of the server where it has any, and what to do now.

use super::error_body::{self, Body};
use super::transport::{Method, Response, TransportError};
use super::{retry, url};
use crate::domain::units::Instant;
use std::fmt;
use std::time::Duration;

/// Longest piece of a body kept for the report, in bytes.
const RAW_LIMIT: usize = 4000;

/// What kind of failure it is; decides where and how it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// No connection, or it broke before the answer was whole.
    Network,
    /// No answer within the deadline.
    Timeout,
    /// The request was ended on this side.
    Aborted,
    /// The key is missing or wrong (401).
    Unauthorized,
    /// Known, but not allowed (403).
    Forbidden,
    /// Refused by the safety rules of Moxxie; `force` may go past them.
    SafeMode,
    /// The server takes no changes at all.
    ReadOnly,
    /// No such thing (404, 410).
    NotFound,
    /// The state does not allow it, or somebody changed it meanwhile (409, 412).
    Conflict,
    /// The input is not acceptable (400, 422); see [`ApiError::fields`].
    Validation,
    /// The VM is locked by another operation (423, or said in words).
    Locked,
    /// Too many requests (429).
    RateLimited,
    /// The server failed (500 and others).
    Server,
    /// The server, or what it stands in front of, is not there for now (502, 503, 504).
    Unavailable,
    /// The answer could not be understood.
    Decode,
    /// Anything else.
    Other,
}

/// What is wrong with one field of the input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// Name of the field, without the path in front of it.
    pub field: String,
    /// What is wrong with it.
    pub message: String,
}

/// A failed call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiError {
    /// What kind of failure.
    pub kind: ErrorKind,
    /// HTTP status, if an answer came.
    pub status: Option<u16>,
    /// The server's code, e.g. `VALIDATION_ERROR`.
    pub code: Option<String>,
    /// One sentence: the server's, or ours where it has none.
    pub message: String,
    /// What is wrong with which field.
    pub fields: Vec<FieldError>,
    /// More about it: the whole of a wrapped message, the technical cause.
    pub details: Option<String>,
    /// What the server suggests.
    pub suggestion: Option<String>,
    /// The `X-Request-ID` that was sent.
    pub request_id: String,
    /// The `X-Correlation-ID` that came back.
    pub correlation_id: Option<String>,
    /// Method of the call.
    pub method: Method,
    /// Path and query of the call.
    pub path: String,
    /// How long the server asks to wait.
    pub retry_after: Option<Duration>,
    /// The body as it came, cut to 4,000 bytes.
    pub raw: Option<String>,
}

/// Which call it was; the same in every error of that call.
#[derive(Debug, Clone)]
pub(super) struct CallId {
    pub method: Method,
    pub path: String,
    pub request_id: String,
    /// Never shown; cut out of whatever the server echoes.
    pub key: Option<String>,
}

impl CallId {
    fn error(&self, kind: ErrorKind, message: String) -> ApiError {
        ApiError {
            kind,
            status: None,
            code: None,
            message,
            fields: Vec::new(),
            details: None,
            suggestion: None,
            request_id: self.request_id.clone(),
            correlation_id: None,
            method: self.method,
            path: self.path.clone(),
            retry_after: None,
            raw: None,
        }
    }

    fn hide_key(&self, text: &str) -> String {
        match self.key.as_deref() {
            Some(key) if key.len() >= 4 => text.replace(key, "[hidden]"),
            _ => text.to_owned(),
        }
    }

    /// The path holds a segment that browsers would resolve; nothing was sent.
    pub fn unsafe_segment(&self, segment: &str) -> ApiError {
        let shown = if segment.is_empty() {
            "An empty text"
        } else {
            segment
        };
        self.error(
            ErrorKind::Validation,
            format!("{shown} cannot be used as a name in an address"),
        )
    }

    /// The input could not be written as JSON; nothing was sent.
    pub fn encode(&self, cause: &str) -> ApiError {
        let mut error = self.error(
            ErrorKind::Other,
            "The request could not be written".to_owned(),
        );
        error.details = Some(cause.to_owned());
        error
    }

    /// Nothing came within the deadline.
    pub fn timeout(&self, deadline: Duration) -> ApiError {
        self.error(
            ErrorKind::Timeout,
            format!(
                "The server did not answer within {} seconds",
                deadline.as_secs()
            ),
        )
    }

    /// No answer at all.
    pub fn transport(&self, error: TransportError, cross_origin: bool) -> ApiError {
        match error {
            TransportError::Aborted => {
                self.error(ErrorKind::Aborted, "The request was cancelled".to_owned())
            }
            TransportError::Network(cause) => {
                let mut error = self.error(
                    ErrorKind::Network,
                    "No answer from the server: the connection failed".to_owned(),
                );
                error.details = Some(self.hide_key(&cause));
                if cross_origin {
                    error.suggestion = Some(CROSS_ORIGIN.to_owned());
                }
                error
            }
        }
    }

    /// An answer with a status outside 200 to 299.
    pub fn response(&self, response: &Response, server_now: Instant) -> ApiError {
        let status = response.status;
        let Body {
            code,
            message,
            fields,
            details,
            suggestion,
        } = error_body::read(&response.body);
        let kind = kind_of(status, code.as_deref(), message.as_deref());
        let mut error = self.error(
            kind,
            message.unwrap_or_else(|| own_words(status, &response.body)),
        );
        error.message = self.hide_key(&error.message);
        error.status = Some(status);
        error.code = code;
        error.fields = fields;
        error.details = details.map(|text| self.hide_key(&text));
        error.suggestion = suggestion;
        error.correlation_id = response.header("X-Correlation-ID").map(ToOwned::to_owned);
        error.retry_after = response
            .header("Retry-After")
            .and_then(|header| retry::retry_after(header, server_now));
        error.raw = self.raw(&response.body);
        error
    }

    /// A successful answer that could not be understood.
    pub fn decode(&self, response: &Response, cause: &str) -> ApiError {
        let mut error = self.error(ErrorKind::Decode, String::new());
        // An error under a status of success still has the better words.
        let body = error_body::read(&response.body);
        error.message = match body.message {
            Some(message) if body.code.is_some() => message,
            _ => decode_words(response),
        };
        error.message = self.hide_key(&error.message);
        error.code = body.code;
        error.status = Some(response.status);
        error.details = Some(self.hide_key(cause));
        error.correlation_id = response.header("X-Correlation-ID").map(ToOwned::to_owned);
        error.raw = self.raw(&response.body);
        error
    }

    fn raw(&self, body: &str) -> Option<String> {
        if body.trim().is_empty() {
            return None;
        }
        let mut end = body.len().min(RAW_LIMIT);
        while !body.is_char_boundary(end) {
            end -= 1;
        }
        Some(self.hide_key(&body[..end]))
    }
}

const CROSS_ORIGIN: &str = "This console and the server have different origins, and the browser \
    hides why such a call fails: the server may be down, or it may not allow calls from this \
    page. A server that wants an API key can only be reached through the same origin (a proxy).";

fn decode_words(response: &Response) -> String {
    let body = response.body.trim_start();
    if body.is_empty() {
        "The server sent an empty answer".to_owned()
    } else if error_body::is_html(body) {
        "The server sent a web page instead of data".to_owned()
    } else if body.starts_with(['{', '[', '"']) {
        "The server's answer could not be understood".to_owned()
    } else {
        "The server's answer is not JSON".to_owned()
    }
}

fn own_words(status: u16, body: &str) -> String {
    let name = error_body::status_name(status);
    let what = match name {
        "" => format!("The server answered {status}"),
        name => format!("The server answered {status} ({name})"),
    };
    if error_body::is_html(body) {
        format!("{what} with a web page")
    } else {
        what
    }
}

fn kind_of(status: u16, code: Option<&str>, message: Option<&str>) -> ErrorKind {
    let code = code.unwrap_or_default().to_ascii_uppercase();
    let text = message.unwrap_or_default().to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if code.contains("SAFE_MODE") || code.contains("SAFEMODE") {
        return ErrorKind::SafeMode;
    }
    match status {
        401 => ErrorKind::Unauthorized,
        400..=499 if code.contains("READ_ONLY") || code.contains("READONLY") => ErrorKind::ReadOnly,
        403 if has(&["read-only", "read only"]) => ErrorKind::ReadOnly,
        403 => ErrorKind::Forbidden,
        404 | 410 => ErrorKind::NotFound,
        408 => ErrorKind::Timeout,
        423 => ErrorKind::Locked,
        429 => ErrorKind::RateLimited,
        400 | 409 | 412 | 422 | 500 if code.contains("LOCKED") || is_lock(&text) => {
            ErrorKind::Locked
        }
        409 | 412 => ErrorKind::Conflict,
        400 | 422 => ErrorKind::Validation,
        500 if has(&["no route to host", "status code 595", "connection refused"]) => {
            ErrorKind::Unavailable
        }
        500 if has(&["does not exist", "not found", "no such "]) => ErrorKind::NotFound,
        500 if has(&[
            "not running",
            "already running",
            "already exists",
            "detected modified configuration",
        ]) =>
        {
            ErrorKind::Conflict
        }
        500 if has(&["permission check failed"]) => ErrorKind::Forbidden,
        502..=504 => ErrorKind::Unavailable,
        500..=599 => ErrorKind::Server,
        _ => ErrorKind::Other,
    }
}

/// "VM is locked (backup)", "can't lock file '/var/lock/qemu-server/lock-101.conf' - got timeout".
fn is_lock(text: &str) -> bool {
    text.contains("is locked") || text.contains("can't lock file")
}

impl ApiError {
    /// What a person can do now, in one sentence: the server's suggestion, or ours by kind.
    #[must_use]
    pub fn what_now(&self) -> &str {
        if let Some(suggestion) = &self.suggestion {
            return suggestion;
        }
        match self.kind {
            ErrorKind::Network => "Check the network and that the server runs, then try again.",
            ErrorKind::Timeout => {
                "The server is slow or stuck. A change may still have been made: look before you \
                 repeat it."
            }
            ErrorKind::Aborted => "Nothing to do; start it again if you still want it.",
            ErrorKind::Unauthorized => "Sign in with a valid API key.",
            ErrorKind::Forbidden => "Your key lacks this permission; ask an administrator for it.",
            ErrorKind::SafeMode => {
                "Give the VM the tag moxxie, or confirm that the safety rule is to be passed over."
            }
            ErrorKind::ReadOnly => "The server is in read-only mode; ask its operator to lift it.",
            ErrorKind::NotFound => "It may have been removed or renamed: refresh the page.",
            ErrorKind::Conflict => "Something changed meanwhile: refresh, then try again.",
            ErrorKind::Validation => "Correct the input and try again.",
            ErrorKind::Locked => "Another operation holds the lock: wait until it ends.",
            ErrorKind::RateLimited => "Too many requests: wait a little, then try again.",
            ErrorKind::Server => "Try again; if it persists, give the report to an administrator.",
            ErrorKind::Unavailable => {
                "The server or the node is not there for now: try again soon."
            }
            ErrorKind::Decode => {
                "The server and this console may not fit together: give the report to an \
                 administrator."
            }
            ErrorKind::Other => match self.status {
                Some(404 | 405 | 501) => "This server does not offer this operation.",
                _ => "Try again; if it persists, give the report to an administrator.",
            },
        }
    }

    /// What is wrong with a field; names are compared by their last part, as servers send
    /// `method.argument.field`.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&str> {
        let wanted = error_body::last_part(name);
        self.fields
            .iter()
            .find(|error| error.field.eq_ignore_ascii_case(wanted))
            .map(|error| error.message.as_str())
    }

    /// Whether the same call may succeed later without anybody doing anything.
    #[must_use]
    pub const fn is_transient(&self) -> bool {
        matches!(
            self.kind,
            ErrorKind::Network
                | ErrorKind::Timeout
                | ErrorKind::Unavailable
                | ErrorKind::RateLimited
                | ErrorKind::Locked
        )
    }

    /// Whether a GET is tried again at once: 502, 503, 504 and network loss.
    pub(super) const fn is_retried(&self) -> bool {
        matches!(self.kind, ErrorKind::Network) || matches!(self.status, Some(502..=504))
    }

    /// Text for a ticket: everything that is known about it, without the key. `at` is when it
    /// happened.
    #[must_use]
    pub fn report(&self, at: Instant) -> String {
        let mut lines = vec![
            "Moxxie UI error report".to_owned(),
            format!("Time: {}", at.to_iso()),
            format!("Call: {} {}", self.method, self.path),
            format!(
                "Result: {:?}{}{}",
                self.kind,
                self.status
                    .map(|status| format!(", status {status}"))
                    .unwrap_or_default(),
                self.code
                    .as_ref()
                    .map(|code| format!(", code {code}"))
                    .unwrap_or_default(),
            ),
            format!("Message: {}", self.message),
        ];
        for FieldError { field, message } in &self.fields {
            lines.push(format!("Field {field}: {message}"));
        }
        let optional = [
            ("Details", &self.details),
            ("Suggestion", &self.suggestion),
            ("Correlation ID", &self.correlation_id),
        ];
        for (name, value) in optional {
            if let Some(value) = value {
                lines.push(format!("{name}: {value}"));
            }
        }
        lines.push(format!("Request ID: {}", self.request_id));
        lines.push(format!("Console: {}", env!("CARGO_PKG_VERSION")));
        if let Some(raw) = &self.raw {
            lines.push(format!("Answer:\n{raw}"));
        }
        lines.join("\n")
    }

    /// An error of our own making, for what is refused before any call.
    #[must_use]
    pub fn local(kind: ErrorKind, message: impl Into<String>) -> Self {
        CallId {
            method: Method::Get,
            path: String::new(),
            request_id: String::new(),
            key: None,
        }
        .error(kind, message.into())
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for ApiError {}

/// Path of a call as people read it: below the API's root.
pub(super) fn shown_path(path: &url::Path, query: &url::Query) -> String {
    format!("{}{}", path.text, query.as_str())
}
