use super::*;
use chrono::{NaiveDate, TimeDelta};
use proptest::prelude::*;

fn local(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").expect("a time")
}

fn made(text: &str) -> Dated {
    let local = local(text);
    Dated {
        at: local.and_utc().timestamp(),
        local,
        protected: false,
    }
}

/// What stays and what goes, newest first: `2024-06-21 02:00 daily 1`.
fn table(policy: &str, times: &[&str]) -> Vec<String> {
    let policy = Policy::parse(policy).expect("a policy");
    let group: Vec<Dated> = times.iter().map(|time| made(time)).collect();
    let told = |fate: &Fate| match fate {
        Fate::Kept(rule, place) => format!("{} {place}", rule.word()),
        Fate::Removed => "goes".to_owned(),
        Fate::Protected => "protected".to_owned(),
        Fate::KeptByNone => "stays".to_owned(),
    };
    fates(&group, policy).iter().map(told).collect()
}

#[test]
fn each_rule_keeps_the_newest_of_its_periods() {
    let times = [
        "2024-06-21 14:30",
        "2024-06-21 14:00",
        "2024-06-21 02:00",
        "2024-06-20 02:00",
    ];
    assert_eq!(
        table("keep-last=2", &times),
        ["last 1", "last 2", "goes", "goes"]
    );
    assert_eq!(
        table("keep-hourly=2", &times),
        ["hourly 1", "goes", "hourly 2", "goes"]
    );
    assert_eq!(
        table("keep-daily=5", &times),
        ["daily 1", "goes", "goes", "daily 2"]
    );
    // A day that an earlier rule has kept one of is no further period of a later rule.
    assert_eq!(
        table("keep-last=1,keep-daily=1", &times),
        ["last 1", "goes", "goes", "daily 1"]
    );
    assert_eq!(table("keep-all=1", &times), ["stays"; 4]);
    assert_eq!(table("", &times), ["stays"; 4]);
}

#[test]
fn weeks_are_those_of_the_iso_year() {
    // 31 December 2024 is in week 1 of 2025, as 2 January 2025 is; 29 December is not.
    let times = [
        "2025-01-02 02:00",
        "2024-12-31 02:00",
        "2024-12-29 02:00",
        "2024-12-22 02:00",
    ];
    assert_eq!(
        table("keep-weekly=2", &times),
        ["weekly 1", "goes", "weekly 2", "goes"]
    );
    // 1 January 2027 is in week 53 of 2026.
    let times = ["2027-01-04 02:00", "2027-01-01 02:00", "2026-12-31 02:00"];
    assert_eq!(
        table("keep-weekly=5", &times),
        ["weekly 1", "weekly 2", "goes"]
    );
}

#[test]
fn months_and_years_end_at_midnight() {
    let times = [
        "2024-03-01 00:00",
        "2024-02-29 23:59",
        "2024-01-01 00:00",
        "2023-12-31 23:59",
    ];
    assert_eq!(
        table("keep-monthly=9", &times),
        ["monthly 1", "monthly 2", "monthly 3", "monthly 4"]
    );
    assert_eq!(
        table("keep-yearly=9", &times),
        ["yearly 1", "goes", "goes", "yearly 2"]
    );
    assert_eq!(
        table("keep-monthly=1,keep-yearly=2", &times),
        ["monthly 1", "goes", "goes", "yearly 1"],
    );
}

#[test]
fn an_hour_that_comes_twice_is_one_hour() {
    // The clocks went back at 3:00 on 27 October 2024: one hour apart, both at half past two.
    let (first, second) = (made("2024-10-27 02:30"), made("2024-10-27 02:30"));
    let second = Dated {
        at: second.at + 3600,
        ..second
    };
    let policy = Policy::default().with(Rule::Hourly, 5);
    assert_eq!(
        fates(&[first, second], policy),
        [Fate::Removed, Fate::Kept(Rule::Hourly, 1)]
    );
    // They went forward on 31 March: an hour of the clock was never there, and is not missed.
    let times = ["2024-03-31 03:10", "2024-03-31 01:50"];
    assert_eq!(table("keep-hourly=2", &times), ["hourly 1", "hourly 2"]);
}

#[test]
fn protected_ones_stay_and_count_for_nothing() {
    let mut group = ["2024-06-21 02:00", "2024-06-20 02:00", "2024-06-19 02:00"].map(made);
    group[0].protected = true;
    let policy = Policy::default().with(Rule::Last, 1);
    assert_eq!(
        fates(&group, policy),
        [Fate::Protected, Fate::Kept(Rule::Last, 1), Fate::Removed],
    );
    assert_eq!(fates(&group, Policy::default())[0], Fate::Protected);
    assert_eq!(
        reason(Fate::Kept(Rule::Daily, 3), policy.with(Rule::Daily, 7)),
        "daily 3 of 7"
    );
}

