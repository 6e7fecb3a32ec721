use super::*;
use proptest::prelude::*;

const DAY: i64 = 86_400;
const UTC: Offset<'static> = &|_| 0;

fn item(volid: &str, vm: u32, day: i64) -> Item<'_> {
    Item {
        volid,
        vm: Some(VmId(vm)),
        storage: volid.split(':').next().unwrap_or_default(),
        at: Some(Instant::from_secs(day * DAY + 7_200)),
        size: Some(Bytes(10)),
        protected: false,
    }
}

fn gone<'a>(items: &[Item<'a>], plan: &Plan) -> Vec<&'a str> {
    let mut gone: Vec<&str> = plan.going().map(|place| items[place].volid).collect();
    gone.sort_unstable();
    gone
}

fn now(day: i64) -> Instant {
    Instant::from_secs(day * DAY + 10_000)
}

#[test]
fn a_policy_judges_each_vm_on_each_storage_apart() {
    let items = [
        item("a:1", 1, 1),
        item("a:2", 1, 2),
        item("b:1", 1, 1),
        item("a:3", 2, 1),
    ];
    let by = By::Policy(Policy::default().with(Rule::Last, 1));
    let told = plan(&items, by, UTC, now(3));
    assert_eq!(gone(&items, &told), ["a:1"]);
    assert_eq!(
        (told.total, told.goes, told.stays(), told.frees),
        (4, 1, 3, 10)
    );
    let storages: Vec<_> = told
        .groups
        .iter()
        .map(|group| group.storage.as_deref())
        .collect();
    assert_eq!(storages, [Some("a"), Some("b"), Some("a")]);
    let words: Vec<&str> = told.groups[0]
        .verdicts
        .iter()
        .map(|v| v.why.as_str())
        .collect();
    assert_eq!(words, ["last 1 of 1", "kept by no rule"]);
    // The server's own rule takes a VM's together.
    let told = plan(&items, By::Newest(1), UTC, now(3));
    assert_eq!(gone(&items, &told), ["a:1", "b:1"]);
}

#[test]
fn protected_ones_stay_and_take_nobodys_place() {
    let mut items = [item("a:1", 1, 1), item("a:2", 1, 2), item("a:3", 1, 3)];
    items[2].protected = true;
    for by in [
        By::Newest(1),
        By::Policy(Policy::default().with(Rule::Last, 1)),
    ] {
        let told = plan(&items, by, UTC, now(4));
        assert_eq!(gone(&items, &told), ["a:1"], "{by:?}");
        assert_eq!(told.protected, 1);
    }
    let told = plan(&items, By::Days(1), UTC, now(30));
    assert_eq!(gone(&items, &told), ["a:1", "a:2"]);
}

#[test]
fn an_age_is_counted_to_the_second() {
    let items = [item("a:1", 1, 1), item("a:2", 1, 2)];
    let at = |secs| plan(&items, By::Days(2), UTC, Instant::from_secs(secs)).goes;
    assert_eq!(at(3 * DAY + 7_199), 0);
    assert_eq!(at(3 * DAY + 7_200), 1);
}

#[test]
fn months_are_those_of_the_clock() {
    // 31 January 1970, 23:30, and 1 February, 00:30.
    let mut items = [item("a:1", 1, 0), item("a:2", 1, 0)];
    items[0].at = Some(Instant::from_secs(31 * DAY - 1_800));
    items[1].at = Some(Instant::from_secs(31 * DAY + 1_800));
    let by = By::Months(2);
    assert_eq!(plan(&items, by, UTC, now(40)).goes, 0);
    assert_eq!(
        gone(&items, &plan(&items, by, &|_| 3_600, now(40))),
        ["a:1"]
    );
}

#[test]
fn what_cannot_be_judged_stays_and_is_counted() {
    let mut items = [item("a:1", 1, 1), item("a:2", 1, 2), item("a:3", 1, 3)];
    items[0].vm = None;
    items[1].at = None;
    items[2].size = None;
    let told = plan(&items, By::Days(1), UTC, now(90));
    assert_eq!(told.unjudged, [0, 1]);
    assert_eq!((told.goes, told.frees, told.without_size), (1, 0, 1));
}

#[test]
fn zero_keeps_nothing_and_an_empty_policy_all() {
    let items = [item("a:1", 1, 1), item("a:2", 1, 2)];
    let of = |by| plan(&items, by, UTC, now(9)).goes;
    assert_eq!(of(By::Policy(Policy::default())), 0);
    for by in [By::Newest(0), By::Months(0), By::Days(0)] {
        assert!(by.empties());
        assert_eq!(of(by), 2, "{by:?}");
    }
}

