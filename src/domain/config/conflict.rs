//! Somebody else changed the configuration while a form was open: what they changed, and how the
//! form goes on from there without losing what was typed.

use super::edit::{Change, Draft, Patch, changes};
use super::{ConfigMap, PendingValue};
use std::collections::BTreeSet;

/// Which side wins where both changed the same field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// What was typed here.
    Mine,
    /// What was saved there.
    Theirs,
}

/// A key that somebody else changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meanwhile {
    /// What they changed: old is what the form began with, new what holds now.
    pub change: Change,
    /// What is typed here, in words, where the form changes the same key.
    pub mine: Option<String>,
}

/// What changed from `base` to `theirs`, in the order of the keys; `patch` is what the form would
/// send.
#[must_use]
pub fn meanwhile(base: &ConfigMap, theirs: &ConfigMap, patch: &Patch) -> Vec<Meanwhile> {
    let keys: BTreeSet<&String> = base.keys().chain(theirs.keys()).collect();
    let differing: Patch = keys
        .into_iter()
        .filter(|key| *key != "digest" && base.get(*key) != theirs.get(*key))
        .map(|key| (key.clone(), theirs.get(key).cloned()))
        .collect();
    let mine = changes(base, patch);
    changes(base, &differing)
        .into_iter()
        .map(|change| Meanwhile {
            mine: mine
                .iter()
                .find(|own| own.key == change.key)
                .map(|own| own.new.clone().unwrap_or_else(|| "not set".to_owned())),
            change,
        })
        .collect()
}

impl Draft {
    /// The same form over the configuration that holds now: fields that were not touched show the
    /// new values, fields that were keep what was typed; `side` decides where both changed one.
    #[must_use]
    pub fn over(&self, base: &ConfigMap, theirs: &ConfigMap, side: Side) -> Self {
        let (old, new) = (Self::of(base), Self::of(theirs));
        macro_rules! pick {
            ($($field:ident),+) => {
                Self {
                    $($field: {
                        let touched = self.$field != old.$field;
                        let moved = new.$field != old.$field;
                        if touched && !(moved && side == Side::Theirs) {
                            self.$field.clone()
                        } else {
                            new.$field.clone()
                        }
                    },)+
                }
            };
        }
        pick!(
            cores,
            memory,
            balloon,
            boot,
            onboot,
            agent,
            protection,
            description
        )
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
        let found = meanwhile(&base, &theirs, &draft.patch(&base).unwrap());
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
        let mine = draft.over(&base, &theirs, Side::Mine);
        assert_eq!(
            (mine.cores.as_str(), mine.memory.as_str(), mine.onboot),
            ("6", "81", true)
        );
        let other = draft.over(&base, &theirs, Side::Theirs);
        assert_eq!((other.cores.as_str(), other.memory.as_str()), ("8", "81"));
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
