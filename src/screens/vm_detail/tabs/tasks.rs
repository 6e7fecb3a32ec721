use super::moves::Moves;
use crate::api::tasks::{Task, TaskState};
use crate::components::table::{Align, Column, Width};
use crate::components::{
    DurationText, EmptyState, IconName, MenuItem, TaskMark, TimeStyle, TimeText,
};
use crate::domain::task;
use crate::domain::units::{Instant, Seconds};
use crate::paths::{self, VmTab};
use crate::screens::common::short_table::{Short, ShortTable, short_table};
use crate::screens::vm_detail::model::{tab_place, use_vm};
use leptos::prelude::*;
use std::sync::Arc;

const FAILED: &str = "The tasks could not be loaded";

/// What was done to the VM, newest first.
#[component]
pub fn Tasks() -> impl IntoView {
    let vm = use_vm();
    let watch = vm.store().tasks.watch();
    let (layout, address) = tab_place(vm.id, VmTab::Tasks);
    let what = Short {
        layout,
        address,
        label: format!("Tasks of {}", vm.name.get_untracked()),
        noun: ("task", "tasks"),
        columns: columns(vm.now),
        key: |task: &Task| task.upid.clone(),
        name: |task: &Task| words(task),
        keep: |_| true,
        sort: ("started", true),
        failed: FAILED,
    };
    let (table, state) = short_table(what, watch);
    let table = table
        .menu(|_, task: &Task| {
            let copied = task.upid.0.clone();
            vec![
                MenuItem::link("open", "Open log", paths::href(&paths::task(&task.upid)))
                    .icon(IconName::File),
                MenuItem::new("copy", "Copy UPID", move || {
                    let copying = crate::components::dom::copy_text(&copied);
                    crate::stores::spawn::action(async move {
                        // The browser says by itself where it refuses.
                        let _ = copying.await;
                    });
                })
                .icon(IconName::Copy),
            ]
        })
        .card(move |row| card(row, vm.now));
    let empty = || {
        view! {
            <EmptyState
                title="No tasks"
                words="What is done to this VM, here or elsewhere, is listed here as long as the server keeps it."
                icon=IconName::Tasks
            />
        }
    };
    view! {
        <ShortTable table=table state=state watch=watch failed=FAILED empty=empty/>
        <Moves/>
    }
}

/// "Start VM"; the page says which.
fn words(task: &Task) -> String {
    task::words(&task.kind).map_or_else(|| task.kind.clone(), ToOwned::to_owned)
}

fn duration(task: &Task, now: Instant) -> Option<Seconds> {
    let start = task.starttime?;
    let end = match task.state() {
        TaskState::Running => now,
        _ => task.endtime.or_else(|| {
            let took = i64::try_from(task.duration?.0).ok()?;
            Some(Instant::from_millis(
                start.millis.saturating_add(took.saturating_mul(1000)),
            ))
        })?,
    };
    u64::try_from(end.secs().saturating_sub(start.secs()))
        .ok()
        .map(Seconds)
}

fn state(row: Signal<Arc<Task>>) -> AnyView {
    let state = Memo::new(move |_| row.with(|task| task.state()));
    view! { <TaskMark state=state/> }.into_any()
}

fn title(row: Signal<Arc<Task>>) -> AnyView {
    let words = Memo::new(move |_| row.with(|task| words(task)));
    let href = Memo::new(move |_| row.with(|task| paths::href(&paths::task(&task.upid))));
    view! { <a class="link clip" href=move || href.get()>{move || words.get()}</a> }.into_any()
}

fn started(row: Signal<Arc<Task>>, now: Signal<Instant>) -> AnyView {
    let at = Memo::new(move |_| row.with(|task| task.starttime));
    view! { <TimeText at=at now=now style=TimeStyle::Clock/> }.into_any()
}

fn took(row: Signal<Arc<Task>>, now: Signal<Instant>) -> AnyView {
    // Only a running task's duration grows.
    let runs = Memo::new(move |_| row.with(|task| task.state().is_running()));
    let seconds = Memo::new(move |_| {
        let at = if runs.get() {
            now.get()
        } else {
            Instant::default()
        };
        row.with(|task| duration(task, at))
    });
    view! { <DurationText seconds=seconds/> }.into_any()
}

fn columns(now: Signal<Instant>) -> Vec<Column<Task>> {
    vec![
        Column::cell("state", "State", state, |task: &Task| {
            task.state().word().to_owned()
        })
        .width(Width::Px(120))
        .sorted(|a, b| a.state().word().cmp(b.state().word()))
        .tinted(|task| task.state().word().to_owned()),
        Column::cell("task", "Task", title, words)
            .name()
            .width(Width::Grow(180))
            .sorted(|a, b| words(a).cmp(&words(b))),
        Column::cell(
            "started",
            "Started",
            move |row| started(row, now),
            |task: &Task| task.starttime.map(Instant::to_iso).unwrap_or_default(),
        )
        .width(Width::Px(150))
        .sorted(|a, b| a.starttime.cmp(&b.starttime)),
        Column::cell(
            "duration",
            "Duration",
            move |row| took(row, now),
            |task: &Task| {
                duration(task, Instant::default())
                    .map(|took| took.0.to_string())
                    .unwrap_or_default()
            },
        )
        .align(Align::End)
        .width(Width::Px(110))
        .sorted(|a, b| {
            let of = |task: &Task| duration(task, Instant::default()).map(|took| took.0);
            of(a).cmp(&of(b))
        }),
        Column::text("user", "User", |task: &Task| task.user.clone())
            .width(Width::Grow(120))
            .sorted(|a, b| a.user.cmp(&b.user)),
        Column::text("node", "Node", |task: &Task| task.node.clone())
            .width(Width::Grow(120))
            .sorted(|a, b| a.node.cmp(&b.node)),
        Column::text("result", "Result", result).width(Width::Grow(180)),
    ]
}

/// The server's words about how it ended, where they say more than its state.
fn result(task: &Task) -> String {
    match task.state() {
        TaskState::Failed(words) | TaskState::Warning(words) => words,
        _ => String::new(),
    }
}

fn card(row: Signal<Arc<Task>>, now: Signal<Instant>) -> AnyView {
    let user = Memo::new(move |_| row.with(|task| task.user.clone()));
    let result = Memo::new(move |_| row.with(|task| result(task)));
    view! {
        <div class="vm-row-card">
            <b>{title(row)}</b>
            <span>{state(row)}</span>
            <span class="quiet">{started(row, now)} " · " {took(row, now)} " · " {move || user.get()}</span>
            <span>{move || result.get()}</span>
        </div>
    }
    .into_any()
}
