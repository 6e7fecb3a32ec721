//! Names of machines, by the rules of DNS.

/// The longest name that Proxmox and the server take.
const MOST: usize = 63;

/// What is wrong with a host name: labels of letters, digits and inner hyphens with dots between,
/// 63 characters at most.
///
/// # Errors
/// What is wrong with it, in words.
pub fn host_name(name: &str) -> Result<(), String> {
    if name.is_empty() {
        return Err("A name is needed".to_owned());
    }
    if name.len() > MOST {
        return Err(format!("At most {MOST} characters"));
    }
    for label in name.split('.') {
        if label.is_empty() {
            return Err("A dot needs letters or digits on both sides".to_owned());
        }
        if label.starts_with('-') || label.ends_with('-') {
            return Err(format!("“{label}” must not begin or end with a hyphen"));
        }
        let odd = label
            .chars()
            .find(|c| !c.is_ascii_alphanumeric() && *c != '-');
        if let Some(odd) = odd {
            let named = match odd {
                ' ' => "a space".to_owned(),
                other => format!("“{other}”"),
            };
            return Err(format!(
                "Letters, digits, hyphens and dots only, as DNS has them: not {named}"
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_follow_dns() {
        for good in ["a", "web-01", "web-01.example.org", "9p", &"a".repeat(63)] {
            assert_eq!(host_name(good), Ok(()), "{good}");
        }
        for (bad, why) in [
            ("", "needed"),
            ("web_01", "not “_”"),
            ("web 01", "not a space"),
            ("-web", "hyphen"),
            ("web-.org", "hyphen"),
            ("web..org", "dot"),
            (".", "dot"),
            ("wäb", "not “ä”"),
            (&"a".repeat(64), "63"),
        ] {
            let said = host_name(bad).unwrap_err();
            assert!(said.contains(why), "{bad}: {said}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,80}") {
            let _ = host_name(&text);
        }
    }
}
