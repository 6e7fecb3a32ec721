//! What holds for every query and every text.

use super::bare;
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
            inner.prop_map(Query::not),
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

/// What a query means, written down a second time as plainly as can be.
mod oracle {
    use super::*;

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

    pub fn holds(query: &Query, row: &Facts<'_>) -> bool {
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
            prop_assert_eq!(compiled.matches(&facts), oracle::holds(&query, &facts), "{} {:?}", query, facts);
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
