//! Addresses of a VM's interfaces, as cloud-init takes them: `ip=10.0.0.5/24,gw=10.0.0.1`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Proxmox's `ipconfig0`: `key=value` parts with commas between. Every text is read and printed
/// back unchanged.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IpConfig(Vec<(String, Option<String>)>);

impl IpConfig {
    /// Reads any text.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        if text.is_empty() {
            return Self::default();
        }
        let part = |part: &str| match part.split_once('=') {
            Some((key, value)) => (key.to_owned(), Some(value.to_owned())),
            None => (part.to_owned(), None),
        };
        Self(text.split(',').map(part).collect())
    }

    /// The text.
    #[must_use]
    pub fn print(&self) -> String {
        let parts: Vec<String> = self
            .0
            .iter()
            .map(|(key, value)| match value {
                Some(value) => format!("{key}={value}"),
                None => key.clone(),
            })
            .collect();
        parts.join(",")
    }

    /// One part: `ip`, `gw`, `ip6`, `gw6`.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        let found = self.0.iter().find(|(own, _)| own == key)?;
        found.1.as_deref()
    }

    /// With one more part; an empty value adds nothing.
    #[must_use]
    pub fn with(mut self, key: &str, value: &str) -> Self {
        if !value.is_empty() {
            self.0.push((key.to_owned(), Some(value.to_owned())));
        }
        self
    }
}

fn net_of(address: IpAddr, prefix: u32) -> u128 {
    let (bits, width) = match address {
        IpAddr::V4(v4) => (u128::from(u32::from(v4)), 32),
        IpAddr::V6(v6) => (u128::from(v6), 128),
    };
    let host = width - prefix;
    if host >= 128 {
        0
    } else {
        (bits >> host) << host
    }
}

/// Reads `10.0.0.5/24` or `fd00::5/64`.
///
/// # Errors
/// What is wrong with it, in words.
pub fn cidr(text: &str) -> Result<(IpAddr, u32), String> {
    let (address, prefix) = text
        .split_once('/')
        .ok_or("The length of the network is missing, e.g. /24")?;
    let address: IpAddr = address
        .parse()
        .map_err(|_| format!("“{address}” is no IP address"))?;
    let most = if address.is_ipv4() { 32 } else { 128 };
    match prefix.parse::<u32>() {
        Ok(prefix) if (1..=most).contains(&prefix) => Ok((address, prefix)),
        _ => Err(format!("The length of the network is 1 to {most}")),
    }
}

/// Checks a static address of one kind.
///
/// # Errors
/// What is wrong with it, in words.
pub fn check_static(text: &str, six: bool) -> Result<(), String> {
    let (address, prefix) = cidr(text.trim())?;
    if address.is_ipv6() != six {
        let kind = if six { "IPv6" } else { "IPv4" };
        return Err(format!("An {kind} address is wanted here"));
    }
    let unusable = match address {
        IpAddr::V4(v4) => v4.is_unspecified() || v4.is_multicast() || v4 == Ipv4Addr::BROADCAST,
        IpAddr::V6(v6) => v6 == Ipv6Addr::UNSPECIFIED || v6.is_multicast(),
    };
    if unusable {
        return Err(format!("{address} is no address of a single machine"));
    }
    if let IpAddr::V4(v4) = address
        && prefix < 31
    {
        let host = u32::from(v4) & (u32::MAX >> prefix);
        if host == 0 {
            return Err(format!("{v4} is the network itself"));
        }
        if host == u32::MAX >> prefix {
            return Err(format!("{v4} is the broadcast address of its network"));
        }
    }
    Ok(())
}

/// Checks a gateway beside its static address.
///
/// # Errors
/// What is wrong with it, in words.
pub fn check_gateway(gateway: &str, address: &str) -> Result<(), String> {
    let gateway: IpAddr = gateway
        .trim()
        .parse()
        .map_err(|_| "Not an IP address".to_owned())?;
    let Ok((own, prefix)) = cidr(address.trim()) else {
        return Ok(());
    };
    if own.is_ipv4() != gateway.is_ipv4() {
        return Err("Not of the same kind as the address".to_owned());
    }
    if own == gateway {
        return Err("The VM cannot be its own gateway".to_owned());
    }
    // A router's link-local address serves every network.
    let local = matches!(gateway, IpAddr::V6(v6) if v6.segments()[0] & 0xffc0 == 0xfe80);
    if !local && net_of(own, prefix) != net_of(gateway, prefix) {
        return Err(format!("Not in the network of {}", address.trim()));
    }
    Ok(())
}

