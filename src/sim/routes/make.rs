//! `POST /vms`, `/vms/cloud-init`.

use super::make_check::Checked;
use super::{Answer, Call, object, power};
use crate::domain::config::{self, ConfigMap};
use crate::sim::model::{Vm, World};
use crate::sim::refusal::Refusal;
use crate::sim::work::{self, Made, Plan};
use serde_json::Value;

const CREATE: [&str; 18] = [
    "vmId",
    "name",
    "node",
    "template",
    "cores",
    "memoryMB",
    "disks",
    "networks",
    "startOnBoot",
    "pool",
    "clientId",
    "project",
    "tags",
    "bootOrder",
    "cpuType",
    "vgaType",
    "firmware",
    "scsihw",
];
const CLOUD_INIT: [&str; 26] = [
    "vmid",
    "name",
    "node",
    "templateNode",
    "cores",
    "memoryMB",
    "imageSource",
    "targetStorage",
    "diskSizeGB",
    "cloudInitUser",
    "cloudInitPassword",
    "sshKeys",
    "networks",
    "ipConfigs",
    "searchDomain",
    "nameservers",
    "cpuType",
    "qemuAgent",
    "start",
    "description",
    "tags",
    "diskOptions",
    "firmware",
    "scsihw",
    "serial0",
    "vgaType",
];

/// Why a number can't be given to a new VM.
pub(super) fn taken(world: &World, id: u32, field: &str) -> Result<(), Refusal> {
    let Some(vm) = world.vms.get(&id) else {
        return Ok(());
    };
    Err(Refusal::conflict(
        "VM_EXISTS",
        format!(
            "unable to create VM {id} - VM {id} already exists on node '{}'",
            vm.node
        ),
    )
    .detail(field, format!("{id} is taken by {}", vm.name)))
}

fn next_free(world: &World) -> u32 {
    (100..)
        .find(|id| !world.vms.contains_key(id))
        .unwrap_or(100)
}

/// Writes the audit entry, ties it to the task and answers.
pub(super) fn answer(
    world: &mut World,
    id: u32,
    name: &str,
    node: &str,
    operation: &str,
    result: Result<Plan, Refusal>,
) -> Answer {
    power::note(world, id, operation, false, name, node, &result);
    let message = if operation == "VM_CLONE" {
        "VM clone started"
    } else {
        "VM creation started"
    };
    Ok(power::answer(world, &result?, message))
}

/// Under safety rules the server marks what it makes as its own.
pub(super) fn own_tags(world: &World, mut tags: Vec<String>) -> Vec<String> {
    if world.settings.safe_mode != "off" && !tags.iter().any(|tag| tag == "moxxie") {
        tags.push("moxxie".to_owned());
    }
    tags
}

fn firmware(checked: &mut Checked<'_>, config: &mut ConfigMap, node: &str, world: &World) {
    let Some(firmware) = checked
        .body
        .get("firmware")
        .filter(|value| !value.is_null())
    else {
        return;
    };
    match firmware["type"].as_str() {
        Some("SEABIOS") => config.insert("bios".into(), "seabios".into()),
        Some("UEFI") => {
            let storage = firmware["efidisk"]["storage"].as_str().unwrap_or_default();
            checked.storage("firmware", storage, node, world);
            let keys = u8::from(firmware["efidisk"]["preEnrolledKeys"] == true);
            let text = format!("{storage}:1,efitype=4m,pre-enrolled-keys={keys}");
            config.insert("efidisk0".into(), text.into());
            config.insert("bios".into(), "ovmf".into())
        }
        _ => {
            checked.say("firmware", "type must be SEABIOS or UEFI");
            None
        }
    };
    match firmware["machine"].as_str() {
        Some("PC") => {}
        Some("Q35") => {
            config.insert("machine".into(), "q35".into());
        }
        _ => checked.say("firmware", "machine must be PC or Q35"),
    }
}

/// What both ways of making a VM ask for. Answers its number, name and node with the configuration.
fn base(
    checked: &mut Checked<'_>,
    id_field: &str,
    world: &World,
) -> (u32, String, String, ConfigMap) {
    let id = checked.whole(id_field, 100, 999_999_999);
    let id = id
        .and_then(|id| u32::try_from(id).ok())
        .unwrap_or_else(|| next_free(world));
    let name = checked.name("name");
    let node = checked.node("node", world);
    let mut config = ConfigMap::new();
    config.insert("name".into(), name.clone().into());
    config.insert("cores".into(), checked.needed("cores", 1, 128).into());
    config.insert("sockets".into(), 1.into());
    config.insert(
        "memory".into(),
        checked.needed("memoryMB", 512, 1 << 20).into(),
    );
    let texts = [
        ("cpu", "cpuType"),
        ("scsihw", "scsihw"),
        ("vga", "vgaType"),
        ("serial0", "serial0"),
    ];
    copy_texts(checked, &mut config, &texts);
    firmware(checked, &mut config, &node, world);
    for (at, (model, mac, rest)) in checked.networks().into_iter().enumerate() {
        let mac = mac.unwrap_or_else(|| work::mac(world.seed, id, at));
        config.insert(format!("net{at}"), format!("{model}={mac},{rest}").into());
    }
    (id, name, node, config)
}

