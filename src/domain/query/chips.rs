//! A query as chips: the conditions that are joined by AND at the top, each of which can be shown
//! and taken away by itself. What a person typed is kept as it is, spaces and spelling included.

use super::ast::Query;
use super::parse::{self, Error, Mode};
use std::ops::Range;

/// A condition of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chip {
    /// As it was typed.
    pub text: String,
    /// Where it stands, in bytes.
    pub at: Range<usize>,
}

/// The chips of a query; one alone where its conditions are joined by OR.
///
/// # Errors
/// Where the text is no query.
pub fn chips(text: &str) -> Result<Vec<Chip>, Error> {
    let (_, places) = parse::parse_parts(text, Mode::Search)?;
    Ok(places
        .into_iter()
        .map(|at| Chip {
            text: text[at.clone()].to_owned(),
            at,
        })
        .collect())
}

/// The text without one of its chips; unchanged where there is no such chip.
#[must_use]
pub fn without(text: &str, chip: usize) -> String {
    let Ok(chips) = chips(text) else {
        return text.to_owned();
    };
    let Some(gone) = chips.get(chip) else {
        return text.to_owned();
    };
    let before = chip.checked_sub(1).and_then(|before| chips.get(before));
    let (head, tail) = match (before, chips.get(chip + 1)) {
        (Some(before), _) => (&text[..before.at.end], &text[gone.at.end..]),
        // The first takes the operator behind it along.
        (None, Some(after)) => ("", &text[after.at.start..]),
        (None, None) => ("", ""),
    };
    let (head, tail) = (head.trim_start(), tail.trim_end());
    // `a(b)c` must not become `ac`.
    let glue = if head.is_empty() || tail.is_empty() || tail.starts_with(char::is_whitespace) {
        ""
    } else {
        " "
    };
    format!("{head}{glue}{tail}")
}

/// The text with one more condition that must hold as well. A text that is no query cannot be put
/// in parentheses, so there the condition follows as it is.
#[must_use]
pub fn with_term(text: &str, term: &str) -> String {
    let (text, term) = (text.trim(), term.trim());
    if text.is_empty() || term.is_empty() {
        return format!("{text}{term}");
    }
    let operand = |part: &str| match parse::parse(part) {
        Ok(Query::Or(_)) => format!("({part})"),
        _ => part.to_owned(),
    };
    format!("{} {}", operand(text), operand(term))
}

/// The text without the condition where it has it as a chip, however it is spelled there; else
/// with it.
#[must_use]
pub fn toggle_term(text: &str, term: &str) -> String {
    match position(text, term) {
        None => with_term(text, term),
        Some(first) => {
            let mut rest = without(text, first);
            while let Some(again) = position(&rest, term) {
                rest = without(&rest, again);
            }
            rest
        }
    }
}

/// The first chip that says the same as `term`.
#[must_use]
pub fn position(text: &str, term: &str) -> Option<usize> {
    let wanted = parse::parse(term).ok()?;
    chips(text)
        .ok()?
        .iter()
        .position(|chip| parse::parse(&chip.text).is_ok_and(|query| query == wanted))
}
