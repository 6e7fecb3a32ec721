//! Snapshots of the VM: the tree with where it stands, the details of one, and what can be done.

mod board;
mod details;
mod tree;

use crate::components::lazy::{area_page, preload};
use crate::components::{
    Button, ButtonLook, ControlSize, EmptyState, Faces, IconName, Note, SkeletonRows, Tone,
};
use crate::domain::snapshot::Life;
use crate::domain::units::count;
use crate::lazy_view;
use crate::paths::{self, TAKE, VmTab};
use crate::screens::common::faces::face_state;
use crate::screens::common::under_way::UnderWayLine;
use crate::screens::snapshots::ask::{DIALOGS, SnapshotAsk, SnapshotDialogs};
use crate::screens::snapshots::{may, sweep_line};
use crate::screens::vm_detail::model::{VmPage, use_vm};
use crate::screens::vm_detail::retry;
use crate::stores::use_live;
use board::{Board, Key};
use details::{Details, Refusals};
use leptos::html;
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use std::time::Duration;
use web_sys::HtmlElement;

/// The tab; its code comes when it is opened.
pub fn tab() -> AnyView {
    area_page(|| Box::pin(preload_tab()), || Box::pin(snapshots_tab()))
}

lazy_view! {
    vm_snapshots, preload_tab,
    fn snapshots_tab() -> AnyView { view! { <Snapshots/> }.into_any() }
}

const FAILED: &str = "The snapshots could not be loaded";
/// In the address: the snapshot whose details are shown.
const AT: &str = "at";

