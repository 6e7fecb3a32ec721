//! `/tasks`.

use super::{Answer, Call, joined, number};
use crate::domain::units::Instant;
use crate::sim::http::{Query, Response};
use crate::sim::model::{Outcome, Task, World};
use crate::sim::refusal::Refusal;
use crate::sim::work;
use serde::Serialize;
use serde_json::Map;

/// Tasks that a query asks for, newest first, before paging.
pub fn select<'a>(
    world: &'a World,
    query: &'a Query,
    states: &str,
) -> impl Iterator<Item = &'a Task> {
    let states: Vec<String> = query.list(states).map(ToOwned::to_owned).collect();
    let known = world.tasks.iter().skip(world.forgotten);
    known.rev().filter(move |task| {
        (states.is_empty() || states.iter().any(|state| task.is(state)))
            && query.get("node").is_none_or(|node| task.node == node)
            && query.get("type").is_none_or(|kind| task.kind == kind)
            && query.get("user").is_none_or(|user| task.user == user)
            && query.get("vmid").is_none_or(|vm| task.id == vm)
    })
}

pub fn list(call: &Call<'_>) -> Answer {
    let limit = number(&call.query, "limit", 1)?.unwrap_or(50);
    let start = number(&call.query, "start", 0)?.unwrap_or(0);
    let tasks = select(call.world, &call.query, "statusfilter");
    Ok(joined(tasks.skip(start).take(limit).map(Task::body)))
}

fn find(world: &World, upid: &str) -> Result<usize, Refusal> {
    world
        .task_index
        .get(upid)
        .copied()
        .ok_or_else(|| Refusal::missing("Task"))
}

pub fn get(call: &Call<'_>, upid: &str) -> Answer {
    let index = find(call.world, upid)?;
    Ok(Response::json(200, call.world.tasks[index].body()))
}

pub fn stop(call: &mut Call<'_>, upid: &str) -> Answer {
    let index = find(call.world, upid)?;
    let task = &call.world.tasks[index];
    let (node, kind, running) = (task.node.clone(), task.kind.clone(), task.running());
    let outcome = if running {
        work::cancel(call.world, index);
        Outcome::Done
    } else {
        Outcome::Failed("Task has already ended".to_owned())
    };
    let mut details = Map::new();
    details.insert("type".into(), kind.into());
    call.world.note(
        "TASK_STOP",
        ("TASK", upid.to_owned()),
        Some(&node),
        details,
        outcome.clone(),
    );
    match outcome {
        Outcome::Done => Ok(Response::none()),
        Outcome::Failed(why) => Err(Refusal::conflict("TASK_ENDED", why)),
    }
}

#[derive(Serialize)]
struct Line<'a> {
    line_number: usize,
    timestamp: String,
    message: &'a str,
}

#[derive(Serialize)]
struct Log<'a> {
    upid: &'a str,
    total_lines: usize,
    start_line: usize,
    lines: Vec<Line<'a>>,
    complete: bool,
}

/// Lines of a task's log.
pub fn log_body(task: &Task, start: usize, limit: usize) -> Response {
    let lines: Vec<Line<'_>> = task
        .log
        .iter()
        .enumerate()
        .skip(start)
        .take(limit)
        .map(|(index, line)| Line {
            line_number: index + 1,
            timestamp: Instant::from_millis(line.at).to_iso(),
            message: &line.text,
        })
        .collect();
    Response::ok(&Log {
        upid: &task.upid,
        total_lines: task.log.len(),
        start_line: start,
        complete: !task.running() && start + lines.len() >= task.log.len(),
        lines,
    })
}

pub fn log(call: &Call<'_>, upid: &str) -> Answer {
    let limit = number(&call.query, "limit", 1)?.unwrap_or(50);
    let start = number(&call.query, "start", 0)?.unwrap_or(0);
    let index = find(call.world, upid)?;
    Ok(log_body(&call.world.tasks[index], start, limit))
}
