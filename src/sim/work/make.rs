//! Making VMs: new ones, and copies of others.

use super::Plan;
use super::plans::launched;
use crate::domain::config::{self, Disk};
use crate::domain::ids::VmId;
use crate::domain::status::Lock;
use crate::sim::events::Topic;
use crate::sim::model::{Vm, VmChange, Work, World};
use crate::sim::noise::{hash, unit};
use crate::sim::refusal::Refusal;
use std::collections::BTreeMap;

const GIB: u64 = 1 << 30;

/// A new VM, checked.
#[derive(Debug)]
pub struct Made {
    /// With its whole configuration, volumes asked for as `storage:size`.
    pub vm: Vm,
    /// Volume that the first disk is copied from.
    pub image: Option<String>,
    /// Power it on when it is there.
    pub start: bool,
}

/// A copy, checked.
#[derive(Debug)]
pub struct Copied {
    /// The new VM, with the configuration of its source.
    pub vm: Vm,
    /// Source.
    pub of: u32,
    /// A whole copy.
    pub full: bool,
    /// Storage of the copied disks; `None`: where the source has them.
    pub storage: Option<String>,
    /// Power it on when it is there.
    pub start: bool,
}

/// A disk of another VM as that of VM `id` on the storage `target`: name of its volume, and what
/// stands in the configuration.
pub(super) fn moved(
    disk: &Disk,
    volume: &str,
    target: &str,
    id: u32,
    number: usize,
) -> (String, String) {
    let name = if disk.is_cloud_init() {
        format!("vm-{id}-cloudinit")
    } else {
        format!("vm-{id}-disk-{number}")
    };
    let text = disk
        .print()
        .replacen(volume, &format!("{target}:{name}"), 1);
    (name, text)
}

/// `local-zfs:32,discard=on` asks for a new volume of 32 GiB: what stands in the configuration
/// then, and its storage and size. `None` where it asks for none.
#[must_use]
pub fn allocated(id: u32, number: usize, text: &str) -> Option<(String, String, u64)> {
    let (volume, options) = text.split_once(',').unwrap_or((text, ""));
    let (storage, wanted) = volume.split_once(':')?;
    let (name, size) = if wanted == "cloudinit" {
        (format!("vm-{id}-cloudinit"), 0)
    } else {
        (
            format!("vm-{id}-disk-{number}"),
            wanted.parse::<u64>().ok()?,
        )
    };
    let mut text = format!("{storage}:{name}");
    if !options.is_empty() {
        text.push(',');
        text.push_str(options);
    }
    if size > 0 {
        text.push_str(&format!(",size={size}G"));
    }
    Some((text, storage.to_owned(), size.saturating_mul(GIB)))
}

/// Whether every storage has room for what is asked of it.
pub(super) fn room(
    world: &World,
    asked: &BTreeMap<String, u64>,
    field: &str,
) -> Result<(), Refusal> {
    for (name, bytes) in asked {
        let Some(storage) = world.storages.iter().find(|own| own.storage == *name) else {
            continue;
        };
        if *bytes > storage.available {
            let (free, wanted) = (storage.available / GIB, bytes / GIB);
            let why = format!("{name} has {free} GiB free, {wanted} GiB are needed");
            return Err(Refusal::conflict(
                "STORAGE_FULL",
                format!("not enough space on storage '{name}'"),
            )
            .detail(field, why));
        }
    }
    Ok(())
}

/// Takes room on a storage for a VM; says why where there is none.
pub(super) fn fill(world: &mut World, vm: Option<u32>, name: &str, bytes: u64) -> Option<String> {
    let storage = world.storages.iter_mut().find(|own| own.storage == name)?;
    if bytes > storage.available {
        return Some(format!(
            "unable to create image: storage '{name}': out of space"
        ));
    }
    let used = storage.used + bytes;
    storage.set_used(used);
    if let Some(vm) = vm.and_then(|vm| world.vms.get_mut(&vm)) {
        vm.usage.disk += bytes;
        vm.touch();
    }
    None
}

/// Puts a VM into the cluster, locked until it is whole.
pub(super) fn put_in(world: &mut World, mut vm: Vm, lock: Lock) {
    let own = hash(world.seed, u64::from(vm.id));
    vm.lock = Some(lock);
    vm.read_config();
    vm.load.seed = own;
    vm.load.cpu = 0.02 + unit(own) * 0.1;
    vm.load.mem = 0.25 + unit(hash(own, 1)) * 0.3;
    vm.load.period = 10_000;
    vm.load.next = world.now + 10_000;
    vm.usage.at = world.now;
    let (id, row) = (vm.id, vm.row());
    world.vms.insert(id, vm);
    world
        .events
        .push(world.now, Topic::Vm, "created", &id.to_string(), Some(&row));
}

fn begin(
    world: &mut World,
    kind: &str,
    id: u32,
    made: u32,
    node: &str,
    steps: Vec<(i64, Work)>,
) -> Plan {
    let plan = launched(world, kind, (id.to_string(), Some(id)), node, steps);
    if let Some(task) = world.tasks.get_mut(plan.task) {
        task.makes = Some(made);
    }
    plan
}

/// Lines and progress of copying so many bytes, beginning there; says when it ends.
pub(super) fn copying(steps: &mut Vec<(i64, Work)>, from: i64, bytes: u64, what: &str) -> i64 {
    #[expect(clippy::cast_precision_loss, reason = "two digits are shown")]
    let gib = bytes as f64 / GIB as f64;
    // 5 GiB a second, so that nobody waits long.
    let lasts = i64::try_from(bytes / GIB).unwrap_or(60).clamp(10, 300) * 200;
    for step in 1..=10_i32 {
        let share = f64::from(step) / 10.0;
        let after = from + lasts * i64::from(step) / 10;
        let text = format!(
            "transferred {:.1} GiB of {gib:.1} GiB ({:.2}%)",
            gib * share,
            share * 100.0
        );
        // The last tenth is for what follows.
        steps.push((
            after,
            Work::Progress(share * 0.9, format!("{what}: {text}")),
        ));
        steps.push((after, Work::Log(text)));
    }
    from + lasts
}

