//! Faults on purpose.

use moxxie_ui::sim::{Breaks, Fault, Request, Response, Scenario, Sim};
use serde_json::Value;

fn sim(faults: &[&str]) -> Sim {
    let mut sim = Sim::new(1, Scenario::Guide);
    sim.set_faults(
        faults
            .iter()
            .map(|text| Fault::parse(text).unwrap())
            .collect(),
    );
    sim
}

fn get(sim: &mut Sim, path: &str) -> Response {
    sim.handle(&Request::new("GET", path))
}

#[test]
fn a_status_for_a_number_of_times() {
    let mut sim = sim(&["GET /api/v1/vms status=503 times=2 retry-after=7"]);
    for _ in 0..2 {
        let answer = get(&mut sim, "/api/v1/vms?limit=1");
        assert_eq!(answer.status, 503);
        assert_eq!(answer.header("Retry-After"), Some("7"));
        assert_eq!(answer.value()["status"], 503);
    }
    assert_eq!(get(&mut sim, "/api/v1/vms").status, 200);
    assert_eq!(get(&mut sim, "/api/v1/vms/101").status, 200);
}

#[test]
fn bodies_break_in_many_ways() {
    let mut whole = sim(&[]);
    let good = get(&mut whole, "/api/v1/vms").body.as_str().len();
    let bad = |kind: &str| {
        get(
            &mut sim(&[&format!("/api/v1/* kind={kind}")]),
            "/api/v1/vms",
        )
    };
    assert_eq!(bad("malformed").value(), Value::Null);
    assert_eq!(bad("malformed").status, 200);
    assert_eq!(bad("truncated").body.as_str().len(), good / 2);
    assert_eq!(bad("empty").body.as_str(), "");
    let html = bad("html");
    assert_eq!(
        (html.status, html.header("Content-Type")),
        (502, Some("text/html"))
    );
    assert_eq!(bad("reset").mishap.breaks, Breaks::Before);
    assert_eq!(bad("cut").mishap.breaks, Breaks::Midway);
    assert_eq!(bad("cut").body.as_str().len(), good);
    let rate = bad("rate");
    assert_eq!((rate.status, rate.header("Retry-After")), (429, Some("1")));
}

#[test]
fn own_bodies_delays_and_methods() {
    let mut sim = sim(&[
        r#"{"path": "/api/v1/vms/101/start", "method": "POST", "status": 500, "body": {"error": "boom", "message": "no"}}"#,
        "GET /api/v1/nodes delay=250",
    ]);
    let answer = sim.handle(&Request::new("POST", "/api/v1/vms/101/start"));
    assert_eq!(
        (answer.status, answer.value()["error"].as_str()),
        (500, Some("boom"))
    );
    let slow = get(&mut sim, "/api/v1/nodes");
    assert_eq!((slow.status, slow.mishap.delay_ms), (200, 250));
}

#[test]
fn a_refused_change_is_not_made_a_lost_answer_is() {
    let start = || Request::new("POST", "/api/v1/vms/102/start");
    let running = |sim: &mut Sim| {
        get(sim, "/api/v1/tasks?vmid=102&statusfilter=running")
            .value()
            .as_array()
            .unwrap()
            .len()
    };
    let mut refused = sim(&["POST * status=500"]);
    refused.handle(&start());
    assert_eq!(running(&mut refused), 0);
    let mut lost = sim(&["POST * kind=reset after"]);
    lost.handle(&start());
    assert_eq!(running(&mut lost), 1);
}

#[test]
fn chance_and_rate() {
    let mut half = sim(&["/api/v1/info status=500 rate=0.5"]);
    let failed = (0..200)
        .filter(|_| get(&mut half, "/api/v1/info").status == 500)
        .count();
    assert!((60..140).contains(&failed), "{failed}");
    let mut limited = sim(&["/api/v1/* kind=rate per-minute=5"]);
    let ok = (0..20)
        .filter(|_| get(&mut limited, "/api/v1/info").status == 200)
        .count();
    assert_eq!(ok, 5);
    limited.advance(std::time::Duration::from_secs(61));
    assert_eq!(get(&mut limited, "/api/v1/info").status, 200);
}

#[test]
fn requests_are_remembered() {
    let mut sim = sim(&["/api/v1/nodes status=500"]);
    get(&mut sim, "/api/v1/vms?limit=1");
    get(&mut sim, "/api/v1/nodes");
    let log: Vec<(String, u16)> = sim
        .requests()
        .iter()
        .map(|one| (one.path.clone(), one.status))
        .collect();
    assert_eq!(
        log,
        [
            ("/api/v1/vms?limit=1".to_owned(), 200),
            ("/api/v1/nodes".to_owned(), 500)
        ]
    );
    sim.forget_requests();
    assert!(sim.requests().is_empty());
}
