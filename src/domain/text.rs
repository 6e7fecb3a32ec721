//! Ordering and finding text as people expect.

use super::ids::VmId;
use std::cmp::Ordering;

/// Natural order: digits compare as numbers (`vm-9` before `vm-10`), letters without case; ties
/// are broken by the exact text, so the order is total and stable.
#[must_use]
pub fn natural(a: &str, b: &str) -> Ordering {
    let (mut left, mut right) = (a.as_bytes(), b.as_bytes());
    loop {
        match (left.first(), right.first()) {
            (None, None) => return a.cmp(b),
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(x), Some(y)) if x.is_ascii_digit() && y.is_ascii_digit() => {
                let (x, rest_x) = digits(left);
                let (y, rest_y) = digits(right);
                match x.len().cmp(&y.len()).then_with(|| x.cmp(y)) {
                    Ordering::Equal => (left, right) = (rest_x, rest_y),
                    other => return other,
                }
            }
            (Some(x), Some(y)) => match x.to_ascii_lowercase().cmp(&y.to_ascii_lowercase()) {
                Ordering::Equal => (left, right) = (&left[1..], &right[1..]),
                other => return other,
            },
        }
    }
}

/// Leading digits without leading zeros, and what follows them.
fn digits(text: &[u8]) -> (&[u8], &[u8]) {
    let end = text
        .iter()
        .position(|byte| !byte.is_ascii_digit())
        .unwrap_or(text.len());
    let start = text[..end]
        .iter()
        .position(|byte| *byte != b'0')
        .unwrap_or(end);
    (&text[start..end], &text[end..])
}

/// What is known before what is not.
#[must_use]
pub fn known_first<T: Ord>(a: Option<T>, b: Option<T>) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => a.cmp(&b),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    }
}

/// Whether each of the words, in lower case, occurs in one of the texts or is the number of the VM.
#[must_use]
pub fn holds(words: &[String], texts: &[&str], vm: Option<VmId>) -> bool {
    words.iter().all(|word| {
        texts.iter().any(|text| contains(text, word))
            || vm.is_some_and(|vm| vm.to_string() == *word)
    })
}

/// Whether `needle`, in lower case, occurs in `text` in any case. ASCII only folds; names of VMs,
/// nodes and tags are ASCII.
#[must_use]
pub fn contains(text: &str, needle: &str) -> bool {
    if needle.is_empty() {
        return true;
    }
    if needle.is_ascii() {
        text.as_bytes()
            .windows(needle.len())
            .any(|part| part.eq_ignore_ascii_case(needle.as_bytes()))
    } else {
        text.to_lowercase().contains(&needle.to_lowercase())
    }
}

/// The byte at which a text's UTF-16 unit begins, as the browser counts: a cursor inside a letter
/// counts as before it, one past the end as at it.
#[must_use]
pub fn byte_at(text: &str, units: usize) -> usize {
    let mut seen = 0;
    for (at, letter) in text.char_indices() {
        seen += letter.len_utf16();
        if seen > units {
            return at;
        }
    }
    text.len()
}

/// The UTF-16 units before a byte.
#[must_use]
pub fn utf16_at(text: &str, byte: usize) -> usize {
    text.char_indices()
        .take_while(|(at, _)| *at < byte)
        .map(|(_, letter)| letter.len_utf16())
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_in_names() {
        let mut names = ["vm-10", "vm-9", "VM-1", "vm-01", "a", ""];
        names.sort_by(|a, b| natural(a, b));
        assert_eq!(names, ["", "a", "VM-1", "vm-01", "vm-9", "vm-10"]);
    }

    #[test]
    fn finds() {
        assert!(contains("Web-Server-01", "server"));
        assert!(!contains("web", "server"));
        assert!(contains("Größe", "GRÖ"));
    }

    proptest! {
        #[test]
        fn total_order(a in "[a-b0-2]{0,6}", b in "[a-b0-2]{0,6}", c in "[a-b0-2]{0,6}") {
            prop_assert_eq!(natural(&a, &b), natural(&b, &a).reverse());
            prop_assert_eq!(natural(&a, &b) == Ordering::Equal, a == b);
            if natural(&a, &b) != Ordering::Greater && natural(&b, &c) != Ordering::Greater {
                prop_assert_ne!(natural(&a, &c), Ordering::Greater);
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn places_of_a_cursor_turn_round(text in ".{0,12}") {
            for (byte, _) in text.char_indices().chain([(text.len(), ' ')]) {
                proptest::prop_assert_eq!(byte_at(&text, utf16_at(&text, byte)), byte);
            }
        }
    }
}
