//! Where a console may be reached: what a server names is taken apart, never followed blindly
//! (divergence 47).

use super::{ConsoleKind, Facts, Secret};

/// Scheme, host with port, and the rest of an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Parts<'a> {
    scheme: &'a str,
    authority: &'a str,
    rest: &'a str,
}

fn split(address: &str) -> Option<Parts<'_>> {
    let (scheme, rest) = address.split_once("://")?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, rest) = rest.split_at(end);
    let plain = !authority.is_empty()
        && !authority.contains(['@', '\\', '%'])
        && !address.contains(|letter: char| letter.is_whitespace() || letter.is_control());
    plain.then_some(Parts {
        scheme,
        authority,
        rest,
    })
}

/// The host without its port, in small letters; brackets of IPv6 stay.
fn host(authority: &str) -> String {
    let host = match authority.rfind(':') {
        Some(at) if !authority[at..].contains(']') => &authority[..at],
        _ => authority,
    };
    host.to_ascii_lowercase()
}

/// Whether two addresses have scheme and authority in common, by their default ports too.
fn authority(parts: &Parts<'_>) -> String {
    let default = match parts.scheme {
        "https" | "wss" => ":443",
        _ => ":80",
    };
    let lower = parts.authority.to_ascii_lowercase();
    lower.strip_suffix(default).unwrap_or(&lower).to_owned()
}

/// What may be reached from here.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reach {
    /// Origin of the server and the path before `/api`: `https://moxxie.example/portal`.
    pub server: String,
    /// Origin of this page.
    pub page: String,
    /// Hosts that whoever installed the console allows besides (`console_hosts`), perhaps with a
    /// port.
    pub hosts: Vec<String>,
}

impl Reach {
    fn allows(&self, parts: &Parts<'_>) -> bool {
        let own = [&self.server, &self.page]
            .into_iter()
            .filter_map(|origin| split(origin))
            .any(|origin| authority(&origin) == authority(parts));
        own || self.hosts.iter().any(|allowed| {
            let allowed = allowed.to_ascii_lowercase();
            allowed == host(parts.authority) || allowed == parts.authority.to_ascii_lowercase()
        })
    }

    /// The address of a console's socket from what a server names: a path on the server itself,
    /// or a whole address whose host is allowed.
    ///
    /// # Errors
    /// A sentence for people that holds no secret.
    pub fn socket(&self, named: &str) -> Result<Secret, String> {
        let server = split(&self.server).ok_or("The server's own address could not be read")?;
        let secure = matches!(server.scheme, "https" | "wss");
        if named.starts_with('/') && !named.starts_with("//") && !named.contains('\\') {
            let scheme = if secure { "wss" } else { "ws" };
            let base = server.rest.trim_end_matches('/');
            return Ok(Secret::new(format!(
                "{scheme}://{}{base}{named}",
                server.authority
            )));
        }
        let parts = split(named).ok_or("The server named no usable address for the socket")?;
        if !matches!(parts.scheme, "ws" | "wss") {
            return Err("The server named an address that is no WebSocket".to_owned());
        }
        if secure && parts.scheme == "ws" {
            return Err(
                "The server named an unencrypted socket, which this page may not open".to_owned(),
            );
        }
        if !self.allows(&parts) {
            return Err(format!(
                "The socket is on {}, which this console may not connect to",
                host(parts.authority)
            ));
        }
        // The shipped server writes the path twice (divergence 47).
        let doubled = parts.rest.match_indices("/api2/json/").count() > 1
            || parts.rest.matches("://").count() > 0;
        if doubled {
            return Err("The server named a socket whose path is not whole".to_owned());
        }
        Ok(Secret::new(named.to_owned()))
    }

    /// Whether an address may be opened in a window of its own: https, or the same origin.
    ///
    /// # Errors
    /// A sentence for people.
    pub fn launch(&self, url: &str) -> Result<(), String> {
        let parts = split(url).ok_or("The server named no usable address")?;
        let page = split(&self.page);
        let same = page.is_some_and(|page| {
            page.scheme == parts.scheme && authority(&page) == authority(&parts)
        });
        if same {
            return Ok(());
        }
        if parts.scheme != "https" {
            return Err("Its address is not encrypted (https)".to_owned());
        }
        if self.allows(&parts) {
            return Ok(());
        }
        let name = host(parts.authority);
        Err(format!(
            "It is on {name}: whoever installed this console has to allow that host (console_hosts in config.json)"
        ))
    }

    /// Whether it may stand inside of this page: only what comes from the same origin.
    #[must_use]
    pub fn embeds(&self, url: &str) -> bool {
        let (Some(parts), Some(page)) = (split(url), split(&self.page)) else {
            return false;
        };
        page.scheme == parts.scheme && authority(&page) == authority(&parts)
    }
}

/// Proxmox VE's own page for a console, from the address of its API. `guest` is the number of a VM
/// or container; none for the shell of the node.
#[must_use]
pub fn proxmox_page(
    endpoint: &str,
    node: &str,
    guest: Option<u32>,
    facts: &Facts,
    kind: ConsoleKind,
) -> Option<String> {
    let parts = split(endpoint)?;
    let plain = !node.is_empty()
        && node
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte));
    if parts.scheme != "https" || !plain {
        return None;
    }
    let console = match facts {
        Facts::Node => "shell",
        Facts::Container => "lxc",
        Facts::Vm(_) => "kvm",
    };
    let viewer = match kind {
        ConsoleKind::Serial => "xtermjs",
        _ => "novnc",
    };
    let vmid = guest.map_or_else(String::new, |id| format!("&vmid={id}"));
    Some(format!(
        "https://{}/?console={console}&{viewer}=1{vmid}&node={node}&resize=off",
        parts.authority
    ))
}

