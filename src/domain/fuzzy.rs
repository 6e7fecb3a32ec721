//! Finding things by a few of their letters, as the command palette does: `wbs` finds
//! `web-server-01`.
//!
//! A text matches where the letters of each word typed stand in it in that order, in any case. The
//! score says how well: letters that begin words or follow each other count most, gaps cost.

use std::cmp::Reverse;

/// A letter that was found.
const LETTER: i32 = 16;
/// It begins the text.
const AT_START: i32 = 12;
/// It follows the letter before it. Not less than [`AT_WORD`], so that nothing beats a prefix.
const IN_A_ROW: i32 = 10;
/// It begins a word.
const AT_WORD: i32 = 8;
/// The most that a gap costs; each letter in it costs one.
const GAP: i32 = 6;
/// Score of an ID that was typed in full: above any name.
const EXACT: i32 = i32::MAX;
/// Letters of a text that are looked at. Names are shorter; this bounds the work.
const LONGEST: usize = 256;

/// How a text was found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Found {
    /// How well; comparable between texts for one pattern.
    pub score: i32,
    /// Which letters (by number of characters, not bytes) were found; ascending.
    pub at: Vec<usize>,
}

/// What was typed, made ready for many texts.
#[derive(Debug, Clone, Default)]
pub struct Pattern {
    words: Vec<Vec<char>>,
    whole: String,
    letters: Vec<Letter>,
    rows: Vec<Vec<Best>>,
}

#[derive(Debug, Clone, Copy)]
struct Letter {
    folded: char,
    begins: i32,
}

/// The best way to end at a letter: its score, and which letter came before.
#[derive(Debug, Clone, Copy)]
struct Best {
    score: i32,
    before: usize,
}

const NEVER: i32 = i32::MIN / 2;
const NOWHERE: Best = Best {
    score: NEVER,
    before: 0,
};
/// Distance from which on a gap costs [`GAP`].
const NEAR: usize = 6;

fn fold(letter: char) -> char {
    if letter.is_ascii() {
        letter.to_ascii_lowercase()
    } else {
        letter.to_lowercase().next().unwrap_or(letter)
    }
}

impl Pattern {
    /// Of what was typed: words apart from each other, in any order.
    #[must_use]
    pub fn new(typed: &str) -> Self {
        Self {
            words: typed
                .split_whitespace()
                .map(|word| word.chars().map(fold).collect())
                .collect(),
            whole: typed.trim().to_owned(),
            ..Self::default()
        }
    }

    /// Whether nothing was typed; then everything is found, equally well.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Finds all words in `text`; `None` where one is missing.
    pub fn find(&mut self, text: &str) -> Option<Found> {
        let mut at = Vec::new();
        let score = self.search(text, Some(&mut at))?;
        at.sort_unstable();
        at.dedup();
        Some(Found { score, at })
    }

    /// How well `text` is found, without telling where: for the many of which few are shown.
    pub fn score(&mut self, text: &str) -> Option<i32> {
        self.search(text, None)
    }

    fn search(&mut self, text: &str, mut at: Option<&mut Vec<usize>>) -> Option<i32> {
        // Most texts fail here, without any work on them.
        if !self.words.iter().all(|word| follows(text, word)) {
            return None;
        }
        read(text, &mut self.letters);
        let mut sum = 0_i32;
        for word in &self.words {
            let (score, end) = best_way(word, &self.letters, &mut self.rows)?;
            sum = sum.saturating_add(score);
            if let Some(at) = at.as_deref_mut() {
                trace(&self.rows, word.len(), end, at);
            }
        }
        Some(sum)
    }

    /// Whether an ID was typed, or the beginning of one.
    #[must_use]
    pub fn is_number(&self) -> bool {
        !self.whole.is_empty() && self.whole.bytes().all(|byte| byte.is_ascii_digit())
    }

