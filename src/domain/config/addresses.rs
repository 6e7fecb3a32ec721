//! Addresses that the configuration gives the guest, where the guest itself does not tell.

use super::{ConfigMap, text};
use crate::domain::text::natural;

/// An address that cloud-init sets: configured, not observed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfiguredAddress {
    /// Key of the interface, e.g. `net0`.
    pub nic: String,
    /// Address without its prefix length, e.g. `10.20.0.5`.
    pub ip: String,
}

/// Fixed addresses of `ipconfig0`, `ipconfig1` …: `ip=10.20.0.5/24,gw=10.20.0.1,ip6=auto`. What
/// the guest asks a DHCP server for, or chooses itself, is not known from here.
#[must_use]
pub fn configured_addresses(config: &ConfigMap) -> Vec<ConfiguredAddress> {
    let mut keys: Vec<(&str, &str)> = config
        .keys()
        .filter_map(|key| {
            let number = key.strip_prefix("ipconfig")?;
            let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
            digits.then_some((key.as_str(), number))
        })
        .collect();
    keys.sort_by(|(a, _), (b, _)| natural(a, b));
    keys.into_iter()
        .filter_map(|(key, number)| Some((text(config, key)?, number)))
        .flat_map(|(value, number)| {
            let nic = format!("net{number}");
            fixed(&value).into_iter().map(move |ip| ConfiguredAddress {
                nic: nic.clone(),
                ip,
            })
        })
        .collect()
}

fn fixed(value: &str) -> Vec<String> {
    value
        .split(',')
        .filter_map(|part| part.split_once('='))
        .filter(|(key, _)| matches!(key.trim(), "ip" | "ip6"))
        .filter_map(|(_, address)| address.trim().split('/').next())
        .filter(|address| !matches!(*address, "" | "dhcp" | "auto" | "manual"))
        .map(ToOwned::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn fixed_addresses_alone() {
        let config: ConfigMap = serde_json::from_value(json!({
            "ipconfig10": "ip=10.0.9.9/24",
            "ipconfig0": "ip=10.20.0.5/24,gw=10.20.0.1,ip6=auto",
            "ipconfig1": "ip=dhcp,ip6=2001:db8::5/64",
            "ipconfig2": "ip=dhcp",
            "ipconfigured": "ip=1.2.3.4/8",
            "ipconfig3": 7
        }))
        .unwrap();
        let found: Vec<_> = configured_addresses(&config)
            .into_iter()
            .map(|address| (address.nic, address.ip))
            .collect();
        let expected = [
            ("net0", "10.20.0.5"),
            ("net1", "2001:db8::5"),
            ("net10", "10.0.9.9"),
        ];
        assert_eq!(
            found,
            expected.map(|(nic, ip)| (nic.to_owned(), ip.to_owned()))
        );
    }

    proptest! {
        #[test]
        fn no_text_is_too_odd(value in "\\PC{0,40}") {
            let mut config = ConfigMap::new();
            config.insert("ipconfig0".into(), value.into());
            let _ = configured_addresses(&config);
        }
    }
}
