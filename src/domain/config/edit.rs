//! Changing a configuration: a draft that mirrors the form, checked and turned into the keys that
//! changed, each with its old and new value in words.

use super::{Boot, ConfigMap, flag, number, text, words};
use crate::domain::names::host_name;
use serde_json::{Value, json};

/// What the edit form holds, as typed. Built from the running configuration; converted back only
/// by [`Draft::patch`], so nothing typed is ever lost to a failed conversion.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Draft {
    /// Host name.
    pub name: String,
    /// Kind of guest, as Proxmox names it; empty: the hypervisor's default.
    pub ostype: String,
    /// Cores per socket.
    pub cores: String,
    /// CPU type, with its flags; empty: the hypervisor's default.
    pub cpu: String,
    /// MiB.
    pub memory: String,
    /// MiB; 0 or empty: off.
    pub balloon: String,
    /// Devices, first tried first.
    pub boot: Vec<String>,
    /// Starts with its node.
    pub onboot: bool,
    /// Guest agent in use.
    pub agent: bool,
    /// Refuses deletion.
    pub protection: bool,
    /// Notes, Markdown.
    pub description: String,
}

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// Key of the configuration, e.g. `memory`.
    pub field: String,
    /// In words.
    pub message: String,
}

/// One changed key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Key, e.g. `memory`.
    pub key: String,
    /// What the key is called.
    pub label: String,
    /// Old value in words; `None`: was not set.
    pub old: Option<String>,
    /// New value in words; `None`: is removed.
    pub new: Option<String>,
    /// Whether a running VM takes it only at its next start.
    pub restart: bool,
}

/// The keys to send: a value to set, or `None` to remove the key.
pub type Patch = Vec<(String, Option<Value>)>;

/// Keys that a running VM takes without a restart, as far as Proxmox hotplugs by default. All
/// others take effect at the next start.
#[must_use]
pub fn takes_restart(key: &str) -> bool {
    !(matches!(
        key,
        "name"
            | "description"
            | "tags"
            | "onboot"
            | "protection"
            | "startup"
            | "balloon"
            | "shares"
    ) || super::is_nic_key(key)
        || key.starts_with("scsi")
        || key.starts_with("virtio"))
}

impl Draft {
    /// What the form shows for a configuration.
    #[must_use]
    pub fn of(config: &ConfigMap) -> Self {
        let shown = |key: &str| text(config, key).unwrap_or_default();
        Self {
            name: shown("name"),
            ostype: shown("ostype"),
            cores: shown("cores"),
            cpu: shown("cpu"),
            memory: shown("memory"),
            balloon: shown("balloon"),
            boot: text(config, "boot")
                .map(|boot| Boot::parse(&boot).order)
                .unwrap_or_default(),
            onboot: flag(config, "onboot").unwrap_or_default(),
            agent: flag(config, "agent").unwrap_or_default(),
            protection: flag(config, "protection").unwrap_or_default(),
            description: shown("description"),
        }
    }

    /// What is wrong, by field. A field may be empty where the configuration leaves the key to the
    /// hypervisor's default.
    #[must_use]
    pub fn check(&self, config: &ConfigMap) -> Vec<FieldError> {
        let left_out =
            |field: &str, key: &str| field.trim().is_empty() && text(config, key).is_none();
        let mut errors = Vec::new();
        let mut wrong = |field: &str, message: &str| {
            errors.push(FieldError {
                field: field.to_owned(),
                message: message.to_owned(),
            });
        };
        if !left_out(&self.name, "name") && host_name(self.name.trim()).is_err() {
            wrong(
                "name",
                "Letters, digits, hyphens and dots, at most 63, as a host name has them",
            );
        }
        if self.cpu.chars().any(char::is_whitespace) {
            wrong(
                "cpu",
                "A type such as host or x86-64-v2-AES, without spaces",
            );
        }
        if !left_out(&self.cores, "cores") && !(1..=8192).contains(&whole(&self.cores).unwrap_or(0))
        {
            wrong("cores", "A whole number from 1 to 8192");
        }
        let memory = whole(&self.memory);
        if !left_out(&self.memory, "memory") && !(16..=1 << 26).contains(&memory.unwrap_or(0)) {
            wrong("memory", "A whole number of MiB, at least 16");
        }
        if !self.balloon.trim().is_empty() {
            match (whole(&self.balloon), memory) {
                (None, _) => wrong("balloon", "A whole number of MiB, or 0 for off"),
                (Some(balloon), Some(memory)) if balloon > memory => {
                    wrong("balloon", "At most the memory");
                }
                _ => {}
            }
        }
        if self.description.len() > 8192 {
            wrong("description", "At most 8192 characters");
        }
        errors
    }

