//! Which VMs a query matches.
//!
//! Two-valued: a condition holds or it does not. What is unknown (the CPU of a VM that is off, the
//! addresses of one without a guest agent) fits no comparison, `!=` included. `NOT` turns the
//! answer round and nothing else, so that a query and its NOT always share out the whole list;
//! `NOT cpu:>50%` therefore keeps the VMs whose CPU is unknown, and `cpu:<=50%` does not.

use super::ast::{Cmp, Field, Number, Pattern, Query, Sign, Term, Value};
use super::fold::{self, Digits};
use crate::domain::ids::VmId;

/// A VM, as far as queries look at it. Borrowed from the list's rows.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// Number.
    pub vmid: VmId,
    /// Name; may be empty.
    pub name: &'a str,
    /// Node.
    pub node: &'a str,
    /// `qemu` or `lxc`.
    pub kind: &'a str,
    /// State in the server's word.
    pub status: &'a str,
    /// Whether it is a template; a template has no other state.
    pub template: bool,
    /// Tags.
    pub tags: &'a [String],
    /// Pool.
    pub pool: Option<&'a str>,
    /// Addresses that are known, with or without `/24` behind them.
    pub ips: &'a [String],
    /// Lock.
    pub lock: Option<&'a str>,
    /// State under high availability.
    pub ha: Option<&'a str>,
    /// Share of its cores in use, 0 to 1; `None` where unknown, as when it is off.
    pub cpu: Option<f64>,
    /// Bytes of memory in use.
    pub mem: Option<u64>,
    /// Bytes of memory in all.
    pub maxmem: Option<u64>,
    /// Bytes of disk in use.
    pub disk: Option<u64>,
    /// Bytes of disk in all.
    pub maxdisk: Option<u64>,
    /// Seconds since start.
    pub uptime: Option<u64>,
}

impl<'a> Facts<'a> {
    /// The names of its Kubernetes clusters.
    pub(super) fn clusters(self) -> impl Iterator<Item = &'a str> {
        self.tags.iter().filter_map(|tag| cluster(tag))
    }

    /// State, `template` for a template.
    pub(super) const fn state(self) -> &'a str {
        if self.template {
            "template"
        } else {
            self.status
        }
    }
}

/// The cluster that a tag names.
fn cluster(tag: &str) -> Option<&str> {
    const PREFIX: &str = "cluster-";
    let (prefix, name) = tag.split_at_checked(PREFIX.len())?;
    prefix.eq_ignore_ascii_case(PREFIX).then_some(name)
}

/// A query, prepared once for many rows.
#[derive(Debug, Clone)]
pub struct Compiled {
    root: Rule,
}

#[derive(Debug, Clone)]
enum Rule {
    All(Vec<Rule>),
    Any(Vec<Rule>),
    Not(Box<Rule>),
    Term {
        field: Option<Field>,
        unequal: bool,
        any: Vec<Needle>,
    },
}

/// A value, ready to be compared.
#[derive(Debug, Clone)]
enum Needle {
    /// The whole text.
    Is(String),
    /// A part of it.
    Has(String),
    /// The whole text, with wildcards.
    Glob(Vec<String>),
    Any,
    None,
    /// Between the two, each end included or not; infinite where there is none.
    Between(Measure, Bound, Bound),
}

/// What a number measures.
#[derive(Debug, Clone, Copy)]
enum Measure {
    /// A share of all.
    Share,
    /// A count, bytes or seconds.
    Amount,
}

#[derive(Debug, Clone, Copy)]
struct Bound {
    at: f64,
    included: bool,
}

impl Compiled {
    /// Prepares a query.
    #[must_use]
    pub fn new(query: &Query) -> Self {
        Self { root: rule(query) }
    }

    /// Whether a VM matches.
    #[must_use]
    pub fn matches(&self, facts: &Facts<'_>) -> bool {
        self.root.holds(facts)
    }
}

fn rule(query: &Query) -> Rule {
    match query {
        Query::And(parts) => Rule::All(parts.iter().map(rule).collect()),
        Query::Or(parts) => Rule::Any(parts.iter().map(rule).collect()),
        Query::Not(part) => Rule::Not(Box::new(rule(part))),
        Query::Term(term) => Rule::Term {
            field: term.field,
            unequal: term.sign == Sign::Unequal,
            any: term.any.iter().map(|value| needle(term, value)).collect(),
        },
    }
}

fn needle(term: &Term, value: &Value) -> Needle {
    match value {
        Value::Text(pattern) => text_needle(term, pattern),
        Value::Any => Needle::Any,
        Value::None => Needle::None,
        Value::Range(from, to) => {
            let bound = |number| Bound {
                at: amount(number),
                included: true,
            };
            Needle::Between(measure(*from), bound(*from), bound(*to))
        }
        Value::Compare(cmp, number) => {
            let at = amount(*number);
            let bound = |at, included| Bound { at, included };
            let (least, most) = (bound(f64::NEG_INFINITY, true), bound(f64::INFINITY, true));
            let (from, to) = match cmp {
                Cmp::Lt => (least, bound(at, false)),
                Cmp::Le => (least, bound(at, true)),
                Cmp::Gt => (bound(at, false), most),
                Cmp::Ge => (bound(at, true), most),
                Cmp::Eq => {
                    let about = leeway(*number, at);
                    (bound(at - about, true), bound(at + about, true))
                }
            };
            Needle::Between(measure(*number), from, to)
        }
    }
}