pub fn create(call: &mut Call<'_>) -> Answer {
    let body = object(call.body)?;
    let world = &mut *call.world;
    let mut checked = Checked::new(&body, &CREATE);
    let (id, name, node, mut config) = base(&mut checked, "vmId", world);
    let disks = checked.disks(&node, world);
    let first = disks.first().map(|(key, _)| key.clone());
    config.extend(
        disks
            .into_iter()
            .map(|(key, text)| (key, Value::from(text))),
    );
    config.insert(
        "onboot".into(),
        u8::from(checked.flag("startOnBoot")).into(),
    );
    let boot = checked.text("bootOrder");
    let usual = first.map_or("order=net0".to_owned(), |key| format!("order={key};net0"));
    config.insert(
        "boot".into(),
        if boot.is_empty() { usual } else { boot }.into(),
    );
    let tags = checked.tags("tags");
    let pool = Some(checked.text("pool")).filter(|pool| !pool.is_empty());
    checked.done("Invalid VM configuration")?;
    let vm = Vm {
        id,
        name: name.clone(),
        node: node.as_str().into(),
        status: crate::domain::status::VmStatus::Stopped,
        tags: own_tags(world, tags),
        pool,
        config,
        ..Vm::default()
    };
    let made = Made {
        vm,
        image: None,
        start: false,
    };
    let result = taken(world, id, "vmId").and_then(|()| work::create(world, made));
    answer(world, id, &name, &node, "VM_CREATE", result)
}

/// The size of what is copied, in GiB; `None` where there is no such volume.
fn image_size(world: &World, volume: &str) -> Option<u64> {
    let gib = |bytes: u64| bytes.div_ceil(1 << 30).max(1);
    if let Some(file) = world.volumes.iter().find(|file| file.volid() == volume) {
        return Some(gib(file.size));
    }
    let disks = world.vms.values().flat_map(|vm| config::disks(&vm.config));
    let mut found = disks.filter(|disk| disk.volume() == Some(volume));
    found
        .next()
        .map(|disk| gib(disk.size().unwrap_or_default().0))
}

pub fn cloud_init(call: &mut Call<'_>) -> Answer {
    let body = object(call.body)?;
    let world = &mut *call.world;
    let mut checked = Checked::new(&body, &CLOUD_INIT);
    let (id, name, node, mut config) = base(&mut checked, "vmid", world);
    let image = checked.text("imageSource");
    let least = image_size(world, &image);
    if least.is_none() {
        checked.say("imageSource", "No such volume");
    }
    let storage = checked.text("targetStorage");
    checked.storage("targetStorage", &storage, &node, world);
    let least = least.unwrap_or(1);
    let size = checked.whole("diskSizeGB", 0, 65_536).unwrap_or(0);
    if size > 0 && size < least {
        checked.say("diskSizeGB", &format!("The image needs {least} GiB"));
    }
    let options = body.get("diskOptions").cloned().unwrap_or_default();
    let mut disk = format!("{storage}:{}", size.max(least));
    for (field, option) in [
        ("discard", "discard=on"),
        ("ssd", "ssd=1"),
        ("iothread", "iothread=1"),
    ] {
        if options[field] == true {
            disk.push_str(&format!(",{option}"));
        }
    }
    if let Some(cache) = options["cache"].as_str().filter(|word| !word.is_empty()) {
        disk.push_str(&format!(",cache={}", cache.to_lowercase()));
    }
    config.insert("scsi0".into(), disk.into());
    config.insert(
        "ide2".into(),
        format!("{storage}:cloudinit,media=cdrom").into(),
    );
    config.insert("boot".into(), "order=scsi0".into());
    config.insert("agent".into(), u8::from(checked.flag("qemuAgent")).into());
    told(&mut checked, &mut config);
    let tags = checked.tags("tags");
    let start = checked.flag("start");
    checked.done("Invalid VM configuration")?;
    let vm = Vm {
        id,
        name: name.clone(),
        node: node.as_str().into(),
        status: crate::domain::status::VmStatus::Stopped,
        tags: own_tags(world, tags),
        config,
        ..Vm::default()
    };
    let made = Made {
        vm,
        image: Some(image),
        start,
    };
    let result = taken(world, id, "vmid").and_then(|()| work::create(world, made));
    answer(world, id, &name, &node, "VM_CREATE", result)
}

/// Texts of the body that go into the configuration as they are: `(its key, the field)`.
fn copy_texts(checked: &mut Checked<'_>, config: &mut ConfigMap, texts: &[(&str, &str)]) {
    for (key, field) in texts {
        let value = checked.text(field);
        if !value.is_empty() {
            config.insert((*key).into(), value.into());
        }
    }
}

/// What cloud-init is told, as the hypervisor keeps it.
fn told(checked: &mut Checked<'_>, config: &mut ConfigMap) {
    let texts = [
        ("ciuser", "cloudInitUser"),
        ("cipassword", "cloudInitPassword"),
        ("sshkeys", "sshKeys"),
        ("searchdomain", "searchDomain"),
        ("nameserver", "nameservers"),
        ("description", "description"),
    ];
    copy_texts(checked, config, &texts);
    let list = checked.body.get("ipConfigs").and_then(Value::as_array);
    for (at, text) in list.into_iter().flatten().enumerate() {
        match text.as_str() {
            Some("") => {}
            Some(text) if text.starts_with("ip") => {
                config.insert(format!("ipconfig{at}"), text.into());
            }
            _ => checked.say("ipConfigs", "Must begin with ip= or ip6="),
        }
    }
}
