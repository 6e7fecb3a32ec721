//! Shared, counted, paced, paused, backed off.

use super::fake::{Bench, Reply, settle, vm};
use leptos::prelude::*;
use moxxie_ui::stores::connection::Link;
use moxxie_ui::stores::load::Face;
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
async fn one_request_however_many_readers() {
    let bench = Bench::new().await;
    let (one, two) = (bench.page(), bench.page());
    let first = one.with(|| bench.live.vms.watch());
    let second = two.with(|| bench.live.vms.watch());
    bench.fake.advance(0.0).await;
    assert_eq!(bench.fake.count("/vms"), 1);
    assert_eq!(first.all().len(), 2);
    assert_eq!(second.face().get(), Face::Loaded { stale: false });

    one.cleanup();
    bench.fake.advance(25.0).await;
    assert_eq!(
        bench.fake.count("/vms"),
        3,
        "every ten seconds for the reader that is left"
    );
    two.cleanup();
    bench.fake.advance(60.0).await;
    assert_eq!(bench.fake.count("/vms"), 3, "the last one stopped it");
}

#[wasm_bindgen_test]
async fn leaving_ends_the_request() {
    let bench = Bench::new().await;
    bench.fake.latency(5000.0);
    let page = bench.page();
    let _vms = page.with(|| bench.live.vms.watch());
    settle().await;
    assert_eq!(bench.fake.under_way(), 1);
    page.cleanup();
    settle().await;
    assert_eq!(bench.fake.under_way(), 0);

    // Coming back at once asks anew.
    let page = bench.page();
    let vms = page.with(|| bench.live.vms.watch());
    bench.fake.advance(6.0).await;
    assert_eq!(vms.all().len(), 2);
    assert!(
        vms.status.get().error.is_none(),
        "being aborted is no failure"
    );
}

#[wasm_bindgen_test]
async fn an_idle_list_costs_less_than_a_request_a_second() {
    let bench = Bench::new().await;
    let live = bench.live.clone();
    let page = bench.page();
    // What the shell and the list read.
    let _all = page.with(|| {
        (
            live.vms.watch(),
            live.tasks.watch(),
            live.cluster.watch(),
            live.tags.watch(),
        )
    });
    bench.fake.advance(10.0).await;
    bench.fake.take_log();
    bench.fake.advance(120.0).await;
    let sent = bench.fake.take_log();
    assert!(
        sent.len() <= 120 / 3,
        "{} requests in two minutes",
        sent.len()
    );
    assert!(sent.iter().any(|(_, call)| call.contains("/vms")));
}

#[wasm_bindgen_test]
async fn hidden_pages_ask_nothing_and_catch_up() {
    let bench = Bench::new().await;
    let page = bench.page();
    let live = bench.live.clone();
    let clock = page
        .with(|| (live.vms.watch(), live.cluster.watch(), live.clock.watch()))
        .2;
    bench.fake.advance(1.0).await;
    bench.fake.take_log();
    bench.live.set_hidden(true);
    let seen = clock.get_untracked();
    bench.fake.advance(300.0).await;
    assert!(bench.fake.take_log().is_empty());
    assert_eq!(clock.get_untracked(), seen, "nobody sees the clock tick");
    bench.live.set_hidden(false);
    settle().await;
    assert_eq!(bench.fake.count("/vms"), 1);
    assert_eq!(bench.fake.count("/cluster/status"), 1);
    assert!(clock.get_untracked() > seen);
}

#[wasm_bindgen_test]
async fn one_clock_ticks_each_second_while_read() {
    let bench = Bench::new().await;
    let (one, two) = (bench.page(), bench.page());
    let first = one.with(|| bench.live.clock.watch());
    let second = two.with(|| bench.live.clock.watch());
    let start = first.get_untracked();
    bench.fake.advance(3.0).await;
    assert_eq!(first.get_untracked().millis - start.millis, 3000);
    assert_eq!(first.get_untracked(), second.get_untracked());
    one.cleanup();
    two.cleanup();
}

