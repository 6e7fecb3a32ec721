//! The arrangement of a table's columns, kept on the device.

use crate::domain::table::TableLayout;
use crate::stores::prefs::Prefs;
use leptos::prelude::*;

/// The layout remembered under a name, which remembers what becomes of it.
#[must_use]
pub fn remembered(prefs: &Prefs, name: String) -> RwSignal<TableLayout> {
    let layout = RwSignal::new(untrack(|| prefs.named::<TableLayout>(&name)));
    let prefs = prefs.clone();
    // Writes out of an effect: the device is outside of this view.
    Effect::new(move |before: Option<TableLayout>| {
        let now = layout.get();
        if before.is_some_and(|before| before != now) {
            prefs.set_named(&name, &now);
        }
        now
    });
    layout
}
