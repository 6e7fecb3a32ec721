//! The event socket, and polling in its place.

use super::fake::{Bench, Reply, settle, vm};
use leptos::prelude::*;
use moxxie_ui::domain::ids::VmId;
use moxxie_ui::stores::Frame;
use moxxie_ui::stores::socket::Stream;
use serde_json::json;
use wasm_bindgen_test::wasm_bindgen_test;

async fn with_events() -> Bench {
    let bench = Bench::with(|fake| {
        fake.answer(|request| {
            request
                .url
                .contains("/info")
                .then(|| Reply::Json(json!({"contract": "guide", "features": ["events"]})))
        });
    })
    .await;
    bench.fake.advance(0.0).await;
    bench
}

async fn hello(bench: &Bench, seq: u64) {
    bench.lines.say(Frame::Open).await;
    bench
        .lines
        .event(json!({"seq": seq, "type": "hello"}))
        .await;
}

#[wasm_bindgen_test]
async fn without_the_feature_polls_alone() {
    let bench = Bench::new().await;
    bench.fake.advance(60.0).await;
    assert_eq!(bench.lines.opened(), 0);
    let Stream::Polling { reason } = bench.live.stream().get_untracked() else {
        panic!("{:?}", bench.live.stream().get_untracked())
    };
    assert!(reason.contains("does not offer live updates"), "{reason}");
}

#[wasm_bindgen_test]
async fn events_change_rows_and_polls_rest() {
    let bench = with_events().await;
    bench.live.client.set_key(Some("secret".to_owned()));
    let page = bench.page();
    let vms = page.with(|| bench.live.vms.watch());
    bench.fake.advance(1.0).await;
    assert!(
        bench.lines.url().ends_with("/api/v1/events"),
        "{}",
        bench.lines.url()
    );
    assert!(!bench.lines.url().contains("secret"));
    hello(&bench, 40).await;
    assert_eq!(bench.live.stream().get_untracked(), Stream::Live);
    // Once more in its own time, since what was loaded may be older than the line; then rarely.
    bench.fake.advance(15.0).await;
    bench.fake.take_log();
    for _ in 0..4 {
        bench.fake.advance(14.0).await;
        bench.lines.event(json!({"seq": 40, "type": "ping"})).await;
    }
    assert!(
        bench.fake.count("/vms") <= 1,
        "{}",
        bench.fake.count("/vms")
    );

    let mut row = vm(101, "web");
    row["status"] = json!("stopped");
    bench
        .lines
        .event(json!({"seq": 41, "topic": "vm", "type": "updated", "id": "101", "data": row}))
        .await;
    assert_eq!(
        vms.rows().peek(&VmId(101)).unwrap().status.as_str(),
        "stopped"
    );
    bench
        .lines
        .event(
            json!({"seq": 42, "topic": "vm", "type": "created", "id": "9", "data": vm(9, "new")}),
        )
        .await;
    bench
        .lines
        .event(json!({"seq": 43, "topic": "vm", "type": "deleted", "id": "102"}))
        .await;
    let names: Vec<u32> = vms.all().iter().map(|vm| vm.vmid.0).collect();
    assert_eq!(names, [101, 9]);
    bench
        .lines
        .event(
            json!({"seq": 44, "topic": "usage", "type": "updated", "id": "vms",
        "data": [[9, 0.5, 777, 10, 20, 30, 40], ["junk"], [4040, 1, 1, 1, 1, 1, 1]]}),
        )
        .await;
    bench.fake.advance(2.5).await;
    let nine = vms.rows().peek(&VmId(9)).unwrap();
    assert_eq!((nine.cpu.unwrap().0, nine.mem.unwrap().0), (0.5, 777));
}

#[wasm_bindgen_test]
async fn a_gap_loads_everything_anew() {
    let bench = with_events().await;
    let page = bench.page();
    let _vms = page.with(|| bench.live.vms.watch());
    hello(&bench, 40).await;
    bench.fake.advance(15.0).await;
    bench.fake.take_log();
    bench.lines.event(json!({"seq": 90, "type": "gap"})).await;
    assert_eq!(bench.fake.count("/vms"), 1);
    bench.fake.take_log();
    bench
        .lines
        .event(json!({"seq": 99, "topic": "vm", "type": "deleted", "id": "102"}))
        .await;
    assert_eq!(bench.fake.count("/vms"), 1, "eight are missing");
}

