//! `/vms/{vmId}/console…` and `/nodes/{node}/console`, in both contracts.

use super::{Answer, Call, nodes, object, vm};
use crate::domain::console::{ConsoleKind, Devices, Facts, possible};
use crate::domain::units::Instant;
use crate::sim::console::Ticket;
use crate::sim::http::{Body, Response};
use crate::sim::model::Vm;
use crate::sim::refusal::Refusal;
use serde_json::{Value, json};

/// A certificate as the guide's example cuts it short.
const CERT: &str =
    "-----BEGIN CERTIFICATE-----\nMIIDnTCCAoWgAwIBAgIUY...\n-----END CERTIFICATE-----";

fn unknown_kind(word: &str) -> Refusal {
    Refusal::invalid(
        "Invalid console type",
        "type",
        &format!("'{word}' is none of novnc, spice and xtermjs"),
    )
}

/// `/ws/console/101/TICKET`, percent-encoded.
fn socket_path(ticket: &Ticket) -> String {
    let encode = |text: &str| {
        text.bytes()
            .map(|byte| match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => {
                    char::from(byte).to_string()
                }
                other => format!("%{other:02X}"),
            })
            .collect::<String>()
    };
    format!(
        "/ws/console/{}/{}",
        encode(&ticket.place),
        encode(&ticket.text)
    )
}

fn facts(vm: &Vm) -> Facts {
    if vm.kind.as_str() == "lxc" {
        return Facts::Container;
    }
    let display = vm
        .config
        .get("vga")
        .and_then(Value::as_str)
        .unwrap_or_default();
    Facts::Vm(Some(Devices {
        display: display.split(',').next().unwrap_or_default().to_owned(),
        serial: vm.config.keys().any(|key| key.starts_with("serial")),
    }))
}

/// A ticket for a VM's console, or why there is none.
fn issue(call: &mut Call<'_>, id: &str, kind: ConsoleKind) -> Result<(Ticket, String), Refusal> {
    let vm = vm(call.world, id)?;
    if vm.template {
        return Err(Refusal::conflict(
            "VM_TEMPLATE",
            format!("VM {id} is a template"),
        ));
    }
    if !vm.is_on() {
        return Err(Refusal::conflict(
            "VM_STATE",
            format!("VM {id} is not running"),
        ));
    }
    possible(&facts(vm), kind).map_err(|why| Refusal::conflict("NO_CONSOLE", why))?;
    let (place, node) = (vm.id.to_string(), vm.node.to_string());
    let (seed, now) = (call.world.seed, call.world.now);
    Ok((call.world.consoles.issue(seed, &place, kind, now), node))
}

fn port(ticket: &Ticket) -> u32 {
    let number: u32 = ticket.place.parse().unwrap_or_default();
    match ticket.kind {
        ConsoleKind::Spice => 61_000 + number % 100,
        // The guide shows 5900 of VM 101.
        _ => 5_900 + (number + 99) % 100,
    }
}

fn body(ticket: &Ticket, node: &str, url: String) -> Response {
    Response::ok(&json!({
        "url": url,
        "ticket": ticket.text,
        "port": port(ticket),
        "protocol": "wss",
        "host": node,
        "password": ticket.password,
        "cert": CERT,
        "validUntil": Instant::from_millis(ticket.until).to_iso(),
        "websocketPath": (ticket.kind != ConsoleKind::Spice).then(|| socket_path(ticket)),
    }))
}

/// `GET /vms/{vmId}/console?type=`
pub fn of_vm(call: &mut Call<'_>, id: &str) -> Answer {
    let word = call.query.get("type").unwrap_or("novnc").to_owned();
    let kind = ConsoleKind::ALL
        .into_iter()
        .find(|kind| kind.guide_word() == word)
        .ok_or_else(|| unknown_kind(&word))?;
    let (ticket, node) = issue(call, id, kind)?;
    let vm = vm(call.world, id)?;
    let name = vm.name.clone();
    let console = if vm.kind.as_str() == "lxc" {
        "lxc"
    } else {
        "kvm"
    };
    let switch = match kind {
        ConsoleKind::Serial => "xtermjs=1",
        _ => "novnc=1",
    };
    let url = format!(
        "https://{node}:8006/?console={console}&{switch}&vmid={id}&vmname={name}&node={node}&resize=off"
    );
    Ok(body(&ticket, &node, url))
}

