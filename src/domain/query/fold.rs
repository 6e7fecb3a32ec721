//! Comparing text without regard to case and without allocating. Needles are folded once; names of
//! VMs, nodes and tags are ASCII nearly always, and other text takes a slower way.

/// Lower case, letter by letter, as the comparisons of this module expect needles.
pub(in crate::domain) fn folded(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}

/// Whether the whole text is the needle.
pub(super) fn is(text: &str, needle: &str) -> bool {
    if text.is_ascii() {
        text.eq_ignore_ascii_case(needle)
    } else {
        text.chars().flat_map(char::to_lowercase).eq(needle.chars())
    }
}

/// Whether the needle occurs in the text.
pub(in crate::domain) fn contains(text: &str, needle: &str) -> bool {
    if text.is_ascii() {
        find_ascii(text.as_bytes(), needle.as_bytes()).is_some()
    } else {
        let mut letters = Letters::new(text);
        letters.skip_past(needle)
    }
}

/// Whether the whole text is the parts in their order, with any letters between them.
pub(super) fn glob(text: &str, parts: &[String]) -> bool {
    let [first, middle @ .., last] = parts else {
        return parts.first().is_some_and(|only| is(text, only));
    };
    if !text.is_ascii() {
        return glob_letters(text, first, middle, last);
    }
    let mut rest = text.as_bytes();
    if !starts_ascii(rest, first.as_bytes()) {
        return false;
    }
    rest = &rest[first.len()..];
    for part in middle {
        match find_ascii(rest, part.as_bytes()) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.len() >= last.len()
        && rest[rest.len() - last.len()..].eq_ignore_ascii_case(last.as_bytes())
}

/// Whether the text, cut to the length of the needle, is the needle.
fn starts_ascii(text: &[u8], needle: &[u8]) -> bool {
    text.len() >= needle.len() && text[..needle.len()].eq_ignore_ascii_case(needle)
}

fn find_ascii(text: &[u8], needle: &[u8]) -> Option<usize> {
    let (Some(first), Some(last)) = (needle.first(), needle.last()) else {
        return Some(0);
    };
    // Two letters tell nearly all places apart from the right one.
    text.windows(needle.len()).position(|part| {
        part.first()
            .is_some_and(|letter| letter.eq_ignore_ascii_case(first))
            && part
                .last()
                .is_some_and(|letter| letter.eq_ignore_ascii_case(last))
            && part.eq_ignore_ascii_case(needle)
    })
}

fn glob_letters(text: &str, first: &str, middle: &[String], last: &str) -> bool {
    let mut letters = Letters::new(text);
    if !letters.take_off(first) {
        return false;
    }
    if !middle.iter().all(|part| letters.skip_past(part)) {
        return false;
    }
    let wanted = last.chars().count();
    let left = letters.clone().count();
    left >= wanted && letters.skip(left - wanted).eq(last.chars())
}

/// The folded letters of a text.
#[derive(Clone)]
struct Letters<'a> {
    chars: std::str::Chars<'a>,
    /// What is left of a letter that folds to several.
    folding: Option<std::char::ToLowercase>,
}

impl<'a> Letters<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            chars: text.chars(),
            folding: None,
        }
    }

    /// Takes the needle off the front, if it stands there.
    fn take_off(&mut self, needle: &str) -> bool {
        let mut ahead = self.clone();
        let found = needle.chars().all(|letter| ahead.next() == Some(letter));
        if found {
            *self = ahead;
        }
        found
    }

    /// Goes on behind the first place where the needle stands.
    fn skip_past(&mut self, needle: &str) -> bool {
        loop {
            if self.take_off(needle) {
                return true;
            }
            if self.next().is_none() {
                return false;
            }
        }
    }
}

impl Iterator for Letters<'_> {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        loop {
            if let Some(letter) = self.folding.as_mut().and_then(Iterator::next) {
                return Some(letter);
            }
            self.folding = Some(self.chars.next()?.to_lowercase());
        }
    }
}

/// The digits of a number, without allocating.
#[derive(Debug, Clone, Copy)]
pub(super) struct Digits {
    buffer: [u8; 10],
    start: usize,
}

impl Digits {
    pub fn new(number: u32) -> Self {
        let mut buffer = [b'0'; 10];
        let mut start = buffer.len();
        let mut rest = number;
        loop {
            start -= 1;
            buffer[start] = b'0' + u8::try_from(rest % 10).unwrap_or_default();
            rest /= 10;
            if rest == 0 {
                return Self { buffer, start };
            }
        }
    }

    pub fn as_str(&self) -> &str {
        str::from_utf8(&self.buffer[self.start..]).unwrap_or_default()
    }
}