#[wasm_bindgen_test]
async fn failures_back_off_keep_the_value_and_say_when() {
    let bench = Bench::new().await;
    let page = bench.page();
    let live = bench.live.clone();
    let tags = page.with(|| live.storages.watch());
    bench.fake.advance(0.0).await;
    assert!(tags.get().is_some());
    bench.fake.answer(|request| {
        request
            .url
            .contains("/storage")
            .then(|| Reply::Status(500, json!({"message": "no"}), vec![]))
    });
    let _ = tags.refresh().await;
    let status = tags.status.get();
    assert_eq!(status.failures, 1);
    assert!(status.is_stale());
    assert_eq!(tags.face().get(), Face::Loaded { stale: true });
    let wait = status.next_try.unwrap().millis - bench.live.clock.now().millis;
    assert_eq!(wait, 1500, "three quarters of two seconds");

    bench.fake.take_log();
    bench.fake.advance(40.0).await;
    let gaps: Vec<f64> = bench
        .fake
        .take_log()
        .windows(2)
        .map(|pair| pair[1].0 - pair[0].0)
        .collect();
    assert!(
        gaps.windows(2).all(|pair| pair[1] > pair[0] * 1.5),
        "{gaps:?}"
    );

    bench.fake.answer(|_| None);
    bench.fake.advance(60.0).await;
    let status = tags.status.get();
    assert_eq!(
        (status.failures, status.error, status.next_try),
        (0, None, None)
    );
}

#[wasm_bindgen_test]
async fn retry_after_is_waited_for() {
    let bench = Bench::with(|fake| {
        fake.answer(|request| {
            request.url.contains("/tags").then(|| {
                Reply::Status(
                    429,
                    json!({"message": "slow down"}),
                    vec![("Retry-After", "90")],
                )
            })
        });
    })
    .await;
    let page = bench.page();
    let tags = page.with(|| bench.live.tags.watch());
    bench.fake.advance(80.0).await;
    assert_eq!(bench.fake.count("/tags"), 1);
    assert!(matches!(tags.face().get(), Face::Failed(_)));
    bench.fake.advance(20.0).await;
    assert_eq!(bench.fake.count("/tags"), 2);
}

#[wasm_bindgen_test]
async fn quick_while_a_task_runs() {
    let running = Arc::new(AtomicBool::new(true));
    let state = Arc::clone(&running);
    let bench = Bench::with(move |fake| {
        fake.answer(move |request| {
            let status = if state.load(Ordering::Relaxed) {
                "running"
            } else {
                "OK"
            };
            request.url.contains("/tasks").then(|| {
                Reply::Json(
                    json!([{"upid": "UPID:n1:1:1:1:qmstart:101:root@pam:", "type": "qmstart",
                    "id": "101", "status": status, "starttime": 1_767_225_590}]),
                )
            })
        });
    })
    .await;
    let page = bench.page();
    let _all = page.with(|| (bench.live.vms.watch(), bench.live.tasks.watch()));
    bench.fake.advance(1.0).await;
    bench.fake.take_log();
    bench.fake.advance(25.0).await;
    assert!(
        (9..=11).contains(&bench.fake.count("/vms")),
        "{}",
        bench.fake.count("/vms")
    );
    running.store(false, Ordering::Relaxed);
    bench.fake.advance(5.0).await;
    bench.fake.take_log();
    bench.fake.advance(30.0).await;
    assert!(
        (2..=4).contains(&bench.fake.count("/vms")),
        "{}",
        bench.fake.count("/vms")
    );
}

