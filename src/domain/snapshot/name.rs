//! What a snapshot may be called: Proxmox's rules, as its forms check them.

/// Longest name.
pub const LONGEST: usize = 40;
/// The running state goes by this name.
pub const CURRENT: &str = "current";
/// Names that Proxmox keeps for itself.
const RESERVED: [&str; 2] = [CURRENT, "pending"];

/// What is wrong with a name, for the place below its field. `taken` says whether a snapshot of
/// the VM goes by it already.
///
/// # Errors
/// The first rule that the name breaks.
pub fn check(name: &str, taken: impl Fn(&str) -> bool) -> Result<(), String> {
    if name.is_empty() {
        return Err("Give the snapshot a name".to_owned());
    }
    let odd = name
        .chars()
        .find(|letter| !(letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_')));
    if let Some(odd) = odd {
        let odd = match odd {
            ' ' => "A space".to_owned(),
            odd => format!("“{odd}”"),
        };
        return Err(format!(
            "{odd} is not allowed: only letters a to z, digits, - and _"
        ));
    }
    if !name.starts_with(|first: char| first.is_ascii_alphabetic()) {
        return Err("Begin with a letter".to_owned());
    }
    if name.len() < 2 {
        return Err("Two characters at least".to_owned());
    }
    if name.len() > LONGEST {
        return Err(format!(
            "{} characters: {LONGEST} at most",
            name.chars().count()
        ));
    }
    if RESERVED.iter().any(|own| name.eq_ignore_ascii_case(own)) {
        return Err(format!("“{name}” is a name that Proxmox keeps for itself"));
    }
    if taken(name) {
        return Err(format!("“{name}” is taken by another snapshot of this VM"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn why(name: &str) -> String {
        check(name, |other| other == "taken")
            .err()
            .unwrap_or_default()
    }

    #[test]
    fn rules() {
        for good in ["ab", "before-upgrade_2", "A1", &"x".repeat(40), "currents"] {
            assert_eq!(why(good), "", "{good}");
        }
        for (bad, says) in [
            ("", "Give"),
            ("a", "Two characters"),
            ("1st", "Begin with a letter"),
            ("_x", "Begin with a letter"),
            ("two words", "A space"),
            ("größe", "“ö”"),
            ("a.b", "“.”"),
            ("current", "keeps for itself"),
            ("Pending", "keeps for itself"),
            ("taken", "taken by another"),
            (&"x".repeat(41), "41 characters: 40 at most"),
        ] {
            assert!(why(bad).contains(says), "{bad}: {}", why(bad));
        }
    }

    proptest! {
        #[test]
        fn what_passes_is_what_proxmox_takes(name in "[a-zA-Z0-9_. -]{0,44}") {
            let is_taken = ["current", "pending"].iter().any(|own| name.eq_ignore_ascii_case(own));
            let mut letters = name.chars();
            let fits = letters.next().is_some_and(|c| c.is_ascii_alphabetic())
                && letters.all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
                && (2..=40).contains(&name.len())
                && !is_taken;
            prop_assert_eq!(check(&name, |_| false).is_ok(), fits);
        }
    }
}
