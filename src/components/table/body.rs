use super::core::{Core, Drawn, Item, Shared};
use super::group::GroupHead;
use super::head::{Head, Measure};
use super::keys::grid_key;
use super::model::{RowData, RowKey};
use super::row::Row;
use crate::components::dom;
use crate::components::menu::{MenuItem, MenuSurface};
use crate::domain::group::Slots;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{FocusEvent, HtmlElement};

/// Heads and rows in a box that scrolls.
#[component]
pub(super) fn Grid<K: RowKey, R: RowData>(core: Shared<K, R>) -> impl IntoView {
    let (mounted, slots) = (core.mounted, core.slots);
    keep_anchor(&core);
    keep_presses(&core);
    let focus_back = keep_focus(&core);
    let active_id = {
        let core = core.clone();
        Memo::new(move |_| {
            core.active.with(|active| {
                let active = Item::Row(active.clone()?);
                core.frames.with(|frames| {
                    let frame = frames.iter().find(|frame| frame.shows == active)?;
                    Some(core.row_id(frame.slot))
                })
            })
        })
    };
    let keys = {
        let core = core.clone();
        move |event| grid_key(&core, &event)
    };
    let focused = {
        let core = core.clone();
        move |event: FocusEvent| focus_back(&core, &event)
    };
    let scrolled = {
        let core = core.clone();
        move |_| {
            if let Some(scroller) = core.scroller.try_get_untracked().flatten() {
                let _ = core.sight.top.try_set(f64::from(scroller.scroll_top()));
            }
        }
    };
    let row = {
        let core = core.clone();
        move |frame: u32| match core.drawn(frame) {
            None => ().into_any(),
            Some(Drawn::Row(key, at)) => {
                view! { <Row core=core.clone() key=key at=at/> }.into_any()
            }
            Some(Drawn::Head(id, at)) => {
                view! { <GroupHead core=core.clone() id=id at=at/> }.into_any()
            }
        }
    };
    let table = core.table.clone();
    let (counted, counting) = (core.clone(), core.clone());
    let (tracks, least) = (core.tracks, core.least);
    view! {
        <div class="dt-scroll" node_ref=core.scroller on:scroll=scrolled>
            <table
                node_ref=core.grid
                role="grid"
                class="dt-grid"
                tabindex="0"
                aria-label=table.label.clone()
                aria-multiselectable=table.selection.is_some().then_some("true")
                aria-rowcount=move || counting.row_count().to_string()
                aria-colcount=move || counted.column_count().to_string()
                aria-activedescendant=move || active_id.get()
                style=("--tracks", move || tracks.get())
                style=("--least", move || least.get())
                on:focusin=focused
                on:keydown=keys
            >
                <Head core=core.clone()/>
                <tbody
                    role="rowgroup"
                    class="dt-body"
                    style:height=move || format!("calc(var(--row) * {})", slots.with(Slots::len))
                >
                    <For each=move || mounted.get() key=|frame| *frame children=row/>
                </tbody>
            </table>
            <Measure core=core.clone()/>
        </div>
    }
}

/// A press begins on one row and ends on the same: until then no element passes to another row.
fn keep_presses<K: RowKey, R: RowData>(core: &Shared<K, R>) {
    let (pressed, grid) = (core.pressed, core.grid);
    let end = move || {
        // The click comes after the pointer has gone up.
        gloo_timers::callback::Timeout::new(0, move || {
            let _ = pressed.try_set_value(false);
        })
        .forget();
    };
    let begin = move |target: Option<web_sys::EventTarget>| {
        let node = target.and_then(|target| target.dyn_into::<web_sys::Node>().ok());
        let grid = grid.try_get_untracked().flatten();
        if grid.is_some_and(|grid| grid.contains(node.as_ref())) {
            let _ = pressed.try_set_value(true);
        }
    };
    let document = document();
    dom::listen(
        document.as_ref(),
        "pointerdown",
        true,
        move |event: web_sys::PointerEvent| {
            begin(event.target());
        },
    );
    for name in ["pointerup", "pointercancel", "dragend"] {
        dom::listen(document.as_ref(), name, true, move |_: web_sys::Event| {
            end();
        });
    }
}

