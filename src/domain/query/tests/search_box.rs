//! What the search box needs: completion, chips, colours.

use super::{bare, words};
use crate::domain::query::chips::{chips, position, toggle_term, with_term, without};
use crate::domain::query::complete::{Completion, Index, What, complete, complete_tags};
use crate::domain::query::highlight::{Piece, highlight};
use crate::domain::query::{Facts, Field};

fn index() -> Index {
    let tags = [
        words(&["env-prod", "web-tier", "cluster-k1"]),
        words(&["env-prod", "not-env"]),
        words(&["env-dev"]),
    ];
    let row = |nth: usize| Facts {
        node: ["pve1", "pve2", "pve2"][nth],
        tags: &tags[nth],
        pool: [Some("my pool"), Some("none"), None][nth],
        template: nth == 2,
        lock: [None, Some("backup"), None][nth],
        ..bare(100)
    };
    Index::of([row(0), row(1), row(2)])
}

/// Completes at `|`: what is typed, what would be replaced, and the first candidates.
fn at(text: &str, complete: fn(&str, usize, &Index) -> Completion) -> (What, String, Vec<String>) {
    let cursor = text.find('|').unwrap();
    let text = text.replacen('|', "", 1);
    let found = complete(&text, cursor, &index());
    let labels = found
        .candidates
        .iter()
        .map(|candidate| match candidate.count {
            Some(count) => format!("{} {count}", candidate.insert),
            None => candidate.insert.clone(),
        })
        .collect();
    (found.what, text[found.replace].to_owned(), labels)
}

fn typed(text: &str) -> (What, String, Vec<String>) {
    at(text, complete)
}

#[test]
fn completes_values() {
    let tags = |text| {
        let (what, replaced, found) = typed(text);
        assert_eq!(what, What::Value(Field::Tag), "{text}");
        (replaced, found)
    };
    // What begins so before what contains it, then what more have.
    let (replaced, found) = tags("web tag:ENV|");
    assert_eq!(replaced, "ENV");
    assert_eq!(found, ["env-prod 2", "env-dev 1", "not-env 1"]);
    let (replaced, found) = tags("tag:|");
    assert_eq!(replaced, "");
    assert_eq!(found[0], "env-prod 2");
    assert_eq!(found[5..], ["any 3", "none 0"]);
    // The whole value is replaced, another one of the list is not offered again.
    let (replaced, found) = tags("-tag:env-prod,en|v node:x");
    assert_eq!(replaced, "env");
    assert_eq!(found, ["env-dev 1", "not-env 1"]);
    let (replaced, _) = tags("tag:!=e|");
    assert_eq!(replaced, "e");
    // An open quote does not swallow what follows.
    let (replaced, _) = tags("tag:\"en| node:x");
    assert_eq!(replaced, "\"en");
}

#[test]
fn completes_with_quotes_and_for_every_field() {
    assert_eq!(typed("pool:m|").2, ["\"my pool\" 1"]);
    assert_eq!(typed("pool:no|").2, ["\"none\" 1", "none 1"]);
    assert_eq!(typed("status:|").2, ["running 2", "template 1"]);
    assert_eq!(typed("lock:|").2, ["backup 1", "none 2", "any 1"]);
    assert_eq!(typed("cluster:k|").2, ["k1 1"]);
    assert_eq!(typed("node:|").2, ["pve2 2", "pve1 1"]);
    assert_eq!(typed("cpu:>8|").2, [">80%"]);
    assert_eq!(typed("uptime:<|").2, ["<1h", "<1d"]);
    assert!(typed("nod:x|").2.is_empty());
}

#[test]
fn completes_fields_words_and_operators() {
    let (what, replaced, found) = typed("|");
    assert_eq!((what, replaced.as_str()), (What::Field, ""));
    assert_eq!(found.len(), Field::ALL.len());
    let (what, replaced, found) = typed("a OR no|");
    assert_eq!((what, replaced.as_str()), (What::Field, "no"));
    assert_eq!(found, ["node:", "tag:not-env 1", "pool:\"none\" 1"]);
    let (what, replaced, found) = typed("no|d:x");
    assert_eq!((what, replaced.as_str()), (What::Field, "nod:"));
    assert_eq!(found, ["node:"]);
    let (what, replaced, found) = typed("prod|");
    assert_eq!((what, replaced.as_str()), (What::Word, "prod"));
    assert_eq!(found, ["tag:env-prod 2"]);
    let (what, _, found) = typed("a |");
    assert_eq!(what, What::Operator);
    assert_eq!(found[..4], ["AND", "OR", "NOT", "tag:"]);
    let (what, replaced, found) = typed("a O|");
    assert_eq!((what, replaced.as_str()), (What::Operator, "O"));
    assert_eq!(found[0], "OR");
    assert_ne!(typed("O|").2.first().map(String::as_str), Some("OR"));
    // Right before a word there is nothing to put in.
    assert!(typed("a |b").2.is_empty());
}

