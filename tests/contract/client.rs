//! The console's own client on the simulator: every call decodes, whole and without a bad row.

use futures_util::future::LocalBoxFuture;
use moxxie_ui::api::transport::{Request, Response, Transport, TransportError};
use moxxie_ui::api::vms::{ConfigPatch, Timeframe, VmQuery};
use moxxie_ui::api::{
    Client, ClientConfig, Contract, ErrorKind, audit, backups, bulk, capabilities, cluster, events,
    nodes, snapshots, storage, tags, tasks, vms,
};
use moxxie_ui::domain::ids::VmId;
use moxxie_ui::domain::lenient::Rows;
use moxxie_ui::domain::status::VmStatus;
use moxxie_ui::domain::vm_can::PowerAction;
use moxxie_ui::sim::{Fault, Scenario, Settings, Sim};
use std::future::Future;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

/// The simulator as a network; its time passes while the client waits.
struct Wire(Arc<Mutex<Sim>>);

impl Transport for Wire {
    fn send(&self, request: Request) -> LocalBoxFuture<'static, Result<Response, TransportError>> {
        let asked = moxxie_ui::sim::Request {
            method: request.method.to_string(),
            target: request.url.clone(),
            headers: request.headers.clone(),
            body: request.body.clone().unwrap_or_default(),
        };
        let mut sim = self.0.lock().unwrap();
        let answer = sim.handle(&asked);
        if answer.mishap.breaks != moxxie_ui::sim::Breaks::Never {
            return Box::pin(async { Err(TransportError::Network("broken".into())) });
        }
        let mut headers: Vec<(String, String)> = answer
            .headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect();
        let now = chrono::DateTime::from_timestamp_millis(sim.now_millis()).unwrap();
        headers.push((
            "Date".into(),
            now.format("%a, %d %b %Y %H:%M:%S GMT").to_string(),
        ));
        let response = Response {
            status: answer.status,
            headers,
            body: answer.body.as_str().to_owned(),
        };
        Box::pin(async move { Ok(response) })
    }

    fn sleep(&self, duration: Duration) -> LocalBoxFuture<'static, ()> {
        let sim = Arc::clone(&self.0);
        let target =
            sim.lock().unwrap().now_millis() + i64::try_from(duration.as_millis()).unwrap();
        // Whoever waits for something else meanwhile gets it first, and the shorter wait ends first.
        let mut polls = 4 + duration.as_millis() / 100;
        Box::pin(std::future::poll_fn(move |_| {
            let mut sim = sim.lock().unwrap();
            let left = u64::try_from(target - sim.now_millis()).unwrap_or(0);
            if left == 0 {
                return Poll::Ready(());
            }
            polls -= 1;
            if polls > 0 {
                return Poll::Pending;
            }
            sim.advance(Duration::from_millis(left));
            Poll::Ready(())
        }))
    }

    fn now_millis(&self) -> f64 {
        #[allow(clippy::cast_precision_loss)]
        let now = self.0.lock().unwrap().now_millis() as f64;
        now
    }

    fn random(&self) -> f64 {
        0.5
    }
}

pub struct Room {
    pub sim: Arc<Mutex<Sim>>,
    pub client: Client,
}

pub fn room(settings: Settings) -> Room {
    let sim = Sim::new(1, Scenario::Guide).with_settings(settings);
    let sim = Arc::new(Mutex::new(sim));
    let wire = Arc::new(Wire(Arc::clone(&sim)));
    Room {
        client: Client::new(wire, ClientConfig::default()),
        sim,
    }
}

pub fn run<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..10_000 {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
    }
    panic!("never ready");
}

pub fn whole<T, E: std::fmt::Debug>(rows: Result<Rows<T>, E>) -> Vec<T> {
    let rows = rows.unwrap();
    assert_eq!(rows.bad, 0, "rows that cannot be read");
    rows.good
}

impl Room {
    pub fn wait(&self, secs: u64) {
        self.sim.lock().unwrap().advance(Duration::from_secs(secs));
    }
}

const VM: VmId = VmId(101);

