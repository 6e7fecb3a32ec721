//! Bodies of failed calls, in every shape that servers send.

use super::error::FieldError;
use serde_json::{Map, Value};

/// What a body says.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Body {
    pub code: Option<String>,
    pub message: Option<String>,
    pub fields: Vec<FieldError>,
    pub details: Option<String>,
    pub suggestion: Option<String>,
}

/// Longest plain text that is taken for a message.
const TEXT_LIMIT: usize = 300;

/// Reads a body of any shape:
/// 1. `{error, message, status, timestamp, details}` (guide), with or without `path`;
/// 2. `{title, status, violations[{field, message}]}` (validation);
/// 3. `{error: "SAFE_MODE_VIOLATION", message, details{reason, suggestion}}`;
/// 4. `{error}` alone (scheduler), where `error` is a sentence;
/// 5. `{error: {code, message}}`, `{errors: {field: text}}`, `{message}`, `{detail}` of proxies;
/// 6. plain text; HTML, of which the title is kept as detail.
pub fn read(body: &str) -> Body {
    let body = body.trim();
    if body.is_empty() {
        return Body::default();
    }
    match serde_json::from_str::<Value>(body) {
        Ok(Value::Object(object)) => object_body(&object),
        Ok(Value::String(text)) => text_body(&text),
        Ok(_) => Body::default(),
        Err(_) if is_html(body) => Body {
            details: html_title(body),
            ..Body::default()
        },
        Err(_) if body.starts_with(['{', '[']) => Body::default(),
        Err(_) => text_body(body),
    }
}

fn text_body(text: &str) -> Body {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > TEXT_LIMIT {
        return Body::default();
    }
    let mut body = Body::default();
    body.say(text);
    body
}

impl Body {
    /// Takes a message, with the inner text first where one error wraps another.
    fn say(&mut self, text: &str) {
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        if let Some(inner) = unwrap_proxmox(text) {
            self.message = Some(inner);
            self.details = Some(text.to_owned());
        } else {
            self.message = Some(text.to_owned());
        }
    }
}

fn text_of<'a>(object: &'a Map<String, Value>, names: &[&str]) -> Option<&'a str> {
    names
        .iter()
        .filter_map(|name| object.get(*name).and_then(Value::as_str))
        .map(str::trim)
        .find(|text| !text.is_empty())
}

fn object_body(object: &Map<String, Value>) -> Body {
    let mut body = Body::default();
    let error = text_of(object, &["error", "code", "errorCode"]);
    let message = text_of(
        object,
        &["message", "detail", "error_description", "reason"],
    );
    let title = text_of(object, &["title"]);

    match (error, message) {
        (Some(error), Some(message)) => {
            if is_code(error) || error.len() < message.len() {
                body.code = Some(error.to_owned());
            }
            body.say(message);
        }
        (Some(error), None) if is_code(error) => {
            body.code = Some(error.to_owned());
            title.into_iter().for_each(|title| body.say(title));
        }
        (Some(error), None) => body.say(error),
        (None, Some(message)) => body.say(message),
        (None, None) => {
            if let Some(Value::Object(inner)) = object.get("error") {
                return object_body(inner);
            }
            title.into_iter().for_each(|title| body.say(title));
        }
    }

    violations(object, &mut body);
    details(object, &mut body);
    if body.message.is_none()
        && let Some(FieldError { field, message }) = body.fields.first()
    {
        body.message = Some(format!("{field}: {message}"));
    }
    body
}

/// A word for machines: `VALIDATION_ERROR`, `not_found`, `Bad Request` is none.
fn is_code(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte))
        && (text.contains('_') || text.bytes().all(|byte| !byte.is_ascii_lowercase()))
}

