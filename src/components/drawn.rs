//! Parts of the kit as they stand, for those who draw a cell anew as a whole when it changes: one
//! effect for a cell costs a table of many rows far less than one for each of its words. What is
//! drawn keeps its elements; only what differs is written.

pub(crate) use super::chart::SparkLine;
pub(crate) use super::icon::drawn as icon;
pub(crate) use super::meter::{UsageLook, usage_bar};
pub(crate) use super::status::vm_state;
pub(crate) use super::text::amount_text;
pub(crate) use super::time::duration;
