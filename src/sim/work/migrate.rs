//! Migrations: what the task does, and what it leaves behind.

use super::migrate_rules::{Local, allowed, outlook};
use super::plans::{Plan, launched, line};
use crate::domain::config::{self, Disk};
use crate::domain::status::Lock;
use crate::domain::units::Instant;
use crate::sim::model::{Arrival, AskedMove, MoveStep, Moving, Node, Vm, VmChange, Work, World};
use crate::sim::refusal::Refusal;

const GIB: u64 = 1 << 30;
/// Reports of each disk.
const REPORTS: i64 = 20;

/// Starts a migration; of a VM that HA manages, the request to HA, which starts it then.
///
/// # Errors
/// Why it is refused: lock, state, devices, media, storages, node, another task. That a storage
/// has no room, or that the target goes away, only the task finds out.
pub fn migrate(world: &mut World, id: u32, asked: AskedMove) -> Result<Plan, Refusal> {
    let vm = world
        .vms
        .get(&id)
        .ok_or_else(|| Refusal::missing(&format!("VM {id}")))?;
    if vm.ha.as_deref() == Some("error") {
        let why = format!("service 'vm:{id}' in error state, must be disabled and fixed first");
        return Err(Refusal::conflict("HA_ERROR", why));
    }
    allowed(world, vm, &asked)?;
    if vm.ha.is_some() {
        let node = vm.node.to_string();
        let says = format!(
            "Requesting HA migration for VM {id} to node {}",
            asked.target
        );
        let steps = vec![
            line(200, says),
            (700, Work::Move(MoveStep::Begin(Box::new(asked)))),
            (900, Work::End("OK".to_owned())),
        ];
        return Ok(launched(
            world,
            "hamigrate",
            (id.to_string(), Some(id)),
            &node,
            steps,
        ));
    }
    begin(world, id, &asked).ok_or_else(|| Refusal::missing(&format!("VM {id}")))
}

/// Lines, each with its time before it, as Proxmox writes most of them.
struct Script {
    now: i64,
    after: i64,
    steps: Vec<(i64, Work)>,
}

impl Script {
    fn say(&mut self, text: &str) {
        let at = Instant::from_secs((self.now + self.after).div_euclid(1000)).to_iso();
        let at = at.replace('T', " ");
        let at = at.trim_end_matches('Z');
        self.plain(format!("{at} {text}"));
    }

    fn plain(&mut self, text: String) {
        self.steps.push(line(self.after, text));
    }

    fn step(&mut self, step: MoveStep) {
        self.steps.push((self.after, Work::Move(step)));
    }

    fn clock(&self) -> String {
        let at = Instant::from_secs((self.now + self.after).div_euclid(1000)).to_iso();
        at.get(11..19).unwrap_or_default().to_owned()
    }
}

#[expect(clippy::cast_precision_loss, reason = "one digit is shown")]
fn gib(bytes: u64) -> f64 {
    bytes as f64 / GIB as f64
}

/// Milliseconds that so many bytes take: 5 GiB a second, so that nobody waits long, or as limited.
fn takes(bytes: u64, limit: Option<u64>) -> i64 {
    let free = i64::try_from(bytes / GIB).unwrap_or(300).clamp(5, 300) * 200;
    let limited = limit.filter(|kib| *kib > 0).map_or(0, |kib| {
        i64::try_from(u128::from(bytes) * 1000 / (u128::from(kib) * 1024)).unwrap_or(i64::MAX / 4)
    });
    free.max(limited)
}

#[expect(clippy::cast_precision_loss, reason = "a share")]
fn share(done: u64, all: u64) -> f64 {
    if all == 0 {
        1.0
    } else {
        done as f64 / all as f64
    }
}

