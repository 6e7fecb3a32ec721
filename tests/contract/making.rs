//! Making and copying VMs: the console's own requests fit the contract, and the simulator does what
//! they say.

use crate::support::{Checked, GUIDE};
use moxxie_ui::domain::ids::VmId;
use moxxie_ui::domain::provision::{
    Addressing, CloneDraft, CloneSource, DiskDraft, Draft, Known, NicDraft, Request, Source,
};
use moxxie_ui::sim::Settings;
use serde_json::{Value, json};

fn draft() -> Draft {
    let mut draft = Draft {
        name: "new-vm".into(),
        id: "500".into(),
        node: "proxmox-02".into(),
        tags: vec!["env-dev".into()],
        pool: "lab".into(),
        iso: "local:iso/debian-12.5.0-amd64-netinst.iso".into(),
        start: true,
        ..Draft::default()
    };
    draft.disks[0].storage = "local-zfs".into();
    draft.nics[0].bridge = "vmbr1".into();
    draft.nics[0].vlan = "20".into();
    draft
}

/// Sends a request after checking its body; answers the task, where one starts.
fn send(sim: &mut Checked, request: &Request) -> Result<Option<String>, Value> {
    let (method, path, template, body) = match request {
        Request::Create(body) => ("POST", "/vms".to_owned(), "/vms", body.clone()),
        Request::CloudInit(body) => {
            let path = "/vms/cloud-init";
            ("POST", path.to_owned(), path, body.clone())
        }
        Request::Clone(vm, body) => {
            let path = format!("/vms/{vm}/clone");
            ("POST", path, "/vms/{vmId}/clone", body.clone())
        }
        Request::Configure(vm, body) => {
            let path = format!("/vms/{vm}/config");
            ("PUT", path, "/vms/{vmId}/config", body.clone())
        }
        Request::Start(vm) => return Ok(Some(sim.start(&format!("/vms/{vm}/start")))),
        // Its body is built by the call, which has tests of its own.
        Request::Restore(restore) => panic!("no part of these plans: {restore:?}"),
    };
    GUIDE.check_request(method, template, &body);
    let answer = sim.call_with(method, &path, &body);
    if answer.status >= 400 {
        return Err(answer.value());
    }
    Ok(answer.value()["task"].as_str().map(ToOwned::to_owned))
}

/// Sends all of them, each when the one before is done.
fn carry_out(sim: &mut Checked, requests: &[Request]) {
    for request in requests {
        if let Some(task) = send(sim, request).unwrap() {
            for _ in 0..120 {
                sim.wait(1.0);
                if sim.task(&task)["status"] != "running" {
                    break;
                }
            }
            assert_eq!(sim.task(&task)["exitstatus"], "OK", "{:?}", sim.log(&task));
        }
    }
}

