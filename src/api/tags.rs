//! Tags in use (guide: VM List & Management, Tag Management).

use super::client::{Call, Client};
use super::error::ApiError;
use super::url::path;
use crate::domain::lenient::Rows;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

/// A tag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Default)]
pub struct Tag {
    /// Its name.
    pub name: String,
    /// How many VMs carry it; the shipped server does not say (divergence 16).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<u32>,
    /// `environment`, `client` …; absent from the shipped server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// `#rrggbb`; anything else is left out, since it ends up in a style.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub color: Option<String>,
}

/// Whether a text is `#rgb` or `#rrggbb`.
fn is_color(text: &str) -> bool {
    text.strip_prefix('#').is_some_and(|digits| {
        matches!(digits.len(), 3 | 6) && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
    })
}

impl<'de> Deserialize<'de> for Tag {
    /// From the guide's object, or from a bare name as the shipped server sends it.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        let text = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
        let name = value.as_str().map(str::to_owned).or_else(|| text("name"));
        let count = match value.get("count") {
            Some(Value::String(count)) => count.trim().parse().ok(),
            Some(count) => count.as_u64().and_then(|count| u32::try_from(count).ok()),
            None => None,
        };
        Ok(Self {
            name: name
                .filter(|name| !name.is_empty())
                .ok_or_else(|| serde::de::Error::custom("a tag without a name"))?,
            count,
            category: text("category").filter(|category| !category.is_empty()),
            color: text("color").filter(|color| is_color(color)),
        })
    }
}

/// All tags in use. The shipped server sends names alone, as `{tags, count}`.
///
/// # Errors
/// As every call.
pub async fn list(client: &Client) -> Result<Rows<Tag>, ApiError> {
    client.send(Call::get(path(&[&"tags"]))).await?.rows("tags")
}
