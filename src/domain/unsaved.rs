//! What would be lost by going elsewhere.

/// Whether an address leads away from what stands within `within`: paths without base, query and
/// fragment. `/vms/101` holds all tabs of the VM.
#[must_use]
pub fn leaves(within: &str, to: &str) -> bool {
    let within = within.trim_end_matches('/');
    let to = to.split(['?', '#']).next().unwrap_or_default();
    let to = to.trim_end_matches('/');
    to.strip_prefix(within)
        .is_none_or(|rest| !rest.is_empty() && (!rest.starts_with('/') || within.is_empty()))
}

/// Names of things as one says them: "a, b and c".
#[must_use]
pub fn listed(things: &[String]) -> String {
    match things {
        [] => String::new(),
        [only] => only.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tabs_of_a_page_do_not_leave_it() {
        assert!(!leaves("/vms/101", "/vms/101"));
        assert!(!leaves("/vms/101", "/vms/101/hardware?range=day#x"));
        assert!(!leaves("/vms/101/", "/vms/101"));
        assert!(!leaves("/settings", "/settings?part=look"));
        assert!(leaves("/vms/101", "/vms/1010"));
        assert!(leaves("/vms/101", "/vms"));
        assert!(leaves("/settings", "/"));
        // The dashboard's own address begins every other.
        assert!(!leaves("/", "/?board"));
        assert!(leaves("/", "/vms"));
    }

    #[test]
    fn things_are_listed_as_said() {
        let of = |things: &[&str]| {
            listed(
                &things
                    .iter()
                    .map(|thing| (*thing).to_owned())
                    .collect::<Vec<_>>(),
            )
        };
        assert_eq!(of(&[]), "");
        assert_eq!(of(&["a tag"]), "a tag");
        assert_eq!(of(&["a", "b", "c"]), "a, b and c");
    }
}
