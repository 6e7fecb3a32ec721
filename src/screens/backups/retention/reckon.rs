//! What would go and what would stay, as it is reckoned here, with what the server says beside it.

use super::super::fleet::{Fleet, Rows};
use super::form::Form;
use super::server::Server;
use crate::components::chart::offsets;
use crate::domain::backup_list::{self, BackupRow, Sum, bared, by_age, sum};
use crate::domain::group::Group;
use crate::domain::prune::{By, Difference, Item, Plan, difference, plan};
use crate::domain::text::natural;
use crate::domain::units::{Instant, count};
use leptos::prelude::*;
use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// What a rule would do.
#[derive(Debug, Clone, PartialEq)]
pub struct Reckoned {
    /// The rule.
    pub by: By,
    /// What it is about.
    pub rows: Vec<Arc<BackupRow>>,
    /// What becomes of them.
    pub plan: Plan,
    /// All of them.
    pub before: Sum,
}

impl Reckoned {
    /// Volumes that go.
    pub fn going(&self) -> HashSet<&str> {
        let places = self.plan.going();
        places
            .filter_map(|place| self.rows.get(place))
            .map(|row| row.volid.as_str())
            .collect()
    }

    /// What goes.
    pub fn goes(&self) -> Sum {
        let places = self.plan.going();
        sum(places
            .filter_map(|place| self.rows.get(place))
            .map(AsRef::as_ref))
    }
}

/// VMs of all that would keep no backup that can be restored, by name.
pub fn bare(all: &Rows, going: &HashSet<&str>) -> Vec<String> {
    let bare = bared(all.iter().map(AsRef::as_ref), going);
    bare.into_iter().map(|(_, name)| name.to_owned()).collect()
}

/// Follows the form. None while what is typed can't be taken or no list is there.
pub fn reckoned(fleet: Fleet, form: Form, now: Signal<Instant>) -> Memo<Option<Arc<Reckoned>>> {
    let minute = Memo::new(move |_| Instant::from_secs(now.get().secs().div_euclid(60) * 60));
    Memo::new(move |_| {
        let by = form.by()?;
        if !fleet.is_loaded() {
            return None;
        }
        let (scope, storage) = (form.scope.get(), form.storage());
        let fits = |row: &&Arc<BackupRow>| {
            scope
                .as_ref()
                .is_none_or(|vms| row.vm.is_some_and(|vm| vms.contains(&vm)))
                && storage.as_ref().is_none_or(|own| *own == row.storage)
        };
        let rows: Vec<Arc<BackupRow>> = fleet
            .all
            .with(|all| all.iter().filter(fits).cloned().collect());
        let plan = of(&rows, by, minute.get());
        let before = sum(rows.iter().map(AsRef::as_ref));
        Some(Arc::new(Reckoned {
            by,
            rows,
            plan,
            before,
        }))
    })
}

/// What a rule would do to all there are, whatever the filters of the page; `None` while no list is
/// there. Tracked.
pub fn of_all(fleet: Fleet, by: By, now: Instant) -> Option<Reckoned> {
    if !fleet.is_loaded() {
        return None;
    }
    let rows = fleet.all.with(|all| all.to_vec());
    Some(Reckoned {
        by,
        plan: of(&rows, by, now),
        before: sum(rows.iter().map(AsRef::as_ref)),
        rows,
    })
}

fn of(rows: &[Arc<BackupRow>], by: By, now: Instant) -> Plan {
    let items: Vec<Item<'_>> = rows
        .iter()
        .map(|row| Item {
            volid: &row.volid,
            vm: row.vm,
            storage: &row.storage,
            at: row.made,
            size: row.size,
            protected: row.protected,
        })
        .collect();
    // The browser is slow to tell, and no zone changes within a quarter of an hour.
    let (zone, known) = (offsets(), RefCell::new(HashMap::<i64, i64>::new()));
    let offset = |at: Instant| {
        let quarter = at.secs().div_euclid(900);
        *known
            .borrow_mut()
            .entry(quarter)
            .or_insert_with(|| zone(at))
    };
    plan(&items, by, &offset, now)
}

/// One backup of the preview.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// The backup.
    pub row: Arc<BackupRow>,
    /// It goes.
    pub goes: bool,
    /// Why it stays or goes.
    pub why: String,
    /// Whether it goes by the server's word, with its reason; `None` where the server says nothing.
    pub server: Option<(bool, String)>,
    /// Group that it stands in.
    group: (String, String),
}

impl Told {
    /// The server says something else.
    pub fn differs(&self) -> bool {
        self.server
            .as_ref()
            .is_some_and(|(goes, _)| *goes != self.goes)
    }
}

/// What is shown: "all", "goes", "stays", "differs".
pub fn fits(show: &str, told: &Told) -> bool {
    match show {
        "goes" => told.goes || matches!(told.server, Some((true, _))),
        "stays" => !told.goes,
        "differs" => told.differs(),
        _ => true,
    }
}

