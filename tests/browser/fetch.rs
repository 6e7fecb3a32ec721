//! The client over the browser's own `fetch`.

use moxxie_ui::api::transport::{FetchTransport, Method, Request, Transport};
use moxxie_ui::api::{ApiError, Client, ClientConfig, ErrorKind, vms};
use moxxie_ui::domain::ids::VmId;
use moxxie_ui::domain::vm_can::PowerAction;
use std::sync::Arc;
use std::time::Duration;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen(inline_js = r#"
const real = window.fetch.bind(window);
let calls = [];
export function fake_fetch(status, body, headers) {
    calls = [];
    window.fetch = (url, init) => {
        const call = { url: String(url), method: init.method, cache: init.cache, body: init.body ?? '',
            headers: [...new Headers(init.headers)].map(([k, v]) => `${k}: ${v}`).join('\n'), aborted: false };
        calls.push(call);
        return new Promise((resolve, reject) => {
            init.signal.addEventListener('abort', () => { call.aborted = true; reject(init.signal.reason); });
            if (status > 0) resolve(new Response(body === '' ? null : body, { status, headers: JSON.parse(headers) }));
            if (status < 0) reject(new TypeError('Failed to fetch'));
        });
    };
}
export function restore() { window.fetch = real; }
export function call(index, field) { return String((calls[index] ?? {})[field]); }
"#)]
extern "C" {
    fn fake_fetch(status: i32, body: &str, headers: &str);
    fn restore();
    fn call(index: u32, field: &str) -> String;
}

fn client(base: &str, deadline: u64) -> Client {
    let config = ClientConfig {
        base: base.to_owned(),
        deadline: Duration::from_millis(deadline),
    };
    Client::new(Arc::new(FetchTransport), config)
}

async fn get(client: &Client) -> Result<vms::Vm, ApiError> {
    vms::get(client, VmId(101)).await
}

#[wasm_bindgen_test]
async fn request_and_answer() {
    fake_fetch(
        200,
        r#"{"vmid":101,"name":"Grüße"}"#,
        r#"{"Date":"Mon, 24 Jun 2030 12:00:00 GMT"}"#,
    );
    let client = client("", 5000);
    client.set_key(Some("secret".to_owned()));
    assert_eq!(get(&client).await.unwrap().name, "Grüße");
    assert_eq!(call(0, "url"), "/api/v1/vms/101");
    assert_eq!(call(0, "method"), "GET");
    assert_eq!(call(0, "cache"), "no-store");
    let headers = call(0, "headers");
    assert!(headers.contains("x-api-key: secret"), "{headers}");
    assert!(headers.contains("x-request-id: "), "{headers}");
    assert_eq!(call(0, "aborted"), "false");
    assert!(
        client.server_clock_skew_millis().abs() > 1.0,
        "Date was read"
    );

    let patch = vms::ConfigPatch::new().set("cores", 2);
    vms::update_config(&client, VmId(101), &patch)
        .await
        .unwrap();
    assert_eq!(
        (call(1, "method"), call(1, "body")),
        ("PUT".to_owned(), r#"{"cores":2}"#.to_owned())
    );
    restore();
}

#[wasm_bindgen_test]
async fn dropping_and_running_out_of_time_abort() {
    fake_fetch(0, "", "{}");
    let transport = FetchTransport;
    let request = Request {
        method: Method::Get,
        url: "/x".to_owned(),
        headers: Vec::new(),
        body: None,
    };
    {
        let sending = transport.send(request);
        let a_moment = transport.sleep(Duration::from_millis(20));
        let _ = futures_util::future::select(sending, a_moment).await;
    }
    assert_eq!(call(0, "aborted"), "true", "dropped");

    let client = client("", 50);
    assert_eq!(get(&client).await.unwrap_err().kind, ErrorKind::Timeout);
    assert_eq!(call(1, "aborted"), "true", "out of time");
    restore();
}

#[wasm_bindgen_test]
async fn failures() {
    fake_fetch(-1, "", "{}");
    let client = client("", 10_000);
    let started = FetchTransport.now_millis();
    let error = get(&client).await.unwrap_err();
    assert_eq!(
        (error.kind, client.request_count()),
        (ErrorKind::Network, 3)
    );
    assert_eq!(error.details.as_deref(), Some("Failed to fetch"));
    assert!(
        FetchTransport.now_millis() - started >= 550.0,
        "waited between tries"
    );
    let error = vms::power(&client, VmId(101), PowerAction::Stop, false)
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind, client.request_count()),
        (ErrorKind::Network, 4)
    );

    client.set_key(Some("no\u{1f511}header".to_owned()));
    let error = vms::power(&client, VmId(101), PowerAction::Stop, false)
        .await
        .unwrap_err();
    assert_eq!(
        error.kind,
        ErrorKind::Network,
        "a key that is no header value"
    );
    assert!(!error.report(Default::default()).contains('\u{1f511}'));

    fake_fetch(204, "", "{}");
    client.set_key(None);
    assert!(
        vms::remove_tag(&client, VmId(101), "a", false)
            .await
            .is_ok()
    );
    restore();
}

#[wasm_bindgen_test]
async fn the_real_network() {
    // The test runner's own server knows no such address.
    let error = vms::power(&client("", 5000), VmId(1), PowerAction::Start, false)
        .await
        .unwrap_err();
    assert!(error.status.is_some(), "{error:?}");
    // Nobody listens there, and it is another origin.
    let error = vms::power(
        &client("http://127.0.0.1:9", 5000),
        VmId(1),
        PowerAction::Start,
        false,
    )
    .await
    .unwrap_err();
    assert_eq!(error.kind, ErrorKind::Network);
    assert!(error.what_now().contains("different origins"), "{error:?}");
}

#[wasm_bindgen_test]
fn chance_and_origin() {
    let numbers: Vec<f64> = (0..64).map(|_| FetchTransport.random()).collect();
    assert!(numbers.iter().all(|number| (0.0..1.0).contains(number)));
    assert!(
        numbers.iter().any(|number| *number > 0.5) && numbers.iter().any(|number| *number < 0.5)
    );
    assert!(!FetchTransport.is_cross_origin("/api/v1/info"));
    assert!(FetchTransport.is_cross_origin("https://moxxie.example/api/v1/info"));
    let here = web_sys::window().unwrap().location().origin().unwrap();
    assert!(!FetchTransport.is_cross_origin(&format!("{here}/x")));
}
