//! How a text is read and written.

use crate::domain::query::ast::{Cmp, Field, Number, Pattern, Query, Sign, Term, Value};
use crate::domain::query::parse::{self, MAX_DEPTH, lower_case_operator};
use crate::domain::query::{parse as read, parse_tags};

/// The canonical text of a query.
fn canonical(text: &str) -> String {
    read(text)
        .unwrap_or_else(|error| panic!("{text}: {error:?}"))
        .to_string()
}

fn word(text: &str) -> Query {
    Query::Term(Term::literal(None, text))
}

fn field(field: Field, any: Vec<Value>) -> Query {
    Query::Term(Term {
        field: Some(field),
        sign: Sign::Plain,
        any,
        span: 0..0,
    })
}

/// The part of the text that is wrong, and message and hint.
fn wrong(text: &str) -> (&str, String) {
    let error = read(text).expect_err(text);
    let hint = error
        .hint
        .map_or_else(String::new, |hint| format!(" / {hint}"));
    (&text[error.at], format!("{}{hint}", error.message))
}

#[test]
fn operators() {
    let (a, b, c) = (|| word("a"), || word("b"), || word("c"));
    assert_eq!(read(""), Ok(Query::everything()));
    assert_eq!(read("  "), Ok(Query::everything()));
    assert_eq!(read("a b"), Ok(Query::and(vec![a(), b()])));
    for text in ["a AND b", "a && b", "a&&b", "(a)(b)", "((a) b)"] {
        assert_eq!(read(text), read("a b"), "{text}");
    }
    for text in ["a || b", "a||b", "(a) OR (b)"] {
        assert_eq!(read(text), Ok(Query::or(vec![a(), b()])), "{text}");
    }
    for text in ["NOT a", "-a", "!a", "! a", "NOT (a)"] {
        assert_eq!(read(text), Ok(Query::negated(a())), "{text}");
    }
    let binds = Query::or(vec![a(), Query::and(vec![Query::negated(b()), c()])]);
    assert_eq!(read("a OR NOT b c"), Ok(binds));
    let grouped = Query::and(vec![Query::or(vec![a(), b()]), c()]);
    assert_eq!(read("(a OR b) c"), Ok(grouped));
    assert_eq!(
        read("a - b-c"),
        Ok(Query::and(vec![a(), word("-"), word("b-c")]))
    );
}

#[test]
fn lower_case_operators_are_words() {
    assert_eq!(
        read("a and not"),
        Ok(Query::and(vec![word("a"), word("and"), word("not")]))
    );
    assert_eq!(read("\"AND\""), Ok(word("AND")));
    assert_eq!(lower_case_operator("a and b"), Some(2..5));
    assert_eq!(lower_case_operator("not a"), Some(0..3));
    assert_eq!(lower_case_operator("a and"), None);
    assert_eq!(lower_case_operator("and"), None);
    assert_eq!(lower_case_operator("a AND b"), None);
}

