//! The log of a task: its lines, what stands out in them, where words occur, and which lines are
//! in sight. Logs reach 100,000 lines, so growth shares what is already there.

use super::query::fold;
use std::ops::Range;
use std::sync::Arc;

/// Lines that are shared as one piece; all pieces but the last are full.
const PIECE: usize = 500;

/// The lines of a log as far as they were read. Cheap to clone: pieces are shared.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Log {
    pieces: Vec<Arc<Vec<String>>>,
    cut: u64,
    /// Whether no more lines will come.
    pub complete: bool,
}

impl Log {
    /// How many lines are here.
    #[must_use]
    pub fn len(&self) -> usize {
        let Some(last) = self.pieces.last() else {
            return 0;
        };
        (self.pieces.len() - 1) * PIECE + last.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// How many older lines were let go.
    #[must_use]
    pub const fn cut(&self) -> u64 {
        self.cut
    }

    /// A line, counted from 0 among those here.
    #[must_use]
    pub fn line(&self, at: usize) -> Option<&str> {
        let line = self.pieces.get(at / PIECE)?.get(at % PIECE)?;
        Some(line)
    }

    /// The lines from `at` on.
    pub fn from(&self, at: usize) -> impl Iterator<Item = &str> {
        (at..self.len()).filter_map(|at| self.line(at))
    }

    /// Takes more lines in at the end. Escape sequences of terminals are left out: they are no
    /// text.
    pub fn append(&mut self, lines: impl IntoIterator<Item = String>) {
        for line in lines {
            let line = plain(line);
            match self.pieces.last_mut() {
                Some(last) if last.len() < PIECE => Arc::make_mut(last).push(line),
                _ => self.pieces.push(Arc::new(vec![line])),
            }
        }
    }

    /// Lets the oldest lines go where there are more than `most`; a piece at a time.
    pub fn keep(&mut self, most: usize) {
        let over = self.len().saturating_sub(most) / PIECE;
        self.pieces.drain(..over);
        self.cut += (over * PIECE) as u64;
    }

    /// As one text, a line break behind each line.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        for line in self.from(0) {
            text.push_str(line);
            text.push('\n');
        }
        text
    }
}

/// Without escape sequences and without control characters other than tabs.
fn plain(line: String) -> String {
    if !line.contains(|c: char| c.is_control() && c != '\t') {
        return line;
    }
    let mut out = String::with_capacity(line.len());
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter == '\u{1b}' {
            if letters.next_if_eq(&'[').is_some() {
                // Parameters, then one letter that ends the sequence.
                while letters.next().is_some_and(|c| !('@'..='~').contains(&c)) {}
            }
        } else if !letter.is_control() || letter == '\t' {
            out.push(letter);
        }
    }
    out
}

/// How much a line stands out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// As any other.
    Plain,
    /// Speaks of a warning.
    Warning,
    /// Speaks of an error.
    Error,
}

/// What a line speaks of, by its words: "no errors" and "errors: 0" speak of none.
#[must_use]
pub fn level(line: &str) -> Level {
    let mut found = Level::Plain;
    let mut before = "";
    let mut words = line
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .peekable();
    while let Some(word) = words.next() {
        let is = |list: &[&str]| list.iter().any(|other| word.eq_ignore_ascii_case(other));
        let none = ["no", "0", "without"]
            .iter()
            .any(|other| before.eq_ignore_ascii_case(other))
            || words.peek() == Some(&"0");
        if !none && is(&["error", "errors", "failed", "failure", "fatal"]) {
            return Level::Error;
        }
        if !none && is(&["warn", "warning", "warnings"]) {
            found = Level::Warning;
        }
        before = word;
    }
    found
}

/// Cells that a line takes in a fixed-width font: tabs lead to the next of eight, wide letters
/// take two, accents none.
#[must_use]
pub fn cells(line: &str) -> usize {
    if line.is_ascii() && !line.contains('\t') {
        return line.len();
    }
    line.chars().fold(0, |at, letter| match letter {
        '\t' => (at / 8 + 1) * 8,
        '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' | '\u{fe00}'..='\u{fe0f}' => at,
        '\u{1100}'..='\u{115f}'
        | '\u{2e80}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{1f300}'..='\u{1faff}'
        | '\u{20000}'..='\u{3fffd}' => at + 2,
        _ => at + 1,
    })
}

/// Where the lines stand, counted in rows of text: one a line, or as many as it takes in so many
/// columns.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Layout {
    columns: Option<usize>,
    cut: u64,
    /// Rows up to and with each line.
    ends: Vec<usize>,
    /// Cells of the longest line.
    pub widest: usize,
}

impl Layout {
    /// Of a log, in `columns` where long lines are wrapped. What `old` knows is not counted again.
    #[must_use]
    pub fn of(log: &Log, columns: Option<usize>, old: Option<&Self>) -> Self {
        let columns = columns.map(|columns| columns.max(1));
        let mut layout = old
            .filter(|old| {
                old.columns == columns && old.cut == log.cut && old.ends.len() <= log.len()
            })
            .cloned()
            .unwrap_or_else(|| Self {
                columns,
                cut: log.cut,
                ..Self::default()
            });
        let mut rows = layout.rows();
        for line in log.from(layout.ends.len()) {
            let cells = cells(line);
            layout.widest = layout.widest.max(cells);
            rows += columns.map_or(1, |columns| cells.div_ceil(columns).max(1));
            layout.ends.push(rows);
        }
        layout
    }

