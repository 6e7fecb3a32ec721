//! Deadlines, retries, aborts, headers, addresses.

use super::fake::{Fake, Step, answer, with_header};
use crate::api::{CallOutcome, Client, ClientConfig, ErrorKind, tasks, vms};
use crate::domain::ids::{Upid, VmId};
use crate::domain::units::Instant;
use crate::domain::vm_can::PowerAction;
use std::sync::{Arc, Mutex};
use std::time::Duration;

const VM: VmId = VmId(101);
const ROW: &str = r#"{"vmid":101,"name":"web"}"#;

fn get(fake: &Fake, client: &Client) -> Result<vms::Vm, crate::api::ApiError> {
    fake.run(vms::get(client, VM))
}

#[test]
fn gets_are_tried_three_times() {
    for status in [502, 503, 504] {
        let fake = Fake::new([answer(status, ""), Step::Break(1.0), answer(200, ROW)]);
        let client = fake.client();
        assert_eq!(get(&fake, &client).unwrap().name, "web");
        assert_eq!(client.request_count(), 3);
        // 10 ms under way, then 400 ms × (0.5 + 0.5 × 0.5); then twice that.
        assert_eq!(fake.times(), [0.0, 310.0, 911.0]);
        let ids: Vec<_> = fake
            .sent()
            .iter()
            .map(|r| r.header("X-Request-ID").unwrap().to_owned())
            .collect();
        assert_eq!(ids[0], ids[2], "one call, one ID");
    }
    let fake = Fake::new([
        Step::Break(1.0),
        Step::Break(1.0),
        answer(503, r#"{"message":"third"}"#),
    ]);
    let client = fake.client();
    assert_eq!(get(&fake, &client).unwrap_err().message, "third");
    assert_eq!(fake.sent().len(), 3);
}

#[test]
fn other_failures_are_not_tried_again() {
    for status in [400, 401, 404, 408, 429, 500, 501] {
        let fake = Fake::new([answer(status, "")]);
        let client = fake.client();
        assert_eq!(get(&fake, &client).unwrap_err().status, Some(status));
    }
    let fake = Fake::new([answer(200, "{")]);
    assert_eq!(
        get(&fake, &fake.client()).unwrap_err().kind,
        ErrorKind::Decode
    );
}

#[test]
fn changes_are_never_repeated() {
    let failures = || [Step::Break(1.0), answer(503, ""), answer(502, "")];
    for step in failures() {
        let fake = Fake::new([step]);
        let client = fake.client();
        assert!(
            fake.run(vms::power(&client, VM, PowerAction::Stop, false))
                .is_err()
        );
        assert_eq!(fake.sent().len(), 1);
    }
    for step in failures() {
        let fake = Fake::new([step]);
        let client = fake.client();
        assert!(fake.run(vms::delete(&client, VM, false)).is_err());
    }
    for step in failures() {
        let fake = Fake::new([step]);
        let client = fake.client();
        let patch = vms::ConfigPatch::new().set("cores", 2);
        assert!(fake.run(vms::update_config(&client, VM, &patch)).is_err());
    }
}

#[test]
fn waits_as_long_as_asked_but_no_longer_than_ten_seconds() {
    let after = |value: &str| with_header(answer(503, ""), "retry-after", value);
    let fake = Fake::new([after("3"), answer(200, ROW)]);
    get(&fake, &fake.client()).unwrap();
    assert_eq!(fake.times(), [0.0, 3210.0]);

    // By date, on the server's clock, which is a minute ahead of ours.
    let dated = with_header(
        after("Mon, 24 Jun 2024 12:01:04 GMT"),
        "Date",
        "Mon, 24 Jun 2024 12:01:00 GMT",
    );
    let fake = Fake::new([dated, answer(200, ROW)]);
    let start = 1_719_230_400_000.0;
    fake.set_now(start);
    get(&fake, &fake.client()).unwrap();
    let waited = fake.times()[1] - start;
    assert!((3000.0..5500.0).contains(&waited), "{waited}");

    for odd in ["soon", "-1", "", "Mon, 99 Jun 2024 12:01:04 GMT"] {
        let fake = Fake::new([after(odd), answer(200, ROW)]);
        get(&fake, &fake.client()).unwrap();
        assert_eq!(fake.times(), [0.0, 310.0], "{odd}");
    }
    let past = after("Mon, 24 Jun 2019 12:01:04 GMT");
    let fake = Fake::new([past, answer(200, ROW)]);
    fake.set_now(start);
    get(&fake, &fake.client()).unwrap();
    assert!(fake.times()[1] - start < 500.0);

    // More than a call can sit out: not asked again, and the poller is told.
    let fake = Fake::new([after("120")]);
    let error = get(&fake, &fake.client()).unwrap_err();
    assert_eq!(error.retry_after, Some(Duration::from_mins(2)));
}

#[test]
fn deadline_covers_all_tries() {
    let fake = Fake::new([Step::Silence]);
    let client = fake.client();
    let error = get(&fake, &client).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Timeout);
    assert_eq!(error.message, "The server did not answer within 30 seconds");
    assert_eq!(fake.dropped(), 1, "the request was ended");

    let config = ClientConfig {
        deadline: Duration::from_millis(500),
        ..ClientConfig::default()
    };
    let fake = Fake::new([Step::Break(100.0), Step::Silence]);
    let client = Client::new(Arc::new(fake.clone()), config.clone());
    // 100 ms, 300 ms of waiting, then silence until 500.
    assert_eq!(get(&fake, &client).unwrap_err().kind, ErrorKind::Timeout);
    assert_eq!(fake.times(), [0.0, 400.0]);

    let fake = Fake::new([Step::Break(300.0)]);
    let client = Client::new(Arc::new(fake.clone()), config);
    // No time left for another try: the error that tells more than "timeout".
    assert_eq!(get(&fake, &client).unwrap_err().kind, ErrorKind::Network);
}