#[test]
fn a_vm_is_made_as_it_was_asked_for() {
    let mut sim = Checked::guide();
    let mut draft = draft();
    draft.uefi = true;
    draft.efi_storage = "local-zfs".into();
    draft.disks.push(DiskDraft {
        bus: "virtio".into(),
        storage: "local-zfs".into(),
        size: "8".into(),
        backup: false,
        ..DiskDraft::default()
    });
    let before = sim.get("/storage/local-zfs/status")["used"]
        .as_u64()
        .unwrap();
    let requests = draft.requests();
    let task = send(&mut sim, &requests[0]).unwrap().unwrap();
    // It is there at once, and locked until it is whole.
    assert_eq!(sim.get("/vms/500")["lock"], "create");
    assert_eq!(sim.refused("POST", "/vms/500/start").1, "VM_LOCKED");
    sim.wait(30.0);
    assert_eq!(sim.task(&task)["exitstatus"], "OK");
    carry_out(&mut sim, &requests[1..]);
    let vm = sim.get("/vms/500");
    assert_eq!(vm["status"], "running");
    assert_eq!(
        (&vm["node"], &vm["pool"]),
        (&json!("proxmox-02"), &json!("lab"))
    );
    assert_eq!(vm["tags"], json!(["env-dev"]));
    assert_eq!(vm["maxmem"], 2_147_483_648_u64);
    let config = sim.get("/vms/500/config");
    assert!(
        config["net0"]
            .as_str()
            .unwrap()
            .ends_with(",bridge=vmbr1,tag=20"),
        "{config}"
    );
    assert!(
        config["scsi0"].as_str().unwrap().contains("size=32G"),
        "{config}"
    );
    assert!(
        config["virtio0"].as_str().unwrap().contains("backup=0"),
        "{config}"
    );
    assert_eq!(
        config["ide2"],
        "local:iso/debian-12.5.0-amd64-netinst.iso,media=cdrom"
    );
    assert_eq!(config["boot"], "order=scsi0;ide2;net0");
    assert_eq!(
        (&config["bios"], &config["machine"]),
        (&json!("ovmf"), &json!("q35"))
    );
    let after = sim.get("/storage/local-zfs/status")["used"]
        .as_u64()
        .unwrap();
    assert_eq!((after - before) >> 30, 41);
    let audit = sim.get("/admin/audit?limit=5");
    assert!(audit.to_string().contains("VM_CREATE"), "{audit}");
}

#[test]
fn a_vm_is_made_from_an_image() {
    let mut sim = Checked::guide();
    let mut draft = draft();
    draft.source = Source::Image;
    draft.image = "local:iso/debian-12-genericcloud-amd64.img".into();
    draft.user = "debian".into();
    draft.dns = "1.1.1.1".into();
    draft.nics.push(NicDraft {
        bridge: "vmbr0".into(),
        ip4: Addressing::Static,
        address4: "10.0.0.5/24".into(),
        ..NicDraft::default()
    });
    draft.disks.push(DiskDraft {
        storage: "local-zfs".into(),
        size: "4".into(),
        ..DiskDraft::default()
    });
    carry_out(&mut sim, &draft.requests());
    let config = sim.get("/vms/500/config");
    assert_eq!(config["ipconfig0"], "ip=dhcp");
    assert_eq!(config["ipconfig1"], "ip=10.0.0.5/24");
    assert_eq!(config["ciuser"], "debian");
    assert_eq!(config["ostype"], "l26");
    assert_eq!(
        config["scsi1"],
        "local-zfs:vm-500-disk-2,discard=on,iothread=1,size=4G"
    );
    assert_eq!(sim.get("/vms/500")["status"], "running");
    // What is gone leaves its name and its room behind.
    sim.start("/vms/500/stop");
    sim.wait(5.0);
    assert_eq!(sim.call("DELETE", "/vms/500").status, 202);
    sim.wait(10.0);
    assert_eq!(sim.call("GET", "/vms/500").status, 404);
}

#[test]
fn numbers_storages_and_fields_are_refused_in_the_guides_shape() {
    let mut sim = Checked::guide();
    let refused = |sim: &mut Checked, change: &dyn Fn(&mut Draft)| {
        let mut draft = draft();
        change(&mut draft);
        send(sim, &draft.requests()[0]).unwrap_err()
    };
    let taken = refused(&mut sim, &|d| d.id = "101".into());
    assert_eq!(
        (&taken["error"], &taken["status"]),
        (&json!("VM_EXISTS"), &json!(409))
    );
    assert_eq!(taken["details"]["vmId"], "101 is taken by web-server-01");
    let full = refused(&mut sim, &|d| d.disks[0].size = "300".into());
    assert_eq!(full["error"], "STORAGE_FULL");
    assert!(
        full["details"]["storage"]
            .as_str()
            .unwrap()
            .contains("200 GiB free")
    );
    for (change, field) in [
        (
            (&|d: &mut Draft| d.name = "new_vm".into()) as &dyn Fn(&mut Draft),
            "name",
        ),
        (&|d| d.node = "nowhere".into(), "node"),
        (&|d| d.disks[0].storage = "local".into(), "storage"),
        (&|d| d.nics[0].bridge = "vmbr9".into(), "networks"),
        (&|d| d.tags = vec!["a b".into()], "tags"),
    ] {
        let said = refused(&mut sim, change);
        assert_eq!(said["error"], "VALIDATION_ERROR");
        assert!(said["details"][field].is_string(), "{field}: {said}");
    }
    assert_eq!(
        sim.call("GET", "/vms/500").status,
        404,
        "nothing is left behind"
    );
}

