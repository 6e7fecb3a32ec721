//! What a query means, written down a second time as plainly as can be, and few conditions on few
//! rows, so that each meets its limits often.

use super::bare;
use crate::domain::query::ast::{Cmp, Field, Number, Pattern, Query, Sign, Term, Value};
use crate::domain::query::{Compiled, Facts, parse};
use proptest::prelude::*;

fn lower(text: &str) -> Vec<char> {
    text.chars().flat_map(char::to_lowercase).collect()
}

/// By recursion, letter by letter; `None` is a wildcard.
fn glob(text: &[char], pattern: &[Option<char>]) -> bool {
    match pattern.split_first() {
        None => text.is_empty(),
        Some((None, rest)) => (0..=text.len()).any(|skip| glob(&text[skip..], rest)),
        Some((Some(letter), rest)) => text.first() == Some(letter) && glob(&text[1..], rest),
    }
}

fn fits(text: &str, pattern: &Pattern, part: bool) -> bool {
    let mut letters = Vec::new();
    for (nth, piece) in pattern.parts().iter().enumerate() {
        if nth > 0 {
            letters.push(None);
        }
        letters.extend(lower(piece).into_iter().map(Some));
    }
    if part && pattern.parts().len() == 1 {
        letters.insert(0, None);
        letters.push(None);
    }
    glob(&lower(text), &letters)
}

fn texts(field: Field, row: &Facts<'_>) -> Vec<String> {
    let one = |text: &str| vec![text.to_owned()];
    let maybe = |text: Option<&str>| text.map(str::to_owned).into_iter().collect();
    match field {
        Field::Tag => row.tags.to_vec(),
        Field::Ip => row.ips.to_vec(),
        Field::Node => one(row.node),
        Field::Status if row.template => one("template"),
        Field::Status => one(row.status),
        Field::Type => one(row.kind),
        Field::Name => one(row.name),
        Field::Id => one(&row.vmid.0.to_string()),
        Field::Pool => maybe(row.pool),
        Field::Lock => maybe(row.lock),
        Field::Ha => maybe(row.ha),
        Field::Cluster => row
            .tags
            .iter()
            .filter(|tag| tag.to_lowercase().starts_with("cluster-"))
            .map(|tag| tag.chars().skip("cluster-".len()).collect())
            .collect(),
        _ => Vec::new(),
    }
}

/// The measurement in the unit of `number`, and the number.
fn pair(field: Field, number: Number, row: &Facts<'_>) -> Option<(f64, f64)> {
    let (used, total) = match field {
        Field::Mem => (row.mem, row.maxmem),
        Field::Disk => (row.disk, row.maxdisk),
        Field::Uptime => (row.uptime, None),
        _ => (Some(u64::from(row.vmid.0)), None),
    };
    Some(match number {
        Number::Percent(percent) if field == Field::Cpu => (row.cpu?, percent / 100.0),
        Number::Percent(percent) => match total? {
            0 => return None,
            total => (used? as f64 / total as f64, percent / 100.0),
        },
        Number::Count(n) | Number::Bytes(n) | Number::Seconds(n) => (used? as f64, n as f64),
    })
}

fn one(term: &Term, value: &Value, row: &Facts<'_>) -> bool {
    let Some(field) = term.field else {
        let Value::Text(pattern) = value else {
            return false;
        };
        return [
            Field::Name,
            Field::Id,
            Field::Node,
            Field::Pool,
            Field::Tag,
            Field::Ip,
        ]
        .into_iter()
        .flat_map(|field| texts(field, row))
        .any(|text| fits(&text, pattern, true));
    };
    match value {
        Value::Any => !texts(field, row).is_empty(),
        Value::None => texts(field, row).is_empty(),
        Value::Text(pattern) => texts(field, row).iter().any(|text| {
            let part = field == Field::Name && term.sign == Sign::Plain;
            let same = |word: &str| {
                pattern
                    .as_literal()
                    .is_some_and(|p| p.eq_ignore_ascii_case(word))
            };
            fits(text, pattern, part) && !(field == Field::Type && same("vm"))
                || field == Field::Type && text == "qemu" && same("vm")
        }),
        Value::Compare(cmp, number) => pair(field, *number, row).is_some_and(|(x, n)| {
            let about = match number {
                Number::Percent(_) => 0.005,
                Number::Count(_) => 0.0,
                _ => n * 0.005,
            };
            match cmp {
                Cmp::Eq => x >= n - about && x <= n + about,
                Cmp::Lt => x < n,
                Cmp::Le => x <= n,
                Cmp::Gt => x > n,
                Cmp::Ge => x >= n,
            }
        }),
        Value::Range(from, to) => {
            let from = pair(field, *from, row).is_some_and(|(x, n)| x >= n);
            from && pair(field, *to, row).is_some_and(|(x, n)| x <= n)
        }
    }
}