#[wasm_bindgen_test]
async fn a_lost_connection_is_told_and_recovers_alone() {
    let bench = Bench::new().await;
    let page = bench.page();
    let live = bench.live.clone();
    let (vms, tags) = page.with(|| (live.vms.watch(), live.tags.watch()));
    bench.fake.advance(1.0).await;
    bench.fake.answer(|_| Some(Reply::Lost));
    bench.fake.advance(40.0).await;
    let link = page.with(|| live.connection.link());
    assert!(matches!(link.get(), Link::Lost { .. }), "{:?}", link.get());
    assert_eq!(vms.all().len(), 2, "what was known stays");
    assert!(vms.status.get().is_stale());
    let next = page.with(|| live.connection.next_try()).get().unwrap();
    assert!(next > live.clock.now());

    bench.fake.answer(|_| None);
    bench.fake.advance(61.0).await;
    assert_eq!(link.get(), Link::Up);
    assert!(vms.status.get().error.is_none());
    assert!(
        tags.status.get().error.is_none(),
        "the first answer had the others repeated"
    );
}

#[wasm_bindgen_test]
async fn one_resource_that_fails_alone_is_no_lost_connection() {
    let bench = Bench::with(|fake| {
        fake.answer(|request| request.url.contains("/tags").then_some(Reply::Lost));
    })
    .await;
    let page = bench.page();
    let live = bench.live.clone();
    let _both = page.with(|| (live.vms.watch(), live.tags.watch()));
    let link = page.with(|| live.connection.link());
    for _ in 0..20 {
        bench.fake.advance(1.0).await;
        assert_eq!(link.get(), Link::Up);
    }
}

#[wasm_bindgen_test]
async fn without_a_key_polls_pause_and_reads_alone_are_repeated() {
    let bench = Bench::with(|fake| {
        fake.answer(|request| {
            (request.header("X-API-Key") != Some("good")).then(|| {
                Reply::Status(
                    401,
                    json!({"error": "UNAUTHORIZED", "message": "key please"}),
                    vec![],
                )
            })
        });
    })
    .await;
    let page = bench.page();
    let live = bench.live.clone();
    let vms = page.with(|| live.vms.watch());
    bench.fake.advance(1.0).await;
    let wanted = page.with(|| live.session.wanted());
    assert_eq!(wanted.get().unwrap().message, "key please");
    bench.fake.take_log();
    bench.fake.advance(120.0).await;
    assert!(
        bench.fake.take_log().is_empty(),
        "no knocking at a closed door"
    );

    assert!(live.sign_in("wrong", false).await.is_err());
    assert!(wanted.get().is_some());
    assert!(live.sign_in("good", false).await.is_ok());
    bench.fake.advance(0.0).await;
    assert!(wanted.get().is_none());
    assert_eq!(vms.all().len(), 2);
    assert!(
        bench
            .fake
            .take_log()
            .iter()
            .all(|(_, call)| call.starts_with("GET"))
    );

    // Kept for the tab, not on the device.
    let window = window();
    let (tab, device) = (
        window.session_storage().unwrap().unwrap(),
        window.local_storage().unwrap().unwrap(),
    );
    assert_eq!(
        tab.get_item("moxxie.key@").unwrap().as_deref(),
        Some("good")
    );
    assert_eq!(device.get_item("moxxie.key@").unwrap(), None);
    live.sign_out();
    assert_eq!(tab.get_item("moxxie.key@").unwrap(), None);
    assert_eq!(
        vms.all().len(),
        0,
        "nothing of the session stays on the page"
    );
}

#[wasm_bindgen_test]
async fn a_refresh_joins_the_request_under_way() {
    let bench = Bench::new().await;
    bench.fake.latency(1000.0);
    let page = bench.page();
    let vms = page.with(|| bench.live.vms.watch());
    settle().await;
    let (one, two) = (vms.refresh(), vms.refresh());
    bench.fake.advance(2.0).await;
    assert!(one.await.is_ok() && two.await.is_ok());
    assert_eq!(bench.fake.count("/vms"), 1);
    assert!(vms.status.get().updated.is_some());
    let _ = vm(1, "");
}
