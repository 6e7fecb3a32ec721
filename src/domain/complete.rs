//! Completing what is typed from what is known.

use super::text;

/// Positions of the labels that contain the typed words, in their order, but those that begin with
/// them first. All of them where nothing is typed.
pub fn matches<'a>(labels: impl IntoIterator<Item = &'a str>, typed: &str) -> Vec<usize> {
    let needle = typed.trim().to_lowercase();
    let mut found: Vec<(bool, usize)> = labels
        .into_iter()
        .enumerate()
        .filter(|(_, label)| text::contains(label, &needle))
        .map(|(at, label)| (!label.to_lowercase().starts_with(&needle), at))
        .collect();
    found.sort_unstable();
    found.into_iter().map(|(_, at)| at).collect()
}

/// What ends a tag when it is typed or pasted; none of these can be part of one.
#[must_use]
pub fn ends_tag(letter: char) -> bool {
    letter == ',' || letter == ';' || letter.is_whitespace()
}

/// The tags that are complete in a typed or pasted text, and the rest that is still being typed.
#[must_use]
pub fn split_tags(text: &str) -> (Vec<&str>, &str) {
    let mut parts: Vec<&str> = text.split(ends_tag).collect();
    let rest = parts.pop().unwrap_or_default();
    parts.retain(|part| !part.is_empty());
    (parts, rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn begins_before_contains() {
        let labels = ["client-web", "web-tier", "db", "Web"];
        assert_eq!(matches(labels, "web "), [1, 3, 0]);
        assert_eq!(matches(labels, ""), [0, 1, 2, 3]);
        assert_eq!(matches(labels, "zz"), Vec::<usize>::new());
    }

    #[test]
    fn pastes() {
        assert_eq!(split_tags("a, b;c\nd"), (vec!["a", "b", "c"], "d"));
        assert_eq!(split_tags("env"), (vec![], "env"));
        assert_eq!(split_tags("env,"), (vec!["env"], ""));
        assert_eq!(split_tags(" ,\t"), (vec![], ""));
    }
}
