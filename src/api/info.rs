//! Who the server is and what it offers (contract: `Info`).

use super::client::{Call, Client};
use super::decode;
use super::error::ApiError;
use super::url::path;
use crate::domain::lenient;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

fn features<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<String>>, D::Error> {
    Ok(match Option::<Value>::deserialize(deserializer)? {
        Some(Value::Array(items)) => Some(
            items
                .into_iter()
                .filter_map(|item| item.as_str().map(ToOwned::to_owned))
                .collect(),
        ),
        _ => None,
    })
}

/// Who the server is and what it offers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct Info {
    /// ID of this server.
    #[serde(
        default,
        deserialize_with = "decode::word",
        skip_serializing_if = "Option::is_none"
    )]
    pub instance_id: Option<String>,
    /// Where it stands.
    #[serde(
        default,
        deserialize_with = "decode::word",
        skip_serializing_if = "Option::is_none"
    )]
    pub location: Option<String>,
    /// Version of Moxxie.
    #[serde(
        default,
        deserialize_with = "decode::word",
        skip_serializing_if = "Option::is_none"
    )]
    pub version: Option<String>,
    /// Address of the cluster behind it.
    #[serde(
        default,
        deserialize_with = "decode::word",
        skip_serializing_if = "Option::is_none"
    )]
    pub cluster_endpoint: Option<String>,
    /// How it feels.
    #[serde(
        default,
        deserialize_with = "decode::word",
        skip_serializing_if = "Option::is_none"
    )]
    pub health_status: Option<String>,
    /// `guide` or `server`.
    #[serde(
        default,
        deserialize_with = "decode::word",
        skip_serializing_if = "Option::is_none"
    )]
    pub contract: Option<String>,
    /// Names of what it offers; absent from the shipped server.
    #[serde(
        default,
        deserialize_with = "features",
        skip_serializing_if = "Option::is_none"
    )]
    pub features: Option<Vec<String>>,
    /// Whose key it is.
    #[serde(
        default,
        deserialize_with = "lenient::optional",
        skip_serializing_if = "Option::is_none"
    )]
    pub user: Option<User>,
    /// Whether it takes no changes.
    #[serde(
        default,
        deserialize_with = "lenient::flag",
        skip_serializing_if = "Option::is_none",
        rename = "readOnly"
    )]
    pub read_only: Option<bool>,
    /// `off`, `audit`, `permissive` or `strict`.
    #[serde(
        default,
        deserialize_with = "decode::word",
        skip_serializing_if = "Option::is_none",
        rename = "safeMode"
    )]
    pub safe_mode: Option<String>,
}

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct User {
    /// Name.
    pub name: String,
    /// Roles.
    #[serde(default, deserialize_with = "decode::words")]
    pub roles: Vec<String>,
}

/// Reads it.
///
/// # Errors
/// As every call; [`super::ErrorKind::Unauthorized`] where the server wants a key.
pub async fn get(client: &Client) -> Result<Info, ApiError> {
    client.send(Call::get(path(&[&"info"]))).await?.object()
}
