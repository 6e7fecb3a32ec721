//! Tokens into a query.
//!
//! NOT binds tighter than AND, AND tighter than OR; words side by side are joined by AND. Only
//! capitals make `AND`, `OR` and `NOT` operators: in lower case they are words, or else a search
//! for `android` would fail at its third letter. [`lower_case_operator`] finds the place where
//! someone probably meant one.

use super::ast::{Field, Query, Sign, Term};
use super::lex::{self, Kind, Token};
use super::value;
use std::ops::Range;

/// How deep parentheses and NOT may be nested.
pub const MAX_DEPTH: usize = 64;

/// Why a text is no query: the first thing that is wrong in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// Where, in bytes, on character boundaries; never empty.
    pub at: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

impl Error {
    pub(super) fn new(at: Range<usize>, message: String, hint: Option<String>) -> Self {
        Self { at, message, hint }
    }
}

/// What bare words mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// Parts of names, IDs, nodes, pools, addresses and tags.
    Search,
    /// Whole tags.
    Tags,
}

/// Reads a query; a text without words is the one that matches everything.
///
/// # Errors
/// The first mistake.
pub fn parse(text: &str) -> Result<Query, Error> {
    parse_parts(text, Mode::Search).map(|(query, _)| query)
}

/// Reads a tag expression as jobs have them: bare words are whole tags (`env-prod AND NOT
/// always-on`), the rest is as in [`parse`], without other fields.
///
/// # Errors
/// The first mistake.
pub fn parse_tags(text: &str) -> Result<Query, Error> {
    parse_parts(text, Mode::Tags).map(|(query, _)| query)
}

/// As [`parse`], with the places of the parts that are joined by AND at the top.
pub(super) fn parse_parts(text: &str, mode: Mode) -> Result<(Query, Vec<Range<usize>>), Error> {
    let mut parser = Parser {
        text,
        tokens: lex::tokens(text),
        next: 0,
        mode,
    };
    if parser.tokens.is_empty() {
        return Ok((Query::everything(), Vec::new()));
    }
    let (query, parts) = parser.or(0)?;
    match parser.peek() {
        // Whatever else follows would have been taken into the query.
        Some(token) => Err(Error::new(
            token.at.clone(),
            "Nothing is open that this could close".to_owned(),
            Some("Remove the parenthesis".to_owned()),
        )),
        None => Ok((query, parts)),
    }
}

/// Where `and`, `or` or `not` in lower case stand as words where an operator would make sense.
#[must_use]
pub fn lower_case_operator(text: &str) -> Option<Range<usize>> {
    let tokens = lex::tokens(text);
    let operand = |token: Option<&Token>| {
        token.is_some_and(|token| matches!(token.kind, Kind::Word | Kind::Open | Kind::Close))
    };
    tokens.iter().enumerate().find_map(|(nth, token)| {
        let before = nth.checked_sub(1).and_then(|nth| tokens.get(nth));
        let follows = tokens
            .get(nth + 1)
            .is_some_and(|next| matches!(next.kind, Kind::Word | Kind::Open | Kind::Not));
        let meant = match &text[token.at.clone()] {
            "and" | "or" => operand(before) && follows,
            "not" => follows,
            _ => false,
        };
        meant.then(|| token.at.clone())
    })
}

struct Parser<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    next: usize,
    mode: Mode,
}

type Parsed = (Query, Vec<Range<usize>>);

