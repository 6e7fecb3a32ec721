use super::draw::COLUMNS;
use super::*;
use proptest::prelude::*;
use std::time::Instant as Clock;

fn item<'a>(name: &'a str, secs: i64, parent: Option<&'a str>) -> Item<'a> {
    Item {
        name,
        parent,
        taken: (secs > 0).then(|| Instant::from_secs(secs)),
    }
}

/// The tree as text: a row each, its depth as indentation, `*` for where the VM stands.
fn drawn(items: &[Item<'_>]) -> Vec<String> {
    tree(items)
        .rows
        .iter()
        .map(|row| {
            let name = match row.what {
                What::Snapshot(place) => items[place].name,
                What::Here => "*",
            };
            format!("{}{name}", " ".repeat(row.depth - 1))
        })
        .collect()
}

#[test]
fn the_guides_list() {
    let items = [
        item("current", 0, None),
        item("before-upgrade", 3, Some("weekly")),
        item("weekly", 2, Some("initial")),
        item("initial", 1, None),
    ];
    assert_eq!(
        drawn(&items),
        ["initial", " weekly", "  before-upgrade", "   *"]
    );
    let tree = tree(&items);
    assert_eq!(
        tree.here.unwrap(),
        Here {
            on: Some(1),
            inferred: false
        }
    );
    assert_eq!((tree.depth(1), tree.depth(3)), (3, 1));
    assert!(!tree.turned && tree.odd.is_empty());
    assert!(tree.leads_here(3) && tree.leads_here(1));
}

#[test]
fn the_guides_detail_has_parents_the_wrong_way_round() {
    let items = [
        item("before-update", 2, Some("current")),
        item("weekly", 1, Some("before-update")),
    ];
    assert_eq!(drawn(&items), ["weekly", " before-update", "  *"]);
    let tree = tree(&items);
    assert!(tree.turned);
    assert_eq!(
        tree.here.unwrap(),
        Here {
            on: Some(0),
            inferred: false
        }
    );
    // Without anything under the running state the times alone tell.
    let items = [
        item("c", 3, None),
        item("b", 2, Some("c")),
        item("a", 1, Some("b")),
    ];
    assert_eq!(drawn(&items), ["a", " b", "  c", "   *"]);
    // One pair may be the fault of a clock that was set.
    let items = [item("b", 1, Some("a")), item("a", 2, None)];
    assert_eq!(drawn(&items), ["a", " b", "  *"]);
}

#[test]
fn after_a_rollback_the_way_here_comes_first() {
    let items = [
        item("current", 0, Some("b")),
        item("a", 1, None),
        item("b", 4, Some("a")),
        item("c", 2, Some("a")),
        item("d", 5, Some("c")),
    ];
    assert_eq!(drawn(&items), ["a", " b", "  *", " c", "  d"]);
    let tree = tree(&items);
    assert!(tree.leads_here(1) && !tree.leads_here(3));
    assert_eq!(tree.children(1).collect::<Vec<_>>(), [2, 3]);
    assert_eq!(newer_than(&items, 3), [4, 2]);
}

#[test]
fn without_the_entry_the_place_is_inferred() {
    let items = [item("new", 2, Some("old")), item("old", 1, None)];
    assert_eq!(
        tree(&items).here.unwrap(),
        Here {
            on: Some(0),
            inferred: true
        }
    );
    // What is not there can't be stood on.
    let items = [item("current", 0, Some("gone")), item("old", 1, None)];
    assert_eq!(
        tree(&items).here.unwrap(),
        Here {
            on: Some(1),
            inferred: true
        }
    );
    assert_eq!(tree(&[]), Tree::default());
    let alone = tree(&[item("current", 0, None)]);
    assert!(alone.is_empty());
    assert_eq!(alone.rows.len(), 1);
}

#[test]
fn odd_data_is_kept_and_named() {
    let items = [
        item("lost", 1, Some("gone")),
        item("self", 2, Some("self")),
        item("x", 4, Some("y")),
        item("y", 3, Some("x")),
        item("twin", 5, None),
        item("twin", 6, Some("twin")),
    ];
    let tree = tree(&items);
    let odd: Vec<_> = tree
        .odd
        .iter()
        .map(|(at, odd)| (*at, odd.clone()))
        .collect();
    assert_eq!(
        odd,
        [
            (0, Odd::Missing("gone".into())),
            (1, Odd::Ring),
            (3, Odd::Ring),
        ]
    );
    assert_eq!(
        drawn(&items),
        ["twin", " twin", "  *", "lost", "self", "y", " x"]
    );
    // In whichever order the server lists them.
    let twins = [item("twin", 6, Some("twin")), item("twin", 5, None)];
    assert_eq!(drawn(&twins), ["twin", " twin", "  *"]);
    assert!(super::tree(&twins).odd.is_empty());
    assert!(tree.odd_of(0).unwrap().words().contains("gone"));
    assert!(tree.odd_of(1).unwrap().words().contains("itself"));
}

#[test]
fn lines_of_a_branch() {
    let items = [
        item("current", 0, Some("b")),
        item("a", 1, None),
        item("b", 4, Some("a")),
        item("c", 2, Some("a")),
    ];
    let rows = tree(&items).rows;
    let rails: Vec<&[Rail]> = rows.iter().map(|row| row.rails.as_slice()).collect();
    assert_eq!(
        rails,
        [
            &[][..],
            &[Rail::Tee],
            &[Rail::Line, Rail::Elbow],
            &[Rail::Elbow],
        ]
    );
    assert_eq!(rows[1].place, (1, 2));
    assert!(rows[0].below && !rows[3].below);
}

#[test]
fn a_long_chain_stands_straight() {
    let names: Vec<String> = (0..500).map(|number| format!("s{number}")).collect();
    let mut items: Vec<Item<'_>> = Vec::new();
    for (at, name) in names.iter().enumerate() {
        let parent = at.checked_sub(1).map(|before| names[before].as_str());
        items.push(item(name, at as i64 + 1, parent));
    }
    let clock = Clock::now();
    let tree = tree(&items);
    assert!(clock.elapsed().as_millis() < 200, "{:?}", clock.elapsed());
    assert_eq!(tree.depth(499), 500);
    assert!(tree.rows.iter().all(|row| row.rails.is_empty()));
    assert!(tree.rows.iter().skip(1).all(|row| row.above));
}

/// Names and parents out of few names, so that rings, twins and gaps come about.
fn lists() -> impl Strategy<Value = Vec<(usize, Option<usize>, Option<i64>)>> {
    let row = (
        0_usize..9,
        prop_oneof![2 => Just(None), 5 => (0_usize..12).prop_map(Some)],
        prop_oneof![1 => Just(None), 4 => (1_i64..9).prop_map(Some)],
    );
    prop::collection::vec(row, 0..24)
}

const NAMES: [&str; 12] = [
    "current", "a", "b", "c", "d", "e", "f", "g", "h", "i", "gone", "",
];

proptest! {
    #[test]
    fn every_snapshot_stands_once_below_its_parent(list in lists()) {
        let items: Vec<Item<'_>> = list
            .iter()
            .map(|(name, parent, secs)| Item {
                name: NAMES[*name],
                parent: parent.map(|parent| NAMES[parent]),
                taken: secs.map(Instant::from_secs),
            })
            .collect();
        let tree = tree(&items);
        let mut shown: Vec<usize> = Vec::new();
        let mut heres = 0;
        for row in &tree.rows {
            match row.what {
                What::Snapshot(place) => shown.push(place),
                What::Here => heres += 1,
            }
        }
        shown.sort_unstable();
        let own: Vec<usize> = (0..items.len()).filter(|at| !items[*at].is_current()).collect();
        prop_assert_eq!(shown, own);
        prop_assert_eq!(heres, usize::from(!items.is_empty()));
        // Each stands below its parent, one deeper, and nothing of another branch lies between.
        for (at, row) in tree.rows.iter().enumerate() {
            let parent = match row.what {
                What::Snapshot(place) => tree.parents[place],
                What::Here => tree.here.and_then(|here| here.on),
            };
            let above = tree.rows[..at].iter().rposition(|other| other.depth < row.depth);
            prop_assert_eq!(
                above.map(|above| tree.rows[above].what),
                parent.map(What::Snapshot)
            );
            prop_assert_eq!(row.depth, above.map_or(1, |above| tree.rows[above].depth + 1));
            prop_assert!(row.rails.len() < COLUMNS);
            prop_assert!(row.place.0 >= 1 && row.place.0 <= row.place.1);
        }
        // A line that passes by began above and ends below.
        for pair in tree.rows.windows(2) {
            for (column, rail) in pair[0].rails.iter().enumerate() {
                if matches!(rail, Rail::Line | Rail::Tee) {
                    let below = pair[1].rails.get(column);
                    prop_assert!(below.is_some_and(|below| *below != Rail::None));
                }
            }
        }
    }

    #[test]
    fn newest_come_first(list in lists()) {
        let items: Vec<Item<'_>> = list
            .iter()
            .map(|(name, _, secs)| Item {
                name: NAMES[*name],
                parent: None,
                taken: secs.map(Instant::from_secs),
            })
            .collect();
        let mut places: Vec<usize> = (0..items.len()).collect();
        newest_first(&items, &mut places);
        for pair in places.windows(2) {
            let taken = |place: usize| items[place].taken.map(|at| at.millis);
            prop_assert!(taken(pair[0]) >= taken(pair[1]));
        }
    }
}
