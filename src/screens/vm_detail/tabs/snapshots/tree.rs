//! The tree: one stop for Tab, the arrows go through its rows.

use super::board::{Board, Key, Line};
use crate::components::dom;
use crate::components::time::{exact, format_near};
use crate::components::{AmountText, Icon, IconName, IconSize, Pill, Tone};
use crate::domain::snapshot::tree::Rail;
use crate::domain::units::Bytes;
use crate::screens::snapshots::ask::SnapshotAsk;
use leptos::attr::custom::custom_attribute;
use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::html;
use leptos::prelude::*;
use leptos::reactive::computed::Selector;
use std::sync::Arc;
use web_sys::{ScrollIntoViewOptions, ScrollLogicalPosition};

/// Rows that Page Up and Page Down go.
const PAGE: usize = 10;

/// The tree. `on_enter` goes on to what can be done with the active row.
#[component]
pub fn SnapshotTree(
    board: Board,
    ask: SnapshotAsk,
    on_enter: Callback<()>,
    /// Why none can be deleted now.
    no_delete: Signal<Option<String>>,
) -> impl IntoView {
    let tree = StoredValue::new(dom::uid("snapshots"));
    let label = Signal::derive(move || format!("Snapshots of {}", board.vm.name.get()));
    let active = move || {
        board
            .active
            .get()
            .map(|key| tree.with_value(|tree| key.id(tree)))
    };
    let element = NodeRef::<html::Ul>::new();
    let keydown = move |event: KeyboardEvent| {
        let handled = key(board, &event)
            || match event.key().as_str() {
                "Enter" => {
                    on_enter.run(());
                    true
                }
                "Delete" => delete(board, ask, no_delete),
                _ => false,
            };
        if handled {
            event.prevent_default();
            event.stop_propagation();
        }
    };
    // What the keys lead to has to be seen.
    Effect::new(move |before: Option<Option<Key>>| {
        let now = board.active.get();
        if before.is_some_and(|before| before != now)
            && let Some(key) = &now
        {
            let id = tree.with_value(|tree| key.id(tree));
            if let Some(row) = document().get_element_by_id(&id) {
                let options = ScrollIntoViewOptions::new();
                options.set_block(ScrollLogicalPosition::Nearest);
                row.scroll_into_view_with_scroll_into_view_options(&options);
            }
        }
        now
    });
    // Of hundreds of rows, a step of the keys concerns two.
    let actives = Selector::new(move || board.active.get());
    let keys = move || {
        board.lines.with(|lines| {
            lines
                .iter()
                .map(|line| line.key.clone())
                .collect::<Vec<_>>()
        })
    };
    view! {
        <ul
            node_ref=element
            class="snap-tree"
            role="tree"
            tabindex="0"
            aria-label=label
            aria-multiselectable="true"
            aria-activedescendant=active
            on:keydown=keydown
        >
            <For each=keys key=Key::clone let:key>{row(board, tree, key, &actives)}</For>
        </ul>
    }
}

/// Moves, ticks; whether the key was meant for the tree.
fn key(board: Board, event: &KeyboardEvent) -> bool {
    if event.alt_key() || event.is_composing() {
        return false;
    }
    let lines = board.lines.get_untracked();
    let Some(at) = board.active.get_untracked() else {
        return false;
    };
    let place = lines.iter().position(|line| line.key == at).unwrap_or(0);
    if event.ctrl_key() || event.meta_key() {
        let all = event.key().eq_ignore_ascii_case("a");
        if all {
            board.tick_all();
        }
        return all;
    }
    let depth = |place: usize| lines.get(place).map_or(0, |line| line.row.depth);
    let to = match event.key().as_str() {
        "ArrowDown" => Some(place + 1),
        "ArrowUp" => Some(place.saturating_sub(1)),
        "PageDown" => Some(place + PAGE),
        "PageUp" => Some(place.saturating_sub(PAGE)),
        "Home" => Some(0),
        "End" => Some(lines.len()),
        // To the one that it was taken on, and to the first that was taken on it.
        "ArrowLeft" => (0..place).rev().find(|other| depth(*other) < depth(place)),
        "ArrowRight" => Some(place + 1).filter(|next| depth(*next) > depth(place)),
        " " => {
            board.tick(&at);
            None
        }
        "Escape"
            if !board
                .ticked
                .with_untracked(std::collections::HashSet::is_empty) =>
        {
            board.ticked.update(std::collections::HashSet::clear);
            None
        }
        _ => return false,
    };
    if let Some(to) = to {
        let to = to.min(lines.len().saturating_sub(1));
        if let Some(line) = lines.get(to) {
            if event.shift_key() {
                board.tick_to(&line.key);
            }
            board.choose(line.key.clone());
        }
    }
    true
}

/// Asks whether to delete what is ticked, or else the active row.
fn delete(board: Board, ask: SnapshotAsk, no_delete: Signal<Option<String>>) -> bool {
    if no_delete.with_untracked(Option::is_some) {
        return false;
    }
    let chosen = untrack(|| board.chosen());
    if chosen.is_empty() {
        let line = untrack(|| board.line());
        match line.and_then(|line| line.snapshot.clone()) {
            Some(snapshot) => ask.delete(board.vm.id, snapshot.name),
            None => return false,
        }
    } else {
        ask.sweep(board.targets(&chosen));
    }
    true
}