#[component]
fn Snapshots() -> impl IntoView {
    let vm = use_vm();
    let live = use_live();
    // Dialogs are likely wanted next.
    preload(DIALOGS);
    let asked = use_query_map().with_untracked(|query| query.get(AT));
    let board = Board::new(vm, asked.as_deref());
    let untick = Callback::new(move |()| board.ticked.update(std::collections::HashSet::clear));
    let ask = SnapshotAsk::new().when_swept(untick);
    // The tab bar stands above this panel and outlives it.
    Effect::new(move || {
        if board.watch.value.with(Option::is_some) {
            let number = board.known.with(|known| known.count());
            vm.counts.update(|counts| counts.0 = Some(number));
        }
    });
    write_address(board);
    open_asked(board, ask);
    let refusals = refusals(vm);
    let create = move || {
        view! {
            <Button
                label="Create snapshot"
                icon=IconName::Plus
                look=ButtonLook::Primary
                size=ControlSize::Small
                disabled=refusals.create
                on_press=move |()| ask.create(vm.id)
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
    let state = face_state(FAILED, board.watch, live.clock.clone());
    view! {
        <UnderWayLine vm=vm.id fits=fits/>
        {sweep_line(ask)}
        <Faces
            state=state
            skeleton=|| view! { <div class="card snap-card"><SkeletonRows rows=4/></div> }
            is_empty=|list| list.iter().all(crate::api::snapshots::Snapshot::is_current)
            empty=empty
            on_retry=retry(board.watch)
            let:_list
        >
            <Both board=board ask=ask refusals=refusals/>
        </Faces>
        <SnapshotDialogs ask=ask/>
    }
}

/// Tasks that change snapshots.
fn fits(kind: &str) -> bool {
    kind.ends_with("snapshot") || kind.ends_with("rollback")
}

fn refusals(vm: VmPage) -> Refusals {
    let live = StoredValue::new(use_live());
    Refusals {
        create: Signal::derive(move || {
            live.with_value(|live| vm.vm.with(|row| may::create(live, row)))
        }),
        delete: Signal::derive(move || {
            live.with_value(|live| vm.vm.with(|row| may::delete(live, row)))
        }),
        roll_back: Signal::derive(move || {
            live.with_value(|live| vm.vm.with(|row| may::roll_back(live, row)))
        }),
    }
}

/// Tree and details side by side; one below the other where there is no room.
#[component]
fn Both(board: Board, ask: SnapshotAsk, refusals: Refusals) -> impl IntoView {
    let side = NodeRef::<html::Div>::new();
    let on_enter = Callback::new(move |()| {
        let Some(panel) = side.get_untracked() else {
            return;
        };
        let button = panel
            .query_selector("button:not([aria-disabled])")
            .ok()
            .flatten();
        match button.and_then(|button| button.dyn_into::<HtmlElement>().ok()) {
            Some(button) => drop(button.focus()),
            None => drop(panel.focus()),
        }
    });
    view! {
        <div class="snap-both">
            <section class="card snap-card" aria-label="Tree of snapshots">
                <Strip board=board ask=ask refusals=refusals/>
                <tree::SnapshotTree board=board ask=ask on_enter=on_enter no_delete=refusals.delete/>
            </section>
            <Details board=board ask=ask refusals=refusals node_ref=side/>
        </div>
    }
}

/// Above the tree: how many there are, or what is ticked and what can be done with it.
#[component]
fn Strip(board: Board, ask: SnapshotAsk, refusals: Refusals) -> impl IntoView {
    let live = use_live();
    let chosen = Memo::new(move |_| board.chosen().len());
    let no_sweep = Signal::derive(move || refusals.delete.get().or_else(|| may::sweep(&live)));
    let summary = move || {
        let now = board.minute.get();
        board.known.with(|known| {
            let over = known
                .list
                .iter()
                .filter(|row| row.life(now).is_some_and(Life::is_over));
            let mut words = count(known.count(), "snapshot", "snapshots");
            match over.count() {
                0 => {}
                over => words.push_str(&format!(", {over} expired")),
            }
            words
        })
    };
    let turned = Memo::new(move |_| board.known.with(|known| known.tree.turned));
    let sweep = move |()| {
        let lines = untrack(|| board.chosen());
        match lines.as_slice() {
            [one] => {
                let name = one.snapshot.as_ref().map(|snapshot| snapshot.name.clone());
                ask.delete(board.vm.id, name.unwrap_or_default());
            }
            _ => ask.sweep(board.targets(&lines)),
        }
    };
    let with_ticks = move || {
        view! {
            <span class="snap-sum" role="status">{move || format!("{} selected", chosen.get())}</span>
            <span class="btn-row">
                <Button
                    label=Signal::derive(move || format!("Delete {}", count(chosen.get(), "snapshot", "snapshots")))
                    look=ButtonLook::DangerQuiet
                    size=ControlSize::Small
                    disabled=no_sweep
                    on_press=sweep
                />
                <Button
                    label="Clear"
                    look=ButtonLook::Quiet
                    size=ControlSize::Small
                    on_press=move |()| board.ticked.update(std::collections::HashSet::clear)
                />
            </span>
        }
    };
    let plain = move || {
        view! {
            <span class="snap-sum">{summary}</span>
            <Button
                label="Create snapshot"
                icon=IconName::Plus
                look=ButtonLook::Primary
                size=ControlSize::Small
                disabled=refusals.create
                on_press=move |()| ask.create(board.vm.id)
            />
        }
    };
    let any = Memo::new(move |_| chosen.get() > 0);
    view! {
        <div class="snap-strip">
            {move || if any.get() { with_ticks().into_any() } else { plain().into_any() }}
        </div>
        {move || turned.get().then(|| view! {
            <div class="snap-told">
                <Note tone=Tone::Info>"The server names parents the wrong way round; the tree is drawn by age."</Note>
            </div>
        })}
    }
}

/// An address that names the form for a new one opens it; a reload opens it no more.
fn open_asked(board: Board, ask: SnapshotAsk) {
    let query = use_query_map();
    let navigate = use_navigate();
    let asked = Memo::new(move |_| {
        query.with(|query| query.get(TAKE.0).is_some_and(|word| word == TAKE.1))
    });
    Effect::new(move || {
        if asked.get() {
            ask.create(board.vm.id);
            let at = query
                .with_untracked(|query| query.get(AT))
                .unwrap_or_default();
            let path = paths::vm_tab_where(board.vm.id, VmTab::Snapshots, &[(AT, &at)]);
            let options = NavigateOptions {
                replace: true,
                scroll: false,
                ..NavigateOptions::default()
            };
            navigate(&path, options);
        }
    });
}

/// Writes what is looked at into the address, once the keys rest: browsers count such writes.
fn write_address(board: Board) {
    let navigate = use_navigate();
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    let stop = move || {
        if let Some(handle) = waiting.try_update_value(Option::take).flatten() {
            handle.clear();
        }
    };
    Effect::new(move |before: Option<Option<Key>>| {
        let now = board.at.get();
        if before.is_some_and(|before| before != now) {
            stop();
            let word = now
                .as_ref()
                .map(|key| key.word().to_owned())
                .unwrap_or_default();
            let path = paths::vm_tab_where(board.vm.id, VmTab::Snapshots, &[(AT, &word)]);
            let navigate = navigate.clone();
            let write = move || {
                let options = NavigateOptions {
                    replace: true,
                    scroll: false,
                    ..NavigateOptions::default()
                };
                navigate(&path, options);
            };
            let handle = set_timeout_with_handle(write, Duration::from_millis(400));
            waiting.set_value(handle.ok());
        }
        now
    });
    on_cleanup(stop);
}
