//! Tasks that somebody else starts, for tests.

use crate::sim::model::{LogLine, Work, World};
use crate::sim::work;
use serde_json::Value;

/// Starts a task as somebody else would, or gets one on that `upid` names; answers its UPID.
///
/// Of a new one: `type`, `id` (of its VM, or another object), `node`, `user`, `seconds` that it
/// takes, `filler` lines that it has written already, `progress`. Of both: `lines` to write now,
/// `end`, its exit status, to end it now.
///
/// # Errors
/// A task that is not there.
pub fn task(world: &mut World, body: &Value) -> Result<String, String> {
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    let count = |name: &str| body.get(name).and_then(Value::as_u64);
    let index = match text("upid") {
        Some(upid) => *world
            .task_index
            .get(upid)
            .ok_or_else(|| format!("{upid}: no such task"))?,
        None => {
            let id = text("id").unwrap_or("101");
            let vm = id.parse().ok();
            let node = text("node").map(ToOwned::to_owned).or_else(|| {
                let vm = world.vms.get(&vm?)?;
                Some(vm.node.to_string())
            });
            let seconds = i64::try_from(count("seconds").unwrap_or(600)).unwrap_or(600);
            let mut steps = Vec::new();
            if let Some(share) = body.get("progress").and_then(Value::as_f64) {
                steps.push((0, Work::Progress(share, String::new())));
            }
            steps.push((seconds * 1000, Work::End("OK".to_owned())));
            work::launch(
                world,
                work::Launch {
                    kind: text("type").unwrap_or("vzdump"),
                    id: id.to_owned(),
                    vm,
                    node: node.as_deref().unwrap_or("pve1"),
                    user: text("user").unwrap_or("colleague@pve"),
                    steps,
                },
            )
        }
    };
    let now = world.now;
    let Some(task) = world.tasks.get_mut(index) else {
        return Err("no such task".to_owned());
    };
    for number in 1..=count("filler").unwrap_or_default() {
        task.log.push(LogLine {
            at: now,
            text: format!("block {number} of the copy is written"),
        });
    }
    let upid = task.upid.clone();
    let lines = body.get("lines").and_then(Value::as_array);
    for line in lines.into_iter().flatten().filter_map(Value::as_str) {
        work::say(world, index, line.to_owned());
    }
    if let Some(end) = text("end") {
        work::stop(world, index, end.to_owned());
    }
    Ok(upid)
}
