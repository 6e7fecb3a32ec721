use super::*;
use proptest::prelude::*;

/// The tree as short text: `h3(Hello) p(a b(c))`.
fn sketch(nodes: &[Node]) -> String {
    let one = |node: &Node| match node {
        Node::Text(text) => text.clone(),
        Node::Code(text) => format!("`{text}`"),
        Node::Break => "/".to_owned(),
        Node::Rule => "rule".to_owned(),
        Node::Task(done) => format!("[{}]", if *done { "x" } else { "_" }),
        Node::Element(kind, nodes) => format!("{}({})", name(kind), sketch(nodes)),
    };
    nodes.iter().map(one).collect::<Vec<_>>().join(" ")
}

fn name(kind: &Kind) -> String {
    match kind {
        Kind::Heading(level) => format!("h{level}"),
        Kind::Paragraph => "p".to_owned(),
        Kind::Quote => "quote".to_owned(),
        Kind::List(None) => "ul".to_owned(),
        Kind::List(Some(first)) => format!("ol{first}"),
        Kind::Item => "li".to_owned(),
        Kind::CodeBlock => "pre".to_owned(),
        Kind::Raw => "raw".to_owned(),
        Kind::Table => "table".to_owned(),
        Kind::Row => "tr".to_owned(),
        Kind::Cell(head, align) => format!("{}{align:?}", if *head { "th" } else { "td" }),
        Kind::Emphasis => "em".to_owned(),
        Kind::Strong => "b".to_owned(),
        Kind::Struck => "del".to_owned(),
        Kind::Link(address) => format!("a<{address}>"),
    }
}

fn shown(text: &str) -> String {
    let notes = read(text);
    assert!(!notes.cut, "nothing is left out of {text:?}");
    sketch(&notes.nodes)
}

#[test]
fn headings_begin_under_the_cards_and_skip_no_level() {
    assert_eq!(shown("# One\n## Two\n# Three"), "h3(One) h4(Two) h3(Three)");
    assert_eq!(shown("### Deep\n###### Deeper"), "h3(Deep) h4(Deeper)");
    assert_eq!(shown("#\n\ntext"), "p(text)");
}

#[test]
fn elements_that_may_be_shown() {
    assert_eq!(
        shown("a *b* **c** ~~d~~ `e`\nf"),
        "p(a  em(b)   b(c)   del(d)   `e` / f)"
    );
    assert_eq!(
        shown("- [x] done\n- [ ] open\n\n3. three"),
        "ul(li([x] done) li([_] open)) ol3(li(three))"
    );
    assert_eq!(
        shown("> said\n\n---\n\n```sh\nls <x>\n```"),
        "quote(p(said)) rule pre(ls <x>\n)"
    );
    assert_eq!(
        shown("| a | |\n|:-:|--:|\n| 1 | 2 |"),
        "table(tr(thCenter(a) tdEnd()) tr(tdCenter(1) tdEnd(2)))"
    );
}

#[test]
fn only_known_schemes_are_links() {
    assert_eq!(
        shown("[a](https://b.example/c) <mailto:d@e.example>"),
        "p(a<https://b.example/c>(a)   a<mailto:d@e.example>(mailto:d@e.example))"
    );
    for address in [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\tscript:alert(1)",
        "&#106;avascript:alert(1)",
        "<java&Tab;script:alert(1)>",
        "data:text/html,x",
        "vbscript:x",
        "//elsewhere.example",
        "/vms/1",
        "ftp://x",
        "https:",
    ] {
        let shown = shown(&format!("[press]({address})"));
        assert!(!shown.contains("a<"), "{address}: {shown}");
        assert!(shown.contains("press"), "{address}: {shown}");
    }
    assert!(may_lead("HTTPS://x") && !may_lead(" https://x") && !may_lead("mailto:"));
}

