//! Quantities. One newtype and one formatter each.

use serde::{Deserialize, Deserializer, Serialize};

macro_rules! quantity {
    ($(#[$doc:meta])* $name:ident($inner:ty) via $reader:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Default)]
        #[serde(transparent)]
        pub struct $name(pub $inner);

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                super::lenient::$reader(deserializer)?
                    .map(Self)
                    .ok_or_else(|| serde::de::Error::custom(concat!("not a ", stringify!($name))))
            }
        }
    };
}

quantity! {
    /// A size in bytes.
    Bytes(u64) via unsigned
}
quantity! {
    /// A share, 0 to 1 (values above 1 occur and are shown as they are).
    Fraction(f64) via float
}
quantity! {
    /// A duration in whole seconds.
    Seconds(u64) via unsigned
}

/// Bytes per second.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize, Default)]
#[serde(transparent)]
pub struct Rate(pub f64);

/// An instant: epoch seconds on the wire, or ISO 8601 text (guide's contradictions, 12). Kept as
/// milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Instant {
    /// Milliseconds since the epoch.
    pub millis: i64,
}

impl Instant {
    /// From epoch seconds.
    #[must_use]
    pub const fn from_secs(secs: i64) -> Self {
        Self {
            millis: secs.saturating_mul(1000),
        }
    }

    /// From milliseconds since the epoch.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self { millis }
    }

    /// Whole epoch seconds, rounded down.
    #[must_use]
    pub const fn secs(self) -> i64 {
        self.millis.div_euclid(1000)
    }

    /// From ISO 8601. Text without a zone is taken as UTC.
    #[must_use]
    pub fn parse_iso(text: &str) -> Option<Self> {
        let text = text.trim();
        chrono::DateTime::parse_from_rfc3339(text)
            .map(|time| time.timestamp_millis())
            .or_else(|_| {
                chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f")
                    .map(|time| time.and_utc().timestamp_millis())
            })
            .ok()
            .map(Self::from_millis)
    }

    /// `2024-06-21T02:00:00Z`; with milliseconds only where there are any.
    #[must_use]
    pub fn to_iso(self) -> String {
        chrono::DateTime::from_timestamp_millis(self.millis).map_or_else(String::new, |time| {
            time.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)
        })
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = super::lenient::text_or_empty(deserializer)?;
        text.trim()
            .parse::<f64>()
            .ok()
            .filter(|secs| secs.is_finite() && secs.abs() < 9e12)
            .map(|secs| {
                #[expect(clippy::cast_possible_truncation, reason = "bounded above")]
                Self::from_millis((secs * 1000.0).round() as i64)
            })
            .or_else(|| Self::parse_iso(&text))
            .ok_or_else(|| serde::de::Error::custom("not a time"))
    }
}

impl Serialize for Instant {
    /// Epoch seconds, as the guide has them for `snaptime`, `ctime`, `starttime`, `endtime`.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.secs())
    }
}

/// Thin space, between a number and its unit.
pub const THIN: char = '\u{2009}';

/// What stands where a value is not known.
pub const NONE: &str = "–";

/// A number and its unit, apart so that the unit can be drawn smaller and dimmer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Amount {
    /// Digits, e.g. `3.50`.
    pub number: String,
    /// Unit, e.g. `GiB`; empty where there is none.
    pub unit: &'static str,
}

impl std::fmt::Display for Amount {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.unit.is_empty() {
            formatter.write_str(&self.number)
        } else {
            write!(formatter, "{}{THIN}{}", self.number, self.unit)
        }
    }
}

const BINARY: [&str; 7] = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
const BINARY_RATE: [&str; 7] = ["B/s", "KiB/s", "MiB/s", "GiB/s", "TiB/s", "PiB/s", "EiB/s"];

/// Three significant digits: `3.50`, `34.9`, `412`; whole numbers below 10 of bytes stay whole.
fn three_digits(value: f64) -> String {
    if value < 9.995 {
        format!("{value:.2}")
    } else if value < 99.95 {
        format!("{value:.1}")
    } else {
        format!("{value:.0}")
    }
}

