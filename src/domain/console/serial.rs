//! The words of a terminal's socket, as Proxmox VE's termproxy speaks them: first `user:ticket`
//! and a line end, answered with `OK`; then bytes from the guest as they are, and to it
//! `0:LENGTH:BYTES` for what is typed, `1:COLUMNS:ROWS:` for the size, `2` to stay alive.

/// The first line. A ticket of Proxmox names its user (`PVE:root@pam:…`); what names none is
/// taken for the superuser's.
#[must_use]
pub fn greeting(user: Option<&str>, ticket: &str) -> String {
    let named = || {
        let mut parts = ticket.split(':');
        let kind = parts.next()?;
        (kind.starts_with("PVE")).then(|| parts.next())?
    };
    let user = user
        .or_else(named)
        .filter(|user| user.contains('@') && !user.contains('\n'));
    format!("{}:{ticket}\n", user.unwrap_or("root@pam"))
}

/// What was typed.
#[must_use]
pub fn typed(text: &str) -> Vec<u8> {
    let mut out = format!("0:{}:", text.len()).into_bytes();
    out.extend_from_slice(text.as_bytes());
    out
}

/// How large the terminal is.
#[must_use]
pub fn size(columns: u32, rows: u32) -> String {
    format!("1:{columns}:{rows}:")
}

/// Said now and then, so that nobody in between takes the line for dead.
pub const ALIVE: &str = "2";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
        assert_eq!(
            greeting(None, "PVE:root@pam:67890ABC::sig=="),
            "root@pam:PVE:root@pam:67890ABC::sig==\n"
        );
        assert_eq!(
            greeting(Some("admin@pve"), "PVEVNC:1"),
            "admin@pve:PVEVNC:1\n"
        );
        assert_eq!(greeting(None, "PVEVNC:1::x"), "root@pam:PVEVNC:1::x\n");
        assert_eq!(
            typed("ä\r"),
            [b"0:3:".as_slice(), "ä\r".as_bytes()].concat(),
            "bytes are counted"
        );
        assert_eq!(size(80, 24), "1:80:24:");
    }
}
