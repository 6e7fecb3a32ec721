//! How long a snapshot is meant to live. The guide keeps it in the description, `… (TTL: 168h)`;
//! a server that sends it as a field is believed before that.

use crate::domain::ago::exact_duration;
use crate::domain::units::{Instant, Seconds};

/// Hours that a snapshot may live, from 1 on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ttl(pub u32);

/// The most hours that a server takes: a year.
pub const LONGEST: u32 = 8760;

/// A year, as hours are counted by people who mean for ever; beyond it nothing is counted down.
const FAR: u32 = LONGEST * 100;

/// How a snapshot stands to the end of its life.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Life {
    /// So long is left.
    Left(Seconds),
    /// It ended so long ago.
    Over(Seconds),
}

impl Life {
    /// Whether it has ended.
    #[must_use]
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Over(_))
    }

    /// `expires in 6 d 22 h`, `expired 3 h ago`.
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::Left(Seconds(left)) if left < 60 => "expires within a minute".to_owned(),
            Self::Left(left) => format!("expires in {}", left.long()),
            Self::Over(Seconds(over)) if over < 60 => "expired just now".to_owned(),
            Self::Over(over) => format!("expired {} ago", over.short()),
        }
    }
}

/// Where the mark stands in a description, and what it says. The last one counts.
fn mark(description: &str) -> Option<(usize, usize, Ttl)> {
    let start = description
        .char_indices()
        .rev()
        .map(|(at, _)| at)
        .find(|at| {
            description
                .get(*at..*at + 5)
                .is_some_and(|text| text.eq_ignore_ascii_case("(ttl:"))
        })?;
    let inside = &description[start + 5..];
    let end = inside.find(')')?;
    let text = inside[..end].trim();
    let digits = text
        .find(|letter: char| !letter.is_ascii_digit())
        .unwrap_or(text.len());
    let number: u32 = text[..digits].parse().ok()?;
    let unit = text[digits..].trim();
    let hours = match unit.to_ascii_lowercase().as_str() {
        "h" | "hour" | "hours" => number,
        "d" | "day" | "days" => number.checked_mul(24)?,
        _ => return None,
    };
    let ttl = Ttl::read(hours)?;
    Some((start, start + 5 + end + 1, ttl))
}

impl Ttl {
    /// From hours; `None` for what is no lifetime.
    #[must_use]
    pub fn read(hours: u32) -> Option<Self> {
        (1..=FAR).contains(&hours).then_some(Self(hours))
    }

    /// Of a snapshot: as its field has it, else as its description does.
    #[must_use]
    pub fn of(field: Option<u32>, description: &str) -> Option<Self> {
        field
            .and_then(Self::read)
            .or_else(|| mark(description).map(|(_, _, ttl)| ttl))
    }

    /// When a snapshot of that age ends.
    #[must_use]
    pub fn ends(self, taken: Instant) -> Instant {
        Instant::from_millis(taken.millis.saturating_add(i64::from(self.0) * 3_600_000))
    }

    /// How it stands now.
    #[must_use]
    pub fn life(self, taken: Instant, now: Instant) -> Life {
        let left = self.ends(taken).millis.saturating_sub(now.millis);
        let far = Seconds(left.unsigned_abs() / 1000);
        if left > 0 {
            Life::Left(far)
        } else {
            Life::Over(far)
        }
    }

    /// `7 d`, `36 h`: as a person would say it.
    #[must_use]
    pub fn words(self) -> String {
        exact_duration(Seconds(u64::from(self.0) * 3600))
    }
}

/// A description without the mark, for where the lifetime stands beside it.
#[must_use]
pub fn without_mark(description: &str) -> String {
    match mark(description) {
        None => description.to_owned(),
        Some((start, end, _)) => {
            let (before, after) = (description[..start].trim_end(), &description[end..]);
            format!("{before}{after}").trim().to_owned()
        }
    }
}

/// A description as the guide's server keeps it: with the mark at its end.
#[must_use]
pub fn with_mark(description: &str, ttl: Option<Ttl>) -> String {
    match ttl {
        None => description.to_owned(),
        Some(Ttl(hours)) => format!("{description} (TTL: {hours}h)").trim().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::units::THIN;
    use proptest::prelude::*;

    fn hours(description: &str) -> Option<u32> {
        Ttl::of(None, description).map(|ttl| ttl.0)
    }

    #[test]
    fn read_as_the_guide_writes_it() {
        let guide = "Snapshot before application upgrade (TTL: 168h)";
        assert_eq!(hours(guide), Some(168));
        assert_eq!(without_mark(guide), "Snapshot before application upgrade");
        assert_eq!(hours("(ttl:24H)"), Some(24));
        assert_eq!(hours("x ( TTL: 24h)"), None);
        assert_eq!(hours("x (TTL: 7 d) trailing"), Some(168));
        assert_eq!(without_mark("x (TTL: 7 d) trailing"), "x trailing");
        assert_eq!(hours("(TTL: 1h) (TTL: 2h)"), Some(2));
    }

    #[test]
    fn no_nonsense() {
        for text in [
            "",
            "TTL: 5h",
            "(TTL: )",
            "(TTL: h)",
            "(TTL: 0h)",
            "(TTL: -5h)",
            "(TTL: 99999999999h)",
            "(TTL: 4000000000d)",
            "(TTL: 5x)",
            "(TTL: 5h",
            "(TTL:größe)",
        ] {
            assert_eq!(hours(text), None, "{text}");
            assert_eq!(without_mark(text), text);
        }
    }

    #[test]
    fn the_field_is_believed_first() {
        assert_eq!(Ttl::of(Some(5), "x (TTL: 9h)"), Some(Ttl(5)));
        assert_eq!(Ttl::of(Some(0), "x (TTL: 9h)"), Some(Ttl(9)));
        assert_eq!(Ttl::of(None, "x"), None);
    }

    #[test]
    fn counts_down_and_expires() {
        let taken = Instant::from_secs(1_000_000);
        let words = |after: i64| {
            let now = Instant::from_secs(1_000_000 + after);
            let life = Ttl(2).life(taken, now);
            (life.is_over(), life.words().replace(THIN, " "))
        };
        assert_eq!(words(0), (false, "expires in 2 h 0 min".to_owned()));
        assert_eq!(words(7199), (false, "expires within a minute".to_owned()));
        assert_eq!(words(7200), (true, "expired just now".to_owned()));
        assert_eq!(words(7200 + 10_800), (true, "expired 3 h ago".to_owned()));
        let far = Ttl(FAR).life(
            Instant::from_millis(i64::MAX),
            Instant::from_millis(i64::MIN),
        );
        assert!(!far.is_over());
    }

    proptest! {
        #[test]
        fn the_mark_comes_off_as_it_went_on(text in "[a-z (:)]{0,20}", hours in 1_u32..8761) {
            let text = text.trim().to_owned();
            let marked = with_mark(&text, Some(Ttl(hours)));
            prop_assert_eq!(Ttl::of(None, &marked), Some(Ttl(hours)));
            prop_assert_eq!(without_mark(&marked), text);
        }

        #[test]
        fn any_text_is_survived(text in ".{0,30}") {
            let _ = Ttl::of(None, &text);
            let _ = without_mark(&text);
        }
    }
}
