//! Changes, the tray, and what is told of them.

use super::fake::{Bench, Fake, Reply, settle};
use leptos::prelude::*;
use moxxie_ui::api::tasks::TaskState;
use moxxie_ui::domain::ids::VmId;
use moxxie_ui::domain::vm_can::PowerAction;
use moxxie_ui::stores::actions::{Change, Failures};
use moxxie_ui::stores::notices::Tone;
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use wasm_bindgen_test::wasm_bindgen_test;

const UPID: &str = "UPID:n1:00000001:00000001:6955B900:qmstart:101:root@pam:";
const VM: VmId = VmId(101);

/// 0: no such task, 1: runs, 2: done, 3: failed.
type Stage = Arc<AtomicU8>;

fn serve(fake: &Fake, stage: &Stage, named: bool) {
    let stage = Arc::clone(stage);
    fake.answer(move |request| {
        let stage = stage.load(Ordering::Relaxed);
        if request.url.ends_with("/vms/101/start") {
            return Some(Reply::Json(match named {
                true => json!({"task": UPID, "message": "VM 101 start initiated"}),
                false => json!({"message": "accepted"}),
            }));
        }
        let task = json!({"upid": UPID, "node": "n1", "type": "qmstart", "id": "101",
            "user": "root@pam", "starttime": 1_767_225_601,
            "status": if stage == 1 { "running" } else { "stopped" },
            "exitstatus": match stage { 2 => json!("OK"), 3 => json!("no space"), _ => json!(null) }});
        request.url.contains("/tasks").then(|| match stage {
            0 if request.url.contains("UPID") => Reply::Status(404, json!({"message": "gone"}), vec![]),
            0 => Reply::Json(json!([])),
            _ if request.url.contains("UPID") => Reply::Json(task),
            _ => Reply::Json(json!([task])),
        })
    });
}

async fn bench(stage: &Stage, named: bool) -> Bench {
    let bench = Bench::with(|fake| serve(fake, stage, named)).await;
    bench.fake.advance(0.0).await;
    bench
}

#[wasm_bindgen_test]
async fn a_second_click_sends_nothing() {
    let stage = Stage::default();
    let bench = bench(&stage, true).await;
    bench.fake.latency(1000.0);
    let page = bench.page();
    let busy = page.with(|| bench.live.actions.is_busy(Change::Power(VM)));
    let first = bench
        .live
        .actions
        .power(VM, PowerAction::Start, false, Failures::Caller);
    let second = bench
        .live
        .actions
        .power(VM, PowerAction::Start, false, Failures::Caller);
    settle().await;
    assert!(busy.get());
    assert_eq!(second.await, None);
    bench.fake.advance(3.0).await;
    assert_eq!(first.await.unwrap().unwrap().task.unwrap().0, UPID);
    assert!(!busy.get());
    assert_eq!(bench.fake.count("POST /vms/101/start"), 1);
}

#[wasm_bindgen_test]
async fn a_task_is_followed_to_its_end_and_announced() {
    let stage = Stage::new(AtomicU8::new(1));
    let bench = bench(&stage, true).await;
    let page = bench.page();
    let live = bench.live.clone();
    let (vms, _tasks) = page.with(|| (live.vms.watch(), live.tasks.watch()));
    bench.fake.advance(1.0).await;
    let _ = live
        .actions
        .power(VM, PowerAction::Start, false, Failures::Toast)
        .await;
    settle().await;
    let mine = page.with(|| live.tray.mine());
    assert_eq!(mine.get()[0].title, "Start web");
    assert_eq!(mine.get()[0].state(), TaskState::Running);
    let expected = page.with(|| live.tray.of_vm(VM));
    assert!(expected.get().is_some());
    let notices = page.with(|| live.notices.list());
    assert_eq!(notices.get().last().unwrap().title, "Start web: started");
    bench.fake.take_log();
    bench.fake.advance(10.0).await;
    assert!(bench.fake.count("GET /vms") >= 3, "quick until it ends");

    stage.store(2, Ordering::Relaxed);
    bench.fake.advance(4.0).await;
    assert_eq!(mine.get()[0].state(), TaskState::Ok);
    assert!(expected.get().is_none());
    let news = notices.get();
    assert_eq!(news.len(), 1, "the end takes the place of the start");
    assert_eq!(
        (news[0].title.as_str(), news[0].tone),
        ("Start web: done", Tone::Good)
    );
    assert!(vms.status.get().error.is_none());
}

