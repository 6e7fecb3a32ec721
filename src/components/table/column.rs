use super::model::RowData;
use leptos::prelude::*;
use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

/// Where a column's cells stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Align {
    /// Text.
    #[default]
    Start,
    /// Numbers.
    End,
}

/// Width of a column that nobody has resized.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Width {
    /// So many pixels.
    Px(u16),
    /// At least so many pixels, and a share of what is left over.
    Grow(u16),
}

/// A row as its cells read it.
pub type RowSignal<R> = Signal<Arc<R>>;

type CellFn<R> = Arc<dyn Fn(RowSignal<R>) -> AnyView + Send + Sync>;
type TextFn<R> = Arc<dyn Fn(&R) -> String + Send + Sync>;
type ValueFn<R> = Arc<dyn Fn(&R) -> serde_json::Value + Send + Sync>;

/// A column as data.
///
/// ```ignore
/// Column::text("node", "Node", |vm: &Vm| vm.node.clone()).width(Width::Px(120)).sorted(|a, b| a.node.cmp(&b.node))
/// Column::cell("cpu", "CPU", |vm: RowSignal<Vm>| view! { <Cpu vm=vm/> }.into_any(), |vm: &Vm| vm.cpu_text()).align(Align::End)
/// ```
pub struct Column<R: RowData> {
    /// Stands in addresses and in the remembered layout.
    pub id: &'static str,
    /// Head of the column.
    pub title: &'static str,
    /// Where its cells stand.
    pub align: Align,
    /// Width by design.
    pub width: Width,
    /// Can be hidden (the name column can't).
    pub hideable: bool,
    /// Shown by design.
    pub shown: bool,
    /// Order of two rows by this column; the caller sorts with it.
    pub compare: Option<fn(&R, &R) -> Ordering>,
    pub(super) cell: CellFn<R>,
    pub(super) export: TextFn<R>,
    pub(super) value: Option<ValueFn<R>>,
    pub(super) tint: Option<TextFn<R>>,
    pub(super) name: bool,
    pub(super) look: &'static str,
}

impl<R: RowData> fmt::Debug for Column<R> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Column")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

impl<R: RowData> Clone for Column<R> {
    fn clone(&self) -> Self {
        Self {
            cell: self.cell.clone(),
            export: self.export.clone(),
            value: self.value.clone(),
            tint: self.tint.clone(),
            ..*self
        }
    }
}

impl<R: RowData> Column<R> {
    /// A column whose cell is drawn from the row's signal. It is drawn once per mounted row: what
    /// changes must be read inside (`move || row.with(..)`). `export` is the cell as text.
    pub fn cell(
        id: &'static str,
        title: &'static str,
        cell: impl Fn(RowSignal<R>) -> AnyView + Send + Sync + 'static,
        export: impl Fn(&R) -> String + Send + Sync + 'static,
    ) -> Self {
        Self {
            id,
            title,
            align: Align::Start,
            width: Width::Grow(96),
            hideable: true,
            shown: true,
            compare: None,
            cell: Arc::new(cell),
            export: Arc::new(export),
            value: None,
            tint: None,
            name: false,
            look: "",
        }
    }

    /// A column of plain text; an en dash stands for empty text.
    pub fn text(
        id: &'static str,
        title: &'static str,
        text: impl Fn(&R) -> String + Send + Sync + Clone + 'static,
    ) -> Self {
        let export = text.clone();
        let cell = move |row: Signal<Arc<R>>| {
            let text = text.clone();
            let text = Memo::new(move |_| row.with(|row| text(row)));
            let shown = move || {
                let text = text.get();
                if text.is_empty() {
                    crate::domain::units::NONE.to_owned()
                } else {
                    text
                }
            };
            view! { <span class="clip">{shown}</span> }.into_any()
        };
        Self::cell(id, title, cell, export)
    }

    /// Where cells stand.
    #[must_use]
    pub const fn align(mut self, align: Align) -> Self {
        self.align = align;
        self
    }

    /// Width by design.
    #[must_use]
    pub const fn width(mut self, width: Width) -> Self {
        self.width = width;
        self
    }

    /// Can be sorted by.
    #[must_use]
    pub const fn sorted(mut self, compare: fn(&R, &R) -> Ordering) -> Self {
        self.compare = Some(compare);
        self
    }

    /// Whether it is shown until someone hides it.
    #[must_use]
    pub const fn shown_by_design(&self) -> bool {
        self.shown
    }

    /// Hidden until someone shows it.
    #[must_use]
    pub const fn hidden(mut self) -> Self {
        self.shown = false;
        self
    }

    /// The column that names the row: always shown, heads the row for screen readers, stays in
    /// sight on narrow screens.
    #[must_use]
    pub const fn name(mut self) -> Self {
        self.name = true;
        self.hideable = false;
        self
    }

    /// Supporting facts: the node, the uptime.
    #[must_use]
    pub const fn quiet(mut self) -> Self {
        self.look = "quiet";
        self
    }

    /// Identifiers: IDs, addresses, paths.
    #[must_use]
    pub const fn mono(mut self) -> Self {
        self.look = "mono quiet";
        self
    }

    /// Its cell is tinted for 600 ms when this text changes (the state).
    #[must_use]
    pub fn tinted(mut self, of: impl Fn(&R) -> String + Send + Sync + 'static) -> Self {
        self.tint = Some(Arc::new(of));
        self
    }

    /// What JSON export writes instead of the text.
    #[must_use]
    pub fn value(
        mut self,
        value: impl Fn(&R) -> serde_json::Value + Send + Sync + 'static,
    ) -> Self {
        self.value = Some(Arc::new(value));
        self
    }
}
