//! When a call is tried again, and after how long.

use crate::domain::units::Instant;
use std::time::Duration;

/// Tries in all.
pub const TRIES: u32 = 3;
/// First wait at most; doubles with each try.
const BASE: Duration = Duration::from_millis(400);
/// Longest wait that a call sits out itself. A server that asks for more is obeyed by not asking
/// again: the error says when, and the poller waits.
pub const LONGEST: Duration = Duration::from_secs(10);

/// Wait before try `tried + 1`; `None` when the server asks for more than a call can wait.
/// `random` in 0..1 spreads clients that failed together.
pub fn wait(tried: u32, asked: Option<Duration>, random: f64) -> Option<Duration> {
    let backoff = BASE * 2_u32.saturating_pow(tried.saturating_sub(1));
    let jittered = backoff
        .mul_f64(0.5 + 0.5 * random.clamp(0.0, 1.0))
        .min(LONGEST);
    match asked {
        Some(asked) if asked > LONGEST => None,
        // Jitter on top, so that not everybody comes back in the same instant.
        Some(asked) => Some((asked + BASE.mul_f64(random.clamp(0.0, 1.0))).min(LONGEST)),
        None => Some(jittered),
    }
}

/// Reads `Retry-After`: seconds, or an HTTP date. `now` is the server's clock.
pub fn retry_after(header: &str, now: Instant) -> Option<Duration> {
    let header = header.trim();
    if let Ok(secs) = header.parse::<u64>() {
        return Some(Duration::from_secs(secs));
    }
    let millis = http_date(header)?.millis.saturating_sub(now.millis);
    Some(Duration::from_millis(u64::try_from(millis).unwrap_or(0)))
}

/// Reads an HTTP date: `Mon, 24 Jun 2024 12:02:00 GMT`.
pub fn http_date(text: &str) -> Option<Instant> {
    chrono::DateTime::parse_from_rfc2822(text.trim())
        .ok()
        .map(|time| Instant::from_millis(time.timestamp_millis()))
}