    /// Finds an ID by its beginning; one typed in full comes before all else. Letters in the
    /// middle of a number mean nothing, so they are not found.
    #[must_use]
    pub fn find_id(&self, id: &str) -> Option<Found> {
        let length = self.whole.chars().count();
        let score = if self.whole.is_empty() || !id.starts_with(&self.whole) {
            return None;
        } else if id == self.whole {
            EXACT
        } else {
            let rest = i32::try_from(length.saturating_sub(1)).unwrap_or(i32::MAX);
            (LETTER + AT_START).saturating_add(rest.saturating_mul(LETTER + IN_A_ROW))
        };
        let at = (0..length).collect();
        Some(Found { score, at })
    }

    /// Whether a score stands for letters strewn over the text, which is hardly ever meant.
    #[must_use]
    pub fn is_strewn(&self, score: i32) -> bool {
        let letters = self.words.iter().map(Vec::len).sum::<usize>();
        score < LETTER.saturating_mul(i32::try_from(letters).unwrap_or(i32::MAX))
    }
}

fn follows(text: &str, word: &[char]) -> bool {
    let mut letters = text.chars().take(LONGEST).map(fold);
    word.iter()
        .all(|wanted| letters.any(|letter| letter == *wanted))
}

fn read(text: &str, into: &mut Vec<Letter>) {
    into.clear();
    let mut before: Option<char> = None;
    for letter in text.chars().take(LONGEST) {
        let begins = match before {
            None => AT_START,
            Some(before) => {
                let begins = letter.is_alphanumeric()
                    && (!before.is_alphanumeric()
                        || (before.is_lowercase() && letter.is_uppercase())
                        || (letter.is_ascii_digit() && !before.is_ascii_digit()));
                if begins { AT_WORD } else { 0 }
            }
        };
        into.push(Letter {
            folded: fold(letter),
            begins,
        });
        before = Some(letter);
    }
}

/// The best of all ways to find `word`: its score, and its last letter. `rows` has the way there.
fn best_way(word: &[char], letters: &[Letter], rows: &mut Vec<Vec<Best>>) -> Option<(i32, usize)> {
    rows.resize_with(rows.len().max(word.len()), Vec::new);
    for (row, wanted) in word.iter().enumerate() {
        let (done, rest) = rows.split_at_mut(row);
        let Some(current) = rest.first_mut() else {
            break;
        };
        current.clear();
        let mut far = NOWHERE;
        for (index, letter) in letters.iter().enumerate() {
            let fits = letter.folded == *wanted;
            let best = match done.last() {
                None if fits => Best {
                    score: LETTER + letter.begins - gap(index),
                    before: 0,
                },
                None => NOWHERE,
                Some(above) => {
                    // Where a gap costs its most, only the score of where it began counts.
                    let out = index
                        .checked_sub(NEAR + 1)
                        .and_then(|out| Some((out, above.get(out)?)));
                    if let Some((before, best)) = out
                        && best.score > far.score
                    {
                        far = Best {
                            score: best.score,
                            before,
                        };
                    }
                    if fits {
                        reach(above, index, letter.begins, far)
                    } else {
                        NOWHERE
                    }
                }
            };
            current.push(best);
        }
    }
    let last = rows.get(word.len().checked_sub(1)?)?;
    let (end, best) = last
        .iter()
        .enumerate()
        .max_by_key(|(index, best)| (best.score, Reverse(*index)))?;
    (best.score > NEVER / 2).then_some((best.score, end))
}

/// Appends the letters of the way that ends at `end`.
fn trace(rows: &[Vec<Best>], letters: usize, mut end: usize, at: &mut Vec<usize>) {
    for row in rows.iter().take(letters).rev() {
        at.push(end);
        end = row.get(end).map_or(end, |best| best.before);
    }
}

fn gap(letters: usize) -> i32 {
    i32::try_from(letters).map_or(GAP, |letters| letters.min(GAP))
}

