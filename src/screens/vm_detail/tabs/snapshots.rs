use crate::api::snapshots::Snapshot;
use crate::components::table::{Column, Width};
use crate::components::{
    AmountText, Button, ControlSize, EmptyState, IconName, MenuItem, Pill, TimeStyle, TimeText,
    Tone,
};
use crate::domain::text::natural;
use crate::domain::units::{Bytes, Instant};
use crate::paths::VmTab;
use crate::screens::common::vm_menu::LATER;
use crate::screens::vm_detail::model::use_vm;
use crate::screens::vm_detail::short_table::{Short, ShortTable, short_table};
use leptos::prelude::*;
use std::sync::Arc;

const FAILED: &str = "The snapshots could not be loaded";

/// Where the VM stands: on which snapshot, and whether the server says so.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Here {
    on: String,
    inferred: bool,
}

/// The entry `current` names its parent, or sits on the newest (guide's contradictions, 6). Servers
/// without that entry leave it to be inferred: the newest that no other names as its parent.
fn here(list: &[Snapshot]) -> Option<Here> {
    let current = list.iter().find(|snapshot| snapshot.is_current());
    let told = current.and_then(|current| current.parent.clone());
    let is_known = |name: &String| list.iter().any(|snapshot| snapshot.name == *name);
    if let Some(on) = told.filter(is_known) {
        return Some(Here {
            on,
            inferred: false,
        });
    }
    let own = || list.iter().filter(|snapshot| !snapshot.is_current());
    let is_parent = |name: &str| own().any(|other| other.parent.as_deref() == Some(name));
    let newest = own()
        .filter(|snapshot| !is_parent(&snapshot.name))
        .max_by_key(|snapshot| snapshot.snaptime)?;
    Some(Here {
        on: newest.name.clone(),
        inferred: current.is_none(),
    })
}

/// Snapshots of the VM, with where it stands now.
#[component]
pub fn Snapshots() -> impl IntoView {
    let vm = use_vm();
    let watch = vm.store().snapshots.watch();
    // The tab bar stands above this panel and outlives it.
    Effect::new(move || {
        if let Some(list) = watch.value.get() {
            let number = list
                .iter()
                .filter(|snapshot| !snapshot.is_current())
                .count();
            vm.counts.update(|counts| counts.0 = Some(number));
        }
    });
    let here = Memo::new(move |_| {
        watch
            .value
            .with(|list| list.as_deref().and_then(|list| here(list)))
    });
    let what = Short {
        tab: VmTab::Snapshots,
        label: format!("Snapshots of {}", vm.name.get_untracked()),
        noun: ("snapshot", "snapshots"),
        columns: columns(vm.now, here),
        key: |snapshot: &Snapshot| snapshot.name.clone(),
        name: |snapshot: &Snapshot| snapshot.name.clone(),
        keep: |snapshot: &Snapshot| !snapshot.is_current(),
        sort: ("taken", true),
        failed: FAILED,
    };
    let (table, state) = short_table(what, watch);
    let table = table
        .menu(|_, _: &Snapshot| menu())
        .card(move |_, row| card(row, vm.now, here));
    let later = Signal::stored(Some(LATER.to_owned()));
    let create = move || {
        view! {
            <Button
                label="Create snapshot"
                icon=IconName::Snapshot
                size=ControlSize::Small
                disabled=later
                on_press=|()| ()
            />
        }
    };
    let empty = move || {
        view! {
            <EmptyState
                title="No snapshots"
                words="A snapshot keeps the state of the disks, to go back to."
                icon=IconName::Snapshot
                action=create
            />
        }
    };
    view! { <ShortTable table=table state=state watch=watch failed=FAILED empty=empty strip=create/> }
}

