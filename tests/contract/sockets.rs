//! The WebSocket, over a real connection.

use crate::http_client::{Answer, Server, read_answer, serve, still};
use moxxie_ui::sim::Settings;
use moxxie_ui::sim::server::Options;
use serde_json::{Value, json};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;

/// The least of a WebSocket client: what the server sends is not masked.
pub struct Socket(pub TcpStream);

impl Socket {
    pub fn open(server: &Server, path: &str, protocols: &str) -> Result<(Self, Answer), u16> {
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