fn text_needle(term: &Term, pattern: &Pattern) -> Needle {
    let Some(text) = pattern.as_literal() else {
        return Needle::Glob(
            pattern
                .parts()
                .iter()
                .map(|part| fold::folded(part))
                .collect(),
        );
    };
    let text = fold::folded(text);
    match (term.field, term.sign, text.as_str()) {
        (None, ..) | (Some(Field::Name), Sign::Plain, _) => Needle::Has(text),
        (Some(Field::Type), _, "vm") => Needle::Is("qemu".to_owned()),
        (Some(Field::Type), _, "ct" | "container") => Needle::Is("lxc".to_owned()),
        _ => Needle::Is(text),
    }
}

const fn measure(number: Number) -> Measure {
    match number {
        Number::Percent(_) => Measure::Share,
        Number::Count(_) | Number::Bytes(_) | Number::Seconds(_) => Measure::Amount,
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "below 2^53, or nothing that anyone could tell apart"
)]
const fn exact(number: u64) -> f64 {
    number as f64
}

fn amount(number: Number) -> f64 {
    match number {
        Number::Percent(percent) => percent / 100.0,
        Number::Count(number) | Number::Bytes(number) | Number::Seconds(number) => exact(number),
    }
}

/// How far a measurement may be off and still be about equal, for no measurement is exactly `4G`:
/// half a percent, of the whole for a share, else of the number itself. IDs are exact.
fn leeway(number: Number, at: f64) -> f64 {
    match number {
        Number::Percent(_) => 0.005,
        Number::Count(_) => 0.0,
        Number::Bytes(_) | Number::Seconds(_) => at * 0.005,
    }
}

impl Rule {
    fn holds(&self, facts: &Facts<'_>) -> bool {
        match self {
            Self::All(rules) => rules.iter().all(|rule| rule.holds(facts)),
            Self::Any(rules) => rules.iter().any(|rule| rule.holds(facts)),
            Self::Not(rule) => !rule.holds(facts),
            Self::Term {
                field,
                unequal,
                any,
            } => {
                let fits = any.iter().any(|needle| needle.fits(*field, facts));
                if *unequal {
                    !fits && any.iter().all(|needle| needle.is_known(*field, facts))
                } else {
                    fits
                }
            }
        }
    }
}

impl Needle {
    fn fits(&self, field: Option<Field>, facts: &Facts<'_>) -> bool {
        let Some(field) = field else {
            return self.found(facts);
        };
        let some = |text: Option<&str>| match self {
            Self::Any => text.is_some(),
            Self::None => text.is_none(),
            _ => text.is_some_and(|text| self.text(text)),
        };
        match field {
            Field::Tag => match self {
                Self::Any => !facts.tags.is_empty(),
                Self::None => facts.tags.is_empty(),
                _ => facts.tags.iter().any(|tag| self.text(tag)),
            },
            Field::Cluster => match self {
                Self::Any => facts.clusters().next().is_some(),
                Self::None => facts.clusters().next().is_none(),
                _ => facts.clusters().any(|name| self.text(name)),
            },
            Field::Node => self.text(facts.node),
            Field::Status => self.text(facts.state()),
            Field::Type => self.text(facts.kind),
            Field::Pool => some(facts.pool),
            Field::Name => self.text(facts.name),
            Field::Ip => self.ip(facts),
            Field::Lock => some(facts.lock),
            Field::Ha => some(facts.ha),
            Field::Id if !matches!(self, Self::Between(..)) => {
                self.text(Digits::new(facts.vmid.0).as_str())
            }
            Field::Id | Field::Cpu | Field::Mem | Field::Disk | Field::Uptime => {
                self.number(field, facts).is_some_and(|(number, from, to)| {
                    (number > from.at || from.included && number >= from.at)
                        && (number < to.at || to.included && number <= to.at)
                })
            }
        }
    }

    /// A bare word: anywhere in what a row says of itself.
    fn found(&self, facts: &Facts<'_>) -> bool {
        self.text(facts.name)
            || self.text(Digits::new(facts.vmid.0).as_str())
            || self.text(facts.node)
            || facts.pool.is_some_and(|pool| self.text(pool))
            || facts.tags.iter().any(|tag| self.text(tag))
            || self.ip(facts)
    }

    fn ip(&self, facts: &Facts<'_>) -> bool {
        facts.ips.iter().any(|ip| {
            let (address, _) = ip.split_once('/').unwrap_or((ip, ""));
            self.text(address)
        })
    }

    fn text(&self, text: &str) -> bool {
        match self {
            Self::Is(needle) => fold::is(text, needle),
            Self::Has(needle) => fold::contains(text, needle),
            Self::Glob(parts) => fold::glob(text, parts),
            Self::Any | Self::None | Self::Between(..) => false,
        }
    }

    /// The number to compare, where it is known, and its bounds.
    fn number(&self, field: Field, facts: &Facts<'_>) -> Option<(f64, Bound, Bound)> {
        let Self::Between(measure, from, to) = self else {
            return None;
        };
        let of = |used: Option<u64>, total: Option<u64>| match measure {
            Measure::Amount => used.map(exact),
            Measure::Share => {
                let total = total.filter(|total| *total > 0)?;
                Some(exact(used?) / exact(total))
            }
        };
        let number = match field {
            Field::Id => Some(f64::from(facts.vmid.0)),
            Field::Cpu => facts.cpu,
            Field::Mem => of(facts.mem, facts.maxmem),
            Field::Disk => of(facts.disk, facts.maxdisk),
            Field::Uptime => facts.uptime.map(exact),
            _ => None,
        };
        number.map(|number| (number, *from, *to))
    }

    /// Whether there is something to be unequal to. What has no pool is known to have none.
    fn is_known(&self, field: Option<Field>, facts: &Facts<'_>) -> bool {
        match (self, field) {
            (Self::Between(..), Some(field)) => self.number(field, facts).is_some(),
            (_, Some(Field::Ip)) => !facts.ips.is_empty(),
            _ => true,
        }
    }
}
