//! What a query says, apart from how it was typed.

use std::ops::Range;

/// A query. Built by [`Query::and`], [`Query::or`] and [`Query::negated`] it is in normal form: lists
/// of two or more, none directly inside one of its own kind. The empty `And` matches everything.
#[derive(Debug, Clone, PartialEq)]
pub enum Query {
    /// All of these.
    And(Vec<Query>),
    /// At least one of these.
    Or(Vec<Query>),
    /// Everything else.
    Not(Box<Query>),
    /// One condition.
    Term(Term),
}

impl Query {
    /// The query without conditions.
    #[must_use]
    pub const fn everything() -> Self {
        Self::And(Vec::new())
    }

    /// Whether it has no conditions.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        matches!(self, Self::And(parts) if parts.is_empty())
    }

    /// All of `parts`; of none, everything.
    #[must_use]
    pub fn and(parts: Vec<Self>) -> Self {
        let mut flat = Vec::with_capacity(parts.len());
        for part in parts {
            match part {
                Self::And(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        if flat.len() == 1 {
            flat.remove(0)
        } else {
            Self::And(flat)
        }
    }

    /// Any of `parts`. Of none, everything: where no choice is named, none is made.
    #[must_use]
    pub fn or(parts: Vec<Self>) -> Self {
        let mut flat = Vec::with_capacity(parts.len());
        for part in parts {
            if part.is_everything() {
                return part;
            }
            match part {
                Self::Or(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        match flat.len() {
            0 => Self::everything(),
            1 => flat.remove(0),
            _ => Self::Or(flat),
        }
    }

    /// All that `part` does not match.
    #[must_use]
    pub fn negated(part: Self) -> Self {
        Self::Not(Box::new(part))
    }

    /// The conditions in it, in their order.
    #[must_use]
    pub fn terms(&self) -> Vec<&Term> {
        fn collect<'a>(query: &'a Query, into: &mut Vec<&'a Term>) {
            match query {
                Query::And(parts) | Query::Or(parts) => {
                    for part in parts {
                        collect(part, into);
                    }
                }
                Query::Not(part) => collect(part, into),
                Query::Term(term) => into.push(term),
            }
        }
        let mut terms = Vec::new();
        collect(self, &mut terms);
        terms
    }
}

/// One condition: a bare word, or `field:value`.
#[derive(Debug, Clone)]
pub struct Term {
    /// What is looked at; `None` for a bare word.
    pub field: Option<Field>,
    /// The sign before the values.
    pub sign: Sign,
    /// The values, of which one must fit (with [`Sign::Unequal`]: none may).
    pub any: Vec<Value>,
    /// Where it stands in the text, in bytes; `0..0` where it was not typed.
    pub span: Range<usize>,
}

/// Equal where they say the same, wherever they stand.
impl PartialEq for Term {
    fn eq(&self, other: &Self) -> bool {
        self.field == other.field && self.sign == other.sign && self.any == other.any
    }
}

impl Term {
    /// `field:value`, or a bare word, with the text taken literally.
    #[must_use]
    pub fn literal(field: Option<Field>, text: &str) -> Self {
        Self {
            field,
            sign: Sign::Plain,
            any: vec![Value::Text(Pattern::literal(text))],
            span: 0..0,
        }
    }
}

/// The sign before all values of a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// None.
    Plain,
    /// `=`: the whole name. Other fields compare whole values anyway and are [`Sign::Plain`].
    Equal,
    /// `!=`: none of the values. A measurement must be known to be unequal.
    Unequal,
}

/// One value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Text, perhaps with wildcards.
    Text(Pattern),
    /// `any`: there is one.
    Any,
    /// `none`: there is none.
    None,
    /// A number, with a comparison or (`Eq`) without.
    Compare(Cmp, Number),
    /// `from..to`, both included.
    Range(Number, Number),
}

/// A comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cmp {
    /// Equal; of measurements, about equal.
    Eq,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
}

/// A number with its unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Number {
    /// Of an ID.
    Count(u64),
    /// Percent, 0 to 100 and above.
    Percent(f64),
    /// Bytes.
    Bytes(u64),
    /// Seconds.
    Seconds(u64),
}

/// Text in which `*` stands for any letters, also none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    /// The pieces between the wildcards: one more than there are wildcards.
    parts: Vec<String>,
}

impl Pattern {
    /// Without wildcards.
    #[must_use]
    pub fn literal(text: &str) -> Self {
        Self {
            parts: vec![text.to_owned()],
        }
    }

