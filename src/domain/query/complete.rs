//! What could follow at the cursor, and how many VMs each would find.

use super::ast::Field;
use super::eval::Facts;
use super::lex::{self, Kind, Part, Token, Word};
use super::{fold, print};
use std::collections::BTreeMap;
use std::ops::Range;

/// At most so many candidates; nobody reads further.
const MOST: usize = 50;

/// The fields whose values are counted.
const COUNTED: [Field; 8] = [
    Field::Tag,
    Field::Node,
    Field::Status,
    Field::Type,
    Field::Pool,
    Field::Lock,
    Field::Ha,
    Field::Cluster,
];

/// The values that VMs have, with the number of VMs that have them.
#[derive(Debug, Clone, Default)]
pub struct Index {
    counts: [BTreeMap<String, u32>; 8],
    /// VMs with at least one value of the field.
    having: [u32; 8],
    total: u32,
}

impl Index {
    /// Counts rows.
    #[must_use]
    pub fn of<'a>(rows: impl IntoIterator<Item = Facts<'a>>) -> Self {
        let mut index = Self::default();
        for row in rows {
            index.add(&row);
        }
        index
    }

    /// Counts one more row.
    pub fn add(&mut self, row: &Facts<'_>) {
        self.total += 1;
        let mut put = |at: usize, value: &str, first: bool| {
            if value.is_empty() {
                return;
            }
            match self.counts[at].get_mut(value) {
                Some(count) => *count += 1,
                None => {
                    self.counts[at].insert(value.to_owned(), 1);
                }
            }
            self.having[at] += u32::from(first);
        };
        for (nth, tag) in row.tags.iter().enumerate() {
            put(0, tag, nth == 0);
        }
        put(1, row.node, true);
        put(2, row.state(), true);
        put(3, row.kind, true);
        put(4, row.pool.unwrap_or_default(), true);
        put(5, row.lock.unwrap_or_default(), true);
        put(6, row.ha.unwrap_or_default(), true);
        for (nth, cluster) in row.clusters().enumerate() {
            put(7, cluster, nth == 0);
        }
    }

    /// The values of a field, by name, with their counts; none for what is not counted.
    pub fn values(&self, field: Field) -> impl Iterator<Item = (&str, u32)> {
        let at = COUNTED.iter().position(|counted| *counted == field);
        at.into_iter()
            .flat_map(|at| &self.counts[at])
            .map(|(value, count)| (value.as_str(), *count))
    }

    /// How many VMs have a value of the field.
    fn having(&self, field: Field) -> u32 {
        let at = COUNTED.iter().position(|counted| *counted == field);
        at.map_or(0, |at| self.having[at])
    }
}

/// What is being typed, or what a candidate is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// The name of a field.
    Field,
    /// A value of a field.
    Value(Field),
    /// AND, OR, NOT.
    Operator,
    /// A bare word.
    Word,
}

/// What could be put in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// What it is.
    pub what: What,
    /// To be shown.
    pub label: String,
    /// To be put in, in quotes where it needs them.
    pub insert: String,
    /// How many VMs have it, where that is counted.
    pub count: Option<u32>,
}

/// What the cursor stands in, and what could stand there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// What is being typed.
    pub what: What,
    /// What a candidate replaces, in bytes, on character boundaries.
    pub replace: Range<usize>,
    /// Best first: what begins as typed before what contains it, then what more VMs have.
    pub candidates: Vec<Candidate>,
}

/// Completes a query at a cursor, in bytes; one inside a letter counts as before it.
#[must_use]
pub fn complete(text: &str, cursor: usize, index: &Index) -> Completion {
    Completer {
        text,
        index,
        tags: false,
    }
    .at(cursor)
}

/// Completes a tag expression, as [`parse_tags`](super::parse_tags) reads it.
#[must_use]
pub fn complete_tags(text: &str, cursor: usize, index: &Index) -> Completion {
    Completer {
        text,
        index,
        tags: true,
    }
    .at(cursor)
}

struct Completer<'a> {
    text: &'a str,
    index: &'a Index,
    tags: bool,
}

