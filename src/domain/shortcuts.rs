//! The keys that work everywhere, in one table, so that no two of them mean the same press.

/// What a command is called by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keys {
    /// One key, outside of fields and dialogs.
    One(&'static str),
    /// [`LEADER`], then this one.
    Go(&'static str),
    /// With Ctrl or ⌘; also in fields.
    Chord(&'static str),
}

/// Begins the way to a page.
pub const LEADER: &str = "g";

/// The dashboard.
pub const DASHBOARD: Keys = Keys::Go("d");
/// The list of VMs.
pub const VMS: Keys = Keys::Go("v");
/// The snapshots of all VMs.
pub const SNAPSHOTS: Keys = Keys::Go("n");
/// Moving VMs.
pub const MIGRATE: Keys = Keys::Go("m");
/// The backups of all VMs.
pub const BACKUPS: Keys = Keys::Go("b");
/// The form for a new VM.
pub const CREATE: Keys = Keys::One("c");
/// The settings.
pub const SETTINGS: Keys = Keys::Go("s");
/// The palette.
pub const PALETTE: Keys = Keys::Chord("k");
/// The search box of the page.
pub const SEARCH: Keys = Keys::One("/");
/// The task tray.
pub const TASKS: Keys = Keys::One("t");
/// Asks for everything anew.
pub const REFRESH: Keys = Keys::One("r");
/// The list of keys.
pub const SHORTCUTS: Keys = Keys::One("?");

/// All of them, each with its name.
pub const ALL: [(&str, Keys); 12] = [
    ("dashboard", DASHBOARD),
    ("vms", VMS),
    ("snapshots", SNAPSHOTS),
    ("migrate", MIGRATE),
    ("backups", BACKUPS),
    ("create", CREATE),
    ("settings", SETTINGS),
    ("palette", PALETTE),
    ("search", SEARCH),
    ("tasks", TASKS),
    ("refresh", REFRESH),
    ("shortcuts", SHORTCUTS),
];

/// What is wrong with a table of keys: two that are pressed alike, one that can never be reached
/// since another begins with it, and what browsers keep to themselves.
#[must_use]
pub fn mistakes(table: &[(&str, Keys)]) -> Vec<String> {
    let mut found = Vec::new();
    for (at, (name, keys)) in table.iter().enumerate() {
        for (other, same) in &table[..at] {
            if keys == same {
                found.push(format!("{name} and {other} are pressed alike"));
            }
        }
        match keys {
            Keys::One(key) if *key == LEADER => {
                found.push(format!("{name} hides every way to a page"));
            }
            // Windows, tabs, the address, reload, print, find, and what is typed with.
            Keys::Chord(key) if "nwtlrpfdaczvxy".contains(key) => {
                found.push(format!("{name} is the browser's own"));
            }
            Keys::One(key) | Keys::Go(key) | Keys::Chord(key) if key.chars().count() != 1 => {
                found.push(format!("{name} is not one key"));
            }
            Keys::Go(key) | Keys::Chord(key) if *key != key.to_lowercase() => {
                found.push(format!("{name} needs a small letter"));
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_is_given_twice_or_hidden() {
        assert_eq!(mistakes(&ALL), [""; 0]);
    }

    #[test]
    fn mistakes_are_found() {
        let wrong = [
            ("a", Keys::Go("d")),
            ("b", Keys::Go("d")),
            ("c", Keys::One("g")),
            ("d", Keys::Chord("w")),
            ("e", Keys::Chord("K")),
            ("f", Keys::One("")),
            // Another kind of press is another press.
            ("g", Keys::One("d")),
        ];
        assert_eq!(
            mistakes(&wrong),
            [
                "b and a are pressed alike",
                "c hides every way to a page",
                "d is the browser's own",
                "e needs a small letter",
                "f is not one key",
            ]
        );
    }
}
