//! Decoding that survives what servers really send.
//!
//! Numbers may come as text, flags as 0/1, lists with one bad row, fields as null. Nothing here
//! fails on such data: what cannot be read becomes `None` (or is left out of the list), so that
//! one bad row never costs the whole answer.

use serde::de::{DeserializeOwned, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::borrow::Cow;
use std::fmt;

/// A JSON scalar as servers send it. Read in one pass: an untagged enum would buffer each value
/// and format an error for each arm that does not fit, for every field of every row.
#[derive(Debug, Clone)]
enum Scalar<'de> {
    Bool(bool),
    Unsigned(u64),
    Signed(i64),
    Float(f64),
    Text(Cow<'de, str>),
    Other,
}

struct ScalarVisitor;

impl<'de> Visitor<'de> for ScalarVisitor {
    type Value = Scalar<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any value")
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Self::Value, E> {
        Ok(Scalar::Bool(flag))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Scalar::Unsigned(number))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Scalar::Signed(number))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Scalar::Float(number))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Scalar::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Scalar::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_string<E>(self, text: String) -> Result<Self::Value, E> {
        Ok(Scalar::Text(Cow::Owned(text)))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Scalar::Other)
    }

    fn visit_none<E>(self) -> Result<Self::Value, E> {
        Ok(Scalar::Other)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Scalar::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
        while entries.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Scalar::Other)
    }
}

impl Scalar<'_> {
    fn float(&self) -> Option<f64> {
        match self {
            Self::Bool(flag) => Some(if *flag { 1.0 } else { 0.0 }),
            #[expect(
                clippy::cast_precision_loss,
                reason = "a size beyond 2^53 is shown rounded"
            )]
            Self::Unsigned(number) => Some(*number as f64),
            #[expect(
                clippy::cast_precision_loss,
                reason = "a size beyond 2^53 is shown rounded"
            )]
            Self::Signed(number) => Some(*number as f64),
            Self::Float(number) => Some(*number),
            Self::Text(text) => text.trim().parse().ok(),
            Self::Other => None,
        }
        .filter(|number: &f64| number.is_finite())
    }

    fn unsigned(&self) -> Option<u64> {
        match self {
            Self::Unsigned(number) => Some(*number),
            Self::Text(text) if text.trim().parse::<u64>().is_ok() => text.trim().parse().ok(),
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "`as` saturates, and negatives are left out"
            )]
            other => other.float().filter(|n| *n >= 0.0).map(|n| n as u64),
        }
    }

    fn text(self) -> Option<String> {
        match self {
            Self::Bool(flag) => Some(flag.to_string()),
            Self::Unsigned(number) => Some(number.to_string()),
            Self::Signed(number) => Some(number.to_string()),
            Self::Float(number) => Some(number.to_string()),
            Self::Text(text) => Some(text.into_owned()),
            Self::Other => None,
        }
    }

    fn flag(&self) -> Option<bool> {
        match self {
            Self::Bool(flag) => Some(*flag),
            Self::Text(text) => match text.trim().to_ascii_lowercase().as_str() {
                "1" | "true" | "yes" | "on" => Some(true),
                "0" | "false" | "no" | "off" | "" => Some(false),
                _ => None,
            },
            other => other.float().map(|number| number != 0.0),
        }
    }
}

fn scalar<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Scalar<'de>, D::Error> {
    deserializer.deserialize_any(ScalarVisitor)
}

/// An optional finite number, also from text or a flag.
///
/// # Errors
/// Only where the input is not JSON at all.
pub fn float<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    Ok(scalar(deserializer)?.float())
}

/// An optional non-negative integer, also from text; fractions are cut, negatives left out.
///
/// # Errors
/// Only where the input is not JSON at all.
pub fn unsigned<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    Ok(scalar(deserializer)?.unsigned())
}

/// Text, also from numbers and flags; `None` from null, lists and objects.
///
/// # Errors
/// Only where the input is not JSON at all.
pub fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(scalar(deserializer)?.text())
}

/// Text as [`text`], empty where there is none.
///
/// # Errors
/// Only where the input is not JSON at all.
pub fn text_or_empty<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(text(deserializer)?.unwrap_or_default())
}

/// A flag from a boolean, 0/1 or "true"/"on"/"yes" text.
///
/// # Errors
/// Only where the input is not JSON at all.
pub fn flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
    Ok(scalar(deserializer)?.flag())
}

/// A flag as [`flag`], false where there is none.
///
/// # Errors
/// Only where the input is not JSON at all.
pub fn flag_or_false<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    Ok(flag(deserializer)?.unwrap_or_default())
}

/// A list whose unreadable rows are left out; null and what is no list are the empty list.
///
/// # Errors
/// Only where the input is not JSON at all.
pub fn rows<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::Array(items) => items
            .into_iter()
            .filter_map(|item| serde_json::from_value(item).ok())
            .collect(),
        _ => Vec::new(),
    })
}

/// Tags as a list, or as Proxmox writes them: text with `;` or `,` between.
///
/// # Errors
/// Only where the input is not JSON at all.
pub fn tags<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    Ok(match Option::<Value>::deserialize(deserializer)? {
        Some(Value::Array(items)) => items
            .into_iter()
            .filter_map(|item| match item {
                Value::String(tag) => Some(tag),
                Value::Number(number) => Some(number.to_string()),
                _ => None,
            })
            .filter(|tag| !tag.is_empty())
            .collect(),
        Some(Value::String(joined)) => joined
            .split([';', ',', ' '])
            .filter(|tag| !tag.is_empty())
            .map(ToOwned::to_owned)
            .collect(),
        _ => Vec::new(),
    })
}

/// What a value of any type becomes when it cannot be read: `None`.
///
/// # Errors
/// Only where the input is not JSON at all.
pub fn optional<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    Ok(match Attempt::<T>::deserialize(deserializer)? {
        Attempt::Good(value) => Some(value),
        Attempt::Bad(_) => None,
    })
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Attempt<T> {
    Good(T),
    Bad(IgnoredAny),
}

/// A decoded list, and how many of its rows could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rows<T> {
    /// The rows that could be read, in the server's order.
    pub good: Vec<T>,
    /// How many could not.
    pub bad: usize,
}

impl<T> Default for Rows<T> {
    fn default() -> Self {
        Self {
            good: Vec::new(),
            bad: 0,
        }
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Rows<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor<T>(std::marker::PhantomData<T>);
        impl<'de, T: DeserializeOwned> serde::de::Visitor<'de> for Visitor<T> {
            type Value = Rows<T>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a list")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
                let mut rows = Rows::default();
                // Raw first: a row that fails half way would leave the reader in its middle.
                while let Some(item) = items.next_element::<Value>()? {
                    match serde_json::from_value(item) {
                        Ok(row) => rows.good.push(row),
                        Err(_) => rows.bad += 1,
                    }
                }
                Ok(rows)
            }
        }
        deserializer.deserialize_seq(Visitor(std::marker::PhantomData))
    }
}
