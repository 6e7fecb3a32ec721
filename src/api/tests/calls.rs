//! Each call goes where the contract says.

use super::fake::{Fake, answer};
use crate::api::{
    Client, backups, bulk, cluster, info, metrics::Timeframe, nodes, snapshots, storage, tags,
    tasks, vms,
};
use crate::domain::ids::{Upid, VmId};
use crate::domain::vm_can::PowerAction;

const VM: VmId = VmId(101);

fn called<T>(body: &str, call: impl AsyncFnOnce(&Client) -> T) -> String {
    let fake = Fake::new([answer(200, body)]);
    let client = fake.client();
    fake.run(call(&client));
    fake.calls().remove(0)
}

#[test]
fn paths() {
    let upid = Upid("UPID:a/b".to_owned());
    let list = "[]";
    let is = |got: String, wanted: &str| assert_eq!(got, wanted.replacen(' ', " /api/v1", 1));
    is(
        called("{}", async |c| info::get(c).await.unwrap()),
        "GET /info",
    );
    is(
        called(r#"{"cluster":{}}"#, async |c| {
            cluster::status(c).await.unwrap()
        }),
        "GET /cluster/status",
    );
    is(
        called(list, async |c| {
            cluster::resources(c, Some("vm")).await.unwrap()
        }),
        "GET /cluster/resources?type=vm",
    );
    is(
        called(list, async |c| cluster::resources(c, None).await.unwrap()),
        "GET /cluster/resources",
    );
    is(
        called(r#"{"upid":"u"}"#, async |c| {
            tasks::get(c, &upid).await.unwrap()
        }),
        "GET /tasks/UPID%3Aa%2Fb",
    );
    is(
        called("{}", async |c| tasks::log(c, &upid, 10, 50).await.unwrap()),
        "GET /tasks/UPID%3Aa%2Fb/log?start=10&limit=50",
    );
    is(
        called("{}", async |c| tasks::cancel(c, &upid).await.unwrap()),
        "DELETE /tasks/UPID%3Aa%2Fb",
    );
    is(
        called(r#"{"vmid":1}"#, async |c| vms::get(c, VM).await.unwrap()),
        "GET /vms/101",
    );
    is(
        called(r#"{"vmid":1}"#, async |c| vms::status(c, VM).await.unwrap()),
        "GET /vms/101/status",
    );
    is(
        called(r#"{"vm":{"vmid":1}}"#, async |c| {
            vms::detail(c, VM).await.unwrap()
        }),
        "GET /vms/101/detail",
    );
    is(
        called("{}", async |c| vms::config(c, VM).await.unwrap()),
        "GET /vms/101/config",
    );
    is(
        called(r#"{"points":[]}"#, async |c| {
            vms::metrics(c, VM, Timeframe::Week).await.unwrap()
        }),
        "GET /vms/101/metrics?timeframe=week",
    );
    is(
        called(list, async |c| vms::agent_interfaces(c, VM).await.unwrap()),
        "GET /vms/101/agent/interfaces",
    );
    is(
        called(list, async |c| vms::pending(c, VM).await.unwrap()),
        "GET /vms/101/pending",
    );
    is(
        called(list, async |c| snapshots::list(c, VM).await.unwrap()),
        "GET /vms/101/snapshots",
    );
    is(
        called(list, async |c| backups::of_vm(c, VM).await.unwrap()),
        "GET /vms/101/backups",
    );
    is(
        called("{}", async |c| backups::health(c).await.unwrap()),
        "GET /backups/health",
    );
    is(
        called(list, async |c| tags::list(c).await.unwrap()),
        "GET /tags",
    );
    is(
        called(list, async |c| nodes::list(c).await.unwrap()),
        "GET /nodes",
    );
    is(
        called(r#"{"node":"a"}"#, async |c| {
            nodes::get(c, "proxmox 01").await.unwrap()
        }),
        "GET /nodes/proxmox%2001",
    );
    is(
        called("{}", async |c| nodes::status(c, "a").await.unwrap()),
        "GET /nodes/a/status",
    );
    is(
        called(r#"{"points":[]}"#, async |c| {
            nodes::metrics(c, "a", Timeframe::Hour).await.unwrap()
        }),
        "GET /nodes/a/metrics?timeframe=hour",
    );
    is(
        called(list, async |c| storage::list(c).await.unwrap()),
        "GET /storage",
    );
    for action in PowerAction::ALL {
        is(
            called("{}", async |c| {
                vms::power(c, VM, action, false).await.unwrap()
            }),
            &format!("POST /vms/101/{}", action.as_str()),
        );
    }
    is(
        called("", async |c| vms::delete(c, VM, true).await.unwrap()),
        "DELETE /vms/101?force=true",
    );
    is(
        called("{}", async |c| {
            bulk::power(c, PowerAction::Stop, &bulk::BulkPowerRequest::default())
                .await
                .unwrap()
        }),
        "POST /bulk/power/stop",
    );
}

#[test]
fn configuration_sends_what_changed() {
    let fake = Fake::new([answer(200, r#"{"message":"ok"}"#)]);
    let client = fake.client();
    let patch = vms::ConfigPatch::new()
        .set("cores", 8)
        .delete("balloon")
        .digest(Some("abc".to_owned()));
    fake.run(vms::update_config(&client, VM, &patch)).unwrap();
    assert_eq!(fake.calls(), ["PUT /api/v1/vms/101/config"]);
    assert_eq!(
        fake.sent()[0].body.as_deref(),
        Some(r#"{"cores":8,"delete":"balloon","digest":"abc"}"#)
    );
}

#[test]
fn bulk_power_as_the_guide_has_it() {
    let fake = Fake::new([
        answer(
            200,
            r#"{"operationId":"o","totalTargets":1,"results":[{"vmId":101,"success":false,"error":"VM is locked (backup)"}]}"#,
        ),
        answer(
            200,
            r#"{"dryRun":true,"affectedVMs":[{"vmId":101,"wouldSucceed":false,"reason":"locked"}],"estimatedDuration":45}"#,
        ),
    ]);
    let client = fake.client();
    let request = bulk::BulkPowerRequest {
        vm_ids: vec![VM],
        parallel: Some(true),
        ..bulk::BulkPowerRequest::default()
    };
    let result = fake
        .run(bulk::power(&client, PowerAction::Stop, &request))
        .unwrap();
    assert_eq!(
        result.results[0].error.as_deref(),
        Some("VM is locked (backup)")
    );
    let plan = fake
        .run(bulk::forecast(&client, PowerAction::Stop, &request))
        .unwrap();
    assert_eq!(plan.affected[0].reason.as_deref(), Some("locked"));
    assert_eq!(
        fake.sent()[0].body.as_deref(),
        Some(r#"{"vmIds":[101],"force":false,"parallel":true,"dryRun":false}"#)
    );
    assert!(
        fake.sent()[1]
            .body
            .as_deref()
            .unwrap()
            .contains(r#""dryRun":true"#)
    );
}
