//! Text into tokens. Takes every text, so that what is half typed can be coloured and completed.

use std::ops::Range;

/// Kind of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// `AND`, `&&`.
    And,
    /// `OR`, `||`.
    Or,
    /// `NOT`, `!`, `-` before something.
    Not,
    /// `(`
    Open,
    /// `)`
    Close,
    /// A word, or a field with its values.
    Word,
}

/// A token and where it stands, in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub kind: Kind,
    pub at: Range<usize>,
}

/// A letter of a word, with the quotes taken off.
#[derive(Debug, Clone, Copy)]
pub(super) struct Letter {
    /// Its first byte in the whole text; of an escaped letter, that of the backslash.
    pub at: usize,
    pub letter: char,
    /// Whether quotes take its meaning from it.
    pub quoted: bool,
}

/// Straight quotes, and those that telephones make of them.
pub(super) const fn is_quote(letter: char) -> bool {
    matches!(letter, '"' | '\u{201c}' | '\u{201d}' | '\u{201e}')
}

/// The tokens of a text, in their order.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(letter) = text[at..].chars().next() {
        if letter.is_whitespace() {
            at += letter.len_utf8();
            continue;
        }
        let rest = &text[at..];
        let (kind, len) = match letter {
            '(' => (Kind::Open, 1),
            ')' => (Kind::Close, 1),
            '&' if rest.starts_with("&&") => (Kind::And, 2),
            '|' if rest.starts_with("||") => (Kind::Or, 2),
            '!' => (Kind::Not, 1),
            '-' if rest[1..].starts_with(|c: char| !c.is_whitespace() && c != ')') => {
                (Kind::Not, 1)
            }
            _ => {
                let len = word_len(rest);
                let kind = match &rest[..len] {
                    "AND" => Kind::And,
                    "OR" => Kind::Or,
                    "NOT" => Kind::Not,
                    _ => Kind::Word,
                };
                (kind, len)
            }
        };
        tokens.push(Token {
            kind,
            at: at..at + len,
        });
        at += len;
    }
    tokens
}

/// Bytes of the word that `rest` begins with.
fn word_len(rest: &str) -> usize {
    let mut quoted = false;
    let mut escaped = false;
    for (at, letter) in rest.char_indices() {
        if escaped {
            escaped = false;
        } else if quoted {
            escaped = letter == '\\';
            quoted = !is_quote(letter);
        } else if is_quote(letter) {
            quoted = true;
        } else {
            let tail = &rest[at..];
            let ends = letter.is_whitespace()
                || matches!(letter, '(' | ')')
                || tail.starts_with("&&")
                || tail.starts_with("||");
            if ends {
                return at;
            }
        }
    }
    rest.len()
}

/// The letters of the word at `at`, without quotes, and where a quote opens that does not close.
pub(super) fn letters(text: &str, at: Range<usize>) -> (Vec<Letter>, Option<usize>) {
    let mut letters = Vec::with_capacity(at.len());
    let mut opened = None;
    let mut chars = text[at.clone()].char_indices().peekable();
    while let Some((offset, letter)) = chars.next() {
        let here = at.start + offset;
        if is_quote(letter) {
            opened = if opened.is_some() { None } else { Some(here) };
            continue;
        }
        let escaped = (opened.is_some() && letter == '\\')
            .then(|| chars.next_if(|(_, next)| *next == '\\' || is_quote(*next)))
            .flatten();
        letters.push(Letter {
            at: here,
            letter: escaped.map_or(letter, |(_, next)| next),
            quoted: opened.is_some(),
        });
    }
    (letters, opened)
}

/// A word taken apart: `field:` or `field>` and what follows, or all values.
#[derive(Debug, Clone)]
pub(super) struct Word {
    /// The field's name as typed, without the colon; `None` for a bare word.
    pub field: Option<Range<usize>>,
    /// Where the values begin: behind the colon and the sign.
    pub values_at: usize,
    /// Signs between field and values, with the colon; empty for a bare word.
    pub sign: Range<usize>,
    /// The letters of each value, comma by comma.
    pub values: Vec<Part>,
    /// Where a quote opens that does not close.
    pub unclosed: Option<usize>,
}

/// A value between commas.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub at: Range<usize>,
    pub letters: Vec<Letter>,
}

impl Part {
    /// Without quotes.
    pub fn text(&self) -> String {
        self.letters.iter().map(|letter| letter.letter).collect()
    }

    /// Whether its letters are these, and none is in quotes.
    pub fn is_word(&self, word: &str) -> bool {
        self.letters.len() == word.len() && self.letters.iter().all(|letter| !letter.quoted) && {
            let mut letters = self.letters.iter();
            word.chars().all(|expected| {
                letters
                    .next()
                    .is_some_and(|found| found.letter.eq_ignore_ascii_case(&expected))
            })
        }
    }
}

/// Takes the word at `at` apart. A field's name is letters only, so that `fe80::1` stays a word.
/// `cpu>80%` is read as `cpu:>80%` where the name is that of a field.
pub(super) fn word(text: &str, at: Range<usize>) -> Word {
    let (letters, unclosed) = letters(text, at.clone());
    let name_len = letters
        .iter()
        .enumerate()
        .take_while(|(nth, letter)| {
            letter.at == at.start + nth && !letter.quoted && letter.letter.is_ascii_alphabetic()
        })
        .count();
    let name = at.start..at.start + name_len;
    let behind = &text.as_bytes()[name.end..at.end];
    let compares = match behind {
        [b':', ..] => true,
        [b'<' | b'>' | b'=', ..] | [b'!', b'=', ..] => {
            super::ast::Field::parse(&text[name.clone()]).is_some()
        }
        _ => false,
    };
    let field = (name_len > 0 && compares).then_some(name.clone());
    let mut values_at = at.start;
    if field.is_some() {
        values_at = name.end + usize::from(behind.first() == Some(&b':'));
        let rest = &text[values_at..at.end];
        values_at += if rest.starts_with("!=") {
            2
        } else {
            usize::from(rest.starts_with('='))
        };
    }
    let sign = if field.is_some() {
        name.end..values_at
    } else {
        at.start..at.start
    };
    let mut values = Vec::new();
    let mut start = values_at;
    let mut part = Vec::new();
    for letter in letters.iter().filter(|letter| letter.at >= values_at) {
        if letter.letter == ',' && !letter.quoted {
            values.push(Part {
                at: start..letter.at,
                letters: std::mem::take(&mut part),
            });
            start = letter.at + 1;
        } else {
            part.push(*letter);
        }
    }
    values.push(Part {
        at: start..at.end,
        letters: part,
    });
    Word {
        field,
        values_at,
        sign,
        values,
        unclosed,
    }
}