#[test]
fn all_reads_decode() {
    let room = room(Settings::default());
    let client = &room.client;
    let known = run(capabilities::learn(client)).unwrap();
    assert_eq!(known.contract, Contract::Guide);
    for feature in [
        capabilities::Feature::Events,
        capabilities::Feature::Metrics,
        capabilities::Feature::NodeMetrics,
        capabilities::Feature::Agent,
        capabilities::Feature::Pending,
        capabilities::Feature::BulkPower,
        capabilities::Feature::BackupHealth,
        capabilities::Feature::Audit,
    ] {
        assert!(known.has(feature), "{feature:?}");
    }
    assert_eq!(run(cluster::status(client)).unwrap().nodes.len(), 3);
    assert!(whole(run(cluster::resources(client, None))).len() > 50);
    assert!(whole(run(tasks::list(client, &tasks::TaskQuery::default()))).len() > 10);
    assert_eq!(whole(run(vms::list(client, &VmQuery::default()))).len(), 44);
    let detail = run(vms::detail(client, VM)).unwrap();
    assert_eq!(detail.snapshots.map(|list| list.len()), Some(2));
    assert_eq!(detail.backups.map(|list| list.len()), Some(1));
    assert_eq!(detail.interfaces.len(), 2);
    run(vms::status(client, VM)).unwrap();
    for frame in [Timeframe::Hour, Timeframe::Year] {
        assert!(run(vms::metrics(client, VM, frame)).unwrap().points.len() >= 48);
        assert!(
            run(nodes::metrics(client, "proxmox-01", frame))
                .unwrap()
                .points
                .len()
                >= 48
        );
    }
    assert_eq!(whole(run(vms::agent_interfaces(client, VM))).len(), 3);
    assert!(whole(run(vms::pending(client, VM))).is_empty());
    assert_eq!(whole(run(snapshots::list(client, VM))).len(), 4);
    assert_eq!(whole(run(backups::of_vm(client, VM))).len(), 2);
    assert_eq!(run(backups::health(client)).unwrap().total, Some(42));
    assert!(whole(run(tags::list(client))).len() > 15);
    assert_eq!(whole(run(nodes::list(client))).len(), 3);
    run(nodes::get(client, "proxmox-03")).unwrap();
    run(nodes::status(client, "proxmox-03")).unwrap();
    assert_eq!(whole(run(storage::list(client))).len(), 4);
    assert_eq!(
        whole(run(audit::list(client, &audit::AuditQuery::default()))).len(),
        3
    );
}

#[test]
fn a_change_goes_all_the_way() {
    let room = room(Settings::default());
    let client = &room.client;
    let vm = VmId(102);
    let started = run(vms::power(client, vm, PowerAction::Start, false)).unwrap();
    let upid = started.task.unwrap();
    assert!(run(tasks::get(client, &upid)).unwrap().state().is_running());
    room.wait(5);
    assert_eq!(
        run(tasks::get(client, &upid)).unwrap().state().word(),
        "Done"
    );
    assert_eq!(
        run(tasks::log(client, &upid, 0, 50)).unwrap().lines.len(),
        1
    );
    assert_eq!(run(vms::get(client, vm)).unwrap().status, VmStatus::Running);
    run(vms::add_tag(client, vm, "maint-ok", false)).unwrap();
    run(vms::remove_tag(client, vm, "maint-ok", false)).unwrap();
    let config = run(vms::config(client, vm)).unwrap();
    let patch = ConfigPatch::new()
        .set("memory", 8192)
        .delete("balloon")
        .digest(config.digest());
    run(vms::update_config(client, vm, &patch)).unwrap();
    assert_eq!(whole(run(vms::pending(client, vm))).len(), 1);
    let stale = run(vms::update_config(client, vm, &patch)).unwrap_err();
    assert_eq!(stale.kind, ErrorKind::Conflict);
    let wrong = ConfigPatch::new().set("memory", 1000);
    let wrong = run(vms::update_config(client, vm, &wrong)).unwrap_err();
    assert_eq!(
        (wrong.kind, wrong.field("memory")),
        (ErrorKind::Validation, Some("Must be multiple of 1024"))
    );
    let request = bulk::BulkPowerRequest {
        vm_ids: vec![VmId(101), VmId(105)],
        ..Default::default()
    };
    let forecast = run(bulk::forecast(client, PowerAction::Stop, &request)).unwrap();
    assert_eq!(forecast.affected.len(), 2);
    assert_eq!(
        run(bulk::power(client, PowerAction::Stop, &request))
            .unwrap()
            .total,
        Some(2)
    );
    run(tasks::cancel(
        client,
        &run(vms::power(client, VmId(104), PowerAction::Shutdown, false))
            .unwrap()
            .task
            .unwrap(),
    ))
    .unwrap();
    run(vms::power(client, vm, PowerAction::Stop, false)).unwrap();
    room.wait(5);
    run(vms::delete(client, vm, false)).unwrap();
    room.wait(5);
    assert_eq!(
        run(vms::get(client, vm)).unwrap_err().kind,
        ErrorKind::NotFound
    );
}

