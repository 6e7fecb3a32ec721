//! What holds for every edit of every configuration.

use super::*;
use crate::domain::config::ConfigMap;
use crate::domain::ids::VmId;
use proptest::prelude::*;
use serde_json::json;

fn tag() -> impl Strategy<Value = String> {
    "[a-d]"
}

fn distinct(most: usize) -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(tag(), 0..most).prop_map(|mut tags| {
        let mut seen = BTreeSet::new();
        tags.retain(|tag| seen.insert(tag.clone()));
        tags
    })
}

fn words() -> impl Strategy<Value = String> {
    "[x\n ]{0,4}"
}

fn notes() -> impl Strategy<Value = Notes> {
    prop_oneof![
        Just(Notes::Leave),
        words().prop_map(Notes::Replace),
        "[x\n]{0,2}x".prop_map(Notes::Append),
    ]
}

fn edit() -> impl Strategy<Value = Edit> {
    let switch = || prop::option::of(any::<bool>());
    (
        distinct(4),
        distinct(4),
        switch(),
        switch(),
        switch(),
        notes(),
    )
        .prop_map(|(add, mut remove, onboot, agent, protection, notes)| {
            remove.retain(|tag| !add.contains(tag));
            Edit {
                add,
                remove,
                onboot,
                agent,
                protection,
                notes,
            }
        })
}

fn flag() -> impl Strategy<Value = Option<Value>> {
    prop_oneof![
        Just(None),
        Just(Some(json!(0))),
        Just(Some(json!(1))),
        Just(Some(json!("1")))
    ]
}

fn known() -> impl Strategy<Value = Known> {
    let agent = prop_oneof![
        flag(),
        Just(Some(json!("enabled=1,fstrim_cloned_disks=1"))),
        Just(Some(json!("0,type=virtio")))
    ];
    (
        distinct(4),
        any::<bool>(),
        any::<bool>(),
        (flag(), agent, flag()),
        prop::option::of("[x\n]{0,4}"),
    )
        .prop_map(
            |(tags, told, container, (onboot, agent, protection), text)| {
                let mut config = ConfigMap::new();
                config.insert("cores".into(), json!(4));
                config.insert("digest".into(), json!("d"));
                let values = [
                    ("onboot", onboot),
                    ("agent", agent),
                    ("protection", protection),
                    ("description", text.map(Value::from)),
                    ("tags", joined(&tags).filter(|_| told)),
                ];
                for (key, value) in values {
                    if let Some(value) = value {
                        config.insert(key.into(), value);
                    }
                }
                Known::new(config, &tags, container)
            },
        )
}

/// As a server takes it.
fn sent(vm: &Known, patch: &Patch) -> Known {
    let mut config = vm.config.clone();
    let mut tags = vm.tags.clone();
    for (key, value) in patch {
        match value {
            Some(value) => config.insert(key.clone(), value.clone()),
            None => config.remove(key),
        };
        if key == "tags" {
            tags = split_tags(value.as_ref().and_then(Value::as_str).unwrap_or_default());
        }
    }
    Known {
        config,
        tags,
        container: vm.container,
    }
}

fn row(plan: Plan, state: State) -> Row {
    Row {
        vm: VmId(1),
        name: "a".into(),
        patch: plan.patch,
        before: plan.before,
        digest: None,
        force: false,
        state,
    }
}

fn note_text(vm: &Known) -> String {
    without_end(&text(&vm.config, "description").unwrap_or_default()).to_owned()
}