/// The best way to a letter from the row above: right behind the letter before, over a short gap,
/// or over a long one, from `far`.
fn reach(above: &[Best], index: usize, begins: i32, far: Best) -> Best {
    let mut most = Best {
        score: far.score - GAP + begins,
        before: far.before,
    };
    for before in index.saturating_sub(NEAR)..index {
        let from = above.get(before).map_or(NEVER, |best| best.score);
        let own = match index - before - 1 {
            0 => IN_A_ROW,
            between => begins - gap(between),
        };
        if from + own > most.score {
            most = Best {
                score: from + own,
                before,
            };
        }
    }
    if most.score <= NEVER / 2 {
        return NOWHERE;
    }
    most.score += LETTER;
    most
}

/// The best of what was found, best first, at most `limit`; `found` is score and index. Of equals
/// the earlier comes first. Strewn ones are left out beside good ones.
#[must_use]
pub fn best(pattern: &Pattern, mut found: Vec<(i32, usize)>, limit: usize) -> Vec<(i32, usize)> {
    let order = |(score, index): &(i32, usize)| (Reverse(*score), *index);
    if found.iter().any(|(score, _)| !pattern.is_strewn(*score)) {
        found.retain(|(score, _)| !pattern.is_strewn(*score));
    }
    if found.len() > limit && limit > 0 {
        found.select_nth_unstable_by_key(limit, order);
    }
    found.truncate(limit);
    found.sort_unstable_by_key(order);
    found
}

