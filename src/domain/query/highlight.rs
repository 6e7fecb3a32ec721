//! Colours for a search box: what each piece of the text is.

use super::ast::Field;
use super::lex::{self, Kind};
use super::parse::{self, Error};
use std::ops::Range;

/// What a piece of a query is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece {
    /// A field's name.
    Field,
    /// Colon, comparison, comma, parenthesis.
    Operator,
    /// AND, OR, NOT and their signs.
    Keyword,
    /// A value of a field.
    Value,
    /// A bare word.
    Word,
    /// What is wrong, to be underlined.
    Error,
}

/// A piece and where it stands, in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub piece: Piece,
    /// Where.
    pub at: Range<usize>,
}

/// The pieces of a text in their order, without overlap, and the mistake in it, if there is one.
/// Spaces belong to none. Takes every text.
#[must_use]
pub fn highlight(text: &str) -> (Vec<Token>, Option<Error>) {
    let mut pieces = Vec::new();
    for token in lex::tokens(text) {
        let piece = match token.kind {
            Kind::And | Kind::Or | Kind::Not => Piece::Keyword,
            Kind::Open | Kind::Close => Piece::Operator,
            Kind::Word => {
                word(text, token.at, &mut pieces);
                continue;
            }
        };
        pieces.push(Token {
            piece,
            at: token.at,
        });
    }
    let error = parse::parse(text).err();
    if let Some(error) = &error {
        for token in &mut pieces {
            if token.at.start < error.at.end && error.at.start < token.at.end {
                token.piece = Piece::Error;
            }
        }
    }
    (pieces, error)
}

fn word(text: &str, at: Range<usize>, into: &mut Vec<Token>) {
    let mut put = |piece, at: Range<usize>| {
        if !at.is_empty() {
            into.push(Token { piece, at });
        }
    };
    let word = lex::word(text, at);
    let number = word
        .field
        .as_ref()
        .is_some_and(|name| Field::parse(&text[name.clone()]).is_some_and(Field::is_number));
    let piece = if word.field.is_some() {
        Piece::Value
    } else {
        Piece::Word
    };
    if let Some(name) = word.field {
        put(Piece::Field, name);
    }
    put(Piece::Operator, word.sign);
    let mut end = word.values_at;
    for part in word.values {
        put(Piece::Operator, end..part.at.start);
        end = part.at.end;
        let start = part.at.start;
        let value = &text[part.at];
        let signs = if number {
            value.len() - value.trim_start_matches(['<', '>', '=']).len()
        } else {
            0
        };
        put(Piece::Operator, start..start + signs);
        put(piece, start + signs..end);
    }
}
