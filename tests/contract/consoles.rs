//! Consoles: tickets in both contracts, and real lines to a guest.

use crate::client::{room, run};
use crate::support::{Checked, fixture, shows};
use moxxie_ui::api::console::{self, ConsoleOf};
use moxxie_ui::api::{Contract, ErrorKind};
use moxxie_ui::domain::console::{ConsoleKind, spice};
use moxxie_ui::domain::ids::VmId;
use moxxie_ui::sim::Settings;
use serde_json::json;
use std::time::Duration;

const WEB: ConsoleOf = ConsoleOf::Vm(VmId(101));

#[test]
fn the_guides_example() {
    let mut sim = Checked::guide();
    let mut answer = sim.get("/vms/101/console?type=novnc");
    let mut example = fixture("console-101.json");
    // Secrets are those of another time.
    for body in [&mut answer, &mut example] {
        for key in ["ticket", "password"] {
            let secret = body.as_object_mut().unwrap().remove(key).unwrap();
            assert!(secret.as_str().unwrap().len() >= 14);
        }
    }
    shows(&answer, &example, "/vms/101/console");
    let again = sim.get("/vms/101/console?type=novnc");
    assert_ne!(
        again["websocketPath"], answer["websocketPath"],
        "a ticket each time"
    );
}

#[test]
fn refusals_say_why() {
    let mut sim = Checked::guide();
    let mut refused = |path: &str| sim.refused("GET", path);
    assert_eq!(refused("/vms/102/console").0, 409);
    assert_eq!(refused("/vms/9999/console").0, 404);
    assert_eq!(refused("/vms/101/console?type=rdp").0, 400);
    assert!(
        refused("/vms/101/console?type=spice")
            .1
            .contains("NO_CONSOLE")
    );
    assert_eq!(refused("/vms/101/console/spice?ticket=PVE%3Awrong").0, 401);
    assert_eq!(refused("/nodes/nowhere/console").0, 404);
    // A container's page is another one than a VM's.
    sim.patch("vm", "101", &json!({"type": "lxc"}));
    let access = sim.get("/vms/101/console?type=xtermjs");
    let url = access["url"].as_str().unwrap();
    assert!(url.contains("?console=lxc&xtermjs=1&vmid=101&"), "{url}");
}

#[test]
fn the_client_in_both_contracts() {
    let own = room(Settings::default());
    let access = run(console::open(&own.client, &WEB, ConsoleKind::Vnc)).unwrap();
    assert!(access.websocket_path.is_some() && access.valid_until.is_some());
    let ticket = access.ticket.unwrap();
    let place = run(console::socket(&own.client, VmId(101), &ticket)).unwrap();
    assert_eq!(place.url, access.websocket_path, "named twice, the same");
    let node = ConsoleOf::Node("proxmox-01".into());
    assert!(run(console::open(&own.client, &node, ConsoleKind::Serial)).is_ok());
    let refused = run(console::open(&own.client, &WEB, ConsoleKind::Serial)).unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Conflict);

    own.sim
        .lock()
        .unwrap()
        .patch("vm", "101", &json!({"config": {"vga": "qxl"}}))
        .unwrap();
    let access = run(console::open(&own.client, &WEB, ConsoleKind::Spice)).unwrap();
    let file = run(console::spice_file(
        &own.client,
        VmId(101),
        &access.ticket.unwrap(),
    ))
    .unwrap();
    assert_eq!(spice::check(file.expose()), Ok(()));
    let late = run(console::open(&own.client, &WEB, ConsoleKind::Spice)).unwrap();
    own.sim.lock().unwrap().advance(Duration::from_secs(121));
    let late = late.ticket.unwrap();
    let error = run(console::spice_file(&own.client, VmId(101), &late)).unwrap_err();
    assert!(console::is_spent(&error), "{:?}", error.kind);
    assert_ne!(
        error.kind,
        ErrorKind::Unauthorized,
        "the key is not asked for anew"
    );

    let shipped = room(Settings {
        shipped: true,
        ..Settings::default()
    });
    shipped.client.set_contract(Contract::Server);
    shipped
        .sim
        .lock()
        .unwrap()
        .patch("vm", "101", &json!({"config": {"vga": "qxl"}}))
        .unwrap();
    let access = run(console::open(&shipped.client, &WEB, ConsoleKind::Spice)).unwrap();
    let ticket = access.ticket.unwrap();
    let file = run(console::spice_file(&shipped.client, VmId(101), &ticket)).unwrap();
    assert!(spice::check(file.expose()).is_err_and(|why| why.contains("port")));
    let place = run(console::socket(&shipped.client, VmId(101), &ticket)).unwrap();
    assert!(
        place
            .url
            .unwrap()
            .expose()
            .starts_with("wss://proxmox-01:443/")
    );
}