#[test]
fn quotes_and_wildcards() {
    assert_eq!(read("\"a b\""), Ok(word("a b")));
    assert_eq!(read("“a b”"), Ok(word("a b")));
    assert_eq!(read(r#""a\"b\\""#), Ok(word(r#"a"b\"#)));
    assert_eq!(read("a\"b c\""), Ok(word("ab c")));
    assert_eq!(read("\"a*b\""), Ok(word("a*b")));
    let wild = |parts: &[&str]| Pattern::between(super::words(parts));
    for (text, parts) in [
        ("name:a*", &["a", ""][..]),
        ("name:*a", &["", "a"]),
        ("name:a**b", &["a", "b"]),
        ("name:*", &["", ""]),
        ("name:\"a b\"*", &["a b", ""]),
    ] {
        let expected = field(Field::Name, vec![Value::Text(wild(parts))]);
        assert_eq!(read(text), Ok(expected), "{text}");
    }
    assert!(read("a:b").is_err());
    assert_eq!(read("\"a:b\""), Ok(word("a:b")));
    assert_eq!(read("fe80::1"), Ok(word("fe80::1")));
}

#[test]
fn fields() {
    let text = |text: &str| Value::Text(Pattern::literal(text));
    assert_eq!(
        read("node:pve1,pve2"),
        Ok(field(Field::Node, vec![text("pve1"), text("pve2")]))
    );
    assert_eq!(read("NODE:pve1,"), read("node:pve1"));
    assert_eq!(
        read("ip:fe80::1"),
        Ok(field(Field::Ip, vec![text("fe80::1")]))
    );
    assert_eq!(read("lock:ANY"), Ok(field(Field::Lock, vec![Value::Any])));
    assert_eq!(read("ha:none"), Ok(field(Field::Ha, vec![Value::None])));
    assert_eq!(
        read("pool:\"none\""),
        Ok(field(Field::Pool, vec![text("none")]))
    );
    assert_eq!(read("node:any"), Ok(field(Field::Node, vec![text("any")])));
    for field in Field::ALL {
        assert_eq!(Field::parse(field.name()), Some(field));
        assert!(read(field.example()).is_ok(), "{}", field.example());
    }
}

#[test]
fn numbers() {
    let one = |name, cmp, number| Ok(field(name, vec![Value::Compare(cmp, number)]));
    let percent = |percent| Number::Percent(percent);
    assert_eq!(read("cpu:>50%"), one(Field::Cpu, Cmp::Gt, percent(50.0)));
    assert_eq!(read("cpu:>=0.5"), one(Field::Cpu, Cmp::Ge, percent(50.0)));
    assert_eq!(read("cpu:<0.07"), one(Field::Cpu, Cmp::Lt, percent(7.0)));
    assert_eq!(read("cpu:<=1"), one(Field::Cpu, Cmp::Le, percent(100.0)));
    assert_eq!(read("cpu>50%"), read("cpu:>50%"));
    assert_eq!(read("cpu=50%"), one(Field::Cpu, Cmp::Eq, percent(50.0)));
    assert_eq!(read("mem:>0.8"), one(Field::Mem, Cmp::Gt, percent(80.0)));
    for text in [
        "mem:>4G",
        "mem:>4GiB",
        "mem:>4gb",
        "memory:>4096M",
        "mem:>4.0g",
    ] {
        let expected = one(Field::Mem, Cmp::Gt, Number::Bytes(4 << 30));
        assert_eq!(read(text), expected, "{text}");
    }
    for text in [
        "uptime:<36h",
        "uptime:<1d12h",
        "uptime:<1.5d",
        "uptime:<1D12H",
    ] {
        let expected = one(Field::Uptime, Cmp::Lt, Number::Seconds(129_600));
        assert_eq!(read(text), expected, "{text}");
    }
    assert_eq!(read("id:=200"), one(Field::Id, Cmp::Eq, Number::Count(200)));
    assert_eq!(read("id:200.."), read("id:>=200"));
    assert_eq!(read("id:..200"), read("id:<=200"));
    assert_eq!(
        read("id:100..199,>500"),
        Ok(field(
            Field::Id,
            vec![
                Value::Range(Number::Count(100), Number::Count(199)),
                Value::Compare(Cmp::Gt, Number::Count(500)),
            ]
        ))
    );
}

#[test]
fn canonical_text() {
    for (text, expected) in [
        ("a && b", "a b"),
        ("a b OR c", "a AND b OR c"),
        ("(a OR b) -c", "(a OR b) NOT c"),
        ("!(a b)", "NOT (a b)"),
        ("tags:x", "tag:x"),
        ("status:=running", "status:running"),
        ("name:=web", "name:=web"),
        ("mem:>2048M", "mem:>2G"),
        ("mem:>1.5G", "mem:>1536M"),
        ("uptime:>36h", "uptime:>1d12h"),
        ("uptime:>0m", "uptime:>0s"),
        ("cpu:0.1..0.25", "cpu:10%..25%"),
        ("id:!=1,2", "id:!=1,2"),
        ("\"plain\"", "plain"),
        ("\"-a\" \"x y\" \"OR\" \"\"", "\"-a\" \"x y\" \"OR\" \"\""),
        ("tag:\"any\"", "tag:\"any\""),
        ("id:\"7\"", "id:\"7\""),
        ("a\"*\"b*", "\"a*b\"*"),
    ] {
        assert_eq!(canonical(text), expected, "{text}");
        assert_eq!(canonical(expected), expected);
    }
}

#[test]
fn what_cannot_be_typed_still_reads_back_the_same() {
    let nothing = Query::Or(Vec::new());
    assert_eq!(nothing.to_string(), "NOT *");
    assert_eq!(Query::negated(Query::everything()).to_string(), "NOT *");
    assert_eq!(
        Query::or(vec![word("a"), Query::everything()]),
        Query::everything()
    );
    assert_eq!(Query::and(Vec::new()), Query::or(Vec::new()));
}

#[test]
fn mistakes() {
    for (text, at, message) in [
        ("a AND", "AND", "Something is missing after AND"),
        (
            "OR a",
            "OR",
            "Something is missing before OR / To search for the word, put it in quotes: \"OR\"",
        ),
        (
            "a AND OR b",
            "OR",
            "Something is missing between AND and OR / To search for the word, put it in quotes: \"OR\"",
        ),
        (
            "(a",
            "(",
            "This parenthesis is not closed / Add ) where it ends",
        ),
        (
            "a)",
            ")",
            "Nothing is open that this could close / Remove the parenthesis",
        ),
        (
            ")",
            ")",
            "Nothing is open that this could close / Remove the parenthesis",
        ),
        ("a ()", "()", "Nothing stands in these parentheses"),
        (
            "ü \"a b",
            "\"a b",
            "This quote is not closed / Add \" where it ends",
        ),
        (
            "nod:x",
            "nod",
            "There is no field nod / Did you mean node:? To search for the text: \"nod:x\"",
        ),
        (
            "colour:red",
            "colour",
            "There is no field colour / To search for the text, put it in quotes: \"colour:red\"",
        ),
        (
            "tag:",
            "tag:",
            "tag needs a value / For example tag:env-prod",
        ),
        (
            "tag:(a OR b)",
            "tag:",
            "tag needs a value / Separate values by commas: tag:a,b",
        ),
        ("name:>5", ">5", "name has no order / For example name:web*"),
        ("cpu:>50", ">50", "50 needs a unit / Did you mean 50%?"),
        (
            "mem:>80",
            ">80",
            "80 needs a unit / Say a share or a size: 80% or 80G",
        ),
        ("cpu:>4G", ">4G", "4G is no cpu / For example cpu:>80%"),
        (
            "uptime:>5",
            ">5",
            "A time needs a unit / Say seconds, minutes, hours, days or weeks: 5h",
        ),
        (
            "uptime:5x",
            "5x",
            "5x is no uptime / For example uptime:<1h",
        ),
        (
            "id:9..1",
            "9..1",
            "The range ends before it begins / Turn it round: 1..9",
        ),
        (
            "id:..",
            "..",
            "A range needs a number / For example id:100..199",
        ),
        ("id:web", "web", "web is no id / For example id:100..199"),
        (
            "mem:1%..4G",
            "1%..4G",
            "The two ends of a range are in different units",
        ),
        ("cpu:>", ">", "cpu needs a number / For example cpu:>80%"),
    ] {
        assert_eq!(wrong(text), (at, message.to_owned()), "{text}");
    }
    // The first mistake is the one that is told.
    assert_eq!(wrong("nod:x (").0, "nod");
}

#[test]
fn depth_has_an_end() {
    let nested = |depth: usize| format!("{}a{}", "(".repeat(depth), ")".repeat(depth));
    assert!(read(&nested(MAX_DEPTH)).is_ok());
    assert!(read(&nested(MAX_DEPTH + 1)).is_err());
    assert!(read(&nested(100_000)).is_err());
    assert!(read(&"!".repeat(100_000)).is_err());
    assert!(read(&format!("{}a", "!".repeat(MAX_DEPTH))).is_ok());
    assert!(read(&"a OR ".repeat(10_000)).is_err());
    assert!(read(&"a ".repeat(10_000)).is_ok());
}

#[test]
fn tag_expressions() {
    let query = parse_tags("env-prod AND NOT always-on");
    assert_eq!(query, read("tag:env-prod -tag:always-on"));
    assert_eq!(
        parse_tags("(a OR b*) -\"none\""),
        read("(tag:a OR tag:b*) -tag:\"none\"")
    );
    assert!(parse_tags("node:pve1").is_err());
    assert_eq!(parse_tags("tag:a"), parse_tags("a"));
    let expression = |text: &str| read(text).ok().and_then(|query| query.tag_expression());
    assert_eq!(
        expression("tag:a,b -tag:c").as_deref(),
        Some("(a OR b) AND NOT c")
    );
    assert_eq!(
        expression("tag:a,b OR tag:c").as_deref(),
        Some("a OR b OR c")
    );
    assert_eq!(expression("tag:a web"), None);
    assert_eq!(expression("tag:!=a"), None);
}

#[test]
fn spans() {
    let text = "ü tag:é (x OR id:7)";
    let query = read(text).unwrap();
    let typed: Vec<&str> = query
        .terms()
        .iter()
        .map(|term| &text[term.span.clone()])
        .collect();
    assert_eq!(typed, ["ü", "tag:é", "x", "id:7"]);
    assert_eq!(parse::parse("x"), parse::parse("  x"));
}
