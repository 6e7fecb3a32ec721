use super::column::Column;
use crate::components::faces::ErrorView;
use crate::components::menu::MenuItem;
use crate::domain::group::Group;
use crate::domain::table::{PageSize, Selection, Sort, TableLayout};
use leptos::prelude::*;
use std::fmt;
use std::hash::Hash;
use std::sync::Arc;

/// What a row is known by: an ID.
pub trait RowKey: Clone + Eq + Hash + Send + Sync + 'static {}
impl<K: Clone + Eq + Hash + Send + Sync + 'static> RowKey for K {}

/// What a row holds.
pub trait RowData: Send + Sync + 'static {}
impl<R: Send + Sync + 'static> RowData for R {}

type Lookup<K, R> = Arc<dyn Fn(&K) -> Signal<Option<Arc<R>>> + Send + Sync>;
type Peek<K, R> = Arc<dyn Fn(&K) -> Option<Arc<R>> + Send + Sync>;
/// Makes the menu of a row from its newest data; called again while the menu is open.
pub type RowMenu<K, R> = Arc<dyn Fn(&K, &R) -> Vec<MenuItem> + Send + Sync>;
pub(super) type CardFn<R> = Arc<dyn Fn(Signal<Arc<R>>) -> AnyView + Send + Sync>;

/// Rows by key: the order as a signal, each row as a signal of its own, so that a poll redraws
/// what changed and nothing else.
pub struct TableRows<K: RowKey, R: RowData> {
    /// Filtered and sorted.
    pub order: Signal<Arc<Vec<K>>>,
    /// All there are, whatever the filter: decides what leaves the selection, and the total.
    pub all: Signal<Arc<Vec<K>>>,
    /// A row's signal, made for the owner that asks; `None` where the row is gone.
    pub row: Lookup<K, R>,
    /// A row as it is now: for all rows at once, which need no signals.
    pub peek: Peek<K, R>,
}

impl<K: RowKey, R: RowData> Clone for TableRows<K, R> {
    fn clone(&self) -> Self {
        Self {
            order: self.order,
            all: self.all,
            row: self.row.clone(),
            peek: self.peek.clone(),
        }
    }
}

impl<K: RowKey, R: RowData> fmt::Debug for TableRows<K, R> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("TableRows").finish_non_exhaustive()
    }
}

impl<K: RowKey, R: RowData> TableRows<K, R> {
    /// From signals that are held by key.
    pub fn new(
        order: impl Into<Signal<Arc<Vec<K>>>>,
        all: impl Into<Signal<Arc<Vec<K>>>>,
        row: impl Fn(&K) -> Option<ArcRwSignal<Arc<R>>> + Send + Sync + 'static,
    ) -> Self {
        let row = Arc::new(row);
        let peek = row.clone();
        Self::of_store(
            order,
            all,
            move |key| match row(key) {
                Some(row) => Signal::derive(move || Some(row.get())),
                None => Signal::stored(None),
            },
            move |key| peek(key).map(|row| row.get_untracked()),
        )
    }

    /// From a store that makes signals for the rows that are looked at, and for no others.
    pub fn of_store(
        order: impl Into<Signal<Arc<Vec<K>>>>,
        all: impl Into<Signal<Arc<Vec<K>>>>,
        row: impl Fn(&K) -> Signal<Option<Arc<R>>> + Send + Sync + 'static,
        peek: impl Fn(&K) -> Option<Arc<R>> + Send + Sync + 'static,
    ) -> Self {
        Self {
            order: order.into(),
            all: all.into(),
            row: Arc::new(row),
            peek: Arc::new(peek),
        }
    }
}

