//! Consoles: what is asked in each contract, and that no secret gets into an error or a log.

use super::fake::{Fake, answer};
use crate::api::console::{self, ConsoleAccess, ConsoleOf};
use crate::api::{Contract, ErrorKind};
use crate::domain::console::{ConsoleKind, Secret};
use crate::domain::ids::VmId;
use std::sync::{Arc, Mutex};

const VM: ConsoleOf = ConsoleOf::Vm(VmId(101));
const GUIDE: &str = include_str!("../../../tests/fixtures/guide/console-101.json");
const SHIPPED: &str = r#"{"type":"vnc","ticket":"PVEVNC:ABC::s","port":"5901","password":"pw123456",
    "websocketPort":8080,"websocketPath":"/ws/console/101/PVEVNC%3AABC","validUntil":"2024-06-24T12:04:00Z",
    "cert":null,"upid":"UPID:x","user":"root@pam"}"#;

#[test]
fn each_contract_in_its_own_words() {
    let fake = Fake::new([answer(200, GUIDE), answer(200, SHIPPED), answer(200, GUIDE)]);
    let client = fake.client();
    let guide = fake
        .run(console::open(&client, &VM, ConsoleKind::Vnc))
        .unwrap();
    assert_eq!(guide.vnc_password().unwrap().expose(), "SeCrEtPaSsWoRd");
    assert!(guide.url.unwrap().starts_with("https://proxmox-01:8006/"));
    client.set_contract(Contract::Server);
    let shipped = fake
        .run(console::open(&client, &VM, ConsoleKind::Serial))
        .unwrap();
    assert_eq!(shipped.port, Some(5901), "a number as text");
    assert_eq!(shipped.user.as_deref(), Some("root@pam"));
    assert!(shipped.valid_until.is_some());
    client.set_contract(Contract::Guide);
    let node = ConsoleOf::Node("proxmox-01".into());
    fake.run(console::open(&client, &node, ConsoleKind::Serial))
        .unwrap();
    assert_eq!(
        fake.calls(),
        [
            "GET /api/v1/vms/101/console?type=novnc",
            "POST /api/v1/vms/101/console",
            "GET /api/v1/nodes/proxmox-01/console?type=xtermjs",
        ]
    );
}

#[test]
fn half_of_an_answer_is_taken_as_it_is() {
    let fake = Fake::new([answer(
        200,
        r#"{"ticket":7,"port":"none","url":null,"password":""}"#,
    )]);
    let access = fake
        .run(console::open(&fake.client(), &VM, ConsoleKind::Vnc))
        .unwrap();
    assert_eq!(access.ticket, Some(Secret::new("7".into())));
    assert_eq!(
        access.vnc_password(),
        access.ticket.as_ref(),
        "the ticket is the password"
    );
    assert_eq!((access.port, access.url), (None, None));
}

#[test]
fn no_secret_is_told() {
    let ticket = Secret::new("PVEVNC:67890ABC::topsecret==".into());
    let access: ConsoleAccess = serde_json::from_str(SHIPPED).unwrap();
    let shown = format!("{access:?}");
    assert!(
        !shown.contains("PVEVNC") && !shown.contains("pw123456"),
        "{shown}"
    );

    let echo = format!(
        r#"{{"error":"BAD","message":"no ticket {}"}}"#,
        ticket.expose()
    );
    let fake = Fake::new([
        answer(400, &echo),
        answer(200, r#"["PVEVNC:67890ABC::topsecret=="]"#),
        answer(200, "[virt-viewer]\nhost=a\nport=1\npassword=x\n"),
    ]);
    let client = fake.client();
    let told = Arc::new(Mutex::new(String::new()));
    let heard = Arc::clone(&told);
    client.observe(Arc::new(move |outcome| {
        heard.lock().unwrap().push_str(&format!("{outcome:?}"));
    }));
    let refused = fake
        .run(console::socket(&client, VmId(101), &ticket))
        .unwrap_err();
    assert_eq!(refused.message, "no ticket [hidden]");
    let misfit = fake
        .run(console::open(&client, &VM, ConsoleKind::Vnc))
        .unwrap_err();
    assert_eq!(
        (misfit.kind, misfit.raw.as_deref()),
        (ErrorKind::Decode, None)
    );
    let file = fake
        .run(console::spice_file(&client, VmId(101), &ticket))
        .unwrap();
    assert!(file.expose().starts_with("[virt-viewer]"));
    let all = format!(
        "{}{refused:?}{misfit:?}{}",
        told.lock().unwrap(),
        refused.report(crate::domain::units::Instant::from_millis(0))
    );
    assert!(!all.contains("topsecret"), "{all}");
    assert!(fake.calls()[0].ends_with("?ticket=PVEVNC%3A67890ABC%3A%3Atopsecret%3D%3D"));
}
