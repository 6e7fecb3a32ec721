//! A successful answer, and how its body becomes a value: bare, or in the guide's envelopes
//! `{data, message}` and `{data, pagination, filters}`.

use super::error::ApiError;
use super::error_from::CallId;
use super::rows::RawRows;
use super::started::Started;
use super::transport::Response;
use crate::domain::lenient::Rows;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// What may stand beside `data` in an envelope. A resource that has a `data` of its own has other
/// fields too, and is left alone.
const ENVELOPE: [&str; 8] = [
    "data",
    "message",
    "pagination",
    "filters",
    "success",
    "status",
    "timestamp",
    "meta",
];

/// Top level of a JSON object, values not decoded.
pub(super) type Fields<'a> = BTreeMap<String, &'a RawValue>;

/// An answer and the call that it belongs to.
#[derive(Debug)]
pub(super) struct Answer {
    pub call: CallId,
    pub response: Response,
}

/// The resource inside an envelope, or the text itself.
pub(super) fn unwrap(text: &str) -> &str {
    let text = text.trim();
    if !text.starts_with('{') || !text.contains("\"data\"") {
        return text;
    }
    match serde_json::from_str::<Fields<'_>>(text) {
        Ok(fields) if fields.keys().all(|key| ENVELOPE.contains(&key.as_str())) => {
            fields.get("data").map_or(text, |data| data.get())
        }
        _ => text,
    }
}

impl Answer {
    /// The error for a body that does not fit.
    pub fn misfit(&self, cause: &str) -> ApiError {
        self.call.decode(&self.response, cause)
    }

    /// One resource.
    pub fn object<T: DeserializeOwned>(&self) -> Result<T, ApiError> {
        let text = unwrap(&self.response.body);
        // Derived readers would take a list for the fields in their order.
        if !text.starts_with('{') {
            return Err(self.misfit("expected an object"));
        }
        serde_json::from_str(text).map_err(|error| self.misfit(&error.to_string()))
    }

    /// A list, to be decoded by and by. `name` is the key that some contracts wrap it in.
    pub fn raw_rows<T: DeserializeOwned>(self, name: &str) -> Result<RawRows<T>, ApiError> {
        RawRows::new(self, name)
    }

    /// A list.
    pub fn rows<T: DeserializeOwned>(self, name: &str) -> Result<Rows<T>, ApiError> {
        self.raw_rows(name)?.collect_all()
    }

    /// What a call that starts something says.
    pub fn started(&self) -> Result<Started, ApiError> {
        Started::read(&self.response.body)
            .ok_or_else(|| self.misfit("neither a task, nor a message, nor an empty body"))
    }
}
