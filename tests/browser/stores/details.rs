//! One VM, one task, the whole cluster: what is loaded only while looked at.

use super::fake::{Bench, Reply, settle};
use leptos::prelude::*;
use moxxie_ui::api::vms::Timeframe;
use moxxie_ui::domain::ids::{Upid, VmId};
use moxxie_ui::domain::runtime_config::RuntimeConfig;
use moxxie_ui::stores::config;
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use wasm_bindgen_test::wasm_bindgen_test;

const VM: VmId = VmId(101);

async fn growing() -> Bench {
    let polls = AtomicU64::new(0);
    Bench::with(move |fake| {
        fake.answer(move |request| {
            let path = request.url.trim_start_matches("/api/v1");
            let line = |number| json!({"line_number": number, "message": format!("line {number}")});
            Some(Reply::Json(match path.split('?').next()? {
                "/vms/101/status" => {
                    let poll = polls.fetch_add(1, Ordering::Relaxed);
                    json!({"vmid": 101, "status": "running", "cpuUsage": 25.0, "memoryUsage": 2048,
                        "networkIn": poll * 6000, "uptime": 100 + poll * 3})
                }
                "/vms/101/detail" => json!({"vm": {"vmid": 101, "name": "web"}, "config": {"cores": 4}}),
                "/vms/101/metrics" => json!({"timeframe": "day", "points": []}),
                "/tasks/UPID%3An1%3A1/log" if path.contains("start=0") => {
                    json!({"lines": (0..500).map(line).collect::<Vec<_>>(), "complete": false})
                }
                "/tasks/UPID%3An1%3A1/log" if path.contains("start=500") => {
                    json!({"lines": [line(500), line(501)], "complete": true})
                }
                "/cluster/resources" => json!([
                    {"id": "node/a", "type": "node", "cpu": 0.5, "maxcpu": 10, "mem": 100, "maxmem": 1000},
                    {"id": "node/b", "type": "node", "cpu": 0.0, "maxcpu": 30, "mem": 900, "maxmem": 1000},
                    {"id": "node/c", "type": "node"}]),
                _ => return None,
            }))
        });
    })
    .await
}

#[wasm_bindgen_test]
async fn live_charts_grow_while_the_vm_is_looked_at() {
    let bench = growing().await;
    let page = bench.page();
    let store = bench.live.vm(VM);
    assert!(
        Arc::ptr_eq(&store, &bench.live.vm(VM)),
        "one for all panels"
    );
    let (_status, detail) = page.with(|| (store.status.watch(), store.detail.watch()));
    bench.fake.advance(9.5).await;
    assert_eq!(detail.get().unwrap().vm.name, "web");
    let charts = store.charts.get_untracked();
    assert_eq!(charts.cpu.len(), 4, "every three seconds");
    assert_eq!(charts.cpu.latest(), Some(0.25));
    assert!((charts.net_in.latest().unwrap() - 2000.0).abs() < 1.0);
    assert_eq!(charts.net_in.points()[0].1, None, "one sample is no rate");

    page.cleanup();
    drop(store);
    bench.fake.take_log();
    bench.fake.advance(30.0).await;
    assert!(bench.fake.take_log().is_empty(), "nobody looks");
    // Coming back within a few VMs shows what was known.
    assert_eq!(bench.live.vm(VM).charts.get_untracked().cpu.len(), 4);
}

#[wasm_bindgen_test]
async fn tabs_pay_for_what_they_show() {
    let bench = growing().await;
    let page = bench.page();
    let store = bench.live.vm(VM);
    bench.fake.take_log();
    let _detail = page.with(|| store.detail.watch());
    settle().await;
    let sent = bench.fake.take_log();
    assert_eq!(sent.len(), 1, "{sent:?}");
    let day = page.with(|| store.metrics(Timeframe::Day).watch());
    let again = page.with(|| store.metrics(Timeframe::Day).watch());
    settle().await;
    assert!(day.get().is_some() && again.get().is_some());
    assert_eq!(bench.fake.take_log().len(), 1);
}

#[wasm_bindgen_test]
async fn a_log_is_read_page_by_page_to_its_end() {
    let bench = growing().await;
    let page = bench.page();
    let task = bench.live.task(&Upid("UPID:n1:1".to_owned()));
    let log = page.with(|| task.log.watch());
    bench.fake.advance(20.0).await;
    let text = log.get().unwrap();
    assert_eq!((text.len(), text.complete), (502, true));
    assert_eq!(text.line(501), Some("line 501"));
    assert_eq!(
        bench.fake.count("/log"),
        2,
        "a log that is complete is not read again"
    );
}

#[wasm_bindgen_test]
async fn the_cluster_is_weighted_by_its_nodes() {
    let bench = growing().await;
    let page = bench.page();
    let _usage = page.with(|| bench.live.node_usage.watch());
    bench.fake.advance(1.0).await;
    let charts = bench.live.cluster_charts.get_untracked();
    assert_eq!(charts.cpu.latest(), Some(0.125), "5 of 40 cores");
    assert_eq!(charts.mem.latest(), Some(0.5));
}

#[wasm_bindgen_test]
async fn without_config_json_defaults_hold() {
    assert_eq!(config::fetch().await, Ok(RuntimeConfig::default()));
    assert_eq!(config::base_path(), "");
}