fn columns(now: Signal<Instant>, here: Memo<Option<Here>>) -> Vec<Column<Snapshot>> {
    let name = Column::cell(
        "name",
        "Name",
        move |row| name_cell(row, here),
        |snapshot: &Snapshot| snapshot.name.clone(),
    );
    let taken = move |row: Signal<Arc<Snapshot>>| {
        let at = Memo::new(move |_| row.with(|snapshot| snapshot.snaptime));
        view! { <TimeText at=at now=now style=TimeStyle::Clock/> }.into_any()
    };
    let size = |row: Signal<Arc<Snapshot>>| {
        let amount = Signal::derive(move || row.with(|s| s.size.map(Bytes::amount)));
        view! { <AmountText amount=amount/> }.into_any()
    };
    vec![
        name.name()
            .width(Width::Grow(200))
            .sorted(|a, b| natural(&a.name, &b.name)),
        Column::cell("taken", "Taken", taken, |snapshot: &Snapshot| {
            snapshot.snaptime.map(Instant::to_iso).unwrap_or_default()
        })
        .width(Width::Px(140))
        .sorted(|a, b| {
            a.snaptime
                .cmp(&b.snaptime)
                .then_with(|| natural(&a.name, &b.name))
        }),
        Column::text("description", "Description", |snapshot: &Snapshot| {
            snapshot.description.clone()
        })
        .width(Width::Grow(220)),
        Column::text("ram", "Memory", |snapshot: &Snapshot| {
            memory_word(snapshot).to_owned()
        })
        .width(Width::Px(110)),
        Column::text("parent", "Taken on", |snapshot: &Snapshot| {
            snapshot.parent.clone().unwrap_or_default()
        })
        .width(Width::Grow(140))
        .sorted(|a, b| a.parent.cmp(&b.parent)),
        Column::cell("size", "Size", size, |snapshot: &Snapshot| {
            snapshot
                .size
                .map(|size| size.0.to_string())
                .unwrap_or_default()
        })
        .align(crate::components::table::Align::End)
        .width(Width::Px(96))
        .sorted(|a, b| a.size.map(|s| s.0).cmp(&b.size.map(|s| s.0))),
    ]
}

/// Whether the memory was kept, where that is known.
fn memory_word(snapshot: &Snapshot) -> &'static str {
    match snapshot.vmstate {
        None => "",
        Some(true) => "Included",
        Some(false) => "Not kept",
    }
}

fn name_cell(row: Signal<Arc<Snapshot>>, here: Memo<Option<Here>>) -> AnyView {
    let name = Memo::new(move |_| row.with(|snapshot| snapshot.name.clone()));
    let mark = Memo::new(move |_| {
        let name = name.get();
        here.get().filter(|here| here.on == name)
    });
    let pill = move |here: Here| {
        let tip = if here.inferred {
            "The VM goes on from this snapshot, as far as can be told from the list"
        } else {
            "The VM goes on from this snapshot"
        };
        view! { <Pill label="You are here" tone=Tone::Info icon=IconName::Pin tip=Some(tip.to_owned())/> }
    };
    view! {
        <span class="vm-snapshot">
            <span class="clip" data-tip=move || name.get()>{move || name.get()}</span>
            {move || mark.get().map(pill)}
        </span>
    }
    .into_any()
}

fn menu() -> Vec<MenuItem> {
    let later = |id, label: &str, icon| {
        MenuItem::new(id, label, || {})
            .icon(icon)
            .disabled(Some(LATER.to_owned()))
    };
    vec![
        later("rollback", "Roll back", IconName::Undo).danger(),
        later("delete", "Delete", IconName::Trash).danger(),
    ]
}

fn card(row: Signal<Arc<Snapshot>>, now: Signal<Instant>, here: Memo<Option<Here>>) -> AnyView {
    let at = Memo::new(move |_| row.with(|snapshot| snapshot.snaptime));
    let words = Memo::new(move |_| row.with(|snapshot| snapshot.description.clone()));
    let memory = Memo::new(move |_| row.with(|snapshot| memory_word(snapshot)));
    let kept = move || {
        let memory = memory.get();
        (!memory.is_empty()).then(|| format!(" · memory {}", memory.to_lowercase()))
    };
    view! {
        <div class="vm-row-card">
            <b>{name_cell(row, here)}</b>
            <span class="quiet"><TimeText at=at now=now style=TimeStyle::Clock/> {kept}</span>
            <span>{move || words.get()}</span>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn snapshot(name: &str, secs: i64, parent: Option<&str>) -> Snapshot {
        Snapshot {
            name: name.to_owned(),
            snaptime: (secs > 0).then(|| Instant::from_secs(secs)),
            parent: parent.map(ToOwned::to_owned),
            ..Snapshot::default()
        }
    }

    #[test]
    fn where_the_vm_stands() {
        let old = snapshot("old", 1, None);
        let new = snapshot("new", 2, Some("old"));
        let on = |list: &[Snapshot]| here(list).map(|here| (here.on, here.inferred));
        let found = on(&[snapshot("current", 0, None), new.clone(), old.clone()]);
        assert_eq!(found, Some(("new".to_owned(), false)));
        let found = on(&[
            snapshot("current", 0, Some("old")),
            new.clone(),
            old.clone(),
        ]);
        assert_eq!(found, Some(("old".to_owned(), false)));
        assert_eq!(on(&[new, old]), Some(("new".to_owned(), true)));
        assert_eq!(on(&[]), None);
    }
}