/// The last part of `method.argument.field` or `a.list[0].field`.
pub fn last_part(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

fn violations(object: &Map<String, Value>, body: &mut Body) {
    for name in [
        "violations",
        "parameterViolations",
        "propertyViolations",
        "errors",
    ] {
        match object.get(name) {
            Some(Value::Array(items)) => {
                for item in items {
                    let Value::Object(item) = item else { continue };
                    let field = text_of(item, &["field", "path", "name"]).unwrap_or_default();
                    let message = text_of(item, &["message", "error"]).unwrap_or("is not valid");
                    body.fields.push(FieldError {
                        field: last_part(field).to_owned(),
                        message: message.to_owned(),
                    });
                }
            }
            Some(Value::Object(items)) => push_fields(items, body),
            _ => {}
        }
    }
}

fn push_fields(items: &Map<String, Value>, body: &mut Body) {
    for (field, message) in items {
        let message = match message {
            Value::String(text) => text.clone(),
            Value::Array(texts) => texts
                .iter()
                .filter_map(Value::as_str)
                .collect::<Vec<_>>()
                .join("; "),
            Value::Null => continue,
            other => other.to_string(),
        };
        body.fields.push(FieldError {
            field: last_part(field).to_owned(),
            message,
        });
    }
}

fn details(object: &Map<String, Value>, body: &mut Body) {
    match object.get("details") {
        Some(Value::String(text)) if !text.trim().is_empty() => {
            body.details.get_or_insert_with(|| text.trim().to_owned());
        }
        Some(Value::Object(details)) => {
            let mut rest = details.clone();
            if let Some(Value::String(suggestion)) = rest.remove("suggestion") {
                body.suggestion = Some(suggestion);
            }
            if let Some(Value::String(reason)) = rest.remove("reason") {
                if body.message.is_none() {
                    body.message = Some(reason);
                } else {
                    body.details.get_or_insert(reason);
                }
            }
            push_fields(&rest, body);
        }
        Some(Value::Array(items)) => {
            let text = items
                .iter()
                .filter_map(Value::as_str)
                .collect::<Vec<_>>()
                .join("; ");
            if !text.is_empty() {
                body.details.get_or_insert(text);
            }
        }
        _ => {}
    }
    if body.suggestion.is_none() {
        body.suggestion = text_of(object, &["suggestion", "hint"]).map(ToOwned::to_owned);
    }
}

/// The inner text of `Received: 'VM is locked (backup), status code 500' when invoking …`, as the
/// shipped server passes on what Proxmox refused.
fn unwrap_proxmox(text: &str) -> Option<String> {
    let (_, rest) = text.split_once("Received: '")?;
    let inner = match rest.rfind("' when invoking") {
        Some(end) => &rest[..end],
        None => rest.trim_end_matches('\''),
    };
    let inner = match inner.rfind(", status code ") {
        Some(end) => &inner[..end],
        None => inner,
    };
    // A wrapper may sit in a wrapper.
    let inner = unwrap_proxmox(inner).unwrap_or_else(|| inner.trim().to_owned());
    (!inner.is_empty()).then_some(inner)
}

/// Whether a body is a web page, such as a proxy's error or a sign-in page.
pub fn is_html(body: &str) -> bool {
    let start: String = body
        .trim_start()
        .chars()
        .take(15)
        .collect::<String>()
        .to_ascii_lowercase();
    start.starts_with("<!doctype html") || start.starts_with("<html") || start.starts_with("<head")
}

fn html_title(body: &str) -> Option<String> {
    let lower = body.to_ascii_lowercase();
    let start = lower.find("<title")?;
    let start = start + lower[start..].find('>')? + 1;
    let end = start + lower[start..].find("</title")?;
    let title = body[start..end]
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    (!title.is_empty()).then_some(title)
}

/// Name of a status; empty for rare ones.
pub const fn status_name(status: u16) -> &'static str {
    match status {
        400 => "bad request",
        401 => "not signed in",
        403 => "forbidden",
        404 => "not found",
        405 => "method not allowed",
        408 => "request timeout",
        409 => "conflict",
        412 => "precondition failed",
        413 => "too large",
        415 => "unsupported media type",
        422 => "not acceptable input",
        423 => "locked",
        429 => "too many requests",
        500 => "internal error",
        501 => "not implemented",
        502 => "bad gateway",
        503 => "service unavailable",
        504 => "gateway timeout",
        _ => "",
    }
}