/// Rows that come or go above those in sight must not move them: the scroll goes along. Rows that
/// only change places (a live order) move nothing, and at the top new rows are wanted in sight.
fn keep_anchor<K: RowKey, R: RowData>(core: &Shared<K, R>) {
    let core = core.clone();
    let first_in_sight = move |core: &Core<K, R>| -> Option<(K, usize)> {
        let (top, row) = (
            core.sight.top.get_untracked(),
            core.sight.row.get_untracked().max(1.0),
        );
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a row's number"
        )]
        let place = (top / row) as usize;
        (place > 0)
            .then(|| core.key_at(place).map(|key| (key, place)))
            .flatten()
    };
    let held = StoredValue::new(None::<(K, usize)>);
    let (sort, page) = (core.table.sort, core.table.page);
    {
        let core = core.clone();
        Effect::new(move || {
            core.sight.top.track();
            held.set_value(first_in_sight(&core));
        });
    }
    let scroll_to = move |core: &Core<K, R>, top: f64| {
        if let Some(scroller) = core.scroller.get_untracked() {
            #[expect(clippy::cast_possible_truncation, reason = "pixels")]
            scroller.set_scroll_top(top.max(0.0).round() as i32);
            core.sight.top.set(f64::from(scroller.scroll_top()));
        }
    };
    {
        // Another order or another page starts at its top.
        let core = core.clone();
        Effect::new(move |old: Option<()>| {
            sort.track();
            page.track();
            if old.is_some() {
                held.set_value(None);
                scroll_to(&core, 0.0);
            }
        });
    }
    Effect::new(move |old: Option<usize>| {
        let count = core.table.rows.order.with(|order| order.len());
        let (Some(old), Some((key, place))) = (old, held.get_value()) else {
            return count;
        };
        let now = core.place_of(&key);
        if let Some(now) =
            now.filter(|now| now.abs_diff(place) <= count.abs_diff(old) && *now != place)
        {
            #[expect(clippy::cast_precision_loss, reason = "row numbers are small")]
            let by = (now as f64 - place as f64) * core.sight.row.get_untracked();
            let core = core.clone();
            // Once the body has its new height.
            dom::after_render(move || {
                if let Some(top) = core.sight.top.try_get_untracked() {
                    scroll_to(&core, top + by);
                }
            });
            held.set_value(Some((key, now)));
        }
        count
    });
}

/// A row that is moved or taken out of the document loses the focus that was in it: it is given
/// back, or the grid takes it.
fn keep_focus<K: RowKey, R: RowData>(
    core: &Shared<K, R>,
) -> impl Fn(&Core<K, R>, &FocusEvent) + use<K, R> {
    let last = StoredValue::new_local(None::<HtmlElement>);
    let watched = core.clone();
    Effect::new(move |old: Option<()>| {
        watched.mounted.track();
        if old.is_none() || last.with_value(Option::is_none) {
            return;
        }
        let core = watched.clone();
        dom::after_render(move || {
            let Some(Some(element)) = last.try_get_value() else {
                return;
            };
            if dom::focused().is_some() {
                return;
            }
            if element.is_connected() {
                let _ = element.focus();
            } else {
                core.focus();
            }
        });
    });
    {
        // A press elsewhere, or another window: what is remembered is old.
        let core = core.clone();
        dom::listen(
            document().as_ref(),
            "focusin",
            false,
            move |event: FocusEvent| {
                let target = event
                    .target()
                    .and_then(|target| target.dyn_into::<web_sys::Node>().ok());
                let inside = core
                    .grid
                    .try_get_untracked()
                    .flatten()
                    .is_some_and(|grid| grid.contains(target.as_ref()));
                if !inside {
                    let _ = last.try_set_value(None);
                }
            },
        );
        dom::listen(
            document().as_ref(),
            "pointerdown",
            true,
            move |_: web_sys::PointerEvent| {
                let _ = last.try_set_value(None);
            },
        );
    }
    move |core, event| {
        let target = event
            .target()
            .and_then(|target| target.dyn_into::<HtmlElement>().ok());
        let grid: Option<HtmlElement> = core.grid.get_untracked().map(Into::into);
        // On first entry the first row is the active one.
        if target == grid
            && core.active.with_untracked(Option::is_none)
            && target
                .as_ref()
                .is_some_and(|grid| grid.matches(":focus-visible").unwrap_or_default())
        {
            core.activate(0);
        }
        last.set_value(target);
    }
}

/// The one menu of all rows. Its items follow the row's data while it is open.
#[component]
pub(super) fn RowMenuSurface<K: RowKey, R: RowData>(core: Shared<K, R>) -> impl IntoView {
    let Some(menu) = core.table.menu.clone() else {
        return ().into_any();
    };
    let lookup = core.table.rows.row.clone();
    let (menu_of, overlay) = (core.menu_of, core.overlay);
    let row = Memo::new(move |_| {
        menu_of.get().map(|key| {
            let row = lookup(&key);
            (key, row)
        })
    });
    let items = Signal::derive(move || {
        let row = row.get().and_then(|(key, row)| Some((key, row.get()?)));
        row.map_or_else(Vec::<MenuItem>::new, |(key, row)| menu(&key, &row))
    });
    let name = core.table.row_name.clone();
    let label = Signal::derive(move || {
        row.get()
            .and_then(|(_, row)| row.get())
            .map_or_else(String::new, |row| format!("Actions of {}", name(&row)))
    });
    // The row, and the button that the focus should go back to, may be gone by then.
    let closing = core.clone();
    Effect::new(move |was: Option<bool>| {
        let open = overlay.is_open();
        if was == Some(true) && !open {
            let core = closing.clone();
            dom::after_render(move || {
                if dom::focused().is_none() && core.grid.try_get_untracked().flatten().is_some() {
                    core.focus();
                }
            });
        }
        open
    });
    view! { <MenuSurface overlay=overlay label=label items=items/> }.into_any()
}