pub(super) fn holds(query: &Query, row: &Facts<'_>) -> bool {
    match query {
        Query::And(parts) => !parts.iter().any(|part| !holds(part, row)),
        Query::Or(parts) => parts.iter().filter(|part| holds(part, row)).count() > 0,
        Query::Not(part) => !holds(part, row),
        Query::Term(term) if term.sign != Sign::Unequal => {
            term.any.iter().any(|value| one(term, value, row))
        }
        Query::Term(term) => term.any.iter().all(|value| {
            let known = match (value, term.field) {
                (Value::Compare(_, number) | Value::Range(number, _), Some(field)) => {
                    pair(field, *number, row).is_some()
                }
                (_, Some(Field::Ip)) => !row.ips.is_empty(),
                _ => true,
            };
            known && !one(term, value, row)
        }),
    }
}

/// Conditions on the values that rows are made of.
const ATOMS: [&str; 44] = [
    "a",
    "b*",
    "*",
    "1",
    "ü",
    "\"\"",
    "name:a",
    "name:=A",
    "name:!=a",
    "name:*a*a",
    "name:a*b",
    "node:a",
    "node:!=a,b",
    "status:a",
    "status:template",
    "type:vm",
    "type:lxc",
    "pool:a",
    "pool:none",
    "pool:any",
    "tag:a",
    "tag:none",
    "tag:!=b",
    "cluster:a",
    "cluster:any",
    "ip:a",
    "ip:!=a",
    "lock:any",
    "lock:none",
    "ha:b",
    "ha:!=b",
    "id:1",
    "id:>1",
    "id:1..50",
    "id:!=1",
    "id:*0",
    "cpu:>50%",
    "cpu:>=50%",
    "cpu:!=50%",
    "mem:<50B",
    "mem:<=50%",
    "mem:1B..50B",
    "disk:!=50%",
    "uptime:<50s",
];

fn few() -> impl Strategy<Value = Query> {
    let atom = prop::sample::select(ATOMS.to_vec()).prop_map(|text| parse(text).unwrap());
    atom.prop_recursive(3, 8, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(Query::and),
            prop::collection::vec(inner.clone(), 2..4).prop_map(Query::or),
            inner.prop_map(Query::negated),
        ]
    })
}

fn word() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["", "a", "b", "aa", "AB", "Ü", "qemu", "lxc"])
}

fn maybe() -> impl Strategy<Value = Option<u64>> {
    prop::option::of(prop::sample::select(vec![0_u64, 1, 49, 50, 51, 100]))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn few_conditions_on_few_rows(
        query in few(),
        (name, node, kind, status) in (word(), word(), word(), word()),
        (pool, lock, ha) in (prop::option::of(word()), prop::option::of(word()), prop::option::of(word())),
        template: bool,
        tags in prop::collection::vec(prop::sample::select(vec!["a", "b", "1b", "cluster-a", "Cluster-b"]), 0..3),
        ips in prop::collection::vec(word(), 0..2),
        vmid in prop::sample::select(vec![0_u32, 1, 2, 50, 110]),
        (cpu, mem, maxmem, disk, uptime) in (maybe(), maybe(), maybe(), maybe(), maybe()),
    ) {
        let (tags, ips) = (super::words(&tags), super::words(&ips));
        let facts = Facts {
            name, node, kind, status, template, pool, lock, ha, mem, maxmem, disk, uptime,
            tags: &tags,
            ips: &ips,
            cpu: cpu.map(|percent| percent as f64 / 100.0),
            maxdisk: Some(100),
            ..bare(vmid)
        };
        prop_assert_eq!(Compiled::new(&query).matches(&facts), holds(&query, &facts), "{}", query);
    }
}
