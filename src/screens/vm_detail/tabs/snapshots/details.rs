//! The active row in full, and what can be done with it.

use super::board::{Board, Line};
use crate::components::time::{TimeFormat, exact, format_local};
use crate::components::{
    AmountText, Button, ButtonLook, Card, Fact, Facts, IconName, Note, TimeStyle, TimeText, Tone,
};
use crate::domain::ago::ago;
use crate::domain::snapshot::life::without_mark;
use crate::domain::units::{Bytes, NONE, count};
use crate::paths;
use crate::screens::common::create::CloneButton;
use crate::screens::common::vm_menu::clone_refused;
use crate::screens::snapshots::ask::SnapshotAsk;
use crate::stores::use_live;
use leptos::html;
use leptos::prelude::*;
use std::sync::Arc;

/// Why something can't be done now, for each of the buttons.
#[derive(Debug, Clone, Copy)]
pub struct Refusals {
    pub create: Signal<Option<String>>,
    pub delete: Signal<Option<String>>,
    pub roll_back: Signal<Option<String>>,
}

/// The panel. Its element takes the focus where no button can.
#[component]
pub fn Details(
    board: Board,
    ask: SnapshotAsk,
    refusals: Refusals,
    node_ref: NodeRef<html::Div>,
) -> impl IntoView {
    let line = Memo::new(move |_| board.line());
    let title = Signal::derive(move || {
        line.with(
            |line| match line.as_ref().and_then(|line| line.snapshot.as_ref()) {
                Some(snapshot) => snapshot.name.clone(),
                None => "Now".to_owned(),
            },
        )
    });
    let body = move || {
        line.get().map(|line| {
            if line.snapshot.is_some() {
                of_snapshot(board, &line).into_any()
            } else {
                of_now(board, &line).into_any()
            }
        })
    };
    let is_snapshot = Memo::new(move |_| {
        line.with(|line| line.as_ref().is_some_and(|line| line.snapshot.is_some()))
    });
    let name = move || title.get_untracked();
    let vm = board.vm.id;
    let live = use_live();
    let no_clone = Memo::new(move |_| board.vm.vm.with(|row| clone_refused(&live, row)));
    let buttons = move || {
        if is_snapshot.get() {
            view! {
                <Button
                    label="Roll back"
                    icon=IconName::Undo
                    disabled=refusals.roll_back
                    on_press=move |()| ask.roll_back(vm, name())
                />
                <CloneButton
                    refused=no_clone
                    to=Signal::derive(move || paths::clone_vm(vm, &title.get()))
                />
                <span class="snap-last">
                    <Button
                        label="Delete"
                        look=ButtonLook::DangerQuiet
                        disabled=refusals.delete
                        on_press=move |()| ask.delete(vm, name())
                    />
                </span>
            }
            .into_any()
        } else {
            view! {
                <Button
                    label="Take snapshot"
                    icon=IconName::Camera
                    disabled=refusals.create
                    on_press=move |()| ask.create(vm)
                />
            }
            .into_any()
        }
    };
    view! {
        <div class="snap-side" node_ref=node_ref tabindex="-1">
            <Card title=title class="snap-details">
                {body}
                <div class="snap-acts">{buttons}</div>
            </Card>
        </div>
    }
}

fn of_snapshot(board: Board, line: &Arc<Line>) -> impl IntoView + use<> {
    let snapshot = line.snapshot.clone().unwrap_or_default();
    let at = snapshot.snaptime;
    // Beyond a month the date alone says more.
    let far = move || at.and_then(|at| ago(at, board.vm.now.get()));
    let full = at.map_or_else(
        || NONE.to_owned(),
        |at| format_local(at, TimeFormat::DateClock),
    );
    let tip = at.map(exact);
    let words = without_mark(&snapshot.description);
    let memory = match snapshot.vmstate {
        None => NONE,
        Some(true) => "Included",
        Some(false) => "Not included",
    };
    let size = Signal::stored(snapshot.size.map(Bytes::amount));
    let exact_size = Signal::stored(snapshot.size.map(Bytes::exact));
    let no_size = snapshot.size.is_none();
    let ttl = snapshot.ttl();
    let expires = ttl.map(|ttl| match at {
        Some(at) => {
            let life = move || ttl.life(at, board.minute.get());
            let end = format_local(ttl.ends(at), TimeFormat::DateClock);
            view! {
                <span data-tip=exact(ttl.ends(at))>{end}</span>
                <span class="snap-ago" class:over=move || life().is_over()>{move || life().words()}</span>
            }
            .into_any()
        }
        None => format!("{} after it was taken", ttl.words()).into_any(),
    });
    let parent = line
        .parent
        .clone()
        .unwrap_or_else(|| "None: a root".to_owned());
    let depth = line.row.depth;
    let chain = format!(
        "{} in its chain, {} taken on it",
        ordinal(depth),
        count(line.children, "snapshot", "snapshots")
    );
    let odd = line.odd.clone();
    view! {
        {odd.map(|odd| view! { <Note tone=Tone::Warn>{odd}</Note> })}
        <Facts>
            <Fact label="Created">
                <span data-tip=tip>{full}</span>
                <span class="snap-ago">{far}</span>
            </Fact>
            <Fact label="Description">
                <span class="snap-words">{if words.is_empty() { NONE.to_owned() } else { words }}</span>
            </Fact>
            <Fact label="Memory">{memory}</Fact>
            <Fact label="Size on disk">
                <AmountText amount=size exact=exact_size/>
                {no_size.then(|| view! { <span class="snap-ago">"the server does not say"</span> })}
            </Fact>
            <Fact label="Expires">{expires.unwrap_or_else(|| "Never".into_any())}</Fact>
            <Fact label="Parent">{parent}</Fact>
            <Fact label="Position">{chain}</Fact>
        </Facts>
    }
}

fn of_now(board: Board, line: &Arc<Line>) -> impl IntoView + use<> {
    let since = line.parent.clone();
    let at = board
        .known
        .with_untracked(|known| known.standing().and_then(|on| on.snaptime));
    let inferred = line.inferred.then(|| {
        view! {
            <Note tone=Tone::Info>
                "The server does not say where the VM stands: this is the newest snapshot that no other was taken on."
            </Note>
        }
    });
    let now = board.vm.now;
    view! {
        {inferred}
        <Facts>
            <Fact label="Stands on">{since.unwrap_or_else(|| "No snapshot".to_owned())}</Fact>
            <Fact label="Changes since"><TimeText at=Signal::stored(at) now=now style=TimeStyle::Relative/></Fact>
        </Facts>
        <p class="quiet">"What has changed since is in no snapshot: a rollback loses it."</p>
    }
}

/// `1st`, `2nd`, `13th`.
fn ordinal(number: usize) -> String {
    let ending = match (number % 100, number % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}
