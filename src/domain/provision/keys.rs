//! Public SSH keys, one a line.

/// Kinds of keys that OpenSSH takes.
const KINDS: [&str; 7] = [
    "ssh-ed25519",
    "ssh-rsa",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "sk-ssh-ed25519@openssh.com",
    "sk-ecdsa-sha2-nistp256@openssh.com",
];

/// Bytes of base64 text; `None` where it is not.
fn base64(text: &str) -> Option<Vec<u8>> {
    let body = text.trim_end_matches('=');
    if !text.len().is_multiple_of(4) || text.len() - body.len() > 2 {
        return None;
    }
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut held, mut bits) = (0_u32, 0);
    for letter in body.bytes() {
        let six = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        held = (held << 6 | u32::from(six)) & 0xff_ffff;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits & 0xff).to_le_bytes()[0]);
        }
    }
    Some(bytes)
}

fn check(line: &str) -> Result<(), String> {
    if line.contains("PRIVATE KEY") {
        return Err(
            "is a private key: never give that away; the public one is in the .pub file".into(),
        );
    }
    let mut words = line.split_whitespace();
    let kind = words.next().unwrap_or_default();
    if !KINDS.contains(&kind) {
        return Err(format!(
            "does not begin with a kind of key, such as {}",
            KINDS[0]
        ));
    }
    let blob = words.next().and_then(base64);
    // The key begins with the length and the name of its kind.
    let Some(blob) = blob.filter(|blob| blob.len() > kind.len() + 4) else {
        return Err("is cut off: the key behind its kind is not whole".into());
    };
    if blob.get(4..4 + kind.len()) != Some(kind.as_bytes()) {
        return Err(format!("says {kind}, and holds another kind of key"));
    }
    // What follows are fields, each with its length before it; a key that is cut off ends within one.
    let mut at = 0;
    while at < blob.len() {
        let length = blob
            .get(at..at + 4)
            .and_then(|bytes| bytes.try_into().ok())
            .map(u32::from_be_bytes)
            .and_then(|length| usize::try_from(length).ok());
        at = match length.and_then(|length| at.checked_add(4)?.checked_add(length)) {
            Some(next) if next <= blob.len() => next,
            _ => return Err("is cut off: the key behind its kind is not whole".into()),
        };
    }
    Ok(())
}

/// The keys of a text, one a line; empty lines and comments are left out.
///
/// # Errors
/// Which line is no public key, and why.
pub fn public_keys(text: &str) -> Result<Vec<String>, String> {
    let mut keys = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        check(line).map_err(|why| format!("Line {} {why}", at + 1))?;
        keys.push(line.to_owned());
    }
    Ok(keys)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const GOOD: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGLmQqfp8X5DUVxLruBsCmJ7m4mDGcr5V7e2BXMkNPDp user@example.com";

    #[test]
    fn keys_are_whole() {
        let text = format!("# mine\n{GOOD}\n\n{GOOD}\n");
        assert_eq!(public_keys(&text).map(|keys| keys.len()), Ok(2));
        assert_eq!(public_keys(" \n"), Ok(Vec::new()));
        for (bad, why) in [
            ("AAAAC3NzaC1lZDI1NTE5AAAAIGLm", "kind of key"),
            ("ssh-ed25519", "cut off"),
            (&GOOD[..70], "cut off"),
            (&GOOD[..72], "cut off"),
            (&GOOD.replacen("ssh-ed25519", "ssh-rsa", 1), "another kind"),
            ("-----BEGIN OPENSSH PRIVATE KEY-----", "private"),
        ] {
            let said = public_keys(&format!("\n{bad}")).unwrap_err();
            assert!(
                said.starts_with("Line 2 ") && said.contains(why),
                "{bad}: {said}"
            );
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "(ssh-rsa )?[\\PC\n]{0,80}") {
            let _ = public_keys(&text);
        }

        #[test]
        fn a_key_that_lacks_its_end_is_seen(cut in 13_usize..79) {
            prop_assert!(public_keys(&GOOD[..cut]).is_err());
        }
    }
}