fn copy_disk(
    script: &mut Script,
    local: &Local,
    asked: &AskedMove,
    online: bool,
    before: u64,
    all: u64,
) {
    let (size, key) = (local.size, &local.key);
    let lasts = takes(size, asked.bwlimit);
    let name = local.volid.rsplit([':', '/']).next().unwrap_or_default();
    let path = format!("rpool/data/{name}@__migration__");
    if online {
        script.plain(format!("drive mirror is starting for drive-{key}"));
    } else {
        script.plain(format!(
            "full send of {path} estimated size is {:.1}G",
            gib(size)
        ));
        script.plain(format!("total estimated size is {:.1}G", gib(size)));
        script.plain(format!("TIME        SENT   SNAPSHOT {path}"));
    }
    let from = script.after;
    for report in 1..=REPORTS {
        script.after = from + lasts * report / REPORTS;
        script.step(MoveStep::Reach(asked.target.clone()));
        let part = u64::try_from(report).unwrap_or(0);
        let done = size / 20 * part;
        let done = if report == REPORTS { size } else { done };
        let percent = share(done, size) * 100.0;
        let passed = (lasts * report / REPORTS / 1000).max(1);
        if online {
            script.plain(format!(
                "drive-{key}: transferred {:.1} GiB of {:.1} GiB ({percent:.2}%) in {passed}s",
                gib(done),
                gib(size)
            ));
        } else {
            let clock = script.clock();
            script.plain(format!("{clock}   {:.2}G   {path}", gib(done)));
        }
        let says = format!(
            "drive-{key}: Transferred {:.1} GiB of {:.1} GiB ({percent:.0}%)",
            gib(done),
            gib(size)
        );
        // The last part is for memory and what follows.
        let whole = share(before + done, all) * if online { 0.9 } else { 0.97 };
        script
            .steps
            .push((script.after, Work::Progress(whole, says)));
    }
    if !online {
        let to = asked.storage_of(&local.volid);
        script.plain(format!("successfully imported '{to}:{name}'"));
    }
}

fn copy_memory(script: &mut Script, vm: &Vm, asked: &AskedMove) {
    let id = vm.id;
    script.say(&format!(
        "starting online/live migration on unix:/run/qemu-server/{id}.migrate"
    ));
    script.say("migration downtime limit: 100 ms");
    script.say(&format!(
        "start migrate command to unix:/run/qemu-server/{id}.migrate"
    ));
    let memory = vm.maxmem.max(1 << 20);
    let lasts = takes(memory, asked.bwlimit).min(60_000);
    let speed = gib(memory) * 1024.0 / (f64::from(i32::try_from(lasts).unwrap_or(1)) / 1000.0);
    let from = script.after;
    for part in 1..=4_i32 {
        script.after = from + lasts * i64::from(part) / 4;
        script.step(MoveStep::Reach(asked.target.clone()));
        let sent = gib(memory) * f64::from(part) / 4.0;
        let says = format!(
            "migration active, transferred {sent:.1} GiB of {:.1} GiB VM-state, {speed:.1} MiB/s",
            gib(memory)
        );
        script.say(&says);
        let whole = 0.9 + 0.09 * f64::from(part) / 4.0;
        script
            .steps
            .push((script.after, Work::Progress(whole, says)));
    }
    script.after += 200;
    let downtime = downtime(vm);
    script.say(&format!(
        "average migration speed: {speed:.1} MiB/s - downtime {downtime} ms"
    ));
    script.say("migration status: completed");
}

const fn downtime(vm: &Vm) -> u32 {
    30 + vm.id % 60
}

