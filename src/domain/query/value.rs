//! What stands behind the colon.

use super::ast::{Cmp, Field, Number, Pattern, Value};
use super::lex::{Letter, Part};
use super::parse::Error;
use super::print::{SIZES, TIMES};

/// Bare words. Empty ones between commas are left out, so that `a, b` is no mistake.
pub(super) fn texts(parts: &[Part]) -> Vec<Value> {
    let some = parts.iter().any(|part| !part.at.is_empty());
    parts
        .iter()
        .filter(|part| !some || !part.at.is_empty())
        .map(|part| Value::Text(pattern(&part.letters)))
        .collect()
}

/// The values of a field.
pub(super) fn values(field: Field, parts: &[Part]) -> Result<Vec<Value>, Error> {
    parts
        .iter()
        .filter(|part| !part.at.is_empty())
        .map(|part| value(field, part))
        .collect()
}

fn value(field: Field, part: &Part) -> Result<Value, Error> {
    let (cmp, rest) = comparison(&part.letters);
    if !field.is_number() {
        if cmp.is_some() {
            return Err(Error::new(
                part.at.clone(),
                format!("{} has no order", field.name()),
                Some(format!("For example {}", field.example())),
            ));
        }
        return Ok(if field.may_lack() && part.is_word("any") {
            Value::Any
        } else if field.may_lack() && part.is_word("none") {
            Value::None
        } else {
            Value::Text(pattern(&part.letters))
        });
    }
    // An ID may be looked for as text; without letters, it is an empty pair of quotes.
    let is_text = part.letters.is_empty()
        || part
            .letters
            .iter()
            .any(|letter| letter.quoted || letter.letter == '*');
    if field == Field::Id && cmp.is_none() && is_text {
        return Ok(Value::Text(pattern(&part.letters)));
    }
    let text: String = rest.iter().map(|letter| letter.letter).collect();
    let number = |text: &str| {
        number(field, text).map_err(|(message, hint)| Error::new(part.at.clone(), message, hint))
    };
    if let (None, Some((from, to))) = (cmp, text.split_once("..")) {
        return match (from, to) {
            ("", "") => Err(Error::new(
                part.at.clone(),
                "A range needs a number".to_owned(),
                Some(format!("For example {}", field.example())),
            )),
            (from, "") => Ok(Value::Compare(Cmp::Ge, number(from)?)),
            ("", to) => Ok(Value::Compare(Cmp::Le, number(to)?)),
            (from, to) => range(number(from)?, number(to)?, from, to)
                .map_err(|(message, hint)| Error::new(part.at.clone(), message, hint)),
        };
    }
    Ok(Value::Compare(cmp.unwrap_or(Cmp::Eq), number(&text)?))
}

/// Text, where stars without quotes are wildcards.
fn pattern(letters: &[Letter]) -> Pattern {
    let mut parts = vec![String::new()];
    for letter in letters {
        match parts.last_mut() {
            Some(last) if letter.quoted || letter.letter != '*' => last.push(letter.letter),
            _ => parts.push(String::new()),
        }
    }
    Pattern::between(parts)
}

/// The comparison that a value begins with, and the rest.
fn comparison(letters: &[Letter]) -> (Option<Cmp>, &[Letter]) {
    let sign = |nth: usize| {
        letters
            .get(nth)
            .filter(|letter| !letter.quoted)
            .map(|letter| letter.letter)
    };
    let (cmp, len) = match (sign(0), sign(1)) {
        (Some('<'), Some('=')) => (Cmp::Le, 2),
        (Some('>'), Some('=')) => (Cmp::Ge, 2),
        (Some('<'), _) => (Cmp::Lt, 1),
        (Some('>'), _) => (Cmp::Gt, 1),
        _ => return (None, letters),
    };
    (Some(cmp), &letters[len..])
}

type Wrong = (String, Option<String>);

fn range(from: Number, to: Number, from_text: &str, to_text: &str) -> Result<Value, Wrong> {
    let backwards = match (from, to) {
        (Number::Count(from), Number::Count(to))
        | (Number::Bytes(from), Number::Bytes(to))
        | (Number::Seconds(from), Number::Seconds(to)) => from > to,
        (Number::Percent(from), Number::Percent(to)) => from > to,
        _ => {
            return Err((
                "The two ends of a range are in different units".to_owned(),
                None,
            ));
        }
    };
    if backwards {
        return Err((
            "The range ends before it begins".to_owned(),
            Some(format!("Turn it round: {to_text}..{from_text}")),
        ));
    }
    Ok(Value::Range(from, to))
}

