//! Data goes one way: a room that imports what it must not know fails here.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::{Path, PathBuf};

/// Room, and the rooms of this package that it may use.
const MAY_USE: [(&str, &[&str]); 7] = [
    ("domain", &["domain"]),
    ("api", &["api", "domain"]),
    ("sim", &["sim", "api", "domain"]),
    ("stores", &["stores", "api", "domain"]),
    ("components", &["components", "domain"]),
    (
        "screens",
        &["screens", "components", "stores", "api", "domain"],
    ),
    (
        "shell",
        &["shell", "screens", "components", "stores", "api", "domain"],
    ),
];

fn sources(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            into.push(path);
        }
    }
}

/// Names that follow `crate::`, also inside braces right behind it.
fn rooms_named(text: &str) -> Vec<String> {
    let word = |text: &str| -> String {
        text.chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect()
    };
    text.match_indices("crate::")
        .flat_map(|(at, found)| {
            let rest = &text[at + found.len()..];
            match rest.strip_prefix('{') {
                Some(group) => {
                    let group = group.split("};").next().unwrap_or_default();
                    group.split(',').map(|part| word(part.trim())).collect()
                }
                None => vec![word(rest)],
            }
        })
        .collect()
}

#[test]
fn arrows_point_one_way() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let rooms: Vec<&str> = MAY_USE.iter().map(|(room, _)| *room).collect();
    let mut wrong = Vec::new();
    for (room, allowed) in MAY_USE {
        let mut files = Vec::new();
        sources(&root.join(room), &mut files);
        assert!(!files.is_empty(), "room {room} has no files");
        for file in files {
            for used in rooms_named(&fs::read_to_string(&file).unwrap()) {
                if rooms.contains(&used.as_str()) && !allowed.contains(&used.as_str()) {
                    wrong.push(format!("{} uses {used}", file.display()));
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "arrows that point backwards:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn finds_what_is_named() {
    assert_eq!(
        rooms_named("use crate::api::x; use crate::{domain, stores::y};"),
        ["api", "domain", "stores"]
    );
}