/// Name servers with commas or spaces between, as the server takes them: with commas.
///
/// # Errors
/// Which one is no address.
pub fn name_servers(text: &str) -> Result<String, String> {
    let all: Vec<&str> = text
        .split([',', ' ', ';', '\n'])
        .filter(|part| !part.is_empty())
        .collect();
    match all.iter().find(|part| part.parse::<IpAddr>().is_err()) {
        Some(wrong) => Err(format!("“{wrong}” is no IP address")),
        None => Ok(all.join(",")),
    }
}

/// A MAC address of a machine: `BC:24:11:00:00:01`.
///
/// # Errors
/// What is wrong with it, in words.
pub fn mac(text: &str) -> Result<(), String> {
    let parts: Vec<Option<u8>> = text
        .trim()
        .split(':')
        .map(|part| {
            (part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_hexdigit()))
                .then(|| u8::from_str_radix(part, 16).ok())
                .flatten()
        })
        .collect();
    match parts.as_slice() {
        [Some(first), Some(_), Some(_), Some(_), Some(_), Some(_)] if first % 2 == 0 => Ok(()),
        [Some(_), Some(_), Some(_), Some(_), Some(_), Some(_)] => {
            Err("The second digit must be even: this is the address of a group".to_owned())
        }
        _ => Err("Six pairs of hexadecimal digits, e.g. BC:24:11:00:00:01".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn addresses_are_of_machines() {
        for (text, six) in [
            ("10.0.0.5/24", false),
            ("10.0.0.4/31", false),
            ("fd00::5/64", true),
        ] {
            assert_eq!(check_static(text, six), Ok(()), "{text}");
        }
        for (text, six, why) in [
            ("10.0.0.5", false, "length"),
            ("10.0.0/24", false, "no IP address"),
            ("10.0.0.5/33", false, "1 to 32"),
            ("10.0.0.0/24", false, "network itself"),
            ("10.0.0.255/24", false, "broadcast"),
            ("fd00::5/64", false, "IPv4"),
            ("10.0.0.5/24", true, "IPv6"),
            ("224.0.0.1/24", false, "single machine"),
        ] {
            let said = check_static(text, six).unwrap_err();
            assert!(said.contains(why), "{text}: {said}");
        }
    }

    #[test]
    fn gateways_are_in_reach() {
        assert_eq!(check_gateway("10.0.0.1", "10.0.0.5/24"), Ok(()));
        assert_eq!(check_gateway("fe80::1", "fd00::5/64"), Ok(()));
        assert!(check_gateway("10.0.1.1", "10.0.0.5/24").is_err());
        assert!(check_gateway("10.0.0.5", "10.0.0.5/24").is_err());
        assert!(check_gateway("fd00::1", "10.0.0.5/24").is_err());
        assert!(check_gateway("gateway", "10.0.0.5/24").is_err());
    }

    #[test]
    fn lists_and_macs() {
        assert_eq!(
            name_servers("1.1.1.1, 9.9.9.9"),
            Ok("1.1.1.1,9.9.9.9".into())
        );
        assert_eq!(name_servers(" "), Ok(String::new()));
        assert!(name_servers("dns.example.org").is_err());
        assert_eq!(mac("BC:24:11:00:00:01"), Ok(()));
        assert!(mac("01:24:11:00:00:01").is_err());
        assert!(mac("BC-24-11-00-00-01").is_err());
        assert!(mac("BC:24:11:00:00").is_err());
        assert!(mac("+C:24:11:00:00:01").is_err());
    }

    #[test]
    fn configs_are_put_together() {
        let config = IpConfig::default()
            .with("ip", "10.0.0.5/24")
            .with("gw", "10.0.0.1")
            .with("gw6", "");
        assert_eq!(config.print(), "ip=10.0.0.5/24,gw=10.0.0.1");
        assert_eq!(config.get("gw"), Some("10.0.0.1"));
    }

    proptest! {
        #[test]
        fn every_config_prints_back_unchanged(text in "\\PC{0,60}") {
            prop_assert_eq!(IpConfig::parse(&text).print(), text.clone());
            let _ = (cidr(&text), check_static(&text, true), check_gateway(&text, &text));
            let _ = (name_servers(&text), mac(&text));
        }

        #[test]
        fn every_length_is_taken(bits in any::<u128>(), prefix in 1_u32..=128) {
            let text = format!("{}/{prefix}", Ipv6Addr::from(bits));
            prop_assert_eq!(cidr(&text), Ok((IpAddr::V6(Ipv6Addr::from(bits)), prefix)));
            let _ = check_gateway("fd00::1", &text);
        }
    }
}
