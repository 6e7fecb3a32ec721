use super::*;
use crate::domain::status::VmStatus;
use crate::domain::units::{Bytes, Fraction, Instant};
use proptest::prelude::*;

fn at(secs: i64) -> Instant {
    Instant::from_secs(secs)
}

#[test]
fn states_are_counted_without_templates() {
    let (running, stopped) = (VmStatus::Running, VmStatus::Stopped);
    let odd = VmStatus::Unknown("unknown".into());
    let counts = VmCounts::of([
        (&running, false, false),
        (&running, false, true),
        (&stopped, true, false),
        (&odd, false, false),
    ]);
    assert_eq!(counts.total(), 3);
    assert_eq!((counts.templates, counts.locked), (1, 1));
    assert_eq!(counts.in_state(&running), 2);
    let words: Vec<_> = counts
        .states
        .iter()
        .map(|(state, _)| state.as_str())
        .collect();
    assert_eq!(words, ["running", "stopped", "paused", "error", "unknown"]);
}

#[test]
fn nodes_weigh_by_their_size() {
    let node = |name, cpu, cpus, mem: u64| NodeShare {
        name,
        cpu,
        cpus: Some(cpus),
        mem: Some(Bytes(mem)),
        maxmem: Some(Bytes(100)),
    };
    let nodes = [
        node("small", Some(Fraction(1.0)), 10, 20),
        node("large", Some(Fraction(0.5)), 30, 40),
        node("silent", None, 500, 90),
    ];
    let cpu = cpu_sum(&nodes);
    assert_eq!((cpu.used, cpu.total), (25.0, 40.0));
    assert_eq!(cpu.share, Some(Fraction(0.625)));
    assert_eq!(cpu.most, Some(("small".to_owned(), Fraction(1.0))));
    assert_eq!(memory_sum(&nodes).share, Some(Fraction(0.5)));
    assert_eq!(
        memory_sum(&nodes[..1]).most,
        None,
        "no other to compare with"
    );
    assert_eq!(cpu_sum(&nodes[2..]), NodeSum::default(), "not 0 %");
}

#[test]
fn shared_storage_counts_once() {
    let part = |name, shared, used: u64, total: u64| StoragePart {
        name,
        shared,
        usable: true,
        used: Some(Bytes(used)),
        total: Some(Bytes(total)),
    };
    let off = StoragePart {
        usable: false,
        ..part("off", false, 100, 100)
    };
    let silent = StoragePart {
        total: None,
        ..part("silent", false, 1, 1)
    };
    let sum = StorageSum::of([
        part("nas", true, 50, 100),
        part("nas", true, 50, 100),
        part("local", false, 10, 50),
        part("local", false, 20, 50),
        off,
        silent,
    ]);
    assert_eq!((sum.used, sum.total), (Bytes(80), Bytes(200)));
    assert_eq!((sum.counted, sum.silent), (3, 1));
    assert_eq!((sum.share, sum.free()), (Some(Fraction(0.4)), Bytes(120)));
    assert_eq!(StorageSum::of([silent]).share, None);
}

#[test]
fn history_sums_what_is_told() {
    let point = |secs, cpu, cpus, mem| HistoryPoint {
        at: at(secs),
        cpu,
        cpus,
        mem,
    };
    let (cpu, mem) = cluster_history([
        point(60, Some(0.5), 10.0, Some((1.0, 4.0))),
        point(120, None, 10.0, None),
        point(60, Some(1.0), 30.0, Some((2.0, 4.0))),
    ]);
    assert_eq!(cpu, [(at(60), Some(0.875)), (at(120), None)]);
    assert_eq!(mem, [(at(60), Some(0.375)), (at(120), None)]);
}

#[test]
fn live_samples_follow_history() {
    let history = [
        (at(0), Some(0.1)),
        (at(60), Some(0.2)),
        (at(120), Some(0.3)),
    ];
    let live = [
        (at(100), Some(0.5)),
        (at(105), Some(0.6)),
        (at(110), Some(0.6)),
        (at(200), Some(0.7)),
    ];
    let all = joined(&history, &live, 150_000);
    let gap = (Instant::from_millis(110_001), None);
    assert_eq!(
        all,
        [history[1], live[0], live[1], live[2], gap, live[3]],
        "older than the span, and what live samples cover, is left out"
    );
    assert_eq!(joined(&history, &[], 60_000), history[1..]);
    assert_eq!(joined(&[], &[], 60_000), []);
}

proptest! {
    #[test]
    fn the_largest_are_those_of_the_sorted_list(
        values in proptest::collection::vec(-1e6_f64..1e6, 0..60),
        count in 0_usize..10,
    ) {
        let keyed: Vec<(usize, f64)> = values.iter().copied().enumerate().collect();
        let mut sorted = keyed.clone();
        sorted.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let expected: Vec<usize> = sorted.iter().take(count).map(|(key, _)| *key).collect();
        prop_assert_eq!(largest(keyed, count), expected);
    }
}