fn row(
    board: Board,
    tree: StoredValue<String>,
    key: Key,
    actives: &Selector<Option<Key>>,
) -> impl IntoView + use<> {
    let id = tree.with_value(|tree| key.id(tree));
    let key = StoredValue::new(key);
    let line = Memo::new(move |_| {
        board
            .by_key
            .with(|all| key.with_value(|key| all.get(key).cloned()))
    });
    let of = move |read: fn(&Line) -> String| line.with(|line| line.as_deref().map(read));
    let actives = actives.clone();
    let wanted = key.with_value(|key| Some(key.clone()));
    let is_active = Memo::new(move |_| actives.selected(&wanted));
    let is_here = key.with_value(|key| *key == Key::Here);
    let is_ticked = Memo::new(move |_| {
        board
            .ticked
            .with(|ticked| key.with_value(|key| ticked.contains(key)))
    });
    let word = |on: bool| if on { "true" } else { "false" };
    let click = move |event: MouseEvent| {
        let key = key.get_value();
        if event.shift_key() {
            board.tick_to(&key);
        } else if event.ctrl_key() || event.meta_key() {
            board.tick(&key);
        }
        board.choose(key);
    };
    let tick = move |event: MouseEvent| {
        event.stop_propagation();
        let key = key.get_value();
        if event.shift_key() {
            board.tick_to(&key);
        } else {
            board.tick(&key);
        }
        board.choose(key);
    };
    view! {
        <li
            id=id
            class="snap-row"
            class:here=is_here
            class:active=move || is_active.get()
            class:leads=move || line.with(|line| line.as_ref().is_some_and(|line| line.leads))
            role="treeitem"
            {..custom_attribute("aria-level", move || of(|line| line.row.depth.to_string()))}
            aria-posinset=move || of(|line| line.row.place.0.to_string())
            aria-setsize=move || of(|line| line.row.place.1.to_string())
            aria-selected=move || word(is_active.get())
            aria-checked=move || (!is_here).then(|| word(is_ticked.get()))
            on:click=click
        >
            <span class="snap-tick" aria-hidden="true" on:click=tick>
                {(!is_here).then(|| view! {
                    <span class="snap-box" class:on=move || is_ticked.get()>
                        <Icon name=IconName::Check size=IconSize::Small/>
                    </span>
                })}
            </span>
            {move || line.get().map(|line| content(board, &line))}
        </li>
    }
}

fn content(board: Board, line: &Arc<Line>) -> impl IntoView + use<> {
    let rails = line.row.rails.iter().map(|rail| {
        let class = match rail {
            Rail::None => "snap-rail",
            Rail::Line => "snap-rail line",
            Rail::Tee => "snap-rail tee",
            Rail::Elbow => "snap-rail elbow",
        };
        view! { <span class=class></span> }
    });
    let rails = rails.collect_view();
    let (above, below) = (line.row.above, line.row.below);
    let words = match &line.snapshot {
        None => here(line).into_any(),
        Some(_) => of_snapshot(board, line).into_any(),
    };
    view! {
        <span class="snap-rails" aria-hidden="true">
            {rails}
            <span class="snap-dot" class:above=above class:below=below></span>
        </span>
        {words}
    }
}

fn here(line: &Line) -> impl IntoView + use<> {
    let tip = if line.inferred {
        "As far as can be told from the list: the server does not say where the VM stands"
    } else {
        "What the VM is now"
    };
    let inferred = line
        .inferred
        .then(|| view! { <span class="snap-aside">"inferred"</span> });
    view! {
        <b class="snap-name" data-tip=tip>"Now"</b>
        <span class="snap-aside">"You are here"</span>
        {inferred}
    }
}

fn of_snapshot(board: Board, line: &Arc<Line>) -> impl IntoView + use<> {
    let snapshot = line.snapshot.clone().unwrap_or_default();
    let at = snapshot.snaptime;
    let life = snapshot.ttl().zip(at);
    let expiry = life.map(|(ttl, at)| {
        let life = Memo::new(move |_| ttl.life(at, board.minute.get()));
        let label = Signal::derive(move || life.get().words());
        let tone = Signal::derive(move || {
            if life.get().is_over() {
                Tone::Warn
            } else {
                Tone::Idle
            }
        });
        let tip = Signal::stored(Some(exact(ttl.ends(at))));
        view! { <Pill label=label tone=tone tip=tip/> }
    });
    let time = at.map(|at| {
        let words = move || format_near(at, board.minute.get());
        view! { <time class="snap-aside" datetime=at.to_iso() data-tip=exact(at)>{words}</time> }
    });
    let memory = (snapshot.vmstate == Some(true)).then(|| {
        view! { <Pill label="RAM" icon=IconName::Memory tip=Some("The memory is included".to_owned())/> }
    });
    let odd = line.odd.clone().map(|odd| {
        view! { <Pill label="Odd parent" tone=Tone::Warn icon=IconName::Triangle tip=Some(odd)/> }
    });
    let size = snapshot.size.map(|size| {
        view! { <span class="snap-size"><AmountText amount=Some(Bytes::amount(size))/></span> }
    });
    view! {
        <b class="snap-name clip">{snapshot.name.clone()}</b>
        {time}
        {memory}
        {expiry}
        {odd}
        {size}
    }
}
