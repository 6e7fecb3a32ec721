//! One edit of many VMs: what is asked for, what it changes in the configuration of each, and how
//! far it has come.

mod job;
#[cfg(test)]
mod tests;

pub use job::{Counts, Job, LeftOut, Row, Settled, State, settle};

use super::config::{self, Change, ConfigMap, FieldError, Patch, flag_value, text};
use super::tags;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeSet;

/// Characters that Proxmox keeps of a description.
pub const NOTES_LIMIT: usize = 8192;

/// What happens to the notes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Notes {
    /// Nothing.
    #[default]
    Leave,
    /// This stands in their place; an empty text takes them away.
    Replace(String),
    /// This stands under them as a paragraph of its own, where it does not end them already.
    Append(String),
}

/// What is asked for. What is `None`, empty or `Leave` stays as it is in every VM.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Edit {
    /// Tags to put on.
    pub add: Vec<String>,
    /// Tags to take off.
    pub remove: Vec<String>,
    /// Whether it starts with its node.
    pub onboot: Option<bool>,
    /// Whether the guest agent is used.
    pub agent: Option<bool>,
    /// Whether deletion is refused.
    pub protection: Option<bool>,
    /// The notes.
    pub notes: Notes,
}

/// What is known of one VM before it is edited.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Known {
    /// The configuration as it will be at the next start.
    pub config: ConfigMap,
    /// Its tags, in order.
    pub tags: Vec<String>,
    /// A container, which has no guest agent.
    pub container: bool,
}

/// What an edit comes to in one VM.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Plan {
    /// What to send.
    pub patch: Patch,
    /// What undoes it: the same keys with the values that they have now.
    pub before: Patch,
    /// The same in words.
    pub changes: Vec<Change>,
    /// What was asked for and can't be had in this VM.
    pub missing: Option<&'static str>,
}

/// Tags of a configuration, which Proxmox keeps in one text.
#[must_use]
pub fn split_tags(text: &str) -> Vec<String> {
    text.split([';', ',', ' '])
        .filter(|tag| !tag.is_empty())
        .map(ToOwned::to_owned)
        .collect()
}

fn joined(tags: &[String]) -> Option<Value> {
    (!tags.is_empty()).then(|| Value::from(tags.join(";")))
}

/// Proxmox ends a description with a line break of its own.
fn without_end(text: &str) -> &str {
    text.trim_end_matches(['\n', '\r'])
}

impl Edit {
    /// Whether nothing is asked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What is wrong, by field: `add`, `remove`, `notes`.
    #[must_use]
    pub fn check(&self) -> Vec<FieldError> {
        let mut errors = Vec::new();
        let mut wrong = |field: &str, message: String| {
            errors.push(FieldError {
                field: field.to_owned(),
                message,
            });
        };
        for (field, list) in [("add", &self.add), ("remove", &self.remove)] {
            let bad = list
                .iter()
                .find_map(|tag| tags::check(tag).err().map(|why| (tag, why)));
            if let Some((tag, why)) = bad {
                wrong(field, format!("{tag}: {why}"));
            }
        }
        if let Some(both) = self.remove.iter().find(|tag| self.add.contains(tag)) {
            wrong(
                "remove",
                format!("{both} is to be added as well: choose one of the two"),
            );
        }
        match &self.notes {
            Notes::Append(text) if text.trim().is_empty() => {
                wrong("notes", "Type what is to be added".to_owned());
            }
            Notes::Replace(text) | Notes::Append(text) if text.len() > NOTES_LIMIT => {
                wrong("notes", format!("At most {NOTES_LIMIT} characters"));
            }
            _ => {}
        }
        errors
    }

    fn new_tags(&self, old: &[String]) -> Vec<String> {
        let mut new: Vec<String> = old
            .iter()
            .filter(|tag| !self.remove.contains(tag))
            .cloned()
            .collect();
        for tag in &self.add {
            if !new.contains(tag) {
                new.push(tag.clone());
            }
        }
        new
    }

