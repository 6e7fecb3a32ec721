//! What the parts of one mounted table share.

use super::column::{Column, Width};
use super::model::{RowData, RowKey, Table};
use super::mounted::{Frames, frames, mounted, seen};
use crate::components::dom;
use crate::components::overlay::{Anchor, Overlay};
use crate::components::settled::{follow, settled};
use crate::domain::frames::Frame;
use crate::domain::group::{Group, Slots};
use crate::domain::place::Edge;
use crate::domain::table::Scope;
use leptos::html;
use leptos::prelude::*;
use std::ops::Range;
use std::sync::Arc;

/// Width of the checkbox column and of the menu column.
const CHECK: u16 = 40;
const DOTS: u16 = 44;
/// No column gets narrower.
pub(super) const NARROWEST: f64 = 48.0;

pub(super) struct Core<K: RowKey, R: RowData> {
    pub table: Table<K, R>,
    pub id: String,
    /// Columns that are shown, as places in `table.columns`, in order.
    pub visible: Memo<Vec<usize>>,
    /// Tracks of the grid that every row is.
    pub tracks: Memo<String>,
    /// Sum of the least widths, in CSS.
    pub least: Memo<String>,
    /// Which rows of the order stand on this page.
    pub range: Memo<Range<usize>>,
    /// Where rows and heads stand on it.
    pub slots: Memo<Slots>,
    /// What is mounted, in which element, and where on the page.
    pub frames: Frames<K>,
    /// Place in the order of the first row on this page; settled, for the rows.
    pub start: RwSignal<usize>,
    /// See [`Core::row_count`]; settled, for the rows.
    pub rows_in_all: RwSignal<usize>,
    /// The elements, by their numbers: in the order of the page, but while rows pass from one to
    /// the other.
    pub mounted: Memo<Vec<u32>>,
    /// A press has begun on a row and not ended: it must end on the same row, so none takes over
    /// the element of another meanwhile.
    pub pressed: StoredValue<bool>,
    /// Row that the arrows move.
    pub active: RwSignal<Option<K>>,
    /// Where it stood last, for when it is gone.
    pub active_at: StoredValue<usize>,
    pub sight: Sight,
    /// Column that is being resized, and its width.
    pub resizing: RwSignal<Option<(&'static str, f64)>>,
    pub overlay: Overlay,
    /// Row whose menu is open.
    pub menu_of: RwSignal<Option<K>>,
    pub grid: NodeRef<html::Table>,
    pub scroller: NodeRef<html::Div>,
}

/// What stands in a slot.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Item<K> {
    Row(K),
    /// The head of a group, by its ID.
    Head(String),
}

/// What an element shows, to draw it.
pub(super) enum Drawn<K: RowKey> {
    /// A row, and where it stands.
    Row(Signal<K>, Signal<usize>),
    /// The head of a group, by its ID, and where it stands.
    Head(String, Signal<usize>),
}

/// The part of the rows that is seen.
#[derive(Clone, Copy)]
pub(super) struct Sight {
    pub top: RwSignal<f64>,
    pub height: RwSignal<f64>,
    pub row: RwSignal<f64>,
}

pub(super) type Shared<K, R> = Arc<Core<K, R>>;

impl<K: RowKey, R: RowData> Core<K, R> {
    pub fn new(table: Table<K, R>) -> Shared<K, R> {
        let visible = visible(&table);
        let resizing = RwSignal::new(None);
        let sight = Sight {
            top: RwSignal::new(0.0),
            // Until it is measured: a screenful.
            height: RwSignal::new(900.0),
            row: RwSignal::new(40.0),
        };
        let (order, page, size) = (table.rows.order, table.page, table.size);
        let groups = table.groups;
        let range = Memo::new(move |_| {
            let count = order.with(|order| order.len());
            if groups.with(|groups| groups.is_empty()) {
                size.get().range(page.get(), count)
            } else {
                0..count
            }
        });
        let slots = Memo::new(move |_| {
            groups.with(|groups| {
                if groups.is_empty() {
                    Slots::plain(range.get())
                } else {
                    Slots::grouped(groups)
                }
            })
        });
        let seen = seen(&table, slots, sight);
        let (id, pressed) = (dom::uid("grid"), StoredValue::new(false));
        let frames = frames(&table, id.clone(), pressed, slots, seen);
        let mounted = mounted(frames, table.reuses);
        let start = settled(move || range.with(|range| range.start));
        let rows_in_all = settled(move || row_count(order, groups, slots));
        Arc::new(Self {
            id,
            tracks: tracks(&table, visible, resizing),
            least: least(&table, visible),
            visible,
            range,
            start,
            rows_in_all,
            slots,
            frames,
            mounted,
            pressed,
            active: table.active.unwrap_or_else(|| RwSignal::new(None)),
            active_at: StoredValue::new(0),
            sight,
            resizing,
            overlay: Overlay::new(Edge::End),
            menu_of: RwSignal::new(None),
            grid: NodeRef::new(),
            scroller: NodeRef::new(),
            table,
        })
    }

