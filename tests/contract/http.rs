//! Over real HTTP: files, headers, base path, broken connections, controls.

use crate::http_client::{serve, still};
use moxxie_ui::sim::Fault;
use moxxie_ui::sim::server::Options;
use serde_json::{Value, json};
use std::io::{Read as _, Write as _};
use std::time::{Duration, Instant};

#[test]
fn files_go_out_as_a_good_server_sends_them() {
    let server = serve("files", still());
    let script = "/app-0123456789abcdef.js";
    let plain = server.get(script);
    assert_eq!((plain.status, plain.body.as_str()), (200, "plain"));
    assert_eq!(plain.header("content-type"), "text/javascript");
    assert_eq!(
        plain.header("cache-control"),
        "public, max-age=31536000, immutable"
    );
    let brotli = server.send("GET", script, "accept-encoding: gzip, br\r\n", "");
    assert_eq!(
        (brotli.body.as_str(), brotli.header("content-encoding")),
        ("brotli", "br")
    );
    let gzip = server.send("GET", script, "accept-encoding: gzip\r\n", "");
    assert_eq!(
        (gzip.body.as_str(), gzip.header("content-encoding")),
        ("gzip", "gzip")
    );
    let wasm = server.get("/app-0123456789abcdef.wasm");
    assert_eq!(wasm.header("content-type"), "application/wasm");
    assert_eq!(
        server.get("/icons.svg").header("content-type"),
        "image/svg+xml"
    );
    let config = server.get("/config.json");
    assert_eq!(config.header("content-type"), "application/json");
    assert_eq!(config.header("cache-control"), "no-cache");
    assert_eq!(server.get("/missing.js").status, 404);
    assert_eq!(
        server.get("/../Cargo.toml").status,
        200,
        "an address of the app, not a file"
    );
    assert_eq!(server.send("POST", "/vms", "", "").status, 405);
}

#[test]
fn addresses_of_the_app_get_the_page() {
    let server = serve("pages", still());
    for path in [
        "/",
        "/index.html",
        "/vms/101",
        "/vms?tags=a,b",
        "/tags/talos-v1.7.0",
        "/tasks/UPID:pve:1",
    ] {
        let page = server.get(path);
        assert_eq!(page.status, 200, "{path}");
        assert!(page.body.contains("console"));
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
        assert_eq!(page.header("cache-control"), "no-cache");
        let policy = page.header("content-security-policy");
        assert!(policy.contains("script-src 'self' 'wasm-unsafe-eval';"));
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"));
        assert_eq!(page.header("x-content-type-options"), "nosniff");
        assert_eq!(page.header("referrer-policy"), "no-referrer");
    }
}

#[test]
fn everything_lies_below_the_base_path() {
    let options = Options {
        base: "/portal/moxxie".into(),
        ..still()
    };
    let server = serve("base", options);
    let page = server.get("/portal/moxxie/vms/101");
    assert!(
        page.body.contains("<base href=\"/portal/moxxie/\">"),
        "{}",
        page.body
    );
    assert_eq!(server.get("/portal/moxxie/icons.svg").status, 200);
    assert_eq!(server.get("/portal/moxxie/api/v1/info").status, 200);
    let refused = server.get("/portal/moxxie/api/v1/vms/99").value();
    assert_eq!(refused["path"], "/api/v1/vms/99");
    assert_eq!(server.get("/portal/moxxie/_sim/state").status, 200);
    assert_eq!(server.get("/_sim/state").status, 200);
    for path in ["/", "/api/v1/info", "/portal/moxxieX/", "/icons.svg"] {
        assert_eq!(server.get(path).status, 404, "{path}");
    }
    let moved = server.get("/portal/moxxie");
    assert_eq!(
        (moved.status, moved.header("location")),
        (308, "/portal/moxxie/")
    );
}

#[test]
fn answers_carry_the_simulated_date() {
    let server = serve("date", still());
    let info = server.send("GET", "/api/v1/info", "x-request-id: r-1\r\n", "");
    assert_eq!(info.header("date"), "Mon, 24 Jun 2024 12:02:00 GMT");
    assert_eq!(info.header("content-type"), "application/json");
    assert_eq!(info.header("x-correlation-id"), "r-1");
    assert_eq!(info.header("cache-control"), "no-store");
    let options = server.send("OPTIONS", "/api/v1/info", "origin: http://else\r\n", "");
    assert_eq!(options.status, 204);
    assert_eq!(options.header("access-control-allow-origin"), "*");
    assert_ne!(
        server.get("/").header("date"),
        "Mon, 24 Jun 2024 12:02:00 GMT"
    );
}

#[test]
fn the_clock_runs_with_the_time() {
    let options = Options {
        speed: 100.0,
        ..Options::default()
    };
    let server = serve("clock", options);
    std::thread::sleep(Duration::from_millis(400));
    let state = server.control("GET", "state", &Value::Null);
    assert!(
        state["now"].as_str().unwrap() > "2024-06-24T12:02:30",
        "{state}"
    );
    server.control("POST", "clock", &json!({"speed": 0}));
    let first = server.control("GET", "state", &Value::Null);
    std::thread::sleep(Duration::from_millis(200));
    let second = server.control("GET", "state", &Value::Null);
    assert_eq!(first["now"], second["now"]);
}