impl Parser<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next)
    }

    fn peek_kind(&self) -> Option<Kind> {
        self.peek().map(|token| token.kind)
    }

    /// Where the token before the next one stands.
    fn last_at(&self) -> Range<usize> {
        self.next
            .checked_sub(1)
            .and_then(|last| self.tokens.get(last))
            .map_or(0..0, |token| token.at.clone())
    }

    fn or(&mut self, depth: usize) -> Result<Parsed, Error> {
        let start = self.peek().map_or(0, |token| token.at.start);
        let (first, parts) = self.and(depth)?;
        if self.peek_kind() != Some(Kind::Or) {
            return Ok((first, parts));
        }
        let mut choices = vec![first];
        while self.peek_kind() == Some(Kind::Or) {
            self.next += 1;
            choices.push(self.and(depth)?.0);
        }
        Ok((
            Query::or(choices),
            std::iter::once(start..self.last_at().end).collect(),
        ))
    }

    fn and(&mut self, depth: usize) -> Result<Parsed, Error> {
        let mut parts = Vec::new();
        let mut places = Vec::new();
        loop {
            let start = self.peek().map_or(0, |token| token.at.start);
            parts.push(self.not(depth)?);
            places.push(start..self.last_at().end);
            match self.peek_kind() {
                Some(Kind::And) => self.next += 1,
                None | Some(Kind::Or | Kind::Close) => break,
                Some(Kind::Not | Kind::Open | Kind::Word) => {}
            }
        }
        Ok((Query::and(parts), places))
    }

    fn not(&mut self, depth: usize) -> Result<Query, Error> {
        let Some(token) = self.peek().cloned() else {
            return Err(self.missing_after());
        };
        if depth >= MAX_DEPTH && matches!(token.kind, Kind::Not | Kind::Open) {
            return Err(Error::new(
                token.at,
                format!("Nested more than {MAX_DEPTH} deep"),
                Some("Take some parentheses away".to_owned()),
            ));
        }
        self.next += 1;
        match token.kind {
            Kind::Not => Ok(Query::negated(self.not(depth + 1)?)),
            Kind::Open => self.group(&token, depth),
            Kind::Word => self.term(token.at).map(Query::Term),
            Kind::And | Kind::Or | Kind::Close => {
                self.next -= 1;
                Err(self.missing_before(&token))
            }
        }
    }

    fn group(&mut self, open: &Token, depth: usize) -> Result<Query, Error> {
        let unclosed = || {
            Error::new(
                open.at.clone(),
                "This parenthesis is not closed".to_owned(),
                Some("Add ) where it ends".to_owned()),
            )
        };
        match self.peek() {
            None => return Err(unclosed()),
            Some(token) if token.kind == Kind::Close => {
                return Err(Error::new(
                    open.at.start..token.at.end,
                    "Nothing stands in these parentheses".to_owned(),
                    None,
                ));
            }
            Some(_) => {}
        }
        let (query, _) = self.or(depth + 1)?;
        if self.peek_kind() != Some(Kind::Close) {
            return Err(unclosed());
        }
        self.next += 1;
        Ok(query)
    }

    /// The text ends where a condition should follow.
    fn missing_after(&self) -> Error {
        let at = self.last_at();
        let word = &self.text[at.clone()];
        Error::new(at, format!("Something is missing after {word}"), None)
    }

    /// An operator or `)` stands where a condition should.
    fn missing_before(&self, token: &Token) -> Error {
        let word = &self.text[token.at.clone()];
        let before = self.last_at();
        if before.is_empty() && token.kind == Kind::Close {
            return Error::new(
                token.at.clone(),
                "Nothing is open that this could close".to_owned(),
                Some("Remove the parenthesis".to_owned()),
            );
        }
        let message = if before.is_empty() {
            format!("Something is missing before {word}")
        } else {
            let before = &self.text[before];
            format!("Something is missing between {before} and {word}")
        };
        let hint = (token.kind != Kind::Close)
            .then(|| format!("To search for the word, put it in quotes: \"{word}\""));
        Error::new(token.at.clone(), message, hint)
    }

    fn term(&self, at: Range<usize>) -> Result<Term, Error> {
        let word = lex::word(self.text, at.clone());
        if let Some(quote) = word.unclosed {
            return Err(Error::new(
                quote..at.end,
                "This quote is not closed".to_owned(),
                Some("Add \" where it ends".to_owned()),
            ));
        }
        let Some(name_at) = word.field.clone() else {
            let field = (self.mode == Mode::Tags).then_some(Field::Tag);
            return Ok(Term {
                field,
                sign: Sign::Plain,
                any: value::texts(&word.values),
                span: at,
            });
        };
        let name = &self.text[name_at.clone()];
        let Some(field) = Field::parse(name) else {
            return Err(unknown_field(name, name_at, &self.text[at]));
        };
        if self.mode == Mode::Tags && field != Field::Tag {
            return Err(Error::new(
                name_at,
                format!("A tag expression has tags only, not {}", field.name()),
                None,
            ));
        }
        if word.values.iter().all(|part| part.at.is_empty()) {
            // A group may not follow a field; it reads as if the value were missing.
            let hint = if self.text[at.end..].starts_with('(') {
                format!("Separate values by commas: {}:a,b", field.name())
            } else {
                format!("For example {}", field.example())
            };
            return Err(Error::new(
                at,
                format!("{} needs a value", field.name()),
                Some(hint),
            ));
        }
        let sign = match &self.text[word.sign.clone()] {
            sign if sign.ends_with("!=") => Sign::Unequal,
            sign if sign.ends_with('=') && field == Field::Name => Sign::Equal,
            _ => Sign::Plain,
        };
        let any = value::values(field, &word.values)?;
        Ok(Term {
            field: Some(field),
            sign,
            any,
            span: at,
        })
    }
}

fn unknown_field(name: &str, name_at: Range<usize>, whole: &str) -> Error {
    let near = Field::ALL
        .into_iter()
        .map(|field| (distance(name, field.name()), field))
        .filter(|(distance, _)| *distance <= 2 && *distance < name.len())
        .min();
    let quotes = format!("\"{}\"", whole.replace(lex::is_quote, ""));
    let hint = match near {
        Some((_, field)) => format!(
            "Did you mean {}:? To search for the text: {quotes}",
            field.name()
        ),
        None => format!("To search for the text, put it in quotes: {quotes}"),
    };
    Error::new(name_at, format!("There is no field {name}"), Some(hint))
}

/// How many letters must be changed, added or removed to make one word of the other.
fn distance(a: &str, b: &str) -> usize {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let changed = diagonal + usize::from(!x.eq_ignore_ascii_case(y));
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(row[j + 1] + 1);
        }
    }
    row[b.len()]
}
