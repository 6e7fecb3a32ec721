//! Whose turn it is, where each of many things has to be asked for by itself.

use std::collections::HashMap;
use std::hash::Hash;

/// What was never asked for is asked for at once, but no more than so many together.
const TOGETHER: usize = 4;
/// Milliseconds for which an answer is good.
const GOOD: f64 = 10_000.0;

#[derive(Debug, Clone, Copy, Default)]
struct Place {
    lookers: usize,
    asked: Option<f64>,
}

/// The things that somebody looks at, and when each was asked for last.
#[derive(Debug, Clone)]
pub struct Turns<K>(HashMap<K, Place>);

impl<K> Default for Turns<K> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<K: Eq + Hash + Ord + Copy> Turns<K> {
    /// Somebody begins to look at it.
    pub fn look(&mut self, key: K) {
        self.0.entry(key).or_default().lookers += 1;
    }

    /// Somebody no longer does.
    pub fn leave(&mut self, key: K) {
        if let Some(place) = self.0.get_mut(&key) {
            place.lookers = place.lookers.saturating_sub(1);
        }
    }

    /// Whom to ask now, in milliseconds of a steady clock: those that were never asked, a few at
    /// once; else the one whose answer is oldest, if it is old. Takes down that they are asked.
    /// `wanted` leaves out what cannot answer.
    pub fn next(&mut self, now: f64, wanted: impl Fn(&K) -> bool) -> Vec<K> {
        // What nobody looks at is remembered while its answer is good: it may scroll back.
        self.0.retain(|_, place| {
            place.lookers > 0 || place.asked.is_some_and(|asked| now - asked < GOOD)
        });
        let mut open: Vec<(K, Option<f64>)> = self
            .0
            .iter()
            .filter(|(key, place)| place.lookers > 0 && wanted(key))
            .map(|(key, place)| (*key, place.asked))
            .collect();
        let mut turn: Vec<K> = open
            .iter()
            .filter(|(_, asked)| asked.is_none())
            .map(|(key, _)| *key)
            .collect();
        turn.sort_unstable();
        turn.truncate(TOGETHER);
        if turn.is_empty() {
            open.sort_unstable_by(|(a, left), (b, right)| {
                let at = |asked: &Option<f64>| asked.unwrap_or_default();
                at(left).total_cmp(&at(right)).then_with(|| a.cmp(b))
            });
            let old = |asked: &Option<f64>| asked.is_some_and(|asked| now - asked >= GOOD);
            turn.extend(
                open.first()
                    .filter(|(_, asked)| old(asked))
                    .map(|(key, _)| *key),
            );
        }
        for key in &turn {
            if let Some(place) = self.0.get_mut(key) {
                place.asked = Some(now);
            }
        }
        turn
    }

    /// Forgets when what was asked for; who looks at what stays.
    pub fn forget(&mut self) {
        self.0.retain(|_, place| {
            place.asked = None;
            place.lookers > 0
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_ones_come_a_few_at_once_then_the_oldest_alone() {
        let mut turns = Turns::default();
        (1..=6).for_each(|key| turns.look(key));
        assert_eq!(turns.next(0.0, |_| true), [1, 2, 3, 4]);
        assert_eq!(turns.next(1_000.0, |_| true), [5, 6]);
        assert_eq!(
            turns.next(2_000.0, |_| true),
            [] as [u32; 0],
            "all are fresh"
        );
        assert_eq!(turns.next(10_000.0, |_| true), [1]);
        assert_eq!(turns.next(11_000.0, |_| true), [2]);
        assert_eq!(
            turns.next(60_000.0, |_| true),
            [3],
            "never more than one when idle"
        );
    }

    #[test]
    fn only_what_is_looked_at_and_can_answer() {
        let mut turns = Turns::default();
        turns.look(1);
        turns.look(1);
        turns.look(2);
        turns.leave(1);
        assert_eq!(
            turns.next(0.0, |key| *key != 2),
            [1],
            "still looked at once"
        );
        turns.leave(1);
        turns.leave(1);
        assert_eq!(turns.next(20_000.0, |key| *key != 2), [] as [u32; 0]);
        assert_eq!(turns.next(21_000.0, |_| true), [2]);
    }

    #[test]
    fn what_scrolls_back_soon_is_not_asked_anew() {
        let mut turns = Turns::default();
        turns.look(1);
        assert_eq!(turns.next(0.0, |_| true), [1]);
        turns.leave(1);
        turns.next(5_000.0, |_| true);
        turns.look(1);
        assert_eq!(turns.next(6_000.0, |_| true), [] as [u32; 0]);
        turns.forget();
        assert_eq!(turns.next(7_000.0, |_| true), [1]);
    }
}
