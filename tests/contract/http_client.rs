//! A server of one's own, and the least of an HTTP client.

use moxxie_ui::sim::server::{App, Options};
use serde_json::Value;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::time::Duration;

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

pub struct Server(SocketAddr);

pub struct Answer {
    pub status: u16,
    headers: Vec<(String, String)>,
    pub body: String,
    /// The connection ended in the middle of the answer.
    pub broken: bool,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .iter()
            .find(|(key, _)| key == name)
            .map_or("", |(_, value)| value)
    }

    pub fn value(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("{}", self.body))
    }
}

pub fn serve(name: &str, options: Options) -> Server {
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
pub fn still() -> Options {
    Options {
        speed: 0.0,
        ..Options::default()
    }
}

impl Server {
    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.0).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(10)))
            .unwrap();
        stream
    }

    pub fn send(&self, method: &str, path: &str, headers: &str, body: &str) -> Answer {
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

    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, "", "")
    }

    pub fn control(&self, method: &str, path: &str, body: &Value) -> Value {
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

pub fn read_answer(text: &str, failed: bool) -> Answer {
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