/// A text in runs, each with whether it was found: for bold letters.
#[must_use]
pub fn runs(text: &str, at: &[usize]) -> Vec<(bool, String)> {
    let mut runs: Vec<(bool, String)> = Vec::new();
    let mut rest = at.iter().copied().peekable();
    for (index, letter) in text.chars().enumerate() {
        let hit = rest.next_if_eq(&index).is_some();
        match runs.last_mut() {
            Some((bold, run)) if *bold == hit => run.push(letter),
            _ => runs.push((hit, letter.to_string())),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::time::Instant;

    fn score(typed: &str, text: &str) -> i32 {
        Pattern::new(typed)
            .find(text)
            .map_or(NEVER, |found| found.score)
    }

    fn shown(typed: &str, text: &str) -> String {
        let found = Pattern::new(typed).find(text).unwrap();
        runs(text, &found.at)
            .into_iter()
            .map(|(bold, run)| if bold { format!("[{run}]") } else { run })
            .collect()
    }

    #[test]
    fn takes_the_letters_a_person_means() {
        assert_eq!(shown("wbs", "web-server-01"), "[w]e[b]-[s]erver-01");
        assert_eq!(shown("ws", "web-server-01"), "[w]eb-[s]erver-01");
        assert_eq!(shown("server", "se-web-server-01"), "se-web-[server]-01");
        assert_eq!(shown("01 WEB", "web-server-01"), "[web]-server-[01]");
        assert_eq!(shown("dm", "darkMode"), "[d]ark[M]ode");
        assert_eq!(shown("grö", "Test-GRÖßE"), "Test-[GRÖ]ßE");
        assert_eq!(Pattern::new("sw").find("web-server"), None);
        assert_eq!(Pattern::new("web x").find("web-server"), None);
    }

    #[test]
    fn better_matches_score_higher() {
        assert!(score("web", "web-server-01") > score("web", "my-web"));
        assert!(score("web", "my-web") > score("web", "wxexb"));
        assert!(score("db", "prod-db") > score("db", "adobe"));
        assert!(score("ab", "x-a-b") > score("ab", "x-azzzzzb"));
    }

    #[test]
    fn an_id_typed_in_full_is_first() {
        let pattern = Pattern::new("101");
        let exact = pattern.find_id("101").unwrap();
        assert!(exact.score > pattern.find_id("1012").unwrap().score);
        assert!(exact.score > score("101", "101-web"));
        assert_eq!(pattern.find_id("2101"), None);
        assert_eq!(Pattern::new("").find_id("101"), None);
    }

    #[test]
    fn the_best_few() {
        let pattern = Pattern::new("web");
        let found = vec![(50, 0), (90, 1), (50, 2), (3, 3), (70, 4)];
        assert_eq!(
            best(&pattern, found.clone(), 3),
            [(90, 1), (70, 4), (50, 0)]
        );
        assert_eq!(best(&pattern, found, 9).len(), 4, "without the strewn one");
        assert_eq!(best(&pattern, vec![(3, 3)], 9), [(3, 3)]);
        assert_eq!(best(&pattern, vec![(3, 3)], 0), []);
    }

    #[test]
    fn ten_thousand_names_take_no_time() {
        let names: Vec<String> = (0..10_000)
            .map(|number| format!("web-server-prod-{number:05}"))
            .collect();
        let began = Instant::now();
        let mut pattern = Pattern::new("wsp 9");
        let found = names
            .iter()
            .filter(|name| pattern.score(name).is_some())
            .count();
        let took = began.elapsed();
        assert!(found > 3_000);
        // Unoptimised and on a busy machine; optimised it is a few milliseconds.
        assert!(took.as_millis() < 1_500, "{took:?}");
    }

    /// All ways to find a word, tried one by one.
    fn by_hand(word: &[char], letters: &[Letter], from: usize, before: Option<usize>) -> i32 {
        let Some((first, rest)) = word.split_first() else {
            return 0;
        };
        let mut most = NEVER;
        for index in from..letters.len() {
            let letter = letters[index];
            if letter.folded != *first {
                continue;
            }
            let own = match before {
                None => letter.begins - gap(index),
                Some(before) if before + 1 == index => IN_A_ROW,
                Some(before) => letter.begins - gap(index - before - 1),
            };
            most = most.max(LETTER + own + by_hand(rest, letters, index + 1, Some(index)));
        }
        most
    }

    proptest! {
        #[test]
        fn a_prefix_beats_strewn_letters(word in "[a-c0-1]{1,5}", rest in "[a-c -]{0,6}", fill in proptest::collection::vec("[a-c0-1 -]{0,3}", 6)) {
            let prefixed = format!("{word}{rest}");
            let strewn: String = fill.iter().zip(word.chars().map(String::from).chain(std::iter::repeat(String::new())))
                .map(|(gap, letter)| format!("{gap}{letter}")).collect();
            prop_assert!(score(&word, &prefixed) >= score(&word, &strewn), "{prefixed} {strewn}");
        }

        #[test]
        fn letters_are_those_typed(word in "[a-cA-C]{1,4}", text in "[a-cA-C -]{0,12}") {
            if let Some(found) = Pattern::new(&word).find(&text) {
                prop_assert!(found.at.is_sorted_by(|a, b| a < b));
                let letters: Vec<char> = text.chars().collect();
                let said: String = found.at.iter().map(|at| fold(letters[*at])).collect();
                prop_assert_eq!(said, word.to_lowercase());
            }
        }

        #[test]
        fn as_found_by_trying_all(word in "[a-b]{1,4}", text in "[a-bA-B0 -]{0,14}") {
            let mut letters = Vec::new();
            read(&text, &mut letters);
            let word: Vec<char> = word.chars().collect();
            let expected = by_hand(&word, &letters, 0, None);
            let typed: String = word.iter().collect();
            let found = Pattern::new(&typed).find(&text).map_or(NEVER, |found| found.score);
            prop_assert_eq!(found.max(NEVER / 2), expected.max(NEVER / 2));
        }

        #[test]
        fn nothing_typed_finds_all_in_order(texts in proptest::collection::vec(".{0,8}", 0..12)) {
            let mut pattern = Pattern::new("  ");
            let found: Vec<_> = texts.iter().enumerate()
                .filter_map(|(index, text)| Some((pattern.find(text)?.score, index))).collect();
            let order: Vec<usize> = best(&pattern, found, 99).into_iter().map(|(_, index)| index).collect();
            prop_assert_eq!(order, (0..texts.len()).collect::<Vec<_>>());
        }

        #[test]
        fn runs_say_the_text(text in ".{0,12}", at in proptest::collection::btree_set(0_usize..14, 0..5)) {
            let at: Vec<usize> = at.into_iter().collect();
            let said: String = runs(&text, &at).into_iter().map(|(_, run)| run).collect();
            prop_assert_eq!(said, text);
        }
    }
}
