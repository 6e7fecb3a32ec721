//! Patterns of names: `pre-maint-{date}`, `auto-{vm}-{date}` (guide: Bulk Operations).

use super::name;
use crate::domain::units::Instant;

/// What a pattern may hold.
pub const PLACES: [&str; 3] = ["{vm}", "{date}", "{time}"];

/// Whether something in it is to be filled in.
#[must_use]
pub fn is_pattern(text: &str) -> bool {
    text.contains(['{', '}'])
}

/// The name that a pattern makes for a VM, at a moment: `{date}` is `20240621` and `{time}`
/// `150405`, both in UTC. What a VM's name has and a snapshot's must not, a dot, becomes `-`.
///
/// # Errors
/// A place that is not known, or a brace without its other half.
pub fn fill(pattern: &str, vm: &str, now: Instant) -> Result<String, String> {
    let iso = now.to_iso();
    let digits = |from: usize, to: usize| -> String {
        let part = iso.get(from..to).unwrap_or_default();
        part.chars().filter(char::is_ascii_digit).collect()
    };
    let vm: String = vm
        .chars()
        .map(|letter| match letter {
            '_' | '-' => letter,
            letter if letter.is_ascii_alphanumeric() => letter,
            _ => '-',
        })
        .collect();
    let mut filled = String::new();
    let mut rest = pattern;
    while let Some(at) = rest.find(['{', '}']) {
        filled.push_str(&rest[..at]);
        let place = rest[at..]
            .find('}')
            .map(|end| &rest[at..=at + end])
            .filter(|place| place.len() > 1)
            .ok_or_else(|| unknown(&rest[at..]))?;
        match place {
            "{vm}" => filled.push_str(&vm),
            "{date}" => filled.push_str(&digits(0, 10)),
            "{time}" => filled.push_str(&digits(11, 19)),
            other => return Err(unknown(other)),
        }
        rest = &rest[at + place.len()..];
    }
    filled.push_str(rest);
    Ok(filled)
}

fn unknown(place: &str) -> String {
    format!("“{place}”: only {} can be filled in", PLACES.join(", "))
}

/// What is wrong with a pattern whatever the VM: a place that is not known, or letters that no
/// name may have.
///
/// # Errors
/// As [`name::check`] and [`fill`].
pub fn check(pattern: &str) -> Result<(), String> {
    // Stands for any name: what is wrong with this is wrong with all.
    let sample = fill(pattern, "vm", Instant::from_secs(0))?;
    name::check(&sample, |_| false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: Instant = Instant::from_secs(1_718_982_245);

    #[test]
    fn fills() {
        let fill = |pattern| fill(pattern, "web.server-01", NOW).unwrap();
        assert_eq!(fill("pre-maint-{date}"), "pre-maint-20240621");
        assert_eq!(fill("{vm}-{date}-{time}"), "web-server-01-20240621-150405");
        assert_eq!(fill("plain"), "plain");
        assert_eq!(fill(""), "");
        assert_eq!(fill("{vm}{vm}"), "web-server-01web-server-01");
    }

    #[test]
    fn mistakes_are_named() {
        for (pattern, says) in [
            ("a-{node}", "“{node}”"),
            ("a-{", "“{”"),
            ("a}", "“}”"),
            ("{DATE}x", "“{DATE}”"),
            ("a b {vm}", "A space"),
            ("{date}", "Begin with a letter"),
            ("", "Give the snapshot a name"),
        ] {
            let error = check(pattern).unwrap_err();
            assert!(error.contains(says), "{pattern}: {error}");
        }
        assert_eq!(check("{vm}"), Ok(()));
        assert!(is_pattern("x{vm}") && !is_pattern("x"));
    }

    proptest! {
        #[test]
        fn never_panics_and_leaves_no_place(pattern in "[a-z{}vmdateö-]{0,20}", vm in ".{0,10}") {
            if let Ok(name) = fill(&pattern, &vm, NOW) {
                prop_assert!(!is_pattern(&name));
            }
        }
    }
}
