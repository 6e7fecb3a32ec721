//! The second contract: the server as shipped, through the same calls.

use super::fake::{Fake, answer};
use crate::api::bulk::{self, BulkPowerRequest};
use crate::api::tasks::{self, TaskQuery, TaskState};
use crate::api::vms::{self, VmQuery};
use crate::api::{Client, Contract, cluster};
use crate::domain::ids::VmId;
use crate::domain::status::VmStatus;
use crate::domain::units::Instant;
use crate::domain::vm_can::PowerAction;
use serde_json::{Value, json};

fn shipped(fake: &Fake) -> Client {
    let client = fake.client();
    client.set_contract(Contract::Server);
    client
}

fn row(id: u32) -> Value {
    json!({"vmid": id, "name": format!("vm-{id}"), "node": "hv1", "status": "running", "cpus": 0,
        "maxmem": 8_589_934_592_u64, "maxdisk": 107_374_182_400_u64, "uptime": 3600, "type": "qemu",
        "tags": ["moxxie"], "pool": "moxxie-pool", "template": 0})
}

fn page(ids: std::ops::Range<u32>) -> String {
    Value::Array(ids.map(row).collect()).to_string()
}

#[test]
fn vm_list_is_fetched_page_by_page() {
    let fake = Fake::new([
        answer(200, &page(0..1000)),
        answer(200, &page(1000..2000)),
        answer(200, &page(2000..2003)),
    ]);
    let client = shipped(&fake);
    let query = VmQuery {
        tags: vec!["env-prod".into(), "a&b".into()],
        status: Some(VmStatus::Running),
        ..VmQuery::default()
    };
    let rows = fake.run(vms::list(&client, &query)).unwrap();
    assert_eq!((rows.good.len(), rows.bad), (2003, 0));
    let filter = "tags=env-prod%2Ca%26b&status=running&limit=1000";
    assert_eq!(
        fake.calls(),
        [
            format!("GET /api/v1/vms?{filter}"),
            format!("GET /api/v1/vms?{filter}&offset=1000"),
            format!("GET /api/v1/vms?{filter}&offset=2000"),
        ]
    );
    let vm = &rows.good[0];
    // No usage, no lock, no cores: unknown, not zero.
    assert_eq!(
        (vm.cpu, vm.cpus, vm.mem, &vm.lock, &vm.hastate),
        (None, None, None, &None, &None)
    );
    assert_eq!(
        (vm.template, vm.pool.as_deref()),
        (false, Some("moxxie-pool"))
    );

    let fake = Fake::new([answer(200, &page(0..20))]);
    let client = shipped(&fake);
    let query = VmQuery {
        limit: Some(20),
        offset: Some(40),
        ..VmQuery::default()
    };
    assert_eq!(fake.run(vms::list(&client, &query)).unwrap().good.len(), 20);
    assert_eq!(fake.calls(), ["GET /api/v1/vms?limit=20&offset=40"]);
}

#[test]
fn guide_gets_the_whole_list_in_one_call() {
    let fake = Fake::new([answer(200, &page(0..1000))]);
    let client = fake.client();
    fake.run(vms::list(&client, &VmQuery::default())).unwrap();
    assert_eq!(fake.calls(), ["GET /api/v1/vms"]);
}

const TASKS: &str = r#"{"tasks":[
    {"upid":"UPID:hv1:00000001:0:0:qmstart:101:root@pam:","node":"hv1","type":"qmstart","status":"OK","user":"root@pam","starttime":"2024-06-24T12:00:00Z","endtime":"2024-06-24T12:00:03Z","exitstatus":"","finished":false},
    {"upid":"UPID:hv1:00000002:0:0:vzdump:102:root@pam:","node":"hv1","type":"vzdump","status":"job errors","starttime":"2024-06-24T11:00:00Z","endtime":"2024-06-24T11:30:00Z"},
    {"upid":"UPID:hv1:00000003:0:0:qmstop:103:root@pam:","node":"hv1","type":"qmstop","status":"running","starttime":"2024-06-24T12:01:00Z","progress":null}
],"total":3,"filtered":3}"#;

#[test]
fn tasks_are_filtered_here() {
    let fake = Fake::new([answer(200, TASKS), answer(200, TASKS)]);
    let client = shipped(&fake);
    let query = TaskQuery {
        limit: Some(5),
        status: vec!["running".into(), "error".into()],
        vm: Some(VmId(101)),
        ..TaskQuery::default()
    };
    let rows = fake.run(tasks::list(&client, &query)).unwrap();
    let states: Vec<_> = rows.good.iter().map(tasks::Task::state).collect();
    assert_eq!(
        states,
        [TaskState::Failed("job errors".into()), TaskState::Running]
    );
    assert_eq!(rows.good[1].id, "103");
    assert_eq!(fake.calls(), ["GET /api/v1/tasks?limit=100&vmid=101"]);
    let all = fake
        .run(tasks::list(
            &client,
            &TaskQuery {
                limit: Some(2),
                ..TaskQuery::default()
            },
        ))
        .unwrap();
    assert_eq!(all.good.len(), 2);
}

