//! The arrangement of the columns: the person's own, remembered; or that of the address, as a saved
//! view or a link brings it, which leaves the remembered one alone.

use super::query::ListQuery;
use crate::api::vms::Vm;
use crate::components::table::Column;
use crate::domain::table::TableLayout;
use crate::stores::prefs::Prefs;
use leptos::prelude::*;

/// Name of the remembered layout.
const LAYOUT: &str = "table.vms";

/// The layout, and what a view keeps of it.
#[derive(Clone, Copy)]
pub(super) struct Columns {
    pub layout: RwSignal<TableLayout>,
    designed: StoredValue<Vec<(&'static str, bool)>>,
}

impl Columns {
    /// For the page that is being built.
    pub fn new(prefs: &Prefs, query: ListQuery, columns: &[Column<Vm>]) -> Self {
        let designed: Vec<_> = columns
            .iter()
            .map(|column| (column.id, column.shown_by_design()))
            .collect();
        let asked = Memo::new(move |_| query.with(|state| state.columns.clone()));
        let remembered = {
            let prefs = prefs.clone();
            move || untrack(|| prefs.named::<TableLayout>(LAYOUT))
        };
        let arranged = {
            let (designed, remembered) = (designed.clone(), remembered.clone());
            move |asked: Option<Vec<String>>| match asked {
                Some(ids) => remembered().with_columns(&designed, &ids),
                None => remembered(),
            }
        };
        let layout = RwSignal::new(arranged(asked.get_untracked()));
        {
            // Writes out of an effect: the address came from elsewhere, the layout follows it.
            let arranged = arranged.clone();
            Effect::new(move |known: Option<()>| {
                let asked = asked.get();
                if known.is_some() {
                    layout.set(arranged(asked));
                }
            });
        }
        let prefs = prefs.clone();
        let design = designed.clone();
        // Writes out of an effect: the layout is kept beyond the page.
        Effect::new(move |known: Option<()>| {
            let now = layout.get();
            if known.is_none() {
                return;
            }
            let Some(asked) = asked.get_untracked() else {
                return prefs.set_named(LAYOUT, &now);
            };
            let shown = now.columns(&design);
            let before = TableLayout::default().with_columns(&design, &asked);
            if shown != before.columns(&design) {
                query.change(|state| state.columns = Some(shown));
            }
            let own = remembered();
            if own.widths != now.widths {
                let widths = now.widths;
                prefs.set_named(LAYOUT, &TableLayout { widths, ..own });
            }
        });
        Self {
            layout,
            designed: StoredValue::new(designed),
        }
    }

    /// The columns in order, where they are not as designed; tracked.
    pub fn changed(self) -> Option<Vec<String>> {
        self.designed.with_value(|designed| {
            let shown = self.layout.with(|layout| layout.columns(designed));
            (shown != TableLayout::default().columns(designed)).then_some(shown)
        })
    }
}
