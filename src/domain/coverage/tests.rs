use super::*;
use crate::domain::units::Seconds;
use proptest::prelude::*;

const NOW: Instant = Instant::from_secs(1_719_230_520);
const HOUR: i64 = 3_600;

fn made(vm: u32, hours_ago: i64, size: u64) -> Made<'static> {
    Made {
        vm: VmId(vm),
        storage: "nas",
        at: Instant::from_secs(NOW.secs() - hours_ago * HOUR),
        size: Some(Bytes(size)),
        damaged: false,
    }
}

fn tags(text: &str) -> Vec<String> {
    text.split_whitespace().map(ToOwned::to_owned).collect()
}

fn goals(usual: Option<u32>, by_tag: &[(&str, u32)]) -> Goals {
    Goals {
        usual,
        by_tag: by_tag
            .iter()
            .map(|(tag, hours)| ((*tag).to_owned(), *hours))
            .collect(),
    }
}

#[test]
fn the_strictest_tag_asks() {
    let goals = goals(Some(48), &[("env-prod", 24), ("db", 6), ("env-dev", 168)]);
    let asked = |text: &str| goals.of(&tags(text)).map(|goal| (goal.hours, goal.tag));
    assert_eq!(asked("env-prod db web"), Some((6, Some("db".into()))));
    assert_eq!(asked("env-dev"), Some((168, Some("env-dev".into()))));
    assert_eq!(asked("web"), Some((48, None)));
    assert_eq!(Goals::default().of(&tags("web")), None);
}

#[test]
fn worst_comes_first() {
    let all = [tags("env-prod"), tags("env-dev"), tags("")];
    let guests = [
        (VmId(1), all[0].as_slice()),
        (VmId(2), all[0].as_slice()),
        (VmId(3), all[0].as_slice()),
        (VmId(4), all[0].as_slice()),
        (VmId(5), all[1].as_slice()),
        (VmId(6), all[2].as_slice()),
    ];
    let broken = Made {
        damaged: true,
        ..made(3, 1, 5)
    };
    let backups = [
        made(1, 24, 5),
        made(2, 25, 5),
        made(2, 900, 5),
        broken,
        made(3, 70, 5),
        Made {
            damaged: true,
            ..made(4, 1, 5)
        },
        made(5, 100, 5),
        made(99, 1, 5),
    ];
    let goals = goals(None, &[("env-prod", 24), ("env-dev", 168)]);
    let rows = freshness(guests, &backups, &goals, NOW);
    let told: Vec<(u32, Fresh)> = rows.iter().map(|row| (row.vm.0, row.fresh)).collect();
    assert_eq!(
        told,
        [
            (4, Fresh::Missing),
            (3, Fresh::Late(Seconds(46 * 3_600))),
            (2, Fresh::Late(Seconds(3_600))),
            (1, Fresh::Within),
            (5, Fresh::Within),
            (6, Fresh::Unasked),
        ]
    );
    assert!(rows[1].newer_is_damaged && !rows[2].newer_is_damaged);
    let counted = counts(&rows);
    assert_eq!(
        (
            counted.missing,
            counted.late,
            counted.within,
            counted.unasked
        ),
        (1, 2, 2, 1)
    );
    let ahead = freshness(guests, &[made(1, -5, 1)], &goals, NOW);
    let first = ahead.iter().find(|row| row.vm == VmId(1)).unwrap();
    assert_eq!(first.fresh, Fresh::Within, "a clock that runs ahead");
}

#[test]
fn sizes_grow_by_storage() {
    let other = Made {
        storage: "pbs",
        ..made(1, 1, 7)
    };
    let list = [
        made(1, 0, 3_000),
        made(1, 48, 1_000),
        made(1, 24, 2_000),
        made(2, 24, 10),
        other,
        Made {
            size: None,
            ..made(2, 1, 0)
        },
        Made {
            damaged: true,
            ..made(2, 2, 0)
        },
    ];
    let found = series(&list);
    let keys: Vec<(&str, u32)> = found.iter().map(|one| (&*one.storage, one.vm.0)).collect();
    assert_eq!(keys, [("nas", 1), ("nas", 2), ("pbs", 1)]);
    let sizes: Vec<u64> = found[0]
        .trend
        .points
        .iter()
        .map(|(_, size)| size.0)
        .collect();
    assert_eq!(sizes, [1_000, 2_000, 3_000]);
    assert!((found[0].trend.per_day.unwrap() - 1_000.0).abs() < 1e-6);
    assert_eq!(found[0].trend.last_step(), Some(0.5));
    assert_eq!(
        (found[1].trend.per_day, found[1].trend.last_step()),
        (None, None)
    );
    let at_once = Trend::of(vec![(NOW, Bytes(1)), (NOW, Bytes(9))]);
    assert_eq!(at_once.per_day, None);
}

