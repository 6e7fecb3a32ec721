use super::super::*;
use super::draft;
use crate::domain::ids::Upid;
use crate::domain::units::Instant;

fn run() -> Run {
    let mut draft = draft();
    draft.start = true;
    Run::new(draft.vm(), &draft.name, draft.requests())
}

#[test]
fn each_request_is_sent_once_and_in_its_turn() {
    let now = Instant::from_secs(100);
    let mut run = run();
    assert!(run.take(now).unwrap().makes());
    assert_eq!(run.take(now), None, "one is on its way");
    run.note(Stage::Runs(Some(Upid("UPID:x".into()))));
    assert_eq!(run.take(now), None, "its task runs");
    run.note(Stage::Done);
    assert!(run.is_made());
    assert!(matches!(run.take(now), Some(Request::Configure(..))));
    run.note(Stage::Failed("locked".into()));
    assert_eq!(run.take(now), None, "the person decides");
    run.again();
    assert!(matches!(run.take(now), Some(Request::Configure(..))));
    run.note(Stage::Failed("locked".into()));
    run.leave();
    assert!(matches!(run.take(now), Some(Request::Start(_))));
    run.note(Stage::Done);
    assert_eq!((run.at(), run.take(now)), (None, None));
    assert_eq!(run.acts[0].task, Some(Upid("UPID:x".into())));
}

#[test]
fn what_was_on_its_way_is_not_sent_again() {
    let now = Instant::from_secs(100);
    let mut run = run();
    let _ = run.take(now);
    let text = serde_json::to_string(&run).unwrap();
    let mut kept: Run = serde_json::from_str(&text).unwrap();
    kept.resume();
    assert_eq!(kept.stage(), Some(&Stage::Unsure(now.millis)));
    assert_eq!(kept.take(now), None);
    kept.again();
    kept.leave();
    assert_eq!(
        kept.stage(),
        Some(&Stage::Unsure(now.millis)),
        "it must be looked for first"
    );
    kept.note(Stage::Failed("It was not carried out".into()));
    assert!(kept.is_refused());
    kept.leave();
    assert!(
        kept.is_refused(),
        "without a VM there is nothing to go on with"
    );
}