/// The same by hand, at the node: for terminals alone.
#[must_use]
pub fn command(node: &str, guest: Option<u32>, facts: &Facts, kind: ConsoleKind) -> Option<String> {
    match (guest, facts, kind) {
        (None, ..) => Some(format!("ssh root@{node}")),
        (Some(id), Facts::Container, _) => Some(format!("ssh -t root@{node} pct console {id}")),
        (Some(id), _, ConsoleKind::Serial) => Some(format!("ssh -t root@{node} qm terminal {id}")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reach() -> Reach {
        Reach {
            server: "https://moxxie.example/portal".to_owned(),
            page: "https://moxxie.example".to_owned(),
            hosts: vec!["proxmox-01".to_owned(), "pve.example:8006".to_owned()],
        }
    }

    fn socket(named: &str) -> Result<String, String> {
        reach().socket(named).map(|url| url.expose().to_owned())
    }

    #[test]
    fn sockets() {
        assert_eq!(
            socket("/ws/console/101/T%3A1").unwrap(),
            "wss://moxxie.example/portal/ws/console/101/T%3A1"
        );
        assert_eq!(
            socket("wss://proxmox-01:8006/vnc").unwrap(),
            "wss://proxmox-01:8006/vnc"
        );
        assert!(socket("wss://MOXXIE.example:443/x").is_ok(), "its own host");
        let refused = |named: &str| socket(named).unwrap_err();
        assert!(refused("wss://evil.example/x").contains("evil.example"));
        assert!(refused("wss://proxmox-01@evil.example/x").contains("usable"));
        assert!(refused("ws://proxmox-01/x").contains("unencrypted"));
        assert!(refused("https://proxmox-01/x").contains("no WebSocket"));
        assert!(refused("//evil.example/x").contains("usable"));
        assert!(refused("/\\evil.example").contains("usable"));
        assert!(
            refused("wss://proxmox-01:443/api2/json/nodes/a/api2/json/nodes/a/vncwebsocket")
                .contains("not whole")
        );
        assert!(
            !refused("wss://evil.example/x?ticket=PVEVNC:1").contains("PVEVNC"),
            "no secret in a sentence"
        );
    }

    #[test]
    fn launches() {
        let may = |url: &str| reach().launch(url).is_ok();
        assert!(may("https://proxmox-01:8006/?console=kvm"));
        assert!(may("https://pve.example:8006/?console=kvm"));
        assert!(!may("https://pve.example:9000/"), "another port");
        assert!(may("https://moxxie.example/console"));
        assert!(!may("http://proxmox-01:8006/"));
        assert!(!may("javascript:alert(1)"));
        assert!(!may("https://proxmox-01.evil.example/"));
        assert!(reach().embeds("https://moxxie.example/console"));
        assert!(!reach().embeds("https://proxmox-01:8006/"));
    }

    #[test]
    fn pages_of_proxmox() {
        let vm = Facts::Vm(None);
        let page = |endpoint: &str, node: &str, guest, facts: &Facts, kind| {
            proxmox_page(endpoint, node, guest, facts, kind).unwrap_or_default()
        };
        let at = |guest, facts: &Facts, kind| {
            page(
                "https://192.168.1.10:8006/api2/json",
                "pve1",
                guest,
                facts,
                kind,
            )
        };
        assert_eq!(
            at(Some(101), &vm, ConsoleKind::Vnc),
            "https://192.168.1.10:8006/?console=kvm&novnc=1&vmid=101&node=pve1&resize=off"
        );
        assert_eq!(
            at(Some(101), &vm, ConsoleKind::Serial),
            "https://192.168.1.10:8006/?console=kvm&xtermjs=1&vmid=101&node=pve1&resize=off"
        );
        assert_eq!(
            at(Some(200), &Facts::Container, ConsoleKind::Serial),
            "https://192.168.1.10:8006/?console=lxc&xtermjs=1&vmid=200&node=pve1&resize=off"
        );
        assert_eq!(
            at(None, &Facts::Node, ConsoleKind::Serial),
            "https://192.168.1.10:8006/?console=shell&xtermjs=1&node=pve1&resize=off"
        );
        let none = |endpoint, node| page(endpoint, node, Some(101), &vm, ConsoleKind::Vnc);
        assert_eq!(none("http://a/api2/json", "pve1"), "");
        assert_eq!(none("https://a/api2", "x&y=1"), "");
    }

    #[test]
    fn commands() {
        let vm = Facts::Vm(None);
        let of = |guest, facts: &Facts, kind| command("pve1", guest, facts, kind);
        assert_eq!(of(Some(101), &vm, ConsoleKind::Vnc), None);
        assert_eq!(
            of(Some(101), &vm, ConsoleKind::Serial).as_deref(),
            Some("ssh -t root@pve1 qm terminal 101")
        );
        assert_eq!(
            of(Some(200), &Facts::Container, ConsoleKind::Serial).as_deref(),
            Some("ssh -t root@pve1 pct console 200")
        );
        assert_eq!(
            of(None, &Facts::Node, ConsoleKind::Serial).as_deref(),
            Some("ssh root@pve1")
        );
    }
}
