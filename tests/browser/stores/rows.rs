//! Merges: only what changed notifies, and no stretch of work is long.

use super::fake::{Bench, Reply, pause, settle, vm};
use leptos::prelude::*;
use moxxie_ui::domain::ids::VmId;
use moxxie_ui::domain::units::Rate;
use moxxie_ui::stores::Rows;
use serde_json::{Value, json};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
async fn only_rows_that_changed_notify() {
    let bench = Bench::new().await;
    let page = bench.page();
    let rows = Rows::<u32, String>::default();
    let heard = Rc::new(RefCell::new(Vec::<&str>::new()));
    rows.replace([(1, "a".to_owned()), (2, "b".to_owned())]);
    page.with(|| {
        for (key, name) in [(1, "row 1"), (2, "row 2"), (3, "row 3")] {
            let (row, heard) = (rows.row(&key), Rc::clone(&heard));
            Effect::new(move |_| {
                row.track();
                heard.borrow_mut().push(name);
            });
        }
        let (keys, log) = (rows.keys(), Rc::clone(&heard));
        Effect::new(move |_| {
            keys.track();
            log.borrow_mut().push("order");
        });
        let (all, log) = (rows.clone(), Rc::clone(&heard));
        Effect::new(move |_| {
            let _ = all.snapshot();
            log.borrow_mut().push("all");
        });
    });
    settle().await;
    let told = || {
        let mut told = heard.take();
        told.sort_unstable();
        told
    };
    assert_eq!(told(), ["all", "order", "row 1", "row 2", "row 3"]);

    rows.replace([(1, "a".to_owned()), (2, "B".to_owned())]);
    settle().await;
    assert_eq!(told(), ["all", "row 2"]);
    rows.replace([(1, "a".to_owned()), (2, "B".to_owned())]);
    settle().await;
    assert!(told().is_empty(), "the same list is no news");
    rows.put(3, "c".to_owned(), true);
    settle().await;
    assert_eq!(told(), ["all", "order", "row 3"]);
    rows.remove(&1);
    settle().await;
    assert_eq!(told(), ["all", "order", "row 1"]);
    assert_eq!(rows.row(&1).get_untracked(), None);
    assert!(
        Arc::ptr_eq(&rows.peek_all(), &rows.peek_all()),
        "one list for all readers"
    );
}

#[wasm_bindgen_test]
async fn the_roster_is_told_of_lasting_facts_only() {
    let list = Arc::new(Mutex::new(vec![vm(1, "one"), vm(2, "two")]));
    let served = Arc::clone(&list);
    let bench = Bench::with(move |fake| {
        fake.answer(move |request| {
            request
                .url
                .contains("/vms")
                .then(|| Reply::Json(Value::from(served.lock().unwrap().clone())))
        });
    })
    .await;
    let page = bench.page();
    let vms = page.with(|| bench.live.vms.watch());
    bench.fake.advance(0.0).await;
    let turns = Rc::new(Cell::new(0));
    page.with(|| {
        let (rows, turns) = (vms.rows(), Rc::clone(&turns));
        Effect::new(move |_| {
            let _ = rows.roster();
            turns.set(turns.get() + 1);
        });
    });
    settle().await;
    list.lock().unwrap()[0]["cpu"] = json!(0.9);
    let _ = vms.refresh().await;
    settle().await;
    assert_eq!(turns.get(), 1, "a figure");
    assert_eq!(vms.rows().peek(&VmId(1)).unwrap().cpu.unwrap().0, 0.9);
    list.lock().unwrap()[0]["status"] = json!("stopped");
    let _ = vms.refresh().await;
    settle().await;
    assert_eq!(turns.get(), 2, "a state");
}

