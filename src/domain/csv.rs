//! Tables as CSV and JSON files.

/// Rows as CSV after RFC 4180, with a byte order mark so that spreadsheets take it for UTF-8.
/// Cells that a spreadsheet would run as a formula get an apostrophe before them.
#[must_use]
pub fn csv<'a>(titles: &[&str], rows: impl Iterator<Item = Vec<String>> + 'a) -> String {
    let mut out = String::from("\u{feff}");
    line(&mut out, titles.iter().copied());
    for row in rows {
        line(&mut out, row.iter().map(String::as_str));
    }
    out
}

fn line<'a>(out: &mut String, cells: impl Iterator<Item = &'a str>) {
    for (index, cell) in cells.enumerate() {
        if index > 0 {
            out.push(',');
        }
        push_cell(out, cell);
    }
    out.push_str("\r\n");
}

/// Whether a spreadsheet may take the cell for a formula. Plain numbers with a sign are none.
fn is_formula(cell: &str) -> bool {
    match cell.as_bytes().first() {
        Some(b'+' | b'-') => cell.parse::<f64>().is_err(),
        Some(b'=' | b'@' | b'\t' | b'\r') => true,
        _ => false,
    }
}

fn push_cell(out: &mut String, cell: &str) {
    let quoted = cell.contains(['"', ',', '\n', '\r', '\t']);
    if quoted {
        out.push('"');
    }
    if is_formula(cell) {
        out.push('\'');
    }
    for letter in cell.chars() {
        if letter == '"' {
            out.push('"');
        }
        out.push(letter);
    }
    if quoted {
        out.push('"');
    }
}

/// Rows as a JSON list of objects, keys in the order of the columns, one row a line.
#[must_use]
pub fn json(ids: &[&str], rows: impl Iterator<Item = Vec<serde_json::Value>>) -> String {
    let mut out = String::from("[");
    for (number, row) in rows.enumerate() {
        out.push_str(if number == 0 { "\n  {" } else { ",\n  {" });
        for (index, (id, value)) in ids.iter().zip(row).enumerate() {
            if index > 0 {
                out.push_str(", ");
            }
            out.push_str(&serde_json::Value::from(*id).to_string());
            out.push_str(": ");
            out.push_str(&value.to_string());
        }
        out.push('}');
    }
    out.push_str("\n]\n");
    out
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    fn one(cell: &str) -> String {
        let mut out = String::new();
        push_cell(&mut out, cell);
        out
    }

    #[test]
    fn formulas_are_neutralised() {
        assert_eq!(one("=1+1"), "'=1+1");
        assert_eq!(one("@SUM(A1)"), "'@SUM(A1)");
        assert_eq!(one("-cmd|' /C calc'!A0"), "'-cmd|' /C calc'!A0");
        assert_eq!(one("\t=1"), "\"'\t=1\"");
        assert_eq!(one("\r=1"), "\"'\r=1\"");
        assert_eq!(one("-12.5"), "-12.5");
        assert_eq!(one("web-01"), "web-01");
    }

    #[test]
    fn quotes() {
        assert_eq!(one("a,b"), "\"a,b\"");
        assert_eq!(one("say \"x\""), "\"say \"\"x\"\"\"");
        let all = csv(
            &["Name", "Tags"],
            vec![vec!["a".into(), "x, y".into()]].into_iter(),
        );
        assert_eq!(all, "\u{feff}Name,Tags\r\na,\"x, y\"\r\n");
    }

    #[test]
    fn json_keeps_types_and_order() {
        let text = json(
            &["name", "id"],
            vec![vec!["a".into(), 7.into()]].into_iter(),
        );
        assert_eq!(text, "[\n  {\"name\": \"a\", \"id\": 7}\n]\n");
        assert_eq!(json(&["a"], std::iter::empty()), "[\n]\n");
    }

    proptest! {
        #[test]
        fn no_cell_starts_as_a_formula(cell in "\\PC*|[=+@\\-\t\r].*") {
            let written = one(&cell);
            let inside = written.strip_prefix('"').unwrap_or(&written);
            prop_assert!(!is_formula(inside) || inside.parse::<f64>().is_ok());
        }
    }
}