/// Starts it without asking any rule: HA does so.
fn begin(world: &mut World, id: u32, asked: &AskedMove) -> Option<Plan> {
    let vm = world.vms.get(&id)?;
    let found = outlook(world, vm, &asked.target).ok()?;
    let online = vm.is_on();
    let ip = world.node(&asked.target).map(|node| node.ip.clone());
    let mut script = Script {
        now: world.now,
        after: 300,
        steps: vec![(100, Work::Vm(VmChange::Lock(Some(Lock::Migrate))))],
    };
    let target = &asked.target;
    script.say(&format!(
        "starting migration of VM {id} to node '{target}' ({})",
        ip.unwrap_or_default()
    ));
    for local in &found.local {
        let attached = if local.key.starts_with("unused") {
            "unused"
        } else {
            "attached"
        };
        script.say(&format!("found local disk '{}' ({attached})", local.volid));
    }
    let all: u64 = found.local.iter().map(|local| local.size).sum();
    if online {
        script.say(&format!("starting VM {id} on remote node '{target}'"));
        script.after += 900;
        script.say("start remote tunnel");
    } else if all > 0 {
        script.say("copying local disk images");
    }
    let (mut before, mut fills) = (0, Vec::new());
    let mut config = Vec::new();
    for local in &found.local {
        let to = asked.storage_of(&local.volid).to_owned();
        script.step(MoveStep::Room(to.clone(), local.size));
        copy_disk(&mut script, local, asked, online, before, all);
        before += local.size;
        let name = local.volid.split_once(':').map_or("", |(_, name)| name);
        script.say(&format!(
            "volume '{}' is '{to}:{name}' on the target",
            local.volid
        ));
        let text = config::text(&vm.config, &local.key).unwrap_or_default();
        let text = Disk::parse(&local.key, &text).print().replacen(
            &local.volid,
            &format!("{to}:{name}"),
            1,
        );
        config.push((local.key.clone(), text));
        let own = local.volid.split(':').next().unwrap_or_default();
        if own != to {
            fills.push((to, own.to_owned(), local.size));
        }
    }
    if online {
        copy_memory(&mut script, vm, asked);
    }
    script.after += 400;
    script.step(MoveStep::Reach(target.clone()));
    let arrival = Arrival {
        node: target.clone(),
        config,
        fills,
    };
    script.step(MoveStep::Arrive(Box::new(arrival)));
    script.after += 300;
    let secs = script.after / 1000;
    script.say(&format!(
        "migration finished successfully (duration {:02}:{:02}:{:02})",
        secs / 3600,
        secs / 60 % 60,
        secs % 60
    ));
    script
        .steps
        .push((script.after + 100, Work::End("OK".to_owned())));
    let moving = Moving {
        from: vm.node.to_string(),
        to: target.clone(),
        online,
        bytes_per_second: speed(all.max(1), asked),
        downtime: if online { downtime(vm) } else { 0 },
        was: vm.status.clone(),
    };
    let node = vm.node.to_string();
    let plan = launched(
        world,
        "qmigrate",
        (id.to_string(), Some(id)),
        &node,
        script.steps,
    );
    if let Some(task) = world.tasks.get_mut(plan.task) {
        task.moving = Some(Box::new(moving));
    }
    Some(plan)
}

fn speed(bytes: u64, asked: &AskedMove) -> u64 {
    let lasts = u64::try_from(takes(bytes, asked.bwlimit).max(1)).unwrap_or(1);
    asked
        .bwlimit
        .filter(|kib| *kib > 0)
        .map_or(u64::MAX, |kib| kib * 1024)
        .min(bytes.saturating_mul(1000) / lasts)
}

/// How Proxmox ends one that does not arrive, whatever the cause: that stands in the log alone.
pub(super) const ABORTED: &str = "migration aborted";

/// The line of the log that names the cause.
pub(super) fn aborted(started: i64, at: i64, why: &str) -> String {
    let time = Instant::from_millis(at).to_iso().replace('T', " ");
    let time = time.get(..19).unwrap_or_default();
    let secs = (at - started).max(0) / 1000;
    format!(
        "{time} ERROR: {ABORTED} (duration {:02}:{:02}:{:02}): {why}",
        secs / 3600,
        secs / 60 % 60,
        secs % 60
    )
}

/// A step of it; says why it fails there, if it does.
pub(super) fn step(world: &mut World, id: u32, step: MoveStep, at: i64) -> Option<String> {
    match step {
        MoveStep::Begin(asked) => {
            begin(world, id, &asked);
            None
        }
        MoveStep::Reach(node) => (!world.node(&node).is_some_and(Node::online))
            .then(|| format!("lost connection to node '{node}'")),
        MoveStep::Room(name, bytes) => {
            let own = world.storage(&name)?;
            if !own.active || !own.enabled {
                return Some(format!("storage '{name}' is not online"));
            }
            (own.available < bytes).then(|| {
                format!("storage migration failed: storage '{name}' on the target is out of space")
            })
        }
        MoveStep::Arrive(arrival) => {
            for (to, from, bytes) in &arrival.fills {
                if let Some(own) = world.storage_mut(to) {
                    own.set_used(own.used.saturating_add(*bytes));
                }
                if let Some(own) = world.storage_mut(from) {
                    own.set_used(own.used.saturating_sub(*bytes));
                }
            }
            let node = world.node(&arrival.node).map(|node| node.name.clone())?;
            world.change_vm(id, |vm| {
                vm.node = node;
                vm.lock = None;
                for (key, text) in arrival.config {
                    if config::text(&vm.config, &key).as_deref() != Some(&text) {
                        vm.config.insert(key, text.into());
                        vm.shown.digest = None;
                    }
                }
                crate::sim::usage::watch(vm, at);
            });
            None
        }
    }
}
