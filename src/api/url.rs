//! Addresses: path segments and queries, percent-encoded.

use std::fmt::{Display, Write};

/// Keeps what RFC 3986 calls unreserved, encodes all else: UPIDs and volume IDs hold `:` `/` `@`,
/// names may hold anything.
fn encode_into(out: &mut String, text: &str) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
}

#[cfg(test)]
/// One text, percent-encoded for a path segment or a query value.
pub fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    encode_into(&mut out, text);
    out
}

/// A path below `/api/v1`, built of segments.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Path {
    /// Encoded, with a slash before each segment.
    pub text: String,
    /// The first segment that no encoding makes safe: browsers resolve `.` and `..` (encoded or
    /// not), and an empty segment names the collection. `DELETE /vms/101/tags/..` would delete
    /// the VM, so such a call is never sent.
    pub unsafe_segment: Option<String>,
}

/// Builds a path of segments, each encoded.
pub fn path(segments: &[&dyn Display]) -> Path {
    let mut path = Path::default();
    for segment in segments {
        let segment = segment.to_string();
        if matches!(segment.as_str(), "" | "." | "..") && path.unsafe_segment.is_none() {
            path.unsafe_segment = Some(segment.clone());
        }
        path.text.push('/');
        encode_into(&mut path.text, &segment);
    }
    path
}

/// A query string under construction; absent values are left out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query(String);

impl Query {
    /// Adds a pair if there is a value.
    pub fn add(mut self, name: &str, value: Option<impl Display>) -> Self {
        if let Some(value) = value {
            self.0.push(if self.0.is_empty() { '?' } else { '&' });
            encode_into(&mut self.0, name);
            self.0.push('=');
            encode_into(&mut self.0, &value.to_string());
        }
        self
    }

    /// Adds a comma-separated list if it is not empty.
    pub fn list<T: Display>(self, name: &str, values: &[T]) -> Self {
        let joined = values
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(",");
        self.add(name, (!joined.is_empty()).then_some(joined))
    }

    /// Adds a flag where it is set.
    pub fn flag(self, name: &str, set: bool) -> Self {
        self.add(name, set.then_some(true))
    }

    /// With its question mark; empty when nothing was added.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use proptest::prelude::*;

    /// The inverse, for tests alone.
    fn decode(text: &str) -> String {
        let mut bytes = Vec::new();
        let mut rest = text.bytes();
        while let Some(byte) = rest.next() {
            if byte == b'%' {
                let digits = [rest.next().unwrap(), rest.next().unwrap()];
                let digits = std::str::from_utf8(&digits).unwrap();
                bytes.push(u8::from_str_radix(digits, 16).unwrap());
            } else {
                bytes.push(byte);
            }
        }
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn segments_of_proxmox() {
        let upid = "UPID:proxmox-01:00001234:00ABCDEF:67890ABC:qmcreate:103:root@pam:";
        assert_eq!(
            path(&[&"tasks", &upid, &"log"]).text,
            "/tasks/UPID%3Aproxmox-01%3A00001234%3A00ABCDEF%3A67890ABC%3Aqmcreate%3A103%3Aroot%40pam%3A/log"
        );
        let volid = "backup-nas:backup/vzdump 100%.vma.zst";
        assert_eq!(
            path(&[&"backups", &volid]).text,
            "/backups/backup-nas%3Abackup%2Fvzdump%20100%25.vma.zst"
        );
    }

    #[test]
    fn segments_that_would_climb_are_found() {
        for bad in ["", ".", ".."] {
            let path = path(&[&"vms", &101, &"tags", &bad]);
            assert_eq!(path.unsafe_segment.as_deref(), Some(bad));
        }
        assert_eq!(path(&[&"vms", &"..."]).unsafe_segment, None);
        assert_eq!(path(&[&"vms", &"%2e%2e"]).text, "/vms/%252e%252e");
    }

    #[test]
    fn queries() {
        let query = Query::default()
            .list("tags", &["a&b", "c d"])
            .add("limit", Some(20))
            .add("node", None::<&str>)
            .flag("force", false)
            .flag("dryRun", true);
        assert_eq!(query.as_str(), "?tags=a%26b%2Cc%20d&limit=20&dryRun=true");
        assert_eq!(Query::default().as_str(), "");
    }

    proptest! {
        #[test]
        fn segments_decode_to_what_they_were(text in any::<String>()) {
            let encoded = encode(&text);
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~%".contains(&byte);
            prop_assert!(encoded.bytes().all(plain));
            prop_assert_eq!(decode(&encoded), text);
        }
    }
}
