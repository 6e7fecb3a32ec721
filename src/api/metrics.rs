//! History for charts (contract: `MetricsSeries`), of VMs, nodes and storages.

use super::decode;
use crate::domain::lenient;
use crate::domain::units::{Bytes, Fraction, Instant, Rate};
use serde::{Deserialize, Deserializer, Serialize};

/// How far back a chart reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Timeframe {
    /// The last hour.
    #[default]
    Hour,
    /// The last day.
    Day,
    /// The last week.
    Week,
    /// The last month.
    Month,
    /// The last year.
    Year,
}

impl Timeframe {
    /// All, shortest first.
    pub const ALL: [Self; 5] = [Self::Hour, Self::Day, Self::Week, Self::Month, Self::Year];

    /// The word for it: "Hour".
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Hour => "Hour",
            Self::Day => "Day",
            Self::Week => "Week",
            Self::Month => "Month",
            Self::Year => "Year",
        }
    }

    /// As in the query.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Year => "year",
        }
    }

    /// From the query's word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|frame| frame.as_str() == word)
    }
}

/// A series of points, oldest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct Metrics {
    /// `hour` … `year`, as the server says.
    #[serde(
        default,
        deserialize_with = "decode::word",
        skip_serializing_if = "Option::is_none"
    )]
    pub timeframe: Option<String>,
    /// The points; those without a time are left out.
    #[serde(deserialize_with = "lenient::rows")]
    pub points: Vec<MetricsPoint>,
}

fn rate<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Rate>, D::Error> {
    Ok(lenient::float(deserializer)?.map(Rate))
}

/// One point; what was not measured is `None`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, Default)]
pub struct MetricsPoint {
    /// When; epoch seconds on the wire.
    pub time: Instant,
    /// Share of the CPUs in use.
    #[serde(
        default,
        deserialize_with = "decode::fraction",
        skip_serializing_if = "Option::is_none"
    )]
    pub cpu: Option<Fraction>,
    /// Memory in use.
    #[serde(
        default,
        deserialize_with = "decode::bytes",
        skip_serializing_if = "Option::is_none"
    )]
    pub mem: Option<Bytes>,
    /// Memory in all.
    #[serde(
        default,
        deserialize_with = "decode::bytes",
        skip_serializing_if = "Option::is_none"
    )]
    pub maxmem: Option<Bytes>,
    /// Disk in use.
    #[serde(
        default,
        deserialize_with = "decode::bytes",
        skip_serializing_if = "Option::is_none"
    )]
    pub disk: Option<Bytes>,
    /// Received.
    #[serde(
        default,
        deserialize_with = "rate",
        skip_serializing_if = "Option::is_none"
    )]
    pub netin: Option<Rate>,
    /// Sent.
    #[serde(
        default,
        deserialize_with = "rate",
        skip_serializing_if = "Option::is_none"
    )]
    pub netout: Option<Rate>,
    /// Read from disks.
    #[serde(
        default,
        deserialize_with = "rate",
        skip_serializing_if = "Option::is_none"
    )]
    pub diskread: Option<Rate>,
    /// Written to disks.
    #[serde(
        default,
        deserialize_with = "rate",
        skip_serializing_if = "Option::is_none"
    )]
    pub diskwrite: Option<Rate>,
    /// Load average of a node.
    #[serde(
        default,
        deserialize_with = "lenient::float",
        skip_serializing_if = "Option::is_none"
    )]
    pub loadavg: Option<f64>,
    /// Storage in use.
    #[serde(
        default,
        deserialize_with = "decode::bytes",
        skip_serializing_if = "Option::is_none"
    )]
    pub used: Option<Bytes>,
    /// Storage in all.
    #[serde(
        default,
        deserialize_with = "decode::bytes",
        skip_serializing_if = "Option::is_none"
    )]
    pub total: Option<Bytes>,
}
