//! Every bad answer becomes an error with the best words there are.

use super::bad_answers::{NO_VM, REFUSALS};
use super::fake::{Fake, Step, answer, once, with_header};
use crate::api::{ApiError, ErrorKind, vms};
use crate::domain::ids::VmId;
use crate::domain::units::Instant;
use crate::domain::vm_can::PowerAction;
use ErrorKind as K;

const VM: VmId = VmId(101);

fn of(status: u16, body: &str) -> ApiError {
    // A POST, since GETs are tried again.
    once(answer(status, body), async |client| {
        vms::power(client, VM, PowerAction::Start, false)
            .await
            .unwrap_err()
    })
}

#[test]
fn refusals() {
    for (status, body, kind, code, message) in REFUSALS {
        let error = of(*status, body);
        assert_eq!(error.kind, *kind, "{status} {body}: {error:?}");
        assert_eq!(error.code.as_deref(), *code, "{status} {body}");
        assert_eq!(error.message, *message, "{status} {body}");
        assert_eq!(error.status, Some(*status));
        assert!(!error.what_now().is_empty());
        assert!(
            error
                .report(Instant::from_secs(0))
                .contains("POST /vms/101/start")
        );
    }
}

#[test]
fn successes_that_are_none() {
    for (body, message) in NO_VM {
        let error = once(answer(200, body), async |client| {
            vms::get(client, VM).await.unwrap_err()
        });
        assert_eq!(error.kind, K::Decode, "{body}");
        assert_eq!(error.message, *message, "{body}");
        assert_eq!(error.status, Some(200));
        assert_eq!(error.raw.is_none(), body.trim().is_empty(), "{body}");
        assert!(error.details.is_some(), "{body}");
    }
}

#[test]
fn fields_suggestions_and_details() {
    let error = of(REFUSALS[0].0, REFUSALS[0].1);
    assert_eq!(error.outcome("Start web"), "Start web: failed");
    assert_eq!(error.field("memory"), Some("Must be multiple of 1024"));
    assert_eq!(
        error.field("config.memory"),
        Some("Must be multiple of 1024")
    );
    assert_eq!(error.field("cores"), None);

    let error = of(
        400,
        r#"{"violations":[{"field":"createVM.request.vmSelectors[0].value","message":"must not be blank"}]}"#,
    );
    assert_eq!(error.field("value"), Some("must not be blank"));

    let error = of(
        422,
        r#"{"message":"No","errors":{"name":["too long","not unique"]}}"#,
    );
    assert_eq!(error.field("name"), Some("too long; not unique"));

    let error = of(
        403,
        r#"{"error":"SAFE_MODE_VIOLATION","message":"Operation blocked","details":{"reason":"VM is not managed by Moxxie","suggestion":"Add the tag"}}"#,
    );
    assert_eq!(error.what_now(), "Add the tag");
    assert_eq!(
        error.details.as_deref(),
        Some("VM is not managed by Moxxie")
    );

    let wrapped = "Received: 'VM is locked (backup), status code 500' when invoking: x";
    let error = of(500, &format!(r#"{{"message":"{wrapped}"}}"#));
    assert_eq!(
        (error.message.as_str(), error.details.as_deref()),
        ("VM is locked (backup)", Some(wrapped))
    );

    let error = of(
        502,
        "<html><head><title>502 Bad\n Gateway</title></head></html>",
    );
    assert_eq!(error.details.as_deref(), Some("502 Bad Gateway"));
}

#[test]
fn report_has_everything_but_the_key() {
    let key = "s3cret-key-of-mine";
    let body =
        format!(r#"{{"error":"UNAUTHORIZED","message":"Key {key} is unknown","details":"{key}"}}"#);
    let fake = Fake::new([with_header(
        answer(401, &body),
        "x-correlation-id",
        "corr-7",
    )]);
    let client = fake.client();
    client.set_key(Some(format!(" {key}\n")));
    let error = fake
        .run(vms::power(&client, VM, PowerAction::Stop, true))
        .unwrap_err();
    assert_eq!(fake.sent()[0].header("x-api-key"), Some(key));
    let id = fake.sent()[0].header("X-Request-ID").unwrap().to_owned();
    let report = error.report(Instant::from_secs(1_719_230_520));
    for part in [
        "2024-06-24T12:02:00Z",
        "POST /vms/101/stop?force=true",
        "Unauthorized",
        "status 401",
        "UNAUTHORIZED",
        "corr-7",
        &id,
    ] {
        assert!(report.contains(part), "{part} in {report}");
    }
    for text in [
        &report,
        &format!("{error:?}"),
        &format!("{client:?}"),
        &format!("{:?}", fake.sent()),
    ] {
        assert!(!text.contains(key), "{text}");
    }
    assert_eq!(error.message, "Key [hidden] is unknown");
    assert!(!fake.sent()[0].url.contains(key));
}

#[test]
fn raw_is_cut_between_letters() {
    let body = "ü".repeat(4001);
    let error = of(500, &body);
    assert_eq!(error.raw.as_ref().unwrap().len(), 4000);
}

#[test]
fn commands_are_not_fooled_by_a_sign_in_page() {
    let result = once(
        answer(200, "<!DOCTYPE html><title>Sign in</title>"),
        async |client| vms::power(client, VM, PowerAction::Start, false).await,
    );
    assert_eq!(result.unwrap_err().kind, K::Decode);
    for body in ["{\"task\":", "[]", "3", "<xml/>"] {
        let result = once(answer(200, body), async |client| {
            vms::delete(client, VM, false).await
        });
        assert_eq!(result.unwrap_err().kind, K::Decode, "{body}");
    }
}

#[test]
fn network_loss_says_so() {
    let fake = Fake::new([Step::Break(5.0), Step::Break(5.0)]);
    let client = fake.client();
    let error = fake
        .run(vms::power(&client, VM, PowerAction::Start, false))
        .unwrap_err();
    assert_eq!((error.kind, error.status), (K::Network, None));
    assert_eq!(error.details.as_deref(), Some("connection reset"));
    assert!(error.is_transient());
    // The request may have come through: nothing is said to have failed.
    assert_eq!(error.outcome("Start web"), "Start web: outcome unknown");
    assert!(error.what_now().contains("before you repeat it"));
    fake.set_cross_origin();
    let error = fake
        .run(vms::power(&client, VM, PowerAction::Start, false))
        .unwrap_err();
    assert!(error.what_now().contains("different origins"));
    let sent = fake.sent();
    assert!(sent[0].header("x-request-id").is_some());
    // A header that the other origin does not know would have the browser refuse the call.
    assert!(sent[1].header("x-request-id").is_none());
}
