//! The data table. A [`Table`] says what there is; [`DataTable`], [`ColumnsButton`],
//! [`ExportButton`] and [`FilterBar`] draw it, wherever the page wants them.

mod column;
mod model;
mod view;

pub use column::{Align, Column, Width};
pub use model::{FilterChip, LoadState, RowData, RowKey, RowMenu, Table, TableRows};
pub use view::DataTable;
