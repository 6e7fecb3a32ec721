//! From the names that a server sends to parents that make a forest.

use super::{Here, Item, Odd};
use std::collections::HashMap;

/// What was understood.
pub(super) struct Found {
    pub parents: Vec<Option<usize>>,
    pub here: Option<Here>,
    pub odd: Vec<(usize, Odd)>,
    pub turned: bool,
}

/// What an item names as its parent.
enum Named {
    Nothing,
    Item(usize),
    Current,
    Missing(String),
}

pub(super) fn resolve(items: &[Item<'_>]) -> Found {
    let mut places: HashMap<&str, usize> = HashMap::with_capacity(items.len());
    for (place, item) in items.iter().enumerate() {
        if !item.is_current() {
            // Of the same name twice, the first is meant.
            places.entry(item.name).or_insert(place);
        }
    }
    // Who names its own name means another that is called so, if there is one.
    let twin = |own: usize, name: &str| {
        let mut others = items.iter().enumerate();
        let found = others.find(|(place, item)| *place != own && item.name == name);
        found.map_or(own, |(place, _)| place)
    };
    let named: Vec<Named> = items
        .iter()
        .enumerate()
        .map(
            |(own, item)| match item.parent.filter(|name| !name.is_empty()) {
                None => Named::Nothing,
                Some(name) if name == item.name && !item.is_current() => {
                    Named::Item(twin(own, name))
                }
                Some(name) => match places.get(name) {
                    Some(place) => Named::Item(*place),
                    None if name == super::CURRENT => Named::Current,
                    None => Named::Missing(name.to_owned()),
                },
            },
        )
        .collect();
    let turned = is_turned(items, &named);
    let (mut parents, mut odd) = if turned {
        backward(items, &named)
    } else {
        forward(items, &named)
    };
    break_rings(items, &mut parents, &mut odd);
    odd.sort_by_key(|(place, _)| *place);
    Found {
        here: here(items, &named, &parents, turned),
        parents,
        odd,
        turned,
    }
}

/// Whether each names the one that was taken on it instead of the one it was taken on: then a
/// snapshot has the running state as its parent, or all that are dated are older than their
/// parents, and there are several, since a single one may be the fault of a clock.
fn is_turned(items: &[Item<'_>], named: &[Named]) -> bool {
    let taken = |place: usize| items.get(place).and_then(|item| item.taken);
    let (mut right, mut wrong, mut under_current) = (0_usize, 0_usize, false);
    for (place, named) in named.iter().enumerate() {
        if items[place].is_current() {
            continue;
        }
        match named {
            Named::Current => under_current = true,
            Named::Item(parent) => match (taken(place), taken(*parent)) {
                (Some(own), Some(other)) if own.millis > other.millis => right += 1,
                (Some(own), Some(other)) if own.millis < other.millis => wrong += 1,
                _ => {}
            },
            Named::Nothing | Named::Missing(_) => {}
        }
    }
    (under_current && right <= wrong) || (right == 0 && wrong > 1)
}

type Parents = (Vec<Option<usize>>, Vec<(usize, Odd)>);

fn forward(items: &[Item<'_>], named: &[Named]) -> Parents {
    let mut odd = Vec::new();
    let parents = named
        .iter()
        .enumerate()
        .map(|(place, named)| match named {
            Named::Item(parent) if !items[place].is_current() => Some(*parent),
            Named::Missing(name) if !items[place].is_current() => {
                odd.push((place, Odd::Missing(name.clone())));
                None
            }
            _ => None,
        })
        .collect();
    (parents, odd)
}

/// The one that is named was taken on the one that names it. Where several name the same, the
/// newest of them is meant, and the others stand at the root.
fn backward(items: &[Item<'_>], named: &[Named]) -> Parents {
    let mut odd = Vec::new();
    let mut parents: Vec<Option<usize>> = vec![None; items.len()];
    let age = |place: usize| items[place].taken.map(|at| at.millis);
    for (place, named) in named.iter().enumerate() {
        if items[place].is_current() {
            continue;
        }
        match named {
            Named::Item(child) => {
                let other = &mut parents[*child];
                if other.is_none_or(|other| age(other) < age(place)) {
                    *other = Some(place);
                }
            }
            Named::Missing(name) => odd.push((place, Odd::Missing(name.clone()))),
            Named::Nothing | Named::Current => {}
        }
    }
    (parents, odd)
}

/// Cuts each ring above its oldest member, which becomes a root.
fn break_rings(items: &[Item<'_>], parents: &mut [Option<usize>], odd: &mut Vec<(usize, Odd)>) {
    // The walk on which each was seen, from 1 on: a walk that meets itself has found a ring.
    let mut seen = vec![0_usize; parents.len()];
    for start in 0..parents.len() {
        let walk = start + 1;
        let mut at = Some(start);
        while let Some(place) = at.filter(|place| seen[*place] == 0) {
            seen[place] = walk;
            at = parents[place];
        }
        let Some(first) = at.filter(|place| seen[*place] == walk) else {
            continue;
        };
        let mut oldest = first;
        let mut next = parents[first];
        while let Some(place) = next.filter(|place| *place != first) {
            let key = |place: usize| (items[place].taken.map(|at| at.millis), place);
            if key(place) < key(oldest) {
                oldest = place;
            }
            next = parents[place];
        }
        parents[oldest] = None;
        odd.push((oldest, Odd::Ring));
    }
}

/// Where the VM stands: as the server says, else on the newest that no other was taken on.
fn here(
    items: &[Item<'_>],
    named: &[Named],
    parents: &[Option<usize>],
    turned: bool,
) -> Option<Here> {
    let age = |place: &usize| (items[*place].taken.map(|at| at.millis), *place);
    let current = items.iter().position(Item::is_current);
    let said = match current.map(|place| &named[place]) {
        Some(Named::Item(on)) => Some(*on),
        _ if turned => {
            let naming = named.iter().enumerate();
            naming
                .filter(|(_, named)| matches!(named, Named::Current))
                .map(|(place, _)| place)
                .filter(|place| !items[*place].is_current())
                .max_by_key(age)
        }
        _ => None,
    };
    if said.is_some() {
        return Some(Here {
            on: said,
            inferred: false,
        });
    }
    let mut is_parent = vec![false; items.len()];
    for parent in parents.iter().flatten() {
        is_parent[*parent] = true;
    }
    let newest = (0..items.len())
        .filter(|place| !items[*place].is_current() && !is_parent[*place])
        .max_by_key(age);
    let names_unknown = current.is_some_and(|place| matches!(named[place], Named::Missing(_)));
    (newest.is_some() || current.is_some()).then_some(Here {
        on: newest,
        // The guide's list has `current` without a parent: it sits on the newest.
        inferred: newest.is_some() && (current.is_none() || names_unknown),
    })
}
