//! Requests and answers as plain data, so that the engine runs behind any transport.

use std::borrow::Cow;
use std::sync::Arc;

/// A request, as it left the client.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// `GET`, `POST` … in capitals.
    pub method: String,
    /// Path and query below the base path, e.g. `/api/v1/vms?limit=20`.
    pub target: String,
    /// Names in any case.
    pub headers: Vec<(String, String)>,
    /// Body, empty where there is none.
    pub body: String,
}

impl Request {
    /// A request without headers and body.
    #[must_use]
    pub fn new(method: &str, target: &str) -> Self {
        Self {
            method: method.to_owned(),
            target: target.to_owned(),
            ..Self::default()
        }
    }

    /// With a JSON body.
    #[must_use]
    pub fn json(mut self, body: &serde_json::Value) -> Self {
        self.body = body.to_string();
        self
    }

    /// With one more header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The first header of that name.
    #[must_use]
    pub fn get_header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The path, still encoded, without the query.
    #[must_use]
    pub fn path(&self) -> &str {
        self.target
            .split_once('?')
            .map_or(self.target.as_str(), |(path, _)| path)
    }

    /// The query, parsed.
    #[must_use]
    pub fn query(&self) -> Query {
        Query::parse(
            self.target
                .split_once('?')
                .map_or("", |(_, query)| query.split('#').next().unwrap_or_default()),
        )
    }
}

/// Body of an answer; shared where it is cached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// Made for this answer.
    Own(String),
    /// Kept by the engine.
    Shared(Arc<str>),
}

impl Body {
    /// As text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Own(text) => text,
            Self::Shared(text) => text,
        }
    }
}

/// What the transport has to do to an answer beyond sending it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Mishap {
    /// Wait so long before anything is sent, in real milliseconds.
    pub delay_ms: u64,
    /// How the connection breaks.
    pub breaks: Breaks,
}

/// How a connection breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Breaks {
    /// It holds.
    #[default]
    Never,
    /// Before the first byte of the answer.
    Before,
    /// In the middle of the body.
    Midway,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// HTTP status.
    pub status: u16,
    /// Names in their usual case.
    pub headers: Vec<(&'static str, String)>,
    /// Body; empty with 204.
    pub body: Body,
    /// What goes wrong on its way.
    pub mishap: Mishap,
}

impl Response {
    /// JSON text made for this answer.
    #[must_use]
    pub fn json(status: u16, body: String) -> Self {
        Self {
            status,
            headers: vec![("Content-Type", "application/json".to_owned())],
            body: Body::Own(body),
            mishap: Mishap::default(),
        }
    }

    /// 200 with what serialises.
    #[must_use]
    pub fn ok<T: serde::Serialize + ?Sized>(value: &T) -> Self {
        Self::with(200, value)
    }

    /// A status with what serialises.
    #[must_use]
    pub fn with<T: serde::Serialize + ?Sized>(status: u16, value: &T) -> Self {
        // Only maps with keys that are no text fail, and none of ours has those.
        Self::json(status, serde_json::to_string(value).unwrap_or_default())
    }

    /// 204 without a body.
    #[must_use]
    pub fn none() -> Self {
        Self {
            status: 204,
            headers: Vec::new(),
            body: Body::Own(String::new()),
            mishap: Mishap::default(),
        }
    }

    /// The first header of that name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The body read as JSON; null where it is none.
    #[must_use]
    pub fn value(&self) -> serde_json::Value {
        serde_json::from_str(self.body.as_str()).unwrap_or_default()
    }
}

/// Decoded query parameters; the first of a name counts.
#[derive(Debug, Clone, Default)]
pub struct Query(Vec<(String, String)>);

impl Query {
    /// From the text behind `?`.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        Self(
            text.split('&')
                .filter(|part| !part.is_empty())
                .map(|part| {
                    let (name, value) = part.split_once('=').unwrap_or((part, ""));
                    let decoded = |text: &str| decode(&text.replace('+', " ")).into_owned();
                    (decoded(name), decoded(value))
                })
                .collect(),
        )
    }

    /// A parameter that is there and not empty.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }

    /// A flag: `true` or `1`.
    #[must_use]
    pub fn flag(&self, name: &str) -> Option<bool> {
        match self.get(name)? {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        }
    }

    /// The parts of a comma-separated parameter.
    pub fn list<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> + Clone {
        self.get(name)
            .unwrap_or_default()
            .split(',')
            .map(str::trim)
            .filter(|part| !part.is_empty())
    }
}

/// Percent-decoding; what is no valid escape or no UTF-8 stays as it is.
#[must_use]
pub fn decode(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escape = (bytes[at] == b'%')
            .then(|| text.get(at + 1..at + 3))
            .flatten()
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        if let Some(byte) = escape {
            out.push(byte);
            at += 3;
        } else {
            out.push(bytes[at]);
            at += 1;
        }
    }
    String::from_utf8(out).map_or(Cow::Borrowed(text), Cow::Owned)
}

/// Whether text matches a pattern in which `*` stands for any run of characters.
#[must_use]
pub fn matches_pattern(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(rest) = parts.next().and_then(|first| text.strip_prefix(first)) else {
        return false;
    };
    if !pattern.contains('*') {
        return rest.is_empty();
    }
    let mut rest = rest;
    let mut parts = parts.peekable();
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn decoding() {
        assert_eq!(decode("UPID%3Apve%3a1"), "UPID:pve:1");
        assert_eq!(decode("a%2Fb%"), "a/b%");
        assert_eq!(decode("%zz"), "%zz");
        assert_eq!(decode("%ff"), "%ff");
        let query = Request::new("GET", "/x?tags=a%2Cb,c&force=true&&limit=#top").query();
        assert_eq!(query.list("tags").collect::<Vec<_>>(), ["a", "b", "c"]);
        assert_eq!(query.flag("force"), Some(true));
        assert_eq!(query.get("limit"), None);
    }

    #[test]
    fn patterns() {
        for (pattern, text, expected) in [
            ("/api/v1/vms", "/api/v1/vms", true),
            ("/api/v1/vms", "/api/v1/vms/101", false),
            ("/api/*/101", "/api/v1/vms/101", true),
            ("*/start", "/api/v1/vms/101/start", true),
            ("web-*", "web-server-01", true),
            ("web-*-02", "web-server-01", false),
            ("*", "", true),
            ("a*b*c", "abc", true),
            ("a*b*c", "acb", false),
        ] {
            assert_eq!(matches_pattern(pattern, text), expected, "{pattern} {text}");
        }
    }
}