#[test]
fn differences_are_named_on_both_sides() {
    let told = difference(["a", "b"], ["b", "c"]);
    assert_eq!(told.server_alone, ["c"]);
    assert_eq!(told.here_alone, ["a"]);
    assert!(difference(["a"], ["a", "a"]).is_none());
}

#[test]
fn numbers_are_read_as_typed() {
    assert_eq!(read_count(" 7 "), Ok(7));
    assert_eq!(read_count(""), Ok(0));
    for wrong in ["-1", "1.5", "x", "10000"] {
        assert!(read_count(wrong).is_err(), "{wrong}");
        assert!(read_rule(wrong).is_err(), "{wrong}");
    }
    assert!(read_rule("0").unwrap_err().contains("every backup"));
    assert!(read_rule("").is_err());
}

proptest! {
    #[test]
    fn days_and_months_are_those_of_a_clock_that_is_put_forward_and_back(
        given in proptest::collection::vec((0u32..3, 0i64..129_600, any::<bool>()), 0..40),
        (turn, before, after) in (0i64..129_600, -720i64..720, -720i64..720),
        count in 1u32..40, by_months in any::<bool>(),
    ) {
        // Minutes of 90 days.
        let offset = |at: Instant| if at.secs() < turn * 60 { before * 60 } else { after * 60 };
        let names: Vec<String> = (0..given.len()).map(|at| format!("{}:{at}", at % 2)).collect();
        let mut used = HashSet::new();
        let items: Vec<Item<'_>> = given
            .iter()
            .zip(&names)
            .filter(|((vm, minute, _), _)| used.insert((*vm, *minute)))
            .map(|((vm, minute, protected), name)| Item {
                at: Some(Instant::from_secs(minute * 60)),
                protected: *protected,
                ..item(name, *vm, 1)
            })
            .collect();
        let by = match by_months {
            true => By::Months(count),
            false => By::Policy(Policy::default().with(Rule::Daily, count)),
        };
        let told = plan(&items, by, &offset, now(91));
        let period = |item: &Item<'_>| {
            let at = item.at.unwrap();
            let local = DateTime::from_timestamp(at.secs() + offset(at), 0).unwrap();
            local.format(if by_months { "%Y-%m" } else { "%Y-%m-%d" }).to_string()
        };
        let mut stays = HashSet::new();
        for one in &items {
            let same = |own: &&Item<'_>| {
                own.vm == one.vm && !own.protected && (by_months || own.storage == one.storage)
            };
            let mut own: Vec<&Item<'_>> = items.iter().filter(same).collect();
            own.sort_by_key(|own| std::cmp::Reverse(own.at));
            let mut periods = Vec::new();
            for other in own {
                let name = period(other);
                if !periods.contains(&name) && periods.len() < count as usize {
                    periods.push(name);
                    stays.insert(other.volid);
                }
            }
        }
        let goes = |item: &&Item<'_>| !item.protected && !stays.contains(item.volid);
        let mut wanted: Vec<&str> = items.iter().filter(goes).map(|item| item.volid).collect();
        wanted.sort_unstable();
        prop_assert_eq!(gone(&items, &told), wanted);
    }

    #[test]
    fn every_backup_is_judged_once_or_not_at_all(
        given in proptest::collection::vec((0u32..4, 0i64..400, any::<bool>(), 0u8..8), 0..40),
        count in 1u32..5,
    ) {
        let names: Vec<String> = (0..given.len()).map(|at| format!("{}:{at}", at % 2)).collect();
        let items: Vec<Item<'_>> = given
            .iter()
            .zip(&names)
            .map(|((vm, day, protected, odd), name)| Item {
                vm: (*odd != 1).then_some(VmId(*vm)),
                at: (*odd != 0).then(|| Instant::from_secs(day * DAY)),
                protected: *protected,
                ..item(name, 1, 1)
            })
            .collect();
        let policy = Policy::default().with(Rule::Daily, count).with(Rule::Monthly, 2);
        for by in [By::Policy(policy), By::Days(count * 50), By::Newest(count), By::Months(count)] {
            let told = plan(&items, by, UTC, now(400));
            let mut seen: Vec<usize> = told
                .groups
                .iter()
                .flat_map(|group| &group.verdicts)
                .map(|verdict| verdict.place)
                .chain(told.unjudged.iter().copied())
                .collect();
            seen.sort_unstable();
            prop_assert_eq!(seen, (0..items.len()).collect::<Vec<_>>());
            prop_assert!(told.going().all(|place| !items[place].protected));
        }
    }
}
