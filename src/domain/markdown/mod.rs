//! Notes in Markdown as a tree of what may be shown, and nothing else.
//!
//! Whoever may write a VM's notes writes into the page of everybody who reads them. So the tree
//! knows a few elements only, links lead to `http`, `https` and `mailto` alone, pictures are links
//! (a picture that is fetched tells its server who reads), and markup of the page is plain text.

mod build;
#[cfg(test)]
mod tests;

use build::Builder;
use pulldown_cmark::{Options, Parser};

/// Longer notes are cut here, in bytes.
pub const LONGEST: usize = 64 * 1024;
/// Deeper elements are left out. The browser's stack is small, and nobody reads the tenth quote.
pub const DEEPEST: usize = 32;
/// More elements are left out: a short text can describe a table of many thousand empty cells.
pub const MOST_NODES: usize = 20_000;

/// Alignment of a table's cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Align {
    /// As the text runs.
    #[default]
    Start,
    /// In the middle.
    Center,
    /// At the end.
    End,
}

/// An element with others in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// 3 to 6: the page's own headings are above, and no level is skipped.
    Heading(u8),
    /// A paragraph.
    Paragraph,
    /// A quote.
    Quote,
    /// A list with bullets, or numbered from here.
    List(Option<u64>),
    /// A line of a list.
    Item,
    /// Code on lines of its own.
    CodeBlock,
    /// Markup as it was written, on lines of its own.
    Raw,
    /// A table; rows are in it.
    Table,
    /// A row; cells are in it.
    Row,
    /// A cell, of the head or of the body.
    Cell(bool, Align),
    /// Stressed.
    Emphasis,
    /// Stressed more.
    Strong,
    /// No longer so.
    Struck,
    /// A link to an address of an allowed scheme.
    Link(String),
}

/// A part of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// Plain text.
    Text(String),
    /// Code within a line.
    Code(String),
    /// The end of a line.
    Break,
    /// A rule across.
    Rule,
    /// The box of a task: done or not.
    Task(bool),
    /// An element with others in it.
    Element(Kind, Vec<Node>),
}

/// What was read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Notes {
    /// In order.
    pub nodes: Vec<Node>,
    /// Whether something was left out: too long, too deep, too much.
    pub cut: bool,
}

/// Reads Markdown: CommonMark with tables, strikethrough and task lists.
#[must_use]
pub fn read(text: &str) -> Notes {
    let kept = &text[..text.floor_char_boundary(LONGEST)];
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let mut builder = Builder::default();
    for event in Parser::new_ext(kept, options) {
        if !builder.take(event) {
            break;
        }
    }
    let mut notes = builder.finish();
    notes.cut |= kept.len() < text.len();
    notes
}

/// Whether a link may lead there: an address of `http`, `https` or `mailto`, as it stands. What a
/// browser would make of anything else is not guessed at.
#[must_use]
pub fn may_lead(address: &str) -> bool {
    ["http://", "https://", "mailto:"].iter().any(|scheme| {
        address
            .get(..scheme.len())
            .is_some_and(|begin| begin.eq_ignore_ascii_case(scheme))
            && address.len() > scheme.len()
    })
}