#[wasm_bindgen_test]
async fn the_tray_survives_a_reload() {
    let stage = Stage::new(AtomicU8::new(1));
    {
        let bench = bench(&stage, true).await;
        let _ = bench
            .live
            .actions
            .power(VM, PowerAction::Start, false, Failures::Toast)
            .await;
        settle().await;
    }
    stage.store(3, Ordering::Relaxed);
    let bench = Bench::reloaded(|fake| serve(fake, &stage, true)).await;
    let page = bench.page();
    let live = bench.live.clone();
    let mine = page.with(|| live.tray.mine());
    assert_eq!(mine.get().len(), 1);
    assert!(mine.get()[0].is_open());
    let _tasks = page.with(|| live.tasks.watch());
    bench.fake.advance(1.0).await;
    assert_eq!(
        mine.get()[0].state(),
        TaskState::Failed("no space".to_owned())
    );
    let news = page.with(|| live.notices.list()).get();
    assert_eq!(
        (news[0].tone, news[0].text.as_deref()),
        (Tone::Bad, Some("no space"))
    );
    live.tray.dismiss_ended();
    assert!(mine.get().is_empty());
}

#[wasm_bindgen_test]
async fn a_task_that_is_not_named_is_looked_up() {
    let stage = Stage::default();
    let bench = bench(&stage, false).await;
    let page = bench.page();
    let live = bench.live.clone();
    let _tasks = page.with(|| live.tasks.watch());
    bench.fake.advance(1.0).await;
    let _ = live
        .actions
        .power(VM, PowerAction::Start, false, Failures::Toast)
        .await;
    settle().await;
    let mine = page.with(|| live.tray.mine());
    assert_eq!(mine.get()[0].upid, None);
    stage.store(1, Ordering::Relaxed);
    bench.fake.advance(5.0).await;
    assert_eq!(mine.get()[0].upid.as_ref().unwrap().0, UPID);
    stage.store(2, Ordering::Relaxed);
    bench.fake.advance(5.0).await;
    assert_eq!(mine.get()[0].state(), TaskState::Ok);
}

#[wasm_bindgen_test]
async fn a_task_that_the_server_forgot_is_let_go() {
    let stage = Stage::default();
    let bench = bench(&stage, true).await;
    let page = bench.page();
    let live = bench.live.clone();
    let _tasks = page.with(|| live.tasks.watch());
    let _ = live
        .actions
        .power(VM, PowerAction::Start, false, Failures::Toast)
        .await;
    bench.fake.advance(5.0).await;
    let mine = page.with(|| live.tray.mine());
    assert_eq!(mine.get()[0].state(), TaskState::Ended);
}

#[wasm_bindgen_test]
async fn failures_are_told_once() {
    let bench = Bench::with(|fake| {
        fake.answer(|request| {
            request.url.contains("/stop").then(|| {
                Reply::Status(
                    409,
                    json!({"error": "CONFLICT", "message": "VM is not running"}),
                    vec![],
                )
            })
        });
    })
    .await;
    let page = bench.page();
    let live = bench.live.clone();
    let notices = page.with(|| live.notices.list());
    let told = live
        .actions
        .power(VM, PowerAction::Stop, false, Failures::Caller)
        .await;
    assert_eq!(told.unwrap().unwrap_err().message, "VM is not running");
    assert!(notices.get().is_empty(), "the dialog shows it");
    let _ = live
        .actions
        .power(VM, PowerAction::Stop, false, Failures::Toast)
        .await;
    settle().await;
    assert_eq!(notices.get()[0].text.as_deref(), Some("VM is not running"));
    assert!(notices.get()[0].error.is_some(), "with the report to copy");
}

#[wasm_bindgen_test]
async fn a_change_goes_on_when_its_page_is_left() {
    let stage = Stage::default();
    let bench = bench(&stage, true).await;
    bench.fake.latency(2000.0);
    let page = bench.page();
    page.with(|| {
        let live = bench.live.clone();
        moxxie_ui::stores::spawn::page(async move {
            let _ = live
                .actions
                .power(VM, PowerAction::Start, false, Failures::Caller)
                .await;
            panic!("the page is gone");
        });
    });
    settle().await;
    page.cleanup();
    bench.fake.advance(3.0).await;
    assert_eq!(bench.live.tray.mine().get_untracked().len(), 1);
}

#[wasm_bindgen_test]
async fn tags_show_at_once() {
    let bench = Bench::new().await;
    let page = bench.page();
    let vms = page.with(|| bench.live.vms.watch());
    bench.fake.advance(0.0).await;
    bench.fake.latency(500.0);
    let adding = bench
        .live
        .actions
        .add_tag(VM, "always-on".to_owned(), false, Failures::Toast);
    bench.fake.advance(0.6).await;
    let _ = adding.await;
    assert_eq!(
        vms.rows().peek(&VM).unwrap().tags,
        ["env-prod", "always-on"]
    );
    assert_eq!(bench.fake.count("POST /vms/101/tags"), 1);
}
