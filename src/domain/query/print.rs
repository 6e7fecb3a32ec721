//! A query as text: the one canonical way to write it, which reads back as the same query.

use super::ast::{Cmp, Field, Number, Pattern, Query, Sign, Term, Value};
use std::fmt::{self, Display, Formatter, Write};

/// Units of time, largest first.
pub(super) const TIMES: [(char, u64); 5] = [
    ('w', 604_800),
    ('d', 86_400),
    ('h', 3600),
    ('m', 60),
    ('s', 1),
];

/// Units of size, largest first; always binary.
pub(super) const SIZES: [(char, u64); 5] = [
    ('T', 1 << 40),
    ('G', 1 << 30),
    ('M', 1 << 20),
    ('K', 1 << 10),
    ('B', 1),
];

/// Where a query stands in another.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    Top,
    And,
    Or,
    Not,
}

impl Display for Query {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        write_query(self, Within::Top, false, out)
    }
}

impl Query {
    /// As a tag expression (`env-prod AND NOT always-on`), which
    /// [`parse_tags`](super::parse_tags) reads back. `None` where it asks for more than tags.
    #[must_use]
    pub fn tag_expression(&self) -> Option<String> {
        let tags_only = self.terms().iter().all(|term| {
            term.field == Some(Field::Tag)
                && term.sign == Sign::Plain
                && term.any.iter().all(|value| matches!(value, Value::Text(_)))
        });
        if !tags_only {
            return None;
        }
        let mut out = String::new();
        write_query(self, Within::Top, true, &mut out).ok()?;
        Some(out)
    }
}

fn write_query(query: &Query, within: Within, tags: bool, out: &mut dyn Write) -> fmt::Result {
    let (parts, glue, brackets) = match query {
        Query::Term(term) if tags => return write_tags(term, within, out),
        Query::Term(term) => return write_term(term, out),
        Query::Not(part) => {
            out.write_str("NOT ")?;
            return write_query(part, Within::Not, tags, out);
        }
        // These two have no text of their own but at the top; `*` matches everything.
        Query::And(parts) if parts.is_empty() => {
            return out.write_str(if within == Within::Top { "" } else { "*" });
        }
        Query::Or(parts) if parts.is_empty() => return out.write_str("NOT *"),
        Query::And(parts) => {
            // Beside OR, or where other readers than this one come, AND is spelled out.
            let glue = if tags || within == Within::Or {
                " AND "
            } else {
                " "
            };
            (parts, glue, matches!(within, Within::Not | Within::And))
        }
        Query::Or(parts) => (parts, " OR ", within != Within::Top),
    };
    let inside = match query {
        Query::Or(_) => Within::Or,
        _ => Within::And,
    };
    if brackets {
        out.write_char('(')?;
    }
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            out.write_str(glue)?;
        }
        write_query(part, inside, tags, out)?;
    }
    if brackets {
        out.write_char(')')?;
    }
    Ok(())
}

/// A tag condition in a tag expression: bare, and several values as OR.
fn write_tags(term: &Term, within: Within, out: &mut dyn Write) -> fmt::Result {
    let brackets = term.any.len() > 1 && !matches!(within, Within::Top | Within::Or);
    if brackets {
        out.write_char('(')?;
    }
    for (at, value) in term.any.iter().enumerate() {
        if at > 0 {
            out.write_str(" OR ")?;
        }
        if let Value::Text(pattern) = value {
            write_pattern(pattern, None, out)?;
        }
    }
    if brackets {
        out.write_char(')')?;
    }
    Ok(())
}

fn write_term(term: &Term, out: &mut dyn Write) -> fmt::Result {
    if let Some(field) = term.field {
        out.write_str(field.name())?;
        out.write_char(':')?;
        out.write_str(match term.sign {
            Sign::Plain => "",
            Sign::Equal => "=",
            Sign::Unequal => "!=",
        })?;
    }
    for (at, value) in term.any.iter().enumerate() {
        if at > 0 {
            out.write_char(',')?;
        }
        match value {
            Value::Text(pattern) => write_pattern(pattern, term.field, out)?,
            Value::Any => out.write_str("any")?,
            Value::None => out.write_str("none")?,
            Value::Compare(cmp, number) => {
                out.write_str(match cmp {
                    Cmp::Eq => "",
                    Cmp::Lt => "<",
                    Cmp::Le => "<=",
                    Cmp::Gt => ">",
                    Cmp::Ge => ">=",
                })?;
                write_number(*number, out)?;
            }
            Value::Range(from, to) => {
                write_number(*from, out)?;
                out.write_str("..")?;
                write_number(*to, out)?;
            }
        }
    }
    Ok(())
}

/// Text as a value of `field`, or as a bare word, in quotes where it needs them.
pub(super) fn quoted(text: &str, field: Option<Field>) -> String {
    let mut out = String::new();
    // Writing into a string does not fail.
    let _ = write_pattern(&Pattern::literal(text), field, &mut out);
    out
}

fn write_pattern(pattern: &Pattern, field: Option<Field>, out: &mut dyn Write) -> fmt::Result {
    let literal = pattern.as_literal().is_some();
    for (at, part) in pattern.parts().iter().enumerate() {
        if at > 0 {
            out.write_char('*')?;
        }
        let misread = literal && (part.is_empty() || is_keyword(part, field));
        if misread || part.starts_with('-') && at == 0 || !part.chars().all(is_plain) {
            out.write_char('"')?;
            for letter in part.chars() {
                if letter == '\\' || super::lex::is_quote(letter) {
                    out.write_char('\\')?;
                }
                out.write_char(letter)?;
            }
            out.write_char('"')?;
        } else {
            out.write_str(part)?;
        }
    }
    Ok(())
}

/// Whether a text without quotes would mean something else.
fn is_keyword(text: &str, field: Option<Field>) -> bool {
    match field {
        None => matches!(text, "AND" | "OR" | "NOT"),
        Some(field) => {
            // The text of an ID is a pattern, or else it would be a number.
            field == Field::Id
                || field.may_lack()
                    && (text.eq_ignore_ascii_case("any") || text.eq_ignore_ascii_case("none"))
        }
    }
}

/// Letters that mean themselves wherever they stand, but a leading minus.
fn is_plain(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '-' | '_' | '.' | '+' | '/' | '@')
}

fn write_number(number: Number, out: &mut dyn Write) -> fmt::Result {
    match number {
        Number::Count(count) => write!(out, "{count}"),
        Number::Percent(percent) => write!(out, "{percent}%"),
        Number::Bytes(bytes) => {
            let (unit, size) = SIZES
                .into_iter()
                .find(|(_, size)| bytes > 0 && bytes % size == 0)
                .unwrap_or(('B', 1));
            write!(out, "{}{unit}", bytes / size)
        }
        Number::Seconds(0) => out.write_str("0s"),
        Number::Seconds(seconds) => {
            let mut rest = seconds;
            for (unit, length) in TIMES {
                if rest >= length {
                    write!(out, "{}{unit}", rest / length)?;
                    rest %= length;
                }
            }
            Ok(())
        }
    }
}