fn copy(sim: &mut Checked, of: u32, snapshot: &str) -> (CloneDraft, CloneSource) {
    let config = sim.get(&format!("/vms/{of}/config"));
    let vm = sim.get(&format!("/vms/{of}"));
    let mut source = CloneSource {
        vm: VmId(of),
        name: vm["name"].as_str().unwrap().into(),
        node: vm["node"].as_str().unwrap().into(),
        template: vm["template"] == true,
        snapshot: snapshot.into(),
        ..CloneSource::default()
    };
    source.read(&serde_json::from_value(config).unwrap());
    let mut draft = CloneDraft::of(&source, &[], &Known::default());
    draft.id = "500".into();
    draft.name = "copy".into();
    (draft, source)
}

#[test]
fn a_template_is_copied_whole_and_linked() {
    let mut sim = Checked::guide();
    let (mut draft, source) = copy(&mut sim, 9000, "");
    draft.user = "me".into();
    draft.full = true;
    draft.start = true;
    let used = |sim: &mut Checked| {
        sim.get("/storage/local-zfs/status")["used"]
            .as_u64()
            .unwrap()
            >> 30
    };
    let before = used(&mut sim);
    let requests = draft.requests(&source);
    let task = send(&mut sim, &requests[0]).unwrap().unwrap();
    assert!(task.contains(":qmclone:9000:"), "{task}");
    assert_eq!(sim.get("/vms/500")["lock"], "clone");
    sim.wait(2.5);
    let progress = sim.task(&task)["progress"].as_f64().unwrap();
    assert!(progress > 0.1 && progress < 1.0, "{progress}");
    sim.wait(20.0);
    carry_out(&mut sim, &requests[1..]);
    assert_eq!(used(&mut sim) - before, 20);
    let (config, old) = (sim.get("/vms/500/config"), sim.get("/vms/9000/config"));
    assert_eq!(config["ciuser"], "me");
    assert_ne!(config["net0"], old["net0"], "a hardware address of its own");
    assert!(
        config["scsi0"]
            .as_str()
            .unwrap()
            .starts_with("local-zfs:vm-500-disk-"),
        "{config}"
    );
    assert_eq!(sim.get("/vms/500")["template"], false);
    draft.id = "501".into();
    draft.full = false;
    carry_out(&mut sim, &draft.requests(&source)[..1]);
    assert_eq!(used(&mut sim) - before, 20, "a linked copy takes no room");
}

#[test]
fn a_copy_gets_the_hardware_that_was_chosen() {
    let mut sim = Checked::guide();
    let (mut draft, source) = copy(&mut sim, 9000, "");
    let old = sim.get("/vms/9000/config");
    draft.full = true;
    draft.cores = "6".into();
    draft.memory = "6144".into();
    draft.grown = "scsi0".into();
    draft.size = "64".into();
    draft.nics[0].nic.bridge = "vmbr1".into();
    draft.nics[0].nic.vlan = "30".into();
    let requests = draft.requests(&source);
    assert_eq!(requests.len(), 2);
    carry_out(&mut sim, &requests);
    let config = sim.get("/vms/500/config");
    assert_eq!(
        (&config["cores"], &config["memory"]),
        (&json!(6), &json!(6144))
    );
    let text = |key: &str| config[key].as_str().unwrap().to_owned();
    assert!(text("scsi0").contains("size=64G"), "{config}");
    assert!(text("net0").contains("bridge=vmbr1,tag=30"), "{config}");
    assert_ne!(config["net0"], old["net0"]);
    draft.id = "501".into();
    draft.size = "1".into();
    let said = send(&mut sim, &draft.requests(&source)[0]).unwrap_err();
    assert!(said["details"]["diskResize"].is_string(), "{said}");
}