    /// The keys that differ from the configuration, to be sent.
    ///
    /// # Errors
    /// What is wrong, by field; nothing may be sent then.
    pub fn patch(&self, config: &ConfigMap) -> Result<Patch, Vec<FieldError>> {
        let errors = self.check(config);
        if !errors.is_empty() {
            return Err(errors);
        }
        let before = Self::of(config);
        let mut patch = Patch::new();
        let mut set = |key: &str, value: Option<Value>| patch.push((key.to_owned(), value));
        for (key, new, old) in [
            ("name", self.name.trim(), &before.name),
            ("ostype", self.ostype.trim(), &before.ostype),
            ("cpu", self.cpu.trim(), &before.cpu),
        ] {
            if new != old {
                set(key, (!new.is_empty()).then(|| Value::from(new)));
            }
        }
        if whole(&self.cores) != number(config, "cores") {
            set("cores", whole(&self.cores).map(Value::from));
        }
        if whole(&self.memory) != number(config, "memory") {
            set("memory", whole(&self.memory).map(Value::from));
        }
        if whole(&self.balloon) != number(config, "balloon") {
            set("balloon", whole(&self.balloon).map(Value::from));
        }
        if self.boot != before.boot {
            let boot = Boot {
                order: self.boot.clone(),
            };
            set("boot", Some(Value::from(boot.print())));
        }
        for (key, new, old) in [
            ("onboot", self.onboot, before.onboot),
            ("agent", self.agent, before.agent),
            ("protection", self.protection, before.protection),
        ] {
            if new != old {
                set(key, Some(flag_value(config, key, new)));
            }
        }
        if self.description != before.description {
            let empty = self.description.is_empty();
            set(
                "description",
                (!empty).then(|| Value::from(self.description.as_str())),
            );
        }
        Ok(patch)
    }
}

/// A flag as the key wants it: option strings keep what follows their first part.
#[must_use]
pub fn flag_value(config: &ConfigMap, key: &str, on: bool) -> Value {
    let digit = u8::from(on);
    match config
        .get(key)
        .and_then(Value::as_str)
        .and_then(|old| old.split_once(','))
    {
        Some((first, rest)) => {
            let prefix = if first.starts_with("enabled=") {
                "enabled="
            } else {
                ""
            };
            Value::from(format!("{prefix}{digit},{rest}"))
        }
        None => json!(digit),
    }
}

fn whole(text: &str) -> Option<u64> {
    text.trim().parse().ok()
}

/// The changes that a patch makes, in words.
#[must_use]
pub fn changes(config: &ConfigMap, patch: &Patch) -> Vec<Change> {
    let mut after = config.clone();
    for (key, value) in patch {
        match value {
            Some(value) => after.insert(key.clone(), value.clone()),
            None => after.remove(key),
        };
    }
    patch
        .iter()
        .map(|(key, _)| {
            let (old, new) = (words(config, key), words(&after, key));
            let label = new
                .as_ref()
                .or(old.as_ref())
                .map_or_else(|| key.clone(), |(label, _)| label.clone());
            Change {
                key: key.clone(),
                label,
                old: old.map(|(_, value)| value),
                new: new.map(|(_, value)| value),
                restart: takes_restart(key),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config() -> ConfigMap {
        serde_json::from_value(json!({
            "cores": 4, "memory": 4096, "balloon": 2048, "boot": "order=scsi0;ide2;net0",
            "agent": "enabled=1,fstrim_cloned_disks=1", "onboot": 1, "protection": 0
        }))
        .unwrap()
    }

    #[test]
    fn unchanged_sends_nothing() {
        assert_eq!(Draft::of(&config()).patch(&config()), Ok(Vec::new()));
    }

    #[test]
    fn sends_what_changed() {
        let mut draft = Draft::of(&config());
        draft.memory = " 8192 ".into();
        draft.agent = false;
        draft.boot.swap(0, 1);
        let patch = draft.patch(&config()).unwrap();
        assert_eq!(
            patch,
            [
                ("memory".to_owned(), Some(json!(8192))),
                ("boot".to_owned(), Some(json!("order=ide2;scsi0;net0"))),
                (
                    "agent".to_owned(),
                    Some(json!("0,fstrim_cloned_disks=1".replace("0,", "enabled=0,")))
                ),
            ]
        );
        let changes = changes(&config(), &patch);
        assert_eq!(changes[0].old.as_deref(), Some("4\u{2009}GiB"));
        assert_eq!(changes[0].new.as_deref(), Some("8\u{2009}GiB"));
        assert!(changes[0].restart);
    }

    #[test]
    fn says_what_is_wrong() {
        let mut draft = Draft::of(&config());
        draft.cores = "four".into();
        draft.balloon = "9000".into();
        let fields: Vec<_> = draft
            .check(&config())
            .into_iter()
            .map(|error| error.field)
            .collect();
        assert_eq!(fields, ["cores", "balloon"]);
        assert!(draft.patch(&config()).is_err());
    }

    #[test]
    fn name_guest_and_cpu_type() {
        let mut draft = Draft::of(&config());
        draft.name = " web-01.example ".into();
        draft.ostype = "win11".into();
        draft.cpu = "host,flags=+aes".into();
        assert_eq!(
            draft.patch(&config()).unwrap(),
            [
                ("name".to_owned(), Some(json!("web-01.example"))),
                ("ostype".to_owned(), Some(json!("win11"))),
                ("cpu".to_owned(), Some(json!("host,flags=+aes"))),
            ]
        );
        for name in ["-web", "web_01", "web..01", "web 01"] {
            draft.name = name.into();
            assert_eq!(draft.check(&config())[0].field, "name", "{name}");
        }
    }

    #[test]
    fn defaults_may_stay_defaults() {
        let config = ConfigMap::new();
        assert_eq!(Draft::of(&config).patch(&config), Ok(Vec::new()));
        let cleared = Draft::default();
        let fields = cleared.check(&self::config());
        assert_eq!(fields.len(), 2, "a set key cannot be emptied: {fields:?}");
    }

    #[test]
    fn clearing_removes_the_key() {
        let mut draft = Draft::of(&config());
        draft.balloon = String::new();
        assert_eq!(
            draft.patch(&config()),
            Ok(vec![("balloon".to_owned(), None)])
        );
    }
}