#[test]
fn days_are_those_of_the_person() {
    // 12:02 UTC on the 24th.
    let at = |text: &str| Instant::parse_iso(text).unwrap();
    let one = |text: &str, size: u64| Made {
        at: at(text),
        ..made(1, 0, size)
    };
    let list = [
        one("2024-06-22T23:30:00Z", 1),
        one("2024-06-23T00:30:00Z", 10),
        one("2024-06-24T00:00:00Z", 100),
        one("2024-06-01T00:00:00Z", 1_000),
        one("2024-06-25T12:00:00Z", 10_000),
    ];
    let told = |offset: i64| -> Vec<String> {
        by_day(&list, &|_| offset, NOW, 3)
            .iter()
            .map(|day| format!("{} {} {} {}", day.date, day.made, day.added.0, day.held.0))
            .collect()
    };
    assert_eq!(
        told(0),
        [
            "2024-06-22 1 1 1001",
            "2024-06-23 1 10 1011",
            "2024-06-24 1 100 1111"
        ]
    );
    assert_eq!(
        told(2 * HOUR),
        [
            "2024-06-22 0 0 1000",
            "2024-06-23 2 11 1011",
            "2024-06-24 1 100 1111"
        ]
    );
    assert_eq!(
        told(-4 * HOUR),
        [
            "2024-06-22 2 11 1011",
            "2024-06-23 1 100 1111",
            "2024-06-24 0 0 1111"
        ]
    );
    assert_eq!(by_day(&list, &|_| 0, NOW, 0), []);
}

#[test]
fn what_could_not_be_read_makes_nothing_missing() {
    let goals = goals(Some(48), &[]);
    let guests: [(VmId, &[String]); 2] = [(VmId(1), &[]), (VmId(2), &[])];
    let mut rows = freshness(guests, &[made(2, 1, 1)], &goals, NOW);
    assert_eq!(rows[0].fresh, Fresh::Missing);
    in_doubt(&mut rows);
    let told: Vec<_> = rows.iter().map(|row| (row.vm.0, row.fresh)).collect();
    assert_eq!(told, [(1, Fresh::Unknown), (2, Fresh::Within)]);
    assert!(!rows[0].fresh.is_bad());
    let counted = counts(&rows);
    assert_eq!(
        (counted.missing, counted.unknown, counted.within),
        (0, 1, 1)
    );
}

#[test]
fn a_failure_before_the_newest_backup_is_history() {
    let at = |secs| Some(Instant::from_secs(secs));
    assert!(failed_since(true, at(10), at(10)), "the summary knows it");
    assert!(failed_since(true, None, None), "there never was one");
    assert!(failed_since(true, at(10), at(20)), "the try itself is told");
    assert!(!failed_since(true, at(20), at(10)), "made since");
    assert!(!failed_since(true, at(20), None), "the first, made since");
    assert!(!failed_since(false, at(10), at(10)));
}

fn any_made() -> impl Strategy<Value = Vec<Made<'static>>> {
    let one = (
        1..5_u32,
        -50..2_000_i64,
        prop::option::of(0..1_u64 << 40),
        any::<bool>(),
        any::<bool>(),
    );
    prop::collection::vec(
        one.prop_map(|(vm, ago, size, damaged, nas)| Made {
            size: size.map(Bytes),
            damaged,
            storage: if nas { "nas" } else { "pbs" },
            ..made(vm, ago, 0)
        }),
        0..40,
    )
}

fn any_goals() -> impl Strategy<Value = Goals> {
    let tag = prop::sample::select(vec!["a", "b", "c"]).prop_map(ToOwned::to_owned);
    (
        prop::option::of(0..500_u32),
        prop::collection::btree_map(tag, 0..500_u32, 0..3),
    )
        .prop_map(|(usual, by_tag)| Goals { usual, by_tag })
}

