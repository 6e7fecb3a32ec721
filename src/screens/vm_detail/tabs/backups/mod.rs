//! Backups of the VM: the list, the details of one, and what can be done.

mod columns;

use crate::api::backups::Backup;
use crate::components::lazy::{area_page, preload};
use crate::components::{Button, ButtonLook, ControlSize, EmptyState, IconName, Note, Tone};
use crate::domain::ago::ago;
use crate::domain::table::Selection;
use crate::domain::units::{Bytes, count};
use crate::lazy_view;
use crate::paths::{self, BACK_UP, VmTab};
use crate::screens::backups::ask::{BackupAsk, BackupDialogs, DIALOGS};
use crate::screens::backups::looks::verified;
use crate::screens::backups::may;
use crate::screens::backups::menu::backup_menu;
use crate::screens::backups::target::Target;
use crate::screens::common::short_table::{Short, ShortTable, short_table};
use crate::screens::common::under_way::UnderWayLine;
use crate::screens::vm_detail::model::{VmPage, tab_place, use_vm};
use crate::stores::{Live, use_live};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use std::sync::Arc;

/// The tab; its code comes when it is opened.
pub fn tab() -> AnyView {
    area_page(|| Box::pin(preload_tab()), || Box::pin(backups_tab()))
}

lazy_view! {
    vm_backups, preload_tab,
    fn backups_tab() -> AnyView { view! { <Backups/> }.into_any() }
}

const FAILED: &str = "The backups could not be loaded";
/// In the address: the backup whose details are shown.
const AT: &str = "at";

/// State of the tab. `Copy`; lives as long as the tab.
#[derive(Clone, Copy)]
struct Board {
    vm: VmPage,
    known: Memo<Arc<Vec<Arc<Backup>>>>,
    selection: RwSignal<Selection<String>>,
    ask: BackupAsk,
    no_back_up: Signal<Option<String>>,
    /// The address names a backup that is not there.
    missing: RwSignal<bool>,
}

impl Board {
    /// A row with the name of the VM; the VM's own list need not say whose they are.
    fn target(self, backup: &Backup) -> Target {
        let mut backup = backup.clone();
        backup.vmid = backup.vmid.or(Some(self.vm.id));
        Target {
            backup: Arc::new(backup),
            vm_name: self.vm.name.get_untracked(),
        }
    }

    fn found(self, volid: &str) -> Option<Target> {
        let found = self
            .known
            .with_untracked(|all| all.iter().find(|own| own.volid == volid).cloned());
        found.map(|backup| self.target(&backup))
    }
}

/// Backups of the VM, newest first.
#[component]
fn Backups() -> impl IntoView {
    let vm = use_vm();
    let live = use_live();
    // Dialogs are likely wanted next.
    preload(DIALOGS);
    let watch = vm.store().backups.watch();
    let known = Memo::new(move |_| {
        watch.value.with(|list| {
            let list = list.as_deref().map(Vec::as_slice).unwrap_or_default();
            let own = |backup: &Backup| {
                let mut backup = backup.clone();
                backup.vmid = backup.vmid.or(Some(vm.id));
                Arc::new(backup)
            };
            Arc::new(list.iter().map(own).collect::<Vec<_>>())
        })
    });
    // The tab bar stands above this panel and outlives it.
    Effect::new(move || {
        if let Some(list) = watch.value.get() {
            vm.counts.update(|counts| counts.1 = Some(list.len()));
        }
    });
    let selection = RwSignal::new(Selection::<String>::default());
    let clear = Callback::new(move |()| selection.update(Selection::clear));
    let asking = live.clone();
    let board = Board {
        vm,
        known,
        selection,
        ask: BackupAsk::new(known.into()).when_deleted(clear),
        no_back_up: Signal::derive(move || vm.vm.with(|row| may::back_up(&asking, row))),
        missing: RwSignal::new(false),
    };
    let bad = vm.store().backups_bad.clone();
    follow_address(board, watch.value);
    let (layout, address) = tab_place(vm.id, VmTab::Backups);
    let what = Short {
        layout,
        address,
        label: format!("Backups of {}", vm.name.get_untracked()),
        noun: ("backup", "backups"),
        columns: columns::columns(vm.now),
        key: |backup: &Backup| backup.volid.clone(),
        name: |backup: &Backup| backup.file_name().to_owned(),
        keep: |_| true,
        sort: ("taken", true),
        failed: FAILED,
    };
    let (table, state) = short_table(what, watch);
    let table = table
        .selectable(selection)
        .menu(move |_, row: &Backup| backup_menu(&live, &board.target(row), board.ask))
        .opens(move |volid: String| {
            if let Some(target) = board.found(&volid) {
                board.ask.details(target);
            }
        })
        .card(move |row| columns::card(row, vm.now));
    let empty = move || {
        view! {
            <EmptyState
                title="No backups"
                words="Nothing brings this VM back if its disks are lost."
                icon=IconName::Backup
                action=move || view! { <BackUpButton board=board/> }
            />
        }
    };
    view! {
        <UnderWayLine vm=vm.id fits=fits/>
        <Newest board=board bad=bad/>
        <ShortTable
            table=table
            state=state
            watch=watch
            failed=FAILED
            empty=empty
            strip=move || view! { <Sums board=board/> <BackUpButton board=board/> }
            bulk=move || view! { <Bulk board=board/> }
        />
        <BackupDialogs ask=board.ask/>
    }
}

/// Tasks that make, check or bring back backups.
fn fits(kind: &str) -> bool {
    kind == "vzdump" || kind == "verifybackup" || kind.ends_with("restore")
}