fn scaled(value: f64, units: &[&'static str; 7]) -> Amount {
    let mut scaled = value.max(0.0);
    let mut index = 0;
    // 1023.5 would print as 1024 of the smaller unit.
    while scaled >= 1023.5 && index < units.len() - 1 {
        scaled /= 1024.0;
        index += 1;
    }
    let number = if index == 0 {
        format!("{scaled:.0}")
    } else {
        three_digits(scaled)
    };
    Amount {
        number,
        unit: units[index],
    }
}

impl Bytes {
    /// In binary units with three significant digits: `3.50 GiB`.
    #[must_use]
    pub fn amount(self) -> Amount {
        #[expect(clippy::cast_precision_loss, reason = "three digits are shown")]
        scaled(self.0 as f64, &BINARY)
    }

    /// Whole sizes without decimals (`4 GiB`, `50 GiB`), others as [`Bytes::amount`]: for
    /// capacities, which are mostly round.
    #[must_use]
    pub fn capacity(self) -> Amount {
        let mut amount = self.amount();
        if let Some((whole, decimals)) = amount.number.split_once('.')
            && decimals.bytes().all(|digit| digit == b'0')
        {
            amount.number = whole.to_owned();
        }
        amount
    }

    /// The exact number with separators: `3,758,096,384 bytes`.
    #[must_use]
    pub fn exact(self) -> String {
        format!("{} bytes", grouped(self.0))
    }

    /// Share of a total; `None` where the total is 0.
    #[must_use]
    pub fn of(self, total: Self) -> Option<Fraction> {
        #[expect(clippy::cast_precision_loss, reason = "a share needs no 53 bits")]
        (total.0 > 0).then(|| Fraction(self.0 as f64 / total.0 as f64))
    }
}

impl std::fmt::Display for Bytes {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.amount().fmt(formatter)
    }
}

impl Rate {
    /// In binary units per second: `1.20 MiB/s`.
    #[must_use]
    pub fn amount(self) -> Amount {
        scaled(self.0, &BINARY_RATE)
    }
}

impl std::fmt::Display for Rate {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.amount().fmt(formatter)
    }
}

/// How full something is: the guide's green (below 70 %), yellow (to 90 %) and red.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Below 70 %.
    Ok,
    /// 70 to 90 %.
    Warn,
    /// Above 90 %.
    Bad,
}

impl Fraction {
    /// With one decimal below 100 %: `15.2 %`.
    #[must_use]
    pub fn amount(self) -> Amount {
        let percent = self.0 * 100.0;
        let number = if percent < 99.95 {
            format!("{percent:.1}")
        } else {
            format!("{percent:.0}")
        };
        Amount { number, unit: "%" }
    }

    /// Whole percent: `15 %`.
    #[must_use]
    pub fn whole(self) -> Amount {
        Amount {
            number: format!("{:.0}", self.0 * 100.0),
            unit: "%",
        }
    }

    /// The guide's thresholds: below 70 % green, to 90 % yellow, above red.
    #[must_use]
    pub fn level(self) -> Level {
        if self.0 < 0.7 {
            Level::Ok
        } else if self.0 <= 0.9 {
            Level::Warn
        } else {
            Level::Bad
        }
    }

    /// Cut to 0..=1, for drawing.
    #[must_use]
    pub fn clamped(self) -> f64 {
        if self.0.is_nan() {
            0.0
        } else {
            self.0.clamp(0.0, 1.0)
        }
    }
}

impl std::fmt::Display for Fraction {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.amount().fmt(formatter)
    }
}

impl Seconds {
    /// The two largest parts: `5 d 0 h`, `3 h 20 min`, `45 s`.
    #[must_use]
    pub fn long(self) -> String {
        let Self(secs) = self;
        let (days, hours, mins) = (secs / 86_400, secs / 3600 % 24, secs / 60 % 60);
        match (days, hours, mins) {
            (1.., ..) => format!("{days}{THIN}d {hours}{THIN}h"),
            (0, 1.., _) => format!("{hours}{THIN}h {mins}{THIN}min"),
            (0, 0, 1..) => format!("{mins}{THIN}min {}{THIN}s", secs % 60),
            _ => format!("{secs}{THIN}s"),
        }
    }

