//! Reading the query of an address; writing one is [`crate::paths::query`].

/// The pairs of `a=1&b=x%20y`, decoded once. What is no valid encoding stands as it is.
#[must_use]
pub fn read(search: &str) -> Vec<(String, String)> {
    search
        .trim_start_matches('?')
        .split('&')
        .filter(|part| !part.is_empty())
        .map(|part| {
            let (key, value) = part.split_once('=').unwrap_or((part, ""));
            (decode(key), decode(value))
        })
        .collect()
}

fn decode(text: &str) -> String {
    let hex = |byte: Option<u8>| char::from(byte?).to_digit(16);
    let mut bytes = text.bytes();
    let mut out = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        let mut ahead = bytes.clone();
        match (byte, hex(ahead.next()), hex(ahead.next())) {
            (b'%', Some(high), Some(low)) => {
                #[expect(clippy::cast_possible_truncation, reason = "two hex digits")]
                out.push((high * 16 + low) as u8);
                bytes = ahead;
            }
            (b'+', ..) => out.push(b' '),
            _ => out.push(byte),
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paths;
    use proptest::prelude::*;

    #[test]
    fn decoded_once() {
        let pairs = |text| read(text);
        let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        assert_eq!(
            pairs("?q=100%25&tags=a,b%26c"),
            [pair("q", "100%"), pair("tags", "a,b&c")]
        );
        assert_eq!(pairs("q=%2541"), [pair("q", "%41")]);
        assert_eq!(
            pairs("q=50%&x=%zz&y=%4"),
            [pair("q", "50%"), pair("x", "%zz"), pair("y", "%4")]
        );
        assert_eq!(
            pairs("q=a+b%2B&flag"),
            [pair("q", "a b+"), pair("flag", "")]
        );
        assert_eq!(pairs(""), []);
        assert_eq!(pairs("&&"), []);
    }

    proptest! {
        #[test]
        fn reads_what_is_written(key in "[a-z]{1,6}", value in "\\PC{1,24}") {
            let written = paths::query(&[(&key, &value)]);
            prop_assert_eq!(read(&written), [(key, value)]);
        }

        #[test]
        fn never_fails(text in "\\PC*") {
            let _ = read(&text);
        }
    }
}
