//! Somebody else changed the configuration while a form was open: what they changed, and how the
//! form goes on from there without losing what was typed.

use super::edit::{Change, Draft, Patch, changes};
use super::fields::FIELDS;
use super::{ConfigMap, PendingValue};
use std::collections::{BTreeMap, BTreeSet};

/// Which value of a field the form goes on with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// What was typed here.
    Mine,
    /// What was saved there.
    Theirs,
    /// What held before either.
    Before,
}

/// A choice by field, where one was made.
pub type Choices = BTreeMap<String, Side>;

/// A key that somebody else changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meanwhile {
    /// What they changed: old is what the form began with, new what holds now.
    pub change: Change,
    /// What is typed here, in words where it can be told so; `None` where the field was not
    /// touched.
    pub mine: Option<String>,
    /// Whether the form has a field for it: what it has none for stays as they saved it.
    pub editable: bool,
}

impl Meanwhile {
    /// What is gone on with where nothing was chosen: nothing typed is thrown away unasked.
    #[must_use]
    pub const fn usual(&self) -> Side {
        if self.mine.is_some() {
            Side::Mine
        } else {
            Side::Theirs
        }
    }
}

/// What changed from `base` to `theirs`, in the order of the keys; `draft` is what the form holds,
/// which need not be right.
#[must_use]
pub fn meanwhile(base: &ConfigMap, theirs: &ConfigMap, draft: &Draft) -> Vec<Meanwhile> {
    let keys: BTreeSet<&String> = base.keys().chain(theirs.keys()).collect();
    let differing: Patch = keys
        .into_iter()
        .filter(|key| *key != "digest" && base.get(*key) != theirs.get(*key))
        .map(|key| (key.clone(), theirs.get(key).cloned()))
        .collect();
    changes(base, &differing)
        .into_iter()
        .map(|change| Meanwhile {
            mine: mine(base, draft, &change.key),
            editable: FIELDS.contains(&change.key.as_str()),
            change,
        })
        .collect()
}

/// What is typed into a field, where it differs from what the form began with.
fn mine(base: &ConfigMap, draft: &Draft, key: &str) -> Option<String> {
    let before = Draft::of(base);
    if !FIELDS.contains(&key) || draft.same(&before, key) {
        return None;
    }
    // Alone, so that what is wrong with other fields does not hide this one.
    let mut alone = before;
    alone.take(draft, key);
    let told = alone
        .patch(base)
        .ok()
        .and_then(|patch| changes(base, &patch).pop());
    Some(match told {
        Some(change) => change.new.unwrap_or_else(|| "not set".to_owned()),
        None => draft.typed(key),
    })
}

impl Draft {
    /// The same form over the configuration that holds now. A field for which nothing is chosen
    /// keeps what was typed into it, or shows the new value where nothing was.
    #[must_use]
    pub fn over(&self, base: &ConfigMap, theirs: &ConfigMap, choices: &Choices) -> Self {
        let (old, new) = (Self::of(base), Self::of(theirs));
        let mut draft = new.clone();
        for field in FIELDS {
            let touched = !self.same(&old, field);
            let moved = !new.same(&old, field);
            let side = match choices.get(field) {
                Some(side) if moved => *side,
                _ if touched => Side::Mine,
                _ => Side::Theirs,
            };
            match side {
                Side::Mine => draft.take(self, field),
                Side::Theirs => {}
                Side::Before => draft.take(&old, field),
            }
        }
        draft
    }
}

/// The configuration as it will be at the next start: what a form has to begin with, since saving
/// an old value beside a waiting one would take that back unseen.
#[must_use]
pub fn with_pending<'a>(
    config: &ConfigMap,
    pending: impl IntoIterator<Item = PendingValue<'a>>,
) -> ConfigMap {
    let mut after = config.clone();
    for PendingValue { key, value } in pending {
        match value {
            Some(value) => after.insert(key.to_owned(), value.clone()),
            None => after.remove(key),
        };
    }
    after
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn config(value: serde_json::Value) -> ConfigMap {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn says_what_they_changed() {
        let base = config(json!({"cores": 4, "memory": 4096, "digest": "a"}));
        let theirs = config(json!({"cores": 8, "onboot": 1, "memory": 4096, "digest": "b"}));
        let mut draft = Draft::of(&base);
        draft.cores = "6".into();
        // A mistake elsewhere hides nothing that was typed.
        draft.memory = "lots".into();
        let found = meanwhile(&base, &theirs, &draft);
        let rows: Vec<_> = found
            .iter()
            .map(|row| {
                (
                    row.change.key.as_str(),
                    row.change.new.as_deref(),
                    row.mine.as_deref(),
                )
            })
            .collect();
        assert_eq!(
            rows,
            [
                ("cores", Some("8"), Some("6")),
                ("onboot", Some("Yes"), None)
            ]
        );
    }

    #[test]
    fn keeps_what_was_typed() {
        let base = config(json!({"cores": 4, "memory": 4096}));
        let theirs = config(json!({"cores": 8, "memory": 4096, "onboot": 1}));
        let mut draft = Draft::of(&base);
        draft.cores = "6".into();
        draft.memory = "81".into();
        let choose = |side| Choices::from([("cores".to_owned(), side)]);
        let mine = draft.over(&base, &theirs, &Choices::new());
        assert_eq!(
            (mine.cores.as_str(), mine.memory.as_str(), mine.onboot),
            ("6", "81", true)
        );
        let other = draft.over(&base, &theirs, &choose(Side::Theirs));
        assert_eq!((other.cores.as_str(), other.memory.as_str()), ("8", "81"));
        let before = draft.over(&base, &theirs, &choose(Side::Before));
        assert_eq!((before.cores.as_str(), before.memory.as_str()), ("4", "81"));
        let onboot = Choices::from([("onboot".to_owned(), Side::Before)]);
        assert!(!draft.over(&base, &theirs, &onboot).onboot);
    }

    #[test]
    fn what_cannot_be_read_is_shown_as_typed() {
        let base = config(json!({"cores": 4}));
        let theirs = config(json!({"cores": 8, "net0": "virtio,bridge=vmbr0"}));
        let mut draft = Draft::of(&base);
        draft.cores = "many".into();
        let found = meanwhile(&base, &theirs, &draft);
        assert_eq!(found[0].mine.as_deref(), Some("many"));
        assert_eq!(found[0].usual(), Side::Mine);
        assert!(!found[1].editable, "the form has no field for net0");
    }

    #[test]
    fn waiting_values_stand_over_running_ones() {
        let base = config(json!({"cores": 4, "balloon": 512}));
        let eight = json!(8);
        let waiting = [
            PendingValue {
                key: "cores",
                value: Some(&eight),
            },
            PendingValue {
                key: "balloon",
                value: None,
            },
        ];
        assert_eq!(with_pending(&base, waiting), config(json!({"cores": 8})));
    }
}