    /// Rows of all lines.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.ends.last().copied().unwrap_or_default()
    }

    /// Where a line of an earlier layout stands in this one; `None` where every line that both
    /// know still begins at the same row.
    #[must_use]
    pub fn moved_from(&self, old: &Self, line: usize) -> Option<usize> {
        let gone = usize::try_from(self.cut.saturating_sub(old.cut)).unwrap_or(usize::MAX);
        (self.columns != old.columns || gone > 0).then(|| line.saturating_sub(gone))
    }

    /// The row at which a line begins.
    #[must_use]
    pub fn row_of(&self, line: usize) -> usize {
        line.checked_sub(1)
            .and_then(|before| self.ends.get(before))
            .copied()
            .unwrap_or_default()
    }

    /// The line that a row belongs to; the last one for rows below.
    #[must_use]
    pub fn line_at(&self, row: usize) -> usize {
        self.ends
            .partition_point(|end| *end <= row)
            .min(self.ends.len().saturating_sub(1))
    }

    /// The lines that are drawn where `view` pixels from `top` on are in sight, in rows of
    /// `height` pixels: those in sight, and `margin` lines before and behind.
    #[must_use]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "rows are far below 2^52, and `as` saturates"
    )]
    pub fn window(&self, top: f64, view: f64, height: f64, margin: usize) -> Range<usize> {
        if self.ends.is_empty() || height.is_nan() || height < 1.0 {
            return 0..self.ends.len().min(60);
        }
        let first = self.line_at((top.max(0.0) / height) as usize);
        let last = self.line_at(((top + view).max(0.0) / height) as usize);
        let start = first.saturating_sub(margin);
        start..(last + 1 + margin).min(self.ends.len())
    }
}

/// A place where what is looked for stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    /// The line, counted from 0 among those here.
    pub line: usize,
    /// Which place in the line, counted from 0.
    pub nth: usize,
}

/// All places of a text in a log, in their order, without regard to case. An empty text stands
/// nowhere.
#[must_use]
pub fn find(log: &Log, wanted: &str) -> Vec<Hit> {
    let needle = fold::folded(wanted);
    let mut hits = Vec::new();
    if needle.is_empty() {
        return hits;
    }
    for (line, text) in log.from(0).enumerate() {
        if fold::contains(text, &needle) {
            let places = places(text, wanted).len();
            hits.extend((0..places).map(|nth| Hit { line, nth }));
        }
    }
    hits
}

/// Where a text stands in a line, in bytes, without regard to case and without overlap.
#[must_use]
pub fn places(line: &str, wanted: &str) -> Vec<Range<usize>> {
    let needle: Vec<char> = fold::folded(wanted).chars().collect();
    let mut found = Vec::new();
    if needle.is_empty() {
        return found;
    }
    // The folded letters and where in the line each comes from.
    let letters: Vec<(char, usize, usize)> = line
        .char_indices()
        .flat_map(|(at, letter)| {
            let end = at + letter.len_utf8();
            letter.to_lowercase().map(move |folded| (folded, at, end))
        })
        .collect();
    let mut at = 0;
    while at + needle.len() <= letters.len() {
        let part = &letters[at..at + needle.len()];
        if part.iter().map(|(letter, ..)| letter).eq(&needle) {
            let end = part.last().map_or(part[0].2, |(_, _, end)| *end);
            found.push(part[0].1..end);
            at += needle.len();
            // The rest of a letter that folds to several belongs to the place that was found.
            while letters.get(at).is_some_and(|(_, start, _)| *start < end) {
                at += 1;
            }
        } else {
            at += 1;
        }
    }
    found
}

/// The place to begin at: the first in the line that stands at the top, or below it; else the
/// first of all.
#[must_use]
pub fn first_from(hits: &[Hit], line: usize) -> Option<Hit> {
    let at = hits.partition_point(|hit| hit.line < line);
    hits.get(at).or_else(|| hits.first()).copied()
}

/// The place after (or before) one, around the ends; `None` where there is none. A place that has
/// gone is counted from where it stood.
#[must_use]
pub fn step(hits: &[Hit], from: Hit, back: bool) -> Option<Hit> {
    let here = (from.line, from.nth);
    let at = hits.partition_point(|hit| (hit.line, hit.nth) < here);
    let there = hits.get(at) == Some(&from);
    let count = hits.len();
    let next = match (back, count) {
        (_, 0) => return None,
        (true, _) => (at + count - 1) % count,
        (false, _) => (at + usize::from(there)) % count,
    };
    hits.get(next).copied()
}

/// The name of the file that a log is saved as.
#[must_use]
pub fn file_name(upid: &str) -> String {
    let safe = |c: char| {
        if c.is_ascii_alphanumeric() || "-._".contains(c) {
            c
        } else {
            '_'
        }
    };
    let name: String = upid.chars().map(safe).collect();
    format!("{}.log", name.trim_matches('_'))
}

#[cfg(test)]
mod tests;
