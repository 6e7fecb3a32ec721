//! What the tab shows and what is chosen on it.

use crate::api::snapshots::Snapshot;
use crate::domain::snapshot::sweep::Target;
use crate::domain::snapshot::tree::{Here, Odd, Row, What};
use crate::domain::units::Instant;
use crate::screens::snapshots::known::Known;
use crate::screens::vm_detail::model::VmPage;
use crate::stores::Watch;
use leptos::prelude::*;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Names a row, whatever comes and goes around it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Key {
    /// Where the VM stands.
    Here,
    /// A snapshot: its name, and which of those that are called so.
    Snapshot(String, usize),
}

impl Key {
    /// For the `id` of an element: letters and digits alone.
    pub fn id(&self, tree: &str) -> String {
        match self {
            Self::Here => format!("{tree}-here"),
            Self::Snapshot(name, nth) => {
                let plain: String = name
                    .bytes()
                    .map(|byte| match byte {
                        b if b.is_ascii_alphanumeric() => char::from(b).to_string(),
                        other => format!("_{other:02x}"),
                    })
                    .collect();
                format!("{tree}-s{nth}-{plain}")
            }
        }
    }

    /// In the address.
    pub fn word(&self) -> &str {
        match self {
            Self::Here => crate::domain::snapshot::name::CURRENT,
            Self::Snapshot(name, _) => name,
        }
    }
}

/// A row of the tree with all that is shown of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    pub key: Key,
    pub row: Row,
    /// None of the place where the VM stands.
    pub snapshot: Option<Snapshot>,
    /// The snapshot that it was taken on, or that the VM stands on.
    pub parent: Option<String>,
    /// How many were taken on it.
    pub children: usize,
    /// The VM's present state came out of it.
    pub leads: bool,
    /// Where the VM stands was inferred.
    pub inferred: bool,
    /// What is odd about it.
    pub odd: Option<String>,
}

/// State of the tab. `Copy`; lives as long as the tab.
#[derive(Debug, Clone, Copy)]
pub struct Board {
    pub vm: VmPage,
    pub watch: Watch<Vec<Snapshot>>,
    pub known: Memo<Arc<Known>>,
    /// Rows from the top.
    pub lines: Memo<Arc<Vec<Arc<Line>>>>,
    /// The same by key.
    pub by_key: Memo<Arc<HashMap<Key, Arc<Line>>>>,
    /// What was chosen last; may be gone.
    pub at: RwSignal<Option<Key>>,
    /// The row whose details are shown.
    pub active: Memo<Option<Key>>,
    /// What is ticked; may be gone.
    pub ticked: RwSignal<HashSet<Key>>,
    /// The server's now, by the minute.
    pub minute: Memo<Instant>,
}

impl Board {
    /// `at` is the name in the address.
    pub fn new(vm: VmPage, at: Option<&str>) -> Self {
        let watch = vm.store().snapshots.watch();
        let known = Memo::new(move |_| {
            watch.value.with(|list| {
                let list = list.as_ref().map(Known::new);
                Arc::new(list.unwrap_or_default())
            })
        });
        let lines = Memo::new(move |_| known.with(|known| Arc::new(lines(known))));
        let by_key = Memo::new(move |_| {
            lines.with(|lines| {
                let pairs = lines.iter().map(|line| (line.key.clone(), line.clone()));
                Arc::new(pairs.collect::<HashMap<_, _>>())
            })
        });
        let wanted = at.filter(|at| !at.is_empty()).map(|at| match at {
            crate::domain::snapshot::name::CURRENT => Key::Here,
            name => Key::Snapshot(name.to_owned(), 0),
        });
        let at = RwSignal::new(wanted);
        let active = Memo::new(move |_| {
            let chosen = at.get();
            lines.with(|lines| {
                let there = |key: &Key| lines.iter().any(|line| line.key == *key);
                chosen.filter(there).or_else(|| standing(lines))
            })
        });
        let minute =
            Memo::new(move |_| Instant::from_secs(vm.now.get().secs().div_euclid(60) * 60));
        Self {
            vm,
            watch,
            known,
            lines,
            by_key,
            at,
            active,
            ticked: RwSignal::new(HashSet::new()),
            minute,
        }
    }

    /// The active row; tracked.
    pub fn line(self) -> Option<Arc<Line>> {
        let key = self.active.get()?;
        self.by_key.with(|all| all.get(&key).cloned())
    }