/// `GET /nodes/{node}/console?type=`
pub fn of_node(call: &mut Call<'_>, name: &str) -> Answer {
    let word = call.query.get("type").unwrap_or("xtermjs").to_owned();
    if word != "xtermjs" {
        return Err(unknown_kind(&word));
    }
    nodes::find(call.world, name)?;
    if crate::sim::console::running(call.world, name).is_none() {
        return Err(Refusal::new(
            503,
            "NODE_OFFLINE",
            format!("No route to node '{name}'"),
        ));
    }
    let (seed, now) = (call.world.seed, call.world.now);
    let ticket = call
        .world
        .consoles
        .issue(seed, name, ConsoleKind::Serial, now);
    let url = format!("https://{name}:8006/?console=shell&xtermjs=1&node={name}");
    Ok(body(&ticket, name, url))
}

/// The ticket that a call comes with.
fn ticket<'a>(call: &'a Call<'_>, id: &str) -> Result<&'a Ticket, Refusal> {
    let id = vm(call.world, id)?.id.to_string();
    let text = call.query.get("ticket").unwrap_or_default();
    call.world
        .consoles
        .ticket(text, &id, call.world.now)
        .ok_or_else(|| {
            Refusal::new(
                401,
                "TICKET_INVALID",
                "The ticket is unknown or has expired",
            )
        })
}

/// `GET /vms/{vmId}/console/websocket?ticket=`
pub fn websocket(call: &Call<'_>, id: &str) -> Answer {
    let ticket = ticket(call, id)?;
    Ok(Response::ok(&json!({
        "url": socket_path(ticket),
        "protocol": "binary",
        "headers": {},
    })))
}

/// `GET /vms/{vmId}/console/spice?ticket=`
pub fn spice(call: &Call<'_>, id: &str) -> Answer {
    let vm = vm(call.world, id)?;
    let ticket = ticket(call, id)?;
    if ticket.kind != ConsoleKind::Spice {
        return Err(Refusal::invalid(
            "The ticket is not for SPICE",
            "ticket",
            "Ask for type spice",
        ));
    }
    // As shipped it can lack the port (divergence 48).
    let port = if call.world.settings.shipped {
        String::new()
    } else {
        format!("tls-port={}\n", port(ticket))
    };
    let text = format!(
        "[virt-viewer]\ntype=spice\ntitle=VM {id} - {}\nhost={}\n{port}password={}\ndelete-this-file=1\n\
         secure-attention=Ctrl+Alt+Ins\ntoggle-fullscreen=Shift+F11\n",
        vm.name, vm.node, ticket.password
    );
    let mut answer = Response::none();
    answer.status = 200;
    answer
        .headers
        .push(("Content-Type", "application/x-virt-viewer".to_owned()));
    answer.body = Body::Own(text);
    Ok(answer)
}

/// `POST /vms/{vmId}/console` of the server as shipped (divergence 37).
pub fn shipped(call: &mut Call<'_>, id: &str) -> Answer {
    let fields = object(call.body)?;
    let word = fields
        .get("type")
        .and_then(Value::as_str)
        .unwrap_or("VNC")
        .to_owned();
    let kind = ConsoleKind::ALL
        .into_iter()
        .find(|kind| kind.server_word() == word)
        .ok_or_else(|| {
            Refusal::invalid("Invalid console type", "type", "VNC, SPICE or TERMINAL")
        })?;
    let (ticket, _) = issue(call, id, kind)?;
    Ok(Response::ok(&json!({
        "type": word.to_lowercase(),
        "ticket": ticket.text,
        "port": port(&ticket),
        "password": ticket.password,
        "websocketPort": 8080,
        "websocketPath": socket_path(&ticket),
        "validUntil": Instant::from_millis(ticket.until).to_iso(),
        "user": "root@pam",
    })))
}

/// The same server names the hypervisor's host, a wrong port, and the path twice (divergence 47).
pub fn shipped_websocket(call: &Call<'_>, id: &str) -> Answer {
    let ticket = ticket(call, id)?;
    let node = &vm(call.world, id)?.node;
    let path = format!("api2/json/nodes/{node}/qemu/{id}/vncwebsocket");
    Ok(Response::ok(&json!({
        "url": format!("wss://{node}:443/{path}/{path}?port={}", port(ticket)),
        "protocol": "binary",
        "headers": {},
    })))
}
