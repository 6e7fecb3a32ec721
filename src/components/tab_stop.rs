//! Controls that Tab reaches only at times: those in the rows of a table, in the active row alone.

use leptos::prelude::*;

/// Whether Tab reaches the controls drawn below the owner that provides it.
#[derive(Clone, Copy)]
pub(super) struct TabStop(pub Memo<bool>);

/// The `tabindex` of a control that may be drawn long after its row; `None` outside of a row.
pub(super) fn tab_index() -> impl Fn() -> Option<&'static str> + Copy {
    let stop = use_context::<TabStop>();
    move || stop.map(|TabStop(on)| if on.get() { "0" } else { "-1" })
}
