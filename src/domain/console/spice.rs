//! The file that a SPICE viewer opens (`application/x-virt-viewer`).

/// Why a viewer could not use it (divergence 48).
///
/// # Errors
/// A sentence for people.
pub fn check(file: &str) -> Result<(), &'static str> {
    let mut section = false;
    let mut host = false;
    let mut port = false;
    for line in file.lines().map(str::trim) {
        if line.starts_with('[') {
            section |= line == "[virt-viewer]";
        } else if let Some((key, value)) = line.split_once('=') {
            let value = value.trim();
            match key.trim() {
                "host" => host |= !value.is_empty(),
                "port" | "tls-port" => port |= value.parse::<u16>().is_ok_and(|port| port > 0),
                _ => {}
            }
        }
    }
    match (section, host, port) {
        (false, ..) => Err("The server sent something that is no file for a SPICE viewer"),
        (_, false, _) => Err("The server's file names no host, so a viewer could not connect"),
        (.., false) => Err("The server's file names no port, so a viewer could not connect"),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files() {
        assert_eq!(
            check("[virt-viewer]\ntype=spice\nhost=pve1\ntls-port=61000\n"),
            Ok(())
        );
        assert!(
            check("[virt-viewer]\nhost=pve1\ntls-port=\n").is_err_and(|why| why.contains("port"))
        );
        assert!(check("[virt-viewer]\nport=5900\n").is_err_and(|why| why.contains("host")));
        assert!(check("<html></html>").is_err());
    }
}
