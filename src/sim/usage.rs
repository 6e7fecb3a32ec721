//! Moving loads. A load is a function of machine and moment; samples of it are taken now and
//! then, so that most rows stay the same between two polls and history needs no memory.

use super::events::Topic;
use super::model::{Node, Vm, World};
use super::noise::{hash, layered, unit};
use crate::domain::status::VmStatus;
use std::fmt::Write as _;

/// How often a VM that somebody looks at is sampled.
const CLOSE: i64 = 2_000;

/// Load of a VM at a moment, averaged over about `span` seconds: share of its cores, share of
/// its memory, and bytes per second (network in and out, disk read and write).
#[must_use]
pub fn load_at(vm: &Vm, secs: f64, span: f64) -> (f64, f64, [f64; 4]) {
    let load = &vm.load;
    let wave = layered(load.seed, secs, span);
    // People work by day: an hour of the day counts a little, most at 14:00 UTC.
    let day = ((secs / 86_400.0 - 14.0 / 24.0) * std::f64::consts::TAU).cos();
    let cpu = (load.cpu * (1.0 + 0.75 * wave + 0.12 * day)).clamp(0.001, 0.995);
    let mem = (load.mem + 0.03 * layered(load.seed ^ 1, secs, span.max(300.0))).clamp(0.01, 0.995);
    let mut rates = load.rates;
    for (index, rate) in rates.iter_mut().enumerate() {
        let wave = layered(hash(load.seed, 10 + index as u64), secs, span);
        *rate = (*rate * (1.0 + 1.1 * wave + 0.2 * day)).max(0.0);
    }
    (cpu, mem, rates)
}

/// Load of a node's own work at a moment: share of its cores.
#[must_use]
pub fn node_wave(node: &Node, secs: f64, span: f64) -> f64 {
    0.015 * layered(node.seed, secs, span)
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds of a century fit")]
const fn secs(millis: i64) -> f64 {
    millis as f64 / 1000.0
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "`as` saturates; figures are rounded anyway"
)]
fn share_of(total: u64, share: f64) -> u64 {
    // Whole MiB: what a guest's memory looks like from outside.
    ((total as f64 * share) as u64) & !0xf_ffff
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "`as` saturates"
)]
const fn bytes(amount: f64) -> u64 {
    amount as u64
}

/// Takes a sample, if the machine is on.
pub fn sample(vm: &mut Vm, now: i64) {
    let (Some(started), true) = (vm.started, vm.is_on()) else {
        return;
    };
    let (cpu, mem, rates) = load_at(vm, secs(now), 1.0);
    let past = secs((now - vm.usage.at).max(0));
    let running = vm.status == VmStatus::Running;
    let usage = &mut vm.usage;
    usage.uptime = u64::try_from((now - started) / 1000).unwrap_or_default();
    usage.at = now;
    if running {
        usage.cpu = (cpu * 1e4).round() / 1e4;
        // A guest that has just started fills its memory within a minute or so.
        let warm = (secs(now - started) / 60.0).clamp(0.2, 1.0);
        usage.mem = share_of(vm.maxmem, mem * warm);
        usage.netin += bytes(rates[0] * past);
        usage.netout += bytes(rates[1] * past);
        usage.diskread += bytes(rates[2] * past);
        usage.diskwrite += bytes(rates[3] * past);
    } else {
        usage.cpu = 0.0;
    }
    let period = if vm.load.watched > now {
        CLOSE
    } else {
        vm.load.period
    };
    vm.load.next = now + period.max(1_000);
    vm.touch();
}

/// Looks at a VM closely for the next minute: its page is open somewhere.
pub fn watch(vm: &mut Vm, now: i64) {
    vm.load.watched = now + 60_000;
    vm.load.next = vm.load.next.min(now + CLOSE);
}

/// Samples what is due and tells everybody in one event.
pub fn tick(world: &mut World) {
    let now = world.now;
    let mut rows = String::new();
    for vm in world.vms.values_mut() {
        if vm.shown.resource.take().is_some() {
            vm.touch();
        }
        if !vm.is_on() || vm.load.next > now {
            continue;
        }
        sample(vm, now);
        let usage = &vm.usage;
        let _ = write!(
            rows,
            "{}[{},{},{},{},{},{},{}]",
            if rows.is_empty() { '[' } else { ',' },
            vm.id,
            usage.cpu,
            usage.mem,
            usage.netin,
            usage.netout,
            usage.diskread,
            usage.diskwrite
        );
    }
    if !rows.is_empty() {
        rows.push(']');
        world
            .events
            .push(now, Topic::Usage, "updated", "vms", Some(&rows));
    }
}

/// Sums guests up for each node. That is no news: events of nodes tell of their state alone, and
/// figures are asked for.
pub fn tick_nodes(world: &mut World) {
    let now = world.now;
    for index in 0..world.nodes.len() {
        let Some(node) = world.nodes.get_mut(index) else {
            break;
        };
        if !node.online() {
            continue;
        }
        let (mut cores, mut mem) = (node.own_cpu, node.own_mem);
        for vm in world
            .vms
            .values()
            .filter(|vm| vm.node == node.name && vm.is_on())
        {
            cores += vm.usage.cpu * f64::from(vm.cpus);
            mem += i64::try_from(vm.usage.mem).unwrap_or(i64::MAX);
        }
        let share = cores / f64::from(node.maxcpu.max(1)) + node_wave(node, secs(now), 1.0);
        node.cpu = (share.clamp(0.004, 0.998) * 1e4).round() / 1e4;
        node.mem = u64::try_from(mem)
            .unwrap_or(0)
            .clamp(2 << 30, node.maxmem - node.maxmem / 100);
        let busy = node.cpu * f64::from(node.maxcpu);
        for (past, load) in [60.0, 300.0, 900.0].into_iter().zip(&mut node.loadavg) {
            // As the kernel does it: an exponential mean over the span.
            *load += (busy - *load) * (1.0 - (-5.0_f64 / past).exp());
            *load = (*load * 100.0).round() / 100.0;
        }
    }
}

/// Fits what is no guest so that the sums give the figures that the nodes have now.
pub fn fit_nodes(world: &mut World) {
    for node in &mut world.nodes {
        let (mut cores, mut mem) = (0.0, 0);
        for vm in world
            .vms
            .values()
            .filter(|vm| vm.node == node.name && vm.is_on())
        {
            cores += vm.usage.cpu * f64::from(vm.cpus);
            mem += i64::try_from(vm.usage.mem).unwrap_or(i64::MAX);
        }
        node.own_cpu = node.cpu * f64::from(node.maxcpu) - cores;
        node.own_mem = i64::try_from(node.mem).unwrap_or(i64::MAX) - mem;
    }
}

/// How many milliseconds a VM waits between samples: a few are busy and change at every poll,
/// most are idle and change every few minutes.
#[must_use]
pub fn period(seed: u64, busy: f64) -> i64 {
    let draw = unit(hash(seed, 5));
    #[expect(clippy::cast_possible_truncation, reason = "at most 900,000")]
    let spread = (unit(hash(seed, 6)) * 500_000.0) as i64;
    if draw < busy {
        3_000 + spread / 250
    } else {
        400_000 + spread
    }
}
