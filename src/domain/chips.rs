//! How many chips stand on one line. Widths are reckoned from the letters: asking the browser for
//! each would have it lay out the page once more for every row.

/// Pixels around the words of a chip, and between two chips.
const FRAME: f64 = 12.0;
const GAP: f64 = 5.0;
/// Pixels of "+1", "+12".
const MORE: f64 = 22.0;
/// The first chip is read before others are seen: it may fill this share of the line.
const FIRST: f64 = 0.76;

/// About how wide words are in the small size of text, in pixels; rather too wide than too narrow.
fn width(words: &str) -> f64 {
    words
        .chars()
        .map(|letter| match letter {
            'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | '\'' | '|' => 3.6,
            'f' | 'r' | 't' | '-' | ' ' | '/' | '(' | ')' => 4.9,
            'm' | 'w' | 'M' | 'W' | '@' | '%' => 10.4,
            'A'..='Z' | '_' => 8.4,
            letter if letter.is_ascii() => 7.0,
            _ => 12.0,
        })
        .sum()
}

/// How many of the names fit on a line of that many pixels as chips, at least one and at most
/// `most`, with room for "+1" where some are left out.
#[must_use]
pub fn fitting<'a>(names: impl ExactSizeIterator<Item = &'a str>, line: f64, most: usize) -> usize {
    let all = names.len();
    let (mut used, mut fit) = (0.0, 0);
    for name in names.take(most) {
        let chip = width(name) + FRAME;
        let (chip, gap) = if fit == 0 {
            (chip.min(line * FIRST), 0.0)
        } else {
            (chip, GAP)
        };
        let left_out = all > fit + 1;
        let more = if left_out { GAP + MORE } else { 0.0 };
        if fit > 0 && used + gap + chip + more > line {
            break;
        }
        used += gap + chip;
        fit += 1;
    }
    fit
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fit(names: &[&str], line: f64) -> usize {
        fitting(names.iter().copied(), line, 2)
    }

    #[test]
    fn as_many_as_have_room() {
        assert_eq!(fit(&["env-prod", "web"], 130.0), 2);
        assert_eq!(fit(&["env-prod", "always-on"], 110.0), 1);
        assert_eq!(fit(&["env-prod", "always-on"], 160.0), 2);
        assert_eq!(
            fit(&["env-prod", "web", "x"], 105.0),
            1,
            "+1 needs room, too"
        );
        assert_eq!(
            fit(&["a", "b", "c", "d"], 1000.0),
            2,
            "no more than asked for"
        );
    }

    #[test]
    fn one_always_stands() {
        assert_eq!(fit(&["a-tag-of-much-length-that-fits-nowhere"], 40.0), 1);
        assert_eq!(
            fit(&["a-tag-of-much-length-that-fits-nowhere", "b"], 40.0),
            1
        );
        assert_eq!(
            fit(&["client-of-much-length-indeed", "b"], 140.0),
            2,
            "beside a shortened one"
        );
        assert_eq!(fit(&[], 40.0), 0);
    }
}
