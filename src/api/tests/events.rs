//! Frames, addresses and subprotocols of the event socket.

use super::fake::Fake;
use crate::api::events::{Event, EventData, EventKind, Topic, UsageRow, protocols, url};
use crate::api::{Client, ClientConfig};
use crate::domain::ids::VmId;
use crate::domain::units::Instant;
use std::sync::Arc;

fn at(base: &str) -> Client {
    let config = ClientConfig {
        base: base.to_owned(),
        ..ClientConfig::default()
    };
    Client::new(Arc::new(Fake::new([])), config)
}

#[test]
fn addresses() {
    let page = "http://localhost:8080/vms?status=running";
    assert_eq!(
        url(&at(""), page, None, &[]),
        "ws://localhost:8080/api/v1/events"
    );
    assert_eq!(
        url(
            &at("/portal/moxxie"),
            "https://h/portal/moxxie/",
            Some(7),
            &[]
        ),
        "wss://h/portal/moxxie/api/v1/events?since=7"
    );
    assert_eq!(
        url(
            &at("https://m.example"),
            page,
            Some(0),
            &[Topic::Vm, Topic::Usage]
        ),
        "wss://m.example/api/v1/events?since=0&topics=vm%2Cusage"
    );
    assert_eq!(
        url(&at(""), "http://[::1]:80", None, &[]),
        "ws://[::1]:80/api/v1/events"
    );
}

#[test]
fn the_key_travels_as_a_subprotocol() {
    let client = at("");
    assert_eq!(protocols(&client), ["moxxie.v1"]);
    for (key, encoded) in [
        ("f", "Zg"),
        ("fo", "Zm8"),
        ("foo", "Zm9v"),
        ("\u{fb}\u{ff}~?", "w7vDv34_"),
        (">>>?", "Pj4-Pw"),
    ] {
        client.set_key(Some(key.to_owned()));
        assert_eq!(
            protocols(&client),
            ["moxxie.v1".to_owned(), format!("moxxie.key.{encoded}")]
        );
        assert!(!url(&client, "http://h", None, &[]).contains(encoded));
    }
}

#[test]
fn frames() {
    let hello = Event::parse(r#"{"seq":41,"type":"hello"}"#).unwrap();
    assert_eq!(
        (hello.seq, hello.topic, hello.kind, hello.data),
        (41, None, EventKind::Hello, EventData::None)
    );

    let usage = Event::parse(r#"{"seq":42,"topic":"usage","type":"updated","at":"2024-06-24T12:02:00Z","data":[[101,0.25,1024,1,2,3,4],[102,null,null,null,null,null,null,"new"],["x"],[],7,["103"]]}"#).unwrap();
    assert_eq!(usage.at, Some(Instant::from_secs(1_719_230_520)));
    let EventData::Usage(rows) = usage.data else {
        panic!("{usage:?}")
    };
    assert_eq!(
        rows[0],
        UsageRow {
            vmid: VmId(101),
            cpu: Some(0.25),
            mem: Some(1024),
            netin: Some(1),
            netout: Some(2),
            diskread: Some(3),
            diskwrite: Some(4)
        }
    );
    assert_eq!(
        rows.iter().map(|row| row.vmid.0).collect::<Vec<_>>(),
        [101, 102, 103]
    );

    let vm = Event::parse(r#"{"seq":43,"topic":"vm","type":"updated","id":101,"data":{"vmid":101,"status":"paused"}}"#).unwrap();
    assert_eq!(vm.id.as_deref(), Some("101"));
    assert!(matches!(&vm.data, EventData::Vm(vm) if vm.vmid == VmId(101)));

    let progress = Event::parse(r#"{"seq":44,"topic":"task","type":"progress","id":"u","data":{"fraction":"0.5","message":null}}"#).unwrap();
    assert_eq!(
        progress.data,
        EventData::Progress {
            fraction: Some(0.5),
            message: None
        }
    );

    let strange =
        Event::parse(r#"{"seq":45,"topic":"weather","type":"rained","data":{"mm":3}}"#).unwrap();
    assert_eq!(
        (strange.topic, strange.kind),
        (
            Some(Topic::Unknown("weather".into())),
            EventKind::Unknown("rained".into())
        )
    );
    assert!(matches!(strange.data, EventData::Other(_)));
    let broken = Event::parse(
        r#"{"seq":46,"topic":"vm","type":"updated","id":"101","data":{"name":"no number"}}"#,
    )
    .unwrap();
    assert!(matches!(broken.data, EventData::Other(_)));

    for bad in [
        "",
        "{}",
        "[]",
        "null",
        "hello",
        r#"{"type":"hello"}"#,
        r#"{"seq":-1,"type":"x"}"#,
    ] {
        assert_eq!(Event::parse(bad), None, "{bad}");
    }
}

#[test]
fn what_is_written_is_read() {
    for text in [
        r#"{"seq":41,"type":"hello"}"#,
        r#"{"seq":42,"topic":"usage","type":"updated","at":"2024-06-24T12:02:00Z","data":[[101,0.25,1024,1,2,3,null]]}"#,
        r#"{"seq":44,"topic":"task","type":"progress","id":"u","data":{"fraction":0.5,"message":"m"}}"#,
        r#"{"seq":45,"topic":"task","type":"log","id":"u","data":{"n":1,"t":"x"}}"#,
        r#"{"seq":46,"topic":"vm","type":"deleted","id":"101"}"#,
    ] {
        assert_eq!(Event::parse(text).unwrap().to_text(), text);
    }
}