    /// The largest part alone: `5 d`, `3 h`, `20 min`, `45 s`.
    #[must_use]
    pub fn short(self) -> String {
        match self.0 {
            secs @ 86_400.. => format!("{}{THIN}d", secs / 86_400),
            secs @ 3600.. => format!("{}{THIN}h", secs / 3600),
            secs @ 60.. => format!("{}{THIN}min", secs / 60),
            secs => format!("{secs}{THIN}s"),
        }
    }
}

/// Digits in groups of three: `3,758,096,384`.
#[must_use]
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() * 4 / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `1 VM`, `3 VMs`.
#[must_use]
pub fn count(number: usize, one: &str, many: &str) -> String {
    format!(
        "{} {}",
        grouped(number as u64),
        if number == 1 { one } else { many }
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn sizes() {
        assert_eq!(Bytes(3_758_096_384).to_string(), "3.50\u{2009}GiB");
        assert_eq!(Bytes(4_294_967_296).capacity().to_string(), "4\u{2009}GiB");
        assert_eq!(Bytes(0).to_string(), "0\u{2009}B");
        assert_eq!(Bytes(1023).to_string(), "1023\u{2009}B");
        assert_eq!(Bytes(1024 * 1024 - 1).to_string(), "1.00\u{2009}MiB");
        assert_eq!(Bytes(u64::MAX).to_string(), "16.0\u{2009}EiB");
        assert_eq!(Bytes(3_758_096_384).exact(), "3,758,096,384 bytes");
        assert_eq!(Bytes(1).of(Bytes(0)), None);
    }

    #[test]
    fn shares() {
        assert_eq!(Fraction(0.15234).to_string(), "15.2\u{2009}%");
        assert_eq!(Fraction(0.9999).to_string(), "100\u{2009}%");
        assert_eq!(Fraction(0.699).level(), Level::Ok);
        assert_eq!(Fraction(0.7).level(), Level::Warn);
        assert_eq!(Fraction(0.9).level(), Level::Warn);
        assert_eq!(Fraction(0.901).level(), Level::Bad);
        assert!(Fraction(f64::NAN).clamped() == 0.0);
    }

    #[test]
    fn durations() {
        assert_eq!(Seconds(432_000).long(), "5\u{2009}d 0\u{2009}h");
        assert_eq!(Seconds(432_000).short(), "5\u{2009}d");
        assert_eq!(Seconds(12_000).long(), "3\u{2009}h 20\u{2009}min");
        assert_eq!(Seconds(45).long(), "45\u{2009}s");
    }

    #[test]
    fn instants() {
        let time = Instant::parse_iso("2024-06-21T02:00:00Z");
        assert_eq!(time.map(Instant::secs), Some(1_718_935_200));
        assert_eq!(
            time.map(Instant::to_iso).as_deref(),
            Some("2024-06-21T02:00:00Z")
        );
        for text in ["1718935200", "\"1718935200\"", "\"2024-06-21T02:00:00\""] {
            assert_eq!(serde_json::from_str::<Instant>(text).ok(), time, "{text}");
        }
        assert!(serde_json::from_str::<Instant>("\"soon\"").is_err());
        assert!(serde_json::from_str::<Instant>("1e300").is_err());
    }

    proptest! {
        #[test]
        fn sizes_never_print_four_digits_of_a_larger_unit(bytes in 1024_u64..) {
            let amount = Bytes(bytes).amount();
            let number: f64 = amount.number.parse().unwrap();
            prop_assert!((1.0..1024.0).contains(&number), "{amount}");
        }

        #[test]
        fn instants_print_and_parse(millis in -60_000_000_000_000_i64..250_000_000_000_000) {
            let time = Instant::from_millis(millis);
            prop_assert_eq!(Instant::parse_iso(&time.to_iso()), Some(time));
        }
    }
}
