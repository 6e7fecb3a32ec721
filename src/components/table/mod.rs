//! The data table. A [`Table`] says what there is; [`DataTable`], [`ColumnsButton`],
//! [`ExportButton`] and [`FilterBar`] draw it, wherever the page wants them.

mod bar;
mod body;
mod cards;
mod column;
mod core;
mod foot;
mod group;
mod head;
mod keys;
mod model;
mod mounted;
mod row;
mod tools;
mod view;

pub use bar::FilterBar;
pub use column::{Align, Column, RowSignal, Width};
pub use model::{FilterChip, LoadState, RowData, RowKey, RowMenu, Table, TableRows};
pub use tools::{ColumnsButton, ExportButton};
pub use view::DataTable;
