//! Distance of an instant from now, in words.

use super::units::{Instant, Seconds, THIN};

/// Beyond this a distance says less than a date.
const FAR: u64 = 30 * 86_400;
/// Clocks differ by this much without anybody noticing.
const NEAR: u64 = 5;

/// `just now`, `42 s ago`, `3 min ago`, `in 2 h`, `5 d ago`; `None` beyond 30 days either way,
/// where a date says more.
#[must_use]
pub fn ago(at: Instant, now: Instant) -> Option<String> {
    let millis = now.millis.saturating_sub(at.millis);
    let far = millis.unsigned_abs() / 1000;
    match far {
        ..=NEAR => Some("just now".to_owned()),
        FAR.. => None,
        _ if millis > 0 => Some(format!("{} ago", Seconds(far).short())),
        _ => Some(format!("in {}", Seconds(far).short())),
    }
}

/// All parts of a duration that are not zero: `5 d 3 h 12 min 7 s`.
#[must_use]
pub fn exact_duration(Seconds(secs): Seconds) -> String {
    let parts = [
        (secs / 86_400, "d"),
        (secs / 3600 % 24, "h"),
        (secs / 60 % 60, "min"),
        (secs % 60, "s"),
    ];
    let said: Vec<String> = parts
        .iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, unit)| format!("{number}{THIN}{unit}"))
        .collect();
    if said.is_empty() {
        format!("0{THIN}s")
    } else {
        said.join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(secs: i64) -> String {
        let now = Instant::from_secs(1_719_230_520);
        ago(Instant::from_secs(now.secs() - secs), now)
            .unwrap_or_else(|| "far".to_owned())
            .replace(THIN, " ")
    }

    #[test]
    fn distances() {
        for (secs, said) in [
            (0, "just now"),
            (5, "just now"),
            (-5, "just now"),
            (6, "6 s ago"),
            (59, "59 s ago"),
            (60, "1 min ago"),
            (3599, "59 min ago"),
            (7200, "2 h ago"),
            (86_399, "23 h ago"),
            (86_400, "1 d ago"),
            (29 * 86_400, "29 d ago"),
            (30 * 86_400, "far"),
            (-90, "in 1 min"),
            (-7200, "in 2 h"),
            (i64::MIN / 2000, "far"),
        ] {
            assert_eq!(words(secs), said, "{secs}");
        }
    }

    #[test]
    fn extremes_do_not_overflow() {
        let (low, high) = (
            Instant::from_millis(i64::MIN),
            Instant::from_millis(i64::MAX),
        );
        assert_eq!(ago(low, high), None);
        assert_eq!(ago(high, low), None);
    }

    #[test]
    fn durations() {
        assert_eq!(exact_duration(Seconds(0)).replace(THIN, " "), "0 s");
        assert_eq!(
            exact_duration(Seconds(86_407)).replace(THIN, " "),
            "1 d 7 s"
        );
        assert_eq!(
            exact_duration(Seconds(443_527)).replace(THIN, " "),
            "5 d 3 h 12 min 7 s"
        );
    }
}
