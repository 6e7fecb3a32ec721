//! Cards that a person has moved and hidden. What is not named stands where it was designed, so
//! that cards of a newer version come in their usual place.

use serde::{Deserialize, Serialize};

/// A card as it was designed: its name, which never changes, and the zone that it stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spot {
    /// Name in the preference.
    pub name: &'static str,
    /// Zone, counted from 0.
    pub zone: usize,
    /// Cards of zones that are joined go from the end of one to the beginning of the next.
    pub joined: bool,
}

/// How a person has arranged cards.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Arrangement {
    /// Names by zone, in their order.
    zones: Vec<Vec<String>>,
    /// Names of the cards that are not shown.
    hidden: Vec<String>,
}

impl Arrangement {
    /// Whether nothing was moved or hidden.
    #[must_use]
    pub fn is_untouched(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a card is not shown.
    #[must_use]
    pub fn is_hidden(&self, name: &str) -> bool {
        self.hidden.iter().any(|hidden| hidden == name)
    }

    /// Every card, by zone and in order, as indices of `spots`; hidden ones too.
    #[must_use]
    pub fn all(&self, spots: &[Spot]) -> Vec<Vec<usize>> {
        let count = spots.iter().map(|spot| spot.zone + 1).max().unwrap_or(0);
        let mut zones = vec![Vec::new(); count];
        let mut placed = vec![false; spots.len()];
        for (at, names) in self.zones.iter().enumerate().take(count) {
            for name in names {
                let Some(index) = spots.iter().position(|spot| spot.name == name) else {
                    continue;
                };
                let may = spots[index].zone == at
                    || (spots[index].joined && spots.iter().any(|s| s.joined && s.zone == at));
                if may && !placed[index] {
                    placed[index] = true;
                    zones[at].push(index);
                }
            }
        }
        for (index, spot) in spots.iter().enumerate() {
            if placed[index] {
                continue;
            }
            placed[index] = true;
            // Behind the neighbour that was designed before it, wherever that stands in the zone.
            let zone = &mut zones[spot.zone];
            let before = spots[..index]
                .iter()
                .enumerate()
                .rev()
                .filter(|(_, other)| other.zone == spot.zone)
                .find_map(|(other, _)| zone.iter().position(|at| *at == other));
            zone.insert(before.map_or(0, |at| at + 1), index);
        }
        zones
    }

    /// The cards that are shown, by zone and in order.
    #[must_use]
    pub fn shown(&self, spots: &[Spot]) -> Vec<Vec<usize>> {
        let mut zones = self.all(spots);
        for zone in &mut zones {
            zone.retain(|index| !self.is_hidden(spots[*index].name));
        }
        zones
    }

    /// The cards that are not shown, in the order of their design.
    #[must_use]
    pub fn hidden(&self, spots: &[Spot]) -> Vec<usize> {
        (0..spots.len())
            .filter(|index| self.is_hidden(spots[*index].name))
            .collect()
    }

    /// With a card shown or hidden.
    #[must_use]
    pub fn show(&self, name: &str, on: bool) -> Self {
        let mut next = self.clone();
        next.hidden.retain(|hidden| hidden != name);
        if !on {
            next.hidden.push(name.to_owned());
        }
        next
    }

    /// With a card one place later (or earlier) among those shown; `None` where it is the last
    /// (or first) of what it can be moved in.
    #[must_use]
    pub fn shift(&self, spots: &[Spot], name: &str, later: bool) -> Option<Self> {
        let index = spots.iter().position(|spot| spot.name == name)?;
        let mut zones = self.all(spots);
        let zone = zones.iter().position(|zone| zone.contains(&index))?;
        let at = zones[zone].iter().position(|other| *other == index)?;
        let shown = |other: &usize| !self.is_hidden(spots[*other].name);
        let beside = if later {
            zones[zone][at + 1..]
                .iter()
                .position(shown)
                .map(|by| at + 1 + by)
        } else {
            zones[zone][..at].iter().rposition(shown)
        };
        match beside {
            Some(beside) => {
                let card = zones[zone].remove(at);
                zones[zone].insert(beside, card);
            }
            None => {
                let next = if later {
                    zone.checked_add(1)
                } else {
                    zone.checked_sub(1)
                };
                let takes = |next: &usize| {
                    spots[index].joined && spots.iter().any(|s| s.joined && s.zone == *next)
                };
                let next = next.filter(takes)?;
                zones[zone].remove(at);
                let end = if later { 0 } else { zones[next].len() };
                zones[next].insert(end, index);
            }
        }
        let named = |zone: Vec<usize>| {
            zone.into_iter()
                .map(|index| spots[index].name.to_owned())
                .collect()
        };
        Some(Self {
            zones: zones.into_iter().map(named).collect(),
            hidden: self.hidden.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SPOTS: [Spot; 6] = [
        spot("a", 0, false),
        spot("b", 0, false),
        spot("c", 1, true),
        spot("d", 1, true),
        spot("e", 2, true),
        spot("f", 2, true),
    ];

    const fn spot(name: &'static str, zone: usize, joined: bool) -> Spot {
        Spot { name, zone, joined }
    }

    fn names(zones: &[Vec<usize>], spots: &[Spot]) -> String {
        let zone = |zone: &Vec<usize>| zone.iter().map(|at| spots[*at].name).collect::<String>();
        zones.iter().map(zone).collect::<Vec<_>>().join(" ")
    }

    fn shown(arrangement: &Arrangement) -> String {
        names(&arrangement.shown(&SPOTS), &SPOTS)
    }

    #[test]
    fn a_card_moves_within_its_zone_and_into_a_joined_one() {
        let first = Arrangement::default();
        assert_eq!(shown(&first), "ab cd ef");
        let moved = first.shift(&SPOTS, "c", true).unwrap();
        assert_eq!(shown(&moved), "ab dc ef");
        let moved = moved.shift(&SPOTS, "c", true).unwrap();
        assert_eq!(shown(&moved), "ab d cef");
        let back = moved.shift(&SPOTS, "c", false).unwrap();
        assert_eq!(shown(&back), "ab dc ef");
    }

    #[test]
    fn the_ends_stay_ends() {
        let first = Arrangement::default();
        assert_eq!(first.shift(&SPOTS, "a", false), None);
        assert_eq!(first.shift(&SPOTS, "b", true), None, "another kind of zone");
        assert_eq!(first.shift(&SPOTS, "c", false), None);
        assert_eq!(first.shift(&SPOTS, "f", true), None);
        assert_eq!(first.shift(&SPOTS, "nobody", true), None);
    }

    #[test]
    fn hidden_cards_are_passed_and_keep_their_place() {
        let hidden = Arrangement::default().show("d", false);
        assert_eq!(shown(&hidden), "ab c ef");
        let moved = hidden.shift(&SPOTS, "c", true).unwrap();
        assert_eq!(shown(&moved), "ab  cef");
        assert_eq!(shown(&moved.show("d", true)), "ab d cef");
        assert_eq!(moved.hidden(&SPOTS), [3]);
    }

    #[test]
    fn a_card_of_a_newer_version_comes_where_it_was_designed() {
        let kept: Arrangement =
            serde_json::from_str(r#"{"zones":[["b"],["d","c","gone"],["f"]],"hidden":["gone"]}"#)
                .unwrap();
        assert_eq!(shown(&kept), "ab dc ef");
        let kept: Arrangement = serde_json::from_str(r#"{"zones":[[],["f","c"]]}"#).unwrap();
        assert_eq!(shown(&kept), "ab fcd e");
    }

    #[test]
    fn what_makes_no_sense_is_passed_over() {
        let kept: Arrangement =
            serde_json::from_str(r#"{"zones":[["c","a","a"],["a","c"],[],["e"]]}"#).unwrap();
        assert_eq!(shown(&kept), "ab cd ef");
    }

    proptest! {
        #[test]
        fn nothing_is_lost_or_doubled(
            zones in prop::collection::vec(prop::collection::vec("[a-h]", 0..8), 0..5),
            hidden in prop::collection::vec("[a-h]", 0..4),
            moves in prop::collection::vec((0usize..6, any::<bool>()), 0..12),
        ) {
            let mut kept = Arrangement { zones, hidden };
            for (at, later) in moves {
                let before = kept.clone();
                if let Some(next) = kept.shift(&SPOTS, SPOTS[at].name, later) {
                    if !kept.is_hidden(SPOTS[at].name) {
                        // The way back leads to what was shown.
                        let back = next.shift(&SPOTS, SPOTS[at].name, !later).unwrap();
                        prop_assert_eq!(shown(&back), shown(&before));
                    }
                    kept = next;
                }
            }
            let mut all: Vec<usize> = kept.all(&SPOTS).concat();
            all.sort_unstable();
            prop_assert_eq!(all, (0..SPOTS.len()).collect::<Vec<_>>());
            let count = kept.shown(&SPOTS).concat().len() + kept.hidden(&SPOTS).len();
            prop_assert_eq!(count, SPOTS.len());
        }
    }
}