/// A server that starts anew knows nothing of a task; what the task does is done all the same.
#[test]
fn a_server_that_forgets_its_tasks_makes_the_vm() {
    let mut sim = Checked::guide();
    let requests = draft().requests();
    let task = send(&mut sim, &requests[0]).unwrap().unwrap();
    sim.sim.restart();
    assert_eq!(sim.call("GET", &format!("/tasks/{task}")).status, 404);
    let list = sim.get("/tasks?vmid=500");
    assert_eq!(list, json!([]));
    assert_eq!(sim.get("/vms/500")["lock"], "create");
    sim.wait(20.0);
    assert_eq!(sim.get("/vms/500")["lock"], Value::Null);
}

#[test]
fn copies_are_refused_as_proxmox_does() {
    let mut sim = Checked::guide();
    let (mut draft, source) = copy(&mut sim, 101, "no-such-snapshot");
    let error = |sim: &mut Checked, draft: &CloneDraft, source: &CloneSource| {
        send(sim, &draft.requests(source)[0]).unwrap_err()
    };
    assert!(error(&mut sim, &draft, &source)["details"]["snapshot"].is_string());
    let source = CloneSource {
        snapshot: String::new(),
        ..source
    };
    draft.full = false;
    assert!(error(&mut sim, &draft, &source)["details"]["fullClone"].is_string());
    draft.full = true;
    draft.node = "proxmox-03".into();
    let said = error(&mut sim, &draft, &source);
    assert!(
        said["details"]["targetNode"]
            .as_str()
            .unwrap()
            .contains("local storage"),
        "{said}"
    );
    draft.node.clone_from(&source.node);
    draft.id = "102".into();
    assert_eq!(error(&mut sim, &draft, &source)["error"], "VM_EXISTS");
    draft.id = "500".into();
    sim.patch("vm", "101", &json!({"lock": "backup"}));
    assert_eq!(error(&mut sim, &draft, &source)["error"], "VM_LOCKED");
    sim.patch("vm", "101", &json!({"lock": null}));
    sim.patch("storage", "local-zfs", &json!({"used": 499_u64 << 30}));
    assert_eq!(error(&mut sim, &draft, &source)["error"], "STORAGE_FULL");
    assert_eq!(sim.call("GET", "/vms/500").status, 404);
}

#[test]
fn what_is_stopped_or_runs_out_of_room_leaves_nothing_behind() {
    let mut sim = Checked::guide();
    let (mut draft, source) = copy(&mut sim, 9000, "");
    draft.full = true;
    let task = send(&mut sim, &draft.requests(&source)[0])
        .unwrap()
        .unwrap();
    sim.wait(1.0);
    assert_eq!(sim.call("DELETE", &format!("/tasks/{task}")).status, 204);
    assert_eq!(sim.call("GET", "/vms/500").status, 404);
    let task = send(&mut sim, &draft.requests(&source)[0])
        .unwrap()
        .unwrap();
    sim.patch("storage", "local-zfs", &json!({"used": 499_u64 << 30}));
    sim.wait(30.0);
    assert!(
        sim.task(&task)["exitstatus"]
            .as_str()
            .unwrap()
            .contains("out of space")
    );
    assert_eq!(sim.call("GET", "/vms/500").status, 404);
}

#[test]
fn under_safety_rules_what_is_made_is_the_servers_own() {
    let mut sim = Checked::with(Settings {
        safe_mode: "strict",
        ..Settings::default()
    });
    carry_out(&mut sim, &draft().requests());
    assert!(sim.get("/vms/500")["tags"].to_string().contains("moxxie"));
}
