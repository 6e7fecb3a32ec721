//! From parents to rows: the order, and the lines before each.

use super::{Item, Rail, Row, Tree, What};

/// So many columns are drawn; what lies deeper stands in the last.
pub(super) const COLUMNS: usize = 8;

/// A row that waits for its turn.
struct Waiting {
    what: What,
    depth: usize,
    /// The columns before its dot.
    rails: Vec<Rail>,
    /// It stands straight below its parent.
    straight: bool,
    place: (usize, usize),
}

/// Rows from the top. Each child stands a column to the right of its parent, while that has room;
/// in a deeper tree an only child stands straight below, so that long chains stay readable.
pub(super) fn rows(items: &[Item<'_>], tree: &Tree) -> Vec<Row> {
    let own = |place: &usize| !items[*place].is_current();
    let mut children: Vec<Vec<What>> = vec![Vec::new(); items.len()];
    let mut roots: Vec<What> = Vec::new();
    let leads = leading(items.len(), tree);
    let mut places: Vec<usize> = (0..items.len()).filter(own).collect();
    // What leads to where the VM stands comes first, then the oldest.
    places.sort_by_key(|place| {
        let taken = items[*place].taken;
        (!leads[*place], taken.is_none(), taken, *place)
    });
    if let Some(here) = tree.here {
        match here.on.and_then(|on| children.get_mut(on)) {
            Some(of) => of.push(What::Here),
            None => roots.push(What::Here),
        }
    }
    for place in places {
        match tree.parents[place].and_then(|parent| children.get_mut(parent)) {
            Some(of) => of.push(What::Snapshot(place)),
            None => roots.push(What::Snapshot(place)),
        }
    }
    let deep = is_deep(&roots, &children);
    lay_out(&roots, &children, deep, items.len() + 1)
}

/// Which items the VM's present state came out of.
fn leading(count: usize, tree: &Tree) -> Vec<bool> {
    let mut leads = vec![false; count];
    let mut at = tree.here.and_then(|here| here.on);
    while let Some(place) = at.filter(|place| !leads[*place]) {
        leads[place] = true;
        at = tree.parents[place];
    }
    leads
}

/// Whether a column for each level would not have room.
fn is_deep(roots: &[What], children: &[Vec<What>]) -> bool {
    let mut level: Vec<What> = roots.to_vec();
    for _ in 0..COLUMNS {
        level = level
            .iter()
            .filter_map(|what| match what {
                What::Snapshot(place) => children.get(*place),
                What::Here => None,
            })
            .flatten()
            .copied()
            .collect();
        if level.is_empty() {
            return false;
        }
    }
    true
}

fn lay_out(roots: &[What], children: &[Vec<What>], deep: bool, count: usize) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::with_capacity(count);
    // A stack instead of a call per level: chains may be long.
    let mut stack: Vec<Waiting> = (0..roots.len())
        .rev()
        .map(|at| Waiting {
            what: roots[at],
            depth: 1,
            rails: Vec::new(),
            straight: false,
            place: (at + 1, roots.len()),
        })
        .collect();
    while let Some(waiting) = stack.pop() {
        let kids: &[What] = match waiting.what {
            What::Snapshot(place) => children.get(place).map_or(&[], Vec::as_slice),
            What::Here => &[],
        };
        let column = waiting.rails.len();
        let straight = column + 1 >= COLUMNS || (deep && kids.len() == 1);
        // Lines that go on below this row, beside its children.
        let passing: Vec<Rail> = waiting
            .rails
            .iter()
            .map(|rail| match rail {
                Rail::Line | Rail::Tee => Rail::Line,
                Rail::None | Rail::Elbow => Rail::None,
            })
            .collect();
        for (at, kid) in kids.iter().enumerate().rev() {
            let mut rails = passing.clone();
            let last = at + 1 == kids.len();
            if !straight {
                rails.push(if last { Rail::Elbow } else { Rail::Tee });
            }
            stack.push(Waiting {
                what: *kid,
                depth: waiting.depth + 1,
                rails,
                straight,
                place: (at + 1, kids.len()),
            });
        }
        rows.push(Row {
            what: waiting.what,
            depth: waiting.depth,
            rails: waiting.rails,
            // In the last column several may stand below one: only the first is joined to it.
            above: waiting.straight && waiting.place.0 == 1,
            below: !kids.is_empty(),
            place: waiting.place,
        });
    }
    rows
}