fn number(field: Field, text: &str) -> Result<Number, Wrong> {
    let example = || Some(format!("For example {}", field.example()));
    if text.is_empty() {
        return Err((format!("{} needs a number", field.name()), example()));
    }
    let unclear = || (format!("{text} is no {}", field.name()), example());
    match field {
        Field::Id => text
            .bytes()
            .all(|byte| byte.is_ascii_digit())
            .then(|| text.parse().ok())
            .flatten()
            .map(Number::Count)
            .ok_or_else(unclear),
        Field::Uptime => seconds(text).map(Number::Seconds).ok_or_else(|| {
            if decimal(text).is_some() {
                let hint = format!("Say seconds, minutes, hours, days or weeks: {text}h");
                ("A time needs a unit".to_owned(), Some(hint))
            } else {
                unclear()
            }
        }),
        _ => share(field, text).unwrap_or_else(|| {
            let sized = (field != Field::Cpu).then(|| bytes(text)).flatten();
            sized.map(Number::Bytes).ok_or_else(unclear)
        }),
    }
}

/// `80%`, or `0.8` without a unit; `None` where there is another unit.
fn share(field: Field, text: &str) -> Option<Result<Number, Wrong>> {
    if let Some(percent) = text.strip_suffix('%') {
        return decimal(percent).map(|percent| Ok(Number::Percent(percent)));
    }
    let plain = decimal(text)?;
    let is_share = plain <= 1.0 && (field == Field::Cpu || text.contains('.'));
    Some(if is_share {
        // Moves the point instead of multiplying, so that 0.07 is 7 % and not a bit more.
        let percent = format!("{text}e2").parse().unwrap_or(plain * 100.0);
        Ok(Number::Percent(percent))
    } else {
        let hint = if field == Field::Cpu {
            format!("Did you mean {text}%?")
        } else {
            format!("Say a share or a size: {text}% or {text}G")
        };
        Err((format!("{text} needs a unit"), Some(hint)))
    })
}

/// Digits with at most one point among them.
fn decimal(text: &str) -> Option<f64> {
    let plain = text.len() <= 15
        && text.starts_with(|c: char| c.is_ascii_digit())
        && text.ends_with(|c: char| c.is_ascii_digit())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.');
    plain.then(|| text.parse().ok()).flatten()
}

/// `4G`, `4GiB`, `512m`, `1.5T`, `100B`.
fn bytes(text: &str) -> Option<u64> {
    let end = text.find(|c: char| c.is_ascii_alphabetic())?;
    let (count, unit) = text.split_at(end);
    let mut letters = unit.chars();
    let size = letters.next()?.to_ascii_uppercase();
    let tail = letters.as_str();
    if !(tail.is_empty()
        || size != 'B' && (tail.eq_ignore_ascii_case("b") || tail.eq_ignore_ascii_case("ib")))
    {
        return None;
    }
    let (_, size) = SIZES.into_iter().find(|(name, _)| *name == size)?;
    times(count, size)
}

/// `1h`, `90s`, `1d12h`.
fn seconds(text: &str) -> Option<u64> {
    let mut rest = text;
    let mut sum = 0_u64;
    while !rest.is_empty() {
        let end = rest.find(|c: char| c.is_ascii_alphabetic())?;
        let unit = rest[end..].chars().next()?.to_ascii_lowercase();
        let (_, length) = TIMES.into_iter().find(|(name, _)| *name == unit)?;
        sum = sum.checked_add(times(&rest[..end], length)?)?;
        rest = &rest[end + 1..];
    }
    (!text.is_empty()).then_some(sum)
}

/// A count of units, whole where it is written so.
fn times(count: &str, unit: u64) -> Option<u64> {
    if !count.is_empty() && count.bytes().all(|byte| byte.is_ascii_digit()) {
        return count.parse::<u64>().ok()?.checked_mul(unit);
    }
    let number = decimal(count)?;
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "not negative; a size beyond 64 bits becomes the largest"
    )]
    let rounded = (number * unit as f64).round() as u64;
    Some(rounded)
}
