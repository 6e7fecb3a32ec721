//! `config.json`, which whoever installs the console may put beside it.
//!
//! ```json
//! {
//!   "server_url": "https://moxxie.example",
//!   "poll_interval_seconds": 10,
//!   "features": { "events": true },
//!   "branding": { "name": "Moxxie", "logo": "assets/logo.svg" },
//!   "console_hosts": ["pve1.example:8006"]
//! }
//! ```
//! Every key may be absent; keys that begin with `_` or `$` are comments.

use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// How this installation is set up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuntimeConfig {
    /// Where the Moxxie server is, without a final slash; empty: where the console came from, at
    /// its base path.
    pub server_url: String,
    /// Seconds between two polls when nothing moves, 2 to 3600.
    pub poll_interval_seconds: u32,
    /// Switches by name; what is absent is on. `events`: the event socket.
    pub features: BTreeMap<String, bool>,
    /// What the header shows.
    pub branding: Branding,
    /// Hosts besides the server's on which consoles may be opened, perhaps with a port.
    pub console_hosts: Vec<String>,
}

/// Name and logo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branding {
    /// Shown in the header and in page titles.
    pub name: String,
    /// Address of an image, relative to the console or `https:`.
    pub logo: Option<String>,
}

/// What is wrong with a `config.json`, one sentence a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigProblems {
    /// E.g. `poll_interval_seconds must be a whole number from 2 to 3600, but is "fast".`
    pub problems: Vec<String>,
}

impl Default for Branding {
    fn default() -> Self {
        Self {
            name: "Moxxie".to_owned(),
            logo: None,
        }
    }
}

impl Default for RuntimeConfig {
    fn default() -> Self {
        Self {
            server_url: String::new(),
            poll_interval_seconds: 10,
            features: BTreeMap::new(),
            branding: Branding::default(),
            console_hosts: Vec::new(),
        }
    }
}

impl RuntimeConfig {
    /// Whether a feature is not switched off.
    #[must_use]
    pub fn allows(&self, feature: &str) -> bool {
        self.features.get(feature).copied().unwrap_or(true)
    }

    /// Reads the file's text.
    ///
    /// # Errors
    /// Everything that is wrong with it at once.
    pub fn parse(text: &str) -> Result<Self, ConfigProblems> {
        let text = text.trim_start_matches('\u{feff}');
        let root = match serde_json::from_str::<Value>(text) {
            Ok(Value::Object(root)) => root,
            Ok(other) => {
                return Err(ConfigProblems {
                    problems: vec![format!(
                        "The file must hold an object, but holds {}.",
                        shown(&other)
                    )],
                });
            }
            Err(error) => {
                return Err(ConfigProblems {
                    problems: vec![format!("The file is not JSON: {error}.")],
                });
            }
        };
        let mut reader = Reader {
            problems: Vec::new(),
        };
        let config = reader.root(&root);
        if reader.problems.is_empty() {
            Ok(config)
        } else {
            Err(ConfigProblems {
                problems: reader.problems,
            })
        }
    }
}

struct Reader {
    problems: Vec<String>,
}

impl Reader {
    fn wrong(&mut self, field: &str, must: &str, value: &Value) {
        self.problems
            .push(format!("{field} must be {must}, but is {}.", shown(value)));
    }

    fn known(&mut self, place: &str, object: &Map<String, Value>, names: &[&str]) {
        for key in object.keys() {
            let comment = key.starts_with(['_', '$']);
            if !comment && !names.contains(&key.as_str()) {
                self.problems.push(format!(
                    "{place}{key} is not known; known are {}.",
                    names.join(", ")
                ));
            }
        }
    }

    fn root(&mut self, root: &Map<String, Value>) -> RuntimeConfig {
        self.known(
            "",
            root,
            &[
                "server_url",
                "poll_interval_seconds",
                "features",
                "branding",
                "console_hosts",
            ],
        );
        let mut config = RuntimeConfig::default();
        if let Some(value) = present(root, "server_url") {
            match value.as_str().and_then(server_url) {
                Some(url) => config.server_url = url,
                None => self.wrong(
                    "server_url",
                    "an http or https URL without query, or empty",
                    value,
                ),
            }
        }
        if let Some(value) = present(root, "poll_interval_seconds") {
            match value.as_u64().and_then(|secs| u32::try_from(secs).ok()) {
                Some(secs @ 2..=3600) => config.poll_interval_seconds = secs,
                _ => self.wrong(
                    "poll_interval_seconds",
                    "a whole number from 2 to 3600",
                    value,
                ),
            }
        }
        match present(root, "features") {
            Some(Value::Object(features)) => self.features(features, &mut config.features),
            Some(value) => self.wrong("features", "an object of switches", value),
            None => {}
        }
        match present(root, "branding") {
            Some(Value::Object(branding)) => self.branding(branding, &mut config.branding),
            Some(value) => self.wrong("branding", "an object", value),
            None => {}
        }
        match present(root, "console_hosts") {
            None => {}
            Some(value) => match value.as_array().and_then(|list| hosts(list)) {
                Some(hosts) => config.console_hosts = hosts,
                None => self.wrong(
                    "console_hosts",
                    "a list of host names, each perhaps with a port",
                    value,
                ),
            },
        }
        config
    }

    fn features(&mut self, features: &Map<String, Value>, out: &mut BTreeMap<String, bool>) {
        for (name, value) in features {
            match value {
                Value::Bool(on) => {
                    out.insert(name.clone(), *on);
                }
                _ if name.starts_with(['_', '$']) => {}
                _ => self.wrong(&format!("features.{name}"), "true or false", value),
            }
        }
    }

