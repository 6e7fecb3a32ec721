//! What holds for every query and every text.

use super::bare;
use super::oracle::holds;
use crate::domain::query::ast::{Cmp, Field, Number, Pattern, Query, Sign, Term, Value};
use crate::domain::query::chips::{chips, toggle_term, with_term, without};
use crate::domain::query::complete::{Index, complete, complete_tags};
use crate::domain::query::highlight::highlight;
use crate::domain::query::{Compiled, Facts, parse, parse_tags};
use proptest::prelude::*;

/// Letters that mean something somewhere, and words that do.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-b0-1ü\\-]{0,3}",
        2 => "[a ()\"\\\\“”*,:<>=!&|.\\-é]{0,5}",
        1 => prop::sample::select(vec!["AND", "OR", "NOT", "any", "None", "qemu", "vm", "template"])
            .prop_map(str::to_owned),
        1 => "\\PC{0,4}",
    ]
}

fn pattern() -> impl Strategy<Value = Pattern> {
    prop::collection::vec(text(), 1..4).prop_map(Pattern::between)
}

fn number(field: Field) -> BoxedStrategy<Number> {
    let percent = prop_oneof![0_u32..130_000, Just(50_000), Just(7_000)]
        .prop_map(|thousandths| Number::Percent(f64::from(thousandths) / 1000.0));
    let bytes = prop_oneof![any::<u64>(), 0_u64..20, (0_u64..5000).prop_map(|n| n << 20)]
        .prop_map(Number::Bytes);
    match field {
        Field::Cpu => percent.boxed(),
        Field::Mem | Field::Disk => prop_oneof![percent, bytes].boxed(),
        Field::Uptime => prop_oneof![any::<u64>(), 0_u64..9]
            .prop_map(Number::Seconds)
            .boxed(),
        _ => prop_oneof![any::<u64>(), 0_u64..9]
            .prop_map(Number::Count)
            .boxed(),
    }
}

/// Whether a range between the two would be none.
fn backwards(from: Number, to: Number) -> bool {
    match (from, to) {
        (Number::Count(a), Number::Count(b))
        | (Number::Bytes(a), Number::Bytes(b))
        | (Number::Seconds(a), Number::Seconds(b)) => a > b,
        (Number::Percent(a), Number::Percent(b)) => a > b,
        _ => true,
    }
}

fn value(field: Field) -> BoxedStrategy<Value> {
    let cmp = prop::sample::select(vec![Cmp::Eq, Cmp::Lt, Cmp::Le, Cmp::Gt, Cmp::Ge]);
    let compare = (cmp, number(field)).prop_map(|(cmp, number)| Value::Compare(cmp, number));
    let range = (number(field), number(field)).prop_map(|(from, to)| {
        if backwards(from, to) {
            Value::Range(from, from)
        } else {
            Value::Range(from, to)
        }
    });
    let text = pattern().prop_map(Value::Text);
    if field == Field::Id {
        prop_oneof![compare, range, text].boxed()
    } else if field.is_number() {
        prop_oneof![compare, range].boxed()
    } else if field.may_lack() {
        prop_oneof![4 => text, 1 => Just(Value::Any), 1 => Just(Value::None)].boxed()
    } else {
        text.boxed()
    }
}

fn term() -> BoxedStrategy<Query> {
    let word = prop::collection::vec(pattern().prop_map(Value::Text), 1..3).prop_map(|any| Term {
        field: None,
        sign: Sign::Plain,
        any,
        span: 0..0,
    });
    let field = prop::sample::select(Field::ALL.to_vec()).prop_flat_map(|field| {
        let sign = match field {
            Field::Name => vec![Sign::Plain, Sign::Equal, Sign::Unequal],
            _ => vec![Sign::Plain, Sign::Unequal],
        };
        let any = prop::collection::vec(value(field), 1..3);
        (prop::sample::select(sign), any).prop_map(move |(sign, any)| Term {
            field: Some(field),
            sign,
            any,
            span: 0..0,
        })
    });
    prop_oneof![1 => word, 3 => field]
        .prop_map(Query::Term)
        .boxed()
}

fn query() -> impl Strategy<Value = Query> {
    term().prop_recursive(5, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(Query::and),
            prop::collection::vec(inner.clone(), 1..4).prop_map(Query::or),
            inner.prop_map(Query::negated),
        ]
    })
}

/// Pieces of queries in any order, mostly wrong.
fn soup() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(vec![
            "AND", "OR", "NOT", "-", "!", "(", ")", "&&", "||", " ", "\"", "“", "\\", "*", ",",
            ":", "=", "!=", ">", "<=", "..", "%", "G", "h", "a", "ü", "tag:", "cpu:", "id:",
            "mem:", "1", "0.5", "uptime:", "lock:any", "\u{a0}", "ß", "name:a",
        ])
        .prop_map(str::to_owned),
        text(),
    ];
    prop::collection::vec(piece, 0..10).prop_map(|pieces| pieces.concat())
}

/// A row over few values, so that queries of few values meet them.
#[derive(Debug, Clone)]
struct Row {
    texts: Vec<String>,
    tags: Vec<String>,
    ips: Vec<String>,
    some: Vec<bool>,
    numbers: Vec<u64>,
    vmid: u32,
}