    /// With a wildcard between each two parts.
    #[must_use]
    pub fn between(parts: Vec<String>) -> Self {
        let last = parts.len().saturating_sub(1);
        let mut kept: Vec<String> = Vec::with_capacity(parts.len());
        for (at, part) in parts.into_iter().enumerate() {
            // Two wildcards in a row say no more than one.
            if at == 0 || at == last || !part.is_empty() {
                kept.push(part);
            }
        }
        if kept.is_empty() {
            kept.push(String::new());
        }
        Self { parts: kept }
    }

    /// The pieces between the wildcards; a single one where there are none.
    #[must_use]
    pub fn parts(&self) -> &[String] {
        &self.parts
    }

    /// The text, where there are no wildcards.
    #[must_use]
    pub fn as_literal(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [only] => Some(only),
            _ => None,
        }
    }
}

/// What a condition looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// A tag, whole.
    Tag,
    /// Node, whole.
    Node,
    /// State, whole; a template's is `template` and nothing else.
    Status,
    /// `qemu` (also `vm`) or `lxc` (also `ct`, `container`).
    Type,
    /// Pool, whole.
    Pool,
    /// Name: a part of it, or with `=` all of it.
    Name,
    /// Number.
    Id,
    /// An address, whole.
    Ip,
    /// Share of its cores in use.
    Cpu,
    /// Memory in use: a share of all, or absolute.
    Mem,
    /// Disk in use: a share of all, or absolute.
    Disk,
    /// Time since start.
    Uptime,
    /// Lock.
    Lock,
    /// State under high availability.
    Ha,
    /// Kubernetes cluster, from the tag `cluster-NAME`.
    Cluster,
}

impl Field {
    /// All, in the order in which they are offered.
    pub const ALL: [Self; 15] = [
        Self::Tag,
        Self::Node,
        Self::Status,
        Self::Type,
        Self::Pool,
        Self::Name,
        Self::Id,
        Self::Ip,
        Self::Cpu,
        Self::Mem,
        Self::Disk,
        Self::Uptime,
        Self::Lock,
        Self::Ha,
        Self::Cluster,
    ];

    /// As it is written before the colon.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Tag => "tag",
            Self::Node => "node",
            Self::Status => "status",
            Self::Type => "type",
            Self::Pool => "pool",
            Self::Name => "name",
            Self::Id => "id",
            Self::Ip => "ip",
            Self::Cpu => "cpu",
            Self::Mem => "mem",
            Self::Disk => "disk",
            Self::Uptime => "uptime",
            Self::Lock => "lock",
            Self::Ha => "ha",
            Self::Cluster => "cluster",
        }
    }

    /// From its name in any case, or a word that people use for it.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        const OTHER: [(&str, Field); 6] = [
            ("tags", Field::Tag),
            ("state", Field::Status),
            ("kind", Field::Type),
            ("vmid", Field::Id),
            ("memory", Field::Mem),
            ("host", Field::Node),
        ];
        Self::ALL
            .into_iter()
            .find(|field| field.name().eq_ignore_ascii_case(word))
            .or_else(|| {
                OTHER
                    .into_iter()
                    .find(|(name, _)| name.eq_ignore_ascii_case(word))
                    .map(|(_, field)| field)
            })
    }

    /// Whether its values are numbers.
    #[must_use]
    pub const fn is_number(self) -> bool {
        matches!(
            self,
            Self::Id | Self::Cpu | Self::Mem | Self::Disk | Self::Uptime
        )
    }

    /// Whether a VM may be known to have none, so that `any` and `none` mean something.
    #[must_use]
    pub const fn may_lack(self) -> bool {
        matches!(
            self,
            Self::Tag | Self::Pool | Self::Lock | Self::Ha | Self::Cluster
        )
    }

    /// How a value of it is written.
    #[must_use]
    pub const fn example(self) -> &'static str {
        match self {
            Self::Tag => "tag:env-prod",
            Self::Node => "node:pve1,pve2",
            Self::Status => "status:running",
            Self::Type => "type:lxc",
            Self::Pool => "pool:web",
            Self::Name => "name:web*",
            Self::Id => "id:100..199",
            Self::Ip => "ip:10.0.*",
            Self::Cpu => "cpu:>80%",
            Self::Mem => "mem:>4G",
            Self::Disk => "disk:>90%",
            Self::Uptime => "uptime:<1h",
            Self::Lock => "lock:any",
            Self::Ha => "ha:started",
            Self::Cluster => "cluster:prod",
        }
    }
}
