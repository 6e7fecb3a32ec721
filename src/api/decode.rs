//! Readers and writers for fields of wire types, on top of `domain::lenient`: what cannot be read
//! becomes `None`, never an error.

use crate::domain::ids::{Upid, VmId};
use crate::domain::lenient;
use crate::domain::status::Lock;
use crate::domain::units::{Bytes, Fraction, Instant, Seconds};
use serde::{Deserialize, Deserializer};

/// Declares a field reader over a `lenient` one.
macro_rules! reader {
    ($(#[$doc:meta])* $name:ident -> $out:ty = $source:ident, $map:expr) => {
        $(#[$doc])*
        ///
        /// # Errors
        /// Only where the input is not JSON at all.
        pub fn $name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<$out>, D::Error> {
            Ok(lenient::$source(deserializer)?.and_then($map))
        }
    };
}

reader! {
    /// A size.
    bytes -> Bytes = unsigned, |number| Some(Bytes(number))
}
reader! {
    /// A share, 0 to 1.
    fraction -> Fraction = float, |number| Some(Fraction(number))
}
reader! {
    /// A duration in whole seconds.
    seconds -> Seconds = unsigned, |number| Some(Seconds(number))
}
reader! {
    /// A count that fits 32 bits.
    small -> u32 = unsigned, |number| u32::try_from(number).ok()
}
reader! {
    /// A count of which 0 means unknown (divergence 43).
    small_or_unknown -> u32 = unsigned, |number| u32::try_from(number).ok().filter(|n| *n > 0)
}
reader! {
    /// Text that is not empty.
    word -> String = text, |text| (!text.trim().is_empty()).then_some(text)
}
reader! {
    /// A VM's number.
    vm_id -> VmId = unsigned, |number| u32::try_from(number).ok().map(VmId)
}
reader! {
    /// A task's ID; empty text is none.
    upid -> Upid = text, |text| (!text.trim().is_empty()).then(|| Upid(text.trim().to_owned()))
}
reader! {
    /// A lock; empty text and the text "null" are none (the shipped server sends both).
    lock -> Lock = text, |text| match text.trim() {
        "" | "null" | "none" => None,
        word => Some(Lock::from(word)),
    }
}

/// An instant, from epoch seconds or ISO 8601.
///
/// # Errors
/// Only where the input is not JSON at all.
pub fn instant<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Instant>, D::Error> {
    Ok(lenient::text(deserializer)?.and_then(|text| {
        let text: serde::de::value::StrDeserializer<'_, serde::de::value::Error> =
            serde::de::IntoDeserializer::into_deserializer(text.as_str());
        Instant::deserialize(text).ok()
    }))
}

/// Numbers of a list; others are left out.
///
/// # Errors
/// Only where the input is not JSON at all.
pub fn floats<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<f64>, D::Error> {
    #[derive(Deserialize)]
    struct Number(#[serde(deserialize_with = "lenient::float")] Option<f64>);
    let numbers: Vec<Number> = lenient::rows(deserializer)?;
    Ok(numbers.into_iter().filter_map(|number| number.0).collect())
}

/// Texts of a list, or one text with commas; others are left out.
///
/// # Errors
/// Only where the input is not JSON at all.
pub fn words<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    lenient::tags(deserializer)
}

/// An instant that travels as ISO 8601.
pub mod iso {
    use crate::domain::units::Instant;
    use serde::{Deserializer, Serializer};

    /// Reads it, or epoch seconds.
    ///
    /// # Errors
    /// Only where the input is not JSON at all.
    pub fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Instant>, D::Error> {
        super::instant(deserializer)
    }

    /// Writes it.
    ///
    /// # Errors
    /// Those of the serializer.
    pub fn serialize<S: Serializer>(
        at: &Option<Instant>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match at {
            Some(at) => serializer.serialize_str(&at.to_iso()),
            None => serializer.serialize_none(),
        }
    }
}

/// A share that travels as percent, 0 to 100.
pub mod percent {
    use crate::domain::lenient;
    use crate::domain::units::Fraction;
    use serde::{Deserializer, Serializer};

    /// Reads percent.
    ///
    /// # Errors
    /// Only where the input is not JSON at all.
    pub fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Fraction>, D::Error> {
        Ok(lenient::float(deserializer)?.map(|percent| Fraction(percent / 100.0)))
    }

    /// Writes percent.
    ///
    /// # Errors
    /// Those of the serializer.
    pub fn serialize<S: Serializer>(
        share: &Option<Fraction>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match share {
            Some(share) => serializer.serialize_f64(share.0 * 100.0),
            None => serializer.serialize_none(),
        }
    }
}
