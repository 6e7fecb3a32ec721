//! What the parts of one mounted table share.

use super::column::{Column, Width};
use super::model::{RowData, RowKey, Table};
use crate::components::dom;
use crate::components::overlay::{Anchor, Overlay};
use crate::domain::frames::{Frame, frames};
use crate::domain::group::{Group, Slots};
use crate::domain::place::Edge;
use crate::domain::table::{Scope, window};
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use std::ops::Range;
use std::sync::Arc;

/// Rows mounted before and behind those in sight, while one scrolls, and at the top of the list,
/// where a new search begins.
const MARGIN: usize = 8;
const MARGIN_AT_TOP: usize = 3;
/// Rows of a long list that are drawn at once when it opens, and with each picture after that until
/// all in sight are there: a slow machine shows the first numbers sooner.
const STEP: usize = 8;
/// Milliseconds without another row in sight after which scrolling has ended.
const AT_REST: u32 = 300;
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
    pub frames: Memo<Arc<Vec<Frame<Item<K>>>>>,
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
        let grown = grown(table.reuses, order, move || {
            sight.height.get() / sight.row.get()
        });
        let seen = Memo::new(move |_| {
            let top = sight.top.get();
            let seen = window(
                slots.with(Slots::len),
                sight.row.get(),
                top,
                sight.height.get(),
                if top > 0.0 { MARGIN } else { MARGIN_AT_TOP },
            );
            seen.start..seen.end.min(seen.start.saturating_add(grown.get()))
        });
        let (id, pressed) = (dom::uid("grid"), StoredValue::new(false));
        let frames = {
            let (id, reuses, peek) = (id.clone(), table.reuses, table.rows.peek.clone());
            Memo::new(move |old: Option<&Arc<Vec<Frame<Item<K>>>>>| {
                let (slots, order, groups) = (slots.read(), order.read(), groups.read());
                let now =
                    items(&slots, &order, &groups, seen.get()).filter(|(item, _)| match item {
                        Item::Row(key) => peek(key).is_some(),
                        Item::Head(_) => true,
                    });
                let before = old.map(|old| old.as_slice()).unwrap_or_default();
                let busy = if reuses && !pressed.get_value() {
                    Some(busy_slots(&id))
                } else {
                    None
                };
                let may_serve = |frame: &Frame<Item<K>>, item: &Item<K>| {
                    matches!((&frame.shows, item), (Item::Row(_), Item::Row(_)))
                        && busy.as_ref().is_some_and(|(marked, focused)| {
                            let slot = &frame.slot;
                            focused.as_ref() != Some(slot)
                                && !marked.as_ref().is_some_and(|marked| marked.contains(slot))
                        })
                };
                Arc::new(frames(before, now, may_serve))
            })
        };
        let mounted = mounted(frames, table.reuses);
        Arc::new(Self {
            id,
            tracks: tracks(&table, visible, resizing),
            least: least(&table, visible),
            visible,
            range,
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

    /// What an element shows, and where it stands; what it showed last while it goes away.
    pub fn spot(&self, id: u32) -> Option<(Memo<Item<K>>, Memo<usize>)> {
        let frames = self.frames;
        let find = move |frames: &[Frame<Item<K>>]| {
            let found = frames.iter().find(|frame| frame.id == id)?;
            Some((found.shows.clone(), found.slot))
        };
        let first = frames.with_untracked(|frames| find(frames))?;
        let item = first.0;
        let shows = Memo::new(move |old: Option<&Item<K>>| {
            let now = frames.with(|frames| find(frames)).map(|(item, _)| item);
            now.or_else(|| old.cloned()).unwrap_or_else(|| item.clone())
        });
        let slot = Memo::new(move |old: Option<&usize>| {
            let now = frames.with(|frames| find(frames)).map(|(_, slot)| slot);
            now.or(old.copied()).unwrap_or(first.1)
        });
        Some((shows, slot))
    }

    /// A row for those who draw it; as it was last where it is gone, until its drawing goes, too.
    pub fn row(&self, key: Signal<K>) -> Option<Signal<Arc<R>>> {
        let lookup = self.table.rows.row.clone();
        let first = (self.table.rows.peek)(&key.get_untracked())?;
        let row = Memo::new_with_compare(
            move |old: Option<&Arc<R>>| {
                let row = lookup(&key.get()).get();
                row.or_else(|| old.cloned())
                    .unwrap_or_else(|| first.clone())
            },
            |old, new| !same_row(old, new),
        );
        Some(row.into())
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
        let rows = self.table.rows.order.with(|order| order.len());
        if self.table.groups.with(|groups| groups.is_empty()) {
            rows + 1
        } else {
            self.slots.with(Slots::len) + 1
        }
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

/// The elements in the order of the document. Each row stands where it says it does, so their
/// order is for those who read the document: an element that another row has taken over stays where
/// it is until scrolling has ended, since moving it costs more than filling it.
fn mounted<K: RowKey>(frames: Memo<Arc<Vec<Frame<Item<K>>>>>, reuses: bool) -> Memo<Vec<u32>> {
    let in_order = move || frames.with(|frames| frames.iter().map(|frame| frame.id).collect());
    if !reuses {
        return Memo::new(move |_| in_order());
    }
    let rest = RwSignal::new(0_u32);
    let timer = StoredValue::new_local(None::<gloo_timers::callback::Timeout>);
    Effect::new(move || {
        frames.track();
        let at_rest = gloo_timers::callback::Timeout::new(AT_REST, move || {
            let _ = rest.try_update(|rest| *rest += 1);
        });
        timer.set_value(Some(at_rest));
    });
    let placed = Memo::new(move |old: Option<&(u32, Vec<u32>)>| {
        let (rest, now): (u32, Vec<u32>) = (rest.get(), in_order());
        let Some((_, before)) = old.filter(|(turn, _)| *turn == rest) else {
            return (rest, now);
        };
        let kept = before.iter().filter(|id| now.contains(id));
        let new = now.iter().filter(|id| !before.contains(id));
        (rest, kept.chain(new).copied().collect())
    });
    Memo::new(move |_| placed.with(|(_, ids)| ids.clone()))
}

/// How many rows may be drawn by now: a few more with each picture, then any number.
fn grown<K: RowKey>(
    stepwise: bool,
    order: Signal<Arc<Vec<K>>>,
    in_sight: impl Fn() -> f64 + 'static,
) -> RwSignal<usize> {
    let grown = RwSignal::new(if stepwise { STEP } else { usize::MAX });
    if stepwise {
        Effect::new(move || {
            let now = grown.get();
            if now == usize::MAX || order.with(|order| order.is_empty()) {
                return;
            }
            #[expect(clippy::cast_precision_loss, reason = "row numbers are small")]
            let enough = now as f64 >= untrack(&in_sight) + MARGIN as f64;
            let next = if enough { usize::MAX } else { now + STEP };
            dom::after_render(move || {
                gloo_timers::callback::Timeout::new(0, move || {
                    let _ = grown.try_set(next);
                })
                .forget();
            });
        });
    }
    grown
}

fn same_row<R>(old: Option<&Arc<R>>, new: Option<&Arc<R>>) -> bool {
    old.zip(new).is_some_and(|(old, new)| Arc::ptr_eq(old, new))
}

type Busy = (Option<Range<usize>>, Option<usize>);

/// Slots of the rows that have marked text, and of the one with the focus in it: those elements stay with what
/// they show.
fn busy_slots(grid: &str) -> Busy {
    let slot = |node: web_sys::Node| slot_around(&node, grid);
    let selection = leptos::prelude::window().get_selection().ok().flatten();
    let marked = selection.filter(|selection| !selection.is_collapsed());
    let marked = marked.and_then(|marked| {
        let ends = [marked.anchor_node()?, marked.focus_node()?].map(slot);
        Some(match ends {
            [Some(from), Some(to)] => from.min(to)..from.max(to) + 1,
            // It begins or ends outside of the rows: it may hold any of them.
            [Some(_), None] | [None, Some(_)] => 0..usize::MAX,
            [None, None] => return None,
        })
    });
    let focused = dom::focused().and_then(|element| slot(element.into()));
    (marked, focused)
}

/// Slot of the row around an element.
fn slot_around(node: &web_sys::Node, grid: &str) -> Option<usize> {
    let element = match node.dyn_ref::<web_sys::Element>() {
        Some(element) => element.clone(),
        None => node.parent_element()?,
    };
    let row = element.closest(".dt-row, .dt-card").ok().flatten()?;
    row.id().strip_prefix(grid)?.strip_prefix('-')?.parse().ok()
}

/// What stands in the slots that are seen, and where.
fn items<K: RowKey>(
    slots: &Slots,
    order: &[K],
    groups: &[Group],
    seen: Range<usize>,
) -> impl Iterator<Item = (Item<K>, usize)> {
    let mut heads = slots.heads(seen.clone()).into_iter().peekable();
    seen.filter_map(move |slot| {
        let head = heads.next_if(|(_, at)| *at == slot);
        let item = match head {
            Some((group, _)) => Item::Head(groups.get(group)?.id.clone()),
            None => Item::Row(order.get(slots.row(slot)?)?.clone()),
        };
        Some((item, slot))
    })
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