    fn new_notes(&self, old: &str) -> Option<String> {
        let old = without_end(old);
        let new = match &self.notes {
            Notes::Leave => return None,
            Notes::Replace(text) => without_end(text).to_owned(),
            Notes::Append(text) => {
                let text = text.trim_matches(['\n', '\r']);
                if old == text || old.ends_with(&format!("\n{text}")) {
                    return None;
                }
                if old.is_empty() {
                    text.to_owned()
                } else {
                    format!("{old}\n\n{text}")
                }
            }
        };
        (new != old).then_some(new)
    }

    /// What it changes in one VM. A patch that is empty: the VM is as asked for already, or
    /// [`Plan::missing`] says why it can't be.
    ///
    /// # Errors
    /// Why this VM can't be edited so at all.
    pub fn plan(&self, vm: &Known) -> Result<Plan, String> {
        let mut plan = Plan::default();
        let tags = self.new_tags(&vm.tags);
        if tags != vm.tags {
            plan.before.push(("tags".to_owned(), joined(&vm.tags)));
            plan.patch.push(("tags".to_owned(), joined(&tags)));
            let shown = |tags: &[String]| (!tags.is_empty()).then(|| tags.join(", "));
            plan.changes.push(Change {
                key: "tags".to_owned(),
                label: "Tags".to_owned(),
                old: shown(&vm.tags),
                new: shown(&tags),
                restart: false,
            });
        }
        let mut rest = Patch::new();
        for (key, wanted) in [
            ("onboot", self.onboot),
            ("agent", self.agent),
            ("protection", self.protection),
        ] {
            let Some(on) = wanted else { continue };
            if key == "agent" && vm.container {
                plan.missing = Some("A container has no guest agent");
            } else if config::flag(&vm.config, key).unwrap_or_default() != on {
                rest.push((key.to_owned(), Some(flag_value(&vm.config, key, on))));
            }
        }
        let old = text(&vm.config, "description").unwrap_or_default();
        if let Some(new) = self.new_notes(&old) {
            if new.len() > NOTES_LIMIT {
                return Err(format!(
                    "Its notes would be longer than {NOTES_LIMIT} characters"
                ));
            }
            let value = (!new.is_empty()).then(|| Value::from(new));
            rest.push(("description".to_owned(), value));
        }
        for (key, _) in &rest {
            plan.before.push((key.clone(), vm.config.get(key).cloned()));
        }
        plan.changes.extend(config::changes(&vm.config, &rest));
        plan.patch.append(&mut rest);
        Ok(plan)
    }
}

impl Known {
    /// From a configuration; `tags` stand in where it does not mention any, since not every server
    /// has them there.
    #[must_use]
    pub fn new(config: ConfigMap, tags: &[String], container: bool) -> Self {
        let own = text(&config, "tags").map(|text| split_tags(&text));
        Self {
            tags: own.unwrap_or_else(|| tags.to_vec()),
            config,
            container,
        }
    }

    /// The digest of the configuration, where the server has one.
    #[must_use]
    pub fn digest(&self) -> Option<String> {
        text(&self.config, "digest").filter(|digest| !digest.is_empty())
    }

    /// Whether each key has the value of the patch, however it is spelt.
    #[must_use]
    pub fn has(&self, patch: &Patch) -> bool {
        patch
            .iter()
            .all(|(key, value)| self.has_value(key, value.as_ref()))
    }

    fn has_value(&self, key: &str, value: Option<&Value>) -> bool {
        let mut other = ConfigMap::new();
        if let Some(value) = value {
            other.insert(key.to_owned(), value.clone());
        }
        let (mine, theirs) = (text(&self.config, key), text(&other, key));
        match key {
            // A server may sort them.
            "tags" => {
                let theirs = split_tags(&theirs.unwrap_or_default());
                let theirs: BTreeSet<&String> = theirs.iter().collect();
                self.tags.iter().collect::<BTreeSet<_>>() == theirs
            }
            "description" => {
                without_end(&mine.unwrap_or_default()) == without_end(&theirs.unwrap_or_default())
            }
            _ => {
                let options = |text: Option<String>| {
                    text.and_then(|text| text.split_once(',').map(|(_, rest)| rest.to_owned()))
                };
                config::flag(&self.config, key).unwrap_or_default()
                    == config::flag(&other, key).unwrap_or_default()
                    && options(mine) == options(theirs)
            }
        }
    }
}
