//! Form fields. Each has its label above, and below it one line that is help, or the error in its
//! place. Drafts are what was typed, as text; a form turns them into a request when it is sent.

mod field;
mod text;

pub use field::{Field, FieldIds};
pub use text::{TextField, TextKind};
