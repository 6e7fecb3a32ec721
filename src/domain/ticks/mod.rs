//! Axes of charts: where ticks stand and what they say, for quantities and for time.

mod time;

pub use time::{Offset, TimeTick, time_ticks};

use super::units::{Amount, Bytes, Fraction, NONE, Rate, THIN, grouped};

/// What a chart's values are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ChartUnit {
    /// A share, 0 to 1, said in percent.
    #[default]
    Share,
    /// Bytes, in binary units.
    Bytes,
    /// Bytes per second, in binary units.
    Rate,
    /// A load average: a plain number with decimals.
    Load,
    /// How many of something.
    Count,
}

impl ChartUnit {
    /// A value as the read-out and the legend say it: `15.2 %`, `3.50 GiB`, `12.40`, `1,204`.
    #[must_use]
    pub fn amount(self, value: f64) -> Amount {
        match self {
            Self::Share => Fraction(value).amount(),
            // The cast saturates.
            Self::Bytes => Bytes(value as u64).amount(),
            Self::Rate => Rate(value).amount(),
            Self::Load => Amount {
                number: format!("{value:.2}"),
                unit: "",
            },
            Self::Count if value.fract() == 0.0 && value >= 0.0 => Amount {
                number: grouped(value as u64),
                unit: "",
            },
            Self::Count => Amount {
                number: format!("{value:.1}"),
                unit: "",
            },
        }
    }

    /// The same as text; an en dash where there is no value.
    #[must_use]
    pub fn text(self, value: Option<f64>) -> String {
        value.map_or_else(|| NONE.to_owned(), |value| self.amount(value).to_string())
    }

    /// Two values as a range with the unit said once where it is the same: `12.0 and 19.0 %`.
    #[must_use]
    pub fn between(self, low: f64, high: f64) -> String {
        let (low, high) = (self.amount(low), self.amount(high));
        if low.unit == high.unit {
            format!("{} and {high}", low.number)
        } else {
            format!("{low} and {high}")
        }
    }

    /// How high an axis reaches where all values are nothing.
    const fn least(self) -> f64 {
        match self {
            Self::Share => 0.01,
            Self::Bytes | Self::Rate => 1024.0,
            Self::Load | Self::Count => 1.0,
        }
    }

    fn step(self, raw: f64) -> f64 {
        match self {
            Self::Bytes | Self::Rate => raw.log2().ceil().exp2().max(1.0),
            Self::Share => [0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0]
                .into_iter()
                .find(|step| *step >= raw * SLACK)
                .filter(|_| raw >= 0.005)
                .unwrap_or_else(|| decimal(raw)),
            Self::Load => decimal(raw),
            Self::Count => decimal(raw).max(1.0),
        }
    }

    fn label(self, value: f64, step: f64, high: f64) -> String {
        match self {
            Self::Share => format!("{}{THIN}%", plain(value * 100.0, step * 100.0)),
            Self::Load | Self::Count => plain(value, step),
            Self::Bytes | Self::Rate => {
                if value == 0.0 {
                    return "0".to_owned();
                }
                // One unit for the whole axis, the largest tick's.
                let power = ((high.log2() / 10.0).floor().clamp(0.0, 6.0)) as i32;
                let size = 1024_f64.powi(power);
                let name = Bytes(size as u64).amount().unit;
                let unit = if self == Self::Rate { "/s" } else { "" };
                format!("{}{THIN}{name}{unit}", plain(value / size, step / size))
            }
        }
    }
}

/// Divisions are not exact.
const SLACK: f64 = 1.0 - 1e-9;