#[wasm_bindgen_test]
async fn a_broken_line_falls_back_to_polling_and_resumes() {
    let bench = with_events().await;
    let page = bench.page();
    let _vms = page.with(|| bench.live.vms.watch());
    hello(&bench, 40).await;
    bench.fake.advance(15.0).await;
    bench.fake.take_log();
    bench
        .lines
        .say(Frame::Closed {
            code: 1006,
            reason: String::new(),
        })
        .await;
    let Stream::Reconnecting { reason, next_try } = bench.live.stream().get_untracked() else {
        panic!("{:?}", bench.live.stream().get_untracked())
    };
    assert_eq!(reason, "the line broke");
    assert!(next_try > bench.live.clock.now());
    assert_eq!(bench.lines.open(), 0);
    // Refused again and again: polls at their usual pace meanwhile.
    let mut opened = 0;
    for _ in 0..40 {
        bench.fake.advance(1.0).await;
        if bench.lines.open() == 1 {
            opened += 1;
            bench
                .lines
                .say(Frame::Closed {
                    code: 1006,
                    reason: String::new(),
                })
                .await;
        }
    }
    assert!((4..=7).contains(&opened), "{opened} tries in 40 s");
    assert!(
        bench.fake.count("/vms") >= 3,
        "{}",
        bench.fake.count("/vms")
    );

    bench.fake.advance(30.0).await;
    assert_eq!(bench.lines.open(), 1);
    assert!(
        bench.lines.url().ends_with("?since=40"),
        "{}",
        bench.lines.url()
    );
    hello(&bench, 41).await;
    assert_eq!(bench.live.stream().get_untracked(), Stream::Live);
    bench
        .lines
        .event(json!({"seq": 41, "topic": "vm", "type": "deleted", "id": "102"}))
        .await;
    assert!(bench.live.vms.rows().peek(&VmId(102)).is_none());
}

#[wasm_bindgen_test]
async fn silence_is_a_broken_line() {
    let bench = with_events().await;
    hello(&bench, 1).await;
    bench.fake.advance(34.0).await;
    bench.lines.event(json!({"seq": 1, "type": "ping"})).await;
    bench.fake.advance(34.0).await;
    assert_eq!((bench.lines.opened(), bench.lines.open()), (1, 1));
    bench.fake.advance(1.5).await;
    assert_eq!(bench.lines.open(), 0);
    bench.fake.advance(3.0).await;
    assert_eq!((bench.lines.opened(), bench.lines.open()), (2, 1));
}

#[wasm_bindgen_test]
async fn leaving_the_app_closes_the_line() {
    let bench = with_events().await;
    let lines = bench.lines.clone();
    assert_eq!(lines.open(), 1);
    drop(bench);
    settle().await;
    assert_eq!(lines.open(), 0);
}

#[wasm_bindgen_test]
async fn the_key_travels_as_a_subprotocol() {
    let bench = Bench::with(|fake| {
        fake.answer(|request| {
            request
                .url
                .contains("/info")
                .then(|| Reply::Json(json!({"contract": "guide", "features": ["events"]})))
        });
        window()
            .session_storage()
            .unwrap()
            .unwrap()
            .set_item("moxxie.key@", "secret")
            .unwrap();
    })
    .await;
    assert_eq!(
        bench.lines.protocols(),
        ["moxxie.v1", "moxxie.key.c2VjcmV0"]
    );
}

#[wasm_bindgen_test]
async fn what_events_tell_of_is_as_old_as_the_last_word() {
    let bench = with_events().await;
    let page = bench.page();
    let live = bench.live.clone();
    let vms = page.with(|| live.vms.watch());
    let tags = page.with(|| live.tags.watch());
    hello(&bench, 1).await;
    bench.fake.advance(12.0).await;
    let (before, tagged) = (vms.status.get().updated, tags.status.get().updated);
    bench.fake.advance(15.0).await;
    bench.lines.event(json!({"seq": 1, "type": "ping"})).await;
    assert!(vms.status.get().updated.unwrap().millis - before.unwrap().millis > 10_000);
    assert_eq!(
        tags.status.get().updated,
        tagged,
        "of tags they tell nothing"
    );
}

#[wasm_bindgen_test]
async fn figures_reach_the_vm_that_is_looked_at_at_once() {
    let bench = Bench::with(|fake| {
        fake.answer(|request| {
            let answer = match request.url.trim_start_matches("/api/v1") {
                "/info" => json!({"contract": "guide", "features": ["events"]}),
                "/vms/101/status" => {
                    json!({"vmid": 101, "status": "running", "cpuUsage": 10, "memoryUsage": 100, "maxMemory": 1000})
                }
                _ => return None,
            };
            Some(Reply::Json(answer))
        });
    })
    .await;
    bench.fake.advance(0.0).await;
    let page = bench.page();
    let store = bench.live.vm(VmId(101));
    let status = page.with(|| store.status.watch());
    hello(&bench, 1).await;
    bench.fake.advance(5.0).await;
    bench.fake.take_log();
    bench
        .lines
        .event(
            json!({"seq": 2, "topic": "usage", "type": "updated", "id": "vms",
        "data": [[101, 0.75, 500, 1, 1, 1, 1]]}),
        )
        .await;
    let live = status.get().unwrap();
    assert_eq!(
        (live.cpu.unwrap().0, live.mem_share.unwrap().0),
        (0.75, 0.5)
    );
    assert_eq!(store.charts.get_untracked().cpu.latest(), Some(0.75));
    assert!(bench.fake.take_log().is_empty());
}