#[test]
fn dropping_a_call_ends_it() {
    let fake = Fake::new([Step::Silence]);
    let client = fake.client();
    let told = Arc::new(Mutex::new(0));
    let count = Arc::clone(&told);
    client.observe(Arc::new(move |_| *count.lock().unwrap() += 1));
    fake.abandon(vms::get(&client, VM));
    assert_eq!((fake.dropped(), *told.lock().unwrap()), (1, 0));
}

#[test]
fn observers_hear_of_each_call() {
    let fake = Fake::new([Step::Break(1.0), answer(200, ROW), answer(401, "")]);
    let client = fake.client();
    let told: Arc<Mutex<Vec<CallOutcome>>> = Arc::default();
    let (list, inside) = (Arc::clone(&told), client.clone());
    client.observe(Arc::new(move |outcome| {
        // May use the client itself.
        inside.set_key(None);
        list.lock().unwrap().push(outcome.clone());
    }));
    get(&fake, &client).unwrap();
    get(&fake, &client).unwrap_err();
    let told = told.lock().unwrap();
    assert_eq!(
        (told[0].status, told[0].tries, told[0].is_ok()),
        (Some(200), 2, true)
    );
    assert!((told[0].millis - 311.0).abs() < 1e-6);
    assert_eq!(
        told[1].error.as_ref().unwrap().kind,
        ErrorKind::Unauthorized
    );
    assert_eq!(told[1].path, "/vms/101");
}

#[test]
fn headers_and_body() {
    let fake = Fake::new([answer(200, ROW), answer(200, r#"{"message":"ok"}"#)]);
    let client = fake.client();
    get(&fake, &client).unwrap();
    client.set_key(Some("  ".to_owned()));
    assert!(!client.has_key());
    client.set_key(Some("k".to_owned()));
    fake.run(vms::add_tag(&client, VM, "env-prod", true))
        .unwrap();
    let sent = fake.sent();
    assert_eq!(sent[0].header("accept"), Some("application/json"));
    assert_eq!(
        (sent[0].header("x-api-key"), sent[0].header("content-type")),
        (None, None)
    );
    assert_eq!(sent[1].header("content-type"), Some("application/json"));
    assert_eq!(sent[1].header("x-api-key"), Some("k"));
    assert_eq!(sent[1].body.as_deref(), Some(r#"{"tag":"env-prod"}"#));
    assert_eq!(fake.calls()[1], "POST /api/v1/vms/101/tags?force=true");
    let id = sent[0].header("x-request-id").unwrap();
    assert_eq!(
        (id.len(), id.matches('-').count(), &id[14..15]),
        (36, 4, "4")
    );
}

#[test]
fn addresses() {
    let upid = Upid("UPID:n:1:2:3:qmstart:101:root@pam:".to_owned());
    for (base, start) in [
        ("", "/api/v1/"),
        ("/portal/moxxie/", "/portal/moxxie/api/v1/"),
        ("https://moxxie.example", "https://moxxie.example/api/v1/"),
    ] {
        let fake = Fake::new([answer(204, "")]);
        let config = ClientConfig {
            base: base.to_owned(),
            ..ClientConfig::default()
        };
        let client = Client::new(Arc::new(fake.clone()), config);
        fake.run(tasks::cancel(&client, &upid)).unwrap();
        assert_eq!(
            fake.calls(),
            [format!(
                "DELETE {start}tasks/UPID%3An%3A1%3A2%3A3%3Aqmstart%3A101%3Aroot%40pam%3A"
            )]
        );
    }
}

#[test]
fn a_tag_named_dot_dot_does_not_delete_the_vm() {
    for tag in ["..", ".", ""] {
        let fake = Fake::new([]);
        let client = fake.client();
        let error = fake
            .run(vms::remove_tag(&client, VM, tag, false))
            .unwrap_err();
        assert_eq!(error.kind, ErrorKind::Validation);
        assert!(fake.sent().is_empty());
    }
    let fake = Fake::new([answer(204, "")]);
    let client = fake.client();
    fake.run(vms::remove_tag(&client, VM, "a/../b c", false))
        .unwrap();
    assert_eq!(fake.calls(), ["DELETE /api/v1/vms/101/tags/a%2F..%2Fb%20c"]);
}

#[test]
fn learns_clock_and_identity() {
    let step = with_header(answer(200, ROW), "date", "Mon, 24 Jun 2024 12:02:00 GMT");
    let step = with_header(step, "X-Moxxie-Location", "home");
    let fake = Fake::new([step]);
    fake.set_now(1_719_230_400_000.0);
    let client = fake.client();
    assert!(client.server_clock_skew_millis() == 0.0);
    get(&fake, &client).unwrap();
    assert!((client.server_clock_skew_millis() - 120_500.0).abs() < 20.0);
    assert_eq!(
        client.server_now().secs(),
        Instant::from_secs(1_719_230_520).secs()
    );
    assert_eq!(client.identity().location.as_deref(), Some("home"));
}