#[wasm_bindgen_test]
async fn rates_and_history_come_from_successive_lists() {
    let polls = Arc::new(AtomicU64::new(0));
    let served = Arc::clone(&polls);
    let bench = Bench::with(move |fake| {
        fake.answer(move |request| {
            let poll = served.load(Ordering::Relaxed);
            request.url.contains("/vms").then(|| {
                let mut row = vm(1, "one");
                row["netin"] = json!(poll * 50_000);
                row["uptime"] = json!(100 + poll * 10);
                row["cpu"] = json!(0.25);
                Reply::Json(json!([row, {"vmid": 2, "status": "stopped"}]))
            })
        });
    })
    .await;
    let page = bench.page();
    let vms = page.with(|| bench.live.vms.watch());
    let usage = page.with(|| bench.live.vms.usage(VmId(1)));
    bench.fake.advance(0.0).await;
    assert_eq!(usage.get().net_in, None, "one sample is no rate");
    polls.fetch_add(1, Ordering::Relaxed);
    bench.fake.advance(10.5).await;
    let Rate(rate) = usage.get().net_in.unwrap();
    assert!((rate - 5000.0).abs() < 1.0, "{rate}");
    assert_eq!(
        usage.get().cpu.iter().collect::<Vec<_>>(),
        [Some(0.25), Some(0.25)]
    );
    // The server has no newer figures: the rate stands.
    let _ = vms.refresh().await;
    assert!((usage.get().net_in.unwrap().0 - 5000.0).abs() < 1.0);
    let stopped = bench.live.vms.peek_usage(VmId(2));
    assert!(stopped.cpu.is_blank() && stopped.net_in.is_none());
}

/// The longest time that the browser had to wait for its turn, in milliseconds.
struct Heartbeat {
    longest: Rc<Cell<f64>>,
    beats: Rc<Cell<u32>>,
    running: Rc<Cell<bool>>,
}

impl Heartbeat {
    fn start() -> Self {
        let (longest, running) = (Rc::new(Cell::new(0.0)), Rc::new(Cell::new(true)));
        let beats = Rc::new(Cell::new(0));
        let (worst, count, going) = (Rc::clone(&longest), Rc::clone(&beats), Rc::clone(&running));
        moxxie_ui::stores::spawn::action(async move {
            let clock = window().performance().unwrap();
            let mut last = clock.now();
            while going.get() {
                pause(0).await;
                let now = clock.now();
                worst.set(f64::max(worst.get(), now - last));
                count.set(count.get() + 1);
                last = now;
            }
        });
        Self {
            longest,
            beats,
            running,
        }
    }

    /// The longest stretch, and how many there were.
    fn take(&self) -> (f64, f64) {
        (self.longest.replace(0.0), self.beats.replace(0).into())
    }
}

impl Drop for Heartbeat {
    fn drop(&mut self) {
        self.running.set(false);
    }
}

#[wasm_bindgen_test]
async fn ten_thousand_rows_never_hold_the_browser_up() {
    let list: Vec<Value> = (0..10_000)
        .map(|id| vm(1000 + id, &format!("vm-{id}")))
        .collect();
    let first = Value::from(list.clone()).to_string();
    let second = {
        let mut list = list;
        for row in list.iter_mut().step_by(100) {
            row["cpu"] = json!(0.77);
        }
        Value::from(list).to_string()
    };
    let polls = AtomicU64::new(0);
    let bench = Bench::with(move |fake| {
        fake.answer(move |request| {
            request.url.contains("/vms").then(|| {
                let even = polls.fetch_add(1, Ordering::Relaxed).is_multiple_of(2);
                Reply::Text(if even { first.clone() } else { second.clone() })
            })
        });
    })
    .await;
    let beat = Heartbeat::start();
    let page = bench.page();
    let vms = page.with(|| bench.live.vms.watch());
    let heard = Rc::new(Cell::new(0));
    page.with(|| {
        for id in 0..50 {
            let (row, heard) = (vms.row(&VmId(1000 + id)), Rc::clone(&heard));
            Effect::new(move |_| {
                row.track();
                heard.set(heard.get() + 1);
            });
        }
    });
    let clock = window().performance().unwrap();
    let began = clock.now();
    let _ = vms.refresh().await;
    let load = clock.now() - began;
    let loading = beat.take();
    assert_eq!(vms.all().len(), 10_000);
    settle().await;
    heard.set(0);
    beat.take();
    let began = clock.now();
    let _ = vms.refresh().await;
    let took = clock.now() - began;
    let merging = beat.take();
    settle().await;
    assert_eq!(heard.get(), 1, "of fifty visible rows one changed");
    wasm_bindgen_test::console_log!(
        "10,000 rows: load {load:.0} ms, longest stretch {:.0}; poll {took:.0} ms, longest {:.0}",
        loading.0,
        merging.0
    );
    // Neither is this build optimised nor the machine idle, so the mean and not the longest: one
    // task would be all of it. The benchmark measures what ships.
    assert!(
        load / loading.1 < 50.0,
        "{load} ms in {} stretches",
        loading.1
    );
    assert!(
        took / merging.1 < 30.0,
        "{took} ms in {} stretches",
        merging.1
    );
}