    /// What an element shows, and where it stands; what it showed last while it goes away. Rows
    /// pass on from element to element, heads do not.
    pub fn drawn(&self, id: u32) -> Option<Drawn<K>> {
        let frames = self.frames;
        let find = move |frames: &[Frame<Item<K>>]| {
            let found = frames.iter().find(|frame| frame.id == id)?;
            Some((found.shows.clone(), found.slot))
        };
        let (item, first) = frames.with_untracked(|frames| find(frames))?;
        let slot = RwSignal::new(first);
        let at = move || frames.with(|frames| find(frames));
        let follow_slot = move || at().map(|(_, slot)| slot);
        Some(match item {
            Item::Head(id) => {
                follow(slot, follow_slot, |old, new| old == new);
                Drawn::Head(id, slot.into())
            }
            Item::Row(first) => {
                let key = RwSignal::new(first);
                // Both in one: each row pays for it.
                Effect::new(move || {
                    let Some((item, now)) = at() else { return };
                    if slot.try_with_untracked(|old| *old != now) == Some(true) {
                        slot.set(now);
                    }
                    if let Item::Row(now) = item
                        && key.try_with_untracked(|old| *old != now) == Some(true)
                    {
                        key.set(now);
                    }
                });
                Drawn::Row(key.into(), slot.into())
            }
        })
    }

    /// A row for those who draw it, with its key: both change at once. As it was last where it is
    /// gone, until its drawing goes, too.
    pub fn row(&self, key: Signal<K>) -> Option<RwSignal<(K, Arc<R>)>> {
        let lookup = self.table.rows.row.clone();
        let first = key.get_untracked();
        let row = (self.table.rows.peek)(&first)?;
        let row = RwSignal::new((first, row));
        let read = move || {
            let key = key.get();
            let row = lookup(&key).get()?;
            Some((key, row))
        };
        follow(row, read, |old, new| {
            old.0 == new.0 && Arc::ptr_eq(&old.1, &new.1)
        });
        Some(row)
    }

    pub fn column(&self, at: usize) -> Option<&Column<R>> {
        self.table.columns.get(at)
    }

    /// Columns in the DOM, with those of the checkbox and the menu.
    pub fn column_count(&self) -> usize {
        self.visible.with(Vec::len)
            + usize::from(self.table.selection.is_some())
            + usize::from(self.table.menu.is_some())
    }

    /// Rows in the DOM if all were mounted, the head's and those of groups among them; those of
    /// other pages count.
    pub fn row_count(&self) -> usize {
        row_count(self.table.rows.order, self.table.groups, self.slots)
    }

    pub fn row_id(&self, place: usize) -> String {
        format!("{}-{place}", self.id)
    }

    /// A row's place on the page, whether it is mounted or not; none where it is folded away.
    pub fn place_of(&self, key: &K) -> Option<usize> {
        let range = self.range.get_untracked();
        let at = self.table.rows.order.with_untracked(|order| {
            let page = order.get(range.clone())?;
            page.iter().position(|other| other == key)
        })?;
        self.slots
            .with_untracked(|slots| slots.slot(range.start + at))
    }

    /// The active row's place on the page, whether it is mounted or not.
    pub fn active_place(&self) -> Option<usize> {
        let key = self.active.try_get_untracked().flatten()?;
        // A row that is gone leaves its place to its follower.
        self.place_of(&key).or_else(|| {
            let at = self.active_at.get_value();
            self.slots.with_untracked(|slots| slots.with_row(at, true))
        })
    }

    pub fn key_at(&self, place: usize) -> Option<K> {
        let at = self.slots.with_untracked(|slots| slots.row(place))?;
        self.table
            .rows
            .order
            .with_untracked(|order| order.get(at).cloned())
    }

    /// Makes a row active and brings it into sight.
    pub fn activate(&self, place: usize) {
        let Some(key) = self.key_at(place) else {
            return;
        };
        self.active_at.set_value(place);
        self.active.set(Some(key));
        let Some(scroller) = self.scroller.get_untracked() else {
            return;
        };
        let row = self.sight.row.get_untracked();
        let (top, height) = (
            self.sight.top.get_untracked(),
            self.sight.height.get_untracked(),
        );
        #[expect(clippy::cast_precision_loss, reason = "row numbers are small")]
        let at = place as f64 * row;
        let to = if at < top {
            at
        } else if at + row > top + height {
            at + row - height
        } else {
            return;
        };
        #[expect(clippy::cast_possible_truncation, reason = "pixels")]
        scroller.set_scroll_top(to.round() as i32);
        // The scroll event comes later; the row must be there now.
        self.sight.top.set(to);
    }