    /// What is ticked and still there, from the top; tracked.
    pub fn chosen(self) -> Vec<Arc<Line>> {
        self.ticked.with(|ticked| {
            self.lines.with(|lines| {
                let chosen = lines.iter().filter(|line| ticked.contains(&line.key));
                chosen.cloned().collect()
            })
        })
    }

    /// Makes a row the active one.
    pub fn choose(self, key: Key) {
        self.at.set(Some(key));
    }

    /// Ticks a snapshot, or takes its tick off.
    pub fn tick(self, key: &Key) {
        if *key == Key::Here {
            return;
        }
        self.ticked.update(|ticked| {
            if !ticked.remove(key) {
                ticked.insert(key.clone());
            }
        });
    }

    /// Ticks all from the active row to this one.
    pub fn tick_to(self, key: &Key) {
        let from = self.active.get_untracked();
        let lines = self.lines.get_untracked();
        let place = |key: &Key| lines.iter().position(|line| line.key == *key);
        let Some(to) = place(key) else { return };
        let from = from.as_ref().and_then(place).unwrap_or(to);
        let range = from.min(to)..=from.max(to);
        self.ticked.update(|ticked| {
            let keys = lines[range].iter().map(|line| line.key.clone());
            ticked.extend(keys.filter(|key| *key != Key::Here));
        });
    }

    /// Ticks all snapshots.
    pub fn tick_all(self) {
        let lines = self.lines.get_untracked();
        self.ticked.update(|ticked| {
            let keys = lines.iter().map(|line| line.key.clone());
            ticked.extend(keys.filter(|key| *key != Key::Here));
        });
    }

    /// The snapshots that a deletion is meant for.
    pub fn targets(self, lines: &[Arc<Line>]) -> Vec<Target> {
        let vm = self.vm;
        let snapshots = lines.iter().filter_map(|line| line.snapshot.as_ref());
        let targets = snapshots.map(|snapshot| Target {
            vm: vm.id,
            vm_name: vm.name.get_untracked(),
            name: snapshot.name.clone(),
            taken: snapshot.snaptime,
        });
        targets.collect()
    }
}

/// The snapshot that the VM stands on; else the first row.
fn standing(lines: &[Arc<Line>]) -> Option<Key> {
    let here = lines.iter().position(|line| line.key == Key::Here);
    let on = here.and_then(|place| {
        let name = lines[place].parent.as_ref()?;
        let named = |line: &&Arc<Line>| {
            matches!(&line.key, Key::Snapshot(own, _) if own == name) && line.leads
        };
        lines[..place].iter().rev().find(named)
    });
    on.or_else(|| lines.first()).map(|line| line.key.clone())
}

fn lines(known: &Known) -> Vec<Arc<Line>> {
    let mut twins: HashMap<&str, usize> = HashMap::new();
    // Which of those that are called so, in the order of the list.
    let nth: Vec<usize> = known
        .list
        .iter()
        .map(|row| {
            let seen = twins.entry(row.name.as_str()).or_default();
            *seen += 1;
            *seen - 1
        })
        .collect();
    let mut children = vec![0_usize; known.list.len()];
    for parent in known.tree.parents.iter().flatten() {
        children[*parent] += 1;
    }
    let name = |place: usize| known.list.get(place).map(|row| row.name.clone());
    let here = known.tree.here.unwrap_or(Here {
        on: None,
        inferred: false,
    });
    let mut leading: HashSet<usize> = HashSet::new();
    let mut at = here.on;
    while let Some(place) = at.filter(|place| leading.insert(*place)) {
        at = known.tree.parents.get(place).copied().flatten();
    }
    let line = |row: &Row| match row.what {
        What::Here => Line {
            key: Key::Here,
            row: row.clone(),
            snapshot: None,
            parent: here.on.and_then(name),
            children: 0,
            leads: true,
            inferred: here.inferred,
            odd: None,
        },
        What::Snapshot(place) => {
            let snapshot = known.list.get(place).cloned().unwrap_or_default();
            Line {
                key: Key::Snapshot(snapshot.name.clone(), nth[place]),
                row: row.clone(),
                parent: known.tree.parents[place].and_then(name),
                children: children[place],
                leads: leading.contains(&place),
                inferred: false,
                odd: known.tree.odd_of(place).map(Odd::words),
                snapshot: Some(snapshot),
            }
        }
    };
    known
        .tree
        .rows
        .iter()
        .map(|row| Arc::new(line(row)))
        .collect()
}