proptest! {
    #[test]
    fn gives_what_was_asked_for(edit in edit(), vm in known()) {
        let plan = edit.plan(&vm).unwrap();
        let after = sent(&vm, &plan.patch);
        for tag in &edit.add {
            prop_assert!(after.tags.contains(tag));
        }
        for tag in &edit.remove {
            prop_assert!(!after.tags.contains(tag));
        }
        for (key, wanted) in [("onboot", edit.onboot), ("protection", edit.protection)] {
            if let Some(on) = wanted {
                prop_assert_eq!(config::flag(&after.config, key).unwrap_or_default(), on);
            }
        }
        if let (Some(on), false) = (edit.agent, vm.container) {
            prop_assert_eq!(config::flag(&after.config, "agent").unwrap_or_default(), on);
            // What stands behind the switch stays.
            let rest = |vm: &Known| text(&vm.config, "agent")
                .and_then(|text| text.split_once(',').map(|(_, rest)| rest.to_owned()));
            prop_assert_eq!(rest(&vm), rest(&after));
        }
        match &edit.notes {
            Notes::Leave => prop_assert_eq!(note_text(&after), note_text(&vm)),
            Notes::Replace(text) => prop_assert_eq!(note_text(&after), without_end(text)),
            Notes::Append(text) => {
                prop_assert!(note_text(&after).ends_with(text.trim_matches(['\n', '\r'])));
                prop_assert!(note_text(&after).starts_with(&note_text(&vm)));
            }
        }
    }

    #[test]
    fn a_second_plan_is_empty(edit in edit(), vm in known()) {
        let plan = edit.plan(&vm).unwrap();
        let after = sent(&vm, &plan.patch);
        prop_assert_eq!(edit.plan(&after).unwrap().patch, Patch::new());
        prop_assert!(after.has(&plan.patch));
    }

    #[test]
    fn touches_nothing_else(edit in edit(), vm in known()) {
        let plan = edit.plan(&vm).unwrap();
        let asked = |key: &str| match key {
            "tags" => !edit.add.is_empty() || !edit.remove.is_empty(),
            "onboot" => edit.onboot.is_some(),
            "agent" => edit.agent.is_some() && !vm.container,
            "protection" => edit.protection.is_some(),
            "description" => edit.notes != Notes::Leave,
            _ => false,
        };
        for (key, _) in &plan.patch {
            prop_assert!(asked(key), "{key} was not asked for");
        }
        // Each change is told, with what it undoes.
        let keys = |patch: &Patch| patch.iter().map(|(key, _)| key.clone()).collect::<Vec<_>>();
        prop_assert_eq!(keys(&plan.patch), keys(&plan.before));
        let told: Vec<String> = plan.changes.iter().map(|change| change.key.clone()).collect();
        prop_assert_eq!(keys(&plan.patch), told);
        for change in &plan.changes {
            prop_assert_ne!(&change.old, &change.new, "{}", change.key);
        }
    }

    #[test]
    fn tags_keep_their_order(edit in edit(), vm in known()) {
        let after = sent(&vm, &edit.plan(&vm).unwrap().patch);
        let stayed: Vec<&String> = vm.tags.iter().filter(|tag| !edit.remove.contains(tag)).collect();
        let old: Vec<&String> = after.tags.iter().take(stayed.len()).collect();
        prop_assert_eq!(old, stayed);
        prop_assert!(after.tags.iter().skip(
            vm.tags.iter().filter(|tag| !edit.remove.contains(tag)).count()
        ).all(|tag| edit.add.contains(tag)));
    }

    #[test]
    fn undoing_brings_back_what_was(edit in edit(), vm in known()) {
        let plan = edit.plan(&vm).unwrap();
        let after = sent(&vm, &plan.patch);
        let back = sent(&after, &plan.before);
        prop_assert_eq!(&back.tags, &vm.tags);
        for key in ["onboot", "agent", "protection", "description", "cores"] {
            prop_assert_eq!(back.config.get(key), vm.config.get(key));
        }
        // A fresh look tells the three states apart, whatever was lost on the way.
        if !plan.patch.is_empty() {
            let row = row(plan, State::Look { sent: true });
            prop_assert_eq!(settle(&row, &vm), Settled::Send);
            prop_assert_eq!(settle(&row, &after), Settled::There);
        }
    }

    /// However often it is stopped, refused, lost and loaded anew: each VM ends exactly once.
    #[test]
    fn a_job_comes_to_its_end(turns in prop::collection::vec(0_u8..6, 0..60)) {
        let rows: Vec<Row> = (0..5)
            .map(|vm| Row { vm: VmId(vm), ..row(Plan::default(), State::Waiting) })
            .collect();
        let mut job = Job { rows, ..Job::default() };
        let mut ended = 0;
        for turn in turns {
            if turn == 5 {
                let text = serde_json::to_string(&job).unwrap();
                job = serde_json::from_str(&text).unwrap();
                job.resume();
                continue;
            }
            if let Some(row) = job.begin_next() {
                let state = match turn {
                    0 => State::Refused { why: "no".into(), safety: true },
                    1 => State::Lost("gone".into()),
                    _ => State::Done,
                };
                ended += usize::from(state == State::Done);
                job.note(row.vm, state);
            } else {
                job.retry(turn == 0);
            }
            let counts = job.counts();
            prop_assert_eq!(counts.done, ended);
            prop_assert_eq!(counts.done + counts.failed + counts.changed + counts.open, counts.all);
        }
        while job.counts().done < 5 {
            match job.begin_next() {
                Some(row) => job.note(row.vm, State::Done),
                None => job.retry(false),
            }
        }
        prop_assert_eq!(job.undo().unwrap().rows.len(), 5);
    }
}