/// Row by row, by VM and storage, newest first.
pub fn told(reckoned: &Reckoned, server: Server) -> Vec<Arc<Told>> {
    let says = server.known();
    let reasons: Option<HashMap<&str, &str>> = says.as_ref().map(|list| {
        let list = list.iter().filter(|one| !one.is_protected);
        list.map(|one| {
            (
                one.volid.as_str(),
                one.reason.as_deref().unwrap_or_default(),
            )
        })
        .collect()
    });
    let of = |row: &Arc<BackupRow>, goes: bool, why: String, storage: Option<&str>| {
        let vm = row.vm.map(|vm| vm.to_string()).unwrap_or_default();
        let place = storage.unwrap_or_default();
        let server = reasons.as_ref().map(|reasons| {
            let reason = reasons.get(row.volid.as_str());
            (
                reason.is_some(),
                reason.copied().unwrap_or_default().to_owned(),
            )
        });
        Arc::new(Told {
            row: Arc::clone(row),
            goes,
            why,
            server,
            group: (format!("{vm}@{place}"), place.to_owned()),
        })
    };
    let mut list: Vec<Arc<Told>> = Vec::with_capacity(reckoned.rows.len());
    for group in &reckoned.plan.groups {
        for verdict in &group.verdicts {
            if let Some(row) = reckoned.rows.get(verdict.place) {
                let storage = group.storage.as_deref();
                list.push(of(row, verdict.goes, verdict.why.clone(), storage));
            }
        }
    }
    for row in reckoned
        .plan
        .unjudged
        .iter()
        .filter_map(|place| reckoned.rows.get(*place))
    {
        let why = "its VM or its time is not known".to_owned();
        list.push(of(row, false, why, None));
    }
    // Stable: within a group they stay newest first.
    list.sort_by(|a, b| {
        natural(&a.row.vm_name, &b.row.vm_name)
            .then_with(|| a.row.vm.cmp(&b.row.vm))
            .then_with(|| a.group.cmp(&b.group))
    });
    list
}

type Compare = fn(&Told, &Told) -> Ordering;

/// What the rows of a group are sorted by.
pub const SORTS: [(&str, Compare); 3] = [
    ("made", by_made),
    ("outcome", by_outcome),
    ("size", by_size),
];

/// The oldest first.
pub fn by_made(a: &Told, b: &Told) -> Ordering {
    by_age(&a.row, &b.row)
}

/// What goes first.
pub fn by_outcome(a: &Told, b: &Told) -> Ordering {
    b.goes.cmp(&a.goes).then_with(|| by_age(&b.row, &a.row))
}

/// The smallest first.
pub fn by_size(a: &Told, b: &Told) -> Ordering {
    backup_list::by_size(&a.row, &b.row)
}

/// Sorts the rows within each group; the groups stay where they are.
pub fn sort(list: &mut [Arc<Told>], (by, descending): (&str, bool)) {
    let compare = SORTS.iter().find(|(id, _)| *id == by);
    let compare = compare.map_or(by_made as Compare, |(_, own)| *own);
    for chunk in list.chunk_by_mut(|a, b| a.group.0 == b.group.0) {
        chunk.sort_by(|a, b| {
            let order = compare(a, b);
            if descending { order.reverse() } else { order }
        });
    }
}

/// Their groups, as they stand.
pub fn groups(list: &[Arc<Told>], folded: &HashSet<String>) -> Vec<Group> {
    let mut groups = Vec::new();
    let mut at = 0;
    for chunk in list.chunk_by(|a, b| a.group.0 == b.group.0) {
        let Some(first) = chunk.first() else { continue };
        let (id, storage) = &first.group;
        let goes = chunk.iter().filter(|told| told.goes).count();
        let place = if storage.is_empty() {
            String::new()
        } else {
            format!("on {storage}: ")
        };
        let all = count(chunk.len(), "backup", "backups");
        groups.push(Group {
            id: id.clone(),
            label: match first.row.vm_name.as_str() {
                "" => "VM not known".to_owned(),
                name => name.to_owned(),
            },
            note: match goes {
                0 => format!("{place}{all}, all stay"),
                goes => format!("{place}{goes} of {all} go"),
            },
            at,
            count: chunk.len(),
            folded: folded.contains(id),
        });
        at += chunk.len();
    }
    groups
}

/// Where the server says something else; `None` where it says nothing.
pub fn compared(reckoned: &Reckoned, server: Server) -> Option<Difference> {
    let says = server.known()?;
    let own = reckoned.going();
    let theirs = says
        .iter()
        .filter(|one| !one.is_protected)
        .map(|one| one.volid.as_str());
    Some(difference(own, theirs))
}