impl<K: RowKey, R: RowData + PartialEq> TableRows<K, R> {
    /// From a short list that comes whole (the tasks of a VM, its snapshots): rows keep their
    /// signals by key, and only those that changed are redrawn.
    pub fn of_list(list: impl Into<Signal<Arc<Vec<Arc<R>>>>>, key: fn(&R) -> K) -> Self {
        let list = list.into();
        let held = Arc::new(std::sync::Mutex::new(std::collections::HashMap::<
            K,
            ArcRwSignal<Arc<R>>,
        >::new()));
        let holder = held.clone();
        let order = Memo::new(move |_| {
            let list = list.get();
            let mut held = holder
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner);
            let keys: Vec<K> = list.iter().map(|row| key(row)).collect();
            for (key, row) in keys.iter().zip(list.iter()) {
                match held.get(key) {
                    Some(signal) if signal.with_untracked(|old| old == row) => {}
                    // Derived data, written where it is derived: the rows are this memo's other half.
                    Some(signal) => signal.set(row.clone()),
                    None => drop(held.insert(key.clone(), ArcRwSignal::new(row.clone()))),
                }
            }
            if held.len() > keys.len() {
                let keep: std::collections::HashSet<&K> = keys.iter().collect();
                held.retain(|key, _| keep.contains(key));
            }
            Arc::new(keys)
        });
        Self::new(order, order, move |key| {
            held.lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner)
                .get(key)
                .cloned()
        })
    }
}

/// How the rows' load stands.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum LoadState {
    /// Nothing is known yet: skeleton rows.
    #[default]
    Loading,
    /// Rows are known (perhaps none).
    Ready,
    /// Nothing is known and the load failed.
    Failed(ErrorView),
}

/// A filter that is on, removable.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FilterChip {
    /// What is filtered: "status".
    pub field: String,
    /// By what: "running".
    pub value: String,
}

/// What there is to a table. Built once by the page, handed to the parts that draw it.
pub struct Table<K: RowKey, R: RowData> {
    pub(super) label: String,
    pub(super) noun: (&'static str, &'static str),
    pub(super) columns: Arc<Vec<Column<R>>>,
    pub(super) rows: TableRows<K, R>,
    pub(super) row_name: Arc<dyn Fn(&R) -> String + Send + Sync>,
    pub(super) layout: RwSignal<TableLayout>,
    pub(super) sort: Signal<Option<Sort>>,
    pub(super) on_sort: Option<Callback<Sort>>,
    pub(super) page: Signal<usize>,
    pub(super) on_page: Option<Callback<usize>>,
    pub(super) size: Signal<PageSize>,
    pub(super) on_size: Option<Callback<PageSize>>,
    pub(super) selection: Option<RwSignal<Selection<K>>>,
    pub(super) menu: Option<RowMenu<K, R>>,
    pub(super) open: Option<Callback<K>>,
    pub(super) card: Option<CardFn<R>>,
    pub(super) active: Option<RwSignal<Option<K>>>,
    pub(super) reuses: bool,
    /// None: rows stand without heads, page by page.
    pub(super) groups: Signal<Arc<Vec<Group>>>,
    pub(super) on_fold: Option<Callback<String>>,
}

impl<K: RowKey, R: RowData> Table<K, R> {
    /// A table. `label` names it for screen readers and export ("Virtual machines"), `noun` is
    /// what one and what many of its rows are called (`("VM", "VMs")`), `row_name` names a row
    /// ("web-server-01").
    pub fn new(
        label: impl Into<String>,
        noun: (&'static str, &'static str),
        columns: Vec<Column<R>>,
        rows: TableRows<K, R>,
        layout: RwSignal<TableLayout>,
        row_name: impl Fn(&R) -> String + Send + Sync + 'static,
    ) -> Self {
        Self {
            label: label.into(),
            noun,
            columns: Arc::new(columns),
            rows,
            row_name: Arc::new(row_name),
            layout,
            sort: Signal::stored(None),
            on_sort: None,
            page: Signal::stored(0),
            on_page: None,
            size: Signal::stored(PageSize::All),
            on_size: None,
            selection: None,
            menu: None,
            open: None,
            card: None,
            active: None,
            reuses: false,
            groups: Signal::stored(Arc::default()),
            on_fold: None,
        }
    }

