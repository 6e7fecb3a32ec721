use super::{Align, DEEPEST, Kind, MOST_NODES, Node, Notes, may_lead};
use pulldown_cmark::{Alignment, Event, Tag};

/// What stands open.
enum Open {
    /// An element of the tree.
    Kept(Kind),
    /// What is in it stands where it stood: refused links, what this console does not know.
    Through,
    /// Too deep: nothing in it is kept.
    Dropped,
}

/// Makes the tree of a parser's events. Begins and ends are paired by the parser.
#[derive(Default)]
pub(super) struct Builder {
    open: Vec<(Open, Vec<Node>)>,
    done: Notes,
    count: usize,
    dropping: usize,
    kept_depth: usize,
    /// The last heading's level; none is skipped after it.
    heading: u8,
    /// Of the table's columns.
    aligns: Vec<Align>,
    column: usize,
    in_head: bool,
}

impl Builder {
    /// `false` where it is enough.
    pub(super) fn take(&mut self, event: Event<'_>) -> bool {
        match event {
            Event::Start(tag) => self.begin(tag),
            Event::End(_) => self.end(),
            Event::Text(text)
            | Event::Html(text)
            | Event::InlineHtml(text)
            | Event::InlineMath(text)
            | Event::DisplayMath(text)
            | Event::FootnoteReference(text) => self.text(&text),
            Event::Code(text) => self.put(Node::Code(text.into_string())),
            // Notes were plain text for long, written line by line: a line stays one.
            Event::SoftBreak | Event::HardBreak => self.put(Node::Break),
            Event::Rule => self.put(Node::Rule),
            Event::TaskListMarker(done) => self.put(Node::Task(done)),
        }
        self.count < MOST_NODES
    }

    pub(super) fn finish(mut self) -> Notes {
        self.done.cut |= self.count >= MOST_NODES;
        while !self.open.is_empty() {
            self.end();
        }
        self.done
    }

    fn siblings(&mut self) -> &mut Vec<Node> {
        match self.open.last_mut() {
            Some((_, nodes)) => nodes,
            None => &mut self.done.nodes,
        }
    }

    fn put(&mut self, node: Node) {
        if self.dropping == 0 {
            self.count += 1;
            self.siblings().push(node);
        }
    }

    /// The parser gives a text in pieces; one node holds them.
    fn text(&mut self, piece: &str) {
        if self.dropping > 0 {
            return;
        }
        if let Some(Node::Text(text)) = self.siblings().last_mut() {
            text.push_str(piece);
        } else {
            self.put(Node::Text(piece.to_owned()));
        }
    }

    fn begin(&mut self, tag: Tag<'_>) {
        let open = self.open_of(tag);
        let too_deep = matches!(open, Open::Kept(_)) && self.kept_depth >= DEEPEST;
        let open = if self.dropping > 0 || too_deep {
            self.done.cut = true;
            self.dropping += 1;
            Open::Dropped
        } else {
            open
        };
        if matches!(open, Open::Kept(_)) {
            self.kept_depth += 1;
            self.count += 1;
        }
        self.open.push((open, Vec::new()));
    }

    fn open_of(&mut self, tag: Tag<'_>) -> Open {
        Open::Kept(match tag {
            Tag::Paragraph => Kind::Paragraph,
            Tag::Heading { level, .. } => Kind::Heading((level as u8).saturating_add(2).min(6)),
            Tag::BlockQuote(_) => Kind::Quote,
            Tag::CodeBlock(_) => Kind::CodeBlock,
            Tag::HtmlBlock => Kind::Raw,
            Tag::List(first) => Kind::List(first),
            Tag::Item => Kind::Item,
            Tag::Table(aligns) => {
                self.aligns = aligns.into_iter().map(align).collect();
                Kind::Table
            }
            Tag::TableHead => self.row(true),
            Tag::TableRow => self.row(false),
            Tag::TableCell => {
                let align = self.aligns.get(self.column).copied().unwrap_or_default();
                self.column += 1;
                Kind::Cell(self.in_head, align)
            }
            Tag::Emphasis => Kind::Emphasis,
            Tag::Strong => Kind::Strong,
            Tag::Strikethrough => Kind::Struck,
            Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => {
                // Links do not nest; a picture in one is its words.
                let within = self
                    .open
                    .iter()
                    .any(|(open, _)| matches!(open, Open::Kept(Kind::Link(_))));
                if within || !may_lead(&dest_url) {
                    return Open::Through;
                }
                Kind::Link(dest_url.into_string())
            }
            _ => return Open::Through,
        })
    }

    fn row(&mut self, head: bool) -> Kind {
        self.column = 0;
        self.in_head = head;
        Kind::Row
    }

    fn end(&mut self) {
        let Some((open, mut nodes)) = self.open.pop() else {
            return;
        };
        match open {
            Open::Dropped => self.dropping = self.dropping.saturating_sub(1),
            Open::Through => self.siblings().append(&mut nodes),
            Open::Kept(kind) => {
                self.kept_depth = self.kept_depth.saturating_sub(1);
                if let Some(kind) = self.closed(kind, &mut nodes) {
                    self.siblings().push(Node::Element(kind, nodes));
                }
            }
        }
    }

    /// What becomes of an element once it is known what is in it; `None` where it is nothing.
    fn closed(&mut self, kind: Kind, nodes: &mut Vec<Node>) -> Option<Kind> {
        match kind {
            Kind::Heading(level) => {
                if !has_words(nodes) {
                    return None;
                }
                // The card's title is a heading of the second level.
                self.heading = level.min(self.heading.max(2) + 1);
                Some(Kind::Heading(self.heading))
            }
            Kind::Link(address) => {
                if !has_words(nodes) {
                    nodes.push(Node::Text(address.clone()));
                }
                Some(Kind::Link(address))
            }
            // A head without words is no head.
            Kind::Cell(head, align) => Some(Kind::Cell(head && has_words(nodes), align)),
            other => Some(other),
        }
    }
}

fn has_words(nodes: &[Node]) -> bool {
    nodes.iter().any(|node| match node {
        Node::Text(text) | Node::Code(text) => !text.trim().is_empty(),
        Node::Element(_, nodes) => has_words(nodes),
        Node::Break | Node::Rule | Node::Task(_) => false,
    })
}

const fn align(align: Alignment) -> Align {
    match align {
        Alignment::None | Alignment::Left => Align::Start,
        Alignment::Center => Align::Center,
        Alignment::Right => Align::End,
    }
}
