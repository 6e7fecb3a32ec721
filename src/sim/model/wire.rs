//! How numbers are written.

use serde::Serializer;

/// Writes whole floats without a fraction, as the guide's examples do (`"cpu": 0`).
///
/// # Errors
/// Those of the serializer.
#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands references to serialize_with"
)]
pub fn num<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    #[expect(clippy::cast_possible_truncation, reason = "checked to be small")]
    if value.fract() == 0.0 && value.abs() < 1e15 {
        serializer.serialize_i64(*value as i64)
    } else {
        serializer.serialize_f64(*value)
    }
}