#[test]
fn refusals_are_understood() {
    let room = room(Settings {
        safe_mode: "strict",
        ..Settings::default()
    });
    let client = &room.client;
    let power = |vm, action, force| run(vms::power(client, VmId(vm), action, force)).unwrap_err();
    assert_eq!(
        power(101, PowerAction::Stop, false).kind,
        ErrorKind::SafeMode
    );
    assert!(power(101, PowerAction::Stop, false).suggestion.is_some());
    assert_eq!(power(105, PowerAction::Stop, true).kind, ErrorKind::Locked);
    assert_eq!(
        power(101, PowerAction::Start, true).kind,
        ErrorKind::Conflict
    );
    assert_eq!(power(7, PowerAction::Start, true).kind, ErrorKind::NotFound);
    room.sim.lock().unwrap().settings().read_only = true;
    assert_eq!(
        power(101, PowerAction::Stop, true).kind,
        ErrorKind::ReadOnly
    );
    room.sim.lock().unwrap().settings().api_key = Some("secret".into());
    assert_eq!(
        run(vms::get(client, VM)).unwrap_err().kind,
        ErrorKind::Unauthorized
    );
    client.set_key(Some("secret".into()));
    run(vms::get(client, VM)).unwrap();
}

#[test]
fn faults_are_retried_or_told() {
    let room = room(Settings::default());
    let faults = |text: &str| {
        room.sim
            .lock()
            .unwrap()
            .set_faults(vec![Fault::parse(text).unwrap()]);
    };
    faults("GET /api/v1/vms/101 status=503 times=2");
    run(vms::get(&room.client, VM)).unwrap();
    for (text, kind) in [
        ("* kind=malformed", ErrorKind::Decode),
        ("* kind=truncated", ErrorKind::Decode),
        ("* kind=reset", ErrorKind::Network),
        ("* kind=rate retry-after=600", ErrorKind::RateLimited),
        ("* status=500", ErrorKind::Server),
        ("* status=503", ErrorKind::Unavailable),
    ] {
        faults(text);
        assert_eq!(
            run(vms::get(&room.client, VM)).unwrap_err().kind,
            kind,
            "{text}"
        );
    }
}

#[test]
fn events_are_read() {
    let room = room(Settings::default());
    run(vms::power(
        &room.client,
        VmId(102),
        PowerAction::Start,
        false,
    ))
    .unwrap();
    let mut sim = room.sim.lock().unwrap();
    sim.patch(
        "node",
        "proxmox-02",
        &serde_json::json!({"status": "offline"}),
    )
    .unwrap();
    sim.advance(Duration::from_secs(20));
    let mut frames: Vec<String> = sim
        .events(0)
        .events
        .iter()
        .map(|event| event.frame.clone())
        .collect();
    frames.extend(["hello", "ping", "gap"].map(|kind| sim.aside(kind)));
    for frame in frames {
        let event = events::Event::parse(&frame).expect(&frame);
        assert!(
            !matches!(event.data, events::EventData::Other(_)),
            "{frame}"
        );
        assert!(
            !matches!(event.kind, events::EventKind::Unknown(_)),
            "{frame}"
        );
    }
}

#[test]
fn the_shipped_server_is_told_apart() {
    let room = room(Settings {
        shipped: true,
        ..Settings::default()
    });
    let client = &room.client;
    let known = run(capabilities::learn(client)).unwrap();
    assert_eq!(known.contract, Contract::Server);
    assert!(!known.has(capabilities::Feature::Reset));
    assert!(known.has(capabilities::Feature::BackupHealth));
    assert_eq!(whole(run(vms::list(client, &VmQuery::default()))).len(), 44);
    assert!(!whole(run(tasks::list(client, &tasks::TaskQuery::default()))).is_empty());
    let started = run(vms::power(client, VmId(102), PowerAction::Start, false)).unwrap();
    assert!(
        started
            .task
            .is_some_and(|task| task.kind() == Some("qmstart"))
    );
    assert!(known.has(capabilities::Feature::Config));
    assert!(known.has(capabilities::Feature::BulkPower));
    let patch = ConfigPatch::new().set("description", "of the shipped server");
    let changed = run(vms::update_config(client, VM, &patch)).unwrap();
    assert!(
        changed
            .task
            .is_some_and(|task| task.kind() == Some("qmconfig"))
    );
    let request = bulk::BulkPowerRequest {
        vm_ids: vec![VM, VmId(104), VmId(103)],
        ..bulk::BulkPowerRequest::default()
    };
    let told = run(bulk::power(client, PowerAction::Shutdown, &request)).unwrap();
    assert_eq!(
        (told.total, told.successful, told.failed),
        (Some(3), Some(3), Some(0))
    );
    assert!(told.results[0].task.is_some(), "{:?}", told.results);
    run(vms::detail(client, VM)).unwrap();
    run(vms::status(client, VM)).unwrap();
    whole(run(tags::list(client)));
    whole(run(storage::list(client)));
    whole(run(nodes::list(client)));
}
