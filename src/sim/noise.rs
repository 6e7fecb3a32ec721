//! Smooth noise out of hashes: the load of a machine at any moment, without keeping history.

/// A well-mixed number out of two (splitmix64).
#[must_use]
pub const fn hash(seed: u64, index: u64) -> u64 {
    let mut mixed = seed ^ index.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// A number out of text (FNV-1a), to seed by name.
#[must_use]
pub fn hash_text(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// 0..1 out of a hash.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "53 bits are kept")]
pub const fn unit(hash: u64) -> f64 {
    (hash >> 11) as f64 / (1_u64 << 53) as f64
}

/// -1..1, smooth, one knot per `period` seconds.
#[must_use]
pub fn smooth(seed: u64, secs: f64, period: f64) -> f64 {
    let at = secs / period;
    let knot = at.floor();
    let part = at - knot;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "knots of any sign only need to differ"
    )]
    let index = knot as i64 as u64;
    let (left, right) = (
        unit(hash(seed, index)),
        unit(hash(seed, index.wrapping_add(1))),
    );
    let eased = part * part * (3.0 - 2.0 * part);
    2.0 * (left + (right - left) * eased) - 1.0
}

/// -1..1: several scales of [`smooth`] from seconds to days, those below `finest` left out, as
/// an average over that span would lose them.
#[must_use]
pub fn layered(seed: u64, secs: f64, finest: f64) -> f64 {
    const SCALES: [(f64, f64); 5] = [
        (20.0, 0.16),
        (140.0, 0.18),
        (1_500.0, 0.22),
        (21_600.0, 0.26),
        (260_000.0, 0.18),
    ];
    SCALES
        .iter()
        .enumerate()
        .filter(|(_, (period, _))| *period * 2.0 >= finest)
        .map(|(index, (period, weight))| {
            smooth(hash(seed, index as u64 + 77), secs, *period) * weight
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stays_in_bounds_and_is_smooth() {
        for step in 0..5_000 {
            let secs = f64::from(step) * 0.5 - 600.0;
            let value = layered(7, secs, 1.0);
            assert!((-1.0..=1.0).contains(&value));
            assert!((layered(7, secs + 0.5, 1.0) - value).abs() < 0.1);
        }
    }
}