fn row() -> impl Strategy<Value = Row> {
    let tag = prop_oneof![text(), text().prop_map(|name| format!("Cluster-{name}"))];
    let number = prop_oneof![0_u64..12, any::<u64>()];
    (
        prop::collection::vec(text(), 7),
        prop::collection::vec(tag, 0..3),
        prop::collection::vec(text().prop_map(|ip| ip.replace('/', "")), 0..2),
        prop::collection::vec(any::<bool>(), 9),
        prop::collection::vec(number, 6),
        prop_oneof![0_u32..12, any::<u32>()],
    )
        .prop_map(|(texts, tags, ips, some, numbers, vmid)| Row {
            texts,
            tags,
            ips,
            some,
            numbers,
            vmid,
        })
}

impl Row {
    fn facts(&self) -> Facts<'_> {
        let text = |nth: usize| self.texts[nth].as_str();
        let number = |nth: usize| self.some[nth].then_some(self.numbers[nth]);
        Facts {
            name: text(0),
            node: text(1),
            kind: text(2),
            status: text(3),
            template: self.some[6] && self.some[7],
            tags: &self.tags,
            ips: &self.ips,
            pool: self.some[6].then(|| text(4)),
            lock: self.some[7].then(|| text(5)),
            ha: self.some[8].then(|| text(6)),
            cpu: number(0).map(|n| (n % 1300) as f64 / 1000.0),
            mem: number(1),
            maxmem: number(2),
            disk: number(3),
            maxdisk: number(4),
            uptime: number(5),
            ..bare(self.vmid)
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_reads_back(query in query()) {
        let text = query.to_string();
        let back = parse(&text);
        prop_assert_eq!(back.as_ref(), Ok(&query), "{}", text);
        prop_assert_eq!(back.map(|query| query.to_string()), Ok(text));
    }

    #[test]
    fn finds_what_the_oracle_finds(query in query(), rows in prop::collection::vec(row(), 4)) {
        let compiled = Compiled::new(&query);
        for row in &rows {
            let facts = row.facts();
            prop_assert_eq!(compiled.matches(&facts), holds(&query, &facts), "{} {:?}", query, facts);
        }
    }

    #[test]
    fn takes_every_text(text in prop_oneof![soup(), "\\PC*"]) {
        let (pieces, error) = highlight(&text);
        let mut end = 0;
        for piece in pieces {
            prop_assert!(end <= piece.at.start && piece.at.start < piece.at.end);
            prop_assert!(text.get(piece.at.clone()).is_some());
            end = piece.at.end;
        }
        for error in [error, parse_tags(&text).err()].into_iter().flatten() {
            prop_assert!(text.get(error.at).is_some_and(|wrong| !wrong.is_empty()));
        }
        if let Ok(query) = parse(&text) {
            let written = query.to_string();
            prop_assert_eq!(parse(&written), Ok(query), "{}", written);
        }
        if let Ok(query) = parse_tags(&text)
            && let Some(expression) = query.tag_expression()
        {
            let back = parse_tags(&expression).map(|query| query.tag_expression());
            prop_assert_eq!(back, Ok(Some(expression)));
        }
    }

    #[test]
    fn completes_every_text(text in soup(), rows in prop::collection::vec(row(), 0..3)) {
        let index = Index::of(rows.iter().map(Row::facts));
        for cursor in 0..=text.len() + 1 {
            for found in [complete(&text, cursor, &index), complete_tags(&text, cursor, &index)] {
                prop_assert!(text.get(found.replace.clone()).is_some(), "{} {:?}", cursor, found.replace);
                prop_assert!(found.replace.start <= cursor);
            }
        }
    }

    #[test]
    fn a_term_put_in_and_taken_out_again(query in query(), term in term()) {
        let (text, added) = (query.to_string(), term.to_string());
        let both = with_term(&text, &added);
        prop_assert_eq!(parse(&both), Ok(Query::and(vec![query.clone(), term.clone()])));
        let last = chips(&both).map_or(0, |chips| chips.len()) - 1;
        prop_assert_eq!(parse(&without(&both, last)), Ok(query.clone()));
        let has = |text: &str| chips(text).is_ok_and(|chips| {
            chips.iter().any(|chip| parse(&chip.text).as_ref() == Ok(&term))
        });
        prop_assert_ne!(has(&toggle_term(&text, &added)), has(&text));
    }

    #[test]
    fn the_other_chips_stay(
        parts in prop::collection::vec(query(), 1..5),
        glue in prop::sample::select(vec![" ", " AND ", "  && ", "&&"]),
        gone: prop::sample::Index,
    ) {
        let parts: Vec<String> = parts
            .iter()
            .map(|part| match part {
                Query::Term(_) | Query::Not(_) => part.to_string(),
                _ => format!("({part})"),
            })
            .collect();
        let text = parts.join(glue);
        let mut expected: Vec<String> = chips(&text).unwrap().into_iter().map(|chip| chip.text).collect();
        prop_assert_eq!(&expected, &parts);
        let gone = gone.index(parts.len());
        expected.remove(gone);
        let left: Vec<String> = chips(&without(&text, gone)).unwrap().into_iter().map(|chip| chip.text).collect();
        prop_assert_eq!(left, expected);
    }
}
