//! How failures become an [`ApiError`]: from the transport, from a refusal, from an answer that
//! cannot be understood.

use super::error::{ApiError, ErrorKind, Failure};
use super::error_body::{self, Body};
use super::transport::{Method, Response, TransportError};
use super::{retry, url};
use crate::domain::units::Instant;
use std::time::Duration;

/// Longest piece of a body kept for the report, in bytes.
const RAW_LIMIT: usize = 4000;

/// Which call it was; the same in every error of that call.
#[derive(Debug, Clone)]
pub(super) struct CallId {
    pub method: Method,
    pub path: String,
    pub request_id: String,
    /// Never shown; cut out of whatever the server echoes.
    pub key: Option<String>,
    /// The same of what else the call carries, beside the key: the ticket of a console.
    pub secret: Option<String>,
}

impl CallId {
    pub fn error(&self, kind: ErrorKind, message: String) -> ApiError {
        ApiError::from(Failure {
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
        })
    }

    fn hide_key(&self, text: &str) -> String {
        [&self.key, &self.secret]
            .into_iter()
            .flatten()
            .filter(|secret| secret.len() >= 4)
            .fold(text.to_owned(), |text, secret| {
                text.replace(secret.as_str(), "[hidden]")
            })
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
        let mut kind = kind_of(status, code.as_deref(), message.as_deref());
        // The ticket is over, not the key wrong: another ticket may do.
        let ticket = code
            .as_deref()
            .is_some_and(|code| code.starts_with("TICKET_"));
        if kind == ErrorKind::Unauthorized && (self.secret.is_some() || ticket) {
            kind = ErrorKind::Conflict;
        }
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
        500 if is_missing(&text) => ErrorKind::NotFound,
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

/// Proxmox's words for a VM or a task that is not there, in lower case: "no such VM ('101')",
/// "Configuration file 'nodes/pve/qemu-server/101.conf' does not exist", "VM 101 not found". Other
/// things that are missing, such as a volume or a file, are faults of what was asked for.
fn is_missing(text: &str) -> bool {
    let gone = text.contains("does not exist") || text.contains("not found");
    let of_vm = text.starts_with("vm ")
        || (text.contains("configuration file '")
            && (text.contains("/qemu-server/") || text.contains("/lxc/"))
            && text.contains(".conf'"));
    text.contains("no such vm") || text.contains("no such task") || (gone && of_vm)
}

/// Path of a call as people read it: below the API's root, without a ticket in its query.
pub(super) fn shown_path(path: &url::Path, query: &url::Query) -> String {
    let shown = format!("{}{}", path.text, query.as_str());
    match shown.find("ticket=") {
        Some(at) => {
            let value = at + "ticket=".len();
            let end = shown[value..]
                .find('&')
                .map_or(shown.len(), |end| value + end);
            format!("{}[hidden]{}", &shown[..value], &shown[end..])
        }
        None => shown,
    }
}
