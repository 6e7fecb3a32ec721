use super::*;
use proptest::prelude::*;

fn log(lines: &[&str]) -> Log {
    let mut log = Log::default();
    log.append(lines.iter().map(|line| (*line).to_owned()));
    log
}

#[test]
fn words_decide_what_stands_out() {
    assert_eq!(
        level("TASK ERROR: unable to find configuration"),
        Level::Error
    );
    assert_eq!(level("ERROR: Backup of VM 101 failed"), Level::Error);
    assert_eq!(level("transfer failed: no space"), Level::Error);
    assert_eq!(level("TASK WARNINGS: 2"), Level::Warning);
    assert_eq!(level("WARN: no efidisk configured"), Level::Warning);
    assert_eq!(level("check finished, no errors"), Level::Plain);
    assert_eq!(level("errors: 0, warnings: 0"), Level::Plain);
    assert_eq!(level("mirroring terrors of the deep"), Level::Plain);
    assert_eq!(level("TASK OK"), Level::Plain);
    assert_eq!(level(""), Level::Plain);
}

#[test]
fn what_steers_a_terminal_is_no_text() {
    let log = log(&["\u{1b}[31mred\u{1b}[0m\r", "a\tb", "\u{1b}[", "\u{1b}"]);
    let lines: Vec<&str> = log.from(0).collect();
    assert_eq!(lines, ["red", "a\tb", "", ""]);
}

#[test]
fn the_oldest_lines_go_first_and_are_counted() {
    let mut log = Log::default();
    log.append((0..1800).map(|at| format!("line {at}")));
    log.keep(1000);
    assert_eq!((log.len(), log.cut()), (1300, 500));
    assert_eq!(log.line(0), Some("line 500"));
    assert_eq!(log.line(1299), Some("line 1799"));
    assert_eq!(log.line(1300), None);
}

#[test]
fn a_longer_log_leaves_the_older_one_as_it_was() {
    let before = log(&["one"]);
    let mut after = before.clone();
    after.append(["two".to_owned()]);
    assert_eq!((before.len(), after.len()), (1, 2));
    assert_eq!(after.text(), "one\ntwo\n");
}

#[test]
fn tabs_and_wide_letters_take_their_cells() {
    assert_eq!(cells("abc"), 3);
    assert_eq!(cells("a\tb"), 9);
    assert_eq!(cells("\u{30b5}\u{30fc}"), 4);
    assert_eq!(cells("e\u{301}"), 1);
}

#[test]
fn places_are_found_without_regard_to_case() {
    assert_eq!(places("Error: error", "ERROR"), [0..5, 7..12]);
    assert_eq!(places("Größe größe", "GRÖßE"), [0..7, 8..15]);
    assert_eq!(places("aaaa", "aa"), [0..2, 2..4]);
    // A dotted I folds to two letters: the place is the letter as it stands.
    assert_eq!(places("İxİ", "i"), [0..2, 3..5]);
    assert!(places("abc", "").is_empty());
}

#[test]
fn steps_lead_around_the_ends() {
    let log = log(&["disk one", "nothing", "disk disk"]);
    let hits = find(&log, "DISK");
    let hit = |line, nth| Hit { line, nth };
    assert_eq!(hits, [hit(0, 0), hit(2, 0), hit(2, 1)]);
    assert_eq!(step(&hits, hit(0, 0), false), Some(hit(2, 0)));
    assert_eq!(step(&hits, hit(2, 1), false), Some(hit(0, 0)));
    assert_eq!(step(&hits, hit(0, 0), true), Some(hit(2, 1)));
    assert_eq!(step(&hits, hit(1, 0), false), Some(hit(2, 0)));
    assert_eq!(step(&[], hit(1, 0), false), None);
    assert_eq!(first_from(&hits, 1), Some(hit(2, 0)));
    assert_eq!(first_from(&hits, 3), Some(hit(0, 0)));
}

#[test]
fn a_file_is_named_after_the_task() {
    assert_eq!(
        file_name("UPID:pve1:00A1:0B:65:qmstart:101:root@pam:"),
        "UPID_pve1_00A1_0B_65_qmstart_101_root_pam.log"
    );
}

proptest! {
    #[test]
    fn a_window_holds_every_line_in_sight(
        lengths in prop::collection::vec(0usize..300, 1..200),
        columns in prop::option::of(1usize..120),
        top in 0usize..2000,
        view in 1usize..60,
    ) {
        let lines: Vec<String> = lengths.iter().map(|length| "x".repeat(*length)).collect();
        let mut log = Log::default();
        log.append(lines);
        let layout = Layout::of(&log, columns, None);
        let window = layout.window(top as f64 * 18.0, view as f64 * 18.0, 18.0, 2);
        for line in 0..log.len() {
            let begins = layout.row_of(line);
            let ends = layout.row_of(line + 1);
            prop_assert!(ends > begins, "each line takes a row");
            if begins < top + view && ends > top {
                prop_assert!(window.contains(&line));
            }
        }
        prop_assert!(window.len() <= view + 2 + 2 * 2);
    }

    #[test]
    fn counting_on_is_counting_anew(
        lines in prop::collection::vec("[a-z\t]{0,90}", 0..60),
        split in 0usize..60,
        columns in prop::option::of(1usize..40),
    ) {
        let split = split.min(lines.len());
        let mut log = Log::default();
        log.append(lines[..split].to_vec());
        let first = Layout::of(&log, columns, None);
        log.append(lines[split..].to_vec());
        prop_assert_eq!(Layout::of(&log, columns, Some(&first)), Layout::of(&log, columns, None));
    }

    #[test]
    fn finding_agrees_with_the_plain_way(text in "[abAB ]{0,40}", needle in "[abAB]{1,3}") {
        let (low, wanted) = (text.to_lowercase(), needle.to_lowercase());
        let plain: Vec<_> = low.match_indices(&wanted).map(|(at, _)| at..at + wanted.len()).collect();
        prop_assert_eq!(places(&text, &needle), plain);
    }

    #[test]
    fn any_text_can_be_searched(text in "\\PC{0,40}", needle in "\\PC{1,4}") {
        for place in places(&text, &needle) {
            prop_assert!(text.get(place).is_some_and(|part| !part.is_empty()));
        }
    }
}