    /// Takes the focus back to the grid.
    pub fn focus(&self) {
        if let Some(grid) = self.grid.try_get_untracked().flatten() {
            let _ = grid.focus();
        }
    }

    /// Opens the menu of a row.
    pub fn open_menu(&self, key: &K, anchor: Anchor) {
        if self.table.menu.is_some() {
            self.menu_of.set(Some(key.clone()));
            crate::components::menu::open_menu(self.overlay, anchor, false);
        }
    }

    /// Selects or deselects a row; with `range` all from the anchor on.
    pub fn select(&self, key: &K, range: bool) {
        let Some(selection) = self.table.selection else {
            return;
        };
        if range {
            let order = self.table.rows.order.get_untracked();
            selection.update(|selection| selection.range(key, &order));
        } else {
            selection.update(|selection| selection.toggle(key));
        }
    }

    /// Selects all that match.
    pub fn select_all(&self) {
        let Some(selection) = self.table.selection else {
            return;
        };
        let order = self.table.rows.order.get_untracked();
        selection.update(|selection| selection.set_all(&order));
    }

    /// All on this page, or none of them where all are.
    pub fn select_page(&self) {
        let Some(selection) = self.table.selection else {
            return;
        };
        let range = self.range.get_untracked();
        let order = self.table.rows.order.get_untracked();
        let everything = range.len() == order.len();
        selection.update(|selection| {
            selection.toggle_page(order.get(range).unwrap_or_default());
            if everything && selection.scope == Scope::Page {
                selection.scope = Scope::All;
            }
        });
    }
}

fn row_count<K: RowKey>(
    order: Signal<Arc<Vec<K>>>,
    groups: Signal<Arc<Vec<Group>>>,
    slots: Memo<Slots>,
) -> usize {
    if groups.with(|groups| groups.is_empty()) {
        order.with(|order| order.len()) + 1
    } else {
        slots.with(Slots::len) + 1
    }
}

fn visible<K: RowKey, R: RowData>(table: &Table<K, R>) -> Memo<Vec<usize>> {
    let (columns, layout) = (table.columns.clone(), table.layout);
    Memo::new(move |_| {
        let ids: Vec<&str> = columns.iter().map(|column| column.id).collect();
        layout.with(|layout| {
            let shown = |at: &usize| {
                columns.get(*at).is_some_and(|column| {
                    !column.hideable || layout.shown.get(column.id).copied().unwrap_or(column.shown)
                })
            };
            layout.arrange(&ids).into_iter().filter(shown).collect()
        })
    })
}

fn tracks<K: RowKey, R: RowData>(
    table: &Table<K, R>,
    visible: Memo<Vec<usize>>,
    resizing: RwSignal<Option<(&'static str, f64)>>,
) -> Memo<String> {
    let (columns, layout) = (table.columns.clone(), table.layout);
    let (checks, dots) = (table.selection.is_some(), table.menu.is_some());
    Memo::new(move |_| {
        let moving = resizing.get();
        let track = |at: &usize| {
            let column = columns.get(*at)?;
            let moved = moving
                .filter(|(id, _)| *id == column.id)
                .map(|(_, width)| width);
            let width =
                moved.or_else(|| layout.with(|layout| layout.widths.get(column.id).copied()));
            Some(match (width, column.width) {
                (Some(width), _) => format!("{width:.0}px"),
                (None, Width::Px(width)) => format!("{width}px"),
                (None, Width::Grow(least)) => format!("minmax({least}px, {least}fr)"),
            })
        };
        let first = checks.then(|| format!("{CHECK}px"));
        let last = dots.then(|| format!("{DOTS}px"));
        let between: Vec<String> =
            visible.with(|visible| visible.iter().filter_map(track).collect());
        first
            .into_iter()
            .chain(between)
            .chain(last)
            .collect::<Vec<_>>()
            .join(" ")
    })
}

fn least<K: RowKey, R: RowData>(table: &Table<K, R>, visible: Memo<Vec<usize>>) -> Memo<String> {
    let (columns, layout) = (table.columns.clone(), table.layout);
    let fixed = if table.selection.is_some() { CHECK } else { 0 }
        + if table.menu.is_some() { DOTS } else { 0 };
    Memo::new(move |_| {
        let width = |at: &usize| {
            let column = columns.get(*at)?;
            let own = layout.with(|layout| layout.widths.get(column.id).copied());
            Some(own.unwrap_or_else(|| match column.width {
                Width::Px(width) | Width::Grow(width) => f64::from(width),
            }))
        };
        let sum: f64 = visible.with(|visible| visible.iter().filter_map(width).sum());
        format!("{:.0}px", sum + f64::from(fixed))
    })
}
