//! What went wrong, in the words of the server where it has any, and what to do now.

use super::error_body;
use super::error_from::CallId;
use super::transport::Method;
use crate::domain::units::Instant;
use std::fmt;
use std::time::Duration;

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

/// A failed call. Its facts are the fields of [`Failure`]; kept behind a pointer, so that results
/// of calls stay small.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiError(Box<Failure>);

impl std::ops::Deref for ApiError {
    type Target = Failure;

    fn deref(&self) -> &Failure {
        &self.0
    }
}

impl std::ops::DerefMut for ApiError {
    fn deref_mut(&mut self) -> &mut Failure {
        &mut self.0
    }
}

impl From<Failure> for ApiError {
    fn from(failure: Failure) -> Self {
        Self(Box::new(failure))
    }
}

impl fmt::Debug for ApiError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// What is known about a failed call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
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

impl ApiError {
    /// What a person can do now, in one sentence: the server's suggestion, or ours by kind.
    #[must_use]
    pub fn what_now(&self) -> &str {
        if let Some(suggestion) = &self.suggestion {
            return suggestion;
        }
        match self.kind {
            _ if self.is_unsure() && self.kind != ErrorKind::Timeout => {
                "It may have been carried out all the same: look at the tasks before you repeat it."
            }
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

    /// Whether nobody knows if the change was made: it was sent, and no answer came back that says
    /// so.
    #[must_use]
    pub fn is_unsure(&self) -> bool {
        !matches!(self.method, Method::Get)
            && (matches!(
                self.kind,
                ErrorKind::Network | ErrorKind::Timeout | ErrorKind::Decode
            ) || self.status == Some(504))
    }

    /// The message, and a line for each field.
    #[must_use]
    pub fn in_full(&self) -> String {
        let mut words = self.message.clone();
        for FieldError { field, message } in &self.fields {
            words.push_str(&format!("\n{field}: {message}"));
        }
        words
    }

    /// What is said of the change `what`: "Start 3 VMs: failed", or that its outcome is unknown.
    #[must_use]
    pub fn outcome(&self, what: &str) -> String {
        let word = if self.is_unsure() {
            "outcome unknown"
        } else {
            "failed"
        };
        format!("{what}: {word}")
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
    pub fn is_transient(&self) -> bool {
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
    pub(super) fn is_retried(&self) -> bool {
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
            secret: None,
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
