//! What the controls in the rows of a table know of their row: Tab reaches those of the active row
//! alone, and some are there only while the row is looked at.

use leptos::prelude::*;

/// Whether Tab reaches the controls drawn below the owner that provides it.
#[derive(Clone, Copy)]
pub(super) struct TabStop(pub Memo<bool>);

/// The `tabindex` of a control that may be drawn long after its row; `None` outside of a row.
pub(super) fn tab_index() -> impl Fn() -> Option<&'static str> + Copy {
    let stop = use_context::<TabStop>();
    move || stop.map(|TabStop(on)| if on.get() { "0" } else { "-1" })
}

/// Whether the row of a table is looked at: under the pointer since it came into sight, or active.
#[derive(Clone, Copy)]
pub(super) struct LookedAt(pub Memo<bool>);

/// Whether the row that the caller is drawn in is looked at; outside of a row it always is. What
/// only shows then need not be drawn before.
pub fn looked_at() -> impl Fn() -> bool + Copy {
    let at = use_context::<LookedAt>();
    move || at.is_none_or(|LookedAt(at)| at.get())
}
