//! The program itself.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

#[test]
fn tells_its_address_serves_and_ends_with_its_parent() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_moxxie-sim"))
        .args([
            "--listen",
            "127.0.0.1:0",
            "--base-path",
            "portal/moxxie/",
            "--exit-with-parent",
        ])
        .args(["--speed", "0", "--fault", "GET /api/v1/tags status=503"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let address = line.trim().strip_prefix("listening on http://").unwrap();
    let host = address.strip_suffix("/portal/moxxie").unwrap();
    let ask = |path: &str| {
        let mut stream = TcpStream::connect(host).unwrap();
        let request =
            format!("GET /portal/moxxie{path} HTTP/1.1\r\nhost: sim\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    };
    assert!(ask("/api/v1/info").starts_with("HTTP/1.1 200"));
    assert!(ask("/api/v1/tags").starts_with("HTTP/1.1 503"));
    drop(child.stdin.take());
    let patience = Instant::now();
    while child.try_wait().unwrap().is_none() {
        assert!(patience.elapsed() < Duration::from_secs(10), "still there");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn refuses_what_it_does_not_understand() {
    for arguments in [
        ["--fault", "explode"],
        ["--scenario", "moon"],
        ["--vms", "0"],
    ] {
        let done = Command::new(env!("CARGO_BIN_EXE_moxxie-sim"))
            .args(arguments)
            .output()
            .unwrap();
        assert!(!done.status.success(), "{arguments:?}");
        assert!(String::from_utf8_lossy(&done.stderr).contains(arguments[0]));
    }
}
