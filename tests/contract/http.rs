//! Over real HTTP: files, headers, base path, sockets, broken connections, controls.

use moxxie_ui::sim::server::{App, Options};
use moxxie_ui::sim::{Fault, Settings};
use serde_json::{Value, json};
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// A built app in a folder of its own.
fn dist(name: &str) -> PathBuf {
    let folder =
        std::env::temp_dir().join(format!("moxxie-sim-test-{}-{name}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    for (file, text) in [
        (
            "index.html",
            "<html><base href=\"/\"><body>console</body></html>",
        ),
        ("app-0123456789abcdef.js", "plain"),
        ("app-0123456789abcdef.js.br", "brotli"),
        ("app-0123456789abcdef.js.gz", "gzip"),
        ("app-0123456789abcdef.wasm", "wasm"),
        ("icons.svg", "<svg/>"),
        ("config.json", "{}"),
    ] {
        std::fs::write(folder.join(file), text).unwrap();
    }
    folder
}

struct Server(SocketAddr);

struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
    /// The connection ended in the middle of the answer.
    broken: bool,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers
            .iter()
            .find(|(key, _)| key == name)
            .map_or("", |(_, value)| value)
    }

    fn value(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("{}", self.body))
    }
}

fn serve(name: &str, options: Options) -> Server {
    let options = Options {
        dist: dist(name),
        ..options
    };
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            let socket = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            sender.send(socket.local_addr().unwrap()).unwrap();
            App::new(options).serve(socket).await.unwrap();
        });
    });
    Server(receiver.recv().unwrap())
}

/// The clock stands, so that answers can be compared.
fn still() -> Options {
    Options {
        speed: 0.0,
        ..Options::default()
    }
}

impl Server {
    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.0).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(10)))
            .unwrap();
        stream
    }

    fn send(&self, method: &str, path: &str, headers: &str, body: &str) -> Answer {
        let mut stream = self.connect();
        let length = body.len();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nhost: sim\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n{body}"
        )
        .unwrap();
        let mut bytes = Vec::new();
        let failed = stream.read_to_end(&mut bytes).is_err();
        read_answer(&String::from_utf8_lossy(&bytes), failed)
    }

    fn get(&self, path: &str) -> Answer {
        self.send("GET", path, "", "")
    }

    fn control(&self, method: &str, path: &str, body: &Value) -> Value {
        let text = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        let answer = self.send(method, &format!("/_sim/{path}"), "", &text);
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        answer.value()
    }
}

fn read_answer(text: &str, failed: bool) -> Answer {
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((text, ""));
    let mut lines = head.lines();
    let status = lines
        .next()
        .and_then(|line| line.split(' ').nth(1))
        .and_then(|code| code.parse().ok())
        .unwrap_or(0);
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let length = headers
        .iter()
        .find(|(name, _)| name == "content-length")
        .and_then(|(_, value)| value.parse::<usize>().ok());
    Answer {
        status,
        broken: failed || status == 0 || length.is_some_and(|length| length > body.len()),
        headers,
        body: body.to_owned(),
    }
}

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

/// The least of a WebSocket client: what the server sends is not masked.
struct Socket(TcpStream);

impl Socket {
    fn open(server: &Server, path: &str, protocols: &str) -> Result<(Self, Answer), u16> {
        let mut stream = server.connect();
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nhost: sim\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
             sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n{protocols}\r\n"
        )
        .unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte).unwrap();
            head.push(byte[0]);
        }
        let answer = read_answer(&String::from_utf8_lossy(&head), false);
        if answer.status == 101 {
            Ok((Self(stream), answer))
        } else {
            Err(answer.status)
        }
    }

    /// The next text frame; `None` when the connection ends.
    fn next(&mut self) -> Option<Value> {
        let mut head = [0; 2];
        self.0.read_exact(&mut head).ok()?;
        if head[0] & 0x0f != 1 {
            return None;
        }
        let length = match head[1] {
            126 => {
                let mut more = [0; 2];
                self.0.read_exact(&mut more).ok()?;
                usize::from(u16::from_be_bytes(more))
            }
            127 => {
                let mut more = [0; 8];
                self.0.read_exact(&mut more).ok()?;
                usize::try_from(u64::from_be_bytes(more)).unwrap()
            }
            short => usize::from(short),
        };
        let mut text = vec![0; length];
        self.0.read_exact(&mut text).ok()?;
        Some(serde_json::from_slice(&text).unwrap())
    }
}

#[test]
fn sockets_tell_and_resume() {
    let server = serve("socket", still());
    let (mut socket, _) = Socket::open(&server, "/api/v1/events", "").unwrap();
    let hello = socket.next().unwrap();
    assert_eq!(
        (&hello["type"], &hello["seq"]),
        (&json!("hello"), &json!(0))
    );
    assert_eq!(
        server.send("POST", "/api/v1/vms/102/start", "", "").status,
        202
    );
    let created = socket.next().unwrap();
    assert_eq!(
        (&created["topic"], &created["type"], &created["seq"]),
        (&json!("task"), &json!("created"), &json!(1))
    );
    server.control("POST", "advance", &json!({"seconds": 3}));
    let mut last = created;
    while last["topic"] != "vm" {
        last = socket.next().unwrap();
    }
    assert_eq!(last["data"]["status"], "running");

    let (mut resumed, _) = Socket::open(&server, "/api/v1/events?since=0&topics=task", "").unwrap();
    assert_eq!(resumed.next().unwrap()["type"], "hello");
    let first = resumed.next().unwrap();
    assert_eq!(
        (&first["seq"], &first["topic"]),
        (&json!(1), &json!("task"))
    );
    let second = resumed.next().unwrap();
    assert_eq!(second["topic"], "task");

    let (mut ahead, _) = Socket::open(&server, "/api/v1/events?since=999999", "").unwrap();
    assert_eq!(ahead.next().unwrap()["type"], "hello");
    assert_eq!(ahead.next().unwrap()["type"], "gap");

    server.control("POST", "socket/drop", &Value::Null);
    while socket.next().is_some() {}
    assert!(ahead.next().is_none());
    server.control("POST", "socket/refuse", &json!({"on": true}));
    assert_eq!(Socket::open(&server, "/api/v1/events", "").err(), Some(503));
    server.control("POST", "socket/refuse", &json!({"on": false}));
    assert!(Socket::open(&server, "/api/v1/events", "").is_ok());
}

#[test]
fn sockets_take_the_key_as_subprotocol() {
    let options = Options {
        settings: Settings {
            api_key: Some("secret".into()),
            ..Settings::default()
        },
        ..still()
    };
    let server = serve("key", options);
    assert_eq!(server.get("/api/v1/info").status, 401);
    assert_eq!(
        server
            .send("GET", "/api/v1/info", "x-api-key: secret\r\n", "")
            .status,
        200
    );
    assert_eq!(Socket::open(&server, "/api/v1/events", "").err(), Some(401));
    let wrong = "sec-websocket-protocol: moxxie.v1, moxxie.key.d3Jvbmc\r\n";
    assert_eq!(
        Socket::open(&server, "/api/v1/events", wrong).err(),
        Some(401)
    );
    let right = "sec-websocket-protocol: moxxie.v1, moxxie.key.c2VjcmV0\r\n";
    let (mut socket, answer) = Socket::open(&server, "/api/v1/events", right).ok().unwrap();
    assert_eq!(answer.header("sec-websocket-protocol"), "moxxie.v1");
    assert_eq!(socket.next().unwrap()["type"], "hello");
    // Files and controls need no key.
    assert_eq!(server.get("/").status, 200);
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
