//! Every bad answer becomes an error with the best words there are.

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

/// Status, body, expected kind, code and message.
type Row = (
    u16,
    &'static str,
    ErrorKind,
    Option<&'static str>,
    &'static str,
);

const REFUSALS: &[Row] = &[
    // The guide's shape.
    (
        400,
        r#"{"error":"VALIDATION_ERROR","message":"Invalid VM configuration","status":400,"timestamp":"2024-06-21T10:30:00Z","details":{"memory":"Must be multiple of 1024"}}"#,
        K::Validation,
        Some("VALIDATION_ERROR"),
        "Invalid VM configuration",
    ),
    (
        404,
        r#"{"error":"VM_NOT_FOUND","message":"VM 999 not found","status":404}"#,
        K::NotFound,
        Some("VM_NOT_FOUND"),
        "VM 999 not found",
    ),
    (
        409,
        r#"{"error":"CONFLICT","message":"VM is already running"}"#,
        K::Conflict,
        Some("CONFLICT"),
        "VM is already running",
    ),
    (
        409,
        r#"{"error":"VM_LOCKED","message":"VM 101 has a lock"}"#,
        K::Locked,
        Some("VM_LOCKED"),
        "VM 101 has a lock",
    ),
    (
        423,
        r#"{"error":"LOCKED","message":"VM is locked (backup)"}"#,
        K::Locked,
        Some("LOCKED"),
        "VM is locked (backup)",
    ),
    (
        403,
        r#"{"error":"READ_ONLY","message":"Server is in maintenance"}"#,
        K::ReadOnly,
        Some("READ_ONLY"),
        "Server is in maintenance",
    ),
    (
        403,
        r#"{"error":"Forbidden","message":"Read-only mode is active"}"#,
        K::ReadOnly,
        Some("Forbidden"),
        "Read-only mode is active",
    ),
    // The shipped server's, with a path; the code may be a phrase.
    (
        500,
        r#"{"error":"Failed to start VM","message":"Something broke in the storage layer","timestamp":"2024-06-21T10:30:00Z","path":"/api/v1/vms/101/start"}"#,
        K::Server,
        Some("Failed to start VM"),
        "Something broke in the storage layer",
    ),
    (
        401,
        r#"{"error":"UNAUTHORIZED","message":"Invalid or missing API key"}"#,
        K::Unauthorized,
        Some("UNAUTHORIZED"),
        "Invalid or missing API key",
    ),
    // Validation.
    (
        400,
        r#"{"title":"Constraint Violation","status":400,"violations":[{"field":"createVM.request.memory","message":"must be at least 16"}]}"#,
        K::Validation,
        None,
        "Constraint Violation",
    ),
    (
        400,
        r#"{"violations":[{"field":"power.arg0.timeout","message":"must be positive"}]}"#,
        K::Validation,
        None,
        "timeout: must be positive",
    ),
    (
        422,
        r#"{"title":"Constraint Violation","violations":"many"}"#,
        K::Validation,
        None,
        "Constraint Violation",
    ),
    // Safe mode.
    (
        403,
        r#"{"error":"SAFE_MODE_VIOLATION","message":"Operation blocked","details":{"reason":"VM is not managed by Moxxie","suggestion":"Add ?force=true"}}"#,
        K::SafeMode,
        Some("SAFE_MODE_VIOLATION"),
        "Operation blocked",
    ),
    (
        403,
        r#"{"error":"SAFE_MODE_VIOLATION","details":{"reason":"VM is not managed by Moxxie"}}"#,
        K::SafeMode,
        Some("SAFE_MODE_VIOLATION"),
        "VM is not managed by Moxxie",
    ),
    // Scheduler: a sentence alone, or a code alone.
    (
        400,
        r#"{"error":"Cron expression is not valid"}"#,
        K::Validation,
        None,
        "Cron expression is not valid",
    ),
    (
        500,
        r#"{"error":"INTERNAL"}"#,
        K::Server,
        Some("INTERNAL"),
        "The server answered 500 (internal error)",
    ),
    // What Proxmox refused, wrapped.
    (
        500,
        r#"{"error":"Internal Server Error","message":"Received: 'VM 101 already running, status code 500' when invoking: Rest Client method: 'com.coffeesprout.client.ProxmoxClient#startVM'"}"#,
        K::Conflict,
        Some("Internal Server Error"),
        "VM 101 already running",
    ),
    (
        500,
        r#"{"error":"INTERNAL","message":"Failed: Received: 'can't lock file '/var/lock/qemu-server/lock-101.conf' - got timeout, status code 500' when invoking: x"}"#,
        K::Locked,
        Some("INTERNAL"),
        "can't lock file '/var/lock/qemu-server/lock-101.conf' - got timeout",
    ),
    (
        500,
        r#"{"error":"Received: 'Configuration file 'nodes/pve/qemu-server/9.conf' does not exist, status code 500' when invoking: x"}"#,
        K::NotFound,
        None,
        "Configuration file 'nodes/pve/qemu-server/9.conf' does not exist",
    ),
    (
        500,
        r#"{"message":"Received: 'No route to host, status code 595' when invoking: x"}"#,
        K::Unavailable,
        None,
        "No route to host",
    ),
    (
        500,
        r#"{"message":"Received: 'Permission check failed (/vms/101, VM.PowerMgmt), status code 403' when invoking: x"}"#,
        K::Forbidden,
        None,
        "Permission check failed (/vms/101, VM.PowerMgmt)",
    ),
    (
        500,
        r#"{"message":"Received: 'Received: 'VM is locked (migrate), status code 500' when invoking: a, status code 500' when invoking: b"}"#,
        K::Locked,
        None,
        "VM is locked (migrate)",
    ),
    (
        500,
        r#"{"message":"Received: '"}"#,
        K::Server,
        None,
        "Received: '",
    ),
    // Shapes of proxies and frameworks.
    (
        400,
        r#"{"error":{"code":"BAD","message":"Nested"}}"#,
        K::Validation,
        Some("BAD"),
        "Nested",
    ),
    (
        422,
        r#"{"message":"Unprocessable","errors":{"name":["too long","not unique"]}}"#,
        K::Validation,
        None,
        "Unprocessable",
    ),
    (
        413,
        r#"{"detail":"Body too large"}"#,
        K::Other,
        None,
        "Body too large",
    ),
    (
        418,
        r#"{"hint":"use coffee"}"#,
        K::Other,
        None,
        "The server answered 418",
    ),
    (500, r#""Out of memory""#, K::Server, None, "Out of memory"),
    (500, "Out of memory", K::Server, None, "Out of memory"),
    (
        502,
        "<html><head><title>502 Bad\n Gateway</title></head><body>nginx</body></html>",
        K::Unavailable,
        None,
        "The server answered 502 (bad gateway) with a web page",
    ),
    (
        404,
        "<!DOCTYPE html><h1>Not here</h1>",
        K::NotFound,
        None,
        "The server answered 404 (not found) with a web page",
    ),
    (
        503,
        "",
        K::Unavailable,
        None,
        "The server answered 503 (service unavailable)",
    ),
    (
        504,
        "   ",
        K::Unavailable,
        None,
        "The server answered 504 (gateway timeout)",
    ),
    (
        500,
        "{",
        K::Server,
        None,
        "The server answered 500 (internal error)",
    ),
    (
        500,
        r#"{"error":"VALIDATION_ERROR","mess"#,
        K::Server,
        None,
        "The server answered 500 (internal error)",
    ),
    (
        500,
        "[1,2]",
        K::Server,
        None,
        "The server answered 500 (internal error)",
    ),
    (
        500,
        "null",
        K::Server,
        None,
        "The server answered 500 (internal error)",
    ),
    (
        500,
        r#"{"error":null,"message":null,"details":null}"#,
        K::Server,
        None,
        "The server answered 500 (internal error)",
    ),
    (
        500,
        r#"{"error":17,"message":{"a":1},"violations":[null,3,{}],"details":[true]}"#,
        K::Server,
        None,
        ": is not valid",
    ),
    (
        401,
        "<html><title>Sign in</title></html>",
        K::Unauthorized,
        None,
        "The server answered 401 (not signed in) with a web page",
    ),
    (
        405,
        "",
        K::Other,
        None,
        "The server answered 405 (method not allowed)",
    ),
    (
        501,
        "",
        K::Server,
        None,
        "The server answered 501 (not implemented)",
    ),
    (
        408,
        "",
        K::Timeout,
        None,
        "The server answered 408 (request timeout)",
    ),
    (
        412,
        r#"{"message":"detected modified configuration"}"#,
        K::Conflict,
        None,
        "detected modified configuration",
    ),
    (429, "slow down", K::RateLimited, None, "slow down"),
    (410, "", K::NotFound, None, "The server answered 410"),
    (304, "", K::Other, None, "The server answered 304"),
    (599, "\u{fffd}\u{fffd}", K::Server, None, "\u{fffd}\u{fffd}"),
    (0, "", K::Other, None, "The server answered 0"),
];

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

/// Bodies that come with 200 and are no VM.
const NO_VM: &[(&str, &str)] = &[
    ("", "The server sent an empty answer"),
    ("  \n", "The server sent an empty answer"),
    ("null", "The server's answer is not JSON"),
    ("{}", "The server's answer could not be understood"),
    ("[]", "The server's answer could not be understood"),
    ("true", "The server's answer is not JSON"),
    ("\"ok\"", "The server's answer could not be understood"),
    (
        r#"{"vmid":101,"name":"web"#,
        "The server's answer could not be understood",
    ),
    (
        r#"{"vmid":null}"#,
        "The server's answer could not be understood",
    ),
    (
        r#"{"vmid":"x"}"#,
        "The server's answer could not be understood",
    ),
    (
        r#"{"vmid":-1}"#,
        "The server's answer could not be understood",
    ),
    (
        r#"{"vmid":101} trailing"#,
        "The server's answer could not be understood",
    ),
    (
        r#"{"data":{},"message":"ok"}"#,
        "The server's answer could not be understood",
    ),
    (
        r#"{"data":null,"message":"ok"}"#,
        "The server's answer could not be understood",
    ),
    (
        r#"{"error":"VM_GONE","message":"VM was removed"}"#,
        "VM was removed",
    ),
    (
        "<!doctype html><title>Sign in</title>",
        "The server sent a web page instead of data",
    ),
    (
        "<HTML></HTML>",
        "The server sent a web page instead of data",
    ),
    ("OK", "The server's answer is not JSON"),
    ("\u{feff}{\"vmid\":101}", "The server's answer is not JSON"),
];

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
    assert_eq!(error.raw.unwrap().len(), 4000);
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
