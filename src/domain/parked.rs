//! Wizards that are kept: what they make, and how far they have come. Read from the kept text
//! alone, so that the frame needs none of their code.

use serde_json::Value;

/// How a kept wizard stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Filled in, not sent.
    Draft,
    /// Its requests are under way.
    UnderWay,
    /// Something failed, and the person has to say what now.
    Stuck,
    /// All of it is through.
    Through,
}

/// A wizard that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parked {
    /// "New VM web-03".
    pub title: String,
    /// How far it has come.
    pub standing: Standing,
}

impl Standing {
    /// In words, behind the title.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Draft => "Begun, not sent",
            Self::UnderWay => "Under way",
            Self::Stuck => "Something failed: it waits for you",
            Self::Through => "Done",
        }
    }
}

/// Stages are words (`"done"`), or objects of one key (`{"failed": "why"}`).
fn stage(act: &Value) -> &str {
    let stage = act.get("stage").unwrap_or(&Value::Null);
    let key = || stage.as_object().and_then(|stage| stage.keys().next());
    stage
        .as_str()
        .or_else(|| key().map(String::as_str))
        .unwrap_or_default()
}

fn standing(run: &Value) -> Standing {
    let list = |key| run.get(key).and_then(Value::as_array);
    // Requests follow one another, so a failed one stops the rest; moves do not.
    let (all, stops) = match (list("acts"), list("moves")) {
        (Some(acts), _) => (acts, true),
        (None, Some(moves)) => (moves, false),
        (None, None) => return Standing::Draft,
    };
    let is = |words: &[&str]| all.iter().any(|act| words.contains(&stage(act)));
    let (open, failed) = (is(&["waits", "sent", "runs", "unsure"]), is(&["failed"]));
    if failed && (stops || !open) {
        Standing::Stuck
    } else if open {
        Standing::UnderWay
    } else {
        Standing::Through
    }
}

/// Reads what is kept under a name; `None` where it is none of the wizards.
#[must_use]
pub fn read(name: &str, text: &str) -> Option<Parked> {
    let kept: Value = serde_json::from_str(text).ok()?;
    let run = kept.get("run").filter(|run| run.is_object());
    let draft = kept.get("draft").unwrap_or(&Value::Null);
    let named = run.and_then(|run| run.get("name")).or(draft.get("name"));
    let called = named.and_then(Value::as_str).unwrap_or_default().trim();
    let (kind, of) = name.split_once('.').unwrap_or((name, ""));
    let head = match kind {
        "create" => "New VM".to_owned(),
        "clone" => format!("Copy of VM {}", of.split('.').next().unwrap_or_default()),
        "restore" => "Restore".to_owned(),
        "migrate" => {
            let of = |key| {
                let list = run.and_then(|run| run.get("moves")).or(draft.get(key));
                list.and_then(Value::as_array).map_or(0, Vec::len)
            };
            format!(
                "Migration of {}",
                super::units::count(of("vms"), "VM", "VMs")
            )
        }
        _ => return None,
    };
    let title = match (kind, called.is_empty()) {
        ("clone", false) => format!("{head}: {called}"),
        (_, false) => format!("{head} {called}"),
        (_, true) => head,
    };
    Some(Parked {
        title,
        standing: run.map_or(Standing::Draft, standing),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::{Upid, VmId};
    use crate::domain::provision::{Request, Run, Stage};
    use serde_json::json;

    fn of(name: &str, kept: &Value) -> (String, Standing) {
        let read = read(name, &kept.to_string()).unwrap();
        (read.title, read.standing)
    }

    #[test]
    fn drafts_are_named_by_what_they_make() {
        let draft = json!({"draft": {"name": "web-03"}, "step": "disks", "at": 0, "run": null});
        let clone = |name| of(name, &draft).0;
        assert_eq!(
            of("create", &draft),
            ("New VM web-03".into(), Standing::Draft)
        );
        assert_eq!(clone("clone.101.before"), "Copy of VM 101: web-03");
        assert_eq!(of("restore.pbs:x", &draft).0, "Restore web-03");
        let draft = json!({"draft": {"vms": [101, 105]}, "step": "target", "run": null});
        assert_eq!(of("migrate", &draft).0, "Migration of 2 VMs");
        assert_eq!(read("other", "{}"), None);
        assert_eq!(read("create", "no JSON"), None);
    }

    /// With the very words in which runs are kept.
    #[test]
    fn runs_say_how_they_stand() {
        let run = |first: Stage| {
            let requests = vec![
                Request::Clone(VmId(9000), json!({})),
                Request::Start(VmId(105)),
            ];
            let mut run = Run::new(VmId(105), "web-03", requests);
            run.note(first);
            of("clone.9000", &json!({"draft": {}, "run": run})).1
        };
        assert_eq!(run(Stage::Waits), Standing::UnderWay);
        assert_eq!(run(Stage::Sent(1)), Standing::UnderWay);
        assert_eq!(
            run(Stage::Runs(Some(Upid("UPID:x".into())))),
            Standing::UnderWay
        );
        assert_eq!(run(Stage::Failed("no".into())), Standing::Stuck);
        assert_eq!(run(Stage::Done), Standing::UnderWay);
        let moves = |stages: &[Value]| {
            let moves: Vec<_> = stages.iter().map(|stage| json!({"stage": stage})).collect();
            of("migrate", &json!({"draft": {}, "run": {"moves": moves}})).1
        };
        assert_eq!(moves(&[json!("done"), json!("left")]), Standing::Through);
        assert_eq!(
            moves(&[json!({"failed": "no"}), json!({"runs": null})]),
            Standing::UnderWay
        );
        assert_eq!(moves(&[json!({"failed": "no"})]), Standing::Stuck);
    }
}