#[test]
fn policies_as_proxmox_writes_them() {
    let policy = Policy::parse("keep-daily=7, keep-last=3").expect("a policy");
    assert_eq!(policy.to_string(), "keep-last=3,keep-daily=7");
    assert_eq!(Policy::parse("").expect("none").to_string(), "keep-all=1");
    for (text, words) in [
        ("keep-last", "“keep-last” needs a number: keep-last=3"),
        ("keep-last=x", "keep-last: “x” is not a whole number"),
        ("keep-last=-1", "keep-last: “-1” is not a whole number"),
        ("keep-some=1", "keep-some is no rule"),
        ("keep-last=1,keep-last=2", "keep-last is said twice"),
        ("keep-all=1,keep-last=2", "keep-all stands alone"),
    ] {
        assert_eq!(Policy::parse(text).expect_err(text), words);
    }
}

/// The rule as it is told, period by period rather than backup by backup.
fn oracle(group: &[Dated], policy: Policy) -> Vec<bool> {
    let name = |rule: Rule, place: usize| {
        let local = group[place].local;
        match rule {
            Rule::Last => place.to_string(),
            Rule::Hourly => local.format("%Y-%m-%d %H").to_string(),
            Rule::Daily => local.format("%Y-%m-%d").to_string(),
            Rule::Weekly => local.format("%G-%V").to_string(),
            Rule::Monthly => local.format("%Y-%m").to_string(),
            Rule::Yearly => local.format("%Y").to_string(),
        }
    };
    let (mut stays, mut goes): (Vec<usize>, Vec<usize>) = (Vec::new(), Vec::new());
    let mut newest: Vec<usize> = (0..group.len())
        .filter(|place| !group[*place].protected)
        .collect();
    newest.sort_by_key(|place| -group[*place].at);
    for rule in Rule::ALL {
        let had: Vec<String> = stays.iter().map(|place| name(rule, *place)).collect();
        let mut periods: Vec<(String, Vec<usize>)> = Vec::new();
        for place in newest
            .iter()
            .copied()
            .filter(|place| !stays.contains(place) && !goes.contains(place))
        {
            let period = name(rule, place);
            if had.contains(&period) {
                continue;
            }
            match periods.iter_mut().find(|(name, _)| *name == period) {
                Some((_, places)) => places.push(place),
                None => periods.push((period, vec![place])),
            }
        }
        for (_, places) in periods.into_iter().take(policy.count(rule) as usize) {
            stays.push(places[0]);
            goes.extend(&places[1..]);
        }
    }
    (0..group.len())
        .map(|place| policy.keeps_all() || group[place].protected || stays.contains(&place))
        .collect()
}

fn any_policy() -> impl Strategy<Value = Policy> {
    prop::array::uniform6(prop_oneof![Just(0_u32), 0_u32..5]).prop_map(|counts| Policy { counts })
}

fn any_group() -> impl Strategy<Value = Vec<Dated>> {
    let start = NaiveDate::from_ymd_opt(2023, 11, 1)
        .expect("a day")
        .and_hms_opt(0, 0, 0)
        .expect("a time");
    // Close together around the turn of a year, or spread over two.
    let minutes = prop_oneof![0_i64..90_000, 0_i64..1_100_000];
    // The clock is put forward or back once, most often by an hour, and rarely by so much that a day
    // comes twice.
    let shift = prop_oneof![Just(0_i64), Just(60), Just(-60), -1_500_i64..1_500];
    let clock = (0_i64..1_100_000, shift, prop_oneof![Just(0_i64), Just(330)]);
    let made = prop::collection::vec((minutes, prop::bool::weighted(0.15)), 0..40);
    (made, clock).prop_map(move |(made, (turn, shift, ahead))| {
        let dated = |(minutes, protected)| {
            let shift = if minutes < turn { 0 } else { shift };
            Dated {
                at: (start + TimeDelta::minutes(minutes)).and_utc().timestamp(),
                local: start + TimeDelta::minutes(minutes + ahead + shift),
                protected,
            }
        };
        let mut group: Vec<Dated> = made.into_iter().map(dated).collect();
        group.sort_by_key(|dated| dated.at);
        group.dedup_by_key(|dated| dated.at);
        // In no order that helps.
        group.reverse();
        let half = group.len() / 2;
        group.rotate_left(half);
        group
    })
}

proptest! {
    #[test]
    fn as_the_rule_is_told(group in any_group(), policy in any_policy()) {
        let stays: Vec<bool> = fates(&group, policy).iter().map(|fate| !fate.goes()).collect();
        prop_assert_eq!(stays, oracle(&group, policy));
    }

    #[test]
    fn no_rule_keeps_more_than_its_count_and_the_newest_stays(group in any_group(), policy in any_policy()) {
        let now = fates(&group, policy);
        for rule in Rule::ALL {
            let kept = now.iter().filter(|fate| matches!(fate, Fate::Kept(by, _) if *by == rule)).count();
            prop_assert!(kept <= policy.count(rule) as usize);
        }
        // The newest that is not protected always stays.
        let newest = (0..group.len()).filter(|place| !group[*place].protected).max_by_key(|place| group[*place].at);
        prop_assert!(newest.is_none_or(|place| !now[place].goes()));
    }

    #[test]
    fn printed_and_read_again(policy in any_policy()) {
        prop_assert_eq!(Policy::parse(&policy.to_string()), Ok(policy));
    }
}
