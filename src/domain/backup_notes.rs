//! Notes of a backup from a template, as Proxmox fills it in (Proxmox VE: `vzdump`,
//! `notes-template`). Filled in here before it is sent, so that what a person sees is what is kept
//! whether or not a server fills templates in.

use super::ids::VmId;

/// What a template may name, with what it stands for.
pub const WORDS: [(&str, &str); 4] = [
    ("{{guestname}}", "name of the VM"),
    ("{{vmid}}", "number of the VM"),
    ("{{node}}", "node that it is on"),
    ("{{cluster}}", "name of the cluster"),
];

/// The longest notes that are kept, in characters.
pub const LONGEST: usize = 8_192;

/// What the words stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Guest<'a> {
    /// Name of the VM.
    pub name: &'a str,
    /// Its number.
    pub vm: VmId,
    /// Node that it is on.
    pub node: &'a str,
    /// Name of the cluster; empty where there is none.
    pub cluster: &'a str,
}

/// Fills a template in. Values are put in as they are: braces in them are no words.
///
/// # Errors
/// A word that nobody knows, braces that are not closed, notes that are too long.
pub fn fill(template: &str, guest: &Guest<'_>) -> Result<String, String> {
    let mut notes = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, word)) = rest.split_once("{{") {
        let (word, after) = word
            .split_once("}}")
            .ok_or_else(|| "“{{” is not closed".to_owned())?;
        notes.push_str(before);
        match word.trim() {
            "guestname" => notes.push_str(guest.name),
            "vmid" => notes.push_str(&guest.vm.to_string()),
            "node" => notes.push_str(guest.node),
            "cluster" => notes.push_str(guest.cluster),
            other => return Err(format!("“{{{{{other}}}}}” stands for nothing")),
        }
        rest = after;
    }
    notes.push_str(rest);
    match notes.chars().count() {
        0..=LONGEST => Ok(notes),
        length => Err(format!(
            "The notes are {length} characters long, at most {LONGEST} are kept"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const GUEST: Guest<'_> = Guest {
        name: "web-{{vmid}}",
        vm: VmId(101),
        node: "pve1",
        cluster: "",
    };

    #[test]
    fn words_are_filled_in_and_values_left_alone() {
        let text = "{{guestname}} ({{ vmid }}) on {{node}}{{cluster}}: {one} }}";
        assert_eq!(
            fill(text, &GUEST).as_deref(),
            Ok("web-{{vmid}} (101) on pve1: {one} }}")
        );
        for (word, _) in WORDS {
            assert!(fill(word, &GUEST).is_ok(), "{word}");
        }
    }

    #[test]
    fn what_stands_for_nothing_is_said() {
        assert!(fill("{{name}}", &GUEST).unwrap_err().contains("{{name}}"));
        assert!(fill("a {{node", &GUEST).unwrap_err().contains("not closed"));
        let long = "x".repeat(LONGEST);
        assert!(fill(&long, &GUEST).is_ok());
        assert!(fill(&format!("{long}{{{{vmid}}}}"), &GUEST).is_err());
    }

    proptest! {
        #[test]
        fn text_without_braces_stays(text in "[^{]{0,80}") {
            prop_assert_eq!(fill(&text, &GUEST), Ok(text));
        }

        #[test]
        fn any_text_is_filled_in_or_refused(text in any::<String>()) {
            let _ = fill(&text, &GUEST);
        }
    }
}