/// The next of 1, 2 and 5 times a power of ten.
fn decimal(raw: f64) -> f64 {
    let power = 10_f64.powf(raw.log10().floor());
    [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .map(|times| times * power)
        .find(|step| *step >= raw * SLACK)
        .unwrap_or(raw)
}

/// Without an exponent below a thousand million, with as many decimals as the step has.
fn plain(value: f64, step: f64) -> String {
    if value.abs() >= 1e9 {
        return format!("{value:.1e}");
    }
    let decimals = (0..6_usize)
        .find(|places| {
            let scaled = step * 10_f64.powi(*places as i32);
            (scaled - scaled.round()).abs() < 1e-6 && scaled.round() >= 1.0
        })
        .unwrap_or(6);
    if decimals == 0 {
        let digits = grouped(value.abs().round() as u64);
        let sign = if value <= -0.5 { "−" } else { "" };
        return format!("{sign}{digits}");
    }
    let text = format!("{value:.decimals$}");
    // Halves and quarters under whole steps: 0.5, 1, 1.5.
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A place on an axis of quantities.
#[derive(Debug, Clone, PartialEq)]
pub struct Tick {
    /// Where.
    pub value: f64,
    /// What it says.
    pub label: String,
}

/// An axis of quantities.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// Lowest value, a tick.
    pub low: f64,
    /// Highest value, a tick.
    pub high: f64,
    /// From the lowest to the highest.
    pub ticks: Vec<Tick>,
}

impl Axis {
    /// An axis that holds `low` and `high`, ends on ticks, and has at most `most` intervals where
    /// the ends fall on ticks (else at most two more). Numbers that are none count as 0.
    #[must_use]
    pub fn over(unit: ChartUnit, low: f64, high: f64, most: usize) -> Self {
        let sane = |number: f64| {
            if number.is_finite() {
                number.clamp(-1e300, 1e300)
            } else {
                0.0
            }
        };
        let (low, mut high) = (sane(low), sane(high));
        if high - low < unit.least() * 1e-9 || high <= low {
            // Below the last digit of a big number, adding changes nothing.
            high = (low + unit.least()).max(low + low.abs() * 1e-6);
        }
        let step = unit.step((high - low) / most.max(1) as f64);
        let first = (low / step + 1e-9).floor();
        let last = (high / step * SLACK - 1e-9).ceil().max(first + 1.0);
        let count = (last - first).min(100.0) as u32;
        let (low, high) = (first * step, last * step);
        let ticks = (0..=count)
            .map(|index| {
                let value = (first + f64::from(index)) * step;
                Tick {
                    value,
                    label: unit.label(value, step, high.abs().max(low.abs())),
                }
            })
            .collect();
        Self { low, high, ticks }
    }

    /// Where a value stands, 0 at the lowest and 1 at the highest.
    #[must_use]
    pub fn share(&self, value: f64) -> f64 {
        (value - self.low) / (self.high - self.low)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn labels(unit: ChartUnit, high: f64, most: usize) -> Vec<String> {
        let axis = Axis::over(unit, 0.0, high, most);
        axis.ticks
            .into_iter()
            .map(|tick| tick.label.replace(THIN, " "))
            .collect()
    }

    #[test]
    fn axes_of_quantities() {
        const GIB: f64 = 1_073_741_824.0;
        assert_eq!(labels(ChartUnit::Share, 1.0, 3), ["0 %", "50 %", "100 %"]);
        assert_eq!(labels(ChartUnit::Share, 1.0, 5).len(), 5);
        assert_eq!(
            labels(ChartUnit::Share, 0.003, 3),
            ["0 %", "0.1 %", "0.2 %", "0.3 %"]
        );
        assert_eq!(
            labels(ChartUnit::Share, 1.3, 3),
            ["0 %", "50 %", "100 %", "150 %"]
        );
        assert_eq!(
            labels(ChartUnit::Bytes, 3.5 * GIB, 4),
            ["0", "1 GiB", "2 GiB", "3 GiB", "4 GiB"]
        );
        assert_eq!(labels(ChartUnit::Bytes, GIB, 3), ["0", "0.5 GiB", "1 GiB"]);
        assert_eq!(
            labels(ChartUnit::Rate, 1500.0, 3),
            ["0", "0.5 KiB/s", "1 KiB/s", "1.5 KiB/s"]
        );
        assert_eq!(labels(ChartUnit::Rate, 0.0, 2).len(), 3);
        assert_eq!(labels(ChartUnit::Load, 1.4, 3), ["0", "0.5", "1", "1.5"]);
        assert_eq!(labels(ChartUnit::Count, 1.0, 5), ["0", "1"]);
        assert_eq!(
            labels(ChartUnit::Count, 2600.0, 3),
            ["0", "1,000", "2,000", "3,000"]
        );
        assert_eq!(
            labels(ChartUnit::Bytes, u64::MAX as f64, 3)
                .last()
                .map(String::as_str),
            Some("16 EiB")
        );
    }

    #[test]
    fn amounts() {
        assert_eq!(ChartUnit::Share.text(Some(0.152)), "15.2\u{2009}%");
        assert_eq!(ChartUnit::Share.text(None), "–");
        assert_eq!(
            ChartUnit::Share.between(0.12, 0.19),
            "12.0 and 19.0\u{2009}%"
        );
        assert_eq!(
            ChartUnit::Rate.between(12.0, 2048.0),
            "12\u{2009}B/s and 2.00\u{2009}KiB/s"
        );
        assert_eq!(ChartUnit::Count.text(Some(1204.0)), "1,204");
        assert_eq!(ChartUnit::Load.text(Some(12.4)), "12.40");
    }

    proptest! {
        #[test]
        fn axes_hold_their_values(
            unit in prop::sample::select(vec![
                ChartUnit::Share, ChartUnit::Bytes, ChartUnit::Rate, ChartUnit::Load, ChartUnit::Count,
            ]),
            power in -3.0..20.0_f64,
            most in 1_usize..12,
        ) {
            let value = 10_f64.powf(power);
            let axis = Axis::over(unit, 0.0, value, most);
            prop_assert!(axis.low <= 0.0 && axis.high >= value * 0.999_999, "{axis:?}");
            prop_assert!((2..=most + 2).contains(&axis.ticks.len()), "{axis:?}");
            for pair in axis.ticks.windows(2) {
                prop_assert!(pair[0].value < pair[1].value);
                prop_assert_ne!(&pair[0].label, &pair[1].label);
            }
            prop_assert!(axis.ticks.iter().all(|tick| tick.label.chars().count() <= 16), "{axis:?}");
        }

        #[test]
        fn axes_of_anything_end(low in any::<f64>(), high in any::<f64>(), most in 0_usize..20) {
            let axis = Axis::over(ChartUnit::Load, low, high, most);
            prop_assert!(axis.high > axis.low);
            prop_assert!(axis.ticks.len() <= 101);
        }
    }
}
