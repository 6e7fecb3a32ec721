//! How each VM stands to each node, with the reasons.

use crate::components::{Card, Icon, IconName, Tone};
use crate::domain::migrate::Level;
use crate::screens::migrate::form::Form;
use leptos::prelude::*;

/// Tone, picture and word of a level.
pub fn look(level: Level) -> (Tone, IconName, &'static str) {
    match level {
        Level::Here => (Tone::Idle, IconName::Minus, "Is here"),
        Level::Ready => (Tone::Ok, IconName::CircleCheck, "Ready"),
        Level::Warned => (Tone::Ok, IconName::CircleCheck, "Ready, with remarks"),
        Level::Asked => (Tone::Idle, IconName::Hourglass, "Not checked yet"),
        Level::Unknown => (Tone::Warn, IconName::Help, "Not known"),
        Level::Blocked => (Tone::Bad, IconName::CircleX, "Can't"),
    }
}

/// One cell: the level and the reasons in a line.
type Cell = (Level, String);

#[derive(Clone, PartialEq)]
struct Row {
    name: String,
    cells: Vec<Cell>,
}

/// VMs down, nodes across.
#[component]
pub fn Matrix(form: Form) -> impl IntoView {
    let nodes = Memo::new(move |_| {
        form.known.with(|known| {
            known
                .places
                .iter()
                .map(|own| own.name.clone())
                .collect::<Vec<_>>()
        })
    });
    let rows = Memo::new(move |_| {
        let mut rows: Vec<Row> = Vec::new();
        for node in nodes.get() {
            for (at, (guest, verdict)) in form.verdicts(&node).into_iter().enumerate() {
                let cell = (verdict.level, verdict.words());
                match rows.get_mut(at) {
                    Some(row) => row.cells.push(cell),
                    None => rows.push(Row {
                        name: guest.name,
                        cells: vec![cell],
                    }),
                }
            }
        }
        rows
    });
    let head = move || {
        let cell = |node: String| {
            let own = node.clone();
            let chosen = move || {
                form.target
                    .with(|target| target.as_deref() == Some(own.as_str()))
            };
            view! { <th scope="col" class:chosen=chosen>{node}</th> }
        };
        nodes.get().into_iter().map(cell).collect_view()
    };
    let body = move || {
        rows.get()
            .into_iter()
            .map(|row| {
                let cells = row.cells.into_iter().map(cell).collect_view();
                view! { <tr><th scope="row">{row.name}</th>{cells}</tr> }
            })
            .collect_view()
    };
    move || {
        (!rows.with(Vec::is_empty)).then(|| {
            view! {
                <Card title="What can go where" flush=true class="mig-matrix">
                    <div class="mig-scroll" tabindex="0" role="group" aria-label="What can go where">
                        <table>
                            <thead><tr><th scope="col">"VM"</th>{head}</tr></thead>
                            <tbody>{body}</tbody>
                        </table>
                    </div>
                </Card>
            }
        })
    }
}

fn cell((level, why): Cell) -> impl IntoView {
    let (tone, icon, word) = look(level);
    let tip = (!why.is_empty() && level != Level::Here).then_some(why);
    view! {
        <td class=tone.class()>
            <span class="mig-cell" data-tip=tip.clone()>
                <Icon name=icon/>
                <span>{word}</span>
                {tip.clone().map(|why| view! { <span class="vh">{format!(": {why}")}</span> })}
            </span>
        </td>
    }
}