    /// Keys of the rows that pass the filters, in their order.
    #[must_use]
    pub const fn order(&self) -> Signal<Arc<Vec<K>>> {
        self.rows.order
    }

    /// Sorted by a controlled order: the caller sorts the rows, the heads show and set it.
    #[must_use]
    pub fn sorted(
        mut self,
        sort: impl Into<Signal<Option<Sort>>>,
        on_sort: impl Fn(Sort) + Send + Sync + 'static,
    ) -> Self {
        self.sort = sort.into();
        self.on_sort = Some(Callback::new(on_sort));
        self
    }

    /// Cut into pages (counted from 0).
    #[must_use]
    pub fn paged(
        mut self,
        page: impl Into<Signal<usize>>,
        on_page: impl Fn(usize) + Send + Sync + 'static,
        size: impl Into<Signal<PageSize>>,
        on_size: impl Fn(PageSize) + Send + Sync + 'static,
    ) -> Self {
        self.page = page.into();
        self.on_page = Some(Callback::new(on_page));
        self.size = size.into();
        self.on_size = Some(Callback::new(on_size));
        self
    }

    /// Rows can be selected.
    #[must_use]
    pub const fn selectable(mut self, selection: RwSignal<Selection<K>>) -> Self {
        self.selection = Some(selection);
        self
    }

    /// Rows have a menu: the dots, a right click, the menu key.
    #[must_use]
    pub fn menu(mut self, menu: impl Fn(&K, &R) -> Vec<MenuItem> + Send + Sync + 'static) -> Self {
        self.menu = Some(Arc::new(menu));
        self
    }

    /// Enter and double click open a row.
    #[must_use]
    pub fn opens(mut self, open: impl Fn(K) + Send + Sync + 'static) -> Self {
        self.open = Some(Callback::new(open));
        self
    }

    /// Tells which row the arrow keys stand on.
    #[must_use]
    pub const fn follows(mut self, active: RwSignal<Option<K>>) -> Self {
        self.active = Some(active);
        self
    }

    /// A row that comes into sight takes over the element of one that left it: for long lists that
    /// are searched and scrolled. Cells must then read the row's ID as they read everything else,
    /// from its signal: another row may stand there at any time.
    #[must_use]
    pub const fn reuses_rows(mut self) -> Self {
        self.reuses = true;
        self
    }

    /// Rows stand in groups, all on one page, while there are any: `groups` must fit the order that
    /// comes with them. `on_fold` is asked to fold or unfold the group of an ID.
    #[must_use]
    pub fn grouped(
        mut self,
        groups: impl Into<Signal<Arc<Vec<Group>>>>,
        on_fold: impl Fn(String) + Send + Sync + 'static,
    ) -> Self {
        self.groups = groups.into();
        self.on_fold = Some(Callback::new(on_fold));
        self
    }

    /// Under 640 px each row is a card: name, state, three facts; the menu stands beside it.
    #[must_use]
    pub fn card(
        mut self,
        card: impl Fn(Signal<Arc<R>>) -> AnyView + Send + Sync + 'static,
    ) -> Self {
        self.card = Some(Arc::new(card));
        self
    }
}

impl<K: RowKey, R: RowData> Clone for Table<K, R> {
    fn clone(&self) -> Self {
        Self {
            label: self.label.clone(),
            noun: self.noun,
            columns: self.columns.clone(),
            rows: self.rows.clone(),
            row_name: self.row_name.clone(),
            layout: self.layout,
            sort: self.sort,
            on_sort: self.on_sort,
            page: self.page,
            on_page: self.on_page,
            size: self.size,
            on_size: self.on_size,
            selection: self.selection,
            menu: self.menu.clone(),
            open: self.open,
            card: self.card.clone(),
            active: self.active,
            reuses: self.reuses,
            groups: self.groups,
            on_fold: self.on_fold,
        }
    }
}

impl<K: RowKey, R: RowData> fmt::Debug for Table<K, R> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Table")
            .field("label", &self.label)
            .finish_non_exhaustive()
    }
}
