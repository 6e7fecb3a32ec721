//! Which rows are mounted, in which elements, and in what order the document has them.

use super::core::{Item, Sight};
use super::model::{RowData, RowKey, Table};
use crate::components::dom;
use crate::components::settled::settled;
use crate::domain::frames::{self, Frame};
use crate::domain::group::{Group, Slots};
use crate::domain::table::window;
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
/// What is mounted, in which element, and where on the page.
pub(super) type Frames<K> = RwSignal<Arc<Vec<Frame<Item<K>>>>>;

/// The slots that are in sight, with a few around them.
pub(super) fn seen<K: RowKey, R: RowData>(
    table: &Table<K, R>,
    slots: Memo<Slots>,
    sight: Sight,
) -> Memo<Range<usize>> {
    let grown = grown(table.reuses, table.rows.order, move || {
        sight.height.get() / sight.row.get()
    });
    Memo::new(move |_| {
        let top = sight.top.get();
        let seen = window(
            slots.with(Slots::len),
            sight.row.get(),
            top,
            sight.height.get(),
            if top > 0.0 { MARGIN } else { MARGIN_AT_TOP },
        );
        seen.start..seen.end.min(seen.start.saturating_add(grown.get()))
    })
}

/// A row that stays keeps its element; where rows pass on, one that comes takes over the element of
/// one that goes.
pub(super) fn frames<K: RowKey, R: RowData>(
    table: &Table<K, R>,
    id: String,
    pressed: StoredValue<bool>,
    slots: Memo<Slots>,
    seen: Memo<Range<usize>>,
) -> Frames<K> {
    let (order, groups) = (table.rows.order, table.groups);
    let (reuses, peek) = (table.reuses, table.rows.peek.clone());
    let frames = Memo::new(move |old: Option<&Arc<Vec<Frame<Item<K>>>>>| {
        let (slots, order, groups) = (slots.read(), order.read(), groups.read());
        let now = items(&slots, &order, &groups, seen.get()).filter(|(item, _)| match item {
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
        Arc::new(frames::frames(before, now, may_serve))
    });
    // All rows stand below this.
    settled(move || frames.get())
}

/// The elements in the order of the document. Each row stands where it says it does, so their
/// order is for those who read the document: an element that another row has taken over stays where
/// it is until scrolling has ended, since moving it costs more than filling it.
pub(super) fn mounted<K: RowKey>(frames: Frames<K>, reuses: bool) -> Memo<Vec<u32>> {
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