    fn branding(&mut self, branding: &Map<String, Value>, out: &mut Branding) {
        self.known("branding.", branding, &["name", "logo"]);
        if let Some(value) = present(branding, "name") {
            match value.as_str().map(str::trim) {
                Some(name) if (1..=40).contains(&name.chars().count()) => {
                    name.clone_into(&mut out.name);
                }
                _ => self.wrong("branding.name", "a text of 1 to 40 characters", value),
            }
        }
        if let Some(value) = present(branding, "logo") {
            match value.as_str().map(str::trim) {
                Some("") => {}
                Some(logo) if image_address(logo) => out.logo = Some(logo.to_owned()),
                _ => self.wrong(
                    "branding.logo",
                    "a relative or https address of an image",
                    value,
                ),
            }
        }
    }
}

fn present<'a>(object: &'a Map<String, Value>, key: &str) -> Option<&'a Value> {
    object.get(key).filter(|value| !value.is_null())
}

/// Without final slashes; `None` where it is no address that calls can go to.
fn server_url(text: &str) -> Option<String> {
    let text = text.trim().trim_end_matches('/');
    if text.is_empty() {
        return Some(String::new());
    }
    let host = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"))?;
    let plain = !host.is_empty()
        && !host.starts_with([':', '/'])
        && !text.contains(['?', '#', '@', '"', '<', '>', '\\'])
        && !text.contains(char::is_whitespace);
    plain.then(|| text.to_owned())
}

fn hosts(list: &[Value]) -> Option<Vec<String>> {
    let host = |value: &Value| {
        let text = value.as_str()?.trim();
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-.:[]".contains(&byte);
        (!text.is_empty() && text.bytes().all(plain)).then(|| text.to_owned())
    };
    list.iter().map(host).collect()
}

fn image_address(text: &str) -> bool {
    let scheme = text
        .split_once(':')
        .is_some_and(|(head, _)| !head.contains(['/', '?', '#']));
    text.starts_with("https://") || (!scheme && !text.starts_with("//"))
}

/// A value, short enough for a message.
fn shown(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() <= 40 {
        return text;
    }
    format!("{}…", text.chars().take(40).collect::<String>())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn whole() {
        let config = RuntimeConfig::parse(
            r#"{"$schema":"x","_why":"because","server_url":"https://moxxie.example/base/","poll_interval_seconds":30,
                "features":{"events":false,"new":true},"branding":{"name":"Acme","logo":"assets/acme.svg"}}"#,
        )
        .unwrap();
        assert_eq!(config.server_url, "https://moxxie.example/base");
        assert_eq!(config.poll_interval_seconds, 30);
        assert!(!config.allows("events") && config.allows("new") && config.allows("unheard"));
        assert_eq!(
            config.branding,
            Branding {
                name: "Acme".into(),
                logo: Some("assets/acme.svg".into())
            }
        );
    }

    #[test]
    fn absent_and_null_are_defaults() {
        assert_eq!(RuntimeConfig::parse("{}"), Ok(RuntimeConfig::default()));
        let nulls = r#"{"server_url":null,"poll_interval_seconds":null,"features":null,"branding":{"logo":""}}"#;
        assert_eq!(RuntimeConfig::parse(nulls), Ok(RuntimeConfig::default()));
    }

    #[test]
    fn lists_each_wrong_field() {
        let problems = RuntimeConfig::parse(
            r#"{"server_url":"javascript:alert(1)","poll_interval_seconds":"fast","features":{"events":"no"},
                "branding":{"name":"","logo":"data:image/svg+xml,x","colour":1},"sever_url":""}"#,
        )
        .unwrap_err()
        .problems;
        assert_eq!(problems.len(), 7, "{problems:#?}");
        assert!(
            problems.contains(
                &"poll_interval_seconds must be a whole number from 2 to 3600, but is \"fast\"."
                    .to_owned()
            )
        );
        assert!(
            problems
                .iter()
                .any(|problem| problem.starts_with("branding.colour is not known"))
        );
        assert!(
            problems
                .iter()
                .any(|problem| problem.starts_with("sever_url is not known"))
        );
    }

    #[test]
    fn hosts_of_consoles() {
        let read = |hosts: &str| RuntimeConfig::parse(&format!(r#"{{"console_hosts":{hosts}}}"#));
        assert_eq!(
            read(r#"["pve1", "[::1]:8006"]"#).unwrap().console_hosts,
            ["pve1", "[::1]:8006"]
        );
        for wrong in [r#"["https://pve1"]"#, r#""pve1""#, "[1]", r#"[""]"#] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn not_an_object() {
        assert!(RuntimeConfig::parse("[1]").unwrap_err().problems[0].contains("holds [1]"));
        let cut = RuntimeConfig::parse("{\"server_url\":").unwrap_err();
        assert!(
            cut.problems[0].starts_with("The file is not JSON: EOF"),
            "{cut:?}"
        );
        assert!(RuntimeConfig::parse("<!doctype html>").is_err());
    }

    #[test]
    fn addresses() {
        for url in ["http://localhost:8080", "https://[::1]:8006/x", "", "/"] {
            assert!(server_url(url).is_some(), "{url}");
        }
        for url in [
            "https://",
            "ftp://x",
            "//x",
            "https://a b",
            "https://user:pw@x",
            "https://x?y",
            "x",
        ] {
            assert!(server_url(url).is_none(), "{url}");
        }
        assert!(
            image_address("logo.svg")
                && image_address("/a/logo.svg")
                && image_address("https://x/l.png")
        );
        assert!(
            !image_address("//evil/x")
                && !image_address("javascript:1")
                && !image_address("http://x/l")
        );
    }

    proptest! {
        #[test]
        fn never_panics(text in ".{0,80}") {
            let _ = RuntimeConfig::parse(&text);
        }
    }
}