#[test]
fn pictures_are_links_and_fetch_nothing() {
    assert_eq!(
        shown("![a *rack*](https://x.example/r.png)"),
        "p(a<https://x.example/r.png>(a  em(rack)))"
    );
    assert_eq!(
        shown("![](https://x.example/r.png)"),
        "p(a<https://x.example/r.png>(https://x.example/r.png))"
    );
    assert_eq!(shown("![rack](data:image/png;base64,AA)"), "p(rack)");
    assert_eq!(
        shown("[![rack](https://x.example/r.png)](https://y.example)"),
        "p(a<https://y.example>(rack))"
    );
}

#[test]
fn markup_is_text() {
    assert_eq!(
        shown("<script>alert(1)</script>\n\na <img src=x onerror=alert(1)> b"),
        "raw(<script>alert(1)</script>\n) p(a <img src=x onerror=alert(1)> b)"
    );
}

#[test]
fn too_much_is_left_out_and_said_so() {
    let long = "ä".repeat(LONGEST);
    let notes = read(&long);
    assert!(notes.cut);
    assert_eq!(
        sketch(&notes.nodes).chars().count(),
        LONGEST / 2 + "p()".len()
    );
    assert!(!read(&"a".repeat(LONGEST)).cut);

    let deep = format!("{}end\n\nafter", "> ".repeat(DEEPEST + 5));
    let notes = read(&deep);
    assert!(notes.cut);
    assert_eq!(depth(&notes.nodes), DEEPEST);
    assert!(sketch(&notes.nodes).ends_with("p(after)"));

    let columns = "|a".repeat(2000);
    let wide = format!("{columns}\n{}\n{}", "|-".repeat(2000), "|x|\n".repeat(5000));
    let notes = read(&wide);
    assert!(notes.cut);
    assert!(count(&notes.nodes) <= MOST_NODES);
}

fn depth(nodes: &[Node]) -> usize {
    let of_one = |node: &Node| match node {
        Node::Element(_, nodes) => 1 + depth(nodes),
        _ => 0,
    };
    nodes.iter().map(of_one).max().unwrap_or_default()
}

fn count(nodes: &[Node]) -> usize {
    let of_one = |node: &Node| match node {
        Node::Element(_, nodes) => 1 + count(nodes),
        _ => 1,
    };
    nodes.iter().map(of_one).sum()
}

fn addresses<'a>(nodes: &'a [Node], into: &mut Vec<&'a str>) {
    for node in nodes {
        if let Node::Element(kind, nodes) = node {
            if let Kind::Link(address) = kind {
                into.push(address);
            }
            addresses(nodes, into);
        }
    }
}

/// Pieces that mean something to the parser, in any order.
fn markdown() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(vec![
            "# ",
            "> ",
            "- ",
            "1. ",
            "[ ] ",
            "\n",
            "\n\n",
            "    ",
            "*",
            "**",
            "~~",
            "`",
            "```\n",
            "|",
            "|-|-|\n",
            "[",
            "]",
            "](",
            ")",
            "![",
            "<",
            ">",
            "<a href=",
            "</a>",
            "<script>",
            "javascript:",
            "JAVASCRIPT:",
            "data:",
            "https://",
            "mailto:",
            "&colon;",
            "&#58;",
            "javascript&colon;x",
            "\t",
            "\\",
            "[a]: javascript:x\n",
            "[a]",
            "<javascript:x>",
            "---\n",
        ])
        .prop_map(ToOwned::to_owned),
        "\\PC{0,6}",
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn no_text_panics_or_leads_elsewhere(text in prop_oneof![markdown(), any::<String>()]) {
        let notes = read(&text);
        let mut all = Vec::new();
        addresses(&notes.nodes, &mut all);
        for address in all {
            let scheme = address.split(':').next().unwrap_or_default().to_ascii_lowercase();
            prop_assert!(["http", "https", "mailto"].contains(&scheme.as_str()), "{address}");
        }
        prop_assert!(depth(&notes.nodes) <= DEEPEST);
    }
}