#[test]
fn completes_tag_expressions() {
    let tags = |text| at(text, complete_tags);
    assert_eq!(
        tags("|").2,
        [
            "env-prod 2",
            "cluster-k1 1",
            "env-dev 1",
            "not-env 1",
            "web-tier 1"
        ]
    );
    let (what, replaced, found) = tags("a AND NOT en|");
    assert_eq!((what, replaced.as_str()), (What::Value(Field::Tag), "en"));
    assert_eq!(found, ["env-prod 2", "env-dev 1", "not-env 1"]);
    assert_eq!(
        tags("env-prod |"),
        (What::Operator, String::new(), words(&["AND", "OR", "NOT"]))
    );
    assert_eq!(tags("env-prod A|").2, ["AND"]);
}

#[test]
fn the_cursor_may_be_anywhere() {
    let text = "ü:é";
    for cursor in 0..9 {
        let found = complete(text, cursor, &index());
        assert!(text.get(found.replace).is_some());
    }
}

fn texts(text: &str) -> Vec<String> {
    chips(text)
        .unwrap()
        .into_iter()
        .map(|chip| chip.text)
        .collect()
}

#[test]
fn chips_of_a_query() {
    assert_eq!(
        texts(" web AND  -tag:x (a OR b)&&cpu:>5% "),
        ["web", "-tag:x", "(a OR b)", "cpu:>5%"]
    );
    assert_eq!(texts("a OR b c"), ["a OR b c"]);
    assert_eq!(texts("(a b)"), ["(a b)"]);
    assert!(texts("").is_empty());
    assert!(chips("(a").is_err());
}

#[test]
fn takes_chips_away() {
    let text = " web AND  -tag:x (a OR b) ";
    assert_eq!(without(text, 0), "-tag:x (a OR b)");
    assert_eq!(without(text, 1), "web (a OR b)");
    assert_eq!(without(text, 2), "web AND  -tag:x");
    assert_eq!(without(text, 3), text);
    assert_eq!(without("a", 0), "");
    assert_eq!(without("a(b)c", 1), "a c");
    assert_eq!(without("a&&b&&c", 1), "a &&c");
    assert_eq!(without("(a", 0), "(a");
}

#[test]
fn puts_conditions_in() {
    assert_eq!(with_term("", "tag:x"), "tag:x");
    assert_eq!(with_term("web ", "tag:x"), "web tag:x");
    assert_eq!(with_term("a OR b", "tag:x"), "(a OR b) tag:x");
    assert_eq!(with_term("a", "b OR c"), "a (b OR c)");
    assert_eq!(with_term("a", ""), "a");
    assert_eq!(toggle_term("web", "tag:x"), "web tag:x");
    assert_eq!(toggle_term("TAG:\"x\" web tag:x", "tag:x"), "web");
    assert_eq!(toggle_term("a OR tag:x", "tag:x"), "(a OR tag:x) tag:x");
    assert_eq!(position("web -tag:x", "NOT tag:x"), Some(1));
    assert_eq!(position("web", "tag:x"), None);
}

#[test]
fn colours() {
    let pieces = |text: &'static str| -> Vec<(Piece, &str)> {
        let (tokens, _) = highlight(text);
        tokens
            .into_iter()
            .map(|token| (token.piece, &text[token.at]))
            .collect()
    };
    assert_eq!(
        pieces("-web AND tag:!=\"a b\",c (cpu>=80%)"),
        [
            (Piece::Keyword, "-"),
            (Piece::Word, "web"),
            (Piece::Keyword, "AND"),
            (Piece::Field, "tag"),
            (Piece::Operator, ":!="),
            (Piece::Value, "\"a b\""),
            (Piece::Operator, ","),
            (Piece::Value, "c"),
            (Piece::Operator, "("),
            (Piece::Field, "cpu"),
            (Piece::Operator, ">="),
            (Piece::Value, "80%"),
            (Piece::Operator, ")"),
        ]
    );
    assert_eq!(
        pieces("a nod:x"),
        [
            (Piece::Word, "a"),
            (Piece::Error, "nod"),
            (Piece::Operator, ":"),
            (Piece::Value, "x"),
        ]
    );
    assert_eq!(pieces("é \"b"), [(Piece::Word, "é"), (Piece::Error, "\"b")]);
    assert_eq!(highlight("a (").1.map(|error| error.at), Some(2..3));
    assert!(highlight("a").1.is_none());
}
