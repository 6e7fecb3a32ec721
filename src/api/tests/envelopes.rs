//! Bare or wrapped, under whatever name.

use super::fake::{Fake, answer, once};
use crate::api::events::{Event, EventData};
use crate::api::{Started, metrics, storage, tags, tasks, vms};
use crate::domain::ids::{Upid, VmId};
use crate::domain::units::Seconds;

#[test]
fn objects() {
    for body in [
        r#"{"vmid":101,"name":"web"}"#,
        r#"{"data":{"vmid":101,"name":"web"},"message":"Operation completed successfully"}"#,
        r#"{"message":null,"data":{"vmid":101,"name":"web"}}"#,
        r#"{"data":{"vmid":101,"name":"web"}}"#,
    ] {
        let vm = once(answer(200, body), async |client| {
            vms::get(client, VmId(101)).await.unwrap()
        });
        assert_eq!(vm.name, "web", "{body}");
    }
    // A resource with a field of that name keeps it.
    let vm = once(
        answer(
            200,
            r#"{"vmid":101,"name":"web","data":{"vmid":7,"name":"no"}}"#,
        ),
        async |client| vms::get(client, VmId(101)).await.unwrap(),
    );
    assert_eq!(vm.vmid, VmId(101));
    let config = once(
        answer(200, r#"{"cores":4,"data":"x","name":"data"}"#),
        async |client| vms::config(client, VmId(101)).await.unwrap(),
    );
    assert_eq!(config.text("data").as_deref(), Some("x"));
}

#[test]
fn resources_with_lists_of_their_own() {
    let body = r#"{"timeframe":"hour","points":[{"time":1719230400,"cpu":0.5},{"cpu":1},{"time":1719230460,"cpu":null}]}"#;
    for body in [
        body.to_owned(),
        format!(r#"{{"data":{body},"message":"ok"}}"#),
    ] {
        let series = once(answer(200, &body), async |client| {
            vms::metrics(client, VmId(101), metrics::Timeframe::Hour)
                .await
                .unwrap()
        });
        assert_eq!(series.points.len(), 2);
    }
    let event =
        Event::parse(r#"{"seq":1,"topic":"task","type":"log","id":"u","data":{"n":3,"t":"data"}}"#);
    assert_eq!(
        event.unwrap().data,
        EventData::Log {
            n: 3,
            t: "data".to_owned()
        }
    );
}

#[test]
fn lists() {
    let row = r#"{"vmid":101,"name":"\"data\""}"#;
    for (body, total) in [
        (format!("[{row}]"), None),
        (format!(r#"{{"data":[{row}]}}"#), None),
        (
            format!(
                r#"{{"data":[{row}],"pagination":{{"total":150,"page":1,"pageSize":20,"hasNext":true}},"filters":{{"applied":["status:running"]}}}}"#
            ),
            Some(150),
        ),
        (format!(r#"{{"pagination":null,"data":[{row}]}}"#), None),
        (format!(r#"{{"vms":[{row}],"total":3}}"#), Some(3)),
        (
            format!(r#"{{"data":{{"vms":[{row}],"total":4}},"message":"ok"}}"#),
            Some(4),
        ),
        (format!(r#"{{"data":[{row}],"surprise":1}}"#), None),
    ] {
        let rows = once(answer(200, &body), async |client| {
            vms::list_raw(client, &vms::VmQuery::default())
                .await
                .expect(&body)
        });
        assert_eq!(rows.total, total, "{body}");
        assert_eq!(
            rows.collect_all().unwrap().good[0].vmid,
            VmId(101),
            "{body}"
        );
    }
}

#[test]
fn named_lists_of_the_shipped_server() {
    let body = r#"{"tasks":[{"upid":"UPID:n:1:2:3:qmstart:101:root@pam:","status":"OK"}],"total":1,"filtered":1}"#;
    let rows = once(answer(200, body), async |client| {
        tasks::list(client, &tasks::TaskQuery::default())
            .await
            .unwrap()
    });
    let task = &rows.good[0];
    assert_eq!(
        (
            task.kind.as_str(),
            task.id.as_str(),
            task.node.as_str(),
            task.user.as_str()
        ),
        ("qmstart", "101", "n", "root@pam")
    );

    let body = r#"{"tags":["env-prod","client-acme",null],"count":2}"#;
    let rows = once(answer(200, body), async |client| {
        tags::list(client).await.unwrap()
    });
    assert_eq!(
        (rows.good[1].name.as_str(), rows.good[1].count, rows.bad),
        ("client-acme", None, 1)
    );

    let body = r#"[{"storage":"local","type":"dir","active":true,"shared":false,"contentTypes":["iso"],"nodes":["a"],"totalCapacity":100,"totalUsed":60,"totalAvailable":40}]"#;
    let rows = once(answer(200, body), async |client| {
        storage::list(client).await.unwrap()
    });
    assert!((rows.good[0].fill().unwrap().0 - 0.6).abs() < 1e-9);
    assert_eq!(rows.good[0].content, ["iso"]);
    assert!(rows.good[0].is_usable());
}

#[test]
fn started_by_any_name() {
    let upid = Some(Upid("UPID:n:1:2:3:qmstart:101:root@pam:".to_owned()));
    for (body, task, message) in [
        (
            r#"{"task":"UPID:n:1:2:3:qmstart:101:root@pam:","message":"Operation started","estimatedDuration":29.5}"#,
            &upid,
            "Operation started",
        ),
        (
            r#"{"taskId":"UPID:n:1:2:3:qmstart:101:root@pam:","message":"go"}"#,
            &upid,
            "go",
        ),
        (
            r#"{"taskUpid":"UPID:n:1:2:3:qmstart:101:root@pam:"}"#,
            &upid,
            "",
        ),
        (
            r#"{"task_id":"UPID:n:1:2:3:qmstart:101:root@pam:","filename":"x"}"#,
            &upid,
            "",
        ),
        (
            r#"{"data":{"task":"UPID:n:1:2:3:qmstart:101:root@pam:"},"message":"wrapped"}"#,
            &upid,
            "wrapped",
        ),
        (
            r#"{"data":"UPID:n:1:2:3:qmstart:101:root@pam:"}"#,
            &upid,
            "",
        ),
        (r#""UPID:n:1:2:3:qmstart:101:root@pam:""#, &upid, ""),
        ("UPID:n:1:2:3:qmstart:101:root@pam:\n", &upid, ""),
        (
            r#"{"task":"","message":"nothing to do"}"#,
            &None,
            "nothing to do",
        ),
        (
            r#"{"task":null,"message":"nothing to do"}"#,
            &None,
            "nothing to do",
        ),
        (
            r#"{"error":"VM start initiated","message":"VM 101 is starting","path":"/x"}"#,
            &None,
            "VM 101 is starting",
        ),
        ("", &None, ""),
        ("null", &None, ""),
        ("Started", &None, "Started"),
    ] {
        let started = Started::read(body).expect(body);
        assert_eq!(
            (&started.task, started.message.as_str()),
            (task, message),
            "{body}"
        );
    }
    let started = Started::read(r#"{"message":"m","estimatedDuration":29.5}"#).unwrap();
    assert_eq!(started.estimated, Some(Seconds(30)));
}

#[test]
fn nothing_to_change_is_not_sent() {
    let fake = Fake::new([]);
    let client = fake.client();
    let patch = vms::ConfigPatch::new().digest(Some("d".to_owned()));
    assert!(
        fake.run(vms::update_config(&client, VmId(1), &patch))
            .is_err()
    );
}