proptest! {
    #[test]
    fn each_vm_is_judged_once_and_as_it_would_be_alone(
        list in any_made(), goals in any_goals(),
        own in prop::collection::vec(prop::collection::vec("[abd]", 0..3), 1..6),
    ) {
        let guests: Vec<(VmId, &[String])> = own
            .iter()
            .zip(1..)
            .map(|(tags, vm)| (VmId(vm), tags.as_slice()))
            .collect();
        let rows = freshness(guests.iter().copied(), &list, &goals, NOW);
        prop_assert_eq!(rows.len(), guests.len());
        let sorted = rows.is_sorted_by_key(|row| match row.fresh {
            Fresh::Missing => (0, 0),
            Fresh::Unknown => (1, 0),
            Fresh::Late(by) => (2, u64::MAX - by.0),
            Fresh::Within => (3, 0),
            Fresh::Unasked => (4, 0),
        });
        prop_assert!(sorted);
        for guest in &guests {
            let alone = freshness([*guest], &list, &goals, NOW).remove(0);
            let whole = list.iter().filter(|one| one.vm == guest.0 && !one.damaged);
            prop_assert_eq!(alone.last, whole.map(|one| one.at).max());
            prop_assert!(rows.contains(&alone));
            prop_assert_eq!(alone.goal.is_none(), alone.fresh == Fresh::Unasked);
        }
        let counted = counts(&rows);
        prop_assert_eq!(
            counted.missing + counted.late + counted.within + counted.unasked,
            rows.len()
        );
        prop_assert_eq!(
            counted.missing + counted.late,
            rows.iter().filter(|row| row.fresh.is_bad()).count()
        );
    }

    #[test]
    fn another_backup_never_makes_it_worse(
        list in any_made(), ago in 0..2_000_i64, hours in 0..500_u32
    ) {
        let goals = goals(Some(hours), &[]);
        let lateness = |list: &[Made<'_>]| {
            match freshness([(VmId(1), [].as_slice())], list, &goals, NOW)[0].fresh {
                Fresh::Missing => u64::MAX,
                Fresh::Late(by) => by.0,
                _ => 0,
            }
        };
        let before = lateness(&list);
        let mut more = list;
        more.push(made(1, ago, 1));
        prop_assert!(lateness(&more) <= before);
    }

    #[test]
    fn every_sound_size_is_in_one_series_in_order(list in any_made()) {
        let found = series(&list);
        let points: usize = found.iter().map(|one| one.trend.points.len()).sum();
        let sound = list.iter().filter(|one| !one.damaged && one.size.is_some()).count();
        prop_assert_eq!(points, sound);
        for one in &found {
            prop_assert!(one.trend.points.is_sorted_by_key(|(at, _)| *at));
            prop_assert!(one.trend.per_day.is_none_or(f64::is_finite));
        }
        let mut turned = list;
        turned.reverse();
        prop_assert_eq!(series(&turned), found);
    }

    #[test]
    fn a_straight_line_is_found(
        start in 0..1_u64 << 40, step in 0..1_u64 << 30, count in 2..60_i64
    ) {
        let points = (0..count)
            .map(|day| {
                let size = start + step * u64::try_from(day).unwrap();
                (Instant::from_secs(NOW.secs() + day * 86_400), Bytes(size))
            })
            .collect();
        let found = Trend::of(points).per_day.unwrap();
        #[expect(clippy::cast_precision_loss, reason = "within the tolerance")]
        let wanted = step as f64;
        prop_assert!((found - wanted).abs() <= 1e-6 * (1.0 + wanted), "{} {}", found, wanted);
    }

    #[test]
    fn days_follow_each_other_and_lose_nothing(
        list in any_made(), (before, after) in (-50_400..50_400_i64, -50_400..50_400_i64),
        turn in -50..2_000_i64, days in 0..120_u16
    ) {
        // The clock is put forward or back so many hours ago.
        let offset = |at: Instant| {
            if at.secs() < NOW.secs() - turn * HOUR { before } else { after }
        };
        let found = by_day(&list, &offset, NOW, days);
        prop_assert_eq!(found.len(), usize::from(days));
        prop_assert!(found.windows(2).all(|two| two[0].date.succ_opt() == Some(two[1].date)));
        prop_assert!(found.windows(2).all(|two| two[0].held <= two[1].held));
        let date = |at: Instant| {
            chrono::DateTime::from_timestamp(at.secs() + offset(at), 0).unwrap().date_naive()
        };
        for day in &found {
            let own = || list.iter().filter(|one| date(one.at) == day.date);
            prop_assert_eq!(usize::try_from(day.made).unwrap(), own().count());
            prop_assert_eq!(
                usize::try_from(day.damaged).unwrap(),
                own().filter(|one| one.damaged).count()
            );
            let up_to = list.iter().filter(|one| date(one.at) <= day.date);
            let held: u64 = up_to.filter_map(|one| one.size).map(|size| size.0).sum();
            prop_assert_eq!(day.held.0, held);
        }
        prop_assert!(found.last().is_none_or(|last| last.date == date(NOW)));
    }
}