#[component]
fn BackUpButton(board: Board) -> impl IntoView {
    view! {
        <Button
            label="Back up now"
            icon=IconName::Backup
            look=ButtonLook::Primary
            size=ControlSize::Small
            disabled=board.no_back_up
            on_press=move |()| board.ask.back_up(board.vm.id)
        />
    }
}

/// How fresh the newest is, and how much room all take.
#[component]
fn Sums(board: Board) -> impl IntoView {
    let words = Memo::new(move |_| {
        let now = board.vm.now.get();
        board.known.with(|all| {
            let newest = all.iter().filter_map(|own| own.ctime).max();
            let mut parts = Vec::new();
            if let Some(far) = newest.and_then(|at| ago(at, now)) {
                parts.push(format!("Newest {far}"));
            }
            let sizes: Vec<u64> = all.iter().filter_map(|own| Some(own.size?.0)).collect();
            if !sizes.is_empty() {
                let sum = sizes
                    .iter()
                    .fold(0_u64, |sum, size| sum.saturating_add(*size));
                let part = if sizes.len() < all.len() {
                    "at least "
                } else {
                    ""
                };
                parts.push(format!("{part}{}", Bytes(sum).amount()));
            }
            parts.join(" · ")
        })
    });
    view! { <span class="quiet bak-sums">{move || words.get()}</span> }
}

/// What is wrong with the newest one.
#[component]
fn Newest(board: Board, bad: ArcRwSignal<usize>) -> impl IntoView {
    let wrong = Memo::new(move |_| {
        board.known.with(|all| {
            let newest = all.iter().max_by_key(|own| own.ctime)?;
            if !newest.is_damaged() {
                return None;
            }
            let whole = all.iter().filter(|own| !own.is_damaged()).count();
            let word = verified(&newest.verified()).2.to_lowercase();
            Some(match whole {
                0 => "Every backup of this VM was found damaged: nothing brings it back if its \
                      disks are lost."
                    .to_owned(),
                _ => format!(
                    "The newest backup is {word}: what has changed since the one before can't be \
                     brought back."
                ),
            })
        })
    });
    let now = move |words: String| {
        view! {
            <Note tone=Tone::Bad>
                <p>{words}</p>
                <BackUpButton board=board/>
            </Note>
        }
    };
    view! {
        <div class="bak-told" role="status">
            {move || wrong.get().map(now)}
            <Lacks missing=board.missing bad=bad/>
        </div>
    }
}

/// What is looked for and not there, and what could not be read.
#[component]
fn Lacks(missing: RwSignal<bool>, bad: ArcRwSignal<usize>) -> impl IntoView {
    let bad = Memo::new(move |_| bad.get());
    view! {
        {move || missing.get().then(|| view! {
            <Note tone=Tone::Warn>"The backup that the address names is not there any more."</Note>
        })}
        {move || (bad.get() > 0).then(|| {
            let words = count(bad.get(), "backup", "backups");
            view! { <Note tone=Tone::Bad>{format!("{words} of the server's list could not be understood and are not shown.")}</Note> }
        })}
    }
}

/// What can be done with the selected ones.
#[component]
fn Bulk(board: Board) -> impl IntoView {
    let live: Live = use_live();
    let refused = Signal::derive(move || may::delete_any(&live));
    let chosen = move || {
        board.known.with(|all| {
            board.selection.with(|selection| {
                let own = all.iter().filter(|own| selection.has(&own.volid));
                own.map(|own| board.target(own)).collect::<Vec<_>>()
            })
        })
    };
    let label =
        Signal::derive(move || format!("Delete {}", count(chosen().len(), "backup", "backups")));
    view! {
        <Button
            label=label
            look=ButtonLook::DangerQuiet
            size=ControlSize::Small
            disabled=refused
            on_press=move |()| board.ask.delete(untrack(chosen))
        />
    }
}

/// What is open stands in the address; an address that names something opens it.
fn follow_address(board: Board, listed: Signal<Option<Arc<Vec<Backup>>>>) {
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        query.with(|query| {
            let new = query.get(BACK_UP.0).is_some_and(|word| word == BACK_UP.1);
            (new, query.get(AT).filter(|at| !at.is_empty()))
        })
    });
    let loaded = Memo::new(move |_| listed.with(Option::is_some));
    let ask = board.ask;
    Effect::new(move || {
        // A list that comes later may have it.
        listed.track();
        let (new, at) = asked.get();
        if new && !untrack(|| ask.backs_up()) {
            ask.back_up(board.vm.id);
        }
        let shown = untrack(|| ask.shown());
        let wanted = at.filter(|at| loaded.get() && Some(at) != shown.as_ref());
        let found = wanted.as_ref().map(|at| board.found(at));
        board.missing.set(matches!(found, Some(None)));
        if let Some(Some(target)) = found {
            ask.details(target);
        }
    });
    let navigate = use_navigate();
    let open = Memo::new(move |_| (ask.backs_up(), ask.shown()));
    Effect::new(move |before: Option<(bool, Option<String>)>| {
        let now = open.get();
        if before.is_some_and(|before| before != now) {
            let sort = query
                .with_untracked(|query| query.get("sort"))
                .unwrap_or_default();
            let (new, at) = (if now.0 { BACK_UP.1 } else { "" }, now.1.clone());
            let pairs = [
                ("sort", sort.as_str()),
                (BACK_UP.0, new),
                (AT, at.as_deref().unwrap_or_default()),
            ];
            let path = paths::vm_tab_where(board.vm.id, VmTab::Backups, &pairs);
            let options = NavigateOptions {
                replace: true,
                scroll: false,
                ..NavigateOptions::default()
            };
            navigate(&path, options);
        }
        now
    });
}
