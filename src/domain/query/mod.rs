//! The one query language, of search boxes, saved views, tag expressions, selectors of jobs and
//! targets of bulk operations.
//!
//! ```text
//! web prod                     both words, each in name, ID, node, pool, an address or a tag
//! "my vm"  web*  10.0.*.7      quotes keep spaces; * is any letters, and then the whole must fit
//! tag:env-prod  node:pve1,pve2 a field's value; commas mean any of them (of words too)
//! cpu:>80%  mem:>4G  uptime:<1d12h  id:100..199  comparisons, ranges
//! lock:any  pool:none          there is one, there is none
//! name:=web-01  status:!=running   the whole name; none of the values
//! a AND b OR NOT (c OR d)      also a b, && || ! and -word; NOT before AND before OR
//! ```
//!
//! A measurement with `=` or without a sign is meant roughly: `cpu:50%` is half a point either way,
//! `mem:4G` half a percent. Case does not matter but in `AND`, `OR` and `NOT`. [`parse`] reads, `Display` writes,
//! [`Compiled`] finds, [`complete`], [`chips`] and [`highlight`] serve the search box.

pub mod ast;
pub mod chips;
pub mod complete;
pub mod eval;
pub(super) mod fold;
pub mod highlight;
mod lex;
pub mod parse;
mod print;
mod value;

#[cfg(test)]
mod tests;

pub use ast::{Field, Query, Term};
pub use eval::{Compiled, Facts};
pub use parse::{Error, parse, parse_tags};
