//! Interfaces of the configuration with the addresses that are known of them, and how.

use crate::api::vms::{AgentInterface, NetworkInterface};
use crate::domain::config::{ConfigMap, Nic, configured_addresses, nics};

/// How an address is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The guest says so.
    Guest,
    /// Cloud-init is told to set it; the guest may have another.
    Configured,
}

/// An interface of the configuration, and what is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NicAddresses {
    /// The interface.
    pub nic: Nic,
    /// What the guest calls it, e.g. `eth0`.
    pub guest_name: Option<String>,
    /// Addresses, those of the wider network first.
    pub addresses: Vec<String>,
    /// How they are known.
    pub source: Source,
}

/// Of no use to anybody outside of the guest.
fn is_inner(ip: &str) -> bool {
    ip.starts_with("127.") || ip == "::1" || ip.is_empty()
}

/// Good on one cable only.
fn is_link_local(ip: &str) -> bool {
    ip.starts_with("169.254.") || ip.to_ascii_lowercase().starts_with("fe80:")
}

/// From the guest agent by MAC address, else from what the server adds to the configuration, else
/// from cloud-init.
#[must_use]
pub fn of_nics(
    config: &ConfigMap,
    told: &[NetworkInterface],
    seen: &[AgentInterface],
) -> Vec<NicAddresses> {
    let configured = configured_addresses(config);
    nics(config)
        .into_iter()
        .map(|nic| {
            let same = |mac: Option<&str>| {
                mac.zip(nic.mac())
                    .is_some_and(|(a, b)| a.eq_ignore_ascii_case(b))
            };
            let agent = seen.iter().find(|interface| same(interface.mac.as_deref()));
            let server = told.iter().find(|interface| interface.name == nic.key);
            let mut addresses: Vec<String> = agent
                .map(|interface| {
                    interface
                        .addresses
                        .iter()
                        .map(|one| one.ip.clone())
                        .collect()
                })
                .or_else(|| server.map(|interface| interface.addresses.clone()))
                .unwrap_or_default();
            addresses.retain(|ip| !is_inner(ip));
            let mut source = Source::Guest;
            if addresses.is_empty() {
                source = Source::Configured;
                addresses = configured
                    .iter()
                    .filter(|one| one.nic == nic.key)
                    .map(|one| one.ip.clone())
                    .collect();
            }
            addresses.sort_by_key(|ip| is_link_local(ip));
            NicAddresses {
                guest_name: agent.map(|interface| interface.name.clone()),
                addresses,
                source,
                nic,
            }
        })
        .collect()
}

/// The addresses worth a place in the head of the page, with how they are known.
#[must_use]
pub fn for_head(nics: &[NicAddresses]) -> Vec<(String, Source)> {
    nics.iter()
        .flat_map(|nic| nic.addresses.iter().map(|ip| (ip.clone(), nic.source)))
        .filter(|(ip, _)| !is_link_local(ip))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::vms::AgentAddress;
    use serde_json::json;

    fn config() -> ConfigMap {
        serde_json::from_value(json!({
            "net0": "virtio=AA:BB:CC:DD:EE:FF,bridge=vmbr0",
            "net1": "virtio=AA:BB:CC:DD:EE:00,bridge=vmbr1",
            "ipconfig1": "ip=10.0.0.7/24"
        }))
        .unwrap()
    }

    #[test]
    fn the_guest_is_believed_first() {
        let seen = [AgentInterface {
            name: "eth0".into(),
            mac: Some("aa:bb:cc:dd:ee:ff".into()),
            addresses: ["fe80::1", "127.0.0.1", "192.168.1.101"]
                .map(|ip| AgentAddress {
                    ip: ip.into(),
                    prefix: None,
                })
                .to_vec(),
        }];
        let found = of_nics(&config(), &[], &seen);
        assert_eq!(found[0].addresses, ["192.168.1.101", "fe80::1"]);
        assert_eq!(
            (found[0].source, found[1].source),
            (Source::Guest, Source::Configured)
        );
        let head = for_head(&found);
        assert_eq!(head[0], ("192.168.1.101".to_owned(), Source::Guest));
        assert_eq!(head[1], ("10.0.0.7".to_owned(), Source::Configured));
        assert_eq!(head.len(), 2);
    }
}