#[test]
fn connections_break_as_told() {
    let options = Options {
        faults: [
            "/api/v1/info kind=reset",
            "/api/v1/vms kind=cut",
            "/api/v1/nodes delay=300",
            "*.wasm status=503 times=1",
        ]
        .iter()
        .map(|text| Fault::parse(text).unwrap())
        .collect(),
        ..still()
    };
    let server = serve("faults", options);
    let reset = server.get("/api/v1/info");
    assert!(reset.broken && reset.status == 0);
    let cut = server.get("/api/v1/vms");
    assert!(cut.broken && cut.status == 200 && cut.body.starts_with("[{"));
    let started = Instant::now();
    let slow = server.get("/api/v1/nodes");
    assert!(!slow.broken && slow.status == 200);
    assert!(started.elapsed() >= Duration::from_millis(300));
    let wasm = "/app-0123456789abcdef.wasm";
    assert_eq!(server.get(wasm).status, 503);
    assert_eq!(server.get(wasm).status, 200);
    server.control("DELETE", "faults", &Value::Null);
    assert_eq!(server.get("/api/v1/info").status, 200);
}

#[test]
fn controls_change_the_cluster() {
    let server = serve("control", still());
    server.control(
        "POST",
        "vm/101",
        &json!({"name": "<b>bold</b>", "lock": "backup", "tags": ["x"]}),
    );
    let vm = server.get("/api/v1/vms/101").value();
    assert_eq!(
        (&vm["name"], &vm["lock"]),
        (&json!("<b>bold</b>"), &json!("backup"))
    );
    let file = "vzdump-qemu-101-2024_06_21-02_00_00.vma.zst";
    let control = format!("backup/backup-nas%3Abackup%2F{file}");
    server.control(
        "POST",
        &control,
        &json!({"notes": "changed", "damaged": true}),
    );
    assert_eq!(
        server.get("/api/v1/vms/101/backups").value()[0]["notes"],
        "changed"
    );
    let download = server.get(&format!("/api/v1/backups/backup-nas/{file}/download"));
    assert_eq!(download.header("content-type"), "application/octet-stream");
    assert!(download.header("content-disposition").contains(file));
    server.control("POST", "node/proxmox-02", &json!({"status": "offline"}));
    server.control(
        "POST",
        "storage/backup-nas",
        &json!({"used": 10_995_116_277_760_u64}),
    );
    assert_eq!(
        server.get("/api/v1/storage").value()[2]["used_fraction"],
        1.0
    );
    server.control(
        "POST",
        "faults",
        &json!([{"path": "/api/v1/tags", "status": 500}, "/api/v1/info status=404"]),
    );
    assert_eq!(server.get("/api/v1/tags").status, 500);
    assert_eq!(
        server
            .control("GET", "faults", &Value::Null)
            .as_array()
            .unwrap()
            .len(),
        2
    );
    let now = server.control("POST", "advance", &json!({"seconds": 60}));
    assert_eq!(now["now"], "2024-06-24T12:03:00Z");
    let seen = server.control("GET", "requests", &Value::Null);
    assert_eq!(seen[0]["path"], "/api/v1/vms/101");
    server.control("DELETE", "requests", &Value::Null);
    assert_eq!(server.control("GET", "requests", &Value::Null), json!([]));
    for (path, body) in [
        ("vm/1", json!({"lock": null})),
        ("vm/101", json!({"colour": 1})),
        ("advance", json!({})),
    ] {
        assert_eq!(
            server
                .send("POST", &format!("/_sim/{path}"), "", &body.to_string())
                .status,
            400,
            "{path}"
        );
    }
    server.control("POST", "reset", &Value::Null);
    assert_eq!(
        server.get("/api/v1/vms/101").value()["name"],
        "web-server-01"
    );
    assert_eq!(server.get("/api/v1/tags").status, 200);
    server.control(
        "POST",
        "reset",
        &json!({"scenario": "fleet", "vms": 70, "readOnly": true}),
    );
    assert_eq!(
        server.get("/api/v1/vms").value().as_array().unwrap().len(),
        70
    );
    assert_eq!(
        server.send("POST", "/api/v1/vms/100/stop", "", "").status,
        403
    );
}

/// Prints what one core serves; fails only where it is off by an order of magnitude.
#[test]
fn throughput() {
    let options = Options {
        fleet: Some(2_000),
        ..Options::default()
    };
    let server = serve("throughput", options);
    let mut stream = server.connect();
    let started = Instant::now();
    let calls = 500_u32;
    for index in 0..calls {
        let id = 100 + index % 1_000;
        let request = format!("GET /api/v1/vms/{id} HTTP/1.1\r\nhost: sim\r\n\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let mut bytes = Vec::new();
        let mut chunk = [0; 4096];
        // Rows are objects: the answer ends with a brace at the end of a read.
        while bytes.last() != Some(&b'}') {
            let count = stream.read(&mut chunk).unwrap();
            assert!(count > 0);
            bytes.extend_from_slice(&chunk[..count]);
        }
    }
    let each = started.elapsed() / calls;
    println!("small call over HTTP, one connection: {each:?}");
    assert!(each < Duration::from_millis(20));
}