impl Completer<'_> {
    fn at(&self, cursor: usize) -> Completion {
        let cursor = self.text.floor_char_boundary(cursor);
        let tokens = lex::tokens(self.text);
        let touched = tokens.iter().position(|token| {
            token.at.start < cursor && cursor <= token.at.end && self.is_typed(token)
        });
        let before = match touched {
            Some(touched) => touched.checked_sub(1),
            None => tokens.iter().rposition(|token| token.at.end <= cursor),
        };
        let operand = before
            .and_then(|before| tokens.get(before))
            .is_none_or(|token| {
                matches!(token.kind, Kind::And | Kind::Or | Kind::Not | Kind::Open)
            });
        match touched.and_then(|touched| tokens.get(touched)) {
            Some(token) => self.word(token.at.clone(), cursor, operand),
            // Right before a word nothing can be put in without becoming part of it.
            None if tokens
                .iter()
                .any(|token| token.at.start == cursor && self.is_typed(token)) =>
            {
                nothing(What::Word, cursor..cursor)
            }
            None => self.bare("", cursor..cursor, operand),
        }
    }

    /// Whether a token is made of letters, not a sign.
    fn is_typed(&self, token: &Token) -> bool {
        token.kind == Kind::Word || self.text[token.at.clone()].starts_with(char::is_alphabetic)
    }

    fn word(&self, at: Range<usize>, cursor: usize, operand: bool) -> Completion {
        let word = lex::word(self.text, at.clone());
        if let Some(name) = word.field.clone() {
            if cursor <= name.end {
                let colon = usize::from(self.text[name.end..].starts_with(':'));
                let typed = &self.text[name.start..cursor];
                let mut ranked = Vec::new();
                self.fields(typed, &mut ranked);
                return done(What::Field, name.start..name.end + colon, ranked);
            }
            return match Field::parse(&self.text[name]) {
                Some(field) if cursor >= word.values_at => self.value(field, &word, cursor),
                _ => nothing(What::Word, cursor..cursor),
            };
        }
        if self.tags {
            return self.tag(&word, cursor, operand);
        }
        // An unclosed quote takes all that follows into the word; that must not be lost.
        let end = if word.unclosed.is_some() {
            cursor
        } else {
            at.end
        };
        match word.values.as_slice() {
            [part] => self.bare(&typed(part, cursor), at.start..end, operand),
            _ => nothing(What::Word, at.start..end),
        }
    }

    fn bare(&self, typed: &str, replace: Range<usize>, operand: bool) -> Completion {
        let mut ranked = Vec::new();
        self.operators(typed, operand, &mut ranked);
        let what = if ranked.is_empty() || typed.is_empty() && operand {
            What::Word
        } else {
            What::Operator
        };
        if self.tags {
            if operand {
                self.values(Field::Tag, None, typed, &[], &mut ranked);
            }
            let what = if operand {
                What::Value(Field::Tag)
            } else {
                what
            };
            return done(what, replace, ranked);
        }
        let operators = ranked.len();
        self.fields(typed, &mut ranked);
        let begins = ranked[operators..].iter().any(|(rank, _)| *rank == 1);
        let what = if what == What::Word && begins {
            What::Field
        } else {
            what
        };
        let mut found = done(what, replace, ranked);
        if !typed.is_empty() {
            let mut values = Vec::new();
            for field in COUNTED {
                self.values(field, Some(field), typed, &[], &mut values);
            }
            for (_, candidate) in &mut values {
                if let What::Value(field) = candidate.what {
                    candidate.insert = format!("{}:{}", field.name(), candidate.insert);
                    candidate.label = format!("{}:{}", field.name(), candidate.label);
                }
            }
            let values = done(what, 0..0, values);
            found.candidates.extend(values.candidates);
            found.candidates.truncate(MOST);
        }
        found
    }

    /// A bare word of a tag expression.
    fn tag(&self, word: &Word, cursor: usize, operand: bool) -> Completion {
        let (part, others) = split(word, cursor);
        let Some(part) = part else {
            return nothing(What::Word, cursor..cursor);
        };
        let typed = typed(part, cursor);
        let mut ranked = Vec::new();
        self.operators(&typed, operand, &mut ranked);
        let what = if ranked.is_empty() {
            What::Value(Field::Tag)
        } else {
            What::Operator
        };
        self.values(Field::Tag, None, &typed, &others, &mut ranked);
        done(what, replaced(word, part, cursor), ranked)
    }

    fn value(&self, field: Field, word: &Word, cursor: usize) -> Completion {
        let (part, others) = split(word, cursor);
        let Some(part) = part else {
            return nothing(What::Value(field), cursor..cursor);
        };
        let typed = typed(part, cursor);
        let mut ranked = Vec::new();
        let samples: &[&str] = match field {
            Field::Cpu => &[">50%", ">80%", ">90%", "<5%"],
            Field::Mem => &[">80%", ">90%", ">4G", ">16G"],
            Field::Disk => &[">80%", ">90%", ">100G"],
            Field::Uptime => &["<1h", "<1d", ">7d", ">30d"],
            _ => &[],
        };
        for sample in samples.iter().filter(|sample| sample.starts_with(&typed)) {
            ranked.push((1, candidate(What::Value(field), sample, sample, None)));
        }
        self.values(field, Some(field), &typed, &others, &mut ranked);
        if field.may_lack() {
            let having = self.index.having(field);
            for (label, count) in [("any", having), ("none", self.index.total - having)] {
                if label.starts_with(&fold::folded(&typed)) {
                    ranked.push((3, candidate(What::Value(field), label, label, Some(count))));
                }
            }
        }
        done(What::Value(field), replaced(word, part, cursor), ranked)
    }

    fn operators(&self, typed: &str, operand: bool, into: &mut Vec<Ranked>) {
        let words: &[&str] = if operand {
            &["NOT"]
        } else {
            &["AND", "OR", "NOT"]
        };
        for word in words {
            // At the beginning NOT is one of many things; it is offered when asked for.
            if word.starts_with(typed) && !(operand && typed.is_empty()) {
                into.push((0, candidate(What::Operator, word, word, None)));
            }
        }
    }

    fn fields(&self, typed: &str, into: &mut Vec<Ranked>) {
        let typed = fold::folded(typed);
        for field in Field::ALL {
            if self.tags && field != Field::Tag {
                continue;
            }
            if let Some(rank) = rank(field.name(), &typed) {
                let insert = format!("{}:", field.name());
                into.push((rank, candidate(What::Field, &insert, &insert, None)));
            }
        }
    }

    fn values(
        &self,
        field: Field,
        written_for: Option<Field>,
        typed: &str,
        others: &[String],
        into: &mut Vec<Ranked>,
    ) {
        let typed = fold::folded(typed);
        for (value, count) in self.index.values(field) {
            let taken = others
                .iter()
                .any(|other| fold::is(value, &fold::folded(other)));
            if let Some(rank) = rank(value, &typed).filter(|_| !taken) {
                let insert = print::quoted(value, written_for);
                let what = What::Value(field);
                into.push((rank, candidate(what, value, &insert, Some(count))));
            }
        }
    }
}