#[cfg(feature = "sim-server")]
mod lines {
    use crate::http_client::{Server, serve, still};
    use crate::sockets::Socket;
    use moxxie_ui::domain::console::serial;
    use moxxie_ui::sim::Settings;
    use moxxie_ui::sim::server::Options;
    use serde_json::{Value, json};
    use std::io::{Read as _, Write as _};

    /// The payload of the next frame that holds one; `None` when the line ends.
    fn frame(socket: &mut Socket) -> Option<Vec<u8>> {
        let mut head = [0; 2];
        socket.0.read_exact(&mut head).ok()?;
        if head[0] & 0x0f == 8 {
            return None;
        }
        let length = match head[1] {
            126 => {
                let mut more = [0; 2];
                socket.0.read_exact(&mut more).ok()?;
                usize::from(u16::from_be_bytes(more))
            }
            127 => {
                let mut more = [0; 8];
                socket.0.read_exact(&mut more).ok()?;
                usize::try_from(u64::from_be_bytes(more)).unwrap()
            }
            short => usize::from(short),
        };
        let mut bytes = vec![0; length];
        socket.0.read_exact(&mut bytes).ok()?;
        Some(bytes)
    }

    /// A binary frame with a mask of zeros.
    fn send(socket: &mut Socket, bytes: &[u8]) {
        let length = u8::try_from(bytes.len()).unwrap();
        assert!(length < 126);
        socket
            .0
            .write_all(&[0x82, 0x80 | length, 0, 0, 0, 0])
            .unwrap();
        socket.0.write_all(bytes).unwrap();
    }

    fn ticket(server: &Server, path: &str) -> Value {
        let answer = server.get(&format!("/api/v1{path}"));
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.value()
    }

    fn path(access: &Value) -> &str {
        access["websocketPath"].as_str().unwrap()
    }

    #[test]
    fn a_screen_opens_once() {
        let server = serve("console-vnc", still());
        let access = ticket(&server, "/vms/101/console");
        let (mut socket, _) = Socket::open(&server, path(&access), "").unwrap();
        assert_eq!(frame(&mut socket).unwrap(), b"RFB 003.008\n");
        send(&mut socket, b"RFB 003.008\n");
        assert_eq!(frame(&mut socket).unwrap(), [1, 2]);
        assert!(
            matches!(Socket::open(&server, path(&access), ""), Err(401)),
            "a ticket is used up"
        );
        let access = ticket(&server, "/vms/101/console");
        server.control("POST", "console/expire", &json!({}));
        assert!(matches!(Socket::open(&server, path(&access), ""), Err(401)));
        let access = ticket(&server, "/vms/101/console");
        server.control("POST", "advance", &json!({"seconds": 121}));
        assert!(matches!(Socket::open(&server, path(&access), ""), Err(401)));
        server.control("POST", "vm/101", &json!({"status": "stopped"}));
        assert!(frame(&mut socket).is_none(), "the line ends with the guest");
    }

    #[test]
    fn a_shell_answers() {
        let server = serve("console-text", still());
        let access = ticket(&server, "/nodes/proxmox-01/console");
        let (mut socket, _) = Socket::open(&server, path(&access), "").unwrap();
        send(
            &mut socket,
            serial::greeting(None, access["ticket"].as_str().unwrap()).as_bytes(),
        );
        assert!(frame(&mut socket).unwrap().starts_with(b"OK"));
        send(&mut socket, &serial::typed("echo hi\r"));
        let told = String::from_utf8(frame(&mut socket).unwrap()).unwrap();
        assert!(told.contains("\r\nhi\r\n"), "{told}");
        send(&mut socket, &serial::typed("exit\r"));
        assert!(frame(&mut socket).unwrap().ends_with(b"logout\r\n"));
        assert!(frame(&mut socket).is_none(), "the line ends with its shell");
    }

    #[test]
    fn the_shipped_proxy_only_echoes() {
        let server = serve(
            "console-shipped",
            Options {
                settings: Settings {
                    shipped: true,
                    ..Settings::default()
                },
                ..still()
            },
        );
        let answer = server.send("POST", "/api/v1/vms/101/console", "", r#"{"type":"VNC"}"#);
        let access = answer.value();
        let wants = "sec-websocket-protocol: binary\r\n";
        let (mut socket, opened) = Socket::open(&server, path(&access), wants).unwrap();
        assert_eq!(
            opened.header("sec-websocket-protocol"),
            "",
            "it agrees on none, which a browser takes for a refusal"
        );
        assert!(frame(&mut socket).unwrap().starts_with(b"Console proxy"));
        send(&mut socket, b"RFB");
        assert_eq!(frame(&mut socket).unwrap(), b"RFB");
    }
}
