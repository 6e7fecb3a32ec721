//! A request as text, for a person who wants to see or repeat it.

use super::client::Call;

/// What a call sends; without the key, which travels in a header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownRequest {
    /// `POST` …
    pub method: &'static str,
    /// Path and query below `/api/v1`.
    pub path: String,
    /// JSON, where it has a body.
    pub body: Option<String>,
}

impl Call {
    /// What it sends.
    pub fn shown(&self) -> ShownRequest {
        ShownRequest {
            method: self.method.as_str(),
            path: super::error_from::shown_path(&self.path, &self.query),
            body: self.body.clone().and_then(Result::ok),
        }
    }
}
