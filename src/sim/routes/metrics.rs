//! History for charts: the same function of machine and moment that moves the loads, with gaps
//! where nothing was measured.

use super::nodes::find;
use super::{Answer, Call, vm};
use crate::domain::status::VmStatus;
use crate::sim::http::{Query, Response};
use crate::sim::model::{Node, Vm};
use crate::sim::noise::{hash, layered, unit};
use crate::sim::refusal::Refusal;
use crate::sim::usage::{load_at, node_wave};
use serde::Serialize;

/// Name, seconds per point, points; as Proxmox keeps them.
const TIMEFRAMES: [(&str, i64, i64); 5] = [
    ("hour", 60, 60),
    ("day", 1_800, 48),
    ("week", 10_800, 56),
    ("month", 43_200, 60),
    ("year", 604_800, 52),
];

#[derive(Serialize)]
struct Point {
    time: i64,
    cpu: Option<f64>,
    mem: Option<u64>,
    maxmem: Option<u64>,
    disk: Option<u64>,
    netin: Option<f64>,
    netout: Option<f64>,
    diskread: Option<f64>,
    diskwrite: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    loadavg: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    used: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<u64>,
}

impl Point {
    const fn gap(time: i64) -> Self {
        Self {
            time,
            cpu: None,
            mem: None,
            maxmem: None,
            disk: None,
            netin: None,
            netout: None,
            diskread: None,
            diskwrite: None,
            loadavg: None,
            used: None,
            total: None,
        }
    }
}

#[derive(Serialize)]
struct Series {
    timeframe: &'static str,
    points: Vec<Point>,
}

fn timeframe(query: &Query) -> Result<(&'static str, i64, i64), Refusal> {
    let wanted = query.get("timeframe").unwrap_or("hour");
    TIMEFRAMES
        .into_iter()
        .find(|(name, ..)| *name == wanted)
        .ok_or_else(|| {
            Refusal::invalid(
                "Invalid query parameter",
                "timeframe",
                "Must be hour, day, week, month or year",
            )
        })
}

/// Ends of the steps up to now, oldest first.
fn times(now: i64, step: i64, count: i64) -> impl Iterator<Item = i64> {
    let last = now.div_euclid(step) * step;
    (0..count).map(move |index| last - (count - 1 - index) * step)
}

/// Whether the collector missed that step: now and then it does, for everybody at once.
fn missed(seed: u64, step: i64, time: i64) -> bool {
    let block = time.div_euclid(step * 3);
    unit(hash(
        seed ^ 0x6a9,
        block.unsigned_abs() ^ step.unsigned_abs(),
    )) < 0.02
}

#[expect(clippy::cast_precision_loss, reason = "epoch seconds fit")]
const fn float(secs: i64) -> f64 {
    secs as f64
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "`as` saturates"
)]
fn part(total: u64, share: f64) -> u64 {
    (total as f64 * share) as u64
}

fn rounded(value: f64, digits: f64) -> Option<f64> {
    Some((value * digits).round() / digits)
}

fn vm_point(vm: &Vm, time: i64, step: i64) -> Point {
    let (cpu, mem, [netin, netout, diskread, diskwrite]) = load_at(vm, float(time), float(step));
    let paused = vm.status == VmStatus::Paused;
    Point {
        cpu: rounded(if paused { 0.0 } else { cpu }, 1e5),
        mem: Some(part(vm.maxmem, mem)),
        maxmem: Some(vm.maxmem),
        disk: Some(vm.usage.disk),
        netin: rounded(netin, 10.0),
        netout: rounded(netout, 10.0),
        diskread: rounded(diskread, 10.0),
        diskwrite: rounded(diskwrite, 10.0),
        ..Point::gap(time)
    }
}

pub fn of_vm(call: &Call<'_>, id: &str) -> Answer {
    let (name, step, count) = timeframe(&call.query)?;
    let world = &*call.world;
    let vm = vm(world, id)?;
    let now = world.instant().secs();
    // Before its last start it was up as well, but for a while: a short gap shows the restart. A
    // machine that is off was on until some days ago.
    let started = vm.started.map(|at| at.div_euclid(1000));
    let off_since = now - 86_400 * (1 + i64::from(vm.id % 11));
    let age = now - 86_400 * (40 + i64::from(vm.id * 37 % 900));
    let was_off = |time: i64| match started {
        Some(started) => time < started && time > started - 2_700,
        None => time > off_since,
    };
    let points = times(now, step, count)
        .map(|time| {
            if time < age || was_off(time) || missed(world.seed, step, time) {
                Point::gap(time)
            } else {
                vm_point(vm, time, step)
            }
        })
        .collect();
    Ok(Response::ok(&Series {
        timeframe: name,
        points,
    }))
}

fn node_point(node: &Node, time: i64, step: i64) -> Point {
    let secs = float(time);
    let wave = layered(node.seed ^ 2, secs, float(step));
    let cpu =
        (node.cpu * (1.0 + 0.35 * wave) + node_wave(node, secs, float(step))).clamp(0.003, 0.998);
    #[expect(clippy::cast_precision_loss, reason = "a share needs no 53 bits")]
    let share = node.mem as f64 / node.maxmem as f64;
    let mem =
        (share + 0.02 * layered(node.seed ^ 3, secs, float(step).max(600.0))).clamp(0.01, 0.99);
    let rate = |index: u64, base: f64| {
        rounded(
            base * (1.0 + 0.6 * layered(hash(node.seed, index), secs, float(step))),
            10.0,
        )
    };
    Point {
        cpu: rounded(cpu, 1e5),
        mem: Some(part(node.maxmem, mem)),
        maxmem: Some(node.maxmem),
        disk: Some(node.disk),
        netin: rate(11, 4.2e6),
        netout: rate(12, 3.6e6),
        diskread: rate(13, 2.1e6),
        diskwrite: rate(14, 5.4e6),
        loadavg: rounded(cpu * f64::from(node.maxcpu), 100.0),
        used: Some(node.disk),
        total: Some(node.maxdisk),
        ..Point::gap(time)
    }
}

pub fn of_node(call: &Call<'_>, name: &str) -> Answer {
    let (timeframe, step, count) = timeframe(&call.query)?;
    let world = &*call.world;
    let node = find(world, name)?;
    let now = world.instant().secs();
    let booted = node.booted.div_euclid(1000);
    let points = times(now, step, count)
        .map(|time| {
            let down = time < booted && time > booted - 1_200;
            if down || !node.online() || missed(world.seed, step, time) {
                Point::gap(time)
            } else {
                node_point(node, time, step)
            }
        })
        .collect();
    Ok(Response::ok(&Series { timeframe, points }))
}