#[test]
fn somebody_else_was_there() {
    let vm = Known::new(
        serde_json::from_value(json!({"onboot": 0, "description": "one"})).unwrap(),
        &["a".to_owned()],
        false,
    );
    let edit = Edit {
        add: vec!["b".into()],
        notes: Notes::Replace("two".into()),
        ..Edit::default()
    };
    let row = row(edit.plan(&vm).unwrap(), State::Waiting);
    let mut other = vm.clone();
    other
        .config
        .insert("description".into(), json!("somebody's"));
    assert_eq!(settle(&row, &other), Settled::Changed);
    // What is not touched here is nobody's business.
    let mut other = vm;
    other.config.insert("onboot".into(), json!(1));
    assert_eq!(settle(&row, &other), Settled::Send);
}

#[test]
fn says_what_is_wrong() {
    let fields = |edit: &Edit| -> Vec<String> {
        edit.check().into_iter().map(|error| error.field).collect()
    };
    let mut edit = Edit {
        add: vec!["env-prod".into()],
        remove: vec!["env-prod".into()],
        notes: Notes::Append(" ".into()),
        ..Edit::default()
    };
    assert_eq!(fields(&edit), ["remove", "notes"]);
    edit.remove = vec!["-".into()];
    edit.notes = Notes::Replace("x".repeat(NOTES_LIMIT + 1));
    assert_eq!(fields(&edit), ["remove", "notes"]);
    edit.remove.clear();
    edit.notes = Notes::Replace(String::new());
    assert!(edit.check().is_empty());
    assert!(!edit.is_empty());
}

#[test]
fn long_notes_and_containers_are_told() {
    let mut config = ConfigMap::new();
    config.insert("description".into(), json!("x".repeat(NOTES_LIMIT - 1)));
    let vm = Known::new(config, &[], true);
    let edit = Edit {
        notes: Notes::Append("more".into()),
        ..Edit::default()
    };
    assert!(edit.plan(&vm).is_err());
    let edit = Edit {
        agent: Some(true),
        ..Edit::default()
    };
    let plan = edit.plan(&vm).unwrap();
    assert!(plan.patch.is_empty() && plan.missing.is_some());
}

#[test]
fn outcome_in_words() {
    let mut job = Job::default();
    for (vm, state) in [
        State::Done,
        State::Same,
        State::Changed,
        State::Waiting,
        State::Lost("x".into()),
    ]
    .into_iter()
    .enumerate()
    {
        job.rows.push(Row {
            vm: VmId(vm as u32),
            ..row(Plan::default(), state)
        });
    }
    assert_eq!(job.name(), "Edit of 5 VMs");
    assert_eq!(
        job.outcome(),
        "2 changed, 1 without an answer, 1 changed meanwhile, 1 not begun"
    );
    assert_eq!(job.undo().unwrap().rows.len(), 1);
}