type Ranked = (u8, Candidate);

/// 1 where the label begins with what is typed, 2 where it contains it; operators stand before.
fn rank(label: &str, folded: &str) -> Option<u8> {
    let begins = fold::glob(label, &[folded.to_owned(), String::new()]);
    if begins {
        Some(1)
    } else {
        fold::contains(label, folded).then_some(2)
    }
}

fn candidate(what: What, label: &str, insert: &str, count: Option<u32>) -> Candidate {
    Candidate {
        what,
        label: label.to_owned(),
        insert: insert.to_owned(),
        count,
    }
}

fn nothing(what: What, replace: Range<usize>) -> Completion {
    done(what, replace, Vec::new())
}

/// Sorts; equals keep their order.
fn done(what: What, replace: Range<usize>, mut ranked: Vec<Ranked>) -> Completion {
    ranked.sort_by(|(rank, a), (other, b)| rank.cmp(other).then_with(|| b.count.cmp(&a.count)));
    ranked.truncate(MOST);
    Completion {
        what,
        replace,
        candidates: ranked.into_iter().map(|(_, candidate)| candidate).collect(),
    }
}

/// The part of a word that the cursor is in, and the texts of the others.
fn split(word: &Word, cursor: usize) -> (Option<&Part>, Vec<String>) {
    let mine = word.values.iter().rposition(|part| part.at.start <= cursor);
    let others = word
        .values
        .iter()
        .enumerate()
        .filter(|(nth, _)| Some(*nth) != mine)
        .map(|(_, part)| part.text())
        .collect();
    (mine.and_then(|mine| word.values.get(mine)), others)
}

/// What of a part stands before the cursor, without quotes.
fn typed(part: &Part, cursor: usize) -> String {
    part.letters
        .iter()
        .filter(|letter| letter.at < cursor)
        .map(|letter| letter.letter)
        .collect()
}

/// The place of a part; up to the cursor where an open quote takes in all that follows.
fn replaced(word: &Word, part: &Part, cursor: usize) -> Range<usize> {
    let end = if word.unclosed.is_some_and(|quote| part.at.contains(&quote)) {
        cursor
    } else {
        part.at.end
    };
    part.at.start..end
}
