//! Form fields. Each has its label above, and below it one line that is help, or the error in its
//! place. Drafts are what was typed, as text; a form turns them into a request when it is sent.

mod area;
mod choices;
mod combo;
mod field;
mod number;
mod query;
mod search;
mod select;
mod tags;
mod text;
mod toggle;

pub use crate::domain::range::NumberRange;
pub use area::TextArea;
pub use choices::Choice;
pub use combo::Combo;
pub use field::{Field, FieldIds};
pub use number::NumberField;
pub use query::QueryBox;
pub use search::SearchField;
pub use select::{SelectField, SelectOption};
pub use tags::{KnownTag, TagCheck, TagsField};
pub use text::{TextField, TextKind};
pub use toggle::{CheckField, SwitchField};
