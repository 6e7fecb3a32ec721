//! The fields of a [`Draft`] one by one, by the key that each changes.

use super::edit::Draft;

/// Keys that the form changes, in the order of its fields.
pub const FIELDS: [&str; 11] = [
    "name",
    "ostype",
    "cores",
    "cpu",
    "memory",
    "balloon",
    "boot",
    "onboot",
    "agent",
    "protection",
    "description",
];

impl Draft {
    /// Whether a field holds the same in both; `field` is one of [`FIELDS`].
    #[must_use]
    pub fn same(&self, other: &Self, field: &str) -> bool {
        match field {
            "name" => self.name == other.name,
            "ostype" => self.ostype == other.ostype,
            "cores" => self.cores == other.cores,
            "cpu" => self.cpu == other.cpu,
            "memory" => self.memory == other.memory,
            "balloon" => self.balloon == other.balloon,
            "boot" => self.boot == other.boot,
            "onboot" => self.onboot == other.onboot,
            "agent" => self.agent == other.agent,
            "protection" => self.protection == other.protection,
            _ => self.description == other.description,
        }
    }

    /// Takes a field over from another draft; `field` is one of [`FIELDS`].
    pub fn take(&mut self, from: &Self, field: &str) {
        match field {
            "name" => self.name.clone_from(&from.name),
            "ostype" => self.ostype.clone_from(&from.ostype),
            "cores" => self.cores.clone_from(&from.cores),
            "cpu" => self.cpu.clone_from(&from.cpu),
            "memory" => self.memory.clone_from(&from.memory),
            "balloon" => self.balloon.clone_from(&from.balloon),
            "boot" => self.boot.clone_from(&from.boot),
            "onboot" => self.onboot = from.onboot,
            "agent" => self.agent = from.agent,
            "protection" => self.protection = from.protection,
            _ => self.description.clone_from(&from.description),
        }
    }

    /// A field as it was typed, for where it cannot be told in words.
    #[must_use]
    pub fn typed(&self, field: &str) -> String {
        let flag = |on: bool| if on { "1" } else { "0" }.to_owned();
        match field {
            "name" => self.name.clone(),
            "ostype" => self.ostype.clone(),
            "cores" => self.cores.clone(),
            "cpu" => self.cpu.clone(),
            "memory" => self.memory.clone(),
            "balloon" => self.balloon.clone(),
            "boot" => self.boot.join(";"),
            "onboot" => flag(self.onboot),
            "agent" => flag(self.agent),
            "protection" => flag(self.protection),
            _ => self.description.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_field_is_taken_and_told_apart() {
        let empty = Draft::default();
        let full = Draft::of(
            &serde_json::from_value(json!({
                "name": "a", "ostype": "l26", "cores": 1, "cpu": "host", "memory": 16,
                "balloon": 1, "boot": "order=scsi0", "onboot": 1, "agent": 1, "protection": 1,
                "description": "x"
            }))
            .unwrap(),
        );
        let mut draft = empty.clone();
        for field in FIELDS {
            assert!(!draft.same(&full, field), "{field}");
            draft.take(&full, field);
            assert!(draft.same(&full, field), "{field}");
            assert!(!draft.typed(field).is_empty(), "{field}");
        }
        assert_eq!(draft, full);
    }
}