/// Starts the making of a VM.
///
/// # Errors
/// Why it is refused: the number is taken, a storage has no room.
pub fn create(world: &mut World, made: Made) -> Result<Plan, Refusal> {
    let Made {
        mut vm,
        image,
        start,
    } = made;
    let id = vm.id;
    let mut asked: BTreeMap<String, u64> = BTreeMap::new();
    let mut steps = Vec::new();
    let mut after = 300;
    let mut number = 0;
    let keys: Vec<String> = vm
        .config
        .keys()
        .filter(|key| config::is_disk_key(key))
        .cloned()
        .collect();
    for key in keys {
        let text = config::text(&vm.config, &key).unwrap_or_default();
        let Some((text, storage, bytes)) = allocated(id, number, &text) else {
            continue;
        };
        number += 1;
        let volume = Disk::parse(&key, &text)
            .volume()
            .unwrap_or_default()
            .to_owned();
        vm.config.insert(key.clone(), text.into());
        if bytes == 0 {
            continue;
        }
        *asked.entry(storage.clone()).or_default() += bytes;
        if let (Some(image), "scsi0") = (&image, key.as_str()) {
            steps.push((after, Work::Log(format!("importing disk '{image}'"))));
            after = copying(&mut steps, after, bytes / 10, "Copying the image");
        }
        // Volumes are thin: a new one takes next to nothing until it is written to; it is
        // promised all the same, as this cluster has them.
        steps.push((after, Work::Fill(storage, bytes)));
        steps.push((
            after,
            Work::Log(format!("{key}: successfully created disk '{volume}'")),
        ));
        after += 700;
    }
    room(world, &asked, "storage")?;
    steps.push((after + 200, Work::Vm(VmChange::Lock(None))));
    if start {
        steps.push((after + 300, Work::Follow("start")));
    }
    steps.push((after + 500, Work::End("OK".to_owned())));
    let node = vm.node.to_string();
    put_in(world, vm, Lock::Create);
    Ok(begin(world, "qmcreate", id, id, &node, steps))
}

/// Starts the copying of a VM, a template or a snapshot.
///
/// # Errors
/// Why it is refused: a storage has no room.
pub fn clone(world: &mut World, copied: Copied) -> Result<Plan, Refusal> {
    let Copied {
        mut vm,
        of,
        full,
        storage,
        start,
    } = copied;
    let id = vm.id;
    let mut asked: BTreeMap<String, u64> = BTreeMap::new();
    let mut steps = vec![(
        100,
        Work::Log(format!(
            "create {} clone of VM {of}",
            if full { "full" } else { "linked" }
        )),
    )];
    let mut after = 400;
    let disks = config::disks(&vm.config);
    for (number, disk) in disks.iter().filter(|disk| disk.is_owned()).enumerate() {
        let (Some(own), Some(volume)) = (disk.storage(), disk.volume()) else {
            continue;
        };
        let target = storage.as_deref().unwrap_or(own);
        let (name, text) = moved(disk, volume, target, id, number);
        vm.config.insert(disk.key.clone(), text.into());
        let Some(size) = disk.size().filter(|_| full && !disk.is_cloud_init()) else {
            steps.push((after, Work::Log(format!("clone {volume}: {name}"))));
            after += 300;
            continue;
        };
        *asked.entry(target.to_owned()).or_default() += size.0;
        let line = format!("create full clone of drive {} ({volume})", disk.key);
        steps.push((after, Work::Log(line)));
        after = copying(&mut steps, after, size.0, &disk.key);
        steps.push((after, Work::Fill(target.to_owned(), size.0)));
    }
    room(world, &asked, "targetStorage")?;
    steps.push((after + 300, Work::Vm(VmChange::Lock(None))));
    if start {
        steps.push((after + 400, Work::Follow("start")));
    }
    steps.push((after + 600, Work::End("OK".to_owned())));
    // The source's node does the work.
    let node = world
        .vms
        .get(&of)
        .map(|vm| vm.node.to_string())
        .unwrap_or_default();
    put_in(world, vm, Lock::Clone);
    Ok(begin(world, "qmclone", of, id, &node, steps))
}

/// What a copy has of its own: no snapshots, new hardware addresses, no template any more.
#[must_use]
pub fn fresh(source: &Vm, id: VmId, seed: u64) -> Vm {
    let mut vm = Vm {
        id: id.0,
        kind: source.kind.clone(),
        config: source.config.clone(),
        ..Vm::default()
    };
    vm.config.remove("template");
    for (at, nic) in config::nics(&source.config).into_iter().enumerate() {
        let new = mac(seed, id.0, at);
        let text = nic
            .mac()
            .map_or_else(|| nic.print(), |old| nic.print().replacen(old, &new, 1));
        vm.config.insert(nic.key, text.into());
    }
    vm
}

/// A hardware address as Proxmox makes them, always the same for the same interface.
#[must_use]
pub fn mac(seed: u64, id: u32, nic: usize) -> String {
    let [a, b, c, ..] = hash(hash(seed, u64::from(id)), 900 + nic as u64).to_be_bytes();
    format!("BC:24:11:{a:02X}:{b:02X}:{c:02X}")
}