#[test]
fn guide_filters_tasks_itself() {
    let fake = Fake::new([answer(200, "[]")]);
    let client = fake.client();
    let query = TaskQuery {
        limit: Some(5),
        status: vec!["running".into(), "error".into()],
        ..TaskQuery::default()
    };
    fake.run(tasks::list(&client, &query)).unwrap();
    assert_eq!(
        fake.calls(),
        ["GET /api/v1/tasks?limit=5&statusfilter=running%2Cerror"]
    );
}

#[test]
fn the_task_of_a_power_action_is_looked_up() {
    let notice = r#"{"error":"VM start initiated","message":"VM 101 is starting","timestamp":"2024-06-24T12:00:00Z"}"#;
    let fake = Fake::new([
        answer(202, notice),
        answer(
            200,
            r#"{"tasks":[{"upid":"UPID:hv1:0:0:0:qmstart:101:root@pam:","type":"qmstart","status":"OK","starttime":"2024-06-24T11:00:00Z"}]}"#,
        ),
        answer(200, TASKS),
    ]);
    fake.set_now(Instant::parse_iso("2024-06-24T12:00:00Z").unwrap().secs() as f64 * 1000.0);
    let client = shipped(&fake);
    let started = fake
        .run(vms::power(&client, VmId(101), PowerAction::Start, false))
        .unwrap();
    assert_eq!(started.message, "VM 101 is starting");
    assert_eq!(
        started.task.unwrap().0,
        "UPID:hv1:00000001:0:0:qmstart:101:root@pam:"
    );
    assert_eq!(
        fake.calls(),
        [
            "POST /api/v1/vms/101/start",
            "GET /api/v1/tasks?limit=5&vmid=101",
            "GET /api/v1/tasks?limit=5&vmid=101",
        ]
    );

    // The action succeeded, whatever becomes of the search.
    let fake = Fake::new([
        answer(202, notice),
        answer(500, ""),
        answer(200, "<html>"),
        answer(200, "[]"),
    ]);
    let client = shipped(&fake);
    let started = fake
        .run(vms::power(&client, VmId(101), PowerAction::Start, false))
        .unwrap();
    assert_eq!(started.task, None);
}

#[test]
fn detail_is_flat() {
    let body = json!({"vmid": 8200, "name": "web", "node": "hv6", "status": "running", "cpus": 4, "type": "qemu",
        "maxmem": 1, "tags": ["moxxie"], "config": {"cores": "4"}, "disks": [],
        "networkInterfaces": [{"name": "net0", "macAddress": "BC:24:11:5E:7D:2C", "bridge": "vmbr0", "vlan": 101}]});
    let fake = Fake::new([answer(200, &body.to_string())]);
    let client = shipped(&fake);
    let detail = fake.run(vms::detail(&client, VmId(8200))).unwrap();
    assert_eq!(
        (detail.vm.vmid, detail.vm.name.as_str()),
        (VmId(8200), "web")
    );
    assert_eq!(detail.config.number("cores"), Some(4));
    assert_eq!((detail.snapshots, detail.backups), (None, None));
    assert_eq!(detail.interfaces[0].vlan, Some(101));
}

#[test]
fn cluster_is_built_from_discovery() {
    let body = r#"{"clusterName":"home","nodes":[{"name":"hv1","status":"online","cpuCores":8},{"name":"hv2","status":"offline"},{"status":"x"}],"storage":[]}"#;
    let fake = Fake::new([answer(200, body)]);
    let client = shipped(&fake);
    let status = fake.run(cluster::status(&client)).unwrap();
    assert_eq!(
        (
            status.cluster.name.as_str(),
            status.cluster.quorate,
            status.cluster.nodes
        ),
        ("home", None, Some(2))
    );
    assert_eq!(
        status
            .nodes
            .iter()
            .map(|node| node.online)
            .collect::<Vec<_>>(),
        [true, false]
    );
    assert_eq!(fake.calls(), ["GET /api/v1/proxmox/discover"]);
}

#[test]
fn bulk_power_speaks_both() {
    let body = r#"{"results":{"8201":{"status":"skipped","reason":"Already running","vmName":"db"},"8200":{"status":"success","taskId":"UPID:x","vmName":"web"},"8202":{"status":"error","error":"VM is locked"},"x":{}},"summary":"s","totalVMs":3}"#;
    let fake = Fake::new([answer(200, body)]);
    let client = shipped(&fake);
    let request = BulkPowerRequest {
        vm_ids: vec![VmId(8200), VmId(8201), VmId(8202)],
        force: true,
        parallel: Some(false),
        ..BulkPowerRequest::default()
    };
    let result = fake
        .run(bulk::power(&client, PowerAction::Start, &request))
        .unwrap();
    assert_eq!(
        (result.total, result.successful, result.failed),
        (Some(3), Some(2), Some(1))
    );
    assert_eq!(result.results[0].task.as_ref().unwrap().0, "UPID:x");
    assert_eq!(result.results[2].error.as_deref(), Some("VM is locked"));
    let sent: Value = serde_json::from_str(fake.sent()[0].body.as_ref().unwrap()).unwrap();
    assert_eq!(
        sent,
        json!({"vmSelectors": [{"type": "VM_IDS", "value": "8200,8201,8202"}], "operation": "START",
        "force": true, "timeoutSeconds": 300, "maxParallel": 1, "dryRun": false})
    );
    assert_eq!(fake.calls(), ["POST /api/v1/vms/power/bulk"]);
}
