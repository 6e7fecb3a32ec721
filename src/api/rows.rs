//! Lists, decoded row by row and slice by slice.

use super::answer::{Answer, Fields, unwrap};
use super::error::ApiError;
use crate::domain::lenient::Rows;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use std::collections::VecDeque;
use std::fmt;
use std::marker::PhantomData;

/// A list whose rows are not decoded yet. [`RawRows::next_slice`] decodes some of them, so that a
/// list of 10,000 rows never holds the browser up for long; a row that cannot be read is counted
/// and left out.
pub struct RawRows<T> {
    bodies: VecDeque<Body>,
    /// Rows so far that could not be read.
    pub bad: usize,
    /// How many rows match in all, where the server says so.
    pub total: Option<u64>,
    row: PhantomData<fn() -> T>,
}

struct Body {
    answer: Answer,
    /// Where the next row or the closing bracket is, in bytes.
    at: usize,
    /// End of the list.
    end: usize,
}

impl<T> fmt::Debug for RawRows<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes: usize = self.bodies.iter().map(|body| body.end - body.at).sum();
        formatter
            .debug_struct("RawRows")
            .field("bytes_left", &bytes)
            .field("bad", &self.bad)
            .finish_non_exhaustive()
    }
}

/// Where a list stands in a body.
struct Found {
    start: usize,
    end: usize,
    total: Option<u64>,
}

/// Byte offset of a part in its whole.
fn offset(whole: &str, part: &str) -> usize {
    part.as_ptr() as usize - whole.as_ptr() as usize
}

fn find(body: &str, name: &str) -> Result<Found, String> {
    let mut text = body.trim();
    let mut total = None;
    // At most an envelope around a named list around the rows.
    for _ in 0..3 {
        if text.starts_with('[') {
            if !text.ends_with(']') || text.len() < 2 {
                return Err("the list breaks off".to_owned());
            }
            let start = offset(body, text) + 1;
            return Ok(Found {
                start,
                end: start + text.len() - 2,
                total,
            });
        }
        if text == "null" {
            return Ok(Found {
                start: 0,
                end: 0,
                total,
            });
        }
        if !text.starts_with('{') {
            break;
        }
        let inside = unwrap(text);
        let fields: Fields<'_> = serde_json::from_str(text).map_err(|error| error.to_string())?;
        total = total.or_else(|| total_of(&fields));
        text = if inside.len() < text.len() {
            inside
        } else if let Some(list) = fields.get(name).or_else(|| fields.get("data")) {
            list.get()
        } else {
            break;
        };
    }
    Err("expected a list".to_owned())
}

fn total_of(fields: &Fields<'_>) -> Option<u64> {
    let number = |raw: &RawValue| serde_json::from_str::<u64>(raw.get()).ok();
    if let Some(total) = fields.get("total") {
        return number(total);
    }
    let pagination: Fields<'_> = serde_json::from_str(fields.get("pagination")?.get()).ok()?;
    number(pagination.get("total")?)
}

impl<T: DeserializeOwned> RawRows<T> {
    pub(super) fn new(answer: Answer, name: &str) -> Result<Self, ApiError> {
        let found = if answer.response.status == 204 {
            Ok(Found {
                start: 0,
                end: 0,
                total: None,
            })
        } else {
            find(&answer.response.body, name)
        };
        let Found { start, end, total } = found.map_err(|cause| answer.misfit(&cause))?;
        Ok(Self {
            bodies: VecDeque::from([Body {
                answer,
                at: start,
                end,
            }]),
            bad: 0,
            total,
            row: PhantomData,
        })
    }

    /// How many rows there are, readable or not, without decoding them.
    pub(super) fn count(&self) -> Result<usize, ApiError> {
        let mut count = 0;
        for body in &self.bodies {
            let list = format!("[{}]", body.rest());
            let rows: Vec<&RawValue> = serde_json::from_str(&list)
                .map_err(|error| body.answer.misfit(&error.to_string()))?;
            count += rows.len();
        }
        Ok(count)
    }

    /// Adds another page's rows behind these.
    pub(super) fn append(&mut self, mut more: Self) {
        self.bodies.append(&mut more.bodies);
        self.bad += more.bad;
    }

    /// Length of what is left to decode, in bytes.
    #[must_use]
    pub fn bytes_left(&self) -> usize {
        self.bodies.iter().map(|body| body.end - body.at).sum()
    }

    /// Decodes the next rows, `most` at most; `None` at the end. A slice may be shorter, even
    /// empty, before the end.
    ///
    /// # Errors
    /// [`super::ErrorKind::Decode`] where the text is not JSON any more: what came before is then
    /// not the whole list, and better not shown as if it were.
    pub fn next_slice(&mut self, most: usize) -> Result<Option<Vec<T>>, ApiError> {
        let mut rows = Vec::new();
        while let Some(body) = self.bodies.front_mut() {
            if body.at_end() {
                self.bodies.pop_front();
                continue;
            }
            rows.reserve(most.min(1024));
            let mut read = 0;
            while read < most && !body.at_end() {
                match body.next_row::<T>()? {
                    Some(row) => rows.push(row),
                    None => self.bad += 1,
                }
                read += 1;
            }
            return Ok(Some(rows));
        }
        Ok(None)
    }

    /// Decodes all that is left at once: for lists that are short by nature.
    ///
    /// # Errors
    /// As [`RawRows::next_slice`].
    pub fn collect_all(mut self) -> Result<Rows<T>, ApiError> {
        let mut good = Vec::new();
        while let Some(mut slice) = self.next_slice(usize::MAX)? {
            good.append(&mut slice);
        }
        Ok(Rows {
            good,
            bad: self.bad,
        })
    }
}

impl Body {
    fn rest(&self) -> &str {
        self.answer
            .response
            .body
            .get(self.at..self.end)
            .unwrap_or_default()
    }

    fn skip_space(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches([' ', '\n', '\r', '\t']).len();
    }

    fn at_end(&mut self) -> bool {
        self.skip_space();
        self.at >= self.end
    }

    /// Length of the next value, whatever it is.
    fn skip_value(&self) -> Result<usize, ApiError> {
        let mut raw = serde_json::Deserializer::from_str(self.rest()).into_iter::<&RawValue>();
        match raw.next() {
            Some(Ok(_)) => Ok(raw.byte_offset()),
            Some(Err(error)) => Err(self.answer.misfit(&error.to_string())),
            None => Ok(self.rest().len()),
        }
    }

    /// Decodes one row and steps over it and its comma; `None` for a row that cannot be read.
    fn next_row<T: DeserializeOwned>(&mut self) -> Result<Option<T>, ApiError> {
        let mut typed = serde_json::Deserializer::from_str(self.rest()).into_iter::<T>();
        // Derived readers would take a list for the fields in their order.
        let first = if self.rest().starts_with('[') {
            None
        } else {
            typed.next()
        };
        let (row, length) = match first {
            Some(Ok(row)) => (Some(row), typed.byte_offset()),
            _ => (None, self.skip_value()?),
        };
        self.at += length;
        self.skip_space();
        match self.rest().as_bytes().first() {
            None => {}
            Some(b',') => self.at += 1,
            Some(_) => return Err(self.answer.misfit("no comma between two rows of the list")),
        }
        Ok(row)
    }
}
